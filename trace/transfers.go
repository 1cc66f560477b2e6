package trace

import (
	"cmp"
	"slices"

	"strata/layers"
)

// Socket is one end of a TCP connection, as a maker tells of it.
type Socket struct {
	Node    NodeID
	Name    int64 // text of its 4-tuple, as reasons have it
	Out, In PDUID // the streams that it sends and gets
}

// Socket says that a connection was made.
func (l *Log) Socket(s Socket) { l.sockets = append(l.sockets, s) }

// transfers are the streams and packets of a log that travelled in pieces,
// found in one pass over the events when first asked for.
type transfers struct {
	lines  map[PDUID]*line // by what was sent
	in     map[PDUID]PDUID // the stream that a socket sends, by the one that it gets
	byName map[socketName][]Socket
}

type socketName struct {
	node NodeID
	name int64
}

// line is a transfer.
type line struct {
	parts         []part   // in the order of sending
	fresh         []uint32 // those of parts that brought something new: their ends grow
	again         []uint32 // those that brought something again
	high          int64
	back          PDUID     // the stream of the connection's other side; 0: none is known
	writes, reads []EventID // at its two ends
	shift         int       // of the windows that its segments tell; -1: not known
	plain         bool      // its SYN has no window scale
	base          uint32    // the sequence number of its first byte
	packet        bool
}

// part is one segment or fragment; a segment may be empty.
type part struct{ sent, got, lost EventID }

func (l *Log) transfers() *transfers {
	x := l.indexed()
	if x.transfers == nil {
		t := &transfers{lines: map[PDUID]*line{}, in: map[PDUID]PDUID{}, byName: map[socketName][]Socket{}}
		for _, s := range l.sockets {
			t.in[s.In] = s.Out
			name := socketName{s.Node, s.Name}
			t.byName[name] = append(t.byName[name], s)
		}
		for n := EventID(1); int(n) <= l.n; n++ {
			t.add(l, n, l.event(n))
		}
		x.transfers = t
	}
	return x.transfers
}

// add enters an event, if it is about a transfer.
func (t *transfers) add(l *Log, n EventID, e *Event) {
	switch e.Kind {
	case Segment:
		if of := l.PDU(e.PDU).Of; of != 0 {
			t.segment(l, n, of)
		}
	case Fragment:
		t.fragment(l, n, e)
	case Decapsulate:
		if e.Layer == layers.Transport && e.Proto == layers.TCP {
			t.arrived(l, n, e)
		}
	case Hold, Reassemble:
		if e.Layer == layers.Network && e.Proto == layers.IPv4 {
			if _, p := t.root(l, n, Fragment); p != nil && p.got == 0 {
				p.got = n
			}
		}
	case Drop:
		t.dropped(l, n, e)
	case Write:
		if e.Why == SocketWrite {
			if s := t.socket(l, n, e.Node, 1); s.Out != 0 {
				x := t.line(s.Out)
				x.writes = append(x.writes, n)
			}
		}
	case Read:
		if out := t.in[e.PDU]; out != 0 {
			x := t.line(out)
			x.reads = append(x.reads, n)
		}
	}
}

func (t *transfers) line(of PDUID) *line {
	x := t.lines[of]
	if x == nil {
		x = &line{shift: -1}
		t.lines[of] = x
	}
	return x
}

// socket is the one that an event's argument names, at that time.
func (t *transfers) socket(l *Log, n EventID, node NodeID, arg int) (s Socket) {
	args := l.Args(n)
	if arg >= len(args) {
		return s
	}
	for _, s := range slices.Backward(t.byName[socketName{node, args[arg]}]) {
		if x := t.lines[s.Out]; x != nil && len(x.parts) > 0 && x.parts[0].sent < n {
			return s
		}
	}
	return s
}

// segment enters a segment that was cut from a stream, or follows it empty.
func (t *transfers) segment(l *Log, n EventID, of PDUID) {
	if l.PDU(of).form != source {
		return
	}
	x := t.line(of)
	if len(x.parts) == 0 {
		id := l.event(n).PDU
		var s Sent
		if s.Read(l.Append(nil, id, 0, maxTCPHeader), 0) {
			x.begins(&s, l.PDU(id).Off)
		}
	}
	x.sends(l, n)
}

// maxTCPHeader is how long a header can be (RFC 9293 sec. 3.1).
const maxTCPHeader = 60

// begins reads what the first segment of a stream tells once.
func (x *line) begins(s *Sent, off int64) {
	x.base = s.Seq - uint32(off)
	if s.Flags&flagSYN != 0 {
		x.base++
		x.shift, x.plain = max(0, int(s.Scale)), s.Scale < 0
	}
}

func (x *line) sends(l *Log, n EventID) {
	p := l.PDU(l.event(n).PDU)
	i := uint32(len(x.parts))
	x.parts = append(x.parts, part{sent: n})
	end := p.Off + int64(p.Len)
	switch {
	case p.Len == 0:
	case end > x.high:
		x.high = end
		x.fresh = append(x.fresh, i)
	default:
		x.again = append(x.again, i)
	}
}

// fragment enters a fragment. One that is cut again does not travel further.
func (t *transfers) fragment(l *Log, n EventID, e *Event) {
	if x, p := t.root(l, n, Fragment); p != nil {
		i := slices.IndexFunc(x.parts, func(q part) bool { return q.sent == p.sent })
		x.parts = slices.Delete(x.parts, i, i+1)
		parts := x.parts
		x.parts, x.fresh, x.again, x.high = nil, nil, nil, 0
		for _, q := range parts {
			x.sends(l, q.sent)
			x.parts[len(x.parts)-1] = q
		}
	}
	x := t.line(l.PDU(e.PDU).Of)
	x.packet = true
	x.sends(l, n)
}

// root goes back along the causes of an event to the Segment or Fragment event
// that made what it is about.
func (t *transfers) root(l *Log, n EventID, kind Kind) (*line, *part) {
	for n = l.event(n).Cause; n != 0; n = l.event(n).Cause {
		switch e := l.event(n); e.Kind {
		case kind:
			x := t.lines[l.PDU(e.PDU).Of]
			if x == nil {
				return nil, nil
			}
			i, ok := slices.BinarySearchFunc(x.parts, n, func(p part, n EventID) int { return cmp.Compare(p.sent, n) })
			if !ok {
				return nil, nil
			}
			return x, &x.parts[i]
		case Segment, Send, Drop, TimerFired:
			return nil, nil // what came before made something else happen
		}
	}
	return nil, nil
}

// arrived notes that a segment has come to its connection, and which two
// streams are one connection's.
func (t *transfers) arrived(l *Log, n EventID, e *Event) {
	x, p := t.root(l, n, Segment)
	if p == nil {
		return
	}
	if p.got == 0 {
		p.got = n
	}
	if x.back != 0 || e.Why != TCPToSocket {
		return
	}
	if s := t.socket(l, n, e.Node, 0); s.Out != 0 {
		x.back = s.Out
		t.line(s.Out).back = l.PDU(l.event(p.sent).PDU).Of
	}
}

// dropped notes that a segment or fragment has ended.
func (t *transfers) dropped(l *Log, n EventID, e *Event) {
	for _, kind := range [...]Kind{Fragment, Segment} {
		x, p := t.root(l, n, kind)
		if p == nil || !l.holds(e.PDU, l.PDU(l.event(p.sent).PDU).Of) {
			continue
		}
		// What comes again by a duplicate is dropped, too, and changes nothing.
		if p.lost == 0 && (p.got == 0 || p.got == e.Cause || x.packet && e.Cause < p.got) {
			p.lost = n
		}
		return
	}
}

// holds says whether a PDU carries bytes of another one.
func (l *Log) holds(id, of PDUID) bool {
	var one [1]Span
	for range 16 {
		spans := l.parents(id, &one)
		if len(spans) == 0 {
			return false
		}
		if id = spans[0].Of; id == of {
			return true
		}
	}
	return false
}
