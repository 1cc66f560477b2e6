// Package compare is the screen of two traces side by side: the frames of both
// in pairs, the steps inside a pair, and why the two differ there.
//
//	                     ┌ overview   where they differ, and where they part
//	compare.Comparison ──┤ lists      A's frames and B's, each beside the same of the other
//	(trace/compare)      │ steps      what made and took apart the chosen pair, in pairs
//	                     └ why        of A, of B, and of the difference
//
// It stands for itself: two traces have two scenes, so it is no pane of one.
// The root hands it keys, clicks and the wheel, and gives it time to work while
// Working says so.
package compare

import (
	"time"

	"strata/layers"
	"strata/trace"
	"strata/trace/compare"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Room is the screen; its zero value is not useful.
type Room struct {
	c       *compare.Comparison
	scenes  [2]*scene.Scene
	Model   layers.Model
	working bool

	row   int
	steps []compare.Step // of the row, those that are shown
	step  int
	of    int // whose steps they are: the row, from 1
	view  view
	why   int // first line of the explanation

	marks []compare.Diff // the overview, by cell: what differs in its rows
	parts compare.Parting
	drawn drawn
}

// view is what the middle of the screen shows.
type view uint8

const (
	usual view = iota
	steps      // the steps of the pair alone
	sums       // what both come to
	views
)

// drawn is where things were drawn.
type drawn struct {
	overview draw.Rect
	rows     []hit
	steps    []hit
	why      draw.Rect
	page     int // rows of a list
}

// hit is a row or step that can be chosen.
type hit struct {
	area draw.Rect
	n    int
}

// New shows a comparison, whose work may not be done yet.
func New(c *compare.Comparison, m layers.Model) *Room {
	r := &Room{c: c, Model: m, working: true}
	for s := range r.scenes {
		r.scenes[s] = scene.New(c.Trace(compare.Side(s)), m)
	}
	return r
}

// Working says whether the comparison is still worked on.
func (r *Room) Working() bool { return r.working }

// Work goes on with the comparison for about as long as d. When it is done,
// the place is where the two part.
func (r *Room) Work(d time.Duration) {
	if !r.working || !r.c.Work(d) {
		return
	}
	r.working = false
	r.parts, _ = r.c.Parts()
	if turn, ok := r.c.Turns(); ok && (r.parts.Row < 0 || r.c.Chance(r.parts)) {
		r.parts = turn
	}
	r.toParting()
}

// toParting goes to the row where the two part, to the step that differs.
func (r *Room) toParting() {
	if r.parts.Row >= 0 {
		r.goTo(r.parts.Row)
	}
}

// goTo goes to a row, to the step of it that tells most: that only one side
// has it, else why it is sent again, else that the frame was put on the wire.
func (r *Room) goTo(row int) {
	r.row = min(max(row, 0), max(r.c.Len()-1, 0))
	r.load()
	r.step, r.why = 0, 0
	alone := r.c.Differ(r.row)&(compare.OnlyA|compare.OnlyB) != 0
	best := 0
	for i, s := range r.steps {
		rank := 0
		switch e := r.event(s); {
		case s.Differ&(compare.OnlyA|compare.OnlyB) != 0 && !alone:
			rank = 3
		case e.Why.Resend():
			rank = 2
		case e.Kind == trace.Transmit:
			rank = 1
		}
		if rank > best {
			best, r.step = rank, i
		}
	}
}

// event is a step's, of A if A has it.
func (r *Room) event(s compare.Step) trace.Event {
	if s.Event[compare.A] != 0 {
		return r.c.Trace(compare.A).Event(s.Event[compare.A])
	}
	return r.c.Trace(compare.B).Event(s.Event[compare.B])
}

// load reads the steps of the row; of what changes in tables, only what
// differs.
func (r *Room) load() {
	if r.of == r.row+1 || r.c.Len() == 0 {
		return
	}
	r.of, r.steps = r.row+1, r.steps[:0]
	for _, s := range r.c.Steps(r.row) {
		if scene.Attached(r.event(s).Kind) && (s.Differ&(compare.Value|compare.OnlyA|compare.OnlyB) == 0 ||
			r.c.Differ(r.row)&(compare.OnlyA|compare.OnlyB) != 0) {
			continue
		}
		r.steps = append(r.steps, s)
	}
}

// move goes by steps, over the ends of rows.
func (r *Room) move(by int) {
	r.why = 0
	if to := r.step + by; to >= 0 && to < len(r.steps) {
		r.step = to
		return
	}
	to := r.row + by
	if to < 0 || to >= r.c.Len() {
		return
	}
	r.row = to
	r.load()
	r.step = 0
	if by < 0 {
		r.step = max(len(r.steps)-1, 0)
	}
}

// difference goes to the next row, or with -1 to the one before, that is not
// the same in both, passing over what differs in time and numbers only, if
// there is other.
func (r *Room) difference(by int) {
	const course = compare.OnlyA | compare.OnlyB | compare.Fate | compare.Content | compare.Again | compare.Moved
	to := r.c.Next(r.row, by, course)
	if to < 0 {
		to = r.c.Next(r.row, by, ^compare.Diff(0))
	}
	if to >= 0 {
		r.goTo(to)
	}
}

// Place is what a side shows at the cursor: the trace and its event, 0 when
// the side has none. The root can open it.
func (r *Room) Place(s compare.Side) (trace.Trace, trace.EventID) {
	t := r.c.Trace(s)
	if r.working || r.c.Len() == 0 {
		return t, 0
	}
	if r.step < len(r.steps) && r.steps[r.step].Event[s] != 0 {
		return t, r.steps[r.step].Event[s]
	}
	return t, r.c.Row(r.row).Seen[s].Event
}

// Do carries out a key; false: it means nothing here.
func (r *Room) Do(a keys.Action) bool {
	if r.working || r.c.Len() == 0 {
		return false
	}
	switch a {
	case keys.NextStep, keys.MoveRight:
		r.move(1)
	case keys.PrevStep, keys.MoveLeft:
		r.move(-1)
	case keys.NextFrame, keys.MoveDown:
		r.goTo(r.row + 1)
	case keys.PrevFrame, keys.MoveUp:
		r.goTo(r.row - 1)
	case keys.PageDown:
		r.goTo(r.row + max(r.drawn.page-1, 1))
	case keys.PageUp:
		r.goTo(r.row - max(r.drawn.page-1, 1))
	case keys.FirstStep:
		r.goTo(0)
	case keys.LastStep:
		r.goTo(r.c.Len() - 1)
	case keys.NextHit:
		r.difference(1)
	case keys.PrevHit:
		r.difference(-1)
	case keys.Freeze:
		r.toParting()
	case keys.Zoom, keys.NextPane:
		r.view = (r.view + 1) % views
	case keys.PrevPane:
		r.view = (r.view + views - 1) % views
	default:
		return false
	}
	return true
}

// Click chooses a row, a step, or a place in the overview.
func (r *Room) Click(x, y int) bool {
	if r.working || r.c.Len() == 0 {
		return false
	}
	if o := r.drawn.overview; o.Has(x, y) {
		r.goTo((x - o.X) * r.c.Len() / max(o.W, 1))
		return true
	}
	for _, h := range r.drawn.rows {
		if h.area.Has(x, y) {
			r.goTo(h.n)
			return true
		}
	}
	for _, h := range r.drawn.steps {
		if h.area.Has(x, y) {
			r.step, r.why = h.n, 0
			return true
		}
	}
	return false
}

// Wheel scrolls the explanation beneath the pointer, else goes by rows.
func (r *Room) Wheel(x, y, by int) bool {
	if r.working || r.c.Len() == 0 {
		return false
	}
	if r.drawn.why.Has(x, y) {
		r.why = max(r.why+by, 0)
		return true
	}
	r.goTo(r.row + by)
	return true
}
