package connection

// Kind is something that can be asked of a direction of a connection: of the
// data that one side sends, and what comes back for it.
type Kind uint8

// The kinds. Sequence numbers are relative, as Wireshark shows them: the SYN
// has 0, the first byte of data 1.
const (
	// Lines: each value holds until the next.
	Cwnd     Kind = iota // the sender's congestion window, bytes (RFC 5681)
	Ssthresh             // its slow start threshold, bytes
	InFlight             // sent and not acknowledged, bytes
	Window               // what the receiver announced last, bytes, scaled
	SRTT                 // the sender's smoothed round-trip time, ns (RFC 6298)
	RTO                  // its retransmission timeout, ns
	Acked                // the next byte that the receiver expects
	Edge                 // where its window ends: the first byte that may not be sent

	// Samples: values of one moment.
	RTT    // a round trip, ns: in a capture, from where it was made to the receiver and back
	Waited // how long a segment had not been acknowledged when it was sent again, ns; captures only

	// Bars: stretches of sequence numbers at one moment.
	Data    // a segment with data, SYN or FIN, sent for the first time
	Resent  // one that was sent before
	Lost    // one that never arrived whole, at the time when it was sent; simulations only
	Missing // what passed unseen before a segment, so was lost or not captured; captures only
	SACKed  // a block that the receiver has beyond a gap (RFC 2018)

	// Moments, at a sequence number.
	DupAck     // the receiver asks for the same byte once more (RFC 5681 sec. 2)
	ZeroWindow // the receiver has no room
	Reordered  // a segment that others overtook; captures only

	Kinds // how many there are
)

// Unit is what a kind's values count.
type Unit uint8

// The units.
const (
	Bytes    Unit = iota
	Nanos         // ns
	Sequence      // relative sequence numbers
)

// kindInfo is what is said of a kind.
type kindInfo struct {
	name    string
	unit    Unit
	line    bool
	unknown string // why a capture cannot tell; "": it can
	run     bool   // a simulation tells
}

const senderOnly = "cannot be known from here: no segment says it"

var kindInfos = [Kinds]kindInfo{
	Cwnd:       {"cwnd", Bytes, true, senderOnly, true},
	Ssthresh:   {"ssthresh", Bytes, true, senderOnly, true},
	InFlight:   {"in flight", Bytes, true, "", true},
	Window:     {"receive window", Bytes, true, "", true},
	SRTT:       {"SRTT", Nanos, true, senderOnly, true},
	RTO:        {"RTO", Nanos, true, senderOnly, true},
	Acked:      {"acknowledged", Sequence, true, "", true},
	Edge:       {"window's end", Sequence, true, "", true},
	RTT:        {"round trip", Nanos, false, "", true},
	Waited:     {"waited, then resent", Nanos, false, "", false},
	Data:       {"segment", Sequence, false, "", true},
	Resent:     {"resent", Sequence, false, "", true},
	Lost:       {"lost", Sequence, false, "cannot be known from here: a capture sees what passes, not what is lost further on", true},
	Missing:    {"not seen", Sequence, false, "", false},
	SACKed:     {"SACK", Sequence, false, "", true},
	DupAck:     {"duplicate ACK", Sequence, false, "", true},
	ZeroWindow: {"window 0", Sequence, false, "", true},
	Reordered:  {"out of order", Sequence, false, "", false},
}

// String is the kind's name, in the words of the RFCs.
func (k Kind) String() string { return kindInfos[k].name }

// Unit is what the kind's values count.
func (k Kind) Unit() Unit { return kindInfos[k].unit }

// Line says whether each value holds until the next one.
func (k Kind) Line() bool { return kindInfos[k].line }
