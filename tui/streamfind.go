package tui

import (
	"io"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/scene"
)

// seek looks for something in what the sides shown said, all of it, on from
// the chosen row or back; found gets the offset, -1 when it is nowhere.
func (s *stream) seek(by int, found func(at int64)) *scene.Job {
	s.seeker.Stop()
	k := &seeking{needle: s.needle, side: s.side, here: s.pos, by: by, first: -1, near: -1}
	s.seeker = s.reading(k.reader, func(c chunk) {
		if c.end {
			found(k.hit())
		}
	})
	return s.seeker
}

// seeking is one pass over a stream in search of something. A hit may lie
// across pieces: of each side, as much as that takes is kept.
type seeking struct {
	needle scene.Needle
	side   side
	here   int64
	by     int

	at    int64
	tail  [2][]byte
	first int64 // hit of all
	near  int64 // first hit behind here, or last before it
	last  int64
}

func (k *seeking) reader(c *chunk, emit func() bool) func(trace.Said) bool {
	keep := max(len(k.needle.Text), len(k.needle.Hex)) - 1
	size := 0
	return func(p trace.Said) bool {
		begin := k.at
		k.at += int64(len(p.Data))
		if !k.side.has(p.Back) {
			return true
		}
		who := 0
		if p.Back {
			who = 1
		}
		before := len(k.tail[who])
		all := append(k.tail[who], p.Data...)
		for _, hit := range k.needle.In(all, len(all)) {
			k.take(begin + int64(max(hit[0]-before, 0)))
		}
		k.tail[who] = append(k.tail[who][:0], all[max(len(all)-keep, 0):]...)
		if size += len(p.Data); size > 16*chunkBytes {
			size = 0
			if !emit() {
				return false
			}
		}
		return k.by < 0 || k.near < 0
	}
}

// take takes a hit at an offset.
func (k *seeking) take(at int64) {
	if k.first < 0 {
		k.first = at
	}
	k.last = max(k.last, at)
	if k.by > 0 && at > k.here && k.near < 0 || k.by < 0 && at < k.here {
		k.near = at
	}
}

// hit is the one to go to: the next in the direction, else round the end.
func (k *seeking) hit() int64 {
	switch {
	case k.first < 0:
		return -1
	case k.near >= 0:
		return k.near
	case k.by > 0:
		return k.first
	}
	return k.last
}

// write writes the bytes that the shown sides said.
func (s *stream) write(w io.Writer) (n int64, err error) {
	shown := s.side
	s.follow()(func(p trace.Said) bool {
		if shown.has(p.Back) {
			var k int
			k, err = w.Write(p.Data)
			n += int64(k)
		}
		return err == nil
	})
	return n, err
}

// wanted says how the conversation of a frame is known: by its stream's
// number, or where there is none by its ends.
type wanted struct {
	proto  layers.Proto
	stream int // -1: by ends
	a, b   string
	frame  int
}

// wantedOf looks at a frame; ok is false when nobody says anything in it.
func wantedOf(v *viewer, frame int) (w wanted, ok bool) {
	tree := v.T.Tree(frame)
	if tree == nil {
		return w, false
	}
	for i := range tree.Parts {
		p := &tree.Parts[i]
		if p.Quoted || p.Proto != layers.TCP && p.Proto != layers.UDP {
			continue
		}
		w = wanted{proto: p.Proto, stream: -1, frame: frame}
		if n := scene.NodeNamed(p.Fields, p.Proto.Filter()+".stream"); n != nil {
			w.stream = int(n.Uint)
		}
		ok = true
	}
	g := v.Glance(frame)
	w.a, w.b = g.Src.Peer(), g.Dst.Peer()
	return w, ok
}

func (w *wanted) is(c trace.Conversation) bool {
	switch {
	case c.Proto != w.proto:
		return false
	case w.stream >= 0:
		return c.Stream == w.stream
	}
	return c.First <= w.frame && (c.A == w.a && c.B == w.b || c.A == w.b && c.B == w.a)
}

// find looks for the conversation; found is called on the loop, with -1 when
// there is none.
func (w wanted) find(v *viewer, found func(talk int)) *scene.Job {
	t := v.T.Trace
	i, n, best := 0, t.Conversations(), -1
	return &scene.Job{Of: v.T, Work: func(d time.Duration) func() bool {
		for begin := time.Now(); i < n && time.Since(begin) < d; i++ {
			if w.is(t.Conversation(i)) {
				best = i
				if w.stream >= 0 {
					i = n
				}
			}
		}
		return func() bool {
			if i < n {
				return true
			}
			found(best)
			return false
		}
	}}
}
