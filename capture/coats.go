package capture

import (
	"slices"

	"strata/layers"
	"strata/layers/streams"
	"strata/trace"
)

// coated is a unit that a frame completes and that wraps something, or lies
// inside another.
type coated struct {
	streams.Tale
	sent   bool // it began in the frame, too
	text   bool // what it says is text
	within []coated
}

// uncover finds what a frame begins and completes in a line: the messages as
// they stand, and those that are wrapped.
func uncover(l streams.Line, frame uint32) (started, ended []streams.Message, wrapped []coated) {
	started = streams.StartedIn(l, frame)
	for _, t := range streams.Tales(l, streams.EndedIn(l, frame)) {
		if len(t.Coats) == 0 && t.Says {
			ended = append(ended, t.Unit)
			continue
		}
		if t.Unit.First == frame { // it is told whole
			started = slices.DeleteFunc(started, func(m streams.Message) bool { return m.Start == t.Unit.Start })
		}
		wrapped = append(wrapped, newCoated(t, frame))
	}
	return started, ended, wrapped
}

func newCoated(t streams.Tale, frame uint32) coated {
	c := coated{Tale: t, sent: t.Unit.First == frame}
	c.text = t.Says && (t.Unit.Text || len(t.Coats) > 0 && !t.Whole && isText(t.Message))
	for _, in := range t.Within {
		c.within = append(c.within, newCoated(in, frame))
	}
	return c
}

// making is how many steps it takes to make the unit, and what is in it: to
// hand a message over, to wrap it, to write it.
func (c *coated) making() int {
	n := len(c.Coats) + count(c.Says && !c.begun(), c.Says && !c.begun() && c.text, c.outermost() && c.sent)
	for i := range c.within {
		n += c.within[i].making()
	}
	return n
}

// taking is how many steps it takes to take it apart.
func (c *coated) taking() int {
	n := len(c.Coats) + count(c.outermost(), c.joins(), c.Says, c.text)
	for i := range c.within {
		n += c.within[i].taking()
	}
	return n
}

// outermost says that the unit is one of the socket's stream.
func (c *coated) outermost() bool { return c.Level == 0 && !c.Part }

// begun says that an earlier frame told that the unit was sent.
func (c *coated) begun() bool { return c.outermost() && !c.sent && says(&c.Unit) }

// joins says that the unit is the last fragment of a message.
func (c *coated) joins() bool { return c.Fragment && c.Says }

func count(all ...bool) (n int) {
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}

// puts tells how the sender made the units.
func (b *builder) puts() {
	for i := range b.wrapped {
		b.put(&b.wrapped[i], b.sent)
	}
}

// put tells how a unit was made, which lies in of: what is inside it goes
// first. Of one that an earlier frame began it is told now, when it is known.
func (b *builder) put(c *coated, of trace.PDUID) {
	if len(c.Coats) == 0 && !c.sent && !c.Says { // it was written in an earlier frame
		return
	}
	ids := b.peel(c, of)
	inner := ids[len(ids)-1]
	for i := range c.within {
		b.put(&c.within[i], inner)
	}
	if c.Says && !c.begun() {
		if c.Whole {
			inner = ids[0]
		}
		e := b.say(trace.Send, layers.Application, layers.Message, inner, trace.CaptureSend, b.host(b.from), b.naming(c), c.size())
		e.from, e.to = b.src.Peer(), b.dst.Peer()
		if c.text {
			b.say(trace.Encode, layers.Presentation, layers.UTF8, inner, trace.CaptureEncode)
		}
	}
	for k := len(c.Coats) - 1; k >= 0; k-- {
		b.coat(trace.Encode, c, k, ids[k])
	}
	if c.outermost() && c.sent {
		w := b.say(trace.Write, layers.Session, layers.Connection, ids[0], trace.CaptureWrite, b.host(b.from))
		w.off, w.n = c.Unit.Start, c.Unit.End-c.Unit.Start
	}
}

// takes tells how the receiver takes the units apart.
func (b *builder) takes() {
	for i := range b.wrapped {
		b.takeApart(&b.wrapped[i], b.received)
	}
}

func (b *builder) takeApart(c *coated, of trace.PDUID) {
	ids := b.peel(c, of)
	if c.outermost() {
		n := c.Unit.End - c.Unit.Start
		r := b.say(trace.Read, layers.Session, layers.Connection, ids[0], trace.CaptureRead, n, b.host(b.to))
		r.off, r.n = c.Unit.Start, n
	}
	inner := ids[len(ids)-1]
	for k := range c.Coats {
		b.coat(trace.Decode, c, k, ids[k])
		if k == 0 && c.joins() {
			b.say(trace.Reassemble, layers.WebSocket.Layer(), layers.WebSocket, ids[1], trace.WebSocketJoin, int64(len(c.Joined)))
		}
	}
	for i := range c.within {
		b.takeApart(&c.within[i], inner)
	}
	if !c.Says {
		return
	}
	if c.Whole {
		inner = ids[0]
	}
	if c.text {
		b.say(trace.Decode, layers.Presentation, layers.UTF8, inner, trace.CaptureDecode)
	}
	e := b.say(trace.Deliver, layers.Application, layers.Message, inner, trace.CaptureDeliver, b.host(b.to), b.naming(c), c.size())
	e.from, e.to = b.src.Peer(), b.dst.Peer()
}

// coat tells of coat k of a unit.
func (b *builder) coat(kind trace.Kind, c *coated, k int, id trace.PDUID) {
	p := c.Coats[k].Proto
	why := trace.CoatReason(p, kind, c.Opened(k))
	b.say(kind, p.Layer(), p, id, why, why.CoatArgs(c.Sizes(k))...)
}

// size is how many bytes the unit says.
func (c *coated) size() int64 {
	if len(c.Coats) == 0 || c.Whole {
		return c.Unit.End - c.Unit.Start
	}
	return int64(len(c.Message))
}

func (b *builder) naming(c *coated) int64 {
	p := layers.Message
	if len(c.Coats) == 0 || c.Whole {
		p = c.Unit.Proto
	}
	return b.str(naming(p))
}

// peel makes the PDUs of a unit, which lies in of, and of what each of its
// coats wraps: as many as are told of.
func (b *builder) peel(c *coated, of trace.PDUID) []trace.PDUID {
	var ids []trace.PDUID
	size := c.Unit.End - c.Unit.Start
	if c.outermost() || c.Part {
		ids = append(ids, b.add(pdu{PDU: trace.PDU{Proto: c.Unit.Proto, Of: of, Off: c.Unit.Start, Len: length(&c.Unit)}, at: -1}))
	} else {
		bytes := c.Bytes
		if bytes == nil {
			bytes = b.f.line(b.number, c.Level).Read(nil, c.Unit.Start, c.Unit.Start+min(size, streams.MaxReassembled))
		}
		ids = append(ids, b.own(c.Unit.Proto, bytes, 0, 0))
	}
	parts := len(c.within) > 0 && c.Inside < 0
	for k := range c.Coats {
		if k == len(c.Coats)-1 && !c.Says && !parts {
			break
		}
		ids = append(ids, b.under(c, k, ids[k]))
	}
	return ids
}

// under is the PDU of what coat k wraps.
func (b *builder) under(c *coated, k int, outer trace.PDUID) trace.PDUID {
	coat, proto := &c.Coats[k], layers.Message
	if k+1 < len(c.Coats) {
		proto = c.Coats[k+1].Proto
	}
	if k == 0 && c.joins() {
		return b.own(proto, c.Joined, 0, 0)
	}
	if !coat.Changed {
		return b.add(pdu{PDU: trace.PDU{Proto: proto, Of: outer, Off: int64(coat.Head), Len: uint32(len(coat.Inner))}, at: -1})
	}
	id := b.own(proto, coat.Inner, outer, int64(coat.Head))
	with, _ := c.Sizes(k)
	if n := int64(with - coat.Head - coat.Tail); n != int64(len(coat.Inner)) {
		b.pdus[len(b.pdus)-1].from = n
	}
	return id
}

// own adds a PDU whose bytes stand nowhere else, made of what lies at off in of.
func (b *builder) own(p layers.Proto, bytes []byte, of trace.PDUID, off int64) trace.PDUID {
	if bytes == nil {
		bytes = []byte{}
	}
	return b.add(pdu{PDU: trace.PDU{Proto: p, Of: of, Off: off, Len: uint32(len(bytes))}, at: -1, bytes: bytes})
}

func (b *builder) add(p pdu) trace.PDUID {
	b.pdus = append(b.pdus, p)
	return b.id(len(b.pdus) - 1)
}
