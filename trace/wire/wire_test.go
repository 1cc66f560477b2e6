package wire

import (
	"testing"

	"strata/layers"
	"strata/trace"
)

// wireLog is a run on one link of 1 Mbit/s with a delay of 10 ms: frames of 60
// bytes and their FCS, by hand.
type wireLog struct {
	*trace.Log
	t *testing.T
}

func newWireLog(t *testing.T) *wireLog {
	return &wireLog{trace.NewLog(trace.Info{
		Nodes: []trace.Node{{Name: "a", Kind: "host"}, {Name: "b", Kind: "host"}},
		Links: []trace.Link{{Name: "ab", Ends: [2]trace.End{{Node: 0, If: "eth0"}, {Node: 1, If: "eth0"}}, Rate: 1e6, Delay: 10 * trace.Millisecond, MTU: 1500}},
	}), t}
}

func (l *wireLog) add(at trace.Time, k trace.Kind, end trace.EndID, pdu trace.PDUID, cause trace.EventID) trace.EventID {
	n := l.Info().Links[0].Ends[end.Side()].Node
	return l.Add(trace.Event{Time: at, Kind: k, Node: n, End: end, PDU: pdu, Cause: cause, Layer: layers.Physical, Proto: layers.Wire})
}

func (l *wireLog) frame() trace.PDUID { return l.Seal(make([]byte, 14), 0, 0) }

const ms = trace.Millisecond

// sends is 64 bytes and the preamble at 1 Mbit/s.
const sends = 576 * trace.Microsecond

func TestOneFrame(t *testing.T) {
	l := newWireLog(t)
	sent := l.add(ms, trace.Transmit, 0, l.frame(), 0)
	l.add(ms+sends+10*ms, trace.Arrive, 1, 1, sent)
	var look Look
	for _, c := range []struct {
		e    trace.EventID
		now  trace.Time
		part float64
	}{{1, ms, 0}, {1, ms + sends/2 + 5*ms, 0.5}, {2, ms + sends + 10*ms, -1}} {
		look.At(l, c.e, c.now)
		switch {
		case c.part < 0 && len(look.Flights) != 0:
			t.Errorf("at %d: %+v has arrived", c.now, look.Flights)
		case c.part >= 0 && (len(look.Flights) != 1 || look.Flights[0].Part != c.part || look.Flights[0].End != 0):
			t.Errorf("at %d: %+v, want part %v", c.now, look.Flights, c.part)
		}
	}
}

// TestLost: it goes half its way, and its end is seen at its own event.
func TestLost(t *testing.T) {
	l := newWireLog(t)
	for range 2 {
		sent := l.add(ms, trace.Transmit, 1, l.frame(), 0)
		l.add(ms, trace.Drop, 1, l.PDU(1).Of+1, sent)
	}
	var look Look
	for _, c := range []struct {
		e       trace.EventID
		now     trace.Time
		flights int
		lost    bool // the last
		streak  int
	}{
		{1, ms, 1, false, 0}, {2, ms, 1, true, 0}, {3, ms, 2, false, 0}, {4, ms, 2, true, 2},
		{4, ms + sends/2 + 6*ms, 2, true, 2}, {4, ms + sends + 11*ms, 1, true, 2},
	} {
		look.At(l, c.e, c.now)
		streak := 0
		if len(look.Streaks) > 0 {
			streak = look.Streaks[0].Lost
		}
		if n := len(look.Flights); n != c.flights || look.Flights[n-1].Lost != c.lost || streak != c.streak {
			t.Errorf("event %d at %d: %+v, %+v; want %+v", c.e, c.now, look.Flights, look.Streaks, c)
		}
	}
}

// TestQueue: frames that wait, and one that leaves.
func TestQueue(t *testing.T) {
	l := newWireLog(t)
	first := l.add(0, trace.Transmit, 0, l.frame(), 0)
	q1 := l.add(0, trace.Queue, 0, l.frame(), 0)
	q2 := l.add(0, trace.Queue, 0, l.frame(), 0)
	s1 := l.add(ms, trace.Transmit, 0, 2, q1)
	l.add(2*ms, trace.Transmit, 0, 3, q2)
	var look Look
	for e, want := range map[trace.EventID]int{first: 0, q1: 1, q2: 2, s1: 1, s1 + 1: 0} {
		look.At(l, e, l.Event(e).Time)
		n := 0
		for _, w := range look.Waits {
			n += w.Frames
		}
		if n != want {
			t.Errorf("at event %d %d wait, want %d", e, n, want)
		}
	}
}

// TestCapture: nothing is on its way where only its passing was seen.
func TestCapture(t *testing.T) {
	l := newWireLog(t)
	l.add(ms, trace.Transmit, 0, l.frame(), 0)
	l.Info().Captured = true
	var look Look
	if look.At(l, 1, ms); len(look.Flights) != 0 {
		t.Errorf("%+v", look.Flights)
	}
}

// BenchmarkAt is a look at a wire with thousands of frames on it, in a long run.
func BenchmarkAt(b *testing.B) {
	l := newWireLog(nil)
	pdu := l.frame()
	for i := range 1_000_000 {
		l.add(trace.Time(i)*trace.Microsecond, trace.Transmit, 0, pdu, 0)
	}
	l.Frame(0)
	var look Look
	b.ReportAllocs()
	for b.Loop() {
		look.At(l, 500_000, 500*trace.Millisecond)
	}
}
