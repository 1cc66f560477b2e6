package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"strata/tui/keys"
)

func newKeys(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "keys",
		Short: "Print the key bindings",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			for _, k := range keys.List() {
				fmt.Fprintf(w, "%s\t%s\n", k.Keys, k.Does)
			}
			return w.Flush()
		},
	}
}
