package layers

// What LLDP-MED adds for telephones, and DCBX for storage networks.

const medRFC = "ANSI/TIA-1057 sec. 10"

var (
	medText = func(name, label string) func(*cursor, *[]Node) {
		f := describeOne(LLDP, medRFC, textRow(0, 0, "lldp.media."+name, label, "The device's "+label+"."))
		return func(c *cursor, dst *[]Node) { c.rest(dst, f) }
	}
	medPolicy = describe(LLDP, medRFC, append([]*Field{uintRow(0, 1, "lldp.media.app_type", "application", "What the policy is for: 1 voice, 2 its signals, … 8 video's signals.")}, inWord(1, 3,
		flag(0x800000, "lldp.media.policy_flag", "unknown", "Set when the device does not know its policy yet."),
		flag(0x400000, "lldp.media.tag_flag", "tagged", "Set when frames have a VLAN tag."),
		part(0x1ffe00, "lldp.media.vlan_id", "VLAN", "The VLAN that frames belong to."),
		part(0x0001c0, "lldp.media.l2_prio", "priority", "The priority of frames."),
		part(0x00003f, "lldp.media.dscp", "DSCP", "The class of service of packets."))...)...)
	medFormat = describeOne(LLDP, medRFC, enumRow(0, 1, "lldp.media.loc.data_format", "format", map[uint64]string{1: "coordinates", 2: "civic address", 3: "emergency number"}, "How the place is told."))
	medPlace  = describe(LLDP, "RFC 3825 sec. 2",
		&Field{Name: "lldp.media.loc.lat_resolution", Label: "latitude's resolution", Type: TypeUint, At: 0, Size: 1, Mask: 0xfc, Help: "How many bits of the latitude mean something."},
		hexRow(0, 5, "lldp.media.loc.latitude", "latitude", "Degrees north, with 25 bits after the point."),
		&Field{Name: "lldp.media.loc.long_resolution", Label: "longitude's resolution", Type: TypeUint, At: 5, Size: 1, Mask: 0xfc, Help: "How many bits of the longitude mean something."},
		hexRow(5, 5, "lldp.media.loc.longitude", "longitude", "Degrees east, with 25 bits after the point."),
		&Field{Name: "lldp.media.loc.alt_type", Label: "altitude's unit", Type: TypeUint, At: 10, Size: 1, Mask: 0xf0, Help: "1: metres; 2: floors."},
		&Field{Name: "lldp.media.loc.alt_resolution", Label: "altitude's resolution", Type: TypeUint, At: 10, Size: 2, Mask: 0x0fc0, Help: "How many bits of the altitude mean something."},
		&Field{Name: "lldp.media.loc.altitude", Label: "altitude", Type: TypeUint, At: 11, Size: 4, Mask: 0x3fffffff, Help: "The height, with 8 bits after the point."},
		uintRow(15, 1, "lldp.media.loc.datum", "datum", "Which model of the earth the numbers are from."))
	medCivicLength  = describeOne(LLDP, "RFC 4776 sec. 3", uintRow(0, 1, "lldp.media.civic.length", "length", "How many bytes follow."))
	medCivicWhat    = describeOne(LLDP, "RFC 4776 sec. 3", uintRow(0, 1, "lldp.media.civic.what", "whose place", "0: the DHCP server's; 1: the network element's; 2: the client's."))
	medCivicCountry = describeOne(LLDP, "RFC 4776 sec. 3", textRow(0, 2, "lldp.media.civic.country", "country", "The country's code of two letters."))
	medCivicType    = describeOne(LLDP, "RFC 4776 sec. 3.4", uintRow(0, 1, "lldp.media.civic.type", "kind", "Which part of the address this is."))
	medCivicValue   = describeOne(LLDP, "RFC 4776 sec. 3.4", textRow(0, 0, "lldp.media.civic.value", "value", "The part of the address."))
	medELIN         = describeOne(LLDP, medRFC, textRow(0, 0, "lldp.media.ecs", "emergency number", "The number that an emergency call shows."))
	lldpMED         = map[int]func(*cursor, *[]Node){
		1: all(describe(LLDP, medRFC, split(hexRow(0, 2, "lldp.media.subtype.caps", "capabilities", "Which of these TLVs the device can send."),
			flag(0x01, "lldp.media.subtype.caps.llpd", "capabilities", "This one."), flag(0x02, "lldp.media.subtype.caps.network_policy", "policy", "VLAN and priority."),
			flag(0x04, "lldp.media.subtype.caps.location_id", "location", "Where the device is."), flag(0x08, "lldp.media.subtype.caps.mdi_pse", "giving power", "The power that it gives."),
			flag(0x10, "lldp.media.subtype.caps.mid_pd", "taking power", "The power that it takes."), flag(0x20, "lldp.media.subtype.caps.inventory", "inventory", "What the device is.")),
			uintRow(0, 1, "lldp.media.subtype.class", "class", "1 to 3: an end device, the higher the more it can do; 4: the network's."))...),
		2: placed(4, medPolicy...),
		3: (*cursor).medLocation,
		4: placed(3, describe(LLDP, medRFC, append(inWord(0, 1,
			part(0xc0, "lldp.media.power.type", "type", "0: the device gives power; 1: it takes power."),
			part(0x30, "lldp.media.power.source", "source", "Where the power comes from."),
			part(0x0f, "lldp.media.power.prio", "priority", "How important the power is: 1 critical, 2 high, 3 low.")),
			uintRow(1, 2, "lldp.media.power.value", "power", "How much power, in tenths of a watt."))...)...),
		5: medText("hardware", "hardware revision"), 6: medText("firmware", "firmware revision"), 7: medText("software", "software revision"), 8: medText("sn", "serial number"),
		9: medText("manufacturer", "manufacturer"), 10: medText("model", "model"), 11: medText("asset", "inventory number"),
	}
)

func (c *cursor) medLocation(dst *[]Node) {
	format := c.peek(0, 1)
	c.all(dst, medFormat)
	switch format {
	case 1:
		placed(16, medPlace...)(c, dst)
	case 2:
		n := c.peek(0, 1)
		if n > c.left()-1 {
			c.rest(dst, lldpRest)
			return
		}
		c.all(dst, medCivicLength)
		a := c.cut(n)
		a.all(dst, medCivicWhat, medCivicCountry)
		for a.left() > 0 {
			size := a.peek(1, 1)
			a.all(dst, medCivicType, medCivicLength)
			a.take(dst, medCivicValue, size)
		}
	case 3:
		c.rest(dst, medELIN)
	}
}

const dcbxRFC = "DCB capability exchange protocol"

var (
	dcbxTLV     = describeOne(LLDP, dcbxRFC, bytesRow(0, 0, "", "feature", "One feature that both ends have to agree on."))
	dcbxLength  = describe(LLDP, dcbxRFC, inWord(0, 2, part(0xfe00, "lldp.dcbx.type", "type", "Which feature this is."), part(0x01ff, "lldp.dcbx.len", "length", "How many bytes follow."))...)
	dcbxVersion = describe(LLDP, dcbxRFC, uintRow(2, 1, "lldp.dcbx.version", "version", "The version in use."), uintRow(3, 1, "lldp.dcbx.max_version", "highest version", "The highest version that the station can do."))
	dcbxControl = describe(LLDP, dcbxRFC, uintRow(4, 4, "lldp.dcbx.control.seq", "sequence number", "Changes when anything of what is told has changed."), uintRow(8, 4, "lldp.dcbx.control.ack", "acknowledged number", "The last number that came from the neighbour."))
	dcbxFlags   = describe(LLDP, dcbxRFC, append(inWord(4, 1,
		flag(0x80, "lldp.dcbx.feature.enabled", "enabled", "Set when the feature is in use."), flag(0x40, "lldp.dcbx.feature.willing", "willing", "Set when the station takes over what its neighbour tells."),
		flag(0x20, "lldp.dcbx.feature.error", "error", "Set when the two ends do not fit.")),
		uintRow(5, 1, "lldp.dcbx.feature.subtype", "subtype", "Which variant of the feature."))...)
	dcbxGroupRows = shifted(6, dcbxGroups, dcbxShares)
	dcbxGroupNum  = describeOne(LLDP, dcbxRFC, uintRow(18, 1, "lldp.dcbx.feature.pg.numtcs", "classes", "How many classes of traffic the station can have."))
	dcbxPause     = describe(LLDP, dcbxRFC, append(priorityBits(6, "lldp.dcbx.feature.pfc.prio", "pause for priority", "Set when frames of the priority are paused, not dropped."),
		uintRow(7, 1, "lldp.dcbx.feature.pfc.numtcs", "classes", "For how many classes the station can pause."))...)
	dcbxApp = describeOne(LLDP, dcbxRFC, &Field{Label: "application", Type: TypeBytes, Size: 6, Help: "Which priorities an application's frames have.", Sub: []*Field{
		hexRow(0, 2, "lldp.dcbx.feature.app.proto", "application", "The application, by EtherType or port."),
		{Name: "lldp.dcbx.feature.app.oui", Label: "organisation", Type: TypeHex, At: 2, Size: 3, Mask: 0xfcffff, Help: "Whose number the application is."},
		{Name: "lldp.dcbx.feature.app.sf", Label: "selector", Type: TypeUint, At: 2, Size: 3, Mask: 0x030000, Help: "What the number is: 0 an EtherType, 1 a port."},
		uintRow(5, 1, "lldp.dcbx.feature.app.prio", "priorities", "A bit for each priority that the application's frames may have.")}})
	dcbxLink = describeOne(LLDP, dcbxRFC, &Field{Name: "lldp.dcbx.feature.llink.type", Label: "logical link", Type: TypeBool, At: 6, Size: 1, Mask: 0x80, Help: "Whether the link of one kind of traffic is up."})
)

// dcbx reads the features of DCBX before it was a standard.
func (c *cursor) dcbx(dst *[]Node, version int) {
	if version != dcbxCIN && version != dcbxCEE {
		return
	}
	for c.left() >= 2 {
		kind, size := c.peek(0, 2)>>9, c.peek(0, 2)&0x1ff
		if size > c.left()-2 {
			size = c.left() - 2
		}
		f := c.cut(2 + size)
		node := c.node(dcbxTLV, f.pos, 2+size)
		rows := [][]*Field{dcbxLength, dcbxVersion}
		need := dcbxHead - 2
		switch {
		case kind == 1:
			rows, need = append(rows, dcbxControl), 12
		case kind == 2:
			rows, need = append(rows, dcbxFlags, dcbxGroupRows, []*Field{dcbxGroupNum}), 19
		case kind == 3:
			rows, need = append(rows, dcbxFlags, dcbxPause), dcbxHead
		case kind == 6:
			rows, need = append(rows, dcbxFlags, []*Field{dcbxLink}), dcbxHead-1
		default:
			rows = append(rows, dcbxFlags)
		}
		for _, r := range rows {
			node.Children, _ = c.fixed(node.Children, r, f.pos, f.span)
		}
		if kind == 4 && size+2 > need {
			f.skip(need)
			f.list(&node.Children, dcbxApp)
		}
		*dst = append(*dst, node)
	}
}
