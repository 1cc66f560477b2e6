package flows

import (
	"bytes"

	"strata/layers/reassembly"
	"strata/layers/walk"
)

// Counter counts conversations without an index: a Table, and the packets that
// come in fragments. The zero value is ready.
type Counter struct {
	Table
	parts reassembly.Fragments[[]byte]
	whole walk.Shape
}

// Count enters a frame.
func (c *Counter) Count(s *walk.Shape, data []byte, f Frame) {
	c.Add(s, data, f)
	if !s.Fragment || s.Cut {
		return
	}
	from, to, wire := s.Inner().Body()
	c.parts.Expire(f.Time)
	key := reassembly.Key{Src: s.Src.Addr, Dst: s.Dst.Addr, ID: s.FragID, Protocol: s.Kind}
	pieces, err := c.parts.Add(f.Time, key, s.FragOff, wire, s.More, bytes.Clone(data[from:to]))
	if err != nil || len(pieces) == 0 {
		return
	}
	var payload []byte
	for _, p := range pieces {
		payload = append(payload, p.From[p.Off:p.Off+p.Len]...)
	}
	c.AddWhole(&c.whole, s.WalkWhole(&c.whole, data, payload), f)
}
