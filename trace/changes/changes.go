// Package changes tells when each cell of the nodes' tables last changed, at
// any event of a run.
//
//	events ──Work, slice by slice──> every so many: which event last changed each cell
//	                                       └──At: from the one before, the few events in between
//
// Nothing is asked of a trace that is not read yet: Knows says how far it is.
// However long a run is, what is kept stays below MostKept numbers, and At
// reads no more events than lie between two of those that are kept.
package changes

import (
	"slices"
	"time"

	"strata/trace"
)

// MostKept is how many event numbers are kept at most, beside those at the end
// of what was read.
const MostKept = 1 << 21

// firstEvery is how far what is kept lies apart at first; it doubles when there
// is too much of it.
const firstEvery = 1 << 13

// Index is what is known of a run.
type Index struct {
	t     trace.Trace
	next  trace.EventID   // the first event that was not read
	last  []trace.EventID // by slot, before next
	every trace.EventID
	kept  [][]trace.EventID // last, before event 1, 1+every, 1+2*every, …
	size  int               // numbers in kept

	at  trace.EventID // what now is of
	now []trace.EventID
}

// New knows nothing yet.
func New(t trace.Trace) *Index { return &Index{t: t, next: 1, every: firstEvery} }

// Work reads on for about as long as d, and tells whether more is to be read.
func (x *Index) Work(d time.Duration) (more bool) {
	const some = 1 << 10
	for begin := time.Now(); int(x.next) <= x.t.Events() && time.Since(begin) < d; {
		for end := min(x.next+some, trace.EventID(x.t.Events())+1); x.next < end; x.next++ {
			if (x.next-1)%x.every == 0 {
				x.keep()
			}
			x.last = step(x.t, x.next, x.last)
		}
	}
	return int(x.next) <= x.t.Events()
}

// step takes in an event.
func step(t trace.Trace, e trace.EventID, last []trace.EventID) []trace.EventID {
	if t.Event(e).Kind != trace.StateChange {
		return last
	}
	id := int(t.Change(e).ID)
	for id >= len(last) {
		last = append(last, 0)
	}
	last[id] = e
	return last
}

func (x *Index) keep() {
	x.kept = append(x.kept, slices.Clone(x.last))
	x.size += len(x.last)
	for x.size > MostKept && len(x.kept) > 1 {
		x.every *= 2
		half := x.kept[:0]
		x.size = 0
		for i := 0; i < len(x.kept); i += 2 {
			half = append(half, x.kept[i])
			x.size += len(x.kept[i])
		}
		clear(x.kept[len(half):])
		x.kept = half
	}
}

// Knows tells whether the run is read up to an event.
func (x *Index) Knows(e trace.EventID) bool { return e < x.next }

// At gives, by slot, the last event up to e, itself included, that changed it;
// 0, or beyond the end: none did. e must be known. It is good until the next
// call.
func (x *Index) At(e trace.EventID) []trace.EventID {
	k := int(max(e, 1)-1) / int(x.every)
	if from := trace.EventID(k)*x.every + 1; x.at == 0 || x.at > e || x.at+1 < from {
		x.at = from - 1
		x.now = append(x.now[:0], x.kept[min(k, len(x.kept)-1)]...)
	}
	for x.at < e {
		x.at++
		x.now = step(x.t, x.at, x.now)
	}
	return x.now
}
