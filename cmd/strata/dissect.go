package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"strata/layers/filter"
	"strata/trace"
)

func newDissect(a *app) *cobra.Command {
	var alone bool
	var passing filterFlag
	c := &cobra.Command{
		Use:   "dissect FILE|-",
		Short: "Print every frame of a capture, taken apart, as JSON Lines",
		Args:  takes(1, 1, "one capture file, or -"),
		RunE: func(_ *cobra.Command, args []string) error {
			by, err := passing.parse()
			if err != nil {
				return err
			}
			return interruptible(func() error { return a.dissect(args[0], alone, by) }, nil)
		},
	}
	c.Flags().BoolVar(&alone, "no-reassembly", false, "each frame alone")
	passing.add(c)
	return c
}

func (a *app) dissect(path string, alone bool, by *filter.Filter) error {
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
