package stream

import (
	"io"

	"strata/trace"
	"strata/tui/scene"
)

// seek looks for something in what the sides shown said, all of it, on from
// the chosen row or back; found gets the offset, -1 when it is nowhere.
func (s *Pane) seek(by int, found func(at int64)) *scene.Job {
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
	side   scene.Side
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
		if !k.side.Has(p.Back) {
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

// Write writes the bytes that the shown sides said.
func (s *Pane) Write(w io.Writer) (n int64, err error) {
	shown := s.side
	s.follow()(func(p trace.Said) bool {
		if shown.Has(p.Back) {
			var k int
			k, err = w.Write(p.Data)
			n += int64(k)
		}
		return err == nil
	})
	return n, err
}
