// Package caption says in a few words what a frame brings, for the arrow that
// stands for it in a journey.
//
//	frame ──Label──> what it is: by Of, else by its headers  "SYN", "UDP 9 B"
//
//	frame ──Tree──> layers.Tree.Label   `WS "hello"`
//	  │
//	  └─ sent again ──> the frame that brought the same bytes first
package caption

import (
	"strata/layers"
	"strata/trace"
)

// Of says what message frame n brings to its end, and whose work one sees of
// it; it is empty where there is none, or none is known. A frame that is sent
// again has the label that it had at first; where it brings more than then, "~"
// ends it.
func Of(t trace.Trace, n int) (text string, layer layers.Layer) {
	text, layer = of(t, n)
	f := t.Frame(n)
	if text != "" || !f.Resent || t.Info().Captured {
		return text, layer
	}
	again, ok := segment(t, f.PDU)
	for m := n - 1; ok && m >= max(n-mostBack, 0); m-- {
		f := t.Frame(m)
		if f.Resent {
			continue
		}
		first, ok := segment(t, f.PDU)
		if !ok || first.Of != again.Of || first.Off != again.Off || first.Len > again.Len {
			continue
		}
		if text, layer = of(t, m); text != "" && first.Len < again.Len {
			text += "~"
		}
		return text, layer
	}
	return "", 0
}

// mostBack is how many frames before one are looked through for the one that
// brought the same first.
const mostBack = 4096

func of(t trace.Trace, n int) (text string, layer layers.Layer) {
	if tree := t.Tree(n); tree != nil {
		return tree.Label()
	}
	return "", 0
}

// segment is the TCP segment in a frame, if it brings bytes of a stream.
func segment(t trace.Trace, id trace.PDUID) (p trace.PDU, ok bool) {
	for p = t.PDU(id); p.Of != 0; p = t.PDU(p.Of) {
		if p.Proto == layers.TCP {
			return p, p.Len > 0
		}
	}
	return p, false
}
