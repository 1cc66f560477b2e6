package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// newRoot makes the command line; every command has a file of its own.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "strata",
		Short: "A message's journey through a network, layer by layer",
		Long: "Strata shows what happens to a message at every layer of a network, step by\n" +
			"step, forwards and backwards, in a simulation or in a capture.\n\n" +
			"Without a command it opens the start screen.",
		SilenceErrors:     true, // app.finish says them
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},

		SuggestionsMinimumDistance: 2,
	}
	root.Args = func(_ *cobra.Command, args []string) error { return noCommand(root, args) }
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return flagMistake(err, c.CommandPath())
	})
	root.SetHelpCommand(newHelp(root))
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	start(a, root)
	root.AddCommand(
		newRun(a), newReplay(a), newCompare(a), newDissect(a), newFlows(a), newFollow(a), newList(a), newShow(a), newCheck(a),
		newTest(a), newSchema(a), newKeys(a), newCompletion(a), newVersion(a),
	)
	return root
}

// newHelp is the library's help, but for words that are no command.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print a command's help",
		RunE: func(_ *cobra.Command, args []string) error {
			c, _, err := root.Find(args)
			if err != nil || c == root && len(args) > 0 {
				return noCommand(root, args)
			}
			return c.Help()
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range root.Commands() {
				names = append(names, c.Name()+"\t"+c.Short)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// noCommand says which command was probably meant.
func noCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	meant := ""
	if s := root.SuggestionsFor(args[0]); len(s) > 0 {
		meant = fmt.Sprintf("did you mean %s? ", strings.Join(s, " or "))
	}
	return usagef("there is no command %q: %ssee strata --help", args[0], meant)
}

// takes makes wrong arguments a usage error; what says what is wanted.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usagef("%s takes %s, not %d arguments; see %[1]s --help", c.CommandPath(), what, len(args))
		}
		return nil
	}
}

const many = 1 << 20 // arguments
