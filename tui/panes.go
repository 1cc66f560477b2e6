package tui

import (
	"slices"

	"strata/tui/scene"
)

// The panes' names, as commands and layouts have them.
const (
	stackPane   = "stack"
	whyPane     = "why"
	journeyPane = "journey"
	bytesPane   = "bytes"
	fieldsPane  = "fields"
	tablesPane  = "tables"
	listPane    = "frames"
)

// panes are the rooms of the screen, in the order in which tab goes round
// them.
type panes []scene.Pane

func (p panes) named(name string) scene.Pane {
	if i := slices.IndexFunc(p, func(p scene.Pane) bool { return p.Name() == name }); i >= 0 {
		return p[i]
	}
	return nil
}

func (p panes) names() (out []string) {
	for _, p := range p {
		out = append(out, p.Name())
	}
	return out
}
