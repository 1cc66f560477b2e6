package layers

import "strings"

var (
	tlsSegment = tlsText("tls.segment.data", "segment data", TypeBytes, rfcRecord, "A piece of a message that is complete only with a later record, or with this one.")
	tlsUnknown = tlsText("", "unknown content", TypeBytes, rfcRecord, "Bytes that were encrypted, of a kind that nobody knows or that must not come here.")
)

// tlsApplications are the programs' protocols that are spoken in TLS, by the
// server's port.
var tlsApplications = map[uint16]func(*dissector, span){}

func init() {
	carried[TLS] = (*dissector).tls
	tlsApplications[80] = (*dissector).http
	tlsApplications[443] = (*dissector).http
	tlsApplications[853] = (*dissector).dnsOverTCP
	tlsApplications[8883] = func(d *dissector, s span) { carried[MQTT](d, s) }
}

// protected says whether a record is encrypted, as tlskeys.Opener sees it:
// application data always are, and what a side sends after its Change Cipher
// Spec, which means nothing in TLS 1.3.
func (m *tlsReader) protected(kind uint8) bool {
	return kind == tlsAppData || m.sess.Version != verTLS13 && m.sess.changed[m.side] != 0
}

// nextOpened takes what the next protected record holds; false: it is not
// known.
func (m *tlsReader) nextOpened() (o Opened, ok bool) {
	if len(m.opened) == 0 || m.opened[0].Proto != TLS {
		return o, false
	}
	o, m.opened = m.opened[0], m.opened[1:]
	return o, o.Data != nil && len(m.tree.Bodies) < maxBodies
}

// inside reads a buffer of its own by f.
func (m *tlsReader) inside(data []byte, f func()) {
	outer := m.cursor
	outer.body(data, func(s span) {
		m.cursor = m.dissector.cursor(s)
		f()
	})
	*outer.broken = *outer.broken || *m.broken
	m.cursor = outer
}

// openedRecord reads what a protected record with n bytes after its header
// holds.
func (m *tlsReader) openedRecord(o Opened, n int) {
	if m.tls13() && len(o.Data) > 0 { // the type that stands inside; Wireshark puts it at the record's start
		*m.out = append(*m.out, m.valued(tlsType, m.pos-tlsRecordSize, 1, uint64(o.Type)))
	}
	if o.Type == tlsAppData {
		m.appData(n)
		if len(o.Data) > 0 && !*m.broken {
			m.stretch(o)
		}
		return
	}
	m.inside(o.Data, func() {
		m.tree.decrypted = append(m.tree.decrypted, m.in)
		before := len(*m.out)
		switch size := len(o.Data); o.Type {
		case tlsChangeCipherSpec:
			m.changeCipherSpec()
		case tlsAlert:
			m.alert(size)
		case tlsHandshake:
			m.plain = true
			m.handshake(size)
			m.plain = false
		case tlsHeartbeat:
			m.heartbeat(size)
		default:
			m.words = append(m.words, "unknown content")
		}
		m.unread(before, len(o.Data))
	})
	m.seek(m.pos + n)
}

// unread shows what no field behind the first ones has of a buffer of n bytes:
// nothing else in the tree has them.
func (m *tlsReader) unread(before, n int) {
	at := 0
	for _, f := range append([]Node{}, (*m.out)[before:]...) {
		if f.In == m.in {
			m.gap(at, f.Pos)
			at = max(at, f.Pos+f.Len)
		}
	}
	m.gap(at, n)
}

func (m *tlsReader) gap(from, to int) {
	if from < to {
		*m.out = append(*m.out, m.node(tlsUnknown, from, to-from))
	}
}

// tlsStretch is a stretch of the stream of application data: what one record
// holds, in its own buffer.
type tlsStretch struct {
	Opened
	in Source
}

// stretch notes application data, to be read when the records have been, and
// shows what in them belongs to messages that are put together of several
// records.
func (m *tlsReader) stretch(o Opened) {
	m.inside(o.Data, func() {
		m.tree.decrypted = append(m.tree.decrypted, m.in)
		taken, kept := o.shares()
		for _, piece := range [2]span{{0, taken, taken}, {m.end - kept, m.end, m.end}} {
			if n := piece.size(); n > 0 {
				m.beside = append(m.beside, m.node(tlsSegment, piece.pos, n))
			}
		}
		m.stretches = append(m.stretches, tlsStretch{o, m.in})
	})
}

// shares are how many bytes at the data's start and end belong to messages
// that are put together.
func (o *Opened) shares() (taken, kept int) {
	taken = max(0, min(o.Taken, len(o.Data)))
	return taken, max(0, min(o.Kept, len(o.Data)-taken))
}

// contents reads application data, as a segment's payload is read: what it
// completes, and what it has whole.
func (m *tlsReader) contents() {
	d := m.dissector
	data, in, opened := d.data, d.in, d.opened
	for _, t := range m.stretches {
		d.session, d.above, d.opened = nil, t.Above, t.Opened.Opened
		if t.Reassembled != nil {
			d.body(t.Reassembled, func(s span) {
				d.tree.decrypted = append(d.tree.decrypted, d.in)
				m.application(s)
				d.cover(d.in)
			})
		}
		d.data, d.in = t.Data, t.in
		taken, kept := t.shares()
		end := len(t.Data) - kept
		m.application(span{taken, end, end})
		d.cover(t.in)
	}
	d.data, d.in, d.opened = data, in, opened
}

func (m *tlsReader) application(s span) {
	d := m.dissector
	d.inTLS = true
	if d.above.Proto == HTTP && s.end > s.pos && d.within() {
		d.http(s)
	} else {
		d.application(m.src, m.dst, s, tlsApplications)
	}
	d.inTLS = false
}

// Coats are the wrappings of what a whole record carries: the record, and what
// o says that it holds.
func (s *TLSSession) Coats(record []byte, o Opened) []Coat {
	if n, ok := TLSRecordLen(record); !ok || n != len(record) || o.Data == nil {
		return nil
	}
	head := tlsRecordSize
	if suite := TLSSuiteName(s.Cipher); s.Version == verTLS12 || s.Version == verTLS11 {
		switch {
		case strings.Contains(suite, "_AES_") && strings.Contains(suite, "_CBC"):
			head += 16 // RFC 5246 section 6.2.3.2: the IV
		case strings.Contains(suite, "_CBC"), s.Version == verTLS12 && (strings.Contains(suite, "_GCM") || strings.Contains(suite, "_CCM")):
			head += 8 // RFC 5288 section 3: the nonce
		}
	}
	tail := len(record) - head - len(o.Data)
	if tail < 0 {
		return nil
	}
	return []Coat{{Proto: TLS, Head: head, Tail: tail, Inner: o.Data, Changed: true}}
}
