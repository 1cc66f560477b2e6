package main

import (
	"github.com/spf13/cobra"

	"strata/layers/filter"
	"strata/trace"
)

// filterFlag is -Y: which frames.
type filterFlag struct{ text string }

func (f *filterFlag) add(c *cobra.Command) {
	c.Flags().StringVarP(&f.text, "display-filter", "Y", "", "only frames that pass this `FILTER`, in Wireshark's syntax")
}

// parse gives the filter; nil: there is none.
func (f *filterFlag) parse() (*filter.Filter, error) {
	if f.text == "" {
		return nil, nil
	}
	by, err := filter.Parse(f.text)
	if err != nil {
		return nil, usagef("-Y: %v", err)
	}
	return by, nil
}

// slice is how many frames are looked at before progress is told.
const slice = 4096

// selection is which frames of a trace pass a filter.
func selection(t trace.Trace, by *filter.Filter, p *progress) func(frame int) bool {
	if by == nil {
		return nil
	}
	n := t.Frames()
	passes := make([]bool, n)
	var found []int
	for from := 0; from < n; from += slice {
		found = t.Select(found[:0], by, from, min(n, from+slice))
		for _, i := range found {
			passes[i] = true
		}
		p.at(int64(from), int64(n))
	}
	return func(frame int) bool { return passes[frame] }
}
