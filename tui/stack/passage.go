package stack

import (
	"slices"

	"strata/layers"
	"strata/trace"
	"strata/tui/scene"
)

// A passage is what has happened to a message up to the cursor: the chain of
// causes, node by node. Each node that makes a frame, and each that takes one
// apart, is one half: a host's stack going down or up, or one side of a
// router or switch.
type passage struct {
	halves []half
}

// half is one node's part of a passage, its rows from layer 7 down to 1.
type half struct {
	Node trace.NodeID
	up   bool
	Rows []row
}

// row is what one header or transformation did.
type row struct {
	layer layers.Layer
	proto layers.Proto
	event trace.EventID // the last event about it
	pdu   trace.PDUID
}

// NewPassage divides the chain that ends at an event into halves.
func NewPassage(t trace.Trace, e trace.EventID) passage {
	var p passage
	for _, id := range scene.Chain(t, e) {
		ev := t.Event(id)
		r := row{layer: ev.Layer, proto: ev.Proto, event: id, pdu: ev.PDU}
		up := scene.PhaseOf(t, ev) == scene.Up
		if ev.Kind == trace.Forward {
			p.add(ev.Node, true, r)
			p.add(ev.Node, false, r)
			continue
		}
		node := ev.Node
		if n := len(p.halves); n > 0 && ev.Kind == trace.Transmit {
			node = p.halves[n-1].Node // a capture is made at no node of the way
		}
		p.add(node, up, r)
	}
	return p
}

func (p *passage) add(node trace.NodeID, up bool, r row) {
	n := len(p.halves)
	if n == 0 || p.halves[n-1].Node != node || p.halves[n-1].up != up {
		p.halves = append(p.halves, half{Node: node, up: up})
		n++
	}
	p.halves[n-1].add(r)
}

// add puts a row at its place: going down, below what is there; going up,
// above. What happens again at the same layer, to the same protocol, is the
// same row.
func (h *half) add(r row) {
	at := len(h.Rows)
	if h.up {
		at = 0
	}
	if n := len(h.Rows); n > 0 {
		last := &h.Rows[n-1]
		if h.up {
			last = &h.Rows[0]
		}
		if last.layer == r.layer && (last.proto == r.proto || r.proto == layers.None) {
			last.event = r.event
			if r.pdu != 0 {
				last.pdu = r.pdu
			}
			return
		}
	}
	if r.layer >= layers.Session && r.proto != layers.None {
		h.anew(r.proto)
		if !h.up {
			at = len(h.Rows)
		}
	}
	h.Rows = slices.Insert(h.Rows, at, r)
}

// anew takes away the rows of the unit before, when a protocol above the
// socket has its second: several are written or read at once.
func (h *half) anew(p layers.Proto) {
	i := slices.IndexFunc(h.Rows, func(w row) bool { return w.proto == p && w.layer >= layers.Session })
	switch {
	case i < 0:
	case h.up:
		h.Rows = h.Rows[i+1:]
	default:
		h.Rows = h.Rows[:i]
	}
}

// fill adds a blank row for each layer that has none, so that every stack has
// at least the rows 7 to 1.
func (h half) fill() []row {
	var out []row
	next := 0
	for l := layers.Application; l >= layers.Physical; l-- {
		found := false
		for next < len(h.Rows) && h.Rows[next].layer >= l {
			out = append(out, h.Rows[next])
			found = found || h.Rows[next].layer == l
			next++
		}
		if !found {
			out = append(out, row{layer: l})
		}
	}
	return append(out, h.Rows[next:]...)
}

// Here is the half that the cursor is in, and its other half at a router or
// switch: the one before it going down, none (nil) elsewhere.
func (p passage) Here() (now, before *half) {
	n := len(p.halves)
	if n == 0 {
		return nil, nil
	}
	now = &p.halves[n-1]
	if n > 1 && p.halves[n-2].Node == now.Node && p.halves[n-2].up && !now.up {
		before = &p.halves[n-2]
	}
	return now, before
}
