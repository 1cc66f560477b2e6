package layers

import "bytes"

const cdpRFC = "Cisco Discovery Protocol"

func cdpRow(f *Field) *Field { return describeOne(CDP, cdpRFC, f) }

var (
	cdpStart = describe(CDP, cdpRFC,
		uintRow(0, 1, "cdp.version", "version", "The version of CDP: 1 or 2."),
		uintRow(1, 1, "cdp.ttl", "time to live", "For how many seconds what is told may be believed."),
		hexRow(2, 2, "cdp.checksum", "checksum", "Protects the message."))
	cdpStatus  = cdpRow(enumRow(0, 0, "cdp.checksum.status", "checksum status", checksumStatus, "Whether the checksum fits the message."))
	cdpRecord  = cdpRow(bytesRow(0, 0, "", "record", "One thing that the device tells of itself."))
	cdpType    = cdpRow(enumRow(0, 2, "cdp.tlv.type", "record", cdpTypes, "What is told."))
	cdpLength  = cdpRow(uintRow(2, 2, "cdp.tlv.len", "length", "How many bytes the record has, with type and length."))
	cdpData    = cdpRow(bytesRow(0, 0, "cdp.data", "value", "A value that no table describes."))
	cdpVersion = cdpRow(textRow(0, 0, "cdp.software_version", "software", "A line of the software's name."))
	cdpCount   = cdpRow(uintRow(0, 4, "cdp.number_of_addresses", "addresses", "How many addresses follow."))
	cdpAddress = cdpRow(bytesRow(0, 0, "", "address", "One address of the device."))
	cdpKind    = []*Field{cdpRow(uintRow(0, 1, "cdp.protocol_type", "kind of protocol", "1: a number of ISO; 2: as in LLC.")), cdpRow(uintRow(0, 1, "cdp.protocol_length", "protocol's length", "How many bytes the protocol's number has."))}
	cdpProto   = cdpRow(bytesRow(0, 0, "cdp.protocol", "protocol", "The protocol whose address it is."))
	cdpSize    = cdpRow(uintRow(0, 2, "cdp.address_length", "address's length", "How many bytes the address has."))
	cdpIPv4    = cdpRow(ipv4Row(0, "cdp.nrgyz.ip_address", "address", "An IPv4 address of the device."))
	cdpIPv6    = cdpRow(ipv6Row(0, "cdp.nrgyz.ipv6_address", "address", "An IPv6 address of the device."))
	cdpOther   = cdpRow(bytesRow(0, 0, "cdp.address", "address", "An address of the device."))
	cdpGateway = cdpRow(ipv4Row(0, "cdp.odr_default_gateway", "gateway", "The router to send everything to."))
	cdpPrefix  = cdpRow(bytesRow(0, 5, "cdp.ip_prefix", "network", "A network that the device can reach: address and length."))
	cdpByte    = cdpRow(bytesRow(0, 1, "cdp.data", "kind", "What kind of VLAN it is."))
	cdpVoice   = cdpRow(uintRow(0, 2, "cdp.voice_vlan", "voice VLAN", "The VLAN for a telephone's voice."))
	cdpPlace   = cdpRow(bytesRow(0, 1, "cdp.location.unknown", "kind of location", "What kind of place it is."))
	cdpPower   = []*Field{cdpRow(uintRow(0, 2, "cdp.request_id", "request", "The number of the request.")), cdpRow(uintRow(0, 2, "cdp.management_id", "management", "The number of the agreement."))}
	cdpWanted  = cdpRow(uintRow(0, 4, "cdp.power_requested", "wanted power", "In milliwatts."))
	cdpGiven   = cdpRow(uintRow(0, 4, "cdp.power_available", "available power", "In milliwatts."))
	cdpHello   = []*Field{cdpRow(hexRow(0, 3, "cdp.oui", "organisation", "Whose protocol the rest is.")), cdpRow(hexRow(0, 2, "cdp.protocol_id", "protocol", "The protocol."))}
	cdpUnknown = cdpRow(bytesRow(0, 0, "cdp.hello.unknown", "value", "What that protocol tells."))
	cdpCluster = []*Field{
		cdpRow(ipv4Row(0, "cdp.cluster.master_ip", "master's address", "The switch that leads the group.")), cdpRow(ipv4Row(0, "cdp.cluster.ip", "mask", "Perhaps a mask.")),
		cdpRow(hexRow(0, 1, "cdp.cluster.version", "version", "Perhaps the version.")), cdpRow(hexRow(0, 1, "cdp.cluster.sub_version", "subversion", "Perhaps the subversion.")),
		cdpRow(hexRow(0, 1, "cdp.cluster.status", "status", "Perhaps the status.")), cdpRow(hexRow(0, 1, "cdp.cluster.unknown", "unknown", "Not known.")),
		cdpRow(macRow(0, "cdp.cluster.commander_mac", "leader", "The address of the switch that leads the group.")), cdpRow(macRow(0, "cdp.cluster.switch_mac", "switch", "The address of this switch.")),
		cdpRow(hexRow(0, 1, "cdp.cluster.unknown", "unknown", "Not known.")), cdpRow(uintRow(0, 2, "cdp.cluster.management_vlan", "VLAN", "The VLAN for management.")),
	}
	cdpTypes = map[uint64]string{1: "device", 2: "addresses", 3: "port", 4: "capabilities", 5: "software", 6: "platform", 7: "networks", 8: "hello", 9: "VTP domain", 10: "native VLAN", 11: "duplex",
		14: "voice VLAN", 15: "voice VLAN wanted", 16: "power", 17: "MTU", 18: "trust", 19: "priority of others", 20: "system name", 21: "object identifier", 22: "management addresses", 23: "location",
		25: "power wanted", 26: "power available", 31: "power over all pairs"}
)

func cdpText(name, label, help string) func(*cursor, *[]Node) {
	f := cdpRow(textRow(0, 0, name, label, help))
	return func(c *cursor, dst *[]Node) { c.rest(dst, f) }
}

var cdpReaders = map[int]func(*cursor, *[]Node){
	1: cdpText("cdp.deviceid", "device", "The device's name."), 3: cdpText("cdp.portid", "port", "The port that this was sent from."), 6: cdpText("cdp.platform", "platform", "What kind of device it is."),
	9: cdpText("cdp.vtp_management_domain", "VTP domain", "The domain in which VLANs are managed."), 20: cdpText("cdp.system_name", "system name", "The device's full name."),
	2: (*cursor).cdpAddresses, 22: (*cursor).cdpAddresses,
	4: all(cdpRow(split(hexRow(0, 4, "cdp.capabilities", "capabilities", "What the device is."), flag(0x001, "cdp.capabilities.router", "router", "A router."), flag(0x002, "cdp.capabilities.trans_bridge", "bridge", "A transparent bridge."),
		flag(0x004, "cdp.capabilities.src_bridge", "source-route bridge", "A bridge that goes by the sender's route."), flag(0x008, "cdp.capabilities.switch", "switch", "A switch."), flag(0x010, "cdp.capabilities.host", "host", "A host."),
		flag(0x020, "cdp.capabilities.igmp_capable", "IGMP", "It cares for groups."), flag(0x040, "cdp.capabilities.repeater", "repeater", "A repeater."), flag(0x080, "cdp.capabilities.voip_phone", "telephone", "A telephone."),
		flag(0x100, "cdp.capabilities.remote", "managed from afar", "A device that is managed from afar."), flag(0x200, "cdp.capabilities.cvta", "CVTA", "It takes part in disputes of spanning trees, or is a camera."), flag(0x400, "cdp.capabilities.mac_relay", "relay", "A relay of two ports.")))),
	5: (*cursor).cdpLines,
	7: func(c *cursor, dst *[]Node) {
		if c.left() == 4 {
			c.all(dst, cdpGateway)
		}
		c.list(dst, cdpPrefix)
	},
	8:  (*cursor).cdpHello,
	10: all(cdpRow(uintRow(0, 2, "cdp.native_vlan", "native VLAN", "The VLAN of frames without a tag."))), 11: all(cdpRow(enumRow(0, 1, "cdp.duplex", "duplex", map[uint64]string{0: "half", 1: "full"}, "Whether both ends can send at the same time."))),
	14: all(cdpByte, cdpVoice), 15: all(cdpByte, cdpVoice),
	16: all(cdpRow(uintRow(0, 2, "cdp.power_consumption", "power", "How much power the device takes, in milliwatts."))), 17: all(cdpRow(uintRow(0, 4, "cdp.mtu", "MTU", "The longest packet, in bytes."))),
	18: all(cdpRow(hexRow(0, 1, "cdp.trust_bitmap", "trust", "Whether the other's priorities are believed."))), 19: all(cdpRow(hexRow(0, 1, "cdp.untrusted_port_cos", "priority of others", "The priority of what is not believed."))),
	21: func(c *cursor, dst *[]Node) { c.rest(dst, cdpObject) },
	23: func(c *cursor, dst *[]Node) {
		c.all(dst, cdpPlace)
		c.rest(dst, cdpLocation)
	},
	25: func(c *cursor, dst *[]Node) {
		c.all(dst, cdpPower...)
		c.list(dst, cdpWanted)
	},
	26: func(c *cursor, dst *[]Node) {
		c.all(dst, cdpPower...)
		c.list(dst, cdpGiven)
	},
	31: all(cdpRow(split(hexRow(0, 1, "cdp.spare_poe_tlv", "power over all pairs", "Whether power comes over all four pairs."), flag(1, "cdp.spare_poe_tlv.poe", "four pairs", "The source can give power over four pairs."), flag(2, "cdp.spare_poe_tlv.spare_pair_arch", "shared", "The device's pairs are shared."),
		flag(4, "cdp.spare_poe_tlv.req_spare_pair_poe", "asked for", "The device asks for the spare pairs."), flag(8, "cdp.spare_poe_tlv.pse_spare_pair_poe", "given", "The source gives power over the spare pairs.")))),
}

var (
	cdpObject   = cdpRow(bytesRow(0, 0, "cdp.system_object_identifier", "object identifier", "What kind of device it is, in the management's numbers."))
	cdpLocation = cdpRow(textRow(0, 0, "cdp.location", "location", "Where the device is."))
)

// cdpLines reads a text line by line.
func (c *cursor) cdpLines(dst *[]Node) {
	for c.left() > 0 && c.within() {
		n := bytes.IndexByte(c.data[c.pos:c.end], '\n') + 1
		if n == 0 {
			n = c.left()
		}
		c.take(dst, cdpVersion, n)
	}
}

func (c *cursor) cdpAddresses(dst *[]Node) {
	n := c.peek(0, 4)
	c.all(dst, cdpCount)
	for ; n > 0 && c.left() > 0; n-- {
		address := c.node(cdpAddress, c.pos, c.left())
		to := &address.Children
		size := c.peek(1, 1)
		c.all(to, cdpKind...)
		proto := c.take(to, cdpProto, size)
		ipv4 := size == 1 && proto.Uint == 0xcc
		ipv6 := size == 8 && proto.Uint == 0xaaaa0300000086dd
		size = c.peek(0, 2)
		c.all(to, cdpSize)
		switch {
		case ipv4 && size == 4:
			c.all(to, cdpIPv4)
		case ipv6 && size == 16:
			c.all(to, cdpIPv6)
		default:
			c.take(to, cdpOther, size)
		}
		*dst = append(*dst, address)
	}
}

// cdpHello reads what another of Cisco's protocols tells within this one.
func (c *cursor) cdpHello(dst *[]Node) {
	const cluster = 0x0112
	proto := c.peek(3, 2)
	c.all(dst, cdpHello...)
	if proto == cluster {
		c.all(dst, cdpCluster...)
	} else {
		c.rest(dst, cdpUnknown)
	}
}

// cdp reads what a device of Cisco's tells its neighbour on the link.
func (d *dissector) cdp(s span) {
	i := len(d.tree.Parts)
	p := d.part(CDP, s.pos, s.end-s.pos)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, cdpStart, s.pos, s); !ok {
		d.short(CDP, s)
		return
	}
	fields := append(p.Fields, d.verdict(cdpStatus, s.pos+2, d.cdpChecksum(s)))
	c := d.cursor(s.from(4))
	for c.left() >= 2 {
		kind, size := c.peek(0, 2), 0
		if c.left() >= 4 {
			size = c.peek(2, 2)
		}
		if size < 4 {
			break
		}
		r := c.cut(min(size, c.left()))
		record := d.node(cdpRecord, r.pos, r.left())
		record.Show = cdpTypes[uint64(kind)]
		record.Children, _ = d.fixed(nil, []*Field{cdpType, cdpLength}, r.pos, r.span)
		r.skip(4)
		if read := cdpReaders[kind]; read != nil {
			read(r, &record.Children)
		} else {
			r.rest(&record.Children, cdpData)
		}
		fields = append(fields, record)
	}
	p = &d.tree.Parts[i]
	p.Fields = fields
	p.Summary = cdpSummary(fields)
	if *c.broken {
		d.short(CDP, s)
	}
}

func cdpSummary(fields []Node) string {
	text := ""
	for _, r := range fields {
		if n := find(r.Children, "cdp.deviceid"); n != nil {
			text += "device " + n.Show
		}
		if n := find(r.Children, "cdp.portid"); n != nil {
			text += ", port " + n.Show
		}
	}
	return text
}

// cdpChecksum judges the checksum: IP's, but for the last byte of an odd
// message, which Cisco takes for a signed number.
func (d *dissector) cdpChecksum(s span) uint64 {
	if !s.whole() {
		return checksumUnverified
	}
	b := d.data[s.pos:s.end]
	var sum uint64
	if len(b)%2 == 0 {
		sum = Sum(b, 0)
	} else {
		last := uint64(uint16(int16(int8(b[len(b)-1]))))
		if b[len(b)-1]&0x80 != 0 {
			last-- // as the routers compute it
		}
		sum = Sum(b[:len(b)-1], last)
	}
	if Checksum(sum) == 0 {
		return checksumGood
	}
	return checksumBad
}
