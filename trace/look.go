package trace

import (
	"time"

	"strata/layers"
	"strata/layers/filter"
	"strata/layers/follow"
	"strata/layers/walk"
)

// Tree is frame n taken apart.
func (l *Log) Tree(n int) *layers.Tree {
	if n < 0 || n >= len(l.wire) {
		return nil
	}
	o := layers.Options{FCSLen: layers.FCSSize}
	l.streamPart(n, &o)
	return layers.Dissect(l.frameBytes(n), o)
}

// frameBytes are frame n's bytes as it left, with its FCS.
func (l *Log) frameBytes(n int) []byte {
	id := l.event(l.wire[n]).PDU
	return l.Append(nil, id, 0, l.Size(id))
}

// Scan gives the bytes of frames.
func (l *Log) Scan(from, to int, each func(n int, data []byte) bool) {
	var data []byte
	for n := max(from, 0); n < min(to, len(l.wire)); n++ {
		id := l.event(l.wire[n]).PDU
		data = l.Append(data[:0], id, 0, l.Size(id))
		if !each(n, data) {
			return
		}
	}
}

// Select finds the frames that pass a filter.
func (l *Log) Select(dst []int, f *filter.Filter, from, to int) []int {
	for n := max(from, 0); n < min(to, len(l.wire)); n++ {
		if f.Match(l.Tree(n), l.Facts(n)) {
			dst = append(dst, n)
		}
	}
	return dst
}

// Facts is what is known of frame n beside its bytes.
func (l *Log) Facts(n int) *filter.Frame {
	if n < 0 || n >= len(l.wire) {
		return &filter.Frame{}
	}
	f := l.Frame(n)
	size := int(l.Size(f.PDU))
	facts := &filter.Frame{
		Number: n + 1, Time: l.info.Start.Add(time.Duration(f.Sent)), SinceFirst: time.Duration(f.Sent - l.event(l.wire[0]).Time),
		CapLen: size, Len: size, Interface: l.info.EndName(f.End),
	}
	if n > 0 {
		facts.SincePrevious = time.Duration(f.Sent - l.event(l.wire[n-1]).Time)
	}
	return facts
}

// Progress says that all of it is there.
func (l *Log) Progress() Progress { return Progress{} }

// talks are the conversations of a log, found when first asked for. A frame
// counts on its first wire: what a router forwards was said already.
type talks struct {
	all     []Conversation
	streams [2]int // TCP and UDP conversations so far
	number  map[talkKey]int
	frames  map[int][]int    // by TCP or UDP conversation
	carried map[int]*carried // by TCP conversation: what it carries, once asked for
	of      map[PDUID]int    // conversation of a stream
}

type talkKey struct {
	low, high walk.Endpoint
	proto     layers.Proto
}

func (l *Log) talks() *talks {
	x := l.indexed()
	if x.talks != nil {
		return x.talks
	}
	x.talks = &talks{number: map[talkKey]int{}, frames: map[int][]int{}, carried: map[int]*carried{}, of: map[PDUID]int{}}
	for n := range l.wire {
		if f := l.Frame(n); f.Hop == 1 {
			x.talks.add(l, n, f)
		}
	}
	return x.talks
}

// talkKeyOf is the key of what a frame carries; false: it is no conversation.
func talkKeyOf(s *walk.Shape) (key talkKey, ok bool) {
	key = talkKey{s.Src, s.Dst, s.Inner().Proto}
	if walk.After(&s.Src, &s.Dst) {
		key.low, key.high = s.Dst, s.Src
	}
	return key, key.proto == layers.TCP || key.proto == layers.UDP
}

func (t *talks) add(l *Log, n int, f Frame) {
	var s walk.Shape
	b := l.frameBytes(n)
	walk.Walk(&s, b, len(b), walk.LinkEthernet, layers.FCSSize)
	key, ok := talkKeyOf(&s)
	if !ok {
		return
	}
	i, ok := t.number[key]
	if !ok {
		i = len(t.all)
		t.number[key] = i
		kind := 0
		if key.proto == layers.UDP {
			kind = 1
		}
		t.all = append(t.all, Conversation{
			Proto: key.proto, Stream: t.streams[kind], A: s.Src.Peer(), B: s.Dst.Peer(), Start: f.Sent, First: n,
		})
		t.streams[kind]++
	}
	c := &t.all[i]
	side := 0
	if s.Src.Peer() != c.A {
		side = 1
	}
	c.Frames[side]++
	c.Bytes[side] += int64(len(b))
	c.End = f.Sent
	t.frames[i] = append(t.frames[i], n)
	if _, p, ok := l.segmentOf(n); ok {
		t.of[p.Of] = i
	}
}

// Conversations is how many TCP and UDP conversations the log has.
func (l *Log) Conversations() int { return len(l.talks().all) }

// Conversation is conversation i.
func (l *Log) Conversation(i int) Conversation { return l.talks().all[i] }

// Follow gives what the two sides of a conversation said.
func (l *Log) Follow(i int, each func(Said) bool) {
	t := l.talks()
	var c follow.Conversation
	on := true
	for _, n := range t.frames[i] {
		b := l.frameBytes(n)
		var s walk.Shape
		walk.Walk(&s, b, len(b), walk.LinkEthernet, layers.FCSSize)
		from, to, wire := s.Inner().Body()
		say := func(p follow.Piece) { on = on && each(Said(p)) }
		back := s.Src.Peer() != t.all[i].A
		if s.Inner().Proto == layers.UDP && from == to {
			continue // an empty datagram says nothing
		}
		if s.Inner().Proto == layers.UDP {
			say(follow.Piece{Back: back, Frame: n, Data: b[from:to]})
		} else {
			h := layers.TCPHeader(b[s.Inner().At:])
			c.Segment(&follow.Segment{
				Back: back, Frame: n, Seq: h.Seq(), Ack: h.Ack(), Flags: uint16(h.Flags()), Len: wire, Data: b[from:to],
			}, say)
		}
		if !on {
			return
		}
	}
}
