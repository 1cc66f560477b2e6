package layers

const pimRFC = "RFC 7761 sec. 4.9"

// PIM's number as an IP protocol, and sizes of its headers, in bytes.
const (
	ipPIM = 103

	pimSize         = 4 // type and checksum
	PIMRegisterSize = 8 // with the flags of the message that carries a packet (RFC 7761 section 4.9.3)
)

// pimRegister is the first byte of a message, of version 2, that carries a
// packet.
const pimRegister = 0x21

var pimTypes = map[uint64]string{0: "hello", 1: "register", 2: "register-stop", 3: "join and prune", 4: "bootstrap", 5: "assert", 6: "graft", 7: "graft-ack", 8: "candidate"}

var (
	pimStart = describe(PIM, pimRFC, append([]*Field{pimVersion(0),
		{Name: "pim.type", Label: "type", Type: TypeEnum, Size: 1, Mask: 0x0f, Names: pimTypes, Help: "What the message is for."}},
		bytesRow(1, 1, "pim.res_bytes", "reserved", "Zero."),
		hexRow(2, 2, "pim.cksum", "checksum", "Protects the message, but not the packet that it carries."))...)
	pimOldStart = describe(PIM, "draft-ietf-idmr-pim-spec-01",
		enumRow(1, 1, "pim.code", "type", pimTypes, "What the message of version 1 is for."), pimStart[3])
	pimOldVersion = describe(PIM, "draft-ietf-idmr-pim-spec-01", pimVersion(4))
	pimOldRest    = describeOne(PIM, "draft-ietf-idmr-pim-spec-01", bytesRow(5, 3, "pim.res_bytes", "reserved", "Zero."))
	pimStatus     = describeOne(PIM, pimRFC, enumRow(0, 0, "pim.cksum.status", "checksum status", checksumStatus, "Whether the checksum fits."))
	pimOptions    = describeOne(PIM, pimRFC, heading("pim.option", "message", "What the message tells."))
	pimFlags      = describeOne(PIM, "RFC 7761 sec. 4.9.3", split(hexRow(4, 4, "pim.register_flag", "flags", "Why the packet comes."),
		flag(0x80000000, "pim.register_flag.border", "border", "Set when the packet comes from a network without PIM."),
		flag(0x40000000, "pim.register_flag.null_register", "null", "Set when there is no packet: the router asks whether it should send them again.")))
	pimIPVersion = describeOne(PIM, "RFC 7761 sec. 4.9.3", &Field{Name: "pim.ip_version", Label: "IP version", Type: TypeUint, At: 8, Size: 1, Mask: 0xf0, Help: "The version of the packet that follows; 0: there is but its addresses."})
	pimDummy     = describeOne(PIM, "RFC 7761 sec. 4.9.3", heading("pim.dummy_header", "header", "Stands for a packet that is not there."))
	pimPair      = describe(PIM, "RFC 7761 sec. 4.9.3",
		ipv4Row(20, "pim.source", "source", "Who sends to the group."),
		ipv4Row(24, "pim.group", "group", "The group that is sent to."))
)

func pimVersion(at int) *Field {
	return &Field{Name: "pim.version", Label: "version", Type: TypeUint, At: at, Size: 1, Mask: 0xf0, Help: "The version of PIM: 2, or 1 in IGMP."}
}

// pim reads the message by which a router sends a packet for a group to the
// group's meeting point. The other messages carry nothing: they are data.
func (d *dissector) pim(s span) {
	if s.pos == s.end || d.data[s.pos] != pimRegister {
		d.payload(s)
		return
	}
	i := len(d.tree.Parts)
	p := d.part(PIM, s.pos, s.end-s.pos)
	p.Summary = "register"
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, pimStart, s.pos, s); !ok {
		d.short(PIM, s)
		return
	}
	p.Fields = append(p.Fields, d.pimChecksum(s, &p.Fields[len(p.Fields)-1]))
	options := d.told(pimOptions, s.pos+pimSize, s.end-s.pos-pimSize, "")
	options.Children, ok = d.fixed(nil, []*Field{pimFlags}, s.pos, s)
	if ok {
		ok = d.pimPacket(i, &options, s)
	}
	if options.Len > 0 {
		d.tree.Parts[i].Fields = append(d.tree.Parts[i].Fields, options)
	}
	if !ok {
		d.short(PIM, s)
	}
}

// pimPacket reads the packet in a message, which is part i; false: there is
// none.
func (d *dissector) pimPacket(i int, options *Node, s span) (ok bool) {
	if options.Children, ok = d.fixed(options.Children, []*Field{pimIPVersion}, s.pos, s); !ok {
		return false
	}
	inner := s.from(PIMRegisterSize)
	switch d.data[inner.pos] >> 4 {
	case 4, 6:
		d.tree.Parts[i].Payload = inner.pos
		d.ip(inner)
	case 0:
		options.Children = append(options.Children, d.told(pimDummy, inner.pos, inner.end-inner.pos, ""))
		if s.end-s.pos < pimPair[0].At {
			return false
		}
		options.Children, ok = d.fixed(options.Children, pimPair, s.pos, s)
	}
	return ok
}

// pimOld reads a message of version 1, which comes as one of IGMP. Only that
// which carries a packet is taken apart.
func (d *dissector) pimOld(s span) {
	const register = 1
	i := len(d.tree.Parts)
	p := d.part(PIM, s.pos, s.end-s.pos)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, pimOldStart, s.pos, s); !ok {
		d.short(PIM, s)
		return
	}
	code := d.data[s.pos+1]
	p.Summary = showEnumName(pimTypes, uint64(code)) + ", version 1"
	whole := s
	if code == register {
		whole = s.first(PIMRegisterSize)
	}
	verdict := d.verdict(pimStatus, s.pos+2, checksumUnverified)
	if s.end-s.pos > pimSize && d.data[s.pos+pimSize]>>4 == 1 {
		verdict = d.verdict(pimStatus, s.pos+2, d.judge(&p.Fields[1], whole, 0, Error, "pim.bad_checksum"))
	}
	p.Fields = append(p.Fields, verdict)
	if p.Fields, ok = d.fixed(p.Fields, pimOldVersion, s.pos, s); !ok {
		d.short(PIM, s)
		return
	}
	if d.data[s.pos+pimSize]>>4 != 1 {
		return
	}
	if p.Fields, ok = d.fixed(p.Fields, []*Field{pimOldRest}, s.pos, s); !ok {
		d.short(PIM, s)
		return
	}
	if at := s.pos + PIMRegisterSize; at < s.end {
		options := d.told(pimOptions, at, s.end-at, "")
		if code == register {
			ok = d.pimPacket(i, &options, s)
		}
		d.tree.Parts[i].Fields = append(d.tree.Parts[i].Fields, options)
	}
	if !ok {
		d.short(PIM, s)
	}
}

// pimChecksum is the verdict on a checksum that protects no more than the
// register's own header.
func (d *dissector) pimChecksum(s span, n *Node) Node {
	verdict := uint64(checksumUnverified)
	if s.end-s.pos >= PIMRegisterSize {
		acc := uint64(0)
		if d.overIPv6 {
			acc = d.pseudo + ipPIM + PIMRegisterSize
		}
		verdict = d.judge(n, span{s.pos, s.pos + PIMRegisterSize, s.pos + PIMRegisterSize}, acc, Error, "pim.bad_checksum")
	}
	return d.verdict(pimStatus, s.pos+2, verdict)
}
