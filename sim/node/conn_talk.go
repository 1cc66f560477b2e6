package node

import (
	"bytes"

	"strata/layers"
	"strata/layers/streams"
	"strata/trace"
)

// overheard is what a connection carries above the socket, as its own host
// sees it: found in the bytes, not told by the program.
type overheard struct {
	talk   *streams.Talk
	memory streams.Memory
	n      uint32         // writes and reads so far: they are the Talk's frames
	inside [2][]plaintext // by level, from 1
	heard  []announced    // messages that were decoded, not yet delivered
	parts  []trace.PDUID  // of a message that comes in fragments
	sent   []announced    // messages that were sent, not yet encoded whole
	// Of what is inside TLS: the end of the messages announced, and got.
	announced, got int64
}

// plaintext is a stream inside another in one direction, what goes out (0) or
// what comes in (1): what TLS protects, or WebSocket's messages make up.
type plaintext struct {
	pdu trace.PDUID
	*trace.Source
}

// announced is a message with its bytes, of which at were met.
type announced struct {
	pdu  trace.PDUID
	data []byte
	at   int
}

// direction of a stream, as the host sees it.
const (
	outward = 0
	inward  = 1
)

// maxHeard bounds the messages that wait to be delivered by the program: those
// of a program that tells of none are forgotten.
const maxHeard = 64

func (c *conn) overhear() *overheard {
	if c.above == nil {
		o := &overheard{}
		// Side 0 is who opened the connection.
		ports := [2]uint16{c.key.localPort, c.key.remotePort}
		if c.passive {
			ports = [2]uint16{ports[1], ports[0]}
		}
		o.talk = streams.NewTalk(ports, c.s.Rec.Log.Info().Secrets)
		o.memory.Bytes = func(side int, dst []byte, from, to int64) []byte {
			if c.direction(side) == outward {
				return c.out.Append(dst, from, to-from)
			}
			return c.s.Rec.Log.Append(dst, c.names.inPDU, from, to-from)
		}
		c.above = o
	}
	return c.above
}

// direction is outward for this host's own side of the Talk, and the other way
// round: it is a side's number, too.
func (c *conn) direction(side int) int {
	if c.passive {
		return 1 - side
	}
	return side
}

// listen feeds the bytes of a direction to the Talk, and tells of what became
// whole with them.
func (c *conn) listen(direction int, b []byte) []streams.Tale {
	o := c.overhear()
	side := c.direction(direction)
	o.n++
	o.talk.Feed(&eavesdropper{&o.memory, c, direction}, side, o.n, b)
	if !o.talk.News(side) {
		return nil
	}
	line := o.memory.Line(side)
	return streams.Tales(line, streams.EndedIn(line, o.n))
}

// eavesdropper is a Memory that also gives the trace what TLS protects.
type eavesdropper struct {
	*streams.Memory
	c         *conn
	direction int
}

func (e *eavesdropper) Opened(level, side int, o streams.Opening, data []byte) {
	e.Memory.Opened(level, side, o, data)
	if o.Carries {
		e.c.insideAt(e.direction, level+1).Write(data)
	}
}

// insideOf is what TLS protects in a direction.
func (c *conn) insideOf(direction int) *plaintext { return c.insideAt(direction, 1) }

// insideAt is the stream inside of a level, made when first needed.
func (c *conn) insideAt(direction, level int) *plaintext {
	all := &c.above.inside[direction]
	for len(*all) < level {
		pdu, source := c.s.Rec.Log.Source(layers.Stream)
		*all = append(*all, plaintext{pdu, source})
	}
	return &(*all)[level-1]
}

// encode records how the units that became whole with a write were made, from
// the message outward.
func (c *conn) encode(tales []streams.Tale, cause trace.EventID) trace.EventID {
	for i := range tales {
		_, cause = c.encodeUnit(&tales[i], cause)
	}
	return cause
}

// encodeUnit records how a unit was made; what is inside it comes before it.
func (c *conn) encodeUnit(t *streams.Tale, cause trace.EventID) (trace.PDUID, trace.EventID) {
	parts := make([]trace.PDUID, len(t.Within))
	for i := range t.Within {
		parts[i], cause = c.encodeUnit(&t.Within[i], cause)
	}
	switch {
	case len(t.Coats) == 0:
		return 0, cause
	case !t.Opened(0):
		return 0, c.encodeClosed(t, cause)
	}
	id := c.innermost(t, parts)
	for k := len(t.Coats) - 1; k >= 0; k-- {
		coat := &t.Coats[k]
		whole := t.Bytes
		if k > 0 {
			whole = t.Coats[k-1].Inner
		}
		if coat.Head+coat.Tail > 0 || coat.Changed {
			id = c.wrapped(coat, whole, id)
		}
		on := trace.CoatReason(coat.Proto, trace.Encode, t.Opened(k))
		cause = c.s.event(trace.Encode, coat.Proto, id, cause, on, on.CoatArgs(t.Sizes(k))...)
	}
	if !t.Part {
		c.s.Rec.Log.Carry(c.streamOf(outward, t.Level), trace.Span{At: t.Unit.Start, Of: id, Len: int64(len(t.Bytes))})
	}
	return id, cause
}

// streamOf is the stream of a level.
func (c *conn) streamOf(direction, level int) trace.PDUID {
	switch {
	case level > 0:
		return c.insideAt(direction, level).pdu
	case direction == outward:
		return c.outPDU
	}
	return c.names.inPDU
}

// encodeClosed records a TLS record that is not sealed, or that is for others.
func (c *conn) encodeClosed(t *streams.Tale, cause trace.EventID) trace.EventID {
	pdu := c.s.Rec.Log.Part(layers.TLS, c.outPDU, t.Unit.Start, int(t.Unit.End-t.Unit.Start))
	why := trace.CoatReason(layers.TLS, trace.Encode, false)
	return c.s.event(trace.Encode, layers.TLS, pdu, cause, why, why.CoatArgs(t.Sizes(0))...)
}

// wrapped is the PDU of a coat's bytes, made of what it wraps.
func (c *conn) wrapped(coat *layers.Coat, whole []byte, inner trace.PDUID) trace.PDUID {
	id, bytes := c.s.Rec.Log.Source(coat.Proto)
	bytes.Write(whole)
	s := trace.Span{At: int64(coat.Head), Of: inner, Len: int64(len(whole) - coat.Head - coat.Tail)}
	if coat.Changed && s.Len != int64(len(coat.Inner)) {
		s.From = int64(len(coat.Inner))
	}
	if s.Len > 0 {
		c.s.Rec.Log.Carry(id, s)
	}
	return id
}

// innermost is the PDU of what a unit's coats are wrapped around: a message
// that was sent, or a part of one, or what consists of parts.
func (c *conn) innermost(t *streams.Tale, parts []trace.PDUID) trace.PDUID {
	log, inner := c.s.Rec.Log, t.Inner()
	switch {
	case t.Inside >= 0:
		return log.Part(layers.Stream, c.streamOf(outward, t.Level+1), t.Inside, len(inner))
	case len(parts) > 0 || t.Whole:
		id, bytes := log.Source(layers.Data)
		bytes.Write(inner)
		for i, part := range parts {
			u := &t.Within[i].Unit
			log.Carry(id, trace.Span{At: u.Start, Of: part, Len: u.End - u.Start})
		}
		return id
	}
	o := c.above
	for i := range o.sent {
		m := &o.sent[i]
		if len(inner) == 0 || !bytes.HasPrefix(m.data[m.at:], inner) {
			continue
		}
		at := m.at
		pdu := m.pdu
		if m.at += len(inner); m.at == len(m.data) {
			o.sent = append(o.sent[:i], o.sent[i+1:]...)
		}
		if at == 0 && int64(len(inner)) == log.Size(pdu) {
			return pdu
		}
		return log.Part(layers.Message, pdu, int64(at), len(inner))
	}
	id, bytes := log.Source(layers.Data)
	bytes.Write(inner)
	return id
}

// decode records how the units that became whole with a read are taken apart.
func (c *conn) decode(tales []streams.Tale) {
	for i := range tales {
		c.decodeUnit(&tales[i], c.streamOf(inward, 0))
	}
}

// decodeUnit records how a unit that lies in of is taken apart.
func (c *conn) decodeUnit(t *streams.Tale, of trace.PDUID) {
	if len(t.Coats) == 0 {
		return
	}
	log, p := c.s.Rec.Log, c.s.Sched.current
	id := log.Part(t.Coats[0].Proto, of, t.Unit.Start, int(t.Unit.End-t.Unit.Start))
	for k := range t.Coats {
		coat := &t.Coats[k]
		off := trace.CoatReason(coat.Proto, trace.Decode, t.Opened(k))
		_, without := t.Sizes(k)
		p.cause = c.s.event(trace.Decode, coat.Proto, id, p.cause, off, off.CoatArgs(int(log.Size(id)), without)...)
		if !t.Opened(k) {
			break
		}
		id = c.unwrapped(t, k, id)
		if k == 0 && t.Fragment {
			id = c.join(t, id)
		}
	}
	if t.Inside >= 0 {
		id = c.streamOf(inward, t.Level+1)
	}
	for i := range t.Within {
		c.decodeUnit(&t.Within[i], id)
	}
	if t.Says && !t.Whole {
		c.above.heard = append(c.above.heard, announced{pdu: id, data: t.Message})
		if len(c.above.heard) > maxHeard {
			c.above.heard = c.above.heard[1:]
		}
	}
}

// join adds a fragment's payload to its message: the result, with the last one,
// is all of it.
func (c *conn) join(t *streams.Tale, fragment trace.PDUID) trace.PDUID {
	log, o := c.s.Rec.Log, c.above
	o.parts = append(o.parts, fragment)
	if !t.Says {
		return fragment
	}
	all := log.Join(layers.Message, nil)
	for _, id := range o.parts {
		log.Extend(all, id, 0, log.Size(id))
	}
	o.parts = nil
	p := c.s.Sched.current
	p.cause = c.s.event(trace.Reassemble, layers.WebSocket, all, p.cause, trace.WebSocketJoin, log.Size(all))
	return all
}

// unwrapped is the PDU of what coat k of a unit wraps.
func (c *conn) unwrapped(t *streams.Tale, k int, outer trace.PDUID) trace.PDUID {
	log, coat := c.s.Rec.Log, &t.Coats[k]
	proto := layers.Message
	if k+1 < len(t.Coats) {
		proto = t.Coats[k+1].Proto
	}
	s := trace.Span{Of: outer, Off: int64(coat.Head), Len: int64(len(coat.Inner))}
	if n := log.Size(outer) - int64(coat.Head+coat.Tail); n != s.Len {
		s.From = n
	}
	switch {
	case k == len(t.Coats)-1 && t.Inside >= 0:
		p := c.insideAt(inward, t.Level+1)
		if s.At = t.Inside; s.Len > 0 {
			log.Carry(p.pdu, s)
		}
		return p.pdu
	case coat.Changed:
	case coat.Head+coat.Tail == 0:
		return outer
	default:
		return log.Part(proto, outer, int64(coat.Head), len(coat.Inner))
	}
	id, bytes := log.Source(proto)
	bytes.Write(coat.Inner)
	if s.Len > 0 {
		log.Carry(id, s)
	}
	return id
}
