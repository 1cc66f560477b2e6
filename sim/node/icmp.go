package node

import (
	"encoding/binary"
	"syscall"

	"strata/layers"
	"strata/sim/frame"
	"strata/trace"
)

// bucket limits how many ICMP errors a station sends (RFC 1812 section
// 4.3.2.8): a burst, and then one per interval.
type bucket struct {
	spent trace.Time // virtual time at which all that was sent is paid for
}

const (
	icmpInterval = 10 * trace.Millisecond
	icmpBurst    = 50
)

func (b *bucket) take(now trace.Time) bool {
	if b.spent > now+(icmpBurst-1)*icmpInterval {
		return false
	}
	b.spent = max(b.spent, now) + icmpInterval
	return true
}

// maxQuote is how much of a packet an error quotes: as much as fits into a
// packet of 576 bytes (RFC 1812 section 4.3.2.3).
const maxQuote = 576 - layers.IPv4MinSize - layers.ICMPv4Size

// icmpNews is what an ICMP error says: type, code, and the rest of its header.
type icmpNews struct {
	typ, code uint8
	rest      uint32
}

// refuse ends a packet here: first its end, then, because of it, the news.
func (s *Station) refuse(f *frame.Frame, news icmpNews, p layers.Proto, pdu trace.PDUID, why trace.Why, args ...int64) {
	f.Cause = s.Rec.Drop(s.about(trace.Drop, p, pdu, f.Cause, why), args...)
	s.icmpError(f, news)
	s.Pool.Put(f)
}

// icmpError tells the sender of a packet that it could not go on.
func (s *Station) icmpError(f *frame.Frame, news icmpNews) {
	if !s.mayReport(f) {
		return
	}
	why := trace.ICMPUnreachable
	if news.typ == layers.ICMPTimeExceeded {
		why = trace.ICMPExpired
	}
	if !s.icmp.take(s.Rec.Clock.Now()) {
		s.event(trace.Hold, layers.ICMPv4, f.Packet, f.Cause, trace.ICMPQuiet)
		return
	}
	h := f.IP()
	quote := append(append(append([]byte(nil), h...), f.L4()...), f.Payload...)
	// Of a reassembled packet no more than its first fragment: that is the
	// packet whose header is quoted.
	quote = quote[:min(len(quote), h.TotalLen(), maxQuote)]
	src := h.Dst()
	if out, _, ok := s.lookup(h.Src()); ok && (s.forwards || !s.isUnicastMine(src)) {
		src = out.addr
	}
	e := s.makeICMP(news.typ, news.code, news.rest, quote, f.Packet)
	e.Cause = s.event(trace.Encapsulate, layers.ICMPv4, e.Body, f.Cause, why, int64(news.code))
	s.send(e, header{src: src, dst: h.Src(), protocol: layers.ProtocolICMP})
}

// mayReport holds the rules of RFC 1122 section 3.2.2 about what no error may
// be sent for: errors, broadcasts, later fragments, senders that are nobody.
func (s *Station) mayReport(f *frame.Frame) bool {
	h := f.IP()
	src, dst := h.Src(), h.Dst()
	multicast := func(ip uint32) bool { return ip>>28 >= 14 }
	switch {
	case h.FragmentOffset() > 0, s.nat.conceals(h):
		return false
	case f.Eth().Dst()[0]&1 != 0, multicast(dst), multicast(src), src == 0, s.isBroadcast(dst), s.isBroadcast(src):
		return false
	case h.Protocol() == layers.ProtocolICMP && len(f.L4()) >= layers.ICMPv4Size:
		return !layers.ICMPv4Header(f.L4()).IsError()
	}
	return true
}

// makeICMP is a message whose data is a part of the PDU of, from its start.
func (s *Station) makeICMP(typ, code uint8, rest uint32, data []byte, of trace.PDUID) *frame.Frame {
	f := s.Pool.Get()
	f.Payload, f.Sum = data, layers.Sum(data, 0)
	layers.ICMPv4Header(f.SetL4(layers.ICMPv4Size)).Put(typ, code, rest, f.Sum)
	if s.Rec.On() {
		f.Body = s.Rec.Log.Wrap(layers.ICMPv4, f.L4(), of, 0, len(data))
	}
	return f
}

// echo answers an echo request (RFC 1122 section 3.2.2.6). No program is asked:
// the message is delivered to the host's own echo server, which sends the same
// data back.
func (s *Station) echo(f *frame.Frame) {
	var data trace.PDUID
	if s.Rec.On() {
		data = s.Rec.Log.Part(layers.Data, f.Body, layers.ICMPv4Size, len(f.Payload))
	}
	ip, m := f.IP(), layers.ICMPv4Header(f.L4())
	a := s.makeICMP(layers.ICMPEchoReply, 0, m.Rest(), f.Payload, data)
	if s.Rec.On() {
		n := int64(f.BodyLen())
		from, to := ipText(ip.Src()), ipText(ip.Dst())
		e := s.about(trace.Deliver, layers.ICMPv4, f.Body, f.Cause, trace.ICMPAsked)
		e = s.about(trace.Send, layers.ICMPv4, a.Body, s.Rec.Message(e, from, to, n), trace.ICMPEcho)
		a.Cause = s.Rec.Message(e, to, from, n)
	}
	s.send(a, header{src: ip.Dst(), dst: ip.Src(), protocol: layers.ProtocolICMP})
}

// receiveICMP answers echo requests, and tells sockets what concerns them.
func (s *Station) receiveICMP(f *frame.Frame) {
	if len(f.L4()) < layers.ICMPv4Size || !layers.ICMPv4Header(f.L4()).ChecksumOK(f.Sum) {
		s.drop(f, layers.ICMPv4, f.Body, trace.ICMPChecksum)
		return
	}
	m, ip := layers.ICMPv4Header(f.L4()), f.IP()
	f.Cause = s.event(trace.Decapsulate, layers.ICMPv4, f.Body, f.Cause, trace.ICMPDeliver, int64(m.Type()), int64(m.Code()))
	switch {
	case m.Type() == layers.ICMPEcho && s.isUnicastMine(ip.Dst()):
		s.echo(f)
	case m.IsError():
		s.tell(f.Payload, errnoOf(m.Type(), m.Code()), f.Cause)
	}
	if len(s.raw) > 0 {
		message := append(append([]byte(nil), f.L4()...), f.Payload...)
		for _, c := range s.raw {
			c.push(datagram{from: ip.Src(), to: ip.Dst(), data: message, pdu: f.Body, cause: f.Cause})
		}
	}
	s.Pool.Put(f)
}

// errnoOf is the error that RFC 1122 sections 3.2.2.1 and 4.1.3.3 has a program told.
func errnoOf(typ, code uint8) syscall.Errno {
	switch {
	case typ != layers.ICMPDestinationUnreachable:
		return syscall.EHOSTUNREACH
	case code == layers.ICMPPortUnreachable || code == layers.ICMPProtocolUnreachable:
		return syscall.ECONNREFUSED
	case code == layers.ICMPNetUnreachable:
		return syscall.ENETUNREACH
	case code == layers.ICMPFragmentationNeeded:
		return syscall.EMSGSIZE
	}
	return syscall.EHOSTUNREACH
}

// tell gives an error to the connected UDP socket that sent the quoted packet.
// TCP goes on trying: an ICMP message is a hint, not a proof (RFC 5927).
func (s *Station) tell(quote []byte, err syscall.Errno, cause trace.EventID) {
	if len(quote) < layers.IPv4MinSize+layers.UDPSize {
		return
	}
	ip := layers.IPv4Header(quote)
	if ip.HeaderLen()+layers.UDPSize > len(quote) || ip.Protocol() != layers.ProtocolUDP {
		return
	}
	ports := quote[ip.HeaderLen():]
	src, dst := binary.BigEndian.Uint16(ports), binary.BigEndian.Uint16(ports[2:])
	for _, c := range s.udp[src] {
		if c.peerIP == ip.Dst() && c.peerPort == dst {
			c.fail(err, cause)
		}
	}
}

// unreachable reports a packet whose next hop answers no ARP: to its sender,
// or to the program here that sent it (RFC 1122 section 3.3.1.4).
func (s *Station) unreachable(f *frame.Frame) {
	if !s.isUnicastMine(f.IP().Src()) {
		s.icmpError(f, icmpNews{layers.ICMPDestinationUnreachable, layers.ICMPHostUnreachable, 0})
		return
	}
	packet := append(append([]byte(nil), f.IP()...), f.L4()...)
	s.tell(packet, syscall.EHOSTUNREACH, f.Cause)
}
