package inspect

import (
	"fmt"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// otherForm is what a coat that changes bytes makes of them, or made them of: what
// went in, or what comes out.
type otherForm struct {
	bytes  []byte
	total  int64
	owner  []layers.Layer
	words  string // what is done to them
	before bool   // they are what went in
}

// adds finds what the step adds or reads of the bytes shown, and, if it
// changes their form, the other form.
func (v *View) adds(ev trace.Event, a about) {
	v.fresh, v.other = v.fresh[:0], otherForm{}
	t := v.T
	if t.Info().Captured && ev.Kind == trace.Transmit {
		return // adds nothing
	}
	if ev.Layer < layers.Session {
		if n := scene.Nest(t, a.pdu); len(n.Heads) > 0 {
			v.fresh = append(v.fresh, [2]int{v.Base, min(v.Base+int(n.Heads[0].N), v.end)})
		}
		return
	}
	made := ev.Kind == trace.Encode
	is, ok := scene.CoatOf(t, a.pdu, ev.Proto, made)
	if !ok || !made && ev.Kind != trace.Decode {
		return
	}
	for _, r := range [2][2]int64{{0, is.Head}, {a.n - is.Tail, a.n}} {
		if r[1] > r[0] {
			v.fresh = append(v.fresh, [2]int{v.Base + int(r[0]), min(v.Base+int(r[1]), v.end)})
		}
	}
	if is.Changed && is.Inner != 0 {
		v.other = otherForm{before: made, total: is.N, words: formWords(ev.Proto, made, t.Append(nil, a.pdu, 0, min(is.Head, 14)))}
		v.other.bytes = t.Append(nil, is.Inner, is.Off, min(is.N, MaxInspected))
		v.other.owner = owners(t, is, len(v.other.bytes), made)
	}
}

// owners are the layers that the bytes in a coat belong to.
func owners(t trace.Trace, is scene.Coating, size int, made bool) []layers.Layer {
	all := make([]layers.Layer, size)
	for i := range all {
		all[i] = layers.Application
	}
	if is.Off != 0 {
		return all
	}
	at := 0
	n, _ := scene.Worn(t, is.Inner, made)
	for _, b := range n.Heads {
		for end := min(at+int(b.N), size); at < end; at++ {
			all[at] = b.Proto.Layer()
		}
	}
	return all
}

// formWords say what a coat does to the form of bytes.
func formWords(p layers.Proto, made bool, head []byte) string {
	switch {
	case p == layers.WebSocket && len(head) >= 6 && head[1]&0x80 != 0:
		key := head[len(head)-4:]
		if made {
			return fmt.Sprintf("mixed with the mask % x, behind a header", key)
		}
		return fmt.Sprintf("the header off, the mask % x taken out", key)
	case p == layers.TLS && made:
		return "encrypted, behind a header"
	case p == layers.TLS:
		return "opened with the keys of both ends"
	case p == layers.Gzip && made:
		return "packed"
	case p == layers.Gzip:
		return "unpacked"
	case p == layers.Base64 && made:
		return "each three bytes as four letters"
	case p == layers.Base64:
		return "each four letters as three bytes"
	case made:
		return "becomes"
	}
	return "is"
}

// formRoom divides the pane's lines: those of the other form, with a line of
// words between.
func (v *View) formRoom(lines, h, per int) (n int) {
	if len(v.other.bytes) == 0 || v.In != v.Home || h < 4 {
		return 0
	}
	n = (len(v.other.bytes) + per - 1) / per
	return min(n, max(h-1-lines, (h-1)/2))
}

// drawOther draws the other form: what went in above, what comes out beneath.
func (v *View) drawOther(c *draw.Canvas, r draw.Rect, per int) {
	o := &v.other
	sign, words := "► ", o.words
	y := 0
	if !o.before {
		x := c.Text(r, scene.Margin+1, 0, sign, draw.Accent)
		c.Text(r, x, 0, words+fmt.Sprintf(", %d B:", o.total), draw.Plain)
		y++
	}
	for row := 0; y < r.H && row*per < len(o.bytes); row, y = row+1, y+1 {
		if o.before && y == r.H-1 {
			break
		}
		v.otherLine(c, r, y, row*per, per)
	}
	if o.before {
		x := c.Text(r, scene.Margin+1, r.H-1, sign, draw.Accent)
		c.Text(r, x, r.H-1, words+fmt.Sprintf(", %d B:", v.total), draw.Plain)
	}
}

func (v *View) otherLine(c *draw.Canvas, r draw.Rect, y, begin, per int) {
	o := &v.other
	c.Text(r, 0, y, o.owner[begin].Tag(), draw.LayerLook(o.owner[begin])|draw.Bold)
	c.Text(r, 3, y, fmt.Sprintf("%04x", begin), draw.Quiet)
	for i := 0; i < per && begin+i < len(o.bytes); i++ {
		b, l := o.bytes[begin+i], draw.LayerLook(o.owner[begin+i])
		c.Text(r, hexColumn(i, per), y, fmt.Sprintf("%02x", b), l)
		if b < ' ' || b > '~' {
			b = '.'
		}
		c.Text(r, hexColumn(per, per)+1+i, y, string(rune(b)), l)
	}
}
