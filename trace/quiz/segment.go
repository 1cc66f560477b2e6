package quiz

import (
	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// segment is a TCP segment in a frame.
type segment struct {
	n        int // the frame
	f        trace.Frame
	src, dst walk.Endpoint
	seq, ack uint32
	flags    uint8
	size     int // bytes of data
}

// The flags of a segment.
const (
	fin = 1 << iota
	syn
	rst
	_
	ack
)

// ahead is how many frames after one are looked at for what follows from it,
// and behind how many before it for where its connection began.
const (
	ahead  = 512
	behind = 4096
)

// segmentAt reads the segment in frame n. It reports false where there is none,
// or only a piece of one.
func segmentAt(t trace.Trace, n int) (g segment, ok bool) {
	f := t.Frame(n)
	var shape walk.Shape
	b := shapeOf(t, f, &shape)
	if shape.N == 0 || shape.Inner().Proto != layers.TCP || shape.Fragment || shape.More {
		return segment{}, false
	}
	h := shape.Inner()
	if h.At+layers.TCPMinSize > len(b) {
		return segment{}, false
	}
	_, _, size := h.Body()
	tcp := layers.TCPHeader(b[h.At:])
	return segment{n: n, f: f, src: shape.Src, dst: shape.Dst, seq: tcp.Seq(), ack: tcp.Ack(), flags: tcp.Flags(), size: max(size, 0)}, true
}

// numbers is how many sequence numbers the segment takes (RFC 9293 sec. 3.4).
func (g *segment) numbers() uint32 {
	n := uint32(g.size)
	if g.flags&syn != 0 {
		n++
	}
	if g.flags&fin != 0 {
		n++
	}
	return n
}

// answers says whether a segment goes the other way in the same conversation.
func (g *segment) answers(o *segment) bool { return g.src == o.dst && g.dst == o.src }

// after finds the first segment of the conversation after this one that a test
// holds for, as it leaves its host.
func (g *segment) after(t trace.Trace, holds func(*segment) bool) (segment, bool) {
	for n := g.n + 1; n < min(t.Frames(), g.n+1+ahead); n++ {
		if t.Frame(n).Hop > 1 {
			continue
		}
		o, ok := segmentAt(t, n)
		if ok && (o.answers(g) || o.src == g.src && o.dst == g.dst) && holds(&o) {
			return o, true
		}
	}
	return segment{}, false
}

// bases are where the numbers of the segment's own direction and of the other
// one begin; 0: it is not known. A capture's analysis knows; in a simulation
// the handshake is looked for.
func (g *segment) bases(t trace.Trace) (seq, acked uint32) {
	if t.Info().Captured {
		return g.basesTold(t)
	}
	for n := g.n; n >= max(0, g.n-behind) && (seq == 0 || acked == 0); n-- {
		if t.Frame(n).Hop > 1 {
			continue
		}
		switch o, ok := segmentAt(t, n); {
		case !ok || o.flags&syn == 0:
		case o.src == g.src && o.dst == g.dst:
			seq = o.seq
			if o.flags&ack != 0 {
				return seq, o.ack - 1
			}
		case o.answers(g):
			acked = o.seq
			if o.flags&ack != 0 {
				return o.ack - 1, acked
			}
		}
	}
	return seq, acked
}

func (g *segment) basesTold(t trace.Trace) (seq, acked uint32) {
	tree := t.Tree(g.n)
	if tree == nil {
		return 0, 0
	}
	for i := range tree.Parts {
		p := &tree.Parts[i]
		if p.Proto != layers.TCP || p.Quoted {
			continue
		}
		if raw, told := findNode(p.Fields, "tcp.seq_raw"), findNode(p.Fields, "tcp.seq"); raw != nil && told != nil {
			seq = uint32(raw.Uint) - uint32(told.Uint)
		}
		if raw, told := findNode(p.Fields, "tcp.ack_raw"), findNode(p.Fields, "tcp.ack"); raw != nil && told != nil {
			acked = uint32(raw.Uint) - uint32(told.Uint)
		}
	}
	return seq, acked
}

// causedBy says whether an event followed from one of frame n's, by a chain of
// causes.
func causedBy(t trace.Trace, id trace.EventID, n int) bool {
	for depth := 0; id != 0 && depth < 64; depth++ {
		if t.FrameOf(id) == n {
			return true
		}
		id = t.Event(id).Cause
	}
	return false
}
