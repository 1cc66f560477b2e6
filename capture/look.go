package capture

import (
	"time"

	"strata/layers"
	"strata/layers/filter"
	"strata/layers/follow"
	"strata/layers/walk"
	"strata/trace"
)

// Tree is frame n taken apart, with the messages that it completes.
func (f *File) Tree(n int) *layers.Tree {
	t, _, err := f.Dissect(n, false)
	if err != nil {
		return nil
	}
	return t
}

// Select finds the frames that pass a filter.
func (f *File) Select(dst []int, by *filter.Filter, from, to int) []int {
	for n := max(from, 0); n < min(to, f.n); n++ {
		if t, m, err := f.Dissect(n, false); err == nil && by.Match(t, f.facts(n, &m)) {
			dst = append(dst, n)
		}
	}
	return dst
}

// facts is what filters may ask of frame n beside its bytes.
func (f *File) facts(n int, m *Meta) *filter.Frame {
	facts := &filter.Frame{
		Number: n + 1, Time: m.Time, SinceFirst: time.Duration(f.since(f.entry(n))),
		CapLen: int(f.entry(n).capLen), Len: m.WireLen, Interface: m.Interface, Comments: m.Comments,
	}
	if n > 0 {
		facts.SincePrevious = time.Duration(f.since(f.entry(n)) - f.since(f.entry(n-1)))
	}
	return facts
}

// Progress says that all of the file is indexed.
func (f *File) Progress() trace.Progress { return trace.Progress{Damage: f.damage} }

// Conversations is how many flows there are.
func (f *File) Conversations() int { return len(f.flows) }

// Conversation is conversation i, counted anew each time.
func (f *File) Conversation(i int) trace.Conversation {
	fl := &f.flows[i]
	c := trace.Conversation{Proto: f.talks(fl), Stream: i, A: fl.a.Peer(), B: fl.b.Peer(), First: -1}
	f.eachOf(i, func(n int, e *entry) bool {
		if c.First < 0 {
			c.First, c.Start = n, f.since(e)
		}
		c.End = f.since(e)
		side := sideOf(e)
		c.Frames[side]++
		c.Bytes[side] += int64(e.capLen)
		return true
	})
	return c
}

func (f *File) talks(fl *flow) layers.Proto {
	switch {
	case fl.kind == layers.ProtocolTCP:
		return layers.TCP
	case fl.kind == layers.ProtocolUDP:
		return layers.UDP
	case fl.a.Family == walk.IPv4Address:
		return layers.IPv4
	case fl.a.Family == walk.IPv6Address:
		return layers.IPv6
	}
	return layers.Ethernet
}

// eachOf calls each with the frames of a flow until it returns false.
func (f *File) eachOf(flow int, each func(n int, e *entry) bool) {
	for n := range f.n {
		if e := f.entry(n); !e.is(flagFragment) && int(e.flow) == flow && !each(n, e) {
			return
		}
	}
}

// Follow gives what the two sides of a conversation said.
func (f *File) Follow(i int, each func(trace.Said) bool) {
	var c follow.Conversation
	on := true
	f.eachOf(i, func(n int, e *entry) bool {
		b, m, err := f.Data(n)
		if err != nil {
			return true
		}
		var s walk.Shape
		walk.Walk(&s, b, m.WireLen, m.LinkType, m.iface.fcsLen)
		from, to, wire := s.Inner().Body()
		say := func(p follow.Piece) { on = on && each(trace.Said(p)) }
		switch s.Inner().Proto {
		case layers.UDP:
			say(follow.Piece{Back: e.is(flagBack), Frame: n, Data: b[from:to]})
		case layers.TCP:
			h := layers.TCPHeader(b[s.Inner().At:])
			c.Segment(&follow.Segment{
				Back: e.is(flagBack), Frame: n, Seq: h.Seq(), Ack: h.Ack(), Flags: uint16(h.Flags()), Len: wire, Data: b[from:to],
			}, say)
		}
		return on
	})
}
