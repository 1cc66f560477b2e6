package inspect

import (
	"fmt"

	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Bytes draws the hex dump: a tag of the layer, the offset, the bytes in
// the colours of their layers with a bar where the layer changes, and the
// text.
type Bytes struct{ *View }

// Name is the pane's word.
func (v Bytes) Name() string { return "bytes" }

// Draw draws the bytes of the cursor's step.
func (v Bytes) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	v.Follow(s)
	x, inner := scene.Title(c, r, fmt.Sprintf("bytes: %s, %d B", v.bufferName(v.In), v.total), focus)
	v.drawTabs(c, r, x+2)
	return v.dump(c, inner)
}

// Do goes from byte to byte.
func (v Bytes) Do(a keys.Action, s *scene.Scene) bool {
	v.Follow(s)
	dx, dy := keys.Steps(a, max(v.area.H-1, 1))
	if dx == 0 && dy == 0 {
		return false
	}
	v.moveByte(dx, dy, HexPerLine(v.area.W))
	v.light()
	return true
}

// Click chooses the field of a byte, or another form of the bytes.
func (v Bytes) Click(x, y int, _ *scene.Scene) bool {
	for _, t := range v.Tabs {
		if t.Area.Has(x, y) {
			v.showBuffer(t.in)
			return true
		}
	}
	at, ok := v.byteAt(x, y)
	if ok {
		v.chooseByte(at)
		v.light()
	}
	return ok
}

// Wheel goes a line on.
func (v Bytes) Wheel(by int, s *scene.Scene) bool {
	v.Follow(s)
	v.moveByte(0, by, HexPerLine(v.area.W))
	v.light()
	return true
}

// dump draws the lines, and gives the place of the chosen field's first byte.
func (v *View) dump(c *draw.Canvas, r draw.Rect) draw.Spot {
	per := HexPerLine(r.W)
	n := v.end - v.Base
	lines := (n + per - 1) / per
	v.area = r
	if room := v.formRoom(lines, r.H, per); room > 0 {
		if v.other.before {
			v.drawOther(c, r.Top(room+1), per)
			r = r.Below(room + 1)
		} else {
			above := min(lines, r.H-room-1)
			v.drawOther(c, r.Below(above), per)
			r = r.Top(above)
		}
		v.area = r
	}
	from, to := v.held()
	v.hits = v.Needle.In(v.Data(), mostHits)
	v.line = min(v.line, max(lines-r.H, 0))
	if to > from {
		first, last := (from-v.Base)/per, (to-1-v.Base)/per
		if last >= v.line+r.H {
			v.line = min(first, last-r.H+1)
		}
		if first < v.line {
			v.line = first
		}
	}
	for row := 0; row < r.H && v.line+row < lines; row++ {
		v.hexLine(c, r, row, per)
	}
	if hidden := lines - v.line - r.H; hidden > 0 && r.H > 0 {
		c.Text(r, r.W-1, r.H-1, "~", draw.Rule)
	} else if int64(n) < v.total && r.H > lines {
		c.Text(r, scene.Margin, lines, fmt.Sprintf("~ and %d bytes more", v.total-int64(n)), draw.Quiet)
	}
	if to <= from || r.H <= 0 {
		return draw.Spot{}
	}
	at := from - v.Base
	return draw.At(r.X+hexColumn(at%per, per), r.Y+at/per-v.line, at/per-v.line < r.H)
}

// hexColumn is the column of byte i of a line.
func hexColumn(i, per int) int {
	x := 10 + 3*i
	if i >= per/2 {
		x++
	}
	return x
}

func (v *View) hexLine(c *draw.Canvas, r draw.Rect, row, per int) {
	begin, data := v.Base+(v.line+row)*per, v.Data()
	from, to := v.Lit()
	c.Text(r, 0, row, scene.ModelTag(v.owner[begin], v.Model), draw.LayerLook(v.owner[begin])|draw.Bold)
	c.Text(r, 3, row, fmt.Sprintf("%04x", begin-v.Base), draw.Quiet)
	text := hexColumn(per, per) + 1
	for i := 0; i < per && begin+i < v.end; i++ {
		at := begin + i
		l := draw.LayerLook(v.owner[at])
		if v.isFresh(at) {
			l |= draw.Reverse
		}
		switch {
		case at >= from && at < to:
			l |= draw.Underline | draw.Bold
		case v.litAt(at):
			l |= draw.Underline
		}
		if v.hit(at) {
			l |= draw.Reverse | draw.Bold
		}
		b := data[at]
		x := hexColumn(i, per)
		if i > 0 && v.owner[at] != v.owner[at-1] {
			c.Sign(r, x-1, row, '|', draw.Rule)
		} else if i > 0 {
			for gap := hexColumn(i-1, per) + 2; gap < x; gap++ {
				c.Put(r.X+gap, r.Y+row, ' ', l&v.joined(at, from, to))
			}
		}
		c.Text(r, x, row, fmt.Sprintf("%02x", b), l)
		if b < ' ' || b > '~' {
			b = '.'
		}
		c.Text(r, text+i, row, string(rune(b)), l)
	}
}

// isFresh tells whether the step added or reads a byte.
func (v *View) isFresh(at int) bool {
	if v.In != v.Home {
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
func (v *View) joined(at, from, to int) draw.Look {
	keep := draw.Roles
	if v.isFresh(at-1) && v.isFresh(at) {
		keep |= draw.Reverse
	}
	if at-1 >= from && at < to {
		keep |= draw.Underline
	}
	return keep
}

// moveByte moves the choice to the field before or after in the bytes, or a
// line up or down.
func (v *View) moveByte(dx, dy, per int) {
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
func (v *View) byteAt(x, y int) (at int, ok bool) {
	r := v.area
	per := HexPerLine(r.W)
	for i := 0; i < per; i++ {
		col := r.X + hexColumn(i, per)
		if x == col || x == col+1 || x == r.X+hexColumn(per, per)+1+i {
			at = v.Base + (v.line+y-r.Y)*per + i
			return at, at < v.end && y >= r.Y && y < r.Y+r.H
		}
	}
	return 0, false
}

// mostHits bounds how many places of what was looked for are lit.
const mostHits = 256

// hit tells whether a byte belongs to what was looked for.
func (v *View) hit(at int) bool {
	for _, h := range v.hits {
		if at >= h[0] && at < h[1] {
			return true
		}
	}
	return false
}

// HexWidth is the width of the hex dump with n bytes a line: tag, offset,
// bytes in two halves, text.
func HexWidth(n int) int { return 4 + 5 + 1 + 3*n + 1 + n + 1 }

// HexPerLine is how many bytes fit into a line of a width.
func HexPerLine(w int) int {
	if w >= HexWidth(16) {
		return 16
	}
	if w >= HexWidth(8) {
		return 8
	}
	return 4
}
