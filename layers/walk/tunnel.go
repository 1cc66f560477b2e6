package walk

import "strata/layers"

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
