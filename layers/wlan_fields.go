package layers

import "strconv"

var (
	qosWord = describeOne(WLAN, "IEEE 802.11 sec. 9.2.4.5", little(hexRow(0, 2, "wlan.qos", "QoS control", "How the frame is to be treated among others."))[0])
	qosTID  = wlanQoSRows(part(0x000f, "wlan.qos.tid", "traffic", "The number of the stream of traffic that the frame belongs to."),
		part(0x0007, "wlan.qos.priority", "priority", "How urgent the frame is, from 0 to 7."))
	qosEOSP     = wlanQoSRows(flag(0x0010, "wlan.qos.eosp", "end of service", "Set when the station may sleep again."))
	qosBit4     = wlanQoSRows(flag(0x0010, "wlan.qos.bit4", "queue told", "Set when the upper byte is the size of the queue, not a time."))
	qosAck      = wlanQoSRows(named(0x0060, "wlan.qos.ack", "acknowledgment", map[uint64]string{0: "normal", 1: "none", 2: "not explicit", 3: "block"}, "How the frame is to be acknowledged."))
	qosAMSDU    = wlanQoSRows(flag(0x0080, "wlan.qos.amsdupresent", "aggregate", "Set when several frames are in this one."))
	qosLimit    = wlanQoSRows(part(0xff00, "wlan.qos.txop_limit", "limit", "How long the station may send, in units of 32 µs."))
	qosBuffer   = wlanQoSRows(split(&Field{Name: "wlan.qos.ps_buf_state", Label: "access point's buffer", Type: TypeHex, Size: 2, Mask: 0xff00, Help: "What the access point has for stations that sleep."}, flag(0x0200, "wlan.qos.buf_state_indicated", "told", "Set when the rest means something.")))
	qosBuffered = wlanQoSRows(part(0x0c00, "wlan.qos.highest_pri_buf_ac", "highest priority", "The most urgent kind of traffic in the buffer."), part(0xf000, "wlan.qos.qap_buf_load", "load", "How much is in the buffer, in units of 4096 bytes."))
	qosRequest  = wlanQoSRows(part(0xff00, "wlan.qos.txop_dur_req", "wanted time", "How long the station wants to send, in units of 32 µs."))
	qosQueue    = wlanQoSRows(part(0xff00, "wlan.qos.queue_size", "queue", "How much the station has to send, in units of 256 bytes."))
)

func wlanQoSRows(rows ...*Field) []*Field {
	return describe(WLAN, "IEEE 802.11 sec. 9.2.4.5", little(inWord(0, 2, rows...)...)...)
}

// qos adds the QoS control field at a place.
func (r *wlanReader) qos(at int) {
	n := r.node(qosWord, r.pos+at, 2)
	v := int(n.Uint)
	add := func(rows []*Field) { n.Children, _ = r.fixed(n.Children, rows, n.Pos, r.span) }
	add(qosTID)
	fromAP := r.flags&wlanFromDS != 0
	if fromAP {
		add(qosEOSP)
	} else {
		add(qosBit4)
	}
	add(qosAck)
	if r.kind&wlanNoData == 0 {
		add(qosAMSDU)
	}
	switch {
	case fromAP && r.kind&wlanPoll != 0:
		add(qosLimit)
	case fromAP:
		add(qosBuffer)
		if v&0x0200 != 0 {
			last := &n.Children[len(n.Children)-1]
			last.Children, _ = r.fixed(last.Children, qosBuffered, n.Pos, r.span)
		}
	case v&0x0010 != 0:
		add(qosQueue)
	default:
		add(qosRequest)
	}
	r.fields = append(r.fields, n)
}

var (
	htcWord = describeOne(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(hexRow(0, 4, "wlan.htc", "HT control", "What the two radios tell each other of rates, beams and power."))[0])
	htcVHT  = htcRows(flag(0x00000001, "wlan.htc.vht", "VHT", "Set in the variants of 802.11ac and later."))
	htcHE   = htcRows(flag(0x00000002, "wlan.htc.he", "HE", "Set in the variant of 802.11ax."))
	htcHT   = htcRows(part(0x00030000, "wlan.htc.cal.pos", "calibration position", "The step of a calibration."), part(0x000c0000, "wlan.htc.cal.seq", "calibration sequence", "The number of a calibration."),
		part(0x00300000, "wlan.htc.reserved1", "reserved", "Zero."), part(0x00c00000, "wlan.htc.csi_steering", "channel feedback", "Which kind of feedback is wanted."),
		flag(0x01000000, "wlan.htc.ndp_announcement", "null packet follows", "Set when an empty packet for measuring follows."), part(0x3e000000, "wlan.htc.reserved2", "reserved", "Zero."))
	htcLAC   = htcRows(&Field{Name: "wlan.htc.lac", Label: "link adaptation", Type: TypeHex, Mask: 0xfffe, Help: "What the two radios tell each other of rates."})
	htcLACHT = describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 2, flag(0x0002, "wlan.htc.lac.trq", "training wanted", "Set when the other is to send a packet for measuring."))...)...)
	htcMAI   = describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 2, flag(0x0004, "wlan.htc.lac.mai.mrq", "rate wanted", "Set when the other is to tell the best rate."))...)...)
	htcMSI   = describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 2, part(0x0038, "wlan.htc.lac.mai.msi", "request's number", "The number of the request."))...)...)
	htcNoMSI = describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 2, part(0x0038, "wlan.htc.lac.mai.reserved", "reserved", "Zero."))...)...)
	htcASELI = describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 2, part(0x003c, "wlan.htc.lac.mai.aseli", "antenna selection", "That antennas are chosen."))...)...)
	htcMFSI  = describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 2, part(0x01c0, "wlan.htc.lac.mfsi", "answer's number", "The number of the request that is answered."))...)...)
	htcMFB   = describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 2, part(0xfe00, "wlan.htc.lac.mfb", "best rate", "The number of the best rate."))...)...)
	htcASEL  = describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 2, part(0x0e00, "wlan.htc.lac.asel.command", "command", "What to do with the antennas."), part(0xf000, "wlan.htc.lac.asel.data", "data", "With which antennas."))...)...)
	htcEnd   = htcRows(flag(0x40000000, "wlan.htc.ac_constraint", "same kind only", "Set when the answer must be of the same kind of traffic."), flag(0x80000000, "wlan.htc.rdg_more_ppdu", "reverse direction", "Set when the other may send, or more follows."))

	htcMRQ     = htcRows(flag(0x00000004, "wlan.htc.mrq", "rate wanted", "Set when the other is to tell the best rate."))
	htcMSIV    = htcRows(part(0x00000038, "wlan.htc.msi", "request's number", "The number of the request."))
	htcNoMSIV  = htcRows(part(0x00000038, "wlan.htc.msi_stbc_reserved", "reserved", "Zero."))
	htcShort   = htcRows(part(0x00000018, "wlan.htc.compressed_msi", "request's number", "The number of the request."), flag(0x00000020, "wlan.htc.ppdu_stbc_encoded", "space-time code", "Set when the frame had a space-time code."))
	htcMFSIV   = htcRows(part(0x000001c0, "wlan.htc.mfsi", "answer's number", "The number of the request that is answered."))
	htcGIDLow  = htcRows(part(0x000001c0, "wlan.htc.gid_l", "group, lower bits", "The lower bits of the group's number."))
	htcMFBV    = htcRows(split(&Field{Name: "wlan.htc.mfb", Label: "best rate", Type: TypeHex, Size: 4, Mask: 0x00fffe00, Help: "The best rate, and how well it would be received."}, part(0x00000e00, "wlan.htc.num_sts", "streams", "How many space-time streams."), part(0x0000f000, "wlan.htc.vht_mcs", "index", "The number of the rate."), part(0x00030000, "wlan.htc.bw", "bandwidth", "How wide the channel is."), part(0x00fc0000, "wlan.htc.snr", "signal to noise", "How much stronger than the noise the signal is.")))
	htcGIDHigh = htcRows(part(0x07000000, "wlan.htc.gid_h", "group, upper bits", "The upper bits of the group's number."))
	htcCoding  = htcRows(flag(0x08000000, "wlan.htc.coding_type", "LDPC", "Set when errors are corrected by LDPC."), flag(0x10000000, "wlan.htc.fb_tx_type", "beam", "Set when the frame was sent in a beam."))
	htcUnasked = htcRows(flag(0x20000000, "wlan.htc.unsolicited_mfb", "not asked for", "Set when the best rate is told without a request."))
)

func htcRows(rows ...*Field) []*Field {
	return describe(WLAN, "IEEE 802.11 sec. 9.2.4.6", little(inWord(0, 4, rows...)...)...)
}

// htControl adds the HT control field at a place.
func (r *wlanReader) htControl(at int) {
	n := r.node(htcWord, r.pos+at, 4)
	v := n.Uint
	add := func(rows []*Field) { n.Children, _ = r.fixed(n.Children, rows, n.Pos, r.span) }
	add(htcVHT)
	switch {
	case v&1 == 0:
		r.htControlHT(&n, v)
	case v&2 != 0: // Wireshark reads on in the list; its length alone is told here
		add(htcHE)
	default:
		add(htcHE)
		add(htcMRQ)
		unasked := v&0x20000000 != 0
		switch {
		case unasked:
			add(htcShort)
			add(htcGIDLow)
		case v&4 != 0:
			add(htcMSIV)
			add(htcMFSIV)
		default:
			add(htcNoMSIV)
			add(htcMFSIV)
		}
		add(htcMFBV)
		add(htcGIDHigh)
		add(htcCoding)
		add(htcUnasked)
		add(htcEnd)
	}
	r.fields = append(r.fields, n)
}

func (r *wlanReader) htControlHT(n *Node, v uint64) {
	add := func(to *[]Node, rows []*Field) { *to, _ = r.fixed(*to, rows, n.Pos, r.span) }
	add(&n.Children, htcLAC)
	lac := &n.Children[len(n.Children)-1].Children
	add(lac, htcLACHT)
	antennas := v&0x3c == 0x38 // ASELI is 14
	switch {
	case antennas:
		add(lac, htcASELI)
	case v&4 != 0:
		add(lac, htcMAI)
		add(lac, htcMSI)
	default:
		add(lac, htcMAI)
		add(lac, htcNoMSI)
	}
	add(lac, htcMFSI)
	if antennas {
		add(lac, htcASEL)
	} else {
		add(lac, htcMFB)
	}
	add(&n.Children, htcHT)
	add(&n.Children, htcEnd)
}

// Sizes of what stands before an encrypted payload, in bytes.
const (
	wepHeader = 4
	extHeader = 8 // TKIP and CCMP
	extIV     = 0x20
)

var (
	cryptHead = describeOne(WLAN, "IEEE 802.11 sec. 12.5", bytesRow(0, 0, "", "protection", "What the receiver needs besides the key."))
	wepIV     = describeOne(WLAN, "IEEE 802.11 sec. 12.3", hexRow(0, 3, "wlan.wep.iv", "initialisation vector", "With the key, it makes the frame's own key."))
	tkipIV    = describeOne(WLAN, "IEEE 802.11 sec. 12.5.2", bytesRow(0, 8, "wlan.tkip.extiv", "sequence counter", "The number of the frame, from which its own key is made."))
	ccmpIV    = describeOne(WLAN, "IEEE 802.11 sec. 12.5.3", bytesRow(0, 8, "wlan.ccmp.extiv", "packet number", "The number of the frame, which never comes again with the same key."))
	wepKey    = describeOne(WLAN, "IEEE 802.11 sec. 12.3", uintRow(3, 1, "wlan.wep.key", "key", "Which of up to four keys was used, in the upper two bits."))
	wepICV    = describeOne(WLAN, "IEEE 802.11 sec. 12.3", hexRow(0, 4, "wlan.wep.icv", "check value", "A CRC-32 over the plain text, encrypted with it."))
)

// protected reads an encrypted payload: it shows how it is protected, and
// gives the size of that header.
func (r *wlanReader) protected(s span) int {
	if s.end-s.pos < wepHeader {
		r.payload(s)
		return 0
	}
	b := r.dissector.data[s.pos:s.end]
	size := wepHeader
	if b[3]&extIV != 0 {
		size = extHeader
	}
	if len(b) < size {
		r.payload(s)
		return 0
	}
	head := r.node(cryptHead, s.pos, size)
	add := func(f *Field) { head.Children = append(head.Children, r.node(f, s.pos+f.At, f.Size)) }
	data := s.from(size)
	switch {
	case size == wepHeader:
		add(wepIV)
	case b[1] == (b[0]|0x20)&0x7f: // TKIP never uses weak keys of WEP
		add(tkipIV)
	case b[2] == 0:
		add(ccmpIV)
	}
	add(wepKey)
	key := &head.Children[len(head.Children)-1]
	key.Uint >>= 6
	key.Show = strconv.Itoa(int(key.Uint))
	if size == wepHeader && data.end-data.pos >= 4 && data.whole() {
		data.end, data.wire = data.end-4, data.wire-4
		head.Children = append(head.Children, r.node(wepICV, data.end, 4))
	}
	r.fields = append(r.fields, head)
	r.payload(data)
	if size == extHeader {
		return size
	}
	return 0
}

var (
	amsduFrame  = describeOne(WLANAggregate, "IEEE 802.11 sec. 9.3.2.2", heading("wlan_aggregate.a_mdsu.subframe", "frame of the aggregate", "One frame of those that came together."))
	amsduLength = describeOne(WLANAggregate, "IEEE 802.11 sec. 9.3.2.2", uintRow(12, 2, "wlan_aggregate.a_mdsu.length", "length", "How many bytes this frame of the aggregate has."))
	amsduRows   = describe(WLANAggregate, "IEEE 802.11 sec. 9.3.2.2", macRow(0, "wlan.da", "destination", "The station that this frame of the aggregate is for."), macRow(6, "wlan.sa", "source", "The station that it is from."))
)

// subframes reads the frames of an aggregate (IEEE 802.11 section 9.3.2.2).
func (r *wlanReader) subframes(s span) {
	const head = 14
	i := len(r.tree.Parts)
	r.part(WLANAggregate, s.pos, s.end-s.pos)
	start := s.pos
	var fields []Node
	for s.end-s.pos > head && r.within() {
		size := int(number(r.dissector.data[s.pos+12 : s.pos+14]))
		whole := min(head+size, s.end-s.pos)
		frame := r.told(amsduFrame, s.pos, whole, "")
		frame.Children, _ = r.fixed(nil, amsduRows, s.pos, s)
		frame.Children = append(frame.Children, r.node(amsduLength, s.pos+12, 2))
		fields = append(fields, frame)
		if size == 0 {
			break
		}
		r.llc(s.from(head).first(size))
		step := head + size
		if rest := step & 3; rest != 0 {
			step += 4 - rest
		}
		if step >= s.size() {
			break
		}
		s = s.from(step)
	}
	p := &r.tree.Parts[i]
	p.Fields = fields
	p.Len, p.Payload = min(head, p.Len), start+min(head, p.Len)
	p.Summary = count(len(fields), "frame")
}
