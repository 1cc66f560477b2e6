package tcp

// Seq is a sequence number; it wraps (RFC 9293 section 3.4). Inside a Conn,
// sequence numbers are positions: 64-bit offsets that never wrap, in which
// the SYN is -1 and the first byte of the stream 0.
type Seq uint32

// Add moves s forward by n bytes; n may be negative.
func (s Seq) Add(n int) Seq { return s + Seq(uint32(n)) }

// Sub is how many bytes s is ahead of t, in the half of the space around t.
func (s Seq) Sub(t Seq) int { return int(int32(s - t)) }

// at is the sequence number of a position, first being that of the SYN.
func (first Seq) at(position int64) Seq { return first + 1 + Seq(uint32(position)) }

// near is the position that a sequence number names: of those it may name,
// the one nearest to the position given.
func (first Seq) near(s Seq, position int64) int64 {
	return position + int64(int32(s-first.at(position)))
}
