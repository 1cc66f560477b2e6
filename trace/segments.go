package trace

import (
	"encoding/binary"
	"slices"

	"strata/layers"
	"strata/layers/walk"
)

// Sent is a TCP segment of a conversation, as it passed where it was
// captured, or as it left its host in a simulation.
type Sent struct {
	Frame    int // that carried it
	Time     Time
	Back     bool // from the conversation's B to its A
	Seq, Ack uint32
	Flags    uint16 // the 12 bits; Ack counts only with ACK
	Window   uint16 // as in the header
	Scale    int8   // what its window scale option says, as a SYN has one; -1: it has none
	Len      int    // bytes of data that it had on the wire
	Resent   bool   // it carries what was sent before

	SACK  [4][2]uint32 // the blocks of its SACK option (RFC 2018)
	SACKs int          // how many of them there are

	// Seen is what the segments before it tell of it; zero in a simulation,
	// where nothing needs to be inferred.
	Seen layers.Analysis
}

// Read fills in what stands in the segment's header, as far as it was
// captured; wire is the segment's length on the wire, its header included. It
// reports false when too little is there.
func (s *Sent) Read(b []byte, wire int) bool {
	if len(b) < layers.TCPMinSize {
		return false
	}
	h := layers.TCPHeader(b)
	size := h.HeaderLen()
	if size < layers.TCPMinSize {
		return false
	}
	s.Seq, s.Ack, s.Window = h.Seq(), h.Ack(), h.Window()
	s.Flags = binary.BigEndian.Uint16(b[12:]) & 0xfff
	s.Len = max(0, wire-size)
	s.readOptions(b[layers.TCPMinSize:min(len(b), size)])
	return true
}

// readOptions finds the window scale and the SACK blocks.
func (s *Sent) readOptions(o []byte) {
	s.Scale, s.SACKs = -1, 0
	EachOption(o, func(kind byte, value []byte) {
		switch {
		case kind == layers.TCPOptionWindowScale && len(value) == 1:
			s.Scale = int8(min(value[0], 14)) // RFC 7323 sec. 2.3
		case kind == layers.TCPOptionSACK:
			for ; len(value) >= 8 && s.SACKs < len(s.SACK); value = value[8:] {
				s.SACK[s.SACKs] = [2]uint32{binary.BigEndian.Uint32(value), binary.BigEndian.Uint32(value[4:])}
				s.SACKs++
			}
		}
	})
}

// ConversationOf is the conversation that frame n belongs to.
func (l *Log) ConversationOf(n int) int {
	if n < 0 || n >= len(l.wire) {
		return -1
	}
	b := l.frameBytes(l.firstHop(n))
	var s walk.Shape
	walk.Walk(&s, b, len(b), walk.LinkEthernet, layers.FCSSize)
	key, _ := talkKeyOf(&s)
	if i, ok := l.talks().number[key]; ok {
		return i
	}
	return -1
}

// firstHop is the frame that carried on its first wire what frame n carries.
func (l *Log) firstHop(n int) int {
	for x := l.indexed(); x.hops[n] > 1; {
		n = l.hopBefore(n)
	}
	return n
}

// hopBefore is the frame that carried what frame n carries on the wire before;
// n is not on the first.
func (l *Log) hopBefore(n int) int {
	id := l.event(l.wire[n]).Cause
	for l.event(id).Kind != Forward {
		id = l.event(id).Cause
	}
	return int(l.indexed().frameOf[id-1])
}

// Segments gives the TCP segments of a conversation, as they left their hosts.
func (l *Log) Segments(i, from, to int, each func(*Sent) bool) {
	t := l.talks()
	if t.all[i].Proto != layers.TCP {
		return
	}
	frames := t.frames[i]
	at, _ := slices.BinarySearch(frames, from)
	for _, n := range frames[at:] {
		if n >= to || !l.segmentIn(n, t.all[i].A, each) {
			return
		}
	}
}

// segmentIn gives the segment in frame n of a conversation of a.
func (l *Log) segmentIn(n int, a string, each func(*Sent) bool) bool {
	b := l.frameBytes(n)
	var shape walk.Shape
	walk.Walk(&shape, b, len(b), walk.LinkEthernet, layers.FCSSize)
	h := shape.Inner()
	s := Sent{
		Frame: n, Time: l.event(l.wire[n]).Time, Back: shape.Src.Peer() != a, Resent: l.indexed().resent[n],
	}
	return !s.Read(b[h.At:h.End], h.WireEnd-h.At) || each(&s)
}
