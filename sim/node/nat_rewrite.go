package node

import (
	"encoding/binary"

	"strata/layers"
	"strata/sim/frame"
	"strata/trace"
)

// outbound translates a packet that leaves the inside, by an interface with
// the shared address; false: it ends here.
func (n *nat) outbound(f *frame.Frame, out *port) bool {
	h, l4 := f.IP(), f.L4()
	end := natEnd{h.Protocol(), h.Src(), 0}
	peer, flags := uint16(0), uint8(0)
	switch {
	case h.Protocol() == layers.ProtocolTCP && len(l4) >= layers.TCPMinSize:
		t := layers.TCPHeader(l4)
		end.port, peer, flags = t.SrcPort(), t.DstPort(), t.Flags()
	case h.Protocol() == layers.ProtocolUDP && len(l4) >= layers.UDPSize:
		u := layers.UDPHeader(l4)
		end.port, peer = u.SrcPort(), u.DstPort()
	case h.Protocol() == layers.ProtocolICMP && len(l4) >= layers.ICMPv4Size:
		m := layers.ICMPv4Header(l4)
		if m.IsError() {
			return n.outboundError(f, out)
		}
		if m.Type() != layers.ICMPEcho {
			n.drop(f, trace.NATOther)
			return false
		}
		end.port = m.ID()
	default:
		n.drop(f, trace.NATOther)
		return false
	}
	m := n.lend(end, out.addr, f.Cause)
	if m == nil {
		n.drop(f, trace.NATFull, n.s.Rec.Text(portText(end.ip, end.port)))
		return false
	}
	n.sent(m, h.Dst(), peer, flags, f.Cause)
	n.put(f, sourceAddr, sourcePort, m.outside, trace.NATOut, m)
	return true
}

// inbound finds for whom a packet to the shared address is; back translates it.
// Without back the packet is for the router itself; without to it has ended.
func (n *nat) inbound(f *frame.Frame) (to *natEnd, back func()) {
	h, l4 := f.IP(), f.L4()
	end := natEnd{h.Protocol(), h.Dst(), 0}
	peer, flags := uint16(0), uint8(0)
	switch {
	case h.Protocol() == layers.ProtocolTCP && len(l4) >= layers.TCPMinSize:
		t := layers.TCPHeader(l4)
		end.port, peer, flags = t.DstPort(), t.SrcPort(), t.Flags()
	case h.Protocol() == layers.ProtocolUDP && len(l4) >= layers.UDPSize:
		u := layers.UDPHeader(l4)
		end.port, peer = u.DstPort(), u.SrcPort()
	case h.Protocol() == layers.ProtocolICMP && len(l4) >= layers.ICMPv4Size:
		m := layers.ICMPv4Header(l4)
		if m.IsError() {
			return n.inboundError(f)
		}
		if m.Type() != layers.ICMPEchoReply {
			return &end, nil
		}
		end.port = m.ID()
	default:
		return &end, nil
	}
	m := n.known(n.in[end], f.Cause)
	if m == nil {
		if end.protocol == layers.ProtocolICMP {
			return &end, nil
		}
		n.drop(f, trace.NATUnknown, n.s.Rec.Text(portText(end.ip, end.port)))
		return nil, nil
	}
	x := m.session(h.Src(), peer)
	if x == nil {
		n.drop(f, trace.NATFiltered, n.s.Rec.Text(m.own), int64(h.Src()))
		return nil, nil
	}
	return &m.inside, func() {
		n.refresh(m, x, 1, flags, f.Cause)
		n.put(f, destinationAddr, destinationPort, m.inside, trace.NATIn, m)
	}
}

// Where the two ends lie in the headers of IP, TCP and UDP.
const (
	sourceAddr, destinationAddr = 12, 16
	sourcePort, destinationPort = 0, 2
	ipChecksum                  = 10
	icmpChecksum, icmpID        = 2, 4
)

// checksumAt is where a transport's checksum lies in its header.
func checksumAt(protocol uint8) int {
	switch protocol {
	case layers.ProtocolTCP:
		return 16
	case layers.ProtocolUDP:
		return 6
	}
	return icmpChecksum
}

// put writes an end over one of the packet's. A checksum that was wrong stays
// wrong: only the difference is put in.
func (n *nat) put(f *frame.Frame, addrAt, portAt int, to natEnd, why trace.Why, m *mapping) {
	l4 := f.L4()
	if to.protocol == layers.ProtocolICMP {
		portAt = icmpID
	}
	putEnd(f.IP(), l4, addrAt, portAt, to)
	n.remade(f, l4, len(f.Payload), why, m)
}

// putEnd writes an end into the headers of IP and of what it carries, whose
// checksum may be cut off, as in a quote.
func putEnd(ip, l4 []byte, addrAt, portAt int, to natEnd) {
	sums := [][]byte{ip[ipChecksum:]}
	own := l4[len(l4):]
	at := checksumAt(to.protocol)
	// A UDP checksum of 0 is none, and stays none (RFC 768).
	if absent := to.protocol == layers.ProtocolUDP && len(l4) >= at+2 && binary.BigEndian.Uint16(l4[at:]) == 0; len(l4) >= at+2 && !absent {
		own = l4[at:]
		if to.protocol != layers.ProtocolICMP { // which has no pseudo-header
			sums = append(sums, own)
		}
	}
	put16(ip, addrAt, uint16(to.ip>>16), sums...)
	put16(ip, addrAt+2, uint16(to.ip), sums...)
	if len(own) > 0 {
		put16(l4, portAt, to.port, own)
	} else {
		put16(l4, portAt, to.port)
	}
	if to.protocol == layers.ProtocolUDP && len(own) > 0 && own[0]|own[1] == 0 {
		own[0], own[1] = 0xff, 0xff
	}
}

// put16 writes a word, and puts the difference into checksums over it (RFC
// 1624 section 3).
func put16(b []byte, at int, v uint16, sums ...[]byte) {
	was := binary.BigEndian.Uint16(b[at:])
	binary.BigEndian.PutUint16(b[at:], v)
	for _, sum := range sums {
		binary.BigEndian.PutUint16(sum, layers.UpdateChecksum(binary.BigEndian.Uint16(sum), was, v))
	}
}

// remade records a packet's changed transport part: head, which is new, and of
// what was behind it the last keep bytes.
func (n *nat) remade(f *frame.Frame, head []byte, keep int, why trace.Why, m *mapping) {
	r := n.s.Rec
	if !r.On() {
		return
	}
	was := r.Log.PDU(f.Body)
	of, off := f.Body, f.BodyOff+int64(f.BodyLen()-keep)
	if f.BodyOff == 0 && was.Of != 0 && int(was.Head) == f.BodyLen()-keep && was.Tail == 0 {
		of, off = was.Of, was.Off // the very message or stream, as before
	}
	if keep == 0 {
		of, off = 0, 0
	}
	proto := protocolOf(f.IP().Protocol())
	f.Body, f.BodyOff = r.Log.Wrap(proto, head, of, off, keep), 0
	s, o := r.Text(m.own), r.Text(m.lent)
	args := []int64{s, o}
	if why == trace.NATIn {
		args = []int64{o, s}
	}
	f.Cause = n.s.event(trace.Encapsulate, proto, f.Body, f.Cause, why, args...)
}

// inboundError is inbound for an ICMP error about a packet that went out: the
// quoted source is the shared address (RFC 5508 section 4.2).
func (n *nat) inboundError(f *frame.Frame) (to *natEnd, back func()) {
	q, at := n.quote(f, sourceAddr, sourcePort)
	m := n.known(n.in[q], f.Cause)
	if at < 0 || m == nil {
		return &q, nil
	}
	return &m.inside, func() {
		n.putQuote(f, at, sourceAddr, sourcePort, m.inside)
		put16(f.IP(), destinationAddr, uint16(m.inside.ip>>16), f.IP()[ipChecksum:])
		put16(f.IP(), destinationAddr+2, uint16(m.inside.ip), f.IP()[ipChecksum:])
		n.remadeError(f, at, m)
	}
}

// outboundError translates an ICMP error from inside about a packet that came
// in: the quoted destination is the inside one (RFC 5508 section 4.3).
func (n *nat) outboundError(f *frame.Frame, out *port) bool {
	q, at := n.quote(f, destinationAddr, destinationPort)
	m := n.known(n.out[q], f.Cause)
	if at < 0 || m == nil {
		n.drop(f, trace.NATOther)
		return false
	}
	n.putQuote(f, at, destinationAddr, destinationPort, m.outside)
	put16(f.IP(), sourceAddr, uint16(out.addr>>16), f.IP()[ipChecksum:])
	put16(f.IP(), sourceAddr+2, uint16(out.addr), f.IP()[ipChecksum:])
	n.remadeError(f, at, m)
	return true
}

// quote reads an end of the packet that an ICMP error quotes; at is where its
// transport header begins, -1 when the quote cannot be read.
func (n *nat) quote(f *frame.Frame, addrAt, portAt int) (e natEnd, at int) {
	q := f.Payload
	if len(q) < layers.IPv4MinSize || layers.IPv4Header(q).Version() != 4 {
		return e, -1
	}
	at = layers.IPv4Header(q).HeaderLen()
	if at < layers.IPv4MinSize || len(q) < at+8 || layers.IPv4Header(q).FragmentOffset() > 0 {
		return e, -1
	}
	e.protocol = layers.IPv4Header(q).Protocol()
	switch e.protocol {
	case layers.ProtocolICMP:
		portAt = icmpID
	case layers.ProtocolTCP, layers.ProtocolUDP:
	default:
		return e, -1
	}
	e.ip, e.port = be32(q[addrAt:]), binary.BigEndian.Uint16(q[at+portAt:])
	return e, at
}

// putQuote writes an end into the quoted packet, and the difference that this
// makes into the ICMP checksum.
func (n *nat) putQuote(f *frame.Frame, at, addrAt, portAt int, to natEnd) {
	was := f.Payload
	f.Payload = append([]byte(nil), was...)
	if to.protocol == layers.ProtocolICMP {
		portAt = icmpID
	}
	putEnd(f.Payload[:at], f.Payload[at:], addrAt, portAt, to)
	sum := f.L4()[icmpChecksum:]
	for i := 0; i+1 < len(was); i += 2 {
		if a, b := binary.BigEndian.Uint16(was[i:]), binary.BigEndian.Uint16(f.Payload[i:]); a != b {
			binary.BigEndian.PutUint16(sum, layers.UpdateChecksum(binary.BigEndian.Uint16(sum), a, b))
		}
	}
	f.Sum = layers.Sum(f.Payload, 0)
}

// remadeError records a changed ICMP error: new up to the end of the quoted
// transport header.
func (n *nat) remadeError(f *frame.Frame, at int, m *mapping) {
	k := min(at+layers.TCPMinSize, len(f.Payload))
	head := append(append([]byte(nil), f.L4()...), f.Payload[:k]...)
	n.remade(f, head, len(f.Payload)-k, trace.NATQuote, m)
}
