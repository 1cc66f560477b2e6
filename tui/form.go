package tui

import (
	"fmt"

	"strata/layers"
	"strata/trace"
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
func (v *inspect) adds(ev trace.Event, a about) {
	v.fresh, v.other = v.fresh[:0], otherForm{}
	t := v.t
	if t.Info().Captured && ev.Kind == trace.Transmit {
		return // adds nothing
	}
	if ev.Layer < layers.Session {
		if n := nest(t, a.pdu); len(n.heads) > 0 {
			v.fresh = append(v.fresh, [2]int{v.base, min(v.base+int(n.heads[0].n), v.end)})
		}
		return
	}
	made := ev.Kind == trace.Encode
	is, ok := coatOf(t, a.pdu, ev.Proto, made)
	if !ok || !made && ev.Kind != trace.Decode {
		return
	}
	for _, r := range [2][2]int64{{0, is.head}, {a.n - is.tail, a.n}} {
		if r[1] > r[0] {
			v.fresh = append(v.fresh, [2]int{v.base + int(r[0]), min(v.base+int(r[1]), v.end)})
		}
	}
	if is.changed && is.inner != 0 {
		v.other = otherForm{before: made, total: is.n, words: formWords(ev.Proto, made, t.Append(nil, a.pdu, 0, min(is.head, 14)))}
		v.other.bytes = t.Append(nil, is.inner, is.off, min(is.n, maxInspected))
		v.other.owner = owners(t, is, len(v.other.bytes), made)
	}
}

// owners are the layers that the bytes in a coat belong to.
func owners(t trace.Trace, is coating, size int, made bool) []layers.Layer {
	all := make([]layers.Layer, size)
	for i := range all {
		all[i] = layers.Application
	}
	if is.off != 0 {
		return all
	}
	at := 0
	n, _ := worn(t, is.inner, made)
	for _, b := range n.heads {
		for end := min(at+int(b.n), size); at < end; at++ {
			all[at] = b.proto.Layer()
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
func (v *inspect) formRoom(lines, h, per int) (n int) {
	if len(v.other.bytes) == 0 || v.in != v.home || h < 4 {
		return 0
	}
	n = (len(v.other.bytes) + per - 1) / per
	return min(n, max(h-1-lines, (h-1)/2))
}

// drawOther draws the other form: what went in above, what comes out beneath.
func (v *inspect) drawOther(c *canvas, r rect, per int) {
	o := &v.other
	sign, words := "► ", o.words
	y := 0
	if !o.before {
		x := c.text(r, tagColumn+1, 0, sign, accent)
		c.text(r, x, 0, words+fmt.Sprintf(", %d B:", o.total), plain)
		y++
	}
	for row := 0; y < r.h && row*per < len(o.bytes); row, y = row+1, y+1 {
		if o.before && y == r.h-1 {
			break
		}
		v.otherLine(c, r, y, row*per, per)
	}
	if o.before {
		x := c.text(r, tagColumn+1, r.h-1, sign, accent)
		c.text(r, x, r.h-1, words+fmt.Sprintf(", %d B:", v.total), plain)
	}
}

func (v *inspect) otherLine(c *canvas, r rect, y, begin, per int) {
	o := &v.other
	c.text(r, 0, y, o.owner[begin].Tag(), layerLook(o.owner[begin])|bold)
	c.text(r, 3, y, fmt.Sprintf("%04x", begin), quiet)
	for i := 0; i < per && begin+i < len(o.bytes); i++ {
		b, l := o.bytes[begin+i], layerLook(o.owner[begin+i])
		c.text(r, hexColumn(i, per), y, fmt.Sprintf("%02x", b), l)
		if b < ' ' || b > '~' {
			b = '.'
		}
		c.text(r, hexColumn(per, per)+1+i, y, string(rune(b)), l)
	}
}
