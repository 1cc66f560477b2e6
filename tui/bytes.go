package tui

import (
	"fmt"

	"strata/layers"
)

// drawBytes draws the hex dump: a tag of the layer, the offset, the bytes in
// the colours of their layers with a bar where the layer changes, and the
// text. It gives the place of the chosen field's first byte.
func (v *inspect) drawBytes(c *canvas, r rect, model layers.Model) (x, y int, ok bool) {
	per := hexPerLine(r.w)
	n := v.end - v.base
	lines := (n + per - 1) / per
	v.area = r
	if room := v.formRoom(lines, r.h, per); room > 0 {
		if v.other.before {
			v.drawOther(c, r.top(room+1), per)
			r = r.below(room + 1)
		} else {
			above := min(lines, r.h-room-1)
			v.drawOther(c, r.below(above), per)
			r = r.top(above)
		}
		v.area = r
	}
	from, to := v.held()
	v.hits = v.needle.in(v.data(), mostHits)
	v.line = min(v.line, max(lines-r.h, 0))
	if to > from {
		first, last := (from-v.base)/per, (to-1-v.base)/per
		if last >= v.line+r.h {
			v.line = min(first, last-r.h+1)
		}
		if first < v.line {
			v.line = first
		}
	}
	for row := 0; row < r.h && v.line+row < lines; row++ {
		v.hexLine(c, r, row, per, model)
	}
	if hidden := lines - v.line - r.h; hidden > 0 && r.h > 0 {
		c.text(r, r.w-1, r.h-1, "~", rule)
	} else if int64(n) < v.total && r.h > lines {
		c.text(r, tagColumn, lines, fmt.Sprintf("~ and %d bytes more", v.total-int64(n)), quiet)
	}
	if to <= from || r.h <= 0 {
		return 0, 0, false
	}
	at := from - v.base
	return r.x + hexColumn(at%per, per), r.y + at/per - v.line, at/per-v.line < r.h
}

// hexColumn is the column of byte i of a line.
func hexColumn(i, per int) int {
	x := 10 + 3*i
	if i >= per/2 {
		x++
	}
	return x
}

func (v *inspect) hexLine(c *canvas, r rect, row, per int, model layers.Model) {
	begin, data := v.base+(v.line+row)*per, v.data()
	from, to := v.lit()
	c.text(r, 0, row, modelTag(v.owner[begin], model), layerLook(v.owner[begin])|bold)
	c.text(r, 3, row, fmt.Sprintf("%04x", begin-v.base), quiet)
	text := hexColumn(per, per) + 1
	for i := 0; i < per && begin+i < v.end; i++ {
		at := begin + i
		l := layerLook(v.owner[at])
		if v.isFresh(at) {
			l |= reverse
		}
		if at >= from && at < to {
			l |= underline | bold
		}
		if v.hit(at) {
			l |= reverse | bold
		}
		b := data[at]
		x := hexColumn(i, per)
		if i > 0 && v.owner[at] != v.owner[at-1] {
			c.sign(r, x-1, row, '|', rule)
		} else if i > 0 {
			for gap := hexColumn(i-1, per) + 2; gap < x; gap++ {
				c.put(r.x+gap, r.y+row, ' ', l&v.joined(at, from, to))
			}
		}
		c.text(r, x, row, fmt.Sprintf("%02x", b), l)
		if b < ' ' || b > '~' {
			b = '.'
		}
		c.text(r, text+i, row, string(rune(b)), l)
	}
}

// isFresh tells whether the step added or reads a byte.
func (v *inspect) isFresh(at int) bool {
	if v.in != v.home {
		return false
	}
	for _, r := range v.fresh {
		if at >= r[0] && at < r[1] {
			return true
		}
	}
	return false
}

// joined are the attributes that a byte shares with the one before it, so
// that a lit field has no holes.
func (v *inspect) joined(at, from, to int) look {
	keep := roles
	if v.isFresh(at-1) && v.isFresh(at) {
		keep |= reverse
	}
	if at-1 >= from && at < to {
		keep |= underline
	}
	return keep
}

// moveByte moves the choice to the field before or after in the bytes, or a
// line up or down.
func (v *inspect) moveByte(dx, dy, per int) {
	from, to := v.held()
	switch {
	case dy != 0:
		v.chooseByte(from + dy*per)
	case dx > 0:
		v.chooseByte(to)
	default:
		v.chooseByte(from - 1)
	}
}

// byteAt is the byte under a place of the pane.
func (v *inspect) byteAt(x, y int) (at int, ok bool) {
	r := v.area
	per := hexPerLine(r.w)
	for i := 0; i < per; i++ {
		col := r.x + hexColumn(i, per)
		if x == col || x == col+1 || x == r.x+hexColumn(per, per)+1+i {
			at = v.base + (v.line+y-r.y)*per + i
			return at, at < v.end && y >= r.y && y < r.y+r.h
		}
	}
	return 0, false
}

// mostHits bounds how many places of what was looked for are lit.
const mostHits = 256

// hit tells whether a byte belongs to what was looked for.
func (v *inspect) hit(at int) bool {
	for _, h := range v.hits {
		if at >= h[0] && at < h[1] {
			return true
		}
	}
	return false
}
