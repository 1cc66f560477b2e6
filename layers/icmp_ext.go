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
	icmpMPLSData = row(ICMPv4, Field{Name: "icmp.mpls.data", Label: "more data", Type: TypeBytes, RFC: "RFC 4950 sec. 7", Help: "Bytes that are no label."})

	icmpIfName  = row(ICMPv4, Field{Name: "icmp.int_ident.name", Label: "interface name", Type: TypeString, RFC: "RFC 8335 sec. 2.1", Help: "The interface that is asked about."})
	icmpIfIndex = row(ICMPv4, Field{Name: "icmp.int_ident.index", Label: "interface index", Type: TypeUint, Size: 4, RFC: "RFC 8335 sec. 2.1", Help: "The number of the interface that is asked about."})
	icmpIfAddr  = rows(ICMPv4, "RFC 8335 sec. 2.1",
		word("icmp.int_ident.afi", "address family", TypeUint, 2, "1 for IPv4, 2 for IPv6."),
		word("icmp.int_ident.addr_length", "address length", TypeUint, 1, "How many bytes the address has."),
		word("icmp.int_ident.reserved", "reserved", TypeBytes, 1, "Not used; zero."))
	icmpIfIPv4  = row(ICMPv4, Field{Name: "icmp.int_ident.ipv4", Label: "address", Type: TypeIPv4, Size: 4, RFC: "RFC 8335 sec. 2.1", Help: "The address of the interface that is asked about."})
	icmpIfIPv6  = row(ICMPv4, Field{Name: "icmp.int_ident.ipv6", Label: "address", Type: TypeIPv6, Size: 16, RFC: "RFC 8335 sec. 2.1", Help: "The address of the interface that is asked about."})
	icmpIfOther = row(ICMPv4, Field{Name: "icmp.int_ident.address", Label: "address", Type: TypeBytes, RFC: "RFC 8335 sec. 2.1", Help: "The address of the interface that is asked about."})

	icmpInfo = one(ICMPv4, rfcIfInfo, word("icmp.ext.ctype", "type", TypeUint, 1, "Which interface it is, and what is told of it.",
		bit("icmp.int_info.role", "role", TypeUint, 0xc0, "0: the packet came over it; 1: a part of that one; 2: it would have gone over it; 3: the next hop's."),
		bit("icmp.int_info.reserved", "reserved", TypeUint, 0x30, "Not used; zero."),
		bit("icmp.int_info.ifindex", "index", TypeBool, 0x08, "The interface's number is told."),
		bit("icmp.int_info.ipaddr", "address", TypeBool, 0x04, "The interface's address is told."),
		bit("icmp.int_info.name_present", "name", TypeBool, 0x02, "The interface's name is told."),
		bit("icmp.int_info.mtu_present", "MTU", TypeBool, 0x01, "The interface's MTU is told.")))
	icmpInfoPart  = one(ICMPv4, rfcIfInfo, word("", "part", TypeBytes, 0, "A part of what is told."))
	icmpInfoIndex = one(ICMPv4, rfcIfInfo, word("icmp.int_info.index", "interface index", TypeUint, 4, "The interface's number."))
	icmpInfoAddr  = rows(ICMPv4, rfcIfInfo,
		word("icmp.int_info.afi", "address family", TypeUint, 2, "1 for IPv4, 2 for IPv6."),
		word("icmp.reserved", "reserved", TypeBytes, 2, "Not used; zero."))
	icmpInfoIPv4  = one(ICMPv4, rfcIfInfo, word("icmp.int_info.ipv4", "address", TypeIPv4, 4, "The interface's address."))
	icmpInfoIPv6  = one(ICMPv4, rfcIfInfo, word("icmp.int_info.ipv6", "address", TypeIPv6, 16, "The interface's address."))
	icmpInfoNameL = one(ICMPv4, rfcIfInfo, word("icmp.int_info.name_length", "name length", TypeUint, 1, "How many bytes the name has, this one included."))
	icmpInfoName  = one(ICMPv4, rfcIfInfo, word("icmp.int_info.name", "name", TypeString, 0, "The interface's name."))
	icmpInfoMTU   = one(ICMPv4, rfcIfInfo, word("icmp.int_info.mtu", "MTU", TypeUint, 4, "How long a packet the interface takes."))
)

const rfcIfInfo = "RFC 5837 sec. 4"

// Classes of extension objects (IANA).
const (
	icmpClassPayload = 0 // a draft's: more of the packet
	icmpClassMPLS    = 1
	icmpClassInfo    = 2
	icmpClassIdent   = 3
)

// icmpQuoted is how many bytes of a message the packet that it quotes may
// take, and where an extension begins; 0: there is none. Like Wireshark, it
// looks for one only behind short packets: of a longer one, the bytes there
// may be the packet's (RFC 4884 section 5.5).
func (d *dissector) icmpQuoted(h ICMPv4Header, s span) (quoted, ext int) {
	const least = 128 // bytes of packet before an extension
	quoted = s.size()
	length := int(h[5]) * 4
	if len(h) < ICMPv4Size+4 {
		if h.Type() != ICMPRedirect && length > 0 && quoted > length {
			quoted = 0 // Wireshark wants to know the packet's length first
		}
		return quoted, 0
	}
	header := int(h[8]&15) * 4
	total := int(number(h[10:12]))
	switch {
	case h.Type() == ICMPRedirect:
		quoted = header + 8 // RFC 792
		length = 0
	case length > 0 && s.size() > length && total > length:
		quoted = header + length
	}
	if s.size() > least && total <= least {
		ext = max(length, least)
		if length > 0 {
			ext = length
		}
	}
	return quoted, ext
}

// extension reads the objects after the quoted packet. It reports false when
// they end before they should.
func (d *dissector) extension(s span) (Node, bool) {
	n := d.node(icmpExt, s.pos, s.end-s.pos)
	if s.size() < 4 {
		return n, true
	}
	var ok bool
	if n.Children, ok = d.fixed(nil, icmpExtHead, s.pos, s); !ok {
		return n, false
	}
	status := d.verdict(icmpExtStatus, s.pos+2, checksumNone)
	if sum := &n.Children[2]; sum.Uint == 0 {
		status.Len = 2
	} else if !s.whole() { // Wireshark shows no checksum that it cannot judge
		n.Children = n.Children[:2]
		return n, false
	} else {
		status = d.verdict(icmpExtStatus, s.pos+2, d.judge(sum, s, 0, Warning, "icmp.ext.checksum_bad"))
	}
	n.Children = append(n.Children, status)
	if version := n.Children[0].Uint; version != 1 && version != 2 {
		return n, true
	}
	c := d.cursor(s.from(4))
	for c.wire-c.pos >= 4 && c.object(&n) {
	}
	return n, !*c.broken
}

// object reads one object, and reports whether another may follow.
func (c *cursor) object(ext *Node) bool {
	size, class, kind := c.peek(0, 2), c.peek(2, 1), c.peek(3, 1)
	here := min(size, c.wire-c.pos) // bytes of it that were sent
	n := c.over(&ext.Children, icmpExtObject, max(here, 4))
	n.Show = showEnumName(icmpExtFields[1].Names, uint64(class))
	c.take(&n.Children, icmpExtFields[0], 2)
	c.take(&n.Children, icmpExtFields[1], 1)
	if size < 4 || *c.broken {
		return false
	}
	end := c.pos - 3 + here
	unknown := true
	switch class {
	case icmpClassPayload, icmpClassMPLS:
		c.over(&n.Children, icmpExtFields[2], 1)
		unknown = kind != 1
	case icmpClassInfo:
		unknown = false
	case icmpClassIdent:
		unknown = c.wire-c.pos < 2 // Wireshark wants a byte at least
	}
	switch {
	case unknown:
		c.take(&n.Children, icmpExtFields[2], 1)
		c.take(&n.Children, icmpExtData, here-4)
	case class == icmpClassPayload:
		c.skip(1)
		c.take(&n.Children, icmpExtData, here-4)
	case class == icmpClassMPLS:
		c.skip(1)
		c.labels(n, end)
	case class == icmpClassInfo:
		c.take(&n.Children, icmpInfo, 1)
		c.interfaceInfo(n, kind, end)
	default:
		c.take(&n.Children, icmpExtFields[2], 1)
		c.interfaceIdent(n, kind, size-4)
	}
	c.span = span{min(end, c.end), c.end, max(end, c.wire)}
	return !*c.broken
}

func (c *cursor) labels(n *Node, end int) {
	for c.pos+4 <= end && !*c.broken {
		label := c.over(&n.Children, icmpLabel, 4)
		if c.ok(4) {
			label.Children, _ = c.fixed(nil, icmpMPLS, c.pos, c.span)
			label.Show = label.Children[0].Show
		}
		c.skip(4)
	}
	c.take(&n.Children, icmpMPLSData, end-c.pos)
}

// interfaceInfo reads what is told of an interface: an item for each bit of
// the object's type (RFC 5837 section 4).
func (c *cursor) interfaceInfo(n *Node, kind, end int) {
	if kind&8 != 0 {
		c.take(&n.Children, icmpInfoIndex, 4)
	}
	if kind&4 != 0 && end >= c.pos+2 {
		family, size := c.peek(0, 2), 20
		address := icmpInfoIPv6
		if family == 1 {
			size, address = 8, icmpInfoIPv4
		}
		part := c.over(&n.Children, icmpInfoPart, size)
		c.all(&part.Children, icmpInfoAddr...)
		if family != 1 && family != 2 {
			return
		}
		c.all(&part.Children, address)
	}
	if kind&2 != 0 {
		size := 0
		part := n
		if end > c.pos {
			size = c.peek(0, 1)
			part = c.over(&n.Children, icmpInfoPart, size)
			c.take(&part.Children, icmpInfoNameL, 1)
		}
		if end >= c.pos+size { // Wireshark misses a name that ends the object
			c.take(&part.Children, icmpInfoName, max(0, size-1))
		}
	}
	if kind&1 != 0 {
		c.take(&n.Children, icmpInfoMTU, 4)
	}
}

// interfaceIdent reads which interface is asked about (RFC 8335 section 2.1).
func (c *cursor) interfaceIdent(n *Node, kind, size int) {
	switch kind {
	case 1:
		c.take(&n.Children, icmpIfName, size)
	case 2:
		c.take(&n.Children, icmpIfIndex, 4)
	case 3:
		family := c.peek(0, 2)
		c.all(&n.Children, icmpIfAddr...)
		left := 0
		if !*c.broken {
			left = int(n.Children[len(n.Children)-2].Uint)
		}
		address := icmpIfIPv4
		switch family {
		case 1:
		case 2:
			address = icmpIfIPv6
		default:
			c.take(&n.Children, icmpIfOther, c.wire-c.pos)
			return
		}
		for ; left >= address.Size && c.wire-c.pos >= address.Size && !*c.broken; left -= address.Size {
			c.take(&n.Children, address, address.Size)
		}
	}
}
