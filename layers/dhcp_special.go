package layers

// special reads the options that are more than a field or a list of it; it
// reports false when the option is not known.
func (m *dhcpMessage) special(dst *[]Node, code uint64, c *cursor) bool {
	switch code {
	case 21:
		c.pairs(dst, dhcpPolicy)
	case 33:
		c.pairs(dst, dhcpStatic)
	case 43:
		m.vendorInfo(dst, c)
	case 52:
		m.overloaded(dst, c)
	case 53:
		c.all(dst, dhcpType)
	case 60:
		m.vendorClass(dst, c)
	case 61, 97:
		c.dhcpClientID(dst, code == 61)
	case 63:
		c.netware(dst)
	case 77:
		c.userClass(dst)
	case 78:
		c.directoryAgent(dst)
	case 79:
		c.all(dst, slpScopeFlag)
		c.rest(dst, slpScope)
	case 81:
		c.clientName(dst)
	case 82:
		c.relayAgent(dst)
	case 83:
		c.isns(dst)
	case 85:
		c.list(dst, ndsServer)
	case 90:
		m.authentication(dst, c)
	case 94:
		c.networkInterface(dst)
	case 99:
		c.civicAddress(dst)
	case 117:
		c.nameServices(dst)
	case 119:
		m.searchList(dst, c)
	case 120:
		m.sipServers(dst, c)
	case 121, 249:
		c.classlessRoutes(dst)
	case 122:
		c.packetCableConfig(dst)
	case 123:
		c.location(dst)
	case 124:
		c.enterpriseClass(dst)
	case 125:
		c.enterpriseInfo(dst)
	case 137:
		c.rest(dst, lostServer)
	case 146:
		c.dnsSelection(dst)
	case 151:
		c.take(dst, leaseStatus, min(1, c.left()))
		c.rest(dst, leaseMessage)
	case 158:
		c.pcpServers(dst)
	case 159:
		if c.left() == 4 {
			c.all(dst, portParams...)
		}
	case 212:
		if c.left() >= 22 {
			c.all(dst, sixRD[:3]...)
			c.list(dst, sixRD[3])
		}
	case 242:
		c.avaya(dst)
	default:
		return false
	}
	return true
}

var (
	dhcpPolicy = []*Field{
		dhcpIP("policy_filter.ip", "destination", "4.3", "Routes that a sender chose may lead here."),
		dhcpIP("policy_filter.subnet_mask", "mask", "4.3", "How much of the address counts.")}
	dhcpStatic = []*Field{
		dhcpIP("static_route.ip", "destination", "5.8", "Where the route leads."),
		dhcpIP("static_route.router", "router", "5.8", "The next hop.")}
	slpScopeFlag = dhcpNumber(1, "slp_service_scope.value", "mandatory", "RFC 2610 sec. 4", "Whether no other scope may be used.")
	slpScope     = dhcpText("slp_service_scope.string", "scope", "RFC 2610 sec. 4", "Which services the client sees.")
	slpAgentFlag = dhcpEnum(1, "slp_directory_agent.value", "mandatory", "RFC 2610 sec. 3", map[uint64]string{0: "look for others too", 1: "no others", 128: "old form"}, "Whether no other agents may be used.")
	slpAgent     = dhcpIP("slp_directory_agent.slpda_address", "directory agent", "RFC 2610 sec. 3", "A server that knows which services there are.")
	ndsServer    = dhcpIP("novell_dss.ip", "NDS server", "RFC 2241 sec. 2", "A server of Novell's directory.")
	nisService   = dhcpEnum(2, "dhcp_name_service_search_option", "name service", "RFC 2937 sec. 2", nameServices, "A way to look up names; the first is tried first.")
	nameServices = map[uint64]string{0: "local", 6: "DNS", 41: "NIS", 44: "NetBIOS", 65: "NIS+"}
	lostServer   = dhcpText("lost_server_domain_name", "LoST server", "RFC 5223 sec. 3", "A server that tells which emergency service to call.")
	leaseStatus  = dhcpEnum(1, "bulk_lease.status_code", "status", "RFC 6926 sec. 6.2.2", map[uint64]string{0: "success", 1: "failed", 2: "query ended", 3: "malformed query", 4: "not allowed"}, "How the query went.")
	leaseMessage = dhcpText("bulk_lease.status_code_message", "message", "RFC 6926 sec. 6.2.2", "How the query went, for people.")
	pcpList      = row(DHCP, Field{Label: "PCP server", Type: TypeNone, RFC: "RFC 7291 sec. 4", Help: "The addresses of one server."})
	pcpLength    = dhcpNumber(1, "pcp.list_length", "length", "RFC 7291 sec. 4", "How many bytes of addresses follow.")
	pcpServer    = dhcpIP("pcp.server", "address", "RFC 7291 sec. 4", "An address of a server that opens ports.")
	portParams   = []*Field{
		dhcpNumber(1, "portparams.offset", "offset", "RFC 7618 sec. 9", "How many of a port's upper bits come before the identifier."),
		dhcpNumber(1, "portparams.psid_length", "identifier length", "RFC 7618 sec. 9", "How many bits the identifier has."),
		dhcpRow(TypeBytes, 2, "option.portparams.psid", "port set identifier", "RFC 7618 sec. 9", "Which ports of a shared address are the client's.")}
	sixRD = []*Field{
		dhcpNumber(1, "6RD.ipv4_mask_len", "IPv4 mask length", "RFC 5969 sec. 7.1.1", "How many bits of IPv4 addresses all sites share."),
		dhcpNumber(1, "6RD.prefix_len", "prefix length", "RFC 5969 sec. 7.1.1", "How many bits the IPv6 prefix has."),
		dhcpRow(TypeIPv6, 16, "option.6RD.prefix", "prefix", "RFC 5969 sec. 7.1.1", "The provider's IPv6 prefix for tunnels."),
		dhcpIP("6RD.border_relay_ip", "border relay", "RFC 5969 sec. 7.1.1", "The router at the tunnels' other end.")}
	authRows = []*Field{
		dhcpEnum(1, "dhcp_authentication.protocol", "protocol", rfcDHCPAuth, map[uint64]string{0: "token", 1: "delayed"}, "How the message proves where it is from."),
		dhcpEnum(1, "dhcp_authentication.alg_delay", "algorithm", rfcDHCPAuth, map[uint64]string{1: "HMAC-MD5"}, "How the code is made."),
		dhcpNumber(1, "dhcp_authentication.algorithm", "algorithm", rfcDHCPAuth, "How the code is made."),
		dhcpEnum(1, "dhcp_authentication.rdm", "replay detection method", rfcDHCPAuth, map[uint64]string{0: "a number that grows"}, "How repeated messages are told."),
		dhcpRow(TypeHex, 8, "option.dhcp_authentication.rdm_replay_detection", "replay detection", rfcDHCPAuth, "Greater than in the message before."),
		dhcpRow(TypeString, 8, "option.dhcp_authentication.rdm_rdv", "replay detection", rfcDHCPAuth, "Differs from that of the messages before."),
		dhcpRow(TypeHex, 4, "option.dhcp_authentication.secret_id", "secret ID", "RFC 3118 sec. 5.2", "Which secret was used."),
		dhcpRow(TypeBytes, 16, "option.dhcp_authentication.hmac_md5_hash", "code", "RFC 3118 sec. 5.2", "The code that only who has the secret can make.")}
	authInfo = dhcpText("dhcp_authentication.information", "information", rfcDHCPAuth, "What proves where the message is from.")
	rdnss    = append(table(DHCP,
		&Field{Name: "dhcp.option.rdnss.reserved", Label: "reserved", Type: TypeHex, Size: 1, Mask: 0xfc, RFC: "RFC 6731 sec. 4.3", Help: "Not used; zero."},
		&Field{Name: "dhcp.option.rdnss.preference", Label: "preference", Type: TypeUint, Size: 1, Mask: 3, RFC: "RFC 6731 sec. 4.3", Help: "How much the servers are to be preferred: 1 is high, 3 is low."}),
		dhcpIP("rdnss.primary_dns", "primary server", "RFC 6731 sec. 4.3", "A server to ask for the names below."),
		dhcpIP("rdnss.secondary_dns", "secondary server", "RFC 6731 sec. 4.3", "Another one."))
	rdnssDomain = dhcpText("rdnss.domain", "domains", "RFC 6731 sec. 4.3", "The names that these servers know best.")
)

const rfcDHCPAuth = "RFC 3118 sec. 2"

// pairs reads two fields again and again.
func (c *cursor) pairs(dst *[]Node, rows []*Field) {
	for c.left() >= rows[0].Size+rows[1].Size {
		c.all(dst, rows...)
	}
}

// overloaded reads the option that says that fields of the header hold
// options, and those options.
func (m *dhcpMessage) overloaded(dst *[]Node, c *cursor) {
	n := c.over(dst, dhcpOverload, min(1, c.left()))
	if m.overload < 1 || m.overload > 3 {
		return
	}
	m.overload = 0 // options in there cannot lead here again
	for _, f := range []struct {
		heading *Field
		at, n   int
		bit     uint64
	}{{dhcpInName, dhcpNameAt, 64, 2}, {dhcpInFile, dhcpFileAt, 128, 1}} {
		if n.Uint&f.bit == 0 || *m.broken {
			continue
		}
		inner := *m
		at := *m.cursor
		inner.cursor = &at
		at.span = span{m.start + f.at, m.start + f.at + f.n, m.start + f.at + f.n}
		inner.index = [256]uint8{}
		h := at.over(dst, f.heading, f.n)
		inner.options(&h.Children)
	}
}

func (c *cursor) directoryAgent(dst *[]Node) {
	n := c.take(dst, slpAgentFlag, min(1, c.left()))
	if n.Uint == 0x80 && c.left() > 0 {
		c.skip(1)
	}
	c.list(dst, slpAgent)
}

func (m *dhcpMessage) authentication(dst *[]Node, c *cursor) {
	if c.left() < 11 {
		return
	}
	protocol := c.take(dst, authRows[0], 1).Uint
	delayed := protocol == 1
	f := authRows[2]
	if delayed {
		f = authRows[1]
	}
	algorithm := c.take(dst, f, 1).Uint
	if method := c.take(dst, authRows[3], 1).Uint; method == 0 {
		c.take(dst, authRows[4], 8)
	} else {
		c.take(dst, authRows[5], 8)
	}
	if delayed && algorithm == 1 {
		if m.kind != 1 && c.left() >= 20 { // a discover has neither
			c.all(dst, authRows[6:]...)
		}
		return
	}
	c.rest(dst, authInfo)
}

func (c *cursor) nameServices(dst *[]Node) {
	if c.left()%2 != 0 {
		return
	}
	for c.left() > 0 {
		if nameServices[uint64(c.peek(0, 2))] == "" {
			c.skip(2)
			continue
		}
		c.take(dst, nisService, 2)
	}
}

func (c *cursor) dnsSelection(dst *[]Node) {
	if c.left() < 10 {
		return
	}
	c.take(dst, rdnss[0], 1)
	*dst = append(*dst, c.node(rdnss[1], c.pos-1, 1))
	c.all(dst, rdnss[2:]...)
	c.nameRest(dst, rdnssDomain)
}

// nameRest shows what is left as a name, which may be shorter.
func (c *cursor) nameRest(dst *[]Node, f *Field) {
	if c.left() == 0 {
		return
	}
	name := readName(c.data[:c.end], c.pos, c.pos)
	*c.broken = *c.broken || name.broken && !name.open
	c.rest(dst, f)
	if n := len(*dst); n > 0 && (*dst)[n-1].Field == f {
		(*dst)[n-1].Show = Printable(name.text)
	}
}

func (c *cursor) pcpServers(dst *[]Node) {
	if c.left() < 5 {
		return
	}
	for c.left() >= 5 {
		n := c.peek(0, 1)
		h := c.over(dst, pcpList, n)
		inner := &h.Children
		if n == 0 {
			inner = &[]Node{}
		}
		c.take(inner, pcpLength, 1)
		if (n-1)%4 == 0 {
			for read := 1; read < n && c.left() >= 4; read += 4 {
				c.take(inner, pcpServer, 4)
			}
		}
	}
}
