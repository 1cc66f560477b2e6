package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"strata/scenarios"
	"strata/sim"
)

func newTest(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "test PATH...",
		Short: "Run scenarios and check what they expect",
		Long: "Runs scenarios and checks what they expect. A PATH is a file, a folder with\n" +
			".yaml files in it, or a built-in scenario's name.",
		Args:              takes(1, many, "scenario files, folders or names"),
		ValidArgsFunction: completeScenario,
		RunE: func(_ *cobra.Command, args []string) error {
			return interruptible(func() error { return test(a, args) }, nil)
		},
	}
}

func test(a *app, args []string) error {
	paths, err := scenarioPaths(args)
	if err != nil {
		return err
	}
	out := lines{w: a.stdout}
	passed, failed := 0, 0
	p := a.progress("testing")
	for i, path := range paths {
		p.at(int64(i), int64(len(paths)))
		failures, err := testOne(path)
		p.done()
		if err != nil {
			a.finish(err)
		}
		for _, f := range failures {
			out.printf("%s\n", plain(f))
		}
		if err != nil || len(failures) > 0 {
			failed++
			out.printf("FAIL %s\n", plain(path))
			continue
		}
		passed++
		out.printf("ok   %s\n", plain(path))
	}
	out.printf("%d passed, %d failed\n", passed, failed)
	if out.err == nil && failed > 0 {
		return errReported
	}
	return out.err
}

// testOne runs a scenario and gives what it expects in vain, a line each.
func testOne(path string) ([]string, error) {
	s, err := scenarios.Open(path)
	if err != nil {
		return nil, err
	}
	n, err := sim.New(s.Config(), true)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	res, err := n.Run(context.Background())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var failures []string
	for _, f := range s.Verify(n.Trace(), res.Stats) {
		failures = append(failures, fmt.Sprint(f))
	}
	return failures, nil
}

// scenarioPaths replaces folders by the scenario files in them, in order of
// their names.
func scenarioPaths(args []string) ([]string, error) {
	var out []string
	for _, arg := range args {
		at, err := os.Stat(arg)
		if err != nil || !at.IsDir() {
			out = append(out, arg) // a file, or a name; scenarios.Open knows
			continue
		}
		found := len(out)
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if ext := strings.ToLower(filepath.Ext(path)); err == nil && !d.IsDir() && (ext == ".yaml" || ext == ".yml") {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(out) == found {
			return nil, fmt.Errorf("%s: there is no .yaml file in this folder", arg)
		}
	}
	return out, nil
}
