package node

import (
	"strata/layers"
	"strata/trace"
)

// sending notes that the next n bytes to be written, after those announced
// before, are one message.
func (c *conn) sending(n int, data []byte) {
	off := c.out.Len()
	if k := len(c.messages); k > 0 {
		off = c.messages[k-1].off + int64(c.messages[k-1].n)
	}
	c.messages = append(c.messages, message{off, n, data})
}

// recordWrite records that bytes enter the socket, and the messages that
// begin with them.
func (c *conn) recordWrite(b []byte) trace.EventID {
	r := c.s.Rec
	cause := c.s.cause()
	if !r.On() {
		c.messages = c.messages[:0]
		return 0
	}
	at, pdu := c.out.Len(), c.outPDU
	for len(c.messages) > 0 && c.messages[0].off < at+int64(len(b)) {
		m := c.messages[0]
		c.messages = c.messages[1:]
		text := m.data
		if m.data != nil {
			pdu = c.ownMessage(m.data)
		} else {
			pdu = r.Log.Part(layers.Message, c.outPDU, m.off, m.n)
			text = b[max(m.off-at, 0):]
			text = text[:min(len(text), m.n)]
		}
		e := c.s.about(trace.Send, layers.Message, pdu, cause, trace.ProgramSend)
		cause = r.Message(e, c.names.local, c.names.remote, r.Log.Size(pdu))
		cause = c.s.text(trace.Encode, text, pdu, cause)
	}
	e := c.s.about(trace.Write, layers.Connection, pdu, cause, trace.SocketWrite)
	return r.Extent(e, at, int64(len(b)), int64(len(b)), c.names.key)
}

// recordRead records that n bytes from off leave the socket. What the program
// does next, it does because of them.
func (c *conn) recordRead(off int64, n int) trace.EventID {
	r := c.s.Rec
	if !r.On() {
		return 0
	}
	p := c.s.Sched.current
	e := c.s.about(trace.Read, layers.Connection, c.names.inPDU, p.cause, trace.SocketRead)
	p.cause = r.Extent(e, off, int64(n), int64(n), c.names.key)
	return p.cause
}

// readEnd records that the program reads the end of the stream.
func (c *conn) readEnd() {
	if r := c.s.Rec; r.On() && !c.endRead {
		c.endRead = true
		p := c.s.Sched.current
		e := c.s.about(trace.Read, layers.Connection, c.names.inPDU, p.cause, trace.SocketEnd)
		p.cause = r.Extent(e, c.in.read, 0)
	}
}

// ownMessage is a message that the stream carries in another form.
func (c *conn) ownMessage(data []byte) trace.PDUID {
	pdu, source := c.s.Rec.Log.Source(layers.Message)
	source.Write(data)
	return pdu
}

// got records that the next n bytes of those read are one message.
func (c *conn) got(n int, data []byte) {
	r := c.s.Rec
	off := c.gotUpTo
	c.gotUpTo += int64(n)
	if !r.On() {
		return
	}
	p := c.s.Sched.current
	var pdu trace.PDUID
	if data != nil {
		pdu = c.ownMessage(data)
	} else {
		pdu = r.Log.Part(layers.Message, c.names.inPDU, off, n)
	}
	if size := r.Log.Size(pdu); size <= maxText {
		p.cause = c.s.text(trace.Decode, r.Log.Append(nil, pdu, 0, size), pdu, p.cause)
	}
	e := c.s.about(trace.Deliver, layers.Message, pdu, p.cause, trace.ProgramDeliver)
	p.cause = r.Message(e, c.names.remote, c.names.local, r.Log.Size(pdu))
}
