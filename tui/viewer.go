package tui

import (
	"slices"

	"strata/layers"
	"strata/trace"
	"strata/tui/charts"
	"strata/tui/draw"
	"strata/tui/header"
	"strata/tui/inspect"
	"strata/tui/journey"
	"strata/tui/keys"
	"strata/tui/layout"
	"strata/tui/list"
	"strata/tui/messages"
	"strata/tui/overview"
	"strata/tui/reassembly"
	"strata/tui/scene"
	"strata/tui/stack"
	"strata/tui/states"
	"strata/tui/stream"
	"strata/tui/tables"
	"strata/tui/talks"
	"strata/tui/topology"
	"strata/tui/travel"
	"strata/tui/why"
	"strata/tui/wire"
)

// viewer is the screen of one trace: a scene, and panes that draw what is
// there.
type viewer struct {
	*scene.Scene
	panes    panes
	stack    *stack.Pane
	list     *list.Pane
	inspect  *inspect.View
	sifting  *scene.Job
	hunt     hunt
	seek     seeking
	stream   *stream.Pane
	travel   *travel.Pane
	overview overview.Line

	of      Scenario      // that the trace is a run of; zero: none that can be run again
	before  *viewer       // the run that this one was made from, or the other way round
	parted  trace.EventID // the first event that is not the same in both; 0: none is
	writing *writing      // a file that is being written
	opened  string        // what House.Open took; empty: it cannot be opened again
	lesson  lesson

	trail    []stop // where back goes
	lines    bool   // lines instead of panes
	listing  bool   // the list of frames is shown, not one frame
	under    string // the pane that had the focus last, of those beneath the list
	focus    string // the pane that keys go to
	counting bool   // the overview's count is on its way
	ticking  bool
	playing  bool
	round    int // of playing: ticks of an earlier one are late
	tempo
	slide   float64                 // how far the frame has slid over the diagram, 0 to 1
	sliding bool                    // ticks are on their way
	changed map[string]*layout.Node // layouts that the user has changed, by the preset's name
	place   string                  // whose place in a changed layout a pane takes that has none
	body    draw.Rect               // what the panes share
	drawn   drawn
	held    draw.Spot // where the terminal's cursor goes
}

// drawn is where what is on the screen was drawn.
type drawn struct {
	overview draw.Rect
	panes    []drawnPane
}

type drawnPane struct {
	scene.Pane
	area draw.Rect
}

func newViewer(whole trace.Trace, model layers.Model) *viewer {
	v := &viewer{Scene: scene.New(whole, model), tempo: tempo{pace: usualPace}, slide: 1, under: fieldsPane, changed: map[string]*layout.Node{}}
	v.overview = overview.New(v.T)
	v.stack, v.list, v.inspect, v.stream, v.travel = new(stack.Pane), new(list.Pane), new(inspect.View), new(stream.Pane), new(travel.Pane)
	v.panes = panes{ // the first nine have the digits
		v.stack, new(why.Pane), new(journey.Pane), inspect.Bytes{View: v.inspect}, inspect.Fields{View: v.inspect},
		&header.Pane{View: v.inspect}, new(reassembly.Pane), new(topology.Pane), new(tables.Pane),
		new(charts.Pane), new(states.Pane), &wire.Pane{View: v.inspect},
		v.list, new(messages.Pane), new(talks.Pane), v.stream, v.travel,
	}
	v.showList(v.T.Info().Captured)
	v.lesson = newLesson(v.T.Info())
	v.begin()
	return v
}

// begin puts the cursor on the first frame: in a run where it is made, in a
// capture where it was seen.
func (v *viewer) begin() {
	if v.T.Info().Captured {
		v.At.GoToFrame(0)
		return
	}
	v.At.First()
}

// showList shows the list of frames, or the frame of the cursor.
func (v *viewer) showList(on bool) {
	v.listing, v.Zoomed = on, false
	v.focus = stackPane
	if on {
		v.focus = listPane
	}
}

// parts are the panes that have hints of their own.
var parts = map[string]keys.ScreenPart{talksPane: keys.InTalks, streamPane: keys.InStream, messagePane: keys.InMessages, travelPane: keys.InTravel, bytesPane: keys.InBytes}

// where is where on the screens the viewer is.
func (v *viewer) where() keys.ScreenPart {
	if part, ok := parts[v.focus]; ok {
		return part
	}
	switch {
	case v.focus == fieldsPane && len(v.inspect.Buffers()) > 1:
		return keys.InBytes
	case v.listing:
		return keys.InList
	}
	return keys.InPanes
}

// move goes by layer steps, and begins to slide the frame when it is put on
// the wire.
func (v *viewer) move(by int) bool {
	ok := v.At.Move(by)
	if ok && by > 0 && v.Event().Kind == trace.Transmit {
		v.slide = 0
	}
	return ok
}

// draw draws everything, in the panes' places.
func (v *viewer) draw(c *draw.Canvas, r draw.Rect) {
	v.held = draw.Spot{}
	switch {
	case v.T.Events() == 0 && !v.T.Info().Captured:
		c.Text(r, 0, 0, "strata", draw.Accent)
		c.Text(r, 2, 2, "Nothing happened in this run: it has no events.", draw.Plain)
		return
	case v.T.Frames() == 0 && v.T.Info().Captured:
		v.drawn = drawn{}
		v.drawTop(c, r)
		v.list.Draw(c, draw.Box(r.X, r.Y+2, r.W, r.H-3), v.Scene, true)
		return
	}
	v.drawn = drawn{}
	v.drawTop(c, r)
	top := 2 + v.hitLines()
	body := draw.Box(r.X, r.Y+top, r.W, r.H-top-1)
	if r.H >= 16 && !v.listing && !(v.Zoomed && slices.Contains(whole, v.focus)) {
		v.drawDiagram(c, body.Top(1))
		body = body.Below(1)
	}
	v.body = body
	tree := v.tree(body)
	switch {
	case v.lines:
		tree = v.linesTree()
	case v.Zoomed:
		tree = layout.Place(v.focus)
	}
	tree.Arrange(body, func(name string, area draw.Rect) {
		p := v.panes.named(name)
		if area.Empty() || p == nil {
			return
		}
		v.drawn.panes = append(v.drawn.panes, drawnPane{p, area})
		if held := p.Draw(c, area, v.Scene, name == v.focus); name == v.focus {
			v.held = held
		}
	})
}

// preset is which of Strata's own layouts fits.
func (v *viewer) preset(body draw.Rect) preset {
	return preset{w: body.W, h: body.H, listing: v.listing, rows: v.stack.Height(v.Scene), focus: v.focus, under: v.under}
}

// drawTop draws the header and the whole run.
func (v *viewer) drawTop(c *draw.Canvas, r draw.Rect) {
	if v.listing || v.Zoomed && slices.Contains(whole, v.focus) {
		v.drawListHeader(c, r.Top(1))
	} else {
		v.drawHeader(c, r.Top(1))
	}
	v.drawn.overview = draw.Box(r.X, r.Y+1, r.W, 1+v.hitLines())
	v.overview.Draw(c, v.drawn.overview, &v.At)
	if v.hitLines() > 0 {
		v.drawHits(c, v.drawn.overview.Below(1))
	}
}

// tour is the panes in the order in which tab goes round them. A capture has
// no journey beside its list.
func (v *viewer) tour() (out []string) {
	captured := v.T.Info().Captured
	if v.listing && captured {
		out = []string{listPane, whyPane, fieldsPane, bytesPane, stackPane}
	}
	for _, name := range v.panes.names() {
		switch {
		case slices.Contains(out, name):
		case name == listPane && captured, name == journeyPane && v.listing && captured:
		default:
			out = append(out, name)
		}
	}
	return out
}

// nextFocus goes round the panes; on a small screen, too, since the pane in
// focus is always shown.
func (v *viewer) nextFocus(by int) {
	round := v.tour()
	i := max(slices.Index(round, v.focus), 0)
	v.setFocus(round[(i+by+len(round))%len(round)])
}

// setFocus gives a pane the keys. In a run, the list is one of the panes.
func (v *viewer) setFocus(name string) {
	v.focus = name
	if name != listPane {
		v.under = name
	}
	if !v.T.Info().Captured {
		v.listing = name == listPane
	}
}
