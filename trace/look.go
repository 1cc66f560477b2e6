package trace

import (
	"bytes"
	"slices"
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

// talks are the conversations of a log, found when first asked for. A packet
// counts on its first wire: what a router forwards was said already. An
// Ethernet frame counts where its sender put it on a wire, be that a host or a
// router, but not where a switch passes it on.
type talks struct {
	all     []Conversation
	a       []walk.Endpoint // of each
	streams [2]int          // TCP and UDP conversations so far
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
	var b []byte
	for n := range l.wire {
		id := l.event(l.wire[n]).PDU
		if x.hops[n] > 1 {
			b = l.Append(b[:0], id, 0, twoMACs)
			x.talks.passedOn(l, n, b)
			continue
		}
		b = l.Append(b[:0], id, 0, l.Size(id))
		x.talks.add(l, n, b)
	}
	return x.talks
}

// keyOfTalk is the key of what two ends say by a protocol.
func keyOfTalk(proto layers.Proto, src, dst *walk.Endpoint) talkKey {
	if walk.After(src, dst) {
		src, dst = dst, src
	}
	return talkKey{*src, *dst, proto}
}

// talkKeyOf is the key of what a frame carries; false: it is no TCP or UDP.
func talkKeyOf(s *walk.Shape) (key talkKey, ok bool) {
	proto := s.Inner().Proto
	return keyOfTalk(proto, &s.Src, &s.Dst), proto == layers.TCP || proto == layers.UDP
}

// twoMACs is the bytes of the addresses that a frame begins with.
const twoMACs = 12

// passedOn enters frame n, which begins with b and is not on its first wire,
// in the conversation of its MAC addresses, if it did not come with these.
func (t *talks) passedOn(l *Log, n int, b []byte) {
	if e := l.event(l.wire[n]); !bytes.Equal(b, l.Append(nil, l.event(l.wire[l.hopBefore(n)]).PDU, 0, twoMACs)) {
		t.ethernet(n, e.Time, int(l.Size(e.PDU)), b)
	}
}

func (t *talks) ethernet(n int, at Time, size int, b []byte) {
	if len(b) >= twoMACs {
		t.count(n, at, size, layers.Ethernet, endpoint(walk.MACAddress, b[6:12]), endpoint(walk.MACAddress, b[:6]))
	}
}

// add enters frame n, whose bytes are b, on its first wire, in the
// conversations of its headers.
func (t *talks) add(l *Log, n int, b []byte) {
	at := l.event(l.wire[n]).Time
	t.ethernet(n, at, len(b), b)
	var s walk.Shape
	walk.Walk(&s, b, len(b), walk.LinkEthernet, layers.FCSSize)
	for i, h := range s.Headers[:s.N] {
		if h.Proto == layers.IPv4 {
			src, dst := s.Ends(b, i)
			t.count(n, at, len(b), h.Proto, endpoint(walk.IPv4Address, src), endpoint(walk.IPv4Address, dst))
		}
	}
	if _, ok := talkKeyOf(&s); !ok {
		return
	}
	i := t.count(n, at, len(b), s.Inner().Proto, s.Src, s.Dst)
	t.frames[i] = append(t.frames[i], n)
	if _, p, ok := l.segmentOf(n); ok {
		t.of[p.Of] = i
	}
}

func endpoint(f walk.Family, address []byte) walk.Endpoint {
	e := walk.Endpoint{Family: f}
	copy(e.Addr[:], address)
	return e
}

// count enters a frame in the conversation of two ends, which it may begin,
// and gives its number.
func (t *talks) count(n int, at Time, size int, proto layers.Proto, src, dst walk.Endpoint) int {
	key := keyOfTalk(proto, &src, &dst)
	i, ok := t.number[key]
	if !ok {
		i = len(t.all)
		t.number[key] = i
		t.all, t.a = append(t.all, t.begin(n, at, proto, src, dst)), append(t.a, src)
	}
	c := &t.all[i]
	side := 0
	if src != t.a[i] {
		side = 1
	}
	c.Frames[side]++
	c.Bytes[side] += int64(size)
	c.End = at
	return i
}

// begin is a conversation that begins with frame n.
func (t *talks) begin(n int, at Time, proto layers.Proto, src, dst walk.Endpoint) Conversation {
	c := Conversation{Proto: proto, Stream: -1, A: src.String(), B: dst.String(), Start: at, First: n}
	if kind := slices.Index([]layers.Proto{layers.TCP, layers.UDP}, proto); kind >= 0 {
		c.Stream, c.A, c.B = t.streams[kind], src.Peer(), dst.Peer()
		t.streams[kind]++
	}
	return c
}

// Conversations is how many conversations the log has: of TCP, UDP, IPv4 and
// Ethernet, all that a simulation speaks.
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
