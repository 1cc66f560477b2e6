package tui

import (
	"fmt"
	"strings"

	"strata/trace"
)

// frameList is the list of frames, in Wireshark's columns. It takes apart no
// more frames than it shows.
type frameList struct {
	t     *steady
	marks *marks
	times timeMode
	hit   string // what was looked for, in lower case: it is lit
	rows  listRows
	top   int  // the place of the first row shown
	body  rect // where the rows were drawn
	ends  [2]int
}

// The columns of the list. Addresses take the room that those seen so far
// need, within bounds.
const (
	leastNumber  = 5
	leastAddress = 11
	mostAddress  = 39 // an IPv6 address, written out
	lengthWidth  = 5
	wideList     = 100
)

// columns is where the list's columns begin, and how wide some are; 0: there
// is no room for it.
type columns struct {
	number, time, src, dst, proto, length, way, info int
	timeWidth, lengthWidth                           int
}

// columns divides a line of w cells; a run of a network also says between
// which nodes a frame goes.
func (l *frameList) columns(w int) columns {
	gap, proto, most := 1, 6, 15
	if w >= wideList {
		gap, proto, most = 2, 9, min(max(w/6, 17), mostAddress) // 17: a MAC address
	}
	number := max(leastNumber, len(fmt.Sprint(l.t.Frames())))
	c := columns{number: 2}
	c.time = c.number + number + gap
	c.src = c.time
	if w >= 56 {
		c.timeWidth = l.times.width()
		c.src += c.timeWidth + gap
	}
	c.dst = c.src + min(max(l.ends[0], leastAddress), most) + gap
	c.proto = c.dst + min(max(l.ends[1], leastAddress), most) + gap
	c.length = c.proto + proto + 1
	c.way = c.length
	if w >= 72 {
		c.lengthWidth = lengthWidth
		c.way += lengthWidth + 2
	}
	c.info = c.way
	if w >= wideList && !l.t.Info().Captured {
		c.info += 18
	}
	return c
}

// prepare finds the first row to show, so that the cursor's frame is there,
// and the room that the addresses of all rows shown need.
func (l *frameList) prepare(c *canvas, h int, s shown, cur *cursor) {
	n := s.count()
	i, _ := s.place(cur.frame)
	l.top = max(min(max(l.top, i-h+1), i, n-h), 0)
	for y := 0; y < h && l.top+y < n; y++ {
		row := l.rows.of(l.t, s.frame(l.top+y))
		l.ends[0], l.ends[1] = max(l.ends[0], c.width(row.src)), max(l.ends[1], c.width(row.dst))
	}
}

// heads draws the columns' names, where other panes have their titles.
func (l *frameList) heads(c *canvas, r rect, look look) {
	at := l.columns(r.w)
	c.line(r, 0, 0, 2, '─', rule)
	c.right(r, at.number, 0, at.time-1, "No.", look)
	c.textTo(r, at.time+max(at.timeWidth-len(timeHeads[l.times]), 0), 0, at.time+at.timeWidth, timeHeads[l.times], look)
	c.textTo(r, at.src, 0, at.dst-1, "Source", look)
	c.textTo(r, at.dst, 0, at.proto-1, "Destination", look)
	c.textTo(r, at.proto, 0, at.length-1, "Proto", look)
	c.right(r, at.length, 0, at.length+at.lengthWidth, "Len", look)
	if at.way < at.info {
		c.textTo(r, at.way, 0, at.info-1, "Wire", look)
	}
	x := c.text(r, at.info, 0, "Info", look)
	c.line(r, x+1, 0, r.w, '─', rule)
}

// draw draws the columns' names, and the rows around the cursor's frame.
func (l *frameList) draw(c *canvas, r rect, heads look, s shown, cur *cursor) spot {
	top := r.top(1)
	r = l.damage(c, r.below(1))
	l.prepare(c, r.h, s, cur)
	l.heads(c, top, heads)
	l.body = r
	n := s.count()
	_, there := s.place(cur.frame)
	before := -1
	if l.times == sinceShown && l.top > 0 && n > 0 {
		before = s.frame(l.top - 1)
	}
	held := spot{}
	for y := 0; y < r.h && l.top+y < n; y++ {
		frame := s.frame(l.top + y)
		chosen := there && frame == cur.frame
		l.row(c, rect{r.x, r.y + y, r.w, 1}, frame, before, chosen)
		if chosen {
			held = spot{r.x + tagColumn, r.y + y, true}
		}
		before = frame
	}
	l.behind(c, r, max(n-l.top, 0), n, s)
	return held
}

// behind says behind the last row why there are no more.
func (l *frameList) behind(c *canvas, r rect, y, n int, s shown) {
	p := l.t.progress
	switch {
	case n == 0 && p.Live:
		c.text(r, tagColumn, y, waiting(s, p), quiet)
	case n == 0 && s.sieve != nil && s.sieve.done >= l.t.Frames():
		c.text(r, tagColumn, y, "No frame passes this filter. x shows all.", plain)
	case n == 0 && s.sieve == nil:
		c.text(r, tagColumn, y, "There is no frame in it.", plain)
	}
}

// damage says at the bottom why the file cannot be read further, and gives
// the room that is left.
func (l *frameList) damage(c *canvas, r rect) rect {
	if l.t.progress.Damage == nil || r.h < 5 {
		return r
	}
	lines := wrap(c.clean("✗ It cannot be read further: "+l.t.progress.Damage.Error()), max(r.w-tagColumn, 10))
	lines = lines[:min(len(lines), r.h/3)]
	for i, line := range lines {
		c.text(r, tagColumn, r.h-len(lines)+i, line, bad)
	}
	return r.top(r.h - len(lines))
}

func waiting(s shown, p trace.Progress) string {
	switch {
	case s.sieve != nil && s.t.Frames() > 0:
		return "no frame that came passes this filter; waiting for one that does"
	case p.Pipe:
		return "waiting for the first frame"
	}
	return "reading the file"
}

// row draws one frame's line.
func (l *frameList) row(c *canvas, r rect, n, before int, chosen bool) {
	row := l.rows.of(l.t, n)
	at := l.columns(r.w)
	look, dim := plain, quiet
	if chosen {
		c.sign(r, 0, 0, '▐', accent)
		look, dim = bold, accent
	}
	if letter := l.marks.at(n); letter != 0 {
		c.text(r, 1, 0, string(letter), accent)
	}
	c.right(r, at.number, 0, at.time-1, fmt.Sprint(n+1), dim)
	c.right(r, at.time, 0, at.time+at.timeWidth, l.times.text(l.t, n, before), look)
	l.lit(c, r, at.src, at.dst-1, row.src, look)
	l.lit(c, r, at.dst, at.proto-1, row.dst, look)
	l.lit(c, r, at.proto, at.length-1, row.proto, layerLook(row.layer)|bold)
	c.right(r, at.length, 0, at.length+at.lengthWidth, fmt.Sprint(row.length), dim)
	if at.way < at.info {
		f := l.t.Frame(n)
		nodes := l.t.Info().Nodes
		c.textTo(r, at.way, 0, at.info-1, nodes[f.From].Name+" ► "+nodes[f.To].Name, quiet)
	}
	l.info(c, r, at.info, row, look)
}

// info draws what a frame says: first what is not usual about it.
func (l *frameList) info(c *canvas, r rect, x int, row listRow, look look) {
	told := accent
	if row.bad {
		told = bad | bold
	}
	if row.sign != 0 {
		l := told
		if row.sign == '✗' {
			l = bad | bold
		}
		c.sign(r, x, 0, row.sign, l)
		x += 2
	}
	if row.told != "" {
		x = l.lit(c, r, x, r.w, row.told, told)
		if x+1 < r.w && row.info != "" {
			x = c.text(r, x, 0, ": ", told)
		}
	}
	l.lit(c, r, x, r.w, row.info, look)
}

// lit draws a text, and lights in it what was looked for.
func (l *frameList) lit(c *canvas, r rect, x, end int, s string, look look) int {
	s = c.clean(s)
	out := c.textTo(r, x, 0, end, s, look)
	if l.hit == "" {
		return out
	}
	lower := strings.ToLower(s)
	for from := 0; len(lower) == len(s); {
		i := strings.Index(lower[from:], l.hit)
		if i < 0 {
			break
		}
		i += from
		begin := x + width(s[:i])
		c.mark(r, begin, 0, min(begin+width(s[i:i+len(l.hit)]), out), reverse)
		from = i + len(l.hit)
	}
	return out
}

// at is the place of the list under a line of the screen.
func (l *frameList) at(y int, s shown) (i int, ok bool) {
	i = l.top + y - l.body.y
	return i, y >= l.body.y && i < s.count()
}
