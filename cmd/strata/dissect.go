package main

import (
	"bufio"
	"os"

	"github.com/spf13/cobra"

	"strata/capture"
	"strata/layers/filter"
	"strata/trace"
)

func newDissect(a *app) *cobra.Command {
	var alone bool
	var passing filterFlag
	var keys keylogFlag
	c := &cobra.Command{
		Use:   "dissect FILE|-",
		Short: "Print every frame of a capture, taken apart, as JSON Lines",
		Args:  takes(1, 1, "one capture file, or -"),
		RunE: func(_ *cobra.Command, args []string) error {
			by, err := passing.parse()
			if err != nil {
				return err
			}
			if err := keys.load(a); err != nil {
				return err
			}
			return interruptible(func() error { return a.dissect(args[0], alone, by) }, nil)
		},
	}
	c.Flags().BoolVar(&alone, "no-reassembly", false, "each frame alone")
	passing.add(c)
	keys.add(c)
	return c
}

// few is how many frames are worth picking out one by one.
const few = 4096

// dissectFew prints the frames that pass a filter which their headers decide,
// if they are few: these are found without an index.
func (a *app) dissectFew(path string, alone bool, by *filter.Filter) (done bool, err error) {
	s, err := a.openSource(path)
	if err != nil {
		return false, err
	}
	p := a.progress("filtering")
	unsure := false
	frames, damage := capture.Passing(s, capture.ByHeaders(by, &unsure), p.at)
	p.done()
	s.Close()
	if unsure || len(frames) > few {
		return false, nil
	}
	f, err := a.openCapture(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	out := bufio.NewWriterSize(a.stdout, 1<<16)
	if err := f.WriteFrames(out, frames, alone); err != nil {
		return false, err
	}
	if err := out.Flush(); err != nil {
		return false, err
	}
	return true, damage
}

// readsTwice says whether a file can be opened again: a named pipe cannot.
func readsTwice(path string) bool {
	at, err := os.Stat(path)
	return err == nil && at.Mode().IsRegular()
}

func (a *app) dissect(path string, alone bool, by *filter.Filter) error {
	if by != nil && !by.NeedsStream() && readsTwice(path) {
		if done, err := a.dissectFew(path, alone, by); done || err != nil {
			return err
		}
	}
	f, err := a.openCapture(path)
	if err != nil {
		return err
	}
	defer f.Close()
	p := a.progress("dissecting")
	defer p.done()
	out := bufio.NewWriterSize(a.stdout, 1<<16)
	err = f.WriteJSON(out, alone, by, func(at trace.Progress) { p.at(at.Done, at.Total) })
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return err
	}
	return f.Progress().Damage
}
