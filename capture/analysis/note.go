package analysis

import (
	"time"

	"strata/layers"
)

// Note is what must be kept of a segment to explain it later: 32 bytes.
type Note struct {
	Previous uint32 // the stream's frame before this one; 0: this is its first
	seqBase  uint32
	ackBase  uint32
	acked    uint32
	count    uint32 // bytes in flight, or the duplicate's number
	pushed   uint32
	since    uint32 // the frame that a duplicate repeats, or that a retransmission is timed from
	bits     uint32
}

// The bits of a note: findings in the lowest 15, then these.
const (
	noteTold     = 1 << (15 + iota) // Wireshark shows an analysis, be it empty
	noteRTT                         // the initial round trip is known
	notePassive                     // its FIN answers one
	noteACE                         // its ECN flags are a counter
	noteOpenData                    // it answers a SYN with data

	findingsMask = 1<<15 - 1
	seenAt       = 20 // 6 bits
	shiftAt      = 26 // 5 bits: the shift plus 2
)

// Findings is what the analysis found.
func (n Note) Findings() layers.Findings { return layers.Findings(n.bits & findingsMask) }

// Completeness is tcp.completeness: what had been seen before the segment.
func (n Note) Completeness() uint8 { return uint8(n.bits >> seenAt & 0x3f) }

// tell writes into the note what Wireshark would show.
func (w *work) tell(n *Note) {
	if !w.any {
		return
	}
	n.bits |= noteTold | w.found
	if w.c.rtt != 0 {
		n.bits |= noteRTT
	}
	n.acked, n.pushed, n.since = w.acked, w.pushed, w.since
	n.count = w.inFlight
	if w.dups > 0 {
		n.count = w.dups
	}
}

// Explain is the analysis of a segment of the connection: the note that Add
// gave for it, the frame it was in, and the time of any frame, in ns.
func (c *Conn) Explain(n Note, frame uint32, timeOf func(frame uint32) int64) layers.Analysis {
	a := layers.Analysis{
		Findings: n.Findings(), Told: n.bits&noteTold != 0,
		SeqBase: n.seqBase, AckBase: n.ackBase,
		Shift: int8(n.bits>>shiftAt&0x1f) - 2, Completeness: n.Completeness(),
		AckedFrame:   n.acked,
		ClosesSecond: n.bits&notePassive != 0, CountsECN: n.bits&noteACE != 0, AnswersData: n.bits&noteOpenData != 0,
	}
	now := timeOf(frame)
	since := func(f uint32) time.Duration { return time.Duration(now - timeOf(f)) }
	a.SinceFirst = since(c.first)
	if n.Previous != 0 {
		a.SincePrevious = since(n.Previous)
	}
	if n.bits&noteRTT != 0 {
		a.InitialRTT = time.Duration(c.rtt)
	}
	if n.acked != 0 {
		a.AckRTT = since(n.acked)
	}
	switch {
	case a.Findings&layers.DuplicateAck != 0:
		a.DuplicateAck, a.DuplicateOf = n.count, n.since
	case n.count > 0:
		a.InFlight, a.PushBytes = n.count, n.pushed
	}
	if a.Findings&layers.Retransmission != 0 {
		if a.RTO = since(n.since); a.RTO != 0 {
			a.RTOFrame = n.since
		}
	}
	return a
}
