package layers

// What cable modems (DOCSIS) and their telephone adapters (PacketCable) can
// do: in the vendor class as hexadecimal digits, in option 125 as bytes.
var (
	mtaLength = cableRow(TypeUint, 2, "vendor.pktc.mta_cap_len", "length", "How many bytes of capabilities follow.")
	mtaType   = dhcpNamed(cableRow(TypeEnum, 0, "vendor.pktc.mta_cap_type", "capability", "Something that the adapter can do."), map[uint64]string{
		0x3031: "PacketCable version", 0x3032: "telephone ports", 0x3033: "ticket granting", 0x3034: "HTTP download", 0x3035: "event log",
		0x3036: "NCS service flow", 0x3037: "primary line", 0x3038: "vendor", 0x3039: "ticket storage", 0x3042: "codecs", 0x3043: "silence suppression",
		0x3044: "echo cancellation", 0x3045: "RSVP", 0x3046: "UGS-AD", 0x3130: "first interface", 0x3131: "flow log", 0x3132: "provisioning flows",
		0x3133: "T.38 version", 0x3134: "T.38 error correction", 0x3135: "DTMF", 0x3136: "voice metrics", 0x3137: "MIBs", 0x3138: "multiple grants", 0x3139: "V.152"})
	mtaFlows = cableBits("vendor.pktc.mdc.supp_flow.", 2, "secure", "secure flow", "hybrid", "hybrid flow", "basic", "basic flow")
	mtaOrg   = row(DHCP, Field{Label: "MIB organisation", Type: TypeNone, RFC: rfcCable, Help: "Whose management information the adapter has."})
	mtaMIBs  = map[int][]*Field{
		0: append(cableBits("vendor.pktc.mdc_cl.mib.", 1, mibNames...), cableRest("vendor.pktc.mdc_cl.mib.reserved", 0xc0)),
		1: append(cableBits("vendor.pktc.mdc_ietf.mib.", 1, mibNames[:6]...), cableRest("vendor.pktc.mdc_ietf.mib.reserved", 0xf8)),
		2: append(cableBits("vendor.pktc.mdc_euro.mib.", 1, mibNames...), cableRest("vendor.pktc.mdc_euro.mib.reserved", 0xc0)),
	}

	modemLength = cableRow(TypeUint, 0, "vendor.docsis.cm_cap_len", "length", "How many bytes of capabilities follow.")
	modemType   = dhcpNamed(cableRow(TypeEnum, 0, "docsis_cm_cap_type", "capability", "Something that the modem can do."), map[uint64]string{
		1: "concatenation", 2: "DOCSIS version", 3: "fragmentation", 4: "header suppression", 5: "IGMP", 6: "privacy", 7: "downstream SAIDs",
		8: "upstream service flows", 9: "filtering", 10: "equaliser taps per interval", 11: "equaliser taps", 12: "channel change", 13: "IP filters",
		14: "LLC filters", 15: "expanded SIDs", 16: "ranging hold-off", 17: "L2VPN", 18: "L2VPN hosts", 19: "unencrypted traffic filter",
		20: "upstream frequencies", 21: "upstream symbol rate", 24: "transmit channels", 29: "receive channels", 39: "IPv6", 40: "transmit power",
		41: "MPLS classification", 42: "D-ONU", 44: "energy management"})
	modemHold = cableBits("docsis_cm_cap.ranging_hold_off.", 2, "cm", "modem", "eps", "portal or router", "emta", "telephone adapter", "dsg", "set-top box")
	modemRate = cableBits("docsis_cm_cap.ussymrate.", 1, "160", "160 ksps", "320", "320 ksps", "640", "640 ksps", "1280", "1280 ksps", "2560", "2560 ksps", "5120", "5120 ksps")
	modemMPLS = cableBits("docsis_cm_cap.mpls.", 4, "stpid", "S-TPID", "svid", "S-VID", "spcp", "S-PCP", "sdei", "S-DEI", "ctpid", "C-TPID", "cvid", "C-VID",
		"cpcp", "C-PCP", "ccfi", "C-CFI", "stci", "S-TCI", "ctci", "C-TCI", "itpid", "I-TPID", "isid", "I-SID", "itci", "I-TCI", "ipcp", "I-PCP", "idei", "I-DEI",
		"iuca", "I-UCA", "btpid", "B-TPID", "btci", "B-TCI", "bpcp", "B-PCP", "bdei", "B-DEI", "bvid", "B-VID", "bda", "B-DA", "bsa", "B-SA", "tc", "traffic class", "label", "label")
)

var mibNames = []string{"mta", "adapter MIB", "signaling", "signalling MIB", "management_event", "event MIB", "mta_extension", "adapter extension",
	"signaling_extension", "signalling extension", "mem_extension", "event extension"}

// cableBits are rows of one bit each, from the least significant on, by pairs
// of name and label.
func cableBits(prefix string, size int, pairs ...string) (rows []*Field) {
	for i := 0; i < len(pairs); i += 2 {
		rows = append(rows, row(DHCP, Field{Name: "dhcp." + prefix + pairs[i], Label: pairs[i+1], Type: TypeBool, Size: size, Mask: 1 << (i / 2), RFC: rfcCable,
			Help: "Whether the device has it."}))
	}
	return rows
}

func cableRest(name string, mask uint64) *Field {
	return row(DHCP, Field{Name: "dhcp." + name, Label: "reserved", Type: TypeHex, Size: 1, Mask: mask, RFC: rfcCable, Help: "Not used; zero."})
}

// telephoneCapabilities reads a vendor class that goes on with capabilities,
// all of them hexadecimal digits: length, then type, length and value of each.
func (c *cursor) telephoneCapabilities(dst *[]Node) {
	c.skip(10)
	if _, ok := c.hexByte(0); !ok {
		return
	}
	n := c.over(dst, mtaLength, 2)
	v, _ := c.hexByte(0)
	n.Uint, n.Show = uint64(v), show(mtaLength, uint64(v), nil)
	c.skip(2)
	for c.left() > 0 {
		code := uint64(c.peek(0, 2))
		size, ok := c.hexByte(2)
		if !ok || size < 1 {
			return
		}
		o := c.over(dst, mtaType, min(4+2*size, c.left()))
		o.Uint, o.Show = code, showEnum(mtaType.Names, code)
		c.skip(4)
		value := *c
		switch code {
		case 0x3132:
			high, _ := value.hexByte(0)
			low, _ := value.hexByte(2)
			value.bits(&o.Children, mtaFlows, 4, uint64(high<<8+low))
		case 0x3137:
			value.span = c.first(2 * size)
			value.telephoneMIBs(&o.Children)
		}
		c.skip(2 * size)
	}
}

func (c *cursor) telephoneMIBs(dst *[]Node) {
	for c.left() > 0 && c.peek(0, 2) == 0x3032 { // a length of 2
		c.skip(2)
		org, _ := c.hexByte(0)
		h := c.take(dst, mtaOrg, 2)
		v, _ := c.hexByte(0)
		c.bits(&h.Children, mtaMIBs[org], 2, uint64(v))
		c.skip(2)
	}
}

// modemCapabilities reads a vendor class that goes on with capabilities as
// hexadecimal digits.
func (c *cursor) modemCapabilities(dst *[]Node) {
	c.skip(12)
	v, _ := c.hexByte(0)
	c.skip(2)
	n := c.over(dst, modemLength, 2)
	n.Uint, n.Show = uint64(v), show(modemLength, uint64(v), nil)
	for c.left() > 0 {
		code, _ := c.hexByte(0)
		size, _ := c.hexByte(2)
		if !c.ok(4 + 2*size) {
			return
		}
		o := c.over(dst, modemType, 4+2*size)
		var value []byte
		for i := range size {
			b, _ := c.hexByte(4 + 2*i)
			value = append(value, byte(b))
		}
		inner := *c
		inner.skip(2)
		inner.capability(o, uint64(code), value)
		c.skip(4 + 2*size)
	}
}

// modemOptions reads capabilities as bytes (option 125).
func (c *cursor) modemOptions(dst *[]Node) {
	for c.left() > 0 {
		code, size := uint64(c.peek(0, 1)), c.peek(1, 1)
		if !c.ok(2 + size) {
			return
		}
		o := c.over(dst, modemType, 2+size)
		inner := *c
		inner.skip(2)
		inner.capability(o, code, c.data[c.pos+2:c.pos+2+size])
		c.skip(2 + size)
	}
}

// capability adds what a capability's value means.
func (c *cursor) capability(o *Node, code uint64, value []byte) {
	o.Uint, o.Show = code, showEnum(modemType.Names, code)+": "+showBytes(value)
	switch {
	case code == 16 && len(value) >= 4:
		c.bits(&o.Children, modemHold, 4, number(value[2:4]))
	case code == 21 && len(value) > 0:
		c.bits(&o.Children, modemRate, 1, uint64(value[0]))
	case code == 41 && len(value) >= 4:
		c.bits(&o.Children, modemMPLS, 4, number(value[:4]))
	}
}
