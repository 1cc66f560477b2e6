package reassembly

import (
	"strata/trace/buffers"
	"strata/tui/draw"
	"strata/tui/scene"
)

// sign is how a range shows in a bar and before its row.
type sign struct {
	glyph rune
	look  draw.Look
	word  string
}

// here is how a range stands at its receiver.
func (p *Pane) here(r *buffers.Range) sign {
	l := draw.LayerLook(p.layer())
	switch r.State {
	case buffers.Read:
		return sign{'=', l, "read"}
	case buffers.Ready:
		if p.look.Packet {
			return sign{'#', l, "here"}
		}
		return sign{'#', l | draw.Bold, "in order"}
	case buffers.Held:
		if p.look.Packet {
			return sign{'#', l, "here"}
		}
		return sign{'+', l, "waits"}
	case buffers.Unseen:
		return sign{'?', draw.Quiet, "not captured"}
	case buffers.OnTheWay:
		return sign{'-', draw.Quiet, "on its way"}
	case buffers.Lost:
		if p.look.Inferred {
			return sign{'✗', draw.Bad, "missing"}
		}
		return sign{'✗', draw.Bad, "lost"}
	}
	return sign{'.', draw.Rule, "not sent"}
}

// sent is how a range stands for its sender.
func (p *Pane) sent(r *buffers.Range) sign {
	l := draw.LayerLook(p.layer())
	switch {
	case r.Acked:
		return sign{'=', l, "acknowledged"}
	case r.SACK:
		return sign{'+', l, "SACK"}
	case r.State == buffers.Unsent:
		return sign{'.', draw.Rule, "written"}
	}
	return sign{'-', draw.Quiet, "on its way"}
}

// barAt is the column where the bars begin.
const barAt = scene.Margin + 6

// bars draws both ends, one above the other, with their marks, and gives the
// line beneath.
func (p *Pane) bars(c *draw.Canvas, r draw.Rect, y int) int {
	l := p.look
	w := r.W - barAt - 1
	if w < 8 || len(l.Ranges) == 0 {
		return y
	}
	from, to, cut := p.stretch()
	if !l.Packet {
		c.Text(r, scene.Margin, y, "sent", draw.Quiet)
		p.bar(c, r, y, w, from, to, p.sent)
		y++
	}
	c.Text(r, scene.Margin, y, "here", draw.Quiet)
	p.bar(c, r, y, w, from, to, p.here)
	y++
	column := func(at int64) int { return barAt + int(int64(w)*(at-from)/max(to-from, 1)) }
	if cut {
		c.Text(r, barAt+w, y-1, "~", draw.Accent)
	}
	if l.Read >= from && l.Read > 0 && !l.Packet {
		x := column(l.Read)
		c.Sign(r, x, y, '►', draw.Accent)
		if x >= barAt+5 {
			c.TextTo(r, x-5, y, x, "read", draw.Quiet)
		}
	}
	if l.Next >= from && l.Next < to {
		x := column(l.Next)
		c.Text(r, x, y, "^", draw.Accent)
		c.TextTo(r, x+2, y, r.W, "next", draw.Quiet)
	}
	return p.legend(c, r, y+1)
}

// stretch is what the bars show: of what is written and not sent, only the
// beginning.
func (p *Pane) stretch() (from, to int64, cut bool) {
	l := p.look
	from, to = l.Ranges[0].From, l.Ranges[len(l.Ranges)-1].To
	if most := l.High + (l.High-from)/4; !l.Packet && l.High > from && to > most {
		return from, most, true
	}
	return from, to, l.Cut
}

// legend says what the signs mean that are there.
func (p *Pane) legend(c *draw.Canvas, r draw.Rect, y int) int {
	if r.H-y < 6 {
		return y
	}
	seen := map[string]bool{}
	x := scene.Margin
	for i := range p.look.Ranges {
		s := p.here(&p.look.Ranges[i])
		if seen[s.word] || x+len(s.word)+5 > r.W {
			continue
		}
		seen[s.word] = true
		c.Sign(r, x, y, s.glyph, s.look)
		x = c.Text(r, x+2, y, s.word, draw.Quiet) + 3
	}
	return y + 1
}

// bar draws ranges in proportion. Where several share a column, the one shows
// that matters most: what the step changed, and what is missing.
func (p *Pane) bar(c *draw.Canvas, r draw.Rect, y, w int, from, to int64, of func(*buffers.Range) sign) {
	k := 0
	for x := range w {
		a := from + (to-from)*int64(x)/int64(w)
		b := max(from+(to-from)*int64(x+1)/int64(w), a+1)
		for k > 0 && p.look.Ranges[k].From > a {
			k--
		}
		for k < len(p.look.Ranges)-1 && p.look.Ranges[k].To <= a {
			k++
		}
		best := &p.look.Ranges[k]
		for i := k; i < len(p.look.Ranges) && p.look.Ranges[i].From < b; i++ {
			if q := &p.look.Ranges[i]; weight(q) > weight(best) {
				best = q
			}
		}
		s := of(best)
		if best.Lit {
			s.look |= draw.Reverse
		}
		c.Sign(r, barAt+x, y, s.glyph, s.look)
	}
}

func weight(r *buffers.Range) (n int) {
	if r.Lit {
		n += 8
	}
	switch r.State {
	case buffers.Lost:
		n += 3
	case buffers.OnTheWay, buffers.Unseen:
		n += 2
	case buffers.Held:
		n++
	}
	return n
}
