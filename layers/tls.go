package layers

import (
	"encoding/binary"
	"strings"
)

const (
	rfcRecord    = "RFC 8446 sec. 5.1"
	rfcProtected = "RFC 8446 sec. 5.2"
	rfcAlert     = "RFC 8446 sec. 6"
	rfcHeartbeat = "RFC 6520 sec. 4"
	rfcHandshake = "RFC 8446 sec. 4"
)

// tlsText is a row that has no fixed place.
func tlsText(name, label string, t Type, rfc, help string) *Field {
	return row(TLS, Field{Name: name, Label: label, Type: t, RFC: rfc, Help: help})
}

// tlsEnum is a row whose values have names.
func tlsEnum(name, label string, names map[uint64]string, rfc, help string) *Field {
	return row(TLS, Field{Name: name, Label: label, Type: TypeEnum, Names: names, RFC: rfc, Help: help})
}

var (
	tlsRecord  = tlsText("tls.record", "record", TypeNone, rfcRecord, "One parcel of TLS: a header of five bytes, and up to 16 KiB that may be encrypted.")
	tlsType    = tlsEnum("tls.record.content_type", "content type", tlsContents, rfcRecord, "What the record carries: the talk that sets up the session, an alert, or the program's data.")
	tlsOpaque  = tlsEnum("tls.record.opaque_type", "opaque type", tlsContents, rfcProtected, "In TLS 1.3 every encrypted record claims to carry application data; what it is really stands inside, encrypted.")
	tlsRecVer  = tlsEnum("tls.record.version", "version", tlsVersions, rfcRecord, "The record's version; for the sake of old middleboxes it stays at 1.0 or 1.2 even when the session is TLS 1.3.")
	tlsLength  = tlsText("tls.record.length", "length", TypeUint, rfcRecord, "How many bytes the record has after its header.")
	tlsData    = tlsText("tls.app_data", "encrypted application data", TypeBytes, rfcProtected, "What the programs say to each other; only who has the keys can read it.")
	tlsProto   = tlsText("tls.app_data_proto", "application protocol", TypeString, "", "What the encrypted data most likely is, judged by the port.")
	tlsCCS     = tlsText("tls.change_cipher_spec", "change cipher spec", TypeNone, "RFC 5246 sec. 7.1", "The sender switches to the keys just agreed on: all that it sends from here on is encrypted. In TLS 1.3 it means nothing and calms old middleboxes.")
	tlsAlertM  = tlsText("tls.alert_message", "alert", TypeNone, rfcAlert, "Word that the session ends or that something is wrong; longer than two bytes, it is encrypted.")
	tlsLevel   = tlsEnum("tls.alert_message.level", "level", map[uint64]string{1: "warning", 2: "fatal"}, rfcAlert, "Whether the session can go on after the alert.")
	tlsDesc    = tlsEnum("tls.alert_message.desc", "description", tlsAlerts, rfcAlert, "What is wrong; close notify is the proper goodbye.")
	tlsBeat    = tlsText("tls.heartbeat_message", "heartbeat", TypeNone, rfcHeartbeat, "Asks whether the other side is still there, and the answer to it.")
	tlsBeatTyp = tlsEnum("tls.heartbeat_message.type", "type", tlsHeartbeats, rfcHeartbeat, "Whether it is the question or the answer.")
	tlsBeatLen = tlsText("tls.heartbeat_message.payload_length", "payload length", TypeUint, rfcHeartbeat, "How many bytes the answer is to repeat; a server that believed a number beyond the message gave its memory away: Heartbleed.")
	tlsBeatPay = tlsText("tls.heartbeat_message.payload", "payload", TypeBytes, rfcHeartbeat, "What the answer must repeat.")
	tlsBeatPad = tlsText("tls.heartbeat_message.padding", "padding", TypeBytes, rfcHeartbeat, "Random bytes, at least 16, to be ignored.")
	tlsOddity  = tlsText("", "not understood", TypeBytes, "", "Bytes that do not fit the rules of the message that they are in.")

	tlsHeartbeats = map[uint64]string{1: "request", 2: "response"}
)

// TLSRecordLen is the length of the TLS record at the start of b, with its
// header of five bytes; ok is false when b is shorter than a header, or no
// record of SSL 3 or TLS begins here.
func TLSRecordLen(b []byte) (n int, ok bool) {
	if len(b) < tlsRecordSize || !tlsContent(b[0]) || !tlsVersion(binary.BigEndian.Uint16(b[1:])) {
		return 0, false
	}
	return tlsRecordSize + int(binary.BigEndian.Uint16(b[3:])), true
}

// LooksLikeTLS says whether the payload of a segment on a port of no
// protocol's begins like a TLS connection: with a record of a handshake or of
// data, or with an SSL 2 hello that offers TLS.
func LooksLikeTLS(b []byte) bool {
	if len(b) < tlsRecordSize {
		return false
	}
	if b[0] == tlsHandshake || b[0] == tlsAppData {
		version, n := binary.BigEndian.Uint16(b[1:]), binary.BigEndian.Uint16(b[3:])
		return version != verTLS13 && tlsVersion(version) && n > 0 && n < 1<<14+2048
	}
	if len(b) < 46 || b[0] != 0x80 || b[2] != 1 { // RFC 5246 appendix E.2
		return false
	}
	ciphers, session := binary.BigEndian.Uint16(b[5:]), binary.BigEndian.Uint16(b[7:])
	return ciphers > 0 && ciphers%3 == 0 && (session == 0 || session == 16) && binary.BigEndian.Uint16(b[9:]) == 32
}

// tlsDeclines says whether a payload is none of TLS's: it begins with text.
func tlsDeclines(b []byte) bool { return len(b) > 4 && plainASCII(string(b[:4])) }

// tlsReader reads the records of one direction of a connection. Its span
// reaches to the end of what was captured of the payload: a field whose length
// is wrong may reach beyond its message, but not beyond that.
type tlsReader struct {
	*cursor
	out      *[]Node // where fields go
	sess     TLSSession
	side     int // who sends: 0 the client, 1 the server
	src, dst uint16
	start    int      // where the payload begins
	version  uint16   // of the session, or else of the record in hand
	begun    []byte   // a handshake message that began in this payload and goes on in a later record of it
	cuts     []int    // how much of it each record brought
	plain    bool     // the record in hand was opened: nothing in it looks encrypted
	beside   []Node   // fields that stand after the record in hand
	words    []string // for the summary

	stretches []tlsStretch // application data that were opened
}

// thisFrame is later than the frames in which what is known of the session
// was seen.
const thisFrame = 1<<32 - 1

// tls reads the records of a TCP segment's payload.
func (d *dissector) tls(s span) {
	if tlsDeclines(d.data[s.pos:s.end]) {
		if looksLikeHTTP(d.data[s.pos:s.end]) {
			d.http(s)
		} else {
			d.payload(s)
		}
		return
	}
	m := tlsReader{cursor: d.cursor(s), start: s.pos}
	if d.session != nil {
		m.sess = *d.session
	}
	m.src, m.dst = d.ports()
	m.side = m.sess.side(m.src)
	m.resume(d.begun)
	p := d.part(TLS, s.pos, s.end-s.pos)
	m.out = &p.Fields
	for m.left() > 0 && m.next() {
	}
	if *m.broken {
		d.short(TLS, s)
	}
	p.Summary = m.summary()
	m.contents()
	d.session = &m.sess // the segment may have more, after what is put together
}

// ports are those of the segment in hand.
func (d *dissector) ports() (src, dst uint16) {
	for i := len(d.tree.Parts) - 1; i >= 0; i-- {
		if p := &d.tree.Parts[i]; p.Proto == TCP && len(p.Fields) > 1 {
			return uint16(p.Fields[0].Uint), uint16(p.Fields[1].Uint)
		}
	}
	return 0, 0
}

func (m *tlsReader) summary() string {
	version := tlsVersions[uint64(m.version)]
	if version == "" {
		version = "TLS"
	}
	switch {
	case len(m.words) == 0:
		return version + ", continued, " + count(m.end-m.start, "byte")
	case len(m.words) > 6:
		m.words = append(m.words[:6], "…")
	}
	return version + ", " + strings.Join(m.words, ", ")
}

// add takes the next n bytes as a field. A heading shows what there is of
// them, and nothing after it.
func (m *tlsReader) add(f *Field, n int) *Node {
	if left := m.left(); f.Type == TypeNone && n > left && left > 0 {
		node := m.take(m.out, f, left)
		*m.broken = true
		return node
	}
	return m.take(m.out, f, n)
}

// under takes the next n bytes as a field whose parts body reads. Body may
// stop early or read on; after it, the reader stands behind the n bytes.
func (m *tlsReader) under(f *Field, n int, body func()) *Node {
	if !m.ok(n) || n == 0 {
		return &Node{}
	}
	end := m.pos + n
	node := m.open(f, n, body)
	m.seek(end)
	return node
}

// open is like under, but the reader stays where body has left it. A field of
// no bytes has its parts, too.
func (m *tlsReader) open(f *Field, n int, body func()) *Node {
	if !m.ok(n) {
		return &Node{}
	}
	node, saved := m.node(f, m.pos, n), m.out
	var list []Node
	m.out = &list
	body()
	node.Children, m.out = list, saved
	*saved = append(*saved, node)
	return &(*saved)[len(*saved)-1]
}

// seek goes to a place; a broken reader stays broken.
func (m *tlsReader) seek(pos int) { m.pos = min(pos, m.end) }

// vector reads the length of a list or text of variable size (RFC 8446
// section 3.4) that must lie before end. It gives what is there, and false if
// that is less than the length says: what is around it is read no further.
func (m *tlsReader) vector(f *Field, size, end int) (n int, ok bool) {
	switch {
	case m.pos > end:
		*m.broken = true // a length within the message was wrong
		return 0, false
	case end-m.pos < size:
		m.oddity(end, "tls.malformed.buffer_too_small", "There is no room for a length.")
		return 0, false
	}
	node := m.add(f, size)
	if *m.broken {
		return 0, false
	}
	if node.Uint > uint64(end-m.pos) {
		m.expert(Error, "tls.malformed.buffer_too_small", "A length exceeds what is there.", m.pos-size, size)
		return end - m.pos, false
	}
	return int(node.Uint), true
}

// oddity shows what is left before end as not understood.
func (m *tlsReader) oddity(end int, name, text string) {
	if *m.broken || m.pos >= end {
		return
	}
	m.expert(Error, name, text, m.pos, min(end, m.end)-m.pos)
	m.add(tlsOddity, end-m.pos)
}

// finish ends a list or message at end: what is left is not understood.
func (m *tlsReader) finish(end int) {
	m.oddity(end, "tls.malformed.trailing_data", "There are bytes too many.")
	m.seek(end)
}

// list reads fields of one size to the end.
func (m *tlsReader) list(f *Field, size, end int) {
	for m.pos+size <= end && !*m.broken {
		m.add(f, size)
	}
}

// next reads a record; false when there is no other.
func (m *tlsReader) next() bool {
	kind, n := m.sess.next(m.data[m.pos:m.end], m.wire-m.pos)
	switch kind {
	case recordNone:
		m.version = m.sess.Version
		return false
	case recordIgnored:
		m.oddity(m.end, "tls.ignored_unknown_record", "A record of a type that nobody knows, to be ignored.")
		return false
	case recordSSL2:
		m.words = append(m.words, "SSL 2")
		m.under(tlsRecord, min(n, m.left()), func() { m.ssl2(n) })
	default:
		m.under(tlsRecord, min(n, m.left()), func() { m.record(n - tlsRecordSize) })
		*m.out, m.beside = append(*m.out, m.beside...), nil
	}
	return !*m.broken
}

// record reads a record that has n bytes after its header.
func (m *tlsReader) record(n int) {
	kind := m.data[m.pos]
	if m.sess.Version == verTLS13 && kind == tlsAppData {
		m.add(tlsOpaque, 1)
	} else {
		m.add(tlsType, 1)
	}
	m.version = uint16(m.add(tlsRecVer, 2).Uint)
	m.add(tlsLength, 2)
	m.checkLength(kind, n)
	if m.sess.header(m.data[m.pos-tlsRecordSize : m.end]); m.sess.Version != 0 {
		m.version = m.sess.Version
	}
	if !m.ok(n) { // cut by the capture
		return
	}
	if m.protected(kind) {
		if o, ok := m.nextOpened(); ok {
			m.openedRecord(o, n)
			return
		}
	}
	switch kind {
	case tlsChangeCipherSpec:
		m.changeCipherSpec()
	case tlsAlert:
		m.alert(n)
	case tlsHandshake:
		m.handshake(m.pos + n)
	case tlsAppData:
		m.appData(n)
	case tlsHeartbeat:
		m.heartbeat(n)
	}
}

func (m *tlsReader) checkLength(kind uint8, n int) {
	most := 1<<14 + 2048 // RFC 5246 section 6.2.3
	if m.sess.Version == verTLS13 {
		most = 1<<14 + 256 // RFC 8446 section 5.2
	}
	if n > most || n == 0 && kind >= tlsChangeCipherSpec && kind <= tlsHandshake {
		m.expert(Warning, "tls.record.length.invalid", "A record of this type must not have such a length.", m.pos-2, 2)
	}
}

func (m *tlsReader) changeCipherSpec() {
	if m.sess.Version == verTLS13 && m.sess.draft > 0 && m.sess.draft < 22 {
		m.expert(Warning, "tls.unexpected_message", "This draft of TLS 1.3 has no change cipher spec.", m.pos-tlsRecordSize, 1)
		return
	}
	if m.side == 1 && m.sess.resumed && m.sess.Version != verTLS13 {
		m.expert(Note, "tls.resumed", "The session goes on with keys of an earlier one.", m.pos, 1)
	}
	m.words = append(m.words, "Change Cipher Spec")
	m.add(tlsCCS, 1)
	m.sess.change(m.side, thisFrame)
}

// alert reads an alert; one that has not two bytes is encrypted.
func (m *tlsReader) alert(n int) {
	if n != 2 {
		m.words = append(m.words, "Encrypted Alert")
		m.add(tlsAlertM, n)
		return
	}
	m.under(tlsAlertM, n, func() {
		m.add(tlsLevel, 1)
		desc := m.add(tlsDesc, 1)
		name := tlsAlerts[desc.Uint]
		if name == "" {
			name = "unknown"
		}
		m.words = append(m.words, "Alert: "+name)
	})
}

func (m *tlsReader) appData(n int) {
	m.words = append(m.words, "Application Data")
	at := m.pos
	m.add(tlsData, n)
	inner := tlsInner[m.src]
	if inner == "" {
		inner = tlsInner[m.dst]
	}
	if inner != "" && !*m.broken {
		*m.out = append(*m.out, m.told(tlsProto, at, 0, inner))
	}
}

// heartbeat reads a heartbeat message (RFC 6520). One whose type makes no
// sense is encrypted.
func (m *tlsReader) heartbeat(n int) {
	if m.sess.Version == verTLS13 {
		m.expert(Warning, "tls.unexpected_message", "TLS 1.3 has no heartbeats in plain text.", m.pos-tlsRecordSize, 1)
		return
	}
	kind, payload := tlsHeartbeats[uint64(m.peek(0, 1))], m.peek(1, 2)
	if kind == "" {
		m.words = append(m.words, "Encrypted Heartbeat")
		m.add(tlsBeat, n)
		return
	}
	m.words = append(m.words, "Heartbeat "+kind)
	m.under(tlsBeat, n, func() {
		m.add(tlsBeatTyp, 1)
		m.add(tlsBeatLen, 2)
		if 3+payload+16 > n {
			m.expert(Error, "tls.heartbeat_message.payload_length.invalid", "The payload and its padding do not fit into the message: an attempt to read the other side's memory?", m.pos-2, 2)
			payload = n - 3
		}
		m.add(tlsBeatPay, payload)
		m.add(tlsBeatPad, n-3-payload)
	})
}
