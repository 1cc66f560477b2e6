package tcp

import "strata/trace"

// start starts a timer, or starts it anew. The trace hears of it only when
// the timer was off: one that every acknowledgment restarts is no news.
func (c *Conn) start(t Timer, after trace.Time, r Reason) {
	if c.timer[t] == 0 {
		c.note(Note{Kind: TimerSet, Timer: t, New: int64(c.now + after), Reason: r})
	}
	c.timer[t] = c.now + after
}

func (c *Conn) stop(t Timer) { c.timer[t] = 0 }

// tick runs what has run out.
func (c *Conn) tick() {
	for t, at := range c.timer {
		if at == 0 || at > c.now || c.timer[t] == 0 {
			continue
		}
		c.timer[t] = 0
		switch Timer(t) {
		case Retransmission:
			c.retransmissionTimeout()
		case DelayedAck:
			c.fired(DelayedAck, Reason{trace.TCPDelayedAckFired, [3]int64{int64(c.rcv.mute)}})
			c.ackDue = Reason{trace.TCPDelayedAck, [3]int64{int64(c.rcv.mute), int64(delayedAckTime)}}
		case Persist:
			c.probe()
		case Override:
			c.override()
		case TimeWaiting:
			r := Reason{trace.TCPTimeWaitOver, [3]int64{int64(2 * c.cfg.MSL)}}
			c.fired(TimeWaiting, r)
			c.become(Closed, r)
		}
	}
}

func (c *Conn) fired(t Timer, r Reason) {
	c.note(Note{Kind: TimerFired, Timer: t, Reason: r})
}

// How long a connection goes on without an answer: R2 of RFC 9293 section
// 3.8.3, and for a SYN.
const (
	giveUp    = 100 * trace.Second
	giveUpSyn = 180 * trace.Second
)

// retransmissionTimeout is RFC 6298 sections 5.4 to 5.6.
func (c *Conn) retransmissionTimeout() {
	waited := c.rtt.rto
	c.fired(Retransmission, Reason{trace.TCPRTOFired, [3]int64{int64(waited)}})
	silent, limit := c.now-c.snd.progress, giveUp
	if !c.state.synchronized() {
		limit = giveUpSyn
	}
	if silent >= limit {
		c.fail(ErrTimedOut, Reason{trace.TCPTimedOut, [3]int64{int64(silent)}})
		return
	}
	c.rtt.backOff()
	c.rtt.timing = false // Karn's rule: RFC 6298 section 3
	c.changed(FieldRTO, int64(c.rtt.rto), Reason{trace.TCPBackOff, [3]int64{int64(waited), int64(c.rtt.rto)}})
	switch c.state {
	case SynSent:
		c.snd.synLost = true
		c.sendSyn(Reason{trace.TCPSynResend, [3]int64{int64(waited)}})
	case SynReceived:
		c.snd.synLost = true
		c.sendSyn(Reason{trace.TCPSynAckResend, [3]int64{int64(waited)}})
	default:
		c.loseAll(waited)
	}
}

// probe asks a peer whose window is closed whether it has opened, with one
// byte that the peer may refuse (RFC 9293 section 3.8.6.1).
func (c *Conn) probe() {
	s := &c.snd
	c.fired(Persist, Reason{trace.TCPPersistFired, [3]int64{int64(s.persist)}})
	if silent := c.now - s.progress; silent >= giveUp {
		c.fail(ErrTimedOut, Reason{trace.TCPTimedOut, [3]int64{int64(silent)}})
		return
	}
	why := trace.TCPProbe
	if s.probing {
		why = trace.TCPProbeAgain
	}
	s.probing = true
	c.sendData(s.una, 1, Reason{why, [3]int64{int64(s.persist)}})
	s.resend = s.nxt
	s.persist = min(maxRTO, 2*s.persist)
	c.startPersist()
}

func (c *Conn) startPersist() {
	c.start(Persist, c.snd.persist, Reason{trace.TCPPersistTimer, [3]int64{int64(c.snd.persist)}})
}
