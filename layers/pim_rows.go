package layers

const (
	pimRFC      = "RFC 7761 sec. 4.9"
	pimDenseRFC = "RFC 3973 sec. 4.7"
	pimBidirRFC = "RFC 5015 sec. 3.7"
	pimFloodRFC = "RFC 8364 sec. 3.1"
	pimJoinRFC  = "RFC 5384 sec. 3.3"
	pimOldRFC   = "draft-ietf-idmr-pim-spec-01"
)

var (
	pimTypes = map[uint64]string{0: "hello", 1: "register", 2: "register-stop", 3: "join and prune", 4: "bootstrap", 5: "assert", 6: "graft", 7: "graft-ack",
		8: "candidate", 9: "state refresh", 10: "election of a forwarder", 11: "redirect", 12: "flooded"}
	pimElections = map[uint64]string{1: "offer", 2: "winner", 3: "backoff", 4: "pass"}
	pimFamilies  = map[uint64]string{pimIPv4: "IPv4", pimIPv6: "IPv6"}
	pimEncodings = map[uint64]string{0: "as it is", pimWithAttributes: "with attributes"}
	pimHolds     = map[uint64]string{0: "goodbye", 0xffff: "for ever"}
	pimModes     = map[uint64]string{0: "dense", 1: "sparse", 2: "sparse and dense"}
	pimHellos    = map[uint64]string{1: "hold time", 2: "prune delay", 17: "labels", 19: "priority", 20: "generation", 21: "state refresh", 22: "both directions", 24: "addresses",
		26: "join attributes", 30: "topology", 31: "interface", 65001: "addresses, as of old"}
	pimAttributes = map[uint64]string{0: "RPF vector", 1: "VPN", 2: "topology", 3: "count of receivers", 4: "explicit RPF vector", 5: "transport", 6: "receiver's locator"}
)

// The rows of the fixed header.
var (
	pimKind = describe(PIM, pimRFC, pimVersion(0),
		&Field{Name: "pim.type", Label: "type", Type: TypeEnum, Size: 1, Mask: 0x0f, Names: pimTypes, Help: "What the message is for."})
	pimReserved = describe(PIM, pimRFC, bytesRow(1, 1, "pim.res_bytes", "reserved", "Zero."))
	pimElection = describe(PIM, pimBidirRFC,
		&Field{Name: "pim.df_elect.subtype", Label: "kind of election", Type: TypeEnum, At: 1, Size: 1, Mask: 0xf0, Names: pimElections, Help: "What the router says about who forwards."},
		&Field{Name: "pim.df_elect.rsvd", Label: "reserved", Type: TypeUint, At: 1, Size: 1, Mask: 0x0f, Help: "Zero."})
	pimNoForward = describe(PIM, pimFloodRFC,
		&Field{Name: "pim.pfmnoforwardbit", Label: "not to be passed on", Type: TypeBool, At: 1, Size: 1, Mask: 0x80, Help: "Set when only the neighbours are to know."}, pimReserved[0])
	pimSum = describe(PIM, pimRFC, hexRow(2, 2, "pim.cksum", "checksum", "Protects the message, but not the packet that it carries."))

	pimStatus  = describeOne(PIM, pimRFC, enumRow(0, 0, "pim.cksum.status", "checksum status", checksumStatus, "Whether the checksum fits."))
	pimOptions = describeOne(PIM, pimRFC, heading("pim.option", "message", "What the message tells."))
)

func pimVersion(at int) *Field {
	return &Field{Name: "pim.version", Label: "version", Type: TypeUint, At: at, Size: 1, Mask: 0xf0, Help: "The version of PIM: 2, or 1 in IGMP."}
}

// The rows of the register.
var (
	pimFlags = describeOne(PIM, "RFC 7761 sec. 4.9.3", split(hexRow(4, 4, "pim.register_flag", "flags", "Why the packet comes."),
		flag(0x80000000, "pim.register_flag.border", "border", "Set when the packet comes from a network without PIM."),
		flag(0x40000000, "pim.register_flag.null_register", "null", "Set when there is no packet: the router asks whether it should send them again.")))
	pimIPVersion = describeOne(PIM, "RFC 7761 sec. 4.9.3", &Field{Name: "pim.ip_version", Label: "IP version", Type: TypeUint, At: 8, Size: 1, Mask: 0xf0, Help: "The version of the packet that follows; 0: there is but its addresses."})
	pimDummy     = describeOne(PIM, "RFC 7761 sec. 4.9.3", heading("pim.dummy_header", "header", "Stands for a packet that is not there."))
	pimPair      = describe(PIM, "RFC 7761 sec. 4.9.3",
		ipv4Row(20, "pim.source", "source", "Who sends to the group."),
		ipv4Row(24, "pim.group", "group", "The group that is sent to."))
	pimPair6 = describe(PIM, "RFC 7761 sec. 4.9.3",
		ipv6Row(16, "pim.source_ip6", "source", "Who sends to the group."),
		ipv6Row(32, "pim.group_ip6", "group", "The group that is sent to."))
)

// pimWho names an address of a message: the row for one of IPv4, and the row
// for one of IPv6.
type pimWho [2]*Field

func pimAddress(name, label, help string) pimWho {
	return pimAddresses(name, name+"_ip6", label, help)
}

func pimAddresses(name, name6, label, help string) pimWho {
	rows := describe(PIM, "RFC 7761 sec. 4.9.1", ipv4Row(0, name, label, help), ipv6Row(0, name6, label, help))
	return pimWho{rows[0], rows[1]}
}

// The rows of addresses.
var (
	pimGroup      = pimAddress("pim.group", "group", "The group that is sent to.")
	pimSource     = pimAddress("pim.source", "source", "Who sends to the group.")
	pimUnicast    = pimAddresses("pim.unicast", "pim.unicast_ipv6", "address", "The address itself.")
	pimUpstream   = pimAddress("pim.upstream_neighbor", "upstream neighbour", "The router that is asked: the next one towards the source.")
	pimJoined     = pimAddresses("pim.join_ip", "pim.join_ip6", "joined", "A source, or a meeting point, whose packets are wanted.")
	pimPruned     = pimAddresses("pim.prune_ip", "pim.prune_ip6", "pruned", "A source, or a meeting point, whose packets are wanted no more.")
	pimListed     = pimAddress("pim.address_list", "address", "Another address of the router's interface.")
	pimBSR        = pimAddress("pim.bsr", "bootstrap router", "The router that tells all the others which meeting points there are.")
	pimRP         = pimAddress("pim.rp", "meeting point", "The router at which senders and receivers of a group find each other.")
	pimOriginator = pimAddress("pim.originator", "originator", "The router that began the message.")
	pimOffering   = pimAddresses("pim.bidir_offering_ip4", "pim.bidir_offering_ip6", "who offers", "The router that has a better way.")
	pimWinner     = pimAddresses("pim.bidir_winner_ip4", "pim.bidir_winner_ip6", "new winner", "The router that forwards from now on.")
	pimLocator    = pimAddresses("pim.rloc", "pim.rloc_ipv6", "locator", "Where the receiver is reached.")

	pimHead = describe(PIM, "RFC 7761 sec. 4.9.1",
		enumRow(0, 1, "pim.addr_address_family", "family", pimFamilies, "What kind of address it is."),
		enumRow(1, 1, "pim.addr_encoding_type", "encoding", pimEncodings, "How it is written."))
	pimGroupFlags = describe(PIM, "RFC 7761 sec. 4.9.1", split(hexRow(2, 1, "pim.group_addr.flags", "flags", "What is special about the group."),
		flag(0x80, "pim.group_addr.flags.b", "both directions", "The group's packets go up and down one tree (RFC 5015)."),
		&Field{Name: "pim.group_addr.flags.reserved", Label: "reserved", Type: TypeHex, Mask: 0x7e, Help: "Zero."},
		flag(0x01, "pim.group_addr.flags.z", "zone", "The group is one of an administrative zone.")), pimMask(3))
	pimSourceFlags = describe(PIM, "RFC 7761 sec. 4.9.1", split(hexRow(2, 1, "pim.source_addr.flags", "flags", "Which tree is meant."),
		&Field{Name: "pim.source_addr.flags.reserved", Label: "reserved", Type: TypeHex, Mask: 0xf8, Help: "Zero."},
		flag(0x04, "pim.source_addr.flags.s", "sparse", "PIM's sparse mode is spoken."),
		flag(0x02, "pim.source_addr.flags.w", "wildcard", "Any source of the group; the address is the meeting point's."),
		flag(0x01, "pim.source_addr.flags.r", "shared tree", "It goes up the tree to the meeting point, not to the source.")), pimMask(3))

	pimJoinAttribute = describeOne(PIM, pimJoinRFC, heading("pim.source_ja", "join attribute", "What else the router tells of the tree."))
	pimJoinHead      = describe(PIM, pimJoinRFC, split(hexRow(0, 1, "pim.source_ja.flags", "flags", "What to make of the attribute."),
		flag(0x80, "pim.source_ja.flags.f", "forward", "Passed on even by routers that do not know it."),
		flag(0x40, "pim.source_ja.flags.e", "end", "No attribute follows."),
		&Field{Name: "pim.source_ja.flags.attr_type", Label: "attribute", Type: TypeEnum, Mask: 0x3f, Names: pimAttributes, Help: "What is told."}),
		uintRow(1, 1, "pim.source_ja.length", "length", "How many bytes the value has."))
	pimJoinValue = describeOne(PIM, pimJoinRFC, bytesRow(0, 0, "pim.source_ja.value", "value", "What is told."))
)

func pimMask(at int) *Field {
	return uintRow(at, 1, "pim.mask_len", "mask length", "How many bits of the address count.")
}

// The rows of hello's options.
var (
	pimHello     = describeOne(PIM, "RFC 7761 sec. 4.9.2", bytesRow(0, 0, "", "option", "One thing that the router says of itself."))
	pimHelloHead = describe(PIM, "RFC 7761 sec. 4.9.2",
		enumRow(0, 2, "pim.optiontype", "option", pimHellos, "What is said."),
		uintRow(2, 2, "pim.optionlength", "length", "How many bytes the value has."))
	pimHelloValue = describeOne(PIM, "RFC 7761 sec. 4.9.2", bytesRow(0, 0, "pim.optionvalue", "value", "A value that no table describes."))
	pimHelloList  = describeOne(PIM, "RFC 7761 sec. 4.3.4", bytesRow(0, 0, "", "addresses", "The other addresses of the router's interface."))
	pimGoodbye    = describeOne(PIM, "RFC 7761 sec. 4.9.2", enumRow(0, 2, "pim.holdtime", "hold time", pimHolds, "For how many seconds the neighbour may be believed to be there."))
	pimDelay      = describe(PIM, "RFC 7761 sec. 4.9.2",
		&Field{Name: "pim.t", Label: "tracking", Type: TypeBool, At: 0, Size: 1, Mask: 0x80, Help: "The router can do without others keeping their joins to themselves."},
		&Field{Name: "pim.propagation_delay", Label: "propagation delay", Type: TypeUint, At: 0, Size: 2, Mask: 0x7fff, Help: "How long a message takes over the link, in milliseconds."},
		uintRow(2, 2, "pim.override_interval", "override interval", "Within how many milliseconds a router objects to a prune."))
	pimPriority   = describeOne(PIM, "RFC 7761 sec. 4.9.2", uintRow(0, 4, "pim.dr_priority", "priority", "The router of the highest speaks for the link."))
	pimGeneration = describeOne(PIM, "RFC 7761 sec. 4.9.2", uintRow(0, 4, "pim.generation_id", "generation", "Another number than before: the router has begun anew."))
	pimRefresher  = describe(PIM, pimDenseRFC,
		uintRow(0, 1, "pim.state_refresh_version", "version", "The version of state refresh: 1."),
		uintRow(0, 1, "pim.state_refresh_interval", "interval", "Every how many seconds."),
		uintRow(0, 2, "pim.state_refresh_reserved", "reserved", "Zero."))
)

// The rows of the other messages.
var (
	pimHold      = describeOne(PIM, pimRFC, enumRow(0, 2, "pim.holdtime", "hold time", map[uint64]string{0xffff: "for ever"}, "For how many seconds this holds."))
	pimJoinStart = []*Field{pimReserved[0],
		describeOne(PIM, "RFC 7761 sec. 4.9.5", uintRow(0, 1, "pim.numgroups", "groups", "For how many groups something is wanted.")), pimHold}
	pimSet    = describeOne(PIM, "RFC 7761 sec. 4.9.5", textRow(0, 0, "pim.group_set", "group", "What is wanted of one group."))
	pimJoins  = describeOne(PIM, "RFC 7761 sec. 4.9.5", uintRow(0, 2, "pim.numjoins", "joins", "How many sources are joined."))
	pimPrunes = describeOne(PIM, "RFC 7761 sec. 4.9.5", uintRow(0, 2, "pim.numprunes", "prunes", "How many sources are pruned."))

	pimBootStart = describe(PIM, "RFC 5059 sec. 4.1",
		hexRow(0, 2, "pim.fragment_tag", "tag", "Which pieces belong to one message."),
		uintRow(0, 1, "pim.hash_mask_len", "hash mask", "How many bits of a group decide which meeting point it gets."),
		uintRow(0, 1, "pim.bsr_priority", "priority", "The bootstrap router of the highest is the one."))
	pimCounts = describe(PIM, "RFC 5059 sec. 4.1",
		uintRow(0, 1, "pim.rp_count", "meeting points", "How many there are for the group."),
		uintRow(0, 1, "pim.frp_count", "here", "How many of them this message tells."))
	pimRank      = describeOne(PIM, "RFC 5059 sec. 4.1", uintRow(0, 1, "pim.priority", "priority", "The meeting point of the lowest is taken."))
	pimCandidate = []*Field{describeOne(PIM, "RFC 5059 sec. 4.2", uintRow(0, 1, "pim.prefix_count", "groups", "For how many ranges of groups the router is a meeting point; 0: for all.")), pimRank, pimHold}

	pimTree = describe(PIM, "RFC 7761 sec. 4.9.6",
		&Field{Name: "pim.rpt", Label: "shared tree", Type: TypeBool, At: 0, Size: 1, Mask: 0x80, Help: "Set when the tree to the meeting point is meant, not that to a source."},
		&Field{Name: "pim.metric_pref", Label: "preference", Type: TypeUint, At: 0, Size: 4, Mask: 0x7fffffff, Help: "How good the routing protocol is that knows the way: the lowest wins."},
		uintRow(4, 4, "pim.metric", "metric", "How long the way is: the shortest wins."))
	pimElect = describe(PIM, pimBidirRFC,
		uintRow(0, 4, "pim.metric_pref", "preference", "How good the routing protocol is that knows the way: the lowest wins."), pimTree[2])
	pimBackoff = describe(PIM, pimBidirRFC,
		uintRow(0, 4, "pim.bidir_off_metric_pref", "offered preference", "The preference of the better way."),
		uintRow(0, 4, "pim.bidir_off_metric", "offered metric", "The metric of the better way."),
		uintRow(0, 2, "pim.bidir_offering_interval", "interval", "After how many milliseconds the other takes over."))
	pimPass = describe(PIM, pimBidirRFC,
		uintRow(0, 4, "pim.bidir_win_metric_pref", "winner's preference", "The preference of the new winner's way."),
		uintRow(0, 4, "pim.bidir_win_metric", "winner's metric", "The metric of the new winner's way."))

	pimRefresh = append(append([]*Field{pimMask(0)}, describe(PIM, pimDenseRFC,
		uintRow(1, 1, "pim.ttl", "TTL", "How many routers may still pass the message on."),
		&Field{Name: "pim.prune_indicator", Label: "pruned", Type: TypeBool, At: 2, Size: 1, Mask: 0x80, Help: "Set when nobody behind the link wants the packets."},
		&Field{Name: "pim.prune_now", Label: "prune now", Type: TypeBool, At: 2, Size: 1, Mask: 0x40, Help: "Set when prunes end soon: who still wants none says so."},
		&Field{Name: "pim.assert_override", Label: "assert override", Type: TypeBool, At: 2, Size: 1, Mask: 0x20, Help: "Set when an assert is to be repeated."})...),
		describe(PIM, pimDenseRFC, uintRow(3, 1, "pim.interval", "interval", "Every how many seconds such a message is sent."))...)

	pimFlood = describe(PIM, pimFloodRFC,
		&Field{Name: "pim.transitivetype", Label: "transitive", Type: TypeBool, At: 0, Size: 1, Mask: 0x80, Help: "Set when routers that do not know it pass it on."},
		&Field{Name: "pim.optiontype", Label: "record", Type: TypeEnum, At: 0, Size: 2, Mask: 0x7fff, Names: map[uint64]string{pimGroupSources: "a group's sources"}, Help: "What is told."},
		uintRow(2, 2, "pim.optionlength", "length", "How many bytes the record has."))
	pimSources = describe(PIM, "RFC 8364 sec. 4.1",
		uintRow(0, 2, "pim.srccount", "sources", "How many sources follow."),
		enumRow(0, 2, "pim.srcholdtime", "hold time", pimHolds, "For how many seconds they may be believed to send."))
)
