package layers

// probeRow is a row of Riverbed's options, placed from the option's start.
func probeRow(name, label string, t Type, at, size int, mask uint64, help string, sub ...*Field) *Field {
	f := &Field{Name: "tcp.options.rvbd." + name, Label: label, Type: t, At: at, Size: size, Mask: mask, Help: help, Sub: sub}
	return table(TCP, f)[0]
}

func probeFlag(name, label string, mask uint64, help string) *Field {
	return probeRow("probe.flags."+name, label, TypeBool, 3, 1, mask, help)
}

func transparencyFlag(name, label string, mask uint64, help string) *Field {
	return probeRow("trpy.flags."+name, label, TypeBool, 2, 2, mask, help)
}

// Riverbed's accelerators find each other by options in SYNs that other hosts
// skip. There is no public document; the names are Wireshark's.
var (
	probeOption        = tcpOptionField("tcp.options.rvbd.probe", "Riverbed probe", "", "An accelerator on the way looks for another one.")
	transparencyOption = tcpOptionField("tcp.options.rvbd.trpy", "Riverbed transparency", "", "The accelerators' own addresses, behind those of the hosts.",
		probeRow("trpy.flags", "flags", TypeHex, 2, 2, 0, "How the connection goes through firewalls.",
			transparencyFlag("fw_rst_probe", "firewall traversal", 0x0400, "Firewalls between are to be passed."),
			transparencyFlag("fw_rst_inner", "inner firewalls", 0x0200, "So are those between the accelerators."),
			transparencyFlag("fw_rst", "all firewalls", 0x0100, "For all firewalls."),
			transparencyFlag("chksum", "reserved", 0x0004, "Not used."),
			transparencyFlag("oob", "out of band", 0x0002, "The connection is the accelerators' own."),
			transparencyFlag("mode", "port transparency", 0x0001, "Set: only ports are kept; clear: addresses, too.")),
		probeRow("trpy.src.ip", "source accelerator", TypeIPv4, 4, 4, 0, "The sending accelerator's address."),
		probeRow("trpy.dst.ip", "destination accelerator", TypeIPv4, 8, 4, 0, "The receiving accelerator's address."),
		probeRow("trpy.src.port", "source inner port", TypeUint, 12, 2, 0, "The sending accelerator's port."),
		probeRow("trpy.dst.port", "destination inner port", TypeUint, 14, 2, 0, "The receiving accelerator's port."))

	probeType1      = probeRow("probe.type1", "type", TypeUint, 2, 1, 0xf0, "What the probe is.")
	probeType2      = probeRow("probe.type2", "type", TypeUint, 2, 1, 0xfe, "What the probe is.")
	probeVersion    = probeRow("probe.version", "version", TypeUint, 2, 1, 0x0f, "The probe's version.")
	probeVersionRaw = probeRow("probe.version_raw", "version, raw", TypeUint, 2, 1, 0x01, "The bit that tells the versions apart.")
	probeReserved   = probeRow("probe.reserved", "reserved", TypeHex, 3, 1, 0, "Not used.")
	probeProber     = probeRow("probe.prober", "client accelerator", TypeIPv4, 4, 4, 0, "The accelerator near the client.")
	probeProxy      = probeRow("probe.proxy.ip", "server accelerator", TypeIPv4, 8, 4, 0, "The accelerator near the server.")
	probeProxyPort  = probeRow("probe.proxy.port", "its port", TypeUint, 12, 2, 0, "The port where it can be reached.")
	probeAppVersion = probeRow("probe.appli_ver", "application version", TypeUint, 8, 2, 0, "The accelerator's software.")
	probeClient     = probeRow("probe.client.ip", "client", TypeIPv4, 4, 4, 0, "The client's address.")
	probeStore      = probeRow("probe.storeid", "store number", TypeUint, 4, 4, 0, "Which store of data the client accelerator has.")
	probeAskFlags   = probeRow("probe.flags", "flags", TypeHex, 3, 1, 0, "More about the probe.",
		probeFlag("notcfe", "not at the client's edge", 0x04, "The accelerator is not the one nearest to the client."),
		probeFlag("last", "last notice", 0x01, "No further notice follows."))
	probeTellFlags = probeRow("probe.flags", "flags", TypeHex, 3, 1, 0, "More about the answer.",
		probeFlag("probe", "no probe cache", 0x10, "The client accelerator should ask each time."),
		probeFlag("ssl", "TLS", 0x02, "The accelerator can take part in TLS."),
		probeFlag("server", "connected to the server", 0x01, "The connection to the server is there."))
	probeResetFlags = probeRow("probe.flags", "flags", TypeHex, 3, 1, 0, "More about the reset.")
)

// probe reads a probe behind its length; version and type say what it has.
func (d *dissector) probe(n *Node, s span) {
	if s.pos+2 >= s.end {
		return
	}
	c := &optionCursor{d: d, n: n, s: s, at: 2}
	vt := d.data[s.pos+2]
	switch {
	case vt&1 != 0 && vt>>4 <= 10:
		c.probe1(vt >> 4)
	case vt&1 == 0 && vt>>1 <= 10:
		c.probe2(vt >> 1)
	}
}

func (c *optionCursor) probe1(kind uint8) {
	c.add(probeType1, 1)
	c.at = 2
	c.add(probeVersion, 1)
	if kind == 2 { // internal
		return
	}
	c.add(probeReserved, 1)
	c.add(probeProber, 4)
	switch kind {
	case 0, 3, 4: // query, trace, query from a shared host
		c.add(probeAppVersion, 2)
	case 5: // response of a shared host
		c.add(probeClient, 4)
		fallthrough
	case 1: // response
		c.add(probeProxy, 4)
		c.add(probeProxyPort, 2)
	}
}

func (c *optionCursor) probe2(kind uint8) {
	c.add(probeType2, 1)
	c.at = 2
	c.add(probeVersionRaw, 1)
	c.at = 2
	c.add(probeVersion, 1)
	version := &c.n.Children[len(c.n.Children)-1]
	version.Uint, version.Show, version.Hidden = 2, "2", true // for filters
	switch kind {
	case 6, 8, 9: // queries with more about them
		c.add(probeAskFlags, 1)
		if c.cut {
			return
		}
		within := &optionCursor{d: c.d, n: &c.n.Children[len(c.n.Children)-1], s: c.s, at: c.at}
		switch kind {
		case 8:
			within.add(probeClient, 4)
		case 9:
			within.add(probeStore, 4)
		}
	case 7:
		c.add(probeTellFlags, 1)
	case 10:
		c.add(probeResetFlags, 1)
	}
}
