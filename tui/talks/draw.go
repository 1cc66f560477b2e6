package talks

import (
	"fmt"
	"slices"

	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Draw draws the tabs, the heads of the columns, and the rows around the
// chosen one.
func (x *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	x.Scene = s
	t := s.T
	c.Line(r, 0, 0, r.W, '─', draw.Rule)
	at := 3
	for p, proto := range talkProtos {
		name := fmt.Sprintf("%s %s", proto, scene.Thousands(len(x.tables[p].rows)))
		l := draw.Quiet
		switch {
		case p == x.tab && focus:
			l = draw.Accent
		case p == x.tab:
			l = draw.Plain | draw.Underline
		}
		if at+c.Width(name)+2 > r.W {
			break
		}
		x.tabAt[p] = draw.Box(r.X+at, r.Y, c.Width(name), 1)
		c.Text(r, at-1, 0, " ", draw.Plain)
		at = c.Text(r, at, 0, name, l)
		at = c.Text(r, at, 0, " ", draw.Plain) + 2
	}
	cols := x.columns(r.W)
	x.cols = cols
	for _, col := range cols {
		l := draw.Quiet
		name := sortNames[col.by]
		if col.by == x.order {
			l = draw.Accent
			if x.back {
				name += "▾"
			}
		}
		x.cell(c, draw.Box(r.X, r.Y+1, r.W, 1), col, name, l)
	}
	body := r.Below(2)
	x.area = body
	tab := &x.tables[x.tab]
	tab.top = max(min(tab.top, tab.at, max(len(tab.rows)-body.H, 0)), tab.at-body.H+1)
	if len(tab.rows) == 0 {
		text := "No conversation of this kind."
		if x.job.Running() {
			text = "reading the conversations"
		}
		c.Text(body, scene.Margin, 0, text, draw.Quiet)
		return draw.Spot{}
	}
	for y := 0; y < body.H && tab.top+y < len(tab.rows); y++ {
		i := tab.rows[tab.top+y]
		x.row(c, draw.Box(body.X, body.Y+y, body.W, 1), cols, i, t.Conversation(i), tab.top+y == tab.at)
	}
	if x.job.Running() {
		c.Right(r, at, 0, r.W-1, " ordering ", draw.Quiet)
	}
	return draw.At(body.X+scene.Margin, body.Y+tab.at-tab.top, body.H > 0)
}

// column is a column of the tables: where it begins and ends; numbers end at
// its right edge.
type column struct {
	by       sortBy
	from, to int
	number   bool
}

// longestEnd is the room for an IPv6 address with its port, written out.
const longestEnd = 48

// columns divides a line: what both sides are gets what the numbers leave.
func (x *Pane) columns(w int) []column {
	numbers := []sortBy{byFrames, byThere, byBack, byBytes, byStart, byDuration}
	width := 10
	switch {
	case w < 70:
		numbers, width = []sortBy{byFrames, byBytes}, 8
	case w < 100:
		numbers, width = []sortBy{byFrames, byThere, byBack}, 8
	case w < 130:
		numbers = []sortBy{byFrames, byThere, byBack, byDuration}
	}
	if !slices.Contains(numbers, x.order) && x.order > byB { // what orders them is shown
		numbers[len(numbers)-1] = x.order
	}
	no := 7
	ends := min(max((w-scene.Margin-no-len(numbers)*(width+1))/2, 8), max(w/5, 20), longestEnd)
	out := []column{{byFirst, scene.Margin, scene.Margin + no - 1, true}}
	at := scene.Margin + no
	for _, by := range []sortBy{byA, byB} {
		out = append(out, column{by, at, at + ends - 1, false})
		at += ends
	}
	for _, by := range numbers {
		out = append(out, column{by, at, at + width, true})
		at += width + 1
	}
	return out
}

func (x *Pane) cell(c *draw.Canvas, r draw.Rect, col column, text string, l draw.Look) {
	if col.number {
		c.Right(r, col.from, 0, col.to, text, l)
	} else {
		c.TextTo(r, col.from, 0, col.to, text, l)
	}
}

func (x *Pane) row(c *draw.Canvas, r draw.Rect, cols []column, i int, talk trace.Conversation, chosen bool) {
	l := draw.Plain
	if chosen {
		c.Sign(r, 0, 0, '▐', draw.Accent)
		l = draw.Bold
	}
	for _, col := range cols {
		look := l
		if col.by == byA {
			look = l | draw.Asker
		} else if col.by == byB {
			look = l | draw.Giver
		}
		x.cell(c, r, col, talkText(col.by, i, talk), look)
	}
}

// talkText is what a row has in a column.
func talkText(by sortBy, i int, talk trace.Conversation) string {
	switch by {
	case byFirst:
		if talk.Stream >= 0 {
			return fmt.Sprint(talk.Stream)
		}
		return fmt.Sprint(i + 1)
	case byA:
		return talk.A
	case byB:
		return talk.B
	case byFrames:
		return scene.Thousands(talk.Frames[0] + talk.Frames[1])
	case byThere:
		return scene.FileSize(talk.Bytes[0])
	case byBack:
		return scene.FileSize(talk.Bytes[1])
	case byBytes:
		return scene.FileSize(talk.Bytes[0] + talk.Bytes[1])
	case byStart:
		return fmt.Sprintf("%.3f", talk.Start.Seconds())
	}
	return trace.FormatDuration(talk.End - talk.Start)
}

// headAt is the column whose head is under the mouse.
func (x *Pane) headAt(mx, my int) (by sortBy, ok bool) {
	for _, col := range x.cols {
		if my == x.area.Y-1 && mx >= x.area.X+col.from && mx < x.area.X+col.to {
			return col.by, true
		}
	}
	return 0, false
}

// rowAt is the row under the mouse.
func (x *Pane) rowAt(y int) (i int, ok bool) {
	t := &x.tables[x.tab]
	i = t.top + y - x.area.Y
	return i, y >= x.area.Y && i >= 0 && i < len(t.rows)
}
