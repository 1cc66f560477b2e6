package charts

import (
	"strata/trace"
	"strata/trace/connection"
	"strata/tui/draw"
	"strata/tui/scene"
)

// plot is one chart in its rectangle.
type plot struct {
	conn     *connection.Connection
	s        *scene.Scene
	side     int
	chart    *chart
	from, to trace.Time
	at       trace.Time // of the cursor
	now      trace.EventID
	times    bool // the time axis has its labels

	area  draw.Rect // where the lines are
	scale scale
	cols  []connection.Column
	held  draw.Spot
}

// gutter is the columns left of a chart, where its values stand.
const gutter = 10

// draw draws the chart; it gives back the memory for columns.
func (p *plot) draw(c *draw.Canvas, r draw.Rect, memory []connection.Column) []connection.Column {
	p.cols = memory
	r = r.Below(p.legend(c, r, max(1, min(r.H/5, 3))))
	foot := 1
	if p.times && r.H > 3 {
		foot = 2
	}
	p.area = draw.Box(r.X+gutter, r.Y, r.W-gutter-1, r.H-foot)
	if p.area.W < 8 || p.area.H < 2 {
		p.area = draw.Rect{}
		return p.cols
	}
	lo, hi, ok := p.extent()
	if !ok {
		c.Text(r, scene.Margin, 0, "nothing of it "+p.absence(), draw.Quiet)
		p.area = draw.Rect{}
		return p.cols
	}
	p.scale = newScale(lo, hi, p.chart.unit)
	p.values(c, r)
	p.timeAxis(c, r)
	p.picture(c)
	p.cursor(c)
	return p.cols
}

func (p *plot) absence() string {
	if p.conn.Ready() {
		return "in this stretch of time"
	}
	return "so far"
}

// fill gets what a kind does in each of n columns.
func (p *plot) fill(k connection.Kind, n int) []connection.Column {
	if cap(p.cols) < n {
		p.cols = make([]connection.Column, n)
	}
	p.cols = p.cols[:n]
	p.conn.Columns(p.cols, p.side, k, p.from, p.to)
	return p.cols
}

// extent is the least and the greatest value that the scale has room for.
func (p *plot) extent() (lo, hi int64, ok bool) {
	take := func(k connection.Kind) {
		if col := p.fill(k, 1)[0]; col.Has && !ok {
			lo, hi, ok = col.Lo, col.Hi, true
		} else if col.Has {
			lo, hi = min(lo, col.Lo), max(hi, col.Hi)
		}
	}
	for _, l := range p.chart.lines {
		if !l.free {
			take(l.kind)
		}
	}
	for _, m := range p.chart.marks {
		if !m.free {
			take(m.kind)
		}
	}
	return lo, hi, ok
}

// values draws the axis of values.
func (p *plot) values(c *draw.Canvas, r draw.Rect) {
	for y := range p.area.H {
		c.Sign(r, gutter-1, y, '│', draw.Rule)
	}
	last := -2
	for _, v := range p.scale.ticks(max(2, p.area.H/3)) {
		h := p.scale.height(v)
		y := p.area.H - 1 - int(h*float64(p.area.H-1)+0.5)
		if h < 0 || h > 1 || y == last {
			continue
		}
		last = y
		c.Right(r, 0, y, gutter-1, tick(v, p.chart.unit), draw.Quiet)
		c.Sign(r, gutter-1, y, '┤', draw.Rule)
	}
}

// timeAxis draws the axis of time.
func (p *plot) timeAxis(c *draw.Canvas, r draw.Rect) {
	y := p.area.H
	c.Line(r, gutter-1, y, r.W-1, '─', draw.Rule)
	c.Sign(r, gutter-1, y, '┼', draw.Rule)
	if !p.times || y+1 >= r.H {
		return
	}
	const room = 16 // columns of a label and what is between two
	step := trace.Time(niceStep(float64(p.to-p.from) / float64(max(1, p.area.W/room))))
	end := 0
	for t := (p.from + step - 1) / step * step; t <= p.to; t += step {
		x := gutter + p.column(t)
		text := p.s.Moment(t)
		if x < end || x+c.Width(text) > r.W {
			continue
		}
		c.Sign(r, x, y, '┼', draw.Rule)
		end = c.Text(r, x, y+1, text, draw.Quiet) + 2
	}
}

// column is the cell of a time, and time that of a cell.
func (p *plot) column(t trace.Time) int {
	wide := max(p.to-p.from, 1)
	return int(float64(t-p.from) / float64(wide) * float64(p.area.W))
}

func (p *plot) time(x int) trace.Time {
	return p.from + trace.Time((float64(x)+0.5)/float64(p.area.W)*float64(p.to-p.from))
}

// picture draws lines and marks, the most telling last.
func (p *plot) picture(c *draw.Canvas) {
	d := newDots(p.area.W, p.area.H, c.ASCII)
	for i := len(p.chart.marks) - 1; i >= 0; i-- {
		if m := &p.chart.marks[i]; m.sign == '│' {
			p.bars(d, m)
		}
	}
	for i := len(p.chart.lines) - 1; i >= 0; i-- {
		p.line(d, &p.chart.lines[i])
	}
	d.put(c, p.area)
	for i := len(p.chart.lines) - 1; i >= 0; i-- {
		p.letters(c, &p.chart.lines[i], i)
	}
	for i := len(p.chart.marks) - 1; i >= 0; i-- {
		if m := &p.chart.marks[i]; m.sign != '│' {
			p.signs(c, m)
		}
	}
}

// line draws a quantity: in each column from its least to its greatest.
func (p *plot) line(d *dots, l *line) {
	was := -1
	for x, col := range p.fill(l.kind, d.columns()) {
		if !col.Has {
			was = -1
			continue
		}
		from, to := d.row(p.scale.height(col.Lo)), d.row(p.scale.height(col.Hi))
		if was >= 0 { // it goes on from where it was
			from, to = max(from, min(was, from)), min(to, max(was, to))
		}
		d.span(x, from, to, l.letter, l.look)
		was = to
		if col.Last == trace.Absent {
			was = -1
		}
	}
}

// bars draws stretches of values.
func (p *plot) bars(d *dots, m *marks) {
	for x, col := range p.fill(m.kind, d.columns()) {
		if col.Has {
			d.span(x, d.row(p.scale.height(col.Lo)), d.row(p.scale.height(col.Hi)), m.sign, m.look)
		}
	}
}

// letters names a line now and then, where it goes on.
func (p *plot) letters(c *draw.Canvas, l *line, nth int) {
	const every = 32
	cols := p.fill(l.kind, p.area.W)
	for x := 3 + 5*nth; x < len(cols); x += every {
		if !cols[x].Has || cols[x].Last == trace.Absent {
			continue
		}
		h := p.scale.height(cols[x].Last)
		sign := l.letter
		if h > 1 && x%(2*every) >= every {
			sign = '↑' // it is higher than that
		}
		c.Sign(p.area, x, p.cell(h), sign, l.look|draw.Bold)
	}
}

// cell is the line of a height.
func (p *plot) cell(h float64) int {
	last := p.area.H - 1
	return max(0, min(last, last-int(h*float64(last)+0.5)))
}

// signs draws what happens at moments: each column that has any shows it.
func (p *plot) signs(c *draw.Canvas, m *marks) {
	for x, col := range p.fill(m.kind, p.area.W) {
		if !col.Has || !m.spans && col.N == 0 {
			continue
		}
		from, to := p.cell(p.scale.height(col.Lo)), p.cell(p.scale.height(col.Hi))
		c.Sign(p.area, x, from, m.sign, m.look)
		c.Sign(p.area, x, to, m.sign, m.look)
		for y := to + 1; y < from && m.spans; y++ {
			c.Sign(p.area, x, y, m.sign, m.look)
		}
	}
}

// cursor draws the line at the cursor's time.
func (p *plot) cursor(c *draw.Canvas) {
	x := p.column(p.at)
	if p.at == p.to {
		x = p.area.W - 1
	}
	if x < 0 || x >= p.area.W {
		return
	}
	for y := range min(p.area.H, c.H-p.area.Y) {
		if c.Cells[(p.area.Y+y)*c.W+p.area.X+x].R == ' ' {
			c.Sign(p.area, x, y, '│', draw.Accent)
		} else {
			c.Mark(p.area, x, y, x+1, draw.Reverse)
		}
	}
	p.held = draw.At(p.area.X+x, p.area.Y+p.area.H-1, true)
}

// under is the event of what is in a column: of its marks, the most telling
// first, else of its lines; 0: there is nothing.
func (p *plot) under(x int) trace.EventID {
	one := func(k connection.Kind) trace.EventID {
		cols := p.fill(k, p.area.W)
		if x < 0 || x >= len(cols) || cols[x].N == 0 {
			return 0
		}
		return p.conn.Event(&cols[x])
	}
	for _, m := range p.chart.marks {
		if e := one(m.kind); e != 0 {
			return e
		}
	}
	for _, l := range p.chart.lines {
		if e := one(l.kind); e != 0 {
			return e
		}
	}
	return 0
}
