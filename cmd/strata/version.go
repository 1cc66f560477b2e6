package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print what this program was built from",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			out := lines{w: a.stdout}
			out.printf("strata %s\n", version())
			return out.err
		},
	}
}

// version is the module's version and the commit, as the build recorded them.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown) " + runtime.Version()
	}
	text := b.Main.Version
	said := map[string]string{}
	for _, s := range b.Settings {
		said[s.Key] = s.Value
	}
	if commit := said["vcs.revision"]; commit != "" {
		text += " commit " + commit + " of " + said["vcs.time"]
		if said["vcs.modified"] == "true" {
			text += ", changed"
		}
	}
	return text + " " + b.GoVersion
}
