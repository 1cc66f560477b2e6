package tcp

import (
	"errors"

	"strata/trace"
)

// The errors that end a connection.
var (
	ErrRefused  = errors.New("connection refused")       // RST in answer to our SYN
	ErrReset    = errors.New("connection reset by peer") // RST later on
	ErrTimedOut = errors.New("connection timed out")     // no answer to any resend
	ErrAborted  = errors.New("connection aborted")       // our own Abort, or a Close with bytes unread
)

// Ready is what follows from a Step. It belongs to the Conn and holds until
// the next Step. The caller does, in this order:
//
//  1. record Notes, in their order,
//  2. keep what Accepted names of the arrived payload,
//  3. free what lies below Acked,
//  4. give Segments to IP, in their order,
//  5. wake the program where Readable, PeerDone, Space, Err or State let it go on,
//  6. have Step called with a Tick at Wake.
//
// Notes of a change are also there for what Segments changed; Note.At says
// between which segments a note belongs.
type Ready struct {
	// Drop says why the arrived segment was refused, whole; Why 0: it was
	// not. A refused segment may still draw an answer in Segments.
	Drop Reason

	// Accepted are the parts of the arrived payload to keep, in the order of
	// the stream. No two Accepted ever overlap, and none lies below
	// Readable: a byte of the stream is accepted once.
	Accepted []Piece

	// Readable is the length of the received stream that has no gaps: bytes
	// from what was consumed up to it can be read. It never shrinks.
	Readable int64
	// PeerDone says that the peer's FIN came: the stream ends at Readable.
	PeerDone bool
	// Flush says that the peer reset the connection: what has not been
	// read is thrown away, too (RFC 9293 section 3.10.7.4, "all segment
	// queues should be flushed").
	Flush bool

	// Acked is the offset in the stream of sent bytes below which the peer
	// has everything: those bytes may be freed. It never shrinks.
	Acked int64
	// Space is how many bytes the program may write now; 0 after it closed.
	Space int

	// Segments are to be sent now, in this order.
	Segments []Segment

	// Held says why bytes that were written do not leave now; set only when
	// that reason is a new one. Why 0: nothing new.
	Held Reason

	// Wake is when a Tick is wanted; 0: never. It replaces any earlier Wake.
	Wake trace.Time

	// Notes are changes of state and what timers did, for the trace.
	Notes []Note

	// State is the state after the step.
	State State
	// Err says how the connection ended, when it did not end in good order.
	// It stays set.
	Err error
	// Done says that the control block is gone: the 4-tuple is free, and
	// Step must not be called again. It comes after TIME-WAIT, too. A
	// passive connection that is done before it was ever Established is
	// taken from the backlog without a word.
	Done bool
	// Reopen says, with Done, that the arrived segment is the SYN of a new
	// connection that may follow this one out of TIME-WAIT: the caller
	// treats it as if this connection had never been.
	Reopen bool
}

// Piece is a part of an arrived payload and its place in the stream.
type Piece struct {
	Skip int   // bytes of the payload before it
	Off  int64 // offset in the received stream
	Len  int   // bytes, more than 0
}

// Note is one line for the trace.
type Note struct {
	Kind     NoteKind
	Field    Field // of Changed
	Timer    Timer // of TimerSet and TimerFired
	At       int   // how many of Segments were made before it
	Old, New int64 // of Changed: values of Field, trace.Absent before the first and when Done; of TimerSet: New is when it runs out
	Reason
}

// NoteKind says what a note tells.
type NoteKind uint8

// The kinds of notes.
const (
	Changed NoteKind = iota
	TimerSet
	TimerFired
)

// Field is a variable of the connection, by its name in the RFCs.
type Field uint8

// The fields. Sequence numbers are absolute, as in the header.
const (
	FieldState Field = iota // a State; the caller makes it a text by State.String
	FieldSndUna
	FieldSndNxt
	FieldSndWnd // bytes, scaled
	FieldRcvNxt
	FieldRcvWnd   // bytes, scaled
	FieldCwnd     // bytes
	FieldSsthresh // bytes
	FieldSRTT     // ns
	FieldRTTVar   // ns
	FieldRTO      // ns
	FieldDupAcks  // duplicate acknowledgments in a row
	Fields        // how many there are
)

var fields = [Fields]struct {
	name string
	typ  trace.ValueType
}{
	FieldState:    {"state", trace.Text},
	FieldSndUna:   {"snd.una", trace.Number},
	FieldSndNxt:   {"snd.nxt", trace.Number},
	FieldSndWnd:   {"snd.wnd", trace.Number},
	FieldRcvNxt:   {"rcv.nxt", trace.Number},
	FieldRcvWnd:   {"rcv.wnd", trace.Number},
	FieldCwnd:     {"cwnd", trace.Number},
	FieldSsthresh: {"ssthresh", trace.Number},
	FieldSRTT:     {"srtt", trace.Duration},
	FieldRTTVar:   {"rttvar", trace.Duration},
	FieldRTO:      {"rto", trace.Duration},
	FieldDupAcks:  {"dupacks", trace.Number},
}

// String is the field's name in the trace: "snd.una".
func (f Field) String() string { return fields[f].name }

// Type says how the field's value is shown.
func (f Field) Type() trace.ValueType { return fields[f].typ }

// Timer names a timer.
type Timer uint8

// The timers.
const (
	Retransmission Timer = iota // RFC 6298
	DelayedAck                  // RFC 9293 section 3.8.6.3
	Persist                     // zero-window probes: RFC 9293 section 3.8.6.1
	Override                    // silly-window avoidance of the sender: RFC 9293 section 3.8.6.2.1
	TimeWaiting                 // 2 MSL: RFC 9293 section 3.6.1
	timers
)

// String is the timer's name.
func (t Timer) String() string {
	return [timers]string{"retransmission", "delayed-ack", "persist", "override", "time-wait"}[t]
}
