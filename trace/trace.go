package trace

import (
	"time"

	"strata/layers"
	"strata/layers/filter"
	"strata/layers/tlskeys"
)

// Trace is what viewers read. A Log may be used by one goroutine at a time, a
// capture by several. Log implements it in memory, a capture over an
// index into its file: nothing here needs more than one frame at a time.
type Trace interface {
	Info() *Info

	// Events is how many events there are; they are numbered 1 to Events.
	Events() int
	Event(EventID) Event
	// Text is the event's why-sentence, filled in; "" when it has no reason.
	Text(EventID) string
	// Change is what a StateChange event changed.
	Change(EventID) Change
	// Extent is the offset and length of a Write or Read event.
	Extent(EventID) (off, n int64)
	// Peers are the two ends of a Send or Deliver event, as
	// "10.0.0.1:49152"; empty for other kinds.
	Peers(EventID) (from, to string)

	// Frames is how many frames were put on a wire; they are numbered from
	// 0 in order of transmission.
	Frames() int
	Frame(n int) Frame
	// Scan gives the frames from from up to, but not including, to, in order:
	// each one's bytes as it left, or as it was seen; they are good until each
	// returns. It ends when each returns false, and works nothing else out.
	Scan(from, to int, each func(n int, data []byte) bool)
	// Steps are the events that made frame n and took it apart, in order.
	// Valid until the next call.
	Steps(n int) []EventID
	// FrameOf is the frame that an event belongs to.
	FrameOf(EventID) int

	PDU(PDUID) PDU
	// Size is the PDU's length in bytes.
	Size(PDUID) int64
	// Append appends n bytes of a PDU from offset off to dst; fewer where
	// the PDU ends.
	Append(dst []byte, id PDUID, off, n int64) []byte
	// Parents are the ranges of other PDUs that a PDU's bytes come from.
	Parents(PDUID) []Span
	// Children are the PDUs that hold bytes of a PDU: for each, the span
	// of the child that refers to it.
	Children(PDUID) []Child
	// ParentsAt and ChildrenAt are those of Parents and Children that the
	// bytes [off, off+n) of a PDU come from and go to, however many there are.
	ParentsAt(id PDUID, off, n int64) []Span
	ChildrenAt(id PDUID, off, n int64) []Child
	// About are the events about a PDU, in order; none of a capture's streams.
	About(PDUID) []EventID

	// Transfers are the streams of the TCP connection that an event is about,
	// or the packet in fragments.
	Transfers(EventID) Transfers
	// Pieces appends pieces of a transfer to dst, in the order in which they
	// were sent: of those that brought something new, the last before that end
	// by off and the first after that go on from there, at most MaxPieces of
	// each, and what was sent again of the same bytes, earlier or later.
	Pieces(dst []Piece, of PDUID, off int64, before, after int) []Piece
	// Answers appends the last n segments that the receiver of a stream had
	// sent by an event, the latest first.
	Answers(dst []Answer, of PDUID, e EventID, n int) []Answer
	// Marks are what is known of a transfer's two ends at an event.
	Marks(of PDUID, e EventID) Marks

	// State is the state after an event.
	State(EventID) *State

	// Tree is frame n taken apart, with what is known from other frames;
	// nil when there is no such frame. It is the caller's.
	Tree(n int) *layers.Tree
	// Facts is what is known of frame n beside its bytes: times, lengths, the
	// interface, what a capture file says of it.
	Facts(n int) *filter.Frame
	// Select appends to dst the frames from from up to, but not including,
	// to that pass a filter. It looks at no more than it must.
	Select(dst []int, f *filter.Filter, from, to int) []int

	// Conversations is how many there are so far; they are numbered from 0
	// in order of their first frame.
	Conversations() int
	Conversation(i int) Conversation
	// ConversationOf is the conversation of what frame n carries, by its
	// innermost TCP or UDP header; -1: it has none, or none that is numbered.
	ConversationOf(n int) int
	// Segments gives the TCP segments of a conversation that are in the frames
	// from from up to, but not including, to, in order, until each returns
	// false. A segment holds until each returns. What a router forwards in a
	// simulation, and what an error quotes, is none.
	Segments(conversation, from, to int, each func(*Sent) bool)
	// Follow gives what the two sides of a TCP or UDP conversation said, in
	// order, until each returns false. Data is good until each returns.
	Follow(conversation int, each func(Said) bool)
	// FollowInside is Follow for what TLS protects in a TCP conversation, as
	// far as it could be opened.
	FollowInside(conversation int, each func(Said) bool)

	// Progress says how much of the trace is there. While it is Live, the
	// numbers of events, frames, PDUs and conversations grow, and nothing
	// that had a number changes it.
	Progress() Progress
}

// Child is a PDU that holds a part of another; Span.Of is that other.
type Child struct {
	PDU  PDUID
	Span Span
}

// Info is what a trace says once.
type Info struct {
	Name      string // scenario or file name
	Title     string
	Profile   string // "rfc"; empty for a capture
	Seed      uint64
	Start     time.Time // of the trace's time 0
	Nodes     []Node
	Links     []Link
	Captured  bool               // from a file: most events are inferred
	Secrets   *tlskeys.Log       // of its TLS sessions; nil: none are known
	Narration map[EventID]string // what the scenario says at an event
	Prompts   map[EventID]Prompt // the question that gates an event
	Before    []string           // glossary words to know before the lesson
	After     []string           // sentences to remember after it
}

// Node is a host, switch, router, or a point of observation.
type Node struct {
	Name  string
	Kind  string   // "host", "switch", "router"
	Addrs []string // IP addresses, without prefix
}

// Link joins two nodes.
type Link struct {
	Name  string
	Ends  [2]End
	Rate  int64 // bits per second; 0 unknown
	Delay Time  // one way
	MTU   int   // bytes
}

// End is a link's end at a node.
type End struct {
	Node NodeID
	If   string // "eth0"
	MAC  [6]byte
	IP   string // "10.0.1.2/24"; empty for a switch port
}

// EndName is an end's name as the pcapng has it: "client:eth0".
func (i *Info) EndName(e EndID) string {
	if e == NoEnd || e.Link() >= len(i.Links) {
		return ""
	}
	end := i.Links[e.Link()].Ends[e.Side()]
	return i.Nodes[end.Node].Name + ":" + end.If
}

// Prompt is a question about the event that it gates: which of Choices, what
// stands in the fields of Fill, in which order the frames of Order come; or,
// without any of these, which number.
type Prompt struct {
	Question string
	Choices  []string
	Fill     []string // names of header fields of the event's frame
	Order    []int    // frames, as they come in the trace
	Answer   string   // the right choice, or the number, perhaps with its unit
	Why      string
}

// Fate says how a frame's way over its wire ended.
type Fate uint8

// The fates.
const (
	OnTheWay Fate = iota
	Arrived
	Lost    // on the wire
	Refused // arrived, and was dropped there
)

// Frame is one frame on one wire.
type Frame struct {
	Sent     Time // its first bit left; in a capture: it was seen
	Ended    Time // its last bit arrived, or it was lost
	From, To NodeID
	End      EndID // the end that it left from
	PDU      PDUID
	Transmit EventID
	Last     EventID // Arrive or Drop; 0 while on the way
	Fate     Fate
	Resent   bool // carries a segment that was sent before
	Hop      int  // 1 on the first wire of its way; grows when a node forwards it

	// What a capture file says of the frame; zero in a simulation, where
	// every frame is whole and ends in its FCS.
	WireLen   int    // bytes on the wire; more than the PDU has when a snap length cut it
	FCS       int    // how many bytes at its end are its FCS; 0: not said
	LinkType  int    // LINKTYPE_ number; 1 is Ethernet
	Interface string // where it was seen; empty: not said
}
