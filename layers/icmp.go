package layers

import "encoding/binary"

// ICMPv4Size is the size of an ICMP header (RFC 792), in bytes.
const ICMPv4Size = 8

// ICMP types (RFC 792, RFC 1256, RFC 950).
const (
	ICMPEchoReply              = 0
	ICMPDestinationUnreachable = 3
	ICMPSourceQuench           = 4
	ICMPRedirect               = 5
	ICMPEcho                   = 8
	ICMPRouterAdvertisement    = 9
	ICMPRouterSolicitation     = 10
	ICMPTimeExceeded           = 11
	ICMPParameterProblem       = 12
	ICMPTimestamp              = 13
	ICMPTimestampReply         = 14
	ICMPInformationRequest     = 15
	ICMPInformationReply       = 16
	ICMPAddressMaskRequest     = 17
	ICMPAddressMaskReply       = 18
)

// Codes of ICMPDestinationUnreachable (RFC 792, RFC 1812 section 5.2.7.1).
const (
	ICMPNetUnreachable      = 0
	ICMPHostUnreachable     = 1
	ICMPProtocolUnreachable = 2
	ICMPPortUnreachable     = 3
	ICMPFragmentationNeeded = 4
	ICMPSourceRouteFailed   = 5
	ICMPAdminProhibited     = 13
	ICMPTTLExceeded         = 0 // of ICMPTimeExceeded
	ICMPReassemblyExceeded  = 1 // of ICMPTimeExceeded
)

// ICMPv4Header is a view of an ICMP message of at least ICMPv4Size bytes.
type ICMPv4Header []byte

// Type is the message type: ICMPEcho …
func (h ICMPv4Header) Type() uint8 { return h[0] }

// Code refines the type.
func (h ICMPv4Header) Code() uint8 { return h[1] }

// Rest is the second word, whose meaning depends on the type.
func (h ICMPv4Header) Rest() uint32 { return binary.BigEndian.Uint32(h[4:]) }

// ID is the identifier; valid for echo, timestamp, information and mask.
func (h ICMPv4Header) ID() uint16 { return binary.BigEndian.Uint16(h[4:]) }

// Seq is the sequence number; valid like ID.
func (h ICMPv4Header) Seq() uint16 { return binary.BigEndian.Uint16(h[6:]) }

// MTU is the next hop's; valid for ICMPFragmentationNeeded (RFC 1191 section 4).
func (h ICMPv4Header) MTU() uint16 { return binary.BigEndian.Uint16(h[6:]) }

// IsError says whether messages of the type report errors, so that no error
// may answer them (RFC 1122 section 3.2.2).
func (h ICMPv4Header) IsError() bool {
	switch h.Type() {
	case ICMPDestinationUnreachable, ICMPSourceQuench, ICMPRedirect, ICMPTimeExceeded, ICMPParameterProblem:
		return true
	}
	return false
}

// Put writes the header; acc is the partial sum of the data after it.
func (h ICMPv4Header) Put(typ, code uint8, rest uint32, acc uint64) {
	binary.BigEndian.PutUint64(h, uint64(typ)<<56|uint64(code)<<48|uint64(rest))
	binary.BigEndian.PutUint16(h[2:], Checksum(Sum(h[:ICMPv4Size], acc)))
}

// ChecksumOK says whether the checksum is right; acc is the partial sum of the
// data after the header.
func (h ICMPv4Header) ChecksumOK(acc uint64) bool {
	return Checksum(Sum(h[:ICMPv4Size], acc)) == 0
}

var (
	icmpStart = table(ICMPv4,
		&Field{Name: "icmp.type", Label: "type", Type: TypeEnum, At: 0, Size: 1, RFC: "RFC 792", Help: "What the message is about.", Names: icmpTypes},
		&Field{Name: "icmp.code", Label: "code", Type: TypeUint, At: 1, Size: 1, RFC: "RFC 792", Help: "Which case of it."},
		&Field{Name: "icmp.checksum", Label: "checksum", Type: TypeHex, At: 2, Size: 2, RFC: "RFC 792", Help: "Protects the whole message."})
	icmpStatus = row(ICMPv4, Field{Name: "icmp.checksum.status", Label: "checksum status", Type: TypeEnum, Names: checksumStatus,
		Help: "Whether the checksum fits the message."})
	icmpIdent = table(ICMPv4,
		&Field{Name: "icmp.ident", Label: "identifier", Type: TypeUint, At: 4, Size: 2, RFC: "RFC 792", Help: "Which program or run asked; the answer repeats it."},
		&Field{Name: "icmp.ident_le", Label: "identifier, swapped", Type: TypeUint, At: 4, Size: 2, RFC: "RFC 792", Hidden: true, Help: "The identifier, from hosts that forget to put it in network order."})
	icmpSeq = table(ICMPv4,
		&Field{Name: "icmp.seq", Label: "sequence number", Type: TypeUint, At: 6, Size: 2, RFC: "RFC 792", Help: "Counts the questions; the answer repeats it."},
		&Field{Name: "icmp.seq_le", Label: "sequence number, swapped", Type: TypeUint, At: 6, Size: 2, RFC: "RFC 792", Hidden: true, Help: "The sequence number, from hosts that forget to put it in network order."})
	icmpTimes = table(ICMPv4,
		&Field{Name: "icmp.originate_timestamp", Label: "originated", Type: TypeUint, At: 8, Size: 4, RFC: "RFC 792", Help: "When the question was sent, in milliseconds after midnight UTC."},
		&Field{Name: "icmp.receive_timestamp", Label: "received", Type: TypeUint, At: 12, Size: 4, RFC: "RFC 792", Help: "When the question arrived."},
		&Field{Name: "icmp.transmit_timestamp", Label: "transmitted", Type: TypeUint, At: 16, Size: 4, RFC: "RFC 792", Help: "When the answer was sent."})
	icmpMask   = table(ICMPv4, &Field{Name: "icmp.address_mask", Label: "address mask", Type: TypeIPv4, At: 8, Size: 4, RFC: "RFC 950", Help: "The mask of the network that the host is in."})
	icmpUnused = table(ICMPv4, &Field{Name: "icmp.unused", Label: "unused", Type: TypeBytes, At: 4, Size: 4, RFC: "RFC 792", Help: "Not used; zero."})
	icmpLength = table(ICMPv4,
		&Field{Name: "icmp.unused", Label: "unused", Type: TypeBytes, At: 4, Size: 1, RFC: "RFC 4884 sec. 4", Help: "Not used; zero."},
		&Field{Name: "icmp.length", Label: "length", Type: TypeUint, At: 5, Size: 1, RFC: "RFC 4884 sec. 3", Help: "How many 32-bit words of the packet are quoted; an extension follows them.", Sub: nil},
		&Field{Name: "icmp.length.original_datagram", Label: "length in bytes", Type: TypeUint, At: 5, Size: 1, RFC: "RFC 4884 sec. 3", Hidden: true, Help: "How many bytes of the packet are quoted."},
		&Field{Name: "icmp.unused", Label: "unused", Type: TypeBytes, At: 6, Size: 2, RFC: "RFC 4884 sec. 4", Help: "Not used; zero."})
	icmpMTU = table(ICMPv4,
		&Field{Name: "icmp.unused", Label: "unused", Type: TypeBytes, At: 4, Size: 2, RFC: "RFC 1191 sec. 4", Help: "Not used; zero."},
		&Field{Name: "icmp.mtu", Label: "MTU of the next hop", Type: TypeUint, At: 6, Size: 2, RFC: "RFC 1191 sec. 4", Help: "How long a packet the next link takes."})
	icmpGateway = table(ICMPv4, &Field{Name: "icmp.redir_gw", Label: "gateway", Type: TypeIPv4, At: 4, Size: 4, RFC: "RFC 792", Help: "The better router for this destination."})
	icmpPointer = table(ICMPv4,
		&Field{Name: "icmp.pointer", Label: "pointer", Type: TypeUint, At: 4, Size: 1, RFC: "RFC 792", Help: "Which byte of the quoted header is wrong."},
		&Field{Name: "icmp.unused", Label: "unused", Type: TypeBytes, At: 5, Size: 3, RFC: "RFC 792", Help: "Not used; zero."})
	icmpAdvert = table(ICMPv4,
		&Field{Name: "icmp.num_addrs", Label: "addresses", Type: TypeUint, At: 4, Size: 1, RFC: "RFC 1256 sec. 3", Help: "How many routers are named."},
		&Field{Name: "icmp.addr_entry_size", Label: "entry size", Type: TypeUint, At: 5, Size: 1, RFC: "RFC 1256 sec. 3", Help: "How many 32-bit words each of them takes: 2."},
		&Field{Name: "icmp.lifetime", Label: "lifetime", Type: TypeUint, At: 6, Size: 2, RFC: "RFC 1256 sec. 3", Help: "For how many seconds this holds."})
	icmpData = row(ICMPv4, Field{Name: "data.data", Label: "data", Type: TypeBytes, RFC: "RFC 792", Help: "Any bytes; the answer to an echo repeats them."})
)

var icmpTypes = map[uint64]string{
	ICMPEchoReply: "echo reply", ICMPDestinationUnreachable: "destination unreachable", ICMPSourceQuench: "source quench", ICMPRedirect: "redirect",
	ICMPEcho: "echo request", ICMPRouterAdvertisement: "router advertisement", ICMPRouterSolicitation: "router solicitation",
	ICMPTimeExceeded: "time exceeded", ICMPParameterProblem: "parameter problem", ICMPTimestamp: "timestamp request", ICMPTimestampReply: "timestamp reply",
	ICMPInformationRequest: "information request", ICMPInformationReply: "information reply",
	ICMPAddressMaskRequest: "address mask request", ICMPAddressMaskReply: "address mask reply", 30: "traceroute", 40: "Photuris",
	42: "extended echo request", 43: "extended echo reply",
}

// icmpCodes names the codes of the types that have several.
var icmpCodes = map[uint8]map[uint64]string{
	ICMPDestinationUnreachable: {
		0: "network unreachable", 1: "host unreachable", 2: "protocol unreachable", 3: "port unreachable", 4: "fragmentation needed, but forbidden",
		5: "source route failed", 6: "network unknown", 7: "host unknown", 8: "source host isolated", 9: "network prohibited", 10: "host prohibited",
		11: "network unreachable for this service", 12: "host unreachable for this service", 13: "prohibited by filtering", 14: "host precedence violation", 15: "precedence too low"},
	ICMPRedirect:         {0: "for the network", 1: "for the host", 2: "for service and network", 3: "for service and host"},
	ICMPTimeExceeded:     {0: "TTL ran out on the way", 1: "fragments did not arrive in time"},
	ICMPParameterProblem: {0: "pointer shows the error", 1: "an option is missing", 2: "bad length"},
}

// icmp reads a message. All of it is the part's: what an error quotes lies
// within.
func (d *dissector) icmp(s span) {
	part := len(d.tree.Parts)
	p := d.part(ICMPv4, s.pos, s.end-s.pos)
	if s.end-s.pos < 6 { // Wireshark shows nothing without the length of what is quoted
		d.short(ICMPv4, s)
		return
	}
	p.Fields, _ = d.fixed(p.Fields, icmpStart, s.pos, s)
	h := ICMPv4Header(d.data[s.pos:s.end])
	p.Summary = showEnumName(icmpTypes, uint64(h.Type()))
	if codes := icmpCodes[h.Type()]; codes != nil {
		code := find(p.Fields, "icmp.code")
		code.Show = showEnum(codes, uint64(h.Code()))
		p.Summary += ": " + showEnumName(codes, uint64(h.Code()))
	}
	p.Fields = append(p.Fields, d.verdict(icmpStatus, s.pos+2, d.judge(&p.Fields[2], s, 0, Warning, "icmp.checksum_bad")))
	size, rows := ICMPv4Size, d.icmpRows(h)
	var ok bool
	p.Fields, ok = d.fixed(p.Fields, rows, s.pos, s)
	if !ok || h.IsError() && len(h) < ICMPv4Size { // of a source quench no row tells the second word
		d.short(ICMPv4, s)
		return
	}
	d.icmpShow(p, h)
	for _, f := range rows {
		size = max(size, f.At+f.Size)
	}
	p.Payload = min(s.pos+size, s.end)
	if !d.icmpRest(part, h, s.from(size)) {
		d.short(ICMPv4, s)
	}
}

// icmpRest reads what follows the fields of fixed size; false when it ends
// before it should.
func (d *dissector) icmpRest(part int, h ICMPv4Header, s span) bool {
	p := &d.tree.Parts[part]
	switch kind := h.Type(); {
	case kind == ICMPRouterAdvertisement && h[5] == 2:
		return d.icmpRouters(p, h, s)
	case kind == icmpExtendedEcho && s.size() > 0:
		ext, ok := d.extension(s)
		p.Fields = append(p.Fields, ext)
		return ok
	case h.IsError():
		return d.icmpError(part, h, s)
	case s.pos == s.end:
	case kind == ICMPEcho, kind == ICMPEchoReply:
		if t, ok := d.icmpTime(s); ok {
			p.Fields = append(p.Fields, t...)
			s = s.from(8)
		}
		fallthrough
	case kind == ICMPRouterAdvertisement:
		if s.pos < s.end {
			p.Fields = append(p.Fields, d.node(icmpData, s.pos, s.end-s.pos))
		}
	}
	return true
}

// icmpRows are the fields after the checksum, by type.
func (d *dissector) icmpRows(h ICMPv4Header) []*Field {
	switch h.Type() {
	case ICMPEcho, ICMPEchoReply, ICMPInformationRequest, ICMPInformationReply:
		return icmpQuery
	case ICMPTimestamp, ICMPTimestampReply:
		return icmpTimeQuery
	case ICMPAddressMaskRequest, ICMPAddressMaskReply:
		return icmpMaskQuery
	case ICMPRedirect:
		return icmpGateway
	case ICMPParameterProblem:
		if h[5] != 0 {
			return icmpPointerLength
		}
		return icmpPointer
	case icmpExtendedEcho:
		return icmpExtQuery
	case icmpExtendedEchoReply:
		return icmpExtReply
	case ICMPRouterAdvertisement:
		return icmpAdvert
	case ICMPDestinationUnreachable, ICMPTimeExceeded:
		switch {
		case h.Type() == ICMPDestinationUnreachable && h.Code() == ICMPFragmentationNeeded && h[5] != 0:
			return icmpLengthMTU
		case h.Type() == ICMPDestinationUnreachable && h.Code() == ICMPFragmentationNeeded:
			return icmpMTU
		case h[5] != 0:
			return icmpLength
		}
		return icmpUnused
	}
	return nil
}

var (
	icmpQuery     = append(icmpIdent[:2:2], icmpSeq...)
	icmpTimeQuery = append(icmpQuery[:4:4], icmpTimes...)
	icmpMaskQuery = append(icmpQuery[:4:4], icmpMask...)
	icmpExtQuery  = append(icmpIdent[:2:2], icmpExtEcho...)
	icmpExtReply  = append(icmpIdent[:2:2], icmpExtEchoReply...)
	icmpLengthMTU = append(icmpLength[:3:3], icmpMTU[1])
)

// icmpShow puts right what a plain number does not tell, and completes the
// summary.
func (d *dissector) icmpShow(p *Part, h ICMPv4Header) {
	for i := range p.Fields {
		n := &p.Fields[i]
		switch n.Field.Name {
		case "icmp.ident_le", "icmp.seq_le":
			n.Uint = n.Uint>>8 | n.Uint&0xff<<8
			n.Show = show(n.Field, n.Uint, nil)
		case "icmp.length.original_datagram":
			n.Uint *= 4
			n.Show = count(int(n.Uint), "byte")
		case "icmp.seq":
			p.Summary += ", id " + show(n.Field, uint64(h.ID()), nil) + ", seq " + n.Show
		case "icmp.mtu":
			p.Summary += ", MTU " + n.Show
		}
	}
}

// icmpError reads the packet that an error quotes, and the extension after
// it.
func (d *dissector) icmpError(part int, h ICMPv4Header, s span) (ok bool) {
	quoted, ext := d.icmpQuoted(h, s)
	d.quote(s.first(quoted), (*dissector).ip)
	if ext == 0 {
		return true
	}
	if ext > s.end-s.pos {
		return false
	}
	n, ok := d.extension(s.from(ext))
	p := &d.tree.Parts[part]
	p.Fields = append(p.Fields, n)
	return ok
}

// quote reads, by the function given, a packet that an error quotes: mostly
// its header and eight bytes, so that the sender can tell which of its packets
// it was.
func (d *dissector) quote(s span, read func(*dissector, span) int) {
	if s.pos >= s.end {
		return
	}
	was, pseudo, over6, fragmented := d.quoted, d.pseudo, d.overIPv6, d.fragmented
	d.quoted = true
	if d.depth++; d.within() {
		read(d, s)
	}
	d.depth--
	d.quoted, d.pseudo, d.overIPv6, d.fragmented = was, pseudo, over6, fragmented
}
