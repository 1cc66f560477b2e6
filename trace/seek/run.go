package seek

import (
	"time"

	"strata/trace"
)

// Run says of every stretch of a simulation's events what there is in it, so
// that what is rare is found without a look at all the others. It is worked out
// once, in slices, and serves every Search. Of a capture, whose events are
// worked out when looked at, it knows nothing.
type Run struct {
	t      trace.Trace
	blocks []summary
}

// summary is what there is in a stretch of events, a bit each; of nodes and
// reasons, as many as there are bits, modulo their number.
type summary struct {
	kinds, nodes uint64
	layers       uint8
	reasons      [4]uint64
}

// stretch is how many events are summed up in one.
const stretch = 16 * block

// NewRun is a Run that knows nothing yet.
func NewRun(t trace.Trace) *Run { return &Run{t: t} }

// Work goes on for about as long as d, and reports whether there is more.
func (r *Run) Work(d time.Duration) bool {
	if r.t.Info().Captured {
		return false
	}
	for begin := time.Now(); time.Since(begin) < d; {
		from := len(r.blocks) * stretch
		if from+stretch > r.t.Events() { // the last stretch is not worth it
			return false
		}
		var s summary
		for n := range stretch {
			e := r.t.Event(trace.EventID(from + n + 1))
			s.kinds |= 1 << (e.Kind % 64)
			s.layers |= 1 << (e.Layer % 8)
			s.nodes |= 1 << (e.Node % 64)
			s.reasons[e.Why/64%4] |= 1 << (e.Why % 64)
		}
		r.blocks = append(r.blocks, s)
	}
	return true
}

// maybe says whether a block of a search can have a hit.
func (r *Run) maybe(s *Search, b int) bool {
	if r == nil || !s.events() || b*block/stretch >= len(r.blocks) {
		return true
	}
	have := &r.blocks[b*block/stretch]
	if s.Kind != 0 && have.kinds>>(s.Kind%64)&1 == 0 || s.Layer != 0 && have.layers>>(s.Layer%8)&1 == 0 ||
		s.Node != 0 && have.nodes>>((s.Node-1)%64)&1 == 0 {
		return false
	}
	for _, w := range s.Reasons {
		if have.reasons[w/64%4]>>(w%64)&1 != 0 {
			return true
		}
	}
	return len(s.Reasons) == 0
}
