package wire

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace/bits"
	"strata/tui/draw"
	"strata/tui/scene"
)

// The columns of a line of bits: its first bit's number, then eight bits and a
// blank for each byte; on the right the bytes in hexadecimal, as far as there
// is room.
const (
	bitsAt   = scene.Margin + 7
	perByte  = 9
	hexWidth = 3
)

// dump draws the bits in the order in which they leave.
func (p *Pane) dump(c *draw.Canvas, r draw.Rect) draw.Spot {
	p.page = r.H
	n := int(p.look.Bits / 8)
	per := 1
	for _, k := range []int{2, 4, 8, 16} {
		if bitsAt+k*(perByte+hexWidth)+1 <= r.W {
			per = k
		}
	}
	if r.H <= 0 || n == 0 {
		return draw.Spot{}
	}
	p.lines = (n + per - 1) / per
	from, to := p.chosen()
	p.line = max(min(p.line, p.lines-r.H), 0)
	for y := 0; y < r.H && p.line+y < p.lines; y++ {
		first := (p.line + y) * per
		c.Right(r, 0, y, bitsAt-1, fmt.Sprint(first*8), draw.Quiet)
		for k := range min(per, n-first) {
			p.octet(c, r, y, per, first+k, k, first+k >= from && first+k < to)
		}
	}
	if p.line+r.H < p.lines {
		c.Text(r, r.W-1, r.H-1, "~", draw.Accent)
	}
	return draw.At(r.X+bitsAt, r.Y, true)
}

// octet draws byte i, the kth of its line.
func (p *Pane) octet(c *draw.Canvas, r draw.Rect, y, per, i, k int, lit bool) {
	q := p.section(int64(i) * 8)
	l := look(q.Kind)
	if lit {
		l |= draw.Underline | draw.Bold
	}
	value := byte(0)
	for b := range 8 {
		bit, _ := p.look.Bit(int64(i*8 + b))
		value |= bit << b
		at := l
		if slices.Contains(p.look.Flipped, int64(i*8+b)) {
			at = draw.Bad | draw.Reverse
		}
		c.Text(r, bitsAt+k*perByte+b, y, string('0'+rune(bit)), at)
	}
	c.Text(r, bitsAt+per*perByte+k*hexWidth, y, fmt.Sprintf("%02x", value), l)
	if q.From == int64(i)*8 && k > 0 {
		c.Sign(r, bitsAt+k*perByte-1, y, '│', draw.Rule)
	}
}

func (p *Pane) section(bit int64) bits.Section {
	for _, q := range p.look.Sections {
		if bit < q.From+q.Bits {
			return q
		}
	}
	return bits.Section{}
}

// chosen is the bytes of the chosen field, as places among those that leave.
func (p *Pane) chosen() (from, to int) {
	if p.View == nil || p.View.Tree == nil || p.View.In != layers.InFrame || p.View.Home != layers.InFrame {
		return 0, 0
	}
	from, to = p.View.Lit()
	if to <= from || len(p.look.Sections) == 0 {
		return 0, 0
	}
	before := -p.look.Noted
	if p.look.Framed {
		before += bits.PreambleSize + bits.SFDSize
	}
	return from + before, to + before
}
