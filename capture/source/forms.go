package source

// Three forms of pcap have longer record headers and no magic number of their
// own. Which one a file has is told by its first records, as Wireshark does:
// each form is tried on them, and the one with the fewest oddities is taken.

// try is a form and what its record headers have behind the common words.
type try struct {
	head int
	odd  func(p *pcap, extra []byte) int // how many oddities those have
}

var (
	plain = try{head: pcapRecord}
	// interface index, EtherType, packet type, padding: patches to libpcap of
	// April and October 1999, found in Red Hat 6.1
	redHat = try{head: 24, odd: (*pcap).oddLinux}
	// the same with two bytes of a debugging aid and three of padding more:
	// the patch of September 1999, in SuSE 6.3
	suse = try{head: 28, odd: (*pcap).oddLinux}
	// four bytes that nobody has explained
	nokia = try{head: 20, odd: (*pcap).oddNokia}
)

const (
	recordsTried = 3
	absurdWire   = 128 << 20
)

// choose tries forms, the likeliest first, on the records from a place.
func (p *pcap) choose(first int64, tries ...try) {
	best := -1
	for _, t := range tries {
		if n := p.oddities(first, t); best < 0 || n < best {
			best = n
			p.form.head = t.head
		}
		if best == 0 {
			return
		}
	}
}

// oddities counts what is strange in the first records if they have a form.
func (p *pcap) oddities(at int64, t try) (n int) {
	h := make([]byte, t.head)
	for range recordsTried {
		size, err := p.s.store.wait(at + int64(t.head))
		if err != nil || size <= at {
			return n
		}
		if got, err := p.s.store.at(h, at); err != nil || got < len(h) {
			return n + 1
		}
		captured, wire := p.lengths(h)
		odd := []bool{
			p.order.u32(h[4:]) >= 1e6, captured > p.iface.Snap, captured > wire, wire > absurdWire,
		}
		for _, is := range odd {
			if is {
				n++
			}
		}
		if t.odd != nil {
			n += t.odd(p, h[pcapRecord:])
		}
		if captured > maxFrame {
			return n + 1
		}
		at += int64(t.head) + int64(captured)
		if size, err = p.s.store.wait(at); err != nil || size < at {
			return n + 1
		}
	}
	return n
}

func (p *pcap) oddLinux(extra []byte) (n int) {
	if p.order.u32(extra) > 10000 { // interface index
		n++
	}
	// An EtherType, or one of the numbers that Linux uses below those.
	if t := p.order.u16(extra[4:]); t > 0x17 && t != 0x60 && t != 0x200 && t != 0x400 && t < 0x600 {
		n++
	}
	if extra[6] > 4 { // from us, to us, to all, to a group, to others
		n++
	}
	return n
}

func (p *pcap) oddNokia(extra []byte) int {
	// Of the form [9b]fbf[bd][69]0[12], as far as anyone has seen, or zero
	// where another program wrote the file.
	v := p.order.u32(extra)
	digit := func(shift int, a, b uint32) bool { d := v >> shift & 15; return d == a || d == b }
	if v == 0 || v&0x0fff00f0 == 0x0fbf0000 && digit(28, 9, 11) && digit(12, 11, 13) && digit(8, 6, 9) && digit(0, 1, 2) {
		return 0
	}
	return 1
}
