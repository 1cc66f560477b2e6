package layers

// ICMP extensions (RFC 4884) and the extended echo that uses them (RFC 8335).

// Types of the extended echo.
const (
	icmpExtendedEcho      = 42
	icmpExtendedEchoReply = 43
)

var (
	icmpExtEcho = table(ICMPv4,
		&Field{Name: "icmp.ext.echo.seq", Label: "sequence number", Type: TypeUint, At: 6, Size: 1, RFC: "RFC 8335 sec. 2", Help: "Counts the questions; the answer repeats it."},
		&Field{Name: "icmp.ext.echo.req.res", Label: "reserved", Type: TypeHex, At: 7, Size: 1, Mask: 0xfe, RFC: "RFC 8335 sec. 2", Help: "Not used; zero."},
		&Field{Name: "icmp.ext.echo.req.local", Label: "local", Type: TypeBool, At: 7, Size: 1, Mask: 0x01, RFC: "RFC 8335 sec. 2", Help: "The interface that is asked about is the answering node's own."})
	icmpExtEchoReply = table(ICMPv4,
		&Field{Name: "icmp.ext.echo.seq", Label: "sequence number", Type: TypeUint, At: 6, Size: 1, RFC: "RFC 8335 sec. 3", Help: "Counts the questions; the answer repeats it."},
		&Field{Name: "icmp.ext.echo.rsp.state", Label: "state", Type: TypeUint, At: 7, Size: 1, Mask: 0xe0, RFC: "RFC 8335 sec. 3", Help: "What the neighbour table says: 2 is reachable."},
		&Field{Name: "icmp.ext.echo.rsp.res", Label: "reserved", Type: TypeHex, At: 7, Size: 1, Mask: 0x18, RFC: "RFC 8335 sec. 3", Help: "Not used; zero."},
		&Field{Name: "icmp.ext.echo.rsp.active", Label: "active", Type: TypeBool, At: 7, Size: 1, Mask: 0x04, RFC: "RFC 8335 sec. 3", Help: "The interface works."},
		&Field{Name: "icmp.ext.echo.rsp.ipv4", Label: "IPv4", Type: TypeBool, At: 7, Size: 1, Mask: 0x02, RFC: "RFC 8335 sec. 3", Help: "The interface speaks IPv4."},
		&Field{Name: "icmp.ext.echo.rsp.ipv6", Label: "IPv6", Type: TypeBool, At: 7, Size: 1, Mask: 0x01, RFC: "RFC 8335 sec. 3", Help: "The interface speaks IPv6."})
	icmpPointerLength = table(ICMPv4, icmpPointer[0], icmpLength[1], icmpLength[2], icmpLength[3])

	icmpExt     = row(ICMPv4, Field{Name: "icmp.ext", Label: "extension", Type: TypeNone, RFC: "RFC 4884 sec. 7", Help: "More about the error, after the quoted packet."})
	icmpExtHead = table(ICMPv4,
		&Field{Name: "icmp.ext.version", Label: "version", Type: TypeUint, At: 0, Size: 1, Mask: 0xf0, RFC: "RFC 4884 sec. 7", Help: "The version of the extensions: 2."},
		&Field{Name: "icmp.ext.res", Label: "reserved", Type: TypeHex, At: 0, Size: 2, Mask: 0x0fff, RFC: "RFC 4884 sec. 7", Help: "Not used; zero."},
		&Field{Name: "icmp.ext.checksum", Label: "checksum", Type: TypeHex, At: 2, Size: 2, RFC: "RFC 4884 sec. 7", Help: "Protects the extension; zero means that none was computed."})
	icmpExtStatus = row(ICMPv4, Field{Name: "icmp.ext.checksum.status", Label: "checksum status", Type: TypeEnum, Names: checksumStatus, Help: "Whether the checksum fits the extension."})
	icmpExtObject = row(ICMPv4, Field{Label: "object", Type: TypeNone, RFC: "RFC 4884 sec. 7.1", Help: "One piece of information."})
	icmpExtFields = table(ICMPv4,
		&Field{Name: "icmp.ext.length", Label: "length", Type: TypeUint, At: 0, Size: 2, RFC: "RFC 4884 sec. 7.1", Help: "How many bytes the object has, these four included."},
		&Field{Name: "icmp.ext.class", Label: "class", Type: TypeEnum, At: 2, Size: 1, RFC: "RFC 4884 sec. 7.1", Help: "What it is about.",
			Names: map[uint64]string{1: "MPLS label stack", 2: "interface information", 3: "interface identification"}},
		&Field{Name: "icmp.ext.ctype", Label: "type", Type: TypeUint, At: 3, Size: 1, RFC: "RFC 4884 sec. 7.1", Help: "Which kind of it."})
	icmpExtData = row(ICMPv4, Field{Name: "icmp.ext.data", Label: "data", Type: TypeBytes, RFC: "RFC 4884 sec. 7.1", Help: "What the object says."})
	icmpLabel   = row(ICMPv4, Field{Label: "MPLS label", Type: TypeNone, RFC: "RFC 4950 sec. 7", Help: "A label that the packet had when the error arose."})
	icmpMPLS    = table(ICMPv4,
		&Field{Name: "icmp.mpls.label", Label: "label", Type: TypeUint, At: 0, Size: 3, Mask: 0xfffff0, RFC: "RFC 3032 sec. 2.1", Help: "The label by which routers passed the packet on."},
		&Field{Name: "icmp.mpls.exp", Label: "traffic class", Type: TypeUint, At: 2, Size: 1, Mask: 0x0e, RFC: "RFC 5462", Help: "The class of service."},
		&Field{Name: "icmp.mpls.s", Label: "bottom of stack", Type: TypeBool, At: 2, Size: 1, Mask: 0x01, RFC: "RFC 3032 sec. 2.1", Help: "No label lies beneath."},
		&Field{Name: "icmp.mpls.ttl", Label: "time to live", Type: TypeUint, At: 3, Size: 1, RFC: "RFC 3032 sec. 2.1", Help: "How many more routers the packet might have passed."})
	icmpIfName  = row(ICMPv4, Field{Name: "icmp.int_ident.name", Label: "interface name", Type: TypeString, RFC: "RFC 8335 sec. 2.1", Help: "The interface that is asked about."})
	icmpIfIndex = table(ICMPv4, &Field{Name: "icmp.int_ident.index", Label: "interface index", Type: TypeUint, At: 4, Size: 4, RFC: "RFC 8335 sec. 2.1", Help: "The number of the interface that is asked about."})
	icmpIfAddr  = table(ICMPv4,
		&Field{Name: "icmp.int_ident.afi", Label: "address family", Type: TypeUint, At: 4, Size: 2, RFC: "RFC 8335 sec. 2.1", Help: "1 for IPv4, 2 for IPv6."},
		&Field{Name: "icmp.int_ident.addr_length", Label: "address length", Type: TypeUint, At: 6, Size: 1, RFC: "RFC 8335 sec. 2.1", Help: "How many bytes the address has."},
		&Field{Name: "icmp.int_ident.reserved", Label: "reserved", Type: TypeBytes, At: 7, Size: 1, RFC: "RFC 8335 sec. 2.1", Help: "Not used; zero."})
	icmpIfIPv4 = table(ICMPv4, &Field{Name: "icmp.int_ident.ipv4", Label: "address", Type: TypeIPv4, At: 8, Size: 4, RFC: "RFC 8335 sec. 2.1", Help: "The address of the interface that is asked about."})
	icmpIfIPv6 = table(ICMPv4, &Field{Name: "icmp.int_ident.ipv6", Label: "address", Type: TypeIPv6, At: 8, Size: 16, RFC: "RFC 8335 sec. 2.1", Help: "The address of the interface that is asked about."})
)

// quoted is where the quoted packet ends: by the length field, or after 128
// bytes where an older router put an extension without saying so (RFC 4884
// section 5.5).
func (d *dissector) quotedLen(h ICMPv4Header, s span) int {
	if n := int(h[5]) * 4; n > 0 && !(h.Type() == ICMPDestinationUnreachable && h.Code() == ICMPFragmentationNeeded) && h.Type() != ICMPRedirect {
		return n
	}
	const old = 128
	if s.end-s.pos >= old+8 && d.data[s.pos+old]>>4 == 2 && Checksum(Sum(d.data[s.pos+old:s.end], 0)) == 0 {
		return old
	}
	return s.size()
}

// extension reads the objects after the quoted packet.
func (d *dissector) extension(s span) Node {
	n := d.node(icmpExt, s.pos, s.end-s.pos)
	var ok bool
	if n.Children, ok = d.fixed(nil, icmpExtHead, s.pos, s); !ok {
		return n
	}
	verdict := uint64(checksumUnverified)
	if sum := n.Children[2]; sum.Uint == 0 {
		verdict = checksumNone
	} else if s.whole() && !d.quoted {
		verdict = checksumGood
		if Checksum(Sum(d.data[s.pos:s.end], 0)) != 0 {
			verdict = checksumBad
			d.expert(Warning, "icmp.ext.checksum_bad", "The checksum does not fit the extension.", s.pos+2, 2)
		}
	}
	n.Children = append(n.Children, d.verdict(icmpExtStatus, s.pos+2, verdict))
	for s = s.from(4); s.end-s.pos >= 4 && d.within(); {
		size := int(number(d.data[s.pos : s.pos+2]))
		object := s.first(max(size, 4))
		n.Children = append(n.Children, d.object(object, size))
		if size < 4 {
			break
		}
		s = s.from(size)
	}
	return n
}

func (d *dissector) object(s span, size int) Node {
	n := d.node(icmpExtObject, s.pos, s.end-s.pos)
	n.Children, _ = d.fixed(nil, icmpExtFields, s.pos, s)
	n.Show = showEnumName(icmpExtFields[1].Names, n.Children[1].Uint)
	class, ctype := n.Children[1].Uint, n.Children[2].Uint
	rest := s.from(4)
	var rows []*Field
	switch {
	case size > s.size(): // cut: what it says cannot be known
	case class == 1:
		for ; rest.end-rest.pos >= 4; rest = rest.from(4) {
			label := d.node(icmpLabel, rest.pos, 4)
			label.Children, _ = d.fixed(nil, icmpMPLS, rest.pos, rest)
			label.Show = label.Children[0].Show
			n.Children = append(n.Children, label)
		}
		return n
	case class == 3 && ctype == 1 && rest.pos < rest.end:
		n.Children = append(n.Children, d.node(icmpIfName, rest.pos, rest.end-rest.pos))
		return n
	case class == 3 && ctype == 2:
		rows = icmpIfIndex
	case class == 3 && ctype == 3 && rest.size() >= 8 && d.data[rest.pos+1] == 1:
		rows = append(icmpIfAddr[:3:3], icmpIfIPv4...)
	case class == 3 && ctype == 3 && rest.size() >= 20 && d.data[rest.pos+1] == 2:
		rows = append(icmpIfAddr[:3:3], icmpIfIPv6...)
	}
	if rows != nil {
		n.Children, _ = d.fixed(n.Children, rows, s.pos, s)
	} else if rest.pos < rest.end {
		n.Children = append(n.Children, d.node(icmpExtData, rest.pos, rest.end-rest.pos))
	}
	return n
}
