package layers

import "encoding/binary"

// IPv6Size is the size of the fixed IPv6 header (RFC 8200 section 3), in
// bytes.
const IPv6Size = 40

var (
	ipv6Start = table(IPv6,
		&Field{Name: "ipv6.version", Label: "version", Type: TypeUint, At: 0, Size: 1, Mask: 0xf0, RFC: "RFC 8200 sec. 3",
			Help: "Which version of IP the header follows: 6."},
		&Field{Name: "ip.version", Label: "version", Type: TypeUint, At: 0, Size: 1, Mask: 0xf0, RFC: "RFC 8200 sec. 3", Hidden: true,
			Help: "The same version, for filters that do not care which IP it is."})
	ipv6Rest = table(IPv6, append(append([]*Field{
		{Name: "ipv6.tclass", Label: "traffic class", Type: TypeHex, At: 0, Size: 4, Mask: 0x0ff00000, RFC: "RFC 8200 sec. 7",
			Help: "How routers should treat the packet when they are busy.", Sub: []*Field{
				{Name: "ipv6.tclass.dscp", Label: "DSCP", Type: TypeUint, At: 0, Size: 4, Mask: 0x0fc00000, RFC: "RFC 2474 sec. 3",
					Help: "The class of service that the packet asks for; 0 is ordinary."},
				{Name: "ipv6.tclass.ecn", Label: "ECN", Type: TypeEnum, At: 0, Size: 4, Mask: 0x00300000, RFC: "RFC 3168 sec. 5", Names: ecnNames,
					Help: "Lets a router mark a packet, when it is nearly full, instead of dropping it."}}},
		{Name: "ipv6.flow", Label: "flow label", Type: TypeHex, At: 1, Size: 3, Mask: 0x0fffff, RFC: "RFC 6437 sec. 2",
			Help: "The same number in all packets of one conversation, so that routers can keep them on one path."},
		{Name: "ipv6.plen", Label: "payload length", Type: TypeUint, At: 4, Size: 2, RFC: "RFC 8200 sec. 3",
			Help: "How many bytes follow this header."},
		{Name: "ipv6.nxt", Label: "next header", Type: TypeEnum, At: 6, Size: 1, RFC: "RFC 8200 sec. 3", Names: ipProtocols,
			Help: "What follows this header: an extension, or the protocol that is carried."},
		{Name: "ipv6.hlim", Label: "hop limit", Type: TypeUint, At: 7, Size: 1, RFC: "RFC 8200 sec. 3",
			Help: "How many more routers the packet may pass; each takes one away, and at zero it is dropped."}},
		addressFields("ipv6", "src", Field{Label: "source", Type: TypeIPv6, At: 8, Size: 16, RFC: "RFC 8200 sec. 3",
			Help: "The host that sent the packet."})...),
		addressFields("ipv6", "dst", Field{Label: "destination", Type: TypeIPv6, At: 24, Size: 16, RFC: "RFC 8200 sec. 3",
			Help: "The host that the packet is for."})...)...)
)

// ipv6 reads a packet and gives its end on the wire.
func (d *dissector) ipv6(s span) int {
	p := d.part(IPv6, s.pos, min(IPv6Size, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, ipv6Start, s.pos, s); !ok {
		d.short(IPv6, s)
		return s.wire
	}
	if d.data[s.pos]>>4 != 6 {
		p.Len, p.Payload = 1, s.pos+1
		d.expert(Error, "ipv6.bogus_ipv6_version", "The version is not 6: this is no IPv6 packet.", s.pos, 1)
		return s.wire
	}
	if p.Fields, ok = d.fixed(p.Fields, ipv6Rest, s.pos, s); !ok {
		d.short(IPv6, s)
		return s.wire
	}
	h := d.data[s.pos : s.pos+IPv6Size]
	p.Summary = showIP(h[8:24]) + " ► " + showIP(h[24:40]) + ", " + showEnumName(ipProtocols, uint64(h[6])) + ", hop limit " + show(ipv6Rest[4], uint64(h[7]), nil)
	size := IPv6Size + int(binary.BigEndian.Uint16(h[4:]))
	if size == IPv6Size && h[6] == ipv6HopByHop {
		size = s.size() // a jumbogram: an option has the length (RFC 2675)
	}
	if size > s.size() && !d.quoted {
		d.expert(Warning, "ipv6.plen_exceeds_framing", "The payload length exceeds the bytes that are there.", s.pos+4, 2)
	}
	packet := s.first(size)
	d.pseudo = PseudoHeader6([16]byte(h[8:24]), [16]byte(h[24:40]), 0, 0)
	d.ipv6Payload(h[6], packet.from(IPv6Size))
	return packet.wire
}

// Next headers of IPv6 that are extensions of a known shape (RFC 8200
// section 4).
const (
	ipv6HopByHop    = 0
	ipv6Routing     = 43
	ipv6Fragment    = 44
	ipv6NoNext      = 59
	ipv6Destination = 60
)

// ipv6Payload steps over extension headers, which it shows as data, to the
// protocol that is carried.
func (d *dissector) ipv6Payload(next uint8, s span) {
	for s.end-s.pos >= 8 && d.within() {
		size := 8
		switch next {
		case ipv6HopByHop, ipv6Routing, ipv6Destination:
			size += int(d.data[s.pos+1]) * 8
		case ipv6Fragment:
			frag := binary.BigEndian.Uint16(d.data[s.pos+2:])
			d.fragmented = frag&1 != 0
			if frag&^7 != 0 {
				next = ipv6NoNext // a later fragment begins in the middle
			}
		default:
			size = 0
		}
		if size == 0 || next == ipv6NoNext {
			break
		}
		d.payload(s.first(size))
		d.tree.Parts[len(d.tree.Parts)-1].Summary = showEnumName(ipProtocols, uint64(next))
		next = d.data[s.pos]
		s = s.from(size)
	}
	d.transport(next, s)
	d.fragmented = false
}
