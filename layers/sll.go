package layers

// Sizes of the two headers of Linux's cooked captures, in bytes.
const (
	SLLSize  = 16
	SLL2Size = 20
)

// Hardware types whose frames are not told by an EtherType (linux/if_arp.h).
const (
	hardwareFrameRelay = 770
	hardwareGRE        = 778
	hardwareRadiotap   = 803
	hardwareNetlink    = 824
)

var (
	packetTypes = map[uint64]string{0: "to us", 1: "broadcast", 2: "multicast", 3: "to another host", 4: "sent by us"}
	sllDevices  = map[uint64]string{1: "Ethernet", 6: "IEEE 802", 256: "SLIP", 512: "PPP", 768: "tunnel", 769: "IPv6 tunnel", hardwareFrameRelay: "frame relay",
		772: "loopback", 774: "FDDI", 776: "sit", hardwareGRE: "GRE", 801: "802.11", hardwareRadiotap: "802.11 with radiotap", hardwareNetlink: "netlink", 65534: "none"}
	sllTypes = map[uint64]string{1: "802.3 frame without LLC", 3: "Ethernet frame", 4: "LLC", 7: "PPP", 12: "CAN", 13: "CAN FD"}
)

const sllRFC = "LINKTYPE_LINUX_SLL"

var (
	sllStart = describe(SLL, sllRFC,
		enumRow(0, 2, "sll.pkttype", "packet type", packetTypes, "Where the packet was going, as the capturing host saw it."),
		enumRow(2, 2, "sll.hatype", "link type", sllDevices, "What kind of device the packet was captured on."),
		uintRow(4, 2, "sll.halen", "address length", "How many bytes the sender's link address has."))
	sll2Start = describe(SLL, "LINKTYPE_LINUX_SLL2",
		enumRow(0, 2, "sll.etype", "type", etherTypes, "What the packet carries."),
		uintRow(4, 4, "sll.ifindex", "interface", "The capturing host's number of the device."),
		enumRow(8, 2, "sll.hatype", "link type", sllDevices, "What kind of device the packet was captured on."),
		enumRow(10, 1, "sll.pkttype", "packet type", packetTypes, "Where the packet was going, as the capturing host saw it."),
		uintRow(11, 1, "sll.halen", "address length", "How many bytes the sender's link address has."))
	sllAddress = map[int]*Field{
		4: describeOne(SLL, sllRFC, ipv4Row(0, "sll.src.ipv4", "sender", "The sender's address, on a link whose addresses are those of IPv4.")),
		6: describeOne(SLL, sllRFC, macRow(0, "sll.src.eth", "sender", "The link address of the sender; the receiver's is not noted.")),
	}
	sllOther  = describeOne(SLL, sllRFC, bytesRow(0, 0, "sll.src.other", "sender", "The link address of the sender."))
	sllUnused = describeOne(SLL, sllRFC, bytesRow(0, 0, "sll.unused", "unused", "Bytes without meaning, which fill the header up."))
	sllEType  = describeOne(SLL, sllRFC, enumRow(0, 2, "sll.etype", "type", etherTypes, "What the packet carries."))
	sllLType  = describeOne(SLL, sllRFC, enumRow(0, 2, "sll.ltype", "type", sllTypes, "What the packet carries, as a number of Linux."))
	sllGRE    = describeOne(SLL, sllRFC, enumRow(0, 2, "sll.gretype", "type", etherTypes, "What the GRE tunnel carries."))
	sllTail   = describeOne(SLL, sllRFC, bytesRow(0, 0, "sll.trailer", "trailer", "Bytes after the packet."))
	_         = describe(SLL2, "LINKTYPE_LINUX_SLL2", append(append([]*Field{}, sll2Start...), sllAddress[4], sllAddress[6], sllOther, sllLType, sllGRE, sllTail)...)
)

// sll reads the header of a cooked capture, version 1.
func (d *dissector) sll(s span) {
	p := d.part(SLL, s.pos, min(SLLSize, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, sllStart, s.pos, s); !ok {
		d.short(SLL, s)
		return
	}
	b := d.data[s.pos:]
	if ok = d.sllAddress(p, int(number(b[4:6])), s.from(6)); !ok || s.end-s.pos < SLLSize {
		d.short(SLL, s)
		return
	}
	d.sllPayload(p, s.pos+14, uint16(number(b[2:4])), s.from(SLLSize))
}

// sll2 reads the header of a cooked capture, version 2.
func (d *dissector) sll2(s span) {
	p := d.part(SLL2, s.pos, min(SLL2Size, s.end-s.pos))
	if s.end-s.pos < SLL2Size {
		d.short(SLL2, s)
		return
	}
	b := d.data[s.pos:]
	hardware := uint16(number(b[8:10]))
	p.Fields = append(p.Fields, d.sllType(s.pos, hardware))
	p.Fields, _ = d.fixed(p.Fields, sll2Start[1:], s.pos, s)
	d.sllAddress(p, int(b[11]), s.from(12))
	d.sllPayload(nil, s.pos, hardware, s.from(SLL2Size))
}

// sllAddress adds the sender's address of n bytes, in a place for 8. It
// reports false when that is not all there.
func (d *dissector) sllAddress(p *Part, n int, s span) bool {
	n = min(n, 8)
	f := sllAddress[n]
	if f == nil {
		f = sllOther
	}
	if s.end-s.pos < n {
		return false
	}
	if n > 0 {
		p.Fields = append(p.Fields, d.node(f, s.pos, n))
		p.Summary = "from " + p.Fields[len(p.Fields)-1].Show
	}
	if s.end-s.pos < 8 {
		return false
	}
	if n < 8 {
		p.Fields = append(p.Fields, d.node(sllUnused, s.pos+n, 8-n))
	}
	return true
}

// sllType is the node of the type at a place, whose meaning depends on the
// kind of device.
func (d *dissector) sllType(at int, hardware uint16) Node {
	f := sllEType
	switch t := number(d.data[at : at+2]); {
	case t <= EtherTypeMin:
		f = sllLType
	case hardware == hardwareGRE:
		f = sllGRE
	}
	return d.node(f, at, 2)
}

// sllPayload reads the payload, and adds the type to the part unless it is
// there already.
func (d *dissector) sllPayload(p *Part, typeAt int, hardware uint16, s span) {
	i := len(d.tree.Parts) - 1
	t := uint16(number(d.data[typeAt : typeAt+2]))
	if p != nil {
		p.Fields = append(p.Fields, d.sllType(typeAt, hardware))
	}
	end := s.wire
	switch {
	case hardware == hardwareNetlink:
		d.payload(s)
	case t <= EtherTypeMin && hardware == hardwareFrameRelay:
		d.frameRelay(s)
	case t <= EtherTypeMin && hardware == hardwareRadiotap:
		d.radiotap(s)
	case t <= EtherTypeMin:
		d.sllLinux(t, s)
	case hardware == hardwareGRE:
		d.greProtocol(t, s)
	default:
		end = d.etherType(t, s)
	}
	if end < s.end {
		rest := &d.tree.Parts[i]
		rest.Fields = append(rest.Fields, d.node(sllTail, end, s.end-end))
	}
}

// sllLinux reads a payload by a type that is Linux's own.
func (d *dissector) sllLinux(t uint16, s span) {
	switch t {
	case 3:
		d.ethernet(s, -1)
	case 4:
		d.llc(s)
	case 7:
		d.pppHDLC(s)
	default:
		d.payload(s)
	}
}
