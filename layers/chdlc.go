package layers

// Addresses of Cisco's HDLC, which tell it from PPP's.
const (
	chdlcUnicast   = 0x0f
	chdlcMulticast = 0x8f
)

const (
	chdlcSize  = 4
	chdlcSLARP = 0x8035
	chdlcOSI   = 0xfefe
)

const chdlcRFC = "LINKTYPE_C_HDLC"

var (
	chdlcHeader = describe(CHDLC, chdlcRFC,
		enumRow(0, 1, "chdlc.address", "address", map[uint64]string{chdlcUnicast: "unicast", chdlcMulticast: "multicast"}, "Whether one station or all are meant."),
		hexRow(1, 1, "chdlc.control", "control", "Always zero."),
		enumRow(2, 2, "chdlc.protocol", "protocol", chdlcProtocols, "What the frame carries, mostly as an EtherType."))
	chdlcProtocols = map[uint64]string{EtherTypeIPv4: "IPv4", EtherTypeIPv6: "IPv6", 0x2000: "CDP", chdlcSLARP: "SLARP", 0x4242: "spanning tree",
		0x8847: "MPLS", 0x8848: "MPLS multicast", chdlcOSI: "OSI", 0x6558: "bridged Ethernet"}

	slarpType = describeOne(SLARP, chdlcRFC, enumRow(0, 4, "slarp.ptype", "type", map[uint64]string{0: "request", 1: "reply", 2: "keepalive"},
		"Whether this asks for an address, gives one, or only shows that the link works."))
	slarpAddress = describe(SLARP, chdlcRFC,
		ipv4Row(4, "slarp.address", "address", "The IPv4 address of the sender's end of the link."),
		ipv4Row(8, "slarp.netmask", "netmask", "The mask of the network to which the link belongs."))
	slarpKeepalive = describe(SLARP, chdlcRFC,
		uintRow(4, 4, "slarp.mysequence", "sequence number", "The number of this keepalive."),
		uintRow(8, 4, "slarp.yoursequence", "returned sequence number", "The number of the last keepalive that came from the other end."),
		hexRow(12, 2, "slarp.reliability", "reliability", "How good the link is: always all ones."))
)

// chdlc reads a frame in Cisco's HDLC framing.
func (d *dissector) chdlc(s span) {
	p := d.part(CHDLC, s.pos, min(chdlcSize, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, chdlcHeader, s.pos, s); !ok {
		d.short(CHDLC, s)
		return
	}
	t := uint16(number(d.data[s.pos+2 : s.pos+4]))
	p.Summary = show(chdlcHeader[2], uint64(t), nil)
	switch inner := s.from(chdlcSize); t {
	case chdlcSLARP:
		d.slarp(inner)
	case EtherTypeIPv4, EtherTypeIPv6, EtherTypeMPLS, EtherTypeMPLSMany, EtherTypeBridge:
		d.etherType(t, inner)
	case 0x2000:
		d.cdp(inner)
	case 0x4242:
		d.stp(inner)
	default:
		d.payload(inner)
	}
}

// slarp reads a keepalive, or a request or reply about an address.
func (d *dissector) slarp(s span) {
	p := d.part(SLARP, s.pos, min(14, s.end-s.pos))
	if s.end-s.pos < 4 {
		d.short(SLARP, s)
		return
	}
	n := d.node(slarpType, s.pos, 4)
	p.Fields = append(p.Fields, n)
	p.Summary = n.Show
	var ok bool
	switch n.Uint {
	case 0, 1:
		p.Fields, ok = d.fixed(p.Fields, slarpAddress, s.pos, s)
	case 2:
		p.Fields, ok = d.fixed(p.Fields, slarpKeepalive, s.pos, s)
	default:
		p.Len, p.Payload = 4, s.pos+4
		d.payload(s.from(4))
		return
	}
	if !ok {
		d.short(SLARP, s)
	}
}
