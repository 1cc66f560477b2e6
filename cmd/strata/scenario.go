package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"strata/scenarios"
)

// notBuiltIn is the error for a name that no built-in scenario has.
func notBuiltIn(name string) error {
	return fmt.Errorf("there is no built-in scenario %q; `strata list` shows all", name)
}

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
