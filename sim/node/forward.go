package node

import (
	"strata/layers"
	"strata/sim/frame"
	"strata/trace"
)

// forward sends a packet on its way that is for somebody else (RFC 1812
// section 5.2): one hop less to live, a new header checksum, a new frame. What
// is for dst may need to be translated for it first, by back.
func (s *Station) forward(in *port, f *frame.Frame, dst uint32, back func()) {
	h := f.IP()
	if h.TTL() <= 1 {
		s.refuse(f, icmpNews{layers.ICMPTimeExceeded, layers.ICMPTTLExceeded, 0}, layers.IPv4, f.Packet, trace.IPExpired)
		return
	}
	r, ok := s.routes.find(dst)
	if !ok {
		s.refuse(f, icmpNews{layers.ICMPDestinationUnreachable, layers.ICMPNetUnreachable, 0}, layers.IPv4, f.Packet, trace.IPNoRoute, int64(dst))
		return
	}
	out, next := s.ports[r.port], dst
	if r.via != 0 {
		next = r.via
	}
	if mtu := out.wire.MTU(); f.PacketLen() > mtu && h.DF() {
		news := icmpNews{layers.ICMPDestinationUnreachable, layers.ICMPFragmentationNeeded, uint32(mtu)}
		s.refuse(f, news, layers.IPv4, f.Packet, trace.IPDontFrag, int64(f.PacketLen()), int64(mtu))
		return
	}
	if back != nil {
		back()
	} else if s.nat.leaves(in, out) && !s.nat.outbound(f, out) {
		return
	}
	damaged := s.damage(f)
	h.DecrementTTL()
	s.Rec.Wrap(f)
	if s.Rec.On() {
		if damaged {
			f.Cause = s.event(trace.Corrupt, layers.IPv4, f.Packet, f.Cause, trace.IPDamaged)
		}
		e := s.about(trace.Forward, layers.IPv4, f.Packet, f.Cause, trace.IPForward)
		e.End = out.end()
		f.Cause = s.Rec.Event(e, int64(h.Dst()), int64(r.net), int64(r.bits), int64(next), int64(h.TTL())+1, int64(h.TTL()))
	}
	s.emit(f, out, next)
}

// damage flips the last bit of the packet's payload, when the scenario says
// that this router does so to this packet.
func (s *Station) damage(f *frame.Frame) bool {
	struck := false
	for i := range s.damages {
		struck = s.damages[i].Matches(f, s.Rec.Clock.Now()) || struck
	}
	if !struck || f.BodyLen() == 0 {
		return false
	}
	if n := len(f.Payload); n > 0 {
		f.Payload = append([]byte(nil), f.Payload...)
		f.Payload[n-1] ^= 1
		f.Sum = layers.Sum(f.Payload, 0)
	} else {
		f.L4()[len(f.L4())-1] ^= 1
	}
	if s.Rec.On() {
		f.Body = s.Rec.Log.Flip(f.Body, int(f.BodyOff)+f.BodyLen()-1, 1)
	}
	return true
}
