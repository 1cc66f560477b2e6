package main

import (
	"github.com/spf13/cobra"
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
	f, err := openCapture(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.WriteJSON(a.stdout, alone); err != nil {
		return err
	}
	return f.Damage()
}
