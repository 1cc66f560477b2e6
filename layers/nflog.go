package layers

// Records of Linux's packet logging (linux/netfilter/nfnetlink_log.h), in the
// byte order of the host that logged: little, as almost everywhere.
const (
	nflogHeader   = 1
	nflogPayload  = 9
	nflogPrefix   = 10
	nflogTime     = 3
	nflogFamilyV4 = 2
	nflogFamilyV6 = 10
)

const nflogRFC = "LINKTYPE_NFLOG"

var (
	nflogStart = describe(NFLog, nflogRFC, enumRow(0, 1, "nflog.family", "address family", map[uint64]string{nflogFamilyV4: "IPv4", nflogFamilyV6: "IPv6"}, "What kind of packet was logged."),
		uintRow(1, 1, "nflog.version", "version", "The version of the log: 0."), uintRow(2, 2, "nflog.res_id", "group", "The group that the log goes to."))
	nflogRecord = describeOne(NFLog, nflogRFC, bytesRow(0, 0, "nflog.tlv", "record", "One thing that was noted of the packet."))
	nflogRows   = describe(NFLog, nflogRFC, little(uintRow(0, 2, "nflog.tlv_length", "length", "How many bytes the record has, padding not counted."),
		split(&Field{Name: "nflog.tlv_type", Label: "record", Type: TypeEnum, At: 2, Size: 2, Mask: 0x7fff, Names: nflogTypes, Help: "What was noted."}))...)
	nflogTypes = map[uint64]string{nflogHeader: "packet header", 2: "mark", nflogTime: "time", 4: "device in", 5: "device out", 6: "physical device in", 7: "physical device out", 8: "hardware address", nflogPayload: "packet",
		nflogPrefix: "prefix", 11: "user", 12: "sequence number", 13: "global sequence number", 14: "user's group", 15: "hardware type", 16: "hardware header", 17: "hardware header's length"}
	nflogAbout = describe(NFLog, nflogRFC, enumRow(0, 2, "nflog.protocol", "type", etherTypes, "What was logged, as an EtherType."), uintRow(2, 1, "nflog.hook", "hook", "At which point of the host's packet path it was logged."))
	nflogText  = describeOne(NFLog, nflogRFC, textRow(0, 0, "nflog.prefix", "prefix", "What the administrator wants to see with such packets."))
	nflogValue = describeOne(NFLog, nflogRFC, bytesRow(0, 0, "nflog.tlv_value", "value", "What was noted; no table describes it."))
	nflogWhen  = describeOne(NFLog, nflogRFC, bytesRow(0, 16, "nflog.timestamp", "time", "When the packet was logged: seconds and microseconds."))
	nflogWords = map[int]*Field{
		4: nflogDevice("ifindex_indev", "device in"), 5: nflogDevice("ifindex_outdev", "device out"), 6: nflogDevice("ifindex_physindev", "physical device in"), 7: nflogDevice("ifindex_physoutdev", "physical device out"),
		11: describeOne(NFLog, nflogRFC, intRow(0, 4, "nflog.uid", "user", "Whose program sent the packet.")), 14: describeOne(NFLog, nflogRFC, intRow(0, 4, "nflog.gid", "user's group", "Of whose group the program was.")),
	}
)

func nflogDevice(name, label string) *Field {
	return describeOne(NFLog, nflogRFC, uintRow(0, 4, "nflog."+name, label, "The host's number of the device."))
}

// nflog reads what Linux logged of a packet, and the packet.
func (d *dissector) nflog(s span) {
	i := len(d.tree.Parts)
	p := d.part(NFLog, s.pos, s.end-s.pos)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, nflogStart, s.pos, s); !ok {
		d.short(NFLog, s)
		return
	}
	p.Summary = "a logged packet"
	family := d.data[s.pos]
	c := d.cursor(s.from(4))
	fields := p.Fields
	var packet span
	for c.left() >= 4 {
		size, kind := le16(d.data[c.pos:]), le16(d.data[c.pos+2:])&0x7fff
		if size < 4 || size > c.left() {
			break
		}
		r := c.cut(size)
		c.skip(min(-size&3, c.left()))
		record := d.node(nflogRecord, r.pos, size)
		record.Children, _ = d.fixed(nil, nflogRows, r.pos, r.span)
		r.skip(4)
		r.nflogValue(&record.Children, kind)
		if kind == nflogPayload {
			packet = r.span
		}
		fields = append(fields, record)
	}
	p.Fields = fields
	d.tree.Parts[i].Fields = fields
	switch {
	case packet.end <= packet.pos:
	case family == nflogFamilyV4:
		d.ip(packet)
	case family == nflogFamilyV6:
		d.ipv6(packet)
	default:
		d.payload(packet)
	}
}

func (c *cursor) nflogValue(dst *[]Node, kind int) {
	n := c.left()
	switch word := nflogWords[kind]; {
	case n == 0 || kind == nflogPayload:
	case kind == nflogHeader && n == 4:
		*dst, _ = c.fixed(*dst, nflogAbout, c.pos, c.span)
	case kind == nflogPrefix:
		c.rest(dst, nflogText)
	case kind == nflogTime && n == 16:
		c.all(dst, nflogWhen)
	case word != nil && n == 4:
		c.all(dst, word)
	default:
		c.rest(dst, nflogValue)
	}
}
