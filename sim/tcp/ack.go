package tcp

import "strata/trace"

// handleAck is the fifth step of RFC 9293 section 3.10.7.4. It reports
// whether the rest of the segment counts.
func (c *Conn) handleAck(seg *Segment, at int64) bool {
	s := &c.snd
	ack := s.iss.near(seg.Ack, s.una)
	switch {
	case ack > s.nxt:
		c.drop(Reason{trace.TCPDropAckUnsent, [3]int64{int64(seg.Ack), int64(s.iss.at(s.nxt))}})
		c.challenge(Reason{trace.TCPChallengeAck, [3]int64{int64(s.iss.at(s.nxt))}})
		return false
	case ack < s.una-int64(s.maxWnd):
		// RFC 5961 section 5.2: too old to be the peer's.
		c.drop(Reason{trace.TCPDropAckOld, [3]int64{int64(seg.Ack), int64(s.iss.at(s.una))}})
		c.challenge(Reason{trace.TCPChallengeAck, [3]int64{int64(s.iss.at(s.nxt))}})
		return false
	}
	wnd := int(seg.Window) << s.scale
	// Beyond the RFC's rule: a segment that acknowledges more than all before
	// it also knows the latest window, even if it was sent again and its
	// number is an older one.
	newest := ack > s.una
	if newest {
		c.newAck(seg, ack)
	} else if ack == s.una && wnd == s.wnd && s.una < s.nxt && !s.probing && seg.space() == 0 {
		// RFC 5681 section 2 has these five conditions.
		c.duplicate()
	}
	if newest || ack == s.una && (at > s.wl1 || at == s.wl1 && ack >= s.wl2) {
		c.setWindow(max(at, s.wl1), ack, wnd)
		c.windowKnown()
	}
	return c.state != Closed
}

// newAck is that the peer has got everything up to a new position.
func (c *Conn) newAck(seg *Segment, ack int64) {
	s := &c.snd
	before := s.acked()
	n := ack - s.una
	s.una = ack
	s.resend = max(s.resend, ack)
	s.progress = c.now
	s.probing = s.probing && s.una < s.nxt
	if s.una == s.end() {
		c.stop(Persist)
	}
	c.sampleRTT(seg, n)
	c.noteChanges()
	if bytes := int(s.acked() - before); bytes > 0 || c.rec.on {
		c.progressed(bytes)
	}
	c.restartTimer()
	if s.closed && s.una > s.written {
		c.finAcked()
	}
}

// finAcked is what the acknowledgment of our FIN does to the state.
func (c *Conn) finAcked() {
	switch c.state {
	case FinWait1:
		c.setState(FinWait2, Reason{Why: trace.TCPFinAcked})
	case Closing:
		c.timeWait()
	case LastAck:
		c.become(Closed, Reason{Why: trace.TCPLastAcked})
	}
}

// windowKnown follows news of the peer's window.
func (c *Conn) windowKnown() {
	s := &c.snd
	if s.wnd == 0 {
		// A peer that answers is alive, even if it takes nothing for
		// hours (RFC 9293 section 3.8.6.1).
		s.progress = c.now
		return
	}
	c.stop(Persist)
	if s.probing {
		s.resend = s.una // the probe was refused: its byte is still to be sent
	}
}
