package layers

// Neighbor discovery (RFC 4861) and other messages that are fields of fixed
// size, and maybe options.

// icmpv6Layouts are the fields after the checksum, by type.
var icmpv6Layouts = map[int][]*Field{
	icmpv6RouterSol: {icmpv6Reserved},
	icmpv6RouterAd: rows(ICMPv6, "RFC 4861 sec. 4.2",
		word("icmpv6.nd.ra.cur_hop_limit", "hop limit", TypeUint, 1, "The hop limit that hosts should use; 0: not told."),
		word("icmpv6.nd.ra.flag", "flags", TypeHex, 1, "What hosts should do.",
			bit("icmpv6.nd.ra.flag.m", "managed", TypeBool, 0x80, "Addresses come from DHCPv6."),
			bit("icmpv6.nd.ra.flag.o", "other", TypeBool, 0x40, "Other settings come from DHCPv6."),
			bit("icmpv6.nd.ra.flag.h", "home agent", TypeBool, 0x20, "The router forwards packets to mobile hosts that are away."),
			bit("icmpv6.nd.ra.flag.prf", "preference", TypeUint, 0x18, "How much the router wants to be used: 1 high, 0 medium, 3 low."),
			bit("icmpv6.nd.ra.flag.p", "proxy", TypeBool, 0x04, "The message was passed on by a proxy."),
			bit("icmpv6.nd.ra.flag.rsv", "reserved", TypeUint, 0x03, "Not used; zero.")),
		word("icmpv6.nd.ra.router_lifetime", "router lifetime", TypeUint, 2, "For how many seconds the router may be the default one; 0: it is none."),
		word("icmpv6.nd.ra.reachable_time", "reachable time", TypeUint, 4, "For how many milliseconds a neighbour counts as reachable; 0: not told."),
		word("icmpv6.nd.ra.retrans_timer", "retransmission timer", TypeUint, 4, "How many milliseconds apart solicitations are repeated; 0: not told.")),
	icmpv6NeighborSol: append([]*Field{icmpv6Reserved}, rows(ICMPv6, "RFC 4861 sec. 4.3",
		word("icmpv6.nd.ns.target_address", "target", TypeIPv6, 16, "Whose link-layer address is asked for."))...),
	icmpv6NeighborAd: rows(ICMPv6, "RFC 4861 sec. 4.4",
		word("icmpv6.nd.na.flag", "flags", TypeHex, 4, "What the neighbour says of itself.",
			bit("icmpv6.nd.na.flag.r", "router", TypeBool, 1<<31, "The sender is a router."),
			bit("icmpv6.nd.na.flag.s", "solicited", TypeBool, 1<<30, "The message answers a solicitation."),
			bit("icmpv6.nd.na.flag.o", "override", TypeBool, 1<<29, "It replaces what is known of the neighbour."),
			bit("icmpv6.nd.na.flag.rsv", "reserved", TypeUint, 1<<29-1, "Not used; zero.")),
		word("icmpv6.nd.na.target_address", "target", TypeIPv6, 16, "Whose link-layer address is told.")),
	icmpv6Redirect: append([]*Field{icmpv6Reserved}, rows(ICMPv6, "RFC 4861 sec. 4.5",
		word("icmpv6.nd.rd.target_address", "target", TypeIPv6, 16, "The better first hop for the destination."),
		word("icmpv6.rd.na.destination_address", "destination", TypeIPv6, 16, "Which destination this is about."))...),
	icmpv6InverseSol:   {icmpv6Reserved},
	icmpv6InverseAd:    {icmpv6Reserved},
	icmpv6AgentRequest: {mobileIdent, icmpv6Reserved2},
	icmpv6AgentReply:   {mobileIdent, icmpv6Reserved2},
	icmpv6PrefixSol:    {mobileIdent, icmpv6Reserved2},
	icmpv6PrefixAd: append([]*Field{mobileIdent}, rows(ICMPv6, "RFC 6275 sec. 6.8",
		word("icmpv6.mip6.flag", "flags", TypeHex, 2, "What the mobile host should do.",
			bit("icmpv6.mip6.flag.m", "managed", TypeBool, 0x8000, "Addresses come from DHCPv6."),
			bit("icmpv6.mip6.flag.o", "other", TypeBool, 0x4000, "Other settings come from DHCPv6."),
			bit("icmpv6.mip6.flag.rsv", "reserved", TypeUint, 0x3fff, "Not used; zero.")))...),
	icmpv6PathSol: {sendIdent, sendComponent},
	icmpv6PathAd: {sendIdent, one(ICMPv6, "RFC 3971 sec. 6.4.2", word("icmpv6.send.all_components", "components", TypeUint, 2, "Of how many certificates the path is made.")),
		sendComponent, icmpv6Reserved2},
	icmpv6MRouterAd: rows(ICMPv6, "RFC 4286 sec. 3",
		word("icmpv6.mcast_ra.query_interval", "query interval", TypeUint, 2, "How many seconds apart the router asks for listeners."),
		word("icmpv6.mcast_ra.robustness_variable", "robustness", TypeUint, 2, "How many lost messages the router allows for.")),
	icmpv6DupRequest: duplicateRows,
	icmpv6DupConfirm: duplicateRows,
}

// icmpv6Optioned are the types of icmpv6Layouts that options follow.
var icmpv6Optioned = map[int]bool{
	icmpv6RouterSol: true, icmpv6RouterAd: true, icmpv6NeighborSol: true, icmpv6NeighborAd: true, icmpv6Redirect: true, icmpv6InverseSol: true,
	icmpv6InverseAd: true, icmpv6PrefixAd: true, icmpv6PathSol: true, icmpv6PathAd: true,
}

var (
	icmpv6Reserved2 = one(ICMPv6, rfc4443, word("icmpv6.reserved", "reserved", TypeBytes, 2, "Not used; zero."))
	mobileIdent     = one(ICMPv6, "RFC 6275 sec. 6.5", word("icmpv6.mip6.identifier", "identifier", TypeHex, 2, "Which question this is; the answer repeats it."))
	mobileAgent     = one(ICMPv6, "RFC 6275 sec. 6.6", word("icmpv6.mip6.home_agent_address", "home agent", TypeIPv6, 16, "A router that forwards packets to mobile hosts that are away."))
	sendIdent       = one(ICMPv6, "RFC 3971 sec. 6.4.1", word("icmpv6.send.identifier", "identifier", TypeUint, 2, "Which question this is; the answer repeats it."))
	sendComponent   = one(ICMPv6, "RFC 3971 sec. 6.4.1", word("icmpv6.send.component", "component", TypeUint, 2, "Which certificate of the path this is; 65535: all."))
	duplicateRows   = rows(ICMPv6, "RFC 6775 sec. 4.4",
		choice("icmpv6.6lowpannd.da.status", "status", 1, registrationStatus, "How the registration went."),
		word("icmpv6.6lowpannd.da.rsv", "reserved", TypeUint, 1, "Not used; zero."),
		word("icmpv6.6lowpannd.da.lifetime", "lifetime", TypeUint, 2, "For how many minutes the address is registered."),
		word("icmpv6.6lowpannd.da.eui64", "EUI-64", TypeBytes, 8, "The interface that registers the address."),
		word("icmpv6.6lowpannd.da.reg_addr", "address", TypeIPv6, 16, "The address that is registered."))
)

var registrationStatus = map[uint64]string{0: "success", 1: "duplicate address", 2: "neighbour cache full"}
