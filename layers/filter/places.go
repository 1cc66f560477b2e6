package filter

import (
	"math/bits"

	"strata/layers"
)

// quickPlaces says where in a header the fields stand whose value is there in
// full, whatever other frames say.
var quickPlaces = func() map[string][]place {
	all := map[string][]place{}
	for _, name := range []string{
		"eth.dst", "eth.src", "vlan.priority", "vlan.dei", "vlan.id",
		"arp.hw.type", "arp.proto.type", "arp.hw.size", "arp.proto.size", "arp.opcode",
		"arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.hw_mac", "arp.dst.proto_ipv4",
		"ip.dsfield", "ip.dsfield.dscp", "ip.dsfield.ecn", "ip.len", "ip.id", "ip.flags", "ip.flags.rb", "ip.flags.df", "ip.flags.mf",
		"ip.frag_offset", "ip.ttl", "ip.proto", "ip.checksum", "ip.src", "ip.dst",
		"ipv6.tclass", "ipv6.tclass.dscp", "ipv6.tclass.ecn", "ipv6.flow", "ipv6.plen", "ipv6.nxt", "ipv6.hlim", "ipv6.src", "ipv6.dst",
		"udp.srcport", "udp.dstport", "udp.length", "udp.checksum",
		"tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.window_size_value", "tcp.checksum", "tcp.urgent_pointer",
		"tcp.flags", "tcp.flags.res", "tcp.flags.ns", "tcp.flags.ae", "tcp.flags.cwr", "tcp.flags.ece", "tcp.flags.urg",
		"tcp.flags.ack", "tcp.flags.push", "tcp.flags.reset", "tcp.flags.syn", "tcp.flags.fin",
		"icmp.type", "icmp.code", "icmp.checksum",
	} {
		if f := layers.FieldNamed(name); f != nil {
			all[name] = []place{placeOf(f)}
		}
	}
	for _, both := range []struct{ name, first, second string }{
		{"eth.addr", "eth.dst", "eth.src"}, {"ip.addr", "ip.src", "ip.dst"}, {"ipv6.addr", "ipv6.src", "ipv6.dst"},
		{"tcp.port", "tcp.srcport", "tcp.dstport"}, {"udp.port", "udp.srcport", "udp.dstport"},
	} {
		all[both.name] = []place{all[both.first][0], all[both.second][0]}
	}
	// A smaller number is a length, which is another field.
	for _, name := range []string{"eth.type", "vlan.etype"} {
		p := placeOf(layers.FieldNamed(name))
		p.floor = layers.EtherTypeMin
		all[name] = []place{p}
	}
	// These count words of four bytes.
	for _, name := range []string{"ip.hdr_len", "tcp.hdr_len"} {
		p := placeOf(layers.FieldNamed(name))
		p.scale = 4
		all[name] = []place{p}
	}
	return all
}()

func placeOf(f *layers.Field) place {
	return place{at: f.At, size: f.Size, mask: f.Mask, shift: bits.TrailingZeros64(f.Mask), scale: 1}
}
