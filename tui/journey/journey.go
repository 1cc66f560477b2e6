// Package journey is the pane of the time-sequence diagram: nodes side by side,
// time running down, an arrow per frame.
package journey

import (
	"slices"

	"strata/trace"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane is the time-sequence diagram: nodes side by side, time running
// down, an arrow per frame. It reads only the frames that it draws.
type Pane struct {
	*scene.Scene
	unit  trace.Time // hopTime
	top   int        // the frame on the first line
	rowAt []scene.Hit
}

const (
	timeColumn = 2  // after the cursor's bar
	timeWidth  = 10 // "1020.4ms"
	LaneWidth  = 11 // between two nodes, at least
	laneMargin = 8  // right of the last one, at least
)

// Name is the pane's word.
func (j *Pane) Name() string { return "journey" }

// Draw draws the diagram around the cursor's frame.
func (j *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	if j.Scene != s {
		info := s.T.Info()
		*j = Pane{Scene: s, unit: hopTime(info)}
	}
	j.rowAt = j.rowAt[:0]
	_, r = scene.Title(c, r, "journey", focus)
	j.diagram(c, r)
	return scene.Held(j.rowAt, j.T.Frame(j.At.Frame).Transmit)
}

// Do has no keys of its own.
func (j *Pane) Do(keys.Action, *scene.Scene) bool { return false }

// Click goes to a frame.
func (j *Pane) Click(x, y int, s *scene.Scene) bool { return scene.GoWhere(j.rowAt, x, y, s) }

// Wheel goes by frames.
func (j *Pane) Wheel(int, *scene.Scene) bool { return false }

func (j *Pane) diagram(c *draw.Canvas, r draw.Rect) {
	t := j.T
	if t.Frames() == 0 || r.H < 3 {
		c.Text(r, timeColumn, 0, "nothing was put on a wire", draw.Quiet)
		return
	}
	f := t.Frame(j.At.Frame)
	nodes := j.Lanes.Choose(f, j.Glance(j.At.Frame), max((r.W-timeColumn-timeWidth-1-laneMargin)/LaneWidth+1, 2))
	xs := j.places(r, len(nodes))
	j.names(c, r, nodes, xs)
	body := r.Below(1)
	j.scroll(t, j.At.Frame, body.H)
	y := 0
	for n := j.top; n < t.Frames() && y < body.H; n++ {
		if n > j.top {
			y = j.pause(c, body, xs, y, t.Frame(n).Sent-t.Frame(n-1).Sent)
		}
		if y < body.H {
			j.frame(c, body, nodes, xs, y, n)
			y++
		}
	}
	for ; y < body.H; y++ {
		j.lifelines(c, body, xs, y)
	}
}

// places are the columns of the lifelines.
func (j *Pane) places(r draw.Rect, n int) []int {
	left := timeColumn + timeWidth + 1
	right := r.W - min(max((r.W-left)/(n+1), laneMargin), len("lost (fault)")+3)
	xs := make([]int, n)
	for i := range xs {
		xs[i] = left
		if n > 1 {
			xs[i] = left + (right-left)*i/(n-1)
		}
	}
	return xs
}

func (j *Pane) names(c *draw.Canvas, r draw.Rect, nodes []trace.NodeID, xs []int) {
	free := 0
	for i, n := range nodes {
		name := j.T.Info().Nodes[n].Name
		end := r.W
		if i+1 < len(xs) {
			end = xs[i+1] - 1
		}
		x := max(xs[i]-c.Width(name)/2, free)
		x = min(x, max(r.W-c.Width(name), free))
		free = c.TextTo(r, x, 0, end, name, draw.Bold) + 1
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
func (j *Pane) gap(d trace.Time) (lines int, squeezed bool) {
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
func (j *Pane) scroll(t trace.Trace, frame, h int) {
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
func (j *Pane) lines(t trace.Trace, from, to, most int) (n int) {
	for ; from < to && n < most; from++ {
		gap, _ := j.gap(t.Frame(from+1).Sent - t.Frame(from).Sent)
		n += 1 + gap
	}
	return n
}

// up moves the first line up as long as no more than most lines are taken, of
// which n are already.
func (j *Pane) up(t trace.Trace, n, most int) {
	for ; j.top > 0; j.top-- {
		gap, _ := j.gap(t.Frame(j.top).Sent - t.Frame(j.top-1).Sent)
		if n += 1 + gap; n > most {
			return
		}
	}
}

func (j *Pane) pause(c *draw.Canvas, r draw.Rect, xs []int, y int, d trace.Time) int {
	lines, squeezed := j.gap(d)
	if squeezed {
		for _, x := range xs {
			c.Text(r, x, y, "~", draw.Rule)
		}
		text := " " + trace.FormatDuration(d) + ", nothing "
		if y < r.H && r.W > timeColumn+timeWidth {
			c.Text(r, xs[0]+1, y, text, draw.Quiet)
		}
		return y + 1
	}
	for ; lines > 0 && y < r.H; lines-- {
		j.lifelines(c, r, xs, y)
		y++
	}
	return y
}

func (j *Pane) lifelines(c *draw.Canvas, r draw.Rect, xs []int, y int) {
	for _, x := range xs {
		c.Sign(r, x, y, '│', draw.Rule)
	}
}

// frame draws one frame's line: time, lifelines, arrow.
func (j *Pane) frame(c *draw.Canvas, r draw.Rect, nodes []trace.NodeID, xs []int, y, n int) {
	f := j.T.Frame(n)
	j.rowAt = append(j.rowAt, scene.Hit{Area: draw.Box(r.X, r.Y+y, r.W, 1), Event: f.Transmit})
	j.lifelines(c, r, xs, y)
	timeLook := draw.Plain
	if n == j.At.Frame {
		c.Sign(r, 0, y, '▐', draw.Accent)
		timeLook = draw.Accent
	}
	c.Right(r, timeColumn, y, timeColumn+timeWidth-1, j.Moment(f.Sent), timeLook)
	from, to := slices.Index(nodes, f.From), slices.Index(nodes, f.To)
	g := j.Glance(n)
	if from < 0 || to < 0 {
		j.aside(c, r, nodes, xs, y, f, g)
		return
	}
	a := arrow{from: xs[from], to: xs[to], label: g.Label, look: draw.LayerLook(g.Layer), fate: f.Fate}
	if f.Resent {
		a.label = "↻" + a.label
	}
	if n == j.At.Frame {
		a.look |= draw.Bold
	}
	if j.Lit(f.PDU) != nil {
		a.label, a.look = "*"+a.label, a.look|draw.Bold
	}
	if scene.Harmed(j.T, f) {
		a.why = scene.FateWords(j.T.Event(f.Last))
	} else if f.Fate == trace.Refused {
		a.fate = trace.Arrived
	}
	a.draw(c, r, y)
}

// aside writes a frame between a node that is shown and one that is not; of
// frames between two that are not, only the time is shown.
func (j *Pane) aside(c *draw.Canvas, r draw.Rect, nodes []trace.NodeID, xs []int, y int, f trace.Frame, g scene.Glance) {
	l := draw.LayerLook(g.Layer)
	if i := slices.Index(nodes, f.From); i >= 0 {
		x := c.Text(r, xs[i]+1, y, "─"+g.Label+"─► ", l)
		c.Text(r, x, y, j.T.Info().Nodes[f.To].Name, draw.Quiet)
	} else if i := slices.Index(nodes, f.To); i >= 0 {
		left := timeColumn + timeWidth
		if i > 0 {
			left = xs[i-1] + 1
		}
		x := c.Right(r, left, y, xs[i], "─"+g.Label+"─►", l)
		c.Right(r, left, y, x-1, j.T.Info().Nodes[f.From].Name, draw.Quiet)
	}
}

// arrow is a frame on its wire.
type arrow struct {
	from, to int // columns
	label    string
	why      string // of its loss
	look     draw.Look
	fate     trace.Fate
}

func (a arrow) draw(c *draw.Canvas, r draw.Rect, y int) {
	left, right := min(a.from, a.to), max(a.from, a.to)
	toRight := a.to > a.from
	end := right - 1
	if toRight {
		c.Sign(r, left, y, '├', draw.Rule)
	} else {
		c.Sign(r, right, y, '┤', draw.Rule)
	}
	c.Line(r, left+1, y, right, '─', a.look&^draw.Bold)
	head, tip := '►', right-1
	if !toRight {
		head, tip = '◄', left+1
	}
	c.Sign(r, tip, y, head, a.look)
	a.write(c, r, y, left, end, toRight)
	switch a.fate {
	case trace.Lost:
		a.lost(c, r, y, left, right, toRight)
	case trace.Refused:
		x := a.to
		c.Sign(r, x, y, '✗', draw.Bad|draw.Bold)
		if toRight {
			c.Text(r, x+2, y, a.why, draw.Bad)
		} else {
			c.TextTo(r, x+2, y, end-c.Width(a.label)-1, a.why, draw.Bad)
		}
	}
}

// write puts the label on the arrow, near where it begins.
func (a arrow) write(c *draw.Canvas, r draw.Rect, y, left, end int, toRight bool) {
	if toRight {
		c.TextTo(r, left+2, y, end-1, a.label, a.look)
		return
	}
	c.Right(r, left+3, y, end, a.label, a.look)
}

// lost ends the arrow before it arrives.
func (a arrow) lost(c *draw.Canvas, r draw.Rect, y, left, right int, toRight bool) {
	n := c.Width(a.label) + 4
	if !toRight {
		x := max(right-max(n, (right-left)*2/3), left+1)
		c.Line(r, left+1, y, x, ' ', draw.Plain)
		c.Sign(r, x, y, '✗', draw.Bad|draw.Bold)
		c.Right(r, left+1, y, x-1, a.why, draw.Bad)
		return
	}
	x := min(left+max(n, (right-left)*2/3), right-1)
	c.Line(r, x, y, right, ' ', draw.Plain)
	c.Sign(r, x-1, y, '►', a.look)
	c.Sign(r, x, y, '✗', draw.Bad|draw.Bold)
	c.Text(r, x+2, y, a.why, draw.Bad)
}
