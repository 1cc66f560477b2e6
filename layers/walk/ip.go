package walk

import (
	"encoding/binary"

	"strata/layers"
)

// ip reads a packet by its version.
func (w *walker) ip(p span) {
	if p.size() == 0 {
		return
	}
	switch w.data[p.at] >> 4 {
	case 4:
		w.ipv4(p)
	case 6:
		w.ipv6(p)
	}
}

func (w *walker) ipv4(p span) {
	h := layers.IPv4Header(w.data[p.at:p.end])
	if len(h) > 0 && h.Version() == 6 { // what announced it was wrong
		w.ipv6(p)
		return
	}
	if len(h) < layers.IPv4MinSize || h.Version() != 4 || h.HeaderLen() < layers.IPv4MinSize || h.HeaderLen() > len(h) {
		return
	}
	total := h.TotalLen()
	if total == 0 { // left to the network card, which cuts it into packets
		total = p.wireEnd - p.at
	}
	if total < h.HeaderLen() {
		return
	}
	cut := total > p.size()
	p = p.first(total)
	ip := w.All
	if !w.push(layers.IPv4, h.HeaderLen(), p) {
		return
	}
	w.ends(h.Protocol(), IPv4Address, h[16:20], h[12:16])
	if h.HeaderLen() > layers.IPv4MinSize {
		w.stations(ip)
	}
	if h.Fragmented() {
		w.fragment(h.MF(), h.FragmentOffset(), uint32(h.ID()), cut)
		if h.FragmentOffset() > 0 || !cut {
			return
		}
		w.Fragment = false // as Wireshark does, it is read as far as it goes
	}
	p = p.from(h.HeaderLen())
	switch h.Protocol() {
	case hopByHop, routing, fragment, authHeader, destination:
		w.extensions(ip, h.Protocol(), p, 0)
	default:
		w.protocol(h.Protocol(), p, true)
	}
}

func (w *walker) ipv6(p span) {
	if p.size() < layers.IPv6Size || w.data[p.at]>>4 != 6 {
		return
	}
	next, length := w.data[p.at+6], int(be16(w.data[p.at+4:]))
	total := layers.IPv6Size + length
	if length == 0 && next == hopByHop {
		total += layers.JumboLength(w.data[p.at+layers.IPv6Size : p.end])
	}
	p = p.first(total)
	ip := w.All
	if !w.push(layers.IPv6, layers.IPv6Size, p) {
		return
	}
	w.ends(next, IPv6Address, w.data[p.at+24:p.at+40], w.data[p.at+8:p.at+24])
	w.extensions(ip, next, p.from(layers.IPv6Size), length)
}

// Protocol numbers of what IP carries, beside those that package layers names.
const (
	protocolIPv4 = 4
	protocolIPv6 = 41
	protocolGRE  = 47

	protocolEtherIP = 97
	protocolPIM     = 103
	protocolIGMP    = 2
	protocolMPLS    = 137
)

// protocol reads what an IP packet carries. ICMP of the other version means
// nothing.
func (w *walker) protocol(protocol uint8, p span, v4 bool) {
	switch protocol {
	case layers.ProtocolTCP:
		w.tcp(p)
	case layers.ProtocolUDP:
		w.udp(p)
	case layers.ProtocolICMP:
		if v4 {
			w.icmp(layers.ICMPv4, p)
		}
	case layers.ProtocolICMPv6:
		if !v4 {
			w.icmp(layers.ICMPv6, p)
		}
	case protocolIPv4:
		w.ipv4(p)
	case protocolIPv6:
		w.ipv6(p)
	case protocolGRE:
		w.gre(p)
	case protocolEtherIP:
		if p.size() >= 2 && w.push(layers.EtherIP, 2, p) {
			w.ethernet(p.from(2), p.from(2))
		}
	case protocolMPLS:
		w.mpls(p)
	case protocolPIM, protocolIGMP:
		w.register(protocol, p)
	}
}

func (w *walker) tcp(p span) {
	h := layers.TCPHeader(w.data[p.at:p.end])
	switch {
	case h.Valid():
		w.push(layers.TCP, h.HeaderLen(), p)
	case len(h) >= layers.TCPLeast: // a header that is cut, or has a wrong length
		w.push(layers.TCP, len(h), p)
	default:
		return
	}
	w.ports(h.SrcPort(), h.DstPort())
}

func (w *walker) ports(src, dst uint16) {
	if !w.quoting {
		w.Src.Port, w.Dst.Port = src, dst
	}
}

func (w *walker) udp(p span) {
	h := layers.UDPHeader(w.data[p.at:p.end])
	if len(h) < layers.UDPSize {
		return
	}
	// RFC 2675 sec. 4: zero says that the length does not fit.
	if n := h.Length(); n >= layers.UDPSize {
		p = p.first(n)
	}
	if !w.push(layers.UDP, layers.UDPSize, p) {
		return
	}
	w.ports(h.SrcPort(), h.DstPort())
	w.tunnel(h.SrcPort(), h.DstPort(), p.from(layers.UDPSize))
}

// tunnel reads what the ports say is another frame or packet.
func (w *walker) tunnel(src, dst uint16, p span) {
	const gtp, gtpPrime, teredo, vxlan, geneve = 2152, 3386, 3544, 4789, 6081
	const lisp, gre, vxlanAny, ayiya, mpls = 4341, 4754, 4790, 5072, 6635
	switch {
	case src == gtp || dst == gtp || src == gtpPrime || dst == gtpPrime:
		w.gtp(p)
	case src == teredo || dst == teredo:
		w.teredo(p)
	case (dst == vxlan || src == vxlan) && p.size() >= 8: // RFC 7348
		if w.push(layers.VXLAN, 8, p) {
			w.ethernet(p.from(8), p.from(8))
		}
	case (dst == geneve || src == geneve) && p.size() >= 8: // RFC 8926 sec. 3.4
		size := 8 + int(w.data[p.at]&0x3f)*4
		if size <= p.size() && w.push(layers.GENEVE, size, p) {
			w.typed(be16(w.data[p.at+2:]), p.from(size))
		}
	case src == lisp || dst == lisp: // RFC 9300 sec. 5.3
		if p.size() > layers.LISPSize && w.push(layers.LISP, layers.LISPSize, p) {
			w.ip(p.from(layers.LISPSize))
		}
	case src == gre || dst == gre: // RFC 8086
		w.gre(p)
	case src == vxlanAny || dst == vxlanAny:
		if p.size() > 8 && w.push(layers.VXLAN, 8, p) {
			w.chained(w.data[p.at+3], p.from(8))
		}
	case src == ayiya || dst == ayiya:
		w.ayiya(p)
	case src == mpls || dst == mpls: // RFC 7510
		if p.size() > 0 {
			w.mpls(p)
		}
	}
}

// icmp reads an ICMP header, and what an error quotes.
func (w *walker) icmp(proto layers.Proto, p span) {
	if p.size() < layers.ICMPv4Size || !w.push(proto, layers.ICMPv4Size, p) {
		return
	}
	quotes := w.data[p.at] < 128
	if proto == layers.ICMPv4 {
		switch w.data[p.at] {
		case 3, 4, 5, 11, 12:
			quotes = true
		default:
			quotes = false
		}
	}
	if quotes && !w.quoting {
		w.N, w.quoting = w.All, true
		w.ip(p.from(layers.ICMPv4Size))
	}
}

// gre reads a GRE header and its packet (RFC 2784, RFC 2890, RFC 2637).
func (w *walker) gre(p span) {
	if p.size() < 4 {
		return
	}
	flags, kind := be16(w.data[p.at:]), be16(w.data[p.at+2:])
	const checksum, routed, key, sequence, ack = 0x8000, 0x4000, 0x2000, 0x1000, 0x80
	size := 4
	if flags&(checksum|routed) != 0 {
		size += 4
	}
	for _, bit := range []uint16{key, sequence} {
		if flags&bit != 0 {
			size += 4
		}
	}
	const version, pptp, ppp, hdlc = 7, 1, 0x880b, 0x8881
	if flags&ack != 0 && flags&version == pptp && (kind == ppp || kind == hdlc) {
		size += 4
	}
	if flags&routed != 0 || size > p.size() || !w.push(layers.GRE, size, p) {
		return
	}
	p = p.from(size)
	const erspan, erspan3, wccp = 0x88be, 0x22eb, 0x883e
	switch kind {
	case 0x6400: // some devices' transparent Ethernet bridging
		w.ethernet(p, p)
	case ppp:
		w.ppp(p)
	case erspan, erspan3:
		w.erspan(p, flags&sequence != 0)
	case wccp: // its second version has four bytes more
		if p.size() > 0 && w.data[p.at]>>4 != 4 {
			p = p.from(4)
		}
		w.ip(p)
	case layers.EtherTypeCMD: // here the type comes first
		if p.size() >= layers.CMDSize && w.push(layers.CMD, layers.CMDSize, p) {
			w.typed(be16(w.data[p.at:]), p.from(layers.CMDSize))
		}
	case layers.EtherTypeIPv4, layers.EtherTypeIPv6, layers.EtherTypeARP, layers.EtherTypeMPLS, layers.EtherTypeMPLSMany, layers.EtherTypeBridge, layers.EtherTypeNSH:
		w.typed(kind, p)
	}
}

// erspan reads a mirrored frame, behind a header unless it is of Type I.
func (w *walker) erspan(p span, header bool) {
	b := w.data[p.at:p.end]
	size := 0
	if header {
		if len(b) < 8 {
			return
		}
		switch b[0] >> 4 {
		case 1:
			size = 8
		case 2:
			if size = 12; len(b) < size || b[10]&0x7c != 0 {
				return
			}
			if b[11]&1 != 0 {
				size += 8
			}
		default:
			return
		}
	}
	if size <= len(b) && w.push(layers.ERSPAN, size, p) {
		w.ethernet(p.from(size), p.from(size))
	}
}

// linkRawIP is the LINKTYPE_ number of packets without a link header.
const linkRawIP = 101

// Packet is the innermost IP header of a fragment, by number.
func (s *Shape) Packet() int {
	i := s.N - 1
	for s.Headers[i].Proto != layers.IPv4 && s.Headers[i].Proto != layers.IPv6 {
		i--
	}
	return i
}

// WalkWhole finds the headers of a packet that came in fragments, of which s
// is one of data. It gives the packet: an IP header without options, between
// whom the packet goes in truth, the first of whole; and the payload.
func (s *Shape) WalkWhole(whole *Shape, data, payload []byte) (packet []byte) {
	i := s.Packet()
	h := data[s.Headers[i].At:]
	if s.Headers[i].Proto == layers.IPv4 {
		packet = append(packet, h[:12]...)
		packet[0] = 4<<4 | layers.IPv4MinSize/4
		clear(packet[2:4]) // the length may be more than 16 bits hold
		clear(packet[6:8])
		packet = append(append(packet, s.Src.Addr[:4]...), s.Dst.Addr[:4]...)
	} else {
		packet = append(packet, h[:8]...)
		binary.BigEndian.PutUint16(packet[4:], uint16(min(len(payload), 1<<16-1)))
		packet[6] = s.Kind
		packet = append(append(packet, s.Src.Addr[:]...), s.Dst.Addr[:]...)
	}
	packet = append(packet, payload...)
	Walk(whole, packet, len(packet), linkRawIP, 0)
	return packet
}
