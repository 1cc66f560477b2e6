package layers

// agentRow is a row of the relay agent's option (RFC 3046).
func agentRow(typ Type, size int, name, label, rfc, help string) *Field {
	return dhcpRow(typ, size, "option.agent_information_option."+name, label, rfc, help)
}

var (
	dhcpSubLength = dhcpNumber(1, "suboption_length", "length", "8.4", "How many bytes of value follow.")

	agentOption = dhcpNamed(agentRow(TypeEnum, 0, "suboption", "suboption", "RFC 3046 sec. 2.0", "Which suboption it is."), map[uint64]string{
		1: "circuit", 2: "remote host", 4: "DOCSIS device class", 5: "link selection", 6: "subscriber", 7: "RADIUS attributes", 8: "authentication",
		9: "vendor-specific", 10: "flags", 11: "server identifier override", 12: "relay agent identifier", 13: "access technology", 14: "network name",
		15: "access point name", 16: "access point BSSID", 17: "operator", 18: "operator realm", 19: "source port", 150: "link selection (Cisco)",
		151: "VPN", 152: "server identifier override (Cisco)"})
	agentValue   = agentRow(TypeBytes, 0, "value", "value", "RFC 3046 sec. 2.0", "The suboption's value.")
	agentOptions = map[uint64]dhcpOption{
		1:   {dhcpWhole, agentRow(TypeBytes, 0, "agent_circuit_id", "circuit", "RFC 3046 sec. 3.1", "Where the relay got the request: a port, a line.")},
		2:   {dhcpWhole, agentRow(TypeBytes, 0, "agent_remote_id", "remote host", "RFC 3046 sec. 3.2", "Who is at the other end of that line.")},
		3:   {dhcpWhole, agentRow(TypeBytes, 0, "reserved", "reserved", "RFC 3046 sec. 2.0", "Not used.")},
		4:   {dhcpOne, agentRow(TypeHex, 4, "docsis_device_class", "DOCSIS device class", "RFC 3256 sec. 2", "What kind of cable device it is.")},
		5:   {dhcpOne, agentRow(TypeIPv4, 4, "link_selection", "link", "RFC 3527 sec. 3", "The subnet that the client is on.")},
		6:   {dhcpWhole, agentRow(TypeString, 0, "subscriber_id", "subscriber", "RFC 3993 sec. 2", "The customer.")},
		7:   {dhcpWhole, agentRow(TypeBytes, 0, "radius_attributes", "RADIUS attributes", "RFC 4014 sec. 2", "What RADIUS said of the user.")},
		8:   {dhcpWhole, agentRow(TypeBytes, 0, "authentication", "authentication", "RFC 4030 sec. 3", "Proves that the relay sent the option.")},
		10:  {dhcpOne, agentRow(TypeHex, 1, "flags", "flags", "RFC 5010 sec. 3", "Whether the client sent to one host or to all.")},
		11:  {dhcpOne, agentRow(TypeIPv4, 4, "server_id_override", "server identifier", "RFC 5107 sec. 4", "The address that the server should call itself by, so that renewals pass the relay.")},
		12:  {dhcpWhole, agentRow(TypeBytes, 0, "relay_agent_id", "relay", "RFC 6925 sec. 5", "Which relay it is.")},
		13:  {dhcpWhole, agentRow(TypeHex, 2, "ani_att", "access technology", "RFC 7839 sec. 4.2", "How the client is connected.")},
		14:  {dhcpWhole, agentRow(TypeString, 0, "ani_network_name", "network name", "RFC 7839 sec. 4.3", "The access network.")},
		15:  {dhcpWhole, agentRow(TypeString, 0, "ani_ap_name", "access point", "RFC 7839 sec. 4.4", "The access point's name.")},
		16:  {dhcpWhole, agentRow(TypeMAC, 6, "ani_ap_bssid", "BSSID", "RFC 7839 sec. 4.4", "The access point's address.")},
		17:  {dhcpWhole, agentRow(TypeBytes, 0, "ani_operator_id", "operator", "RFC 7839 sec. 4.5", "Who runs the access network.")},
		18:  {dhcpWhole, agentRow(TypeString, 0, "ani_operator_realm", "operator realm", "RFC 7839 sec. 4.5", "Who runs the access network.")},
		150: {dhcpOne, agentRow(TypeIPv4, 4, "link_selection_cisco", "link", "RFC 3527 sec. 3", "The subnet that the client is on.")},
		152: {dhcpOne, agentRow(TypeIPv4, 4, "server_id_override_cisco", "server identifier", "RFC 5107 sec. 4", "The address that the server should call itself by.")},
	}
	agentMaker    = agentRow(TypeUint, 4, "vi.enterprise", "enterprise", "RFC 4243 sec. 4", "Whose data follow, by IANA's number.")
	agentMakerLen = agentRow(TypeUint, 1, "vi.data_length", "length", "RFC 4243 sec. 4", "How many bytes of data follow.")
	agentCable    = map[uint64]*Field{
		1: agentRow(TypeHex, 2, "vi.cl.docsis_version", "DOCSIS version", "RFC 4243 sec. 4", "The version that the cable network speaks."),
		2: agentRow(TypeHex, 2, "vi.cl.dpoe_system_version", "DPoE version", "RFC 4243 sec. 4", "The version that the optical network speaks."),
		3: agentRow(TypeBytes, 0, "vi.cl.dpoe_system_pbb_service", "DPoE service", "RFC 4243 sec. 4", "The service in the provider's backbone."),
		4: agentRow(TypeString, 0, "vi.cl.service_class_name", "service class", "RFC 4243 sec. 4", "The modem's service class."),
		5: agentRow(TypeString, 0, "vi.cl.mso_defined_text", "operator's text", "RFC 4243 sec. 4", "What the operator wants to say."),
		6: agentRow(TypeString, 0, "vi.cl.secure_file_transfer_uri", "file transfer", "RFC 4243 sec. 4", "Where files may be fetched safely."),
	}
	vpnGlobal = agentRow(TypeUint, 1, "vrf_name.global", "global VPN", "RFC 6607 sec. 3.3", "The global routing table is meant.")
	vpnName   = agentRow(TypeString, 0, "vrf_name", "VPN", "RFC 6607 sec. 3.1", "The VPN that the client is in.")
	vpnID     = []*Field{
		agentRow(TypeHex, 3, "vrf_name.vpn_id.oui", "organisation", "RFC 2685 sec. 4", "Who numbers the VPNs."),
		agentRow(TypeHex, 4, "vrf_name.vpn_id.index", "VPN number", "RFC 2685 sec. 4", "The VPN that the client is in.")}
)

// suboption reads the code and the length of a suboption. Value is nil when
// the option ends before the value does; both are nil when there is no
// length. Either way the option is then done with.
func (c *cursor) suboption(dst *[]Node, f *Field) (o *Node, code uint64, value *cursor) {
	if c.left() < 2 {
		c.skip(c.left())
		return nil, 0, nil
	}
	code, n := uint64(c.peek(0, 1)), c.peek(1, 1)
	o = c.beyond(dst, f, 2+n)
	o.Uint, o.Show = code, showEnum(f.Names, code)
	c.skip(1)
	c.take(&o.Children, dhcpSubLength, 1)
	if n > c.left() {
		c.skip(c.left())
		return o, code, nil
	}
	return o, code, c.cut(n)
}

// plain reads a value that is a field or a list of it.
func (c *cursor) plain(dst *[]Node, o dhcpOption) {
	switch {
	case o.shape == dhcpMany:
		c.list(dst, o.field)
	case o.shape == dhcpWhole:
		c.rest(dst, o.field)
	case c.left() == o.field.Size:
		n := c.take(dst, o.field, o.field.Size)
		if o.shape == dhcpSeconds {
			n.Show = showLease(n.Uint, o.field.Name == "dhcp.option.time_offset")
		}
	}
}

// told puts the value of an option's last part beside its name.
func (o *Node) told(from int) {
	if o != nil && len(o.Children) == from+1 && len(o.Children[from].Children) == 0 {
		o.Show += ": " + o.Children[from].Show
	}
}

// relayAgent reads what a relay adds to a request (RFC 3046).
func (c *cursor) relayAgent(dst *[]Node) {
	for c.left() > 0 {
		o, code, value := c.suboption(dst, agentOption)
		if value == nil {
			continue
		}
		plain, ok := agentOptions[code]
		value.over(&o.Children, agentValue, value.left()).Hidden = ok || code == 9 || code == 151
		switch {
		case ok:
			value.plain(&o.Children, plain)
		case code == 9:
			value.agentVendor(&o.Children)
		case code == 151 && value.left() == 1:
			value.all(&o.Children, vpnGlobal)
		case code == 151 && value.left() == 7:
			value.all(&o.Children, vpnID...)
		case code == 151:
			value.rest(&o.Children, vpnName)
		}
		o.told(2)
	}
}

// agentVendor reads data of makers that IANA numbers (RFC 4243).
func (c *cursor) agentVendor(dst *[]Node) {
	for c.left() > 0 {
		maker := c.take(dst, agentMaker, 4)
		n := c.peek(0, 1)
		c.take(&maker.Children, agentMakerLen, 1)
		if maker.Uint != cableLabs {
			c.take(dst, agentValue, n)
			continue
		}
		for end := c.pos + n; c.pos < end && c.left() > 0; {
			code, size := uint64(c.peek(0, 1)), c.peek(1, 1)
			c.skip(2)
			if f := agentCable[code]; f != nil {
				c.take(&maker.Children, f, max(f.Size, size))
			} else {
				c.skip(size)
			}
		}
	}
}
