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
	part := len(d.tree.Parts)
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
	if s.size() < IPv6Size {
		d.expert(Error, "ipv6.invalid_header", "The header has 40 bytes.", s.pos, s.end-s.pos)
	}
	rest := ipv6Rest
	if s.end-s.pos == 6 { // Wireshark shows no length without the next header
		rest = ipv6Rest[:2]
	}
	if p.Fields, ok = d.fixed(p.Fields, rest, s.pos, s); !ok || s.end-s.pos < IPv6Size {
		d.short(IPv6, s)
		return s.wire
	}
	h := d.data[s.pos : s.pos+IPv6Size]
	p.Summary = showIP(h[8:24]) + " ► " + showIP(h[24:40]) + ", " + showEnumName(ipProtocols, uint64(h[6])) + ", hop limit " + show(ipv6Rest[4], uint64(h[7]), nil)
	p.Fields = d.withinAddress(p.Fields, s.pos+8, ipv6WithinSource)
	p.Fields = d.withinAddress(p.Fields, s.pos+24, ipv6WithinDestination)
	plen, jumbo := d.ipv6Length(h, s)
	packet := s.first(IPv6Size + plen)
	x := ipv6Packet{part: part, plen: plen, jumbo: jumbo, hopLimit: h[7], src: h[8:24], dst: h[24:40]}
	if jumbo {
		x.plen = 0
	}
	x.unread = x.plen
	fragmented := d.fragmented
	d.extensions(&x, h[6], packet.from(IPv6Size))
	d.fragmented = fragmented
	return packet.wire
}

// ipv6Length is how many bytes follow the header. A payload length of zero may
// be that of a jumbogram, whose length an option has (RFC 2675).
func (d *dissector) ipv6Length(h []byte, s span) (plen int, jumbo bool) {
	plen = int(binary.BigEndian.Uint16(h[4:]))
	switch {
	case plen > 0:
	case h[6] == ipv6HopByHop:
		if plen = JumboLength(d.data[s.pos+IPv6Size : s.end]); plen > 0 {
			jumbo = true
		} else {
			d.expert(Error, "ipv6.opt.jumbo.missing", "The payload length is zero, and no jumbo payload option has another.", s.pos+4, 2)
		}
	case h[6] != ipv6NoNext:
		d.expert(Chat, "ipv6.plen_zero", "The payload length is zero: maybe the network card cuts the packet later.", s.pos+4, 2)
	}
	if plen > s.size()-IPv6Size && !d.quoted {
		d.expert(Warning, "ipv6.plen_exceeds_framing", "The payload length exceeds the bytes that are there.", s.pos+4, 2)
	}
	return plen, jumbo
}

// JumboLength finds the jumbo payload option in hop-by-hop options; 0: there
// is none, or it is wrong.
func JumboLength(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	b = b[2:min(len(b), (int(b[1])+1)*8)]
	for len(b) >= 6 {
		switch size := int(b[1]); {
		case b[0] == 0:
			b = b[1:]
		case b[0] == 0xc2 && size == 4:
			if n := int(binary.BigEndian.Uint32(b[2:])); n > 0xffff {
				return n
			}
			return 0
		default:
			b = b[min(len(b), 2+size):]
		}
	}
	return 0
}
