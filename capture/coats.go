package capture

import (
	"strata/layers"
	"strata/layers/streams"
	"strata/trace"
)

// coated is a unit that a frame completes and that wraps something, or lies
// inside TLS.
type coated struct {
	streams.Tale
	sent bool // it began in the frame, too
	text bool // what it says is text
}

// uncover finds what a frame begins and completes in a line: the messages as
// they stand, and those that are wrapped.
func uncover(l streams.Line, frame uint32) (started, ended []streams.Message, wrapped []coated) {
	begun := map[int64]bool{} // where units begin that are told whole
	for _, t := range streams.Tales(l, streams.EndedIn(l, frame)) {
		if t.Level == 0 && len(t.Coats) == 0 {
			ended = append(ended, t.Unit)
			continue
		}
		c := coated{Tale: t, sent: t.Unit.First == frame}
		c.text = t.Says && (t.Unit.Text || len(t.Coats) > 0 && isText(t.Message))
		if t.Level == 0 && c.sent {
			begun[t.Unit.Start] = true
		}
		wrapped = append(wrapped, c)
	}
	for _, m := range streams.StartedIn(l, frame) {
		if !begun[m.Start] {
			started = append(started, m)
		}
	}
	return started, ended, wrapped
}

// making is how many steps it takes to make the unit: to hand a message over,
// to wrap it, to write it.
func (c *coated) making() (n int) {
	if !c.sent {
		return 0
	}
	return len(c.Coats) + count(c.Says, c.text, c.Level == 0)
}

// taking is how many steps it takes to take it apart.
func (c *coated) taking() int {
	return len(c.Coats) + count(c.Level == 0, c.joins(), c.Says, c.text)
}

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

// puts tells how the sender made the units: what is inside goes first.
func (b *builder) puts() {
	for _, g := range streams.Groups(b.wrapped, func(c *coated) int { return c.Level }) {
		for i := range g {
			if c := &g[(i+1)%len(g)]; c.sent {
				b.put(c)
			}
		}
	}
}

func (b *builder) put(c *coated) {
	ids := b.peel(c, b.sent)
	inner := ids[len(ids)-1]
	if c.Says {
		e := b.say(trace.Send, layers.Application, layers.Message, inner, trace.CaptureSend, b.host(b.from), b.naming(c), c.size())
		e.from, e.to = b.src.Peer(), b.dst.Peer()
		if c.text {
			b.say(trace.Encode, layers.Presentation, layers.UTF8, inner, trace.CaptureEncode)
		}
	}
	for k := len(c.Coats) - 1; k >= 0; k-- {
		b.coat(trace.Encode, c, k, ids[k])
	}
	if c.Level == 0 {
		w := b.say(trace.Write, layers.Session, layers.Connection, ids[0], trace.CaptureWrite, b.host(b.from))
		w.off, w.n = c.Unit.Start, c.Unit.End-c.Unit.Start
	}
}

// takes tells how the receiver takes the units apart.
func (b *builder) takes() {
	for i := range b.wrapped {
		b.takeApart(&b.wrapped[i])
	}
}

func (b *builder) takeApart(c *coated) {
	ids := b.peel(c, b.received)
	if c.Level == 0 {
		n := c.Unit.End - c.Unit.Start
		r := b.say(trace.Read, layers.Session, layers.Connection, ids[0], trace.CaptureRead, n, b.host(b.to))
		r.off, r.n = c.Unit.Start, n
	}
	inner := ids[len(ids)-1]
	for k := range c.Coats {
		b.coat(trace.Decode, c, k, ids[k])
		if k == 0 && c.joins() {
			if len(c.Coats) == 1 {
				inner = b.own(layers.Message, c.Message, 0, 0)
			}
			b.say(trace.Reassemble, layers.WebSocket.Layer(), layers.WebSocket, inner, trace.WebSocketJoin, c.size())
		}
	}
	if !c.Says {
		return
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
	if len(c.Coats) == 0 {
		return c.Unit.End - c.Unit.Start
	}
	return int64(len(c.Message))
}

func (b *builder) naming(c *coated) int64 {
	p := layers.Message
	if len(c.Coats) == 0 {
		p = c.Unit.Proto
	}
	return b.str(naming(p))
}

// peel makes the PDUs of a unit, which lies in of, and of what each of its
// coats wraps: as many as are told of.
func (b *builder) peel(c *coated, of trace.PDUID) []trace.PDUID {
	var ids []trace.PDUID
	if size := c.Unit.End - c.Unit.Start; c.Level == 0 {
		ids = append(ids, b.add(pdu{PDU: trace.PDU{Proto: c.Unit.Proto, Of: of, Off: c.Unit.Start, Len: length(&c.Unit)}, at: -1}))
	} else {
		bytes := c.Bytes
		if bytes == nil {
			bytes = b.f.line(b.number, 1).Read(nil, c.Unit.Start, c.Unit.Start+min(size, streams.MaxReassembled))
		}
		ids = append(ids, b.own(c.Unit.Proto, bytes, 0, 0))
	}
	for k := range c.Coats {
		if k == len(c.Coats)-1 && !c.Says {
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
