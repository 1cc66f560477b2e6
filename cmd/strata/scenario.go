package main

import (
	"strings"

	"github.com/spf13/cobra"

	"strata/scenarios"
)

// completeScenario completes a built-in scenario's name, or a file.
func completeScenario(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, e := range scenarios.List() {
		if strings.HasPrefix(e.Name, begun) {
			names = append(names, e.Name+"\t"+e.Title)
		}
	}
	return names, cobra.ShellCompDirectiveDefault
}
