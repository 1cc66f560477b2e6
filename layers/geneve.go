package layers

import (
	"fmt"
	"strconv"
)

const geneveRFC = "RFC 8926 sec. 3.4"

var (
	geneveVersion = describeOne(GENEVE, geneveRFC, uintRow(0, 1, "geneve.version", "version", "The version of GENEVE: 0, in the upper two bits."))
	geneveOptLen  = describeOne(GENEVE, geneveRFC, uintRow(0, 1, "geneve.option.length", "options' length", "How many bytes of options follow the header, in units of 4 in the lower six bits."))
	geneveRest    = describe(GENEVE, geneveRFC,
		split(hexRow(1, 1, "geneve.flags", "flags", "What kind of packet this is."),
			flag(0x80, "geneve.flags.oam", "control packet", "Set on a packet of the tunnel's own control."),
			flag(0x40, "geneve.flags.critical", "critical options", "Set when an option must be understood."),
			part(0x3f, "geneve.flags.reserved", "reserved", "Zero.")),
		enumRow(2, 2, "geneve.proto_type", "type", etherTypes, "What the tunnel carries, as an EtherType."),
		uintRow(4, 3, "geneve.vni", "network", "The number of the virtual network that the packet belongs to."))
	geneveReserved = describeOne(GENEVE, geneveRFC, hexRow(7, 1, "geneve.reserved", "reserved", "Zero."))
	geneveOptions  = describeOne(GENEVE, "RFC 8926 sec. 3.5", bytesRow(0, 0, "geneve.options", "options", "What the tunnel's ends tell each other of the packet."))
	geneveOption   = describeOne(GENEVE, "RFC 8926 sec. 3.5", bytesRow(0, 0, "geneve.option", "option", "One thing that the tunnel's ends tell each other."))
	geneveClass    = describeOne(GENEVE, "RFC 8926 sec. 3.5", enumRow(0, 2, "geneve.option.class", "class", geneveClasses, "Who defines the option."))
	geneveType     = describe(GENEVE, "RFC 8926 sec. 3.5", inWord(2, 1, hexRow(2, 1, "geneve.option.type", "type", "Which of its class's options this is."),
		hidden(flag(0x80, "geneve.option.type.critical", "critical", "Set when the packet must be dropped by who does not know the option.")))...)
	geneveOdd      = describeOne(GENEVE, geneveRFC, hexRow(0, 1, "", "odd byte", "A byte that does not fit."))
	geneveOptFlags = describeOne(GENEVE, "RFC 8926 sec. 3.5", split(hexRow(3, 1, "geneve.option.flags", "flags", "Zero, in the upper three bits."),
		part(0xe0, "geneve.option.flags.reserved", "reserved", "Zero.")))
	geneveOptFlagsZero = describeOne(GENEVE, "RFC 8926 sec. 3.5", hidden(split(hexRow(3, 1, "geneve.option.flags", "flags", "Zero, in the upper three bits."), geneveOptFlags.Sub...)))
	geneveOptSize      = describeOne(GENEVE, "RFC 8926 sec. 3.5", uintRow(3, 1, "geneve.option.length", "length", "How many bytes of value follow, in units of 4 in the lower five bits."))
	geneveUnknown      = describeOne(GENEVE, "RFC 8926 sec. 3.5", bytesRow(0, 0, "geneve.option.unknown.data", "value", "The option's value."))
	geneveGoogle       = describe(GENEVE, "Google Cloud",
		hexRow(0, 4, "geneve.option.gcp.vnid", "virtual network", "The number of the virtual network in Google's cloud, in the upper 28 bits."),
		split(&Field{Name: "geneve.option.gcp.direction", Label: "direction", Type: TypeBool, At: 0, Size: 4, Mask: 1, Help: "Set when the packet leaves the cloud."}),
		split(&Field{Name: "geneve.option.gcp.reserved", Label: "reserved", Type: TypeUint, At: 0, Size: 4, Mask: 0xe, Help: "Zero."}))
	geneveEndpoint = describeOne(GENEVE, "Google Cloud", bytesRow(0, 0, "geneve.option.gcp.endpoint", "endpoint", "The end of the connection in Google's cloud."))
	geneveProfile  = describeOne(GENEVE, "Google Cloud", uintRow(0, 8, "geneve.option.gcp.profile", "profile", "The profile that packets are inspected by."))
	geneveClasses  = map[uint64]string{0x0101: "Open vSwitch", 0x0102: "Open vSwitch", 0x0103: "Mellanox", 0x0104: "VMware", 0x0105: "Cisco", 0x0106: "Oracle", 0x0107: "Amazon", 0x0132: "Google"}
)

const geneveGoogleClass = 0x0132

// geneveSize is the size of GENEVE's header without options, in bytes.
const geneveSize = 8

// geneve reads GENEVE's header and what it carries.
func (d *dissector) geneve(s span) {
	i := len(d.tree.Parts)
	p := d.part(GENEVE, s.pos, min(geneveSize, s.end-s.pos))
	c := d.cursor(s)
	options := c.peek(0, 1) & 0x3f * 4
	if !c.ok(1) {
		d.short(GENEVE, s)
		return
	}
	version := d.told(geneveVersion, s.pos, 1, strconv.Itoa(int(d.data[s.pos]>>6)))
	version.Uint = uint64(d.data[s.pos] >> 6)
	p.Fields = append(p.Fields, version)
	if version.Uint != 0 {
		p.Fields = append(p.Fields, d.told(geneveOdd, s.pos, 1, "a version that is not known"))
		d.expert(Warning, "geneve.version.unknown", "A version that is not known.", s.pos, 1)
	}
	n := d.told(geneveOptLen, s.pos, 1, count(options, "byte"))
	n.Uint = uint64(options)
	p.Fields = append(p.Fields, n)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, geneveRest, s.pos, s); !ok || !c.ok(geneveSize) {
		d.short(GENEVE, s)
		return
	}
	reserved := d.node(geneveReserved, s.pos+7, 1)
	reserved.Hidden = reserved.Uint == 0
	p.Fields = append(p.Fields, reserved)
	kind := uint16(c.peek(2, 2))
	p.Summary = fmt.Sprintf("network %d, %s", c.peek(4, 3), etherTypeName(kind))
	p.Len = min(geneveSize+options, s.end-s.pos)
	p.Payload = s.pos + p.Len
	c.skip(geneveSize)
	if options > 0 {
		list := c.cut(options)
		if !c.ok(0) {
			d.short(GENEVE, s)
			return
		}
		node := d.node(geneveOptions, list.pos, options)
		for list.left() >= 4 {
			if !d.geneveOption(list, &node.Children) {
				break
			}
		}
		d.tree.Parts[i].Fields = append(d.tree.Parts[i].Fields, node)
	}
	d.etherTypeInTunnel(kind, c.span)
}

// geneveOption reads one option; it reports false when its length is wrong.
func (d *dissector) geneveOption(c *cursor, dst *[]Node) bool {
	class, kind, size := c.peek(0, 2), c.peek(2, 1), c.peek(3, 1)&0x1f*4
	if 4+size > c.left() {
		*dst = append(*dst, d.told(geneveOdd, c.pos+3, 1, "a length beyond the options' end"))
		d.expert(Error, "geneve.option.length.invalid", "The option is longer than the options together.", c.pos+3, 1)
		return false
	}
	o := c.cut(4 + size)
	node := d.node(geneveOption, o.pos, 4+size)
	parts := &node.Children
	*parts, _ = d.fixed(nil, []*Field{geneveClass, geneveType[0], geneveType[1]}, o.pos, o.span)
	flags := geneveOptFlagsZero
	if d.data[o.pos+3]&0xe0 != 0 {
		flags = geneveOptFlags
	}
	*parts, _ = d.fixed(*parts, []*Field{flags}, o.pos, o.span)
	length := d.told(geneveOptSize, o.pos+3, 1, count(4+size, "byte"))
	length.Uint = uint64(4 + size)
	*parts = append(*parts, length)
	o.skip(4)
	switch known := class == geneveGoogleClass; {
	case size == 0:
	case known && kind == 1:
		*parts, _ = d.fixed(*parts, geneveGoogle, o.pos, o.span)
	case known && kind&0x7f == 2:
		o.rest(parts, geneveEndpoint)
	case known && kind&0x7f == 3:
		o.all(parts, geneveProfile)
	default:
		o.rest(parts, geneveUnknown)
	}
	*dst = append(*dst, node)
	return true
}

// etherTypeInTunnel reads a payload by its type where an Ethernet frame
// comes without its FCS.
func (d *dissector) etherTypeInTunnel(kind uint16, s span) {
	if s.size() > 0 {
		d.etherType(kind, s)
	}
}
