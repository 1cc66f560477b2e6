// Package follow puts together what the two sides of a TCP connection said to
// each other, in the order in which it became whole, as Wireshark's "follow
// stream" does.
package follow

import "strata/layers/reassembly"

// Conversation is one TCP connection. The zero value is ready.
type Conversation struct {
	sides [2]struct {
		begun  bool
		stream reassembly.Stream[[]byte]
	}
}

// Segment takes a segment: seq is the sequence number of its first byte of
// data (one more than the header's in a SYN). The payload is kept when it
// must wait. say is called with what is whole now; the bytes are its callee's
// until it returns.
func (c *Conversation) Segment(back bool, seq uint32, payload []byte, say func(back bool, b []byte)) {
	s := &c.sides[0]
	if back {
		s = &c.sides[1]
	}
	if !s.begun {
		s.begun = true
		s.stream.Start(seq)
	}
	ready, err := s.stream.Add(seq, len(payload), payload, nil)
	if err != nil {
		ready = append(s.stream.Skip(nil), ready...)
	}
	for _, p := range ready {
		if p.Missing {
			continue
		}
		say(back, p.From[p.Off:p.Off+p.Len])
	}
}
