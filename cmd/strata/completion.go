package main

import (
	"strings"

	"github.com/spf13/cobra"
)

var shells = map[string]func(root *cobra.Command, a *app) error{
	"bash":       func(root *cobra.Command, a *app) error { return root.GenBashCompletionV2(a.stdout, true) },
	"fish":       func(root *cobra.Command, a *app) error { return root.GenFishCompletion(a.stdout, true) },
	"powershell": func(root *cobra.Command, a *app) error { return root.GenPowerShellCompletionWithDesc(a.stdout) },
	"zsh":        func(root *cobra.Command, a *app) error { return root.GenZshCompletion(a.stdout) },
}

func newCompletion(a *app) *cobra.Command {
	names := []string{"bash", "fish", "powershell", "zsh"}
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "Print the completion script of a shell: " + strings.Join(names, ", "),
		Example:   "  source <(strata completion bash)",
		Args:      takes(1, 1, "the name of a shell"),
		ValidArgs: names,
		RunE: func(c *cobra.Command, args []string) error {
			script, ok := shells[args[0]]
			if !ok {
				return usagef("no completion for the shell %q: use one of %s", args[0], strings.Join(names, ", "))
			}
			return script(c.Root(), a)
		},
	}
}
