package layers

var (
	v6DUID = []*Field{
		v6Row(TypeBytes, 0, "duid.bytes", "DUID", "11", "Which client or server it is."),
		v6Enum(2, "duid.type", "DUID type", "11", duidTypes, "How the identifier is made.")}
	v6DUIDTimed = []*Field{
		v6Enum(2, "duidllt.hwtype", "hardware type", "11.2", hardwareTypes, "Which kind of link the address is from."),
		v6Row(TypeUint, 4, "duidllt.time", "time", "11.2", "When the identifier was made, in seconds since 2000.")}
	v6DUIDTimedAddr = v6Row(TypeBytes, 0, "duidllt.link_layer_addr", "link-layer address", "11.2", "The address that the identifier was made from.")
	v6DUIDMaker     = v6Row(TypeUint, 4, "duiden.enterprise", "enterprise", "11.3", "Who made the device, by IANA's number.")
	v6DUIDID        = v6Row(TypeBytes, 0, "duiden.identifier", "identifier", "11.3", "The device, as its maker counts.")
	v6DUIDLink      = v6Enum(2, "duidll.hwtype", "hardware type", "11.4", hardwareTypes, "Which kind of link the address is from.")
	v6DUIDLinkAddr  = v6Row(TypeBytes, 0, "duidll.link_layer_addr", "link-layer address", "11.4", "The address that the identifier was made from.")
	v6DUIDUUID      = v6Row(TypeBytes, 16, "duiduuid.bytes", "UUID", "11.5", "The machine's identifier.")

	v6IA = []*Field{
		v6Row(TypeBytes, 4, "iaid", "IAID", "21.4", "Which of the client's interfaces or prefixes."),
		v6Row(TypeUint, 4, "iaid.t1", "renewal time (T1)", "21.4", "After how many seconds to ask the same server for more time."),
		v6Row(TypeUint, 4, "iaid.t2", "rebinding time (T2)", "21.4", "After how many seconds to ask any server for more time.")}
	v6TemporaryIA = v6Row(TypeBytes, 4, "iata", "IAID", "21.5", "Which set of temporary addresses.")
	v6Address     = []*Field{
		v6Row(TypeIPv6, 16, "iaaddr.ip", "address", "21.6", "The address that is given."),
		v6Row(TypeUint, 4, "iaaddr.pref_lifetime", "preferred lifetime", "21.6", "For how many seconds the address is for new connections."),
		v6Row(TypeUint, 4, "iaaddr.valid_lifetime", "valid lifetime", "21.6", "For how many seconds the address may be used.")}
	v6Prefix = []*Field{
		v6Row(TypeUint, 4, "iaprefix.pref_lifetime", "preferred lifetime", "21.22", "For how many seconds the prefix is for new addresses."),
		v6Row(TypeUint, 4, "iaprefix.valid_lifetime", "valid lifetime", "21.22", "For how many seconds the prefix may be used."),
		v6Row(TypeUint, 1, "iaprefix.pref_len", "prefix length", "21.22", "How many bits of the prefix count."),
		v6Row(TypeIPv6, 16, "iaprefix.pref_addr", "prefix", "21.22", "The addresses that the client may give to its own networks.")}
	v6Query = []*Field{
		v6Enum(1, "lq_query", "query", "RFC 5007 sec. 4.1.2.1", map[uint64]string{1: "by address", 2: "by client", 3: "by relay", 4: "by link", 5: "by remote host"}, "What is asked about."),
		v6Row(TypeIPv6, 16, "lq_query_link_address", "link", "RFC 5007 sec. 4.1.2.1", "Which link is asked about.")}
	v6Requested  = v6Enum(2, "requested_option_code", "wanted option", "21.7", v6OptionNames, "An option that is wanted.")
	v6Preferred  = v6Enum(2, "option_code", "preferred option", "RFC 8026 sec. 1.4", v6OptionNames, "A way to carry IPv4; the first is tried first.")
	v6Status     = v6Enum(2, "status_code", "status", "21.13", map[uint64]string{0: "success", 1: "failed", 2: "no address left", 3: "no such binding", 4: "not on this link", 5: "use multicast", 6: "no prefix left", 7: "unknown query", 8: "malformed query", 9: "not configured", 10: "not allowed", 11: "query ended"}, "How it went.")
	v6StatusText = v6Row(TypeString, 0, "status_msg", "message", "21.13", "How it went, for people.")
	v6ClassLen   = v6Row(TypeUint, 2, "userclass.length", "length", "21.15", "How many bytes of class follow.")
	v6Class      = v6Row(TypeBytes, 0, "userclass.opaque_data", "class", "21.15", "Which class of users.")
	v6ClassItem  = row(DHCPv6, Field{Label: "user class", Type: TypeNone, RFC: "RFC 8415 sec. 21.15", Help: "One class of users."})
	v6Vendor     = v6Row(TypeUint, 4, "vendorclass.enterprise", "enterprise", "21.16", "Who made the device, by IANA's number.")
	v6VendorData = v6Row(TypeString, 0, "vendorclass.data", "class", "21.16", "The kind of device.")
	v6OptsMaker  = v6Row(TypeUint, 4, "vendoropts.enterprise", "enterprise", "21.17", "Whose options follow, by IANA's number.")
	v6OptsItem   = row(DHCPv6, Field{Label: "option", Type: TypeNone, RFC: "RFC 8415 sec. 21.17", Help: "One option of the maker."})
	v6Opts       = []*Field{
		v6Row(TypeUint, 2, "vendoropts.enterprise.option_code", "code", "21.17", "Which option of the maker it is."),
		v6Row(TypeUint, 2, "vendoropts.enterprise.option_length", "length", "21.17", "How many bytes of data follow.")}
	v6OptsData    = v6Row(TypeBytes, 0, "vendoropts.enterprise.option_data", "data", "21.17", "Its data.")
	v6RemoteMaker = v6Row(TypeUint, 4, "remoteid.enterprise", "enterprise", "RFC 4649 sec. 3", "Who made the relay, by IANA's number.")
	v6RemoteID    = v6Row(TypeBytes, 0, "remoteid_enterprise_id", "remote host", "RFC 4649 sec. 3", "Who is at the other end of the relay's line.")
	v6RelayPeer   = v6Row(TypeIPv6, 16, "lq_relay_data_peer_addr", "peer", "RFC 5007 sec. 4.1.2.4", "Where the relay got the message from.")
	v6RelayData   = v6Row(TypeString, 0, "lq_relay_data_msg", "message", "RFC 5007 sec. 4.1.2.4", "The relay's last message.")
	v6TunnelEnd   = v6Row(TypeString, 0, "aftr_name", "tunnel end", "RFC 6334 sec. 3", "Where tunnels for IPv4 end.")
	v6ExcludeLen  = v6Row(TypeUint, 1, "pd_exclude.pref_len", "prefix length", "RFC 6603 sec. 4.2", "How many bits of the excluded prefix count.")
	v6Exclude     = v6Row(TypeBytes, 0, "pd_exclude.subnet_id", "subnet", "RFC 6603 sec. 4.2", "The part of the prefix that the client must not give away.")
	v6NAI         = v6Row(TypeString, 0, "nai", "network access identifier", "RFC 6610 sec. 4.1", "The user, as NAME@REALM.")
	v6Auth        = []*Field{
		v6Enum(1, "auth.protocol", "protocol", "21.11", map[uint64]string{0: "token", 1: "reconfigure", 2: "delayed", 3: "reconfigure key"}, "How the message proves where it is from."),
		v6Enum(1, "auth.algorithm", "algorithm", "21.11", map[uint64]string{0: "none", 1: "HMAC-MD5"}, "How the code is made."),
		v6Enum(1, "auth.rdm", "replay detection method", "21.11", map[uint64]string{0: "a number that grows"}, "How repeated messages are told."),
		v6Row(TypeBytes, 8, "auth.replay_detection", "replay detection", "21.11", "Greater than in the message before.")}
	v6AuthInfo  = v6Row(TypeBytes, 0, "auth.info", "information", "21.11", "What proves where the message is from.")
	v6AuthRealm = v6Row(TypeString, 0, "auth.realm", "realm", "RFC 3315 sec. 21.4.1", "Where the key is from.")
	v6AuthKey   = []*Field{
		v6Row(TypeHex, 4, "auth.key_id", "key", "RFC 3315 sec. 21.4.1", "Which key was used."),
		v6Row(TypeBytes, 16, "auth.md5_data", "code", "RFC 3315 sec. 21.4.1", "The code that only who has the key can make.")}
)

func v6Servers(name, label, section, help string) dhcpOption {
	return dhcpOption{dhcpMany, v6Row(TypeIPv6, 16, name, label, section, help)}
}

func v6Failing(code uint64) dhcpOption { return dhcpOption{dhcpOne, v6Failover[code]} }

// v6Options are the plain options by code.
var v6Options = map[uint64]dhcpOption{
	7:   {dhcpOne, v6Row(TypeUint, 1, "option_preference", "preference", "21.8", "A server with more is chosen.")},
	8:   {dhcpOne, v6Row(TypeUint, 2, "elapsed_time", "elapsed time", "21.9", "For how many hundredths of a second the client has been trying.")},
	12:  {dhcpOne, v6Row(TypeIPv6, 16, "unicast", "address", "21.12", "Where the client may send to this server alone.")},
	18:  {dhcpWhole, v6Row(TypeBytes, 0, "interface_id", "interface", "21.18", "Where the relay got the message.")},
	19:  {dhcpOne, v6Enum(1, "reconf_msg", "message", "21.19", map[uint64]string{5: "renew", 6: "rebind", 11: "information request"}, "What the client should send.")},
	22:  v6Servers("sip_server_a", "SIP server", "RFC 3319 sec. 3.2", "A server for telephone calls."),
	23:  v6Servers("dns_server", "DNS server", "RFC 3646 sec. 3", "A server to ask for names."),
	27:  v6Servers("nis_server", "NIS server", "RFC 3898 sec. 3", "A server of the network information service."),
	28:  v6Servers("nisp_server", "NIS+ server", "RFC 3898 sec. 4", "A server of NIS+."),
	31:  v6Servers("sntp_server", "SNTP server", "RFC 4075 sec. 4", "A server to ask for the time."),
	32:  {dhcpSeconds, v6Row(TypeUint, 4, "lifetime", "lifetime", "21.23", "After how many seconds to ask again.")},
	34:  v6Servers("bcmcs_server_a", "BCMCS server", "RFC 4280 sec. 4", "A server of mobile broadcasts."),
	38:  {dhcpWhole, v6Row(TypeString, 0, "subscriber_id", "subscriber", "RFC 4580 sec. 2", "The customer.")},
	40:  v6Servers("pana_agent", "PANA agent", "RFC 5192 sec. 5", "Who admits clients to the network."),
	41:  {dhcpWhole, v6Row(TypeString, 0, "timezone", "POSIX time zone", "RFC 4833 sec. 3", "The time zone as POSIX writes it.")},
	42:  {dhcpWhole, v6Row(TypeString, 0, "tzdb", "time zone name", "RFC 4833 sec. 3", "The time zone's name in the time zone database.")},
	46:  {dhcpSeconds, v6Row(TypeUint, 4, "clt_time", "last transaction", "RFC 5007 sec. 4.1.2.3", "How many seconds ago the client was last heard.")},
	48:  v6Servers("lq_client_link", "client's link", "RFC 5007 sec. 4.1.2.5", "A link that the client is on."),
	52:  v6Servers("capwap_ac_v6", "CAPWAP controller", "RFC 5417 sec. 3", "Who controls the access point."),
	103: {dhcpWhole, v6Row(TypeString, 0, "captive_portal", "captive portal", "RFC 8910 sec. 2", "The page where one gets access.")},
	112: {dhcpWhole, v6Row(TypeString, 0, "mudurl", "usage description", "RFC 8520 sec. 10", "Where the maker says what the device needs.")},
	114: v6Failing(114), 115: v6Failing(115), 119: v6Failing(119), 120: v6Failing(120), 121: v6Failing(121), 122: v6Failing(122), 123: v6Failing(123),
	124: v6Failing(124), 125: v6Failing(125), 126: v6Failing(126), 128: v6Failing(128), 130: {dhcpWhole, v6Failover[130]}, 131: v6Failing(131),
	132: v6Failing(132), 133: v6Failing(133), 134: v6Failing(134),
	135: {dhcpOne, v6Row(TypeUint, 2, "relay_port", "source port", "RFC 8357 sec. 5.2", "The port that the relay nearer to the client uses.")},
	165: {dhcpOne, v6Row(TypeIPv6, 16, "mip6_home_agent", "home agent", "RFC 6610 sec. 3", "A router that forwards packets to hosts that travel.")},
	166: {dhcpOne, v6Row(TypeIPv6, 16, "mip6_home_address", "home address", "RFC 6610 sec. 3", "The address that a travelling host keeps.")},
}

var v6OptionNames = map[uint64]string{
	1: "client identifier", 2: "server identifier", 3: "addresses (IA_NA)", 4: "temporary addresses (IA_TA)", 5: "address", 6: "wanted options", 7: "preference",
	8: "elapsed time", 9: "relayed message", 11: "authentication", 12: "unicast", 13: "status", 14: "rapid commit", 15: "user class", 16: "vendor class",
	17: "vendor options", 18: "interface", 19: "reconfigure message", 20: "reconfigure accept", 21: "SIP server names", 22: "SIP servers", 23: "DNS servers",
	24: "domain search list", 25: "prefixes (IA_PD)", 26: "prefix", 27: "NIS servers", 28: "NIS+ servers", 29: "NIS domain", 30: "NIS+ domain", 31: "SNTP servers",
	32: "information refresh time", 33: "BCMCS server names", 34: "BCMCS servers", 36: "civic address", 37: "remote host", 38: "subscriber", 39: "client's full name",
	40: "PANA agents", 41: "POSIX time zone", 42: "time zone name", 43: "echoed options", 44: "lease query", 45: "client data", 46: "last transaction",
	47: "relay data", 48: "client's links", 51: "LoST server", 52: "CAPWAP controllers", 53: "relay identifier", 56: "NTP servers", 59: "boot file URL",
	60: "boot file parameters", 61: "client architecture", 62: "client network interface", 64: "DS-Lite tunnel end", 66: "relay-supplied options",
	67: "excluded prefix", 74: "DNS server selection", 79: "client's link-layer address", 80: "link address", 82: "longest wait for solicit",
	83: "longest wait for information", 86: "PCP servers", 87: "DHCPv4 message", 88: "DHCP 4o6 servers", 89: "softwire rule", 90: "softwire border relay",
	91: "softwire default rule", 92: "softwire binding", 93: "softwire ports", 94: "MAP-E", 95: "MAP-T", 96: "lightweight 4over6", 103: "captive portal",
	111: "softwire priority", 112: "usage description", 114: "binding status", 115: "connect flags", 117: "DNS host name", 118: "DNS zone", 119: "DNS flags",
	120: "expiration time", 121: "unacknowledged updates", 122: "longest lead time", 123: "partner lifetime", 124: "partner lifetime sent", 125: "partner down time",
	126: "partner client time", 127: "failover version", 128: "keep-alive time", 129: "reconfigure data", 130: "relationship", 131: "server flags",
	132: "server state", 133: "time in this state", 134: "state expiration", 135: "relay source port", 143: "ANDSF servers", 165: "home agent", 166: "home address",
	167: "network access identifier",
}
