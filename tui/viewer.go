package tui

import (
	"fmt"

	"strata/layers"
	"strata/trace"
)

// viewer is the screen of one trace: a cursor, and panes that draw what is
// there.
type viewer struct {
	t        trace.Trace
	cursor   cursor
	glances  *glances
	overview overview
	stack    stack
	why      why
	journey  journey
	inspect  inspect
	state    state
	model    layers.Model

	focus   paneID
	zoomed  bool
	playing bool
	round   int     // of playing: ticks of an earlier one are late
	pace    int     // index into paces
	slide   float64 // how far the frame has slid over the diagram, 0 to 1
	sliding bool    // ticks are on their way
	layout  layout
	held    spot // where the terminal's cursor goes
}

// spot is a cell that may be there.
type spot struct {
	x, y int
	ok   bool
}

// paces are the steps per second of the player.
var paces = [...]float64{0.25, 0.5, 1, 2, 4, 8, 16, 32}

const usualPace = 2

func newViewer(t trace.Trace, model layers.Model) *viewer {
	v := &viewer{t: t, glances: new(glances), model: model, pace: usualPace, slide: 1, overview: newOverview(t)}
	v.cursor.t = t
	v.stack.glances = v.glances
	v.journey = journey{glances: v.glances, lanes: newLanes(t.Info()), unit: hopTime(t.Info()), fine: quick(t.Info())}
	v.cursor.first()
	return v
}

func (v *viewer) speed() float64 { return paces[v.pace] }

// move goes by layer steps, and begins to slide the frame when it is put on
// the wire.
func (v *viewer) move(by int) bool {
	ok := v.cursor.move(by)
	v.why.first = 0
	if ok && by > 0 && v.t.Event(v.cursor.event).Kind == trace.Transmit {
		v.slide = 0
	}
	return ok
}

// draw draws everything, in the panes' places.
func (v *viewer) draw(c *canvas, r rect) {
	v.held = spot{}
	if v.t.Events() == 0 {
		c.text(r, 0, 0, "strata", accent)
		c.text(r, 2, 2, "Nothing happened in this run: it has no events.", plain)
		return
	}
	v.stack.model, v.why.model = v.model, v.model
	v.stack.follow(v.t, v.cursor.event)
	v.inspect.follow(v.t, v.cursor.event)
	l := newLayout(r.w, r.h, v.stack.height(), v.focus, v.zoomed)
	v.layout = l
	v.drawHeader(c, l.header)
	v.overview.draw(c, l.overview, &v.cursor)
	if !l.diagram.empty() {
		v.drawDiagram(c, l.diagram)
	}
	for id := paneID(0); id < paneCount; id++ {
		if p := l.pane[id]; !p.empty() {
			v.title(c, p, id)
			v.pane(c, p.below(1), id)
		}
	}
}

func (v *viewer) pane(c *canvas, r rect, id paneID) {
	switch id {
	case stackPane:
		if v.layout.wide && !v.zoomed {
			v.stack.drawWide(c, r, &v.cursor)
		} else {
			v.stack.draw(c, r, &v.cursor)
		}
		v.hold(id, v.heldRow(v.stack.rowAt, v.cursor.event))
	case journeyPane:
		v.journey.draw(c, r, &v.cursor)
		v.hold(id, v.heldRow(v.journey.rowAt, v.t.Frame(v.cursor.frame).Transmit))
	case whyPane:
		v.why.draw(c, r, &v.cursor)
		v.hold(id, spot{r.x + tagColumn, r.y, r.h > 0})
	case bytesPane:
		x, y, ok := v.inspect.drawBytes(c, r, v.model)
		v.hold(id, spot{x, y, ok})
	case fieldsPane:
		x, y, ok := v.inspect.drawFields(c, r)
		v.hold(id, spot{x, y, ok})
	case statePane:
		v.state.draw(c, r, &v.cursor)
		v.hold(id, spot{r.x + tagColumn, r.y, r.h > 0})
	}
}

func (v *viewer) hold(id paneID, p spot) {
	if id == v.focus {
		v.held = p
	}
}

func (v *viewer) heldRow(rows []hit, e trace.EventID) spot {
	for _, h := range rows {
		if h.event == e {
			return spot{h.area.x + tagColumn, h.area.y, true}
		}
	}
	return spot{}
}

// title draws a pane's first line; the one with the focus is bright.
func (v *viewer) title(c *canvas, r rect, id paneID) {
	text, l := paneNames[id], quiet
	e := v.t.Event(v.cursor.event)
	switch id {
	case stackPane:
		if v.layout.wide && !v.zoomed {
			text = "stack: sender, hop, receiver"
		}
	case whyPane:
		text = v.why.title(v.t, e)
	case statePane:
		text = "state: " + v.t.Info().Nodes[e.Node].Name + "'s tables after this step"
	case bytesPane:
		text = fmt.Sprintf("bytes: %s, %d B", v.inspect.name, v.inspect.total)
	}
	if id == v.focus {
		l = accent
	}
	c.line(r, 0, 0, r.w, '─', rule)
	x := c.textTo(r, 3, 0, r.w-1, text, l)
	c.text(r, 2, 0, " ", plain)
	if x < r.w {
		c.text(r, x, 0, " ", plain)
	}
}

// nextFocus goes round the panes; on a small screen, too, since the pane in
// focus is always shown.
func (v *viewer) nextFocus(by int) {
	v.focus = paneID((int(v.focus) + by + int(paneCount)) % int(paneCount))
}
