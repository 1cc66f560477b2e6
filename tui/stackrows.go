package tui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"strata/layers"
	"strata/trace"
)

// The columns of a row: bar, tag, protocol, content. A narrow stack, such as
// half a router, says less of the content.
const (
	tagColumn   = 2
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

func (s *stack) row(c *canvas, r rect, w row, spread spread, cur *cursor) {
	l := layerLook(w.layer)
	now := w.event != 0 && w.event == cur.event
	if now {
		c.sign(r, 0, 0, '▐', accent)
		l |= bold
	}
	c.text(r, tagColumn, 0, s.tag(w.layer), l)
	if w.event == 0 {
		return
	}
	s.rowAt = append(s.rowAt, hit{r, w.event})
	body := bodyOf(r.w)
	c.textTo(r, protoColumn, 0, body-1, w.proto.String(), l)
	if now {
		c.mark(r, tagColumn, 0, tagColumn+2, reverse)
	}
	e := s.t.Event(w.event)
	end := r.w
	if n := s.size(w, e); n >= 0 {
		end = c.right(r, body, 0, r.w, fmt.Sprintf("%d B", n), l) - 1
	}
	switch {
	case e.Kind == trace.Drop:
		look := bad | bold
		if !e.Why.Reason().Bad {
			look = quiet
		}
		c.textTo(r, body, 0, end, dropWords(e), look)
	case w.layer == layers.Physical:
		c.textTo(r, body, 0, end, s.onWire(e), l)
	case w.proto == layers.Connection:
		text := s.session(w)
		if body+c.width(text) > end {
			text, _, _ = strings.Cut(text, ", ")
			if text += ", adds 0"; body+c.width(text) > end {
				text = strings.TrimSuffix(text, ", adds 0")
			}
		}
		c.textTo(r, body, 0, end, text, l)
	case w.proto == layers.UTF8:
		c.textTo(r, body, 0, end, s.asText(w.pdu), l)
	case w.proto == layers.JSON:
		c.textTo(r, body, 0, end, "the values as text, adds 0", l)
	case e.Kind == trace.Reassemble && w.layer > layers.Transport:
		c.textTo(r, body, 0, end, "put together: "+s.begin(w.pdu, end), l)
	case isCoat(w.proto), w.proto == layers.HTTP && (e.Kind == trace.Encode || e.Kind == trace.Decode):
		s.coat(c, rect{r.x + body, r.y, end - body, 1}, spread, w, now)
	case w.layer >= layers.Session:
		c.textTo(r, body+spread.heads, 0, end, s.begin(w.pdu, end), layerLook(layers.Application))
	default:
		n, _ := s.nesting(w)
		s.nested(c, rect{r.x + body, r.y, end - body, 1}, spread, n, now, preview)
	}
}

// size is how many bytes a row is about; less than 0: it is not about bytes.
func (s *stack) size(w row, e trace.Event) int64 {
	if w.pdu == 0 || w.proto == layers.Wire {
		return -1
	}
	if e.Kind == trace.Write || e.Kind == trace.Read {
		if _, n := s.t.Extent(w.event); n > 0 {
			return n
		}
	}
	return s.t.Size(w.pdu)
}

// tag is the layer's sign; in the TCP/IP model the layers that it joins share
// a letter.
func (s *stack) tag(l layers.Layer) string { return modelTag(l, s.model) }

// modelTag is the sign of a layer in a model. The TCP/IP model's own have no
// numbers: Ap, Tr, In, Li.
func modelTag(l layers.Layer, m layers.Model) string {
	if m == layers.TCPIP && l != 0 {
		return l.In(m)[:2]
	}
	return l.Tag()
}

// coat draws what a coat does: the headers, what goes in, and, where it
// changes its form, what comes out.
func (s *stack) coat(c *canvas, r rect, spread spread, w row, now bool) {
	made := s.t.Event(w.event).Kind == trace.Encode
	n, ok := s.nesting(w)
	if !ok {
		c.textTo(r, spread.heads, 0, r.w, s.begin(w.pdu, r.w)+"  as it is, adds 0", layerLook(w.layer))
		return
	}
	is, _ := coatOf(s.t, w.pdu, w.proto, made)
	switch {
	case is.changed && is.inner == 0:
		say := "sealed"
		if s.t.Info().Secrets == nil {
			say += ", and the keys are not known here"
		}
		s.nested(c, r, spread, n, now, func([]byte) string { return say })
		return
	case !is.changed:
		s.nested(c, r, spread, n, now, preview)
		return
	}
	skip := n.at - is.head // the headers in it have blocks of their own
	if is.body != is.n {
		skip = 0
	}
	plain := s.t.Append(nil, is.inner, is.off+skip, min(max(is.n-skip, 0), shownStart))
	s.nested(c, r, spread, n, now, func(b []byte) string {
		half := max((r.w-spread.heads-n.tailWidth(spread.brief)-len(" ► "))/2, 1)
		before, after := preview(plain), preview(b)
		if !made {
			before, after = after, before
		}
		if before = c.clean(before); width(before) > half {
			before = cut(before, half)
		}
		return before + " ► " + after
	})
}

// shownStart is how many bytes of a message a line can show at most.
const shownStart = 512

// asText says what became of characters.
func (s *stack) asText(id trace.PDUID) string {
	b := s.t.Append(nil, id, 0, shownStart)
	for i, r := range string(b) {
		if n := utf8.RuneLen(r); r > '~' && r != utf8.RuneError && n > 1 {
			return fmt.Sprintf("characters as bytes: %c is % x", r, b[i:i+n])
		}
	}
	return "the text as bytes, adds 0"
}

// nested draws a PDU as it nests: the headers from the outside in, what they
// carry as text shows it, and what comes behind.
func (s *stack) nested(c *canvas, r rect, spread spread, n nesting, now bool, text func([]byte) string) {
	x := max(spread.heads-n.headWidth(spread.brief), 0)
	for i, b := range n.heads {
		l := layerLook(b.proto.Layer())
		if now && i == 0 {
			l |= reverse
		}
		x = c.textTo(r, x, 0, r.w, b.text(spread.brief), l)
	}
	behind, tails := n.behind(spread.brief), n.tailWidth(spread.brief)
	if spread.brief {
		x++
	}
	form := n.form
	if form == 0 {
		form = layers.Application
	}
	room := r.w - len(behind) - tails
	if n.payload > 0 {
		say := n.note
		if say == "" {
			say = text(n.payloadStart(s.t, int64(max(room-x, 0)+4)))
		}
		if room-x < leastText { // no room for the text: how much it is
			say = fmt.Sprint(n.payload)
		}
		x = c.textTo(r, x, 0, room, say, layerLook(form))
	}
	for _, b := range n.tails {
		l := layerLook(b.proto.Layer())
		if now && len(n.heads) > 0 && b.proto == n.heads[0].proto {
			l |= reverse
		}
		x = c.textTo(r, x, 0, r.w, b.text(spread.brief), l)
	}
	if behind != "" {
		c.textTo(r, x, 0, r.w, behind, layerLook(layers.DataLink))
	}
}

// begin is the beginning of a message.
func (s *stack) begin(id trace.PDUID, room int) string {
	return preview(s.t.Append(nil, id, 0, min(s.t.Size(id), int64(max(room, 0)))))
}

// session names the connection: both ends, and where in its stream.
func (s *stack) session(w row) string {
	g := s.glances.of(s.t, s.t.FrameOf(w.event))
	from, to := g.src.Peer(), g.dst.Peer()
	if g.src.Port == 0 && g.dst.Port == 0 {
		return "adds 0 bytes"
	}
	if g.proto == layers.UDP {
		return from + " ► " + to + ", adds 0 bytes"
	}
	out := from + " ⇄ " + to + ", adds 0 bytes"
	if off, n := s.t.Extent(w.event); off > 0 && n > 0 {
		out = fmt.Sprintf("%s ⇄ %s, bytes %d to %d, adds 0", from, to, off, off+n-1)
	}
	return out
}

// onWire says what the physical layer does.
func (s *stack) onWire(e trace.Event) string {
	info := s.t.Info()
	size := s.t.Size(e.PDU)
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

// dropWords say why a PDU ended, in a few words from its reason's code: "✗
// lost (fault)", "✗ dropped (ttl expired)"; what nobody misses is ignored.
func dropWords(e trace.Event) string {
	words := fateWords(e)
	switch {
	case strings.HasPrefix(words, "lost"):
		return "✗ " + words
	case !e.Why.Reason().Bad:
		return "ignored (" + words + ")"
	}
	return "✗ dropped (" + words + ")"
}

// fateWords are the same for one who sees the ✗ already: "lost (fault)", "ttl
// expired".
func fateWords(e trace.Event) string {
	kind, code, _ := strings.Cut(e.Why.String(), ".")
	switch {
	case code == "":
		return "lost"
	case kind == "fault":
		return "lost (fault)"
	}
	return strings.ReplaceAll(strings.TrimPrefix(code, "drop-"), "-", " ")
}
