package layers

// More of 802.11n's capabilities, which concern antennas and beams, and the
// measurements that a station can make for others.

var (
	htExtended = elementRow(split(hexRow(0, 2, "wlan.htex.capabilities", "extended capabilities", "What else the sender can do of 802.11n."),
		flag(0x0001, "wlan.htex.capabilities.pco", "phased", "The channel's width can alternate."), part(0x0006, "wlan.htex.capabilities.transtime", "transition", "How long that takes."), part(0x0300, "wlan.htex.capabilities.mcs", "rates told", "Whether the best rate is told."),
		flag(0x0400, "wlan.htex.capabilities.htc", "HT control", "The field of that name can be read."), flag(0x0800, "wlan.htex.capabilities.rdresponder", "reverse direction", "It can answer within another's time.")))
	htBeams = elementRow(split(hexRow(0, 4, "wlan.txbf", "beams", "What the sender can do of beams."),
		flag(0x00000001, "wlan.txbf.txbf", "receiving", "A beam can be received."), flag(0x00000002, "wlan.txbf.rxss", "staggered measuring, receiving", "The channel can be measured in steps."), flag(0x00000004, "wlan.txbf.txss", "staggered measuring, sending", "Frames for that can be sent."),
		flag(0x00000008, "wlan.txbf.rxndp", "null packets, receiving", "Empty packets for measuring can be received."), flag(0x00000010, "wlan.txbf.txndp", "null packets, sending", "Empty packets for measuring can be sent."), flag(0x00000020, "wlan.txbf.impltxbf", "implicit", "A beam can be formed from what was received."),
		part(0x000000c0, "wlan.txbf.calibration", "calibration", "How the radios can be calibrated."), flag(0x00000100, "wlan.txbf.csi", "by channel state", "A beam can be formed from the other's channel state."), flag(0x00000200, "wlan.txbf.fm.uncompressed.tbf", "by matrix", "A beam can be formed from the other's matrix."),
		flag(0x00000400, "wlan.txbf.fm.compressed.tbf", "by compressed matrix", "A beam can be formed from the other's compressed matrix."), part(0x00001800, "wlan.txbf.rcsi", "channel state told", "Whether and when the channel state is told."), part(0x00006000, "wlan.txbf.fm.uncompressed.rbf", "matrix told", "Whether and when the matrix is told."),
		part(0x00018000, "wlan.txbf.fm.compressed.bf", "compressed matrix told", "Whether and when the compressed matrix is told."), part(0x00060000, "wlan.txbf.mingroup", "grouping", "How many carriers are told as one."), part(0x00180000, "wlan.txbf.csinumant", "antennas, channel state", "For how many antennas the channel state can be told."),
		part(0x00600000, "wlan.txbf.fm.uncompressed.maxant", "antennas, matrix", "For how many antennas the matrix can be told."), part(0x01800000, "wlan.txbf.fm.compressed.maxant", "antennas, compressed matrix", "For how many antennas the compressed matrix can be told."), part(0x06000000, "wlan.txbf.csi.maxrows", "rows", "How many rows of channel state can be used."),
		part(0x18000000, "wlan.txbf.channelest", "streams measured", "For how many streams the channel can be measured."), part(0xe0000000, "wlan.txbf.reserved", "reserved", "Zero.")))
	htAntennas = elementRow(split(hexRow(0, 1, "wlan.asel", "antenna selection", "Whether antennas can be chosen."),
		flag(0x01, "wlan.asel.capable", "capable", "Antennas can be chosen."), flag(0x02, "wlan.asel.txcsi", "sending, by channel state", "Antennas for sending are chosen by the other's channel state."), flag(0x04, "wlan.asel.txif", "sending, by indices", "Antennas for sending are chosen by the other's indices."), flag(0x08, "wlan.asel.csi", "channel state told", "The channel state is told."),
		flag(0x10, "wlan.asel.if", "indices told", "The indices are told."), flag(0x20, "wlan.asel.rx", "receiving", "Antennas for receiving can be chosen."), flag(0x40, "wlan.asel.sppdu", "measuring", "Frames for measuring can be sent."), part(0x80, "wlan.asel.reserved", "reserved", "Zero.")))

	measureByte = elementRow(hexRow(0, 1, "wlan.rmcap", "measurements", "Which measurements the sender can make, a bit for each."))
	measureBits = func() (all [5][]*Field) {
		for i := range all {
			all[i] = bitsOf("wlan.rmcap.b", "measurement", i*8, min(i*8+8, 36))
		}
		all[2] = append(all[2][:2], part(0x1c, "wlan.rmcap.b18to20", "measurements at work", "How long a measurement on the own channel can be."), part(0xe0, "wlan.rmcap.b21to23", "measurements elsewhere", "How long a measurement on another channel can be."))
		all[3] = append([]*Field{part(0x07, "wlan.rmcap.b24to26", "pilots", "How pilots can be measured.")}, all[3][3:]...)
		all[4] = append(all[4], part(0xf0, "wlan.rmcap.o5", "reserved", "Zero."))
		for i := range all {
			for _, f := range inWord(0, 1, all[i]...) {
				elementRow(f)
			}
		}
		return all
	}()

	wmeStation = elementRow(split(hexRow(0, 1, "wlan.wfa.ie.wme.qos_info", "QoS information", "For which classes the station saves power."), part(0x60, "wlan.wfa.ie.wme.qos_info.sta.max_sp_length", "frames at a time", "How many frames may come when it is awake: 0 is all."),
		flag(0x08, "wlan.wfa.ie.wme.qos_info.sta.ac_be", "best effort", "Set when this class waits until it is fetched."), flag(0x04, "wlan.wfa.ie.wme.qos_info.sta.ac_bk", "background", "Set when this class waits until it is fetched."),
		flag(0x02, "wlan.wfa.ie.wme.qos_info.sta.ac_vi", "video", "Set when this class waits until it is fetched."), flag(0x01, "wlan.wfa.ie.wme.qos_info.sta.ac_vo", "voice", "Set when this class waits until it is fetched."), part(0x90, "wlan.wfa.ie.wme.qos_info.sta.reserved", "reserved", "Zero.")))
)

// measurements reads the element that tells which measurements can be made.
func (c *cursor) measurements(dst *[]Node) {
	if c.left() != len(measureBits) {
		return
	}
	for _, rows := range measureBits {
		n := c.node(measureByte, c.pos, 1)
		n.Children, _ = c.fixed(nil, rows, c.pos, c.span)
		*dst = append(*dst, n)
		c.skip(1)
	}
}

// exactly makes a reader of rows that are there when the element has their
// size, and else not.
func exactly(size int, rows ...*Field) func(*cursor, *[]Node) {
	return func(c *cursor, dst *[]Node) {
		if c.left() == size {
			c.all(dst, rows...)
		}
	}
}
