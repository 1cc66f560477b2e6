package tui

import (
	"fmt"

	"github.com/charmbracelet/colorprofile"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
)

// Screen says how a screen looks, on a terminal or in an SVG.
type Screen struct {
	ASCII bool
	Plain bool // no colour
	Theme draw.Theme
	Model layers.Model
}

// RenderSVG draws the screen of w by h cells with the cursor at an event, as
// a terminal would show it: of a capture the list, where the event is that a
// frame was seen, else the frame's layers. It fails when the event or the size is out of
// range: events count from 1, sizes go from 40×12 to 500×200.
func RenderSVG(t trace.Trace, event trace.EventID, w, h int, s Screen) ([]byte, error) {
	switch {
	case event < 1 || int(event) > t.Events():
		return nil, fmt.Errorf("there is no step %d: the run has steps 1 to %d", event, t.Events())
	case w < minWidth || h < minHeight || w > 500 || h > 200:
		return nil, fmt.Errorf("the size %dx%d is out of range: use 40x12 to 500x200", w, h)
	}
	m := newModel(House{}, Options{Screen: s})
	m.resize(w, h)
	m.show(t)
	m.viewer.showList(t.Info().Captured && t.Event(event).Kind == trace.Transmit)
	m.viewer.At.GoTo(event)
	for m.viewer.overview.Work(t, 1<<16) {
	}
	m.draw()
	return m.canvas.SVG(s.Theme, s.Plain), nil
}

// noColours is the profile of a screen without colour.
func (s Screen) profile(can colorprofile.Profile) colorprofile.Profile {
	if s.Plain {
		return colorprofile.ASCII
	}
	return can
}
