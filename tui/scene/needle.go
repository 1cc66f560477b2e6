package scene

import (
	"bytes"
	"encoding/hex"
	"strings"

	"strata/trace"
)

// Needle is what one looks for in frames: text, whatever its case, or bytes
// when it is written in hex.
type Needle struct {
	Text string // in lower case
	Hex  []byte // nil: it is no hex
}

// In gives the places of the needle in bytes, at most most of them.
func (n *Needle) In(b []byte, most int) (places [][2]int) {
	if n.Text == "" {
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
	look(lowered(b), []byte(n.Text))
	if n.Hex != nil {
		look(b, n.Hex)
	}
	return places
}

// frame tells whether a frame has it: in its bytes, in what was put together
// with it, or in its row of the list.
func (n *Needle) frame(t trace.Trace, frame int) bool {
	tree := t.Tree(frame)
	if tree == nil {
		return false
	}
	if n.In(tree.Data, 1) != nil || n.In(tree.Reassembled, 1) != nil {
		return true
	}
	r := RowOf(t, frame, tree)
	for _, s := range [...]string{r.Info, r.Told, r.Src, r.Dst, r.Proto} {
		if strings.Contains(strings.ToLower(s), n.Text) {
			return true
		}
	}
	return false
}

// Among gives the first frame in a direction that passes the filter and has
// the needle; -1: none.
func (n *Needle) Among(t trace.Trace, s *Sieve, from, to, by int) int {
	var frames []int
	if s != nil {
		frames = t.Select(nil, s.By, from, to)
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

// NewNeedle reads what was typed: "de ad be ef", "0xdeadbeef" and
// "de:ad:be:ef" are bytes, too.
func NewNeedle(typed string) Needle {
	n := Needle{Text: strings.ToLower(typed)}
	digits := strings.NewReplacer(" ", "", ":", "", "-", "").Replace(strings.TrimPrefix(n.Text, "0x"))
	if b, err := hex.DecodeString(digits); err == nil && len(b) > 0 {
		n.Hex = b
	}
	return n
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
