package filter

// experts are the findings that package layers makes of a frame, by
// Wireshark's names.
var experts = []string{
	"_ws.malformed.expert", "dns.extraneous", "eth.fcs_bad", "eth.invalid_lentype.expert", "eth.len.past_end",
	"eth.padding_bad", "eth.src_not_group", "http.bad_header_name", "icmp.checksum_bad", "icmp.ext.checksum_bad",
	"icmpv6.checksum_bad.expert", "igmp.bad_checksum", "ip.bogus_header_length", "ip.bogus_ip_length",
	"ip.bogus_ip_version", "ip.checksum_bad.expert", "ip.opt.len.invalid", "ip.ttl.lncb", "ip.ttl.too_small",
	"ipv6.bogus_ipv6_version", "ipv6.hopopts.not_first", "ipv6.invalid_header", "ipv6.opt.header_mismatch",
	"ipv6.opt.invalid_len", "ipv6.plen_exceeds_framing", "ipv6.routing.deprecated", "ipv6.routing.invalid_length",
	"ipv6.routing.invalid_segleft", "ipv6.routing.undecoded", "ipv6.src_route_list.multicast_addr",
	"pppoe.payload_length.bad", "tcp.ack.nonzero", "tcp.bogus_header_length", "tcp.checksum_bad.expert",
	"tcp.connection.fin", "tcp.connection.rst", "tcp.connection.syn", "tcp.connection.synack",
	"tcp.non_zero_bytes_after_eol", "tcp.nop", "tcp.option.len.invalid", "tcp.options.mss.absent",
	"tcp.options.mss.present", "tcp.options.sack.dsack", "tcp.options.wscale.shift.invalid",
	"tcp.urgent_pointer.non_zero", "tls.malformed.buffer_too_small", "tls.malformed.trailing_data",
	"tls.record.length.invalid", "tls.unexpected_message", "udp.checksum.bad", "udp.checksum.zero", "udp.length.bad",
	"vlan.len.past_end",
}
