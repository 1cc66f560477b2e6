package tcp

// Input is one thing that happened to a connection.
type Input struct {
	Kind    InputKind
	Segment *Segment // Arrive; read during Step only
	N       int      // Write, Consume: bytes, more than 0
	On      bool     // SetNoDelay
}

// InputKind says what happened.
type InputKind uint8

// The kinds of input. Those of the program are the user calls of RFC 9293
// section 3.9.1.
const (
	// Tick is that time went by. One that comes early does nothing.
	Tick InputKind = iota
	// Arrive is that a segment came whose checksum is right.
	Arrive
	// Open sends the SYN of an active open. It is the first input of a
	// connection from New; one from NewPassive never has it.
	Open
	// Write appends N bytes to the stream of sent bytes; N is at most
	// Ready.Space. It may come before the connection is established.
	Write
	// Consume is that the program has read N bytes more; at most those up
	// to Ready.Readable.
	Consume
	// CloseWrite is the RFC's CLOSE: after all that was written, a FIN. The
	// program may go on reading.
	CloseWrite
	// Close is that the program will neither write nor read any more, as a
	// socket's close: CloseWrite, but bytes that come and nobody will read
	// reset the connection (RFC 9293 section 3.6.1).
	Close
	// Abort resets the connection: what is unsent or unacknowledged is lost.
	Abort
	// SetNoDelay turns Nagle's algorithm off (On) or on.
	SetNoDelay
)
