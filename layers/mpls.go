package layers

import (
	"encoding/binary"
	"strconv"
)

// MPLSSize is the size of a label stack entry (RFC 3032 section 2.1), in bytes.
const MPLSSize = 4

// Labels below 16 have a meaning of their own (RFC 3032 section 2.1).
var mplsLabels = map[uint64]string{0: "IPv4 explicit null", 1: "router alert", 2: "IPv6 explicit null", 3: "implicit null", 7: "entropy indicator", 13: "associated channel", 14: "OAM alert"}

const (
	mplsAssociated = 13 // RFC 5586
	mplsOAM        = 14 // RFC 3429
)

var mplsEntry = describe(MPLS, "RFC 3032 sec. 2.1", inWord(0, 4,
	part(0xfffff000, "mpls.label", "label", "The number by which the next router forwards the packet; it stands for a path."),
	part(0x00000e00, "mpls.exp", "traffic class", "How urgent the packet is, from 0 to 7 (RFC 5462)."),
	flag(0x00000100, "mpls.bottom", "bottom of stack", "Set in the last label: the packet itself follows."),
	part(0x000000ff, "mpls.ttl", "TTL", "How many more routers the packet may pass."))...)

var (
	pwSequence = describeOne(PWEthernet, "RFC 4448 sec. 4.6", uintRow(2, 2, "pweth.cw.sequence_number", "sequence number",
		"The place of the frame in the pseudowire's order; zero means that none is kept."))
	pwachHeader = describe(PWACH, "RFC 5586 sec. 2.1",
		split(&Field{Name: "pwach.ver", Label: "version", Type: TypeUint, At: 0, Size: 1, Mask: 0x0f, Help: "The version of the channel header: 0."}),
		hexRow(1, 1, "pwach.res", "reserved", "Zero."),
		enumRow(2, 2, "pwach.channel_type", "channel type", pwachTypes, "What the channel carries."))
	pwachTypes = map[uint64]string{0x07: "BFD", 0x21: "IPv4", 0x22: "BFD, continuity", 0x23: "BFD, verification", 0x25: "LSP ping", 0x27: "pseudowire status", 0x57: "IPv6", 0x8902: "OAM"}
)

// mpls reads a stack of labels and what it carries, and gives its end.
func (d *dissector) mpls(s span) int {
	for {
		p := d.part(MPLS, s.pos, min(MPLSSize, s.end-s.pos))
		var ok bool
		if p.Fields, ok = d.fixed(p.Fields, mplsEntry, s.pos, s); !ok {
			d.short(MPLS, s)
			return s.wire
		}
		entry := binary.BigEndian.Uint32(d.data[s.pos:])
		label := uint64(entry >> 12)
		p.Summary = "label " + strconv.FormatUint(label, 10)
		if name, ok := mplsLabels[label]; ok {
			p.Summary += " (" + name + ")"
		}
		p.Summary += ", TTL " + strconv.Itoa(int(entry&0xff))
		s = s.from(MPLSSize)
		if entry&0x100 != 0 || s.pos >= s.end {
			return d.mplsPayload(label, s)
		}
		if !d.within() {
			d.payload(s)
			return s.wire
		}
	}
}

// mplsPayload guesses what the labels carry, which they do not tell, by its
// first four bits: IP's version, or what RFC 4385 puts in their place.
func (d *dissector) mplsPayload(label uint64, s span) int {
	if s.pos >= s.end { // what the labels are for is missing
		d.short(MPLS, s)
		return s.wire
	}
	d.depth++
	defer func() { d.depth-- }()
	if !d.within() || label == mplsOAM {
		d.payload(s)
		return s.wire
	}
	switch first := d.data[s.pos] >> 4; {
	case label == mplsAssociated, first == 1:
		return d.pwach(s)
	case first == 4:
		return d.ip(s)
	case first == 6:
		return d.ipv6(s)
	case first != 0, s.size() < 4:
		d.payload(s)
		return s.wire
	case PseudowireWord(d.data[s.pos:s.end]) > 0:
		p := d.part(PWEthernet, s.pos, min(4, s.end-s.pos))
		if s.end-s.pos < 4 {
			d.short(PWEthernet, s)
			return s.wire
		}
		n := d.node(pwSequence, s.pos+2, 2)
		p.Fields = append(p.Fields, n)
		p.Summary = "sequence number " + n.Show
		s = s.from(4)
	}
	d.ethernet(s, -1)
	return s.wire
}

// PseudowireWord is how many bytes of control word (RFC 4448 section 4.6) stand
// before the Ethernet frame in a pseudowire: 4, or 0 where a frame is seen to
// begin at once. Nothing in the packet says which. Wireshark takes a frame for
// one if both its addresses are known manufacturers'. A word of zeros looks like
// one of the first, 00:00:xx, whose addresses nobody meets any more: unless the
// other is of these, too, what comes after the addresses decides.
func PseudowireWord(b []byte) int {
	const size = 4
	if len(b) < EthernetSize || !manufactured(b) || !manufactured(b[6:]) {
		return size
	}
	first := func(b []byte) bool { return b[0] == 0 && b[1] == 0 }
	if !first(b) || first(b[6:]) || len(b) < size+EthernetSize {
		return 0
	}
	if known := func(b []byte) bool { return etherTypes[uint64(EthernetHeader(b).Type())] != "" }; !known(b) && known(b[size:]) {
		return size
	}
	return 0
}

// manufactured says whether an address may be one that a manufacturer gave: not
// local or a group's, but for QEMU's, whose prefix is local.
func manufactured(b []byte) bool {
	return b[0]&3 == 0 || b[0] == 0x52 && b[1] == 0x54 && b[2] == 0
}

// pwach reads an associated channel's header and what it carries.
func (d *dissector) pwach(s span) int {
	p := d.part(PWACH, s.pos, min(4, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, pwachHeader, s.pos, s); !ok {
		d.short(PWACH, s)
		return s.wire
	}
	channel := number(d.data[s.pos+2 : s.pos+4])
	p.Summary = show(pwachHeader[2], channel, nil)
	switch inner := s.from(4); channel {
	case 0x21:
		d.ip(inner)
	case 0x57:
		d.ipv6(inner)
	default:
		d.payload(inner)
	}
	return s.wire
}
