package trace

import "strata/layers"

// Time is nanoseconds since the trace's start.
type Time int64

// Units of Time.
const (
	Microsecond Time = 1e3
	Millisecond Time = 1e6
	Second      Time = 1e9
)

// Seconds gives the time in seconds.
func (t Time) Seconds() float64 { return float64(t) / 1e9 }

// EventID numbers events in trace order, from 1; 0 is no event.
type EventID uint32

// PDUID numbers PDUs, from 1; 0 is no PDU.
type PDUID uint32

// NodeID is an index into Info.Nodes.
type NodeID uint16

// EndID names one end of a link: link*2 + side, where link is an index into
// Info.Links. NoEnd is none.
type EndID uint16

// NoEnd is the EndID of an event that concerns no link.
const NoEnd EndID = 0xffff

// Link is the index into Info.Links.
func (e EndID) Link() int { return int(e >> 1) }

// Side is 0 or 1, the index into Link.Ends.
func (e EndID) Side() int { return int(e & 1) }

// Peer is the other end of the same link.
func (e EndID) Peer() EndID { return e ^ 1 }

// Kind says what happened.
type Kind uint8

// The closed list of kinds. A node makes a frame by the first group, a wire
// carries it by the second, a node takes it apart by the third.
const (
	Send        Kind = iota + 1 // a program hands over a whole message
	Encode                      // a message changes its form (layer 6)
	Write                       // bytes enter a socket
	Segment                     // TCP cuts a segment from its stream
	Encapsulate                 // a header is put before a PDU
	Fragment                    // IP cuts a packet
	Hold                        // a PDU waits for something (an ARP answer, a window)
	Queue                       // a frame waits for the wire

	Transmit  // a frame's first bit leaves
	Corrupt   // bits flip
	Duplicate // a copy appears
	Delay     // a frame is held back

	Arrive      // a frame's last bit arrives
	Drop        // a PDU ends here
	Decapsulate // a header is read and taken off
	Forward     // a switch or router chooses the way on
	Reassemble  // fragments or segments become whole
	Read        // bytes leave a socket
	Decode      // a message changes back (layer 6)
	Deliver     // a program has a whole message

	StateChange // a field of a table changes
	TimerSet
	TimerFired
	kindCount
)

var kindNames = [kindCount]string{
	Send: "send", Encode: "encode", Write: "write", Segment: "segment", Encapsulate: "encapsulate",
	Fragment: "fragment", Hold: "hold", Queue: "queue", Transmit: "transmit", Corrupt: "corrupt",
	Duplicate: "duplicate", Delay: "delay", Arrive: "arrive", Drop: "drop", Decapsulate: "decapsulate",
	Forward: "forward", Reassemble: "reassemble", Read: "read", Decode: "decode", Deliver: "deliver",
	StateChange: "state", TimerSet: "timer-set", TimerFired: "timer-fired",
}

// String is the kind's word in the JSON Lines.
func (k Kind) String() string { return kindNames[k%kindCount] }

// KindNamed finds a kind by its word; 0 when there is none.
func KindNamed(word string) Kind {
	for k, name := range kindNames {
		if name == word && k != 0 {
			return Kind(k)
		}
	}
	return 0
}

// making reports whether events of the kind go before a frame's transmission,
// and belong to the frame that they make.
func (k Kind) making() bool { return k >= Send && k <= Queue }

// Event is one thing that happened. It is 32 bytes, holds no pointer, and its
// sentence is made when read.
type Event struct {
	Time     Time
	PDU      PDUID   // what it is about; 0: a state or a timer
	Cause    EventID // always less than the event's own number
	args     uint32  // where the arguments lie in the log's argument store, +1
	Node     NodeID
	End      EndID // the link end concerned; NoEnd: none
	Why      Why
	Kind     Kind
	Proto    layers.Proto
	Layer    layers.Layer
	Inferred bool // not observed: what the protocol says must have happened
}
