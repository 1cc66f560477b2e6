package layers

import (
	"strings"

	"strata/layers/quickeys"
)

const (
	rfcQUICLong  = "RFC 9000 sec. 17.2"
	rfcQUICShort = "RFC 9000 sec. 17.3.1"
)

// quicText is a row that has no fixed place.
func quicText(name, label string, t Type, rfc, help string) *Field {
	return row(QUIC, Field{Name: name, Label: label, Type: t, RFC: rfc, Help: help})
}

// quicBit is a part of a packet's first byte.
func quicBit(name, label string, mask uint64, names map[uint64]string, rfc, help string) *Field {
	f := Field{Name: name, Label: label, Type: TypeUint, Size: 1, Mask: mask, RFC: rfc, Help: help}
	switch {
	case names != nil:
		f.Type, f.Names = TypeEnum, names
	case mask&(mask-1) == 0:
		f.Type = TypeBool
	}
	return row(QUIC, f)
}

var (
	quicNumber   = quicText("quic.connection.number", "connection number", TypeUint, "", "Which QUIC connection of the capture this is, counted from 0.")
	quicSize     = quicText("quic.packet_length", "packet length", TypeUint, "RFC 9000 sec. 12.2", "How many bytes the packet has; one datagram can carry several packets.")
	quicForm     = quicBit("quic.header_form", "header form", 0x80, quicForms, rfcQUICLong, "Packets that set a connection up have a long header, all others a short one.")
	quicFixed    = quicBit("quic.fixed_bit", "fixed bit", 0x40, nil, rfcQUICLong, "Nearly always set: it tells QUIC from other protocols at the same port.")
	quicType     = quicBit("quic.long.packet_type", "packet type", 0x30, quicTypes, rfcQUICLong, "What the packet is for.")
	quicTypeV2   = quicBit("quic.long.packet_type_v2", "packet type", 0x30, quicTypesV2, "RFC 9369 sec. 3.2", "What the packet is for; version 2 has other numbers for it, so that nobody on the way relies on them.")
	quicReserved = quicBit("quic.long.reserved", "reserved", 0x0c, nil, rfcQUICLong, "Zero, once the protection is off.")
	quicNumberN  = quicBit("quic.packet_number_length", "packet number length", 0x03, quicLengths, rfcQUICLong, "How many bytes of the packet number are sent; it is hidden under the header's protection.")
	quicUnused   = quicBit("quic.vn.unused", "unused", 0x7f, nil, "RFC 9000 sec. 17.2.1", "Any bits: nobody reads them.")
	quicSpin     = quicBit("quic.spin_bit", "spin bit", 0x20, nil, "RFC 9000 sec. 17.4", "Changes once in a round trip, so that people on the way can measure it.")
	quicVersion  = quicText("quic.version", "version", TypeEnum, "RFC 9000 sec. 15", "Which QUIC this is; 0 in a packet that tells the versions that a server speaks.")
	quicDestN    = quicText("quic.dcil", "destination identifier length", TypeUint, rfcQUICLong, "How many bytes the identifier has.")
	quicDest     = quicText("quic.dcid", "destination identifier", TypeBytes, "RFC 9000 sec. 5.1", "What the receiver wants the connection to be called: so it is found again though addresses and ports change.")
	quicSourceN  = quicText("quic.scil", "source identifier length", TypeUint, rfcQUICLong, "How many bytes the identifier has.")
	quicSource   = quicText("quic.scid", "source identifier", TypeBytes, "RFC 9000 sec. 5.1", "What the sender wants the connection to be called in packets to it.")
	quicTokenN   = quicText("quic.token_length", "token length", TypeUint, "RFC 9000 sec. 17.2.2", "How many bytes the token has; 0: there is none.")
	quicToken    = quicText("quic.token", "token", TypeBytes, "RFC 9000 sec. 8.1", "What the server gave the client earlier: by it the client shows that its address is its own.")
	quicLength   = quicText("quic.length", "length", TypeUint, rfcQUICLong, "How many bytes of packet number and payload follow.")
	quicPN       = quicText("quic.packet_number", "packet number", TypeUint, "RFC 9000 sec. 17.1", "Counts the sender's packets; only its last bytes are sent, and they are hidden under the header's protection.")
	quicPayload  = quicText("quic.payload", "payload", TypeBytes, "RFC 9001 sec. 5.3", "Frames, encrypted, and a tag that shows that nobody has changed the packet.")
	quicRest     = quicText("quic.remaining_payload", "protected payload", TypeBytes, "RFC 9001 sec. 5.3", "Packet number and frames, encrypted with keys that only the two sides have.")
	quicHeader   = quicText("quic.short", "short header", TypeNone, rfcQUICShort, "All that is needed when the connection stands: most of it is encrypted.")
	quicOffered  = quicText("quic.supported_version", "supported version", TypeEnum, "RFC 9000 sec. 17.2.1", "A version that the server speaks; some are made up, so that clients learn to pass over what they do not know.")
	quicOldN     = quicText("quic.odcil", "original identifier length", TypeUint, "draft-ietf-quic-transport-24 sec. 17.2.5", "How many bytes the identifier has.")
	quicOld      = quicText("quic.odcid", "original identifier", TypeBytes, "draft-ietf-quic-transport-24 sec. 17.2.5", "What the client called the server: so it knows that the server has seen its packet.")
	quicTryToken = quicText("quic.retry_token", "retry token", TypeBytes, "RFC 9000 sec. 17.2.5", "The client has to bring this back: so it shows that it can be reached at its address.")
	quicSeal     = quicText("quic.retry_integrity_tag", "retry integrity tag", TypeBytes, "RFC 9001 sec. 5.8", "Shows that whoever asks the client to try again has seen its packet.")
)

// quicReader reads the packets of one datagram.
type quicReader struct {
	*dissector
	seen   *Seen // what other frames tell; nil: nothing
	conn   QUICConnection
	known  bool   // the datagram belongs to it
	server bool   // the server sends
	old    quicID // in a Retry: what the client has called the server
	begins bool   // the connection does with this datagram
	ready  bool   // Seen.Earlier has been read

	quicSender
	chunks []quicChunk // what is to be read as TLS after the packet
	words  []string    // for the summary
}

// quicSender is how far the Initial packets of the datagram's sender have been
// read.
type quicSender struct {
	begun  uint32 // the version in which the client began
	next   uint64 // the number that the next packet should have
	crypto quicCrypto
	talk   quicTalk
}

// quic reads a datagram of QUIC.
func (d *dissector) quic(s span) {
	r := quicReader{dissector: d, seen: d.datagram}
	back := false
	if r.seen != nil {
		back = r.seen.Back
		if r.seen.QUIC != nil {
			r.conn = *r.seen.QUIC
		}
	}
	h, ok := quicHeadOf(d.data[s.pos:s.end])
	if !ok {
		d.part(QUIC, s.pos, s.end-s.pos)
		d.short(QUIC, s)
		return
	}
	r.known, r.server = r.conn.knows(&h, back)
	r.old = r.conn.original
	r.begins = r.conn.learn(&h, r.known, r.server, back)
	r.known = r.known || r.begins
	r.packets(s, &h)
}

// packets reads the packets of a datagram, of which the first begins with h.
func (r *quicReader) packets(s span, h *quicHead) {
	whom, first := h.dcid, true
	if h.kind == quicShort {
		whom = r.shortName(h)
	}
	for s.end > s.pos && r.within() {
		p, ok := quicHeadOf(r.data[s.pos:s.end])
		if !ok {
			r.part(QUIC, s.pos, s.end-s.pos)
			r.short(QUIC, s)
			return
		}
		if !first && !r.goesTo(&p, whom) { // RFC 9000 section 12.2
			r.part(QUIC, s.pos, s.end-s.pos).Summary = "padding"
			r.expert(Note, "quic.coalesced_padding_data", "Behind the packets the datagram has bytes that are none: padding.", s.pos, s.end-s.pos)
			return
		}
		size := quicPacketSize(r.data[s.pos:s.end], &p, s.size())
		r.packet(s.first(size), &p, first)
		s, first = s.from(size), false
	}
}

// shortName is how a packet with a short header names its receiver, if the
// connection is known.
func (r *quicReader) shortName(h *quicHead) []byte {
	id := &r.conn.server
	if r.server {
		id = &r.conn.client
	}
	if !r.known || !strings.HasPrefix(string(h.dcid), string(id.bytes())) {
		return nil
	}
	return h.dcid[:id.size]
}

// goesTo says whether a packet that is not the first in its datagram names the
// same receiver as that one.
func (r *quicReader) goesTo(h *quicHead, whom []byte) bool {
	if h.kind == quicShort {
		return !r.known || string(r.shortName(h)) == string(whom)
	}
	return string(h.dcid) == string(whom)
}

// packet reads one packet.
func (r *quicReader) packet(s span, h *quicHead, first bool) {
	p := r.part(QUIC, s.pos, s.end-s.pos)
	switch {
	case first && r.known:
		p.Fields = append(p.Fields, r.valued(quicNumber, s.pos, 0, uint64(r.conn.Number)))
	case first:
		r.expert(Note, "quic.connection.unknown", "The packet that began this connection is not known: not captured, or it came from elsewhere.", s.pos, 0)
	}
	p.Fields = append(p.Fields, r.valued(quicSize, s.pos, 0, uint64(s.size())))
	r.words = []string{quicKinds[h.kind]}
	c := r.cursor(s)
	bodies := len(r.tree.Bodies)
	if h.kind == quicShort {
		r.shortPacket(c, &p.Fields, h)
	} else {
		c.over(&p.Fields, quicForm, 1)
		switch h.kind {
		case quicNegotiation:
			r.negotiation(c, &p.Fields, h)
		case quicRetry:
			r.retry(c, &p.Fields, h)
		default:
			r.longPacket(c, &p.Fields, h)
		}
	}
	if *c.broken {
		r.short(QUIC, s)
	}
	p.Summary = strings.Join(r.words, ", ")
	r.read()
	for i := bodies; i < len(r.tree.Bodies); i++ {
		r.aside(func() { r.cover(InBody + Source(i)) })
	}
}

// aside does something in other buffers, and comes back.
func (r *quicReader) aside(f func()) {
	data, in := r.data, r.in
	f()
	r.data, r.in = data, in
}

// common reads what long headers have after the first byte.
func (r *quicReader) common(c *cursor, dst *[]Node, h *quicHead) {
	version := c.take(dst, quicVersion, 4)
	switch {
	case version.Uint&0x0f0f0f0f == 0x0a0a0a0a:
		version.Show = "0x" + hexOf(version.Uint) + ", none, so that the server tells its own"
	case quicVersions[version.Uint] == "":
		version.Show = "0x" + hexOf(version.Uint)
	}
	c.take(dst, quicDestN, 1)
	c.take(dst, quicDest, len(h.dcid))
	c.take(dst, quicSourceN, 1)
	c.take(dst, quicSource, len(h.scid))
}

func hexOf(v uint64) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 8)
	for i := range b {
		b[i] = digits[v>>(28-4*i)&15]
	}
	return string(b)
}

// shortPacket reads a packet with a short header, whose keys only the two
// sides have.
func (r *quicReader) shortPacket(c *cursor, dst *[]Node, h *quicHead) {
	name := r.shortName(h)
	at := len(*dst)
	c.over(dst, quicHeader, c.left())
	if len(*dst) == at {
		return
	}
	var fields []Node
	c.over(&fields, quicForm, 1)
	c.over(&fields, quicFixed, 1)
	c.take(&fields, quicSpin, 1)
	c.take(&fields, quicDest, len(name))
	(*dst)[at].Children = fields
	c.rest(dst, quicRest)
}

// negotiation reads which versions a server speaks (RFC 9000 section 17.2.1).
func (r *quicReader) negotiation(c *cursor, dst *[]Node, h *quicHead) {
	c.take(dst, quicUnused, 1)
	r.common(c, dst, h)
	for c.left() > 0 {
		if n := c.take(dst, quicOffered, 4); quicVersions[n.Uint] == "" {
			n.Show = "0x" + hexOf(n.Uint)
		}
	}
}

// retry reads what asks the client to try again (RFC 9000 section 17.2.5).
func (r *quicReader) retry(c *cursor, dst *[]Node, h *quicHead) {
	packet := r.data[c.pos:c.end]
	if quickeys.Stage(h.version) == quickeys.Version2 {
		c.take(dst, quicTypeV2, 1)
	} else {
		c.take(dst, quicType, 1)
	}
	r.common(c, dst, h)
	if stage := quickeys.Stage(h.version); stage > 0 && stage <= quickeys.Draft24 {
		c.take(dst, quicOld, int(c.take(dst, quicOldN, 1).Uint))
		c.rest(dst, quicTryToken)
		return
	}
	const tag = 16
	c.take(dst, quicTryToken, max(0, c.left()-tag))
	seal := c.take(dst, quicSeal, tag)
	switch {
	case *c.broken:
	case !r.known || r.old.size == 0:
		r.expert(Warning, "quic.bad_retry", "The client's packet is not known, and so nobody can say whether the tag is right.", c.end-tag, tag)
	case quickeys.Sealed(h.version, r.old.bytes(), packet):
		seal.Show += ", right"
	default:
		r.expert(Warning, "quic.bad_retry", "The tag is wrong: who sent this has not seen the client's packet.", c.end-tag, tag)
	}
}

// longPacket reads a packet of a handshake (RFC 9000 section 17.2). What
// Initial packets hold, everybody can read.
func (r *quicReader) longPacket(c *cursor, dst *[]Node, h *quicHead) {
	packet := r.data[c.pos:c.end]
	at := len(packet) - quicPastLength(packet, h)
	var keys *quickeys.Keys
	var clear quickeys.Header
	ok := false
	if h.kind == quicInitial && r.known && at < len(packet) {
		r.catchUp()
		if !r.server && !r.conn.server.is(h.dcid) {
			r.begin(h.version)
		}
		if keys = quickeys.Initial(h.version, r.conn.keyName(h, r.server), r.server); keys != nil {
			clear, ok = keys.Header(packet, at, r.next)
		}
	}
	c.over(dst, quicFixed, 1)
	if quickeys.Stage(h.version) == quickeys.Version2 {
		c.over(dst, quicTypeV2, 1)
	} else {
		c.over(dst, quicType, 1)
	}
	if ok {
		for _, f := range []*Field{quicReserved, quicNumberN} {
			n := c.over(dst, f, 1)
			n.Uint = uint64(clear.First) & f.Mask >> (8 - n.Bit - n.Bits)
			n.Show = show(f, n.Uint, nil)
		}
	}
	c.skip(1)
	r.common(c, dst, h)
	if h.kind == quicInitial {
		c.take(dst, quicToken, quicCount(c.varint(dst, quicTokenN)))
	}
	c.varint(dst, quicLength)
	if !ok || *c.broken {
		r.expert(Warning, "quic.decryption_failed", "The keys of this packet are not known.", c.pos, c.left())
		c.rest(dst, quicRest)
		return
	}
	n := c.take(dst, quicPN, clear.Size)
	n.Uint, n.Show = clear.Number, show(quicPN, clear.Number, nil)
	r.words = append(r.words, "number "+n.Show)
	c.over(dst, quicPayload, c.left())
	plain := keys.Open(packet, at, clear)
	if plain == nil {
		r.expert(Warning, "quic.decryption_failed", "The packet cannot be opened: it was changed, or other keys are its own.", c.pos, c.left())
		return
	}
	r.next = clear.Number + 1
	r.body(plain, func(s span) {
		r.tree.decrypted = append(r.tree.decrypted, r.in)
		r.frames(s, dst)
	})
}

// quicPastLength is how many bytes of a packet follow its length field: its
// number is the first of them.
func quicPastLength(packet []byte, h *quicHead) int {
	b := packet[h.size:]
	if h.kind == quicInitial {
		n, size := quicVarint(b)
		if size == 0 || n > uint64(len(b)-size) {
			return 0
		}
		b = b[size+int(n):]
	}
	_, size := quicVarint(b)
	if size == 0 {
		return 0
	}
	return len(b) - size
}

// catchUp reads the sender's earlier datagrams: they say which number comes
// next, and which messages have begun.
func (r *quicReader) catchUp() {
	if r.ready = r.ready || r.begins || r.seen == nil; r.ready {
		return
	}
	r.ready = true
	for _, b := range r.seen.Earlier {
		past := &dissector{tree: &Tree{Data: b}, data: b, depth: r.depth}
		h, ok := quicHeadOf(b)
		if !ok {
			continue
		}
		e := *r
		e.dissector, e.chunks = past, nil
		e.packets(span{0, len(b), len(b)}, &h)
		r.quicSender = e.quicSender
	}
}

// begin takes note of a version that the client begins in. Another one than
// before is a new beginning: the server does not speak the first (RFC 9000
// section 6.2).
func (r *quicReader) begin(version uint32) {
	if r.quicSender.begun != version {
		r.quicSender = quicSender{begun: version}
	}
}
