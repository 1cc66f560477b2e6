//go:build !race

package capture

const slower = 1
