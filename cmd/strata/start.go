package main

import (
	"sync"

	"github.com/spf13/cobra"

	"strata/scenarios"
	"strata/tui"
)

// start gives the root command its work: the start screen.
func start(a *app, root *cobra.Command) {
	var flags screenFlags
	flags.add(root)
	root.RunE = func(*cobra.Command, []string) error {
		o, err := flags.options()
		if err != nil {
			return err
		}
		if !isTerminal(a.stdout) {
			return errNoTerminal("run SCENARIO", "; `strata list` shows the scenarios")
		}
		return a.open(a.stdin, a.house(), o)
	}
}

// house is what the screen may ask of this program.
func (a *app) house() tui.House {
	return tui.House{
		Lessons: sync.OnceValue(lessons), Files: filesHere, Open: a.openAny, Save: save, Recall: recall, Remember: remember,
		Offers: offers, Change: typedChange, Rerun: rerun, Keep: keep, Template: template, Folder: folder,
	}
}

func lessons() []tui.Lesson {
	var out []tui.Lesson
	for _, e := range scenarios.List() {
		if !e.Hidden {
			out = append(out, tui.Lesson{Group: e.Group, Number: len(out) + 1, Name: e.Name, Teaches: e.Teaches})
		}
	}
	return out
}
