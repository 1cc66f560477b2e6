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
	size  int // bytes; 0: any; 1: type only
	list  func(d *dissector, n *Node, s span)
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
	7:   {field: ipOptionField("ip.options.record_route", "record route", "Every router on the way writes its address here.", ipOptionPtr), list: recordRoute},
	131: {field: ipOptionField("ip.options.route", "loose source route", "The packet must pass these routers, and may pass others.", ipOptionPtr), list: sourceRoute},
	137: {field: ipOptionField("ip.options.source_route", "strict source route", "The packet must pass exactly these routers.", ipOptionPtr), list: sourceRoute},
	68: {field: ipOptionField("ip.options.timestamp", "time stamp", "Every router on the way writes when it had the packet.", ipOptionPtr,
		&Field{Name: "ip.opt.overflow", Label: "overflow", Type: TypeUint, At: 3, Size: 1, Mask: 0xf0, RFC: ipOptionRFC, Help: "How many routers found no room left."},
		&Field{Name: "ip.opt.flag", Label: "flag", Type: TypeHex, At: 3, Size: 1, Mask: 0x0f, RFC: ipOptionRFC, Help: "0: only times; 1: addresses too; 3: only the routers that are named here."}), list: timeStamps},
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
	130: {field: ipOptionField("ip.options.security", "security", "Says how secret the packet is."), list: security},
	133: {field: ipOptionField("ip.options.ext_security", "extended security", "Says more about how secret the packet is (RFC 1108).",
		&Field{Name: "ip.opt.ext_sec_add_sec_info_format_code", Label: "format", Type: TypeHex, At: 2, Size: 1, RFC: "RFC 1108 sec. 3", Help: "How the information is laid out."}), list: restAs(ipOptSecInfo, 3)},
	134: {field: ipOptionField("ip.options.cipso", "commercial security", "Labels a packet with its sensitivity.",
		&Field{Name: "ip.cipso.doi", Label: "domain of interpretation", Type: TypeUint, At: 2, Size: 4, RFC: "FIPS 188", Help: "Who gives the label its meaning."}), list: restAs(ipOptTags, 6)},
	25: {field: ipOptionField("ip.options.qs", "quick start", "Asks the routers whether a connection may begin fast (RFC 4782).",
		quickStart...), size: 8},
	149: {field: ipOptionField("ip.options.sdb", "selective directed broadcast", "Sends one packet to several networks; obsolete (RFC 1770)."), list: addresses},
}

var (
	ipOptSecInfo = row(IPv4, Field{Name: "ip.opt.ext_sec_add_sec_info", Label: "information", Type: TypeBytes, RFC: "RFC 1108 sec. 3", Help: "What the format says."})
	ipOptTags    = row(IPv4, Field{Name: "ip.cipso.tag_data", Label: "tags", Type: TypeBytes, RFC: "FIPS 188", Help: "The labels."})
	ipOptAddr    = row(IPv4, Field{Name: "ip.opt.addr", Label: "address", Type: TypeIPv4, RFC: "RFC 1770", Help: "A network that the packet is for."})
	ipOptPadding = row(IPv4, Field{Name: "ip.opt.padding", Label: "padding", Type: TypeBytes, RFC: "RFC 1770", Help: "What is left over."})
)

var quickStart = []*Field{
	{Name: "ip.opt.qs_func", Label: "function", Type: TypeUint, At: 2, Size: 1, Mask: 0xf0, RFC: "RFC 4782 sec. 3.1", Help: "0: a request; 8: a report of the rate that was granted."},
	{Name: "ip.opt.qs_rate", Label: "rate", Type: TypeUint, At: 2, Size: 1, Mask: 0x0f, RFC: "RFC 4782 sec. 3.1", Help: "The rate as a power of two: 40 kbit/s times 2 to the n."},
	{Name: "ip.opt.qs_ttl", Label: "QS TTL", Type: TypeUint, At: 3, Size: 1, RFC: "RFC 4782 sec. 3.1", Help: "Shows whether every router on the way took part."},
	{Name: "ip.opt.qs_nonce", Label: "nonce", Type: TypeHex, At: 4, Size: 4, Mask: 0xfffffffc, RFC: "RFC 4782 sec. 3.1", Help: "Keeps receivers from claiming too much."},
	{Name: "ip.opt.qs_reserved", Label: "reserved", Type: TypeHex, At: 4, Size: 4, Mask: 3, RFC: "RFC 4782 sec. 3.1", Help: "Not used."},
}

var (
	ipSecurity791 = table(IPv4,
		&Field{Name: "ip.opt.sec_rfc791_sec", Label: "security", Type: TypeHex, At: 2, Size: 2, RFC: ipOptionRFC, Help: "The level of secrecy."},
		&Field{Name: "ip.opt.sec_rfc791_comp", Label: "compartments", Type: TypeUint, At: 4, Size: 2, RFC: ipOptionRFC, Help: "Which compartments may read it."},
		&Field{Name: "ip.opt.sec_rfc791_hr", Label: "handling", Type: TypeString, At: 6, Size: 2, RFC: ipOptionRFC, Help: "Restrictions on handling."},
		&Field{Name: "ip.opt.sec_rfc791_tcc", Label: "control code", Type: TypeString, At: 8, Size: 3, RFC: ipOptionRFC, Help: "Who the information is controlled by."})
	ipSecurity1108 = table(IPv4, &Field{Name: "ip.opt.sec_cl", Label: "classification", Type: TypeHex, At: 2, Size: 1, RFC: "RFC 1108 sec. 2.3", Help: "How secret the packet is."})
	ipSecurityAuth = row(IPv4, Field{Name: "ip.opt.sec_prot_auth_flags", Label: "authorities", Type: TypeHex, RFC: "RFC 1108 sec. 2.4", Help: "Whose rules protect the packet."})
)

// ipv4Options reads the list of options.
func (d *dissector) ipv4Options(s span) Node {
	list := d.node(ipOptList, s.pos, s.end-s.pos)
	for s.pos < s.end {
		kind := d.data[s.pos]
		o, known := ipOptions[kind]
		size := 1
		if !known || o.size != 1 {
			if s.end-s.pos < 2 || d.data[s.pos+1] < 2 || int(d.data[s.pos+1]) > s.end-s.pos {
				list.Children = append(list.Children, d.node(ipOptUnknown, s.pos, min(2, s.end-s.pos)))
				d.expert(Warning, "ip.opt.len.invalid", "An option's length is impossible.", s.pos, min(2, s.end-s.pos))
				return list
			}
			size = int(d.data[s.pos+1])
		}
		option := s.first(size)
		if !known {
			list.Children = append(list.Children, d.node(ipOptUnknown, s.pos, size))
		} else {
			list.Children = append(list.Children, d.ipv4Option(o, option))
		}
		if s = s.from(size); kind == 0 {
			break
		}
	}
	return list
}

func (d *dissector) ipv4Option(o ipOption, s span) Node {
	n := d.node(o.field, s.pos, s.end-s.pos)
	n.Show = o.field.Label
	rows := o.field.Sub
	if o.size > 1 && s.size() != o.size {
		rows = rows[:2]
		d.expert(Warning, "ip.opt.len.invalid", "An option has a wrong length.", s.pos, s.end-s.pos)
	}
	var ok bool
	n.Children, ok = d.fixed(nil, rows, s.pos, s)
	if ok && o.list != nil {
		o.list(d, &n, s)
	}
	return n
}

// recordRoute reads the addresses after the pointer: those before it are
// written, the rest is room.
func recordRoute(d *dissector, n *Node, s span) {
	ptr := int(d.data[s.pos+2])
	for at := 3; s.pos+at+4 <= s.end; at += 4 {
		f := ipOptRecorded
		if at+1 >= ptr {
			f = ipOptEmpty
		}
		n.Children = append(n.Children, d.node(f, s.pos+at, 4))
	}
}

// sourceRoute reads addresses: those before the pointer are where the packet
// was, those from it on where it has to go.
func sourceRoute(d *dissector, n *Node, s span) {
	ptr := int(d.data[s.pos+2])
	for at := 3; s.pos+at+4 <= s.end; at += 4 {
		f := ipOptRecorded
		if at+1 >= ptr {
			f = ipOptSource
		}
		n.Children = append(n.Children, d.node(f, s.pos+at, 4))
	}
}

func timeStamps(d *dissector, n *Node, s span) {
	addressed := d.data[s.pos+3]&15 != 0
	for at := s.pos + 4; at+4 <= s.end; {
		if addressed && at+8 <= s.end {
			n.Children = append(n.Children, d.node(ipOptTimeAddr, at, 4))
			at += 4
		}
		n.Children = append(n.Children, d.node(ipOptTime, at, 4))
		at += 4
	}
}

// security tells the two layouts of the option apart: RFC 791's has 11 bytes.
func security(d *dissector, n *Node, s span) {
	if s.size() == 11 {
		n.Children, _ = d.fixed(n.Children, ipSecurity791, s.pos, s)
		return
	}
	n.Children, _ = d.fixed(n.Children, ipSecurity1108, s.pos, s)
	if s.pos+3 < s.end {
		n.Children = append(n.Children, d.node(ipSecurityAuth, s.pos+3, s.end-s.pos-3))
	}
}

func addresses(d *dissector, n *Node, s span) {
	at := s.pos + 2
	for ; at+4 <= s.end; at += 4 {
		n.Children = append(n.Children, d.node(ipOptAddr, at, 4))
	}
	if at < s.end {
		n.Children = append(n.Children, d.node(ipOptPadding, at, s.end-at))
	}
}

// restAs shows what follows the first bytes of an option as one field.
func restAs(f *Field, from int) func(*dissector, *Node, span) {
	return func(d *dissector, n *Node, s span) {
		if s.pos+from < s.end {
			n.Children = append(n.Children, d.node(f, s.pos+from, s.end-s.pos-from))
		}
	}
}
