package tcp

// Seq is a sequence number; it wraps (RFC 9293 section 3.4).
type Seq uint32

// Less says whether s comes before t in the half of the space around it.
func (s Seq) Less(t Seq) bool { return int32(s-t) < 0 }

// LessEq is Less or equal.
func (s Seq) LessEq(t Seq) bool { return int32(s-t) <= 0 }

// Add moves s forward by n bytes; n may be negative.
func (s Seq) Add(n int) Seq { return s + Seq(uint32(n)) }

// Sub is how many bytes s is ahead of t.
func (s Seq) Sub(t Seq) int { return int(int32(s - t)) }
