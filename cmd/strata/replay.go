package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"strata/capture"
	"strata/trace"
	"strata/tui"
)

func newReplay(a *app) *cobra.Command {
	var write writeFlags
	var screen screenFlags
	c := &cobra.Command{
		Use:   "replay FILE",
		Short: "Look at a capture (pcap or pcapng), or write it",
		Args:  takes(1, 1, "one capture file"),
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := screen.options()
			if err != nil {
				return err
			}
			w, err := write.check(a, o.Screen)
			if err != nil {
				return err
			}
			if len(w.list) == 0 && !isTerminal(a.stdout) {
				return errNoTerminal("replay "+args[0], "")
			}
			return a.replay(args[0], w, o)
		},
	}
	write.add(c)
	screen.add(c)
	return c
}

// openCapture opens a capture file, and says what to do where it cannot.
func openCapture(path string) (*capture.File, error) {
	if path == "-" {
		return nil, usagef("standard input cannot be read yet: save it to a file first")
	}
	f, err := capture.Open(path)
	var p *os.PathError
	switch ending := filepath.Ext(path); {
	case err == nil:
		return f, nil
	case errors.As(err, &p):
		return nil, fmt.Errorf("%s: %w", path, p.Err)
	case ending == ".gz" || ending == ".zst":
		return nil, fmt.Errorf("%s: compressed captures cannot be read yet: unpack it first", path)
	}
	return nil, err
}

// replay writes the capture, or shows it. What can be read of a damaged file
// is written or shown before its damage is reported.
func (a *app) replay(path string, w *writing, o tui.Options) error {
	var f *capture.File
	if len(w.list) > 0 {
		err := w.from(func() (t trace.Trace, err error) {
			f, err = openCapture(path)
			return f, err
		})
		if err != nil {
			return err
		}
		return f.Damage()
	}
	err := interruptible(func() (err error) {
		f, err = openCapture(path)
		return err
	}, nil)
	if err != nil {
		return err
	}
	if f.Frames() == 0 {
		return fmt.Errorf("%s: there is no frame in this capture", path)
	}
	o.Trace = f
	if err := a.open(house(), o); err != nil {
		return err
	}
	return f.Damage()
}
