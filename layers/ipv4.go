package layers

import (
	"encoding/binary"
	"strconv"
)

// Sizes of IPv4 headers (RFC 791 section 3.1), in bytes.
const (
	IPv4MinSize = 20
	IPv4MaxSize = 60
)

// Protocol numbers (IANA) in the protocol field of IPv4, next header of IPv6.
const (
	ProtocolICMP   = 1
	ProtocolTCP    = 6
	ProtocolUDP    = 17
	ProtocolICMPv6 = 58
	ipIGMP         = 2
	ipESP          = 50
)

// IPv4Header is a view of an IPv4 header. Valid must hold before its accessors
// are used; with at least IPv4MinSize bytes none of them fails.
type IPv4Header []byte

// Valid says whether b begins with a whole IPv4 header, and its total length
// holds at least that header and is there. It does not look at the checksum.
func (h IPv4Header) Valid() bool {
	return len(h) >= IPv4MinSize && h.Version() == 4 && h.HeaderLen() >= IPv4MinSize &&
		h.TotalLen() >= h.HeaderLen() && h.TotalLen() <= len(h)
}

// Version is 4.
func (h IPv4Header) Version() int { return int(h[0] >> 4) }

// HeaderLen is the header's length in bytes, options included.
func (h IPv4Header) HeaderLen() int { return int(h[0]&15) * 4 }

// TOS is the former type of service: DSCP (6 bits) and ECN (2 bits).
func (h IPv4Header) TOS() uint8 { return h[1] }

// TotalLen is the length of header and payload in bytes.
func (h IPv4Header) TotalLen() int { return int(binary.BigEndian.Uint16(h[2:])) }

// ID is the identification, the same in all fragments of a packet.
func (h IPv4Header) ID() uint16 { return binary.BigEndian.Uint16(h[4:]) }

// DF forbids to fragment the packet.
func (h IPv4Header) DF() bool { return h[6]&0x40 != 0 }

// MF says that more fragments follow.
func (h IPv4Header) MF() bool { return h[6]&0x20 != 0 }

// FragmentOffset is where the payload lies in the whole one, in bytes.
func (h IPv4Header) FragmentOffset() int { return int(binary.BigEndian.Uint16(h[6:])&0x1fff) * 8 }

// Fragmented says whether this is a fragment, not a whole packet.
func (h IPv4Header) Fragmented() bool { return binary.BigEndian.Uint16(h[6:])&0x3fff != 0 }

// TTL is how many more routers the packet may pass.
func (h IPv4Header) TTL() uint8 { return h[8] }

// Protocol says what the payload is: ProtocolTCP …
func (h IPv4Header) Protocol() uint8 { return h[9] }

// Checksum is the header checksum.
func (h IPv4Header) Checksum() uint16 { return binary.BigEndian.Uint16(h[10:]) }

// Src is the source address.
func (h IPv4Header) Src() uint32 { return binary.BigEndian.Uint32(h[12:]) }

// Dst is the destination address.
func (h IPv4Header) Dst() uint32 { return binary.BigEndian.Uint32(h[16:]) }

// Options are the bytes after the fixed header.
func (h IPv4Header) Options() []byte { return h[IPv4MinSize:h.HeaderLen()] }

// Payload is what the packet carries, without padding that followed it.
func (h IPv4Header) Payload() []byte { return h[h.HeaderLen():h.TotalLen()] }

// ChecksumOK says whether the header checksum is right.
func (h IPv4Header) ChecksumOK() bool { return Checksum(Sum(h[:h.HeaderLen()], 0)) == 0 }

// SetChecksum computes the header checksum anew.
func (h IPv4Header) SetChecksum() {
	h[10], h[11] = 0, 0
	binary.BigEndian.PutUint16(h[10:], Checksum(Sum(h[:h.HeaderLen()], 0)))
}

// DecrementTTL takes one from the TTL, which must not be 0, and updates the
// checksum as a router does (RFC 1624).
func (h IPv4Header) DecrementTTL() {
	was := binary.BigEndian.Uint16(h[8:])
	h[8]--
	binary.BigEndian.PutUint16(h[10:], UpdateChecksum(h.Checksum(), was, was-0x100))
}

// IPv4Fields are the values of a header to write.
type IPv4Fields struct {
	HeaderLen      int // bytes; 0: IPv4MinSize
	TOS            uint8
	TotalLen       int // bytes, header included
	ID             uint16
	DF, MF         bool
	FragmentOffset int // bytes, a multiple of 8
	TTL, Protocol  uint8
	Src, Dst       uint32
}

// Put writes the header with its checksum. Options, when HeaderLen leaves
// room for them, must be in their place already.
func (h IPv4Header) Put(f *IPv4Fields) {
	_ = h[19]
	size := f.HeaderLen
	if size == 0 {
		size = IPv4MinSize
	}
	h[0] = 4<<4 | byte(size/4)
	h[1] = f.TOS
	binary.BigEndian.PutUint16(h[2:], uint16(f.TotalLen))
	binary.BigEndian.PutUint16(h[4:], f.ID)
	frag := uint16(f.FragmentOffset / 8)
	if f.DF {
		frag |= 0x4000
	}
	if f.MF {
		frag |= 0x2000
	}
	binary.BigEndian.PutUint16(h[6:], frag)
	h[8] = f.TTL
	h[9] = f.Protocol
	binary.BigEndian.PutUint32(h[12:], f.Src)
	binary.BigEndian.PutUint32(h[16:], f.Dst)
	h.SetChecksum()
}

var ipProtocols = map[uint64]string{
	ProtocolICMP: "ICMP", 2: "IGMP", 4: "IPv4", ProtocolTCP: "TCP", ProtocolUDP: "UDP", 41: "IPv6", 46: "RSVP", 47: "GRE", 50: "ESP", 51: "AH",
	0: "hop-by-hop options", 43: "IPv6 routing", 44: "IPv6 fragment", 58: "ICMPv6", 59: "nothing", 60: "destination options",
	88: "EIGRP", 89: "OSPF", 103: "PIM", 112: "VRRP", 115: "L2TP", 132: "SCTP", 136: "UDP-Lite",
}

var ecnNames = map[uint64]string{0: "not ECN-capable", 1: "ECN-capable, ECT(1)", 2: "ECN-capable, ECT(0)", 3: "congestion experienced"}

// addressFields are an address's own row and the rows that are other names
// for it.
func addressFields(proto, end string, f Field) []*Field {
	f.Name = proto + "." + end
	all := []*Field{&f}
	for _, alias := range []string{proto + ".addr", proto + "." + end + "_host", proto + ".host"} {
		a := f
		a.Name, a.Hidden = alias, true
		a.Help = "The same address, under a name that a filter may use."
		all = append(all, &a)
	}
	return all
}

var (
	ipv4Start = table(IPv4,
		&Field{Name: "ip.version", Label: "version", Type: TypeUint, At: 0, Size: 1, Mask: 0xf0, RFC: "RFC 791 sec. 3.1",
			Help: "Which version of IP the header follows: 4."},
		&Field{Name: "ip.hdr_len", Label: "header length", Type: TypeUint, At: 0, Size: 1, Mask: 0x0f, RFC: "RFC 791 sec. 3.1",
			Help: "How many 32-bit words the header has; more than 5 when there are options."})
	ipv4Lengths = table(IPv4,
		&Field{Name: "ip.dsfield", Label: "differentiated services", Type: TypeHex, At: 1, Size: 1, RFC: "RFC 2474 sec. 3",
			Help: "How routers should treat the packet when they are busy.", Sub: []*Field{
				{Name: "ip.dsfield.dscp", Label: "DSCP", Type: TypeUint, At: 1, Size: 1, Mask: 0xfc, RFC: "RFC 2474 sec. 3",
					Help: "The class of service that the packet asks for; 0 is ordinary."},
				{Name: "ip.dsfield.ecn", Label: "ECN", Type: TypeEnum, At: 1, Size: 1, Mask: 0x03, RFC: "RFC 3168 sec. 5", Names: ecnNames,
					Help: "Lets a router mark a packet, when it is nearly full, instead of dropping it."}}},
		&Field{Name: "ip.len", Label: "total length", Type: TypeUint, At: 2, Size: 2, RFC: "RFC 791 sec. 3.1",
			Help: "How many bytes the packet has, header and payload; what follows in the frame is padding."})
	ipv4Rest = table(IPv4,
		&Field{Name: "ip.id", Label: "identification", Type: TypeHex, At: 4, Size: 2, RFC: "RFC 6864",
			Help: "A number that all fragments of one packet share, so that they can be put together."},
		&Field{Name: "ip.flags", Label: "flags", Type: TypeHex, At: 6, Size: 1, Mask: 0xe0, RFC: "RFC 791 sec. 3.1",
			Help: "What may be, and was, done about fragments.", Sub: []*Field{
				{Name: "ip.flags.rb", Label: "reserved bit", Type: TypeBool, At: 6, Size: 1, Mask: 0x80, RFC: "RFC 791 sec. 3.1",
					Help: "Not used; must be zero."},
				{Name: "ip.flags.df", Label: "don't fragment", Type: TypeBool, At: 6, Size: 1, Mask: 0x40, RFC: "RFC 791 sec. 3.1",
					Help: "Forbids routers to cut the packet: where it is too long, it is dropped and an ICMP message goes back."},
				{Name: "ip.flags.mf", Label: "more fragments", Type: TypeBool, At: 6, Size: 1, Mask: 0x20, RFC: "RFC 791 sec. 3.1",
					Help: "Set in every fragment but the last."}}},
		&Field{Name: "ip.frag_offset", Label: "fragment offset", Type: TypeUint, At: 6, Size: 2, Mask: 0x1fff, RFC: "RFC 791 sec. 3.1",
			Help: "Where this fragment's payload lies in the whole one, counted in units of 8 bytes."},
		&Field{Name: "ip.ttl", Label: "time to live", Type: TypeUint, At: 8, Size: 1, RFC: "RFC 791 sec. 3.1",
			Help: "How many more routers the packet may pass; each takes one away, and at zero it is dropped."},
		&Field{Name: "ip.proto", Label: "protocol", Type: TypeEnum, At: 9, Size: 1, RFC: "RFC 791 sec. 3.1", Names: ipProtocols,
			Help: "What the packet carries; the receiving host hands the payload to that protocol."},
		&Field{Name: "ip.checksum", Label: "header checksum", Type: TypeHex, At: 10, Size: 2, RFC: "RFC 791 sec. 3.1",
			Help: "Protects the header, not the payload; every router checks it and makes it anew."})
	ipv4Source = table(IPv4, addressFields("ip", "src", Field{Label: "source", Type: TypeIPv4, At: 12, Size: 4, RFC: "RFC 791 sec. 3.1",
		Help: "The host that sent the packet; it stays the same over all hops."})...)
	ipv4Destination = table(IPv4, addressFields("ip", "dst", Field{Label: "destination", Type: TypeIPv4, At: 16, Size: 4, RFC: "RFC 791 sec. 3.1",
		Help: "The host that the packet is for; it stays the same over all hops."})...)
	ipv4Addresses = append(ipv4Source[:len(ipv4Source):len(ipv4Source)], ipv4Destination...)
	ipv4Current   = table(IPv4, &Field{Name: "ip.cur_rt", Label: "next station", Type: TypeIPv4, At: 16, Size: 4, RFC: "RFC 791 sec. 3.1",
		Help: "The router that the packet goes to next; its destination is the last of the source route."})
	ipv4Routed = append(ipv4Source[:len(ipv4Source):len(ipv4Source)], ipv4Current...)
	ipv4Status = row(IPv4, Field{Name: "ip.checksum.status", Label: "checksum status", Type: TypeEnum, Names: checksumStatus,
		Help: "Whether the header checksum fits the header."})
)

// ip reads a packet of the version that its first byte tells, and gives its
// end on the wire.
func (d *dissector) ip(s span) int {
	if s.pos < s.end && d.data[s.pos]>>4 == 6 {
		return d.ipv6(s)
	}
	return d.ipv4(s)
}

// ipv4 reads a packet and gives its end on the wire.
func (d *dissector) ipv4(s span) int {
	p := d.part(IPv4, s.pos, min(1, s.end-s.pos))
	if s.end-s.pos < 1 {
		d.short(IPv4, s)
		return s.wire
	}
	h := IPv4Header(d.data[s.pos:s.end])
	if h.Version() != 4 {
		p.Fields, _ = d.fixed(p.Fields, ipv4Start[:1], s.pos, s)
		d.expert(Error, "ip.bogus_ip_version", "The version is not 4: this is no IPv4 packet.", s.pos, 1)
		p.Len = max(1, min(h.HeaderLen(), s.end-s.pos))
		p.Payload = p.Pos + p.Len
		if h.Version() == 6 { // the type before it was wrong, not the packet
			return d.ipv6(s)
		}
		return s.wire
	}
	p.Fields, _ = d.fixed(p.Fields, ipv4Start, s.pos, s)
	hdr := find(p.Fields, "ip.hdr_len")
	hdr.Show, hdr.Uint = count(h.HeaderLen(), "byte"), uint64(h.HeaderLen()) // the value counts bytes, as Wireshark's
	if h.HeaderLen() < IPv4MinSize {
		d.expert(Error, "ip.bogus_header_length", "The header length is below 20 bytes.", s.pos, 1)
		return s.wire
	}
	var ok bool
	p.Fields, ok = d.fixed(p.Fields, ipv4Lengths, s.pos, s)
	p.Len = min(h.HeaderLen(), s.end-s.pos)
	p.Payload = s.pos + p.Len
	if ok && h.TotalLen() < h.HeaderLen() && h.TotalLen() > 0 {
		d.expert(Error, "ip.bogus_ip_length", "The total length is below the header's.", s.pos+2, 2)
		return s.wire
	}
	if ok && h.TotalLen() > s.size() && !d.quoted {
		d.expert(Error, "ip.bogus_ip_length", "The total length exceeds the bytes that are there.", s.pos+2, 2)
	}
	rest := ipv4Rest
	if s.end-s.pos == 7 { // Wireshark shows no flags without the fragment's offset
		rest = ipv4Rest[:1]
	}
	if p.Fields, ok = d.fixed(p.Fields, rest, s.pos, s); !ok || len(h) < 12 {
		d.short(IPv4, s)
		return s.wire
	}
	return d.ipv4Body(p, h, s)
}

// ipv4Body goes on after the fields before the addresses.
func (d *dissector) ipv4Body(p *Part, h IPv4Header, s span) int {
	total := h.TotalLen()
	if total == 0 { // the card cuts the packet later (segmentation offload)
		total = s.size()
	}
	packet := s.first(total)
	d.ipv4Checks(p, h, s)
	addresses, dst := ipv4Addresses, h.Dst
	if n := h.HeaderLen(); n > IPv4MinSize && len(h) >= IPv4MinSize {
		options := h[IPv4MinSize:min(n, len(h))]
		switch at := IPv4Station(options, n-IPv4MinSize); {
		case at < 0:
			packet.end = s.pos + 16 // the destination cannot be told
		case at > 0:
			addresses, dst = ipv4Routed, func() uint32 { return uint32(number(options[at : at+4])) }
		}
	}
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, addresses, s.pos, packet); !ok {
		d.short(IPv4, packet)
		return packet.wire
	}
	p.Summary = showIP(h[12:16]) + " ► " + showIP(h[16:20]) + ", " + showEnumName(ipProtocols, uint64(h.Protocol())) + ", TTL " + strconv.Itoa(int(h.TTL()))
	if h.Fragmented() {
		p.Summary += ", fragment at " + count(h.FragmentOffset(), "byte")
	}
	if h.HeaderLen() > IPv4MinSize {
		list := packet.first(h.HeaderLen()).from(IPv4MinSize)
		ok := list.end-list.pos == h.HeaderLen()-IPv4MinSize
		if ok {
			var options Node
			options, ok = d.ipv4Options(list, h.TTL())
			p.Fields = append(p.Fields, options)
		}
		if !ok {
			d.short(IPv4, packet)
			return packet.wire
		}
	}
	d.pseudo, d.overIPv6 = uint64(h.Src())+uint64(dst()), false
	d.ipv4Payload(h, packet.from(h.HeaderLen()))
	return packet.wire
}

// localTTL is what some protocols in 224.0.0.0/24 send with; 0: anything.
var localTTL = map[uint32]uint8{
	0xe0000012: 255, // VRRP (RFC 9568 section 5.1.1.3)
	0xe0000066: 255, // GLBP
	0xe00000fb: 255, // mDNS (RFC 6762 section 11)
	0xe00000fc: 0,   // LLMNR (RFC 4795 section 2.5)
}

// ipv4Checks adds the checksum's verdict, and looks at the TTL.
func (d *dissector) ipv4Checks(p *Part, h IPv4Header, s span) {
	verdict := uint64(checksumUnverified)
	if h.HeaderLen() <= len(h) && !d.quoted {
		verdict = checksumGood
		if !h.ChecksumOK() {
			verdict = checksumBad
			good := Checksum(Sum(h[:h.HeaderLen()], uint64(^h.Checksum())))
			find(p.Fields, "ip.checksum").Show += ", bad: should be " + showHex(uint64(good), 4)
			d.expert(Error, "ip.checksum_bad.expert", "The header checksum does not fit the header.", s.pos+10, 2)
		}
	}
	p.Fields = append(p.Fields, d.verdict(ipv4Status, s.pos+10, verdict))
	if len(h) < IPv4MinSize || d.quoted {
		return
	}
	local := h.Dst()>>8 == 0xe00000 // 224.0.0.0/24 never leaves its link
	ttl, other := localTTL[h.Dst()]
	switch {
	case local && other && (h.TTL() == ttl || ttl == 0):
	case local && (other || h.TTL() != 1):
		d.expert(Note, "ip.ttl.lncb", "A packet to 224.0.0.0/24 should have a TTL of 1.", s.pos+8, 1)
	case h.Dst()>>28 != 0xe && h.TTL() < 5 && h.Protocol() != 103 && h.Protocol() != 89:
		d.expert(Note, "ip.ttl.too_small", "Only few more routers may be passed.", s.pos+8, 1)
	}
}

// overlap tells of a fragment that brings what an earlier one brought. RFC 8200
// section 4.5 has such packets dropped; an attacker hides in them.
func (d *dissector) overlap(s span) {
	if d.opt.Overlaps {
		d.expert(Warning, "ip.fragment.overlap", "The fragment brings bytes that an earlier one brought, too.", s.pos, s.end-s.pos)
	}
}

func (d *dissector) ipv4Payload(h IPv4Header, s span) {
	frame := d.in == InFrame && !d.quoted
	if frame && h.Fragmented() {
		d.overlap(s)
	}
	switch {
	case h.Fragmented() && frame && d.opt.Reassembled != nil:
		d.payload(s)
		d.reassembled(func(s span) { d.transport(h.Protocol(), s) })
	case h.FragmentOffset() > 0, h.Fragmented() && frame && d.opt.Kept > 0:
		d.payload(s)
	default:
		fragmented := d.fragmented
		d.fragmented = h.MF()
		d.transport(h.Protocol(), s)
		d.fragmented = fragmented
	}
}

// transport reads what an IP packet carries.
func (d *dissector) transport(protocol uint8, s span) {
	d.depth++
	defer func() { d.depth-- }()
	switch {
	case !d.within():
		d.payload(s)
	case protocol == ProtocolTCP:
		d.tcp(s)
	case protocol == ProtocolUDP:
		d.udp(s)
	case protocol == ProtocolICMP:
		d.icmp(s)
	case protocol == 4:
		d.ip(s) // as Wireshark, whatever version is there
	case protocol == 41:
		d.ipv6(s)
	case ipTunnels[protocol] != nil:
		ipTunnels[protocol](d, s)
	case protocol == ipESP:
		d.esp(s)
	case protocol == ProtocolICMPv6:
		d.icmpv6(s)
	case protocol == ipIGMP:
		d.igmp(s)
	case ipv6Headers[protocol] != nil:
		d.extensions(&ipv6Packet{part: -1}, protocol, s)
	default:
		d.payload(s)
	}
}

func showEnumName(names map[uint64]string, v uint64) string {
	if name, ok := names[v]; ok {
		return name
	}
	return showEnum(names, v)
}
