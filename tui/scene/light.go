package scene

import (
	"slices"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/trace/travel"
)

// Some bytes may be lit: a field, a byte that was chosen. Wherever they travel,
// panes show them so. A pane that lets one choose bytes says Light; one that
// shows a PDU asks Lit.

// lightAtOnce is how long a key waits for what is lit: mostly that is all of
// it. lightSlice is how long the loop is kept after that, again and again.
const (
	lightAtOnce = 2 * time.Millisecond
	lightSlice  = 3 * time.Millisecond
)

// Light follows the bytes [from, to) of a PDU from now on.
func (s *Scene) Light(pdu trace.PDUID, from, to int64) {
	if id, a, b := s.Lighted(); id == pdu && a == from && b == to {
		return
	}
	s.Dark()
	x := travel.Begin(s.T, pdu, from, to)
	s.light = x
	if !x.Work(lightAtOnce) {
		return
	}
	// What is lit is read while frames are drawn, so it is found on the loop.
	s.lighting = &Job{Of: s.T, Work: func(time.Duration) func() bool {
		return func() bool { return x.Work(lightSlice) }
	}}
	s.Start(s.lighting)
}

// Lighted is what is followed; from and to are the same when nothing is.
func (s *Scene) Lighted() (pdu trace.PDUID, from, to int64) {
	if s.light == nil {
		return 0, 0, 0
	}
	return s.light.From()
}

// Dark follows nothing any more.
func (s *Scene) Dark() {
	s.lighting.Stop()
	s.light, s.lighting = nil, nil
}

// Lit are the stretches of a PDU that are among the bytes followed, in order;
// nil: it has none of them.
func (s *Scene) Lit(pdu trace.PDUID) []travel.Lit { return s.light.Lit(pdu) }

// Journey is the whole way of the bytes followed; nil: nothing is. Looking says
// that some of it is still being looked for.
func (s *Scene) Journey() (x *travel.Travel, looking bool) { return s.light, s.lighting.Running() }

// LitStep tells whether a step is about some of the bytes followed: of a
// stream, whether it writes or reads them.
func (s *Scene) LitStep(n trace.EventID, pdu trace.PDUID) bool {
	lit := s.Lit(pdu)
	off, size := s.T.Extent(n)
	if lit == nil || size == 0 || s.T.PDU(pdu).Proto != layers.Stream {
		return lit != nil
	}
	return slices.ContainsFunc(lit, func(l travel.Lit) bool { return l.From < off+size && l.To > off })
}
