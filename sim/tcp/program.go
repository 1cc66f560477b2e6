package tcp

import "strata/trace"

// open is the OPEN call of RFC 9293 section 3.10.1, the active one.
func (c *Conn) open() {
	r := Reason{trace.TCPSyn, [3]int64{int64(c.snd.iss)}}
	c.setState(SynSent, r)
	c.sendSyn(r)
}

// consume makes room in the receive buffer: RFC 9293 section 3.10.3, and
// receiver.update for when the peer is told.
func (c *Conn) consume(n int) {
	c.rcv.consumed += int64(n)
	if c.state.receives() && c.rcv.worthUpdate() {
		c.ackDue = Reason{trace.TCPWindowUpdate, [3]int64{int64(n), int64(c.rcv.free())}}
	}
}

// closeWrite is the CLOSE call of RFC 9293 section 3.10.4.
func (c *Conn) closeWrite() {
	if c.snd.closed {
		return
	}
	c.snd.closed = true
	switch c.state {
	case Closed, Listen, SynSent:
		c.become(Closed, Reason{Why: trace.TCPCloseUnopened})
	case Established:
		c.setState(FinWait1, Reason{Why: trace.TCPClose})
	case CloseWait:
		c.setState(LastAck, Reason{Why: trace.TCPCloseLast})
	}
	// In SYN-RECEIVED the FIN waits until the SYN is acknowledged.
}

// close is a socket's close. Bytes that the program leaves unread would look
// delivered to the peer, so a reset tells it that they were not (RFC 9293
// section 3.6.1).
func (c *Conn) close() {
	c.deaf = true
	if unread := c.rcv.readable() - c.rcv.consumed; unread > 0 && c.state.synchronized() {
		c.abort(Reason{trace.TCPCloseUnread, [3]int64{unread}})
		return
	}
	c.closeWrite()
}

// abort is the ABORT call of RFC 9293 section 3.10.5.
func (c *Conn) abort(r Reason) {
	switch c.state {
	case SynReceived, Established, FinWait1, FinWait2, CloseWait:
		c.sendReset(r)
	}
	c.fail(ErrAborted, r)
}

// fail ends the connection at once.
func (c *Conn) fail(err error, r Reason) {
	c.ready.Err = err
	c.become(Closed, r)
}

// become moves to a state in which nothing is left to send.
func (c *Conn) become(s State, r Reason) {
	c.setState(s, r)
	c.ackDue.Why = 0
	for t := range c.timer {
		c.timer[t] = 0
	}
}
