package layers

// option6nd says how an option of neighbor discovery is laid out.
type option6nd struct {
	name   string
	before []*Field                            // parts of the first word after type and length
	rows   []*Field                            // what all of them begin with, after type and length
	each   *Field                              // fields of which as many follow as the option holds
	read   func(m *message6, n *Node, end int) // what the rows do not tell; end is the option's
}

var (
	nd4861     = "RFC 4861 sec. 4.6"
	ndOpt      = one(ICMPv6, nd4861, word("icmpv6.opt", "option", TypeNone, 0, "More about the message."))
	ndOptStart = rows(ICMPv6, nd4861,
		choice("icmpv6.opt.type", "type", 1, nil, "Which option this is."),
		word("icmpv6.opt.length", "length", TypeUint, 1, "How many units of 8 bytes the option has, type and length included."))
	ndLink = rows(ICMPv6, "RFC 4861 sec. 4.6.1",
		word("icmpv6.opt.linkaddr", "link-layer address", TypeBytes, 0, "The interface's own address, mostly a MAC address."),
		word("icmpv6.opt.src_linkaddr", "source link-layer address", TypeBytes, 0, "The sender's interface's own address."),
		word("icmpv6.opt.target_linkaddr", "target link-layer address", TypeBytes, 0, "The target's interface's own address."))
	ndLink64 = rows(ICMPv6, "RFC 4944 sec. 8",
		word("icmpv6.opt.linkaddr_eui64", "EUI-64", TypeBytes, 8, "The interface's own address."),
		word("icmpv6.opt.src_linkaddr_eui64", "source EUI-64", TypeBytes, 8, "The sender's interface's own address."),
		word("icmpv6.opt.target_linkaddr_eui64", "target EUI-64", TypeBytes, 8, "The target's interface's own address."))
	ndPadding  = one(ICMPv6, nd4861, word("icmpv6.opt.padding", "padding", TypeNone, 0, "Fills the option up to a multiple of 8 bytes."))
	ndReserved = func(size int) *Field {
		return one(ICMPv6, nd4861, word("icmpv6.opt.reserved", "reserved", TypeNone, size, "Not used; zero."))
	}
	ndPrefix    = one(ICMPv6, "RFC 4861 sec. 4.6.2", word("icmpv6.opt.prefix", "prefix", TypeIPv6, 16, "The first bits of addresses that belong together."))
	ndPrefixLen = one(ICMPv6, "RFC 4861 sec. 4.6.2", word("icmpv6.opt.prefix.length", "prefix length", TypeUint, 1, "How many bits of the prefix count."))
	ndPacket    = one(ICMPv6, "RFC 4861 sec. 4.6.3", word("icmpv6.opt.redirected_packet", "redirected packet", TypeNone, 0, "The packet that should have gone elsewhere."))
	ndDomain    = one(ICMPv6, "RFC 8106 sec. 5.2", word("icmpv6.opt.dnssl", "domain", TypeString, 0, "A domain in which short names are looked up."))
	ndPref64    = one(ICMPv6, "RFC 8781 sec. 4", word("icmpv6.opt.pref64.prefix", "prefix", TypeIPv6, 0, "With this before it, an IPv4 address becomes one for who speaks IPv6 only."))
	nd6CO       = one(ICMPv6, "RFC 6775 sec. 4.2", word("icmpv6.opt.6co.context_prefix", "prefix", TypeIPv6, 0, "What the context stands for."))
	ndPortal    = one(ICMPv6, "RFC 8910 sec. 2.3", word("icmpv6.opt.captive_portal", "captive portal", TypeString, 0, "Where a user gets leave to use the network."))
	ndNonce     = one(ICMPv6, "RFC 3971 sec. 5.3.2", word("icmpv6.opt.nonce", "nonce", TypeBytes, 0, "A number that the answer repeats."))
	ndSignature = one(ICMPv6, "RFC 3971 sec. 5.2", word("icmpv6.opt.digital_signature_padding", "signature and padding", TypeNone, 0, "Proves that the owner of the key sent the message."))
	ndLLA       = one(ICMPv6, "RFC 5568 sec. 6.4.3", word("icmpv6.opt.lla.bytes", "link-layer address", TypeBytes, 0, "An interface's own address."))
	ndNCoA      = one(ICMPv6, "RFC 5568 sec. 6.4.5", word("icmpv6.opt.naack.supplied_ncoa", "new address", TypeIPv6, 16, "The address to use instead."))
	ndCertRest  = one(ICMPv6, "RFC 3971 sec. 6.4.4", word("icmpv6.opt.certificate_padding", "certificate and padding", TypeNone, 0, "A certificate of a kind that is not known here."))
	ndFQDN      = one(ICMPv6, "RFC 3971 sec. 6.4.3", word("icmpv6.opt.name_type.fqdn", "name", TypeString, 0, "Who is trusted."))
	ndX501      = one(ICMPv6, "RFC 3971 sec. 6.4.3", word("icmpv6.opt.name_x501", "X.501 name", TypeBytes, 0, "Who is trusted."))
	ndCGA       = one(ICMPv6, "RFC 3972 sec. 3", word("icmpv6.opt.cga", "CGA parameters", TypeBytes, 0, "What the address was made from, so that its owner can prove it."))
	ndCGAStart  = rows(ICMPv6, "RFC 3972 sec. 3",
		word("icmpv6.opt.cga.modifier", "modifier", TypeBytes, 16, "A random number that makes the address hard to find again."),
		word("icmpv6.opt.cga.subnet_prefix", "subnet prefix", TypeBytes, 8, "The first half of the address."),
		word("icmpv6.opt.cga.count", "collision count", TypeBytes, 1, "How often the address was taken already."))
	ndKeyInfo = one(ICMPv6, "RFC 3972 sec. 3", word("icmpv6.opt.cga.subject_public_key_info", "public key", TypeNone, 0, "The owner's public key, in DER."))
	ndCGAExt  = rows(ICMPv6, "RFC 4581 sec. 2",
		word("icmpv6.opt.cga.ext_type", "extension type", TypeUint, 2, "Which extension this is."),
		word("icmpv6.opt.cga.ext_length", "extension length", TypeUint, 2, "How many bytes follow."),
		word("icmpv6.opt.cga.ext_data", "extension data", TypeBytes, 0, "What the extension says."))
	ndCertificate = one(ICMPv6, "RFC 3971 sec. 6.4.4", word("icmpv6.x509_Certificate", "certificate", TypeNone, 0, "An X.509 certificate, in DER."))
	ndHandover    = rows(ICMPv6, "RFC 5269 sec. 4",
		word("icmpv6.opt.hkr.pad_length", "padding length", TypeUint, 1, "How many bytes of padding end the option."),
		word("icmpv6.opt.hkr.at", "algorithm", TypeUint, 1, "Which algorithm makes the handover key."),
		word("icmpv6.opt.hkr.reserved", "reserved", TypeUint, 1, "Not used; zero."),
		word("icmpv6.opt.hkr.lifetime", "lifetime", TypeUint, 2, "For how many seconds the key holds."),
		word("icmpv6.opt.hkr.encryption_public_key", "public key", TypeBytes, 0, "The key with which the answer is to be encrypted."),
		word("icmpv6.opt.hkr.encrypted_handover_key", "handover key", TypeBytes, 0, "The key for handovers, encrypted."),
		word("icmpv6.opt.hkr.padding", "padding", TypeBytes, 0, "Fills the option up to a multiple of 8 bytes."))
	ndHAI = one(ICMPv6, "RFC 5271 sec. 2", word("icmpv6.opt.hai.value", "value", TypeBytes, 0, "What helps with the handover."))
	ndMN  = one(ICMPv6, "RFC 5271 sec. 2", word("icmpv6.opt.mn.value", "identifier", TypeBytes, 0, "Who the mobile host is."))
)

func init() {
	ndLink[1].Hidden, ndLink[2].Hidden = true, true
	ndLink64[1].Hidden, ndLink64[2].Hidden = true, true
	ndHandover[1].Mask, ndHandover[2].Mask, ndMAP[0].Mask, ndMAP[1].Mask = 0xf0, 0x0f, 0xf0, 0x0f
	nd6CIO[0].Mask, nd6CIO[1].Mask, ndPREF64[0].Mask, ndPREF64[1].Mask = 0xfffe, 1, 0xfff8, 7
	names := map[uint64]string{}
	ndOptions = ndLayouts
	for kind, o := range ndLayouts {
		names[uint64(kind)] = o.name
	}
	ndOptStart[0].Names = names
}

func ndFlags(name, label, help string, size int, parts ...*Field) *Field {
	return word("icmpv6.opt."+name, label, TypeHex, size, help, parts...)
}

// ndOptions are the options that are known, by type (IANA): ndLayouts, under
// a name that the functions in it may use.
var ndOptions map[int]option6nd

var ndLayouts = map[int]option6nd{
	1: {name: "source link-layer address", read: linkAddress},
	2: {name: "target link-layer address", read: linkAddress},
	3: {name: "prefix information", rows: append(append([]*Field{ndPrefixLen}, rows(ICMPv6, "RFC 4861 sec. 4.6.2",
		ndFlags("prefix.flag", "flags", "What hosts may do with the prefix.", 1,
			bit("icmpv6.opt.prefix.flag.l", "on link", TypeBool, 0x80, "Addresses with the prefix are reached without a router."),
			bit("icmpv6.opt.prefix.flag.a", "autonomous", TypeBool, 0x40, "Hosts may make addresses of their own with it."),
			bit("icmpv6.opt.prefix.flag.r", "router address", TypeBool, 0x20, "The prefix is a router's whole address (RFC 6275)."),
			bit("icmpv6.opt.prefix.flag.reserved", "reserved", TypeUint, 0x1f, "Not used; zero.")),
		word("icmpv6.opt.prefix.valid_lifetime", "valid lifetime", TypeUint, 4, "For how many seconds addresses with the prefix hold; all ones: for ever."),
		word("icmpv6.opt.prefix.preferred_lifetime", "preferred lifetime", TypeUint, 4, "For how many seconds new conversations may begin with them."))...),
		ndReserved(4), ndPrefix)},
	4: {name: "redirected header", rows: []*Field{ndReserved(6)}, read: redirectedPacket},
	5: {name: "MTU", rows: append([]*Field{ndReserved(2)}, rows(ICMPv6, "RFC 4861 sec. 4.6.4",
		word("icmpv6.opt.mtu", "MTU", TypeUint, 4, "How long packets on the link should be at most, in bytes."))...)},
	6: {name: "shortcut limit", read: shortcutLimit},
	7: {name: "advertisement interval", rows: append([]*Field{ndReserved(2)}, rows(ICMPv6, "RFC 6275 sec. 7.3",
		word("icmpv6.opt.advertisement_interval", "interval", TypeUint, 4, "How many milliseconds apart the router advertises itself at most."))...)},
	8: {name: "home agent information", rows: append([]*Field{ndReserved(2)}, rows(ICMPv6, "RFC 6275 sec. 7.4",
		word("icmpv6.opt.home_agent_preference", "preference", TypeUint, 2, "How much the home agent wants to be used."),
		word("icmpv6.opt.home_agent_lifetime", "lifetime", TypeUint, 2, "For how many seconds it is one."))...)},
	9:  {name: "source address list", rows: []*Field{ndReserved(6)}, each: ndAddress},
	10: {name: "target address list", rows: []*Field{ndReserved(6)}, each: ndAddress},
	11: {name: "CGA", rows: []*Field{ndPadLen, ndReserved(1)}, read: generatedAddress},
	12: {name: "RSA signature", rows: append([]*Field{ndReserved(2)}, rows(ICMPv6, "RFC 3971 sec. 5.2",
		word("icmpv6.opt.rsa.key_hash", "key hash", TypeBytes, 16, "Tells which key was used."))...), read: ndRest(ndSignature)},
	13: {name: "timestamp", rows: []*Field{ndReserved(6)}, read: ndTime},
	14: {name: "nonce", read: ndRest(ndNonce)},
	15: {name: "trust anchor", rows: append(rows(ICMPv6, "RFC 3971 sec. 6.4.3",
		choice("icmpv6.opt.name_type", "name type", 1, map[uint64]string{1: "X.501 name", 2: "domain name"}, "Which kind of name follows.")), ndPadLen), read: trustAnchor},
	16: {name: "certificate", rows: append(rows(ICMPv6, "RFC 3971 sec. 6.4.4",
		word("icmpv6.opt.name_type", "certificate type", TypeUint, 1, "Which kind of certificate it is; 1: X.509.")), ndReserved(1)), read: certificate},
	17: {name: "IP address or prefix", rows: append(append(rows(ICMPv6, "RFC 5568 sec. 6.4.1",
		word("icmpv6.opt.ipa.option_code", "code", TypeUint, 1, "Whose address this is: 1 the old one, 2 the new one, 3 the new router's."),
		word("icmpv6.opt.ipa.prefix_len", "prefix length", TypeUint, 1, "How many bits of the prefix count.")), ndReserved(4)),
		one(ICMPv6, "RFC 5568 sec. 6.4.1", word("icmpv6.opt.ipa.ipv6_address", "address", TypeIPv6, 16, "The address or prefix.")))},
	18: {name: "new router prefix", rows: append(append(rows(ICMPv6, "RFC 4068 sec. 6.4.2",
		word("icmpv6.opt.nrpi.option_code", "code", TypeUint, 1, "Zero."),
		word("icmpv6.opt.nrpi.prefix_len", "prefix length", TypeUint, 1, "How many bits of the prefix count.")), ndReserved(4)),
		one(ICMPv6, "RFC 4068 sec. 6.4.2", word("icmpv6.opt.nrpi.prefix", "prefix", TypeIPv6, 16, "The new router's prefix.")))},
	19: {name: "link-layer address", rows: rows(ICMPv6, "RFC 5568 sec. 6.4.3",
		word("icmpv6.opt.lla.option_code", "code", TypeUint, 1, "Whose address this is: 2 the mobile host's, 1 the new access point's.")), read: ndRest(ndLLA)},
	20: {name: "neighbor advertisement acknowledgment", rows: rows(ICMPv6, "RFC 5568 sec. 6.4.5",
		word("icmpv6.opt.naack.option_code", "code", TypeUint, 1, "Zero."),
		word("icmpv6.opt.naack.status", "status", TypeUint, 1, "Whether the new address may be used; 2: another one follows.")), read: acknowledgment},
	23: {name: "MAP", before: ndMAP, rows: rows(ICMPv6, "RFC 5380 sec. 5",
		ndFlags("map.flag", "flags", "How addresses are made.", 1,
			bit("icmpv6.opt.map.flag.r", "regional", TypeBool, 0x80, "The host makes a regional address of its own."),
			bit("icmpv6.opt.map.flag.reserved", "reserved", TypeUint, 0x7f, "Not used; zero.")),
		word("icmpv6.opt.map.valid_lifetime", "valid lifetime", TypeUint, 4, "For how many seconds it may be used."),
		word("icmpv6.opt.map.global_address", "address", TypeIPv6, 16, "The mobility anchor's address."))},
	24: {name: "route information", rows: append([]*Field{ndPrefixLen}, rows(ICMPv6, "RFC 4191 sec. 2.3",
		ndFlags("route_info.flag", "flags", "How good the route is.", 1,
			bit("icmpv6.opt.route_info.flag.route_preference", "preference", TypeUint, 0x18, "How much the route wants to be used: 1 high, 0 medium, 3 low."),
			bit("icmpv6.opt.route_info.flag.reserved", "reserved", TypeUint, 0xe7, "Not used; zero.")),
		word("icmpv6.opt.route_lifetime", "lifetime", TypeUint, 4, "For how many seconds the route holds."))...), read: cutPrefix(ndPrefix)},
	25: {name: "DNS servers", rows: append([]*Field{ndReserved(2)}, rows(ICMPv6, "RFC 8106 sec. 5.1",
		word("icmpv6.opt.rdnss.lifetime", "lifetime", TypeUint, 4, "For how many seconds the servers may be used."))...),
		each: one(ICMPv6, "RFC 8106 sec. 5.1", word("icmpv6.opt.rdnss", "server", TypeIPv6, 16, "A server that looks up names."))},
	26: {name: "flags extension", rows: append(rows(ICMPv6, "RFC 5175 sec. 4",
		ndFlags("efo", "flags", "The first bits are the advertisement's own flags again.", 2,
			bit("icmpv6.opt.efo.m", "managed", TypeBool, 0x8000, "Addresses come from DHCPv6."),
			bit("icmpv6.opt.efo.o", "other", TypeBool, 0x4000, "Other settings come from DHCPv6."),
			bit("icmpv6.opt.efo.h", "home agent", TypeBool, 0x2000, "The router forwards packets to mobile hosts that are away."),
			bit("icmpv6.opt.efo.prf", "preference", TypeUint, 0x1800, "How much the router wants to be used."),
			bit("icmpv6.opt.efo.p", "proxy", TypeBool, 0x0400, "The message was passed on by a proxy."),
			bit("icmpv6.opt.efo.rsv", "reserved", TypeUint, 0x02ff, "Not used; zero."))), ndReserved(4))},
	27: {name: "handover key request", read: handoverKey},
	28: {name: "handover key reply", read: handoverKey},
	29: {name: "handover assist information", rows: rows(ICMPv6, "RFC 5271 sec. 2",
		word("icmpv6.opt.hai.option_code", "code", TypeUint, 1, "Which kind of information this is."),
		word("icmpv6.opt.hai.length", "length", TypeUint, 1, "How many bytes it has.")), read: counted6(ndHAI)},
	30: {name: "mobile node identifier", rows: rows(ICMPv6, "RFC 5271 sec. 2",
		word("icmpv6.opt.mn.option_code", "code", TypeUint, 1, "Which kind of identifier this is."),
		word("icmpv6.opt.mn.length", "length", TypeUint, 1, "How many bytes it has.")), read: counted6(ndMN)},
	31: {name: "DNS search list", rows: append([]*Field{ndReserved(2)}, rows(ICMPv6, "RFC 8106 sec. 5.2",
		word("icmpv6.opt.dnssl.lifetime", "lifetime", TypeUint, 4, "For how many seconds the domains may be used."))...), read: searchList},
	32: {name: "proxy signature", rows: append([]*Field{ndReserved(2)}, rows(ICMPv6, "RFC 6496 sec. 4.1",
		word("icmpv6.opt.ps.key_hash", "key hash", TypeBytes, 16, "Tells which key was used."))...), read: ndRest(ndSignature)},
	33: {name: "address registration", rows: append(append(rows(ICMPv6, "RFC 6775 sec. 4.1",
		choice("icmpv6.opt.aro.status", "status", 1, registrationStatus, "How the registration went.")), ndReserved(3)), rows(ICMPv6, "RFC 6775 sec. 4.1",
		word("icmpv6.opt.aro.registration_lifetime", "lifetime", TypeUint, 2, "For how many minutes the address is registered."),
		word("icmpv6.opt.aro.eui64", "EUI-64", TypeBytes, 8, "The interface that registers the address."))...)},
	34: {name: "6LoWPAN context", rows: append(append(rows(ICMPv6, "RFC 6775 sec. 4.2",
		word("icmpv6.opt.6co.context_length", "context length", TypeUint, 1, "How many bits of the prefix count."),
		ndFlags("6co.flag", "flags", "How the context is used.", 1,
			bit("icmpv6.opt.6co.flag.c", "compression", TypeBool, 0x10, "It may be used to compress, not only to read."),
			bit("icmpv6.opt.6co.flag.cid", "context", TypeUint, 0x0f, "The context's number."),
			bit("icmpv6.opt.6co.flag.reserved", "reserved", TypeUint, 0xe0, "Not used; zero."))), ndReserved(2)), rows(ICMPv6, "RFC 6775 sec. 4.2",
		word("icmpv6.opt.6co.valid_lifetime", "lifetime", TypeUint, 2, "For how many minutes the context holds."))...), read: cutPrefix(nd6CO)},
	35: {name: "border router", rows: rows(ICMPv6, "RFC 6775 sec. 4.3",
		word("icmpv6.opt.abro.version_low", "version, low", TypeUint, 2, "The low half of the version of what the border router tells."),
		word("icmpv6.opt.abro.version_high", "version, high", TypeUint, 2, "The high half."),
		word("icmpv6.opt.abro.valid_lifetime", "lifetime", TypeUint, 2, "For how many minutes it holds."),
		word("icmpv6.opt.abro.6lbr_address", "border router", TypeIPv6, 16, "The border router's address."))},
	36: {name: "6LoWPAN capability", before: nd6CIO, rows: rows(ICMPv6, "RFC 7400 sec. 3.4",
		word("icmpv6.opt.6cio.unassigned2", "unassigned", TypeHex, 4, "Not used; zero."))},
	37: {name: "captive portal", read: ndRest(ndPortal)},
	38: {name: "PREF64", before: ndPREF64, read: translatorPrefix},
}

var (
	ndAddress                = one(ICMPv6, "RFC 3122 sec. 3.1", word("icmpv6.opt.ipv6_address", "address", TypeIPv6, 16, "An address of the interface."))
	ndPadLen                 = one(ICMPv6, "RFC 3971 sec. 5.1", word("icmpv6.opt.cga.pad_length", "padding length", TypeUint, 1, "How many bytes of padding end the option."))
	ndReserved1, ndReserved4 = ndReserved(1), ndReserved(4)
	ndStamp                  = one(ICMPv6, "RFC 3971 sec. 5.3.1", word("icmpv6.opt.timestamp", "time", TypeAbsTime, 8, "When the message was sent."))
	ndNBMA                   = one(ICMPv6, "RFC 2491 sec. 5.3", word("icmpv6.opt.nbma.shortcut_limit", "limit", TypeUint, 1, "How many hops away a shortcut may be asked for."))
	ndMAP                    = rows(ICMPv6, "RFC 5380 sec. 5",
		word("icmpv6.opt.map.distance", "distance", TypeUint, 1, "How far the mobility anchor is."),
		word("icmpv6.opt.map.preference", "preference", TypeUint, 1, "How much it wants to be used."))
	nd6CIO = rows(ICMPv6, "RFC 7400 sec. 3.4",
		word("icmpv6.opt.6cio.unassigned1", "unassigned", TypeHex, 2, "Not used; zero."),
		word("icmpv6.opt.6cio.flag_g", "generic compression", TypeHex, 2, "The node compresses headers of all kinds."))
	ndPREF64 = rows(ICMPv6, "RFC 8781 sec. 4",
		word("icmpv6.opt.pref64.scaled_lifetime", "lifetime", TypeUint, 2, "For how many units of 8 seconds the prefix holds."),
		word("icmpv6.opt.pref64.plc", "prefix length code", TypeHex, 2, "How many bits the prefix has: 0 for 96, then 64, 56, 48, 40, 32."))
)
