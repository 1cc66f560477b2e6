// Package walk finds the headers of a frame quickly, by the tables' views and
// without a tree: which protocols there are, and where each begins and ends.
//
//	frame ──Walk──> Shape: Ethernet @0, IPv4 @14, TCP @34 …
//
// Indexing and filtering go by it; layers.Dissect says the same, in full.
package walk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"

	"strata/layers"
)

// Header is one protocol's header in a frame, and where its PDU ends. All are
// bytes from the frame's start.
type Header struct {
	Proto    layers.Proto
	At, Size int
	End      int // of the PDU that begins at At
	WireEnd  int // where it ended before a snap length cut it
}

// Shape is a frame as a walk over its headers finds it.
type Shape struct {
	Headers [8]Header // outermost first
	N       int
	Limit   int // where the frame ends without its FCS
	Src     Endpoint
	Dst     Endpoint
	Kind    uint8 // IP protocol number, or what takes its place in a flow key

	Fragment bool // of an IPv4 packet
	More     bool // other fragments follow it in the packet
	FragOff  int  // bytes
	FragID   uint16
}

// Endpoint is an address, with a port where there are ports.
type Endpoint struct {
	Addr   [16]byte
	Family Family
	Port   uint16
}

// Family says what kind of address an Endpoint has.
type Family uint8

// The families.
const (
	NoAddress Family = iota
	MACAddress
	IPv4Address
	IPv6Address
)

// Kinds of flows that are not an IP protocol's.
const (
	KindFrame  = 255 // known by MAC addresses alone
	KindARP    = 254
	KindOpaque = 253 // not Ethernet, or too short for it
)

// LinkEthernet is the LINKTYPE_ number of Ethernet.
const LinkEthernet = 1

const maxVLANs = 3

func (s *Shape) push(p layers.Proto, at, size, end, wireEnd int) {
	s.Headers[s.N] = Header{Proto: p, At: at, Size: size, End: end, WireEnd: wireEnd}
	s.N++
}

// Inner is the innermost header.
func (s *Shape) Inner() *Header { return &s.Headers[s.N-1] }

// Body is the range of the innermost payload, and its length on the wire.
func (h *Header) Body() (from, to, wire int) {
	from = h.At + h.Size
	return from, h.End, h.WireEnd - from
}

// Walk finds the headers of a frame by the tables' views, as far as they are
// whole. It decides how many steps the frame has, so it must never differ
// between indexing and looking.
func Walk(s *Shape, data []byte, wireLen int, link uint16, fcsLen int) {
	s.N, s.Fragment, s.Limit = 0, false, len(data)
	if link != LinkEthernet || len(data) < layers.EthernetSize {
		s.Kind = KindOpaque
		s.Src, s.Dst = Endpoint{}, Endpoint{}
		s.push(layers.Data, 0, 0, len(data), wireLen)
		return
	}
	eth := layers.EthernetHeader(data)
	s.Kind = KindFrame
	s.Src, s.Dst = macEnd(eth.Src()), macEnd(eth.Dst())
	// The frame's own tail: what a snap length has cut off, the FCS first.
	wireEnd := max(layers.EthernetSize, wireLen-fcsLen)
	end := max(layers.EthernetSize, min(len(data), wireEnd))
	s.Limit = end
	s.push(layers.Ethernet, 0, layers.EthernetSize, len(data), wireLen)
	at, kind := layers.EthernetSize, eth.Type()
	for kind == layers.EtherTypeVLAN && s.N <= maxVLANs && end-at >= vlanSize {
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
			s.Kind = KindARP
			s.Src, s.Dst = ipv4End(data[at+14:]), ipv4End(data[at+24:])
		}
	}
	s.trim()
}

const vlanSize = 4

// trim ends every tag where the packet in it ends: what is left is the
// frame's padding.
func (s *Shape) trim() {
	last := s.Headers[s.N-1]
	for i := s.N - 1; i >= 0; i-- {
		if s.Headers[i].Proto == layers.IPv4 || s.Headers[i].Proto == layers.IPv6 || s.Headers[i].Proto == layers.ARP {
			last = s.Headers[i]
			break
		}
	}
	for i := range s.Headers[:s.N] {
		if h := &s.Headers[i]; h.Proto == layers.VLAN {
			h.End, h.WireEnd = last.End, last.WireEnd
		}
	}
}

func (s *Shape) walkIPv4(data []byte, at, end, wireEnd int) {
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
	s.Kind = h.Protocol()
	s.Src, s.Dst = ipv4End(data[at+12:]), ipv4End(data[at+16:])
	if h.Fragmented() {
		s.Fragment, s.More = true, h.MF()
		s.FragOff, s.FragID = h.FragmentOffset(), h.ID()
		return
	}
	s.walkTransport(data, h.Protocol(), at+h.HeaderLen(), end, wireEnd)
}

const ipv6Size = 40

func (s *Shape) walkIPv6(data []byte, at, end, wireEnd int) {
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
	s.Kind = next
	s.Src, s.Dst = ipv6End(data[at+8:]), ipv6End(data[at+24:])
	if next != layers.ProtocolICMP { // ICMPv4 in IPv6 means nothing
		s.walkTransport(data, next, at+ipv6Size, end, wireEnd)
	}
}

func (s *Shape) walkTransport(data []byte, protocol uint8, at, end, wireEnd int) {
	b := data[at:end]
	switch protocol {
	case layers.ProtocolTCP:
		h := layers.TCPHeader(b)
		if !h.Valid() {
			return
		}
		s.push(layers.TCP, at, h.HeaderLen(), end, wireEnd)
		s.Src.Port, s.Dst.Port = h.SrcPort(), h.DstPort()
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
		s.Src.Port, s.Dst.Port = h.SrcPort(), h.DstPort()
	case layers.ProtocolICMP:
		if len(b) >= layers.ICMPv4Size {
			s.push(layers.ICMPv4, at, layers.ICMPv4Size, end, wireEnd)
		}
	}
}

func macEnd(mac [6]byte) Endpoint {
	e := Endpoint{Family: MACAddress}
	copy(e.Addr[:], mac[:])
	return e
}

func ipv4End(b []byte) Endpoint {
	e := Endpoint{Family: IPv4Address}
	copy(e.Addr[:4], b)
	return e
}

func ipv6End(b []byte) Endpoint {
	e := Endpoint{Family: IPv6Address}
	copy(e.Addr[:], b)
	return e
}

// String is the address, without the port.
func (e Endpoint) String() string {
	switch e.Family {
	case MACAddress:
		m := e.Addr
		return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
	case IPv4Address:
		return netip.AddrFrom4([4]byte(e.Addr[:4])).String()
	case IPv6Address:
		return netip.AddrFrom16(e.Addr).String()
	}
	return "unknown"
}

// Peer is the address with its port.
func (e Endpoint) Peer() string {
	if e.Family == IPv6Address {
		return fmt.Sprintf("[%v]:%d", e, e.Port)
	}
	return fmt.Sprintf("%v:%d", e, e.Port)
}

// After orders endpoints: whether a comes after b.
func After(a, b *Endpoint) bool {
	c := bytes.Compare(a.Addr[:], b.Addr[:])
	return c > 0 || c == 0 && (a.Port > b.Port || a.Port == b.Port && a.Family > b.Family)
}
