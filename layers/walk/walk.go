// Package walk finds the headers of a frame quickly, by the tables' views and
// without a tree: which protocols there are, and where each begins and ends.
//
//	frame ──Walk──> Shape: Ethernet @0, IPv4 @14, TCP @34 …
//
// Indexing and filtering go by it; layers.Dissect says the same, in full.
//
//	walk.go    what is found, and where it begins: the link types
//	ether.go   what Ethernet and its like carry
//	serial.go  what serial lines carry
//	ip.go      IP, transports and tunnels
//	chain.go   IPv6's extension headers, and whose they say the packet is
//	endpoint.go
package walk

import (
	"encoding/binary"

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

// maxHeaders bounds what a Shape holds; what is nested deeper is payload.
const maxHeaders = 14

// Shape is a frame as a walk over its headers finds it.
type Shape struct {
	Headers [maxHeaders]Header // outermost first
	N       int                // how many there are, those that an error quotes not among them
	All     int                // with those that an ICMP error quotes, which come last
	Limit   int                // where the frame ends without its FCS
	Src     Endpoint           // of the innermost packet, not of a quoted one
	Dst     Endpoint
	Kind    uint8 // IP protocol number, or what takes its place in a flow's key

	Fragment bool // of an IP packet
	Cut      bool // it is a part of a packet, and not whole itself: the packet cannot be put together
	Broken   bool // the chain of an IPv6 packet's headers cannot be read to its end
	More     bool // other fragments follow it in the packet
	FragOff  int  // bytes
	FragID   uint32
}

// Kinds of flows that are not an IP protocol's.
const (
	KindFrame  = 255 // known by MAC addresses alone
	KindARP    = 254
	KindOpaque = 253 // of a link type that is not known, or too short for it
)

// LinkEthernet is the LINKTYPE_ number of Ethernet.
const LinkEthernet = 1

// Inner is the innermost header.
func (s *Shape) Inner() *Header { return &s.Headers[s.N-1] }

// Body is the range of the header's payload, and its length on the wire.
func (h *Header) Body() (from, to, wire int) {
	from = h.At + h.Size
	return from, h.End, h.WireEnd - from
}

// span is where in a frame something lies: at its beginning and its end, and
// where the end was on the wire.
type span struct{ at, end, wireEnd int }

func (p span) size() int { return p.end - p.at }

// from is the span without its first n bytes.
func (p span) from(n int) span { return span{min(p.at+n, p.end), p.end, max(p.wireEnd, p.at+n)} }

// first is the span's first n bytes.
func (p span) first(n int) span { return span{p.at, min(p.end, p.at+n), min(p.wireEnd, p.at+n)} }

// push enters a header; false: there is no room for it.
func (s *Shape) push(p layers.Proto, size int, at span) bool {
	if s.All >= maxHeaders {
		return false
	}
	h := &s.Headers[s.All] // in its place, as endpoints are
	h.Proto, h.At, h.Size, h.End, h.WireEnd = p, at.at, size, at.end, at.wireEnd
	s.All++
	return true
}

// walker is a walk that has not ended. Quoting is set within an ICMP error:
// what it quotes is no part of the frame's own way.
type walker struct {
	*Shape
	data    []byte
	quoting bool
}

// Walk finds the headers of a frame by the tables' views, as far as they are
// whole. It decides how many steps the frame has, so it must never differ
// between indexing and looking.
func Walk(s *Shape, data []byte, wireLen int, link uint16, fcsLen int) {
	s.N, s.All, s.Fragment, s.Cut, s.Broken, s.Limit = 0, 0, false, false, false, len(data)
	s.Kind = KindOpaque
	s.Src = Endpoint{} // each by itself, or the compiler takes copies
	s.Dst = Endpoint{}
	w := walker{Shape: s, data: data}
	// The frame's own tail: what a snap length has cut off, the FCS first.
	wireEnd := max(0, wireLen-fcsLen)
	whole := span{0, len(data), wireLen}
	inner := span{0, min(len(data), wireEnd), wireEnd}
	if link == LinkEthernet {
		inner.end, inner.wireEnd = max(inner.end, min(len(data), layers.EthernetSize)), max(wireEnd, layers.EthernetSize)
	}
	s.Limit = inner.end
	w.begin(link, whole, inner)
	if s.All == 0 {
		s.push(layers.Data, 0, whole)
	}
	if !w.quoting {
		s.N = s.All
	}
	s.trim()
}

// begin reads the outermost header.
func (w *walker) begin(link uint16, whole, inner span) {
	if link == LinkEthernet { // mostly
		w.ethernet(whole, inner)
		return
	}
	switch layers.LinkProto(int(link)) {
	case layers.RawIP:
		w.rawIP(inner)
	case layers.IPv4:
		w.ipv4(inner)
	case layers.IPv6:
		w.ipv6(inner)
	case layers.PPPDirected:
		w.ppp(inner.from(1))
	case layers.CHDLC:
		w.chdlc(inner)
	case layers.FrameRelay:
		w.frameRelay(inner)
	case layers.FDDI:
		w.fddi(inner)
	case layers.PPPoE:
		w.pppoe(inner)
	case layers.Null:
		w.null(whole, inner)
	case layers.SLL:
		w.cooked(whole, inner, 16, 14)
	case layers.SLL2:
		w.cooked(whole, inner, 20, 0)
	case layers.PPP:
		w.ppp(inner)
	case layers.Radiotap:
		w.radiotap(inner)
	case layers.WLAN:
		w.wlan(inner)
	}
}

// trim ends every tag where the packet in it ends: what is left is the
// frame's padding.
func (s *Shape) trim() {
	for i := s.N - 2; i >= 0; i-- {
		switch h, in := &s.Headers[i], &s.Headers[i+1]; {
		case h.Proto != layers.VLAN && h.Proto != layers.MPLS:
		case in.Proto == layers.VLAN || in.Proto == layers.MPLS || in.Proto == layers.IPv4 || in.Proto == layers.IPv6 || in.Proto == layers.ARP:
			h.End, h.WireEnd = in.End, in.WireEnd
		}
	}
}

func be16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
