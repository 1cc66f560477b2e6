package tui

import "strata/layers/filter"

// offer is something that could stand at a place of a filter: it takes the
// place of the bytes from from up to to.
type offer struct {
	text, help string
	from, to   int
}

// completions lists what could stand at a place of a filter's text. Nothing
// is listed before something is typed: it would be everything.
func completions(text string, at int) []offer {
	if at == 0 {
		return nil
	}
	from, list := filter.Complete(text, at)
	var out []offer
	for _, s := range list {
		if from == at-len(s.Text) && text[from:at] == s.Text {
			continue // it stands there
		}
		help := s.Label
		if s.Help != "" {
			help += ": " + s.Help
		}
		out = append(out, offer{s.Text, help, from, at})
	}
	return out
}
