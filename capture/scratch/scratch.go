// Package scratch makes temporary files that have no name, so that nothing is
// left behind however the program ends:
//
//	what is unpacked, what a pipe says ──> capture/source ─┐
//	an index that is too large         ──> capture/pages  ─┴─> scratch.File
package scratch

import "os"

// File is a file that is gone when it is closed.
type File struct {
	*os.File
	name string // where the system keeps the names of open files; else ""
}

// New makes an empty file.
func New() (*File, error) {
	f, err := os.CreateTemp("", "strata-")
	if err != nil {
		return nil, err
	}
	if os.Remove(f.Name()) != nil {
		return &File{f, f.Name()}, nil
	}
	return &File{File: f}, nil
}

// Close closes the file, which is gone then.
func (f *File) Close() error {
	err := f.File.Close()
	if f.name != "" {
		os.Remove(f.name)
	}
	return err
}
