package layers

import "strconv"

const erspanRFC = "draft-foschiano-erspan-03 sec. 4"

var (
	erspanVersion = describe(ERSPAN, erspanRFC, inWord(0, 2,
		named(0xf000, "erspan.version", "version", map[uint64]string{1: "type II", 2: "type III"}, "Which header this is."),
		part(0x0fff, "erspan.vlan", "VLAN", "The virtual network that the mirrored frame was seen in."))...)
	erspanSecond = describe(ERSPAN, erspanRFC, append(inWord(2, 2,
		part(0xe000, "erspan.cos", "class of service", "How urgent the mirrored frame was, from 0 to 7."),
		part(0x1800, "erspan.encap", "encapsulation", "How the VLAN was told on the mirrored port: 0 not, 1 by ISL, 2 by 802.1Q, 3 as in the frame."),
		flag(0x0400, "erspan.truncated", "truncated", "Set when the copy is shorter than the frame was."),
		part(0x03ff, "erspan.spanid", "session", "The number of the mirroring session.")),
		inWord(4, 4, part(0xfff00000, "erspan.reserved", "reserved", "Zero."),
			part(0x000fffff, "erspan.index", "index", "Port and direction of the mirrored frame, as the switch numbers them."))...)...)
	erspanThird = describe(ERSPAN, erspanRFC, append(append(inWord(2, 2,
		part(0xe000, "erspan.cos", "class of service", "How urgent the mirrored frame was, from 0 to 7."),
		named(0x1800, "erspan.bso", "health", map[uint64]string{0: "good", 1: "short", 2: "oversized", 3: "bad"}, "Whether the mirrored frame was broken."),
		flag(0x0400, "erspan.truncated", "truncated", "Set when the copy is shorter than the frame was."),
		part(0x03ff, "erspan.spanid", "session", "The number of the mirroring session.")),
		uintRow(4, 4, "erspan.timestamp", "timestamp", "When the frame was seen, in units that the granularity tells."),
		uintRow(8, 2, "erspan.sgt", "security group", "The group that the mirrored frame's sender belongs to.")),
		inWord(10, 2,
			flag(0x8000, "erspan.p", "Ethernet frame", "Set when what follows is an Ethernet frame."),
			named(0x7c00, "erspan.ft", "frame type", map[uint64]string{0: "Ethernet", 2: "IP"}, "What kind of frame was mirrored."),
			part(0x03f0, "erspan.hw", "hardware", "The number of the switch's engine that mirrored the frame."),
			flag(0x0008, "erspan.direction", "outgoing", "Set when the frame was mirrored as it left the port."),
			named(0x0006, "erspan.gra", "granularity", map[uint64]string{0: "100 µs", 1: "100 ns", 2: "IEEE 1588", 3: "user's"}, "The unit of the timestamp."),
			flag(0x0001, "erspan.o", "subheader", "Set when a subheader of the platform follows."))...)...)
	erspanPlatform = describeOne(ERSPAN, erspanRFC, &Field{Name: "erspan.platid", Label: "platform", Type: TypeUint, At: 0, Size: 4, Mask: 0xfc000000, Help: "Whose subheader this is."})
	erspanSub      = map[uint32][]*Field{
		1: erspanRows(part(0x03fff000, "erspan.pid1.rsvd1", "reserved", "Zero."), part(0x00000fff, "erspan.pid1.vsmid", "domain", "The domain of the virtual switch's supervisor."),
			uintRow(4, 4, "erspan.pid1.port_index", "port", "The number of the port.")),
		3: erspanRows(part(0x03ffc000, "erspan.pid3.rsvd1", "reserved", "Zero."), part(0x00003fff, "erspan.pid3.port_index", "port", "The number of the port."),
			uintRow(4, 4, "erspan.pid3.timestamp", "upper timestamp", "The upper 32 bits of the timestamp.")),
		4: erspanRows(part(0x03ffc000, "erspan.pid4.rsvd1", "reserved", "Zero."), part(0x00003fff, "erspan.pid4.rsvd2", "reserved", "Zero."),
			uintRow(4, 4, "erspan.pid4.rsvd3", "reserved", "Zero.")),
		5: erspanRows(part(0x03ff0000, "erspan.pid5.switchid", "switch", "The number of the switch."), part(0x0000ffff, "erspan.pid5.port_index", "port", "The number of the port."),
			uintRow(4, 4, "erspan.pid5.timestamp", "seconds", "The seconds of the timestamp.")),
		7: erspanRows(part(0x03f00000, "erspan.pid7.rsvd1", "reserved", "Zero."), part(0x000fffff, "erspan.pid7.source_index", "source", "The number of the port."),
			uintRow(4, 4, "erspan.pid7.timestamp", "upper timestamp", "The upper 32 bits of the timestamp.")),
	}
	erspanOther = []*Field{describeOne(ERSPAN, erspanRFC, &Field{Name: "erspan.pid.rsvd", Label: "reserved", Type: TypeUint, At: 0, Size: 8, Mask: 0x03ffffff_ffffffff, Help: "What an unknown platform has put here."})}
)

func erspanRows(rows ...*Field) []*Field {
	return describe(ERSPAN, erspanRFC, inWord(0, 4, rows...)...)
}

// erspanPlain reads a mirrored frame without a header: Type I.
func (d *dissector) erspanPlain(s span) {
	p := d.part(ERSPAN, s.pos, 0)
	p.Summary = "a mirrored frame"
	d.bridged(s)
}

// erspan reads a mirrored frame after its header of Type II or III.
func (d *dissector) erspan(s span) {
	i := len(d.tree.Parts)
	p := d.part(ERSPAN, s.pos, min(8, s.end-s.pos))
	var ok bool
	if s.end-s.pos < 4 {
		p.Fields, _ = d.fixed(p.Fields, erspanVersion, s.pos, s)
		d.short(ERSPAN, s)
		return
	}
	version := d.data[s.pos] >> 4
	rows := erspanSecond
	size := 8
	switch version {
	case 1:
		p.Fields, _ = d.fixed(p.Fields, erspanVersion, s.pos, s)
	case 2:
		p.Fields, _ = d.fixed(p.Fields, erspanVersion, s.pos, s)
		rows, size = erspanThird, 12
	default:
		p.Fields, _ = d.fixed(p.Fields, []*Field{erspanVersion[0]}, s.pos, s)
		p.Len, p.Payload = 2, s.pos+2
		d.expert(Warning, "erspan.version.unknown", "A version that is not known.", s.pos, 2)
		return
	}
	if p.Fields, ok = d.fixed(p.Fields, rows, s.pos, s); !ok || s.end-s.pos < size {
		d.short(ERSPAN, s)
		return
	}
	b := d.data[s.pos:]
	p.Summary = "session " + strconv.Itoa(int(number(b[2:4])&0x3ff))
	frame := true
	if version == 2 {
		frame = b[10]&0x7c == 0
		if b[11]&1 != 0 {
			if !d.erspanPlatform(p, s.from(size)) {
				d.short(ERSPAN, s)
				return
			}
			size += 8
		}
	}
	d.tree.Parts[i].Len, d.tree.Parts[i].Payload = size, s.pos+size
	if inner := s.from(size); frame {
		d.bridged(inner)
	} else {
		d.payload(inner)
	}
}

// erspanPlatform adds a platform's subheader.
func (d *dissector) erspanPlatform(p *Part, s span) bool {
	if s.end-s.pos < 8 {
		return false
	}
	n := d.node(erspanPlatform, s.pos, 4)
	p.Fields = append(p.Fields, n)
	rows := erspanSub[uint32(n.Uint)]
	if rows == nil {
		rows = erspanOther
	}
	p.Fields, _ = d.fixed(p.Fields, rows, s.pos, s)
	return true
}
