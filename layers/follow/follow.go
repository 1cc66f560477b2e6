// Package follow puts together what the two sides of a TCP connection said to
// each other, in the order in which it became whole, with the very bytes of
// Wireshark's "follow stream":
//
//	segments, as captured ──> Conversation ──> pieces in order
//	                               └──> notes of what is missing
//
// A segment behind a gap waits until the gap is filled, or until the other
// side acknowledges what lies beyond it: then the gap was lost by the capture
// alone, and a note stands for it. What never got so far is never said.
package follow

import (
	"bytes"
	"container/heap"
	"fmt"
)

// Flags of a TCP header that matter here (RFC 9293 sec. 3.1).
const (
	flagSYN = 0x02
	flagACK = 0x10
)

// What may wait behind a gap. Beyond it the gap is given up, as if the other
// side had acknowledged it.
const (
	maxWaiting = 16 << 20 // bytes of one side
	maxPieces  = 1 << 16
)

// Segment is a TCP segment. Those quoted by ICMP errors, and fragments of IP
// packets, are none.
type Segment struct {
	Back     bool // which way it went; false is from the side that was seen first
	Frame    int
	Seq, Ack uint32 // as in the header
	Flags    uint16 // as in the header
	Len      int    // bytes of data that it had on the wire
	Data     []byte // those of them that were captured
}

// Piece is a stretch of what one side said.
type Piece struct {
	Back    bool
	Frame   int    // that carried it; of a note, the one that made it certain
	Data    []byte // holds until the call returns
	Missing int    // bytes that were never captured, of which Data is a note; 0: Data was said
}

// Conversation is one TCP connection. The zero value is ready.
type Conversation struct {
	sides [2]side
}

// side is one of the two. Its numbers count from base, as Wireshark's relative
// ones do: that matters where a connection was captured from its middle, and
// for the numbers of segments without an ACK flag.
type side struct {
	based bool
	base  uint32
	next  uint32 // sequence number that is expected
	said  bool   // something came in its place

	waiting bySeq     // behind a gap
	ready   byArrival // reached by what is expected
	held    int       // bytes of both
	arrived int       // pieces so far
}

// Segment takes a segment, in the order of the capture. say is called with
// what is whole now.
func (c *Conversation) Segment(s *Segment, say func(Piece)) {
	me, other := &c.sides[0], &c.sides[1]
	if s.Back {
		me, other = other, me
	}
	seq, ack := count(me, other, s)
	if other.held > 0 {
		for other.advance(!s.Back, say) || other.skip(ack, s, say) {
		}
	}
	if !me.said && me.next == 0 {
		me.next = seq
	}
	size, data := uint32(s.Len), s.Data
	if old := int32(me.next - seq); old > 0 {
		// Dated; but its end may be new.
		if end := seq + size; int32(end-me.next) > 0 {
			data = data[min(int(old), len(data)):]
			seq, size = me.next, end-me.next
		}
	}
	ahead := int32(seq - me.next)
	switch {
	case len(data) == 0 || ahead < 0:
	case ahead == 0:
		me.next += size
		me.said = true
		say(Piece{Back: s.Back, Frame: s.Frame, Data: data})
		for me.advance(s.Back, say) {
		}
	default:
		me.keep(seq, s.Frame, data)
		for (me.held > maxWaiting || len(me.waiting.all) > maxPieces) && (me.advance(s.Back, say) || me.jump(s.Back, s.Frame, say)) {
		}
	}
}

// count turns a header's numbers into relative ones: a SYN has 0, and where
// there was none the first byte that was seen has 1.
func count(me, other *side, s *Segment) (seq, ack uint32) {
	switch {
	case !me.based && s.Flags&flagSYN == 0:
		me.base = s.Seq - 1
	case !me.based, s.Flags&(flagSYN|flagACK) == flagSYN|flagACK:
		me.base = s.Seq
	}
	me.based = true
	if !other.based && s.Flags&flagACK != 0 {
		other.based, other.base = true, s.Ack-1
	}
	seq, ack = s.Seq-me.base, s.Ack
	if s.Flags&flagACK != 0 {
		ack -= other.base
	}
	if s.Flags&flagSYN != 0 {
		seq++
	}
	return seq, ack
}

func (d *side) keep(seq uint32, frame int, data []byte) {
	d.arrived++
	d.held += len(data)
	heap.Push(&d.waiting, fragment{seq, d.arrived, frame, bytes.Clone(data)})
}

// advance says the first that came of the pieces that what is expected has
// reached, if it has anything new.
func (d *side) advance(back bool, say func(Piece)) bool {
	for len(d.waiting.all) > 0 && int32(d.waiting.all[0].seq-d.next) <= 0 {
		heap.Push(&d.ready, heap.Pop(&d.waiting))
	}
	if len(d.ready.all) == 0 {
		return false
	}
	f := heap.Pop(&d.ready).(fragment)
	d.held -= len(f.data)
	if end := f.seq + uint32(len(f.data)); int32(end-d.next) > 0 {
		fresh := f.data[d.next-f.seq:]
		d.next = end
		say(Piece{Back: back, Frame: f.frame, Data: fresh})
	}
	return true
}

// skip gives up a gap that the other side has acknowledged.
func (d *side) skip(ack uint32, s *Segment, say func(Piece)) bool {
	if len(d.waiting.all) == 0 || int32(ack-d.waiting.all[0].seq) <= 0 {
		return false
	}
	return d.jump(!s.Back, s.Frame, say)
}

// jump notes what is missing before the first piece that waits.
func (d *side) jump(back bool, frame int, say func(Piece)) bool {
	if len(d.waiting.all) == 0 {
		return false
	}
	seq := d.waiting.all[0].seq
	missing := int(int32(seq - d.next))
	d.next = seq
	// The zero that ends the text in Wireshark's memory is among its bytes.
	note := fmt.Sprintf("[%d bytes missing in capture file]\x00", missing)
	say(Piece{Back: back, Frame: frame, Data: []byte(note), Missing: missing})
	return true
}
