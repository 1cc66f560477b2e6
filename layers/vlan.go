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
	if rest := (span{min(end, s.end), s.end, s.wire}); rest.end > rest.pos {
		rest = d.padding(i, rest, end-s.pos)
		if rest.end > rest.pos {
			p := &d.tree.Parts[i]
			p.Fields = append(p.Fields, d.node(vlanTrailer, rest.pos, rest.end-rest.pos))
		}
	}
	return s.wire
}
