package header

import (
	"fmt"
	"strings"

	"strata/layers"
	"strata/layers/diagram"
	"strata/tui/draw"
	"strata/tui/scene"
)

// grid draws the rows.
type grid struct {
	p     *Pane
	c     *draw.Canvas
	r     draw.Rect
	owner *layers.Node // the chosen field
	unit  int          // columns of a bit
	tall  bool         // every row has three lines: a rule, the labels, the values
	look  draw.Look
	at    draw.Spot
}

// offsets is the room before a row, for its place in the header.
const offsets = scene.Margin + 4

func newGrid(c *draw.Canvas, r draw.Rect, p *Pane, owner *layers.Node) *grid {
	g := &grid{p: p, c: c, r: r, owner: owner, unit: 1, look: draw.LayerLook(p.diagram.Proto.Layer())}
	for unit := 4; unit > 1; unit-- {
		if offsets+diagram.RowBits*unit+1 <= r.W {
			g.unit = unit
			break
		}
	}
	return g
}

// draw draws the ruler and the rows around the chosen field.
func (g *grid) draw() draw.Spot {
	y := g.ruler()
	rows := g.p.diagram.Rows
	room := g.r.H - y - 1
	g.tall = 3*len(rows) <= room
	first, last := g.chosenRows()
	g.p.top = min(g.p.top, first)
	for g.p.top < first && g.lines(g.p.top, last+1) > room {
		g.p.top++
	}
	for g.p.top > 0 && g.lines(g.p.top-1, len(rows)) <= room {
		g.p.top--
	}
	i := g.p.top
	for ; i < len(rows) && (i == g.p.top || y+g.height(i) < g.r.H); i++ {
		g.rule(y, i)
		g.row(y+1, i)
		y += g.height(i)
	}
	g.rule(y, i)
	if i < len(rows) {
		g.c.Text(g.r, g.r.W-1, min(y, g.r.H-1), "~", draw.Accent)
	}
	return g.at
}

// lines is how many lines rows take.
func (g *grid) lines(from, to int) (n int) {
	for i := from; i < to; i++ {
		n += g.height(i)
	}
	return n
}

// height is how many lines a row takes, the rule above it included: where all
// labels and values stand side by side, two are enough.
func (g *grid) height(i int) int {
	row := &g.p.diagram.Rows[i]
	if g.tall {
		return 3
	}
	for k := range row.Cells {
		cell := &row.Cells[k]
		w := cell.Bits*g.unit - 1
		if label, shown := g.words(cell, w); !row.Open && cell.Node != nil && g.c.Width(label)+1+g.c.Width(shown) > w {
			return 3
		}
	}
	return 2
}

// chosenRows are the rows of the chosen field.
func (g *grid) chosenRows() (first, last int) {
	first = -1
	for i, row := range g.p.diagram.Rows {
		for _, cell := range row.Cells {
			if cell.Node == g.owner && g.owner != nil {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
	}
	return max(first, 0), last
}

// x is the column where a bit's cell begins.
func (g *grid) x(bit int) int { return offsets + bit*g.unit }

// ruler numbers the bits.
func (g *grid) ruler() int {
	if g.r.H < 8 {
		return 0
	}
	for bit := range diagram.RowBits {
		x := g.x(bit) + (g.unit+1)/2
		if g.unit == 1 {
			x = g.x(bit)
		}
		if bit%10 == 0 {
			g.c.Text(g.r, x, 0, fmt.Sprint(bit/10), draw.Quiet)
		}
		g.c.Text(g.r, x, 1, fmt.Sprint(bit%10), draw.Quiet)
	}
	return 2
}

// rule draws the line above row i: it meets the borders of both.
func (g *grid) rule(y, i int) {
	if y >= g.r.H {
		return
	}
	cross := func(bit int) {
		sign := '┼'
		switch {
		case g.c.ASCII:
		case bit == 0:
			sign = '├'
		case bit == diagram.RowBits:
			sign = '┤'
		}
		g.c.Sign(g.r, g.x(bit), y, sign, draw.Rule)
	}
	rows := g.p.diagram.Rows
	width := 0
	for _, k := range []int{i - 1, i} {
		if k >= 0 && k < len(rows) {
			width = max(width, bitsOf(&rows[k]))
		}
	}
	g.c.Line(g.r, g.x(0), y, g.x(width)+1, '─', draw.Rule)
	for _, k := range []int{i - 1, i} {
		if k < 0 || k >= len(rows) {
			continue
		}
		cross(0)
		for _, cell := range rows[k].Cells {
			cross(cell.Bit + cell.Bits)
		}
		cross(bitsOf(&rows[k]))
	}
}

func bitsOf(row *diagram.Row) int {
	if n := len(row.Cells); n > 0 && !row.Open {
		return row.Cells[n-1].Bit + row.Cells[n-1].Bits
	}
	return diagram.RowBits
}

// row draws a row's labels and values.
func (g *grid) row(y, i int) {
	row, deep := &g.p.diagram.Rows[i], g.height(i) == 3
	g.c.Right(g.r, 0, y, offsets-1, fmt.Sprint(row.At), draw.Quiet)
	g.border(y, 0, deep)
	if row.Open {
		g.border(y, diagram.RowBits, deep)
		g.open(y, row, deep)
		return
	}
	for k := range row.Cells {
		cell := &row.Cells[k]
		g.border(y, cell.Bit+cell.Bits, deep)
		g.cell(y, cell, deep)
	}
}

func (g *grid) border(y, bit int, deep bool) {
	g.c.Sign(g.r, g.x(bit), y, '│', draw.Rule)
	if deep {
		g.c.Sign(g.r, g.x(bit), y+1, '│', draw.Rule)
	}
}

// open draws a row that stands for many bytes.
func (g *grid) open(y int, row *diagram.Row, deep bool) {
	label, shown := map[diagram.Kind]string{
		diagram.Fields: "not known here", diagram.Payload: "payload", diagram.More: "more fields, not drawn",
	}[row.Kind], ""
	var n *layers.Node
	if len(row.Cells) > 0 && row.Cells[0].Node != nil {
		n = row.Cells[0].Node
		label, shown = n.Field.Label, value(g.p.tree, n)
	}
	text := fmt.Sprintf("~ %s, %d bytes", label, row.Bytes)
	if row.Bytes == 1 {
		text = strings.TrimSuffix(text, "s")
	}
	look := g.looks(n)
	if n == nil {
		look = draw.Quiet
	}
	end := g.c.TextTo(g.r, g.x(0)+1, y, g.x(diagram.RowBits), text, look)
	if deep {
		g.c.TextTo(g.r, g.x(0)+3, y+1, g.x(diagram.RowBits), shown, g.look)
	} else if shown != "" {
		g.c.TextTo(g.r, end+1, y, g.x(diagram.RowBits), shown, g.look)
	}
	g.spot(y, 0, diagram.RowBits, n, deep)
}

// looks is the look of a field's label.
func (g *grid) looks(n *layers.Node) draw.Look {
	switch {
	case n == nil:
		return draw.Quiet
	case n == g.owner:
		return draw.Bold | draw.Underline
	}
	return draw.Plain
}

// spot notes where a cell was drawn; the terminal's cursor is on the chosen one.
func (g *grid) spot(y, bit, bits int, n *layers.Node, deep bool) {
	h := 1
	if deep {
		h = 2
	}
	g.p.drawn = append(g.p.drawn, spot{draw.Box(g.r.X+g.x(bit)+1, g.r.Y+y, bits*g.unit-1, h), n})
	if n != nil && n == g.owner && !g.at.OK {
		g.at = draw.At(g.r.X+g.x(bit)+1, g.r.Y+y, y < g.r.H)
		g.c.Sign(g.r, 0, y, '▐', draw.Accent)
	}
}

// cell draws one cell: its label and value, as far as they fit.
func (g *grid) cell(y int, cell *diagram.Cell, deep bool) {
	from, to := g.x(cell.Bit)+1, g.x(cell.Bit+cell.Bits)
	label, shown := g.words(cell, to-from)
	look, values := g.looks(cell.Node), g.look
	if cell.Node == g.owner && g.owner != nil {
		values |= draw.Bold | draw.Underline
	}
	switch {
	case to <= from && deep: // a bit in one column has the border's place
		g.c.TextTo(g.r, from-1, y, from, short(cell.Node, 1), look)
		g.c.Sign(g.r, from-1, y+1, rune('0'+cell.Raw&1), values)
	case to <= from:
		g.c.Sign(g.r, from-1, y, rune('0'+cell.Raw&1), values)
	case deep:
		g.c.TextTo(g.r, from, y, to, label, look)
		g.c.TextTo(g.r, from, y+1, to, shown, values)
	default:
		x := g.c.TextTo(g.r, from, y, to, label, look)
		g.c.TextTo(g.r, x+1, y, to, shown, values)
	}
	g.spot(y, cell.Bit, cell.Bits, cell.Node, deep)
}

// words are a cell's label and value, for w columns. One that goes on from the
// row before has its label in brackets.
func (g *grid) words(cell *diagram.Cell, w int) (label, shown string) {
	if cell.Node == nil {
		return "", ""
	}
	label, shown = short(cell.Node, w), g.brief(cell, w)
	if !cell.First && w > 2 {
		label = "(" + label + ")"
	}
	return label, shown
}

// short is a field's name for a cell: in words, or, where they do not fit, as
// the filter language has it; of a single bit its first letter.
func short(n *layers.Node, w int) string {
	if n == nil {
		return ""
	}
	label := n.Field.Label
	if len(label) <= w && label != "" {
		return label
	}
	name := n.Field.Name[strings.LastIndexByte(n.Field.Name, '.')+1:]
	switch {
	case name == "":
		return label
	case w <= 2:
		return strings.ToUpper(name[:1])
	}
	return name
}

// brief is a cell's value, in words or in short.
func (g *grid) brief(cell *diagram.Cell, w int) string {
	n := cell.Node
	if cell.Bits == 1 || w <= 1 {
		return fmt.Sprint(cell.Raw)
	}
	if cell.First && cell.Last {
		shown := value(g.p.tree, n)
		if g.c.Width(shown) <= w {
			return shown
		}
		if number, _, ok := strings.Cut(shown, " "); ok && len(number) <= w && strings.Trim(number, "0123456789") == "" {
			return number
		}
		if n.Field.Type <= layers.TypeEnum {
			return fmt.Sprint(cell.Raw)
		}
		return shown
	}
	// A part of a longer field: its own bytes; with the first, the whole.
	if cell.First && n.Field.Type != layers.TypeBytes {
		if shown := value(g.p.tree, n); len(shown) <= w {
			return shown
		}
	}
	if cell.Bits%4 == 0 {
		return fmt.Sprintf("%0*x", cell.Bits/4, cell.Raw)
	}
	return fmt.Sprintf("%0*b", cell.Bits, cell.Raw)
}

// value is a field's value for people; of a number that counts from its
// connection's start, also the bytes that stand there.
func value(t *layers.Tree, n *layers.Node) string {
	b := t.Buffer(n.In)
	if count, ok := strings.CutSuffix(n.Show, " (relative)"); ok && n.Len > 0 && n.Pos+n.Len <= len(b) {
		return fmt.Sprintf("%s (%x)", count, b[n.Pos:n.Pos+n.Len])
	}
	return n.Show
}
