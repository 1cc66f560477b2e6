//go:build race

package capture

// slower is how much longer the race detector makes all that is measured.
const slower = 10
