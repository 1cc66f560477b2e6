package tui

import (
	"fmt"
	"slices"

	"strata/trace"
)

// draw draws the tabs, the heads of the columns, and the rows around the
// chosen one.
func (x *talks) draw(c *canvas, r rect, t *steady) spot {
	c.line(r, 0, 0, r.w, '─', rule)
	at := 3
	for p, proto := range talkProtos {
		name := fmt.Sprintf("%s %s", proto, thousands(len(x.tables[p].rows)))
		l := quiet
		if p == x.tab {
			l = accent
		}
		if at+c.width(name)+2 > r.w {
			break
		}
		x.tabAt[p] = rect{r.x + at, r.y, c.width(name), 1}
		c.text(r, at-1, 0, " ", plain)
		at = c.text(r, at, 0, name, l)
		at = c.text(r, at, 0, " ", plain) + 2
	}
	cols := x.columns(r.w)
	x.cols = cols
	for _, col := range cols {
		l := quiet
		name := sortNames[col.by]
		if col.by == x.order {
			l = accent
			if x.back {
				name += "▾"
			}
		}
		x.cell(c, rect{r.x, r.y + 1, r.w, 1}, col, name, l)
	}
	body := r.below(2)
	x.area = body
	tab := &x.tables[x.tab]
	tab.top = max(min(tab.top, tab.at, max(len(tab.rows)-body.h, 0)), tab.at-body.h+1)
	if len(tab.rows) == 0 {
		text := "No conversation of this kind."
		if x.job.running() {
			text = "reading the conversations"
		}
		c.text(body, tagColumn, 0, text, quiet)
		return spot{}
	}
	for y := 0; y < body.h && tab.top+y < len(tab.rows); y++ {
		i := tab.rows[tab.top+y]
		x.row(c, rect{body.x, body.y + y, body.w, 1}, cols, i, t.Conversation(i), tab.top+y == tab.at)
	}
	if x.job.running() {
		c.right(r, at, 0, r.w-1, " ordering ", quiet)
	}
	return spot{body.x + tagColumn, body.y + tab.at - tab.top, body.h > 0}
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
func (x *talks) columns(w int) []column {
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
	ends := min(max((w-tagColumn-no-len(numbers)*(width+1))/2, 8), max(w/5, 20), longestEnd)
	out := []column{{byFirst, tagColumn, tagColumn + no - 1, true}}
	at := tagColumn + no
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

func (x *talks) cell(c *canvas, r rect, col column, text string, l look) {
	if col.number {
		c.right(r, col.from, 0, col.to, text, l)
	} else {
		c.textTo(r, col.from, 0, col.to, text, l)
	}
}

func (x *talks) row(c *canvas, r rect, cols []column, i int, talk trace.Conversation, chosen bool) {
	l := plain
	if chosen {
		c.sign(r, 0, 0, '▐', accent)
		l = bold
	}
	for _, col := range cols {
		look := l
		if col.by == byA {
			look = l | asker
		} else if col.by == byB {
			look = l | giver
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
		return thousands(talk.Frames[0] + talk.Frames[1])
	case byThere:
		return fileSize(talk.Bytes[0])
	case byBack:
		return fileSize(talk.Bytes[1])
	case byBytes:
		return fileSize(talk.Bytes[0] + talk.Bytes[1])
	case byStart:
		return fmt.Sprintf("%.3f", talk.Start.Seconds())
	}
	return trace.FormatDuration(talk.End - talk.Start)
}

// headAt is the column whose head is under the mouse.
func (x *talks) headAt(mx, my int) (by sortBy, ok bool) {
	for _, col := range x.cols {
		if my == x.area.y-1 && mx >= x.area.x+col.from && mx < x.area.x+col.to {
			return col.by, true
		}
	}
	return 0, false
}

// rowAt is the row under the mouse.
func (x *talks) rowAt(y int) (i int, ok bool) {
	t := &x.tables[x.tab]
	i = t.top + y - x.area.y
	return i, y >= x.area.y && i >= 0 && i < len(t.rows)
}
