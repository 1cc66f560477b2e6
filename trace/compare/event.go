package compare

import (
	"bytes"

	"strata/layers"
	"strata/trace"
)

// exact is the walk through two simulations, event by event, up to the first
// that differs.
type exact struct {
	event  trace.EventID // the first that differs, or that only one has; 0: none
	differ Diff          // in what; 0: they are different events
	pdu    [2]trace.PDUID
	buf    [2][]byte
}

// walk compares a slice of the events; true: it is done.
func (c *Comparison) walk() bool {
	a, b := c.sides[A].t, c.sides[B].t
	both := min(a.Events(), b.Events())
	to := min(c.at+slice, both)
	for ; c.at < to; c.at++ {
		n := trace.EventID(c.at + 1)
		same, d := c.sameEvent(n, n)
		if same && d&Value == 0 && !c.sameBytes(n) {
			d |= Content
		}
		if !same || d != 0 {
			c.exact.event, c.exact.differ = n, d
			return true
		}
	}
	if c.at < both {
		return false
	}
	if a.Events() != b.Events() {
		c.exact.event = trace.EventID(both + 1)
	}
	return true
}

// sameEvent says whether event m of A and n of B are about the same, and in what
// they differ then.
func (c *Comparison) sameEvent(m, n trace.EventID) (same bool, d Diff) {
	a, b := c.sides[A].t, c.sides[B].t
	e, f := a.Event(m), b.Event(n)
	if e.Kind != f.Kind || e.Layer != f.Layer || e.Proto != f.Proto ||
		c.node(A, e.Node) != c.node(B, f.Node) || c.end(A, e.End) != c.end(B, f.End) {
		return false, 0
	}
	if e.Time != f.Time {
		d |= Time
	}
	if e.Why != f.Why || a.Text(m) != b.Text(n) {
		d |= Reason
	}
	if e.Kind == trace.StateChange {
		x, y := a.Change(m), b.Change(n)
		if x.Slot.Table != y.Slot.Table || x.Slot.Key != y.Slot.Key || x.Slot.Field != y.Slot.Field {
			return false, 0
		}
		if x.Show(x.Old) != y.Show(y.Old) || x.Show(x.New) != y.Show(y.New) {
			d |= Value
		}
	}
	return true, d
}

func (c *Comparison) node(s Side, n trace.NodeID) string {
	if nodes := c.sides[s].t.Info().Nodes; int(n) < len(nodes) {
		return nodes[n].Name
	}
	return ""
}

// end is the place of a link's end.
func (c *Comparison) end(s Side, e trace.EndID) string {
	x := c.sides[s]
	if int(e) >= len(x.byEnd) {
		return ""
	}
	return x.places[x.byEnd[e]]
}

// sameBytes says whether event n of both is about the same bytes, where its PDU comes
// for the first time. Up to here all was alike, so the numbers of PDUs are, too.
func (c *Comparison) sameBytes(n trace.EventID) bool {
	a, b := c.sides[A].t, c.sides[B].t
	x, y := a.Event(n).PDU, b.Event(n).PDU
	if x <= c.exact.pdu[A] && y <= c.exact.pdu[B] {
		return true
	}
	c.exact.pdu[A], c.exact.pdu[B] = max(x, c.exact.pdu[A]), max(y, c.exact.pdu[B])
	if a.Size(x) != b.Size(y) {
		// A stream grows; what enters it is compared where it does.
		return a.PDU(x).Proto == layers.Stream && b.PDU(y).Proto == layers.Stream
	}
	if a.PDU(x).Proto == layers.Stream {
		return true
	}
	return c.equal(x, y)
}

// equal compares the bytes of two PDUs, as many as are looked at.
func (c *Comparison) equal(x, y trace.PDUID) bool {
	const most = 1 << 20
	for s, id := range [2]trace.PDUID{x, y} {
		c.exact.buf[s] = c.sides[s].t.Append(c.exact.buf[s][:0], id, 0, most)
	}
	return bytes.Equal(c.exact.buf[A], c.exact.buf[B])
}
