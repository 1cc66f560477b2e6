package node

import (
	"strata/layers"
	"strata/layers/reassembly"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/trace"
)

// fragment cuts a packet that is too long for the link (RFC 791 section 3.2):
// every piece but the last carries a multiple of 8 bytes.
func (s *Station) fragment(f *frame.Frame, out *port, next uint32) {
	h, mtu := f.IP(), out.wire.MTU()
	body := append(append(make([]byte, 0, f.BodyLen()), f.L4()...), f.Payload...)
	most := (mtu - layers.IPv4MinSize) &^ 7
	for off := 0; off < len(body); off += most {
		end := min(off+most, len(body))
		p := s.Pool.Get()
		p.Payload = body[off:end]
		p.Body, p.BodyOff = f.Body, f.BodyOff+int64(off)
		p.IP().Put(&layers.IPv4Fields{
			TotalLen: layers.IPv4MinSize + end - off, ID: h.ID(), TTL: h.TTL(), Protocol: h.Protocol(), Src: h.Src(), Dst: h.Dst(),
			FragmentOffset: h.FragmentOffset() + off, MF: h.MF() || end < len(body),
		})
		p.Eth().Put([6]byte{}, [6]byte{}, layers.EtherTypeIPv4)
		s.Rec.Wrap(p)
		first := h.FragmentOffset() + off
		p.Cause = s.event(trace.Fragment, layers.IPv4, p.Packet, f.Cause, trace.IPFragment,
			int64(f.PacketLen()), int64(mtu), int64(first), int64(first+end-off-1))
		s.emit(p, out, next)
	}
	s.Pool.Put(f)
}

// fragments are packets whose pieces have not all come.
type fragments struct {
	s     *Station
	set   reassembly.Fragments[*frame.Frame]
	timer *engine.Timer // of the oldest
}

func (g *fragments) init(s *Station) {
	g.s = s
	g.set.Gave = g.gave
	g.timer = s.Rec.Clock.NewTimer(func() {
		g.set.Expire(int64(s.Rec.Clock.Now()))
		g.watch()
	})
}

// watch sets the timer for the oldest packet.
func (g *fragments) watch() {
	if at, ok := g.set.Deadline(); ok {
		g.timer.Set(trace.Time(at))
	} else {
		g.timer.Stop()
	}
}

// add keeps a fragment. When it was the last one missing, the result is the
// whole packet.
func (g *fragments) add(f *frame.Frame) *frame.Frame {
	s, h := g.s, f.IP()
	key := reassembly.Key{ID: uint32(h.ID()), Protocol: h.Protocol()}
	copy(key.Src[:], h[12:16])
	copy(key.Dst[:], h[16:20])
	off, n := h.FragmentOffset(), f.BodyLen()
	pieces, err := g.set.Add(int64(s.Rec.Clock.Now()), key, off, n, h.MF(), f)
	g.watch()
	switch {
	case err != nil:
		s.drop(f, layers.IPv4, f.Packet, trace.IPBadFragment)
		return nil
	case pieces == nil:
		s.event(trace.Hold, layers.IPv4, f.Packet, f.Cause, trace.IPPiece, int64(off), int64(off+n-1))
		return nil
	}
	return g.join(key.Protocol, pieces, f)
}

// join makes one packet of all pieces, of which last came last.
func (g *fragments) join(protocol uint8, pieces []reassembly.Piece[*frame.Frame], last *frame.Frame) *frame.Frame {
	s := g.s
	var body []byte
	var spans []trace.Span
	for _, p := range pieces {
		body = append(body, p.From.Payload[p.Off:p.Off+p.Len]...)
		spans = append(spans, trace.Span{Of: p.From.Packet, Off: layers.IPv4MinSize + p.Off, Len: p.Len})
	}
	f := s.Pool.Copy(pieces[0].From)
	n := min(headerLen(protocol, body), len(body))
	copy(f.SetL4(n), body)
	f.Payload, f.Sum, f.BodyOff = body[n:], layers.Sum(body[n:], 0), 0
	if s.Rec.On() {
		f.Body = s.Rec.Log.Join(protocolOf(protocol), nil, spans...)
		f.Cause = s.event(trace.Reassemble, layers.IPv4, f.Body, last.Cause, trace.IPWhole, int64(len(body)))
	}
	return f
}

// headerLen is how much of an IP payload is a transport or ICMP header.
func headerLen(protocol uint8, b []byte) int {
	switch {
	case protocol == layers.ProtocolTCP && len(b) >= layers.TCPMinSize:
		return max(layers.TCPMinSize, layers.TCPHeader(b).HeaderLen())
	case protocol == layers.ProtocolUDP:
		return layers.UDPSize
	}
	return layers.ICMPv4Size
}

func protocolOf(p uint8) layers.Proto {
	switch p {
	case layers.ProtocolTCP:
		return layers.TCP
	case layers.ProtocolUDP:
		return layers.UDP
	case layers.ProtocolICMP:
		return layers.ICMPv4
	}
	return layers.Data
}

// gave hears of a packet whose pieces did not all come. Its sender is told
// only if the first piece is here: an error must quote it (RFC 1122 section
// 3.3.2).
func (g *fragments) gave(x reassembly.Abandoned[*frame.Frame]) {
	s := g.s
	for _, p := range x.Handles {
		if x.Reason == reassembly.Crowded {
			s.drop(p, layers.IPv4, p.Packet, trace.IPNoMemory)
			continue
		}
		p.Cause = s.Rec.Drop(s.about(trace.Drop, layers.IPv4, p.Packet, p.Cause, trace.IPTimeout), reassembly.DefaultTimeout)
		if x.HasFirst && p == x.First {
			n := min(headerLen(x.Key.Protocol, p.Payload), len(p.Payload))
			copy(p.SetL4(n), p.Payload)
			p.Payload = p.Payload[n:]
			s.icmpError(p, icmpNews{layers.ICMPTimeExceeded, layers.ICMPReassemblyExceeded, 0})
		}
		s.Pool.Put(p)
	}
}
