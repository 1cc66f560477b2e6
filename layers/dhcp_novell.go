package layers

import "bytes"

const rfcNWIP = "RFC 2242 sec. 3"

func netwareRow(typ Type, size int, name, label, help string) *Field {
	return dhcpRow(typ, size, "option.novell_options."+name, label, rfcNWIP, help)
}

var (
	netwareOption = dhcpNamed(netwareRow(TypeEnum, 0, "suboption", "suboption", "Which suboption it is."), map[uint64]string{
		1: "no NetWare/IP", 2: "in the options", 3: "in the server name and boot file", 4: "too long", 5: "ask all", 6: "preferred DSS", 7: "nearest server",
		8: "retries", 9: "delay", 10: "version 1.1", 11: "primary DSS"})
	netwareValue   = netwareRow(TypeBytes, 0, "value", "value", "The suboption's value.")
	netwareOptions = map[uint64]dhcpOption{
		5:  {dhcpOne, netwareRow(TypeBool, 1, "broadcast", "ask all", "Look for a server by broadcast.")},
		6:  {dhcpMany, netwareRow(TypeIPv4, 4, "preferred_dss_server", "preferred DSS", "A domain server to ask first.")},
		7:  {dhcpMany, netwareRow(TypeIPv4, 4, "nearest_nwip_server", "nearest server", "A server nearby.")},
		8:  {dhcpOne, netwareRow(TypeUint, 1, "autoretries", "retries", "How often to try a domain server.")},
		9:  {dhcpOne, netwareRow(TypeUint, 1, "autoretry_delay", "delay", "How many seconds to wait between tries.")},
		10: {dhcpOne, netwareRow(TypeBool, 1, "support_netware_v1_1", "version 1.1", "Whether to work with old servers.")},
		11: {dhcpOne, netwareRow(TypeIPv4, 4, "primary_dss", "primary DSS", "The domain server that others copy.")},
	}

	isnsFlags = []*Field{
		isnsWord("functions", "functions", 2, "enabled", "enabled", "dd_base_authorization", "authorisation by domain", "sec_policy_distribution", "policy distribution"),
		isnsWord("discovery_domain_access", "discovery domain access", 2, "enabled", "enabled", "_control.node", "control node", "iscsi_target", "iSCSI target",
			"iscsi_initiator", "iSCSI initiator", "ifcp_target_port", "iFCP target port", "initiator_target_port", "iFCP initiator port"),
		isnsWord("administrative_flags", "administration", 2, "enabled", "enabled", "heartbeat", "heartbeat", "management_scns", "change notices",
			"default_discovery_domain", "default discovery domain"),
		isnsWord("server_security_bitmap", "security", 4, "enabled", "enabled", "ike_ipsec_enabled", "IKE/IPsec", "main_mode", "main mode",
			"aggressive_mode", "aggressive mode", "pfs", "forward secrecy", "transport_mode", "transport mode", "tunnel_mode", "tunnel mode")}
	isnsHeartbeat  = dhcpIP("isns.heartbeat_originator_addr", "heartbeat", "RFC 4174 sec. 2", "Who sends heartbeats.")
	isnsPrimary    = dhcpIP("isns.primary_server_addr", "primary server", "RFC 4174 sec. 2", "A server that knows the storage devices.")
	isnsSecondary  = dhcpIP("isns.secondary_server_addr", "secondary server", "RFC 4174 sec. 2", "Another one.")
	isnsSecondList = row(DHCP, Field{Label: "secondary servers", Type: TypeNone, RFC: "RFC 4174 sec. 2", Help: "Other servers."})

	avayaText = dhcpText("vendor.avaya", "settings", "RFC 3942 sec. 4", "A telephone's settings.")
	avayaRows = map[string]*Field{}
)

func init() {
	for _, name := range []string{"tlssrvr", "httpsrvr", "httpdir", "static", "mcipadd", "dot1x", "icmpdu", "icmpred", "l2q", "l2qvlan", "loglocal",
		"phy1stat", "phy2stat", "procpswd", "procstat", "snmpadd", "snmpstring", "vlantest"} {
		upper := string(bytes.ToUpper([]byte(name)))
		avayaRows[upper] = dhcpText("vendor.avaya."+name, upper, "RFC 3942 sec. 4", "One setting, as the maker's manual describes it.")
	}
}

// isnsWord is a word of flags (RFC 4174 section 2), from the least significant
// bit on, by pairs of name and label.
func isnsWord(name, label string, size int, pairs ...string) *Field {
	const rfc = "RFC 4174 sec. 2"
	f := dhcpRow(TypeHex, size, "option.isns."+name, label, rfc, "What the server offers.")
	for i := 0; i < len(pairs); i += 2 {
		part := f.Name + "." + pairs[i]
		if pairs[i][0] == '_' { // a name that Wireshark writes unlike the others
			part = f.Name + pairs[i]
		}
		f.Sub = append(f.Sub, row(DHCP, Field{Name: part, Label: pairs[i+1], Type: TypeBool, Size: 2, Mask: 1 << (i / 2), RFC: rfc, Help: "Whether the server has it."}))
	}
	unused := uint64(0xffff) &^ (1<<(len(pairs)/2) - 1)
	f.Sub = append(f.Sub, row(DHCP, Field{Name: f.Name + ".reserved", Label: "reserved", Type: TypeHex, Size: 2, Mask: unused, RFC: rfc, Help: "Not used; zero."}))
	for _, part := range f.Sub {
		part.Size = size
	}
	return f
}

func (c *cursor) netware(dst *[]Node) {
	for c.left() > 0 {
		whole := c.left() >= 2 && 2+int(c.data[c.pos+1]) <= c.left()
		o, code, value := c.suboption(dst, netwareOption)
		if value == nil {
			*c.broken = *c.broken || o != nil && !whole
			continue
		}
		value.over(&o.Children, netwareValue, value.left()).Hidden = true
		if plain, ok := netwareOptions[code]; ok {
			value.plain(&o.Children, plain)
			o.told(2)
		}
	}
}

// isns reads where the storage name servers are (RFC 4174).
func (c *cursor) isns(dst *[]Node) {
	if c.left() < 14 {
		return
	}
	c.all(dst, isnsFlags[:2]...)
	heartbeat := c.peek(0, 2)&3 == 3
	if heartbeat && c.left() < 14 {
		return
	}
	c.all(dst, isnsFlags[2:]...)
	if heartbeat {
		c.all(dst, isnsHeartbeat)
	}
	c.all(dst, isnsPrimary)
	if c.left() > 0 {
		h := c.node(isnsSecondList, c.pos, 0)
		c.list(&h.Children, isnsSecondary)
		*dst = append(*dst, h)
	}
}

// avaya reads settings with commas between them; what has no name goes on
// with the one before.
func (c *cursor) avaya(dst *[]Node) {
	if c.left() < 5 {
		return
	}
	o := c.over(dst, avayaText, c.left())
	for c.left() > 0 {
		b := c.data[c.pos:c.end]
		n := settingEnd(b)
		name, value, ok := bytes.Cut(b[:n], []byte("="))
		if !ok {
			return
		}
		if f := avayaRows[string(name)]; f != nil && len(value) > 0 {
			c.over(&o.Children, f, n).Show = Printable(string(value))
		}
		c.skip(min(n+1, len(b)))
	}
}

// settingEnd is where a setting ends: at the last comma before the next one's
// "=".
func settingEnd(b []byte) int {
	first := bytes.IndexByte(b, '=')
	next := bytes.IndexByte(b[first+1:], '=')
	if first < 0 || next < 0 {
		return len(b)
	}
	next += first + 1
	if comma := bytes.LastIndexByte(b[first:next], ','); comma >= 0 {
		return first + comma
	}
	return next + settingEnd(b[next:])
}
