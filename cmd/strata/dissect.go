package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"strata/capture"
)

func newDissect(a *app) *cobra.Command {
	var alone bool
	c := &cobra.Command{
		Use:   "dissect FILE",
		Short: "Print every frame of a capture, taken apart, as JSON Lines",
		Args:  takes(1, 1, "one capture file"),
		RunE: func(_ *cobra.Command, args []string) error {
			return interruptible(func() error { return dissect(a, args[0], alone) }, nil)
		},
	}
	c.Flags().BoolVar(&alone, "no-reassembly", false, "each frame alone")
	return c
}

func dissect(a *app, path string, alone bool) error {
	f, err := capture.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(a.stdout, 1<<16)
	if err := f.WriteJSON(w, alone); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Damage()
}
