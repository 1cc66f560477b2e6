package tcp

import "strata/trace"

func (c *Conn) note(n Note) {
	n.At = len(c.ready.Segments)
	c.ready.Notes = append(c.ready.Notes, n)
}

// changed notes a field's new value and why it changed.
func (c *Conn) changed(f Field, v int64, r Reason) {
	if old := c.shown[f]; old != v {
		c.shown[f] = v
		c.note(Note{Kind: Changed, Field: f, Old: old, New: v, Reason: r})
	}
}

func (c *Conn) setState(s State, r Reason) {
	c.state = s
	c.changed(FieldState, int64(s), r)
}

func (c *Conn) noteWindow(r Reason) { c.changed(FieldCwnd, int64(c.win.cwnd), r) }

func (c *Conn) noteThresh(flight int) {
	v := int64(c.win.ssthresh)
	c.changed(FieldSsthresh, v, Reason{trace.TCPSsthresh, [3]int64{int64(flight), v}})
}

// noteChanges notes the fields whose reason can be told from their values.
func (c *Conn) noteChanges() {
	s, r, e := &c.snd, &c.rcv, &c.rtt
	c.compare(FieldSndUna, int64(s.iss.at(s.una)))
	c.compare(FieldSndNxt, int64(s.iss.at(s.nxt)))
	if r.nxt >= 0 {
		c.compare(FieldRcvNxt, int64(r.irs.at(r.nxt)))
		c.compare(FieldRcvWnd, int64(r.window()))
		c.compare(FieldSndWnd, int64(s.wnd))
	}
	if e.sampled {
		c.compare(FieldSRTT, int64(e.srtt))
		c.compare(FieldRTTVar, int64(e.rttvar))
	}
	c.compare(FieldRTO, int64(e.rto))
	c.compare(FieldDupAcks, int64(c.rec.dupAcks))
}

func (c *Conn) compare(f Field, v int64) {
	if c.shown[f] != v {
		c.tell(f, v) // apart, so that the comparison costs no call
	}
}

func (c *Conn) tell(f Field, v int64) { c.changed(f, v, c.plainReason(f, c.shown[f], v)) }

// plainReason is why a field went from one value to another. Its first value
// needs no reason.
func (c *Conn) plainReason(f Field, old, v int64) Reason {
	if old == trace.Absent {
		return Reason{}
	}
	step := int64(uint32(v - old))
	switch f {
	case FieldSndUna:
		return Reason{trace.TCPAcked, [3]int64{step, v}}
	case FieldSndNxt:
		return Reason{trace.TCPSent, [3]int64{step, v}}
	case FieldRcvNxt:
		return Reason{trace.TCPReceived, [3]int64{step, v}}
	case FieldSndWnd:
		return Reason{trace.TCPPeerWindow, [3]int64{v}}
	case FieldRcvWnd:
		return Reason{trace.TCPOwnWindow, [3]int64{v}}
	case FieldSRTT:
		return Reason{trace.TCPSample, [3]int64{int64(c.rtt.last), v}}
	case FieldRTTVar:
		return Reason{trace.TCPVariation, [3]int64{int64(c.rtt.last), v}}
	case FieldRTO:
		return Reason{trace.TCPTimeout, [3]int64{int64(c.rtt.srtt), int64(c.rtt.rttvar), v}}
	}
	if v == 0 {
		return Reason{Why: trace.TCPNoDupAcks}
	}
	return Reason{trace.TCPDupAck, [3]int64{v, int64(c.snd.iss.at(c.snd.una))}}
}

// noteGone takes every field away: the control block is no more.
func (c *Conn) noteGone() {
	for f := range Fields {
		c.changed(f, trace.Absent, Reason{})
	}
}
