package connection

import (
	"net/netip"
	"strings"
	"time"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// Connection is one TCP connection and what is known of it so far. It belongs
// to one goroutine.
type Connection struct {
	t        trace.Trace
	captured bool
	talk     int           // of a capture: the conversation
	frames   int           // how many it has, when the pass began
	span     [2]trace.Time // from the first to the last of what is known
	ends     [2]end        // of a simulation: who opened it, and the other; key "": not known
	paths    [2]ways       // the addresses of their segments
	names    [2]string

	pairing int // of a simulation: the next event in the search for the other end; 0: it is over
	whole   *pass
	zoom    *pass
	zoomed  [2]trace.Time // what zoom covers
	marks   []mark
	every   int // segments, or changes, between two marks
	since   int // the last mark
}

// maxMarks bounds the places from which a pass can go on.
const maxMarks = 1 << 10

// Of is the connection that an event belongs to; nil: it belongs to none.
// Nothing is known of it before Work.
func Of(t trace.Trace, at trace.EventID) *Connection {
	c := &Connection{t: t, captured: t.Info().Captured, talk: -1}
	if c.captured {
		if c.talk = talkOf(t, at); c.talk < 0 {
			return nil
		}
		talk := t.Conversation(c.talk)
		c.names = [2]string{talk.A, talk.B}
		c.frames = talk.Frames[0] + talk.Frames[1]
		c.span = [2]trace.Time{talk.Start, talk.End}
		c.begin(talk.First)
		return c
	}
	e, ok := endOf(t, at)
	if !ok {
		return nil
	}
	c.ends[0] = e
	c.pairing = 1
	return c
}

// Has says whether an event belongs to the connection.
func (c *Connection) Has(at trace.EventID) bool {
	if c.captured {
		return talkOf(c.t, at) == c.talk
	}
	e, ok := endOf(c.t, at)
	return ok && c.sideOf(e.node, e.key) >= 0
}

// talkOf is the TCP conversation of an event of a capture; -1: none.
func talkOf(t trace.Trace, at trace.EventID) int {
	i := t.ConversationOf(t.FrameOf(at))
	if i < 0 || t.Conversation(i).Proto != layers.TCP {
		return -1
	}
	return i
}

// endOf is the end of a simulation's connection that an event is about: whose
// state changes, or who sent the segment that the event's frame carries.
func endOf(t trace.Trace, at trace.EventID) (e end, ok bool) {
	ev := t.Event(at)
	if ev.Kind == trace.StateChange {
		ch := t.Change(at)
		if own := ch.Slot.Table == "tcp" || ch.Slot.Table == "socket"; own && strings.HasPrefix(ch.Slot.Key, "tcp ") && !strings.HasSuffix(ch.Slot.Key, " *") {
			return end{ev.Node, ch.Slot.Key}, true
		}
	}
	if ev.Kind == trace.Segment || ev.Kind == trace.Encapsulate && ev.Layer == layers.Network || ev.Kind == trace.Hold {
		// It may wait for an answer of ARP: its frame is the question then.
		packet, segment := lineage(t, ev.PDU)
		if packet == 0 {
			packet = packetOf(t, segment)
		}
		if w, ok := waysOf(t, packet, segment); ok {
			return end{ev.Node, w.key()}, true
		}
	}
	if t.Frames() == 0 {
		return e, false
	}
	return firstWire(t, t.FrameOf(at))
}

// firstWire is the end that sent what a frame carries.
func firstWire(t trace.Trace, frame int) (e end, ok bool) {
	f := t.Frame(frame)
	for f.Hop > 1 { // back to the host's own wire
		id := f.Transmit
		for id != 0 && t.Event(id).Kind != trace.Forward {
			id = t.Event(id).Cause
		}
		f = t.Frame(t.FrameOf(id))
	}
	const most = 128 // all headers
	b := t.Append(nil, f.PDU, 0, most)
	var s walk.Shape
	walk.Walk(&s, b, int(t.Size(f.PDU)), walk.LinkEthernet, layers.FCSSize)
	if s.Inner().Proto != layers.TCP || s.Src.Family != walk.IPv4Address {
		return e, false
	}
	w := ways{
		netip.AddrPortFrom(netip.AddrFrom4([4]byte(s.Src.Addr[:4])), s.Src.Port),
		netip.AddrPortFrom(netip.AddrFrom4([4]byte(s.Dst.Addr[:4])), s.Dst.Port),
	}
	return end{f.From, w.key()}, true
}

// pair looks through some events for the first segment that the known end
// receives: who sent it is the other end. Behind a NAT no other way tells.
func (c *Connection) pair() {
	me := &c.ends[0]
	w, ok := me.ways()
	total := c.t.Events() + 1
	to := min(total, c.pairing+eventsASlice)
	for n := c.pairing; ok && n < to; n++ {
		e := c.t.Event(trace.EventID(n))
		if e.Layer != layers.Transport || e.Node != me.node || e.Proto != layers.TCP || e.Kind != trace.Decapsulate && e.Kind != trace.Drop {
			continue
		}
		if got, ok := waysOf(c.t, c.t.Event(e.Cause).PDU, e.PDU); ok && got.turned() == w {
			c.paired(c.sender(&e, got), &e)
			return
		}
	}
	if c.pairing = to; to == total || !ok {
		c.paired(c.facing(w), nil)
	}
}

// sender is the end that sent a segment with which another was reached by
// these addresses.
func (c *Connection) sender(got *trace.Event, w ways) end {
	id := got.Cause
	for id != 0 {
		e := c.t.Event(id)
		if e.Kind == trace.Segment {
			if own, ok := waysOf(c.t, packetOf(c.t, e.PDU), e.PDU); ok {
				return end{e.Node, own.key()}
			}
			break
		}
		id = e.Cause
	}
	return c.facing(w.turned())
}

// facing is the end at a segment's destination, if nobody on the way changes
// addresses.
func (c *Connection) facing(w ways) end {
	for i, n := range c.t.Info().Nodes {
		for _, a := range n.Addrs {
			if a == w.remote.Addr().String() {
				return end{trace.NodeID(i), w.turned().key()}
			}
		}
	}
	return end{}
}

// paired puts the end that opened the connection first, and begins the pass.
func (c *Connection) paired(other end, heard *trace.Event) {
	c.ends[1] = other
	if heard != nil {
		var buf [layers.TCPMinSize]byte
		h := layers.TCPHeader(c.t.Append(buf[:0], heard.PDU, 0, layers.TCPMinSize))
		if len(h) == layers.TCPMinSize && h.Flags()&(flagSYN|flagACK) == flagSYN {
			c.ends[0], c.ends[1] = c.ends[1], c.ends[0]
		}
	}
	for d := range c.ends {
		c.paths[d], _ = c.ends[d].ways()
		c.names[d] = c.paths[d].local.String()
	}
	if c.ends[1].key == "" {
		c.names[1] = c.paths[0].remote.String()
	}
	if n := c.t.Events(); n > 0 {
		c.span[1] = c.t.Event(trace.EventID(n)).Time
	}
	c.pairing = 0
	c.begin(1)
}

// begin begins the pass over all of it.
func (c *Connection) begin(first int) {
	m := mark{next: first, ledgers: [2]ledger{newLedger(), newLedger()}}
	c.whole = newPass(c, m)
	states := newInferred()
	c.whole.states = &states
	c.every = 64
}

// Work reads on in the trace for about so long, and says whether there is
// more to do. Nothing else here takes long.
func (c *Connection) Work(budget time.Duration) (more bool) {
	for begin := time.Now(); ; {
		switch {
		case c.pairing > 0:
			c.pair()
		case !c.whole.over:
			c.whole.step()
		case c.zoom != nil && !c.zoom.over:
			c.zoom.step()
		default:
			return false
		}
		if time.Since(begin) >= budget {
			return true
		}
	}
}

func (p *pass) step() {
	if p.c.captured {
		p.frames()
	} else {
		p.events()
	}
}
