package layers

import "encoding/binary"

// Types of 802.11 frames (IEEE 802.11 section 9.2.4.1.3).
const (
	wlanManagement = 0
	wlanControl    = 1
	wlanData       = 2
)

// Flags of the second byte of frame control (IEEE 802.11 section 9.2.4.1).
const (
	wlanToDS      = 0x01
	wlanFromDS    = 0x02
	wlanMoreFrags = 0x04
	wlanProtected = 0x40
	wlanOrder     = 0x80
)

// Bits of a data frame's subtype.
const (
	wlanPoll   = 2
	wlanNoData = 4
	wlanQoS    = 8
)

const wlanRFC = "IEEE 802.11 sec. 9.2.4"

var (
	wlanTypes    = map[uint64]string{wlanManagement: "management", wlanControl: "control", wlanData: "data", 3: "extension"}
	wlanSubtypes = map[byte]string{
		0x00: "association request", 0x01: "association response", 0x02: "reassociation request", 0x03: "reassociation response", 0x04: "probe request", 0x05: "probe response",
		0x08: "beacon", 0x09: "ATIM", 0x0a: "disassociation", 0x0b: "authentication", 0x0c: "deauthentication", 0x0d: "action", 0x0e: "action, no acknowledgment",
		0x15: "announcement of a null packet", 0x17: "control wrapper", 0x18: "block acknowledgment request", 0x19: "block acknowledgment", 0x1a: "PS-Poll", 0x1b: "RTS", 0x1c: "CTS", 0x1d: "acknowledgment", 0x1e: "CF-End", 0x1f: "CF-End and acknowledgment",
		0x20: "data", 0x24: "null", 0x28: "QoS data", 0x2c: "QoS null",
	}
	wlanDirections = map[uint64]string{0: "within a cell", 1: "to the access point", 2: "from the access point", 3: "between access points"}

	wlanStart = describe(WLAN, wlanRFC,
		hexRow(0, 1, "wlan.fc.type_subtype", "type and subtype", "What kind of frame this is."),
		&Field{Name: "wlan.fc", Label: "frame control", Type: TypeHex, At: 0, Size: 2, Help: "What kind of frame this is, and how it is to be treated.", Sub: append(inWord(0, 1,
			part(0x03, "wlan.fc.version", "version", "The version of 802.11: 0."),
			named(0x0c, "wlan.fc.type", "type", wlanTypes, "Whether the frame manages the cell, controls the medium, or carries data."),
			part(0xf0, "wlan.fc.subtype", "subtype", "Which frame of its type.")),
			split(hexRow(1, 1, "wlan.flags", "flags", "How the frame is to be treated."),
				named(0x03, "wlan.fc.ds", "direction", wlanDirections, "Whether the frame goes to or comes from the network behind the access point."),
				hidden(flag(wlanToDS, "wlan.fc.tods", "to the network", "Set when the frame goes to the network behind the access point.")),
				hidden(flag(wlanFromDS, "wlan.fc.fromds", "from the network", "Set when the frame comes from the network behind the access point.")),
				flag(wlanMoreFrags, "wlan.fc.frag", "more fragments", "Set when another piece of the same frame follows."),
				flag(0x08, "wlan.fc.retry", "retry", "Set when the frame is sent again."),
				flag(0x10, "wlan.fc.pwrmgt", "going to sleep", "Set when the station will sleep after this."),
				flag(0x20, "wlan.fc.moredata", "more data", "Set when the access point has more for a station that sleeps."),
				flag(wlanProtected, "wlan.fc.protected", "protected", "Set when the payload is encrypted."),
				flag(wlanOrder, "wlan.fc.order", "+HTC or order", "Set when an HT control field follows; earlier, when frames must stay in order.")))})
	wlanDuration = describeOne(WLAN, "IEEE 802.11 sec. 9.2.4.2", little(split(&Field{Name: "wlan.duration", Label: "duration", Type: TypeUint, At: 2, Size: 2, Mask: 0x7fff, Help: "For how many microseconds after this frame the medium is taken."}))[0])
	wlanAID      = describeOne(WLAN, "IEEE 802.11 sec. 9.4.1.8", little(&Field{Name: "wlan.aid", Label: "association", Type: TypeUint, At: 2, Size: 2, Mask: 0x3fff, Help: "The number that the access point gave the station."})[0])

	wlanRA    = wlanAddressRow("ra", "receiver", "The station that is to take this frame from the air.")
	wlanTA    = wlanAddressRow("ta", "transmitter", "The station that sent this frame on the air.")
	wlanDA    = wlanAddressRow("da", "destination", "The station that the payload is for.")
	wlanSA    = wlanAddressRow("sa", "source", "The station that the payload is from.")
	wlanBSSID = wlanAddressRow("bssid", "BSSID", "The cell: its access point's address.")
	wlanSTA   = wlanAddressRow("staa", "station", "The station, as opposed to the access point.")
	wlanAddr  = describeOne(WLAN, wlanRFC, hidden(macRow(0, "wlan.addr", "any address", "Any address of the frame, for filters that do not care which.")))

	wlanSequence = describe(WLAN, "IEEE 802.11 sec. 9.2.4.4", little(inWord(22, 2,
		part(0x000f, "wlan.frag", "fragment", "The number of the piece of the frame, from 0."),
		part(0xfff0, "wlan.seq", "sequence number", "The number of the frame, by which a copy is known."))...)...)
	wlanFCS       = describeOne(WLAN, "IEEE 802.11 sec. 9.2.4.8", little(hexRow(0, 4, "wlan.fcs", "frame check sequence", "A CRC-32 over the frame; the receiver does not acknowledge a frame whose FCS does not fit."))[0])
	wlanFCSStatus = describeOne(WLAN, "IEEE 802.11 sec. 9.2.4.8", enumRow(0, 0, "wlan.fcs.status", "FCS status", checksumStatus, "Whether the frame check sequence fits the frame."))
)

func wlanAddressRow(name, label, help string) *Field {
	return describeOne(WLAN, "IEEE 802.11 sec. 9.2.4.3", macRow(0, "wlan."+name, label, help))
}

// wlanReader reads one frame.
type wlanReader struct {
	*dissector
	span        // the frame without its FCS
	index  int  // of its part
	padded bool // the header is padded to a multiple of 4
	kind   byte // type and subtype: 0x28 is QoS data
	flags  byte
	fields []Node
}

// wlanFrame reads an 802.11 frame, as a radio took it from the air.
func (d *dissector) wlanFrame(s span, fcs, padded bool) {
	d.depth++
	defer func() { d.depth-- }()
	if !d.within() {
		d.payload(s)
		return
	}
	r := &wlanReader{dissector: d, span: s, index: len(d.tree.Parts), padded: padded}
	p := d.part(WLAN, s.pos, min(2, s.end-s.pos))
	check := fcs && s.size() >= FCSSize && s.whole()
	if fcs && s.size() >= FCSSize {
		r.wire -= FCSSize
		r.end = min(r.end, r.wire)
	}
	var ok bool
	if r.fields, ok = d.fixed(p.Fields, wlanStart, s.pos, r.span); !ok {
		p.Fields = r.fields
		d.short(WLAN, s)
		return
	}
	control := d.data[s.pos]
	r.kind, r.flags = control>>2&3<<4|control>>4, d.data[s.pos+1]
	size := 0
	switch {
	case control&3 != 0:
		d.payload(r.from(2))
	case r.kind>>4 == wlanManagement:
		size = r.management()
	case r.kind>>4 == wlanControl:
		size = r.control()
	case r.kind>>4 == wlanData:
		size = r.data()
	default:
		d.payload(r.from(2))
	}
	if check {
		r.addFCS(s)
	}
	p = &d.tree.Parts[r.index]
	p.Fields = r.fields
	p.Summary = wlanSummary(r.kind, r.fields)
	if size < 0 {
		d.short(WLAN, s)
		size = s.end - s.pos
	}
	p.Len = max(2, min(size, s.end-s.pos))
	p.Payload = s.pos + p.Len
}

func wlanSummary(kind byte, fields []Node) string {
	text := wlanSubtypes[kind]
	if text == "" {
		text = showEnumName(wlanTypes, uint64(kind>>4))
	}
	for _, name := range []string{"wlan.ta", "wlan.ra"} {
		if n := find(fields, name); n != nil {
			text += map[string]string{"wlan.ta": ", from ", "wlan.ra": " to "}[name] + n.Show
		}
	}
	return text
}

func (r *wlanReader) addFCS(s span) {
	n := r.node(wlanFCS, s.end-FCSSize, FCSSize)
	var want [FCSSize]byte
	PutFCS(want[:], FCS(0, r.dissector.data[s.pos:s.end-FCSSize]))
	verdict := uint64(checksumGood)
	if good := uint64(binary.LittleEndian.Uint32(want[:])); n.Uint != good {
		verdict = checksumBad
		n.Show += ", bad: should be " + showHex(good, 8)
		r.expert(Error, "wlan.fcs.bad_checksum", "The frame check sequence does not fit the frame: bits were lost on the air.", n.Pos, FCSSize)
	}
	r.fields = append(r.fields, n, r.verdict(wlanFCSStatus, n.Pos, verdict))
}

// has says whether the header has n bytes.
func (r *wlanReader) has(n int) bool { return r.end-r.pos >= n }

// address adds an address at a place by one of its names.
func (r *wlanReader) address(f *Field, at int) {
	r.fields = append(r.fields, r.node(f, r.pos+at, 6))
}

// addressed adds an address by a name and, hidden, as any address.
func (r *wlanReader) addressed(f *Field, at int) {
	r.address(f, at)
	r.address(wlanAddr, at)
}

func (r *wlanReader) rows(rows ...*Field) bool {
	var ok bool
	r.fields, ok = r.fixed(r.fields, rows, r.pos, r.span)
	return ok
}

// took adds the field whose meaning depends on its uppermost bits: mostly for
// how long the medium is taken.
func (r *wlanReader) took() bool {
	if !r.has(4) {
		return false
	}
	v := le16(r.dissector.data[r.pos+2:])
	if v >= 0xc001 && v <= 0xc000+2007 {
		return r.rows(wlanAID)
	}
	return r.rows(wlanDuration)
}

// management reads a management frame's header and body, and gives the
// header's size; -1 when it is cut.
func (r *wlanReader) management() int {
	const size = 24
	if !r.took() || !r.has(10) {
		return -1
	}
	r.addressed(wlanRA, 4)
	r.address(wlanDA, 4)
	if !r.has(22) {
		return -1
	}
	r.address(wlanTA, 10)
	r.address(wlanSA, 10)
	r.address(wlanBSSID, 16)
	r.address(wlanAddr, 10)
	r.address(wlanAddr, 16)
	if !r.rows(wlanSequence...) {
		return -1
	}
	at := size
	if r.flags&wlanOrder != 0 && r.has(at+4) {
		r.htControl(at)
		at += 4
	}
	body := r.from(at)
	switch {
	case r.flags&wlanProtected != 0:
		at += r.protected(body)
	case body.size() > 0:
		r.wlanBody(r.kind, body)
	}
	return at
}

// data reads a data frame's header and payload, and gives the header's size.
func (r *wlanReader) data() int {
	size := 24
	if !r.took() {
		return -1
	}
	direction := r.flags & 3
	if direction == wlanToDS|wlanFromDS {
		size += 6
	}
	if !r.has(size) {
		if r.has(10) {
			r.addressed(wlanRA, 4)
		}
		return -1
	}
	aggregate := r.kind&wlanQoS != 0 && r.has(size+2) && r.dissector.data[r.pos+size]&0x80 != 0
	r.addresses(direction, aggregate)
	if r.kind&wlanQoS != 0 {
		if !r.has(size + 2) {
			return -1
		}
		r.qos(size)
		size += 2
		if r.flags&wlanOrder != 0 {
			if !r.has(size + 4) {
				return -1
			}
			r.htControl(size)
			size += 4
		}
	}
	if r.padded {
		size += -size & 3
	}
	payload := r.from(size)
	fragment := r.flags&wlanMoreFrags != 0 || r.dissector.data[r.pos+22]&0x0f != 0
	switch {
	case r.kind&wlanNoData != 0 || payload.size() <= 0:
	case r.flags&wlanProtected != 0:
		size += r.protected(payload)
	case fragment:
		r.payload(payload)
	case aggregate:
		r.subframes(payload)
	default:
		r.plain(payload)
	}
	return size
}

// addresses adds a data frame's addresses: which is which depends on the
// direction (IEEE 802.11 table 9-30). In an aggregate, each of its frames has
// its own source and destination.
func (r *wlanReader) addresses(direction byte, aggregate bool) {
	r.addressed(wlanRA, 4)
	r.addressed(wlanTA, 10)
	var hidden []int
	switch {
	case direction == 0:
		r.address(wlanDA, 4)
		r.address(wlanSA, 10)
		r.address(wlanBSSID, 16)
		hidden = []int{16}
	case direction == wlanToDS && aggregate:
		r.address(wlanBSSID, 4)
		r.address(wlanSA, 10)
		r.address(wlanSTA, 10)
	case direction == wlanToDS:
		r.address(wlanDA, 16)
		r.address(wlanSA, 10)
		r.address(wlanBSSID, 4)
		r.address(wlanSTA, 10)
		hidden = []int{16}
	case direction == wlanFromDS && aggregate:
		r.address(wlanDA, 4)
		r.address(wlanBSSID, 10)
		r.address(wlanSTA, 4)
	case direction == wlanFromDS:
		r.address(wlanDA, 4)
		r.address(wlanSA, 16)
		r.address(wlanBSSID, 10)
		r.address(wlanSTA, 4)
		hidden = []int{16}
	case aggregate:
		r.address(wlanBSSID, 16)
		r.address(wlanBSSID, 24)
		hidden = []int{16, 24}
	default:
		r.address(wlanDA, 16)
		r.address(wlanSA, 24)
		hidden = []int{24, 16}
	}
	r.rows(wlanSequence...)
	for _, at := range hidden {
		r.address(wlanAddr, at)
	}
}

// plain reads a payload that is not encrypted: LLC with SNAP, but for some
// old senders.
func (r *wlanReader) plain(s span) {
	b := r.dissector.data
	if s.end-s.pos >= 2 && (b[s.pos] != sapSNAP || b[s.pos+1] != sapSNAP) {
		same := func(at, other int) bool {
			return s.end-s.pos >= at+6 && string(b[s.pos+at:s.pos+at+6]) == string(b[r.pos+other:r.pos+other+6])
		}
		switch {
		case same(0, 4) || same(6, 10): // a whole Ethernet frame
			r.ethernet(s, -1)
			return
		case b[s.pos] == 0xff && b[s.pos+1] == 0xff: // Novell's IPX
			r.payload(s)
			return
		}
	}
	r.llc(s)
}
