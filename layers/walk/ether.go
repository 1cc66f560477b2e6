package walk

import (
	"encoding/binary"

	"strata/layers"
)

const vlanSize = 4

// ethernet reads an Ethernet frame: the header has the whole of it, what it
// carries ends before the FCS.
func (w *walker) ethernet(whole, inner span) {
	if inner.size() < layers.EthernetSize || !w.push(layers.Ethernet, layers.EthernetSize, whole) {
		return
	}
	h := layers.EthernetHeader(w.data[whole.at:])
	w.ends(KindFrame, MACAddress, h[:6], h[6:12])
	w.typed(h.Type(), inner.from(layers.EthernetSize))
}

// ends says between whom the innermost packet goes so far.
func (w *walker) ends(kind uint8, f Family, dst, src []byte) {
	if !w.quoting {
		w.Kind = kind
		w.Dst.set(f, dst)
		w.Src.set(f, src)
	}
}

// typed reads what an EtherType announces, or an 802.3 length.
func (w *walker) typed(kind uint16, p span) {
	for kind == layers.EtherTypeVLAN || kind == 0x88a8 || kind == 0x9100 {
		if p.size() < vlanSize || !w.push(layers.VLAN, vlanSize, p) {
			return
		}
		kind = be16(w.data[p.at+2:])
		p = p.from(vlanSize)
	}
	switch {
	case kind < layers.EtherTypeMin:
		w.llc(p.first(int(kind)))
	case kind == layers.EtherTypeIPv4:
		w.ipv4(p)
	case kind == layers.EtherTypeIPv6:
		w.ipv6(p)
	case kind == layers.EtherTypeARP:
		w.arp(p)
	case kind == 0x8847 || kind == 0x8848:
		w.mpls(p)
	case kind == 0x8864:
		w.pppoe(p)
	case kind == layers.EtherTypeBridge:
		w.ethernet(p, p)
	case kind == 0x88e7:
		w.backbone(p)
	case kind == layers.EtherTypeSecure:
		w.macsec(p)
	case kind == layers.EtherTypeNSH:
		w.nsh(p)
	default:
		w.tag(kind, p)
	}
}

func (w *walker) arp(p span) {
	if a := layers.ARPPacket(w.data[p.at:p.end]); a.Valid() && w.push(layers.ARP, layers.ARPSize, p.first(layers.ARPSize)) {
		w.ends(KindARP, IPv4Address, a[24:28], a[14:18])
	}
}

// llc reads an 802.2 header, and SNAP's with an EtherType (RFC 1042).
func (w *walker) llc(p span) {
	const ip, snap, unnumbered = 6, 0xaa, 3
	b := w.data[p.at:p.end]
	switch {
	case len(b) < 3 || b[2]&^0x10 != unnumbered:
	case b[0] == ip:
		if w.push(layers.LLC, 3, p) {
			w.ip(p.from(3))
		}
	case b[0] == snap && b[1] == snap:
		w.snap(3, layers.LLC, p)
	}
}

// snap reads SNAP's header behind one of size bytes.
func (w *walker) snap(size int, proto layers.Proto, p span) {
	b := w.data[p.at:p.end]
	if len(b) < size+5 || b[size] != 0 || b[size+1] != 0 || b[size+2] != 0 && b[size+2] != 0xf8 {
		return
	}
	if kind := be16(b[size+3:]); kind >= layers.EtherTypeMin && w.push(proto, size+5, p) {
		w.typed(kind, p.from(size+5))
	}
}

// backbone reads a provider's instance tag, with the customer's addresses
// (IEEE 802.1Q sec. 9.7).
func (w *walker) backbone(p span) {
	const size = 18
	if p.size() < size || !w.push(layers.PBB, size, p) {
		return
	}
	w.typed(be16(w.data[p.at+16:]), p.from(size))
}

// mpls reads a stack of labels; what it carries is known by its first four
// bits only (RFC 4928 sec. 3).
func (w *walker) mpls(p span) {
	const alert, oam = 13, 14 // labels that no pseudowire has
	var label uint32
	for {
		if p.size() < 4 || !w.push(layers.MPLS, 4, p) {
			return
		}
		label = binary.BigEndian.Uint32(w.data[p.at:])
		p = p.from(4)
		if label&0x100 != 0 {
			break
		}
	}
	switch label >>= 12; {
	case p.size() < 4 || w.data[p.at]>>4 != 0:
		w.ip(p)
	case label != alert && label != oam:
		if n := layers.PseudowireWord(w.data[p.at:p.end]); n == 0 || w.push(layers.PWEthernet, n, p) {
			w.ethernet(p.from(n), p.from(n))
		}
	}
}

// pppoe reads a session's header (RFC 2516 sec. 4).
func (w *walker) pppoe(p span) {
	const size = 6
	if p.size() < size || w.data[p.at] != 0x11 || w.data[p.at+1] != 0 {
		return
	}
	p = p.first(size + int(be16(w.data[p.at+4:])))
	if w.push(layers.PPPoE, size, p) {
		w.ppp(p.from(size))
	}
}

// null reads BSD's loopback header: an address family in the byte order of
// the machine that captured.
func (w *walker) null(whole, inner span) {
	if inner.size() < 4 || !w.push(layers.Null, 4, whole) {
		return
	}
	family := binary.LittleEndian.Uint32(w.data[whole.at:])
	if family > 0xffff {
		family = binary.BigEndian.Uint32(w.data[whole.at:])
	}
	switch family {
	case 2:
		w.ipv4(inner.from(4))
	case 10, 24, 28, 30: // as Linux and the BSDs number IPv6
		w.ipv6(inner.from(4))
	}
}

// cooked reads Linux's header without link addresses.
func (w *walker) cooked(whole, inner span, size, protocolAt int) {
	if inner.size() < size || !w.push(layers.SLL, size, whole) {
		return
	}
	if kind := be16(w.data[whole.at+protocolAt:]); kind >= layers.EtherTypeMin {
		w.typed(kind, inner.from(size))
	} else if kind == 4 { // LINUX_SLL_P_802_2
		w.llc(inner.from(size))
	}
}

// radiotap reads what a radio noted: its length stands in it.
func (w *walker) radiotap(p span) {
	if p.size() < 8 || w.data[p.at] != 0 {
		return
	}
	n := int(binary.LittleEndian.Uint16(w.data[p.at+2:]))
	if n < 8 || n > p.size() || !w.push(layers.Radiotap, n, p) {
		return
	}
	w.wlan(p.from(n))
}

// wlan reads an 802.11 data frame's header, if its body can be read.
func (w *walker) wlan(p span) {
	b := w.data[p.at:p.end]
	if len(b) < 24 {
		return
	}
	const data, toDS, fromDS, protected, order = 2, 1, 2, 0x40, 0x80
	kind, subtype, flags := b[0]>>2&3, b[0]>>4, b[1]
	if kind != data || flags&protected != 0 || subtype&4 != 0 { // subtype 4: no data
		return
	}
	size := 24
	if flags&3 == toDS|fromDS {
		size += 6
	}
	if subtype&8 != 0 {
		size += 2 // QoS
		if flags&order != 0 {
			size += 4 // HT control
		}
	}
	if len(b) < size || !w.push(layers.WLAN, size, p) {
		return
	}
	dst, src := b[4:10], b[10:16]
	switch flags & 3 {
	case toDS:
		dst, src = b[16:22], b[10:16]
	case fromDS:
		dst, src = b[4:10], b[16:22]
	case toDS | fromDS:
		dst, src = b[16:22], b[24:30]
	}
	w.ends(KindFrame, MACAddress, dst, src)
	w.llc(p.from(size))
}
