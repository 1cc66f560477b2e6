package main

import (
	"io"
	"io/fs"
	"os"
)

// save writes a file whole or not at all, as the screen asks for.
func save(name string, replace bool, write func(io.Writer) error) error {
	if _, err := os.Lstat(name); err == nil && !replace {
		return &fs.PathError{Op: "save", Path: name, Err: fs.ErrExist}
	}
	o := &outputs{list: []*output{{path: name}}}
	if err := o.create(nil); err != nil {
		return err
	}
	return o.write(func(w io.Writer, _ *output) error { return write(w) })
}
