package quiz

import (
	"fmt"

	"strata/layers"
	"strata/trace"
)

// askPieces asks how many fragments a packet is cut into. What was cut is known
// where it was cut.
func (s *scene) askPieces(q *Question) bool {
	first := s.stepOf(func(e trace.Event) bool { return e.Kind == trace.Fragment })
	if first == 0 || s.info.Captured {
		return false
	}
	parents := s.t.Parents(s.t.Event(first).PDU)
	if len(parents) != 1 {
		return false
	}
	size, payload := parents[0].Len, int64(0)
	pieces := 0
	for _, c := range s.t.Children(parents[0].Of) {
		piece := s.t.PDU(c.PDU)
		if piece.Proto == layers.IPv4 && piece.Head >= layers.IPv4MinSize && c.Span.Len < s.t.Size(parents[0].Of) {
			pieces++
			payload += c.Span.Len
			size = max(size, c.Span.Len)
		}
	}
	if pieces < 2 {
		return false
	}
	q.Kind = Number
	q.Ask = fmt.Sprintf("A packet's payload of %d bytes must be cut, and %d bytes fit into a fragment. How many fragments are there?", payload, size)
	q.key.number = number{value: float64(pieces), words: q.Ask}
	s.becauseOf(q, first)
	return true
}

// askFragment asks to fill in where a fragment belongs.
func (s *scene) askFragment(q *Question) bool {
	if s.shape.N == 0 || !s.shape.Fragment && !s.shape.More {
		return false
	}
	tree := s.tree()
	offset, more, total, header := s.value(tree, "ip.frag_offset"), s.value(tree, "ip.flags.mf"), s.value(tree, "ip.len"), s.value(tree, "ip.hdr_len")
	if offset == nil || more == nil || total == nil || header == nil {
		return false
	}
	last := "more follow it"
	if more.Uint == 0 {
		last = "it is the last one"
	}
	q.Kind = Fill
	q.Ask = fmt.Sprintf("This fragment carries %s, from byte %d of the packet's payload on, and %s. Fill in what its header says of that.",
		count(int(total.Uint)-int(header.Uint), "byte"), s.shape.FragOff, last)
	var ok bool
	q.Rows, q.key.fields, ok = fillQuestion(s.t, s.n, []string{"ip.len", "ip.flags.mf", "ip.frag_offset"})
	q.because(fmt.Sprintf("The offset counts units of 8 bytes: %d / 8. More fragments follow wherever the flag says so, and the length counts the header, too.", s.shape.FragOff),
		"RFC 791 sec. 3.1", "fragment")
	return ok
}
