// Package bits tells of a frame what is on the wire of it: the bits in the
// order in which they leave, what goes before and after them, and when.
//
//	preamble │ SFD │ header, packet, padding │ FCS │ gap
//	56 bits  │  8  │ least significant first │ 32  │ 96     IEEE 802.3 clauses 3.2, 3.3, 4.4.2
//	├────── serialisation: bits / rate ────────────┤
//	        ├────── propagation: the link's delay ─────┤
//
// A simulated link takes a frame of n bytes, its FCS included, like this: its
// first bit of the preamble leaves with Transmit; the frame has arrived when the
// 8 bytes of preamble and SFD and the n bytes have left, and the link's delay
// has gone by (Arrive); the wire is free for the next frame when 12 more bytes
// of gap have gone by, too. A rate of 0 is infinitely fast: then only the delay
// counts. Faults may hold a frame back; that is not the wire's time.
//
// A capture shows neither preamble nor gap, seldom the FCS, and never the
// rate: it tells the bits of the frame, and no times.
package bits

import (
	"hash/crc32"

	"strata/layers"
	"strata/trace"
)

// What Ethernet puts around a frame, in bytes.
const (
	PreambleSize = 7  // IEEE 802.3 clause 3.2.1
	SFDSize      = 1  // clause 3.2.2
	GapSize      = 12 // clause 4.4.2, interPacketGap: 96 bit times

	preambleByte = 0x55 // as sent, least significant bit first: 10101010
	sfdByte      = 0xd5 // 10101011
)

// Kind says what a section of the bits is.
type Kind uint8

// The kinds of sections, in the order in which they leave.
const (
	Preamble Kind = iota
	SFD           // start frame delimiter
	Header        // of the link: addresses and type
	Packet        // what the frame carries
	Padding       // zeros up to Ethernet's 64 bytes
	FCS           // frame check sequence
	Gap           // nothing, for as long as 96 bits would take
)

// String is the section's name.
func (k Kind) String() string {
	return [...]string{"preamble", "SFD", "header", "packet", "padding", "FCS", "gap"}[k]
}

// Section is a run of bits with one purpose.
type Section struct {
	Kind       Kind
	From, Bits int64      // the first is the first bit that leaves
	Start, End trace.Time // when they leave, after the first one has begun to; with Look.Timed
	Computed   bool       // not in the capture: worked out from the frame
}

// Look is a frame on its wire.
type Look struct {
	Frame    int
	Link     string
	Noted    int  // bytes at the frame's beginning that were never sent: a radio's notes
	Framed   bool // it is Ethernet: preamble, FCS and gap are known
	Timed    bool // the rate and the delay are known
	Rate     int64
	Delay    trace.Time // one way
	Sections []Section
	Bits     int64   // that arrive: without the gap
	Flipped  []int64 // bits that arrived changed, as places among those that leave

	Sent        trace.Time // when the first bit left; in a capture: when the frame was seen
	Serialising trace.Time // from the first bit's leaving to the last one's
	Arrives     trace.Time // from the first bit's leaving to the last one's arrival
	Free        trace.Time // from the first bit's leaving until the next frame may be sent
	Held        trace.Time // how much later it arrived than that, by a fault

	OnWire int64  // how many bits are on their way at once, at most
	Note   string // what is not known, and why

	octets []byte
}

// Of looks at frame n. ok is false when there is no such frame.
func Of(t trace.Trace, n int) (l *Look, ok bool) {
	if n < 0 || n >= t.Frames() {
		return nil, false
	}
	f := t.Frame(n)
	l = &Look{Frame: n, Sent: f.Sent, octets: t.Append(nil, f.PDU, 0, t.Size(f.PDU))}
	captured := t.Info().Captured
	loop := captured && f.LinkType == linkEthernet && loopback(l.octets)
	l.Framed = !captured || f.LinkType == linkEthernet && !loop
	if link := f.End.Link(); f.End != trace.NoEnd && link < len(t.Info().Links) && !captured {
		k := &t.Info().Links[link]
		l.Link, l.Rate, l.Delay, l.Timed = k.Name, k.Rate, k.Delay, true
	}
	if captured && f.LinkType == linkRadiotap && len(l.octets) >= 4 {
		l.Noted = min(int(l.octets[2])|int(l.octets[3])<<8, len(l.octets))
		l.octets = l.octets[l.Noted:]
	}
	switch {
	case !l.Framed:
		fcs := min(f.FCS, len(l.octets))
		l.add(Packet, len(l.octets)-fcs)
		l.add(FCS, fcs)
		l.Bits = l.end()
	case captured && f.FCS == 0 && f.WireLen <= len(l.octets):
		l.bare()
	case captured:
		l.divide(min(f.FCS, len(l.octets)))
	default:
		l.divide(layers.FCSSize)
	}
	l.times()
	switch {
	case loop:
		l.Note = loopNote
	case captured:
		l.Note = note(f, l.Framed)
	default:
		l.arrival(t, f)
	}
	return l, true
}

// bare divides a frame that was captured without its FCS. A host hands frames
// to its card without padding, too, and a capture on it sees them so.
func (l *Look) bare() {
	n := len(l.octets)
	for len(l.octets) < layers.EthernetMinFrame {
		l.octets = append(l.octets, 0)
	}
	sum := crc32.ChecksumIEEE(l.octets)
	l.octets = append(l.octets, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24))
	l.divide(layers.FCSSize)
	for i := range l.Sections {
		s := &l.Sections[i]
		s.Computed = s.Kind == FCS || s.Kind == Padding && s.From/8 >= int64(PreambleSize+SFDSize+n)
	}
}

// divide finds the sections of an Ethernet frame that ends in fcs bytes of FCS.
func (l *Look) divide(fcs int) {
	n := len(l.octets) - fcs
	head := min(layers.EthernetSize, n)
	pad := padding(l.octets[:n])
	l.octets = append([]byte{preambleByte, preambleByte, preambleByte, preambleByte, preambleByte, preambleByte, preambleByte, sfdByte}, l.octets...)
	l.add(Preamble, PreambleSize)
	l.add(SFD, SFDSize)
	l.add(Header, head)
	l.add(Packet, n-head-pad)
	l.add(Padding, pad)
	l.add(FCS, fcs)
	l.Bits = l.end()
	l.add(Gap, GapSize)
}

// padding is how many bytes behind a packet of IPv4 or ARP fill an Ethernet
// frame, of which b is all but the FCS.
func padding(b []byte) int {
	const head = layers.EthernetSize
	if len(b) < head+layers.IPv4MinSize {
		return 0
	}
	switch layers.EthernetHeader(b).Type() {
	case layers.EtherTypeIPv4:
		return max(0, len(b)-head-max(layers.IPv4Header(b[head:]).TotalLen(), layers.IPv4MinSize))
	case layers.EtherTypeARP:
		return max(0, len(b)-head-layers.ARPSize)
	}
	return 0
}

func (l *Look) end() int64 {
	if n := len(l.Sections); n > 0 {
		return l.Sections[n-1].From + l.Sections[n-1].Bits
	}
	return 0
}

func (l *Look) add(k Kind, bytes int) {
	if bytes > 0 {
		l.Sections = append(l.Sections, Section{Kind: k, From: l.end(), Bits: int64(bytes) * 8})
	}
}

// times works out when what leaves.
func (l *Look) times() {
	if !l.Timed {
		return
	}
	for i := range l.Sections {
		s := &l.Sections[i]
		s.Start, s.End = l.Takes(s.From), l.Takes(s.From+s.Bits)
	}
	l.Serialising = l.Takes(l.Bits)
	l.Arrives, l.Free = l.Serialising+l.Delay, l.Takes(l.end())
	l.OnWire = l.Bits
	if l.Rate > 0 {
		l.OnWire = min(l.Bits, l.Capacity())
	}
}

// Takes is how long so many bits need to leave.
func (l *Look) Takes(bits int64) trace.Time {
	if l.Rate == 0 {
		return 0
	}
	return trace.Time(bits * int64(trace.Second) / l.Rate)
}

// Capacity is how many bits the link holds on their way: rate times delay.
// Of a link without a rate it is 0.
func (l *Look) Capacity() int64 {
	whole, part := l.Delay/trace.Second, l.Delay%trace.Second
	return int64(whole)*l.Rate + int64(float64(part)*float64(l.Rate)/float64(trace.Second)+0.5)
}

// Left is how many bits have left, a time after the first one began to.
func (l *Look) Left(after trace.Time) int64 {
	switch {
	case after < 0 || !l.Timed:
		return 0
	case l.Rate == 0 || after >= l.Serialising:
		return l.Bits
	}
	return min(l.Bits, int64(float64(after)*float64(l.Rate)/float64(trace.Second)))
}

// Come is how many bits have arrived, a time after the first one began to leave.
func (l *Look) Come(after trace.Time) int64 { return l.Left(after - l.Delay) }

// arrival says what the wire did to the frame.
func (l *Look) arrival(t trace.Trace, f trace.Frame) {
	if f.Last == 0 || f.Fate == trace.Lost {
		return
	}
	for _, s := range t.Steps(l.Frame) {
		e := t.Event(s)
		if e.Kind != trace.Arrive {
			continue
		}
		l.Held = max(0, e.Time-f.Sent-l.Arrives)
		if e.PDU != f.PDU && t.Size(e.PDU) == t.Size(f.PDU) {
			l.compare(t.Append(nil, e.PDU, 0, t.Size(e.PDU)))
		}
		return
	}
}

// compare finds the bits that arrived changed.
func (l *Look) compare(came []byte) {
	const before = PreambleSize + SFDSize
	for i, b := range came {
		for k := range 8 {
			if (b^l.octets[before+i])>>k&1 != 0 {
				l.Flipped = append(l.Flipped, int64(before+i)*8+int64(k))
			}
		}
	}
}

// Octets appends up to n of the bytes that leave, from the one that holds a
// bit. The gap has none.
func (l *Look) Octets(dst []byte, bit int64, n int) []byte {
	from := min(bit/8, int64(len(l.octets)))
	return append(dst, l.octets[from:min(from+int64(n), int64(len(l.octets)))]...)
}

// Bit is a bit as it leaves: of each byte the least significant first (IEEE
// 802.3 clause 3.3; of the FCS, whose bits go the highest power first, a frame
// holds the bytes so that the same holds). The gap has none.
func (l *Look) Bit(i int64) (bit byte, ok bool) {
	if i < 0 || i/8 >= int64(len(l.octets)) {
		return 0, false
	}
	return l.octets[i/8] >> (i % 8) & 1, true
}
