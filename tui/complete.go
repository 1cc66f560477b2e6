package tui

import (
	"strings"

	"strata/layers"
)

// offer is something that could stand at a place of a filter: it takes the
// place of the bytes from from up to to.
type offer struct {
	text, help string
	from, to   int
}

const maxOffers = 200

// completions lists what could stand at a place of a filter's text.
func completions(text string, at int) (out []offer) {
	from := at
	for from > 0 && (text[from-1] == '.' || text[from-1] == '_' || text[from-1] >= 'a' && text[from-1] <= 'z' || text[from-1] >= '0' && text[from-1] <= '9') {
		from--
	}
	word := text[from:at]
	if word == "" {
		return nil
	}
	for _, p := range layers.Protos() {
		for _, f := range layers.Fields(p) {
			if strings.HasPrefix(f.Name, word) && f.Name != word && len(out) < maxOffers {
				out = append(out, offer{f.Name, f.Label, from, at})
			}
		}
	}
	return out
}
