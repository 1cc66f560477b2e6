package layers

const rfcRouting = "RFC 8200 sec. 4.4"

var routingTypes = map[uint64]string{0: "source route", 1: "Nimrod", 2: "mobile IPv6", 3: "RPL source route", 4: "segment routing", 5: "compact, 16 bits", 6: "compact, 32 bits",
	253: "experiment 1", 254: "experiment 2"}

var (
	ipv6RoutingRows = extensionRows(IPv6Routing, rfcRouting)
	routingHead     = rows(IPv6Routing, rfcRouting,
		choice("ipv6.routing.type", "type", 1, routingTypes, "Which kind of list this is."),
		word("ipv6.routing.segleft", "segments left", TypeUint, 1, "How many stations of the list are still to be visited."))
	routingUnknown  = one(IPv6Routing, rfcRouting, word("ipv6.routing.unknown_data", "data", TypeBytes, 0, "The list of a type that is not known here."))
	routingReserved = one(IPv6Routing, "RFC 5095", word("ipv6.routing.src.reserved", "reserved", TypeBytes, 4, "Not used; zero."))
	routingAddress  = one(IPv6Routing, "RFC 5095", word("ipv6.routing.src.addr", "station", TypeIPv6, 16, "A router to visit; long forbidden, for packets could be sent in circles."))
	routingMobile   = rows(IPv6Routing, "RFC 6275 sec. 6.4.1",
		word("ipv6.routing.mipv6.reserved", "reserved", TypeBytes, 4, "Not used; zero."),
		word("ipv6.routing.mipv6.home_address", "home address", TypeIPv6, 16, "The address by which the mobile receiver is known; the destination is where it is now."))
	routingRPL = rows(IPv6Routing, "RFC 6554 sec. 3",
		word("ipv6.routing.rpl.cmprI", "elided bytes", TypeUint, 4, "How many first bytes all addresses but the last lack, being the destination's."),
		word("ipv6.routing.rpl.cmprE", "elided bytes of the last", TypeUint, 4, "How many first bytes the last address lacks."),
		word("ipv6.routing.rpl.pad", "padding", TypeUint, 4, "How many bytes of padding follow the addresses."),
		word("ipv6.routing.rpl.reserved", "reserved", TypeUint, 4, "Not used; zero."))
	routingRPLCount = one(IPv6Routing, "RFC 6554 sec. 4.2", word("ipv6.routing.rpl.addr_count", "addresses", TypeInt, 2, "How many addresses the list has, worked out from its length."))
	routingRPLShort = one(IPv6Routing, "RFC 6554 sec. 3", word("ipv6.routing.rpl.address", "station", TypeBytes, 0, "A router to visit, without the bytes that it shares with the destination."))
	routingRPLFull  = one(IPv6Routing, "RFC 6554 sec. 3", word("ipv6.routing.rpl.full_address", "whole address", TypeIPv6, 0, "That router's whole address."))
	routingSegments = rows(IPv6Routing, "RFC 8754 sec. 2",
		word("ipv6.routing.srh.last_entry", "last entry", TypeUint, 1, "The number of the list's last segment, from 0."),
		word("ipv6.routing.srh.flags", "flags", TypeHex, 1, "Not used."),
		word("ipv6.routing.srh.tag", "tag", TypeBytes, 2, "Marks packets that belong together."))
	routingSegment  = one(IPv6Routing, "RFC 8754 sec. 2", word("ipv6.routing.srh.addr", "segment", TypeIPv6, 16, "A station of the way, and what is done there; the first to be visited is the last."))
	routingCompacts = one(IPv6Routing, "RFC 9631 sec. 3", word("", "segments", TypeBytes, 0, "The stations, the first to be visited last."))
)

// routingCompact are the rows of compact routing headers (types 5 and 6):
// the current segment, and each.
var routingCompact = map[int][]*Field{
	5: rows(IPv6Routing, "RFC 9631 sec. 3",
		word("ipv6.routing.crh16.current_sid", "current segment", TypeUint, 2, "The station that is next."),
		word("ipv6.routing.crh16.sid", "segment", TypeUint, 2, "A station of the way, by its number.")),
	6: rows(IPv6Routing, "RFC 9631 sec. 3",
		word("ipv6.routing.crh32.current_sid", "current segment", TypeUint, 4, "The station that is next."),
		word("ipv6.routing.crh32.sid", "segment", TypeUint, 4, "A station of the way, by its number.")),
}

func init() { // one word in four parts
	for i, mask := range []uint64{0xf0000000, 0x0f000000, 0x00f00000, 0x000fffff} {
		routingRPL[i].Mask = mask
	}
}

// routed is a routing header being read.
type routed struct {
	*cursor
	p     *Part
	x     *ipv6Packet
	size  int // bytes
	ahead int // segments left
}

// routing reads a routing header. While segments are left, checksums are
// over the last of them: the packet's true destination (RFC 8200 section 8.1).
func (d *dissector) routing(x *ipv6Packet, s span) (uint8, int) {
	p := d.part(IPv6Routing, s.pos, s.end-s.pos)
	c, next, size := d.extension6(p, ipv6RoutingRows, s)
	c.all(&p.Fields, routingHead...)
	if *c.broken {
		return c.end6(IPv6Routing, s, next, size)
	}
	kind := int(d.data[s.pos+2])
	r := routed{c, p, x, size, int(d.data[s.pos+3])}
	p.Summary = showEnumName(routingTypes, uint64(kind)) + ", " + count(r.ahead, "segment") + " left"
	c.end, c.wire = min(s.end, s.pos+size), s.pos+size
	switch kind {
	case 0:
		r.sourceRoute()
	case 2:
		r.mobile()
	case 3:
		r.rpl()
	case 4:
		r.segments()
	case 5, 6:
		r.compact(routingCompact[kind])
	default:
		c.take(&p.Fields, routingUnknown, size-4)
		d.expert(Note, "ipv6.routing.undecoded", "This kind of list is not known here.", s.pos+4, size-4)
	}
	return c.end6(IPv6Routing, s, next, size)
}

// station notes an address of the list; the last is the destination.
func (r *routed) station(addr []byte, n *Node) {
	if r.ahead > 0 && len(r.x.dst) == 16 {
		r.x.dst = addr
	}
	if addr[0] == 0xff {
		r.expert(Warning, "ipv6.src_route_list.multicast_addr", "A multicast address must not be in the list.", n.Pos, n.Len)
	}
}

func (r *routed) invalidLength(text string) {
	r.expert(Error, "ipv6.routing.invalid_length", text, r.p.Pos+1, 1)
}

func (r *routed) invalidLeft(text string) {
	r.expert(Warning, "ipv6.routing.invalid_segleft", text, r.p.Pos+3, 1)
}

func (r *routed) sourceRoute() {
	r.take(&r.p.Fields, routingReserved, 4)
	stations := (r.size/8 - 1) / 2
	if r.size%16 != 8 {
		r.invalidLength("The list does not hold whole addresses.")
	}
	if r.ahead > stations {
		r.invalidLeft("More segments are left than there are.")
	}
	for range stations {
		n := r.take(&r.p.Fields, routingAddress, 16)
		if *r.broken {
			return
		}
		r.station(r.data[n.Pos:n.Pos+16], n)
	}
	r.expert(Note, "ipv6.routing.deprecated", "Routing headers of type 0 must not be used (RFC 5095).", r.p.Pos+2, 1)
}

func (r *routed) mobile() {
	r.all(&r.p.Fields, routingMobile...)
	if r.size != 24 {
		r.invalidLength("The list must hold one address.")
	}
	if r.ahead != 1 {
		r.invalidLeft("One segment must be left.")
	}
	if n := &r.p.Fields[len(r.p.Fields)-1]; !*r.broken {
		r.station(r.data[n.Pos:n.Pos+16], n)
	}
}

func (r *routed) rpl() {
	if len(r.x.dst) != 16 {
		return
	}
	word := r.peek(0, 4)
	inner, last, pad := 16-word>>28&15, 16-word>>24&15, word>>20&15
	for _, f := range routingRPL {
		r.over(&r.p.Fields, f, 4)
	}
	if inner == 16 && last == 16 && pad != 0 {
		r.expert(Warning, "ipv6.routing.rpl.cmprI_cmprE_pad", "Whole addresses need no padding.", r.pos, 4)
	}
	if word&0xfffff != 0 {
		r.expert(Note, "ipv6.routing.rpl.reserved_not0", "The reserved bits must be zero.", r.pos, 4)
	}
	stations := 0
	if r.size > 8 {
		stations = (r.size-8-pad-last)/inner + 1 // RFC 6554 section 4.2
	}
	if *r.broken {
		return
	}
	r.p.Fields = append(r.p.Fields, r.valued(routingRPLCount, r.pos, 2, uint64(int64(stations))))
	switch {
	case stations < 0:
		r.expert(Error, "ipv6.routing.rpl.addr_count_ge0", "The list's length and its padding leave no room for addresses.", r.pos, 2)
	case r.ahead > stations:
		r.invalidLeft("More segments are left than there are.")
	}
	r.skip(4)
	prefix := r.x.dst
	for i := range max(stations, 0) {
		size := inner
		if i == stations-1 {
			size = last
		}
		r.over(&r.p.Fields, routingRPLShort, size)
		n := r.take(&r.p.Fields, routingRPLFull, size)
		if *r.broken {
			return
		}
		whole := append(append(make([]byte, 0, 16), prefix[:16-size]...), r.data[n.Pos:n.Pos+size]...)
		n.Show = showIP(whole)
		r.station(whole, n)
	}
}

func (r *routed) segments() {
	r.all(&r.p.Fields, routingSegments...)
	if *r.broken {
		return
	}
	stations := int(find(r.p.Fields, "ipv6.routing.srh.last_entry").Uint) + 1
	if r.ahead > stations {
		r.invalidLeft("More segments are left than there are.")
	}
	if r.ahead > 0 && len(r.x.dst) == 16 && r.ok(16) { // the first of the list is the last to be visited
		r.x.dst = r.data[r.pos : r.pos+16]
	}
	for range stations {
		r.take(&r.p.Fields, routingSegment, 16)
	}
}

func (r *routed) compact(rows []*Field) {
	each := rows[0].Size
	if least := (r.ahead + 1) * each; least > r.size-4 {
		r.invalidLength("The list is too short for the segments that are left.")
	}
	if !r.ok(r.ahead*each + each) {
		return
	}
	r.p.Fields = append(r.p.Fields, r.node(rows[0], r.pos+r.ahead*each, each))
	list := r.over(&r.p.Fields, routingCompacts, r.left())
	for r.peek(0, each) != 0 { // ends at a zero; without one Wireshark calls it malformed
		r.take(&list.Children, rows[1], each)
	}
}
