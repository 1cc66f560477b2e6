package tcp

import "strata/trace"

// sender is the send sequence space (RFC 9293 section 3.3.1) and the send
// buffer, in positions.
type sender struct {
	iss      Seq
	una      int64 // SND.UNA
	nxt      int64 // SND.NXT: everything below was sent once
	resend   int64 // what lies from here to nxt is to be sent again
	written  int64 // end of what the program wrote
	closed   bool  // a FIN follows at written
	wnd      int   // SND.WND, bytes
	maxWnd   int   // the largest SND.WND ever
	wl1, wl2 int64 // SND.WL1, SND.WL2: from which segment wnd is
	scale    uint8 // RFC 7323 section 2: the peer's shift
	mss      int   // Eff.snd.MSS: bytes of data in a full-sized segment
	synLost  bool
	lastSent trace.Time // when data was last sent
	progress trace.Time // since when the peer has not answered
	persist  trace.Time // the next wait between zero-window probes
	probing  bool       // the byte from una to nxt is a probe
	limited  int        // bytes sent by limited transmit
}

const maxWindow = 65535 << maxScale

// minMSS is what fits the smallest packet that every IPv4 link takes: 68
// bytes (RFC 791 section 3.2) less two headers.
const minMSS = 28

func (s *sender) acked() int64 { return max(0, min(s.una, s.written)) }

// end is the position after all that the program wants sent.
func (s *sender) end() int64 {
	if s.closed {
		return s.written + 1
	}
	return s.written
}

// flight is RFC 5681's FlightSize.
func (s *sender) flight() int { return int(s.nxt - s.una) }

// sends says that data may leave in the state (RFC 9293 section 3.10.2).
func (s State) sends() bool {
	switch s {
	case Established, CloseWait, FinWait1, Closing, LastAck:
		return true
	}
	return false
}

// transmit sends all that may be sent now.
func (c *Conn) transmit() {
	s := &c.snd
	if !c.state.sends() {
		return
	}
	if c.idleTooLong() {
		c.cc.idle(&c.win)
		c.noteWindow(Reason{trace.TCPIdleRestart, [3]int64{int64(c.now - s.lastSent), int64(c.win.cwnd)}})
	}
	for s.resend < s.end() {
		n, r, ok := c.next()
		if !ok {
			c.hold(r)
			return
		}
		if r.Why == trace.TCPLimitedTransmit {
			s.limited += n
		}
		s.probing = false
		c.sendData(s.resend, n, r)
	}
	c.held = 0
}

// idleTooLong is the condition of RFC 5681 section 4.1.
func (c *Conn) idleTooLong() bool {
	s := &c.snd
	return s.una == s.nxt && s.nxt > 0 && s.nxt < s.end() && c.now-s.lastSent > c.rtt.rto
}

// next is how many bytes of data the next segment has, and why it may leave;
// or why nothing may. A segment of 0 bytes is the FIN alone.
func (c *Conn) next() (int, Reason, bool) {
	s := &c.snd
	at := s.resend
	data := int(s.written - at)     // D of RFC 9293 section 3.8.6.2.1
	usable := int(s.una-at) + s.wnd // U
	if usable <= 0 {
		return 0, Reason{trace.TCPWindowFull, [3]int64{int64(data), int64(s.wnd)}}, false
	}
	n := min(s.mss, data, usable)
	room := int(s.una-at) + c.win.cwnd + c.limitedRoom()
	// A segment never shrinks to what cwnd leaves: it waits.
	if n > room || room <= 0 {
		return 0, Reason{trace.TCPCwndFull, [3]int64{int64(c.win.cwnd), int64(at - s.una)}}, false
	}
	if at < s.nxt && !s.probing {
		return n, c.againReason(at, n), true
	}
	return c.mayLeave(at, n, usable)
}

// mayLeave is silly-window avoidance with Nagle's algorithm: RFC 9293 section
// 3.8.6.2.1, rules (1) to (3). All data counts as pushed.
func (c *Conn) mayLeave(at int64, n, usable int) (int, Reason, bool) {
	s := &c.snd
	last := n == int(s.written-at)
	alone := at == s.una // nothing is on its way
	nagle := !alone && !c.cfg.NoDelay
	switch {
	case last && s.closed:
		// The FIN pushes what is before it: nothing will ever come that
		// a small segment could wait for.
		if n == 0 {
			return 0, Reason{trace.TCPFin, [3]int64{int64(s.iss.at(at))}}, true
		}
		return n, Reason{trace.TCPFinData, [3]int64{int64(n)}}, true
	case n == s.mss:
		return n, c.fullReason(at, n), true
	case last && !nagle:
		return n, c.smallReason(n, alone), true
	case !last && !nagle && n >= s.maxWnd/2:
		return n, Reason{trace.TCPHalfWindow, [3]int64{int64(n), int64(s.maxWnd)}}, true
	case last:
		return 0, Reason{trace.TCPNagle, [3]int64{int64(n), int64(s.mss), int64(at - s.una)}}, false
	}
	return 0, Reason{trace.TCPSillyWindow, [3]int64{int64(usable), int64(s.mss)}}, false
}

// fullReason says why a full-sized segment leaves.
func (c *Conn) fullReason(at int64, n int) Reason {
	s := &c.snd
	switch {
	case c.rec.on:
		return Reason{trace.TCPRecoveryNew, [3]int64{int64(n), int64(c.win.cwnd)}}
	case at-s.una+int64(n) > int64(c.win.cwnd):
		return Reason{trace.TCPLimitedTransmit, [3]int64{int64(c.rec.dupAcks), int64(n)}}
	}
	return Reason{trace.TCPMSS, [3]int64{s.written - at, int64(n), s.written - at - int64(n)}}
}

// smallReason says why less than a full-sized segment leaves.
func (c *Conn) smallReason(n int, alone bool) Reason {
	switch {
	case !alone:
		return Reason{trace.TCPNoDelay, [3]int64{int64(n), int64(c.snd.flight())}}
	case c.held == trace.TCPNagle:
		return Reason{trace.TCPNagleOver, [3]int64{int64(n)}}
	}
	return Reason{trace.TCPPush, [3]int64{int64(n)}}
}

// hold says why data waits, and sees to it that it does not wait for ever:
// when no acknowledgment is to be expected, a timer must end the wait.
func (c *Conn) hold(r Reason) {
	s := &c.snd
	if r.Why != c.held {
		c.held = r.Why
		if s.resend < s.written { // not the FIN alone
			c.ready.Held = r
		}
	}
	if c.timer[Retransmission] != 0 {
		return
	}
	switch r.Why {
	case trace.TCPWindowFull:
		c.stop(Override)
		if c.timer[Persist] == 0 {
			s.persist, s.progress = c.rtt.rto, c.now
			c.startPersist()
		}
	case trace.TCPSillyWindow:
		c.stop(Persist)
		if c.timer[Override] == 0 {
			c.start(Override, overrideTime, Reason{trace.TCPOverrideTimer, [3]int64{int64(overrideTime)}})
		}
	}
}

// overrideTime is how long a sender waits for a small window to grow: RFC
// 9293 section 3.8.6.2.1 wants 0.1 to 1 s.
const overrideTime = 500 * trace.Millisecond

// override sends what a small window takes: rule (4) of the same section.
func (c *Conn) override() {
	s := &c.snd
	n := min(s.mss, s.wnd, int(s.written-s.una))
	r := Reason{trace.TCPOverride, [3]int64{int64(n), int64(overrideTime)}}
	c.fired(Override, r)
	s.probing = false
	c.sendData(s.una, n, r)
}

// sendData sends n bytes from a position on, the FIN where they are the last,
// and an acknowledgment with them.
func (c *Conn) sendData(at int64, n int, r Reason) {
	s := &c.snd
	flags := ACK
	n = min(n, int(s.written-at))
	end := at + int64(n)
	if n > 0 && end == s.written {
		flags |= PSH // RFC 9293 section 3.9.1.2: nothing more is queued
	}
	if s.closed && end == s.written && (n == 0 || end-s.una < int64(s.wnd)) {
		flags |= FIN
		end++
	}
	c.emit(at, n, flags, r)
	s.lastSent = c.now
	if at < s.nxt {
		c.rtt.timing = false // Karn's rule: RFC 6298 section 3
	} else {
		c.rtt.timeSegment(end, c.now)
	}
	s.resend = max(s.resend, end)
	s.nxt = max(s.nxt, end)
	if s.probing {
		return // the persist timer sees to it
	}
	c.stop(Persist)
	c.stop(Override)
	if c.timer[Retransmission] == 0 {
		s.progress = c.now
		c.startRetransmission()
	}
}

// startRetransmission is RFC 6298 sections 5.1 and 5.3.
func (c *Conn) startRetransmission() {
	c.start(Retransmission, c.rtt.rto, Reason{trace.TCPRTOTimer, [3]int64{int64(c.rtt.rto)}})
}
