package layers

import "fmt"

// VLANSize is the size of an 802.1Q tag after the type that announces it, in
// bytes.
const VLANSize = 4

var (
	vlanTag = table(VLAN,
		&Field{Name: "vlan.priority", Label: "priority", Type: TypeUint, At: 0, Size: 2, Mask: 0xe000, RFC: "IEEE 802.1Q sec. 9.6",
			Help: "How urgent the frame is, from 0 to 7, for switches that have to choose."},
		&Field{Name: "vlan.dei", Label: "drop eligible", Type: TypeBool, At: 0, Size: 2, Mask: 0x1000, RFC: "IEEE 802.1Q sec. 9.6",
			Help: "Set on a frame that may be dropped first when a switch is full."},
		&Field{Name: "vlan.id", Label: "VLAN", Type: TypeUint, At: 0, Size: 2, Mask: 0x0fff, RFC: "IEEE 802.1Q sec. 9.6",
			Help: "The number of the virtual network that the frame belongs to."})
	vlanType = table(VLAN, &Field{Name: "vlan.etype", Label: "type", Type: TypeEnum, At: 2, Size: 2, RFC: "IEEE 802.1Q sec. 9.4", Names: etherTypes,
		Help: "What the frame carries: the type that stood there before the tag was put in."})
	vlanLen = table(VLAN, &Field{Name: "vlan.len", Label: "length", Type: TypeUint, At: 2, Size: 2, RFC: "IEEE 802.1Q sec. 9.4",
		Help: "In a tagged 802.3 frame without a type: how many bytes of payload follow."})
	vlanTrailer = row(VLAN, Field{Name: "vlan.trailer", Label: "trailer", Type: TypeBytes,
		Help: "Bytes after the payload that are not needed as padding."})
)

// vlan reads an 802.1Q tag and what it stands before. The frame's rest is the
// tag's, so that nothing is left for the Ethernet header.
func (d *dissector) vlan(s span) int {
	i := len(d.tree.Parts)
	p := d.part(VLAN, s.pos, min(VLANSize, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, vlanTag, s.pos, s); !ok || s.end-s.pos < VLANSize {
		d.short(VLAN, s)
		return s.wire
	}
	tag := number(d.data[s.pos : s.pos+2])
	p.Summary = fmt.Sprintf("VLAN %d, priority %d", tag&0xfff, tag>>13)
	t := uint16(number(d.data[s.pos+2 : s.pos+4]))
	inner := s.from(VLANSize)
	var end int
	if t >= EtherTypeMin {
		p.Fields, _ = d.fixed(p.Fields, vlanType, s.pos, s)
		end = d.etherType(t, inner)
	} else {
		p.Fields, _ = d.fixed(p.Fields, vlanLen, s.pos, s)
		end = d.lengthFramed(int(t), inner, "vlan.len.past_end")
	}
	d.tail(i, s, end, vlanTrailer, -1)
	return s.wire
}

// A provider's tags: those of IEEE 802.1ad beside each other, and those of
// 802.1ah around a whole customer's frame.
var (
	serviceBits = describe(ServiceTag, "IEEE 802.1ad sec. 9.7",
		split(&Field{Name: "ieee8021ad.priority", Label: "priority", Type: TypeUint, At: 0, Size: 1, Mask: 0xe0, Help: "How urgent the frame is, from 0 to 7."}),
		split(&Field{Name: "ieee8021ad.dei", Label: "drop eligible", Type: TypeBool, At: 0, Size: 1, Mask: 0x10, Help: "Set on a frame that may be dropped first."}))
	serviceID    = serviceNumber("id", "VLAN", "The number of the provider's network that the frame belongs to.")
	serviceOuter = serviceNumber("svid", "provider's VLAN", "The number of the provider's network that the frame belongs to.")
	serviceInner = serviceNumber("cvid", "customer's VLAN", "The number of the customer's network that the frame belongs to.")

	instanceRows = []*Field{
		{Name: "ieee8021ah.priority", Label: "priority", Type: TypeUint, At: 0, Size: 1, Mask: 0xe0, Help: "How urgent the frame is, from 0 to 7."},
		{Name: "ieee8021ah.drop", Label: "drop eligible", Type: TypeBool, At: 0, Size: 1, Mask: 0x10, Help: "Set on a frame that may be dropped first."},
		{Name: "ieee8021ah.nca", Label: "no customer addresses", Type: TypeBool, At: 0, Size: 1, Mask: 0x08, Help: "Set when the customer's addresses mean nothing."},
		{Name: "ieee8021ah.res1", Label: "reserved", Type: TypeUint, At: 0, Size: 1, Mask: 0x04, Help: "Zero."},
		{Name: "ieee8021ah.res2", Label: "reserved", Type: TypeUint, At: 0, Size: 1, Mask: 0x03, Help: "Zero."},
		uintRow(1, 3, "ieee8021ah.isid", "service instance", "The number of the customer's service in the provider's backbone."),
		macRow(4, "ieee8021ah.cdst", "customer's destination", "The station that the customer's frame is for."),
		macRow(10, "ieee8021ah.csrc", "customer's source", "The station that sent the customer's frame."),
	}
	instanceType    = enumRow(0, 2, "ieee8021ah.etype", "type", etherTypes, "What the frame carries.")
	instanceTrailer = bytesRow(0, 0, "ieee8021ah.trailer", "trailer", "Bytes after the payload that are not needed as padding.")
	_               = describe(PBB, "IEEE 802.1ah sec. 9.7", append(instanceRows, instanceType, instanceTrailer)...)
)

func serviceNumber(name, label, help string) *Field {
	return describeOne(ServiceTag, "IEEE 802.1ad sec. 9.7", &Field{Name: "ieee8021ad." + name, Label: label, Type: TypeUint, At: 0, Size: 2, Mask: 0x0fff, Help: help})
}

// instanceSize is the size of a service instance tag with the customer's
// addresses, in bytes.
const instanceSize = 16

// serviceTag reads a provider's tag, with a second one or a service instance
// that directly follow.
func (d *dissector) serviceTag(s span) int {
	i := len(d.tree.Parts)
	p := d.part(ServiceTag, s.pos, min(VLANSize, s.end-s.pos))
	if s.end-s.pos < VLANSize { // Wireshark shows a tag whole, or not at all
		d.short(ServiceTag, s)
		return s.wire
	}
	next := number(d.data[s.pos+2 : s.pos+4])
	tag := number(d.data[s.pos : s.pos+2])
	p.Summary = fmt.Sprintf("VLAN %d, priority %d", tag&0xfff, tag>>13)
	if next == EtherTypeService {
		if s.end-s.pos < VLANSize+2 {
			d.short(ServiceTag, s)
			return s.wire
		}
		d.serviceNode(p, s, serviceOuter)
		s = s.from(VLANSize)
		d.serviceNode(p, s, serviceInner)
		if s.end-s.pos < VLANSize {
			d.short(ServiceTag, s)
			return s.wire
		}
		p.Len, p.Payload = p.Len+VLANSize, p.Payload+VLANSize
	} else {
		d.serviceNode(p, s, serviceID)
	}
	s = s.from(VLANSize)
	if next == EtherTypePBB {
		return d.instance(i, s)
	}
	return d.instanceInner(i, s, s.pos-2)
}

func (d *dissector) serviceNode(p *Part, s span, id *Field) {
	p.Fields, _ = d.fixed(p.Fields, serviceBits, s.pos, s)
	p.Fields = append(p.Fields, d.node(id, s.pos, 2))
}

// backbone reads a service instance tag and the customer's frame.
func (d *dissector) backbone(s span) int {
	i := len(d.tree.Parts)
	d.part(PBB, s.pos, 0)
	return d.instance(i, s)
}

func (d *dissector) instance(i int, s span) int {
	p := &d.tree.Parts[i]
	n := min(instanceSize+2, s.end-s.pos)
	p.Len, p.Payload = s.pos+n-p.Pos, s.pos+n
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, instanceRows, s.pos, s); !ok || n < instanceSize+2 {
		d.short(PBB, s)
		return s.wire
	}
	p.Summary += fmt.Sprintf("service %d", number(d.data[s.pos+1:s.pos+4]))
	// Wireshark shows this type two bytes into the tag, where a service tag
	// has its own, and not where it stands.
	return d.instanceInner(i, s.from(instanceSize+2), s.pos+2)
}

// instanceInner reads what stands after a type, and gives the end. The type is
// shown at the place given.
func (d *dissector) instanceInner(i int, s span, typeAt int) int {
	next := uint16(number(d.data[s.pos-2 : s.pos]))
	p := &d.tree.Parts[i]
	p.Fields = append(p.Fields, d.valued(instanceType, typeAt, 2, uint64(next)))
	from := p.Pos
	end := d.etherType(next, s)
	d.tail(i, span{from, s.end, s.wire}, end, instanceTrailer, -1)
	return s.wire
}
