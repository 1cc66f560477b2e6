// Package tables is the pane of what the nodes know at the cursor: sockets,
// sessions, TCP's variables, addresses, routes, queues; and which socket a
// segment was for.
//
//	state at the cursor ─┐                      ┌─ sockets.go   whose is what came?
//	what the step did   ─┼─ state.go: rows ─────┼─ grid.go      columns, or field by field
//	when it changed     ─┘                      └─ tables.go    lines, the chosen row
//
//	a capture: heard.go, what can be known of them by listening
//
// A value that the step changed is reversed, with what it was; a row that it
// took away is there once more, with ✗.
package tables

import (
	"fmt"
	"slices"
	"time"

	"strata/trace"
	"strata/trace/changes"
	"strata/trace/heard"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane draws the tables of the chosen node, or the cursor's, as they are after
// the cursor's step, and then those of the others.
type Pane struct {
	of    *scene.Scene
	when  *changes.Index // of a run: when each value changed
	book  *heard.Book    // of a capture
	job   *scene.Job
	refs  []ref
	lines []tableLine
	chose string // the chosen row
	at    int    // where it is, or was
	first int    // the first line shown
	area  draw.Rect
}

// ref is a row that can be chosen.
type ref struct {
	id    string        // "2 arp 10.0.0.1"
	event trace.EventID // that changed it last; 0: not known
	line  int           // where it begins
}

// tableLine is a line of the tables.
type tableLine struct {
	parts []tablePart
	row   int // index into refs, from 1; 0: of none
}

// tablePart is a text from a column up to, but not including, another one.
type tablePart struct {
	x, end int
	text   string
	look   draw.Look
}

// add adds a text; of one that does not fit, the beginning.
func (l *tableLine) add(x, end int, text string, look draw.Look) {
	l.parts = append(l.parts, tablePart{x, end, text, look})
}

// Name is the pane's word.
func (p *Pane) Name() string { return "tables" }

// Draw draws the tables after the cursor's step.
func (p *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	p.follow(s)
	_, r = scene.Title(c, r, p.title(), focus)
	p.build(r.W)
	p.area = r
	at := p.chosen()
	p.scroll(at, focus)
	if len(p.lines) == 0 {
		c.Text(r, scene.Margin, 0, "nothing is known of this node's tables here", draw.Quiet)
	}
	for y := 0; y < r.H && p.first+y < len(p.lines); y++ {
		line := p.lines[p.first+y]
		for _, part := range line.parts {
			c.TextTo(r, part.x, y, min(part.end, r.W), part.text, part.look)
		}
		if focus && at >= 0 && line.row == at+1 {
			c.Sign(r, 0, y, '▐', draw.Accent)
		}
	}
	if p.first > 0 {
		c.Text(r, r.W-1, 0, "~", draw.Accent)
	}
	if p.first+r.H < len(p.lines) && r.H > 0 {
		c.Text(r, r.W-1, r.H-1, "~", draw.Accent)
	}
	y := 0
	if at >= 0 {
		y = min(max(p.refs[at].line-p.first, 0), max(r.H-1, 0))
	}
	return draw.At(r.X+scene.Margin, r.Y+y, r.H > 0)
}

// follow begins anew with another trace.
func (p *Pane) follow(s *scene.Scene) {
	if p.of == s {
		return
	}
	p.Stop()
	*p = Pane{of: s}
	if s.T.Info().Captured {
		p.book = heard.New()
	} else {
		p.when = changes.New(s.T)
	}
}

func (p *Pane) title() string {
	s := p.of
	switch name := s.T.Info().Nodes[s.Host()].Name; {
	case s.T.Info().Captured:
		return "tables: what was heard so far"
	case s.HostChosen():
		return "tables: " + name + "'s (chosen) after this step"
	default:
		return "tables: " + name + "'s after this step"
	}
}

// atOnce is how long is read before the tables are drawn: of most runs all.
const atOnce = 2 * time.Millisecond

// build makes the lines for a width.
func (p *Pane) build(w int) {
	s := p.of
	x := newTables(s, w)
	if p.book != nil {
		if !p.book.Knows(s.At.Frame) && !p.job.Running() { // which enters what it finds itself
			p.book.Read(s.T, atOnce)()
		}
		x.heard(p.book)
	} else {
		if !p.when.Knows(x.at) {
			p.when.Work(atOnce)
		}
		if p.when.Knows(x.at) {
			x.last = p.when.At(x.at)
		}
		x.all()
	}
	p.lines, p.refs = x.lines, x.refs
}

// Update reads on in the trace, as far as the cursor.
func (p *Pane) Update(s *scene.Scene) {
	p.follow(s)
	if p.job.Running() || s.T.Frames() == 0 {
		return
	}
	switch {
	case p.book != nil && !p.book.Knows(s.At.Frame):
		book := p.book
		p.job = &scene.Job{Of: s.T, Work: func(d time.Duration) func() bool {
			enter := book.Read(s.T.Trace, d)
			return func() bool { return enter() && !book.Knows(s.At.Frame) }
		}}
		s.Start(p.job)
	case p.when != nil && !p.when.Knows(s.At.Event):
		when := p.when
		p.job = &scene.Job{Of: s.T, Work: func(d time.Duration) func() bool {
			more := when.Work(d)
			return func() bool { return more && !when.Knows(s.At.Event) }
		}}
		s.Start(p.job)
	}
}

// Stop ends the reading.
func (p *Pane) Stop() {
	p.job.Stop()
}

// chosen is the place of the chosen row; -1: there is none.
func (p *Pane) chosen() int {
	if i := slices.IndexFunc(p.refs, func(r ref) bool { return r.id == p.chose }); i >= 0 {
		p.at = i
	}
	p.at = max(min(p.at, len(p.refs)-1), 0)
	return min(p.at, len(p.refs)-1)
}

// scroll makes the chosen row visible, and the head of its table where that is
// near.
func (p *Pane) scroll(at int, focus bool) {
	if focus && at >= 0 {
		line := p.refs[at].line
		head := line
		for head > 0 && p.lines[head-1].row == 0 && line-head < 3 {
			head--
		}
		if head < p.first || line < p.first {
			p.first = head
		}
		last := line
		for last+1 < len(p.lines) && p.lines[last+1].row == at+1 {
			last++
		}
		if last >= p.first+p.area.H {
			p.first = min(last-p.area.H+1, line)
		}
	}
	p.first = max(min(p.first, len(p.lines)-p.area.H), 0)
}

// Do chooses a row, or a node; or goes to the event that changed the row.
func (p *Pane) Do(a keys.Action, s *scene.Scene) bool {
	p.follow(s)
	if p.refs == nil { // nothing was drawn yet
		p.build(80)
	}
	dx, dy := keys.Steps(a, max(p.area.H-1, 1))
	switch {
	case a == keys.Enter:
		p.goBack(s)
	case dy != 0:
		p.choose(p.chosen() + dy)
	case dx != 0 && p.book == nil:
		var all []trace.NodeID
		for i := range s.T.Info().Nodes {
			all = append(all, trace.NodeID(i))
		}
		s.TurnHost(all, dx)
		p.first = 0
	default:
		return false
	}
	return true
}

func (p *Pane) choose(at int) {
	if len(p.refs) > 0 {
		p.at = min(max(at, 0), len(p.refs)-1)
		p.chose = p.refs[p.at].id
	}
}

// goBack goes to the event that last changed the chosen row.
func (p *Pane) goBack(s *scene.Scene) {
	at := p.chosen()
	switch {
	case at < 0:
		s.Say("there is no row here")
	case p.refs[at].event == 0:
		s.Say("this row has stood so since the beginning, or it is not read yet when it changed")
	default:
		p.chose = p.refs[at].id
		s.Say(fmt.Sprintf("here it changed last: event %d", p.refs[at].event))
		s.At.GoTo(p.refs[at].event)
	}
}

// Click chooses a row; when it is chosen already, its event.
func (p *Pane) Click(x, y int, s *scene.Scene) bool {
	i := p.first + y - p.area.Y
	if p.of != s || !p.area.Has(x, y) || i < 0 || i >= len(p.lines) || p.lines[i].row == 0 {
		return false
	}
	was := p.chosen()
	p.choose(p.lines[i].row - 1)
	if was == p.at {
		p.goBack(s)
	}
	return true
}

// Wheel chooses the next rows.
func (p *Pane) Wheel(by int, s *scene.Scene) bool {
	if p.of == s {
		p.choose(p.chosen() + by)
	}
	return true
}
