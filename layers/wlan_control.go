package layers

// Subtypes of control frames (IEEE 802.11 table 9-1).
const (
	controlBlockRequest = 0x18
	controlBlockAck     = 0x19
	controlPSPoll       = 0x1a
	controlRTS          = 0x1b
	controlCTS          = 0x1c
	controlAck          = 0x1d
	controlEnd          = 0x1e
	controlReport       = 0x14
	controlExtension    = 0x16
	controlWrapper      = 0x17
)

var (
	blockHead = describeOne(WLAN, "IEEE 802.11 sec. 9.3.1.7", bytesRow(0, 0, "", "block acknowledgment", "Which frames of a stream have come."))
	blockWord = describeOne(WLAN, "IEEE 802.11 sec. 9.3.1.7", little(split(hexRow(0, 2, "wlan.ba.control", "control", "What kind of block acknowledgment this is."),
		flag(0x0001, "wlan.ba.control.ackpolicy", "no acknowledgment", "Set when this frame itself is not acknowledged."),
		part(0x001e, "wlan.ba.control.ba_type", "kind", "What the rest looks like."),
		part(0x0fe0, "wlan.ba.control.reserved", "reserved", "Zero.")))[0])
	blockTID   = describeOne(WLAN, "IEEE 802.11 sec. 9.3.1.7", little(&Field{Name: "wlan.ba.basic.tidinfo", Label: "traffic", Type: TypeUint, Size: 2, Mask: 0xf000, Help: "The number of the stream of traffic."})[0])
	blockStart = describeOne(WLAN, "IEEE 802.11 sec. 9.3.1.7", little(split(hexRow(0, 2, "wlan.fixed.ssc", "start", "The first frame that this tells of."),
		part(0x000f, "wlan.fixed.ssc.fragment", "fragment", "The number of the piece."), part(0xfff0, "wlan.fixed.ssc.sequence", "sequence number", "The number of the frame.")))[0])
	blockBitmap  = describeOne(WLAN, "IEEE 802.11 sec. 9.3.1.8", bytesRow(0, 0, "wlan.ba.bm", "bitmap", "A bit for each frame from the start on, set when it has come."))
	blockMissing = describeOne(WLAN, "IEEE 802.11 sec. 9.3.1.8", uintRow(0, 1, "wlan.ba.bm.missing_frame", "missing frame", "The number of a frame that has not come."))
	beamReport   = describeOne(WLAN, "IEEE 802.11 sec. 9.3.1.19", hexRow(16, 1, "wlan.beamform.feedback_seg_retrans_bitmap", "segments", "Which segments of the feedback are to be sent again."))
)

// Kinds of block acknowledgments whose rest is a start and a bitmap, or the
// start alone (IEEE 802.11 table 9-38).
const (
	blockBasic      = 0
	blockCompressed = 2
)

// control reads a control frame and gives its size; -1 when it is cut.
func (r *wlanReader) control() int {
	if !r.took() {
		return -1
	}
	if !r.has(10) {
		return -1
	}
	r.addressed(wlanRA, 4)
	switch r.kind {
	case 0x10, 0x11, controlExtension, controlWrapper, controlCTS, controlAck:
		r.payload(r.from(10))
		return 10
	}
	if !r.has(16) {
		return -1
	}
	switch r.kind {
	case controlPSPoll:
		r.address(wlanBSSID, 4)
		r.addressed(wlanTA, 10)
	case controlEnd:
		r.addressed(wlanBSSID, 10)
	default:
		r.addressed(wlanTA, 10)
	}
	switch {
	case r.kind == controlReport && r.has(17):
		r.rows(beamReport)
		return 17
	case r.kind == controlBlockRequest || r.kind == controlBlockAck:
		return r.block()
	}
	r.payload(r.from(16))
	return 16
}

// block reads a block acknowledgment, or the request for one.
func (r *wlanReader) block() int {
	const size = 16
	body := r.from(size)
	if !r.has(size + 4) {
		return -1
	}
	i := len(r.fields)
	r.fields = append(r.fields, r.node(blockHead, body.pos, 4))
	var parts []Node
	control := r.node(blockWord, body.pos, 2)
	control.Children, _ = r.fixed(nil, blockWord.Sub, body.pos, body)
	kind := control.Uint >> 1 & 0x0f
	if kind != blockBasic && kind != blockCompressed {
		r.fields[i].Children = append(parts, control)
		r.payload(body.from(2))
		return size
	}
	control.Children, _ = r.fixed(control.Children, []*Field{blockTID}, body.pos, body)
	parts = append(parts, control)
	parts, _ = r.fixed(parts, []*Field{blockStart}, body.pos+2, body)
	first := parts[len(parts)-1].Uint >> 4
	n := 0
	if r.kind == controlBlockAck {
		n = map[uint64]int{blockBasic: 128, blockCompressed: 8}[kind]
		if kind == blockCompressed && parts[len(parts)-1].Uint&0x0f == 4 {
			n = 32
		}
		if body.end-body.pos < 4+n {
			r.fields[i].Children = parts
			return -1
		}
		parts = append(parts, r.bitmap(body.pos+4, n, first, kind == blockCompressed))
	}
	r.fields[i].Len = 4 + n
	r.fields[i].Children = parts
	return size
}

// bitmap is the node of which frames have come, from a number on.
func (r *wlanReader) bitmap(at, n int, first uint64, each bool) Node {
	all := r.node(blockBitmap, at, n)
	for i := 0; each && i < n*8; i++ {
		if r.dissector.data[at+i/8]&(1<<(i%8)) != 0 {
			continue
		}
		missing := r.node(blockMissing, at+i/8, 1)
		missing.Uint = (first + uint64(i)) & 0xfff
		missing.Show = show(blockMissing, missing.Uint, nil)
		all.Children = append(all.Children, missing)
	}
	return all
}
