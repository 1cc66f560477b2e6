package layers

import "encoding/binary"

// What lies within an IPv6 address: a MAC address, or an IPv4 address of a
// tunnel's end.

// within6 are the rows for what lies within one address; each stands once for
// the source or destination, and once, hidden, for either.
type within6 struct{ gateway, sla, server, port, client, isatap, mac, embedded []*Field }

var (
	ipv6WithinSource      = ipv6Within("src", "source")
	ipv6WithinDestination = ipv6Within("dst", "destination")
	ipv6EmbedPrefix       = one(IPv6, "RFC 6052 sec. 2.1", word("ipv6.embed_ipv4_prefix", "translator's prefix", TypeBytes, 0, "The addresses of IPv4 hosts begin with this, for who speaks IPv6 only."))
	ipv6Embedded          = one(IPv6, "RFC 6052 sec. 2.2", word("ipv6.embed_ipv4", "IPv4 address", TypeIPv4, 4, "The IPv4 host that the address stands for."))
)

func ipv6Within(end, label string) within6 {
	pair := func(name, what string, t Type, size int, rfc, help string) []*Field {
		either := word("ipv6."+name, what, t, size, help)
		either.Hidden = true
		return rows(IPv6, rfc, word("ipv6."+end+"_"+name, label+"'s "+what, t, size, help), either)
	}
	return within6{
		gateway:  pair("6to4_gw_ipv4", "6to4 gateway", TypeIPv4, 4, "RFC 3056 sec. 2", "The IPv4 address of the router that tunnels for the address."),
		sla:      pair("6to4_sla_id", "6to4 network", TypeUint, 2, "RFC 3056 sec. 2", "Which network behind that router it is."),
		server:   pair("ts_ipv4", "Teredo server", TypeIPv4, 4, "RFC 4380 sec. 4", "The IPv4 address of the server that the host uses."),
		port:     pair("tc_port", "Teredo port", TypeUint, 2, "RFC 4380 sec. 4", "The host's UDP port as the server sees it; its bits are turned around."),
		client:   pair("tc_ipv4", "Teredo client", TypeIPv4, 4, "RFC 4380 sec. 4", "The host's IPv4 address as the server sees it; its bits are turned around."),
		isatap:   pair("isatap_ipv4", "ISATAP address", TypeIPv4, 4, "RFC 5214 sec. 6.1", "The host's IPv4 address."),
		mac:      pair("slaac_mac", "MAC address", TypeMAC, 8, "RFC 4291 app. A", "The MAC address that the host made its address from."),
		embedded: rows(IPv6, "RFC 6052 sec. 2.2", word("ipv6."+end+"_embed_ipv4", label+"'s IPv4 address", TypeIPv4, 4, "The IPv4 host that the address stands for.")),
	}
}

// withinAddress adds what lies within the address at a place.
func (d *dissector) withinAddress(dst []Node, at int, w within6) []Node {
	a := d.data[at : at+16]
	add := func(rows []*Field, off, size int, v uint64, text string) {
		for _, f := range rows {
			n := d.told(f, at+off, size, text)
			n.Uint = v
			dst = append(dst, n)
		}
	}
	word := func(off int) uint64 { return uint64(binary.BigEndian.Uint32(a[off:])) }
	switch {
	case a[0] == 0x20 && a[1] == 0x02:
		add(w.gateway, 2, 4, word(2), showIP(a[2:6]))
		v := number(a[6:8])
		add(w.sla, 6, 2, v, show(w.sla[0], v, nil))
	case word(0) == 0x20010000:
		add(w.server, 4, 4, word(4), showIP(a[4:8]))
		port := number(a[10:12]) ^ 0xffff
		add(w.port, 10, 2, port, show(w.port[0], port, nil))
		client := word(12) ^ 0xffffffff
		add(w.client, 12, 4, client, showIP(binary.BigEndian.AppendUint32(nil, uint32(client))))
	case word(0) == 0x0064ff9b && word(4) == 0 && word(8) == 0: // the well-known prefix
		add([]*Field{ipv6EmbedPrefix}, 0, 12, 0, "64:ff9b::/96")
		add(append(w.embedded, ipv6Embedded), 12, 4, word(12), showIP(a[12:16]))
	}
	if a[8]&2 != 0 && a[11] == 0xff && a[12] == 0xfe {
		mac := [6]byte{a[8] &^ 2, a[9], a[10], a[13], a[14], a[15]}
		add(w.mac, 8, 8, number(mac[:]), showMAC(mac[:]))
	}
	if word(8)&^0x03000000 == 0x00005efe {
		add(w.isatap, 12, 4, word(12), showIP(a[12:16]))
	}
	return dst
}
