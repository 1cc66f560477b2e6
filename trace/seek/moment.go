package seek

import (
	"sort"

	"strata/trace"
)

// At is the last event that is not after a time, or the first of all. In a
// capture whose clock went back it is one of those near.
func At(t trace.Trace, at trace.Time) trace.EventID {
	n := sort.Search(t.Events(), func(i int) bool { return t.Event(trace.EventID(i+1)).Time > at })
	return trace.EventID(max(n, min(1, t.Events())))
}
