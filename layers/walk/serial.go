package walk

import "strata/layers"

// ppp reads a PPP header, with or without HDLC's address and control
// (RFC 1662 sec. 3.1), its protocol in one byte or two (RFC 1661 sec. 6.5).
func (w *walker) ppp(p span) {
	b := w.data[p.at:p.end]
	size := 0
	if len(b) >= 2 && b[0] == 0xff && b[1] == 3 {
		size = 2
	}
	if len(b) < size+2 {
		return
	}
	kind := uint16(b[size])
	size++
	if kind&1 == 0 {
		kind = kind<<8 | uint16(b[size])
		size++
	}
	if !w.push(layers.PPP, size, p) {
		return
	}
	switch p = p.from(size); kind {
	case 0x21:
		w.ipv4(p)
	case 0x57:
		w.ipv6(p)
	case 0x281, 0x283:
		w.mpls(p)
	}
}

// rawIP reads a packet without a link header. A few old systems put PPP's
// header or zeros before it.
func (w *walker) rawIP(p span) {
	b := w.data[p.at:p.end]
	at := func(i int) bool { return len(b) >= i+2 && b[i] == 0xff && b[i+1] == 3 }
	switch {
	case at(0):
		w.ppp(p)
	case at(6):
		w.ppp(p.from(6))
	case at(1):
		w.ppp(p.from(1))
	case len(b) >= 10 && string(b[:10]) == string(make([]byte, 10)):
		w.ip(p.from(10))
	default:
		w.ip(p)
	}
}

// chdlc reads Cisco's HDLC header: address, control, an EtherType.
func (w *walker) chdlc(p span) {
	if p.size() >= 4 && w.push(layers.CHDLC, 4, p) {
		w.typed(be16(w.data[p.at+2:]), p.from(4))
	}
}

// frameRelay reads a frame relay header: an address of 2 to 4 bytes, then what
// RFC 2427 or Cisco puts there.
func (w *walker) frameRelay(p span) {
	b := w.data[p.at:p.end]
	size := 1
	for size < len(b) && size < 4 && b[size-1]&1 == 0 {
		size++
	}
	if size < 2 || len(b) < size+2 {
		return
	}
	if b[size] != 3 { // Cisco's: an EtherType
		if w.push(layers.FrameRelay, size+2, p) {
			w.typed(be16(b[size:]), p.from(size+2))
		}
		return
	}
	size++
	if b[size] == 0 { // a byte that makes the rest even
		size++
	}
	if size >= len(b) {
		return
	}
	const snap, ip, ipv6, ppp = 0x80, 0xcc, 0x8e, 0xcf
	nlpid := b[size]
	size++
	if nlpid == snap {
		w.snap(size, layers.FrameRelay, p)
		return
	}
	if nlpid != ip && nlpid != ipv6 && nlpid != ppp || !w.push(layers.FrameRelay, size, p) {
		return
	}
	if p = p.from(size); nlpid == ppp {
		w.ppp(p)
	} else {
		w.ip(p)
	}
}

// fddi reads an FDDI frame of data.
func (w *walker) fddi(p span) {
	const size = 13
	if p.size() < size {
		return
	}
	if class := w.data[p.at] >> 4; (class == 5 || class == 0xd) && w.push(layers.FDDI, size, p) {
		w.llc(p.from(size))
	}
}
