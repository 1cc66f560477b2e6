// Package tcp is TCP (RFC 9293) as a pure state machine.
//
//	Step(now, Input) ──> Ready
//
// Input is a segment that arrived, what the program did, or the time. Ready
// says what follows: segments to send, what became readable, when to wake the
// connection, and notes for the trace. There are no payload bytes here, no
// clock, no I/O: the caller keeps the streams, and segments name ranges of
// them. Each congestion control is a file of its own.
//
//	arrive_*.go   a segment came; one file per group of states
//	ack.go        what it acknowledges
//	receiver.go   what of it is kept, when it is acknowledged, the window
//	sender.go     what may leave now
//	recovery.go   what was lost and is sent again
//	newreno.go    how much may be on its way; congestion.go has the shape of it
//	rto.go        when to give up waiting
//	timers.go     what time brings
package tcp

import "strata/trace"

// Config is how a host speaks TCP. The zero value is profile rfc.
type Config struct {
	MSS           int        // what it advertises; 0: 536, but a host fills in its interface's MTU less 40
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

// Has reports whether all bits of g are set.
func (f Flags) Has(g Flags) bool { return f&g == g }

// String lists the bits by their RFC names: "SYN,ACK".
func (f Flags) String() string {
	s := ""
	for i, name := range [...]string{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"} {
		if f&(1<<i) == 0 {
			continue
		}
		if s != "" {
			s += ","
		}
		s += name
	}
	return s
}

// Options are the TCP options of a segment. The zero value holds none.
type Options struct {
	MSS            uint16 // 0: absent
	WindowScale    uint8  // valid iff HasWindowScale
	HasWindowScale bool
	SACKPermitted  bool
	HasTimestamps  bool
	TSVal, TSEcr   uint32 // valid iff HasTimestamps
	SACK           [4][2]Seq
	SACKs          int // how many of SACK are there
}

// Reason says why something happened: a why-code and its arguments.
type Reason struct {
	Why  trace.Why // 0: nothing to say
	Args [3]int64
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
	Off    int64 // where the payload begins in the stream of sent bytes
	Reason       // why it is sent, now
}

// space is the sequence space that the segment takes: SYN and FIN count as
// one byte each (RFC 9293 section 3.4).
func (s *Segment) space() int {
	n := s.Len
	if s.Flags&SYN != 0 {
		n++
	}
	if s.Flags&FIN != 0 {
		n++
	}
	return n
}

// State is a connection's state (RFC 9293 section 3.3.2).
type State uint8

// The states.
const (
	Closed State = iota
	Listen
	SynSent
	SynReceived
	Established
	FinWait1
	FinWait2
	CloseWait
	Closing
	LastAck
	TimeWait
)

// String is the state's name in the RFC.
func (s State) String() string {
	return [...]string{"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
		"FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"}[s]
}

// synchronized says that both ends know each other's sequence numbers
// (RFC 9293 section 3.4.1).
func (s State) synchronized() bool { return s >= Established }
