package layers

import "strconv"

// vxlanSize is the size of VXLAN's header (RFC 7348 section 5), in bytes.
const vxlanSize = 8

const vxlanRFC = "RFC 7348 sec. 5"

// What VXLAN-GPE carries (draft-ietf-nvo3-vxlan-gpe-12 section 3.2).
var vxlanProtocols = map[uint64]string{1: "IPv4", 2: "IPv6", 3: "Ethernet", 4: "NSH", 5: "MPLS"}

var (
	vxlanHeader = describe(VXLAN, vxlanRFC,
		split(hexRow(0, 2, "vxlan.flags", "flags", "Which of the fields mean something."),
			flag(0x8000, "vxlan.flag_g", "group policy", "Set when the group policy's number means something (draft-smith-vxlan-group-policy)."),
			flag(0x0800, "vxlan.flag_i", "network identifier", "Set when the network identifier means something: always."),
			flag(0x0040, "vxlan.flag_d", "don't learn", "Set when the receiver must not learn the sender's place."),
			flag(0x0008, "vxlan.flag_a", "policy applied", "Set when the group's policy has been applied already."),
			&Field{Name: "vxlan.flags_reserved", Label: "reserved", Type: TypeHex, Mask: 0x77b7, Help: "Zero."}),
		uintRow(2, 2, "vxlan.gbp", "group policy", "The group that the sender belongs to."),
		uintRow(4, 3, "vxlan.vni", "network", "The number of the virtual network that the frame belongs to."),
		uintRow(7, 1, "vxlan.reserved8", "reserved", "Zero."))
	vxlanGPEHeader = describe(VXLAN, "draft-ietf-nvo3-vxlan-gpe-12 sec. 3.1",
		split(hexRow(0, 1, "vxlan.flags", "flags", "Which of the fields mean something."),
			part(0x30, "vxlan.ver", "version", "Always 0."),
			flag(0x08, "vxlan.i_bit", "network identifier", "Set when the network identifier means something."),
			flag(0x04, "vxlan.p_bit", "next protocol", "Set when the next protocol's number means something."),
			flag(0x01, "vxlan.o_bit", "OAM", "Set on a packet that tests the tunnel."),
			&Field{Name: "vxlan.flags_reserved", Label: "reserved", Type: TypeHex, Mask: 0xc2, Help: "Zero."}),
		uintRow(1, 2, "vxlan.reserved_16", "reserved", "Zero."),
		enumRow(3, 1, "vxlan.next_proto", "next protocol", vxlanProtocols, "What the tunnel carries."),
		uintRow(4, 3, "vxlan.vni", "network", "The number of the virtual network that the packet belongs to."),
		uintRow(7, 1, "vxlan.reserved8", "reserved", "Zero."))
)

// vxlan reads VXLAN's header and the Ethernet frame in it.
func (d *dissector) vxlan(s span) {
	if d.vxlanRows(s, vxlanHeader) {
		d.bridged(s.from(vxlanSize))
	}
}

// vxlanGPE reads the header of the variant that carries any protocol.
func (d *dissector) vxlanGPE(s span) {
	if !d.vxlanRows(s, vxlanGPEHeader) {
		return
	}
	switch inner := s.from(vxlanSize); d.data[s.pos+3] {
	case 1:
		d.ip(inner)
	case 2:
		d.ipv6(inner)
	case 3:
		d.bridged(inner)
	case 4:
		d.nsh(inner)
	case 5:
		d.mpls(inner)
	default:
		d.payload(inner)
	}
}

func (d *dissector) vxlanRows(s span, rows []*Field) bool {
	p := d.part(VXLAN, s.pos, min(vxlanSize, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, rows, s.pos, s); !ok {
		d.short(VXLAN, s)
		return false
	}
	p.Summary = "network " + strconv.Itoa(int(number(d.data[s.pos+4:s.pos+7])))
	return true
}
