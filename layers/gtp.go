package layers

import "fmt"

const gtpRFC = "3GPP TS 29.281 sec. 5.1"

// gtpPDU is the message that carries a user's packet.
const gtpPDU = 255

var (
	gtpStart = describe(GTP, gtpRFC,
		split(hexRow(0, 1, "gtp.flags", "flags", "The version, and which of the optional fields follow."),
			part(0xe0, "gtp.flags.version", "version", "The version of GTP: 1."), flag(0x10, "gtp.flags.payload", "GTP", "Set for GTP, clear for the variant that bills."), part(0x08, "gtp.flags.reserved", "reserved", "Zero."),
			flag(0x04, "gtp.flags.e", "extension", "Set when extension headers follow."), flag(0x02, "gtp.flags.s", "sequence number", "Set when the sequence number means something."), flag(0x01, "gtp.flags.pn", "N-PDU number", "Set when the N-PDU number means something.")),
		enumRow(1, 1, "gtp.message", "message", map[uint64]string{1: "echo request", 2: "echo response", 26: "error", 31: "extensions supported", 254: "end", gtpPDU: "user's packet"}, "What the message is for."),
		uintRow(2, 2, "gtp.length", "length", "How many bytes follow the first eight."),
		hexRow(4, 4, "gtp.teid", "tunnel", "The receiver's number of the tunnel."))
	gtpOldRows = describe(GTP, "3GPP TS 09.60 sec. 6",
		split(hexRow(0, 1, "gtp.flags", "flags", "The version, and which of the fields mean something."),
			part(0xe0, "gtp.flags.version", "version", "The version of GTP: 0."), flag(0x10, "gtp.flags.payload", "GTP", "Set for GTP, clear for the variant that bills."), part(0x0e, "gtp.flags.reserved", "reserved", "All ones."),
			flag(0x01, "gtp.flags.snn", "SNDCP number", "Set when the SNDCP number means something.")),
		gtpStart[1], gtpStart[2],
		uintRow(4, 2, "gtp.seq_number", "sequence number", "The number of the message in its tunnel."),
		hexRow(6, 2, "gtp.flow_label", "flow label", "Which of the receiver's flows this is."),
		hexRow(8, 1, "gtp.sndcp_number", "SNDCP number", "The number of the packet on the radio."),
		bytesRow(12, 8, "gtp.tid", "tunnel", "The user's tunnel: his number, and which of his connections."))
	gtpSequence  = describeOne(GTP, gtpRFC, uintRow(8, 2, "gtp.seq_number", "sequence number", "The number of the message in its tunnel."))
	gtpNumber    = describeOne(GTP, gtpRFC, uintRow(10, 1, "gtp.npdu_number", "N-PDU number", "A number that keeps packets in order when a user moves."))
	gtpNext      = describeOne(GTP, gtpRFC, enumRow(0, 1, "gtp.ext_hdr.next", "next extension", map[uint64]string{0: "none", 0x40: "UDP port", 0x85: "PDU session", 0xc0: "PDCP number"}, "Which extension header follows."))
	gtpExtension = describeOne(GTP, "3GPP TS 29.281 sec. 5.2", heading("gtp.ext_hdr", "extension", "Something that only some networks tell."))
	gtpLength    = describeOne(GTP, "3GPP TS 29.281 sec. 5.2", uintRow(0, 1, "gtp.ext_hdr.length", "length", "How many bytes the extension has, in units of 4."))
	gtpPort      = describeOne(GTP, "3GPP TS 29.281 sec. 5.2.2.1", uintRow(0, 2, "gtp.ext_hdr.udp_port", "UDP port", "The port of the message that caused an error."))
	gtpPDCP      = describeOne(GTP, "3GPP TS 29.281 sec. 5.2.2.2", uintRow(0, 2, "gtp.ext_hdr.pdcp_sn", "PDCP number", "The number of the packet on the radio."))
)

// gtp reads the header of a tunnel for users' packets, and the packet in it.
func (d *dissector) gtp(s span) {
	const size = 8
	if s.pos < s.end && d.data[s.pos]>>5 != 1 {
		d.gtpOther(s)
		return
	}
	i := len(d.tree.Parts)
	p := d.part(GTP, s.pos, min(size, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, gtpStart, s.pos, s); !ok {
		d.short(GTP, s)
		return
	}
	b := d.data[s.pos:]
	flags := b[0]
	p.Summary = fmt.Sprintf("tunnel %#x", number(b[4:8]))
	c := d.cursor(s.from(size))
	fields := p.Fields
	if flags&0x07 != 0 && c.ok(4) {
		d.gtpOptions(c, &fields, flags, s)
	}
	p = &d.tree.Parts[i]
	p.Fields = fields
	p.Len, p.Payload = c.pos-s.pos, c.pos
	first := byte(0)
	if c.left() > 0 {
		first = d.data[c.pos] >> 4
	}
	switch {
	case *c.broken:
		d.short(GTP, s)
	case b[1] == gtpPDU && first == 4:
		d.ip(c.span)
	case b[1] == gtpPDU && first == 6:
		d.ipv6(c.span)
	default:
		d.payload(c.span)
	}
}

// gtpOther reads the header of version 0; that of version 2 carries no users'
// packets.
func (d *dissector) gtpOther(s span) {
	const size = 20
	if d.data[s.pos]>>4 != 1 || s.end-s.pos < size {
		d.payload(s)
		return
	}
	p := d.part(GTP, s.pos, size)
	p.Fields, _ = d.fixed(p.Fields, gtpOldRows, s.pos, s)
	p.Summary = fmt.Sprintf("tunnel %#x", number(d.data[s.pos+12:s.pos+20]))
	inner := s.from(size)
	if d.data[s.pos+1] == gtpPDU && inner.pos < inner.end && (d.data[inner.pos]>>4 == 4 || d.data[inner.pos]>>4 == 6) {
		d.ip(inner)
	} else {
		d.payload(inner)
	}
}

// gtpOptions reads the optional fields: all four bytes are there when any of
// them means something (3GPP TS 29.281 section 5.1).
func (d *dissector) gtpOptions(c *cursor, dst *[]Node, flags byte, s span) {
	if flags&0x02 != 0 {
		*dst = append(*dst, d.node(gtpSequence, s.pos+8, 2))
	}
	if flags&0x01 != 0 {
		*dst = append(*dst, d.node(gtpNumber, s.pos+10, 1))
	}
	if flags&0x04 == 0 {
		c.skip(4)
		return
	}
	c.skip(3)
	next := c.peek(0, 1)
	c.all(dst, gtpNext)
	for next != 0 && c.left() > 0 {
		size := c.peek(0, 1) * 4
		if size == 0 || !c.ok(size) {
			*c.broken = true
			return
		}
		x := c.cut(size - 1)
		extension := d.told(gtpExtension, x.pos, size, "")
		x.all(&extension.Children, gtpLength)
		switch {
		case next == 0x40 && x.left() >= 2:
			x.all(&extension.Children, gtpPort)
		case next == 0xc0 && x.left() >= 2:
			x.all(&extension.Children, gtpPDCP)
		}
		next = c.peek(0, 1)
		c.all(&extension.Children, gtpNext)
		*dst = append(*dst, extension)
	}
}
