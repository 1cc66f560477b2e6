package layers

import "encoding/binary"

// UDPSize is the size of a UDP header (RFC 768), in bytes.
const UDPSize = 8

// UDPHeader is a view of at least UDPSize bytes.
type UDPHeader []byte

// SrcPort is the sender's port.
func (h UDPHeader) SrcPort() uint16 { return binary.BigEndian.Uint16(h[0:]) }

// DstPort is the receiver's port.
func (h UDPHeader) DstPort() uint16 { return binary.BigEndian.Uint16(h[2:]) }

// Length is that of header and payload, in bytes.
func (h UDPHeader) Length() int { return int(binary.BigEndian.Uint16(h[4:])) }

// Checksum is the checksum; 0: none was computed.
func (h UDPHeader) Checksum() uint16 { return binary.BigEndian.Uint16(h[6:]) }

// Put writes the header with checksum 0: none. Length is that of header and
// payload, in bytes.
func (h UDPHeader) Put(srcPort, dstPort uint16, length int) {
	binary.BigEndian.PutUint64(h, uint64(srcPort)<<48|uint64(dstPort)<<32|uint64(uint16(length))<<16)
}

// SetChecksum finishes and writes the checksum; acc is the partial sum of
// pseudo-header and payload, without this header.
func (h UDPHeader) SetChecksum(acc uint64) {
	h[6], h[7] = 0, 0
	c := Checksum(Sum(h[:UDPSize], acc))
	if c == 0 {
		c = 0xffff // RFC 768: zero means that there is no checksum
	}
	binary.BigEndian.PutUint16(h[6:], c)
}

// ChecksumOK says whether the checksum is right or absent; acc is the partial
// sum of pseudo-header and payload, without this header.
func (h UDPHeader) ChecksumOK(acc uint64) bool {
	return h.Checksum() == 0 || Checksum(Sum(h[:UDPSize], acc)) == 0
}

// portFields are the rows of two ports and of the name for either.
func portFields(p Proto, rfc string) []*Field {
	name := p.Filter()
	src := Field{Name: name + ".srcport", Label: "source port", Type: TypeUint, At: 0, Size: 2, RFC: rfc,
		Help: "The program's port on the sending host; answers go there."}
	dst := Field{Name: name + ".dstport", Label: "destination port", Type: TypeUint, At: 2, Size: 2, RFC: rfc,
		Help: "The program's port on the receiving host: it tells the host whose data this is."}
	either := func(f Field) *Field {
		f.Name, f.Label, f.Hidden = name+".port", "source or destination port", true
		f.Help = "Either port, for filters that do not care which."
		return &f
	}
	return table(p, &src, &dst, either(src), either(dst))
}

var (
	udpPorts  = portFields(UDP, "RFC 768")
	udpLength = table(UDP,
		&Field{Name: "udp.length", Label: "length", Type: TypeUint, At: 4, Size: 2, RFC: "RFC 768",
			Help: "How many bytes the datagram has, these 8 and the payload."})
	udpChecksum = table(UDP,
		&Field{Name: "udp.checksum", Label: "checksum", Type: TypeHex, At: 6, Size: 2, RFC: "RFC 768",
			Help: "Protects the datagram and the IP addresses; zero means that none was computed."})
	udpStatus = row(UDP, Field{Name: "udp.checksum.status", Label: "checksum status", Type: TypeEnum, Names: checksumStatus,
		Help: "Whether the checksum fits the datagram."})
	udpStream = row(UDP, Field{Name: "udp.stream", Label: "stream", Type: TypeUint,
		Help: "Which conversation of the capture this is, counted from 0."})
	udpPayload = row(UDP, Field{Name: "udp.payload", Label: "payload", Type: TypeBytes, RFC: "RFC 768",
		Help: "What the program sent: one datagram, whole."})
)

// udp reads a datagram.
func (d *dissector) udp(s span) {
	p := d.part(UDP, s.pos, min(UDPSize, s.end-s.pos))
	if s.end-s.pos < 4 { // Wireshark shows both ports, or none
		d.short(UDP, s)
		return
	}
	p.Fields, _ = d.fixed(p.Fields, udpPorts, s.pos, s)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, udpLength, s.pos, s); !ok || s.end-s.pos < UDPSize {
		d.short(UDP, s)
		return
	}
	h := UDPHeader(d.data[s.pos:s.end])
	length := h.Length()
	ports := show(udpPorts[0], uint64(h.SrcPort()), nil) + " ► " + show(udpPorts[1], uint64(h.DstPort()), nil)
	switch {
	case length == 0 && d.overIPv6: // a jumbogram's (RFC 2675 section 4)
		length = s.size()
	case length < UDPSize:
		p.Summary = ports
		d.expert(Error, "udp.length.bad", "The length is below the header's 8 bytes.", s.pos+4, 2)
		return
	case length > s.size() && !d.quoted && !d.fragmented:
		d.expert(Error, "udp.length.bad", "The length exceeds the packet's payload.", s.pos+4, 2)
	}
	p.Summary = ports + ", " + count(length-UDPSize, "byte")
	datagram := s.first(length)
	d.udpChecksum(p, h, datagram, length)
	seen := d.nextSeen()
	if d.datagram = seen; seen != nil {
		p.Fields = append(p.Fields, d.valued(udpStream, s.pos, 0, uint64(seen.Stream)))
	}
	payload := datagram.from(UDPSize)
	if all := s.from(UDPSize); payload.end > payload.pos { // Wireshark shows what is behind the datagram, too
		p.Fields = append(p.Fields, d.node(udpPayload, all.pos, all.end-all.pos))
	}
	d.units(p, udpUnitSize, h.SrcPort(), h.DstPort(), payload, udpUnits)
	d.application(h.SrcPort(), h.DstPort(), payload, udpApplications)
}

func (d *dissector) udpChecksum(p *Part, h UDPHeader, s span, length int) {
	p.Fields, _ = d.fixed(p.Fields, udpChecksum, s.pos, s)
	n := &p.Fields[len(p.Fields)-1]
	if h.Checksum() == 0 {
		verdict := uint64(checksumNone)
		n.Show += ", none was computed"
		if d.overIPv6 && !d.quoted { // RFC 8200 section 8.1
			verdict = checksumIllegal
			d.expert(Error, "udp.checksum.zero", "Over IPv6 a datagram must have a checksum.", s.pos+6, 2)
		}
		v := d.verdict(udpStatus, s.pos+6, verdict)
		v.Len = 2
		n.Children = []Node{v}
		return
	}
	verdict := d.checksum(ProtocolUDP, s, length, n, "udp.checksum.bad")
	p.Fields = append(p.Fields, d.verdict(udpStatus, s.pos+6, verdict))
}

// checksum verifies a transport checksum, notes a bad one on its node n, and
// gives the verdict. Length is the message's, in bytes.
func (d *dissector) checksum(protocol uint8, s span, length int, n *Node, bad string) uint64 {
	if s.size() < length {
		return checksumUnverified
	}
	return d.judge(n, s, d.pseudo+uint64(protocol)+uint64(length), Error, bad)
}

// Applications by port, as Wireshark chooses them.
var (
	udpApplications = map[uint16]func(*dissector, span){53: (*dissector).dns}
	tcpApplications = map[uint16]func(*dissector, span){53: (*dissector).dnsOverTCP}
)

func init() {
	for _, port := range httpPorts {
		tcpApplications[port] = (*dissector).http
	}
}

// application reads a transport's payload by the ports: the lower one first,
// for that is more likely the server's.
func (d *dissector) application(src, dst uint16, s span, by map[uint16]func(*dissector, span)) {
	if s.end <= s.pos {
		return
	}
	read := by[min(src, dst)]
	if read == nil {
		read = by[max(src, dst)]
	}
	d.depth++
	switch {
	case !d.within():
		read = (*dissector).payload
	case by[443] != nil && d.session != nil:
		read = (*dissector).tls // on whatever port
	case by[443] == nil && d.datagram != nil && d.datagram.QUIC != nil:
		read = (*dissector).quic
	case by[443] != nil && carried[d.above.Proto] != nil:
		read = carried[d.above.Proto]
	case read != nil:
	case by[80] != nil && (d.spoken == HTTPCame || looksLikeHTTP(d.data[s.pos:s.end])):
		read = (*dissector).http // on a port of its own choice
	case by[443] != nil && LooksLikeTLS(d.data[s.pos:s.end]):
		read = (*dissector).tls
	case by[443] == nil && BeginsQUIC(src, dst, d.data[s.pos:s.end]):
		read = (*dissector).quic
	case by[443] == nil && !isTaken(src) && !isTaken(dst) && looksLikeDNS(d.data[s.pos:s.end]):
		read = (*dissector).dns
	default:
		read = (*dissector).payload
	}
	read(d, s)
	d.depth--
}
