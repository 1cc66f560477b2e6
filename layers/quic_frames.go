package layers

import "strings"

// quicFrameKind is how a frame of one type is read: some numbers, one after
// the other, and what is not as simple.
type quicFrameKind struct {
	name    string
	numbers []*Field
	read    func(r *quicReader, c *cursor, dst *[]Node, kind uint64)
}

func quicNum(name, label, rfc, help string) *Field {
	return quicText("quic."+name, label, TypeUint, "RFC 9000 sec. "+rfc, help)
}

var (
	quicFrame     = quicText("quic.frame", "frame", TypeNone, "RFC 9000 sec. 12.4", "One thing that a side tells the other; a packet has one or several.")
	quicFrameType = quicText("quic.frame_type", "type", TypeEnum, "RFC 9000 sec. 12.4", "What the frame is for.")
	quicPadding   = quicNum("padding_length", "padding", "19.1", "How many bytes of zeros follow each other: they make the packet larger, so that nobody can have a server answer with more than it was sent.")

	ackLargest = quicNum("ack.largest_acknowledged", "largest acknowledged", "19.3", "The largest number of a packet that has arrived.")
	ackDelay   = quicNum("ack.ack_delay", "delay", "19.3", "How long the sender waited with this after that packet came, in units that both have agreed on.")
	ackRanges  = quicNum("ack.ack_range_count", "ranges", "19.3", "How many gaps, and ranges of packets that arrived, follow.")
	ackFirst   = quicNum("ack.first_ack_range", "first range", "19.3", "How many packets just before the largest have arrived, too.")
	ackGap     = quicNum("ack.gap", "gap", "19.3.1", "How many packets, less one, have not arrived.")
	ackRange   = quicNum("ack.ack_range", "range", "19.3.1", "How many packets, less one, have arrived below the gap.")
	ackECT0    = quicNum("ack.ect0_count", "ECT(0) count", "19.3.2", "How many packets came with this mark: routers on the way can say that they are full.")
	ackECT1    = quicNum("ack.ect1_count", "ECT(1) count", "19.3.2", "How many packets came with this mark.")
	ackCE      = quicNum("ack.ecn_ce_count", "congestion count", "19.3.2", "How many packets came with the mark of a router that was full.")

	cryptoOffset = quicNum("crypto.offset", "offset", "19.6", "Where in the talk that sets up the keys these bytes belong.")
	cryptoLength = quicNum("crypto.length", "length", "19.6", "How many bytes of it the frame brings.")
	cryptoData   = quicText("quic.crypto.crypto_data", "handshake bytes", TypeNone, "RFC 9000 sec. 19.6", "A stretch of TLS messages: QUIC has TLS agree on its keys.")

	newTokenLen = quicNum("nt.length", "token length", "19.7", "How many bytes the token has.")
	newToken    = quicText("quic.nt.token", "token", TypeBytes, "RFC 9000 sec. 19.7", "For the client's next connection: by it the client shows that its address is its own.")

	closeCode    = quicText("quic.cc.error_code", "error", TypeEnum, "RFC 9000 sec. 20.1", "Why the connection ends.")
	closeAppCode = quicNum("cc.error_code.app", "application error", "20.2", "Why the programs end the connection, in their own numbers.")
	closeAlert   = quicText("quic.cc.error_code.tls_alert", "TLS alert", TypeEnum, "RFC 9001 sec. 4.8", "What TLS has found wrong.")
	closeFrame   = quicText("quic.cc.frame_type", "caused by", TypeEnum, "RFC 9000 sec. 19.19", "The type of the frame that was wrong; 0: not known.")
	closeWhyLen  = quicNum("cc.reason_phrase.length", "reason length", "19.19", "How many bytes the reason has.")
	closeWhy     = quicText("quic.cc.reason_phrase", "reason", TypeString, "RFC 9000 sec. 19.19", "Why, in words.")

	streamFlags = table(QUIC,
		&Field{Name: "quic.stream.fin", Label: "last", Type: TypeBool, Size: 1, Mask: 0x01, RFC: "RFC 9000 sec. 19.8", Help: "Set when the stream ends with this frame."},
		&Field{Name: "quic.stream.len", Label: "has a length", Type: TypeBool, Size: 1, Mask: 0x02, RFC: "RFC 9000 sec. 19.8", Help: "Clear when the data reach to the packet's end."},
		&Field{Name: "quic.stream.off", Label: "has an offset", Type: TypeBool, Size: 1, Mask: 0x04, RFC: "RFC 9000 sec. 19.8", Help: "Clear when the data are the stream's first."})
	streamID     = quicNum("stream.stream_id", "stream", "2.1", "Which stream it is; its last two bits say who opened it and whether both may send.")
	streamOpener = quicText("quic.stream.initiator", "opened by", TypeEnum, "RFC 9000 sec. 2.1", "Which side has opened the stream: the last bit of its number.")
	streamWays   = quicText("quic.stream.direction", "direction", TypeEnum, "RFC 9000 sec. 2.1", "Whether both sides may send on the stream: the last bit but one of its number.")
	streamOffset = quicNum("stream.offset", "offset", "19.8", "Where in the stream the data belong.")
	streamLength = quicNum("stream.length", "length", "19.8", "How many bytes of data the frame has.")
	streamData   = quicText("quic.stream_data", "data", TypeBytes, "RFC 9000 sec. 19.8", "What the program sent.")

	newIDLen   = quicText("quic.nci.connection_id.length", "identifier length", TypeUint, "RFC 9000 sec. 19.15", "How many bytes the identifier has.")
	newID      = quicText("quic.nci.connection_id", "identifier", TypeBytes, "RFC 9000 sec. 19.15", "Another name by which the sender can be spoken to.")
	newIDToken = quicText("quic.nci.stateless_reset_token", "reset token", TypeBytes, "RFC 9000 sec. 10.3", "What a reset from a host that has forgotten the connection must show.")
	pathAsk    = quicText("quic.path_challenge.data", "data", TypeBytes, "RFC 9000 sec. 19.17", "Random bytes that the other side must send back, from where they reach it.")
	pathAnswer = quicText("quic.path_response.data", "data", TypeBytes, "RFC 9000 sec. 19.18", "The random bytes, sent back: the way works.")
	maxStreams = quicNum("ms.max_streams", "streams", "19.11", "How many streams the other side may open in all.")
	toldLimit  = quicNum("sib.stream_limit", "limit", "19.14", "How many streams may be open.")
)

var quicFrames = map[uint64]quicFrameKind{
	0x00: {name: "PADDING", read: (*quicReader).padding},
	0x01: {name: "PING"},
	0x02: {name: "ACK", numbers: []*Field{ackLargest, ackDelay}, read: (*quicReader).ack},
	0x03: {name: "ACK with ECN", numbers: []*Field{ackLargest, ackDelay}, read: (*quicReader).ack},
	0x04: {name: "RESET_STREAM", numbers: []*Field{
		quicNum("rsts.stream_id", "stream", "19.4", "The stream that its sender gives up."),
		quicNum("rsts.application_error_code", "application error", "19.4", "Why, in the programs' own numbers."),
		quicNum("rsts.final_size", "final size", "19.4", "How many bytes of the stream were sent in all."),
	}},
	0x05: {name: "STOP_SENDING", numbers: []*Field{
		quicNum("ss.stream_id", "stream", "19.5", "The stream of which no more is wanted."),
		quicNum("ss.application_error_code", "application error", "19.5", "Why, in the programs' own numbers."),
	}},
	0x06: {name: "CRYPTO", read: (*quicReader).cryptoFrame},
	0x07: {name: "NEW_TOKEN", read: func(_ *quicReader, c *cursor, dst *[]Node, _ uint64) {
		c.take(dst, newToken, quicCount(c.varint(dst, newTokenLen)))
	}},
	0x10: {name: "MAX_DATA", numbers: []*Field{quicNum("md.maximum_data", "maximum", "19.9", "How many bytes may be sent on all streams together.")}},
	0x11: {name: "MAX_STREAM_DATA", numbers: []*Field{
		quicNum("msd.stream_id", "stream", "19.10", "The stream that it is about."),
		quicNum("msd.maximum_stream_data", "maximum", "19.10", "How many bytes may be sent on the stream."),
	}},
	0x12: {name: "MAX_STREAMS, bidirectional", numbers: []*Field{maxStreams}},
	0x13: {name: "MAX_STREAMS, unidirectional", numbers: []*Field{maxStreams}},
	0x14: {name: "DATA_BLOCKED", numbers: []*Field{quicNum("sb.stream_data_limit", "limit", "19.12", "The sender has more, but may not send more than so many bytes.")}},
	0x15: {name: "STREAM_DATA_BLOCKED", numbers: []*Field{
		quicNum("sdb.stream_id", "stream", "19.13", "The stream that it is about."), quicNum("sb.stream_data_limit", "limit", "19.13", "The sender has more, but may not send more than so many bytes."),
	}},
	0x16: {name: "STREAMS_BLOCKED, bidirectional", numbers: []*Field{toldLimit}},
	0x17: {name: "STREAMS_BLOCKED, unidirectional", numbers: []*Field{toldLimit}},
	0x18: {name: "NEW_CONNECTION_ID", numbers: []*Field{
		quicNum("nci.sequence", "number", "19.15", "Which of the sender's identifiers it is."),
		quicNum("nci.retire_prior_to", "retire before", "19.15", "Identifiers with lower numbers shall not be used any more."),
	}, read: func(_ *quicReader, c *cursor, dst *[]Node, _ uint64) {
		c.take(dst, newID, int(c.take(dst, newIDLen, 1).Uint))
		c.take(dst, newIDToken, 16)
	}},
	0x19: {name: "RETIRE_CONNECTION_ID", numbers: []*Field{quicNum("rci.sequence", "number", "19.16", "Which of the other side's identifiers the sender does not use any more.")}},
	0x1a: {name: "PATH_CHALLENGE", read: func(_ *quicReader, c *cursor, dst *[]Node, _ uint64) { c.take(dst, pathAsk, 8) }},
	0x1b: {name: "PATH_RESPONSE", read: func(_ *quicReader, c *cursor, dst *[]Node, _ uint64) { c.take(dst, pathAnswer, 8) }},
	0x1c: {name: "CONNECTION_CLOSE", read: (*quicReader).closeFrame},
	0x1d: {name: "CONNECTION_CLOSE by the program", read: (*quicReader).closeFrame},
	0x1e: {name: "HANDSHAKE_DONE"},
}

func init() {
	for kind := uint64(0x08); kind <= 0x0f; kind++ {
		quicFrames[kind] = quicFrameKind{name: "STREAM", read: (*quicReader).streamFrame}
	}
	names := map[uint64]string{}
	for kind, f := range quicFrames {
		names[kind] = f.name
	}
	streamOpener.Names, streamWays.Names = map[uint64]string{0: "the client", 1: "the server"}, map[uint64]string{0: "both ways", 1: "one way"}
	quicFrameType.Names, closeFrame.Names = names, names
	quicVersion.Names, quicOffered.Names, closeCode.Names, closeAlert.Names = quicVersions, quicVersions, quicErrors, tlsAlerts
}

// quicCount is a length that was sent as a number, if it can be one at all.
func quicCount(n uint64) int { return int(min(n, 1<<20)) }

// varint takes the next number, of one, two, four or eight bytes (RFC 9000
// section 16).
func (c *cursor) varint(dst *[]Node, f *Field) uint64 {
	v, size := quicVarint(c.data[c.pos:c.end])
	if !c.ok(max(size, 1)) || size == 0 {
		*c.broken = true
		return 0
	}
	node := c.take(dst, f, size)
	node.Uint, node.Show = v, show(f, v, nil)
	return v
}

// frames reads what a packet holds (RFC 9000 section 19), which is s in the
// buffer in hand.
func (r *quicReader) frames(s span, dst *[]Node) {
	c := r.cursor(s)
	for c.left() > 0 && c.within() {
		at := c.pos
		i := len(*dst)
		c.over(dst, quicFrame, 1)
		var fields []Node
		kind := c.varint(&fields, quicFrameType)
		f, ok := quicFrames[kind]
		switch {
		case *c.broken:
		case !ok:
			f.name = "unknown"
			r.expert(Warning, "quic.ft.unknown", "A frame of a type that is not known.", 0, 0)
		default:
			for _, n := range f.numbers {
				c.varint(&fields, n)
			}
			if f.read != nil {
				f.read(r, c, &fields, kind)
			}
		}
		node := &(*dst)[i]
		node.Children, node.Show = fields, f.name
		if !*c.broken {
			node.Len = c.pos - at
		}
		r.note(f.name)
	}
	if *c.broken {
		r.short(QUIC, s)
	}
}

// note puts a frame's name into the summary, which has room for some.
func (r *quicReader) note(name string) {
	const most = 8
	switch n := len(r.words); {
	case n < most && r.words[n-1] != name && name != "":
		r.words = append(r.words, name)
	case n == most && !strings.HasSuffix(r.words[n-1], "…"):
		r.words = append(r.words, "…")
	}
}

// padding reads all zeros that follow each other.
func (r *quicReader) padding(c *cursor, dst *[]Node, _ uint64) {
	n := 0
	for n < c.left() && c.data[c.pos+n] == 0 {
		n++
	}
	*dst = append(*dst, r.valued(quicPadding, c.pos, 0, uint64(n)+1))
	c.skip(n)
}

// ack reads which packets have arrived (RFC 9000 section 19.3).
func (r *quicReader) ack(c *cursor, dst *[]Node, kind uint64) {
	n := c.varint(dst, ackRanges)
	c.varint(dst, ackFirst)
	for ; n > 0 && !*c.broken; n-- {
		c.varint(dst, ackGap)
		c.varint(dst, ackRange)
	}
	if kind == 0x03 {
		c.varint(dst, ackECT0)
		c.varint(dst, ackECT1)
		c.varint(dst, ackCE)
	}
}

func (r *quicReader) cryptoFrame(c *cursor, dst *[]Node, _ uint64) {
	at := c.varint(dst, cryptoOffset)
	n := quicCount(c.varint(dst, cryptoLength))
	data := c.first(n)
	switch left := c.left(); {
	case n > left: // as with TLS, a heading shows what there is
		c.take(dst, cryptoData, left)
		*c.broken = true
	default:
		if c.take(dst, cryptoData, n); !*c.broken {
			r.cryptoData(at, data, dst)
		}
	}
}

// streamFrame reads a program's data; the type's last bits say which fields
// there are (RFC 9000 section 19.8).
func (r *quicReader) streamFrame(c *cursor, dst *[]Node, kind uint64) {
	(*dst)[0].Children, _ = r.fixed(nil, streamFlags, c.pos-1, c.span)
	i := len(*dst)
	if id := c.varint(dst, streamID); !*c.broken {
		n := &(*dst)[i]
		n.Children = []Node{r.valued(streamOpener, n.Pos, n.Len, id&1), r.valued(streamWays, n.Pos, n.Len, id>>1&1)}
	}
	if kind&4 != 0 {
		c.varint(dst, streamOffset)
	}
	n := c.left()
	if kind&2 != 0 {
		n = quicCount(c.varint(dst, streamLength))
	}
	c.take(dst, streamData, n)
}

// closeFrame reads why a connection ends (RFC 9000 section 19.19).
func (r *quicReader) closeFrame(c *cursor, dst *[]Node, kind uint64) {
	if kind == 0x1c {
		code := c.varint(dst, closeCode)
		if last := c.pos - 1; code>>8 == 1 && tlsAlerts[code&0xff] != "" && !*c.broken { // RFC 9001 section 4.8
			(*dst)[len(*dst)-1].Show = "TLS: " + tlsAlerts[code&0xff]
			*dst = append(*dst, r.node(closeAlert, last, 1))
		}
		c.varint(dst, closeFrame)
	} else {
		c.varint(dst, closeAppCode)
	}
	c.take(dst, closeWhy, quicCount(c.varint(dst, closeWhyLen)))
}
