package layers

const ipOptionRFC = "RFC 791 sec. 3.1"

// ipOptionField is the row of an option with what all of them begin with.
func ipOptionField(name, label, help string, sub ...*Field) *Field {
	typ := &Field{Name: "ip.opt.type", Label: "type", Type: TypeUint, Size: 1, RFC: ipOptionRFC, Help: "Which option this is.", Sub: []*Field{
		{Name: "ip.opt.type.copy", Label: "copied", Type: TypeBool, Size: 1, Mask: 0x80, RFC: ipOptionRFC, Help: "Whether every fragment carries the option, or only the first."},
		{Name: "ip.opt.type.class", Label: "class", Type: TypeUint, Size: 1, Mask: 0x60, RFC: ipOptionRFC, Help: "0 for control, 2 for debugging and measurement."},
		{Name: "ip.opt.type.number", Label: "number", Type: TypeUint, Size: 1, Mask: 0x1f, RFC: ipOptionRFC, Help: "The option's number within its class."}}}
	f := &Field{Name: name, Label: label, Type: TypeNone, RFC: ipOptionRFC, Help: help, Sub: []*Field{typ}}
	if name != "ip.options.eol" && name != "ip.options.nop" {
		f.Sub = append(f.Sub, &Field{Name: "ip.opt.len", Label: "length", Type: TypeUint, At: 1, Size: 1, RFC: ipOptionRFC,
			Help: "How many bytes the option has, type and length included."})
	}
	f.Sub = append(f.Sub, sub...)
	return table(IPv4, f)[0]
}

// ipOption says how an option is laid out.
type ipOption struct {
	field *Field
	size  int                                 // bytes; 0: any; 1: type only
	read  func(c *cursor, n *Node, ttl uint8) // what the rows do not tell
}

var ipOptionPtr = &Field{Name: "ip.opt.ptr", Label: "pointer", Type: TypeUint, At: 2, Size: 1, RFC: ipOptionRFC,
	Help: "Which byte of the option is used next, counted from 1."}

var (
	ipOptRecorded = row(IPv4, Field{Name: "ip.rec_rt", Label: "recorded route", Type: TypeIPv4, RFC: ipOptionRFC, Help: "A router that the packet has passed."})
	ipOptEmpty    = row(IPv4, Field{Name: "ip.empty_rt", Label: "empty route", Type: TypeIPv4, RFC: ipOptionRFC, Help: "Room for the next router to write its address."})
	ipOptSource   = row(IPv4, Field{Name: "ip.src_rt", Label: "source route", Type: TypeIPv4, RFC: ipOptionRFC, Help: "A router that the packet has still to pass."})
	ipOptTime     = row(IPv4, Field{Name: "ip.opt.time_stamp", Label: "time stamp", Type: TypeUint, RFC: ipOptionRFC, Help: "When a router had the packet, in milliseconds after midnight UTC."})
	ipOptTimeAddr = row(IPv4, Field{Name: "ip.opt.time_stamp_addr", Label: "address", Type: TypeIPv4, RFC: ipOptionRFC, Help: "The router that wrote, or is to write, the time stamp."})
	ipOptUnknown  = row(IPv4, Field{Label: "option", Type: TypeBytes, RFC: ipOptionRFC, Help: "An option that is unknown here or broken."})
	ipOptList     = row(IPv4, Field{Label: "options", Type: TypeBytes, RFC: ipOptionRFC, Help: "Requests to routers beyond the ordinary; rare, and mostly refused today."})
)

var ipOptions = map[uint8]ipOption{
	0:   {field: ipOptionField("ip.options.eol", "end of options", "The option list ends here; what follows is padding."), size: 1},
	1:   {field: ipOptionField("ip.options.nop", "no operation", "Fills space between options."), size: 1},
	7:   {field: ipOptionField("ip.options.record_route", "record route", "Every router on the way writes its address here.", ipOptionPtr), read: recordRoute},
	131: {field: ipOptionField("ip.options.route", "loose source route", "The packet must pass these routers, and may pass others.", ipOptionPtr), read: sourceRoute},
	137: {field: ipOptionField("ip.options.source_route", "strict source route", "The packet must pass exactly these routers.", ipOptionPtr), read: sourceRoute},
	68: {field: ipOptionField("ip.options.timestamp", "time stamp", "Every router on the way writes when it had the packet.", ipOptionPtr,
		&Field{Name: "ip.opt.overflow", Label: "overflow", Type: TypeUint, At: 3, Size: 1, Mask: 0xf0, RFC: ipOptionRFC, Help: "How many routers found no room left."},
		&Field{Name: "ip.opt.flag", Label: "flag", Type: TypeHex, At: 3, Size: 1, Mask: 0x0f, RFC: ipOptionRFC, Help: "0: only times; 1: addresses too; 3: only the routers that are named here."}), read: timeStamps},
	148: {field: ipOptionField("ip.options.routeralert", "router alert", "Asks every router on the way to look into the packet (RFC 2113).",
		&Field{Name: "ip.opt.ra", Label: "router alert", Type: TypeUint, At: 2, Size: 2, RFC: "RFC 2113 sec. 2.1", Help: "0: every router shall examine the packet."}), size: 4},
	136: {field: ipOptionField("ip.options.sid", "stream ID", "Carried the identifier of a SATNET stream; obsolete.",
		&Field{Name: "ip.opt.sid", Label: "stream identifier", Type: TypeUint, At: 2, Size: 2, RFC: ipOptionRFC, Help: "The SATNET stream."}), size: 4},
	11: {field: ipOptionField("ip.options.mtu_probe", "MTU probe", "Gathered the smallest MTU on the way; obsolete (RFC 1063).",
		&Field{Name: "ip.opt.mtu", Label: "MTU", Type: TypeUint, At: 2, Size: 2, RFC: "RFC 1063", Help: "The smallest MTU so far."}), size: 4},
	12: {field: ipOptionField("ip.options.mtu_reply", "MTU reply", "Brought the smallest MTU back; obsolete (RFC 1063).",
		&Field{Name: "ip.opt.mtu", Label: "MTU", Type: TypeUint, At: 2, Size: 2, RFC: "RFC 1063", Help: "The smallest MTU found."}), size: 4},
	82: {field: ipOptionField("ip.options.traceroute", "traceroute", "Let routers report that the packet passed; obsolete (RFC 1393).",
		&Field{Name: "ip.opt.id_number", Label: "number", Type: TypeUint, At: 2, Size: 2, RFC: "RFC 1393", Help: "Identifies the trace."},
		&Field{Name: "ip.opt.ohc", Label: "outbound hops", Type: TypeUint, At: 4, Size: 2, RFC: "RFC 1393", Help: "How many routers the packet passed on its way out."},
		&Field{Name: "ip.opt.rhc", Label: "return hops", Type: TypeUint, At: 6, Size: 2, RFC: "RFC 1393", Help: "How many routers the answer passed."},
		&Field{Name: "ip.opt.originator", Label: "originator", Type: TypeIPv4, At: 8, Size: 4, RFC: "RFC 1393", Help: "Who asked for the trace."}), size: 12},
	130: {field: ipOptionField("ip.options.security", "security", "Says how secret the packet is."), read: security},
	133: {field: ipOptionField("ip.options.ext_security", "extended security", "Says more about how secret the packet is (RFC 1108).",
		&Field{Name: "ip.opt.ext_sec_add_sec_info_format_code", Label: "format", Type: TypeHex, At: 2, Size: 1, RFC: "RFC 1108 sec. 3", Help: "How the information is laid out."}), read: restAs(ipOptSecInfo)},
	134: {field: ipOptionField("ip.options.cipso", "commercial security", "Labels a packet with its sensitivity.",
		&Field{Name: "ip.cipso.doi", Label: "domain of interpretation", Type: TypeUint, At: 2, Size: 4, RFC: rfcCIPSO, Help: "Who gives the label its meaning."}), read: labelTags},
	25: {field: ipOptionField("ip.options.qs", "quick start", "Asks the routers whether a connection may begin fast (RFC 4782).",
		&Field{Name: "ip.opt.qs_func", Label: "function", Type: TypeUint, At: 2, Size: 1, Mask: 0xf0, RFC: rfcQuickStart, Help: "0: a request; 8: a report of the rate that was granted."}), size: 8, read: quickStart},
	149: {field: ipOptionField("ip.options.sdb", "selective directed broadcast", "Sends one packet to several networks; obsolete (RFC 1770)."), read: addresses},
}

var (
	ipOptSecInfo = row(IPv4, Field{Name: "ip.opt.ext_sec_add_sec_info", Label: "information", Type: TypeBytes, RFC: "RFC 1108 sec. 3", Help: "What the format says."})
	ipOptAddr    = row(IPv4, Field{Name: "ip.opt.addr", Label: "address", Type: TypeIPv4, RFC: "RFC 1770", Help: "A network that the packet is for."})
	ipOptPadding = row(IPv4, Field{Name: "ip.opt.padding", Label: "padding", Type: TypeBytes, RFC: "RFC 1770", Help: "What is left over."})
)

const rfcQuickStart = "RFC 4782 sec. 3.1"

var ipQuick = rows(IPv4, rfcQuickStart,
	word("ip.opt.qs_rate", "rate", TypeUint, 1, "The rate as a power of two: 40 kbit/s times 2 to the n."),
	word("ip.opt.qs_ttl", "QS TTL", TypeUint, 1, "Shows whether every router on the way took part."),
	word("ip.opt.qs_ttl_diff", "TTL difference", TypeUint, 1, "TTL less QS TTL: when it stays the same, every router took part."),
	word("ip.opt.qs_unused", "not used", TypeUint, 1, "Not used."),
	word("ip.opt.qs_nonce", "nonce", TypeHex, 4, "Keeps receivers from claiming too much."),
	word("ip.opt.qs_reserved", "reserved", TypeHex, 4, "Not used."))

func init() { ipQuick[0].Mask, ipQuick[4].Mask, ipQuick[5].Mask = 0x0f, 0xfffffffc, 3 }

var (
	ipSecurity791 = table(IPv4,
		&Field{Name: "ip.opt.sec_rfc791_sec", Label: "security", Type: TypeHex, At: 2, Size: 2, RFC: ipOptionRFC, Help: "The level of secrecy."},
		&Field{Name: "ip.opt.sec_rfc791_comp", Label: "compartments", Type: TypeUint, At: 4, Size: 2, RFC: ipOptionRFC, Help: "Which compartments may read it."},
		&Field{Name: "ip.opt.sec_rfc791_hr", Label: "handling", Type: TypeString, At: 6, Size: 2, RFC: ipOptionRFC, Help: "Restrictions on handling."},
		&Field{Name: "ip.opt.sec_rfc791_tcc", Label: "control code", Type: TypeString, At: 8, Size: 3, RFC: ipOptionRFC, Help: "Who the information is controlled by."})
	ipSecurity1108 = table(IPv4, &Field{Name: "ip.opt.sec_cl", Label: "classification", Type: TypeHex, At: 2, Size: 1, RFC: "RFC 1108 sec. 2.3", Help: "How secret the packet is."})
	ipSecurityAuth = one(IPv4, "RFC 1108 sec. 2.4", word("ip.opt.sec_prot_auth_flags", "authorities", TypeHex, 1, "Whose rules protect the packet.",
		bit("ip.opt.sec_prot_auth_genser", "GENSER", TypeBool, 0x80, "The rules of general service."),
		bit("ip.opt.sec_prot_auth_siop_esi", "SIOP-ESI", TypeBool, 0x40, "The rules of the Joint Chiefs of Staff."),
		bit("ip.opt.sec_prot_auth_sci", "SCI", TypeBool, 0x20, "The rules of the Central Intelligence Agency."),
		bit("ip.opt.sec_prot_auth_nsa", "NSA", TypeBool, 0x10, "The rules of the National Security Agency."),
		bit("ip.opt.sec_prot_auth_doe", "DOE", TypeBool, 0x08, "The rules of the Department of Energy."),
		bit("ip.opt.sec_prot_auth_unassigned", "unassigned", TypeHex, 0x06, "Not used; zero."),
		bit("ip.opt.sec_prot_auth_fti", "more", TypeBool, 0x01, "Another byte of authorities follows.")))
	ipSecurityMore = one(IPv4, "RFC 1108 sec. 2.4", word("ip.opt.sec_prot_auth_flags", "more authorities", TypeHex, 1, "More of those whose rules protect the packet.",
		bit("ip.opt.sec_prot_auth_unassigned", "unassigned", TypeHex, 0xfe, "Not used; zero."),
		bit("ip.opt.sec_prot_auth_fti", "more", TypeBool, 0x01, "Another byte of authorities follows.")))
)
