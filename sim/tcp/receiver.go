package tcp

import (
	"slices"

	"strata/trace"
)

// receiver is the receive sequence space (RFC 9293 section 3.3.1) and the
// receive buffer, in positions.
type receiver struct {
	irs      Seq
	nxt      int64 // RCV.NXT; -1: no SYN yet
	edge     int64 // RCV.NXT + RCV.WND: what the peer was told that it may send up to
	consumed int64 // the program has read up to here
	fin      int64 // position of the peer's FIN; noFIN: unknown
	held     []span
	buf      int   // size of the receive buffer
	scale    uint8 // RFC 7323 section 2: our shift
	full     int   // a segment of this many bytes is a full-sized one
	mute     int   // bytes received in order and not acknowledged yet
	lastAck  int64 // Last.ACK.sent of RFC 7323 section 4.3
}

// span is a run of bytes held out of order: from up to, not including, to.
type span struct{ from, to int64 }

const noFIN = int64(1)<<62 - 1

// scaleFor is the smallest shift that lets a 16-bit window tell the whole
// buffer; RFC 7323 section 2.3 allows 14 at most.
func scaleFor(buf int) uint8 {
	shift := uint8(0)
	for shift < maxScale && buf>>shift > 65535 {
		shift++
	}
	return shift
}

const maxScale = 14

// readable is the length of the stream without gaps.
func (r *receiver) readable() int64 { return max(0, min(r.nxt, r.fin)) }

// finished says that the FIN has been reached.
func (r *receiver) finished() bool { return r.nxt > r.fin }

// free is the room in the buffer: what is held out of order lies within it.
func (r *receiver) free() int { return r.buf - int(r.readable()-r.consumed) }

// window is RCV.WND: what is still open of what the peer was told.
func (r *receiver) window() int { return int(r.edge - r.nxt) }

// gain is how far the right edge could move if the window were told now.
func (r *receiver) gain() int { return r.free() - r.window() }

// offer is the window field of a segment to send. The right edge moves only
// by worthwhile steps, so that the sender is not tempted into small segments
// (RFC 9293 section 3.8.6.2.2), and never back.
func (r *receiver) offer() uint16 {
	free, unit := r.free(), 1<<r.scale
	units := 0
	if r.gain() >= min(r.buf/2, r.full) {
		units = free / unit
	} else {
		// RFC 7323 section 2.4: the scaled field would tell a little less
		// than was told before; rounded up it tells no less.
		units = (r.window() + unit - 1) / unit
		if units*unit > free {
			units = r.window() / unit
		}
	}
	units = min(units, 65535)
	r.edge = max(r.edge, r.nxt+int64(units*unit))
	return uint16(units)
}

// worthUpdate says that the program has made so much room that the peer
// should hear of it at once: a quarter of the buffer and two segments, or one
// segment when the peer may be waiting. Less than that goes with the next
// acknowledgment.
func (r *receiver) worthUpdate() bool {
	gain := r.gain()
	if r.window() < r.full {
		return gain >= min(r.buf/2, r.full)
	}
	return gain >= min(r.buf/2, max(r.buf/4, 2*r.full))
}

// keep enters bytes into the stream and appends to out the parts of them
// that were not there before. The bytes lie within the window; skip is how
// many bytes of the payload lie before them.
func (r *receiver) keep(from, to int64, skip int, out []Piece) []Piece {
	if len(r.held) == 0 && from == r.nxt {
		r.nxt = to
		return append(out, Piece{skip, from, int(to - from)})
	}
	// The spans from i up to j touch the bytes and become one with them.
	i := 0
	for i < len(r.held) && r.held[i].to < from {
		i++
	}
	j, merged, at := i, span{from, to}, from
	for ; j < len(r.held) && r.held[j].from <= to; j++ {
		h := r.held[j]
		if h.from > at {
			out = append(out, Piece{skip + int(at-from), at, int(h.from - at)})
		}
		at = max(at, h.to)
		merged = span{min(merged.from, h.from), max(merged.to, h.to)}
	}
	if at < to {
		out = append(out, Piece{skip + int(at-from), at, int(to - at)})
	}
	r.held = slices.Replace(r.held, i, j, merged)
	if r.held[0].from == r.nxt {
		r.nxt = r.held[0].to
		r.held = slices.Delete(r.held, 0, 1)
	}
	return out
}

// furthest is the end of all that was ever accepted.
func (r *receiver) furthest() int64 {
	if n := len(r.held); n > 0 {
		return r.held[n-1].to
	}
	return r.nxt
}

// receiveText is the seventh step of RFC 9293 section 3.10.7.4, for a segment
// that has passed the others and begins at a position. It reports whether the
// connection lives on.
func (c *Conn) receiveText(seg *Segment, at int64) bool {
	r := &c.rcv
	end := at + int64(seg.Len)
	from, to := max(at, r.nxt), min(end, r.edge, r.fin)
	fin := seg.Flags&FIN != 0 && end < r.edge && end >= r.furthest() && r.fin == noFIN
	if fin {
		r.fin = end
	}
	if to > from && c.deaf {
		// RFC 9293 section 3.6.1: nobody will read this, and the peer
		// must not believe that somebody did.
		c.abort(Reason{trace.TCPDataAfterClose, [3]int64{to - from}})
		return false
	}
	before, gaps := r.nxt, len(r.held) > 0
	if to > from {
		c.ready.Accepted = r.keep(from, to, int(from-at), c.ready.Accepted)
	}
	if seg.space() > 0 {
		c.acknowledge(at, before, gaps)
	}
	if r.nxt == r.fin {
		r.nxt++
		c.peerFinished()
	}
	return true
}

// acknowledge decides when a segment that took sequence space from a position
// on is acknowledged (RFC 5681 section 4.2).
func (c *Conn) acknowledge(at, before int64, gaps bool) {
	r := &c.rcv
	next := int64(r.irs.at(r.nxt))
	switch {
	case at > before:
		c.ackAtOnce(Reason{trace.TCPAckOutOfOrder, [3]int64{next, at - before}})
	case gaps && r.nxt > before:
		c.ackAtOnce(Reason{trace.TCPAckGapFilled, [3]int64{r.nxt - before, next}})
	case r.nxt > before:
		c.ackInOrder(int(r.nxt - before))
	}
}

// delayedAckTime is how long an acknowledgment may wait for company: less
// than 500 ms (RFC 9293 section 3.8.6.3).
const delayedAckTime = 200 * trace.Millisecond

// ackInOrder acknowledges every second full-sized segment at once, and lets
// others wait for data to ride on or for the delayed-ACK timer.
func (c *Conn) ackInOrder(n int) {
	c.rcv.mute += n
	switch {
	case c.rcv.mute >= 2*c.rcv.full:
		c.ackDue = Reason{trace.TCPAckSecond, [3]int64{int64(c.rcv.mute)}}
	case c.cfg.NoDelayedAck:
		c.ackDue = Reason{trace.TCPAckNow, [3]int64{int64(n)}}
	case c.timer[DelayedAck] == 0:
		c.start(DelayedAck, delayedAckTime, Reason{trace.TCPDelayedAckStart, [3]int64{int64(n), int64(delayedAckTime)}})
	}
}

// ackAtOnce sends a pure acknowledgment in this step, which the peer can
// count as a duplicate (RFC 5681 section 2: it carries no data).
func (c *Conn) ackAtOnce(r Reason) {
	c.ackDue = r
	c.ackAlone = true
}

// peerFinished is what the peer's FIN does to the state: the eighth step of
// RFC 9293 section 3.10.7.4.
func (c *Conn) peerFinished() {
	if !c.ackAlone {
		c.ackDue = Reason{trace.TCPAckFin, [3]int64{int64(c.rcv.irs.at(c.rcv.nxt))}}
	}
	switch c.state {
	case Established:
		c.setState(CloseWait, Reason{Why: trace.TCPPeerClosed})
	case FinWait1:
		c.setState(Closing, Reason{Why: trace.TCPBothClosing})
	case FinWait2:
		c.timeWait()
	}
}

// timeWait begins the wait of 2 MSL (RFC 9293 section 3.6.1).
func (c *Conn) timeWait() {
	wait := 2 * c.cfg.MSL
	ack, alone := c.ackDue, c.ackAlone
	c.become(TimeWait, Reason{trace.TCPTimeWait, [3]int64{int64(wait)}})
	c.ackDue, c.ackAlone = ack, alone
	c.start(TimeWaiting, wait, Reason{trace.TCPTimeWaitTimer, [3]int64{int64(wait)}})
}
