package layers

// Types that GRE carries and Ethernet does not.
const (
	greNHRP      = 0x2001
	grePPP       = 0x880b
	greWCCP      = 0x883e
	greERSPAN    = 0x88be
	greERSPAN3   = 0x22eb
	greFrame     = 0x6559
	greHDLCFrame = 0x8881
)

var greTypes = func() map[uint64]string {
	all := map[uint64]string{EtherTypeBridge: "bridged Ethernet", greNHRP: "NHRP", grePPP: "PPP", greWCCP: "WCCP", greERSPAN: "ERSPAN", greERSPAN3: "ERSPAN III",
		greFrame: "frame relay", greHDLCFrame: "CDMA2000"}
	for t, name := range etherTypes {
		all[t] = name
	}
	return all
}()

// Bits of GRE's first word (RFC 2784 section 2.1, RFC 2890, RFC 2637 section 4.1).
const (
	greHasChecksum = 0x8000
	greHasRouting  = 0x4000
	greHasKey      = 0x2000
	greHasSequence = 0x1000
	greHasAck      = 0x0080
	greVersion     = 0x0007
)

var (
	greWord = describeOne(GRE, "RFC 2784 sec. 2.1", hexRow(0, 2, "gre.flags_and_version", "flags and version", "Which of the optional fields follow, and the version."))
	greBits = greFlags(
		flag(greHasChecksum, "gre.flags.checksum", "checksum present", "Set when a checksum follows."),
		flag(greHasRouting, "gre.flags.routing", "routing present", "Set when a list of routers to pass follows (RFC 1701)."),
		flag(greHasKey, "gre.flags.key", "key present", "Set when a key follows, which tells the tunnel's flows apart."),
		flag(greHasSequence, "gre.flags.sequence_number", "sequence number present", "Set when a sequence number follows."),
		flag(0x0800, "gre.flags.strict_source_route", "strict source route", "Set when no other router than those listed may be passed (RFC 1701)."),
		part(0x0700, "gre.flags.recursion_control", "recursion control", "How many more tunnels the packet may enter (RFC 1701)."))
	greBits0 = greFlags(part(0x00f8, "gre.flags.reserved", "reserved", "Zero."), part(greVersion, "gre.flags.version", "version", "0: GRE; 1: the variant of PPTP."))
	greBits1 = greFlags(flag(greHasAck, "gre.flags.ack", "acknowledgment present", "Set when an acknowledgment follows."),
		part(0x0078, "gre.flags.reserved", "reserved", "Zero."), greBits0[1])
	greProto     = describeOne(GRE, "RFC 2784 sec. 2.4", enumRow(2, 2, "gre.proto", "type", greTypes, "What the tunnel carries, as an EtherType."))
	greChecksum  = describeOne(GRE, "RFC 2784 sec. 2.5", hexRow(0, 2, "gre.checksum", "checksum", "Protects the header and what it carries."))
	greStatus    = describeOne(GRE, "RFC 2784 sec. 2.5", enumRow(0, 0, "gre.checksum.status", "checksum status", checksumStatus, "Whether the checksum fits."))
	greOffset    = describeOne(GRE, "RFC 1701", uintRow(0, 2, "gre.offset", "offset", "Where in the list of routers the next one is."))
	greKey       = describeOne(GRE, "RFC 2890 sec. 2.1", hexRow(0, 4, "gre.key", "key", "Tells the tunnel's flows apart."))
	greCall      = describe(GRE, "RFC 2637 sec. 4.1", uintRow(0, 2, "gre.key.payload_length", "payload length", "How many bytes the tunnel carries in this packet."), uintRow(2, 2, "gre.key.call_id", "call", "The receiver's number of the PPTP call."))
	greSequence  = describeOne(GRE, "RFC 2890 sec. 2.2", uintRow(0, 4, "gre.sequence_number", "sequence number", "The number of the packet in its flow."))
	greAck       = describeOne(GRE, "RFC 2637 sec. 4.1", uintRow(0, 4, "gre.ack_number", "acknowledgment number", "The highest number of a packet that has come from the other end."))
	greRouting   = describeOne(GRE, "RFC 1701", heading("gre.routing", "routing", "A list of routers to pass."))
	greRoute     = describe(GRE, "RFC 1701", uintRow(0, 2, "gre.routing.address_family", "address family", "What kind of addresses the list has; 0 ends it."), uintRow(2, 1, "gre.routing.sre_offset", "offset", "Where in the list the next router is."), uintRow(3, 1, "gre.routing.src_length", "length", "How many bytes the list has."))
	greRouteData = describeOne(GRE, "RFC 1701", bytesRow(0, 0, "gre.routing.information", "addresses", "The routers to pass."))
	greRedirect  = describeOne(GRE, "draft-wilson-wrec-wccp-v2-01 sec. 4.12", &Field{Name: "gre.wccp.redirect_header", Label: "redirect header", Type: TypeNone, Size: 4,
		Help: "Why a router has sent the packet to a cache.", Sub: append(inWord(0, 1,
			flag(1, "gre.wccp.dynamic_service", "dynamic service", "Set when the service is not a well-known one."),
			flag(2, "gre.wccp.alternative_bucket_used", "alternative bucket used", "Set when the second choice of a cache was taken."),
			flag(4, "gre.wccp.redirect_header_valid", "header valid", "Set when the rest of this header means something.")),
			uintRow(1, 1, "gre.wccp.service_id", "service", "Which service the packet belongs to; 0 is HTTP."),
			uintRow(2, 1, "gre.wccp.alternative_bucket", "alternative bucket", "The hash value that chose the second cache."),
			uintRow(3, 1, "gre.wccp.primary_bucket", "primary bucket", "The hash value that chose the first cache."))})
)

func greFlags(rows ...*Field) []*Field {
	return describe(GRE, "RFC 2784 sec. 2.1", inWord(0, 2, rows...)...)
}

// gre reads a GRE header and what it carries.
func (d *dissector) gre(s span) {
	i := len(d.tree.Parts)
	d.part(GRE, s.pos, min(4, s.end-s.pos))
	c := d.cursor(s)
	var fields []Node
	bits, kind := c.peek(0, 2), uint16(c.peek(2, 2))
	version := bits & greVersion
	if c.ok(2) {
		n := d.node(greWord, s.pos, 2)
		n.Children, _ = d.fixed(nil, greBits, s.pos, s)
		last := greBits0
		if version == 1 {
			last = greBits1
		}
		n.Children, _ = d.fixed(n.Children, last, s.pos, s)
		fields = append(fields, n)
		c.skip(2)
	}
	c.all(&fields, greProto)
	d.greOptions(c, &fields, bits, kind, s)
	p := &d.tree.Parts[i]
	p.Fields = fields
	p.Len, p.Payload = c.pos-s.pos, c.pos
	p.Summary = showEnumName(greTypes, uint64(kind))
	switch {
	case *c.broken:
		d.short(GRE, s)
	case bits&greHasSequence == 0 && kind == greERSPAN: // Type I has no header
		d.erspanPlain(c.span)
	default:
		d.greProtocol(kind, c.span)
	}
}

// greOptions reads the optional fields.
func (d *dissector) greOptions(c *cursor, dst *[]Node, bits int, kind uint16, s span) {
	if bits&(greHasChecksum|greHasRouting) != 0 {
		n := c.take(dst, greChecksum, 2)
		if n.Field != nil {
			verdict := uint64(checksumUnverified)
			if bits&greHasChecksum != 0 && s.whole() {
				verdict = checksumGood
				if Checksum(Sum(d.data[s.pos:s.end], 0)) != 0 {
					verdict = checksumBad
					n.Show += ", bad"
					d.expert(Warning, "gre.checksum.incorrect", "The checksum does not fit.", n.Pos, 2)
				}
			}
			*dst = append(*dst, d.verdict(greStatus, n.Pos, verdict))
		}
		c.all(dst, greOffset)
	}
	if bits&greHasKey != 0 {
		if bits&greVersion == 1 && kind == grePPP {
			c.all(dst, greCall...)
		} else {
			c.all(dst, greKey)
		}
	}
	if bits&greHasSequence != 0 {
		c.all(dst, greSequence)
	}
	// PPTP alone has acknowledgments: Wireshark looks at the type, too.
	if bits&greVersion == 1 && bits&greHasAck != 0 && (kind == grePPP || kind == greHDLCFrame) {
		c.all(dst, greAck)
	}
	for more := bits&greHasRouting != 0; more && c.ok(4); {
		size := c.peek(3, 1)
		more = c.peek(0, 2) != 0 || size != 0
		*dst = append(*dst, d.told(greRouting, c.pos, min(4+size, c.end-c.pos), ""))
		*dst, _ = d.fixed(*dst, greRoute, c.pos, c.span)
		c.skip(4)
		c.take(dst, greRouteData, size)
	}
	// WCCP's second version puts a header here without saying so.
	if kind == greWCCP && c.left() > 0 && d.data[c.pos]>>4 != 4 {
		c.take(dst, greRedirect, 4)
	}
}

// greProtocol reads a payload by its type, and gives its end.
func (d *dissector) greProtocol(kind uint16, s span) int {
	d.depth++
	defer func() { d.depth-- }()
	switch {
	case s.size() <= 0:
	case !d.within():
		d.payload(s)
	case kind == grePPP:
		d.pppHDLC(s)
	case kind == greERSPAN, kind == greERSPAN3:
		d.erspan(s)
	case kind == greWCCP:
		return d.ip(s)
	case kind == greFrame:
		d.frameRelay(s)
	case kind == EtherTypeBridge, kind == 0x6400: // the second is what some devices send
		d.bridged(s)
	case kind == 0x2000:
		d.cdp(s)
	case kind == EtherTypeCMD:
		return d.cmdOverGRE(s)
	case kind == EtherTypeNSH:
		d.nsh(s)
	case kind >= 0x8200 && kind <= 0x83f0 && kind&0xf == 0: // Aruba's access points
		d.wlanFrame(s, false, false)
	case kind == EtherTypeIPv4, kind == EtherTypeIPv6, kind == EtherTypeARP, kind == EtherTypeMPLS, kind == EtherTypeMPLSMany:
		return d.etherType(kind, s)
	default:
		d.payload(s)
	}
	return s.wire
}
