package tcp

// Opens reports whether a segment that came to a listener begins a
// connection: a SYN that acknowledges nothing (RFC 9293 section 3.10.7.2).
func Opens(seg *Segment) bool { return seg.Flags&(SYN|ACK|RST) == SYN }

// Reset is the answer to a segment that belongs to no connection (RFC 9293
// section 3.10.7.1), or came to a listener and does not open a connection
// (section 3.10.7.2). Its second result is false when no answer is due. The
// caller knows why there is no connection, and gives the answer its Reason.
func Reset(seg *Segment, listening bool) (Segment, bool) {
	switch {
	case seg.Flags&RST != 0:
		return Segment{}, false
	case seg.Flags&ACK != 0:
		return Segment{Seq: seg.Ack, Flags: RST}, true
	case listening:
		return Segment{}, false
	}
	return Segment{Ack: seg.Seq.Add(seg.space()), Flags: RST | ACK}, true
}
