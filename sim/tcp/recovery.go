package tcp

import "strata/trace"

// recovery is what is known about losses: duplicate acknowledgments and fast
// recovery (RFC 5681 section 3.2, RFC 6582), and what the timer does.
type recovery struct {
	dupAcks int
	on      bool  // in fast recovery
	partial bool  // a partial acknowledgment came in this recovery
	recover int64 // the position after all that was sent when a loss was last noticed
	timed   int64 // the position that the timer resent last; meaningful after a timeout
	byTimer bool  // what was sent before recover is being sent again after a timeout
}

// dupThresh duplicate acknowledgments are taken for a loss.
const dupThresh = 3

// duplicate counts a duplicate acknowledgment.
func (c *Conn) duplicate() {
	rec, s := &c.rec, &c.snd
	rec.dupAcks++
	c.noteChanges()
	switch {
	case rec.on:
		c.cc.left(&c.win)
		c.noteWindow(Reason{trace.TCPInflate, [3]int64{int64(c.win.smss), int64(c.win.cwnd)}})
	case rec.dupAcks == dupThresh && s.una > rec.recover:
		c.fastRetransmit()
	}
}

// fastRetransmit is RFC 5681 section 3.2 (2) and (3), with RFC 6582's recover.
func (c *Conn) fastRetransmit() {
	rec, s := &c.rec, &c.snd
	rec.on, rec.partial = true, false
	rec.recover = s.nxt
	// What limited transmit sent does not count (RFC 5681 section 3.2).
	flight := s.flight() - s.limited
	c.cc.lost(&c.win, flight)
	c.noteThresh(flight)
	c.noteWindow(Reason{trace.TCPCwndLoss, [3]int64{int64(c.win.ssthresh), int64(c.win.cwnd)}})
	c.resendFirst(Reason{trace.TCPFastRetransmit, [3]int64{dupThresh, int64(s.iss.at(s.una))}})
}

// resendFirst sends the oldest segment again, without regard to any window.
func (c *Conn) resendFirst(r Reason) {
	s := &c.snd
	c.sendData(s.una, min(s.mss, int(min(s.nxt, s.written)-s.una)), r)
}

// loseAll takes everything on its way for lost, as the retransmission timer
// ran out: RFC 6298 section 5.4, RFC 5681 section 3.1. Slow start sends it
// all again, as far as no acknowledgment says that it has arrived.
func (c *Conn) loseAll(waited trace.Time) {
	rec, s := &c.rec, &c.snd
	again := rec.byTimer && rec.timed == s.una
	flight := s.flight()
	c.cc.timeout(&c.win, flight, again)
	if !again {
		c.noteThresh(flight)
	}
	c.noteWindow(Reason{trace.TCPCwndTimeout, [3]int64{int64(c.win.cwnd)}})
	rec.on, rec.dupAcks = false, 0
	rec.byTimer, rec.timed = true, s.una
	rec.recover = s.nxt // RFC 6582 section 4
	s.resend = s.una
	s.limited = 0
	r := Reason{trace.TCPRTOResend, [3]int64{int64(s.iss.at(s.una)), int64(waited)}}
	if s.una >= s.written {
		r = Reason{trace.TCPFinResend, [3]int64{int64(waited)}}
	}
	progress := s.progress
	c.resendFirst(r)
	s.progress = progress
}

// againReason says why what was sent before leaves again, after a timeout.
func (c *Conn) againReason(at int64, n int) Reason {
	return Reason{trace.TCPGoBack, [3]int64{int64(n), int64(c.snd.iss.at(at)), int64(c.win.cwnd)}}
}

// progressed is that n bytes of the stream were newly acknowledged.
func (c *Conn) progressed(n int) {
	rec, s := &c.rec, &c.snd
	rec.dupAcks = 0
	s.limited = 0
	switch {
	case rec.on && s.una < rec.recover:
		c.cc.partly(&c.win, n)
		c.noteWindow(Reason{trace.TCPDeflate, [3]int64{int64(n), int64(c.win.cwnd)}})
		c.resendFirst(Reason{trace.TCPPartialAck, [3]int64{int64(n), int64(s.iss.at(s.una))}})
	case rec.on:
		rec.on = false
		c.cc.recovered(&c.win, s.flight())
		c.noteWindow(Reason{trace.TCPRecovered, [3]int64{int64(c.win.cwnd)}})
	default:
		if s.una >= rec.recover {
			rec.byTimer = false
		}
		why := c.cc.acked(&c.win, n)
		c.noteWindow(Reason{why, [3]int64{int64(n), int64(c.win.cwnd), int64(c.win.ssthresh)}})
	}
}

// restartTimer is RFC 6298 sections 5.2 and 5.3. In a recovery only the first
// partial acknowledgment restarts it: RFC 6582's impatient variant, which
// goes over to slow start when many segments of a window were lost.
func (c *Conn) restartTimer() {
	rec, s := &c.rec, &c.snd
	switch {
	case s.una == s.nxt:
		c.stop(Retransmission)
	case rec.on && rec.partial:
	default:
		rec.partial = rec.on
		c.startRetransmission()
	}
}

// limitedRoom lets the first two duplicate acknowledgments send a new segment
// each, beyond cwnd: limited transmit (RFC 3042).
func (c *Conn) limitedRoom() int {
	if c.rec.on || c.snd.una <= c.rec.recover {
		return 0
	}
	return min(c.rec.dupAcks, dupThresh-1) * c.win.smss
}
