package tui

import (
	"fmt"
	"strings"

	"strata/layers"
	"strata/trace"
)

// stack draws the layers of one node, or of sender, hop and receiver: one
// row per header or transformation, with what it adds.
type stack struct {
	glances *glances
	model   layers.Model
	pass    passage
	at      trace.EventID
	t       trace.Trace
	rowAt   []hit // where rows were drawn, for the mouse
}

// hit is an event that can be chosen on the screen.
type hit struct {
	area  rect
	event trace.EventID
}

// follow works out the passage at an event, once.
func (s *stack) follow(t trace.Trace, e trace.EventID) {
	if s.t != t || s.at != e {
		s.t, s.at, s.pass = t, e, newPassage(t, e)
	}
}

// height is how many rows the stack needs at the cursor.
func (s *stack) height() int {
	n := 7
	for _, h := range s.pass.halves {
		n = max(n, len(h.fill()))
	}
	return n
}

// draw draws the stack at the cursor: at a router or switch two halves.
func (s *stack) draw(c *canvas, r rect, cur *cursor) {
	s.rowAt = s.rowAt[:0]
	now, before := s.pass.here()
	if now == nil {
		return
	}
	if !s.relay(now.node) {
		s.half(c, r, now, cur)
		return
	}
	if before == nil && now.up {
		now, before = &half{node: now.node}, now
	}
	left := rect{r.x, r.y, r.w/2 - 2, r.h}
	right := rect{r.x + r.w/2 + 1, r.y, r.w - r.w/2 - 1, r.h}
	if before != nil {
		s.half(c, left, before, cur)
	}
	s.half(c, right, now, cur)
	for y := 0; y < r.h; y++ {
		c.sign(r, r.w/2-1, y, '│', rule)
	}
}

// relay reports whether a node passes frames on and has no upper layers here.
func (s *stack) relay(n trace.NodeID) bool {
	now, _ := s.pass.here()
	for _, row := range now.rows {
		if row.layer > layers.Network {
			return false // a router talking itself
		}
	}
	kind := s.t.Info().Nodes[n].Kind
	return kind == "router" || kind == "switch"
}

// drawWide draws sender, hop and receiver side by side, each under its name.
func (s *stack) drawWide(c *canvas, r rect, cur *cursor) {
	s.rowAt = s.rowAt[:0]
	w := (r.w - 4) / 3
	column := func(i int) rect { return rect{r.x + i*(w+2), r.y, w, r.h} }
	halves := s.pass.halves
	if len(halves) == 0 {
		return
	}
	s.named(c, column(0), &halves[0], cur)
	last := halves[len(halves)-1]
	if len(halves) > 1 && last.up && !s.relay(last.node) {
		s.named(c, column(2), &last, cur)
		halves = halves[:len(halves)-1]
	}
	if len(halves) < 2 {
		return
	}
	s.hop(c, column(1), halves[1:], cur)
}

// hop draws the router or switch that was passed last, in two halves.
func (s *stack) hop(c *canvas, r rect, halves []half, cur *cursor) {
	in := halves[len(halves)-1]
	out := half{node: in.node}
	if !in.up && len(halves) > 1 {
		in, out = halves[len(halves)-2], in
	}
	s.name(c, r, in.node, "in, and out again", in.node == s.t.Event(cur.event).Node)
	w := r.w/2 - 1
	s.half(c, rect{r.x, r.y + 1, w - 1, r.h - 1}, &in, cur)
	s.half(c, rect{r.x + w + 2, r.y + 1, r.w - w - 2, r.h - 1}, &out, cur)
	for y := 1; y < r.h; y++ {
		c.sign(r, w, y, '│', rule)
	}
}

func (s *stack) named(c *canvas, r rect, h *half, cur *cursor) {
	way := "going down"
	if h.up {
		way = "going up"
	}
	s.name(c, r, h.node, way, h.node == s.t.Event(cur.event).Node)
	s.half(c, r.below(1), h, cur)
}

func (s *stack) name(c *canvas, r rect, n trace.NodeID, what string, here bool) {
	l := bold
	if here {
		l = accent
	}
	x := c.text(r, 2, 0, s.t.Info().Nodes[n].Name, l)
	c.text(r, x+2, 0, what, quiet)
}

// half draws the rows of one half.
func (s *stack) half(c *canvas, r rect, h *half, cur *cursor) {
	rows := h.fill()
	spread := s.spread(rows, r.w)
	if h.node == s.pass.halves[0].node && !h.up {
		s.before(c, r, rows)
	}
	for y, row := range rows {
		if y >= r.h {
			c.text(r, 1, r.h-1, "~", accent)
			return
		}
		s.row(c, rect{r.x, r.y + y, r.w, 1}, row, spread, cur)
	}
}

// before fills the rows above a segment that no program's step has led to:
// it is the stack's own, or carries what was written earlier.
func (s *stack) before(c *canvas, r rect, rows []row) {
	if len(rows) < 4 || rows[2].event != 0 || rows[3].layer != layers.Transport || rows[3].pdu == 0 {
		return
	}
	n := nest(s.t, rows[3].pdu)
	if n.payload == 0 {
		c.text(r, bodyColumn, 0, "no message: this is "+rows[3].proto.String()+"'s own", quiet)
		return
	}
	c.text(r, bodyColumn, 0, preview(n.payloadStart(s.t, int64(max(r.w, 0)))), quiet)
	c.text(r, bodyColumn, 2, fmt.Sprintf("bytes %d to %d of the stream, written earlier", n.at, n.at+n.payload-1), quiet)
}

// spread says how the headers of a half's rows are written: so that all
// payloads begin in one column, or where that leaves no room, in brief.
type spread struct {
	heads int // columns that the headers need
	brief bool
}

// leastText is the least room for the beginning of a payload.
const leastText = 8

func (s *stack) spread(rows []row, w int) spread {
	room := w - bodyOf(w) - len(" 1518 B")
	out, brief := spread{brief: w < tight}, 0
	for _, row := range rows {
		if row.pdu == 0 || row.layer > layers.Transport || row.layer <= layers.Physical {
			continue
		}
		n := nest(s.t, row.pdu)
		need := n.headWidth(false)
		out.heads = max(out.heads, need)
		brief = max(brief, n.headWidth(true))
		if n.payload > 0 {
			need += leastText
		}
		if need+len(n.behind(false)) > room {
			out.brief = true
		}
	}
	if out.brief {
		out.heads = brief
	}
	return out
}

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
	if w.pdu != 0 && w.proto != layers.Wire {
		end = c.right(r, body, 0, r.w, fmt.Sprintf("%d B", s.t.Size(w.pdu)), l) - 1
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
	case w.layer == layers.Session:
		c.textTo(r, body, 0, end, s.session(w), l)
	case w.layer == layers.Presentation:
		c.textTo(r, body, 0, end, "the text as bytes, adds 0", l)
	case w.layer >= layers.Session:
		c.textTo(r, body+spread.heads, 0, end, s.begin(w.pdu, end), layerLook(layers.Application))
	default:
		s.nested(c, rect{r.x + body, r.y, end - body, 1}, spread, w, now)
	}
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

// nested draws a PDU as it nests: the headers from the outside in, what they
// carry, and what comes behind.
func (s *stack) nested(c *canvas, r rect, spread spread, w row, now bool) {
	n := nest(s.t, w.pdu)
	x := max(spread.heads-n.headWidth(spread.brief), 0)
	for i, b := range n.heads {
		l := layerLook(b.proto.Layer())
		if now && i == 0 {
			l |= reverse
		}
		x = c.textTo(r, x, 0, r.w, b.text(spread.brief), l)
	}
	behind, gap := n.behind(spread.brief), 0
	if spread.brief {
		gap = 1
	}
	if n.payload > 0 {
		x += gap
		room := r.w - len(behind)
		text := preview(n.payloadStart(s.t, int64(max(room-x, 0)+4)))
		if room-x < leastText { // no room for the text: how much it is
			text = fmt.Sprint(n.payload)
		}
		x = c.textTo(r, x, 0, room, text, layerLook(layers.Application))
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
	f := s.t.Frame(s.t.FrameOf(w.event))
	g := s.glances.of(s.t, f)
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
