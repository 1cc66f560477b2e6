package node

import (
	"slices"

	"strata/layers"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/trace"
)

// fragment cuts a packet that is too long for the link (RFC 791 section 3.2):
// every piece but the last carries a multiple of 8 bytes.
func (s *Station) fragment(f *frame.Frame, out *port, next uint32) {
	h, mtu := f.IP(), out.wire.MTU()
	if h.DF() {
		s.drop(f, layers.IPv4, f.Packet, trace.IPDontFrag, int64(f.PacketLen()), int64(mtu))
		return
	}
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
	s      *Station
	groups map[fragmentKey]*fragmentGroup
	bytes  int
}

// fragmentKey says which fragments belong together (RFC 791 section 2.3).
type fragmentKey struct {
	src, dst uint32
	id       uint16
	protocol uint8
}

type fragmentGroup struct {
	key    fragmentKey
	pieces []*frame.Frame // by offset
	total  int            // of the payload; 0: not known
	have   int
	timer  *engine.Timer
}

const (
	fragmentTimeout = 60 * trace.Second // RFC 1122 section 3.3.2: 60 to 120 s
	fragmentMemory  = 4 << 20           // bytes of all unfinished packets
)

func (g *fragments) init(s *Station) { g.s, g.groups = s, map[fragmentKey]*fragmentGroup{} }

// add keeps a fragment. When it was the last one missing, the result is the
// whole packet.
func (g *fragments) add(f *frame.Frame) *frame.Frame {
	s, h := g.s, f.IP()
	key := fragmentKey{h.Src(), h.Dst(), h.ID(), h.Protocol()}
	x := g.groups[key]
	if g.bytes+f.BodyLen() > fragmentMemory {
		s.drop(f, layers.IPv4, f.Packet, trace.IPNoMemory)
		return nil
	}
	if x == nil {
		x = &fragmentGroup{key: key}
		x.timer = s.Rec.Clock.NewTimer(func() { g.expire(x) })
		x.timer.Set(s.Rec.Clock.Now() + fragmentTimeout)
		g.groups[key] = x
	}
	if !x.insert(f) {
		s.drop(f, layers.IPv4, f.Packet, trace.IPOverlap)
		return nil
	}
	g.bytes += f.BodyLen()
	if !x.whole() {
		s.event(trace.Hold, layers.IPv4, f.Packet, f.Cause, trace.IPPiece, int64(x.have))
		return nil
	}
	g.forget(x)
	return g.join(x, f.Cause)
}

// insert keeps a fragment in its place; false when it overlaps another one or
// does not fit.
func (x *fragmentGroup) insert(f *frame.Frame) bool {
	h := f.IP()
	off, end := h.FragmentOffset(), h.FragmentOffset()+f.BodyLen()
	at, _ := slices.BinarySearchFunc(x.pieces, off, func(p *frame.Frame, off int) int { return p.IP().FragmentOffset() - off })
	if at > 0 && endOf(x.pieces[at-1]) > off || at < len(x.pieces) && x.pieces[at].IP().FragmentOffset() < end ||
		x.total > 0 && end > x.total || end > 65535-layers.IPv4MinSize {
		return false
	}
	if !h.MF() {
		x.total = end
	}
	x.pieces = slices.Insert(x.pieces, at, f)
	x.have += f.BodyLen()
	return true
}

func endOf(f *frame.Frame) int { return f.IP().FragmentOffset() + f.BodyLen() }

func (x *fragmentGroup) whole() bool { return x.total > 0 && x.have == x.total }

func (g *fragments) forget(x *fragmentGroup) {
	x.timer.Stop()
	g.bytes -= x.have
	delete(g.groups, x.key)
}

// join makes one packet of all pieces.
func (g *fragments) join(x *fragmentGroup, cause trace.EventID) *frame.Frame {
	s := g.s
	body := make([]byte, 0, x.total)
	f := s.Pool.Copy(x.pieces[0])
	var spans []trace.Span
	for _, p := range x.pieces {
		body = append(body, p.Payload...)
		spans = append(spans, trace.Span{Of: p.Packet, Off: layers.IPv4MinSize, Len: int64(p.BodyLen())})
	}
	n := min(headerLen(x.key.protocol, body), len(body))
	copy(f.SetL4(n), body)
	f.Payload, f.Sum, f.BodyOff = body[n:], layers.Sum(body[n:], 0), 0
	if s.Rec.On() {
		f.Body = s.Rec.Log.Join(protocolOf(x.key.protocol), nil, spans...)
		f.Cause = s.event(trace.Reassemble, layers.IPv4, f.Body, cause, trace.IPWhole, int64(x.total))
	}
	for _, p := range x.pieces {
		s.Pool.Put(p)
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

// expire gives up a packet whose pieces did not all come. Its sender is told
// only if the first piece is here: an error must quote it (RFC 1122 section
// 3.3.2).
func (g *fragments) expire(x *fragmentGroup) {
	s := g.s
	g.forget(x)
	first := x.pieces[0]
	if first.IP().FragmentOffset() == 0 {
		n := min(headerLen(x.key.protocol, first.Payload), len(first.Payload))
		copy(first.SetL4(n), first.Payload)
		first.Payload = first.Payload[n:]
		s.icmpError(first, layers.ICMPTimeExceeded, layers.ICMPReassemblyExceeded, 0)
	}
	for _, p := range x.pieces {
		s.drop(p, layers.IPv4, p.Packet, trace.IPTimeout, int64(fragmentTimeout))
	}
}
