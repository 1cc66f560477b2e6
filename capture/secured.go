package capture

import (
	"strata/layers"
	"strata/layers/streams"
)

// secured is what is known of a connection's TLS session, in two ways: from
// its segments as they come, as one sees it who reads each frame alone, and
// from its records when they are whole.
type secured struct {
	alone, whole session
}

// session is a state of a TLS session, and its number in the index, +1.
type session struct {
	layers.TLSSession
	number uint32
}

// learn lets s take note of something, and numbers what it knows then.
func (x *index) learn(s *session, note func(*layers.TLSSession)) {
	was := s.TLSSession
	note(&s.TLSSession)
	if s.TLSSession != was || s.number == 0 {
		s.number = uint32(x.sessions.Append(s.TLSSession)) + 1
	}
}

// secured notes a segment, of wire bytes with its header, of what may be a TLS
// session; again says that it brings nothing in its order. It gives the numbers
// of what was known before.
func (x *index) secured(flow uint32, segment []byte, wire int, again bool) (alone, whole uint32) {
	h := layers.TCPHeader(segment)
	if !h.Valid() || h.HeaderLen() > len(segment) {
		return 0, 0
	}
	payload := segment[h.HeaderLen():]
	c := x.connOf(flow)
	if c.tls == nil {
		if !layers.BeginsTLS(h.SrcPort(), h.DstPort(), payload) && !((c.tunnel || c.talk != nil && c.talk.Tunnel()) && layers.LooksLikeTLS(payload)) {
			return 0, 0
		}
		c.tls = &secured{}
		x.learn(&c.tls.alone, func(*layers.TLSSession) {})
		x.learn(&c.tls.whole, func(*layers.TLSSession) {})
	}
	alone, whole = c.tls.alone.number, c.tls.whole.number
	if len(payload) > 0 && !again {
		x.learn(&c.tls.alone, func(s *layers.TLSSession) {
			s.Segment(x.frame+1, h.SrcPort(), h.DstPort(), payload, wire-h.HeaderLen())
		})
	}
	return alone, whole
}

// record notes a TLS record that is whole.
func (x *index) record(c *conn, side int, m *streams.Message) {
	if c.tls == nil {
		return
	}
	a := x.asms.take(int(c.sides[side].asm - 1))
	fl := x.table.At(a.flow)
	src, dst := fl.PortA, fl.PortB
	if side == 1 {
		src, dst = dst, src
	}
	b := a.append(nil, m.Start, m.End, x.readPiece)
	x.learn(&c.tls.whole, func(s *layers.TLSSession) { s.Segment(x.frame+1, src, dst, b, len(b)) })
}
