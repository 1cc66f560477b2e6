package layers

// Kinds of TCP options (IANA).
const (
	TCPOptionEnd           = 0
	TCPOptionNop           = 1
	TCPOptionMSS           = 2  // RFC 9293 section 3.7.1
	TCPOptionWindowScale   = 3  // RFC 7323 section 2
	TCPOptionSACKPermitted = 4  // RFC 2018 section 2
	TCPOptionSACK          = 5  // RFC 2018 section 3
	TCPOptionTimestamps    = 8  // RFC 7323 section 3
	TCPOptionMD5           = 19 // RFC 2385
	TCPOptionMPTCP         = 30 // RFC 8684
	TCPOptionFastOpen      = 34 // RFC 7413
)

// tcpOption says how an option is laid out.
type tcpOption struct {
	field *Field
	size  int // bytes; 0: any
}

// tcpOptionField is the row of an option with what all of them begin with.
func tcpOptionField(name, label, rfc, help string, sub ...*Field) *Field {
	f := &Field{Name: name, Label: label, Type: TypeNone, RFC: rfc, Help: help, Sub: []*Field{
		{Name: "tcp.option_kind", Label: "kind", Type: TypeEnum, Size: 1, RFC: "RFC 9293 sec. 3.2", Names: tcpKinds, Help: "Which option this is."}}}
	if name != "tcp.options.nop" && name != "tcp.options.eol" {
		f.Sub = append(f.Sub, &Field{Name: "tcp.option_len", Label: "length", Type: TypeUint, At: 1, Size: 1, RFC: "RFC 9293 sec. 3.2",
			Help: "How many bytes the option has, kind and length included."})
	}
	f.Sub = append(f.Sub, sub...)
	return table(TCP, f)[0]
}

var tcpKinds = map[uint64]string{
	TCPOptionEnd: "end of options", TCPOptionNop: "no operation", TCPOptionMSS: "maximum segment size", TCPOptionWindowScale: "window scale",
	TCPOptionSACKPermitted: "SACK permitted", TCPOptionSACK: "SACK", 6: "echo", 7: "echo reply", TCPOptionTimestamps: "timestamps",
	11: "CC", 12: "CC.NEW", 13: "CC.ECHO", TCPOptionMD5: "MD5 signature", 27: "quick start", 28: "user timeout", 29: "authentication",
	TCPOptionMPTCP: "multipath TCP", TCPOptionFastOpen: "fast open", 172: "accurate ECN", 174: "accurate ECN", 253: "experiment", 254: "experiment",
}

// oneWord is a row for a number right after kind and length.
func oneWord(name, label string, size int, rfc, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeUint, At: 2, Size: size, RFC: rfc, Help: help}
}

var tcpOptionTable = map[uint8]tcpOption{
	TCPOptionEnd: {tcpOptionField("tcp.options.eol", "end of options", "RFC 9293 sec. 3.2", "The option list ends here; what follows is padding."), 1},
	TCPOptionNop: {tcpOptionField("tcp.options.nop", "no operation", "RFC 9293 sec. 3.2", "Fills space, so that what follows is aligned."), 1},
	TCPOptionMSS: {tcpOptionField("tcp.options.mss", "maximum segment size", "RFC 9293 sec. 3.7.1", "In a SYN: how long a segment its sender can take.",
		oneWord("tcp.options.mss_val", "MSS", 2, "RFC 9293 sec. 3.7.1", "The largest payload, in bytes, that the sender of this SYN wants to receive in one segment.")), 4},
	TCPOptionWindowScale: {tcpOptionField("tcp.options.wscale", "window scale", "RFC 7323 sec. 2", "In a SYN: how to read the windows that follow.",
		oneWord("tcp.options.wscale.shift", "shift", 1, "RFC 7323 sec. 2.2", "By how many bits the window field is to be shifted left; at most 14."),
		&Field{Name: "tcp.options.wscale.multiplier", Label: "multiplier", Type: TypeUint, At: 2, Size: 1, RFC: "RFC 7323 sec. 2.2", Hidden: true, Help: "What the window field is to be multiplied by."}), 3},
	TCPOptionSACKPermitted: {tcpOptionField("tcp.options.sack_perm", "SACK permitted", "RFC 2018 sec. 2", "In a SYN: the sender understands selective acknowledgments."), 2},
	TCPOptionSACK:          {tcpOptionField("tcp.options.sack", "SACK", "RFC 2018 sec. 3", "What has arrived beyond a gap, so that only the gap is sent again."), 0},
	6: {tcpOptionField("tcp.options.echo", "echo", "RFC 1072", "Obsolete; timestamps took its place.",
		oneWord("tcp.options.echo_value", "value", 4, "RFC 1072", "The value to be sent back.")), 6},
	7: {tcpOptionField("tcp.options.echo", "echo reply", "RFC 1072", "Obsolete; timestamps took its place.",
		oneWord("tcp.options.echo_value", "value", 4, "RFC 1072", "The value that is sent back.")), 6},
	TCPOptionTimestamps: {tcpOptionField("tcp.options.timestamp", "timestamps", "RFC 7323 sec. 3", "Let the sender measure the round trip with every acknowledgment.",
		oneWord("tcp.options.timestamp.tsval", "timestamp", 4, "RFC 7323 sec. 3.2", "The sender's clock when this segment was sent."),
		&Field{Name: "tcp.options.timestamp.tsecr", Label: "timestamp echo", Type: TypeUint, At: 6, Size: 4, RFC: "RFC 7323 sec. 3.2", Help: "The other side's clock, as it stood in the segment that is acknowledged."}), 10},
	11: {tcpOptionField("tcp.options.cc", "CC", "RFC 1644", "Obsolete.", oneWord("tcp.options.cc_value", "count", 4, "RFC 1644", "The connection count.")), 6},
	12: {tcpOptionField("tcp.options.cc", "CC.NEW", "RFC 1644", "Obsolete.", oneWord("tcp.options.cc_value", "count", 4, "RFC 1644", "The connection count.")), 6},
	13: {tcpOptionField("tcp.options.cc", "CC.ECHO", "RFC 1644", "Obsolete.", oneWord("tcp.options.cc_value", "count", 4, "RFC 1644", "The connection count.")), 6},
	TCPOptionMD5: {tcpOptionField("tcp.options.md5", "MD5 signature", "RFC 2385", "Proves that the segment comes from who knows the password; used by BGP.",
		&Field{Name: "tcp.options.md5.digest", Label: "digest", Type: TypeBytes, At: 2, Size: 16, RFC: "RFC 2385 sec. 2", Help: "MD5 over segment and password."}), 18},
	27: {tcpOptionField("tcp.options.qs", "quick start", "RFC 4782 sec. 4", "Tells the sender which rate the routers allowed.",
		&Field{Name: "tcp.options.qs.rate", Label: "rate", Type: TypeUint, At: 2, Size: 1, Mask: 0x0f, RFC: "RFC 4782 sec. 4.1", Help: "The rate as a power of two."},
		&Field{Name: "tcp.options.qs.ttl_diff", Label: "TTL difference", Type: TypeUint, At: 3, Size: 1, RFC: "RFC 4782 sec. 4.1", Help: "Shows whether every router took part."}), 8},
	28: {tcpOptionField("tcp.options.user_to", "user timeout", "RFC 5482", "How long data may stay unacknowledged before the connection is given up.",
		&Field{Name: "tcp.options.user_to_granularity", Label: "in minutes", Type: TypeBool, At: 2, Size: 2, Mask: 0x8000, RFC: "RFC 5482 sec. 3", Help: "Set: minutes; clear: seconds."},
		&Field{Name: "tcp.options.user_to_val", Label: "timeout", Type: TypeUint, At: 2, Size: 2, Mask: 0x7fff, RFC: "RFC 5482 sec. 3", Help: "The timeout."}), 4},
	29: {tcpOptionField("tcp.options.ao", "authentication", "RFC 5925 sec. 2.2", "Proves that the segment comes from who knows the key.",
		oneWord("tcp.options.ao.keyid", "key", 1, "RFC 5925 sec. 2.2", "Which key was used."),
		&Field{Name: "tcp.options.ao.rnextkeyid", Label: "next key", Type: TypeUint, At: 3, Size: 1, RFC: "RFC 5925 sec. 2.2", Help: "Which key the sender is ready to receive."}), 0},
	TCPOptionMPTCP: {tcpOptionField("mptcp", "multipath TCP", "RFC 8684 sec. 3", "One connection over several paths at once.",
		&Field{Name: "tcp.options.mptcp.subtype", Label: "subtype", Type: TypeEnum, At: 2, Size: 1, Mask: 0xf0, RFC: "RFC 8684 sec. 8", Help: "What the option is about.",
			Names: map[uint64]string{0: "capable", 1: "join", 2: "data sequence signal", 3: "add address", 4: "remove address", 5: "priority", 6: "fail", 7: "fast close", 8: "reset"}}), 0},
	TCPOptionFastOpen: {tcpOptionField("tcp.options.tfo", "fast open", "RFC 7413", "Lets a SYN carry data, for a client that the server has met before."), 0},
	172:               {accurateECN, 0},
	174:               {accurateECN, 0},
	253:               {experiment, 0},
	254:               {experiment, 0},
}

var (
	accurateECN = tcpOptionField("tcp.options.acc_ecn", "accurate ECN", "RFC 9768 sec. 3.2.3", "How many bytes arrived with which mark of congestion.")
	experiment  = tcpOptionField("tcp.options.experimental", "experiment", "RFC 6994", "An option that is tried out; its number says which.",
		&Field{Name: "tcp.options.experimental.exid", Label: "experiment", Type: TypeHex, At: 2, Size: 2, RFC: "RFC 6994 sec. 3", Help: "Which experiment."})
	unknownOption = tcpOptionField("tcp.options.unknown", "unknown option", "RFC 9293 sec. 3.2", "An option that is not known here; a host that does not know it skips it.")

	tcpOptionList    = row(TCP, Field{Name: "tcp.options", Label: "options", Type: TypeBytes, RFC: "RFC 9293 sec. 3.2", Help: "Additions to the header; most are agreed on in the SYNs."})
	tcpOptionBroken  = row(TCP, Field{Label: "broken option", Type: TypeBytes, RFC: "RFC 9293 sec. 3.2", Help: "An option whose length is impossible."})
	tcpOptionPadding = row(TCP, Field{Label: "padding", Type: TypeBytes, RFC: "RFC 9293 sec. 3.2", Help: "Bytes after the end of options; they should be zero."})
	sackLeft         = row(TCP, Field{Name: "tcp.options.sack_le", Label: "left edge", Type: TypeUint, RFC: "RFC 2018 sec. 3", Help: "The first byte of a stretch that has arrived."})
	sackRight        = row(TCP, Field{Name: "tcp.options.sack_re", Label: "right edge", Type: TypeUint, RFC: "RFC 2018 sec. 3", Help: "The byte after the last one of a stretch that has arrived."})
	dsackLeft        = row(TCP, Field{Name: "tcp.options.sack.dsack_le", Label: "D-SACK left edge", Type: TypeUint, RFC: "RFC 2883 sec. 4", Help: "The first byte of a stretch that has arrived twice."})
	dsackRight       = row(TCP, Field{Name: "tcp.options.sack.dsack_re", Label: "D-SACK right edge", Type: TypeUint, RFC: "RFC 2883 sec. 4", Help: "The byte after the last one of a stretch that has arrived twice."})
	dsack            = row(TCP, Field{Label: "D-SACK", Type: TypeNone, RFC: "RFC 2883 sec. 4", Help: "The first block tells of data that had arrived before."})
	tfoRequest       = row(TCP, Field{Name: "tcp.options.tfo.request", Label: "cookie request", Type: TypeNone, RFC: "RFC 7413 sec. 4.1.1", Help: "The client asks for a cookie."})
	tfoCookie        = row(TCP, Field{Name: "tcp.options.tfo.cookie", Label: "cookie", Type: TypeBytes, RFC: "RFC 7413 sec. 4.1.1", Help: "Proves that the client has been here before."})
	aoMAC            = row(TCP, Field{Name: "tcp.options.ao.mac", Label: "MAC", Type: TypeBytes, RFC: "RFC 5925 sec. 2.2", Help: "The code that proves it."})
	optionPayload    = row(TCP, Field{Name: "tcp.options.unknown.payload", Label: "payload", Type: TypeBytes, RFC: "RFC 9293 sec. 3.2", Help: "What the option carries."})
	experimentData   = row(TCP, Field{Name: "tcp.options.experimental.data", Label: "data", Type: TypeBytes, RFC: "RFC 6994", Help: "What the experiment carries."})
	ecnCounters      = [3]*Field{
		row(TCP, Field{Name: "tcp.options.acc_ecn.ee0b", Label: "ECT(0) bytes", Type: TypeUint, RFC: "RFC 9768 sec. 3.2.3", Help: "Bytes that arrived marked ECT(0)."}),
		row(TCP, Field{Name: "tcp.options.acc_ecn.eceb", Label: "CE bytes", Type: TypeUint, RFC: "RFC 9768 sec. 3.2.3", Help: "Bytes that arrived marked as having met congestion."}),
		row(TCP, Field{Name: "tcp.options.acc_ecn.ee1b", Label: "ECT(1) bytes", Type: TypeUint, RFC: "RFC 9768 sec. 3.2.3", Help: "Bytes that arrived marked ECT(1)."})}
)

// tcpOptions reads the list of options.
func (d *dissector) tcpOptions(s span, flags uint8) Node {
	list := d.node(tcpOptionList, s.pos, s.end-s.pos)
	sawMSS, nops, ack := false, 0, number(d.data[s.pos-12:s.pos-8])
	whole := s
	for s.pos < s.end {
		kind := d.data[s.pos]
		size := 1
		if kind != TCPOptionEnd && kind != TCPOptionNop {
			if s.end-s.pos < 2 || d.data[s.pos+1] < 2 || int(d.data[s.pos+1]) > s.end-s.pos {
				n := min(2, s.end-s.pos)
				list.Children = append(list.Children, d.node(tcpOptionBroken, s.pos, n))
				d.expert(Note, "tcp.option.len.invalid", "An option's length is impossible.", s.pos, n)
				break
			}
			size = int(d.data[s.pos+1])
		}
		list.Children = append(list.Children, d.tcpOption(kind, s.first(size), flags, ack))
		if nops++; kind != TCPOptionNop {
			nops = 0
		}
		if nops == 4 {
			d.expert(Warning, "tcp.nop", "Four no-operations in a row: a router may have removed an option.", whole.pos, whole.end-whole.pos)
		}
		sawMSS = sawMSS || kind == TCPOptionMSS
		s = s.from(size)
		if kind == TCPOptionEnd && !zero(d.data[s.pos:s.end]) {
			list.Children = append(list.Children, d.node(tcpOptionPadding, s.pos, s.end-s.pos))
			d.expert(Error, "tcp.non_zero_bytes_after_eol", "The padding after the end of options is not zero.", s.pos, s.end-s.pos)
			break
		}
	}
	list.Show = d.optionNames(list.Children)
	if flags&2 != 0 && !sawMSS && !d.quoted {
		d.expert(Note, "tcp.options.mss.absent", "A SYN without a maximum segment size: 536 bytes is assumed.", whole.pos, whole.end-whole.pos)
	}
	return list
}

func (d *dissector) optionNames(nodes []Node) string {
	text := ""
	for _, n := range nodes {
		if n.Field.Name == "tcp.options.nop" || n.Field.Name == "tcp.options.eol" {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += n.Field.Label
	}
	return text
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

func (d *dissector) tcpOption(kind uint8, s span, flags uint8, ack uint64) Node {
	o, ok := tcpOptionTable[kind]
	if !ok {
		o.field = unknownOption
	}
	n := d.node(o.field, s.pos, s.end-s.pos)
	rows := o.field.Sub
	if o.size > 0 && s.size() != o.size {
		rows = rows[:2]
		d.expert(Note, "tcp.option.len.invalid", "An option has a wrong length.", s.pos, s.size())
	}
	if n.Children, ok = d.fixed(nil, rows, s.pos, s); !ok {
		return n
	}
	n.Show = d.tcpOptionText(&n)
	rest := s.from(2)
	switch {
	case kind == TCPOptionSACK:
		d.sack(&n, rest, ack)
	case kind == TCPOptionFastOpen:
		d.fastOpen(&n, rest, s.pos)
	case kind == TCPOptionWindowScale && len(rows) > 2:
		d.windowScale(&n)
	case kind == TCPOptionMSS && flags&2 == 0 && !d.quoted:
		d.expert(Warning, "tcp.options.mss.present", "Only a SYN should have a maximum segment size.", s.pos, s.size())
	case kind == 29:
		d.restOf(&n, aoMAC, s.from(4))
	case kind == 172 || kind == 174:
		d.ecnCounts(&n, kind, rest)
	case o.field == experiment:
		d.experiment(&n, s)
	case o.field == unknownOption:
		d.restOf(&n, optionPayload, rest)
	}
	return n
}

// tcpOptionText is what the option says, when that is its own fields.
func (d *dissector) tcpOptionText(n *Node) string {
	text := ""
	for i := 2; i < len(n.Children); i++ {
		if c := &n.Children[i]; !c.Hidden {
			if text != "" {
				text += ", "
			}
			text += c.Show
		}
	}
	return text
}

// restOf shows what is left of an option as one field.
func (d *dissector) restOf(n *Node, f *Field, s span) {
	if s.pos < s.end {
		n.Children = append(n.Children, d.node(f, s.pos, s.end-s.pos))
	}
}

func (d *dissector) windowScale(n *Node) {
	shift := min(n.Children[2].Uint, 14)
	n.Children[3].Uint = 1 << shift
	n.Children[3].Show = show(n.Children[3].Field, 1<<shift, nil)
	n.Show = "multiply by " + n.Children[3].Show
	if n.Children[2].Uint > 14 {
		d.expert(Warning, "tcp.options.wscale.shift.invalid", "The shift is above 14; 14 is used.", n.Pos+2, 1)
	}
}

// sack reads the blocks. A first block below the acknowledgment, or within
// the second, tells of a duplicate (RFC 2883 section 4).
func (d *dissector) sack(n *Node, s span, ack uint64) {
	var edges []uint32
	for at := s.pos; at+8 <= s.end; at += 8 {
		l, r := d.node(sackLeft, at, 4), d.node(sackRight, at+4, 4)
		n.Children = append(n.Children, l, r)
		edges = append(edges, uint32(l.Uint), uint32(r.Uint))
		if n.Show != "" {
			n.Show += ", "
		}
		n.Show += l.Show + " to " + r.Show
	}
	if len(edges) == 0 {
		return
	}
	below := int32(edges[0]-uint32(ack)) < 0
	inside := len(edges) > 3 && int32(edges[0]-edges[2]) >= 0 && int32(edges[1]-edges[3]) <= 0
	if below || inside {
		n.Children = append(n.Children, d.node(dsackLeft, s.pos, 4), d.node(dsackRight, s.pos+4, 4), d.node(dsack, s.pos, 8))
		d.expert(Warning, "tcp.options.sack.dsack", "The first block tells of data that had arrived before.", s.pos, 8)
	}
}

func (d *dissector) fastOpen(n *Node, cookie span, at int) {
	if cookie.size() == 0 {
		n.Children = append(n.Children, d.node(tfoRequest, at, 2))
		n.Show = tfoRequest.Label
		return
	}
	d.restOf(n, tfoCookie, cookie)
}

func (d *dissector) experiment(n *Node, s span) {
	const fastOpen = 0xf989 // RFC 7413 appendix A
	if len(n.Children) > 2 && n.Children[2].Uint == fastOpen {
		d.fastOpen(n, s.from(4), s.pos+2)
		return
	}
	d.restOf(n, experimentData, s.from(4))
}

// ecnCounts reads up to three counters; kind 174 has them in the other order.
func (d *dissector) ecnCounts(n *Node, kind uint8, s span) {
	for i := 0; i < 3 && s.end-s.pos >= 3; i++ {
		f := ecnCounters[i]
		if kind == 174 {
			f = ecnCounters[2-i]
		}
		n.Children = append(n.Children, d.node(f, s.pos, 3))
		s = s.from(3)
	}
}
