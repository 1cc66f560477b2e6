package tcp

import "strata/trace"

// arriveSynReceived is RFC 9293 section 3.10.7.4, where it says SYN-RECEIVED.
func (c *Conn) arriveSynReceived(seg *Segment) {
	if seg.Flags&(SYN|ACK|RST) == SYN|ACK && seg.Seq == c.rcv.irs {
		// The other SYN of a simultaneous open, now with its ACK: the
		// SYN was taken before, and is trimmed (section 3.10.7.4, first).
		trimmed := *seg
		trimmed.Seq = seg.Seq.Add(1)
		trimmed.Flags &^= SYN
		seg = &trimmed
	}
	at, ok := c.acceptable(seg)
	if !ok {
		return
	}
	switch {
	case seg.Flags&RST != 0:
		if !c.believeReset(seg, at) {
			return
		}
		if c.passive {
			// "Return to LISTEN": the listener has been there all along.
			c.become(Closed, Reason{Why: trace.TCPBackToListen})
			return
		}
		c.ready.Flush = true
		c.fail(ErrRefused, Reason{Why: trace.TCPRefused})
		return
	case seg.Flags&SYN != 0:
		if c.passive {
			c.drop(Reason{Why: trace.TCPBackToListen})
			c.become(Closed, Reason{Why: trace.TCPBackToListen})
			return
		}
		c.challengeSyn(seg)
		return
	case seg.Flags&ACK == 0:
		c.drop(Reason{Why: trace.TCPDropNoAck})
		return
	}
	ack := c.snd.iss.near(seg.Ack, c.snd.una)
	if ack <= c.snd.una || ack > c.snd.nxt {
		c.answerReset(seg, Reason{trace.TCPResetHalfOpen, [3]int64{int64(seg.Ack)}})
		c.drop(Reason{trace.TCPDropAckNotOurs, [3]int64{int64(seg.Ack), int64(c.snd.iss.at(c.snd.nxt))}})
		return
	}
	c.snd.una = 0
	c.snd.progress = c.now
	c.stop(Retransmission)
	c.sampleRTT(seg, 1)
	c.establish(Reason{trace.TCPHandshakeDone, [3]int64{int64(seg.Ack)}})
	c.setWindow(at, 0, int(seg.Window)<<c.snd.scale)
	if c.state.receives() {
		c.receiveText(seg, at)
	}
}
