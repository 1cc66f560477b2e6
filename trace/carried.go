package trace

import (
	"math"

	"strata/layers"
	"strata/layers/streams"
	"strata/layers/walk"
)

// carried is what a TCP conversation carries, as one sees it who listens where
// each side's frames leave.
type carried struct {
	memory streams.Memory
	stream [2]PDUID                     // of each side; 0: it has sent nothing
	first  map[PDUID]uint32             // the frame, from 1, with which a segment left that brought something new
	tls    map[uint32]layers.TLSSession // what was known of the session before such a frame
}

// segmentOf is the TCP segment in frame n, as long as nothing changed it on
// its way, if it carries bytes of a stream.
func (l *Log) segmentOf(n int) (id PDUID, p PDU, ok bool) {
	id = l.event(l.wire[n]).PDU
	for p = l.PDU(id); p.Of != 0 && p.form != patched; p = l.PDU(id) {
		if p.Proto == layers.TCP {
			return id, p, l.PDU(p.Of).form == source && p.Len > 0
		}
		id = p.Of
	}
	return 0, PDU{}, false
}

// streamPart says what other frames tell of the segment in frame n.
func (l *Log) streamPart(n int, o *layers.Options) {
	id, p, ok := l.segmentOf(n)
	if !ok {
		return
	}
	i, ok := l.talks().of[p.Of]
	if !ok {
		return
	}
	c := l.carriedBy(i)
	side := 0
	if c.stream[1] == p.Of {
		side = 1
	}
	frame, ok := c.first[id]
	if !ok {
		o.Kept = math.MaxInt // it was read when it came first
		return
	}
	part := streams.Segment(c.memory.Line(side), p.Off, p.Off+int64(p.Len), frame)
	o.Reassembled, o.Taken, o.Kept = part.Reassembled, part.Taken, part.Kept
	seen := layers.Seen{Stream: uint32(l.talks().all[i].Stream), Above: part.Above, Opened: part.Opened, Begun: part.Begun}
	if s, ok := c.tls[frame]; ok {
		seen.TLS = &s
	}
	o.Seen = []layers.Seen{seen}
}

// carriedBy reads conversation i, when it is first asked for.
func (l *Log) carriedBy(i int) *carried {
	t := l.talks()
	if c := t.carried[i]; c != nil {
		return c
	}
	c := &carried{first: map[PDUID]uint32{}, tls: map[uint32]layers.TLSSession{}}
	t.carried[i] = c
	c.memory.Bytes = func(side int, dst []byte, from, to int64) []byte { return l.Append(dst, c.stream[side], from, to-from) }
	ports := l.portsOf(t.frames[i][0])
	var session *layers.TLSSession
	var frame uint32
	c.memory.Secured = func(side int, m *streams.Message) {
		if session == nil {
			session = &layers.TLSSession{}
		}
		b := c.memory.Bytes(side, nil, m.Start, m.End)
		session.Segment(frame, ports[side], ports[1-side], b, len(b))
	}
	talk := streams.NewTalk(ports, l.info.Secrets)
	var next [2]int64
	for _, n := range t.frames[i] {
		id, p, ok := l.segmentOf(n)
		if !ok {
			continue
		}
		side := 0
		if f := l.Frame(n); l.portsOf(n) != ports || f.From != l.Frame(t.frames[i][0]).From {
			side = 1
		}
		c.stream[side] = p.Of
		end := p.Off + int64(p.Len)
		if end <= next[side] {
			continue
		}
		frame = uint32(n + 1)
		c.first[id] = frame
		if session != nil {
			c.tls[frame] = *session
		} else if b := l.Append(nil, p.Of, next[side], end-next[side]); layers.BeginsTLS(ports[side], ports[1-side], b) {
			c.tls[frame] = layers.TLSSession{}
		}
		talk.Feed(&c.memory, side, frame, l.Append(nil, p.Of, next[side], end-next[side]))
		talk.News(side)
		next[side] = end
	}
	return c
}

// portsOf are a frame's source and destination ports.
func (l *Log) portsOf(n int) [2]uint16 {
	var s walk.Shape
	b := l.frameBytes(n)
	walk.Walk(&s, b, len(b), walk.LinkEthernet, layers.FCSSize)
	return [2]uint16{s.Src.Port, s.Dst.Port}
}

// FollowInside gives what TLS protects in a conversation.
func (l *Log) FollowInside(i int, each func(Said) bool) {
	if l.Conversation(i).Proto != layers.TCP {
		return
	}
	c := l.carriedBy(i)
	streams.Inside([2]streams.Line{c.memory.Line(0), c.memory.Line(1)}, func(side int, o streams.Opening) bool {
		return each(Said{Back: side == 1, Frame: int(o.Frame) - 1, Data: c.memory.Line(side).Opened(nil, o)})
	})
}
