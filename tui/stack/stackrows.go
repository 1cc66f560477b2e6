package stack

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// The columns of a row: bar, tag, protocol, content. A narrow stack, such as
// half a router, says less of the content.
const (
	tagColumn   = scene.Margin
	protoColumn = 6
	bodyColumn  = 18
	narrowBody  = 15
	narrow      = 56
	tight       = 36
)

// bodyOf is where the content of a row begins in a stack of that width.
func bodyOf(w int) int {
	switch {
	case w < tight:
		return protoColumn // the tag must do
	case w < narrow:
		return narrowBody
	}
	return bodyColumn
}

func (s *Pane) row(c *draw.Canvas, r draw.Rect, w row, spread spread) {
	l := draw.LayerLook(w.layer)
	now := w.event != 0 && w.event == s.At.Event
	if now {
		c.Sign(r, 0, 0, '▐', draw.Accent)
		l |= draw.Bold
	}
	c.Text(r, tagColumn, 0, s.tag(w.layer), l)
	if w.event == 0 {
		return
	}
	s.rowAt = append(s.rowAt, scene.Hit{Area: r, Event: w.event})
	if s.LitStep(w.event, w.pdu) {
		c.Text(r, tagColumn+2, 0, "*", l|draw.Bold)
	}
	body := bodyOf(r.W)
	c.TextTo(r, protoColumn, 0, body-1, w.proto.String(), l)
	if now {
		c.Mark(r, tagColumn, 0, tagColumn+2, draw.Reverse)
	}
	e := s.T.Event(w.event)
	end := r.W
	if n := s.size(w, e); n >= 0 {
		end = c.Right(r, body, 0, r.W, fmt.Sprintf("%d B", n), l) - 1
	}
	switch {
	case e.Kind == trace.Drop:
		look := draw.Bad | draw.Bold
		if !e.Why.Reason().Bad {
			look = draw.Quiet
		}
		c.TextTo(r, body, 0, end, scene.DropWords(e), look)
	case w.layer == layers.Physical:
		c.TextTo(r, body, 0, end, s.onWire(e), l)
	case w.proto == layers.Connection:
		text := s.session(w)
		if body+c.Width(text) > end {
			text, _, _ = strings.Cut(text, ", ")
			if text += ", adds 0"; body+c.Width(text) > end {
				text = strings.TrimSuffix(text, ", adds 0")
			}
		}
		c.TextTo(r, body, 0, end, text, l)
	case w.proto == layers.UTF8:
		c.TextTo(r, body, 0, end, s.asText(w.pdu), l)
	case w.proto == layers.JSON:
		c.TextTo(r, body, 0, end, "the values as text, adds 0", l)
	case e.Kind == trace.Reassemble && w.layer > layers.Transport:
		c.TextTo(r, body, 0, end, "put together: "+s.begin(w.pdu, end), l)
	case scene.IsCoat(w.proto), w.proto == layers.HTTP && (e.Kind == trace.Encode || e.Kind == trace.Decode):
		s.coat(c, draw.Box(r.X+body, r.Y, end-body, 1), spread, w, now)
	case w.layer >= layers.Session:
		c.TextTo(r, body+spread.heads, 0, end, s.begin(w.pdu, end), draw.LayerLook(layers.Application))
	default:
		n, _ := s.nesting(w)
		s.nested(c, draw.Box(r.X+body, r.Y, end-body, 1), spread, n, now, scene.Preview)
	}
}

// size is how many bytes a row is about; less than 0: it is not about bytes.
func (s *Pane) size(w row, e trace.Event) int64 {
	if w.pdu == 0 || w.proto == layers.Wire {
		return -1
	}
	if e.Kind == trace.Write || e.Kind == trace.Read {
		if _, n := s.T.Extent(w.event); n > 0 {
			return n
		}
	}
	return s.T.Size(w.pdu)
}

// tag is the layer's sign; in the TCP/IP model the layers that it joins share
// a letter.
func (s *Pane) tag(l layers.Layer) string { return scene.ModelTag(l, s.Model) }

// coat draws what a coat does: the headers, what goes in, and, where it
// changes its form, what comes out.
func (s *Pane) coat(c *draw.Canvas, r draw.Rect, spread spread, w row, now bool) {
	made := s.T.Event(w.event).Kind == trace.Encode
	n, ok := s.nesting(w)
	if !ok {
		c.TextTo(r, spread.heads, 0, r.W, s.begin(w.pdu, r.W)+"  as it is, adds 0", draw.LayerLook(w.layer))
		return
	}
	is, _ := scene.CoatOf(s.T, w.pdu, w.proto, made)
	switch {
	case is.Changed && is.Inner == 0:
		say := "sealed"
		if s.T.Info().Secrets == nil {
			say += ", and the keys are not known here"
		}
		s.nested(c, r, spread, n, now, func([]byte) string { return say })
		return
	case !is.Changed:
		s.nested(c, r, spread, n, now, scene.Preview)
		return
	}
	skip := n.At - is.Head // the headers in it have blocks of their own
	if is.Body != is.N {
		skip = 0
	}
	plain := s.T.Append(nil, is.Inner, is.Off+skip, min(max(is.N-skip, 0), shownStart))
	s.nested(c, r, spread, n, now, func(b []byte) string {
		half := max((r.W-spread.heads-n.TailWidth(spread.brief)-len(" ► "))/2, 1)
		before, after := scene.Preview(plain), scene.Preview(b)
		if !made {
			before, after = after, before
		}
		if before = c.Clean(before); draw.Width(before) > half {
			before = draw.Cut(before, half)
		}
		return before + " ► " + after
	})
}

// shownStart is how many bytes of a message a line can show at most.
const shownStart = 512

// asText says what became of characters.
func (s *Pane) asText(id trace.PDUID) string {
	b := s.T.Append(nil, id, 0, shownStart)
	for i, r := range string(b) {
		if n := utf8.RuneLen(r); r > '~' && r != utf8.RuneError && n > 1 {
			return fmt.Sprintf("characters as bytes: %c is % x", r, b[i:i+n])
		}
	}
	return "the text as bytes, adds 0"
}

// nested draws a PDU as it nests: the headers from the outside in, what they
// carry as text shows it, and what comes behind.
func (s *Pane) nested(c *draw.Canvas, r draw.Rect, spread spread, n scene.Nesting, now bool, text func([]byte) string) {
	x := max(spread.heads-n.HeadWidth(spread.brief), 0)
	for i, b := range n.Heads {
		l := draw.LayerLook(b.Proto.Layer())
		if now && i == 0 {
			l |= draw.Reverse
		}
		x = c.TextTo(r, x, 0, r.W, b.Text(spread.brief), l)
	}
	behind, tails := n.Behind(spread.brief), n.TailWidth(spread.brief)
	if spread.brief {
		x++
	}
	form := n.Form
	if form == 0 {
		form = layers.Application
	}
	room := r.W - len(behind) - tails
	if n.Payload > 0 {
		say := n.Note
		if say == "" {
			say = text(n.PayloadStart(s.T, int64(max(room-x, 0)+4)))
		}
		if room-x < leastText { // no room for the text: how much it is
			say = fmt.Sprint(n.Payload)
		}
		x = c.TextTo(r, x, 0, room, say, draw.LayerLook(form))
	}
	for _, b := range n.Tails {
		l := draw.LayerLook(b.Proto.Layer())
		if now && len(n.Heads) > 0 && b.Proto == n.Heads[0].Proto {
			l |= draw.Reverse
		}
		x = c.TextTo(r, x, 0, r.W, b.Text(spread.brief), l)
	}
	if behind != "" {
		c.TextTo(r, x, 0, r.W, behind, draw.LayerLook(layers.DataLink))
	}
}

// begin is the beginning of a message.
func (s *Pane) begin(id trace.PDUID, room int) string {
	return scene.Preview(s.T.Append(nil, id, 0, min(s.T.Size(id), int64(max(room, 0)))))
}

// session names the connection: both ends, and where in its stream.
func (s *Pane) session(w row) string {
	g := s.Glance(s.T.FrameOf(w.event))
	from, to := g.Src.Peer(), g.Dst.Peer()
	if g.Src.Port == 0 && g.Dst.Port == 0 {
		return "adds 0 bytes"
	}
	if g.Proto == layers.UDP {
		return from + " ► " + to + ", adds 0 bytes"
	}
	out := from + " ⇄ " + to + ", adds 0 bytes"
	if off, n := s.T.Extent(w.event); off > 0 && n > 0 {
		out = fmt.Sprintf("%s ⇄ %s, bytes %d to %d, adds 0", from, to, off, off+n-1)
	}
	return out
}

// onWire says what the physical layer does.
func (s *Pane) onWire(e trace.Event) string {
	info := s.T.Info()
	size := s.T.Size(e.PDU)
	if e.Kind == trace.Arrive {
		return fmt.Sprintf("%d bits have arrived", size*8)
	}
	if e.Kind != trace.Transmit {
		return e.Kind.String()
	}
	if e.End == trace.NoEnd || e.End.Link() >= len(info.Links) {
		return fmt.Sprintf("%d bits", size*8)
	}
	link := info.Links[e.End.Link()]
	out := fmt.Sprintf("%d bits", size*8)
	if link.Rate > 0 {
		sending := trace.Time(size * 8 * int64(trace.Second) / link.Rate)
		out += fmt.Sprintf(", %s to send", trace.FormatDuration(sending))
	}
	if link.Delay > 0 {
		out += fmt.Sprintf(", %s on the way", trace.FormatDuration(link.Delay))
	}
	return out
}
