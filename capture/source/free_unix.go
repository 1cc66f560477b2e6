//go:build linux || darwin

package source

import "syscall"

// freeBytes is the room for ordinary users on the file system of a folder.
func freeBytes(folder string) (uint64, bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(folder, &s) != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
