package link

import (
	"time"

	"strata/layers"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/trace"
)

// FaultKind is what a fault does to a frame.
type FaultKind string

// The kinds of faults.
const (
	Lose      FaultKind = "loss"
	Corrupt   FaultKind = "corrupt"   // flips one bit
	Duplicate FaultKind = "duplicate" // a second copy arrives after it
	Reorder   FaultKind = "reorder"   // held back by Delay, so that later frames pass it
	Jitter    FaultKind = "jitter"    // held back by a random share of Delay, in order
)

// Fault is something wrong with a link. It strikes the frames that Match
// chooses, each with probability Rate.
type Fault struct {
	Kind  FaultKind
	Rate  float64 // 0 to 1
	Delay time.Duration
	Bit   int // corrupt: which bit of the frame, from 0; -1: a random one
	Match
}

// fault is a Fault at work on one direction of a link.
type fault struct {
	Fault
	matcher Matcher
	strikes engine.Draws
	detail  engine.Draws
}

// outcome is what all faults together do to a frame.
type outcome struct {
	lost, twice bool
	late        trace.Time // kept out of order
	jitter      trace.Time // kept in order
}

// strike lets every fault have its turn at a frame that was just put on the
// wire, and records what they do. A fault counts and draws for every frame that
// it chooses, those too that another has lost: so it chooses the same frames,
// and does the same to them, whatever other faults there are.
func (w *Wire) strike(f *frame.Frame) (o outcome) {
	for i := range w.faults {
		t := &w.faults[i]
		if !t.matcher.Matches(f, w.rec.Clock.Now()) || t.Rate < 1 && t.strikes.Float() >= t.Rate {
			continue
		}
		detail := t.detail // of this frame; the next one's is the next
		t.detail.Uint64()
		if o.lost {
			continue
		}
		switch t.Kind {
		case Lose:
			w.lose(f, t)
			o.lost = true
		case Corrupt:
			w.flip(f, t.Bit, detail)
		case Duplicate:
			o.twice = true
			f.Cause = w.event(trace.Duplicate, f, trace.WireTwice)
		case Reorder:
			o.late += trace.Time(t.Delay)
			f.Cause = w.event(trace.Delay, f, trace.WireReorder, int64(t.Delay))
		case Jitter:
			d := trace.Time(detail.Float() * float64(t.Delay))
			o.jitter += d
			f.Cause = w.event(trace.Delay, f, trace.WireJitter, int64(d))
		}
	}
	if o.lost {
		w.pool.Put(f)
	}
	return o
}

func (w *Wire) lose(f *frame.Frame, t *fault) {
	e := trace.Event{PDU: f.PDU, Cause: f.Cause, Node: w.from, End: w.end, Layer: layers.Physical, Proto: layers.Wire}
	if t.Rate < 1 {
		e.Why = trace.WireLost
		w.rec.Drop(e, int64(t.Rate*1000+0.5))
	} else {
		e.Why = trace.WireAimed
		w.rec.Drop(e)
	}
}

// flip flips a bit of the frame: a drawn one, where there is no such bit.
func (w *Wire) flip(f *frame.Frame, bit int, draw engine.Draws) {
	if bits := 8 * f.Len(); bit < 0 || bit >= bits {
		bit = int(draw.Uint64() % uint64(bits))
	}
	f.Damaged = true
	if w.rec.On() {
		f.PDU = w.rec.Log.Flip(f.PDU, bit/8, 0x80>>(bit%8))
	}
	f.Cause = w.event(trace.Corrupt, f, trace.WireCorrupt, int64(bit))
}
