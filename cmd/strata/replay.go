package main

import (
	"fmt"

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

// replay writes the capture, or shows it. What can be read of a damaged file
// is written or shown before its damage is reported.
func (a *app) replay(path string, w *writing, o tui.Options) error {
	var f *capture.File
	open := func() (trace.Trace, error) {
		var err error
		f, err = capture.Open(path)
		return f, err
	}
	if len(w.list) > 0 {
		if err := w.from(open); err != nil {
			return err
		}
		return f.Damage()
	}
	err := interruptible(func() error {
		t, err := open()
		o.Trace = t
		return err
	}, nil)
	if err != nil {
		return err
	}
	if f.Frames() == 0 {
		return fmt.Errorf("%s: there is no frame in this capture", path)
	}
	if err := a.open(tui.House{Lessons: lessons(), Files: filesHere, Open: openAny}, o); err != nil {
		return err
	}
	return f.Damage()
}
