package layers

import "strconv"

// Types of LLDP's TLVs (IEEE 802.1AB section 8.4.1).
const (
	lldpEnd          = 0
	lldpChassis      = 1
	lldpPort         = 2
	lldpTTL          = 3
	lldpPortText     = 4
	lldpName         = 5
	lldpDescription  = 6
	lldpCapabilities = 7
	lldpManagement   = 8
	lldpOrganisation = 127
)

const lldpRFC = "IEEE 802.1AB sec. 8"

var (
	lldpTypes = map[uint64]string{lldpEnd: "end", lldpChassis: "chassis", lldpPort: "port", lldpTTL: "time to live", lldpPortText: "port description", lldpName: "system name",
		lldpDescription: "system description", lldpCapabilities: "system capabilities", lldpManagement: "management address", lldpOrganisation: "organisation's own"}
	lldpChassisKinds = map[uint64]string{1: "chassis component", 2: "interface alias", 3: "port component", 4: "MAC address", 5: "network address", 6: "interface name", 7: "locally assigned"}
	lldpPortKinds    = map[uint64]string{1: "interface alias", 2: "port component", 3: "MAC address", 4: "network address", 5: "interface name", 6: "agent circuit", 7: "locally assigned"}
	addressFamilies  = map[uint64]string{1: "IPv4", 2: "IPv6", 6: "IEEE 802"}

	lldpTLV  = describeOne(LLDP, lldpRFC, bytesRow(0, 0, "", "TLV", "One thing that the station tells of itself."))
	lldpHead = describe(LLDP, lldpRFC, inWord(0, 2,
		named(0xfe00, "lldp.tlv.type", "type", lldpTypes, "What this tells."),
		part(0x01ff, "lldp.tlv.len", "length", "How many bytes of value follow."))...)

	lldpChassisKind = describeOne(LLDP, lldpRFC, enumRow(0, 1, "lldp.chassis.subtype", "kind of chassis identifier", lldpChassisKinds, "What the chassis is known by."))
	lldpPortKind    = describeOne(LLDP, lldpRFC, enumRow(0, 1, "lldp.port.subtype", "kind of port identifier", lldpPortKinds, "What the port is known by."))
	lldpFamily      = describeOne(LLDP, lldpRFC, enumRow(0, 1, "lldp.network_address.subtype", "address family", addressFamilies, "What kind of network address follows."))
	lldpChassisID   = lldpIdentifier("chassis", TypeBytes, "The chassis that sent this.")
	lldpPortID      = lldpIdentifier("port", TypeString, "The port that this was sent from.")
	lldpSeconds     = describeOne(LLDP, lldpRFC, uintRow(0, 2, "lldp.time_to_live", "seconds", "How long what is told may be believed; 0: forget it now."))
	lldpTexts       = map[int]*Field{
		lldpPortText:    describeOne(LLDP, lldpRFC, textRow(0, 0, "lldp.port.desc", "port description", "The port in the words of its administrator.")),
		lldpName:        describeOne(LLDP, lldpRFC, textRow(0, 0, "lldp.tlv.system.name", "system name", "The station's name.")),
		lldpDescription: describeOne(LLDP, lldpRFC, textRow(0, 0, "lldp.tlv.system.desc", "system description", "Hardware and software of the station, in words.")),
	}
	lldpCaps = describe(LLDP, lldpRFC,
		lldpCapability(0, "lldp.tlv.system_cap", "capabilities", "What the station can be."),
		lldpCapability(2, "lldp.tlv.enable_system_cap", "enabled capabilities", "What the station is now."))

	lldpAddressLen  = describeOne(LLDP, lldpRFC, uintRow(0, 1, "lldp.mgn.address.len", "address length", "How many bytes the address has, with its family."))
	lldpAddressKind = describeOne(LLDP, lldpRFC, enumRow(0, 1, "lldp.mgn.address.subtype", "address family", addressFamilies, "What kind of address follows."))
	lldpAddress     = map[int]*Field{
		4:  describeOne(LLDP, lldpRFC, ipv4Row(0, "lldp.mgn.addr.ip4", "management address", "Where the station can be managed.")),
		16: describeOne(LLDP, lldpRFC, ipv6Row(0, "lldp.mgn.addr.ip6", "management address", "Where the station can be managed.")),
		0:  describeOne(LLDP, lldpRFC, bytesRow(0, 0, "lldp.mgn.addr.hex", "management address", "Where the station can be managed.")),
	}
	lldpInterface = describe(LLDP, lldpRFC,
		enumRow(0, 1, "lldp.mgn.interface.subtype", "kind of interface number", map[uint64]string{1: "unknown", 2: "ifIndex", 3: "system port"}, "What the next number counts."),
		uintRow(0, 4, "lldp.mgn.interface.number", "interface", "The interface that has the address."),
		uintRow(0, 1, "lldp.mgn.obj.len", "identifier length", "How many bytes the object identifier has."))
	lldpObject = describeOne(LLDP, lldpRFC, bytesRow(0, 0, "lldp.mgn.obj.id", "object identifier", "What the address belongs to, in the management's numbers."))
)

// lldpIdentifier are the rows of an identifier: any, MAC, IPv4, IPv6.
func lldpIdentifier(of string, other Type, help string) [4]*Field {
	return [4]*Field(describe(LLDP, lldpRFC,
		&Field{Name: "lldp." + of + ".id", Label: of, Type: other, Help: help},
		macRow(0, "lldp."+of+".id.mac", of, help), ipv4Row(0, "lldp."+of+".id.ip4", of, help), ipv6Row(0, "lldp."+of+".id.ip6", of, help)))
}

func lldpCapability(at int, name, label, help string) *Field {
	return split(hexRow(at, 2, name, label, help),
		flag(0x01, name+".other", "other", "Something that is not in this list."), flag(0x02, name+".repeater", "repeater", "A repeater."),
		flag(0x04, name+".bridge", "bridge", "A bridge: a switch."), flag(0x08, name+".wlan_access_pt", "access point", "A wireless access point."),
		flag(0x10, name+".router", "router", "A router."), flag(0x20, name+".telephone", "telephone", "A telephone."),
		flag(0x40, name+".docsis_cable_device", "cable device", "A cable modem."), flag(0x80, name+".station_only", "station only", "A host and nothing else."))
}

// lldp reads what a station tells its neighbour on the link, and gives its
// end. The first three TLVs have their place (IEEE 802.1AB section 8.2).
func (d *dissector) lldp(s span) int {
	i := len(d.tree.Parts)
	d.part(LLDP, s.pos, s.end-s.pos)
	c := d.cursor(s)
	var fields []Node
	for n := 1; c.left() > 0; n++ {
		kind, size := c.peek(0, 2)>>9, c.peek(0, 2)&0x1ff
		if n <= lldpTTL && kind != n {
			d.expert(Error, "lldp.bad_type", "Chassis, port and time to live come first, in this order.", c.pos, min(2, c.left()))
			c.skip(c.left())
			break
		}
		if !c.ok(2) {
			break
		}
		t := c.cut(min(2+size, c.left()))
		node := d.node(lldpTLV, t.pos, t.left())
		node.Show = showEnumName(lldpTypes, uint64(kind))
		d.lldpValue(t, &node, kind, size)
		fields = append(fields, node)
		if kind == lldpEnd {
			break
		}
	}
	p := &d.tree.Parts[i]
	p.Fields = fields
	p.Len, p.Payload = c.pos-s.pos, c.pos
	p.Summary = lldpSummary(fields)
	if *c.broken {
		d.short(LLDP, s)
		return s.wire
	}
	return c.pos
}

func lldpSummary(fields []Node) string {
	text := ""
	for _, t := range fields {
		for _, n := range t.Children {
			switch n.Field.Name {
			case "lldp.chassis.id", "lldp.chassis.id.mac", "lldp.chassis.id.ip4", "lldp.chassis.id.ip6":
				text += "chassis " + n.Show
			case "lldp.port.id", "lldp.port.id.mac", "lldp.port.id.ip4", "lldp.port.id.ip6":
				text += ", port " + n.Show
			case "lldp.tlv.system.name":
				text += ", " + n.Show
			}
		}
	}
	return text
}

// lldpValue reads one TLV of n bytes of value.
func (d *dissector) lldpValue(c *cursor, node *Node, kind, n int) {
	dst := &node.Children
	*dst, _ = d.fixed(nil, lldpHead, c.pos, c.span)
	c.skip(2)
	switch kind {
	case lldpChassis:
		c.identifier(dst, lldpChassisKind, lldpChassisID, 4, 5)
	case lldpPort:
		c.identifier(dst, lldpPortKind, lldpPortID, 3, 4)
	case lldpTTL:
		c.all(dst, lldpSeconds)
	case lldpPortText, lldpName, lldpDescription:
		if text := c.take(dst, lldpTexts[kind], n); text.Field != nil {
			node.Show += ": " + text.Show
		}
	case lldpCapabilities:
		if c.ok(4) {
			*dst, _ = d.fixed(*dst, lldpCaps, c.pos, c.span)
		}
	case lldpManagement:
		c.management(dst)
	case lldpOrganisation:
		c.organisation(dst)
	}
}

// identifier reads an identifier of a kind of which two have a shape.
func (c *cursor) identifier(dst *[]Node, kind *Field, rows [4]*Field, mac, network int) {
	k := c.peek(0, 1)
	c.all(dst, kind)
	f := rows[0]
	switch n := c.left(); {
	case k == mac && n == 6:
		f = rows[1]
	case k == mac:
		return
	case k == network:
		family := c.peek(0, 1)
		c.all(dst, lldpFamily)
		if family == 1 && n == 5 {
			f = rows[2]
		} else if family == 2 && n == 17 {
			f = rows[3]
		}
	}
	c.rest(dst, f)
}

func (c *cursor) management(dst *[]Node) {
	n := c.peek(0, 1)
	family := c.peek(1, 1)
	c.all(dst, lldpAddressLen, lldpAddressKind)
	f := lldpAddress[0]
	if family == 1 && n == 5 || family == 2 && n == 17 {
		f = lldpAddress[n-1]
	}
	c.take(dst, f, n-1)
	size := c.peek(5, 1)
	c.all(dst, lldpInterface...)
	c.take(dst, lldpObject, size)
}

// organisations that define TLVs of their own.
const (
	oui8021  = 0x0080c2
	oui8023  = 0x00120f
	ouiMED   = 0x0012bb
	ouiDCBX  = 0x001b21
	oui1Qbg  = 0x001b3f
	dcbxCIN  = 1
	dcbxCEE  = 2
	dcbxHead = 8 // bytes of a feature before its own
)

var (
	lldpOUI     = describeOne(LLDP, lldpRFC, hexRow(0, 3, "lldp.orgtlv.oui", "organisation", "Who defines the rest of the TLV."))
	lldpUnknown = describe(LLDP, lldpRFC, uintRow(0, 1, "lldp.unknown_subtype", "subtype", "Which of the organisation's TLVs this is."),
		bytesRow(0, 0, "lldp.unknown_subtype.content", "value", "The value of a TLV that no table describes."))
	lldpRest  = describeOne(LLDP, lldpRFC, bytesRow(0, 0, "", "value", "The value of a TLV that no table describes."))
	lldpOwner = map[int]*Field{
		oui8021: lldpSubtype("lldp.ieee.802_1.subtype"), oui8023: lldpSubtype("lldp.ieee.802_3.subtype"), ouiMED: lldpSubtype("lldp.media.subtype"), oui1Qbg: lldpSubtype("lldp.ieee.802_1qbg.subtype"),
		ouiDCBX: describeOne(LLDP, "DCB capability exchange", enumRow(0, 1, "lldp.dcbx.proto", "protocol", map[uint64]string{dcbxCIN: "CIN", dcbxCEE: "CEE"}, "Which of two predecessors of the standard this is.")),
	}
)

func lldpSubtype(name string) *Field {
	return describeOne(LLDP, lldpRFC, uintRow(0, 1, name, "subtype", "Which of the organisation's TLVs this is."))
}

func (c *cursor) organisation(dst *[]Node) {
	oui, sub := c.peek(0, 3), c.peek(3, 1)
	c.all(dst, lldpOUI)
	owner := lldpOwner[oui]
	if owner == nil {
		c.all(dst, lldpUnknown[0])
		c.rest(dst, lldpUnknown[1])
		return
	}
	if !c.ok(1) {
		return
	}
	n := c.take(dst, owner, 1)
	n.Show = strconv.Itoa(sub)
	switch {
	case oui == ouiDCBX:
		c.dcbx(dst, sub)
	case oui == oui8021 && lldp8021[sub] != nil:
		lldp8021[sub](c, dst)
	case oui == oui8023 && lldp8023[sub] != nil:
		lldp8023[sub](c, dst)
	case oui == oui8023:
		c.rest(dst, lldpRest)
	case oui == ouiMED && lldpMED[sub] != nil:
		lldpMED[sub](c, dst)
	case oui == oui1Qbg && sub == 0:
		c.all(dst, lldpEVB...)
	}
}
