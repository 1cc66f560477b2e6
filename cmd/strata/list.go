package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"strata/scenarios"
)

func newList(a *app) *cobra.Command {
	var format string
	var all bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the built-in scenarios",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			var entries []scenarios.Entry
			for _, e := range scenarios.List() {
				if all || !e.Hidden {
					entries = append(entries, e)
				}
			}
			switch format {
			case "jsonl":
				return listJSON(a, entries)
			case "table":
				return listTable(a, entries)
			}
			return usagef("unknown format %q: use table or jsonl", format)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table or jsonl")
	c.Flags().BoolVar(&all, "all", false, "hidden scenarios too")
	return c
}

func listJSON(a *app, entries []scenarios.Entry) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	for _, e := range entries {
		if err := enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

func listTable(a *app, entries []scenarios.Entry) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "NAME\tTITLE\tDELIVERS\tBAD FRAMES\n")
	for _, e := range entries {
		delivers := "yes"
		if !e.Delivers {
			delivers = "no"
		}
		bad := strings.Trim(fmt.Sprint(e.BadFrames), "[]")
		if bad == "" {
			bad = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Name, e.Title, delivers, bad)
	}
	return w.Flush()
}
