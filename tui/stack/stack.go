// Package stack is the pane of layers: one PDU growing and shrinking, one row
// per header or transformation, with what it adds.
//
//	Passage   what has happened to a message up to the cursor, node by node:
//	          each node that makes a frame or takes one apart is one half
//	Pane      draws one half, the two of a router, or sender, hop and receiver
package stack

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane draws the layers of one node, or of sender, hop and receiver: one
// row per header or transformation, with what it adds.
type Pane struct {
	*scene.Scene
	pass  passage
	of    trace.EventID // whose passage it is
	rowAt []scene.Hit   // where rows were drawn, for the mouse
}

// follow works out the passage at the cursor, once.
func (s *Pane) follow(sc *scene.Scene) {
	if s.Scene != sc || s.of != sc.At.Event {
		s.Scene, s.of, s.pass = sc, sc.At.Event, NewPassage(sc.T, sc.At.Event)
	}
}

// Height is how many rows the stack needs at the cursor.
func (s *Pane) Height(sc *scene.Scene) int {
	s.follow(sc)
	n := 7
	for _, h := range s.pass.halves {
		n = max(n, len(h.fill()))
	}
	return n
}

// Name is the pane's word.
func (s *Pane) Name() string { return "stack" }

// wide is the least width for sender, hop and receiver side by side.
const wide = 150

// Draw draws the stack at the cursor; where there is room, those of sender,
// hop and receiver.
func (s *Pane) Draw(c *draw.Canvas, r draw.Rect, sc *scene.Scene, focus bool) draw.Spot {
	s.follow(sc)
	s.rowAt = s.rowAt[:0]
	title := "stack"
	if r.W >= wide {
		title = "stack: sender, hop, receiver"
	}
	_, r = scene.Title(c, r, title, focus)
	if r.W >= wide {
		s.drawWide(c, r)
	} else {
		s.drawOne(c, r)
	}
	return scene.Held(s.rowAt, s.At.Event)
}

// Do has no keys of its own.
func (s *Pane) Do(keys.Action, *scene.Scene) bool { return false }

// Click goes to the step of a row.
func (s *Pane) Click(x, y int, sc *scene.Scene) bool { return scene.GoWhere(s.rowAt, x, y, sc) }

// Wheel goes by steps.
func (s *Pane) Wheel(by int, sc *scene.Scene) bool { return sc.At.Move(by) }

// drawOne draws one stack: at a router or switch two halves.
func (s *Pane) drawOne(c *draw.Canvas, r draw.Rect) {
	now, before := s.pass.Here()
	if now == nil {
		return
	}
	if !s.relay(now.Node) {
		s.half(c, r, now)
		return
	}
	if before == nil && now.up {
		now, before = &half{Node: now.Node}, now
	}
	left := draw.Box(r.X, r.Y, r.W/2-2, r.H)
	right := draw.Box(r.X+r.W/2+1, r.Y, r.W-r.W/2-1, r.H)
	if before != nil {
		s.half(c, left, before)
	}
	s.half(c, right, now)
	for y := 0; y < r.H; y++ {
		c.Sign(r, r.W/2-1, y, '│', draw.Rule)
	}
}

// relay reports whether a node passes frames on and has no upper layers here.
func (s *Pane) relay(n trace.NodeID) bool {
	now, _ := s.pass.Here()
	for _, row := range now.Rows {
		if row.layer > layers.Network {
			return false // a router talking itself
		}
	}
	kind := s.T.Info().Nodes[n].Kind
	return kind == "router" || kind == "switch"
}

// drawWide draws sender, hop and receiver side by side, each under its name.
func (s *Pane) drawWide(c *draw.Canvas, r draw.Rect) {
	s.rowAt = s.rowAt[:0]
	w := (r.W - 4) / 3
	column := func(i int) draw.Rect { return draw.Box(r.X+i*(w+2), r.Y, w, r.H) }
	halves := s.pass.halves
	if len(halves) == 0 {
		return
	}
	s.named(c, column(0), &halves[0])
	last := halves[len(halves)-1]
	if len(halves) > 1 && last.up && !s.relay(last.Node) {
		s.named(c, column(2), &last)
		halves = halves[:len(halves)-1]
	}
	if len(halves) < 2 {
		return
	}
	s.hop(c, column(1), halves[1:])
}

// hop draws the router or switch that was passed last, in two halves.
func (s *Pane) hop(c *draw.Canvas, r draw.Rect, halves []half) {
	in := halves[len(halves)-1]
	out := half{Node: in.Node}
	if !in.up && len(halves) > 1 {
		in, out = halves[len(halves)-2], in
	}
	s.name(c, r, in.Node, "in, and out again", in.Node == s.T.Event(s.At.Event).Node)
	w := r.W/2 - 1
	s.half(c, draw.Box(r.X, r.Y+1, w-1, r.H-1), &in)
	s.half(c, draw.Box(r.X+w+2, r.Y+1, r.W-w-2, r.H-1), &out)
	for y := 1; y < r.H; y++ {
		c.Sign(r, w, y, '│', draw.Rule)
	}
}

func (s *Pane) named(c *draw.Canvas, r draw.Rect, h *half) {
	way := "going down"
	if h.up {
		way = "going up"
	}
	s.name(c, r, h.Node, way, h.Node == s.T.Event(s.At.Event).Node)
	s.half(c, r.Below(1), h)
}

func (s *Pane) name(c *draw.Canvas, r draw.Rect, n trace.NodeID, what string, here bool) {
	l := draw.Bold
	if here {
		l = draw.Accent
	}
	x := c.Text(r, 2, 0, s.T.Info().Nodes[n].Name, l)
	c.Text(r, x+2, 0, what, draw.Quiet)
}

// half draws the rows of one half.
func (s *Pane) half(c *draw.Canvas, r draw.Rect, h *half) {
	rows := h.fill()
	spread := s.spread(rows, r.W)
	if h.Node == s.pass.halves[0].Node && !h.up {
		s.before(c, r, rows)
	}
	first := 0
	if i := slices.IndexFunc(rows, func(w row) bool { return w.event != 0 && w.event == s.At.Event }); i > r.H-2 {
		first = max(min(i-r.H+2, len(rows)-r.H), 0) // the row of this step stays in sight
	}
	for y := 0; y < r.H && first+y < len(rows); y++ {
		s.row(c, draw.Box(r.X, r.Y+y, r.W, 1), rows[first+y], spread)
	}
	if first > 0 {
		c.Text(r, 1, 0, "~", draw.Accent)
	}
	if first+r.H < len(rows) {
		c.Text(r, 1, r.H-1, "~", draw.Accent)
	}
}

// before fills the rows above what no program's step has led to: it is a
// protocol's own, or carries what was written earlier.
func (s *Pane) before(c *draw.Canvas, r draw.Rect, rows []row) {
	first := slices.IndexFunc(rows, func(w row) bool { return w.event != 0 })
	if first < 1 || rows[first].pdu == 0 || rows[0].event != 0 {
		return
	}
	own := "no message: this is " + rows[first].proto.String() + "'s own"
	if s.T.Event(rows[first].event).Kind == trace.Encode && scene.IsCoat(rows[first].proto) {
		c.Text(r, bodyColumn, 0, own, draw.Quiet)
		return
	}
	if first < 3 || rows[first].layer != layers.Transport {
		return
	}
	n := scene.Nest(s.T, rows[first].pdu)
	if n.Size == 0 {
		c.Text(r, bodyColumn, 0, own, draw.Quiet)
		return
	}
	text := scene.Preview(n.PayloadStart(s.T, int64(max(r.W, 0))))
	if n.Note != "" {
		text = n.Note
	}
	c.Text(r, bodyColumn, 0, text, draw.Quiet)
	c.Text(r, bodyColumn, 2, fmt.Sprintf("bytes %d to %d of the stream, written earlier", n.From, n.From+n.Size-1), draw.Quiet)
}

// spread says how the headers of a half's rows are written: so that all
// payloads begin in one column, or where that leaves no room, in brief.
type spread struct {
	heads int // columns that the headers need
	brief bool
}

// leastText is the least room for the beginning of a payload.
const leastText = 8

func (s *Pane) spread(rows []row, w int) spread {
	room := w - bodyOf(w) - len(" 1518 B")
	out, brief := spread{brief: w < tight}, 0
	for _, row := range rows {
		n, ok := s.nesting(row)
		if !ok {
			continue
		}
		need := n.HeadWidth(false)
		out.heads = max(out.heads, need)
		brief = max(brief, n.HeadWidth(true))
		if n.Payload > 0 {
			need += leastText
		}
		if need+n.TailWidth(false)+len(n.Behind(false)) > room {
			out.brief = true
		}
	}
	if out.brief {
		out.heads = brief
	}
	return out
}

// nesting is how a row's PDU is made up, if it is shown as it nests.
func (s *Pane) nesting(w row) (n scene.Nesting, ok bool) {
	switch {
	case w.pdu == 0 || w.event == 0 || w.layer <= layers.Physical:
		return n, false
	case w.layer <= layers.Transport:
		return scene.Nest(s.T, w.pdu), true
	}
	kind := s.T.Event(w.event).Kind
	if kind != trace.Encode && kind != trace.Decode {
		return n, false
	}
	return scene.Worn(s.T, w.pdu, kind == trace.Encode)
}
