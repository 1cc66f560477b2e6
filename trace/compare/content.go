package compare

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// shownBytes is how many bytes are shown from where two contents differ, and
// shownBefore of these before it.
const shownBytes, shownBefore = 20, 6

// contentWords say where what a row's frames carry begins to differ, where no field tells it:
// `byte 91 "12:03:41 GMT" / "12:04:10 GMT"`. Empty: nowhere.
func (c *Comparison) contentWords(row int) string {
	a, b := c.carried(A, row), c.carried(B, row)
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n == len(a) && n == len(b) {
		return ""
	}
	from := max(n-shownBefore, 0)
	return fmt.Sprintf("byte %d %s / %s", n, preview(a, from), preview(b, from))
}

// carried are the bytes behind the headers of a row's frame, as it was seen.
func (c *Comparison) carried(s Side, row int) []byte {
	x := c.sides[s]
	seen := c.Row(row).Seen[s]
	f := x.t.Frame(seen.Frame)
	var data []byte
	if x.ends != nil {
		id := x.t.Event(seen.Event).PDU
		data = x.t.Append(nil, id, 0, x.t.Size(id))
	} else {
		x.t.Scan(seen.Frame, seen.Frame+1, func(_ int, b []byte) bool { data = slices.Clone(b); return false })
	}
	link, fcs, wire := x.wire(&f, data)
	var h walk.Shape
	walk.Walk(&h, data, wire, link, fcs)
	from, to, _ := h.Inner().Body()
	return data[from:max(from, to)]
}

// wire is how a frame is to be read: its link type, its FCS, its length on the
// wire.
func (s *side) wire(f *trace.Frame, data []byte) (link uint16, fcs, wire int) {
	if s.captured {
		return uint16(f.LinkType), f.FCS, max(f.WireLen, len(data))
	}
	return walk.LinkEthernet, layers.FCSSize, len(data)
}

// preview shows bytes from an offset on: as text if they are, else in hex.
func preview(b []byte, from int) string {
	if from >= len(b) {
		return "none"
	}
	b = b[from:]
	more := ""
	if len(b) > shownBytes {
		b, more = b[:shownBytes], "~"
	}
	for _, x := range b {
		if (x < ' ' || x > '~') && x != '\r' && x != '\n' && x != '\t' {
			return fmt.Sprintf("%x%s", b, more)
		}
	}
	return fmt.Sprintf("%q%s", b, more)
}
