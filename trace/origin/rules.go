package origin

// rules say where a field of a header comes from, by its name or that of a
// field around it.
var rules map[string]func(*Asked)

func init() { // a variable cannot refer to what refers to it
	rules = map[string]func(*Asked){
		"eth.dst": (*Asked).ethDst, "eth.src": (*Asked).ethSrc, "eth.type": (*Asked).ethType,
		"eth.padding": (*Asked).padding, "eth.fcs": (*Asked).fcs, "eth.trailer": (*Asked).padding,

		"arp.hw.type": (*Asked).arpFixed, "arp.proto.type": (*Asked).arpFixed, "arp.hw.size": (*Asked).arpFixed, "arp.proto.size": (*Asked).arpFixed,
		"arp.opcode": (*Asked).arpOpcode, "arp.src.hw_mac": (*Asked).arpSource, "arp.src.proto_ipv4": (*Asked).arpSource,
		"arp.dst.hw_mac": (*Asked).arpTarget, "arp.dst.proto_ipv4": (*Asked).arpTarget,

		"ip.version": (*Asked).ipVersion, "ip.hdr_len": (*Asked).ipVersion, "ip.dsfield": (*Asked).ipService, "ip.len": (*Asked).ipLen,
		"ip.id": (*Asked).ipID, "ip.flags": (*Asked).ipFragment, "ip.frag_offset": (*Asked).ipFragment, "ip.ttl": (*Asked).ipTTL,
		"ip.proto": (*Asked).ipProto, "ip.checksum": (*Asked).ipChecksum, "ip.src": (*Asked).ipSrc, "ip.dst": (*Asked).ipDst,

		"udp.srcport": (*Asked).srcPort, "udp.dstport": (*Asked).dstPort, "udp.length": (*Asked).udpLength, "udp.checksum": (*Asked).sum,
		"tcp.srcport": (*Asked).srcPort, "tcp.dstport": (*Asked).dstPort, "tcp.checksum": (*Asked).sum,
		"tcp.seq": (*Asked).tcpSeq, "tcp.ack": (*Asked).tcpAck, "tcp.hdr_len": (*Asked).tcpHeaderLen, "tcp.flags": (*Asked).tcpFlags,
		"tcp.window_size_value": (*Asked).tcpWindow, "tcp.urgent_pointer": (*Asked).tcpUrgent,
		"tcp.options.mss": (*Asked).tcpMSS, "tcp.options.nop": (*Asked).tcpPad, "tcp.options.eol": (*Asked).tcpPad,
		"tcp.options.wscale": (*Asked).tcpScale, "tcp.options.sack_perm": (*Asked).tcpSACKPerm, "tcp.options.sack": (*Asked).tcpSACK,
		"tcp.options.timestamp": (*Asked).tcpStamps,

		"icmp.type": (*Asked).icmpType, "icmp.code": (*Asked).icmpType, "icmp.checksum": (*Asked).sum,
		"icmp.ident": (*Asked).icmpEcho, "icmp.seq": (*Asked).icmpEcho, "icmp.unused": (*Asked).icmpRest,
		"icmp.mtu": (*Asked).icmpRest,
	}
}

// rule applies the rule for the bytes.
func (q *Asked) rule() {
	if q.quoted() {
		return
	}
	if !q.at.head {
		q.content()
		return
	}
	for _, name := range q.at.names {
		if r := rules[name]; r != nil {
			r(q)
			return
		}
	}
}

// fallback is for what no rule is about: who wrote the header, and what the
// field is for.
func (q *Asked) fallback() {
	h := q.root()
	what := q.at.proto.String()
	if q.at.node != nil && q.at.node.Field.Label != "" {
		what += "'s " + q.at.node.Field.Label
	}
	l := q.say("%s is written by %s, which makes this %s", what, q.name(h.node), q.unit()).on(h.made).in(q.frame)
	if f := q.Field(); f != nil {
		l.by(f.RFC)
		if f.Help != "" {
			l.Text += ": " + f.Help
		}
	}
	if h.made != 0 {
		q.told(h.made)
	}
}

// unit is the word for what the bytes belong to.
func (q *Asked) unit() string {
	if u := q.at.proto.Unit(); u != "" {
		return u
	}
	return "unit"
}

// fixed is for numbers that a document gives.
func (q *Asked) fixed(rfc, format string, args ...any) { q.say(format, args...).by(rfc) }

// value is the field's number.
func (q *Asked) value() uint64 {
	if q.at.node == nil {
		return 0
	}
	return q.at.node.Uint
}
