package streams

import (
	"math"
	"slices"
	"sort"

	"strata/layers"
)

// Line is what is known of one direction of a connection: what a Sink took.
type Line interface {
	Messages() int
	Message(i int) Message
	// Turns are few.
	Turns() []Turn
	// Openings are in the order of their ends.
	Openings() int
	Opening(i int) Opening
	// Opened appends what an opening holds.
	Opened(dst []byte, o Opening) []byte
	// Read appends the bytes [from, to) of the stream.
	Read(dst []byte, from, to int64) []byte
	// Inside is the stream inside; nil: nothing is known of one.
	Inside() Line
}

// MaxReassembled bounds a message that is put together for a dissection, in
// bytes; a larger one shows as data.
const MaxReassembled = 16 << 20

// Part is what a stream tells of a stretch of it, as layers.Options and
// layers.Seen take it.
type Part struct {
	Above       layers.Above
	Opened      []layers.Opened
	Reassembled []byte
	Taken, Kept int
	Begun       [][]byte // of a TLS handshake message, by the records before
	// Of Alone: how many bytes at the start belong to a message that began in
	// an earlier frame, and which.
	Passed int
	Since  uint32
}

// Alone is the part of [at, end) for one who puts nothing together. As
// Wireshark does it, who reads a message's length knows where the next one
// begins in a later segment.
func Alone(l Line, at, end int64) (p Part) {
	if i := firstEndingAfter(l, at); i < l.Messages() {
		m := l.Message(i)
		if (m.Proto == layers.WebSocket || m.Proto == layers.MQTT) && m.Start < at && (m.Last == NotYet || m.End > at) {
			p.Since, p.Passed = m.First, int(end-at)
			if m.Last != NotYet {
				p.Passed = int(min(m.End, end) - at)
			}
		}
	}
	p.Above, p.Begun = aboveAt(l, at+int64(p.Passed)), begunAt(l, at)
	p.Opened = opened(l, at+int64(p.Passed), at, end, true)
	return p
}

// Segment is the part that a frame's segment [at, end) has in a stream. As
// Wireshark does it, a message whose length was known before takes as many
// bytes as it needs, and the rest is read in the frame; one whose end is found
// by reading on takes the segment, and what is whole after it is shown with it.
func Segment(l Line, at, end int64, frame uint32) (p Part) {
	whole, more := at, at
	if ended := EndedIn(l, frame); len(ended) > 0 {
		m := ended[0]
		more = ended[len(ended)-1].End
		if m.First != frame && (at == end || m.Start < at) {
			to, taken := m.End, m.End-at
			if !m.Sized {
				to, taken = more, end-at
			}
			if to-m.Start > MaxReassembled {
				p.Kept = math.MaxInt
				return p
			}
			p.Reassembled = l.Read(nil, m.Start, to)
			p.Taken = int(min(max(taken, 0), end-at))
			whole = m.Start
		}
	}
	p.Above, p.Begun = aboveAt(l, whole), begunAt(l, whole)
	p.Opened = opened(l, whole, at, max(end, more), false)
	p.Kept = int(end - max(at+int64(p.Taken), keptFrom(l, at, end, frame)))
	return p
}

// Shared says whether a stretch [at, end) has bytes of a message that more than
// one frame brought, and whether it begins with one and brings no more than that.
func Shared(l Line, at, end int64) (begins, shares bool) {
	for i := firstEndingAfter(l, at); i < l.Messages(); i++ {
		m := l.Message(i)
		if m.Start >= end {
			break
		}
		if m.First != m.Last {
			begins = begins || m.Start == at && end <= m.End
			shares = true
		}
	}
	return begins, shares
}

// record is the part that a record's data [at, end) have in the stream inside.
func record(l Line, at, end int64) (p Part) {
	from, kept := at, end
	for i := firstEndingAfter(l, at); i < l.Messages(); i++ {
		m := l.Message(i)
		if m.Start >= end {
			break
		}
		switch over := m.Last != NotYet && !m.Lost && m.End <= end; {
		case !over:
			kept = max(at, m.Start)
		case m.Start < at && m.End-m.Start <= MaxReassembled:
			from = m.Start
			p.Reassembled = l.Read(nil, m.Start, m.End)
			p.Taken = int(m.End - at)
		}
	}
	p.Above = aboveAt(l, from)
	p.Opened = opened(l, from, at, end, false)
	p.Kept = int(end - max(at+int64(p.Taken), kept))
	return p
}

// firstEndingAfter is the first message that ends behind off, or has no end.
func firstEndingAfter(l Line, off int64) int {
	return sort.Search(l.Messages(), func(i int) bool { m := l.Message(i); return m.End > off || m.Last == NotYet })
}

// begunAt is what the records before an offset have brought of the handshake
// message that goes on there.
func begunAt(l Line, off int64) [][]byte {
	for _, t := range l.Turns() {
		if t.Off == off {
			return t.Begun
		}
	}
	return nil
}

// aboveAt is what a stream carries at an offset.
func aboveAt(l Line, off int64) (a layers.Above) {
	for _, t := range l.Turns() {
		if t.Off > off {
			break
		}
		a = t.Above
	}
	return a
}

// maxOpenings bounds what is opened for one frame.
const maxOpenings = 256

// opened is what the units hold that begin at from or later, and end in
// (at, end]. With alone set, nothing inside is put together.
func opened(l Line, from, at, end int64, alone bool) (list []layers.Opened) {
	n := l.Openings()
	first := sort.Search(n, func(i int) bool { return l.Opening(i).End > at })
	for i := first; i < n && len(list) < maxOpenings; i++ {
		o := l.Opening(i)
		if o.End > end {
			break
		}
		if o.Plain && !o.Carries || o.End-int64(o.Size) < from {
			continue
		}
		one := layers.Opened{Proto: o.Proto, Type: o.Type}
		if o.Len >= 0 {
			one.Data = l.Opened(make([]byte, 0, o.Len), o)
		}
		if in := l.Inside(); in != nil && o.Carries {
			var p Part
			if to := o.Off + int64(o.Len); alone {
				if p = Alone(in, o.Off, to); o.Proto == layers.WebSocket {
					p.Taken = p.Passed
				}
			} else {
				p = record(in, o.Off, to)
			}
			one.Above, one.Opened, one.Reassembled, one.Taken, one.Kept = p.Above, p.Opened, p.Reassembled, p.Taken, p.Kept
		}
		list = append(list, one)
	}
	return list
}

// keptFrom is where in a segment the bytes begin that belong to a message
// which a later frame completes; the segment's end if there are none.
func keptFrom(l Line, at, end int64, frame uint32) int64 {
	for i := l.Messages() - 1; i >= 0; i-- {
		m := l.Message(i)
		if m.First <= frame && m.Start < end {
			// The last part of one that is not whole is still only a part.
			if at < m.End && (m.Last > frame || m.Last == frame && m.Lost) {
				return max(at, m.Start)
			}
			break
		}
	}
	return end
}

// StartedIn are the messages that were seen to begin in a frame.
func StartedIn(l Line, frame uint32) []Message {
	return within(l, frame, func(m Message) uint32 { return m.First })
}

// EndedIn are the messages that a frame completed.
func EndedIn(l Line, frame uint32) []Message {
	found := within(l, frame, func(m Message) uint32 { return m.Last })
	return slices.DeleteFunc(found, func(m Message) bool { return m.Lost })
}

// within finds the messages whose frame, by which they are in order, is frame.
func within(l Line, frame uint32, of func(Message) uint32) (found []Message) {
	n := l.Messages()
	for i := sort.Search(n, func(i int) bool { return of(l.Message(i)) >= frame }); i < n; i++ {
		m := l.Message(i)
		if of(m) != frame {
			break
		}
		found = append(found, m)
	}
	return found
}

// ReadInside appends the bytes [from, to) of the stream inside a line.
func ReadInside(dst []byte, l Line, from, to int64) []byte {
	n := l.Openings()
	// Records without data end where they begin.
	for i := sort.Search(n, func(i int) bool { o := l.Opening(i); return o.Off+dataLen(o) > from }); i < n && from < to; i++ {
		o := l.Opening(i)
		size := dataLen(o)
		if size == 0 {
			continue
		}
		b := l.Opened(nil, o)
		b = b[min(int64(len(b)), from-o.Off):min(int64(len(b)), to-o.Off)]
		dst = append(dst, b...)
		from += int64(len(b))
		if len(b) == 0 {
			break
		}
	}
	return dst
}

// dataLen is how many bytes a unit adds to the stream inside.
func dataLen(o Opening) int64 {
	if !o.Carries {
		return 0
	}
	return int64(o.Len)
}

// Inside gives the openings with data of both sides (nil: it has none) in the
// order of their frames, until each returns false.
func Inside(lines [2]Line, each func(side int, o Opening) bool) {
	next := [2]int{}
	for {
		side, at, ok := NextInside(lines, &next)
		if !ok || !each(side, at) {
			return
		}
	}
}

// NextInside is the first opening with data of both sides (nil: it has none)
// from next on, which then points behind it.
func NextInside(lines [2]Line, next *[2]int) (side int, at Opening, ok bool) {
	for i, l := range lines {
		if l == nil {
			continue
		}
		for next[i] < l.Openings() && !l.Opening(next[i]).Data() {
			next[i]++
		}
		if next[i] < l.Openings() {
			if o := l.Opening(next[i]); !ok || o.Frame < at.Frame {
				side, at, ok = i, o, true
			}
		}
	}
	if ok {
		next[side]++
	}
	return side, at, ok
}
