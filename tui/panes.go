package tui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/layout"
	"strata/tui/scene"
)

// The panes' names, as commands and layouts have them.
const (
	stackPane    = "stack"
	whyPane      = "why"
	journeyPane  = "journey"
	bytesPane    = "bytes"
	fieldsPane   = "fields"
	tablesPane   = "tables"
	listPane     = "frames"
	talksPane    = "conversations"
	streamPane   = "stream"
	messagePane  = "messages"
	travelPane   = "travel"
	topologyPane = "topology"
	headerPane   = "header"
	buffersPane  = "reassembly"
	wirePane     = "wire"
	chartsPane   = "charts"
	statesPane   = "states"
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

// whole are the panes that have the screen to themselves when one goes there
// by their key.
var whole = []string{talksPane, streamPane, messagePane, travelPane}

func (p panes) names() (out []string) {
	for _, p := range p {
		out = append(out, p.Name())
	}
	return out
}

func (m *model) paneNames() []string { return m.viewer.panes.names() }

// toPane goes to a pane.
func (m *model) toPane(name string) (tea.Cmd, error) {
	if m.viewer.panes.named(name) == nil {
		return nil, fmt.Errorf("there is no pane %q", name)
	}
	m.viewer.setFocus(name)
	return m.work(m.viewer), nil
}

// choosePane goes to the pane of a number, counted from 0.
func (v *viewer) choosePane(i int) {
	if i < len(v.panes) {
		v.setFocus(v.panes[i].Name())
	}
}

// stop is where on the screen one was.
type stop struct {
	focus, under    string
	listing, zoomed bool
}

// maxTrail bounds how many stops are remembered.
const maxTrail = 32

// visit goes to a pane; back comes back from there.
func (v *viewer) visit(name string) {
	if v.panes.named(name) == nil {
		return
	}
	if v.focus != name {
		v.trail = append(v.trail[max(len(v.trail)-maxTrail+1, 0):], stop{v.focus, v.under, v.listing, v.Zoomed})
	}
	v.listing = name == listPane
	v.setFocus(name)
	v.Zoomed = slices.Contains(whole, name)
	v.slide = 1
}

// comeBack goes to where one was before the last visit; false: nowhere.
func (v *viewer) comeBack() bool {
	if len(v.trail) == 0 {
		return false
	}
	if p, ok := v.panes.named(v.focus).(scene.Stopper); ok {
		p.Stop()
	}
	was := v.trail[len(v.trail)-1]
	v.trail = v.trail[:len(v.trail)-1]
	v.focus, v.under, v.listing, v.Zoomed = was.focus, was.under, was.listing, was.zoomed
	return true
}

// stopSeeking stops what looks for something; false: nothing did.
func (v *viewer) stopSeeking() (was bool) {
	was = v.seek.end() || v.hunt.job.Running()
	v.hunt.job.Stop()
	for _, p := range v.panes {
		if p, ok := p.(scene.Seeker); ok {
			was = p.StopSeeking() || was
		}
	}
	return was
}

// changing is the layout that is shown, to be changed: from now on it keeps
// its shares.
func (v *viewer) changing() *layout.Node {
	name := v.preset(v.body).name()
	if v.changed[name] == nil {
		v.changed[name] = v.tree(v.body).Shares(v.body)
	}
	return v.changed[name]
}

// split divides the place of the pane in focus.
func (m *model) split(name string, across bool) error {
	v := m.viewer
	switch tree := v.changing(); {
	case v.panes.named(name) == nil:
		return fmt.Errorf("there is no pane %q", name)
	case tree.Has(name):
		return fmt.Errorf("%s has a place already: %s changes places with it", name, ":swap "+name)
	default:
		tree.Split(v.focus, across, name)
		v.Zoomed = false
		v.setFocus(name)
	}
	return nil
}

// swapWith lets the pane in focus change places with another one.
func (m *model) swapWith(name string) (tea.Cmd, error) {
	v := m.viewer
	if v.panes.named(name) == nil {
		return nil, fmt.Errorf("there is no pane %q", name)
	}
	v.changing().Put(v.focus, name)
	return nil, nil
}

// arrange carries out what changes the layout; false: the action does not.
func (v *viewer) arrange(a keys.Action) bool {
	switch a {
	case keys.ClosePane:
		tree := v.changing()
		tree.Close(v.focus)
		v.setFocus(tree.Panes()[0])
	case keys.SwapNext, keys.SwapPrev:
		tree := v.changing()
		all := tree.Panes()
		by := 1
		if a == keys.SwapPrev {
			by = len(all) - 1
		}
		tree.Put(v.focus, all[(slices.Index(all, v.focus)+by)%len(all)])
	case keys.Wider:
		v.changing().Grow(v.focus, true, 5)
	case keys.Narrower:
		v.changing().Grow(v.focus, true, -5)
	case keys.Taller:
		v.changing().Grow(v.focus, false, 5)
	case keys.Shorter:
		v.changing().Grow(v.focus, false, -5)
	case keys.UsualLayout:
		clear(v.changed)
	default:
		return false
	}
	v.Zoomed = false
	return true
}

// tree is how the panes share the screen: the one in focus is always there.
func (v *viewer) tree(body draw.Rect) *layout.Node {
	p := v.preset(body)
	tree := v.changed[p.name()]
	switch {
	case tree == nil:
		return p.tree()
	case tree.Has(v.focus):
		v.place = v.focus
		return tree
	}
	tree = tree.Shares(body)
	if !tree.Has(v.place) {
		v.place = tree.Panes()[0]
	}
	tree.Put(v.place, v.focus)
	return tree
}
