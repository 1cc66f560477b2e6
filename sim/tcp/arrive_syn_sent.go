package tcp

import "strata/trace"

// arriveSynSent is RFC 9293 section 3.10.7.3.
func (c *Conn) arriveSynSent(seg *Segment) {
	acked := seg.Flags&ACK != 0
	// First: only our SYN can be acknowledged, as nothing else was sent.
	if acked && seg.Ack != c.snd.iss.Add(1) {
		if seg.Flags&RST == 0 {
			c.answerReset(seg, Reason{trace.TCPResetHalfOpen, [3]int64{int64(seg.Ack)}})
		}
		c.drop(Reason{trace.TCPDropAckNotOurs, [3]int64{int64(seg.Ack), int64(c.snd.iss.Add(1))}})
		return
	}
	if seg.Flags&RST != 0 {
		if acked {
			c.ready.Flush = true
			c.fail(ErrRefused, Reason{Why: trace.TCPRefused})
		} else {
			c.drop(Reason{Why: trace.TCPDropResetNoAck})
		}
		return
	}
	if seg.Flags&SYN == 0 {
		c.drop(Reason{Why: trace.TCPDropNoSyn})
		return
	}
	c.takeSyn(seg)
	if !acked {
		// Both opened at once (RFC 9293 section 3.5, figure 7).
		r := Reason{trace.TCPSimultaneousOpen, [3]int64{int64(seg.Seq.Add(1))}}
		c.setState(SynReceived, r)
		c.sendSyn(r)
		return
	}
	c.snd.una = 0
	c.snd.progress = c.now
	c.stop(Retransmission)
	c.sampleRTT(seg, 1)
	r := Reason{trace.TCPHandshakeAck, [3]int64{int64(seg.Seq), int64(seg.Seq.Add(1))}}
	c.establish(r)
	c.ackDue = r
	// What else came with it follows the SYN.
	if seg.Len > 0 || seg.Flags&FIN != 0 {
		c.receiveText(seg, 0)
	}
}
