package reassembly

import (
	"fmt"

	"strata/trace"
	"strata/trace/buffers"
	"strata/tui/draw"
	"strata/tui/scene"
)

// The columns of a row. A narrow pane does without the sender's side.
const (
	rowSign  = scene.Margin + 21
	rowWord  = rowSign + 2
	rowBy    = rowWord + 13
	rowAcked = 13 // from the right edge
	wideRows = rowBy + 44
)

// rows lists the ranges: which bytes, how they stand, who brought them or will.
func (p *Pane) rows(c *draw.Canvas, r draw.Rect, s *scene.Scene) draw.Spot {
	p.area = r
	all := p.look.Ranges
	if r.H <= 0 || len(all) == 0 {
		return draw.Spot{}
	}
	p.at = min(p.at, len(all)-1)
	p.top = max(min(p.top, p.at, len(all)-r.H), p.at-r.H+1, 0)
	for y := 0; y < r.H && p.top+y < len(all); y++ {
		p.row(c, r, y, s, p.top+y)
	}
	switch {
	case p.top+r.H < len(all):
		c.Text(r, r.W-1, r.H-1, "~", draw.Accent)
	case p.look.Cut && len(all)-p.top < r.H:
		c.Text(r, scene.Margin, len(all)-p.top, "~ and more behind it, that is not shown", draw.Quiet)
	case p.look.Merged > 0 && len(all)-p.top < r.H:
		c.Text(r, scene.Margin, len(all)-p.top, fmt.Sprintf("%d pieces share a row with others like them", p.look.Merged), draw.Quiet)
	}
	return draw.At(r.X+scene.Margin, r.Y+p.at-p.top, true)
}

func (p *Pane) row(c *draw.Canvas, r draw.Rect, y int, s *scene.Scene, i int) {
	q := &p.look.Ranges[i]
	sign, look := p.here(q), draw.Plain
	if i == p.at {
		c.Sign(r, 0, y, '▐', draw.Accent)
		look |= draw.Underline
	}
	if q.Lit {
		look |= draw.Reverse
	}
	c.Right(r, scene.Margin, y, rowSign-1, fmt.Sprintf("%d - %d", q.From, q.To-1), look)
	c.Sign(r, rowSign, y, sign.glyph, sign.look)
	c.TextTo(r, rowWord, y, rowBy-1, sign.word, sign.look)
	end := r.W
	if r.W >= wideRows && !p.look.Packet && q.State != buffers.Unsent {
		end -= rowAcked
		sent := p.sent(q)
		if q.State.Here() && sent.glyph == '-' { // the bytes have arrived; their sender does not know
			sent.word = "no ACK yet"
		}
		c.TextTo(r, end+1, y, r.W, sent.word, sent.look)
	}
	c.TextTo(r, rowBy, y, end, p.by(s, q), draw.Plain)
}

// by says which frame brought a range, or who will.
func (p *Pane) by(s *scene.Scene, q *buffers.Range) string {
	frame := func(e trace.EventID) string { return fmt.Sprintf("frame %d", s.T.FrameOf(e)+1) }
	later := func(e trace.EventID) string {
		return trace.FormatDuration(s.T.Event(e).Time - s.T.Event(s.At.Event).Time)
	}
	text := ""
	switch {
	case q.Pieces > 1:
		text = fmt.Sprintf("%d pieces, from %s on", q.Pieces, frame(q.Piece.Sent))
	case q.State.Here() && q.Piece.Got != 0:
		text = "by " + frame(q.Piece.Got)
		if q.Piece.Again {
			text = "by ↻ " + frame(q.Piece.Got)
		}
		if q.Copies > 1 {
			text += fmt.Sprintf(", sent %d times", q.Copies)
		}
		if p.look.Packet && q.To == p.look.Total {
			text += ", the last (MF is 0)"
		}
	case q.State == buffers.Lost && q.Piece.Got != 0 && q.Piece.Got < q.Piece.Lost:
		return "came with " + frame(q.Piece.Got) + ", and was given up"
	case q.State == buffers.Lost && q.Piece.PDU != 0:
		text = frame(q.Piece.Lost)
	case q.State == buffers.OnTheWay && q.Piece.Got != 0 && p.look.Inferred:
		return "comes with this frame"
	case q.State == buffers.OnTheWay && q.Piece.Got != 0:
		return "comes with " + frame(q.Piece.Got) + ", in " + later(q.Piece.Got)
	case q.State == buffers.OnTheWay && q.Piece.Lost != 0:
		text = "will be lost with " + frame(q.Piece.Lost)
	}
	if q.State.Here() {
		return text
	}
	switch {
	case q.State == buffers.Unsent && q.Filler.PDU != 0:
		return "comes with " + frame(q.Filler.Got) + ", in " + later(q.Filler.Got)
	case q.Filler.PDU != 0 && text != "":
		return text + "; ↻ " + frame(q.Filler.Got) + ", in " + later(q.Filler.Got)
	case q.Filler.PDU != 0:
		return "↻ " + frame(q.Filler.Got) + " brings it, in " + later(q.Filler.Got)
	case q.State == buffers.Unsent:
		return text
	}
	if text != "" {
		text += "; "
	}
	return text + "nothing brings it"
}
