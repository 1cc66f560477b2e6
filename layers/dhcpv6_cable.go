package layers

func v6Cable(typ Type, size int, name, label, help string) *Field {
	return v6Row(typ, size, name, label, rfcCable, help)
}

var (
	v6CableOption = v6Cable(TypeEnum, 2, "cablelabs.opt", "suboption", "Which suboption it is.")
	v6CableServer = v6Cable(TypeIPv6, 16, "cablelabs.ipv6_server", "server", "A server's address.")
	v6CableDOCSIS = v6Cable(TypeHex, 2, "cablelabs.docsis_version_number", "DOCSIS version", "The version that the cable network speaks.")
	v6CableDPoE   = v6Cable(TypeHex, 2, "cablelabs.dpoe_server_version_number", "DPoE version", "The version that the optical network speaks.")
	v6CableCap    = v6Cable(TypeUint, 1, "docsis.cccV6.tlv5.suboption", "capability", "Something that the modem can do.")
	v6EUECap      = v6Cable(TypeUint, 1, "packetcable.cccV6.tlv5.suboption", "capability", "Something that the adapter can do.")
	v6CableCapLen = v6Cable(TypeUint, 1, "cccV6.tlv5.suboption.length", "length", "How many bytes of value follow.")
	v6CableValue  = v6Cable(TypeBytes, 0, "cccV6.tlv5.suboption.value", "value", "How much of it.")
	v6CableNumber = v6Cable(TypeUint, 0, "cccV6.tlv5.suboption.value_number", "value", "How much of it.")
	v6CCC         = v6Cable(TypeEnum, 2, "packetcable.ccc.suboption", "element", "Which element it is.")
	v6CCCServers  = map[int]*Field{
		1: v6Cable(TypeIPv4, 4, "packetcable.ccc.pri_dhcp", "primary DHCP server", "Where a telephone adapter gets its settings."),
		2: v6Cable(TypeIPv4, 4, "packetcable.ccc.sec_dhcp", "secondary DHCP server", "Where else it gets them."),
	}
	v6CCC6         = v6Cable(TypeEnum, 2, "packetcable.cccV6.suboption", "element", "Which element it is.")
	v6CCC6Selector = map[int]*Field{
		1: v6Cable(TypeString, 0, "packetcable.cccV6.pri_dss", "primary selector", "The server where a telephone adapter gets its settings."),
		2: v6Cable(TypeString, 0, "packetcable.cccV6.sec_dss", "secondary selector", "The server where else it gets them."),
	}
	v6CCC6Type    = v6Cable(TypeUint, 1, "packetcable.cccV6.prov_srv.type", "type", "What follows: 0 a name, 1 addresses.")
	v6CCC6Name    = v6Cable(TypeString, 0, "packetcable.cccV6.prov_srv.fqdn", "provisioning server", "The name of the server.")
	v6CCC6Timers  = map[int][]*Field{4: v6CCC6Backoff("as"), 5: v6CCC6Backoff("ap")}
	v6CCC6Realm   = v6Cable(TypeString, 0, "packetcable.cccV6.krb_realm", "Kerberos realm", "The realm of the servers.")
	v6CCC6Flags   = v6Cable(TypeUint, 1, "packetcable.cccV6.tgt_flag", "ticket flags", "Whether to fetch a ticket.")
	v6CCC6Fetch   = row(DHCPv6, Field{Name: "dhcpv6.packetcable.cccV6.tgt_flag.fetch", Label: "fetch", Type: TypeBool, Size: 1, Mask: 1, RFC: rfcCable, Help: "Fetch a ticket-granting ticket."})
	v6CCC6Timer   = v6Cable(TypeUint, 1, "packetcable.cccV6.prov_timer", "provisioning timer", "How many minutes provisioning may take.")
	v6CCC6Tickets = v6Cable(TypeHex, 2, "packetcable.cccV6.sec_tcm", "ticket control", "Which tickets to throw away.")
	v6CCC6Control = table(DHCPv6,
		&Field{Name: "dhcpv6.packetcable.cccV6.sec_tcm.provisioning_server", Label: "provisioning server", Type: TypeBool, Size: 2, Mask: 1, RFC: rfcCable, Help: "Throw away the provisioning server's ticket."},
		&Field{Name: "dhcpv6.packetcable.cccV6.tgt_flag.call_manager_server", Label: "call managers", Type: TypeBool, Size: 2, Mask: 2, RFC: rfcCable, Help: "Throw away the call managers' tickets."})
)

func v6CCC6Backoff(server string) []*Field {
	return []*Field{
		v6Cable(TypeUint, 4, "packetcable.cccV6."+server+"_krb.nominal_timeout", "nominal timeout", "First wait for an answer, in milliseconds."),
		v6Cable(TypeUint, 4, "packetcable.cccV6."+server+"_krb.max_timeout", "maximum timeout", "Longest wait for it, in seconds."),
		v6Cable(TypeUint, 4, "packetcable.cccV6."+server+"_krb.max_retry_count", "retries", "How often to try.")}
}

func init() {
	v6CableOption.Names = map[uint64]string{
		1: "wanted options", 2: "device type", 3: "embedded components", 4: "serial number", 5: "hardware version", 6: "software version",
		7: "boot ROM version", 8: "maker", 9: "model", 10: "vendor", 32: "TFTP servers", 33: "configuration file", 34: "log servers", 35: "capabilities",
		36: "device", 37: "time servers", 38: "time offset", 39: "IP preference", 61: "CCAP cores", 1025: "CMTS capabilities", 1026: "modem's address",
		1027: "router container", 2170: "client configuration", 2171: "client configuration for IPv6", 2172: "correlation"}
	v6CCC.Names = map[uint64]string{1: "primary DHCP server", 2: "secondary DHCP server"}
	v6CCC6.Names = map[uint64]string{1: "primary selector", 2: "secondary selector", 3: "provisioning server", 4: "AS backoff", 5: "AP backoff",
		6: "Kerberos realm", 7: "ticket granting", 8: "provisioning timer", 9: "ticket control"}
}

// cableOptions reads what cable modems and their servers tell each other.
func (m *v6Message) cableOptions(dst *[]Node) {
	if m.left() <= 4 {
		return
	}
	device := ""
	for m.left() > 0 {
		o := m.take(dst, v6CableOption, 2)
		n := m.peek(0, 2)
		m.skip(2)
		if *m.broken {
			return
		}
		value := *m
		value.cursor = m.cut(min(n, m.left()))
		if value.left() < n {
			*m.broken = true
			return
		}
		switch o.Uint {
		case 2:
			device = string(m.data[value.pos:value.end])
			o.Show += ": " + Printable(device)
		case 32, 34, 37, 61:
			if n%16 == 0 {
				value.list(&o.Children, v6CableServer)
			}
		case 35:
			value.cableCapabilities(&o.Children, device)
		case 1025:
			value.cableVersions(&o.Children)
		case 2170:
			value.cableServers(&o.Children)
		case 2171:
			value.cableServers6(&o.Children)
		default:
			o.Show += ": " + showBytes(m.data[value.pos:value.end])
		}
	}
}

func (m *v6Message) cableCapabilities(dst *[]Node, device string) {
	f := v6CableCap
	switch {
	case len(device) >= 4 && (device[:4] == "edva" || device[:4] == "EDVA"):
		f = v6EUECap
	case device != "" && (len(device) < 3 || device[:3] != "ecm" && device[:3] != "ECM"):
		return
	}
	for m.left() > 0 {
		o := m.take(dst, f, 1)
		n := int(m.take(&o.Children, v6CableCapLen, 1).Uint)
		if n > 2 {
			m.take(&o.Children, v6CableValue, n)
		} else {
			m.take(&o.Children, v6CableNumber, n)
		}
	}
}

func (m *v6Message) cableVersions(dst *[]Node) {
	for m.left() > 0 {
		tag, n := m.peek(0, 1), m.peek(1, 1)
		m.skip(2)
		f := map[int]*Field{1: v6CableDOCSIS, 2: v6CableDPoE}[tag]
		if f != nil && n == 2 {
			m.all(dst, f)
		} else {
			m.skip(n)
		}
	}
}

func (m *v6Message) cableServers(dst *[]Node) {
	for m.left() > 0 {
		o := m.take(dst, v6CCC, 2)
		n := m.peek(0, 2)
		m.skip(2)
		if f := v6CCCServers[int(o.Uint)]; f != nil && n == 4 {
			m.over(&o.Children, f, 4)
		}
		m.skip(n)
	}
}

func (m *v6Message) cableServers6(dst *[]Node) {
	for m.left() > 0 {
		o := m.take(dst, v6CCC6, 2)
		n := m.peek(0, 2)
		m.skip(2)
		if *m.broken {
			return
		}
		code := int(o.Uint)
		value := *m
		value.cursor = m.cut(n)
		switch {
		case code <= 2 && n < 35 && v6CCC6Selector[code] != nil:
			value.rest(&o.Children, v6CCC6Selector[code])
		case code == 3 && n > 0:
			if value.take(&o.Children, v6CCC6Type, 1).Uint == 0 {
				value.names(&o.Children, v6CCC6Name, n-1)
			}
		case n == 12 && v6CCC6Timers[code] != nil:
			value.all(&o.Children, v6CCC6Timers[code]...)
		case code == 6 && n > 0:
			value.names(&o.Children, v6CCC6Realm, n)
		case code == 7 && n == 1:
			value.over(&o.Children, v6CCC6Flags, 1)
			value.over(&o.Children, v6CCC6Fetch, 1)
		case code == 8 && n == 1:
			value.all(&o.Children, v6CCC6Timer)
		case code == 9 && n >= 2:
			value.over(&o.Children, v6CCC6Tickets, 2)
			if n == 2 {
				value.over(&o.Children, v6CCC6Control[0], 2)
				value.over(&o.Children, v6CCC6Control[1], 2)
			}
		}
	}
}
