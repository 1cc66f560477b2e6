package layers

import "strconv"

// What radiotap tells of 802.11ac's and 802.11ax's rates.

// Bits of the first word of 802.11ac's field.
const (
	vhtSTBC      = 0x0001
	vhtBandwidth = 0x0040
	vhtGuard     = 0x0004
	vhtGroup     = 0x0080
	vhtPartial   = 0x0100
)

var (
	vhtAll   = describeOne(Radiotap, radiotapRFC, heading("radiotap.vht", "802.11ac rate", "How the frame was sent, as 802.11ac numbers it."))
	vhtKnown = describeOne(Radiotap, radiotapRFC, little(split(hexRow(0, 2, "radiotap.vht.known", "known", "Which parts are known."),
		flag(vhtSTBC, "radiotap.vht.have_stbc", "space-time code known", "Set when the space-time code is known."), flag(0x0002, "radiotap.vht.have_txop_ps", "power saving known", "Set when it is known whether stations may sleep."),
		flag(vhtGuard, "radiotap.vht.have_gi", "guard interval known", "Set when the guard interval is known."), flag(0x0008, "radiotap.vht.have_sgi_nsym_da", "disambiguation known", "Set when the short guard interval's disambiguation is known."),
		flag(0x0010, "radiotap.vht.ldpc_extra", "extra symbol known", "Set when it is known whether LDPC needed one more symbol."), flag(0x0020, "radiotap.vht.have_beamformed", "beam known", "Set when it is known whether the frame was sent in a beam."),
		flag(vhtBandwidth, "radiotap.mcs.have_bw", "bandwidth known", "Set when the bandwidth is known."), flag(vhtGroup, "radiotap.mcs.have_gid", "group known", "Set when the group of receivers is known."),
		flag(vhtPartial, "radiotap.mcs.have_paid", "station known", "Set when a part of the receiver's number is known.")))[0])
	vhtBits = []struct {
		known int
		row   *Field
	}{
		{vhtSTBC, vhtBit(0x01, "stbc", "space-time code", "Set when a space-time code was used.")},
		{0x0002, vhtBit(0x02, "txop_ps", "no power saving", "Set when stations must not sleep.")},
		{vhtGuard, vhtBit(0x04, "gi", "short guard interval", "Set when the pause between symbols was the short one.")},
		{0x0008, vhtBit(0x08, "sgi_nsym_da", "disambiguation", "Set when the number of symbols needs it.")},
		{0x0010, vhtBit(0x10, "ldpc_extra", "extra symbol", "Set when LDPC needed one more symbol.")},
		{0x0020, vhtBit(0x20, "beamformed", "beam", "Set when the frame was sent in a beam.")},
	}
	vhtWidth = describeOne(Radiotap, radiotapRFC, uintRow(3, 1, "radiotap.vht.bw", "bandwidth", "How wide the channel was, as radiotap's number: 0 is 20 MHz, 1 is 40, 4 is 80, 11 is 160."))
	vhtUser  = describeOne(Radiotap, radiotapRFC, heading("radiotap.vht.user", "receiver", "How the frame was sent to one of up to four receivers."))
	vhtUsers = [4][5]*Field{vhtUserRows(0), vhtUserRows(1), vhtUserRows(2), vhtUserRows(3)}
	vhtGID   = describeOne(Radiotap, radiotapRFC, uintRow(9, 1, "radiotap.vht.gid", "group", "The group of receivers."))
	vhtPAID  = describeOne(Radiotap, radiotapRFC, little(uintRow(10, 2, "radiotap.vht.paid", "station", "A part of the receiver's number."))[0])
)

func vhtBit(mask uint64, name, label, help string) *Field {
	f := flag(mask, "radiotap.vht."+name, label, help)
	f.At, f.Size = 2, 1
	return describeOne(Radiotap, radiotapRFC, f)
}

// vhtUserRows are the rows of one receiver: rate, streams, space-time
// streams, coding, bits per second.
func vhtUserRows(i int) [5]*Field {
	of := "." + strconv.Itoa(i)
	return [5]*Field(describe(Radiotap, radiotapRFC,
		&Field{Name: "radiotap.vht.mcs" + of, Label: "index", Type: TypeUint, At: 4 + i, Size: 1, Mask: 0xf0, Help: "The number of the rate."},
		&Field{Name: "radiotap.vht.nss" + of, Label: "streams", Type: TypeUint, At: 4 + i, Size: 1, Mask: 0x0f, Help: "How many streams were sent at the same time."},
		uintRow(4+i, 1, "radiotap.vht.nsts"+of, "space-time streams", "How many streams the space-time code made of them."),
		&Field{Name: "radiotap.vht.coding" + of, Label: "LDPC", Type: TypeBool, At: 8, Size: 1, Mask: 1 << i, Help: "Set when errors were corrected by LDPC."},
		bytesRow(0, 12, "radiotap.vht.datarate"+of, "rate", "How fast the frame was sent; it follows from the others.")))
}

func (n *radiotapNote) vht(dst *[]Node, s span) {
	b := n.data[s.pos:]
	known := le16(b)
	all := n.told(vhtAll, s.pos, 12, "")
	to := &all.Children
	*to, _ = n.fixed(nil, []*Field{vhtKnown}, s.pos, s)
	for _, v := range vhtBits {
		if known&v.known != 0 {
			*to = append(*to, n.node(v.row, s.pos+2, 1))
		}
	}
	if known&vhtBandwidth != 0 {
		*to = append(*to, n.node(vhtWidth, s.pos+3, 1))
	}
	for i, rows := range vhtUsers {
		if streams := b[4+i] & 0x0f; streams == 0 {
			continue
		}
		user := n.told(vhtUser, s.pos+4, 5, "")
		user.Children, _ = n.fixed(nil, rows[:2], s.pos, s)
		if known&vhtSTBC != 0 {
			user.Children = append(user.Children, n.node(rows[2], s.pos+4+i, 1))
		}
		user.Children = append(user.Children, n.node(rows[3], s.pos+8, 1))
		if known&(vhtBandwidth|vhtGuard) == vhtBandwidth|vhtGuard && b[4+i]>>4 <= 9 && b[3] <= 25 {
			user.Children = append(user.Children, n.node(rows[4], s.pos, 12))
		}
		*to = append(*to, user)
	}
	if known&vhtGroup != 0 {
		*to = append(*to, n.node(vhtGID, s.pos+9, 1))
	}
	if known&vhtPartial != 0 {
		*to = append(*to, n.node(vhtPAID, s.pos+10, 2))
	}
	*dst = append(*dst, all)
}

func le16(b []byte) int { return int(b[0]) | int(b[1])<<8 }

// noted is a value of which another bit says whether it is known: Wireshark
// names it anew when it is not.
type noted struct {
	mask        uint64
	known       uint32 // bit of the words that tell; 0: always known
	name, label string
	help        string
	rows        [2]*Field // when unknown, when known
}

func notedRows(at int, list []noted) []noted {
	for i := range list {
		v := &list[i]
		for j, suffix := range []string{"_unknown", ""} {
			f := part(v.mask, "radiotap.he."+v.name+suffix, v.label, v.help)
			if v.name[0] == '_' {
				f.Name = "radiotap.he" + v.name + suffix
			}
			f.At, f.Size, f.Little = at, 2, true
			v.rows[j] = describeOne(Radiotap, radiotapRFC, f)
		}
	}
	return list
}

func (n *radiotapNote) noted(dst *[]Node, s span, known uint32, list []noted) {
	for i := range list {
		v := &list[i]
		row := v.rows[0]
		if v.known == 0 || known&v.known != 0 {
			row = v.rows[1]
		}
		*dst = append(*dst, n.node(row, s.pos+row.At, 2))
	}
}
