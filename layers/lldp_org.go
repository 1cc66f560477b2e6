package layers

import "strconv"

// What the organisations of Ethernet add to LLDP.

const (
	lldp1RFC = "IEEE 802.1Q annex D"
	lldp3RFC = "IEEE 802.3 sec. 79"
)

// all makes a reader of rows that follow each other.
func all(rows ...*Field) func(*cursor, *[]Node) {
	return func(c *cursor, dst *[]Node) { c.all(dst, rows...) }
}

// placed makes a reader of rows that have places, n bytes together.
func placed(n int, rows ...*Field) func(*cursor, *[]Node) {
	return func(c *cursor, dst *[]Node) {
		if c.ok(n) {
			*dst, _ = c.fixed(*dst, rows, c.pos, c.span)
			c.skip(n)
		}
	}
}

// priorities are the eight rows of something that each priority has.
func priorities(row func(i int) *Field) []*Field {
	rows := make([]*Field, 8)
	for i := range rows {
		rows[i] = row(i)
	}
	return rows
}

func priorityBits(at int, name, label, help string) []*Field {
	return inWord(at, 1, priorities(func(i int) *Field {
		return flag(1<<i, name+strconv.Itoa(i), label+" "+strconv.Itoa(i), help)
	})...)
}

var (
	dcbxGroups = describe(LLDP, lldp1RFC, priorities(func(i int) *Field {
		f := part(0xf000>>(i%4*4), "lldp.dcbx.feature.pg.pgid_prio"+strconv.Itoa(i), "group of priority "+strconv.Itoa(i), "The group of traffic that the priority belongs to.")
		f.At, f.Size = i/4*2, 2
		return f
	})...)
	dcbxShares = describe(LLDP, lldp1RFC, priorities(func(i int) *Field {
		return uintRow(4+i, 1, "lldp.dcbx.feature.pg.per"+strconv.Itoa(i), "share of group "+strconv.Itoa(i), "How much of the link the group gets, in per cent.")
	})...)
	etsChoices = describe(LLDP, lldp1RFC, priorities(func(i int) *Field {
		return uintRow(12+i, 1, "lldp.dcbx.ieee.ets.tsa"+strconv.Itoa(i), "algorithm of class "+strconv.Itoa(i), "How frames of the class are chosen: 0 strictly, 1 by credit, 2 by share, 255 by the maker's.")
	})...)
	etsReserved = describeOne(LLDP, lldp1RFC, split(&Field{Name: "lldp.dcbx.feature.pg.reserved", Label: "reserved", Type: TypeUint, At: 0, Size: 1, Mask: 0xfe, Help: "Zero."}))
	etsWilling  = describe(LLDP, lldp1RFC, inWord(0, 1,
		flag(0x80, "lldp.dcbx.ieee.willing", "willing", "Set when the station takes over what its neighbour tells."),
		flag(0x40, "lldp.dcbx.ieee.ets.cbs", "credit-based shaper", "Set when the station can shape by credit."),
		part(0x07, "lldp.dcbx.ieee.ets.maxtcs", "classes", "How many classes of traffic the station can have; 0 is 8."))...)
	etsPFC = describe(LLDP, lldp1RFC, append(inWord(0, 1,
		flag(0x80, "lldp.dcbx.ieee.willing", "willing", "Set when the station takes over what its neighbour tells."),
		flag(0x40, "lldp.dcbx.ieee.pfc.mbc", "MACsec bypass", "Set when the station can pause without MACsec."),
		part(0x0f, "lldp.dcbx.ieee.pfc.numtcs", "classes", "For how many classes the station can pause.")),
		priorityBits(1, "lldp.dcbx.feature.pfc.prio", "pause for priority", "Set when frames of the priority are paused, not dropped.")...)...)
	qcnBits = describe(LLDP, lldp1RFC, append(
		priorityBits(0, "lldp.ieee.802_1qau.cnpv.prio", "congestion notification for priority", "Set when frames of the priority take part in congestion notification."),
		priorityBits(1, "lldp.ieee.802_1qau.ready.prio", "ready for priority", "Set when the station is ready for that.")...)...)
	appReserved = describeOne(LLDP, lldp1RFC, hexRow(0, 1, "lldp.dcbx.ieee.app.reserved", "reserved", "Zero."))
	appTable    = describeOne(LLDP, lldp1RFC, &Field{Label: "application", Type: TypeBytes, Size: 3, Help: "Which priority an application's frames have.", Sub: append(inWord(0, 1,
		part(0xe0, "lldp.dcbx.ieee.app.prio", "priority", "The priority of the application's frames."),
		part(0x07, "lldp.dcbx.iee.app.sf", "selector", "What the next number is: 1 an EtherType, 2 a TCP port, 3 a UDP port, 4 either.")),
		hexRow(1, 2, "lldp.dcbx.feature.app.proto", "application", "The application, by EtherType or port."))})

	lldp8021 = map[int]func(*cursor, *[]Node){
		1: all(describe(LLDP, lldp1RFC, uintRow(0, 2, "lldp.ieee.802_1.port_vlan.id", "port's VLAN", "The VLAN of frames without a tag."))...),
		2: all(describe(LLDP, lldp1RFC, split(hexRow(0, 1, "lldp.ieee.802_1.port_and_vlan_id_flag", "flags", "Whether VLANs by protocol can be had."),
			flag(2, "lldp.ieee.802_1.port_and_vlan_id_flag.supported", "supported", "Set when the port can do that."),
			flag(4, "lldp.ieee.802_1.port_and_vlan_id_flag.enabled", "enabled", "Set when the port does that.")),
			uintRow(0, 2, "lldp.ieee.802_1.port_proto_vlan.id", "protocol's VLAN", "The VLAN of a protocol's frames."))...),
		3:   sizedLast(2, describeOne(LLDP, lldp1RFC, uintRow(0, 2, "lldp.ieee.802_1.vlan.id", "VLAN", "The number of a VLAN that the port belongs to.")), describeOne(LLDP, lldp1RFC, uintRow(0, 1, "lldp.ieee.802_1.vlan.name_len", "name's length", "How many bytes the name has.")), describeOne(LLDP, lldp1RFC, textRow(0, 0, "lldp.ieee.802_1.vlan.name", "VLAN's name", "What people call the VLAN."))),
		4:   sizedLast(0, describeOne(LLDP, lldp1RFC, uintRow(0, 1, "lldp.ieee.802_1.proto.id_length", "identity's length", "How many bytes the identity has.")), describeOne(LLDP, lldp1RFC, bytesRow(0, 0, "lldp.ieee.802_1.proto.id", "protocol", "The first bytes of a protocol's frames, which the port understands."))),
		7:   all(aggregationRows("802_1", named(0x0c, "lldp.ieee.802_1.aggregation_status.porttype", "port type", map[uint64]string{0: "not told", 1: "from the station", 2: "from the relay", 3: "reserved"}, "What the aggregated port is for."))...),
		8:   placed(2, qcnBits...),
		9:   placed(20, append(append([]*Field{}, etsWilling...), shifted(1, dcbxGroups, dcbxShares, etsChoices)...)...),
		0xa: placed(20, append([]*Field{etsReserved}, shifted(1, dcbxGroups, dcbxShares, etsChoices)...)...),
		0xb: placed(2, etsPFC...),
		0xc: func(c *cursor, dst *[]Node) {
			c.all(dst, appReserved)
			c.list(dst, appTable)
		},
	}
)

// shifted are rows that begin n bytes later.
func shifted(n int, lists ...[]*Field) []*Field {
	var rows []*Field
	for _, l := range lists {
		for _, f := range l {
			g := *f
			g.At += n
			rows = append(rows, &g)
		}
	}
	return describe(LLDP, lldp1RFC, rows...)
}

// sizedLast makes a reader of rows whose last has as many bytes as the one
// before it says, which stands at an offset.
func sizedLast(at int, rows ...*Field) func(*cursor, *[]Node) {
	return func(c *cursor, dst *[]Node) {
		n := c.peek(at, 1)
		last := len(rows) - 1
		c.all(dst, rows[:last]...)
		c.take(dst, rows[last], n)
	}
}

func aggregationRows(by string, more ...*Field) []*Field {
	name := "lldp.ieee." + by
	parts := append([]*Field{
		flag(1, name+".aggregation_status.cap", "can be aggregated", "Set when the link can be one of several that work as one."),
		flag(2, name+".aggregation_status.enabled", "is aggregated", "Set when the link is one of several that work as one.")}, more...)
	return describe(LLDP, lldp1RFC, split(hexRow(0, 1, name+".aggregation_status", "aggregation", "Whether the link is one of several that work as one."), parts...),
		uintRow(0, 4, name+".aggregated_port_id", "aggregated port", "The number of the port that they are together."))
}

var lldpEVB = describe(LLDP, "IEEE 802.1Qbg",
	evbRow("lldp.ieee.802_1qbg.evb_support_caps", "supported"), evbRow("lldp.ieee.802_1qbg.evb_configure_caps", "configured"),
	uintRow(0, 2, "lldp.ieee.802_1qbg.evb_supported_vsi", "supported interfaces", "How many virtual stations the station can have."),
	uintRow(0, 2, "lldp.ieee.802_1qbg.evb_configured_vsi", "configured interfaces", "How many virtual stations it has."),
	uintRow(0, 1, "lldp.ieee.802_1qbg.evb_retrans_timer", "retransmission timer", "The timer's exponent, in units of 10 microseconds."))

func evbRow(name, what string) *Field {
	return split(hexRow(0, 2, name, what+" capabilities", "What is "+what+" of bridging for virtual stations."),
		flag(0x8000, name+".std", "standard bridging", "Frames go as in any bridge."), flag(0x4000, name+".rr", "reflective relay", "Frames may go back to the port that they came from."),
		flag(4, name+".rte", "retransmission timer", "The timer can be told."), flag(2, name+".ecp", "edge control", "The edge control protocol is spoken."),
		flag(1, name+".vdp", "discovery", "The protocol that finds virtual stations is spoken."))
}

var (
	autoNegotiation = []struct{ name, label string }{
		{"1000base_tfd", "1000BASE-T, both ways at once"}, {"1000base_t", "1000BASE-T"}, {"1000base_xfd", "1000BASE-X, both ways at once"}, {"1000base_x", "1000BASE-X"},
		{"fdx_bpause", "pause, symmetric or not"}, {"fdx_spause", "pause, symmetric"}, {"fdx_apause", "pause, asymmetric"}, {"fdx_pause", "pause"},
		{"100base_t2fd", "100BASE-T2, both ways at once"}, {"100base_t2", "100BASE-T2"}, {"100base_txfd", "100BASE-TX, both ways at once"}, {"100base_tx", "100BASE-TX"},
		{"100base_t4", "100BASE-T4"}, {"10base_tfd", "10BASE-T, both ways at once"}, {"10base_t", "10BASE-T"}, {"other", "other"},
	}
	lldpMACPHY = describe(LLDP, lldp3RFC,
		split(hexRow(0, 1, "lldp.ieee.802_3.mac_phy_auto_neg_status", "auto-negotiation", "Whether the link's speed is agreed on by itself."),
			flag(1, "lldp.ieee.802_3.mac_phy_auto_neg_status.supported", "supported", "Set when the port can do that."),
			flag(2, "lldp.ieee.802_3.mac_phy_auto_neg_status.enabled", "enabled", "Set when the port does that.")),
		negotiationRow("lldp.ieee.802_3.pmd_auto_neg_advertised_caps", "lldp.ieee.802_3.pmd_auto_neg_advertised_caps", false),
		negotiationRow("", "lldp.ieee.802_3.pmd_auto_neg_advertised_caps_inv", true),
		hexRow(3, 2, "lldp.ieee.802_3.pmd_mau_type", "operational type", "What the link is now, as a number of IANA's list of MAU types."))
	lldpPower = describe(LLDP, lldp3RFC,
		split(hexRow(0, 1, "lldp.ieee.802_3.mdi_power_support", "power over Ethernet", "Whether the port gives power."),
			flag(1, "lldp.ieee.802_3.mdi_power_support.port_class", "source", "Set when the port is the one that gives power."),
			flag(2, "lldp.ieee.802_3.mdi_power_support.supported", "supported", "Set when the port can give power."),
			flag(4, "lldp.ieee.802_3.mdi_power_support.enabled", "enabled", "Set when the port gives power."),
			flag(8, "lldp.ieee.802_3.mdi_power_support.pse_pairs", "pairs can be chosen", "Set when the pairs that carry power can be chosen.")),
		uintRow(1, 1, "lldp.ieee.802_3.mdi_pse_pair", "pair", "Which pairs carry the power: 1 those of the signal, 2 the spare ones."),
		uintRow(2, 1, "lldp.ieee.802_3.mdi_power_class", "class", "The class of power, counted from 1."))
	lldpPowerPlus = describe(LLDP, lldp3RFC, append(inWord(0, 1,
		part(0xc0, "lldp.ieee.802_3.mdi_power_type", "type", "Whether the station gives or takes power, and by which standard."),
		part(0x30, "lldp.ieee.802_3.mdi_power_source", "source", "Where the power comes from."),
		part(0x0f, "lldp.ieee.802_3.mdi_power_priority", "priority", "How important the power is: 1 critical, 2 high, 3 low.")),
		uintRow(1, 2, "lldp.ieee.802_3.mdi_pde_requested", "requested power", "How much power the device asks for, in tenths of a watt."),
		uintRow(3, 2, "lldp.ieee.802_3.mdi_pse_allocated", "allocated power", "How much power the source gives, in tenths of a watt."))...)
	lldpPower4 = describe(LLDP, "IEEE 802.3bt sec. 79.3.2",
		uintRow(0, 2, "lldp.ieee.802_3.bt_ds_pd_requested_power_value_mode_a", "requested power, mode A", "How much power the device asks for on the first pairs."),
		uintRow(2, 2, "lldp.ieee.802_3.bt_ds_pd_requested_power_value_mode_b", "requested power, mode B", "How much power the device asks for on the second pairs."),
		uintRow(4, 2, "lldp.ieee.802_3.bt_ds_pse_allocated_power_value_alt_a", "allocated power, alternative A", "How much power the source gives on the first pairs."),
		uintRow(6, 2, "lldp.ieee.802_3.bt_ds_pse_allocated_power_value_alt_b", "allocated power, alternative B", "How much power the source gives on the second pairs."),
		split(hexRow(8, 2, "lldp.ieee.802_3.bt_power_status", "power status", "How power is given and taken."),
			part(0xc000, "lldp.ieee.802_3.bt_pse_powering_status", "source's status", "How the source gives power."), part(0x3000, "lldp.ieee.802_3.bt_pd_powered_status", "device's status", "How the device takes power."),
			part(0x0c00, "lldp.ieee.802_3.bt_pse_power_pairs_ext", "pairs", "Which pairs carry power."), part(0x0380, "lldp.ieee.802_3.bt_ds_pwr_class_ext_a", "class, mode A", "The class on the first pairs."),
			part(0x0070, "lldp.ieee.802_3.bt_ds_pwr_class_ext_b", "class, mode B", "The class on the second pairs."), part(0x000f, "lldp.ieee.802_3.bt_pwr_class_ext_", "class", "The class of the device.")),
		split(hexRow(10, 1, "lldp.ieee.802_3.bt_system_setup", "setup", "What kind of source or device this is."), part(0x0e, "lldp.ieee.802_3.bt_power_type_ext", "type", "Which type of source or device.")),
		uintRow(11, 2, "lldp.ieee.802_3.bt_pse_maximum_available_power_value", "available power", "How much power the source can give at most."),
		split(hexRow(13, 1, "lldp.ieee.802_3.bt_autoclass", "autoclass", "Whether the source measures what the device needs."),
			part(4, "lldp.ieee.802_3.bt_pse_autoclass_support", "supported", "Set when the source can measure."), part(2, "lldp.ieee.802_3.bt_autoclass_completed", "completed", "Set when the source has measured."),
			part(1, "lldp.ieee.802_3.bt_autoclass_request", "requested", "Set when the device asks for it."), part(0xf8, "lldp.ieee.802_3.bt_autoclass_reserved", "reserved", "Zero.")),
		split(hexRow(14, 3, "lldp.ieee.802_3.bt_power_down", "power down", "Whether the device wants no power for some time."),
			part(0xfc0000, "lldp.ieee.802_3.bt_power_down_request", "request", "Set to 0x1d when the device asks for it."), part(0x03ffff, "lldp.ieee.802_3.bt_power_down_time", "time", "For how many seconds.")))
	lldp8023 = map[int]func(*cursor, *[]Node){
		1: placed(5, lldpMACPHY...),
		2: func(c *cursor, dst *[]Node) {
			placed(3, lldpPower...)(c, dst)
			if c.left() >= 5 {
				placed(5, lldpPowerPlus...)(c, dst)
			}
			if c.left() >= 17 {
				placed(17, lldpPower4...)(c, dst)
			}
		},
		3: all(aggregationRows("802_3")...),
		4: all(describe(LLDP, lldp3RFC, uintRow(0, 2, "lldp.ieee.802_3.max_frame_size", "largest frame", "The longest frame that the port takes, in bytes."))...),
		5: all(eeeRow("transmit", "sender's wake time"), eeeRow("receive", "receiver's wake time"), eeeRow("fallback_receive", "receiver's other wake time"), eeeRow("echo_transmit", "neighbour's sending wake time"), eeeRow("echo_receive", "neighbour's receiving wake time")),
		7: all(describe(LLDP, "IEEE 802.3br", split(hexRow(0, 2, "lldp.ieee.802_3br.eac", "additional capabilities", "Whether urgent frames may interrupt others."),
			flag(1, "lldp.ieee.802_3br.aec.support", "supported", "Set when the port can do that."), flag(2, "lldp.ieee.802_3br.aec.enable", "enabled", "Set when the port is allowed to."),
			flag(4, "lldp.ieee.802_3br.aec.active", "active", "Set when the port does that."), part(0x18, "lldp.ieee.802_3br.aec.addfragsize", "additional fragment size", "How long a fragment must be, in units of 64 bytes above 64."),
			part(0xffe0, "lldp.ieee.802_3br.aec.reserved", "reserved", "Zero.")))...),
	}
)

func eeeRow(name, label string) *Field {
	return describeOne(LLDP, lldp3RFC, uintRow(0, 2, "lldp.ieee.802_3.eee."+name, label, "How long an idle link may take to wake up, in microseconds."))
}

// negotiationRow is the list of link types that the port offers. Some
// stations send it with the bits in the opposite order, which the second row
// shows.
func negotiationRow(name, prefix string, inverted bool) *Field {
	f := hexRow(1, 2, name, "offered types", "Which types of link the port offers.")
	if inverted {
		f.Label, f.Type = "offered types, read backwards", TypeBytes
	}
	for i, t := range autoNegotiation {
		mask := uint64(1) << i
		if inverted {
			mask = 0x8000 >> i
		}
		split(f, flag(mask, prefix+"."+t.name, t.label, "Set when the port offers this."))
	}
	return f
}
