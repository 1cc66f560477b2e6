package layers

// optionRPL says how an option of RPL control messages is laid out.
type optionRPL struct {
	name string
	rows []*Field
	read func(m *message6, n *Node, end int) // what the rows do not tell
}

const rfcRPLOption = "RFC 6550 sec. 6.7"

var (
	rplOpt       = one(ICMPv6, rfcRPLOption, word("icmpv6.opt", "option", TypeNone, 0, "More about the message."))
	rplOptType   = one(ICMPv6, rfcRPLOption, word("icmpv6.rpl.opt.type", "type", TypeUint, 1, "Which option this is."))
	rplOptLen    = one(ICMPv6, rfcRPLOption, word("icmpv6.rpl.opt.length", "length", TypeUint, 1, "How many bytes follow."))
	rplPadN      = one(ICMPv6, "RFC 6550 sec. 6.7.3", word("icmpv6.rpl.opt.padn", "padding", TypeNone, 0, "Fills space."))
	rplReserved  = one(ICMPv6, rfcRPLOption, word("icmpv6.rpl.opt.reserved", "reserved", TypeNone, 4, "Not used; zero."))
	rplRoute     = one(ICMPv6, "RFC 6550 sec. 6.7.5", word("icmpv6.rpl.opt.route.prefix", "prefix", TypeIPv6, 0, "Where the route leads."))
	rplTarget    = one(ICMPv6, "RFC 6550 sec. 6.7.7", word("icmpv6.rpl.opt.target.prefix", "target", TypeIPv6, 0, "Who can be reached."))
	rplParent    = one(ICMPv6, "RFC 6550 sec. 6.7.8", word("icmpv6.rpl.opt.transit.parent", "parent", TypeIPv6, 16, "Over whom the target can be reached."))
	rplDiscovery = one(ICMPv6, "RFC 6997 sec. 7", word("icmpv6.rpl.opt.routediscovery.flag", "flags", TypeNone, 1, "Which route is looked for.",
		bit("icmpv6.rpl.opt.routediscovery.flag.reply", "reply", TypeBool, 0x80, "The target may answer."),
		bit("icmpv6.rpl.opt.routediscovery.flag.hopbyhop", "hop by hop", TypeBool, 0x40, "The routers should keep the route, not the packets."),
		bit("icmpv6.rpl.opt.routediscovery.flag.numofroutes", "routes", TypeUint, 0x30, "How many routes are wanted, less one."),
		bit("icmpv6.rpl.opt.routediscovery.flag.compr", "elided bytes", TypeUint, 0x0f, "How many first bytes the addresses lack.")))
	rplBounds = rows(ICMPv6, "RFC 6997 sec. 7",
		word("icmpv6.rpl.opt.routediscovery.lifetime", "lifetime", TypeUint, 1, "How long the discovery's tree lasts."),
		word("icmpv6.rpl.opt.routediscovery.maxrank", "maximum rank", TypeUint, 1, "How far from the sender the target is looked for."),
		word("icmpv6.rpl.opt.routediscovery.nh", "next hop", TypeUint, 1, "Which address of the list is the next hop."))
	rplTargetAddr = one(ICMPv6, "RFC 6997 sec. 7", word("icmpv6.rpl.opt.routediscovery.targetaddr", "target", TypeIPv6, 16, "To whom a route is looked for."))
	rplVector     = one(ICMPv6, "RFC 6997 sec. 7", word("icmpv6.rpl.opt.routediscovery.addr_vec", "addresses", TypeNone, 0, "The routers of the route so far."))
	rplVectorAddr = one(ICMPv6, "RFC 6997 sec. 7", word("icmpv6.rpl.opt.routediscovery.addrvec.addr", "address", TypeIPv6, 0, "A router of the route."))
)

func init() { rplBounds[0].Mask, rplBounds[1].Mask, rplBounds[2].Mask = 0xc0, 0x3f, 0x3f }

var rplOptions = map[int]optionRPL{
	1: {name: "padding", read: ndRest(rplPadN)},
	2: {name: "metrics", read: rplMetrics},
	3: {name: "route information", rows: rows(ICMPv6, "RFC 6550 sec. 6.7.5",
		word("icmpv6.rpl.opt.route.prefix_length", "prefix length", TypeUint, 1, "How many bits of the prefix count."),
		word("icmpv6.rpl.opt.route.flag", "flags", TypeHex, 1, "How good the route is.",
			bit("icmpv6.rpl.opt.route.pref", "preference", TypeUint, 0x18, "How much the route wants to be used: 1 high, 0 medium, 3 low."),
			bit("icmpv6.rpl.opt.route.reserved", "reserved", TypeUint, 0xe7, "Not used; zero.")),
		word("icmpv6.rpl.opt.route.lifetime", "lifetime", TypeUint, 4, "For how many seconds the route holds.")), read: cutPrefix(rplRoute)},
	4: {name: "configuration", rows: rows(ICMPv6, "RFC 6550 sec. 6.7.6",
		word("icmpv6.rpl.opt.config.flag", "flags", TypeHex, 1, "How the tree is run.",
			bit("icmpv6.rpl.opt.config.reserved", "reserved", TypeUint, 0xf0, "Not used; zero."),
			bit("icmpv6.rpl.opt.config.auth", "authentication", TypeBool, 0x08, "Nodes must authenticate themselves."),
			bit("icmpv6.rpl.opt.config.pcs", "path control size", TypeUint, 0x07, "How many bits of path control there are, less one.")),
		word("icmpv6.rpl.opt.config.interval_double", "interval doublings", TypeUint, 1, "How often the interval between messages may double."),
		word("icmpv6.rpl.opt.config.interval_min", "minimum interval", TypeUint, 1, "The shortest interval, in milliseconds, as a power of two."),
		word("icmpv6.rpl.opt.config.redundancy", "redundancy", TypeUint, 1, "After how many like messages of others one's own is not sent."),
		word("icmpv6.rpl.opt.config.max_rank_inc", "maximum rank increase", TypeUint, 2, "How much a node's rank may rise."),
		word("icmpv6.rpl.opt.config.min_hop_rank_inc", "minimum hop rank increase", TypeUint, 2, "How much a hop adds to the rank at least."),
		word("icmpv6.rpl.opt.config.ocp", "objective", TypeUint, 2, "By which function ranks are computed."),
		word("icmpv6.rpl.opt.config.rsv", "reserved", TypeUint, 1, "Not used; zero."),
		word("icmpv6.rpl.opt.config.def_lifetime", "default lifetime", TypeUint, 1, "How long routes hold, in lifetime units."),
		word("icmpv6.rpl.opt.config.lifetime_unit", "lifetime unit", TypeUint, 2, "How many seconds a lifetime unit has."))},
	5: {name: "target", rows: rows(ICMPv6, "RFC 6550 sec. 6.7.7",
		word("icmpv6.rpl.opt.target.flag", "reserved", TypeNone, 1, "Not used; zero."),
		word("icmpv6.rpl.opt.target.prefix_length", "prefix length", TypeUint, 1, "How many bits of the target count.")), read: cutPrefix(rplTarget)},
	6: {name: "transit information", rows: rows(ICMPv6, "RFC 6550 sec. 6.7.8",
		word("icmpv6.rpl.opt.transit.flag", "flags", TypeHex, 1, "Where the targets are.",
			bit("icmpv6.rpl.opt.transit.flag.e", "external", TypeBool, 0x80, "The targets are outside of the tree."),
			bit("icmpv6.rpl.opt.transit.flag.rsv", "reserved", TypeUint, 0x7f, "Not used; zero.")),
		word("icmpv6.rpl.opt.transit.pathctl", "path control", TypeUint, 1, "Over how many parents the target wants to be reached."),
		word("icmpv6.rpl.opt.transit.pathseq", "path sequence", TypeUint, 1, "A new number replaces older paths."),
		word("icmpv6.rpl.opt.transit.pathlifetime", "path lifetime", TypeUint, 1, "How long the path holds, in lifetime units; 0: it is gone.")), read: rplTransit},
	7: {name: "solicited information", rows: rows(ICMPv6, "RFC 6550 sec. 6.7.9",
		word("icmpv6.rpl.opt.solicited.instance", "instance", TypeUint, 1, "Which set of trees is asked for."),
		word("icmpv6.rpl.opt.solicited.flag", "flags", TypeHex, 1, "What must agree for an answer.",
			bit("icmpv6.rpl.opt.solicited.flag.v", "version", TypeBool, 0x80, "The version must agree."),
			bit("icmpv6.rpl.opt.solicited.flag.i", "instance", TypeBool, 0x40, "The instance must agree."),
			bit("icmpv6.rpl.opt.solicited.flag.d", "DODAG", TypeBool, 0x20, "The tree's name must agree."),
			bit("icmpv6.rpl.opt.solicited.flag.rsv", "reserved", TypeUint, 0x1f, "Not used; zero.")),
		word("icmpv6.rpl.opt.solicited.dodagid", "DODAG", TypeIPv6, 16, "Which tree is asked for."),
		word("icmpv6.rpl.opt.solicited.version", "version", TypeUint, 1, "Which version of it."))},
	8: {name: "prefix information", rows: append(append(rows(ICMPv6, "RFC 6550 sec. 6.7.10",
		word("icmpv6.rpl.opt.prefix.length", "prefix length", TypeUint, 1, "How many bits of the prefix count."),
		word("icmpv6.rpl.opt.prefix.flag", "flags", TypeHex, 1, "What nodes may do with the prefix.",
			bit("icmpv6.rpl.opt.prefix.flag.l", "on link", TypeBool, 0x80, "Addresses with the prefix are reached without a router."),
			bit("icmpv6.rpl.opt.config.flag.a", "autonomous", TypeBool, 0x40, "Nodes may make addresses of their own with it."),
			bit("icmpv6.rpl.opt.config.flag.r", "router address", TypeBool, 0x20, "The prefix is a router's whole address."),
			bit("icmpv6.rpl.opt.config.flag.rsv", "reserved", TypeUint, 0x1f, "Not used; zero.")),
		word("icmpv6.rpl.opt.prefix.valid_lifetime", "valid lifetime", TypeUint, 4, "For how many seconds addresses with the prefix hold."),
		word("icmpv6.rpl.opt.prefix.preferred_lifetime", "preferred lifetime", TypeUint, 4, "For how many seconds new conversations may begin with them.")),
		rplReserved), rows(ICMPv6, "RFC 6550 sec. 6.7.10",
		word("icmpv6.rpl.opt.prefix", "prefix", TypeIPv6, 16, "The first bits of addresses that belong together."))...)},
	9: {name: "target descriptor", rows: rows(ICMPv6, "RFC 6550 sec. 6.7.11",
		word("icmpv6.rpl.opt.targetdesc.descriptor", "descriptor", TypeHex, 4, "A mark for the target before it."))},
	10: {name: "route discovery", read: rplDiscover},
}

// rplOption reads one option.
func (m *message6) rplOption() {
	n := m.over(&m.fields, rplOpt, 1)
	kind := int(m.take(&n.Children, rplOptType, 1).Uint)
	if kind == 0 && !*m.broken { // Pad1 has no length
		n.Show = "padding"
		return
	}
	size := int(m.take(&n.Children, rplOptLen, 1).Uint)
	if *m.broken {
		return
	}
	n.Len = min(2+size, len(m.data)-n.Pos)
	o, known := rplOptions[kind]
	n.Show = o.name
	end := m.pos + size
	if !known {
		n.Show = "unknown"
		m.expert(Note, "icmpv6.undecoded.rpl_option", "This option is not known here.", n.Pos, n.Len)
		o.read = ndRest(icmpv6Data)
	}
	m.all(&n.Children, o.rows...)
	if o.read != nil {
		o.read(m, n, end)
	}
	if m.pos+m.beyond < end && !*m.broken {
		m.unknown(&n.Children, end-m.pos)
	}
	m.beyond = 0
	m.span = span{max(m.whole.pos, min(end, m.whole.end)), m.whole.end, m.whole.wire}
}

func rplTransit(m *message6, n *Node, end int) {
	if end > m.pos {
		m.take(&n.Children, rplParent, 16)
	}
}

// checkDiscovery judges the flags of a route discovery (RFC 6997 sections 7
// and 8).
func (m *message6) checkDiscovery(n *Node) {
	if *m.broken {
		return
	}
	flags := m.data[m.pos-2]
	reply, hops, routes := flags&0x80 != 0, flags&0x40 != 0, flags&0x30 != 0
	if m.code&^0x80 == 4 {
		for _, set := range []bool{reply, routes, m.data[m.pos-1]&0xc0 != 0} {
			if set {
				m.expert(Warning, "icmpv6.rpl.p2p.dro.rdo.zero", "In a reply, this must be zero.", n.Pos+2, 2)
			}
		}
		return
	}
	if hops && !reply {
		m.expert(Warning, "icmpv6.rpl.p2p.hop_by_hop", "A route that routers keep needs a reply.", n.Pos+2, 1)
	}
	if hops && routes {
		m.expert(Warning, "icmpv6.rpl.p2p.num_of_routes", "Of routes that routers keep, one is looked for.", n.Pos+2, 1)
	}
}

// rplDiscover reads a route so far; its addresses lack bytes that all share.
func rplDiscover(m *message6, n *Node, end int) {
	elided := m.peek(0, 1) & 15
	m.take(&n.Children, rplDiscovery, 1)
	m.over(&n.Children, rplBounds[0], 1)
	if m.code&^0x80 == 4 {
		m.take(&n.Children, rplBounds[2], 1)
	} else {
		m.take(&n.Children, rplBounds[1], 1)
	}
	m.checkDiscovery(n)
	m.take(&n.Children, rplTargetAddr, 16)
	size := end - m.pos
	vector := m.over(&n.Children, rplVector, size)
	for range max(0, size) / (16 - elided) {
		a := m.take(&vector.Children, rplVectorAddr, 16-elided)
		if *m.broken {
			return
		}
		var whole [16]byte
		copy(whole[elided:], m.data[a.Pos:m.pos])
		a.Show = showIP(whole[:])
	}
}
