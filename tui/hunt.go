package tui

import (
	"bytes"
	"encoding/hex"
	"strings"
	"time"

	"strata/trace"
)

// needle is what one looks for in frames: text, whatever its case, or bytes
// when it is written in hex.
type needle struct {
	text string // in lower case
	hex  []byte // nil: it is no hex
}

// newNeedle reads what was typed: "de ad be ef", "0xdeadbeef" and
// "de:ad:be:ef" are bytes, too.
func newNeedle(typed string) needle {
	n := needle{text: strings.ToLower(typed)}
	digits := strings.NewReplacer(" ", "", ":", "", "-", "").Replace(strings.TrimPrefix(n.text, "0x"))
	if b, err := hex.DecodeString(digits); err == nil && len(b) > 0 {
		n.hex = b
	}
	return n
}

// in gives the places of the needle in bytes, at most most of them.
func (n *needle) in(b []byte, most int) (places [][2]int) {
	if n.text == "" {
		return nil
	}
	look := func(b, what []byte) {
		for from := 0; len(places) < most; {
			i := bytes.Index(b[from:], what)
			if i < 0 {
				return
			}
			places = append(places, [2]int{from + i, from + i + len(what)})
			from += i + len(what)
		}
	}
	look(lowered(b), []byte(n.text))
	if n.hex != nil {
		look(b, n.hex)
	}
	return places
}

// lowered is a copy with the letters of ASCII in lower case; the places stay.
func lowered(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		out[i] = c
	}
	return out
}

// frame tells whether a frame has it: in its bytes, in what was put together
// with it, or in its row of the list.
func (n *needle) frame(t trace.Trace, frame int) bool {
	tree := t.Tree(frame)
	if tree == nil {
		return false
	}
	if n.in(tree.Data, 1) != nil || n.in(tree.Reassembled, 1) != nil {
		return true
	}
	r := rowOf(t, frame, tree)
	for _, s := range [...]string{r.info, r.told, r.src, r.dst, r.proto} {
		if strings.Contains(strings.ToLower(s), n.text) {
			return true
		}
	}
	return false
}

// hunt looks for something in the frames that the list shows.
type hunt struct {
	needle needle
	typed  string
	job    *job
	seen   int // frames that were passed
}

const huntChunk = 64 // frames that are filtered at once

// begin looks on from a frame, that one not included, forward (by 1) or back,
// round the whole trace; found is called on the loop, with -1 when it is
// nowhere.
func (h *hunt) begin(v *viewer, by int, found func(frame int)) *job {
	h.job.stop()
	t, sieve, needle := v.t.Trace, v.sieve, h.needle
	n := v.t.Frames()
	at, left := v.cursor.frame, n
	h.seen = 0
	h.job = &job{viewer: v, work: func(d time.Duration) func() bool {
		hit := -1
		for begin := time.Now(); left > 0 && hit < 0 && time.Since(begin) < d; {
			var from, to int
			if by > 0 {
				from = (at + 1) % n
				to = min(from+min(huntChunk, left), n)
				at = to - 1
			} else {
				to = (at+n-1)%n + 1
				from = max(to-min(huntChunk, left), 0)
				at = from
			}
			left -= to - from
			hit = needle.among(t, sieve, from, to, by)
		}
		return func() bool {
			h.seen = n - left
			switch {
			case hit >= 0:
				found(hit)
			case left == 0:
				found(-1)
			default:
				return true
			}
			return false
		}
	}}
	return h.job
}

// among gives the first frame in a direction that passes the filter and has
// the needle; -1: none.
func (n *needle) among(t trace.Trace, s *sieve, from, to, by int) int {
	var frames []int
	if s != nil {
		frames = t.Select(nil, s.by, from, to)
	} else {
		for i := from; i < to; i++ {
			frames = append(frames, i)
		}
	}
	for i := range frames {
		if by < 0 {
			i = len(frames) - 1 - i
		}
		if n.frame(t, frames[i]) {
			return frames[i]
		}
	}
	return -1
}
