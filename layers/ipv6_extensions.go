package layers

// Next headers of IPv6 (IANA) that are extensions, or end the chain of them
// (RFC 8200 section 4).
const (
	ipv6HopByHop    = 0
	ipv6Routing     = 43
	ipv6Fragment    = 44
	ipAH            = 51
	ipv6NoNext      = 59
	ipv6Destination = 60
)

// ipv6Packet is what extension headers need to know of the packet that they
// are in, and what they tell of it.
type ipv6Packet struct {
	part     int // the IPv6 header's, of Tree.Parts; -1: they follow an IPv4 header
	plen     int // payload length as the header has it; 0: a jumbogram, or not known
	jumbo    bool
	hopLimit uint8
	unread   int // of plen: what no extension header has taken
	src, dst []byte
}

// ipv6Header reads an extension header. It gives what comes next, and how
// many bytes it has itself; 0 when nothing after it can be read.
type ipv6Header func(d *dissector, x *ipv6Packet, s span) (next uint8, size int)

var ipv6Headers map[uint8]ipv6Header

func init() { // a packet may be within a packet: the map must not refer to itself
	ipv6Headers = map[uint8]ipv6Header{
		ipv6HopByHop: (*dissector).hopByHop, ipv6Destination: (*dissector).destinationOptions,
		ipv6Routing: (*dissector).routing, ipv6Fragment: (*dissector).fragment, ipAH: (*dissector).authentication,
	}
}

// extensions reads a chain of extension headers, and what it carries.
func (d *dissector) extensions(x *ipv6Packet, next uint8, s span) {
	start, depth := s.pos, d.depth
	defer func() { d.depth = depth }()
	for ; ipv6Headers[next] != nil; d.depth++ {
		if !d.within() {
			d.payload(s)
			return
		}
		if next == ipv6HopByHop && (s.pos > start || x.part < 0) {
			d.expert(Error, "ipv6.hopopts.not_first", "Hop-by-hop options must come right after the IPv6 header.", s.pos, 0)
		}
		var size int
		if next, size = ipv6Headers[next](d, x, s); size == 0 {
			return
		}
		x.unread -= size
		s = s.from(size)
	}
	if x.part >= 0 { // the headers belong to the packet's own
		p := &d.tree.Parts[x.part]
		p.Len = s.pos - p.Pos
		p.Payload = s.pos
	}
	if len(x.src) == 16 {
		d.pseudo, d.overIPv6 = PseudoHeader6([16]byte(x.src), [16]byte(x.dst), 0, 0), true
	}
	if next == ipv6NoNext {
		d.payload(s)
		return
	}
	d.transport(next, s)
}

// extensionRows are the first fields of an extension header. Wireshark shows
// the length twice: in units of 8 bytes, as it is there, and in bytes.
func extensionRows(p Proto, rfc string, more ...*Field) []*Field {
	name := p.Filter()
	return rows(p, rfc, append([]*Field{
		choice(name+".nxt", "next header", 1, ipProtocols, "What follows: another extension header, or the protocol that is carried."),
		word(name+".len", "length", TypeUint, 1, "How many units of 8 bytes the header has, without the first."),
		{Name: name + ".len_oct", Label: "length in bytes", Type: TypeUint, At: 1, Size: 1, Help: "How many bytes the header has."},
	}, more...)...)
}

// extension6 reads the first fields of an extension header, and gives a cursor
// for what follows them, what comes next, and the header's size in bytes.
func (d *dissector) extension6(p *Part, rows []*Field, s span) (c *cursor, next uint8, size int) {
	c = d.cursor(s)
	c.take(&p.Fields, rows[0], 1)
	size = (c.peek(0, 1) + 1) * 8
	c.over(&p.Fields, rows[1], 1)
	n := c.take(&p.Fields, rows[2], 1)
	n.Uint, n.Show = uint64(size), count(size, "byte")
	if *c.broken {
		return c, 0, 0
	}
	p.Len = min(size, s.end-s.pos)
	p.Payload = s.pos + p.Len
	p.Summary = "next: " + p.Fields[0].Show + ", " + count(size, "byte")
	return c, d.data[s.pos], size
}

// end6 says of an extension header whether what comes after it can be read.
func (c *cursor) end6(p Proto, whole span, next uint8, size int) (uint8, int) {
	if *c.broken || size > whole.end-whole.pos {
		c.short(p, whole)
		return 0, 0
	}
	return next, size
}

var ipv6FragmentRows = rows(IPv6Fragment, "RFC 8200 sec. 4.5",
	choice("ipv6.fraghdr.nxt", "next header", 1, ipProtocols, "What the whole packet carries after this header."),
	&Field{Name: "ipv6.fraghdr.reserved_octet", Label: "reserved", Type: TypeHex, At: 1, Size: 1, Help: "Not used; zero."},
	&Field{Name: "ipv6.fraghdr.offset", Label: "offset", Type: TypeUint, Size: 2, At: 2, Mask: 0xfff8, Help: "Where this fragment's payload lies in the whole one, counted in units of 8 bytes."},
	&Field{Name: "ipv6.fraghdr.reserved_bits", Label: "reserved", Type: TypeUint, Size: 2, At: 2, Mask: 6, Help: "Not used; zero."},
	&Field{Name: "ipv6.fraghdr.more", Label: "more fragments", Type: TypeBool, Size: 2, At: 2, Mask: 1, Help: "Set in every fragment but the last."},
	&Field{Name: "ipv6.fraghdr.ident", Label: "identification", Type: TypeHex, Size: 4, At: 4, Help: "A number that all fragments of one packet share."})

// fragment reads a fragment header. What a fragment other than the first
// carries begins in the middle: it is data, unless it completes the packet.
func (d *dissector) fragment(x *ipv6Packet, s span) (uint8, int) {
	const size = 8
	p := d.part(IPv6Fragment, s.pos, min(size, s.end-s.pos))
	if x.jumbo {
		d.expert(Error, "ipv6.opt.jumbo.fragment", "A jumbogram cannot be a fragment (RFC 2675 section 3).", s.pos, p.Len)
	}
	if s.end-s.pos < size { // Wireshark shows it whole, or not at all
		d.short(IPv6Fragment, s)
		return 0, 0
	}
	p.Fields, _ = d.fixed(p.Fields, ipv6FragmentRows, s.pos, s)
	next := d.data[s.pos]
	word := number(d.data[s.pos+2 : s.pos+4])
	offset, more := int(word&^7), word&1 != 0
	p.Fields[2].Show = count(offset, "byte")
	p.Summary = "fragment at " + count(offset, "byte") + ", next: " + p.Fields[0].Show
	frame := d.in == InFrame && !d.quoted
	if frame && (offset > 0 || more) {
		d.overlap(s.from(size))
	}
	switch {
	case offset == 0 && !more, x.unread <= size: // all of it is here; without a length, fragments cannot be told
	case frame && d.opt.Reassembled != nil:
		d.payload(s.from(size))
		d.reassembled(func(s span) { d.extensions(&ipv6Packet{part: -1, src: x.src, dst: x.dst}, next, s) })
		return 0, 0
	case offset > 0, frame && d.opt.Kept > 0:
		d.payload(s.from(size))
		return 0, 0
	default:
		d.fragmented = true
	}
	return next, size
}

var (
	ahRows = rows(AH, "RFC 4302 sec. 2",
		choice("ah.next_header", "next header", 1, ipProtocols, "What follows the header and is protected by it."),
		word("ah.length", "length", TypeUint, 1, "How many 32-bit words the header has, without two."),
		word("ah.reserved", "reserved", TypeBytes, 2, "Not used; zero."),
		word("ah.spi", "SPI", TypeHex, 4, "Which security association this belongs to: it tells the receiver key and algorithm."),
		word("ah.sequence", "sequence number", TypeUint, 4, "Counts the packets of the association, against replay."))
	ahICV = one(AH, "RFC 4302 sec. 2.6", word("ah.icv", "integrity check value", TypeBytes, 0, "Proves that nobody changed the packet on its way."))

	espRows = rows(ESP, "RFC 4303 sec. 2",
		word("esp.spi", "SPI", TypeHex, 4, "Which security association this belongs to: it tells the receiver key and algorithm."),
		word("esp.sequence", "sequence number", TypeUint, 4, "Counts the packets of the association, against replay."))
)

// authentication reads an authentication header, after which the packet goes
// on unencrypted.
func (d *dissector) authentication(x *ipv6Packet, s span) (uint8, int) {
	p := d.part(AH, s.pos, s.end-s.pos)
	c := d.cursor(s)
	c.ok(2) // Wireshark shows nothing without the length
	c.all(&p.Fields, ahRows...)
	if *c.broken {
		d.short(AH, s)
		return 0, 0
	}
	size := (int(d.data[s.pos+1]) + 2) * 4 // RFC 4302 section 2.2
	p.Fields[1].Show = count(size, "byte")
	c.take(&p.Fields, ahICV, max(0, size-12))
	p.Len = min(size, s.end-s.pos)
	p.Payload = s.pos + p.Len
	p.Summary = "SPI " + p.Fields[3].Show + ", seq " + p.Fields[4].Show + ", next: " + p.Fields[0].Show
	return c.end6(AH, s, d.data[s.pos], size)
}

// esp reads the two words before what is encrypted, which stays the part's.
func (d *dissector) esp(s span) {
	p := d.part(ESP, s.pos, s.end-s.pos)
	c := d.cursor(s)
	c.all(&p.Fields, espRows...)
	if *c.broken {
		d.short(ESP, s)
		return
	}
	p.Summary = "SPI " + p.Fields[0].Show + ", seq " + p.Fields[1].Show
	p.Payload = c.pos
}
