package layers

import "time"

// Seen is what other frames tell of one TCP segment or UDP datagram in a
// frame.
type Seen struct {
	Stream   uint32    // Wireshark's number of the conversation, from 0: tcp.stream, udp.stream
	Analysis *Analysis // of a TCP segment; nil: none was made

	// TLS is what the records before a TCP segment tell of its TLS session;
	// nil: it is not known to have one.
	TLS *TLSSession
}

// Analysis is what the segments before it tell of a TCP segment: Wireshark's
// tcp.analysis, tcp.completeness and timestamps. Frames are numbered from 1;
// 0 is none.
type Analysis struct {
	Findings Findings
	Told     bool // Wireshark shows an analysis of the segment, even if it is empty: tcp.analysis

	SeqBase, AckBase uint32 // what relative numbers count from: tcp.seq is the raw number minus SeqBase
	Shift            int8   // window scale that this segment's window is to be multiplied by, 0 to 14; -1 unknown; -2 not used
	Completeness     uint8  // tcp.completeness

	AckedFrame uint32        // tcp.analysis.acks_frame
	AckRTT     time.Duration // tcp.analysis.ack_rtt; AckedFrame is 0 when there is none
	InitialRTT time.Duration // tcp.analysis.initial_rtt; 0: none

	InFlight  uint32 // tcp.analysis.bytes_in_flight; 0: not told
	PushBytes uint32 // tcp.analysis.push_bytes_sent; 0: not told

	DuplicateAck uint32 // tcp.analysis.duplicate_ack_num; 0: not one
	DuplicateOf  uint32 // tcp.analysis.duplicate_ack_frame

	RTO      time.Duration // tcp.analysis.rto, since RTOFrame
	RTOFrame uint32        // tcp.analysis.rto_frame

	ClosesSecond bool // its FIN answers one: tcp.connection.fin_passive
	CountsECN    bool // its ECN flags are a counter: tcp.flags.ace
	AnswersData  bool // the SYN had data and a cookie of Fast Open

	SinceFirst, SincePrevious time.Duration // tcp.time_relative, tcp.time_delta
}

// Findings is a set of what the analysis found.
type Findings uint32

// The findings, each Wireshark's tcp.analysis.* of that name.
const (
	Retransmission Findings = 1 << iota
	FastRetransmission
	SpuriousRetransmission
	OutOfOrder
	DuplicateAck
	LostSegment    // tcp.analysis.lost_segment: previous segment not captured
	AckLostSegment // tcp.analysis.ack_lost_segment: acknowledged segment not captured
	WindowFull
	WindowUpdate
	ZeroWindow
	ZeroWindowProbe
	ZeroWindowProbeAck
	KeepAlive
	KeepAliveAck
	ReusedPorts
)
