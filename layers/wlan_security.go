package layers

import "strconv"

// Elements about security, of 802.11ac, and of vendors.

var (
	rsnVersion = elementRow(uintRow(0, 2, "wlan.rsn.version", "version", "The version of this element: 1."))
	rsnGroup   = suiteRow("wlan.rsn.gcs", "group cipher", "How broadcasts are encrypted.")
	rsnPairs   = [3]*Field{elementRow(uintRow(0, 2, "wlan.rsn.pcs.count", "pairwise ciphers", "How many ciphers follow.")), elementRow(bytesRow(0, 0, "wlan.rsn.pcs.list", "pairwise ciphers", "How frames to one station are encrypted.")), suiteRow("wlan.rsn.pcs", "pairwise cipher", "One cipher.")}
	rsnKeys    = [3]*Field{elementRow(uintRow(0, 2, "wlan.rsn.akms.count", "key managements", "How many ways to agree on a key follow.")), elementRow(bytesRow(0, 0, "wlan.rsn.akms.list", "key managements", "How a key is agreed on.")), suiteRow("wlan.rsn.akms", "key management", "One way to agree on a key.")}
	rsnCaps    = elementRow(split(hexRow(0, 2, "wlan.rsn.capabilities", "capabilities", "What else the sender can do about security."),
		flag(0x0001, "wlan.rsn.capabilities.preauth", "in advance", "Set when a station may authenticate before it comes."), flag(0x0002, "wlan.rsn.capabilities.no_pairwise", "no pairwise", "Set when the group's key alone can be used with old ciphers."),
		part(0x000c, "wlan.rsn.capabilities.ptksa_replay_counter", "pairwise counters", "How many counters against replays there are."), part(0x0030, "wlan.rsn.capabilities.gtksa_replay_counter", "group counters", "How many counters against replays there are."),
		flag(0x0040, "wlan.rsn.capabilities.mfpr", "management protected", "Set when management frames must be protected."), flag(0x0080, "wlan.rsn.capabilities.mfpc", "management can be protected", "Set when management frames can be protected."),
		flag(0x0100, "wlan.rsn.capabilities.jmr", "several bands", "Set when security is for several bands together."), flag(0x0200, "wlan.rsn.capabilities.peerkey", "peer keys", "Set when stations can have keys among themselves."),
		flag(0x2000, "wlan.rsn.capabilities.extended_key_id_iaf", "extended key numbers", "Set when two keys to one station can be in use.")))
	pmkCount = elementRow(uintRow(0, 2, "wlan.rsn.pmkid.count", "known keys", "How many keys of earlier times are offered."))
	pmkList  = elementRow(bytesRow(0, 0, "wlan.rsn.pmkid.list", "known keys", "Keys of earlier times."))
	pmkID    = elementRow(bytesRow(0, 16, "wlan.pmkid.akms", "key's name", "The name of a key of an earlier time."))
	rsnMgt   = suiteRow("wlan.rsn.gmcs", "management cipher", "How broadcasts of management are protected.")

	wpaVersion = elementRow(uintRow(0, 2, "wlan.wfa.ie.wpa.version", "version", "The version of this element: 1."))
	wpaGroup   = suiteRow("wlan.wfa.ie.wpa.mcs", "group cipher", "How broadcasts are encrypted.")
	wpaPairs   = [3]*Field{elementRow(uintRow(0, 2, "wlan.wfa.ie.wpa.ucs.count", "pairwise ciphers", "How many ciphers follow.")), elementRow(bytesRow(0, 0, "wlan.wfa.ie.wpa.ucs.list", "pairwise ciphers", "How frames to one station are encrypted.")), suiteRow("wlan.wfa.ie.wpa.ucs", "pairwise cipher", "One cipher.")}
	wpaKeys    = [3]*Field{elementRow(uintRow(0, 2, "wlan.wfa.ie.wpa.akms.count", "key managements", "How many ways to agree on a key follow.")), elementRow(bytesRow(0, 0, "wlan.wfa.ie.wpa.akms.list", "key managements", "How a key is agreed on.")), wpaKeyRow()}
)

// suiteRow is a cipher or a way to agree on a key: who defined it, and which.
func suiteRow(name, label, help string) *Field {
	return describeOne(WLANMgt, "IEEE 802.11 sec. 9.4.2.25", &Field{Name: name, Label: label, Type: TypeBytes, Size: 4, Help: help, Sub: []*Field{
		hexRow(0, 3, name+".oui", label+"'s organisation", "Who defined it."), uintRow(3, 1, name+".type", label+"'s number", "Which of those it defined.")}})
}

func wpaKeyRow() *Field {
	f := suiteRow("wlan.wfa.ie.wpa.akms", "key management", "One way to agree on a key.")
	f.Sub[1].Name = "wlan.wfa.ie.wpa.type" // so Wireshark calls it
	return f
}

// suites reads a count and a list of suites.
func (c *cursor) suites(dst *[]Node, rows [3]*Field) {
	if c.left() < 2 {
		return
	}
	n := c.take(dst, rows[0], 2)
	size := int(n.Uint) * 4
	if size == 0 || size > c.left() {
		return
	}
	list := c.cut(size)
	node := c.node(rows[1], list.pos, size)
	list.list(&node.Children, rows[2])
	*dst = append(*dst, node)
}

// rsn reads the element about security of 802.11i; it may end after any part.
func (c *cursor) rsn(dst *[]Node) {
	c.all(dst, rsnVersion)
	if c.left() < 4 {
		return
	}
	c.all(dst, rsnGroup)
	c.suites(dst, rsnPairs)
	c.suites(dst, rsnKeys)
	if c.left() < 2 {
		return
	}
	c.all(dst, rsnCaps)
	if c.left() < 2 {
		return
	}
	n := int(c.take(dst, pmkCount, 2).Uint) * 16
	if n > 0 && n <= c.left() {
		list := c.cut(n)
		node := c.node(pmkList, list.pos, n)
		list.list(&node.Children, pmkID)
		*dst = append(*dst, node)
	}
	if c.left() >= 4 {
		c.all(dst, rsnMgt)
	}
}

var (
	vendorOUI  = elementRow(hexRow(0, 3, "wlan.tag.oui", "vendor", "Who defines the rest of the element."))
	vendorType = elementRow(uintRow(0, 1, "wlan.tag.vendor.oui.type", "type", "Which of the vendor's elements this is."))
	vendorData = elementRow(bytesRow(0, 0, "wlan.tag.vendor.data", "value", "What the vendor tells; no table describes it."))
	wfaType    = elementRow(uintRow(0, 1, "wlan.wfa.ie.type", "type", "Which element it is: 1 security, 2 priorities."))
	wmeStart   = []*Field{elementRow(uintRow(0, 1, "wlan.wfa.ie.wme.subtype", "subtype", "0: that priorities can be had; 1: how they are.")), elementRow(uintRow(0, 1, "wlan.wfa.ie.wme.version", "version", "The version of this element: 1."))}
	wmeInfo    = elementRow(split(hexRow(0, 1, "wlan.wfa.ie.wme.qos_info", "QoS information", "How the access point saves power, and which list of parameters this is."), flag(0x80, "wlan.wfa.ie.wme.qos_info.ap.u_apsd", "automatic power saving", "Set when stations can fetch what waits for them."),
		part(0x0f, "wlan.wfa.ie.wme.qos_info.ap.parameter_set_count", "list's number", "Changes when the list changes."), part(0x70, "wlan.wfa.ie.wme.qos_info.ap.reserved", "reserved", "Zero.")))
	wmeReserved = elementRow(bytesRow(0, 1, "wlan.wfa.ie.wme.reserved", "reserved", "Zero."))
	wmeClass    = elementRow(&Field{Name: "wlan.wfa.ie.wme.acp", Label: "class of traffic", Type: TypeNone, Size: 4, Help: "How one class of traffic competes for the medium.", Sub: []*Field{
		split(hexRow(0, 1, "wlan.wfa.ie.wme.acp.aci_aifsn", "class", "Which class, and how long it waits."), part(0x0f, "wlan.wfa.ie.wme.acp.aifsn", "waiting", "How many slots it waits."), flag(0x10, "wlan.wfa.ie.wme.acp.acm", "admission", "Set when one has to ask first."), named(0x60, "wlan.wfa.ie.wme.acp.aci", "class", map[uint64]string{0: "best effort", 1: "background", 2: "video", 3: "voice"}, "Which class."), part(0x80, "wlan.wfa.ie.wme.acp.reserved", "reserved", "Zero.")),
		{Name: "wlan.wfa.ie.wme.acp.ecw", Label: "windows", Type: TypeHex, At: 1, Size: 1, Help: "From which range a random wait is chosen.", Sub: append(inWord(1, 1, part(0xf0, "wlan.wfa.ie.wme.acp.ecw.max", "largest window's exponent", "Two to this power, less one, is the largest."), part(0x0f, "wlan.wfa.ie.wme.acp.ecw.min", "smallest window's exponent", "Two to this power, less one, is the smallest.")),
			uintRow(1, 1, "wlan.wfa.ie.wme.acp.cw.max", "largest window", "The largest range of the random wait."), uintRow(1, 1, "wlan.wfa.ie.wme.acp.cw.min", "smallest window", "The smallest range of the random wait."))},
		uintRow(2, 2, "wlan.wfa.ie.wme.acp.txop_limit", "limit", "How long the class may send, in units of 32 µs.")}})
)

const (
	ouiMicrosoft = 0x0050f2
	wfaWPA       = 1
	wfaWME       = 2
)

// vendorElement reads an element of a vendor; Microsoft's are in use as the
// alliance's.
func (c *cursor) vendorElement(dst *[]Node) {
	oui := c.peek(0, 3)
	c.all(dst, vendorOUI)
	if c.left() == 0 || *c.broken {
		return
	}
	kind := c.peek(0, 1)
	c.over(dst, vendorType, 1)
	if oui != ouiMicrosoft {
		c.rest(dst, vendorData)
		return
	}
	c.all(dst, wfaType)
	if kind != wfaWPA && kind != wfaWME {
		c.rest(dst, vendorData)
		return
	}
	if kind == wfaWPA {
		c.all(dst, wpaVersion)
		if c.left() >= 4 {
			c.all(dst, wpaGroup)
			c.suites(dst, wpaPairs)
			c.suites(dst, wpaKeys)
		}
		return
	}
	sub := c.peek(0, 1)
	c.all(dst, wmeStart...)
	info := wmeInfo
	if c.fromStation {
		info = wmeStation
	}
	switch sub {
	case 0:
		c.all(dst, info)
	case 1:
		c.all(dst, info, wmeReserved)
		c.list(dst, wmeClass)
	default:
		c.rest(dst, vendorData)
	}
}

var (
	vhtCapabilities = elementRow(split(hexRow(0, 4, "wlan.vht.capabilities", "802.11ac capabilities", "What the sender can do of 802.11ac."),
		part(0x00000003, "wlan.vht.capabilities.maxmpdulength", "longest frame", "0: 3895, 1: 7991, 2: 11454 bytes."), part(0x0000000c, "wlan.vht.capabilities.supportedchanwidthset", "widths", "Which widths above 80 MHz can be used."), flag(0x00000010, "wlan.vht.capabilities.rxldpc", "LDPC", "Errors can be corrected by LDPC."),
		flag(0x00000020, "wlan.vht.capabilities.short80", "short guard interval, 80 MHz", "The short pause can be used at 80 MHz."), flag(0x00000040, "wlan.vht.capabilities.short160", "short guard interval, 160 MHz", "The short pause can be used at 160 MHz."), flag(0x00000080, "wlan.vht.capabilities.txstbc", "space-time code, sending", "A space-time code can be sent."),
		part(0x00000700, "wlan.vht.capabilities.rxstbc", "space-time code, receiving", "How many streams of one can be received."), flag(0x00000800, "wlan.vht.capabilities.subeamformer", "beam, sending", "A beam to one station can be formed."), flag(0x00001000, "wlan.vht.capabilities.subeamformee", "beam, receiving", "The channel can be measured for a beam."),
		part(0x0000e000, "wlan.vht.capabilities.beamformee_sts_cap", "beam's streams", "How many streams of a beam can be received."), part(0x00070000, "wlan.vht.capabilities.soundingdimensions", "dimensions", "How many antennas measure the channel."), flag(0x00080000, "wlan.vht.capabilities.mubeamformer", "beams, sending", "Beams to several stations can be formed."),
		flag(0x00100000, "wlan.vht.capabilities.mubeamformee", "beams, receiving", "One of several beams can be received."), flag(0x00200000, "wlan.vht.capabilities.vhttxopps", "power saving", "A station may sleep while others are sent to."), flag(0x00400000, "wlan.vht.capabilities.vhthtc", "HT control", "The field of that name can be read."),
		part(0x03800000, "wlan.vht.capabilities.maxampdu", "longest aggregate", "Two to the power of 13 and this, in bytes."), part(0x0c000000, "wlan.vht.capabilities.linkadapt", "rates told", "Whether the best rate is told."), flag(0x10000000, "wlan.vht.capabilities.rxpatconsist", "steady receiving", "The antennas' pattern stays when receiving."),
		flag(0x20000000, "wlan.vht.capabilities.txpatconsist", "steady sending", "The antennas' pattern stays when sending."), part(0xc0000000, "wlan.vht.capabilities.ext_nss_bw_support", "streams by width", "How many streams at the greatest widths.")))
	vhtRates = elementRow(&Field{Name: "wlan.vht.mcsset", Label: "rates", Type: TypeNone, Size: 8, Help: "Which rates of 802.11ac can be used.", Sub: []*Field{
		vhtMap(0, "wlan.vht.mcsset.rxmcsmap", "receiving"),
		{Name: "wlan.vht.mcsset.rxhighestlonggirate", Label: "highest rate, receiving", Type: TypeUint, At: 2, Size: 2, Mask: 0x1fff, Help: "The highest rate that can be received, in Mbit/s."},
		{Name: "wlan.vht.mcsset.max_nsts_total", Label: "streams", Type: TypeUint, At: 2, Size: 2, Mask: 0xe000, Help: "How many space-time streams there may be together."},
		vhtMap(4, "wlan.vht.mcsset.txmcsmap", "sending"),
		{Name: "wlan.vht.mcsset.txhighestlonggirate", Label: "highest rate, sending", Type: TypeUint, At: 6, Size: 2, Mask: 0x1fff, Help: "The highest rate that can be sent, in Mbit/s."},
		{Name: "wlan.vht.ncsset.ext_nss_bw_cap", Label: "streams by width", Type: TypeBool, At: 6, Size: 2, Mask: 0x2000, Help: "Set when streams by width are told."},
		{Name: "wlan.vht.ncsset.reserved", Label: "reserved", Type: TypeUint, At: 6, Size: 2, Mask: 0xc000, Help: "Zero."}}})
	vhtOperation = elementRow(&Field{Name: "wlan.vht.op", Label: "802.11ac operation", Type: TypeNone, Size: 3, Help: "Which channel of 802.11ac the cell uses.", Sub: []*Field{
		uintRow(0, 1, "wlan.vht.op.channelwidth", "width", "0: up to 40 MHz; 1: 80 MHz or more."), uintRow(1, 1, "wlan.vht.op.channelcenter0", "middle", "The channel's middle."), uintRow(2, 1, "wlan.vht.op.channelcenter1", "second middle", "The middle of 160 MHz, or of a second part.")}})
	vhtBasic = elementRow(vhtMap(0, "wlan.vht.op.basicmcsmap", "all stations"))
)

// vhtMap is a word with two bits for each number of streams.
func vhtMap(at int, name, label string) *Field {
	f := hexRow(at, 2, name, "rates, "+label, "Which rates, by the number of streams.")
	for i := range 8 {
		split(f, part(3<<(2*i), name+".ss"+strconv.Itoa(i+1), "rates of "+strconv.Itoa(i+1), "0: up to 7; 1: up to 8; 2: up to 9; 3: none."))
	}
	return f
}
