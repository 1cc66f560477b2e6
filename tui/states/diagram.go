package states

import (
	"strconv"

	"strata/layers"
	"strata/trace/connection"
	"strata/tui/draw"
	"strata/tui/scene"
)

// ends are the letters of the two ends' steps.
var ends = [2]string{"a", "b"}

func number(nth int) string { return strconv.Itoa(nth + 1) }

// The size of a diagram, in cells.
const (
	diagramWidth  = 44
	diagramHeight = 17
)

// box is where a state's name begins.
type box struct {
	state connection.State
	x, y  int
}

// CLOSED stands twice: where a connection begins, and where it ends.
var boxes = []box{
	{connection.Closed, 18, 0},
	{connection.Listen, 8, 3},
	{connection.SynSent, 28, 3},
	{connection.SynReceived, 5, 6},
	{connection.Established, 16, 9},
	{connection.FinWait1, 3, 12},
	{connection.CloseWait, 30, 12},
	{connection.FinWait2, 1, 14},
	{connection.Closing, 16, 14},
	{connection.LastAck, 31, 14},
	{connection.TimeWait, 8, 16},
	{connection.Closed, 32, 16},
}

// edge is a way between two states: the cells of its line, and where the
// number of the step that took it stands.
type edge struct {
	from, to connection.State
	cells    []cellAt
	nx, ny   int
}

type cellAt struct {
	x, y int
	sign rune
}

// down is a line from line y to line end, its last cell an arrow.
func down(x, y, end int) (cells []cellAt) {
	for ; y < end; y++ {
		cells = append(cells, cellAt{x, y, '│'})
	}
	return append(cells, cellAt{x, end, '▾'})
}

// across is a line from column x to column end.
func across(x, end, y int) (cells []cellAt) {
	for ; x <= end; x++ {
		cells = append(cells, cellAt{x, y, '─'})
	}
	return cells
}

var edges = []edge{
	{connection.Closed, connection.Listen, append(across(12, 16, 0), append([]cellAt{{11, 0, '┼'}}, down(11, 1, 2)...)...), 13, 1},
	{connection.Closed, connection.SynSent, append(across(25, 31, 0), append([]cellAt{{32, 0, '┼'}}, down(32, 1, 2)...)...), 34, 1},
	{connection.Listen, connection.SynSent, across(16, 26, 3), 21, 2},
	{connection.Listen, connection.SynReceived, down(10, 4, 5), 12, 4},
	{connection.SynSent, connection.SynReceived, append(across(19, 30, 6), cellAt{31, 6, '┼'}, cellAt{31, 5, '│'}, cellAt{31, 4, '│'}, cellAt{18, 6, '◄'}), 22, 5},
	{connection.SynSent, connection.Established, append(append(down(33, 4, 7)[:4], cellAt{33, 7, '│'}, cellAt{33, 8, '┼'}), append(across(25, 32, 8), cellAt{24, 8, '▾'})...), 35, 6},
	{connection.SynReceived, connection.Established, down(17, 7, 8), 19, 7},
	{connection.SynReceived, connection.FinWait1, down(6, 7, 11), 8, 8},
	{connection.SynReceived, connection.CloseWait, nil, 0, 0},
	{connection.Established, connection.FinWait1, append([]cellAt{{12, 9, '┼'}}, append(across(13, 14, 9), down(12, 10, 11)...)...), 14, 10},
	{connection.Established, connection.CloseWait, append([]cellAt{{33, 9, '┼'}}, append(across(28, 32, 9), down(33, 10, 11)...)...), 35, 10},
	{connection.FinWait1, connection.FinWait2, down(5, 13, 13), 7, 13},
	{connection.FinWait1, connection.Closing, append([]cellAt{{18, 12, '┼'}}, append(across(14, 17, 12), down(18, 13, 13)...)...), 20, 13},
	{connection.FinWait1, connection.TimeWait, nil, 0, 0},
	{connection.CloseWait, connection.LastAck, down(34, 13, 13), 36, 13},
	{connection.FinWait2, connection.TimeWait, append([]cellAt{{5, 15, '┼'}}, append(across(6, 8, 15), cellAt{9, 15, '▾'})...), 3, 15},
	{connection.Closing, connection.TimeWait, append([]cellAt{{18, 15, '┼'}}, append(across(14, 17, 15), cellAt{13, 15, '▾'})...), 20, 15},
	{connection.LastAck, connection.Closed, down(34, 15, 15), 36, 15},
	{connection.TimeWait, connection.Closed, append(across(17, 30, 16), cellAt{31, 16, '►'}), 23, 15},
}

// diagram is that of one end.
type diagram struct {
	conn  *connection.Connection
	side  int
	taken int
	now   connection.States
	steps []connection.Transition
	been  connection.States
}

func newDiagram(conn *connection.Connection, s *scene.Scene, side int) *diagram {
	d := &diagram{conn: conn, side: side}
	d.taken, d.now = conn.At(side, s.After())
	d.steps, _ = conn.Path(side)
	for _, t := range d.steps[:d.taken] {
		d.been |= t.From | t.To
	}
	return d
}

// draw draws ways first, then the states.
func (d *diagram) draw(c *draw.Canvas, r draw.Rect, l *list, hits *[]hit) {
	for _, e := range edges {
		d.way(c, r, &e, draw.Rule)
	}
	for i := range d.steps[:d.taken] {
		if e := d.edgeOf(&d.steps[i]); e != nil {
			d.way(c, r, e, draw.Accent)
		}
	}
	for i := range d.steps[:d.taken] {
		d.numbered(c, r, i, l, hits)
	}
	for i := range boxes {
		d.box(c, r, &boxes[i])
	}
}

// way draws a way.
func (d *diagram) way(c *draw.Canvas, r draw.Rect, e *edge, l draw.Look) {
	for _, at := range e.cells {
		c.Sign(r, at.x, at.y, at.sign, l)
	}
}

// edgeOf is the way of a step; nil: it takes none that the RFC's figure has.
func (d *diagram) edgeOf(t *connection.Transition) *edge {
	from, ok := t.From.One()
	to, one := t.To.One()
	if !ok || !one {
		return nil
	}
	for i := range edges {
		if edges[i].from == from && edges[i].to == to {
			return &edges[i]
		}
	}
	return nil
}

// numbered writes at a step's way which of the end's steps it was.
func (d *diagram) numbered(c *draw.Canvas, r draw.Rect, i int, l *list, hits *[]hit) {
	e := d.edgeOf(&d.steps[i])
	if e == nil || len(e.cells) == 0 {
		return
	}
	text := ends[d.side] + number(i)
	c.Text(r, e.nx, e.ny, text, draw.Accent)
	for k := range l.all {
		if l.all[k].side == d.side && l.all[k].nth == i {
			*hits = append(*hits, hit{draw.Box(r.X+e.nx, r.Y+e.ny, len(text), 1), k})
		}
	}
}

// box draws a state: reversed the one that the end is in, bright where it has
// been.
func (d *diagram) box(c *draw.Canvas, r draw.Rect, b *box) {
	look := draw.Quiet
	name := b.state.String()
	first := b.y == 0
	last := b.state == connection.Closed && !first
	here := d.now.Has(b.state) && !d.now.Vague()
	if b.state == connection.Closed { // it is in the one or in the other
		here = here && first == (d.taken == 0)
	}
	been := d.been.Has(b.state) && (!last || d.taken > 0 && d.steps[d.taken-1].To.Has(connection.Closed))
	if been {
		look = draw.LayerLook(layers.Transport)
	}
	_, certain := d.now.One()
	switch {
	case here && certain:
		look = draw.LayerLook(layers.Transport) | draw.Bold | draw.Reverse
		c.Sign(r, b.x-1, b.y, '►', draw.Accent)
		c.Sign(r, b.x+len(name), b.y, '◄', draw.Accent)
	case here:
		look = draw.LayerLook(layers.Transport) | draw.Bold
		c.Text(r, b.x+len(name), b.y, "?", draw.Accent)
	default:
		c.Text(r, b.x-1, b.y, " ", draw.Plain)
		c.Text(r, b.x+len(name), b.y, " ", draw.Plain)
	}
	c.Text(r, b.x, b.y, name, look)
}
