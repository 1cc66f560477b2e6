package layers

// pppAddressControl are the address (all stations) and the control field
// (unnumbered information) of PPP in HDLC-like framing (RFC 1662 section 3.1).
const pppAddressControl = 0xff03

// PPP protocol numbers (RFC 1661 section 2).
const (
	pppIPv4     = 0x0021
	pppOSI      = 0x0023
	pppIPv6     = 0x0057
	pppMPLS     = 0x0281
	pppMPLSMany = 0x0283
)

var pppProtocols = map[uint64]string{
	pppIPv4: "IPv4", pppOSI: "OSI", 0x0025: "XNS", 0x0027: "DECnet", 0x0029: "AppleTalk", 0x002b: "IPX", 0x002d: "compressed TCP", 0x002f: "uncompressed TCP",
	0x003d: "multilink", pppIPv6: "IPv6", 0x00fd: "compressed", 0x0201: "bridged spanning tree", 0x0207: "CDP", pppMPLS: "MPLS", pppMPLSMany: "MPLS multicast",
	0x8021: "IPCP", 0x8023: "OSI control", 0x802b: "IPX control", 0x8057: "IPv6CP", 0x80fd: "compression control", 0x8207: "CDP control", 0x8281: "MPLS control",
	0xc021: "LCP", 0xc023: "PAP", 0xc025: "link quality report", 0xc223: "CHAP", 0xc227: "EAP",
}

var (
	pppAddress = describe(PPP, "RFC 1662 sec. 3.1",
		hexRow(0, 1, "ppp.address", "address", "The station that is meant: on a link with two ends always all stations."),
		hexRow(1, 1, "ppp.control", "control", "The kind of frame: PPP sends information without numbers."))
	pppProtocol = describeOne(PPP, "RFC 1661 sec. 2", enumRow(0, 2, "ppp.protocol", "protocol", pppProtocols,
		"What the frame carries; the first byte is left out when it is zero and both ends agreed on that."))
)

// pppReaders read what the protocol numbers stand for, and give its end.
var pppReaders map[uint16]func(*dissector, span) int

func init() { // the readers come back to this table
	pppReaders = map[uint16]func(*dissector, span) int{
		pppIPv4: (*dissector).ip, pppIPv6: (*dissector).ipv6,
		pppMPLS: (*dissector).mpls, pppMPLSMany: (*dissector).mpls,
		EtherTypeIPv4: (*dissector).ip, EtherTypeIPv6: (*dissector).ipv6, // as some tunnels have it
		0x8021: pppControl(ipcpOptions), 0x8057: pppControl(ipv6cpOptions), 0x80fd: pppControl(ccpOptions), 0xc021: pppControl(lcpOptions),
		0xc023: (*dissector).pap, 0xc223: (*dissector).chap,
	}
}

// pppDirected reads a frame after the byte with its direction, which is the
// capture's and not the link's.
func (d *dissector) pppDirected(s span) { d.pppHDLC(s.from(1)) }

// pppHDLC reads a frame in HDLC-like framing, whose address and control may
// have been left out (RFC 1661 section 6.6). A Cisco router uses other
// addresses, on the same kind of link.
func (d *dissector) pppHDLC(s span) {
	if s.pos < s.end && (d.data[s.pos] == chdlcUnicast || d.data[s.pos] == chdlcMulticast) {
		d.chdlc(s)
		return
	}
	p := d.part(PPP, s.pos, 0)
	if s.pos < s.end && d.data[s.pos] == 0xff {
		var ok bool
		if p.Fields, ok = d.fixed(p.Fields, pppAddress, s.pos, s); !ok {
			d.short(PPP, s)
			return
		}
		s = s.from(2)
	}
	d.pppProtocol(p, s)
}

// ppp reads a frame that begins with its protocol, and gives its end.
func (d *dissector) ppp(s span) int { return d.pppProtocol(d.part(PPP, s.pos, 0), s) }

func (d *dissector) pppProtocol(p *Part, s span) int {
	size := 2
	if s.pos < s.end && d.data[s.pos]&1 != 0 { // RFC 1661 section 6.5
		size = 1
	}
	if s.end-s.pos < size {
		p.Len, p.Payload = s.end-p.Pos, s.end
		d.short(PPP, s)
		return s.wire
	}
	n := d.node(pppProtocol, s.pos, size)
	p.Fields = append(p.Fields, n)
	p.Summary = n.Show
	s = s.from(size)
	p.Len, p.Payload = s.pos-p.Pos, s.pos
	d.depth++
	defer func() { d.depth-- }()
	if read := pppReaders[uint16(n.Uint)]; read != nil && d.within() {
		return read(d, s)
	}
	d.payload(s)
	return s.wire
}
