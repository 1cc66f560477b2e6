package trace

import "strata/layers"

// What travels in pieces is a transfer: the stream that one side of a TCP
// connection sends, in segments, or an IP packet that was cut, in fragments.
// It is named by the PDU of what was sent: the Stream, or what the packet
// carries. Trace.Transfers says which an event belongs to; Trace.Pieces,
// Trace.Answers and Trace.Marks say what became of it.

// Transfers are the transfers that an event belongs to.
type Transfers struct {
	Sent   PDUID // in the direction of the event's frame; 0: it brings none, and none came before
	Back   PDUID // of the same TCP connection, the other way; 0: nothing was sent that way
	Packet bool  // Sent is a packet in fragments, not a stream
}

// Piece is one segment or fragment with bytes of a transfer.
type Piece struct {
	Off, Len int64
	PDU      PDUID
	Sent     EventID // the Segment or Fragment event
	Got      EventID // where the receiver took it: Decapsulate T4, or, of a fragment, Hold, Reassemble or Decapsulate N3; 0: never
	Lost     EventID // the Drop that ended it; 0: none did. After Got: it came, and was refused
	Again    bool    // it brings bytes that were sent before
}

// End is the offset after its last byte.
func (p *Piece) End() int64 { return p.Off + p.Len }

// Answer is what a segment of the receiver of a stream tells its sender
// (RFC 9293 sec. 3.4; RFC 2018). Places are offsets in the stream.
type Answer struct {
	PDU    PDUID
	Sent   EventID
	Got    EventID  // where the stream's sender took it; 0: never
	Ack    int64    // all before it is there
	Edge   int64    // up to where there is room; -1: not known
	Blocks int      // how many of SACK there are
	SACK   [4]Range // what is there beyond Ack, as told
}

// Range is the bytes from From up to, not including, To.
type Range struct{ From, To int64 }

// Len is how many bytes it has.
func (r Range) Len() int64 { return r.To - r.From }

// Marks are what is known of the two ends of a transfer at an event, beside
// its pieces; -1: not known.
type Marks struct {
	Written int64 // the sender's program has written up to here
	Read    int64 // the receiver's program has read up to here
	Next    int64 // all before it had come, at least
	Total   int64 // a packet's length, known at the end of the trace
}

// Flags of TCP (RFC 9293 sec. 3.1).
const (
	flagSYN = 0x02
	flagACK = 0x10
)

// NewAnswer is what a segment tells. at gives the offset in the stream that a
// sequence number means, shift is by how much the window field is to be shifted;
// -1: nobody knows. ok is false when it acknowledges nothing.
func NewAnswer(s *Sent, at func(seq uint32) int64, shift int) (a Answer, ok bool) {
	if s.Flags&flagACK == 0 {
		return a, false
	}
	a.Ack, a.Edge = at(s.Ack), -1
	if s.Flags&flagSYN != 0 { // RFC 7323 sec. 2.2: the window of a SYN is never scaled
		shift = 0
	}
	if shift >= 0 {
		a.Edge = a.Ack + int64(s.Window)<<shift
	}
	for _, block := range s.SACK[:s.SACKs] {
		r := Range{at(block[0]), at(block[1])}
		if r.To > r.From && r.From >= a.Ack { // one before it tells of a duplicate (RFC 2883)
			a.SACK[a.Blocks] = r
			a.Blocks++
		}
	}
	return a, true
}

// EachOption reads the options of a TCP header, as far as they can be read
// (RFC 9293 sec. 3.1).
func EachOption(b []byte, each func(kind byte, value []byte)) {
	for len(b) > 0 && b[0] != layers.TCPOptionEnd {
		if b[0] == layers.TCPOptionNop {
			b = b[1:]
			continue
		}
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			return
		}
		each(b[0], b[2:b[1]])
		b = b[b[1]:]
	}
}

// Unwrap is the offset nearest to near that a sequence number can mean, where
// base is the number of the stream's first byte.
func Unwrap(base, seq uint32, near int64) int64 {
	return near + int64(int32(seq-base-uint32(near)))
}

// MaxPieces is how many pieces Trace.Pieces gives at most.
const MaxPieces = 4096
