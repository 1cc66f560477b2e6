package tui

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
)

// viewer is the screen of one trace: a cursor, and panes that draw what is
// there.
type viewer struct {
	t        *steady
	cursor   cursor
	list     frameList
	marks    marks
	sieve    *sieve // the filter, if there is one
	sifting  *job
	settled  bool // the cursor has found its place among what passes
	hunt     hunt
	talks    talks
	stream   stream
	messages messages
	travel   travel
	glances  *glances
	overview overview
	stack    stack
	why      why
	journey  journey
	inspect  inspect
	state    state
	model    layers.Model

	page     page
	cameFrom page   // where esc goes back to from a frame
	listing  bool   // the list of frames is shown, not one frame
	under    paneID // had the focus last, of those beneath the list
	focus    paneID
	zoomed   bool
	counting bool // the overview's count is on its way
	ticking  bool
	playing  bool
	round    int     // of playing: ticks of an earlier one are late
	pace     int     // index into paces
	slide    float64 // how far the frame has slid over the diagram, 0 to 1
	sliding  bool    // ticks are on their way
	layout   layout
	held     spot // where the terminal's cursor goes
}

// spot is a cell that may be there.
type spot struct {
	x, y int
	ok   bool
}

// paces are the steps per second of the player.
var paces = [...]float64{0.25, 0.5, 1, 2, 4, 8, 16, 32}

const usualPace = 2

// page is which of the viewer's screens is shown.
type page uint8

const (
	framesPage   page = iota // the list of frames, or one of them
	talksPage                // the conversations
	streamPage               // what both sides of one said
	travelPage               // where a byte goes
	messagesPage             // what the programs handed over and got
)

func newViewer(whole trace.Trace, model layers.Model) *viewer {
	t := newSteady(whole)
	info := t.Info()
	v := &viewer{t: t, glances: new(glances), model: model, pace: usualPace, slide: 1, overview: newOverview(t), under: fieldsPane}
	v.cursor.t = t
	v.stack.glances = v.glances
	v.journey = journey{glances: v.glances, lanes: newLanes(info), unit: hopTime(info), fine: quick(info)}
	v.list = frameList{t: t, marks: &v.marks}
	if info.Captured {
		v.showList(true)
	}
	v.begin()
	return v
}

// begin puts the cursor on the first frame: in a run where it is made, in a
// capture where it was seen.
func (v *viewer) begin() {
	if v.t.Info().Captured {
		v.cursor.goToFrame(0)
		return
	}
	v.cursor.first()
}

// showList shows the list of frames, or the frame of the cursor.
func (v *viewer) showList(on bool) {
	v.listing, v.zoomed = on, false
	v.focus = stackPane
	if on {
		v.focus = listPane
	}
}

// shown is the frames that the list shows.
func (v *viewer) shown() shown { return shown{v.t, v.sieve} }

// where is where on the screens the viewer is.
func (v *viewer) where() screenPart {
	switch {
	case v.page == talksPage:
		return inTalks
	case v.page == streamPage:
		return inStream
	case v.page == messagesPage:
		return inMessages
	case v.page == travelPage:
		return inTravel
	case v.focus == bytesPane || v.focus == fieldsPane && len(v.inspect.buffers()) > 1:
		return inBytes
	case v.listing:
		return inList
	}
	return inPanes
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
	switch {
	case v.page == talksPage:
		v.drawTop(c, r)
		v.held = v.talks.draw(c, rect{r.x, r.y + 2, r.w, r.h - 3}, v.t)
		return
	case v.page == travelPage:
		v.drawTop(c, r)
		v.held = v.travel.draw(c, rect{r.x, r.y + 2, r.w, r.h - 3}, v)
		return
	case v.page == messagesPage:
		v.drawTop(c, r)
		v.held = v.messages.draw(c, rect{r.x, r.y + 2, r.w, r.h - 3}, v)
		return
	case v.page == streamPage:
		v.drawTop(c, r)
		v.held = v.stream.draw(c, rect{r.x, r.y + 2, r.w, r.h - 3})
		return
	case v.t.Events() == 0 && !v.t.Info().Captured:
		c.text(r, 0, 0, "strata", accent)
		c.text(r, 2, 2, "Nothing happened in this run: it has no events.", plain)
		return
	case v.t.Frames() == 0 && v.t.Info().Captured:
		v.layout = layout{overview: rect{0, 1, r.w, 1}}
		v.drawTop(c, r)
		v.list.draw(c, rect{r.x, r.y + 2, r.w, r.h - 3}, accent, v.shown(), &v.cursor)
		return
	}
	v.stack.model, v.why.model = v.model, v.model
	v.stack.follow(v.t, v.cursor.event)
	v.inspect.follow(v.t, v.cursor.event)
	v.why.tree = v.inspect.whole
	l := newLayout(r.w, r.h, v.stack.height(), v.focus, v.zoomed)
	if v.listing {
		l = newListLayout(r.w, r.h, v.stack.height(), v.focus, v.under, v.zoomed)
	}
	v.layout = l
	v.drawTop(c, r)
	if !l.diagram.empty() {
		v.drawDiagram(c, l.diagram)
	}
	for id := paneID(0); id < paneCount; id++ {
		switch p := l.pane[id]; {
		case p.empty():
		case id == listPane:
			v.hold(id, v.list.draw(c, p, v.titleLook(id), v.shown(), &v.cursor))
		default:
			v.title(c, p, id)
			v.pane(c, p.below(1), id)
		}
	}
}

// drawTop draws the header and the whole run.
func (v *viewer) drawTop(c *canvas, r rect) {
	if v.listing || v.page != framesPage {
		v.drawListHeader(c, r.top(1))
	} else {
		v.drawHeader(c, r.top(1))
	}
	v.overview.draw(c, rect{r.x, r.y + 1, r.w, 1}, &v.cursor)
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

func (v *viewer) titleLook(id paneID) look {
	if id == v.focus {
		return accent
	}
	return quiet
}

// title draws a pane's first line; the one with the focus is bright.
func (v *viewer) title(c *canvas, r rect, id paneID) {
	text, l := paneNames[id], v.titleLook(id)
	e := v.t.Event(v.cursor.event)
	switch id {
	case stackPane:
		if v.layout.wide && !v.zoomed {
			text = "stack: sender, hop, receiver"
		}
	case whyPane:
		text = v.why.title(v.t, e, v.cursor.frame)
	case statePane:
		text = "tables: " + v.t.Info().Nodes[e.Node].Name + "'s after this step"
	case bytesPane:
		text = fmt.Sprintf("bytes: %s, %d B", v.inspect.bufferName(v.inspect.in), v.inspect.total)
	}
	c.line(r, 0, 0, r.w, '─', rule)
	x := c.textTo(r, 3, 0, r.w-1, text, l)
	c.text(r, 2, 0, " ", plain)
	if x < r.w {
		c.text(r, x, 0, " ", plain)
	}
	if id == bytesPane {
		v.inspect.drawTabs(c, r, x+2)
	}
}

// nextFocus goes round the panes; on a small screen, too, since the pane in
// focus is always shown. In a run, the list is one of them.
func (v *viewer) nextFocus(by int) {
	panes := framePanes
	switch captured := v.t.Info().Captured; {
	case v.listing && captured:
		panes = listPanes
	case !captured:
		panes = append(framePanes[:len(framePanes):len(framePanes)], listPane)
	}
	i := max(slices.Index(panes, v.focus), 0)
	v.setFocus(panes[(i+by+len(panes))%len(panes)])
	if !v.t.Info().Captured {
		v.listing = v.focus == listPane
	}
}

func (v *viewer) setFocus(id paneID) {
	v.focus = id
	if id != listPane {
		v.under = id
	}
}
