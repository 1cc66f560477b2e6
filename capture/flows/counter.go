package flows

import (
	"strata/layers"
	"strata/layers/reassembly"
	"strata/layers/walk"
)

// Counter counts conversations without an index: a Table, and what is needed
// of packets that come in fragments. The zero value is ready.
type Counter struct {
	Table
	parts reassembly.Fragments[start]
}

// start is the beginning of a fragment's payload: enough for ports and
// sequence numbers.
type start struct {
	n uint8
	b [14]byte
}

// Count enters a frame.
func (c *Counter) Count(s *walk.Shape, data []byte, f Frame) {
	c.Add(s, data, f)
	if !s.Fragment {
		return
	}
	from, to, wire := s.Inner().Body()
	if to-from < wire { // cut by the snap length: its packet cannot be whole
		return
	}
	proto := layers.UDP
	switch s.Kind {
	case layers.ProtocolTCP:
		proto = layers.TCP
	case layers.ProtocolUDP:
	default:
		return
	}
	var st start
	st.n = uint8(copy(st.b[:], data[from:to]))
	c.parts.Expire(f.Time)
	key := reassembly.Key{Src: s.Src.Addr, Dst: s.Dst.Addr, ID: s.FragID, Protocol: s.Kind}
	whole, err := c.parts.Add(f.Time, key, s.FragOff, wire, s.More, st)
	if err != nil || len(whole) == 0 {
		return
	}
	first, last := whole[0], whole[len(whole)-1]
	if first.At != 0 || last.At+last.Len < minHeader[proto] || first.From.n < layers.UDPSize {
		return
	}
	c.Whole(s, data, proto, first.From.b[:first.From.n], f)
}

// minHeader is the size of the shortest header of a transport, bytes.
var minHeader = map[layers.Proto]int64{layers.UDP: layers.UDPSize, layers.TCP: layers.TCPMinSize}
