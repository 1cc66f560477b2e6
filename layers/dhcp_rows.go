package layers

import "strings"

// dhcpRow is a row of the DHCP table. A section that names no RFC is one of
// RFC 2132.
func dhcpRow(typ Type, size int, name, label, section, help string) *Field {
	if !strings.HasPrefix(section, "RFC") {
		section = "RFC 2132 sec. " + section
	}
	return row(DHCP, Field{Name: "dhcp." + name, Label: label, Type: typ, Size: size, RFC: section, Help: help})
}

func dhcpIP(name, label, section, help string) *Field {
	return dhcpRow(TypeIPv4, 4, "option."+name, label, section, help)
}

func dhcpText(name, label, section, help string) *Field {
	return dhcpRow(TypeString, 0, "option."+name, label, section, help)
}

func dhcpBool(name, label, section, help string) *Field {
	return dhcpRow(TypeBool, 1, "option."+name, label, section, help)
}

func dhcpNumber(size int, name, label, section, help string) *Field {
	return dhcpRow(TypeUint, size, "option."+name, label, section, help)
}

func dhcpOpaque(name, label, section, help string) *Field {
	return dhcpRow(TypeBytes, 0, "option."+name, label, section, help)
}

func dhcpEnum(size int, name, label, section string, names map[uint64]string, help string) *Field {
	f := dhcpRow(TypeEnum, size, "option."+name, label, section, help)
	f.Names = names
	return f
}

// dhcpShape says how an option's value is made of its field.
type dhcpShape uint8

const (
	dhcpSpecial dhcpShape = iota // read by code of its own, or not known
	dhcpOne                      // the field, when the value has its size
	dhcpMany                     // a list of it
	dhcpWhole                    // all of the value
	dhcpSeconds                  // as dhcpOne: a time in seconds
)

// dhcpOption is an option whose value is plain.
type dhcpOption struct {
	shape dhcpShape
	field *Field
}

// dhcpOptions are the plain options by code.
var dhcpOptions = map[uint64]dhcpOption{
	1:  {dhcpOne, dhcpIP("subnet_mask", "subnet mask", "3.3", "Which bits of the address name the subnet.")},
	2:  {dhcpSeconds, dhcpNumber(4, "time_offset", "time offset", "3.4", "By how many seconds the client's time differs from UTC.")},
	3:  {dhcpMany, dhcpIP("router", "router", "3.5", "The way out of the subnet.")},
	4:  {dhcpMany, dhcpIP("time_server", "time server", "3.6", "A server of the time protocol of RFC 868.")},
	5:  {dhcpMany, dhcpIP("name_server", "IEN 116 name server", "3.7", "A server of names from before DNS.")},
	6:  {dhcpMany, dhcpIP("domain_name_server", "DNS server", "3.8", "A server to ask for names.")},
	7:  {dhcpMany, dhcpIP("log_server", "log server", "3.9", "Where to send log messages.")},
	8:  {dhcpMany, dhcpIP("quotes_server", "cookie server", "3.10", "A server that sends a saying of the day.")},
	9:  {dhcpMany, dhcpIP("lpr_server", "LPR server", "3.11", "A print server.")},
	10: {dhcpMany, dhcpIP("impress_server", "Impress server", "3.12", "An Imagen Impress server.")},
	11: {dhcpMany, dhcpIP("resource_location_server", "resource location server", "3.13", "A server of the protocol of RFC 887.")},
	12: {dhcpWhole, dhcpText("hostname", "host name", "3.14", "The client's name.")},
	13: {dhcpOne, dhcpNumber(2, "boot_file_size", "boot file size", "3.15", "How many blocks of 512 bytes the boot file has.")},
	14: {dhcpWhole, dhcpText("merit_dump_file", "dump file", "3.16", "Where a client that crashes should put its memory.")},
	15: {dhcpWhole, dhcpText("domain_name", "domain name", "3.17", "The domain that names without a dot belong to.")},
	16: {dhcpMany, dhcpIP("swap_server", "swap server", "3.18", "Where the client's swap space is.")},
	17: {dhcpWhole, dhcpText("root_path", "root path", "3.19", "Where the client's root disk is.")},
	18: {dhcpWhole, dhcpText("extension_path", "extensions path", "3.20", "A file with more options.")},
	19: {dhcpOne, dhcpBool("ip_forwarding", "IP forwarding", "4.1", "Whether the client should be a router.")},
	20: {dhcpOne, dhcpBool("non_local_source_routing", "non-local source routing", "4.2", "Whether to forward packets whose route their sender chose.")},
	22: {dhcpOne, dhcpNumber(2, "max_datagram_reassembly_size", "longest datagram", "4.4", "The longest datagram that the client should be ready to put together.")},
	23: {dhcpOne, dhcpNumber(1, "default_ip_ttl", "default TTL", "4.5", "The time to live of what the client sends.")},
	24: {dhcpSeconds, dhcpNumber(4, "path_mtu_aging_timeout", "path MTU timeout", "4.6", "For how many seconds a path's MTU is believed.")},
	25: {dhcpMany, dhcpNumber(2, "path_mtu_plateau_table_item", "path MTU", "4.7", "A size to try in path MTU discovery.")},
	26: {dhcpOne, dhcpNumber(2, "interface_mtu", "interface MTU", "5.1", "The longest packet that the link carries.")},
	27: {dhcpOne, dhcpBool("all_subnets_are_local", "all subnets are local", "5.2", "Whether all subnets have the same MTU as this one.")},
	28: {dhcpOne, dhcpIP("broadcast_address", "broadcast address", "5.3", "The address of all hosts of the subnet.")},
	29: {dhcpOne, dhcpBool("perform_mask_discovery", "ask for the mask", "5.4", "Whether the client should ask for its mask with ICMP.")},
	30: {dhcpOne, dhcpBool("mask_supplier", "answer with the mask", "5.5", "Whether the client should tell others their mask.")},
	31: {dhcpOne, dhcpBool("perform_router_discover", "router discovery", "5.6", "Whether the client should look for routers (RFC 1256).")},
	32: {dhcpOne, dhcpIP("router_solicitation_address", "router solicitation address", "5.7", "Where to ask for routers.")},
	34: {dhcpOne, dhcpBool("trailer_encapsulation", "trailers", "6.1", "Whether to negotiate trailers (RFC 893).")},
	35: {dhcpSeconds, dhcpNumber(4, "arp_cache_timeout", "ARP cache timeout", "6.2", "For how many seconds a neighbour's address is remembered.")},
	36: {dhcpOne, dhcpBool("ethernet_encapsulation", "Ethernet encapsulation", "6.3", "Whether to send IEEE 802.3 frames instead of Ethernet II.")},
	37: {dhcpOne, dhcpNumber(1, "tcp_default_ttl", "TCP default TTL", "7.1", "The time to live of TCP segments.")},
	38: {dhcpSeconds, dhcpNumber(4, "tcp_keepalive_interval", "TCP keep-alive interval", "7.2", "After how many idle seconds to test a connection.")},
	39: {dhcpOne, dhcpBool("tcp_keepalive_garbage", "TCP keep-alive garbage", "7.3", "Whether such a test carries a byte, for old hosts.")},
	40: {dhcpWhole, dhcpText("nis_domain", "NIS domain", "8.1", "The client's NIS domain.")},
	41: {dhcpMany, dhcpIP("nis_server", "NIS server", "8.2", "A server of the network information service.")},
	42: {dhcpMany, dhcpIP("ntp_server", "NTP server", "8.3", "A server to ask for the time.")},
	44: {dhcpMany, dhcpIP("netbios_over_tcpip_name_server", "NetBIOS name server", "8.5", "A server of NetBIOS names (WINS).")},
	45: {dhcpMany, dhcpIP("netbios_over_tcpip_dd_name_server", "NetBIOS datagram server", "8.6", "A server that distributes NetBIOS datagrams.")},
	46: {dhcpOne, dhcpEnum(1, "netbios_over_tcpip_node_type", "NetBIOS node type", "8.7", map[uint64]string{1: "broadcast", 2: "point to point", 4: "mixed", 8: "hybrid"}, "How the client looks for NetBIOS names.")},
	47: {dhcpWhole, dhcpText("netbios_over_tcpip_scope", "NetBIOS scope", "8.8", "The client's NetBIOS scope.")},
	48: {dhcpMany, dhcpIP("xwindows_system_font_server", "X font server", "8.9", "A server of fonts.")},
	49: {dhcpMany, dhcpIP("xwindows_system_display_manager", "X display manager", "8.10", "A host that lets users log in.")},
	50: {dhcpOne, dhcpIP("requested_ip_address", "requested address", "9.1", "The address that the client would like.")},
	51: {dhcpSeconds, dhcpNumber(4, "ip_address_lease_time", "lease time", "9.2", "For how many seconds the address may be used.")},
	54: {dhcpOne, dhcpIP("dhcp_server_id", "server identifier", "9.7", "Which server is meant, or answers.")},
	55: {dhcpMany, dhcpRequested},
	56: {dhcpWhole, dhcpText("message", "message", "9.9", "What is wrong, for people.")},
	57: {dhcpOne, dhcpNumber(2, "dhcp_max_message_size", "longest message", "9.10", "The longest message that the client takes.")},
	58: {dhcpSeconds, dhcpNumber(4, "renewal_time_value", "renewal time (T1)", "9.11", "After how many seconds to ask the same server for more time.")},
	59: {dhcpSeconds, dhcpNumber(4, "rebinding_time_value", "rebinding time (T2)", "9.12", "After how many seconds to ask any server for more time.")},
	64: {dhcpWhole, dhcpText("nis_plus_domain", "NIS+ domain", "8.11", "The client's NIS+ domain.")},
	65: {dhcpMany, dhcpIP("nis_plus_server", "NIS+ server", "8.12", "A server of NIS+.")},
	66: {dhcpWhole, dhcpText("tftp_server_name", "TFTP server name", "9.4", "Where the boot file is.")},
	67: {dhcpWhole, dhcpText("bootfile_name", "boot file name", "9.5", "Which file to boot.")},
	68: {dhcpMany, dhcpIP("mobile_ip_home_agent", "mobile IP home agent", "8.13", "A router that forwards packets to hosts that travel.")},
	69: {dhcpMany, dhcpIP("smtp_server", "SMTP server", "8.14", "A server that takes mail.")},
	70: {dhcpMany, dhcpIP("pop3_server", "POP3 server", "8.15", "A server that keeps mail.")},
	71: {dhcpMany, dhcpIP("nntp_server", "NNTP server", "8.16", "A news server.")},
	72: {dhcpMany, dhcpIP("default_www_server", "web server", "8.17", "A web server.")},
	73: {dhcpMany, dhcpIP("default_finger_server", "finger server", "8.18", "A server that tells about users.")},
	74: {dhcpMany, dhcpIP("default_irc_server", "IRC server", "8.19", "A chat server.")},
	75: {dhcpMany, dhcpIP("streettalk_server", "StreetTalk server", "8.20", "A server of Banyan's directory.")},
	76: {dhcpMany, dhcpIP("streettalk_da_server", "StreetTalk assistance server", "8.21", "A server that searches Banyan's directory.")},
	86: {dhcpWhole, dhcpText("novell_ds_tree_name", "NDS tree", "RFC 2241 sec. 3", "The tree of Novell's directory.")},
	87: {dhcpWhole, dhcpText("novell_ds_context", "NDS context", "RFC 2241 sec. 4", "The client's place in Novell's directory.")},
	91: {dhcpSeconds, dhcpNumber(4, "client_last_transaction_time", "last transaction", "RFC 4388 sec. 6.1", "How many seconds ago the client was last heard.")},
	92: {dhcpMany, dhcpIP("associated_ip_option", "associated address", "RFC 4388 sec. 6.1", "An address of the same client.")},
	93: {dhcpMany, dhcpArchitecture},

	100: {dhcpWhole, dhcpText("tz_pcode", "POSIX time zone", "RFC 4833 sec. 2", "The time zone as POSIX writes it.")},
	101: {dhcpWhole, dhcpText("tz_tcode", "time zone name", "RFC 4833 sec. 2", "The time zone's name in the time zone database.")},
	112: {dhcpMany, dhcpIP("netinfo_parent_server_address", "NetInfo server", "RFC 3679 sec. 3.1", "A parent server of Apple's NetInfo.")},
	113: {dhcpWhole, dhcpText("netinfo_parent_server_tag", "NetInfo tag", "RFC 3679 sec. 3.1", "The tag of that server.")},
	114: {dhcpWhole, dhcpPortal},
	116: {dhcpOne, dhcpEnum(1, "dhcp_auto_configuration", "auto-configuration", "RFC 2563 sec. 2", map[uint64]string{0: "do not", 1: "do"}, "Whether to choose a link-local address when no other is given.")},
	118: {dhcpMany, dhcpIP("subnet_selection_option", "subnet", "RFC 3011 sec. 2", "The subnet that an address is wanted for.")},
	136: {dhcpMany, dhcpIP("pana_agent", "PANA agent", "RFC 5192 sec. 4", "Who admits clients to the network.")},
	138: {dhcpMany, dhcpIP("capwap_access_controller", "CAPWAP controller", "RFC 5417 sec. 2", "Who controls the access point.")},
	142: {dhcpMany, dhcpIP("andsf_server", "ANDSF server", "RFC 6153 sec. 2", "A server that tells which access networks there are.")},
	145: {dhcpMany, dhcpEnum(1, "forcerenew_nonce.algorithm", "algorithm", "RFC 6704 sec. 3.1.1", map[uint64]string{1: "HMAC-MD5"}, "How a forced renewal may prove itself.")},
	150: {dhcpMany, dhcpIP("tftp_server_address", "TFTP server", "RFC 5859 sec. 3", "Where to get the configuration.")},
	152: {dhcpOne, dhcpNumber(4, "bulk_lease.base_time", "base time", "RFC 6926 sec. 6.2.3", "The server's time, in seconds since 1970.")},
	153: {dhcpSeconds, dhcpNumber(4, "bulk_lease.start_time_of_state", "time in this state", "RFC 6926 sec. 6.2.4", "For how many seconds the address is in its state.")},
	154: {dhcpOne, dhcpNumber(4, "bulk_lease.query_start_time", "query from", "RFC 6926 sec. 6.2.5", "Changes before this time are not wanted.")},
	155: {dhcpOne, dhcpNumber(4, "bulk_lease.query_end_time", "query until", "RFC 6926 sec. 6.2.6", "Changes after this time are not wanted.")},
	156: {dhcpOne, dhcpEnum(1, "bulk_lease.dhcp_state", "state", "RFC 6926 sec. 6.2.7", map[uint64]string{1: "available", 2: "active", 3: "expired", 4: "released", 5: "abandoned", 6: "reset", 7: "remote", 8: "transitioning"}, "What the address is doing.")},
	157: {dhcpOne, dhcpBool("bulk_lease.data_source", "from a partner", "RFC 6926 sec. 6.2.8", "Whether another server told this.")},
	160: {dhcpWhole, dhcpPortal},
	161: {dhcpWhole, dhcpText("mudurl", "usage description", "RFC 8520 sec. 10", "Where the maker says what the device needs.")},
	209: {dhcpWhole, dhcpText("pxe_config_file", "configuration file", "RFC 5071 sec. 4", "The configuration of PXELINUX.")},
	210: {dhcpWhole, dhcpText("pxe_path_prefix", "path prefix", "RFC 5071 sec. 5", "What goes before file names.")},
	252: {dhcpWhole, dhcpText("private_proxy_autodiscovery", "proxy configuration", "RFC 3942 sec. 4", "Where the script is that chooses a proxy.")},
}

var (
	dhcpType = dhcpEnum(1, "dhcp", "message type", "9.6", map[uint64]string{
		1: "discover", 2: "offer", 3: "request", 4: "decline", 5: "ACK", 6: "NAK", 7: "release", 8: "inform", 9: "force renew", 10: "lease query",
		11: "lease unassigned", 12: "lease unknown", 13: "lease active", 14: "bulk lease query", 15: "lease query done", 16: "active lease query",
		17: "lease query status", 18: "TLS"}, "What the message is for.")
	dhcpPortal       = dhcpText("captive_portal", "captive portal", "RFC 8910 sec. 2", "The page where one gets access.")
	dhcpRequested    = dhcpEnum(1, "request_list_item", "wanted option", "9.8", dhcpOptionNames, "An option that the client would like to be told.")
	dhcpArchitecture = dhcpEnum(2, "client_system_architecture", "architecture", "RFC 4578 sec. 2.1", map[uint64]string{
		0: "x86 BIOS", 1: "NEC PC98", 2: "Itanium", 3: "Alpha", 4: "ArcX86", 5: "Intel Lean Client", 6: "x86 UEFI", 7: "x64 UEFI", 8: "EFI Xscale",
		9: "EFI byte code", 10: "ARM 32-bit UEFI", 11: "ARM 64-bit UEFI", 15: "x86 UEFI HTTP", 16: "x64 UEFI HTTP", 18: "ARM 32-bit UEFI HTTP",
		19: "ARM 64-bit UEFI HTTP", 25: "RISC-V 32-bit UEFI", 27: "RISC-V 64-bit UEFI"}, "What kind of computer the client is, to choose a boot file.")
)

// dhcpOptionNames names the options that are special, and all others by their
// field's label.
var dhcpOptionNames = map[uint64]string{
	0: "padding", 21: "policy filter", 33: "static route", 43: "vendor-specific information", 52: "option overload", 53: "message type",
	55: "parameter request list", 60: "vendor class", 62: "NetWare/IP domain", 61: "client identifier", 63: "NetWare/IP options", 77: "user class", 78: "SLP directory agent",
	79: "SLP scope", 80: "rapid commit", 81: "client's full name", 82: "relay agent information", 83: "iSNS", 85: "NDS servers", 90: "authentication",
	93: "client architecture", 94: "client network interface", 97: "client UUID", 99: "civic address", 108: "IPv6 only", 117: "name service search",
	119: "domain search list", 120: "SIP servers", 121: "classless static routes", 122: "CableLabs client configuration", 123: "location",
	124: "vendor class by enterprise", 125: "vendor information by enterprise", 137: "LoST server", 146: "DNS server selection", 151: "lease query status",
	158: "PCP servers", 159: "port parameters", 212: "6rd", 242: "Avaya telephone", 249: "classless static routes (Microsoft)", 255: "end",
}

func init() {
	for code, o := range dhcpOptions {
		if dhcpOptionNames[code] == "" {
			dhcpOptionNames[code] = o.field.Label
		}
	}
}
