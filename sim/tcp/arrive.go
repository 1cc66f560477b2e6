package tcp

import "strata/trace"

// arrive is the event SEGMENT ARRIVES of RFC 9293 section 3.10.7.
func (c *Conn) arrive(seg *Segment) {
	switch c.state {
	case Listen:
		c.arriveListen(seg)
	case SynSent:
		c.arriveSynSent(seg)
	case SynReceived:
		c.arriveSynReceived(seg)
	case TimeWait:
		c.arriveTimeWait(seg)
	default:
		c.arriveSynchronized(seg)
	}
}

func (c *Conn) drop(r Reason) { c.ready.Drop = r }

// takeSyn reads the peer's SYN: its number, its options, its window.
func (c *Conn) takeSyn(seg *Segment) {
	r, s, o := &c.rcv, &c.snd, &seg.Options
	r.irs = seg.Seq
	r.nxt = 0
	r.edge = int64(min(r.free(), 65535))
	mss := defaultMSS
	if o.MSS != 0 {
		mss = int(o.MSS)
	}
	mss = max(min(mss, c.cfg.MSS), minMSS)
	c.cfg.WindowScale = c.cfg.WindowScale && o.HasWindowScale
	c.cfg.Timestamps = c.cfg.Timestamps && o.HasTimestamps
	if c.cfg.Timestamps {
		// RFC 9293 section 3.7.1: the options take of the data's room.
		mss -= timestampsLen
		c.stamps.on = true
		c.stamps.take(o.TSVal, c.now)
	}
	if c.cfg.WindowScale {
		s.scale = min(o.WindowScale, maxScale)
	} else {
		r.scale = 0
	}
	s.mss, r.full = mss, mss
	c.setWindow(0, -1, int(seg.Window)) // RFC 7323 section 2.2: not scaled
}

// setWindow is what every newer segment does: RFC 9293 section 3.10.7.4.
func (c *Conn) setWindow(seq, ack int64, wnd int) {
	s := &c.snd
	s.wnd, s.wl1, s.wl2 = wnd, seq, ack
	s.maxWnd = max(s.maxWnd, wnd)
}

// establish begins the exchange of data.
func (c *Conn) establish(r Reason) {
	s, w := &c.snd, &c.win
	c.setState(Established, r)
	w.smss = s.mss
	w.initial = min(10*s.mss, max(2*s.mss, 14600))
	w.ssthresh = 65535 << s.scale // "arbitrarily high": the largest window that the peer can offer
	why := c.cc.start(w, s.synLost)
	c.noteWindow(Reason{why, [3]int64{int64(w.cwnd), int64(s.mss)}})
	c.changed(FieldSsthresh, int64(w.ssthresh), Reason{trace.TCPFirstThresh, [3]int64{int64(w.ssthresh)}})
	if s.synLost {
		c.rtt.rto = synLostRTO // RFC 6298 section 5.7
		c.changed(FieldRTO, int64(c.rtt.rto), Reason{trace.TCPSynLostRTO, [3]int64{int64(synLostRTO)}})
	}
	if s.closed {
		c.setState(FinWait1, Reason{Why: trace.TCPClose})
	}
}

// arriveListen is RFC 9293 section 3.10.7.2. Text that comes with the SYN is
// not kept; the peer sends it again.
func (c *Conn) arriveListen(seg *Segment) {
	if !Opens(seg) {
		if rst, ok := Reset(seg, true); ok {
			rst.Reason = Reason{Why: trace.TCPNotOpening}
			c.ready.Segments = append(c.ready.Segments, rst)
		}
		c.drop(Reason{Why: trace.TCPNotOpening})
		c.become(Closed, Reason{Why: trace.TCPNotOpening})
		return
	}
	c.takeSyn(seg)
	r := Reason{trace.TCPSynAck, [3]int64{int64(seg.Seq.Add(1)), int64(c.snd.iss)}}
	c.setState(SynReceived, r)
	c.sendSyn(r)
}
