package node

import (
	"bytes"

	"strata/layers"
	"strata/trace"
)

// sending notes that the next n bytes to be written, after those announced
// before, are one message; above says that they are written to a connection
// that protects this one.
func (c *conn) sending(n int, data []byte, above bool) {
	if !c.s.Rec.On() {
		return
	}
	m := message{off: c.out.Len(), n: n, data: data, above: above}
	if above {
		m.off = max(c.overhear().announced, c.insideOf(outward).Len())
		c.above.announced = m.off + int64(n)
	} else {
		for _, before := range c.messages {
			if !before.above {
				m.off = before.off + int64(before.n)
			}
		}
	}
	c.messages = append(c.messages, m)
}

// recordWrite records that bytes have entered the socket, the messages that
// begin with them, and how these were wrapped.
func (c *conn) recordWrite(b []byte) trace.EventID {
	r := c.s.Rec
	cause := c.s.cause()
	if !r.On() {
		return 0
	}
	at, pdu := c.out.Len()-int64(len(b)), c.outPDU
	tales := c.listen(outward, b)
	for len(c.messages) > 0 && c.messages[0].off < c.written(c.messages[0].above) {
		m := c.messages[0]
		c.messages = c.messages[1:]
		pdu = c.messagePDU(&m)
		e := c.s.about(trace.Send, layers.Message, pdu, cause, trace.ProgramSend)
		cause = r.Message(e, c.names.local, c.names.remote, r.Log.Size(pdu))
		// Of a message that is written in pieces, the first tells.
		cause = c.s.text(trace.Encode, r.Log.Append(nil, pdu, 0, maxText), pdu, cause)
	}
	cause = c.encode(tales, cause)
	e := c.s.about(trace.Write, layers.Connection, pdu, cause, trace.SocketWrite)
	return r.Extent(e, at, int64(len(b)), int64(len(b)), c.names.key)
}

// written is how many bytes have been written to the socket, or to what
// protects it.
func (c *conn) written(above bool) int64 {
	if above {
		return c.insideOf(outward).Len()
	}
	return c.out.Len()
}

// messagePDU is the PDU of a message to be sent.
func (c *conn) messagePDU(m *message) trace.PDUID {
	switch {
	case m.data != nil:
		pdu := c.ownMessage(m.data)
		c.above.sent = append(c.above.sent, announced{pdu: pdu, data: m.data})
		return pdu
	case m.above:
		return c.s.Rec.Log.Part(layers.Message, c.insideOf(outward).pdu, m.off, m.n)
	}
	return c.s.Rec.Log.Part(layers.Message, c.outPDU, m.off, m.n)
}

// recordRead records that bytes from off leave the socket, and what they are
// taken apart into. What the program does next, it does because of them.
func (c *conn) recordRead(off int64, b []byte) trace.EventID {
	r := c.s.Rec
	if !r.On() {
		return 0
	}
	p := c.s.Sched.current
	n := int64(len(b))
	e := c.s.about(trace.Read, layers.Connection, c.names.inPDU, p.cause, trace.SocketRead)
	p.cause = r.Extent(e, off, n, n, c.names.key)
	c.decode(c.listen(inward, b))
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

// got records that the next n bytes of those read are one message; above says
// that they were read from a connection that protects this one.
func (c *conn) got(n int, data []byte, above bool) {
	r := c.s.Rec
	off := &c.gotUpTo
	if above && r.On() {
		off = &c.overhear().got
	}
	from := *off
	*off += int64(n)
	if !r.On() {
		return
	}
	p := c.s.Sched.current
	var pdu trace.PDUID
	switch {
	case data != nil:
		pdu = c.heard(data)
	case above:
		pdu = r.Log.Part(layers.Message, c.insideOf(inward).pdu, from, n)
	default:
		pdu = r.Log.Part(layers.Message, c.names.inPDU, from, n)
	}
	if size := r.Log.Size(pdu); size <= maxText {
		p.cause = c.s.text(trace.Decode, r.Log.Append(nil, pdu, 0, size), pdu, p.cause)
	}
	e := c.s.about(trace.Deliver, layers.Message, pdu, p.cause, trace.ProgramDeliver)
	p.cause = r.Message(e, c.names.remote, c.names.local, r.Log.Size(pdu))
}

// heard is the PDU of a message in another form than its bytes in the stream:
// what was decoded, of several parts if need be.
func (c *conn) heard(data []byte) trace.PDUID {
	o := c.overhear()
	log := c.s.Rec.Log
	for i, m := range o.heard {
		if bytes.Equal(m.data, data) {
			o.heard = o.heard[i+1:]
			return m.pdu
		}
		if len(m.data) == 0 || !bytes.HasPrefix(data, m.data) {
			continue
		}
		pdu := log.Join(layers.Message, nil)
		rest := data
		for _, m := range o.heard[i:] {
			if len(rest) == 0 || !bytes.HasPrefix(rest, m.data) {
				break
			}
			log.Extend(pdu, m.pdu, 0, int64(len(m.data)))
			rest = rest[len(m.data):]
			i++
		}
		if len(rest) == 0 {
			o.heard = o.heard[i:]
			return pdu
		}
	}
	return c.ownMessage(data)
}
