package scene

import (
	"slices"

	"strata/trace"
)

// maxChain bounds how far a passage looks back: no way through a network
// has more steps.
const maxChain = 512

// Chain is the events that led to e, the oldest first: back to where the
// message, or a segment or error of the node's own, begins.
func Chain(t trace.Trace, e trace.EventID) []trace.EventID {
	var out []trace.EventID
	for e != 0 && len(out) < maxChain {
		ev := t.Event(e)
		if !Attached(ev.Kind) {
			out = append(out, e)
		}
		if ev.Kind == trace.Send || ev.Cause == 0 || begins(t, ev) {
			break
		}
		e = ev.Cause
	}
	slices.Reverse(out)
	return out
}

// begins reports whether a node makes something of its own here: its cause is
// neither an earlier step down the same stack nor a frame passed on.
func begins(t trace.Trace, e trace.Event) bool {
	if e.Kind < trace.Send || e.Kind > trace.Queue {
		return false
	}
	was := t.Event(e.Cause)
	return was.Kind > trace.Queue && was.Kind != trace.Forward && was.Kind != trace.Corrupt
}
