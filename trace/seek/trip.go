package seek

import (
	"bytes"
	"encoding/binary"
	"time"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// Trip looks for the frame that a frame waits for: of data, the ACK that takes
// all of it; of an ACK, the next data of the side that it went to; of a
// question (ARP, an echo, DNS or another datagram), its answer, and of an
// answer the next question. So one call after the other goes from round trip
// to round trip.
type Trip struct {
	t     trace.Trace
	next  int
	shape walk.Shape
	is    func(s *walk.Shape, data []byte) bool
	found int
}

// NewTrip begins to look after a frame. A frame that waits for nothing has no
// trip: nil.
func NewTrip(t trace.Trace, frame int) *Trip {
	x := &Trip{t: t, next: frame + 1, found: -1}
	t.Scan(frame, frame+1, func(n int, data []byte) bool {
		x.walk(n, data)
		x.is = awaits(&x.shape, data)
		return false
	})
	if x.is == nil {
		return nil
	}
	return x
}

func (x *Trip) walk(n int, data []byte) {
	f := x.t.Frame(n)
	link, fcs, wire := f.LinkType, f.FCS, max(f.WireLen, len(data))
	if !x.t.Info().Captured {
		link, fcs = walk.LinkEthernet, layers.FCSSize
	}
	walk.Walk(&x.shape, data, wire, uint16(link), fcs)
}

// Work looks for about as long as d, and reports whether there is more to look
// at.
func (x *Trip) Work(d time.Duration) bool {
	for begin := time.Now(); time.Since(begin) < d; {
		if x.found >= 0 || x.next >= x.t.Frames() {
			return false
		}
		to := min(x.next+block, x.t.Frames())
		x.t.Scan(x.next, to, func(n int, data []byte) bool {
			x.walk(n, data)
			if x.is(&x.shape, data) {
				x.found = n
			}
			return x.found < 0
		})
		x.next = to
	}
	return x.found < 0 && x.next < x.t.Frames()
}

// Frame is the frame that was found; -1: none, or not yet.
func (x *Trip) Frame() int { return x.found }

// awaits says what a frame waits for; nil: nothing.
func awaits(s *walk.Shape, data []byte) func(*walk.Shape, []byte) bool {
	h := s.Inner()
	at := data[min(h.At, len(data)):]
	src, dst := s.Src, s.Dst
	back := func(o *walk.Shape) bool { return o.Src == dst && o.Dst == src }
	switch {
	case h.Proto == layers.TCP && len(at) >= layers.TCPMinSize:
		return awaitsTCP(h, layers.TCPHeader(at), back)
	case h.Proto == layers.ARP && len(at) >= layers.ARPSize:
		sender, target := string(at[14:18]), string(at[24:28])
		return func(o *walk.Shape, b []byte) bool {
			g := o.Inner()
			if g.Proto != layers.ARP || g.At+layers.ARPSize > len(b) {
				return false
			}
			p := b[g.At:]
			return string(p[14:18]) == target && string(p[24:28]) == sender
		}
	case h.Proto == layers.ICMPv4 && len(at) >= layers.ICMPv4Size && (at[0] == layers.ICMPEcho || at[0] == layers.ICMPEchoReply):
		kind := byte(layers.ICMPEcho)
		if at[0] == layers.ICMPEcho {
			kind = layers.ICMPEchoReply
		}
		ident := bytes.Clone(at[4:6])
		return func(o *walk.Shape, b []byte) bool {
			g := o.Inner()
			return g.Proto == layers.ICMPv4 && g.At+layers.ICMPv4Size <= len(b) && b[g.At] == kind && bytes.Equal(b[g.At+4:g.At+6], ident) && back(o)
		}
	case h.Proto == layers.UDP:
		return func(o *walk.Shape, _ []byte) bool { return o.Inner().Proto == layers.UDP && back(o) }
	}
	return nil
}

// awaitsTCP: segments that take sequence numbers wait to be acknowledged (RFC
// 9293 section 3.4); who has an ACK goes on with data.
func awaitsTCP(h *walk.Header, t layers.TCPHeader, back func(*walk.Shape) bool) func(*walk.Shape, []byte) bool {
	end := t.Seq() + taken(h, t)
	if end == t.Seq() {
		return func(o *walk.Shape, b []byte) bool {
			g := o.Inner()
			return g.Proto == layers.TCP && g.At+layers.TCPMinSize <= len(b) && back(o) && taken(g, layers.TCPHeader(b[g.At:])) > 0
		}
	}
	return func(o *walk.Shape, b []byte) bool {
		g := o.Inner()
		if g.Proto != layers.TCP || g.At+layers.TCPMinSize > len(b) || !back(o) {
			return false
		}
		a := layers.TCPHeader(b[g.At:])
		return a.Flags()&flagACK != 0 && int32(binary.BigEndian.Uint32(a[8:12])-end) >= 0
	}
}

// Flags of TCP (RFC 9293 section 3.1).
const (
	flagFIN, flagSYN, flagACK = 0x01, 0x02, 0x10
)

// taken is how many sequence numbers a segment takes.
func taken(h *walk.Header, t layers.TCPHeader) uint32 {
	_, _, wire := h.Body()
	n := uint32(max(wire, 0))
	if t.Flags()&flagSYN != 0 {
		n++
	}
	if t.Flags()&flagFIN != 0 {
		n++
	}
	return n
}
