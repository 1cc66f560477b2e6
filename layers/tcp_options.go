package layers

import "encoding/binary"

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

var tcpOptionTable = map[uint8]*Field{
	TCPOptionEnd: tcpOptionField("tcp.options.eol", "end of options", "RFC 9293 sec. 3.2", "The option list ends here; what follows is padding."),
	TCPOptionNop: tcpOptionField("tcp.options.nop", "no operation", "RFC 9293 sec. 3.2", "Fills space, so that what follows is aligned."),
	TCPOptionMSS: tcpOptionField("tcp.options.mss", "maximum segment size", "RFC 9293 sec. 3.7.1", "In a SYN: how long a segment its sender can take.",
		oneWord("tcp.options.mss_val", "MSS", 2, "RFC 9293 sec. 3.7.1", "The largest payload, in bytes, that the sender of this SYN wants to receive in one segment.")),
	TCPOptionWindowScale: tcpOptionField("tcp.options.wscale", "window scale", "RFC 7323 sec. 2", "In a SYN: how to read the windows that follow.",
		oneWord("tcp.options.wscale.shift", "shift", 1, "RFC 7323 sec. 2.2", "By how many bits the window field is to be shifted left; at most 14."),
		&Field{Name: "tcp.options.wscale.multiplier", Label: "multiplier", Type: TypeUint, At: 2, Size: 1, RFC: "RFC 7323 sec. 2.2", Hidden: true, Help: "What the window field is to be multiplied by."}),
	TCPOptionSACKPermitted: tcpOptionField("tcp.options.sack_perm", "SACK permitted", "RFC 2018 sec. 2", "In a SYN: the sender understands selective acknowledgments."),
	TCPOptionSACK:          tcpOptionField("tcp.options.sack", "SACK", "RFC 2018 sec. 3", "What has arrived beyond a gap, so that only the gap is sent again."),
	6: tcpOptionField("tcp.options.echo", "echo", "RFC 1072", "Obsolete; timestamps took its place.",
		oneWord("tcp.options.echo_value", "value", 4, "RFC 1072", "The value to be sent back.")),
	7: tcpOptionField("tcp.options.echo", "echo reply", "RFC 1072", "Obsolete; timestamps took its place.",
		oneWord("tcp.options.echo_value", "value", 4, "RFC 1072", "The value that is sent back.")),
	TCPOptionTimestamps: tcpOptionField("tcp.options.timestamp", "timestamps", "RFC 7323 sec. 3", "Let the sender measure the round trip with every acknowledgment.",
		oneWord("tcp.options.timestamp.tsval", "timestamp", 4, "RFC 7323 sec. 3.2", "The sender's clock when this segment was sent."),
		&Field{Name: "tcp.options.timestamp.tsecr", Label: "timestamp echo", Type: TypeUint, At: 6, Size: 4, RFC: "RFC 7323 sec. 3.2", Help: "The other side's clock, as it stood in the segment that is acknowledged."}),
	11: tcpOptionField("tcp.options.cc", "CC", "RFC 1644", "Obsolete.", oneWord("tcp.options.cc_value", "count", 4, "RFC 1644", "The connection count.")),
	12: tcpOptionField("tcp.options.cc", "CC.NEW", "RFC 1644", "Obsolete.", oneWord("tcp.options.cc_value", "count", 4, "RFC 1644", "The connection count.")),
	13: tcpOptionField("tcp.options.cc", "CC.ECHO", "RFC 1644", "Obsolete.", oneWord("tcp.options.cc_value", "count", 4, "RFC 1644", "The connection count.")),
	TCPOptionMD5: tcpOptionField("tcp.options.md5", "MD5 signature", "RFC 2385", "Proves that the segment comes from who knows the password; used by BGP.",
		&Field{Name: "tcp.options.md5.digest", Label: "digest", Type: TypeBytes, At: 2, Size: 16, RFC: "RFC 2385 sec. 2", Help: "MD5 over segment and password."}),
	27: tcpOptionField("tcp.options.qs", "quick start", "RFC 4782 sec. 4", "Tells the sender which rate the routers allowed.",
		&Field{Name: "tcp.options.qs.rate", Label: "rate", Type: TypeUint, At: 2, Size: 1, Mask: 0x0f, RFC: "RFC 4782 sec. 4.1", Help: "The rate as a power of two."},
		&Field{Name: "tcp.options.qs.ttl_diff", Label: "TTL difference", Type: TypeUint, At: 3, Size: 1, RFC: "RFC 4782 sec. 4.1", Help: "Shows whether every router took part."}),
	28: tcpOptionField("tcp.options.user_to", "user timeout", "RFC 5482", "How long data may stay unacknowledged before the connection is given up.",
		&Field{Name: "tcp.options.user_to_granularity", Label: "in minutes", Type: TypeBool, At: 2, Size: 2, Mask: 0x8000, RFC: "RFC 5482 sec. 3", Help: "Set: minutes; clear: seconds."},
		&Field{Name: "tcp.options.user_to_val", Label: "timeout", Type: TypeUint, At: 2, Size: 2, Mask: 0x7fff, RFC: "RFC 5482 sec. 3", Help: "The timeout."}),
	29: tcpOptionField("tcp.options.ao", "authentication", "RFC 5925 sec. 2.2", "Proves that the segment comes from who knows the key.",
		oneWord("tcp.options.ao.keyid", "key", 1, "RFC 5925 sec. 2.2", "Which key was used."),
		&Field{Name: "tcp.options.ao.rnextkeyid", Label: "next key", Type: TypeUint, At: 3, Size: 1, RFC: "RFC 5925 sec. 2.2", Help: "Which key the sender is ready to receive."}),
	TCPOptionMPTCP: tcpOptionField("mptcp", "multipath TCP", "RFC 8684 sec. 3", "One connection over several paths at once.",
		&Field{Name: "tcp.options.mptcp.subtype", Label: "subtype", Type: TypeEnum, At: 2, Size: 1, Mask: 0xf0, RFC: "RFC 8684 sec. 8", Help: "What the option is about.",
			Names: map[uint64]string{0: "capable", 1: "join", 2: "data sequence signal", 3: "add address", 4: "remove address", 5: "priority", 6: "fail", 7: "fast close", 8: "reset"}}),
	TCPOptionFastOpen: tcpOptionField("tcp.options.tfo", "fast open", "RFC 7413", "Lets a SYN carry data, for a client that the server has met before."),
	172:               accurateECN,
	174:               accurateECN,
	253:               experiment,
	254:               experiment,
	tcpOptionSCPS: tcpOptionField("tcp.options.scps", "SCPS capabilities", "CCSDS 714.0-B-2 sec. 3.2.3", "What the sender can do of TCP for space links.",
		&Field{Name: "tcp.options.scps.vector", Label: "capabilities", Type: TypeHex, At: 2, Size: 1, RFC: "CCSDS 714.0-B-2 sec. 3.2.3", Help: "One bit per ability.", Sub: []*Field{
			scpsFlag("bets", "best effort", 0x80), scpsFlag("snack1", "SNACK, short form", 0x40), scpsFlag("snack2", "SNACK, long form", 0x20),
			scpsFlag("compress", "header compression", 0x10), scpsFlag("nlts", "network layer timestamp", 0x08),
			{Name: "tcp.options.scpsflags.reserved", Label: "reserved", Type: TypeUint, At: 2, Size: 1, Mask: 0x07, RFC: "CCSDS 714.0-B-2 sec. 3.2.3", Help: "Not used."}}},
		&Field{Name: "tcp.options.scps.binding", Label: "connection number", Type: TypeUint, At: 3, Size: 1, RFC: "CCSDS 714.0-B-2 sec. 3.2.3", Help: "For header compression."}),
	tcpOptionSNACK: tcpOptionField("tcp.options.snack", "selective negative acknowledgment", "CCSDS 714.0-B-2 sec. 3.5", "What is missing, rather than what has arrived.",
		oneWord("tcp.options.snack.offset", "offset", 2, "CCSDS 714.0-B-2 sec. 3.5", "Where the gap begins behind the acknowledgment, in segments."),
		&Field{Name: "tcp.options.snack.size", Label: "size", Type: TypeUint, At: 4, Size: 2, RFC: "CCSDS 714.0-B-2 sec. 3.5", Help: "How long the gap is, in segments."}),
	tcpOptionBoundary:     tcpOptionField("tcp.options.scpsrec", "record boundary", "CCSDS 714.0-B-2 sec. 3.4", "A record ends with this segment."),
	tcpOptionCorruption:   tcpOptionField("tcp.options.scpscor", "corruption experienced", "CCSDS 714.0-B-2 sec. 3.4", "Segments arrived damaged: the link loses them, not congestion."),
	tcpOptionProbe:        probeOption,
	tcpOptionTransparency: transparencyOption,
}

// scpsFlag is one ability of SCPS.
func scpsFlag(name, label string, mask uint64) *Field {
	return &Field{Name: "tcp.options.scpsflags." + name, Label: label, Type: TypeBool, At: 2, Size: 1, Mask: mask, RFC: "CCSDS 714.0-B-2 sec. 3.2.3", Help: "Whether the sender can do it."}
}

// wrongOptionSize says whether an option cannot have n bytes.
func wrongOptionSize(kind uint8, n int) bool {
	switch kind {
	case tcpOptionAccECN0, tcpOptionAccECN1:
		return !accECNSize(n - 2)
	case 29, 253, 254:
		return n < 4
	case tcpOptionProbe:
		return n < 3
	}
	return tcpOptionSize[kind] > 0 && n != tcpOptionSize[kind]
}

var (
	accurateECN = tcpOptionField("tcp.options.acc_ecn", "accurate ECN", "RFC 9768 sec. 3.2.3", "How many bytes arrived with which mark of congestion.")
	experiment  = tcpOptionField("tcp.options.experimental", "experiment", "RFC 6994", "An option that is tried out; its number says which.",
		&Field{Name: "tcp.options.experimental.exid", Label: "experiment", Type: TypeHex, At: 2, Size: 2, RFC: "RFC 6994 sec. 3", Help: "Which experiment."})
	unknownOption = tcpOptionField("tcp.options.unknown", "unknown option", "RFC 9293 sec. 3.2", "An option that is not known here; a host that does not know it skips it.")

	tcpOptionList    = row(TCP, Field{Name: "tcp.options", Label: "options", Type: TypeBytes, RFC: "RFC 9293 sec. 3.2", Help: "Additions to the header; most are agreed on in the SYNs."})
	tcpOptionBroken  = row(TCP, Field{Label: "broken option", Type: TypeBytes, RFC: "RFC 9293 sec. 3.2", Help: "An option whose length is impossible."})
	tcpOptionPadding = row(TCP, Field{Label: "padding", Type: TypeBytes, RFC: "RFC 9293 sec. 3.2", Help: "Bytes after the end of options; they should be zero."})
	sackCount        = row(TCP, Field{Name: "tcp.options.sack.count", Label: "blocks", Type: TypeUint, RFC: "RFC 2018 sec. 3", Help: "How many stretches the option tells of."})
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
	ackRateRows      = table(TCP,
		&Field{Name: "tcp.options.tarr.rate", Label: "rate", Type: TypeUint, At: 4, Size: 1, Mask: 0xfe, RFC: "draft-gomez-tcpm-ack-rate-request", Help: "How many segments one acknowledgment should be for."},
		&Field{Name: "tcp.options.tar.reserved", Label: "reserved", Type: TypeUint, At: 4, Size: 1, Mask: 0x01, RFC: "draft-gomez-tcpm-ack-rate-request", Help: "Not used."})
	ecnCounters = [3]*Field{
		row(TCP, Field{Name: "tcp.options.acc_ecn.ee0b", Label: "ECT(0) bytes", Type: TypeUint, RFC: "RFC 9768 sec. 3.2.3", Help: "Bytes that arrived marked ECT(0)."}),
		row(TCP, Field{Name: "tcp.options.acc_ecn.eceb", Label: "CE bytes", Type: TypeUint, RFC: "RFC 9768 sec. 3.2.3", Help: "Bytes that arrived marked as having met congestion."}),
		row(TCP, Field{Name: "tcp.options.acc_ecn.ee1b", Label: "ECT(1) bytes", Type: TypeUint, RFC: "RFC 9768 sec. 3.2.3", Help: "Bytes that arrived marked ECT(1)."})}
)

// tcpOptions reads the list of options. It reports false when Wireshark reads
// no further: the capture, or an option, ends too early.
func (d *dissector) tcpOptions(s span, g *segment) (list Node, ok bool) {
	list = d.node(tcpOptionList, s.pos, s.end-s.pos)
	r := optionReader{dissector: d, g: g, list: &list, whole: s}
	ok = r.read(s)
	list.Show = d.optionNames(list.Children)
	whole := r.ended && s.size() == g.h.HeaderLen()-TCPMinSize
	if ok && whole && g.h.Flags()&2 != 0 && !r.sawMSS && !d.quoted {
		d.expert(Note, "tcp.options.mss.absent", "A SYN without a maximum segment size: 536 bytes is assumed.", s.pos, s.end-s.pos)
	}
	return list, ok
}

// optionReader goes through a list of options.
type optionReader struct {
	*dissector
	g      *segment
	list   *Node
	whole  span
	nops   int // in a row
	sawMSS bool
	sawEnd bool
	ended  bool // the list was read to its end
	edges  sackEdges
}

func (r *optionReader) read(s span) (ok bool) {
	for s.size() > 0 {
		if s.pos >= s.end {
			return false
		}
		kind := r.data[s.pos]
		if r.sawEnd && kind != TCPOptionEnd {
			r.expert(Error, "tcp.non_zero_bytes_after_eol", "The padding after the end of options is not zero.", s.pos, s.end-s.pos)
			return r.broken(tcpOptionPadding, s, s.size())
		}
		size := 1
		if kind != TCPOptionEnd && kind != TCPOptionNop {
			if s.size() > 1 && s.pos+1 >= s.end {
				return false
			}
			if s.size() < 2 || r.data[s.pos+1] < 2 || int(r.data[s.pos+1]) > s.size() {
				r.expert(Note, "tcp.option.len.invalid", "An option's length is impossible.", s.pos, min(2, s.end-s.pos))
				switch {
				case s.size() < 2:
					return r.broken(tcpOptionBroken, s, 1)
				case r.data[s.pos+1] < 2:
					return r.broken(tcpOptionBroken, s, 2)
				}
				return r.broken(tcpOptionBroken, s, s.size()-2)
			}
			size = int(r.data[s.pos+1])
		}
		if !r.option(kind, s.first(size)) {
			return false
		}
		r.count(kind, s)
		s = s.from(size)
	}
	r.ended = true
	return true
}

// broken marks n bytes that cannot be read; the list ends.
func (r *optionReader) broken(f *Field, s span, n int) (ok bool) {
	if s.pos+n > s.end {
		return false
	}
	r.list.Children = append(r.list.Children, r.node(f, s.pos, n))
	return true
}

// count looks for four no-operations in a row; a row begins anew where a word
// does.
func (r *optionReader) count(kind uint8, s span) {
	r.sawMSS = r.sawMSS || kind == TCPOptionMSS
	r.sawEnd = r.sawEnd || kind == TCPOptionEnd
	if kind != TCPOptionNop {
		return
	}
	if r.nops > 0 && (s.pos-r.whole.pos)%4 == 0 {
		r.nops = 0
		return
	}
	if r.nops++; r.nops == 4 {
		r.expert(Warning, "tcp.nop", "Four no-operations in a row: a router may have removed an option.", r.whole.pos, r.whole.end-r.whole.pos)
	}
}

// option reads one option. It reports false where Wireshark reads no more.
func (r *optionReader) option(kind uint8, s span) (ok bool) {
	f := tcpOptionTable[kind]
	if f == nil {
		f = unknownOption
	}
	n := r.node(f, s.pos, s.end-s.pos)
	rows := f.Sub
	wrong := wrongOptionSize(kind, s.size())
	illegal := kind == tcpOptionSCPS && s.size() != 4 // another option under the same number
	if wrong || illegal {
		rows = rows[:min(len(rows), 2)]
	}
	if wrong {
		r.expert(Note, "tcp.option.len.invalid", "An option has a wrong length.", s.pos, s.size())
	}
	n.Children, ok = r.fixed(nil, rows, s.pos, s)
	if ok && !wrong {
		n.Show = r.tcpOptionText(&n)
		ok = r.contents(&n, kind, s, f)
	}
	if kind == TCPOptionMSS && r.g.h.Flags()&2 == 0 && !r.quoted {
		r.expert(Warning, "tcp.options.mss.present", "Only a SYN should have a maximum segment size.", s.pos, s.size())
	}
	r.list.Children = append(r.list.Children, n)
	return ok && TCPOptionReads(kind, r.data[s.pos:s.end], s.size()) <= s.end-s.pos
}

// contents reads what has no fixed place in an option.
func (r *optionReader) contents(n *Node, kind uint8, s span, f *Field) (ok bool) {
	rest := s.from(2)
	switch kind {
	case TCPOptionSACK:
		ack, base := r.g.h.Ack(), uint32(0)
		if t := r.g.told; t != nil {
			base = t.AckBase
			if r.g.length >= 0 && r.g.h.Flags()&0x10 != 0 {
				ack -= base
			}
		}
		return r.sack(n, rest, &r.edges, ack, base)
	case TCPOptionFastOpen:
		r.fastOpen(n, rest, s.pos)
	case TCPOptionWindowScale:
		r.windowScale(n)
	case 29:
		r.restOf(n, aoMAC, s.from(4))
	case TCPOptionMPTCP:
		r.multipath(n, s)
	case tcpOptionProbe:
		r.probe(n, s)
	case tcpOptionAccECN0, tcpOptionAccECN1:
		r.ecnCounts(n, kind == tcpOptionAccECN1, rest)
	case 253, 254:
		r.experiment(n, s)
	default:
		if f == unknownOption {
			r.restOf(n, optionPayload, rest)
		}
	}
	return true
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

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// restOf shows what is left of an option as one field, when it is all there.
func (d *dissector) restOf(n *Node, f *Field, s span) {
	if s.pos < s.end && s.whole() {
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

// sackEdges are the first two blocks of a header's SACK options.
type sackEdges struct {
	left, right [2]uint32
	n           int
}

// sack reads the blocks; their edges count from base. A first block that is
// acknowledged, or lies within the second, tells of a duplicate (RFC 2883
// section 4). It reports false when Wireshark looks for one that is not there.
func (d *dissector) sack(n *Node, s span, e *sackEdges, ack, base uint32) bool {
	blocks := 0
	at := s.pos
	edge := func(f *Field, pos int) Node {
		v := d.node(f, pos, 4)
		if base != 0 {
			v.relative(base)
		}
		return v
	}
	for ; at+4 <= s.end; at += 8 {
		l := edge(sackLeft, at)
		n.Children = append(n.Children, l)
		if at+8 > s.end {
			break
		}
		r := edge(sackRight, at+4)
		n.Children = append(n.Children, r)
		if e.n < 2 {
			e.left[e.n], e.right[e.n] = uint32(l.Uint), uint32(r.Uint)
			e.n++
		}
		if n.Show != "" {
			n.Show += ", "
		}
		n.Show += l.Show + " to " + r.Show
		blocks++
	}
	if !s.whole() {
		return false
	}
	if left := s.size() - 8*blocks; left > 0 {
		pos := min(s.pos+8*blocks, s.end)
		left = min(left&3, s.end-pos)
		n.Children = append(n.Children, d.node(tcpOptionBroken, pos, left))
		d.expert(Error, "tcp.suboption_malformed", "A block goes past the option's end.", pos, left)
	}
	n.Children = append(n.Children, d.valued(sackCount, s.pos-2, 0, uint64(blocks)))
	inside := e.n > 1 && int32(e.left[1]-e.right[0]) < 0 && int32(e.right[1]-e.right[0]) >= 0
	if int32(e.right[0]-ack) > 0 && !inside {
		return true
	}
	if s.pos+4 <= s.end {
		n.Children = append(n.Children, edge(dsackLeft, s.pos))
	}
	if s.pos+8 > s.end {
		return false
	}
	n.Children = append(n.Children, edge(dsackRight, s.pos+4), d.node(dsack, s.pos, 8))
	d.expert(Warning, "tcp.options.sack.dsack", "The first block tells of data that had arrived before.", s.pos, 8)
	return true
}

// experiment reads an option of RFC 6994: two bytes say which it is.
func (r *optionReader) experiment(n *Node, s span) {
	if s.size() < 4 || s.pos+4 > s.end {
		return
	}
	const (
		accECN0, accECN1 = 0xacc0, 0xacc1
		fastOpen         = 0xf989 // RFC 7413 appendix A
		ackRate          = 0x00ac
	)
	rest := s.from(4)
	switch id := binary.BigEndian.Uint16(r.data[s.pos+2:]); id {
	case fastOpen:
		r.fastOpen(n, rest, s.pos+2)
	case accECN0, accECN1:
		if !accECNSize(rest.size()) {
			r.expert(Note, "tcp.option.len.invalid", "An option has a wrong length.", s.pos+1, 1)
			return
		}
		r.ecnCounts(n, id == accECN1, rest)
	case ackRate:
		switch rest.size() {
		case 0:
		case 1:
			n.Children, _ = r.fixed(n.Children, ackRateRows, s.pos, s)
		default:
			r.expert(Note, "tcp.option.len.invalid", "An option has a wrong length.", s.pos+1, 1)
		}
	default:
		r.restOf(n, experimentData, rest)
	}
}

// fastOpen reads a cookie, or a request for one, which has no bytes of its own
// but kind and length at at.
func (r *optionReader) fastOpen(n *Node, cookie span, at int) {
	if cookie.size() == 0 {
		n.Children = append(n.Children, r.node(tfoRequest, at, 2))
		n.Show = tfoRequest.Label
		return
	}
	r.restOf(n, tfoCookie, cookie)
	if r.g.h.Flags()&0x12 == 0x02 {
		r.expert(Note, "tcp.analysis.tfo_syn", "The SYN has a cookie: its sender has been here before, and may send data at once.", cookie.pos, cookie.end-cookie.pos)
	}
}

// ecnCounts reads up to three counters; the second kind of option has them in
// the other order.
func (d *dissector) ecnCounts(n *Node, backward bool, s span) {
	for i := 0; i < 3 && s.end-s.pos >= 3; i++ {
		f := ecnCounters[i]
		if backward {
			f = ecnCounters[2-i]
		}
		n.Children = append(n.Children, d.node(f, s.pos, 3))
		s = s.from(3)
	}
}
