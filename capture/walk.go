package capture

import (
	"encoding/binary"

	"strata/layers"
)

// header is one protocol's header in a frame, and where its PDU ends.
type header struct {
	proto    layers.Proto
	at, size int
	end      int // of the PDU that begins at at
	wireEnd  int // where it ended before a snap length cut it
}

// shape is a frame as a walk over its headers finds it.
type shape struct {
	headers [8]header // outermost first
	n       int
	limit   int // where the frame ends without its FCS
	src     endpoint
	dst     endpoint
	kind    uint8 // IP protocol number, or what takes its place in a flow key

	fragment bool // of an IPv4 packet
	more     bool // other fragments follow it in the packet
	fragOff  int  // bytes
	fragID   uint16
}

// endpoint is an address, with a port where there are ports.
type endpoint struct {
	addr   [16]byte
	family family
	port   uint16
}

type family uint8

const (
	noAddress family = iota
	macAddress
	ipv4Address
	ipv6Address
)

// Kinds of flows that are not an IP protocol's.
const (
	kindFrame  = 255 // known by MAC addresses alone
	kindARP    = 254
	kindOpaque = 253 // not Ethernet, or too short for it
)

const maxVLANs = 3

func (s *shape) push(p layers.Proto, at, size, end, wireEnd int) {
	s.headers[s.n] = header{proto: p, at: at, size: size, end: end, wireEnd: wireEnd}
	s.n++
}

// inner is the innermost header.
func (s *shape) inner() *header { return &s.headers[s.n-1] }

// body is the range of the innermost payload, and its length on the wire.
func (h *header) body() (from, to, wire int) {
	from = h.at + h.size
	return from, h.end, h.wireEnd - from
}

// walk finds the headers of a frame by the tables' views, as far as they are
// whole. It decides how many steps the frame has, so it must never differ
// between indexing and looking.
func walk(s *shape, data []byte, wireLen int, link uint16, fcsLen int) {
	s.n, s.fragment, s.limit = 0, false, len(data)
	if link != linkEthernet || len(data) < layers.EthernetSize {
		s.kind = kindOpaque
		s.src, s.dst = endpoint{}, endpoint{}
		s.push(layers.Data, 0, 0, len(data), wireLen)
		return
	}
	eth := layers.EthernetHeader(data)
	s.kind = kindFrame
	s.src, s.dst = macEnd(eth.Src()), macEnd(eth.Dst())
	// The frame's own tail: what a snap length has cut off, the FCS first.
	wireEnd := max(layers.EthernetSize, wireLen-fcsLen)
	end := max(layers.EthernetSize, min(len(data), wireEnd))
	s.limit = end
	s.push(layers.Ethernet, 0, layers.EthernetSize, len(data), wireLen)
	at, kind := layers.EthernetSize, eth.Type()
	for kind == layers.EtherTypeVLAN && s.n <= maxVLANs && end-at >= vlanSize {
		s.push(layers.VLAN, at, vlanSize, end, wireEnd)
		kind = binary.BigEndian.Uint16(data[at+2:])
		at += vlanSize
	}
	switch kind {
	case layers.EtherTypeIPv4:
		s.walkIPv4(data, at, end, wireEnd)
	case layers.EtherTypeIPv6:
		s.walkIPv6(data, at, end, wireEnd)
	case layers.EtherTypeARP:
		if p := layers.ARPPacket(data[at:end]); p.Valid() {
			s.push(layers.ARP, at, layers.ARPSize, at+layers.ARPSize, at+layers.ARPSize)
			s.kind = kindARP
			s.src, s.dst = ipv4End(data[at+14:]), ipv4End(data[at+24:])
		}
	}
	s.trim()
}

const vlanSize = 4

// trim ends every tag where the packet in it ends: what is left is the
// frame's padding.
func (s *shape) trim() {
	last := s.headers[s.n-1]
	for i := s.n - 1; i >= 0; i-- {
		if s.headers[i].proto == layers.IPv4 || s.headers[i].proto == layers.IPv6 || s.headers[i].proto == layers.ARP {
			last = s.headers[i]
			break
		}
	}
	for i := range s.headers[:s.n] {
		if h := &s.headers[i]; h.proto == layers.VLAN {
			h.end, h.wireEnd = last.end, last.wireEnd
		}
	}
}

func (s *shape) walkIPv4(data []byte, at, end, wireEnd int) {
	h := layers.IPv4Header(data[at:end])
	if len(h) < layers.IPv4MinSize || h.Version() != 4 || h.HeaderLen() < layers.IPv4MinSize || h.HeaderLen() > len(h) {
		return
	}
	total := h.TotalLen()
	if total == 0 { // left to the network card, which cuts it into packets
		total = wireEnd - at
	}
	if total < h.HeaderLen() {
		return
	}
	wireEnd = min(wireEnd, at+total)
	end = min(end, wireEnd)
	s.push(layers.IPv4, at, h.HeaderLen(), end, wireEnd)
	s.kind = h.Protocol()
	s.src, s.dst = ipv4End(data[at+12:]), ipv4End(data[at+16:])
	if h.Fragmented() {
		s.fragment, s.more = true, h.MF()
		s.fragOff, s.fragID = h.FragmentOffset(), h.ID()
		return
	}
	s.walkTransport(data, h.Protocol(), at+h.HeaderLen(), end, wireEnd)
}

const ipv6Size = 40

func (s *shape) walkIPv6(data []byte, at, end, wireEnd int) {
	if end-at < ipv6Size || data[at]>>4 != 6 {
		return
	}
	total := ipv6Size + int(binary.BigEndian.Uint16(data[at+4:]))
	if total == ipv6Size { // a jumbogram, or left to the network card
		total = wireEnd - at
	}
	wireEnd = min(wireEnd, at+total)
	end = min(end, wireEnd)
	next := data[at+6]
	s.push(layers.IPv6, at, ipv6Size, end, wireEnd)
	s.kind = next
	s.src, s.dst = ipv6End(data[at+8:]), ipv6End(data[at+24:])
	if next != layers.ProtocolICMP { // ICMPv4 in IPv6 means nothing
		s.walkTransport(data, next, at+ipv6Size, end, wireEnd)
	}
}

func (s *shape) walkTransport(data []byte, protocol uint8, at, end, wireEnd int) {
	b := data[at:end]
	switch protocol {
	case layers.ProtocolTCP:
		h := layers.TCPHeader(b)
		if !h.Valid() {
			return
		}
		s.push(layers.TCP, at, h.HeaderLen(), end, wireEnd)
		s.src.port, s.dst.port = h.SrcPort(), h.DstPort()
	case layers.ProtocolUDP:
		h := layers.UDPHeader(b)
		if len(h) < layers.UDPSize {
			return
		}
		// RFC 2675 sec. 4: zero says that the length does not fit.
		if n := h.Length(); n >= layers.UDPSize {
			wireEnd = min(wireEnd, at+n)
			end = min(end, wireEnd)
		}
		s.push(layers.UDP, at, layers.UDPSize, end, wireEnd)
		s.src.port, s.dst.port = h.SrcPort(), h.DstPort()
	case layers.ProtocolICMP:
		if len(b) >= icmpSize {
			s.push(layers.ICMPv4, at, icmpSize, end, wireEnd)
		}
	}
}

const icmpSize = 8

func macEnd(mac [6]byte) endpoint {
	e := endpoint{family: macAddress}
	copy(e.addr[:], mac[:])
	return e
}

func ipv4End(b []byte) endpoint {
	e := endpoint{family: ipv4Address}
	copy(e.addr[:4], b)
	return e
}

func ipv6End(b []byte) endpoint {
	e := endpoint{family: ipv6Address}
	copy(e.addr[:], b)
	return e
}
