// Package analysis tells of each TCP segment what the segments before it on
// its connection tell: whether it was sent before, what it acknowledges, how
// much is on its way, as Wireshark's tcp.analysis does in one pass.
//
//	frame ──Read──> Segment ──┐
//	                          ├─Pool.Add──> Note (32 bytes, one per segment)
//	Conn (both directions) ───┘
//
//	Note + Conn + times of frames ──Explain──> layers.Analysis
//
// It is a state machine without a clock and without input or output: the same
// segments in the same order give the same notes. A Note keeps what was known
// when its segment was read, so that any frame can be explained later, alone.
//
// The words are Wireshark's: a segment goes forward; the other direction is
// the reverse one. That a sequence number is 0 is taken for "not seen yet",
// as Wireshark does.
package analysis
