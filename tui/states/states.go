// Package states is the pane of a TCP connection's states: RFC 9293's diagram
// for each end, with the way that the end has taken, and the same as a list.
// It follows the cursor's connection.
//
//	states.go   the pane: what has room, keys and clicks
//	diagram.go  the diagram of one end
//	list.go     the steps of both ends, in the order of time
//
// In a run a host's own table tells. In a capture the states follow from the
// segments seen; where several are possible each is marked with '?', and
// where nothing is known the pane says so.
package states

import (
	"fmt"

	"strata/trace/connection"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane draws the states.
type Pane struct {
	steps  list
	single int // the end whose diagram is shown where one has room
	both   bool
	hits   []hit
}

// hit is where a step was drawn.
type hit struct {
	area draw.Rect
	step int // in the list
}

// Name is the pane's word.
func (p *Pane) Name() string { return "states" }

// Update reads on what the connection did.
func (p *Pane) Update(s *scene.Scene) { s.Start(s.ReadConnection()) }

// Draw draws a diagram for each end, as far as there is room, and the list.
func (p *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	conn, done := s.Connection()
	defer done()
	p.hits = p.hits[:0]
	if conn == nil {
		_, r = scene.Title(c, r, "states", focus)
		c.Text(r, scene.Margin, 0, "no TCP connection here: go to a frame of one", draw.Quiet)
		return draw.Spot{}
	}
	_, r = scene.Title(c, r, "states: "+conn.Name(0)+" ⇄ "+conn.Name(1), focus)
	p.steps.gather(conn, s.After())
	if !conn.Ready() {
		c.Text(r, scene.Margin, 0, fmt.Sprintf("reading the connection: %.0f %%", 100*conn.Done()), draw.Accent)
		r = r.Below(1)
	}
	r = p.diagrams(c, r, conn, s)
	if conn.Captured() && r.H > 3 {
		c.Text(r, scene.Margin, 0, "inferred from the segments seen: a capture does not see into hosts", draw.Quiet)
		r = r.Below(1)
	}
	return p.steps.draw(c, r, conn, s, focus, &p.hits)
}

// fewSteps is how many lines of the list stay beneath a diagram.
const fewSteps = 2

// diagrams draws what has room of the two diagrams, and gives what is left.
func (p *Pane) diagrams(c *draw.Canvas, r draw.Rect, conn *connection.Connection, s *scene.Scene) draw.Rect {
	h := diagramHeight + 1
	p.both = r.W >= 2*diagramWidth+4
	if r.H < h+fewSteps || r.W < diagramWidth+scene.Margin {
		for side := range 2 {
			if r.H > 3 {
				c.Text(r, scene.Margin, 0, p.now(conn, s, side), draw.Plain)
				r = r.Below(1)
			}
		}
		return r
	}
	for side := range 2 {
		at := r.Top(h)
		switch {
		case p.both && side == 1:
			at = at.Inset(r.W / 2)
		case p.both:
			at.W = r.W/2 - 1
		case side != p.single:
			continue
		}
		x := c.Text(at, scene.Margin, 0, p.now(conn, s, side), draw.Plain)
		if !p.both {
			c.Text(at, x+2, 0, "(d: the other end)", draw.Quiet)
		}
		newDiagram(conn, s, side).draw(c, at.Below(1), &p.steps, &p.hits)
	}
	return r.Below(h)
}

// now says which state an end is in.
func (p *Pane) now(conn *connection.Connection, s *scene.Scene, side int) string {
	taken, now := conn.At(side, s.After())
	steps, _ := conn.Path(side)
	text := ends[side] + "  " + conn.Name(side) + ": " + now.String()
	if taken > 0 && taken <= len(steps) {
		text += " since " + s.Moment(steps[taken-1].Time)
	}
	return text
}

// Do goes along the steps, and to the event of the chosen one.
func (p *Pane) Do(a keys.Action, s *scene.Scene) bool {
	conn, done := s.Connection()
	defer done()
	_, dy := keys.Steps(a, max(p.steps.page-1, 1))
	switch {
	case conn == nil:
		return false
	case a == keys.OtherSide:
		p.single = 1 - p.single
	case a == keys.Enter:
		return p.steps.open(conn, s)
	case dy != 0:
		p.steps.gather(conn, s.After())
		return p.steps.move(dy)
	default:
		return false
	}
	return true
}

// Click goes to the event of a step, in the list or in a diagram.
func (p *Pane) Click(x, y int, s *scene.Scene) bool {
	conn, done := s.Connection()
	defer done()
	for _, h := range p.hits {
		if h.area.Has(x, y) && conn != nil {
			p.steps.at, p.steps.chosen = h.step, true
			return p.steps.open(conn, s)
		}
	}
	return false
}

// Wheel goes along the steps.
func (p *Pane) Wheel(by int, _ *scene.Scene) bool { return p.steps.move(by) }
