package tui

import (
	"fmt"
	"slices"
	"strconv"

	"strata/trace"
)

// journey is the time-sequence diagram: nodes side by side, time running
// down, an arrow per frame. It reads only the frames that it draws.
type journey struct {
	glances *glances
	lanes   *lanes
	unit    trace.Time // hopTime
	fine    bool       // quick: times need three decimals
	top     int        // the frame on the first line
	rowAt   []hit
}

const (
	timeColumn = 2  // after the cursor's bar
	timeWidth  = 10 // "1020.4ms"
	laneWidth  = 11 // between two nodes, at least
	laneMargin = 8  // right of the last one, at least
)

func (j *journey) draw(c *canvas, r rect, cur *cursor) {
	j.rowAt = j.rowAt[:0]
	t := cur.t
	if t.Frames() == 0 || r.h < 3 {
		c.text(r, timeColumn, 0, "nothing was put on a wire", quiet)
		return
	}
	f := t.Frame(cur.frame)
	nodes := j.lanes.choose(f, j.glances.of(t, cur.frame), max((r.w-timeColumn-timeWidth-1-laneMargin)/laneWidth+1, 2))
	xs := j.places(r, len(nodes))
	j.names(c, r, nodes, xs)
	body := r.below(1)
	j.scroll(t, cur.frame, body.h)
	y := 0
	for n := j.top; n < t.Frames() && y < body.h; n++ {
		if n > j.top {
			y = j.pause(c, body, xs, y, t.Frame(n).Sent-t.Frame(n-1).Sent)
		}
		if y < body.h {
			j.frame(c, body, nodes, xs, y, n, cur)
			y++
		}
	}
	for ; y < body.h; y++ {
		j.lifelines(c, body, xs, y)
	}
}

// places are the columns of the lifelines.
func (j *journey) places(r rect, n int) []int {
	left := timeColumn + timeWidth + 1
	right := r.w - min(max((r.w-left)/(n+1), laneMargin), len("lost (fault)")+3)
	xs := make([]int, n)
	for i := range xs {
		xs[i] = left
		if n > 1 {
			xs[i] = left + (right-left)*i/(n-1)
		}
	}
	return xs
}

func (j *journey) names(c *canvas, r rect, nodes []trace.NodeID, xs []int) {
	free := 0
	for i, n := range nodes {
		name := j.lanes.info.Nodes[n].Name
		end := r.w
		if i+1 < len(xs) {
			end = xs[i+1] - 1
		}
		x := max(xs[i]-c.width(name)/2, free)
		x = min(x, max(r.w-c.width(name), free))
		free = c.textTo(r, x, 0, end, name, bold) + 1
	}
}

// The lines that a pause takes: in proportion to the time that one hop takes,
// and squeezed into one line that says how long when it is much longer.
const (
	squeezeAfter = 6 // hop times
	blankLines   = 2 // at most, for what is shorter
)

// hopTime is the shortest time that a hop takes in a network: the measure of
// pauses.
func hopTime(info *trace.Info) trace.Time {
	unit := trace.Time(0)
	for _, l := range info.Links {
		if l.Delay > 0 && (unit == 0 || l.Delay < unit) {
			unit = l.Delay
		}
	}
	if unit == 0 {
		return trace.Millisecond
	}
	return unit
}

// gap is how many lines stand for a pause, and whether they say how long.
func (j *journey) gap(d trace.Time) (lines int, squeezed bool) {
	unit := j.unit
	switch {
	case d > squeezeAfter*unit:
		return 1, true
	case d > 3*unit:
		return blankLines, false
	case d > unit+unit/2:
		return 1, false
	}
	return 0, false
}

// scroll moves the first line so that the cursor's frame is visible, with a
// part of what goes before and follows, and no line stays empty that a frame
// could have.
func (j *journey) scroll(t trace.Trace, frame, h int) {
	if frame < j.top || j.lines(t, j.top, frame, h) >= h-2 {
		j.top = frame
		j.up(t, 0, h/3)
	}
	if last := min(t.Frames()-1, j.top+h); j.lines(t, j.top, last, h) < h-1 {
		j.up(t, j.lines(t, j.top, last, h)+1, h)
	}
}

// lines is how many lines the frames from one to another take; above most it
// is not exact.
func (j *journey) lines(t trace.Trace, from, to, most int) (n int) {
	for ; from < to && n < most; from++ {
		gap, _ := j.gap(t.Frame(from+1).Sent - t.Frame(from).Sent)
		n += 1 + gap
	}
	return n
}

// up moves the first line up as long as no more than most lines are taken, of
// which n are already.
func (j *journey) up(t trace.Trace, n, most int) {
	for ; j.top > 0; j.top-- {
		gap, _ := j.gap(t.Frame(j.top).Sent - t.Frame(j.top-1).Sent)
		if n += 1 + gap; n > most {
			return
		}
	}
}

func (j *journey) pause(c *canvas, r rect, xs []int, y int, d trace.Time) int {
	lines, squeezed := j.gap(d)
	if squeezed {
		for _, x := range xs {
			c.text(r, x, y, "~", rule)
		}
		text := " " + trace.FormatDuration(d) + ", nothing "
		if y < r.h && r.w > timeColumn+timeWidth {
			c.text(r, xs[0]+1, y, text, quiet)
		}
		return y + 1
	}
	for ; lines > 0 && y < r.h; lines-- {
		j.lifelines(c, r, xs, y)
		y++
	}
	return y
}

func (j *journey) lifelines(c *canvas, r rect, xs []int, y int) {
	for _, x := range xs {
		c.sign(r, x, y, '│', rule)
	}
}

// frame draws one frame's line: time, lifelines, arrow.
func (j *journey) frame(c *canvas, r rect, nodes []trace.NodeID, xs []int, y, n int, cur *cursor) {
	f := cur.t.Frame(n)
	j.rowAt = append(j.rowAt, hit{rect{r.x, r.y + y, r.w, 1}, f.Transmit})
	j.lifelines(c, r, xs, y)
	timeLook := plain
	if n == cur.frame {
		c.sign(r, 0, y, '▐', accent)
		timeLook = accent
	}
	c.right(r, timeColumn, y, timeColumn+timeWidth-1, j.time(f.Sent), timeLook)
	from, to := slices.Index(nodes, f.From), slices.Index(nodes, f.To)
	g := j.glances.of(cur.t, n)
	if from < 0 || to < 0 {
		j.aside(c, r, nodes, xs, y, f, g)
		return
	}
	a := arrow{from: xs[from], to: xs[to], label: g.label, look: layerLook(g.layer), fate: f.Fate}
	if f.Resent {
		a.label = "↻" + a.label
	}
	if n == cur.frame {
		a.look |= bold
	}
	if harmed(cur.t, f) {
		a.why = fateWords(cur.t.Event(f.Last))
	} else if f.Fate == trace.Refused {
		a.fate = trace.Arrived
	}
	a.draw(c, r, y)
}

// aside writes a frame between a node that is shown and one that is not; of
// frames between two that are not, only the time is shown.
func (j *journey) aside(c *canvas, r rect, nodes []trace.NodeID, xs []int, y int, f trace.Frame, g glance) {
	l := layerLook(g.layer)
	if i := slices.Index(nodes, f.From); i >= 0 {
		x := c.text(r, xs[i]+1, y, "─"+g.label+"─► ", l)
		c.text(r, x, y, j.lanes.info.Nodes[f.To].Name, quiet)
	} else if i := slices.Index(nodes, f.To); i >= 0 {
		left := timeColumn + timeWidth
		if i > 0 {
			left = xs[i-1] + 1
		}
		x := c.right(r, left, y, xs[i], "─"+g.label+"─►", l)
		c.right(r, left, y, x-1, j.lanes.info.Nodes[f.From].Name, quiet)
	}
}

// harmed reports whether a frame was lost on its way, or refused for a reason
// that is no good one. A frame for somebody else is not harmed.
func harmed(t trace.Trace, f trace.Frame) bool {
	return f.Fate == trace.Lost || f.Fate == trace.Refused && t.Event(f.Last).Why.Reason().Bad
}

// arrow is a frame on its wire.
type arrow struct {
	from, to int // columns
	label    string
	why      string // of its loss
	look     look
	fate     trace.Fate
}

func (a arrow) draw(c *canvas, r rect, y int) {
	left, right := min(a.from, a.to), max(a.from, a.to)
	toRight := a.to > a.from
	end := right - 1
	if toRight {
		c.sign(r, left, y, '├', rule)
	} else {
		c.sign(r, right, y, '┤', rule)
	}
	c.line(r, left+1, y, right, '─', a.look&^bold)
	head, tip := '►', right-1
	if !toRight {
		head, tip = '◄', left+1
	}
	c.sign(r, tip, y, head, a.look)
	a.write(c, r, y, left, end, toRight)
	switch a.fate {
	case trace.Lost:
		a.lost(c, r, y, left, right, toRight)
	case trace.Refused:
		x := a.to
		c.sign(r, x, y, '✗', bad|bold)
		if toRight {
			c.text(r, x+2, y, a.why, bad)
		} else {
			c.textTo(r, x+2, y, end-c.width(a.label)-1, a.why, bad)
		}
	}
}

// write puts the label on the arrow, near where it begins.
func (a arrow) write(c *canvas, r rect, y, left, end int, toRight bool) {
	if toRight {
		c.textTo(r, left+2, y, end-1, a.label, a.look)
		return
	}
	c.right(r, left+3, y, end, a.label, a.look)
}

// lost ends the arrow before it arrives.
func (a arrow) lost(c *canvas, r rect, y, left, right int, toRight bool) {
	n := c.width(a.label) + 4
	if !toRight {
		x := max(right-max(n, (right-left)*2/3), left+1)
		c.line(r, left+1, y, x, ' ', plain)
		c.sign(r, x, y, '✗', bad|bold)
		c.right(r, left+1, y, x-1, a.why, bad)
		return
	}
	x := min(left+max(n, (right-left)*2/3), right-1)
	c.line(r, x, y, right, ' ', plain)
	c.sign(r, x-1, y, '►', a.look)
	c.sign(r, x, y, '✗', bad|bold)
	c.text(r, x+2, y, a.why, bad)
}

// time is a moment as the margin has it: "20.4ms", "3.021s"; in a network
// where frames follow each other quickly "20.412ms", "3.021412s".
func (j *journey) time(t trace.Time) string {
	ms := float64(t) / float64(trace.Millisecond)
	switch {
	case t >= 1000*trace.Second:
		return strconv.FormatFloat(t.Seconds(), 'f', 2, 64) + "s"
	case j.fine && t >= trace.Second:
		return fmt.Sprintf("%.5fs", t.Seconds())
	case j.fine:
		return fmt.Sprintf("%.3fms", ms)
	case t >= 10*trace.Second:
		return fmt.Sprintf("%.3fs", t.Seconds())
	}
	return fmt.Sprintf("%.1fms", ms)
}

// quick reports whether frames can follow each other in a small part of a
// millisecond.
func quick(info *trace.Info) bool {
	return info.Captured || slices.ContainsFunc(info.Links, func(l trace.Link) bool {
		return l.Rate >= 100e6 || l.Delay < trace.Millisecond
	})
}
