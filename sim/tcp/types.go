// Package tcp is TCP (RFC 9293) as a pure state machine.
//
//	Step(now, Input) ──> Ready
//
// Input is a segment that arrived, what the program did, or the time. Ready
// says what follows: segments to send, what became readable, when to wake the
// connection, and notes for the trace. There are no payload bytes here, no
// clock, no I/O: the caller keeps the streams, and segments name ranges of
// them. Each congestion control is a file of its own.
package tcp

import "strata/trace"

// Config is how a host speaks TCP. The zero value is profile rfc.
type Config struct {
	MSS           int        // what it advertises; 0: the interface's MTU less 40
	Timestamps    bool       // RFC 7323 section 3
	WindowScale   bool       // RFC 7323 section 2
	ReceiveBuffer int        // bytes; 0: 65535
	SendBuffer    int        // bytes; 0: 65536
	NoDelay       bool       // Nagle's algorithm off
	NoDelayedAck  bool       // acknowledge at once
	MSL           trace.Time // 0: 120 s (RFC 9293 section 3.4.2)
	Congestion    string     // "" or "newreno"; "none": no congestion control
}

// Flags are the control bits of a segment, at their place in byte 13.
type Flags uint8

// The control bits.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// Options are the TCP options of a segment.
type Options struct {
	MSS           uint16 // 0: absent
	WindowScale   int8   // -1: absent
	SACKPermitted bool
	HasTimestamps bool
	TSVal, TSEcr  uint32 // valid iff HasTimestamps
	SACK          [4][2]Seq
	SACKs         int // how many of SACK are there
}

// Segment is a segment's header. The payload stays with the caller.
type Segment struct {
	Seq, Ack Seq
	Flags    Flags
	Window   uint16 // as in the header, not scaled
	Urgent   uint16
	Options  Options
	Len      int // payload bytes

	// Of a segment to send:
	Off  int64     // where the payload begins in the stream of sent bytes
	Why  trace.Why // why it is sent, now
	Args [3]int64  // of Why
}
