package tui

import (
	"fmt"
	"slices"

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
	first := 0
	if i := slices.IndexFunc(rows, func(w row) bool { return w.event != 0 && w.event == cur.event }); i > r.h-2 {
		first = max(min(i-r.h+2, len(rows)-r.h), 0) // the row of this step stays in sight
	}
	for y := 0; y < r.h && first+y < len(rows); y++ {
		s.row(c, rect{r.x, r.y + y, r.w, 1}, rows[first+y], spread, cur)
	}
	if first > 0 {
		c.text(r, 1, 0, "~", accent)
	}
	if first+r.h < len(rows) {
		c.text(r, 1, r.h-1, "~", accent)
	}
}

// before fills the rows above what no program's step has led to: it is a
// protocol's own, or carries what was written earlier.
func (s *stack) before(c *canvas, r rect, rows []row) {
	first := slices.IndexFunc(rows, func(w row) bool { return w.event != 0 })
	if first < 1 || rows[first].pdu == 0 || rows[0].event != 0 {
		return
	}
	own := "no message: this is " + rows[first].proto.String() + "'s own"
	if s.t.Event(rows[first].event).Kind == trace.Encode && isCoat(rows[first].proto) {
		c.text(r, bodyColumn, 0, own, quiet)
		return
	}
	if first < 3 || rows[first].layer != layers.Transport {
		return
	}
	n := nest(s.t, rows[first].pdu)
	if n.size == 0 {
		c.text(r, bodyColumn, 0, own, quiet)
		return
	}
	text := preview(n.payloadStart(s.t, int64(max(r.w, 0))))
	if n.note != "" {
		text = n.note
	}
	c.text(r, bodyColumn, 0, text, quiet)
	c.text(r, bodyColumn, 2, fmt.Sprintf("bytes %d to %d of the stream, written earlier", n.from, n.from+n.size-1), quiet)
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
		n, ok := s.nesting(row)
		if !ok {
			continue
		}
		need := n.headWidth(false)
		out.heads = max(out.heads, need)
		brief = max(brief, n.headWidth(true))
		if n.payload > 0 {
			need += leastText
		}
		if need+n.tailWidth(false)+len(n.behind(false)) > room {
			out.brief = true
		}
	}
	if out.brief {
		out.heads = brief
	}
	return out
}

// nesting is how a row's PDU is made up, if it is shown as it nests.
func (s *stack) nesting(w row) (n nesting, ok bool) {
	switch {
	case w.pdu == 0 || w.event == 0 || w.layer <= layers.Physical:
		return n, false
	case w.layer <= layers.Transport:
		return nest(s.t, w.pdu), true
	}
	kind := s.t.Event(w.event).Kind
	if kind != trace.Encode && kind != trace.Decode {
		return n, false
	}
	return worn(s.t, w.pdu, kind == trace.Encode)
}
