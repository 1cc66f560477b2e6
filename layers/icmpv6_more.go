package layers

// Messages that are seldom seen: node information (RFC 4620), router
// renumbering (RFC 2894), fast handovers (RFC 5568), locators (RFC 6743), MPL
// (RFC 7731).

const (
	rfcNode   = "RFC 4620 sec. 4"
	rfcRenum  = "RFC 2894 sec. 3.1"
	rfcResult = "RFC 2894 sec. 3.3"
)

var (
	nodeRows = rows(ICMPv6, rfcNode,
		choice("icmpv6.ni.qtype", "question", 2, map[uint64]string{0: "nothing", 1: "unused", 2: "node name", 3: "IPv6 addresses", 4: "IPv4 addresses"}, "What is asked for."),
		word("icmpv6.ni.flag", "flags", TypeHex, 2, "Which addresses are asked for.",
			bit("icmpv6.ni.flag.g", "global", TypeBool, 0x20, "Global addresses."),
			bit("icmpv6.ni.flag.s", "site-local", TypeBool, 0x10, "Site-local addresses."),
			bit("icmpv6.ni.flag.l", "link-local", TypeBool, 0x08, "Link-local addresses."),
			bit("icmpv6.ni.flag.c", "compression", TypeBool, 0x04, "IPv4-compatible and mapped addresses."),
			bit("icmpv6.ni.flag.a", "all", TypeBool, 0x02, "Addresses of all interfaces."),
			bit("icmpv6.ni.flag.t", "truncated", TypeBool, 0x01, "There are more than fit."),
			bit("icmpv6.ni.flag.rsv", "reserved", TypeHex, 0xffc0, "Not used; zero.")),
		word("icmpv6.ni.nonce", "nonce", TypeHex, 8, "A random number that the reply repeats."))
	nodeSubject6 = one(ICMPv6, rfcNode, word("icmpv6.ni.query.subject_ipv6", "subject", TypeIPv6, 16, "The address in question."))
	nodeSubject4 = one(ICMPv6, rfcNode, word("icmpv6.ni.query.subject_ipv4", "subject", TypeIPv4, 4, "The address in question."))
	nodeSubject  = one(ICMPv6, rfcNode, word("icmpv6.ni.query.subject_fqdn", "subject", TypeString, 0, "The name in question."))
	nodeTTL      = one(ICMPv6, rfcNode, word("icmpv6.ni.reply.node_ttl", "TTL", TypeUint, 4, "For how many seconds this holds."))
	nodeName     = one(ICMPv6, rfcNode, word("icmpv6.ni.reply.node_name", "node name", TypeString, 0, "The node's name."))
	nodeAddress6 = one(ICMPv6, rfcNode, word("icmpv6.ni.reply.node_address", "address", TypeIPv6, 16, "An address of the node."))
	nodeAddress4 = one(ICMPv6, rfcNode, word("icmpv6.ni.reply.ipv4_address", "address", TypeIPv4, 4, "An IPv4 address of the node."))

	renumRows = rows(ICMPv6, rfcRenum,
		word("icmpv6.rr.sequence_number", "sequence number", TypeUint, 4, "Which command this is, against replay."),
		word("icmpv6.rr.segment_number", "segment number", TypeUint, 1, "Which message of the command this is."),
		word("icmpv6.rr.flag", "flags", TypeHex, 1, "How the command is carried out.",
			bit("icmpv6.rr.flag.t", "test", TypeBool, 0x80, "Only tell what would be done."),
			bit("icmpv6.rr.flag.r", "result", TypeBool, 0x40, "A result is wanted."),
			bit("icmpv6.rr.flag.a", "all interfaces", TypeBool, 0x20, "It is for interfaces that are off, too."),
			bit("icmpv6.rr.flag.s", "site", TypeBool, 0x10, "It is for interfaces of the same site only."),
			bit("icmpv6.rr.flag.p", "processed", TypeBool, 0x08, "It was carried out before."),
			bit("icmpv6.rr.flag.rsv", "reserved", TypeUint, 0x07, "Not used; zero.")),
		word("icmpv6.rr.maxdelay", "maximum delay", TypeUint, 2, "How many milliseconds a router may wait before it answers."),
		word("icmpv6.reserved", "reserved", TypeBytes, 4, "Not used; zero."))
	renumMatch     = one(ICMPv6, rfcRenum, word("icmpv6.rr.pco.mp", "match prefix", TypeNone, 24, "Which prefixes the command is for."))
	renumMatchRows = rows(ICMPv6, rfcRenum,
		choice("icmpv6.rr.pco.mp.opcode", "operation", 1, map[uint64]string{1: "add", 2: "change", 3: "set for all"}, "What is done with the prefixes."),
		word("icmpv6.rr.pco.mp.oplength", "length", TypeUint, 1, "How many units of 8 bytes the operation has."),
		word("icmpv6.rr.pco.mp.ordinal", "ordinal", TypeHex, 1, "Which operation of the message this is."),
		word("icmpv6.rr.pco.mp.matchlen", "match length", TypeUint, 1, "How many bits must agree."),
		word("icmpv6.rr.pco.mp.minlen", "minimum length", TypeUint, 1, "How long a prefix must be at least."),
		word("icmpv6.rr.pco.mp.maxlen", "maximum length", TypeUint, 1, "How long a prefix may be at most."),
		word("icmpv6.reserved", "reserved", TypeBytes, 2, "Not used; zero."),
		word("icmpv6.rr.pco.mp.matchprefix", "prefix", TypeIPv6, 16, "What the prefixes are compared with."))
	renumUse     = one(ICMPv6, rfcRenum, word("icmpv6.rr.pco.up", "use prefix", TypeNone, 32, "Which prefix is used from then on."))
	renumUseRows = rows(ICMPv6, rfcRenum,
		word("icmpv6.rr.pco.up.uselen", "use length", TypeUint, 1, "How many bits of the new prefix count."),
		word("icmpv6.rr.pco.up.keeplen", "keep length", TypeUint, 1, "How many bits of the old prefix stay behind them."),
		word("icmpv6.rr.pco.up.flagmask", "flag mask", TypeHex, 1, "Which flags are changed.",
			bit("icmpv6.rr.pco.up.flagmask.l", "on link", TypeBool, 0x80, "The on-link flag is changed."),
			bit("icmpv6.rr.pco.up.flagmask.a", "autonomous", TypeBool, 0x40, "The autonomous flag is changed."),
			bit("icmpv6.rr.pco.up.flagmask.reserved", "reserved", TypeUint, 0x3f, "Not used; zero.")),
		word("icmpv6.rr.pco.up.raflags", "flags", TypeHex, 1, "What the flags become.",
			bit("icmpv6.rr.pco.up.flagmask.l", "on link", TypeBool, 0x80, "Addresses with the prefix are reached without a router."),
			bit("icmpv6.rr.pco.up.flagmask.a", "autonomous", TypeBool, 0x40, "Hosts may make addresses of their own with it."),
			bit("icmpv6.rr.pco.up.flagmask.reserved", "reserved", TypeUint, 0x3f, "Not used; zero.")),
		word("icmpv6.rr.pco.up.validlifetime", "valid lifetime", TypeUint, 4, "For how many seconds addresses with the prefix hold."),
		word("icmpv6.rr.pco.up.preferredlifetime", "preferred lifetime", TypeUint, 4, "For how many seconds new conversations may begin with them."),
		word("icmpv6.rr.pco.up.flag", "more flags", TypeHex, 4, "How the lifetimes run.",
			bit("icmpv6.rr.pco.up.flag.v", "valid runs down", TypeBool, 1<<31, "The valid lifetime is not told anew each time: it runs down."),
			bit("icmpv6.rr.pco.up.flag.p", "preferred runs down", TypeBool, 1<<30, "The preferred lifetime runs down."),
			bit("icmpv6.rr.pco.up.flag.reserved", "reserved", TypeUint, 1<<30-1, "Not used; zero.")),
		word("icmpv6.rr.pco.up.useprefix", "prefix", TypeIPv6, 16, "The new prefix."))
	renumResult     = one(ICMPv6, rfcResult, word("icmpv6.rr.rm", "result", TypeNone, 24, "What was done with one prefix."))
	renumResultRows = rows(ICMPv6, rfcResult,
		word("icmpv6.rr.rm.flag", "flags", TypeHex, 2, "Why it was not done.",
			bit("icmpv6.rr.rm.flag.reserved", "reserved", TypeUint, 0xfffc, "Not used; zero."),
			bit("icmpv6.rr.rm.flag.b", "bounds", TypeBool, 2, "The new prefix would have been too long."),
			bit("icmpv6.rr.rm.flag.f", "forbidden", TypeBool, 1, "The router did not do it, for it would be harmful.")),
		word("icmpv6.rr.rm.ordinal", "ordinal", TypeHex, 1, "Which operation of the command this is about."),
		word("icmpv6.rr.rm.matchedlen", "matched length", TypeUint, 1, "How long the prefix that was found is."),
		word("icmpv6.rr.rm.interfaceindex", "interface", TypeUint, 4, "The interface where it was found."),
		word("icmpv6.rr.rm.matchedprefix", "matched prefix", TypeIPv6, 16, "The prefix that was found."))

	handoverKind  = one(ICMPv6, "RFC 5568 sec. 6.1", choice("icmpv6.fmip6.subtype", "subtype", 1, map[uint64]string{2: "solicitation for proxy advertisement", 3: "proxy advertisement", 4: "initiate", 5: "acknowledge"}, "Which message of the handover this is."))
	handoverFlags = one(ICMPv6, "RFC 5568 sec. 6.2.1", word("icmpv6.fmip6.hi.flag", "flags", TypeHex, 1, "What the new router should do.",
		bit("icmpv6.fmip6.hi.flag.s", "assigned", TypeBool, 0x80, "It should give the host an address."),
		bit("icmpv6.fmip6.hi.flag.a", "buffer", TypeBool, 0x40, "It should keep packets for the host."),
		bit("icmpv6.fmip6.hi.flag.reserved", "reserved", TypeUint, 0x3f, "Not used; zero.")))
	icmpv6Reserved1 = one(ICMPv6, rfc4443, word("icmpv6.reserved", "reserved", TypeBytes, 1, "Not used; zero."))
	handoverIdent   = one(ICMPv6, "RFC 5568 sec. 6.1", word("icmpv6.fmip6.identifier", "identifier", TypeHex, 2, "Which question this is; the answer repeats it."))

	locatorCount = one(ICMPv6, "RFC 6743 sec. 2", word("icmpv6.ilnp.nb_locs", "locators", TypeUint, 1, "How many locators follow."))
	locatorRows  = rows(ICMPv6, "RFC 6743 sec. 2",
		word("icmpv6.ilnp.nb_locator", "locator", TypeHex, 8, "Where the sender can be reached."),
		word("icmpv6.ilnp.nb_preference", "preference", TypeUint, 2, "Smaller is tried first."),
		word("icmpv6.ilnp.nb_lifetime", "lifetime", TypeUint, 2, "For how many seconds it holds."))

	mplSeed     = one(ICMPv6, "RFC 7731 sec. 6.2", word("", "seed", TypeBytes, 2, "What the sender has of one seed's messages."))
	mplSeedRows = rows(ICMPv6, "RFC 7731 sec. 6.2",
		word("icmpv6.mpl.seed_info.min_sequence", "smallest sequence", TypeUint, 1, "The oldest message that the sender keeps."),
		word("icmpv6.mpl.seed_info.bm_len", "bitmap length", TypeUint, 1, "How many bytes of bitmap follow."),
		word("icmpv6.mpl.seed_info.s", "seed length", TypeUint, 1, "How long the seed's name is: 0, 2, 8 or 16 bytes."))
	mplSeedID   = one(ICMPv6, "RFC 7731 sec. 6.2", word("icmpv6.mpl.seed_info.seed_id", "seed", TypeString, 0, "Who sent the messages into the network first."))
	mplBitmap   = one(ICMPv6, "RFC 7731 sec. 6.2", word("", "messages kept", TypeBytes, 0, "Which messages the sender keeps, a bit for each."))
	mplSequence = one(ICMPv6, "RFC 7731 sec. 6.2", word("icmpv6.mpl.seed_info.sequence", "sequence", TypeUint, 1, "A message that the sender keeps."))
)

func init() { mplSeedRows[1].Mask, mplSeedRows[2].Mask = 0xfc, 0x03 }

// nodeInformation reads a question about a node, or the answer.
func (m *message6) nodeInformation() {
	m.all(&m.fields, nodeRows...)
	if *m.broken || m.pos == m.wire {
		return
	}
	question := find(m.fields, "icmpv6.ni.qtype").Uint
	each := nodeAddress6
	switch {
	case m.kind == icmpv6NodeQuery && m.code == 0:
		m.take(&m.fields, nodeSubject6, 16)
		return
	case m.kind == icmpv6NodeQuery && m.code == 1:
		m.name(&m.fields, nodeSubject)
		return
	case m.kind == icmpv6NodeQuery && m.code == 2:
		m.take(&m.fields, nodeSubject4, 4)
		return
	case m.kind == icmpv6NodeQuery, question < 2, question > 4:
		return
	case question == 2:
		m.take(&m.fields, nodeTTL, 4)
		for m.pos < m.wire && m.peek(0, 1) != 0 {
			m.name(&m.fields, nodeName)
		}
		return
	case question == 4:
		each = nodeAddress4
	}
	for m.pos < m.wire && !*m.broken {
		m.all(&m.fields, nodeTTL, each)
	}
}

// renumbering reads a command for routers to change prefixes, or its result.
func (m *message6) renumbering() {
	m.all(&m.fields, renumRows...)
	if *m.broken || m.pos == m.wire {
		return
	}
	part := func(f *Field, rows []*Field) *Node {
		n := m.over(&m.fields, f, f.Size)
		m.all(&n.Children, rows...)
		return n
	}
	switch m.code {
	case 0:
		n := part(renumMatch, renumMatchRows)
		m.checkPrefix(n, "icmpv6.rr.pco.mp.matchlen", "icmpv6.rr.pco.mp.matchlen.gt128")
		for m.pos < m.wire && !*m.broken {
			part(renumUse, renumUseRows)
		}
	case 1:
		for m.pos < m.wire && !*m.broken {
			m.checkPrefix(part(renumResult, renumResultRows), "icmpv6.rr.rm.matchedlen", "icmpv6.rr.pco.mp.matchedlen.gt128")
		}
	}
}

func (m *message6) checkPrefix(n *Node, field, expert string) {
	if l := find(n.Children, field); l != nil && l.Uint > 128 {
		m.expert(Warning, expert, "A prefix has at most 128 bits.", l.Pos, 1)
	}
}

// handover reads a message of fast handovers.
func (m *message6) handover() {
	kind := m.take(&m.fields, handoverKind, 1)
	m.summary += ": " + kind.Show
	switch kind.Uint {
	case 2, 3, 5:
		m.take(&m.fields, icmpv6Reserved1, 1)
	case 4:
		m.take(&m.fields, handoverFlags, 1)
	default:
		m.skip(1)
	}
	m.take(&m.fields, handoverIdent, 2)
	m.options()
}

func (m *message6) locators() {
	n := m.take(&m.fields, locatorCount, 1).Uint
	m.all(&m.fields, icmpv6Reserved1, icmpv6Reserved2)
	for ; n > 0 && !*m.broken; n-- {
		m.all(&m.fields, locatorRows...)
	}
}

// mpl reads what the sender has of each seed's messages.
func (m *message6) mpl() {
	if m.code != 0 {
		m.unknown(&m.fields, 1)
		return
	}
	start := m.pos
	for m.left() >= 2 {
		n := m.over(&m.fields, mplSeed, 2)
		first := m.take(&n.Children, mplSeedRows[0], 1).Uint
		size := int(m.over(&n.Children, mplSeedRows[1], 1).Uint)
		name := [4]int{0, 2, 8, 16}[m.take(&n.Children, mplSeedRows[2], 1).Uint&3]
		if short := m.left(); short < name {
			m.unknown(&n.Children, short)
			return
		}
		if name > 0 {
			m.take(&n.Children, mplSeedID, name).Show = showBytes(m.data[m.pos-name : m.pos])
		}
		if short := m.left(); short < size {
			m.unknown(&n.Children, short)
			return
		}
		m.bitmap(n, first, size)
	}
	if m.left() > 0 {
		m.unknown(&m.fields, m.pos-start) // as Wireshark, which counts what it has read
	}
}

// bitmap shows the messages that a seed's bitmap has (RFC 7731 section 6.2).
func (m *message6) bitmap(n *Node, first uint64, size int) {
	kept := m.over(&n.Children, mplBitmap, size)
	for i := range size {
		b := m.peek(i, 1)
		for j := range 8 {
			if b&(0x80>>j) != 0 && m.ok(size) {
				kept.Children = append(kept.Children, m.valued(mplSequence, m.pos+i, 1, (first+uint64(8*i+j))%256))
			}
		}
	}
	m.skip(size)
}
