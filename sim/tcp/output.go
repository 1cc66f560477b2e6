package tcp

// emit makes a segment of what every segment of a synchronized connection
// has: the acknowledgment, the window and the timestamps.
func (c *Conn) emit(at int64, n int, flags Flags, r Reason) {
	c.ready.Segments = append(c.ready.Segments, Segment{})
	seg := &c.ready.Segments[len(c.ready.Segments)-1]
	seg.Seq = c.snd.iss.at(at)
	seg.Ack = c.rcv.irs.at(c.rcv.nxt)
	seg.Flags = flags
	seg.Window = c.rcv.offer()
	seg.Len = n
	if n > 0 {
		seg.Off = at
	}
	seg.Reason = r
	c.stamp(seg)
	c.rcv.lastAck = c.rcv.nxt
	c.rcv.mute = 0
	c.ackDue.Why = 0
	c.ackAlone = false
	c.stop(DelayedAck)
}

func (c *Conn) stamp(seg *Segment) {
	if c.stamps.on {
		seg.Options.HasTimestamps = true
		seg.Options.TSVal = c.stamps.clock(c.now)
		seg.Options.TSEcr = c.stamps.recent
	}
}

// sendAck sends an acknowledgment without data. Its number is SND.NXT, but a
// probe that the peer's closed window refused does not count: with a number
// beyond the window the acknowledgment would be refused, too.
func (c *Conn) sendAck(r Reason) {
	s := &c.snd
	c.emit(min(s.nxt, s.una+int64(s.wnd)), 0, ACK, r)
}

// sendSyn sends the SYN, or with a peer's SYN at hand the SYN-ACK.
func (c *Conn) sendSyn(r Reason) {
	s := &c.snd
	seg := Segment{Seq: s.iss, Flags: SYN, Reason: r}
	// RFC 7323 section 2.2: the window of a SYN is never scaled.
	seg.Window = uint16(min(c.rcv.free(), 65535))
	seg.Options.MSS = uint16(min(c.cfg.MSS, 65535))
	answer := c.state == SynReceived
	if answer {
		seg.Flags |= ACK
		seg.Ack = c.rcv.irs.at(c.rcv.nxt)
		c.rcv.lastAck = c.rcv.nxt
	}
	// Of these, the answer has only what the peer offered.
	if c.cfg.WindowScale {
		seg.Options.HasWindowScale = true
		seg.Options.WindowScale = c.rcv.scale
	}
	if c.cfg.Timestamps {
		seg.Options.HasTimestamps = true
		seg.Options.TSVal = c.stamps.clock(c.now)
		seg.Options.TSEcr = c.stamps.recent
	}
	if s.nxt < 0 {
		s.nxt, s.resend = 0, 0
		c.rtt.timeSegment(0, c.now)
		s.progress = c.now
	}
	c.ackDue.Why = 0
	c.ready.Segments = append(c.ready.Segments, seg)
	c.startRetransmission()
}

// sendReset sends an RST that the peer will believe: its number is the next
// that the peer expects of us, when nothing is on its way.
func (c *Conn) sendReset(r Reason) {
	seg := Segment{Seq: c.snd.iss.at(c.snd.nxt), Flags: RST, Reason: r}
	c.ready.Segments = append(c.ready.Segments, seg)
}

// answerReset answers a segment whose acknowledgment is of nothing that was
// ever sent: <SEQ=SEG.ACK><CTL=RST>.
func (c *Conn) answerReset(seg *Segment, r Reason) {
	out := Segment{Seq: seg.Ack, Flags: RST, Reason: r}
	c.ready.Segments = append(c.ready.Segments, out)
}
