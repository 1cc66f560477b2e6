package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"strata/trace/export"
)

// output is one -o: standard output, or a file that appears when it is whole.
type output struct {
	path   string // "-": standard output
	format export.Format
	file   *os.File
	target string // where file goes when it is whole; "": file is written in place
}

// outputs are all the -o of a command. A file is written under another name
// beside its own and renamed at the end.
type outputs struct {
	list []*output
	mu   sync.Mutex // an interrupt may come at any time
	over bool       // nothing more may be created or put in place
}

// parseOutputs understands -o and --format before anything is created.
func parseOutputs(paths []string, format string, stdout *os.File) (*outputs, error) {
	o := &outputs{}
	seen := map[string]bool{}
	for _, path := range paths {
		if seen[path] {
			return nil, usagef("-o %s is given twice", path)
		}
		seen[path] = true
		out := &output{path: path}
		var err error
		if path == "-" {
			if format == "" {
				return nil, usagef("-o - needs --format: one of %s", formatList())
			}
			out.format, err = export.FormatNamed(format)
		} else {
			out.format, err = export.FormatOf(path)
		}
		if err != nil {
			return nil, usageError{err}
		}
		if path == "-" && out.format == export.PcapNG && isTerminal(stdout) {
			return nil, usagef("pcapng is not for a terminal: send standard output to a file or a pipe")
		}
		o.list = append(o.list, out)
	}
	if format != "" && !seen["-"] {
		return nil, usagef("--format goes with \"-o -\"; the ending of a file says its format")
	}
	return o, nil
}

// create makes the files, so that one that cannot be written is known before
// the long work and not after it.
func (o *outputs) create(stdout *os.File) error {
	for _, out := range o.list {
		if err := o.createOne(out, stdout); err != nil {
			o.discard()
			return cannotWrite(out, err)
		}
	}
	return nil
}

func (o *outputs) createOne(out *output, stdout *os.File) (err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over {
		return errReported // nobody waits for it any more
	}
	if out.path == "-" {
		out.file = stdout
		return nil
	}
	target := out.path
	if real, err := filepath.EvalSymlinks(target); err == nil {
		target = real
	}
	if at, err := os.Stat(target); err == nil && !at.Mode().IsRegular() {
		// A device or a pipe is not replaced; a directory fails here.
		out.file, err = os.OpenFile(target, os.O_WRONLY, 0)
		return err
	}
	name := fmt.Sprintf(".%s.%d.part", filepath.Base(target), os.Getpid())
	out.file, err = os.OpenFile(filepath.Join(filepath.Dir(target), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err == nil {
		out.target = target
	}
	return err
}

// write writes every output and puts the files in their places.
func (o *outputs) write(each func(io.Writer, *output) error) error {
	for _, out := range o.list {
		if err := each(out.file, out); err != nil {
			o.discard()
			return cannotWrite(out, err)
		}
	}
	defer o.discard() // if not all can be placed
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over {
		return errReported // nobody waits for it any more
	}
	for _, out := range o.list {
		if err := out.place(); err != nil {
			return cannotWrite(out, err)
		}
	}
	return nil
}

// cannotWrite names what was asked for, not the name that it is written under.
func cannotWrite(out *output, err error) error {
	name := out.path
	if name == "-" {
		name = "standard output"
	}
	var p *os.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s cannot be written: %w", name, p.Err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

func (out *output) place() error {
	if out.path == "-" {
		return nil
	}
	err := out.file.Close()
	if out.target == "" || err != nil {
		return err
	}
	if err := os.Rename(out.file.Name(), out.target); err != nil {
		return err
	}
	out.target = ""
	return nil
}

// discard removes what is not whole.
func (o *outputs) discard() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.over = true
	for _, out := range o.list {
		if out.target != "" {
			os.Remove(out.file.Name())
			out.target = ""
		}
	}
}
