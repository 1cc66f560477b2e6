package layers

import "encoding/binary"

// Sizes of Ethernet frames (IEEE 802.3 section 3.2), in bytes.
const (
	EthernetSize       = 14 // destination, source, type
	EthernetMinPayload = 46 // shorter ones are padded
	EthernetMinFrame   = 60 // header and payload, without the FCS
	EthernetOverhead   = 20 // preamble (7), start delimiter (1), gap between frames (12): time on the wire, no bytes
)

// EtherTypes (IEEE 802 numbers). Values below EtherTypeMin are lengths.
const (
	EtherTypeMin  = 0x0600
	EtherTypeIPv4 = 0x0800
	EtherTypeARP  = 0x0806
	EtherTypeVLAN = 0x8100
	EtherTypeIPv6 = 0x86dd

	EtherTypeRARP       = 0x8035
	EtherTypeBridge     = 0x6558 // an Ethernet frame in a tunnel
	EtherTypeSlow       = 0x8809
	EtherTypeMPLS       = 0x8847
	EtherTypeMPLSMany   = 0x8848
	EtherTypePPPoEStage = 0x8863
	EtherTypePPPoE      = 0x8864
	EtherTypeJumboLLC   = 0x8870
	EtherTypeService    = 0x88a8
	EtherTypeLLDP       = 0x88cc
	EtherTypePBB        = 0x88e7
	EtherTypeLoopback   = 0x9000
	EtherTypeVLANOld    = 0x9100
)

// Broadcast is the address of every station.
var Broadcast = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// EthernetHeader is a view of at least EthernetSize bytes.
type EthernetHeader []byte

// Dst is the destination address.
func (h EthernetHeader) Dst() [6]byte { return [6]byte(h[0:6]) }

// Src is the source address.
func (h EthernetHeader) Src() [6]byte { return [6]byte(h[6:12]) }

// Type is the EtherType, or the payload's length when below EtherTypeMin.
func (h EthernetHeader) Type() uint16 { return binary.BigEndian.Uint16(h[12:]) }

// Put writes the whole header.
func (h EthernetHeader) Put(dst, src [6]byte, etherType uint16) {
	_ = h[13]
	copy(h[0:6], dst[:])
	copy(h[6:12], src[:])
	binary.BigEndian.PutUint16(h[12:], etherType)
}

// The bits of an address's first octet, as Wireshark names them.
func addressBits(at int, end string) []*Field {
	const rfc = "IEEE 802 sec. 8.2"
	lg := Field{Label: "locally administered", Type: TypeBool, At: at, Size: 3, Mask: 0x020000, RFC: rfc,
		Help: "Set when an administrator or a program chose the address; clear when the manufacturer did."}
	ig := Field{Label: "group address", Type: TypeBool, At: at, Size: 3, Mask: 0x010000, RFC: rfc,
		Help: "Set when the address means many stations (multicast, broadcast); clear when it means one."}
	oui := Field{Label: "manufacturer's number", Type: TypeHex, At: at, Size: 3, RFC: rfc, Hidden: true,
		Help: "The first three octets, which IEEE assigns to a manufacturer."}
	addr := Field{Name: "eth.addr", Label: "source or destination", Type: TypeMAC, At: at, Size: 6, RFC: "IEEE 802.3 sec. 3.2.3", Hidden: true,
		Help: "Either address of the frame, for filters that do not care which."}
	named := func(f Field, name string, hidden bool) *Field {
		f.Name, f.Hidden = name, hidden
		return &f
	}
	return []*Field{
		named(oui, "eth."+end+".oui", true), &addr, named(oui, "eth.addr.oui", true),
		named(lg, "eth."+end+".lg", false), named(lg, "eth.lg", true),
		named(ig, "eth."+end+".ig", false), named(ig, "eth.ig", true),
	}
}

var etherTypes = map[uint64]string{
	EtherTypeIPv4: "IPv4", EtherTypeARP: "ARP", EtherTypeVLAN: "802.1Q", EtherTypeIPv6: "IPv6",
	0x0842: "Wake-on-LAN", 0x8035: "RARP", 0x809b: "AppleTalk", 0x8137: "IPX", 0x8808: "Ethernet flow control",
	0x8809: "slow protocols (LACP)", 0x8847: "MPLS", 0x8848: "MPLS multicast", 0x8863: "PPPoE discovery", 0x8864: "PPPoE session",
	0x888e: "802.1X", 0x88a8: "802.1ad", 0x88cc: "LLDP", 0x88e5: "MACsec", 0x88f7: "PTP", 0x9000: "loopback test",
}

var (
	ethAddresses = table(Ethernet,
		&Field{Name: "eth.dst", Label: "destination", Type: TypeMAC, At: 0, Size: 6, RFC: "IEEE 802.3 sec. 3.2.4", Sub: addressBits(0, "dst"),
			Help: "The station on this link that the frame is for: the next hop, not the final receiver."},
		&Field{Name: "eth.src", Label: "source", Type: TypeMAC, At: 6, Size: 6, RFC: "IEEE 802.3 sec. 3.2.5", Sub: addressBits(6, "src"),
			Help: "The station on this link that sent the frame: the last hop, not the first sender."})
	ethType = table(Ethernet, &Field{Name: "eth.type", Label: "type", Type: TypeEnum, At: 12, Size: 2, RFC: "IEEE 802.3 sec. 3.2.6", Names: etherTypes,
		Help: "What the frame carries; the receiver hands the payload to that protocol."})
	ethLen = table(Ethernet, &Field{Name: "eth.len", Label: "length", Type: TypeUint, At: 12, Size: 2, RFC: "IEEE 802.3 sec. 3.2.6",
		Help: "In an 802.3 frame without a type: how many bytes of payload follow, padding not counted."})
	ethInvalid = table(Ethernet, &Field{Name: "eth.invalid_lentype", Label: "invalid length or type", Type: TypeHex, At: 12, Size: 2, RFC: "IEEE 802.3 sec. 3.2.6",
		Help: "A value too large for a length and too small for a type."})
	ethPadding = row(Ethernet, Field{Name: "eth.padding", Label: "padding", Type: TypeBytes, RFC: "IEEE 802.3 sec. 3.2.8",
		Help: "Bytes without meaning that bring a short payload to the 46 bytes that Ethernet needs."})
	ethTrailer = row(Ethernet, Field{Name: "eth.trailer", Label: "trailer", Type: TypeBytes,
		Help: "Bytes after the payload that are neither needed as padding nor a checksum."})
	ethFCS = row(Ethernet, Field{Name: "eth.fcs", Label: "frame check sequence", Type: TypeHex, RFC: "IEEE 802.3 sec. 3.2.9",
		Help: "A CRC-32 over the whole frame; the receiver drops a frame whose FCS does not fit."})
	ethFCSStatus = row(Ethernet, Field{Name: "eth.fcs.status", Label: "FCS status", Type: TypeEnum, Names: checksumStatus,
		Help: "Whether the frame check sequence fits the frame."})
)

// checksumStatus holds Wireshark's values of a checksum's verdict.
var checksumStatus = map[uint64]string{checksumBad: "bad", checksumGood: "good", checksumUnverified: "unverified", checksumNone: "not present", checksumIllegal: "illegal"}

const (
	checksumBad = iota
	checksumGood
	checksumUnverified
	checksumNone
	checksumIllegal
)

// ethernet reads a frame with its padding, trailer and FCS. FcsLen is as in
// Options.
func (d *dissector) ethernet(s span, fcsLen int) {
	if d.depth++; !d.within() {
		d.payload(s)
		d.depth--
		return
	}
	defer func() { d.depth-- }()
	i := len(d.tree.Parts)
	p := d.part(Ethernet, s.pos, min(EthernetSize, s.end-s.pos))
	if s.end-s.pos < EthernetSize { // Wireshark shows the header whole, or not at all
		d.short(Ethernet, s)
		return
	}
	p.Fields, _ = d.fixed(p.Fields, ethAddresses, s.pos, s)
	h := EthernetHeader(d.data[s.pos:])
	src := h.Src()
	p.Summary = showMAC(src[:]) + " ► " + showMAC(d.data[s.pos:])
	if src[0]&1 != 0 {
		d.expert(Warning, "eth.src_not_group", "The source address is a group address; only a single station can send.", s.pos+6, 6)
	}
	inner := s.from(EthernetSize)
	if fcsLen == FCSSize && s.size() > EthernetSize+FCSSize {
		inner.wire -= FCSSize
		inner.end = min(inner.end, inner.wire)
	}
	end := inner.wire
	switch t := h.Type(); {
	case t >= EtherTypeMin, t == 0: // Wireshark takes no length for a type, too
		p.Fields, _ = d.fixed(p.Fields, ethType, s.pos, s)
		p.Summary += ", " + etherTypeName(t)
		end = d.etherType(t, inner)
	case t <= 1500:
		p.Fields, _ = d.fixed(p.Fields, ethLen, s.pos, s)
		p.Summary += ", 802.3, " + count(int(t), "byte")
		end = d.lengthFramed(int(t), inner, "eth.len.past_end")
	default:
		p.Fields, _ = d.fixed(p.Fields, ethInvalid, s.pos, s)
		d.expert(Warning, "eth.invalid_lentype.expert", "Neither a length (up to 1500) nor a type (from 0x0600).", s.pos+12, 2)
		d.payload(inner)
	}
	d.tail(i, s, end, ethTrailer, fcsLen)
}

func etherTypeName(t uint16) string {
	if name, ok := etherTypes[uint64(t)]; ok {
		return name
	}
	return "type " + showHex(uint64(t), 4)
}

// lengthFramed reads the payload of an 802.3 frame, and gives its end.
func (d *dissector) lengthFramed(n int, s span, pastEnd string) int {
	if n > s.size() {
		d.expert(Warning, pastEnd, "The length goes past the end of the frame.", s.pos-2, 2)
		n = s.size()
	}
	payload := s.first(n)
	// Novell's IPX begins without LLC, with a checksum that is never used.
	if payload.end-payload.pos >= 2 && number(d.data[payload.pos:payload.pos+2]) == 0xffff {
		d.payload(payload)
	} else if n > 0 {
		d.llc(payload)
	}
	return s.pos + n
}

// etherProtocols read what the EtherTypes stand for, and give its end on the
// wire: what follows is padding or a trailer.
var etherProtocols map[uint16]func(*dissector, span) int

func init() { // the readers come back to this table
	etherProtocols = map[uint16]func(*dissector, span) int{
		EtherTypeIPv4: (*dissector).ipv4,
		EtherTypeIPv6: (*dissector).ipv6,
		EtherTypeARP:  (*dissector).arp, EtherTypeRARP: (*dissector).arp,
		EtherTypeVLAN: (*dissector).vlan, EtherTypeVLANOld: (*dissector).vlan,
		EtherTypeService: (*dissector).serviceTag, EtherTypePBB: (*dissector).backbone,
		EtherTypeMPLS: (*dissector).mpls, EtherTypeMPLSMany: (*dissector).mpls,
		EtherTypePPPoEStage: whole((*dissector).pppoeDiscovery), EtherTypePPPoE: whole((*dissector).pppoeSession),
		EtherTypeLLDP: (*dissector).lldp, EtherTypeSlow: whole((*dissector).slow), EtherTypeLoopback: whole((*dissector).loopback),
		EtherTypeJumboLLC: whole((*dissector).llc), EtherTypeBridge: whole((*dissector).bridged),
	}
}

// whole makes a reader that leaves nothing for a trailer.
func whole(read func(*dissector, span)) func(*dissector, span) int {
	return func(d *dissector, s span) int {
		read(d, s)
		return s.wire
	}
}

// bridged reads a frame in a tunnel that leaves its FCS out.
func (d *dissector) bridged(s span) { d.ethernet(s, -1) }

// etherType reads a payload by its type, and gives its end on the wire.
func (d *dissector) etherType(t uint16, s span) int {
	d.depth++
	defer func() { d.depth-- }()
	if read := etherProtocols[t]; read != nil && d.within() {
		return read(d, s)
	}
	d.payload(s)
	return s.wire
}

// tail adds what comes after a payload to part i, whose protocol's bytes are
// s: padding, trailer and FCS. It goes by the length of the whole frame even
// when s lies in a tunnel, as Wireshark does.
func (d *dissector) tail(i int, s span, payloadEnd int, trailer *Field, fcsLen int) {
	rest := span{min(payloadEnd, s.end), s.end, s.wire}
	if payloadEnd >= s.end {
		return
	}
	if pad := EthernetMinFrame - (d.frameLen - rest.size()); d.frameLen >= EthernetMinFrame && pad > 0 {
		rest = d.padding(i, rest, pad)
	}
	// Without the capture's word, 4 bytes at the end of a frame that needs
	// no padding are taken for an FCS, as Wireshark does.
	fcs := fcsLen == FCSSize || fcsLen == 0 && s.size() >= EthernetMinFrame+FCSSize
	if fcs = fcs && rest.size() >= FCSSize; fcs {
		rest.wire -= FCSSize
		rest.end = min(rest.end, rest.wire)
	}
	p := &d.tree.Parts[i]
	if rest.end > rest.pos && (rest.whole() || !fcs) {
		p.Fields = append(p.Fields, d.node(trailer, rest.pos, rest.end-rest.pos))
	}
	if fcs && rest.wire+FCSSize <= s.end {
		d.fcs(p, s.pos, rest.wire, fcsLen)
	}
}

// padding adds n bytes of padding to part i, and gives what is left of s.
func (d *dissector) padding(i int, s span, n int) span {
	cut := n > s.end-s.pos
	n = min(n, s.end-s.pos)
	if !zero(d.data[s.pos : s.pos+n]) {
		d.expert(Note, "eth.padding_bad", "The padding is not zero; it is shown as a trailer.", s.pos, n)
		return s
	}
	if p := &d.tree.Parts[i]; !cut { // Wireshark names no padding that the capture cuts
		p.Fields = append(p.Fields, d.node(ethPadding, s.pos, n))
	}
	return s.from(n)
}

// fcs adds the frame check sequence at a place, with the verdict on it; the
// frame begins at from.
func (d *dissector) fcs(p *Part, from, at, fcsLen int) {
	n := d.node(ethFCS, at, FCSSize)
	var want [FCSSize]byte
	PutFCS(want[:], FCS(0, d.data[from:at]))
	verdict := uint64(checksumGood)
	if good := number(want[:]); n.Uint != good {
		verdict = checksumBad
		n.Show += ", bad: should be " + showHex(good, 8)
		severity := Error
		if fcsLen != FCSSize {
			severity = Note // the capture does not say that these bytes are an FCS
		}
		d.expert(severity, "eth.fcs_bad", "The frame check sequence does not fit the frame: bits have changed, or it is no FCS.", at, FCSSize)
	}
	p.Fields = append(p.Fields, n, d.verdict(ethFCSStatus, at, verdict))
}

// verdict is the node of a checksum's verdict; it has no bytes.
func (d *dissector) verdict(f *Field, at int, v uint64) Node {
	n := d.told(f, at, 0, checksumStatus[v])
	n.Uint = v
	return n
}
