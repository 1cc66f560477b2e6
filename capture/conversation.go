package capture

import (
	"time"

	"strata/capture/flows"
	"strata/layers"
	"strata/layers/follow"
	"strata/layers/streams"
	"strata/layers/walk"
	"strata/trace"
)

// Conversations is how many flows there are.
func (f *File) Conversations() int {
	defer f.look()()
	return f.table.Len()
}

// Conversation is flow i.
func (f *File) Conversation(i int) trace.Conversation {
	defer f.look()()
	fl := f.table.At(uint32(i))
	c := trace.Conversation{
		Proto: fl.Proto, Stream: -1, First: int(fl.First), Bytes: [2]int64{int64(fl.Bytes[0]), int64(fl.Bytes[1])},
		Frames: [2]int{int(fl.Frames[0]), int(fl.Frames[1])}, Start: trace.Time(fl.Start - f.first), End: trace.Time(fl.End - f.first),
	}
	a, b := fl.Ends()
	if c.Proto == layers.TCP || c.Proto == layers.UDP {
		c.Stream, c.A, c.B = int(fl.Stream), a.Peer(), b.Peer()
	} else {
		c.A, c.B = a.String(), b.String()
	}
	return c
}

// FollowInside gives what TLS protects in a TCP conversation, as far as it
// could be opened.
func (f *File) FollowInside(i int, each func(trace.Said) bool) {
	next := [2]int{}
	for {
		s, ok := f.saidInside(uint32(i), &next)
		if !ok || !each(s) {
			return
		}
	}
}

// saidInside is the first of the openings with data of both sides from next
// on.
func (f *File) saidInside(flow uint32, next *[2]int) (s trace.Said, ok bool) {
	defer f.look()()
	w := f.ways.at(int(flow))
	if w.conn == 0 {
		return s, false
	}
	var lines [2]streams.Line
	for side, sd := range f.conns.look(int(w.conn - 1)).sides {
		if sd.asm != 0 {
			lines[side] = f.line(sd.asm-1, 0)
		}
	}
	side, at, ok := streams.NextInside(lines, next)
	if ok {
		s = trace.Said{Back: side == 1, Frame: int(at.Frame), Data: lines[side].Opened(nil, at)}
	}
	return s, ok
}

// Follow gives what the two sides of a TCP or UDP conversation said.
func (f *File) Follow(i int, each func(trace.Said) bool) {
	fl := f.flow(uint32(i))
	if fl.Proto != layers.TCP && fl.Proto != layers.UDP {
		return
	}
	var c follow.Conversation
	on := true
	for n := int(fl.First); on; n++ {
		p, more := f.brings(n, uint32(i))
		if !more {
			return
		}
		say := func(p follow.Piece) { on = on && each(trace.Said(p)) }
		switch {
		case !p.ok:
		case p.proto == layers.UDP && len(p.body) == 0: // an empty datagram says nothing
		case p.proto == layers.UDP:
			say(follow.Piece{Back: p.back, Frame: n, Data: p.body})
		default:
			h := layers.TCPHeader(p.header)
			c.Segment(&follow.Segment{
				Back: p.back, Frame: n, Seq: h.Seq(), Ack: h.Ack(), Flags: uint16(h.Flags()), Len: p.wire, Data: p.body,
			}, say)
		}
	}
}

func (f *File) flow(i uint32) flows.Flow {
	defer f.look()()
	return *f.table.At(i)
}

// brought is what a frame brings to a conversation.
type brought struct {
	ok     bool // there is something
	proto  layers.Proto
	back   bool
	header []byte
	body   []byte
	wire   int // its length on the wire
}

// brings is what frame n brings to flow i, of TCP or UDP; more is false when that frame is
// not there, or the flow ends before it.
func (f *File) brings(n int, i uint32) (p brought, more bool) {
	defer f.look()()
	if n >= f.n {
		return p, false
	}
	e := f.entry(n)
	if e.time > f.table.At(i).End && f.idle() {
		// Frames may be out of the order of their times, but by little.
		return p, e.time < f.table.At(i).End+int64(time.Minute)
	}
	for k := range int(e.noted) {
		if note := f.notes.At(int(e.notes) - 1 + k); note.flow == i {
			return f.brought(n, &e, &note), true
		}
	}
	return p, true
}

// brought is what the PDU of a header brings.
func (f *File) brought(n int, e *entry, of *note) (p brought) {
	data, _, err := f.data(n)
	if err != nil {
		return p
	}
	var s walk.Shape
	f.walk(&s, n, data)
	if of.header&inWhole != 0 {
		fragment := s
		a := f.asms.look(int(e.flow))
		data = fragment.WalkWhole(&s, data, f.appendAssembly(nil, a, 0, a.size()))
	}
	number := int(of.header & headerMask)
	h := &s.Headers[number]
	if number >= s.N || h.Proto == layers.TCP && of.header&apart != 0 { // quoted; or nobody knows what is missing
		return p
	}
	from, to, wire := h.Body()
	return brought{proto: h.Proto, back: of.back, header: data[h.At:from], body: data[from:to], wire: wire, ok: true}
}
