package layers

import "fmt"

// Types of BPDU (IEEE 802.1D section 9.3).
const (
	bpduConfiguration = 0x00
	bpduRapid         = 0x02
	bpduTopology      = 0x80
)

// Sizes of BPDUs in bytes: what every one begins with, and what each version
// adds.
const (
	bpduSize      = 35
	bpduMSTSize   = 102 // with the extension for multiple spanning trees
	bpduInstance  = 16  // for each tree
	mstOwnLength  = 64  // of that extension without trees
	bpduRapidSize = 36
)

const (
	stpRFC  = "IEEE 802.1D sec. 9.3"
	mstpRFC = "IEEE 802.1Q sec. 14"
)

var (
	stpVersions  = map[uint64]string{0: "spanning tree", 2: "rapid spanning tree", 3: "multiple spanning tree", 4: "shortest path tree"}
	stpTypes     = map[uint64]string{bpduConfiguration: "configuration", bpduRapid: "rapid or multiple", bpduTopology: "topology change"}
	stpPortRoles = map[uint64]string{0: "unknown", 1: "alternate or backup", 2: "root", 3: "designated"}
	stpStart     = describe(STP, stpRFC,
		hexRow(0, 2, "stp.protocol", "protocol", "Zero: the spanning tree protocol."),
		enumRow(2, 1, "stp.version", "version", stpVersions, "Which kind of spanning tree the bridge can do."),
		enumRow(3, 1, "stp.type", "type", stpTypes, "Whether this tells the tree, or that it has changed."))
	stpAck     = flag(0x80, "stp.flags.tcack", "change acknowledged", "Set when a change of topology that was told has been heard.")
	stpChange  = flag(0x01, "stp.flags.tc", "topology change", "Set when the tree has changed: bridges forget soon where stations are.")
	stpFlags   = describeOne(STP, stpRFC, split(hexRow(4, 1, "stp.flags", "flags", "Whether the tree has changed."), stpAck, stpChange))
	rstpFlags  = describeOne(STP, "IEEE 802.1D sec. 9.3.3", split(hexRow(4, 1, "stp.flags", "flags", "The state of the port, and the handshake for a quick change."), rapidBits(stpAck, stpChange)...))
	stpVectors = describe(STP, stpRFC,
		bridgeRow(5, "stp.root", "root", "The bridge at the root of the tree, as the sender knows it."),
		uintRow(13, 4, "stp.root.cost", "root path cost", "How far the root is: the sum of the costs of the links on the way."),
		bridgeRow(17, "stp.bridge", "bridge", "The bridge that sent this."),
		hexRow(25, 2, "stp.port", "port", "The port that this was sent from, with its priority."),
		timeRow(27, "stp.msg_age", "message age", "How long ago the root sent what this is based on."),
		timeRow(29, "stp.max_age", "maximum age", "When what was told becomes too old."),
		timeRow(31, "stp.hello", "hello time", "How often the root sends."),
		timeRow(33, "stp.forward", "forward delay", "How long a port listens, and then learns, before it forwards."))
	stpVersion1 = describeOne(STP, stpRFC, uintRow(35, 1, "stp.version_1_length", "version 1 length", "How many bytes version 1 adds: none."))

	mstLength = describeOne(STP, mstpRFC, uintRow(36, 2, "mstp.version_3_length", "version 3 length", "How many bytes version 3 adds."))
	mstHead   = describeOne(STP, mstpRFC, bytesRow(0, 0, "", "multiple spanning trees", "The trees of groups of VLANs, in one region of bridges."))
	mstConfig = describe(STP, mstpRFC,
		uintRow(38, 1, "mstp.config_format_selector", "format", "How the configuration is identified: 0."),
		textRow(39, 32, "mstp.config_name", "region's name", "The name of the configuration; bridges with the same are one region."),
		uintRow(71, 2, "mstp.config_revision_level", "revision", "The number of the configuration's revision."),
		bytesRow(73, 16, "mstp.config_digest", "digest", "A checksum over which VLAN belongs to which tree."))
	mstCIST = describe(STP, mstpRFC,
		uintRow(89, 4, "mstp.cist_internal_root_path_cost", "internal root path cost", "How far the region's root is."),
		bridgeRow(93, "mstp.cist_bridge", "bridge", "The bridge that sent this."))
	mstHops     = describeOne(STP, mstpRFC, uintRow(101, 1, "mstp.cist_remaining_hops", "remaining hops", "How many more bridges this may pass in the region."))
	mstInstance = describeOne(STP, mstpRFC, &Field{Name: "", Label: "tree", Type: TypeNone, Size: bpduInstance, Help: "One tree of the region.",
		Sub: []*Field{
			split(hexRow(0, 1, "mstp.msti.flags", "flags", "The state of the port in this tree."), rapidBits(stpAck, stpChange)...),
			split(&Field{Name: "mstp.msti.priority", Label: "root's priority", Type: TypeHex, At: 1, Size: 1, Mask: 0xf0, Help: "The priority of the tree's root; the smallest wins."}),
			split(&Field{Name: "mstp.msti.msti_id", Label: "tree", Type: TypeUint, At: 1, Size: 2, Mask: 0x0fff, Help: "The number of the tree."}),
			macRow(3, "mstp.msti.root.hw", "root", "The bridge at the root of the tree."),
			uintRow(9, 4, "mstp.msti.root_cost", "root path cost", "How far that root is."),
			uintRow(13, 1, "mstp.msti.bridge_priority", "bridge's priority", "The priority of the bridge that sent this, in the upper four bits."),
			uintRow(14, 1, "mstp.msti.port_priority", "port's priority", "The priority of the port that this was sent from, in the upper four bits."),
			uintRow(15, 1, "mstp.msti.remaining_hops", "remaining hops", "How many more bridges this may pass.")}})

	sptLength = describeOne(STP, "IEEE 802.1aq sec. 14", uintRow(0, 2, "mstp.version_4_length", "version 4 length", "How many bytes version 4 adds."))
	sptHead   = describeOne(STP, "IEEE 802.1aq sec. 14", bytesRow(0, 0, "", "shortest path trees", "What bridges with a tree each have to agree on."))
	sptConfig = describeOne(STP, "IEEE 802.1aq sec. 14", &Field{Label: "configuration", Type: TypeNone, Size: 51, Help: "The second configuration of the region.", Sub: []*Field{
		uintRow(0, 1, "mstp.config_format_selector", "format", "How the configuration is identified: 0."),
		textRow(1, 32, "mstp.config_name", "region's name", "The name of the configuration."),
		uintRow(33, 2, "mstp.config_revision_level", "revision", "The number of the configuration's revision."),
		bytesRow(35, 16, "mstp.config_digest", "digest", "A checksum over which VLAN belongs to which tree.")}})
	sptAgree     = describeOne(STP, "IEEE 802.1aq sec. 28.2", bytesRow(0, 0, "", "agreement", "On which topology the bridges agree."))
	sptAgreement = describe(STP, "IEEE 802.1aq sec. 28.2", append(append(append(inWord(0, 1,
		part(0x03, "mstp.agree_flags.agreement_num", "agreement number", "The number of this agreement."),
		part(0x0c, "mstp.agree_flags.dagreement_num", "discarded agreement number", "The number of the last agreement that came from the other end."),
		flag(0x10, "mstp.agree_flags.agreement_valid", "agreement valid", "Set when this agreement holds."),
		flag(0x20, "mstp.agree_flags.rest_role", "restricted role", "Set when the port must not become a root port.")),
		inWord(2, 1, part(0xf0, "bpdu.agreement_digest_format_id", "digest's format", "How the digest is made."), part(0x0f, "bpdu.agreement_digest_format_capabilities", "format's capabilities", "Which formats the bridge can do."))...),
		inWord(3, 1, part(0xf0, "bpdu.agreement_digest_convention_id", "digest's convention", "What the digest is made of."), part(0x0f, "bpdu.agreement_digest_convention_capabilities", "convention's capabilities", "Which conventions the bridge can do."))...),
		uintRow(4, 2, "bpdu.agreement_digest_edge_count", "edges", "How many edges the topology has."))...)

	pvstTLV    = describeOne(STP, "Cisco PVST+", bytesRow(0, 0, "", "record", "What Cisco adds to a tree of one VLAN."))
	pvstType   = describeOne(STP, "Cisco PVST+", enumRow(0, 2, "stp.pvst.tlvtype", "type", map[uint64]string{0: "originating VLAN"}, "What the record tells."))
	pvstLength = describeOne(STP, "Cisco PVST+", uintRow(2, 2, "stp.pvst.tlvlen", "length", "How many bytes the record's value has."))
	pvstVLAN   = describeOne(STP, "Cisco PVST+", uintRow(4, 2, "stp.pvst.origvlan", "VLAN", "The VLAN whose tree this is."))
	pvstValue  = describeOne(STP, "Cisco PVST+", bytesRow(4, 0, "stp.pvst.tlvval", "value", "The value of a record that no table describes."))
)

// rapidBits are the flags of a rapid spanning tree; first and last are those
// that it has from its predecessor.
func rapidBits(first, last *Field) []*Field {
	one := func(f *Field) *Field { g := *f; g.At, g.Size = 0, 0; return &g }
	return []*Field{one(first),
		flag(0x40, "stp.flags.agreement", "agreement", "Set when the bridge agrees that the other's port may forward at once."),
		flag(0x20, "stp.flags.forwarding", "forwarding", "Set when the port forwards frames."),
		flag(0x10, "stp.flags.learning", "learning", "Set when the port learns where stations are."),
		named(0x0c, "stp.flags.port_role", "port's role", stpPortRoles, "What the port is in the tree."),
		flag(0x02, "stp.flags.proposal", "proposal", "Set when the bridge asks to forward at once."),
		one(last)}
}

// bridgeRow is a bridge's identifier: priority and address.
func bridgeRow(at int, name, label, help string) *Field {
	return &Field{Label: label, Type: TypeBytes, At: at, Size: 8, Help: help, Sub: []*Field{
		uintRow(at, 1, name+".prio", label+"'s priority", "The smallest priority wins the election of the root; in the upper four bits."),
		uintRow(at, 2, name+".ext", label+"'s extension", "The number of the VLAN or tree, in the lower twelve bits."),
		macRow(at+2, name+".hw", label+"'s address", "The bridge's own address, which decides between equal priorities.")}}
}

// timeRow is a time in units of 1/256 second.
func timeRow(at int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeUint, At: at, Size: 2, Help: help}
}

// stp reads a BPDU, by which bridges make a tree of their links.
func (d *dissector) stp(s span) {
	i := len(d.tree.Parts)
	p := d.part(STP, s.pos, s.end-s.pos)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, stpStart, s.pos, s); !ok {
		d.short(STP, s)
		return
	}
	version, kind := d.data[s.pos+2], d.data[s.pos+3]
	p.Summary = showEnumName(stpTypes, uint64(kind))
	flags := stpFlags
	switch kind {
	case bpduTopology:
		p.Len, p.Payload = 4, s.pos+4
		return
	case bpduRapid:
		flags = rstpFlags
	case bpduConfiguration:
	default:
		d.expert(Warning, "stp.type.unknown", "A type of BPDU that is not known.", s.pos+3, 1)
		return
	}
	if p.Fields, ok = d.fixed(p.Fields, []*Field{flags}, s.pos, s); ok {
		p.Fields, ok = d.fixed(p.Fields, stpVectors, s.pos, s)
	}
	d.stpShow(p.Fields)
	if !ok {
		d.short(STP, s)
		return
	}
	b := d.data[s.pos:]
	p.Summary = fmt.Sprintf("root %d %s, cost %d, from %s", number(b[5:7])&0xf000, showMAC(b[7:]), number(b[13:17]), showMAC(b[19:]))
	c := d.cursor(s.from(bpduSize))
	fields := p.Fields
	if kind == bpduRapid && version >= 2 {
		fields, ok = d.fixed(fields, []*Field{stpVersion1}, s.pos, s)
		c.skip(1)
		if ok && version >= 3 {
			c = d.cursor(d.mst(&fields, s, version))
		}
	}
	if d.pvst() {
		if version < 2 {
			c.skip(1) // a byte of padding in place of version 1's length
		}
		d.pvstRecords(c, &fields)
	} else {
		d.tree.Parts[i].Len = min(d.tree.Parts[i].Len, c.pos-s.pos)
		d.tree.Parts[i].Payload = s.pos + d.tree.Parts[i].Len
	}
	d.tree.Parts[i].Fields = fields
}

// stpShow writes times and priorities in their units.
func (d *dissector) stpShow(fields []Node) {
	for i := range fields {
		switch n := &fields[i]; n.Field.Name {
		case "stp.msg_age", "stp.max_age", "stp.hello", "stp.forward":
			n.Show = fmt.Sprintf("%g s", float64(n.Uint)/256)
		}
	}
}

// mst reads what version 3 and 4 add, and gives what is left.
func (d *dissector) mst(dst *[]Node, s span, version byte) span {
	if s.end-s.pos < bpduMSTSize {
		return s.from(bpduRapidSize)
	}
	size := d.node(mstLength, s.pos+36, 2)
	*dst = append(*dst, size)
	trees := max(0, int(size.Uint)-mstOwnLength)
	all := min(bpduMSTSize-36+trees, s.end-s.pos-36)
	if version >= 4 {
		all = s.end - s.pos - 36
	}
	head := d.node(mstHead, s.pos+36, all)
	head.Children, _ = d.fixed(nil, mstConfig, s.pos, s)
	if d.data[s.pos+38] == 0 && size.Uint != 0 {
		head.Children, _ = d.fixed(head.Children, mstCIST, s.pos, s)
	}
	head.Children, _ = d.fixed(head.Children, []*Field{mstHops}, s.pos, s)
	c := d.cursor(s.from(bpduMSTSize))
	list := c.cut(min(trees, c.left()))
	for list.left() >= bpduInstance && d.within() {
		list.all(&head.Children, mstInstance)
	}
	*dst = append(*dst, head)
	if version >= 4 && c.left() >= 2 {
		d.spt(dst, c)
	}
	return c.span
}

// spt reads what version 4 adds.
func (d *dissector) spt(dst *[]Node, c *cursor) {
	start, n := c.pos, c.peek(0, 2)
	c.all(dst, sptLength)
	if n < 53 || c.left() < 53 {
		return
	}
	end := c.end
	head := d.node(sptHead, start, end-start)
	c.all(&head.Children, sptConfig)
	agree := d.node(sptAgree, c.pos, end-c.pos)
	agree.Children, _ = d.fixed(nil, sptAgreement, c.pos, c.span)
	c.skip(c.left())
	head.Children = append(head.Children, agree)
	*dst = append(*dst, head)
}

// pvst says whether the BPDU is one of Cisco's trees for one VLAN, which come
// with a SNAP header.
func (d *dissector) pvst() bool {
	if len(d.tree.Parts) < 2 {
		return false
	}
	n := find(d.tree.Parts[len(d.tree.Parts)-2].Fields, "llc.cisco_pid")
	return n != nil && n.Uint == 0x010b
}

func (d *dissector) pvstRecords(c *cursor, dst *[]Node) {
	for c.left() >= 4 {
		kind, size := c.peek(0, 2), c.peek(2, 2)
		if c.left() < 4+size {
			d.expert(Warning, "stp.pvst.tlv.truncated", "The record ends before it is complete.", c.pos, c.left())
			return
		}
		r := c.cut(4 + size)
		record := d.node(pvstTLV, r.pos, 4+size)
		record.Children, _ = d.fixed(nil, []*Field{pvstType, pvstLength}, r.pos, r.span)
		switch {
		case kind == 0 && size == 2:
			record.Children, _ = d.fixed(record.Children, []*Field{pvstVLAN}, r.pos, r.span)
		case kind == 0:
			d.expert(Warning, "stp.pvst.tlvlen.invalid", "The VLAN's number has 2 bytes.", r.pos+2, 2)
		default:
			r.skip(4)
			r.rest(&record.Children, pvstValue)
		}
		*dst = append(*dst, record)
	}
}
