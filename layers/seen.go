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
	// Begun is what earlier records have brought of a TLS handshake message
	// that goes on in the segment's first record, one piece from each; nil: it
	// is not known, or there is none.
	Begun [][]byte
	// HTTP says whether a message of HTTP came in the connection before. Where
	// none did, what does not begin like one is none, whatever the port; where
	// one did, what follows is HTTP's on any port.
	HTTP HTTPSpoken
	// Above is what the stream carries where the segment's payload begins.
	Above Above
	// Opened is what cannot be read in the units that are whole with this
	// segment alone, in their order.
	Opened []Opened

	// Back says that a UDP datagram goes from the conversation's B to its A.
	Back bool
	// QUIC is what the datagrams before it tell of the QUIC connection that the
	// conversation carries; nil: it is not known to carry one.
	QUIC *QUICConnection
	// Earlier are the payloads of the datagrams that QUICConnection.Earlier
	// names: an Initial packet goes on with what they have begun.
	Earlier [][]byte
}

// HTTPSpoken says whether a connection is known to speak HTTP.
type HTTPSpoken uint8

// What is known of it.
const (
	HTTPUnknown HTTPSpoken = iota
	HTTPNever              // no message came so far
	HTTPCame
)

// Above is what the units of a stream have told so far, for those that come
// after them. It is small and can be compared. The zero value knows nothing.
type Above struct {
	Proto   Proto // of the next unit: HTTP, TLS, WebSocket, MQTT, DNS; None: not known
	Server  bool  // the units are sent by the side that was connected to
	Carries Proto // what the bodies of HTTP, or the messages of WebSocket, are: EngineIO, MQTT; None: not known
	MQTT    uint8 // the protocol level that CONNECT named: 3, 4 or 5; 0: not seen
	Opcode  uint8 // of the WebSocket message that goes on in fragments; 0: none is open
	Deflate bool  // WebSocket messages may be compressed (RFC 7692)
}

// Opened is what a unit of a stream holds: a TLS record its plaintext, the
// last frame of a WebSocket message that came in fragments, or compressed, the
// whole message.
type Opened struct {
	Proto Proto  // of the unit: TLS, WebSocket
	Type  uint8  // TLS: the content type (RFC 8446 section 5.2)
	Data  []byte // nil: it could not be opened

	// Of the data of a TLS record, what Options and Seen tell of a segment's
	// payload: the data are a stretch of a stream, too.
	Above       Above
	Opened      []Opened
	Reassembled []byte
	Taken, Kept int
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
