package analysis

import (
	"time"

	"strata/layers"
)

// The findings, short.
const (
	retransmission = uint32(layers.Retransmission)
	reusedPorts    = uint32(layers.ReusedPorts)
)

const control = flagSYN | flagFIN | flagRST

// Sequence numbers are compared modulo 2^32 (RFC 9293 sec. 3.4).
func below(a, b uint32) bool { return int32(a-b) < 0 }
func above(a, b uint32) bool { return int32(b-a) < 0 }

// analyze judges a segment by those before it, and takes it in.
func (w *work) analyze(n *Note) {
	s, fwd, rev := w.s, w.fwd, w.rev
	if s.has(flagACK) {
		rev.flags &^= inGap
	}
	w.forward()
	if s.Ack != fwd.ack { // it acknowledges something else: no duplicate
		fwd.dupOf, fwd.dups = s.Frame, 0
	}
	w.acknowledged()
	if s.Len > 0 || !s.none(flagSYN|flagFIN) {
		w.again()
	}
	w.remember()
	if frame := w.p.ack(rev, s.Ack); frame != 0 {
		w.acked, w.any = frame, true
	}
	if s.Len > 0 && !fwd.is(inGap) && w.p.waiting(fwd) > 0 {
		w.flight()
	}
}

// forward compares a segment with what was to come next in its direction.
func (w *work) forward() {
	s, fwd, rev := w.s, w.fwd, w.rev
	if s.Len == 1 && s.Seq == fwd.top && rev.window() == 0 { // RFC 9293 sec. 3.8.6.1
		w.find(uint32(layers.ZeroWindowProbe))
		return
	}
	if s.Window == 0 && s.none(control) {
		w.find(uint32(layers.ZeroWindow))
	}
	if fwd.top != 0 && above(s.Seq, fwd.top) && s.none(flagRST) {
		w.find(uint32(layers.LostSegment))
		fwd.flags |= inGap
	}
	if s.Len <= 1 && s.Seq == fwd.top-1 && s.none(control) { // RFC 9293 sec. 3.8.4
		w.find(uint32(layers.KeepAlive))
	}
	if s.Len > 0 && rev.scale != 0 && s.none(control) && s.Seq+s.Len == rev.ack+rev.window()<<rev.scaling() {
		w.find(uint32(layers.WindowFull))
	}
	if s.Len == 0 && s.Seq == fwd.top && s.Ack == fwd.ack && s.none(control) {
		w.repeated()
	}
}

// scaling is by how many bits the last window was shifted: not in a SYN.
func (sd *side) scaling() int8 {
	if sd.is(firstAck) {
		return 0
	}
	return max(0, sd.shift())
}

// repeated judges a segment without data that has the numbers of the one
// before it.
func (w *work) repeated() {
	s, fwd, rev := w.s, w.fwd, w.rev
	switch same := uint32(s.Window) == fwd.window(); {
	case !same && s.Window > 0:
		w.find(uint32(layers.WindowUpdate))
	case same && s.Window > 0 && rev.is(keptAlive):
		w.find(uint32(layers.KeepAliveAck))
	case same && s.Window == 0 && rev.is(probed):
		w.find(uint32(layers.ZeroWindowProbeAck))
	case same && s.Window > 0 && w.c.offers&manyPaths != 0 && w.c.paths != fwd.paths: // RFC 8684 sec. 4: it may repeat for its options' sake
	case same && s.Window > 0:
		if fwd.dups == unseen {
			fwd.dups = 0
		}
		fwd.dups++
		w.find(uint32(layers.DuplicateAck))
		w.dups, w.since = fwd.dups, fwd.dupOf
	}
}

// acknowledged looks for an acknowledgment of what was not seen. It is told
// once for the same gap.
func (w *work) acknowledged() {
	s, rev := w.s, w.rev
	if rev.expect == 0 || !above(s.Ack, rev.expect) || s.none(flagACK) {
		return
	}
	w.any = true
	if below(rev.expect, rev.top) {
		rev.expect = rev.top
		w.find(uint32(layers.AckLostSegment))
		return
	}
	if rev.dups == 0 {
		w.find(uint32(layers.AckLostSegment))
	}
	rev.dups = unseen
}

const (
	fastWithin = uint64(20 * time.Millisecond) // of the last duplicate acknowledgment
	usualRTT   = uint64(3 * time.Millisecond)  // when the initial round trip is not known
)

// again looks for segments that were sent before, or come late.
func (w *work) again() {
	s, fwd, rev := w.s, w.fwd, w.rev
	if w.found&uint32(layers.KeepAlive) != 0 {
		return
	}
	late := fwd.top != 0 && below(s.Seq, fwd.top)
	if s.Len > 1 && s.Seq == fwd.top-1 { // more after a probe of one byte
		late = false
	}
	if s.Len > 0 && rev.ack != 0 && int32(s.Seq+s.Len-rev.ack) <= 0 { // all of it has arrived
		w.find(uint32(layers.SpuriousRetransmission))
		return
	}
	if !late {
		return
	}
	// Times may run backward in a file; that counts as long ago.
	if rev.dups >= 2 && rev.ack == s.Seq && uint64(s.Time-rev.ackTime) < fastWithin { // RFC 5681 sec. 3.2
		w.find(uint32(layers.FastRetransmission))
		return
	}
	soon := usualRTT
	if w.c.rtt != 0 {
		soon = uint64(w.c.rtt)
	}
	if uint64(s.Time-fwd.topTime) < soon && s.Seq+s.Len+s.room() != fwd.top {
		w.find(uint32(layers.OutOfOrder))
		return
	}
	w.find(retransmission)
	if w.since = w.p.oldest(fwd); w.since == 0 {
		w.since = fwd.topAt
	}
}

// remember takes a segment in: the next ones of its direction go by it.
func (w *work) remember() {
	s, fwd := w.s, w.fwd
	next := s.Seq + s.Len
	if (s.Len > 0 || s.room() > 0) && w.p.waiting(fwd) < maxUnacked {
		next += s.room()
		w.p.push(fwd, unacked{s.Seq, next, s.Frame})
	}
	probe := w.found&uint32(layers.ZeroWindowProbe) != 0 // its byte will come again
	if (fwd.top == 0 || above(next, fwd.top)) && !probe {
		fwd.top, fwd.topAt, fwd.topTime = next, s.Frame, s.Time
	}
	if (s.Seq == fwd.expect || fwd.expect == 0) && !probe {
		fwd.expect = fwd.top
	}
	fwd.win, fwd.ack, fwd.ackTime = s.Window, s.Ack, s.Time
	fwd.flags |= isSeen
	if w.c.offers&manyPaths != 0 {
		fwd.paths = w.c.paths
	}
	fwd.set(probed, probe)
	fwd.set(keptAlive, w.found&uint32(layers.KeepAlive) != 0)
}

// flight tells how many bytes are on their way, and how many were sent since
// the last PSH.
func (w *work) flight() {
	s, fwd := w.s, w.fwd
	w.any = true
	flying := w.p.span(fwd) - w.rev.sacked
	if flying > 0 && flying < 2_000_000_000 { // more is no window: numbers that make no sense
		w.inFlight = flying - s.room()
	}
	if fwd.is(pushLast) {
		fwd.pushed = 0
	}
	fwd.pushed += s.Len
	fwd.set(pushLast, s.has(flagPSH))
	w.pushed = fwd.pushed
}
