package layers

import "strconv"

var wlanElements = map[int]string{
	0: "network's name", 1: "rates", 3: "channel", 5: "traffic map", 7: "country", 11: "load", 16: "challenge", 32: "power constraint", 33: "power capability", 35: "power report",
	37: "channel switch", 42: "802.11g protection", 45: "802.11n capabilities", 48: "security", 50: "more rates", 61: "802.11n operation", 127: "extended capabilities", 191: "802.11ac capabilities",
	192: "802.11ac operation", 221: "vendor's own", 255: "extension",
}

func elementRow(f *Field) *Field { return describeOne(WLANMgt, elementRFC, little(f)[0]) }

// each makes a reader of a list of rows of one size.
func each(f *Field) func(*cursor, *[]Node) {
	return func(c *cursor, dst *[]Node) { c.list(dst, f) }
}

// bitsOf are single bits that a capability has, by their numbers.
func bitsOf(prefix, what string, from, to int) []*Field {
	var rows []*Field
	for i := from; i < to; i++ {
		rows = append(rows, flag(1<<(i-from), prefix+strconv.Itoa(i), what+" "+strconv.Itoa(i), "One capability: bit "+strconv.Itoa(i)+" of the standard's list."))
	}
	return rows
}

var (
	ssidRow     = elementRow(textRow(0, 0, "wlan.ssid", "network's name", "The name of the network; empty: any, or hidden."))
	challenge   = elementRow(bytesRow(0, 0, "wlan.tag.challenge_text", "challenge", "What the station has to encrypt to show that it knows the key."))
	rateRow     = elementRow(hexRow(0, 1, "wlan.supported_rates", "rate", "A rate in units of 500 kbit/s; the upper bit is set when every station must know it."))
	moreRateRow = elementRow(hexRow(0, 1, "wlan.extended_supported_rates", "rate", "A rate in units of 500 kbit/s; the upper bit is set when every station must know it."))
	timRows     = []*Field{
		elementRow(uintRow(0, 1, "wlan.tim.dtim_count", "beacons to go", "How many beacons come before the next one after which broadcasts are sent.")),
		elementRow(uintRow(0, 1, "wlan.tim.dtim_period", "period", "How many beacons there are between two such.")),
		elementRow(split(hexRow(0, 1, "wlan.tim.bmapctl", "control", "For whom there is traffic."), flag(0x01, "wlan.tim.bmapctl.multicast", "broadcasts", "Set when broadcasts follow this beacon."), part(0xfe, "wlan.tim.bmapctl.offset", "offset", "Where the bitmap begins, in units of 2 bytes."))),
	}
	timBitmap   = elementRow(bytesRow(0, 0, "wlan.tim.partial_virtual_bitmap", "bitmap", "A bit for each station that sleeps, set when something waits for it."))
	countryRows = []*Field{elementRow(textRow(0, 2, "wlan.country_info.code", "country", "The country whose rules hold.")), elementRow(uintRow(0, 1, "wlan.country_info.environment", "environment", "Whether the rules are those for indoors or outdoors."))}
	countryBand = elementRow(&Field{Name: "wlan.country_info.fnm", Label: "channels", Type: TypeNone, Size: 3, Help: "Some channels that may be used.", Sub: []*Field{
		uintRow(0, 1, "wlan.country_info.fnm.fcn", "first channel", "The number of the first."), uintRow(1, 1, "wlan.country_info.fnm.nc", "number of channels", "How many."), uintRow(2, 1, "wlan.country_info.fnm.mtpl", "maximum power", "How strongly one may send, in dB over a milliwatt.")}})
	erpRow = elementRow(split(hexRow(0, 1, "wlan.erp_info", "protection", "How stations of 802.11b are cared for."), flag(1, "wlan.erp_info.erp_present", "802.11b present", "Set when such a station is there."),
		flag(2, "wlan.erp_info.use_protection", "protect", "Set when frames have to be announced so that it keeps quiet."), flag(4, "wlan.erp_info.barker_preamble_mode", "long preambles", "Set when the long preamble has to be used."), part(0xf8, "wlan.erp_info.reserved", "reserved", "Zero.")))
	htCapabilities = elementRow(split(hexRow(0, 2, "wlan.ht.capabilities", "802.11n capabilities", "What the sender can do of 802.11n."),
		flag(0x0001, "wlan.ht.capabilities.ldpccoding", "LDPC", "Errors can be corrected by LDPC."), flag(0x0002, "wlan.ht.capabilities.width", "40 MHz", "Channels of 40 MHz can be used."), part(0x000c, "wlan.ht.capabilities.sm", "power saving", "Which antennas sleep: 0 all but one, 1 all but one until needed, 3 none."),
		flag(0x0010, "wlan.ht.capabilities.green", "greenfield", "Headers without the part for older stations can be read."), flag(0x0020, "wlan.ht.capabilities.short20", "short guard interval, 20 MHz", "The short pause can be used at 20 MHz."), flag(0x0040, "wlan.ht.capabilities.short40", "short guard interval, 40 MHz", "The short pause can be used at 40 MHz."),
		flag(0x0080, "wlan.ht.capabilities.txstbc", "space-time code, sending", "A space-time code can be sent."), part(0x0300, "wlan.ht.capabilities.rxstbc", "space-time code, receiving", "How many streams of one can be received."), flag(0x0400, "wlan.ht.capabilities.delayedblockack", "delayed acknowledgment", "Blocks can be acknowledged later."),
		flag(0x0800, "wlan.ht.capabilities.amsdu", "long aggregates", "Aggregates may have 7935 bytes."), flag(0x1000, "wlan.ht.capabilities.dsscck", "802.11b in 40 MHz", "The old rates may be used at 40 MHz."), flag(0x2000, "wlan.ht.capabilities.psmp", "PSMP", "Power saving by a schedule can be done."),
		flag(0x4000, "wlan.ht.capabilities.40mhzintolerant", "no 40 MHz", "Others must not use 40 MHz here."), flag(0x8000, "wlan.ht.capabilities.lsig", "L-SIG protection", "The older header can protect what follows.")))
	htAggregate = elementRow(split(hexRow(0, 1, "wlan.ht.ampduparam", "aggregates", "Which aggregates can be received."), part(0x03, "wlan.ht.ampduparam.maxlength", "longest", "Two to the power of 13 and this, in bytes."),
		part(0x1c, "wlan.ht.ampduparam.mpdudensity", "density", "How long a pause must be between two frames of an aggregate."), part(0xe0, "wlan.ht.ampduparam.reserved", "reserved", "Zero.")))
	htRates = elementRow(&Field{Name: "wlan.ht.mcsset", Label: "rates", Type: TypeNone, Size: 16, Help: "Which rates of 802.11n can be used.", Sub: []*Field{
		{Name: "wlan.ht.mcsset.rxbitmask", Label: "receiving", Type: TypeNone, At: 0, Size: 10, Help: "A bit for each rate.", Sub: append(append(inWord(0, 4,
			part(0x000000ff, "wlan.ht.mcsset.rxbitmask.0to7", "rates 0 to 7", "One stream."), part(0x0000ff00, "wlan.ht.mcsset.rxbitmask.8to15", "rates 8 to 15", "Two streams."),
			part(0x00ff0000, "wlan.ht.mcsset.rxbitmask.16to23", "rates 16 to 23", "Three streams."), part(0xff000000, "wlan.ht.mcsset.rxbitmask.24to31", "rates 24 to 31", "Four streams.")),
			inWord(4, 4, part(0x00000001, "wlan.ht.mcsset.rxbitmask.32", "rate 32", "The slowest of 40 MHz."), part(0x0000007e, "wlan.ht.mcsset.rxbitmask.33to38", "rates 33 to 38", "Two streams, unequal."), part(0x001fff80, "wlan.ht.mcsset.rxbitmask.39to52", "rates 39 to 52", "Three streams, unequal."))...),
			inWord(6, 4, part(0x1fffffe0, "wlan.ht.mcsset.rxbitmask.53to76", "rates 53 to 76", "Four streams, unequal."))...)},
		{Name: "wlan.ht.mcsset.highestdatarate", Label: "highest rate", Type: TypeUint, At: 10, Size: 2, Mask: 0x03ff, Help: "The highest rate that can be received, in Mbit/s."},
		{Name: "wlan.ht.mcsset.txsetdefined", Label: "sending told", Type: TypeBool, At: 12, Size: 1, Mask: 0x01, Help: "Set when the rates for sending are told."},
		{Name: "wlan.ht.mcsset.txrxmcsnotequal", Label: "sending differs", Type: TypeBool, At: 12, Size: 1, Mask: 0x02, Help: "Set when they differ from those for receiving."},
		{Name: "wlan.ht.mcsset.txmaxss", Label: "streams", Type: TypeUint, At: 12, Size: 1, Mask: 0x0c, Help: "How many streams can be sent, counted from 0."},
		{Name: "wlan.ht.mcsset.txunequalmod", Label: "unequal", Type: TypeBool, At: 12, Size: 1, Mask: 0x10, Help: "Set when streams of different rates can be sent."}}})
	htInfo = []*Field{elementRow(uintRow(0, 1, "wlan.ht.info.primarychannel", "primary channel", "The channel on which beacons come.")),
		elementRow(split(hexRow(0, 1, "wlan.ht.info.delim1", "first part", "The channel's width."), part(0x03, "wlan.ht.info.secchanoffset", "second channel", "0 none, 1 above, 3 below."), flag(0x04, "wlan.ht.info.chanwidth", "any width", "Set when 40 MHz may be used."),
			flag(0x08, "wlan.ht.info.rifs", "short spaces", "Set when frames may follow each other quickly."), part(0xf0, "wlan.ht.info.reserved_b4_b7", "reserved", "Zero."))),
		elementRow(split(hexRow(0, 2, "wlan.ht.info.delim2", "second part", "How older stations are cared for."), part(0x0003, "wlan.ht.info.ht_protection", "protection", "How much protection is needed."), flag(0x0004, "wlan.ht.info.greenfield", "no greenfield", "Set when a station cannot read greenfield headers."), part(0x0008, "wlan.ht.info.reserved_b11", "reserved", "Zero."),
			flag(0x0010, "wlan.ht.info.obssnonht", "older neighbours", "Set when older stations of other cells are near."), part(0x1fe0, "wlan.ht.info.chan_center_freq_seg_2", "second middle", "The middle of a second part of the channel."), part(0xe000, "wlan.ht.info.reserved_b21_b23", "reserved", "Zero."))),
		elementRow(split(hexRow(0, 2, "wlan.ht.info.delim3", "third part", "How beacons and protection are done."), part(0x003f, "wlan.ht.info.reserved_b24_b29", "reserved", "Zero."), flag(0x0040, "wlan.ht.info.dualbeacon", "two beacons", "Set when a second beacon is sent."), flag(0x0080, "wlan.ht.info.dualcts", "two CTS", "Set when two CTS are needed."),
			flag(0x0100, "wlan.ht.info.secondarybeacon", "second beacon", "Set in the second beacon."), flag(0x0200, "wlan.ht.info.lsigprotsupport", "L-SIG protection", "Set when all stations can do that."), flag(0x0400, "wlan.ht.info.pco.active", "phased", "Set when widths alternate."), flag(0x0800, "wlan.ht.info.pco.phase", "phase", "Set in the phase of 40 MHz."), part(0xf000, "wlan.ht.info.reserved_b36_b39", "reserved", "Zero.")))}
	loadRows = []*Field{elementRow(uintRow(0, 2, "wlan.qbss.scount", "stations", "How many stations are in the cell.")), elementRow(uintRow(0, 1, "wlan.qbss.cu", "channel use", "How much of the time the channel is busy, of 255.")), elementRow(uintRow(0, 2, "wlan.qbss.adc", "admission", "How much time is left for new streams, in units of 32 µs per second."))}
	loadKind = elementRow(uintRow(0, 5, "wlan.qbss.version", "kind", "Which layout the element has; it follows from its length."))

	wlanElementReaders = map[int]func(*cursor, *[]Node){
		0: func(c *cursor, dst *[]Node) { c.rest(dst, ssidRow) },
		1: each(rateRow), 50: each(moreRateRow),
		3: exactly(1, elementRow(uintRow(0, 1, "wlan.ds.current_channel", "channel", "The channel that the cell is on."))),
		5: func(c *cursor, dst *[]Node) {
			c.all(dst, timRows...)
			c.rest(dst, timBitmap)
		},
		7: func(c *cursor, dst *[]Node) {
			c.all(dst, countryRows...)
			c.list(dst, countryBand)
		},
		11: func(c *cursor, dst *[]Node) {
			if c.left() == 5 {
				c.over(dst, loadKind, 5)
				c.all(dst, loadRows...)
			}
		},
		16: func(c *cursor, dst *[]Node) { c.rest(dst, challenge) },
		32: exactly(1, elementRow(uintRow(0, 1, "wlan.powercon.local", "constraint", "How much less than the country allows one may send, in dB."))),
		33: exactly(2, elementRow(intRow(0, 1, "wlan.powercap.min", "least power", "The least power that the station can send with, in dB over a milliwatt.")), elementRow(intRow(0, 1, "wlan.powercap.max", "most power", "The most power that it can send with."))),
		35: exactly(2, elementRow(intRow(0, 1, "wlan.tcprep.trsmt_pow", "power", "How strongly this was sent, in dB over a milliwatt.")), elementRow(uintRow(0, 1, "wlan.tcprep.link_mrg", "margin", "How much weaker it could have been."))),
		37: exactly(3, elementRow(uintRow(0, 1, "wlan.csa.channel_switch_mode", "mode", "1: be silent until the switch.")), elementRow(uintRow(0, 1, "wlan.csa.new_channel_number", "new channel", "Where the cell goes.")), elementRow(uintRow(0, 1, "wlan.csa.channel_switch.count", "count", "In how many beacons."))),
		42: exactly(1, erpRow), 47: exactly(1, erpRow),
		45:  exactly(26, htCapabilities, htAggregate, htRates, htExtended, htBeams, htAntennas),
		48:  (*cursor).rsn,
		61:  exactly(22, append(append([]*Field{}, htInfo...), htRates)...),
		70:  (*cursor).measurements,
		127: (*cursor).extendedCapabilities,
		191: exactly(12, vhtCapabilities, vhtRates),
		192: exactly(5, vhtOperation, vhtBasic),
		221: (*cursor).vendorElement,
	}
)

// extendedCapabilities reads a byte for every eight capabilities.
func (c *cursor) extendedCapabilities(dst *[]Node) {
	for i := 0; c.left() > 0; i++ {
		n := c.node(extCapByte, c.pos, 1)
		if i < len(extCaps) {
			n.Children, _ = c.fixed(nil, extCaps[i], c.pos, c.span)
		}
		*dst = append(*dst, n)
		c.skip(1)
	}
}

var (
	extCapByte = elementRow(hexRow(0, 1, "wlan.extcap", "capabilities", "Eight capabilities, a bit for each."))
	extCaps    = func() (all [8][]*Field) {
		for i := range all {
			all[i] = bitsOf("wlan.extcap.b", "capability", i*8, i*8+8)
		}
		all[5] = append([]*Field{flag(1, "wlan.extcap.b40", "capability 40", "One capability: bit 40 of the standard's list."), part(0x0e, "wlan.extcap.serv_int_granularity", "service interval", "How finely service intervals can be told.")}, all[5][4:]...)
		for i := range all {
			for _, f := range inWord(0, 1, all[i]...) {
				elementRow(f)
			}
		}
		return all
	}()
)
