package tcp

import "strata/trace"

// arriveTimeWait is RFC 9293 section 3.10.7.4 for TIME-WAIT. All that belongs
// here is the peer's FIN, sent again because our ACK was lost.
func (c *Conn) arriveTimeWait(seg *Segment) {
	r := &c.rcv
	at := r.irs.near(seg.Seq, r.nxt)
	switch {
	case seg.Flags&RST != 0:
		// RFC 1337 section 4 (F1): an old duplicate's echo must not end
		// the wait that guards against old duplicates.
		c.drop(Reason{Why: trace.TCPDropResetTimeWait})
	case Opens(seg) && c.newer(seg, at):
		// RFC 9293 section 3.6.1 and RFC 6191: a new connection may
		// begin when nothing old can be mistaken for its segments.
		c.ready.Reopen = true
		c.become(Closed, Reason{Why: trace.TCPReopen})
	case seg.Flags&FIN != 0 && at+int64(seg.space()) == r.nxt:
		c.ackAtOnce(Reason{trace.TCPAckFinAgain, [3]int64{int64(r.irs.at(r.nxt))}})
		c.start(TimeWaiting, 2*c.cfg.MSL, Reason{})
		c.drop(Reason{trace.TCPDropDuplicate, [3]int64{int64(seg.Seq), int64(r.irs.at(r.nxt))}})
	default:
		if _, ok := c.acceptable(seg); !ok {
			return
		}
		if seg.Flags&SYN != 0 {
			c.challengeSyn(seg)
			return
		}
		c.drop(Reason{Why: trace.TCPDropTimeWait})
	}
}

// newer says that a SYN in TIME-WAIT is later than all of the old connection.
func (c *Conn) newer(seg *Segment, at int64) bool {
	if c.stamps.on && seg.Options.HasTimestamps && seg.Options.TSVal != c.stamps.recent {
		return int32(seg.Options.TSVal-c.stamps.recent) > 0
	}
	return at > c.rcv.nxt
}
