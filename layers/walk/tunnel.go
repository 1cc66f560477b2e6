package walk

import "strata/layers"

// tag reads a tag of fixed size before the type of what comes next.
func (w *walker) tag(kind uint16, p span) {
	if proto, size := layers.TagOf(kind); size > 0 && p.size() >= size && w.push(proto, size, p) {
		if next := be16(w.data[p.at+size-2:]); next >= layers.EtherTypeMin {
			w.typed(next, p.from(size))
		}
	}
}

// macsec reads a security tag, and what it protects without hiding it.
func (w *walker) macsec(p span) {
	size, readable := layers.MACsecSize(w.data[p.at:p.end])
	if !readable || size+2 > p.size() || !w.push(layers.MACsec, size+2, p) {
		return
	}
	if next := be16(w.data[p.at+size:]); next >= layers.EtherTypeMin {
		w.typed(next, p.from(size+2))
	}
}

// nsh reads the header of a chain of services (RFC 8300 sec. 2.2).
func (w *walker) nsh(p span) {
	const least = 8
	if p.size() < least {
		return
	}
	if size := max(least, int(w.data[p.at+1]&0x3f)*4); size <= p.size() && w.push(layers.NSH, size, p) {
		w.chained(w.data[p.at+3], p.from(size))
	}
}

// chained reads what NSH, or VXLAN's variant for any protocol, announces.
func (w *walker) chained(next byte, p span) {
	switch next {
	case 1:
		w.ip(p)
	case 2:
		w.ipv6(p)
	case 3:
		w.ethernet(p, p)
	case 4:
		w.nsh(p)
	case 5:
		if p.size() > 0 {
			w.mpls(p)
		}
	}
}

// register reads the message by which PIM carries a packet, in its version 1
// one of IGMP's.
func (w *walker) register(protocol uint8, p span) {
	const size = layers.PIMRegisterSize
	if p.size() <= size {
		return
	}
	b := w.data[p.at:p.end]
	carries := b[0] == 0x21
	if protocol == protocolIGMP {
		carries = b[0] == 0x14 && b[1] == 1 && b[4]>>4 == 1
	}
	if carries && w.push(layers.PIM, size, p) {
		w.ip(p.from(size))
	}
}

// ayiya reads a signed packet in UDP.
func (w *walker) ayiya(p span) {
	const forward = 1
	b := w.data[p.at:p.end]
	if size := layers.AYIYASize(b); size > 0 && b[2]&15 == forward && w.push(layers.AYIYA, size, p) {
		w.protocol(b[3], p.from(size), true)
	}
}

// gtp reads a tunnel of a mobile network, if it carries a packet (3GPP TS
// 29.281 sec. 5.1 for version 1).
func (w *walker) gtp(p span) {
	const packet, extended = 255, 4
	b := w.data[p.at:p.end]
	if len(b) < 8 || b[1] != packet {
		return
	}
	size := 8
	switch {
	case b[0]>>4 == 1: // version 0
		size = 20
	case b[0]>>5 != 1:
		return
	case b[0]&7 != 0:
		size = 12
		for next := len(b) >= size && b[0]&extended != 0 && b[11] != 0; next; next = b[size-1] != 0 {
			n := 0
			if size < len(b) {
				n = int(b[size]) * 4
			}
			if n == 0 || size+n > len(b) {
				return
			}
			size += n
		}
	}
	if size < len(b) && (b[size]>>4 == 4 || b[size]>>4 == 6) && w.push(layers.GTP, size, p) {
		w.ip(p.from(size))
	}
}

// teredo reads IPv6 in UDP, behind what may authenticate it and say where it
// came from (RFC 4380 sec. 5.1.1).
func (w *walker) teredo(p span) {
	b := w.data[p.at:p.end]
	size := 0
	if len(b) >= 4 && be16(b) == 1 {
		size = 13 + int(b[2]) + int(b[3])
	}
	if len(b) >= size+2 && be16(b[size:]) == 0 {
		size += 8
	}
	if size < len(b) && b[size]>>4 == 6 && w.push(layers.Teredo, size, p) {
		w.ipv6(p.from(size))
	}
}
