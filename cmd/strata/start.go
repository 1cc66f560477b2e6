package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"strata/scenarios"
	"strata/trace"
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
	return tui.House{Lessons: sync.OnceValue(lessons), Files: filesHere, Open: a.openAny, Save: save}
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

var (
	scenarioEndings = []string{".yaml", ".yml"}
	captureEndings  = []string{".pcap", ".pcapng", ".cap", ".gz", ".zst"}
)

// filesHere lists the scenarios and captures in the current folder.
func filesHere() []tui.File {
	entries, err := os.ReadDir(".")
	if err != nil {
		return nil // the start screen shows the course alone
	}
	var out []tui.File
	for _, e := range entries {
		f := tui.File{Path: e.Name()}
		switch ending := strings.ToLower(filepath.Ext(e.Name())); {
		case slices.Contains(scenarioEndings, ending):
			f.What = "scenario"
		case slices.Contains(captureEndings, ending):
			f.What = "capture"
		}
		at, err := e.Info()
		if f.What == "" || err != nil || !at.Mode().IsRegular() {
			continue
		}
		f.Size = at.Size()
		out = append(out, f)
	}
	return out
}

// openAny opens what the start screen lists.
func (a *app) openAny(name string) (trace.Trace, error) {
	if slices.Contains(captureEndings, strings.ToLower(filepath.Ext(name))) {
		return a.openCapture(name)
	}
	return runFlags{}.record(name)
}
