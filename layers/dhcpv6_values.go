package layers

// duid reads who a client or a server is (RFC 8415 section 11), in n bytes.
func (m *v6Message) duid(dst *[]Node, n int) {
	if n < 2 {
		return
	}
	m.over(dst, v6DUID[0], n)
	switch m.take(dst, v6DUID[1], 2).Uint {
	case 1:
		if n >= 8 {
			m.all(dst, v6DUIDTimed...)
			m.rest(dst, v6DUIDTimedAddr)
		}
	case 2:
		if n >= 6 {
			m.all(dst, v6DUIDMaker)
			m.rest(dst, v6DUIDID)
		}
	case 3:
		if n >= 4 {
			m.all(dst, v6DUIDLink)
			m.rest(dst, v6DUIDLinkAddr)
		}
	case 4:
		if n == 18 {
			m.all(dst, v6DUIDUUID)
		}
	}
}

// authentication reads what proves where a message is from: with HMAC-MD5
// (RFC 3315 section 21.4.1) a realm, a key and a code.
func (m *v6Message) authentication(dst *[]Node, n int) {
	if n < 11 {
		return
	}
	m.all(dst, v6Auth...)
	if algorithm := (*dst)[len(*dst)-3].Uint; *m.broken || n <= 11+20 || algorithm != 1 {
		m.rest(dst, v6AuthInfo)
		return
	}
	if realm := n - 11 - 20; realm < 256 {
		m.take(dst, v6AuthRealm, realm)
	} else {
		m.skip(realm)
	}
	m.all(dst, v6AuthKey...)
}

func (m *v6Message) userClass(dst *[]Node) {
	for m.left() >= 2 {
		n := m.peek(0, 2)
		if 2+n > m.left() {
			return
		}
		item := m.node(v6ClassItem, m.pos, n) // Wireshark's is shorter than what is in it
		m.all(&item.Children, v6ClassLen)
		m.take(&item.Children, v6Class, n)
		*dst = append(*dst, item)
	}
}

func (m *v6Message) vendorClass(dst *[]Node, n int) {
	if n < 4 {
		return
	}
	m.all(dst, v6Vendor)
	if n > 4 {
		m.skip(2) // the length of the data
		m.rest(dst, v6VendorData)
	}
}

// vendorOptions reads options of a maker that IANA numbers.
func (m *v6Message) vendorOptions(dst *[]Node, n int) {
	if n < 4 {
		return
	}
	if m.take(dst, v6OptsMaker, 4).Uint == cableLabs {
		m.cableOptions(dst)
		return
	}
	for m.left() > 0 {
		size := m.peek(2, 2)
		o := m.over(dst, v6OptsItem, 4+size)
		m.all(&o.Children, v6Opts...)
		m.take(&o.Children, v6OptsData, size)
	}
}

var (
	v6NTPItem = row(DHCPv6, Field{Label: "NTP server", Type: TypeNone, RFC: "RFC 5908 sec. 4", Help: "One server or group of servers."})
	v6NTP     = []*Field{
		v6Enum(2, "ntpserver.option.type", "type", "RFC 5908 sec. 4", map[uint64]string{1: "address", 2: "multicast address", 3: "name"}, "What follows."),
		v6Row(TypeUint, 2, "ntpserver.option.length", "length", "RFC 5908 sec. 4", "How many bytes follow.")}
	v6NTPAddress = map[uint64]*Field{
		1: v6Row(TypeIPv6, 16, "ntpserver.addr", "address", "RFC 5908 sec. 4.1", "The server's address."),
		2: v6Row(TypeIPv6, 16, "ntpserver.mc_addr", "multicast address", "RFC 5908 sec. 4.2", "Where servers send the time to all."),
	}
	v6NTPName = v6Row(TypeString, 0, "ntpserver.fqdn", "name", "RFC 5908 sec. 4.3", "The server's name.")
)

// timeServers reads NTP servers (RFC 5908).
func (m *v6Message) timeServers(dst *[]Node, n int) {
	if n < 4 {
		return
	}
	for m.left() > 0 {
		size := m.peek(2, 2)
		if size > m.left() {
			return
		}
		o := m.over(dst, v6NTPItem, 4+size)
		m.all(&o.Children, v6NTP...)
		if *m.broken {
			return
		}
		kind := o.Children[0].Uint
		value := *m
		value.cursor = m.cut(size)
		if f := v6NTPAddress[kind]; f != nil {
			value.end = m.end // an address of its size, whatever the length says
			value.all(&o.Children, f)
		} else if kind == 3 {
			value.names(&o.Children, v6NTPName, size)
		}
	}
}

const rfcSoftwire = "RFC 7598 sec. 4"

var (
	v6Rule = []*Field{
		v6Row(TypeHex, 1, "s46_rule.flags", "flags", rfcSoftwire, "How the rule is used."),
		v6Row(TypeUint, 1, "s46_rule.ea_len", "embedded bits", rfcSoftwire, "How many bits of the IPv6 address tell the IPv4 address and ports."),
		v6Row(TypeUint, 1, "s46_rule.ipv4_pref_len", "IPv4 prefix length", rfcSoftwire, "How many bits of the IPv4 prefix count."),
		v6Row(TypeIPv4, 4, "s46_rule.ipv4_prefix", "IPv4 prefix", rfcSoftwire, "The IPv4 addresses that the rule is for."),
		v6Row(TypeUint, 1, "s46_rule.ipv6_prefix_len", "IPv6 prefix length", rfcSoftwire, "How many bits of the IPv6 prefix count.")}
	v6RulePrefix  = v6Row(TypeIPv6, 0, "s46_rule.ipv6_prefix", "IPv6 prefix", rfcSoftwire, "The IPv6 addresses that the rule is for.")
	v6BorderRelay = v6Row(TypeIPv6, 16, "s46_br.address", "border relay", rfcSoftwire, "The router at the tunnel's other end.")
	v6DefaultLen  = v6Row(TypeUint, 1, "s46_dmr.dmr_pref_len", "prefix length", rfcSoftwire, "How many bits of the prefix count.")
	v6Default     = v6Row(TypeIPv6, 0, "s46_dmr.dmr_prefix", "prefix", rfcSoftwire, "What all other IPv4 addresses are mapped to.")
	v6Binding     = []*Field{
		v6Row(TypeIPv4, 4, "s46_v4v6bind.ipv4_address", "IPv4 address", rfcSoftwire, "The client's IPv4 address."),
		v6Row(TypeUint, 1, "s46_v4v6bind.ipv6_pref_len", "prefix length", rfcSoftwire, "How many bits of the prefix count.")}
	v6BindPrefix = v6Row(TypeIPv6, 0, "s46_v4v6bind.ipv6_prefix", "prefix", rfcSoftwire, "The IPv6 prefix that carries it.")
	v6Ports      = []*Field{
		v6Row(TypeUint, 1, "s46_portparam.offset", "offset", rfcSoftwire, "How many of a port's upper bits come before the identifier."),
		v6Row(TypeUint, 1, "s46_portparam.psid_len", "identifier length", rfcSoftwire, "How many bits the identifier has."),
		v6Row(TypeHex, 2, "s46_portparam.psid", "port set identifier", rfcSoftwire, "Which ports of a shared address are the client's.")}
)

func init() {
	v6Rule[0].Sub = table(DHCPv6,
		&Field{Name: "dhcpv6.s46_rule.flags.reserved", Label: "reserved", Type: TypeHex, Size: 1, Mask: 0xfe, RFC: rfcSoftwire, Help: "Not used; zero."},
		&Field{Name: "dhcpv6.s46_rule.flags.fmr", Label: "forwarding", Type: TypeBool, Size: 1, Mask: 1, RFC: rfcSoftwire, Help: "The rule is also for packets between customers."})
}

// softwire reads how IPv4 is carried over IPv6 (RFC 7598 section 4).
func (m *v6Message) softwire(dst *[]Node, code uint64, n int) {
	switch {
	case code == 89 && n >= 8:
		m.all(dst, v6Rule[:3]...)
		if !*m.broken && (*dst)[len(*dst)-1].Uint <= 32 {
			m.all(dst, v6Rule[3:]...)
			m.prefix(dst, v6RulePrefix)
			m.options(dst)
		}
	case code == 90 && n == 16:
		m.all(dst, v6BorderRelay)
	case code == 91 && n >= 1 && n <= 17:
		m.all(dst, v6DefaultLen)
		m.prefix(dst, v6Default)
	case code == 92 && n >= 5:
		m.all(dst, v6Binding...)
		m.prefix(dst, v6BindPrefix)
		m.options(dst)
	case code == 93 && n == 4:
		for i, most := range []uint64{15, 16, 0xffff} {
			if m.take(dst, v6Ports[i], v6Ports[i].Size).Uint > most {
				return
			}
		}
	}
}

// prefix reads as many bytes of an address as the length before it needs.
func (m *v6Message) prefix(dst *[]Node, f *Field) {
	bits := 0
	if !*m.broken {
		bits = int((*dst)[len(*dst)-1].Uint)
	}
	if bits > 128 {
		m.skip(m.left())
		return
	}
	size := (bits + 7) / 8
	n := m.past().over(dst, f, size)
	m.skip(min(size, m.left()))
	if n.Len > 0 {
		var address [16]byte
		copy(address[:], m.data[n.Pos:n.Pos+n.Len])
		n.Show = showIP(address[:])
	}
}

const rfcFailover = "RFC 8156 sec. 5.5"

func failoverFlags(size int, name string, reserved uint64, triples ...string) *Field {
	f := v6Row(TypeHex, size, "failover."+name, "flags", rfcFailover, "What the partner says of itself or of a lease.")
	f.Sub = table(DHCPv6, &Field{Name: f.Name + ".reserved", Label: "reserved", Type: TypeHex, Size: size, Mask: reserved, RFC: rfcFailover, Help: "Not used; zero."})
	for i := 0; i < len(triples); i += 3 {
		f.Sub = append(f.Sub, row(DHCPv6, Field{Name: f.Name + "." + triples[i], Label: triples[i+1], Type: TypeBool, Size: size,
			Mask: 1 << (len(triples)/3 - 1 - i/3), RFC: rfcFailover, Help: triples[i+2]}))
	}
	return f
}

func failoverTime(name, label, help string) *Field {
	return v6Row(TypeUint, 4, "failover."+name, label, rfcFailover, help)
}

// v6Failover are the options that two servers tell each other (RFC 8156).
var v6Failover = map[uint64]*Field{
	114: v6Enum(1, "failover.binding_status", "binding status", rfcFailover, map[uint64]string{1: "active", 2: "expired", 3: "released", 4: "pending free", 5: "free", 6: "free, backup", 7: "abandoned", 8: "reset"}, "What the lease is doing."),
	115: failoverFlags(2, "connect.flags", 0xfffe, "f", "fixed length", "All delegated prefixes have one length."),
	117: v6Row(TypeString, 0, "failover.dns_hostname", "host name", rfcFailover, "The client's name in the DNS."),
	118: v6Row(TypeString, 0, "failover.dns_zonename", "zone", rfcFailover, "The zone of that name."),
	119: failoverFlags(2, "dns.flags", 0xfff0, "u", "as requested", "The name is the one that the client asked for.", "s", "made up", "The server made the name.",
		"r", "reverse done", "The address leads to the name.", "f", "forward done", "The name leads to the address."),
	120: failoverTime("expiration_time", "expires", "When the lease ends, in seconds since 2000."),
	121: failoverTime("max_unacked_bndupd", "unacknowledged updates", "How many updates may wait for an answer."),
	122: failoverTime("mclt", "longest lead time", "By how many seconds a server may give more than its partner knows."),
	123: failoverTime("partner_lifetime", "partner lifetime", "When the partner may take the lease, in seconds since 2000."),
	124: failoverTime("partner_lifetime_sent", "partner lifetime sent", "What was told of that before."),
	125: failoverTime("partner_down_time", "partner down", "Since when the partner is down, in seconds since 2000."),
	126: failoverTime("partner_raw_clt_time", "partner's client time", "When the partner last heard the client, in seconds since 2000."),
	128: failoverTime("keepalive_time", "keep-alive time", "After how many silent seconds the partner counts as gone."),
	130: v6Row(TypeString, 0, "failover.relationship_name", "relationship", rfcFailover, "The name of the pair of servers."),
	131: failoverFlags(1, "server.flags", 0xf8, "a", "startup heard", "The partner's startup flag was seen.", "s", "startup", "The server is starting.", "c", "communicated", "The partners have talked since."),
	132: v6Row(TypeUint, 1, "failover.server_state", "server state", rfcFailover, "What the server is doing."),
	133: failoverTime("start_time_of_state", "in this state since", "Since when, in seconds since 2000."),
	134: failoverTime("state_expiration_time", "state expires", "When the state ends, in seconds since 2000."),
}

var (
	v6FailoverVersion = []*Field{
		v6Row(TypeUint, 2, "failover.protocol.major_version", "major version", rfcFailover, "The version of the failover protocol."),
		v6Row(TypeUint, 2, "failover.protocol.minor_version", "minor version", rfcFailover, "The version of the failover protocol.")}
	v6Reconfigure    = failoverTime("reconfigure_time", "reconfigure time", "When the key was made, in seconds since 2000.")
	v6ReconfigureKey = v6Row(TypeBytes, 0, "failover.reconfigure_key", "reconfigure key", rfcFailover, "The key that reconfigure messages are proved with.")
)
