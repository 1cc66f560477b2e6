package main

import (
	"github.com/spf13/cobra"

	"strata/scenarios"
)

func newShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "show NAME",
		Short:             "Print a built-in scenario's file, to copy and change",
		Args:              takes(1, 1, "the name of a built-in scenario"),
		ValidArgsFunction: completeScenario,
		RunE: func(_ *cobra.Command, args []string) error {
			src, ok := scenarios.Source(args[0])
			if !ok {
				return scenarios.NotBuiltIn(args[0])
			}
			_, err := a.stdout.Write(src)
			return err
		},
	}
}
