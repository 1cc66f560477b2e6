package layers

import "strconv"

// radiotapFields are the fields by their bit in the present word.
var radiotapFields = [radiotapTLVs]radiotapField{
	0:  {8, 8, radioRows(uintRow(0, 8, "radiotap.mactime", "timestamp", "The radio's clock when the frame began, in microseconds."))},
	1:  {1, 1, (*radiotapNote).flags},
	2:  {1, 1, (*radiotapNote).rate},
	3:  {4, 2, radioRows(uintRow(0, 2, "radiotap.channel.freq", "frequency", "The middle of the channel, in MHz."), split(hexRow(2, 2, "radiotap.channel.flags", "channel's flags", "What kind of channel it is."), channelKinds("radiotap.channel.flags.", 0)...))},
	4:  {2, 2, radioRows(uintRow(0, 1, "radiotap.fhss.hopset", "hop set", "Which set of frequencies the radio hops over."), uintRow(1, 1, "radiotap.fhss.pattern", "hop pattern", "In which order."))},
	5:  {1, 1, (*radiotapNote).strength},
	6:  {1, 1, radioRows(intRow(0, 1, "radiotap.dbm_antnoise", "noise", "The strength of the noise, in dB over a milliwatt."))},
	7:  {2, 2, radioRows(uintRow(0, 2, "radiotap.quality", "quality of lock", "How well the receiver was locked on the code."))},
	8:  {2, 2, radioRows(uintRow(0, 2, "radiotap.txattenuation", "attenuation", "How much weaker than at most the frame was sent."))},
	9:  {2, 2, radioRows(uintRow(0, 2, "radiotap.db_txattenuation", "attenuation", "How much weaker than at most the frame was sent, in dB."))},
	10: {1, 1, radioRows(intRow(0, 1, "radiotap.txpower", "power", "How strongly the frame was sent, in dB over a milliwatt."))},
	11: {1, 1, radioRows(uintRow(0, 1, "radiotap.antenna", "antenna", "Which antenna was used; the first is 0."))},
	12: {1, 1, radioRows(uintRow(0, 1, "radiotap.db_antsignal", "signal", "The strength of the frame, in dB over some value."))},
	13: {1, 1, radioRows(uintRow(0, 1, "radiotap.db_antnoise", "noise", "The strength of the noise, in dB over some value."))},
	14: {2, 2, radioRows(split(hexRow(0, 2, "radiotap.rxflags", "receiver's flags", "What the receiver noted."), flag(0x02, "radiotap.rxflags.badplcp", "bad header", "Set when the radio's header was broken.")))},
	15: {2, 2, radioRows(split(hexRow(0, 2, "radiotap.txflags", "sender's flags", "What the sender noted."),
		flag(0x01, "radiotap.rxflags.fail", "failed", "Set when the frame was never acknowledged."), flag(0x02, "radiotap.rxflags.cts", "CTS", "Set when a CTS to itself was sent before."),
		flag(0x04, "radiotap.rxflags.rts", "RTS", "Set when RTS and CTS were sent before."), flag(0x08, "radiotap.rxflags.noack", "no acknowledgment", "Set when no acknowledgment is waited for."),
		flag(0x10, "radiotap.rxflags.noseqno", "own number", "Set when the frame's number is not the driver's."), flag(0x20, "radiotap.rxflags.order", "in order", "Set when the frame must not overtake others.")))},
	16: {1, 1, radioRows(bytesRow(0, 1, "radiotap.tlv.unknown_data", "retries of RTS", "How often an RTS was sent again."))},
	17: {1, 1, radioRows(uintRow(0, 1, "radiotap.data_retries", "retries", "How often the frame was sent again."))},
	18: {8, 4, radioRows(uintRow(6, 1, "radiotap.xchannel.channel", "channel", "The channel's number."), uintRow(4, 2, "radiotap.xchannel.freq", "frequency", "The middle of the channel, in MHz."),
		split(hexRow(0, 4, "radiotap.xchannel.flags", "channel's flags", "What kind of channel it is."), channelKinds("radiotap.xchannel.flags.", 4)...))},
	19: {3, 1, (*radiotapNote).mcs},
	20: {8, 4, (*radiotapNote).aggregate},
	21: {12, 2, (*radiotapNote).vht},
	22: {12, 8, (*radiotapNote).timestamp},
	23: {12, 2, (*radiotapNote).he},
	24: {12, 2, (*radiotapNote).heShared},
	25: {6, 2, func(*radiotapNote, *[]Node, span) {}},
	26: {1, 1, (*radiotapNote).emptyFrame},
	27: {4, 2, (*radiotapNote).legacy},
}

// radioRows makes a reader of rows that have places.
func radioRows(rows ...*Field) func(*radiotapNote, *[]Node, span) {
	describe(Radiotap, radiotapRFC, little(rows...)...)
	return func(n *radiotapNote, dst *[]Node, s span) { *dst, _ = n.fixed(*dst, rows, s.pos, s) }
}

// channelKinds are the flags of a channel from some bit on.
func channelKinds(prefix string, from int) []*Field {
	kinds := []struct{ name, label string }{
		0: {"700mhz", "700 MHz"}, 1: {"800mhz", "800 MHz"}, 2: {"900mhz", "900 MHz"}, 4: {"turbo", "turbo"}, 5: {"cck", "CCK"}, 6: {"ofdm", "OFDM"}, 7: {"2ghz", "2 GHz"}, 8: {"5ghz", "5 GHz"},
		9: {"passive", "passive"}, 10: {"dynamic", "CCK and OFDM"}, 11: {"gfsk", "GFSK"}, 12: {"gsm", "GSM"}, 13: {"sturbo", "static turbo"}, 14: {"half", "half rate"}, 15: {"quarter", "quarter rate"},
		16: {"ht20", "20 MHz"}, 17: {"ht40u", "40 MHz, upwards"}, 18: {"ht40d", "40 MHz, downwards"},
	}
	if from == 0 {
		kinds = kinds[:16]
	}
	var rows []*Field
	for bit := from; bit < len(kinds); bit++ {
		if kinds[bit].name == "" {
			continue
		}
		name := prefix + kinds[bit].name
		if name == "radiotap.xchannel.flags.passive" {
			name = "radiotap.channel.xtype.passive" // so Wireshark calls it
		}
		rows = append(rows, flag(1<<bit, name, kinds[bit].label, "Set on a channel of this kind: "+kinds[bit].label+"."))
	}
	return rows
}

var radiotapFlags = describeOne(Radiotap, radiotapRFC, split(hexRow(0, 1, "radiotap.flags", "flags", "How the frame was sent, and what is there of it."),
	flag(0x01, "radiotap.flags.cfp", "contention-free", "Set when the frame was sent while nobody else might."), flag(0x02, "radiotap.flags.preamble", "short preamble", "Set when the frame began with the short preamble."),
	flag(0x04, "radiotap.flags.wep", "WEP", "Set when the frame was encrypted with WEP."), flag(0x08, "radiotap.flags.frag", "fragmented", "Set when the frame was a fragment."),
	flag(0x10, "radiotap.flags.fcs", "FCS", "Set when the frame has its check sequence at the end."), flag(0x20, "radiotap.flags.datapad", "padded", "Set when the header is padded to a multiple of 4 bytes."),
	flag(0x40, "radiotap.flags.badfcs", "bad FCS", "Set when the check sequence did not fit."), flag(0x80, "radiotap.flags.shortgi", "short guard interval", "Set when the pause between symbols was the short one.")))

func (n *radiotapNote) flags(dst *[]Node, s span) {
	b := n.data[s.pos]
	n.fcs, n.padded = b&0x10 != 0, b&0x20 != 0
	*dst, _ = n.fixed(*dst, []*Field{radiotapFlags}, s.pos, s)
}

var radiotapRate = describeOne(Radiotap, radiotapRFC, uintRow(0, 1, "radiotap.datarate", "rate", "How fast the frame was sent, in units of 500 kbit/s."))

func (n *radiotapNote) rate(dst *[]Node, s span) {
	node := n.node(radiotapRate, s.pos, s.end-s.pos)
	if len(node.Show) > 0 && node.Len == 1 {
		node.Show = strconv.FormatFloat(float64(node.Uint)/2, 'g', -1, 64) + " Mbit/s"
	}
	*dst = append(*dst, node)
}

var radiotapSignal = describeOne(Radiotap, radiotapRFC, intRow(0, 1, "radiotap.dbm_antsignal", "signal", "The strength of the frame, in dB over a milliwatt."))

func (n *radiotapNote) strength(dst *[]Node, s span) {
	node := n.node(radiotapSignal, s.pos, 1)
	if n.signal == "" {
		n.signal = node.Show + " dBm"
	}
	*dst = append(*dst, node)
}

const (
	mcsBandwidth = 0x01
	mcsIndex     = 0x02
	mcsGuard     = 0x04
	mcsStreams   = 0x40
	mcsLast      = 76 // the highest number of 802.11n's rates
)

var (
	mcsAll   = describeOne(Radiotap, radiotapRFC, heading("radiotap.mcs", "802.11n rate", "How the frame was sent, as 802.11n numbers it."))
	mcsKnown = describeOne(Radiotap, radiotapRFC, split(hexRow(0, 1, "radiotap.mcs.known", "known", "Which parts are known."),
		flag(mcsBandwidth, "radiotap.mcs.have_bw", "bandwidth known", "Set when the bandwidth is known."), flag(mcsIndex, "radiotap.mcs.have_index", "index known", "Set when the rate's number is known."),
		flag(mcsGuard, "radiotap.mcs.have_gi", "guard interval known", "Set when the guard interval is known."), flag(0x08, "radiotap.mcs.have_format", "format known", "Set when the format is known."),
		flag(0x10, "radiotap.mcs.have_fec", "error correction known", "Set when the error correction is known."), flag(0x20, "radiotap.mcs.have_stbc", "space-time code known", "Set when the space-time code is known."),
		flag(mcsStreams, "radiotap.mcs.have_ness", "extension streams known", "Set when the number of extension streams is known.")))
	mcsStreams1 = describeOne(Radiotap, radiotapRFC, split(&Field{Name: "radiotap.mcs.ness_bit1", Label: "extension streams, upper bit", Type: TypeUint, At: 0, Size: 1, Mask: 0x80, Help: "A bit of the number of extension streams."}))
	mcsParts    = map[byte]*Field{
		mcsBandwidth: named(0x03, "radiotap.mcs.bw", "bandwidth", map[uint64]string{0: "20 MHz", 1: "40 MHz", 2: "20 MHz, lower", 3: "20 MHz, upper"}, "How wide the channel was."),
		mcsGuard:     flag(0x04, "radiotap.mcs.gi", "short guard interval", "Set when the pause between symbols was the short one."),
		0x08:         flag(0x08, "radiotap.mcs.format", "greenfield", "Set when older stations could not read the frame's header."),
		0x10:         flag(0x10, "radiotap.mcs.fec", "LDPC", "Set when errors were corrected by LDPC, not by the older code."),
		0x20:         part(0x60, "radiotap.mcs.stbc", "space-time streams", "How many streams the space-time code has."),
		mcsStreams:   part(0x80, "radiotap.mcs.ness_bit0", "extension streams, lower bit", "A bit of the number of extension streams."),
	}
	mcsNumber = describeOne(Radiotap, radiotapRFC, uintRow(2, 1, "radiotap.mcs.index", "index", "The number of the rate."))
)

func init() {
	for _, f := range mcsParts {
		f.At, f.Size = 1, 1
		describeOne(Radiotap, radiotapRFC, f)
	}
}

func (n *radiotapNote) mcs(dst *[]Node, s span) {
	known, index := n.data[s.pos], n.data[s.pos+2]
	all := n.told(mcsAll, s.pos, 3, "")
	all.Children, _ = n.fixed(nil, []*Field{mcsKnown}, s.pos, s)
	if known&mcsStreams != 0 {
		k := &all.Children[0]
		k.Children, _ = n.fixed(k.Children, []*Field{mcsStreams1}, s.pos, s)
	}
	for _, bit := range []byte{mcsBandwidth, mcsGuard, 0x08, 0x10, 0x20, mcsStreams} {
		if known&bit != 0 {
			all.Children = append(all.Children, n.node(mcsParts[bit], s.pos+1, 1))
		}
	}
	if known&mcsIndex != 0 {
		all.Children = append(all.Children, n.node(mcsNumber, s.pos+2, 1))
	}
	*dst = append(*dst, all)
	if need := byte(mcsBandwidth | mcsIndex | mcsGuard); known&need == need && index <= mcsLast {
		n.rate(dst, s) // it follows from the three
	}
}

const (
	ampduCRCKnown = 0x20
	ampduDelimCRC = 2 // bytes after the flags
)

var (
	ampduAll  = describeOne(Radiotap, radiotapRFC, heading("radiotap.ampdu", "aggregate", "The aggregate of frames that this one came in."))
	ampduRows = describe(Radiotap, radiotapRFC, little(uintRow(0, 4, "radiotap.ampdu.reference", "reference", "The same number for all frames of the aggregate."),
		split(hexRow(4, 2, "radiotap.ampdu.flags", "flags", "What is known of the frame's place in the aggregate."),
			flag(0x01, "radiotap.ampdu.flags.report_zerolen", "empty ones told", "Set when frames without bytes are told, too."), flag(0x02, "radiotap.ampdu.flags.is_zerolen", "empty", "Set when this frame has no bytes."),
			flag(0x04, "radiotap.ampdu.flags.lastknown", "last known", "Set when the last frame of the aggregate is known."), flag(0x08, "radiotap.ampdu.flags.last", "last", "Set on the last frame of the aggregate."),
			flag(0x10, "radiotap.ampdu.flags.delim_crc_error", "bad delimiter", "Set when the delimiter's check sequence did not fit."), flag(0x40, "radiotap.ampdu.flags.eof", "end", "Set when the delimiter says that the aggregate ends."),
			flag(0x80, "radiotap.ampdu.flags.eof_known", "end known", "Set when it is known whether the delimiter says so.")))...)
	ampduCRC = describeOne(Radiotap, radiotapRFC, hexRow(6, 1, "radiotap.ampdu.delim_crc", "delimiter's check", "The check sequence of the delimiter."))
)

func (n *radiotapNote) aggregate(dst *[]Node, s span) {
	all := n.told(ampduAll, s.pos, 8, "")
	all.Children, _ = n.fixed(nil, ampduRows, s.pos, s)
	if n.data[s.pos+4]&ampduCRCKnown != 0 {
		all.Children = append(all.Children, n.node(ampduCRC, s.pos+6, 1))
	}
	*dst = append(*dst, all)
}

var (
	radioTimeAll  = describeOne(Radiotap, radiotapRFC, heading("radiotap.timestamp", "second timestamp", "When the frame was on the air, by a second clock."))
	radioTimeRows = describe(Radiotap, radiotapRFC, append(little(uintRow(0, 8, "radiotap.timestamp.ts", "timestamp", "The clock's value."), uintRow(8, 2, "radiotap.timestamp.accuracy", "accuracy", "How exact the clock is, in its own units.")),
		append(inWord(10, 1, named(0x0f, "radiotap.timestamp.unit", "unit", map[uint64]string{0: "ms", 1: "µs", 2: "ns"}, "The clock's unit."), part(0xf0, "radiotap.timestamp.samplingpos", "sampling position", "At which part of the frame the clock was read.")),
			inWord(11, 1, flag(1, "radiotap.timestamp.flags.32bit", "32 bits", "Set when only the lower 32 bits count."), flag(2, "radiotap.timestamp.flags.accuracy", "accuracy known", "Set when the accuracy is known."))...)...)...)
)

func (n *radiotapNote) timestamp(dst *[]Node, s span) {
	all := n.told(radioTimeAll, s.pos, 12, "")
	all.Children, _ = n.fixed(nil, radioTimeRows, s.pos, s)
	*dst = append(*dst, all)
}

var (
	emptyAll  = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "", "empty frame", "A transmission that carried no frame."))
	emptyKind = describeOne(Radiotap, radiotapRFC, enumRow(0, 1, "radiotap.0_len_psdu.type", "kind", map[uint64]string{0: "sounding", 1: "not captured", 255: "vendor's"}, "Why there is no frame."))
)

func (n *radiotapNote) emptyFrame(dst *[]Node, s span) {
	n.empty = true
	all := n.node(emptyAll, s.pos, n.frame.end-s.pos)
	all.Children, _ = n.fixed(nil, []*Field{emptyKind}, s.pos, s)
	*dst = append(*dst, all)
}

var (
	legacyAll  = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "", "legacy signal", "The part of the radio's header that older stations read."))
	legacyRows = describe(Radiotap, radiotapRFC, little(
		split(hexRow(0, 2, "radiotap.l_sig.data1", "known", "Which parts are known."), flag(1, "radiotap.l_sig.rate_known", "rate known", "Set when the rate is known."), flag(2, "radiotap.l_sig.length_known", "length known", "Set when the length is known."), part(0xfffc, "radiotap.l_sig.reserved", "reserved", "Zero.")),
		split(hexRow(2, 2, "radiotap.l_sig.data2", "signal", "What older stations read."), part(0x000f, "radiotap.l_sig.rate", "rate", "The rate that it tells."), part(0xfff0, "radiotap.l_sig.length", "length", "The length that it tells.")))...)
)

func (n *radiotapNote) legacy(dst *[]Node, s span) {
	all := n.node(legacyAll, s.pos, 4)
	all.Children, _ = n.fixed(nil, legacyRows, s.pos, s)
	*dst = append(*dst, all)
}
