package states

import (
	"sort"

	"strata/trace"
	"strata/trace/connection"
	"strata/tui/draw"
	"strata/tui/scene"
)

// step is one of an end's.
type step struct {
	side, nth int
	*connection.Transition
}

// list is the steps of both ends, in the order of time.
type list struct {
	all    []step
	more   int // steps that are not remembered
	top    int
	at     int  // the one that is chosen, or the latest that has happened
	chosen bool // by the user; else it follows the cursor
	event  trace.EventID
	page   int
}

// gather takes the steps; the one that the cursor is at, or behind, is chosen
// until somebody chooses another.
func (l *list) gather(conn *connection.Connection, at trace.EventID) {
	l.all, l.more = l.all[:0], 0
	for side := range 2 {
		steps, more := conn.Path(side)
		for i := range steps {
			l.all = append(l.all, step{side, i, &steps[i]})
		}
		l.more += more
	}
	sort.SliceStable(l.all, func(i, j int) bool { return l.all[i].Before(l.all[j].Transition) })
	if l.event != at {
		l.event, l.chosen = at, false
	}
	if !l.chosen {
		taken := 0
		for side := range 2 {
			n, _ := conn.At(side, at)
			taken += n
		}
		l.at = taken - 1
	}
	l.at = max(-1, min(l.at, len(l.all)-1))
}

// taken says whether the cursor is at a step or behind it.
func (l *list) taken(conn *connection.Connection, s *step) bool {
	n, _ := conn.At(s.side, l.event)
	return s.nth < n
}

func (l *list) move(by int) bool {
	if len(l.all) == 0 {
		return false
	}
	l.at, l.chosen = max(0, min(l.at+by, len(l.all)-1)), true
	return true
}

// open puts the cursor on the chosen step's event.
func (l *list) open(conn *connection.Connection, s *scene.Scene) bool {
	if l.at < 0 || l.at >= len(l.all) {
		return false
	}
	s.At.GoTo(conn.Step(l.all[l.at].Transition))
	return true
}

// The columns of the list.
const (
	stepNumber = scene.Margin
	stepTime   = stepNumber + 4
	stepWho    = stepTime + 11
	stepBy     = 29 // behind where the states begin
	wideList   = 100
)

// draw draws the steps that have room around the chosen one.
func (l *list) draw(c *draw.Canvas, r draw.Rect, conn *connection.Connection, s *scene.Scene, focus bool, hits *[]hit) (held draw.Spot) {
	l.page = r.H
	if len(l.all) == 0 && r.H > 0 {
		c.Text(r, scene.Margin, 0, "no step from state to state is known", draw.Quiet)
		return held
	}
	l.top = max(0, min(l.top, len(l.all)-r.H))
	if l.at >= 0 {
		l.top = max(min(l.top, l.at), l.at-r.H+1)
	}
	who := 0 // in a narrow pane the letters must do
	for side := range 2 {
		if r.W >= wideList {
			who = max(who, c.Width(conn.Name(side))+2)
		}
	}
	for y := 0; y < r.H && l.top+y < len(l.all); y++ {
		i := l.top + y
		l.row(c, r, y, i, who, conn, s)
		*hits = append(*hits, hit{draw.Box(r.X, r.Y+y, r.W, 1), i})
		if i == l.at {
			c.Sign(r, 0, y, '▐', draw.Accent)
			held = draw.At(r.X, r.Y+y, true)
		}
	}
	if l.top+r.H < len(l.all) && r.H > 0 {
		c.Text(r, r.W-1, r.H-1, "~", draw.Accent)
	}
	return held
}

// row draws one step; those to come are quiet.
func (l *list) row(c *draw.Canvas, r draw.Rect, y, i, who int, conn *connection.Connection, s *scene.Scene) {
	t := &l.all[i]
	look, quiet := draw.Plain, draw.Quiet
	if !l.taken(conn, t) {
		look = draw.Quiet
	}
	if i == l.at {
		look |= draw.Bold
	}
	c.Right(r, stepNumber, y, stepTime-1, ends[t.side]+number(t.nth), look)
	c.Right(r, stepTime, y, stepWho-1, s.Moment(t.Time), quiet)
	x := stepWho
	if who > 0 {
		c.TextTo(r, x, y, x+who-1, conn.Name(t.side), quiet)
		x += who
	}
	c.Text(r, x, y, t.From.String()+" ► "+t.To.String(), look)
	by := t.By
	if t.Inferred {
		by += " (inferred)"
	}
	if x += stepBy; x+2 > r.W {
		c.Text(r, r.W-1, y, "~", draw.Accent)
		return
	}
	c.Text(r, x, y, by, quiet)
}
