package tcp

import "strata/trace"

// arriveSynchronized is RFC 9293 section 3.10.7.4 for ESTABLISHED and the
// states after it, but TIME-WAIT.
func (c *Conn) arriveSynchronized(seg *Segment) {
	at, ok := c.acceptable(seg)
	switch {
	case !ok:
		return
	case seg.Flags&RST != 0:
		if c.believeReset(seg, at) {
			c.resetByPeer()
		}
		return
	case seg.Flags&SYN != 0:
		c.challengeSyn(seg)
		return
	case seg.Flags&ACK == 0:
		c.drop(Reason{Why: trace.TCPDropNoAck})
		return
	}
	if !c.handleAck(seg, at) {
		return
	}
	// The sixth step, the urgent pointer, is for programs that ask for it:
	// here urgent data stays in line.
	if c.state.receives() {
		c.receiveText(seg, at)
	}
}

// resetByPeer is the second step of RFC 9293 section 3.10.7.4. After both FINs
// an RST takes nothing away, unless there is data that nobody acknowledged.
func (c *Conn) resetByPeer() {
	s := &c.snd
	if ended := c.state == Closing || c.state == LastAck; ended && s.una == s.written {
		c.become(Closed, Reason{Why: trace.TCPResetAfterEnd})
		return
	}
	c.ready.Flush = true
	c.fail(ErrReset, Reason{Why: trace.TCPResetByPeer})
}

// receives says that text and a FIN of the peer may still come.
func (s State) receives() bool { return s == Established || s == FinWait1 || s == FinWait2 }

// acceptable is the first step of RFC 9293 section 3.10.7.4, after that of
// RFC 7323 section 5.3. It gives the position where the segment begins.
func (c *Conn) acceptable(seg *Segment) (int64, bool) {
	r := &c.rcv
	at := r.irs.near(seg.Seq, r.nxt)
	if c.stamps.on && seg.Flags&RST == 0 && !c.checkStamp(seg) {
		return at, false
	}
	n := int64(seg.space())
	end, open := at+n, r.edge > r.nxt
	ok := false
	switch {
	case n == 0 && !open:
		ok = at == r.nxt
	case n == 0:
		ok = at >= r.nxt && at < r.edge
	case open:
		ok = at >= r.nxt && at < r.edge || end > r.nxt && end <= r.edge
		ok = ok || at < r.nxt && end > r.edge // around the whole window
	}
	if !ok {
		c.refuse(seg, at, end)
		return at, false
	}
	if c.stamps.on && seg.Options.HasTimestamps && at <= r.lastAck {
		c.stamps.take(seg.Options.TSVal, c.now) // RFC 7323 section 4.3 (2)
	}
	return at, true
}

// checkStamp is PAWS (RFC 7323 section 5.3, R1), and section 3.2 for a
// segment without the option.
func (c *Conn) checkStamp(seg *Segment) bool {
	o := &seg.Options
	switch {
	case !o.HasTimestamps:
		c.drop(Reason{Why: trace.TCPDropNoStamp})
		return false
	case c.stamps.old(o.TSVal, c.now):
		c.drop(Reason{trace.TCPDropOldStamp, [3]int64{int64(o.TSVal), int64(c.stamps.recent)}})
		c.ackAtOnce(Reason{trace.TCPAckOldStamp, [3]int64{int64(c.rcv.irs.at(c.rcv.nxt))}})
		return false
	}
	return true
}

// refuse answers a segment outside the window with an acknowledgment of what
// is expected, so that both ends agree again.
func (c *Conn) refuse(seg *Segment, at, end int64) {
	r := &c.rcv
	next := int64(r.irs.at(r.nxt))
	if seg.Flags&RST != 0 {
		c.drop(Reason{trace.TCPDropReset, [3]int64{int64(seg.Seq), next}}) // RFC 5961 section 3.2
		return
	}
	switch {
	case end > at && end <= r.nxt:
		c.drop(Reason{trace.TCPDropDuplicate, [3]int64{int64(seg.Seq), next}})
		c.ackAtOnce(Reason{trace.TCPAckDuplicate, [3]int64{next}})
	case r.edge == r.nxt && at == r.nxt:
		c.drop(Reason{trace.TCPDropWindowClosed, [3]int64{end - at}})
		c.ackAtOnce(Reason{trace.TCPAckWindowClosed, [3]int64{next}})
		// RFC 9293 section 3.10.7.4: what it acknowledges still counts.
		if c.state.synchronized() && seg.Flags&(ACK|SYN) == ACK {
			c.handleAck(seg, at)
		}
	default:
		c.drop(Reason{trace.TCPDropOutside, [3]int64{int64(seg.Seq), next, int64(r.window())}})
		c.ackAtOnce(Reason{trace.TCPAckOutside, [3]int64{next}})
	}
}

// believeReset is RFC 5961 section 3.2: an RST in the window may be a guess,
// and only the very next number proves that the peer sent it.
func (c *Conn) believeReset(seg *Segment, at int64) bool {
	next := c.rcv.irs.at(c.rcv.nxt)
	if at == c.rcv.nxt {
		return true
	}
	c.drop(Reason{trace.TCPDropBlindReset, [3]int64{int64(seg.Seq), int64(next)}})
	c.challenge(Reason{trace.TCPChallengeReset, [3]int64{int64(next)}})
	return false
}

// challengeSyn is RFC 5961 section 4.2.
func (c *Conn) challengeSyn(seg *Segment) {
	c.drop(Reason{trace.TCPDropBlindSyn, [3]int64{int64(seg.Seq)}})
	c.challenge(Reason{trace.TCPChallengeSyn, [3]int64{int64(c.rcv.irs.at(c.rcv.nxt))}})
}

// challengeLimit allows so many challenge ACKs in so much time (RFC 5961
// section 7). Each connection has its own: a limit shared by all would tell
// an attacker about connections that are not his.
type challengeLimit struct {
	since trace.Time
	count int
}

const (
	challengesAllowed = 10
	challengePeriod   = 5 * trace.Second
)

// challenge makes the peer prove that it meant what it sent.
func (c *Conn) challenge(r Reason) {
	l := &c.challenges
	if c.now-l.since >= challengePeriod {
		l.since, l.count = c.now, 0
	}
	if l.count == challengesAllowed {
		c.ready.Drop.Why = trace.TCPNoChallenge
		c.ready.Drop.Args = [3]int64{challengesAllowed, int64(challengePeriod)}
		return
	}
	l.count++
	c.ackAtOnce(r)
}
