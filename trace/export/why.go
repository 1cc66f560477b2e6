package export

import (
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
)

// whySent is why the frame of a Transmit event was made, and what the wire
// then did to it.
func whySent(t trace.Trace, n trace.EventID) string {
	said := []string{whyMade(t, n)}
	for _, s := range t.Steps(t.FrameOf(n)) {
		e := t.Event(s)
		if s > n && e.Layer == layers.Physical && e.Kind != trace.Arrive && e.Kind != trace.Transmit {
			said = append(said, t.Text(s))
		}
	}
	return sentences(said)
}

// whyMade is the sentence of the decision that made the frame of a Transmit
// event, at the node that forwarded it if it did not begin here.
func whyMade(t trace.Trace, n trace.EventID) string {
	best, rank := n, 0
	inside := nested(t, t.Event(n).PDU)
	for c := t.Event(n).Cause; c != 0; c = t.Event(c).Cause {
		e := t.Event(c)
		forwarded := e.Kind == trace.Forward
		if e.Kind > trace.Queue && !forwarded {
			break // what went before is not the making of this frame
		}
		// Of what waits for an ARP answer, only the question is in its frame.
		if r := rankOf(t, c); r > 0 && r >= rank && slices.Contains(inside, e.PDU) {
			best, rank = c, r
		}
		if forwarded {
			break
		}
	}
	return t.Text(best)
}

// nested lists a PDU and those inside it, each the only parent of the one before.
func nested(t trace.Trace, id trace.PDUID) []trace.PDUID {
	var all []trace.PDUID
	for ; id != 0; id = t.PDU(id).Of {
		all = append(all, id)
	}
	return all
}

// whyArrived says what became of the frame of an Arrive event at that node.
func whyArrived(t trace.Trace, n trace.EventID) string {
	best, rank := n, 0
	follow := []trace.EventID{n}
	for _, s := range t.Steps(t.FrameOf(n)) {
		e := t.Event(s)
		if e.Kind < trace.Drop || e.Kind > trace.Deliver || !slices.Contains(follow, e.Cause) {
			continue
		}
		follow = append(follow, s)
		r := rankOf(t, s)
		if e.Kind == trace.Drop {
			r = rankTrouble
		}
		if r > rank {
			best, rank = s, r
		}
	}
	return sentences([]string{t.Text(best)})
}

const rankTrouble = 100

// rankOf grades how much an event's sentence tells about a whole frame: a
// resend most, then being a fragment, then the highest layer of the stack;
// what the program does is not about the frame.
func rankOf(t trace.Trace, n trace.EventID) int {
	e := t.Event(n)
	r := e.Why.Reason()
	switch {
	case r.Sentence == "":
		return 0
	case r.Resend, r.Bad:
		return rankTrouble
	case e.Kind == trace.Fragment:
		return 10*int(layers.Transport) + 5
	case e.Layer > layers.Transport:
		return 0
	}
	return 10 * int(e.Layer)
}

func sentences(said []string) string {
	var out []string
	for _, s := range said {
		if s != "" {
			out = append(out, clean(s))
		}
	}
	return strings.Join(out, " ")
}
