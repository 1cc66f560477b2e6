package layers

import "strconv"

const frRFC = "ITU-T Q.922 sec. 3.3"

var (
	frFirst = describeOne(FrameRelay, frRFC, split(hexRow(0, 1, "fr.first_addr_octet", "first address byte", "The first part of the address."),
		part(0xfc, "fr.upper_dlci", "upper bits of the DLCI", "The first six bits of the connection's number."),
		flag(0x02, "fr.cr", "command or response", "Left to the users of the connection."),
		flag(0x01, "fr.ea", "last byte", "Set in the last byte of the address.")))
	frSecond = describeOne(FrameRelay, frRFC, split(hexRow(0, 1, "fr.second_addr_octet", "second address byte", "The second part of the address."),
		part(0xf0, "fr.second_dlci", "next bits of the DLCI", "Four more bits of the connection's number."),
		flag(0x08, "fr.fecn", "congestion forwards", "Set by a switch that is nearly full, on frames that pass it: the receiver learns of it."),
		flag(0x04, "fr.becn", "congestion backwards", "Set by a switch that is nearly full, on frames the other way: the sender learns of it."),
		flag(0x02, "fr.de", "drop eligible", "Set on a frame that may be dropped first."),
		flag(0x01, "fr.ea", "last byte", "Set in the last byte of the address.")))
	frThird = describeOne(FrameRelay, frRFC, split(hexRow(0, 1, "fr.third_addr_octet", "third address byte", "The third part of the address."),
		part(0xfe, "fr.third_dlci", "more bits of the DLCI", "Seven more bits of the connection's number."),
		flag(0x01, "fr.ea", "last byte", "Set in the last byte of the address.")))
	frFinal  = describeOne(FrameRelay, frRFC, hexRow(0, 1, "", "last address byte", "The last part of a longer address."))
	frLower  = frBits(part(0xfc, "fr.lower_dlci", "lower bits of the DLCI", "The last six bits of the connection's number."))
	frCore   = frBits(&Field{Name: "fr.dlcore_control", Label: "control bits", Type: TypeHex, Mask: 0xfc, Help: "Bits for the control of the link, in place of a part of the DLCI."})
	frLast   = frBits(flag(0x01, "fr.ea", "last byte", "Set in the last byte of the address."))
	frDC     = frBits(flag(0x02, "fr.dc", "address or control", "Set when the byte holds control bits, not a part of the DLCI."))
	frDLCI   = describeOne(FrameRelay, frRFC, uintRow(0, 0, "fr.dlci", "DLCI", "The number of the connection on this link."))
	frCHDLC  = describeOne(FrameRelay, "Cisco", enumRow(0, 2, "fr.chdlctype", "type", chdlcProtocols, "What the frame carries, in Cisco's own encapsulation."))
	frUI     = describeOne(FrameRelay, "RFC 2427 sec. 3", hexRow(0, 1, "fr.control", "control", "The kind of frame: unnumbered information."))
	frUIBits = describe(FrameRelay, "RFC 2427 sec. 3", inWord(0, 1,
		named(0xec, "fr.control.u_modifier_cmd", "command", llcCommands, "What the frame is for."),
		named(0x03, "fr.control.ftype", "frame type", llcTypes, "Whether the frame has a number, and carries data."))...)
	frNLPID = describeOne(FrameRelay, "RFC 2427 sec. 3", enumRow(0, 1, "fr.nlpid", "protocol", map[uint64]string{0x80: "SNAP", 0x81: "CLNP", 0x82: "ES-IS", 0x83: "IS-IS", 0x8e: "IPv6", 0xcc: "IPv4", 0xcf: "PPP", 0xb0: "compressed"},
		"What the frame carries, as ISO's number of network protocols."))
	frSNAP = snapRows{
		oui:   describeOne(FrameRelay, snapRFC, hexRow(0, 3, "fr.snap.oui", "organisation", "Whose numbers of protocols the next field is from.")),
		etype: describeOne(FrameRelay, "RFC 2427", enumRow(3, 2, "fr.snaptype", "type", etherTypes, "What the frame carries, as an EtherType.")),
		pid:   describeOne(FrameRelay, snapRFC, hexRow(3, 2, "fr.snap.pid", "protocol", "What the frame carries, as the organisation's number.")),
		pids:  snapPIDs,
	}
)

func frBits(f *Field) *Field {
	f.Size = 1
	return describeOne(FrameRelay, frRFC, f)
}

// frameRelay reads a frame by its address of two to four bytes; what follows
// is as Cisco or as RFC 2427 has it.
func (d *dissector) frameRelay(s span) {
	i := len(d.tree.Parts)
	d.part(FrameRelay, s.pos, min(4, s.end-s.pos))
	c := d.cursor(s)
	var fields []Node
	dlci, ok := d.frAddress(c, &fields)
	p := &d.tree.Parts[i]
	p.Fields = fields
	if !ok {
		d.short(FrameRelay, s)
		return
	}
	p.Summary = "DLCI " + strconv.Itoa(dlci)
	if c.left() > 0 && d.data[c.pos] == 3 { // unnumbered information
		d.frIETF(p, c)
	} else {
		d.frCisco(p, c)
	}
}

// frAddress reads the address, and gives the DLCI.
func (d *dissector) frAddress(c *cursor, dst *[]Node) (dlci int, ok bool) {
	start := c.pos
	b := c.peek(0, 1)
	c.all(dst, frFirst)
	dlci = b >> 2
	if b&1 != 0 || !c.ok(1) {
		return dlci, c.ok(0)
	}
	b = c.peek(0, 1)
	c.all(dst, frSecond)
	dlci = dlci<<4 | b>>4
	if b&1 == 0 && c.ok(1) {
		b = c.peek(0, 1)
		if b&1 == 0 {
			c.all(dst, frThird)
			dlci = dlci<<7 | b>>1
			b = c.peek(0, 1)
		}
		last := d.told(frFinal, c.pos, min(1, c.left()), "")
		if b&2 != 0 {
			c.over(&last.Children, frCore, 1)
		} else {
			c.over(&last.Children, frLower, 1)
			dlci = dlci<<6 | b>>2
		}
		c.over(&last.Children, frDC, 1)
		c.take(&last.Children, frLast, 1)
		*dst = append(*dst, last)
	}
	n := d.told(frDLCI, start, c.pos-start, strconv.Itoa(dlci))
	n.Uint = uint64(dlci)
	*dst = append(*dst, n)
	return dlci, c.ok(0)
}

// frCisco reads what follows the address as Cisco's encapsulation has it.
func (d *dissector) frCisco(p *Part, c *cursor) {
	t := uint16(c.peek(0, 2))
	c.all(&p.Fields, frCHDLC)
	p.Len, p.Payload = c.pos-p.Pos, c.pos
	switch {
	case *c.broken:
		d.short(FrameRelay, c.span)
	case t == 0x2000:
		d.cdp(c.span)
	case t == chdlcSLARP:
		d.slarp(c.span)
	case t == EtherTypeIPv4, t == EtherTypeIPv6, t == EtherTypeMPLS, t == EtherTypeMPLSMany, t == EtherTypeBridge:
		d.etherType(t, c.span)
	default:
		d.payload(c.span)
	}
}

// frIETF reads what follows the address as RFC 2427 has it.
func (d *dissector) frIETF(p *Part, c *cursor) {
	control := c.node(frUI, c.pos, 1)
	control.Children, _ = d.fixed(nil, frUIBits, c.pos, c.span)
	p.Fields = append(p.Fields, control)
	c.skip(1)
	if c.left() > 0 && d.data[c.pos] == 0 { // a byte that makes the rest even
		c.skip(1)
	}
	nlpid := c.peek(0, 1)
	c.all(&p.Fields, frNLPID)
	p.Len, p.Payload = c.pos-p.Pos, c.pos
	switch {
	case *c.broken:
		d.short(FrameRelay, c.span)
	case nlpid == 0x80:
		d.snap(p, frSNAP, true, c.span)
	case nlpid == 0xcc:
		d.ip(c.span)
	case nlpid == 0x8e:
		d.ipv6(c.span)
	case nlpid == 0xcf:
		d.ppp(c.span)
	default:
		d.payload(c.span)
	}
}
