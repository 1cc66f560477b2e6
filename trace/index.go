package trace

import "strata/layers"

// index is what viewers need beside the events: which frame each event
// belongs to, each frame's events, and each PDU's children. It is made when a
// log is first read, in one pass over the events and one over the PDUs.
type index struct {
	events  int // how many events it covers
	frameOf []uint32
	first   []uint32 // per frame, where its steps begin in steps
	steps   []EventID
	ends    []EventID // per frame, the Arrive or Drop that ended it
	hops    []uint16
	resent  []bool
	again   map[PDUID]bool // segments that were sent before

	childOf  []uint32 // per PDU, where its children begin in children
	children []Child

	talks     *talks     // made when first asked for, as are
	transfers *transfers // these
	about     *about     //
}

const unassigned = ^uint32(0)

func (l *Log) indexed() *index {
	if l.index == nil || l.index.events != l.n {
		x := &index{events: l.n}
		x.assign(l)
		x.group()
		x.link(l)
		l.index = x
	}
	return l.index
}

// assign finds the frame of every event. What takes a frame apart belongs to
// the frame of its cause. What makes a frame belongs to the frame that leaves
// by it: seen at Transmit, which walks back along its causes. What never
// leaves belongs where its cause does.
func (x *index) assign(l *Log) {
	x.frameOf = make([]uint32, l.n)
	x.ends = make([]EventID, len(l.wire))
	x.hops = make([]uint16, len(l.wire))
	x.resent = make([]bool, len(l.wire))
	x.again = map[PDUID]bool{}
	frame := uint32(0)
	for i := range x.frameOf {
		n := EventID(i + 1)
		e := l.event(n)
		if e.Why.Resend() {
			x.again[e.PDU] = true
		}
		switch {
		case e.Kind == Transmit:
			x.claim(l, n, frame)
			x.hops[frame] = x.hop(l, e.Cause)
			x.resent[frame] = x.carries(l, e.PDU)
			frame++
		case e.Kind.making() || e.Cause == 0 || x.frameOf[e.Cause-1] == unassigned:
			x.frameOf[i] = unassigned
		default:
			x.frameOf[i] = x.frameOf[e.Cause-1]
			x.end(l, n, e)
		}
	}
	last := uint32(0)
	for i := range x.frameOf {
		if x.frameOf[i] == unassigned {
			x.frameOf[i] = last
			if c := l.event(EventID(i + 1)).Cause; c != 0 {
				x.frameOf[i] = x.frameOf[c-1]
			}
		}
		last = x.frameOf[i]
	}
}

// claim gives a Transmit and the making events that led to it to a frame. What
// made a packet that waits for an ARP answer belongs to the question, and of
// several fragments, to the first.
func (x *index) claim(l *Log, n EventID, frame uint32) {
	for x.frameOf[n-1] = frame; ; {
		n = l.event(n).Cause
		if n == 0 || x.frameOf[n-1] != unassigned {
			return
		}
		x.frameOf[n-1] = frame
	}
}

// hop counts the wires of a frame's way: one more than that of the frame that
// was forwarded, or 1 when its packet was made here.
func (x *index) hop(l *Log, n EventID) uint16 {
	for ; n != 0; n = l.event(n).Cause {
		e := l.event(n)
		if e.Kind == Forward {
			return x.hops[x.frameOf[n-1]] + 1
		}
		if e.Kind == Encapsulate && e.Layer == layers.Network || e.Kind == Arrive {
			break
		}
	}
	return 1
}

// carries says whether a frame carries a segment that was sent before. The
// segment is looked for in the frame, not among the causes: an ARP question
// may have been caused by such a segment, and an ICMP error may quote one.
func (x *index) carries(l *Log, id PDUID) bool {
	for len(x.again) > 0 {
		if x.again[id] {
			return true
		}
		p := l.PDU(id)
		if p.Of == 0 || p.form != patched && p.Proto != layers.Ethernet && p.Proto != layers.IPv4 {
			return false
		}
		id = p.Of
	}
	return false
}

// end notes how a frame's way over its wire ended: by its first Arrive, or by
// a Drop on the way, or by one that the first Arrive led to. Other drops are
// of a duplicate, or of a packet that waited for an answer to this frame.
func (x *index) end(l *Log, n EventID, e *Event) {
	first := &x.ends[x.frameOf[n-1]]
	switch {
	case *first == 0 && (e.Kind == Arrive || e.Kind == Drop && e.Layer == layers.Physical):
		*first = n
	case *first != 0 && e.Kind == Drop && e.Node == l.event(*first).Node:
		c := e.Cause
		for c > *first {
			c = l.event(c).Cause
		}
		if c == *first {
			*first = n
		}
	}
}

// group lists each frame's events.
func (x *index) group() {
	x.first = make([]uint32, len(x.ends)+1)
	if len(x.ends) == 0 {
		return
	}
	for _, f := range x.frameOf {
		x.first[f+1]++
	}
	for f := range x.ends {
		x.first[f+1] += x.first[f]
	}
	next := make([]uint32, len(x.ends))
	copy(next, x.first)
	x.steps = make([]EventID, len(x.frameOf))
	for i, f := range x.frameOf {
		x.steps[next[f]] = EventID(i + 1)
		next[f]++
	}
}

// link lists each PDU's children.
func (x *index) link(l *Log) {
	x.childOf = make([]uint32, l.npdu+2)
	var one [1]Span
	each := func(f func(child PDUID, s Span)) {
		for id := PDUID(1); int(id) <= l.npdu; id++ {
			for _, s := range l.parents(id, &one) {
				f(id, s)
			}
		}
	}
	each(func(_ PDUID, s Span) { x.childOf[s.Of+1]++ })
	for i := 1; i < len(x.childOf); i++ {
		x.childOf[i] += x.childOf[i-1]
	}
	next := make([]uint32, len(x.childOf))
	copy(next, x.childOf)
	x.children = make([]Child, x.childOf[len(x.childOf)-1])
	each(func(child PDUID, s Span) {
		x.children[next[s.Of]] = Child{PDU: child, Span: s}
		next[s.Of]++
	})
}

// Frames is how many frames were put on a wire.
func (l *Log) Frames() int { return len(l.wire) }

// FrameOf is the frame that an event belongs to.
func (l *Log) FrameOf(n EventID) int {
	x := l.indexed()
	if n == 0 || int(n) > len(x.frameOf) {
		return 0
	}
	return int(x.frameOf[n-1])
}

// Steps are the events that made frame f and took it apart.
func (l *Log) Steps(f int) []EventID {
	x := l.indexed()
	if f < 0 || f >= len(x.ends) {
		return nil
	}
	return x.steps[x.first[f]:x.first[f+1]]
}

// Frame is frame f.
func (l *Log) Frame(f int) Frame {
	x := l.indexed()
	if f < 0 || f >= len(l.wire) {
		return Frame{}
	}
	t := l.event(l.wire[f])
	out := Frame{
		Sent: t.Time, From: t.Node, End: t.End, PDU: t.PDU, Transmit: l.wire[f],
		Last: x.ends[f], Resent: x.resent[f], Hop: int(x.hops[f]),
		To: l.info.Links[t.End.Link()].Ends[t.End.Peer().Side()].Node,
	}
	if out.Last == 0 {
		return out
	}
	end := l.event(out.Last)
	out.Ended = end.Time
	switch {
	case end.Kind == Arrive:
		out.Fate = Arrived
	case end.Layer == layers.Physical && end.Node == out.From:
		out.Fate = Lost
	default:
		out.Fate = Refused
	}
	return out
}

// Children are the PDUs that hold bytes of a PDU.
func (l *Log) Children(id PDUID) []Child {
	x := l.indexed()
	if int(id)+1 >= len(x.childOf) {
		return nil
	}
	return x.children[x.childOf[id]:x.childOf[id+1]]
}
