package main

import (
	"github.com/spf13/cobra"

	"strata/scenarios"
)

func newCheck(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE...",
		Short: "Validate scenario files",
		Args:  takes(1, many, "scenario files"),
		RunE: func(_ *cobra.Command, args []string) error {
			out := lines{w: a.stdout}
			var failed error
			for _, path := range args {
				if _, err := scenarios.Open(path); err != nil {
					a.finish(err)
					failed = errReported
					continue
				}
				out.printf("%s: good\n", plain(path))
			}
			if out.err != nil {
				return out.err
			}
			return failed
		},
	}
}
