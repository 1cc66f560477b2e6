package layers

import (
	"bytes"
	"encoding/binary"
)

// Versions of TLS as they are written on the wire.
const (
	verSSL2  = 0x0002
	verTLCP  = 0x0101 // GB/T 38636
	verSSL3  = 0x0300
	verTLS10 = 0x0301
	verTLS11 = 0x0302
	verTLS12 = 0x0303
	verTLS13 = 0x0304
)

// Content types of records (RFC 8446 section 5.1, RFC 6520, RFC 9146).
const (
	tlsChangeCipherSpec = 20
	tlsAlert            = 21
	tlsHandshake        = 22
	tlsAppData          = 23
	tlsHeartbeat        = 24
	tlsConnectionID     = 25
)

const tlsRecordSize = 5 // type, version, length

// TLSSession is what the records of a connection have told so far, for those
// that come after them: a record does not say by itself which version was
// agreed on, or whether it is encrypted. The zero value knows nothing.
//
// It is small, has no pointers and can be compared: it changes only in
// handshakes, so that a few copies tell of all segments of a connection.
type TLSSession struct {
	Version uint16 // agreed on: 0x0300 (SSL 3) to 0x0304 (TLS 1.3), 0x0002 (SSL 2), 0 unknown
	Cipher  uint16 // cipher suite that the server chose; 0 unknown
	Server  uint16 // the server's port; 0: no Client Hello was seen
	draft   uint8  // of TLS 1.3; 0: not a draft
	resumed bool   // the server has not yet shown that the handshake is a full one

	// Of the client (0) and the server (1):
	changed [2]uint32      // number of the frame with its first change cipher spec; 0: none yet
	pending [2]tlsFragment // its handshake message that is not complete
	rawKey  [2]bool        // it sends a bare public key for a certificate (RFC 7250)
}

// tlsFragment is a handshake message that goes on in the next record.
type tlsFragment struct {
	got  uint32  // how many of its bytes came; 0: there is none
	head [4]byte // its first bytes: type and length
}

// side is who sends from port src: 0 the client, 1 the server. Before a
// Client Hello has told, the server is taken to be at a port of TLS's.
func (s *TLSSession) side(src uint16) int {
	if s.Server != 0 && src == s.Server || s.Server == 0 && tlsInner[src] != "" {
		return 1
	}
	return 0
}

// Segment takes note of the records that the payload of a frame's TCP segment
// from port src to port dst holds whole: of all that Dissect is given as one
// payload. Segments are to be told in the order of their frames, numbered
// from 1; wire is the payload's length before the capture cut it.
func (s *TLSSession) Segment(frame uint32, src, dst uint16, payload []byte, wire int) {
	if tlsDeclines(payload) {
		return
	}
	for wire > 0 {
		kind, n := s.next(payload, wire)
		if kind == recordNone || kind == recordIgnored {
			return
		}
		if n > len(payload) { // cut by the capture
			if kind == recordTLS {
				s.header(payload)
			}
			return
		}
		if kind == recordTLS {
			s.header(payload)
			s.record(frame, src, dst, payload[:n])
		} else if s.Version == 0 && n > 2 {
			s.ssl2(payload[ssl2HeaderSize(payload[0])])
		}
		payload, wire = payload[n:], wire-n
	}
}

type tlsRecordKind uint8

const (
	recordNone    tlsRecordKind = iota // not all there, or no record
	recordIgnored                      // unknown, to be ignored with all that follows
	recordTLS
	recordSSL2
)

// next says what stands at the start of b, and how many bytes it has. Wire is
// b's length before the capture cut it. As long as the version is not known,
// and in TLS 1.3, what does not look like a record is none: it goes on with a
// record that began in an earlier segment. As Wireshark does, a record of a
// known version is found without such a look.
func (s *TLSSession) next(b []byte, wire int) (tlsRecordKind, int) {
	if s.Version == verSSL2 {
		return ssl2Next(b, wire)
	}
	if wire < tlsRecordSize || len(b) < tlsRecordSize {
		return recordNone, 0
	}
	switch s.Version {
	case verSSL3, verTLS10, verTLS11, verTLS12, verTLCP:
		if b[0] == 0x80 && b[2] == 1 { // a client that offers SSL 2 and more
			return ssl2Next(b, wire)
		}
		if !tlsContent(b[0]) {
			if s.Version != verSSL3 {
				return recordIgnored, 0 // RFC 2246 section 6
			}
			return recordNone, 0
		}
	default:
		if b[0] >= 0x80 && (b[2] <= 2 || b[2] == 4) {
			return ssl2Next(b, wire)
		}
		if !tlsContent(b[0]) || !tlsVersion(binary.BigEndian.Uint16(b[1:])) {
			return recordNone, 0
		}
	}
	n := tlsRecordSize + int(binary.BigEndian.Uint16(b[3:]))
	if wire < n {
		return recordNone, 0
	}
	return recordTLS, n
}

func tlsContent(t uint8) bool { return t >= tlsChangeCipherSpec && t <= tlsConnectionID }

func tlsVersion(v uint16) bool { return v >= verSSL3 && v <= verTLS13 || v == verTLCP }

// ssl2HeaderSize is the size of a record's header in SSL 2: three bytes if it
// has padding, else two.
func ssl2HeaderSize(first byte) int {
	if first&0x80 != 0 {
		return 2
	}
	return 3
}

func ssl2Next(b []byte, wire int) (tlsRecordKind, int) {
	if len(b) < 1 || len(b) < ssl2HeaderSize(b[0]) {
		return recordNone, 0
	}
	n := int(binary.BigEndian.Uint16(b)&0x7fff) + 2
	if b[0]&0x80 == 0 {
		n = int(binary.BigEndian.Uint16(b)&0x3fff) + 3
	}
	if wire < n {
		return recordNone, 0
	}
	return recordSSL2, n
}

// ssl2 takes note of an SSL 2 record: all messages but the client's first
// settle the version.
func (s *TLSSession) ssl2(message byte) {
	if s.Version == 0 && message >= 2 && message <= 8 {
		s.Version = verSSL2
	}
}

// record takes note of a whole record.
func (s *TLSSession) record(frame uint32, src, dst uint16, b []byte) {
	side := s.side(src)
	switch b[0] {
	case tlsChangeCipherSpec:
		s.change(side, frame)
	case tlsHandshake:
		s.handshake(frame, side, dst, b[tlsRecordSize:])
	}
}

// header learns the version from the record at the start of b, unless it can
// be that of a Client Hello, whose version means nothing.
func (s *TLSSession) header(b []byte) {
	if s.Version != 0 || len(b) <= tlsRecordSize {
		return
	}
	first := uint64(b[tlsRecordSize])
	if b[0] == tlsHandshake && (first == hsClientHello || first == hsHelloVerify || tlsMessages[first] == "") {
		return
	}
	s.agree(binary.BigEndian.Uint16(b[1:]), first == hsServerHello)
}

// agree settles the version; only a Server Hello may name a draft of TLS 1.3.
func (s *TLSSession) agree(version uint16, hello bool) {
	draft := uint8(0)
	switch {
	case hello && version >= 0x7f00 && version <= 0x7fff:
		draft, version = uint8(version), verTLS13
	case hello && (version == 0xfb17 || version == 0xfb1a): // drafts of Facebook's
		draft, version = uint8(version), verTLS13
	}
	if tlsVersion(version) {
		s.Version, s.draft = version, draft
	}
}

// change takes note of a change cipher spec: what its sender sends in later
// frames is encrypted. In TLS 1.3 it means nothing (RFC 8446 appendix D.4).
func (s *TLSSession) change(side int, frame uint32) {
	if s.Version == verTLS13 {
		return
	}
	if s.changed[side] == 0 {
		s.changed[side] = frame
	}
	if side == 1 {
		s.resumed = false
	}
}

// handshake takes note of the messages in a handshake record.
func (s *TLSSession) handshake(frame uint32, side int, dst uint16, b []byte) {
	p := &s.pending[side]
	if p.got > 0 {
		n, whole := p.add(b)
		if !whole {
			return
		}
		b = b[n:]
	} else if s.encrypted(frame, side, b) {
		return
	}
	for first := true; len(b) > 0; first = false {
		n := messageSize(b)
		if n == 0 || n > len(b) {
			p.start(b)
			return
		}
		s.message(b[:n], dst, first)
		b = b[n:]
	}
}

// messageSize is that of the handshake message at the start of b with its
// header of four bytes; 0 when the header is not all there.
func messageSize(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	return 4 + int(number(b[1:4]))
}

// start keeps the beginning of a message.
func (p *tlsFragment) start(b []byte) {
	*p = tlsFragment{got: uint32(len(b))}
	copy(p.head[:], b)
}

// add goes on with a message: n of the bytes belong to it, and with them it
// may be whole.
func (p *tlsFragment) add(b []byte) (n int, whole bool) {
	if p.got < 4 {
		copy(p.head[p.got:], b)
	}
	n = len(b)
	if int(p.got)+n >= 4 {
		size := messageSize(p.head[:])
		n = min(n, max(0, size-int(p.got)))
		whole = int(p.got)+n >= size
	}
	p.got += uint32(n)
	if whole {
		p.got = 0
	}
	return n, whole
}

// minEncrypted is the least size of an encrypted message: a MAC alone, or a
// nonce and a tag, have as much.
const minEncrypted = 16

// encrypted says whether a handshake record is encrypted: for certain, or to
// all appearances. Five zeros are no message but the nonce that AES-GCM begins
// with.
func (s *TLSSession) encrypted(frame uint32, side int, b []byte) bool {
	switch {
	case len(b) < minEncrypted:
		return false
	case number(b[:5]) == 0:
		return true
	case s.changed[side] != 0 && frame > s.changed[side]:
		return true
	}
	return tlsMessages[uint64(b[0])] == "" || number(b[1:4]) > 0xffff
}

// message takes note of a whole handshake message.
func (s *TLSSession) message(b []byte, dst uint16, first bool) {
	switch b[0] {
	case hsClientHello:
		s.Server = dst
		s.rawKey[0] = false
		s.clientHello(b)
	case hsServerHello:
		if version, _ := scanServerHello(b); first && len(b) > 6 {
			s.agree(version, true)
		}
		s.rawKey[1] = false
		s.resumed = true
		s.serverHello(b)
	case hsServerDone:
		s.resumed = false
	}
}

// helloStart is where the part of a hello begins that follows the session:
// type, length, version, random, session identifier; 0 when it is not there.
func helloStart(b []byte) int {
	if len(b) < 39 || 39+int(b[38]) > len(b) {
		return 0
	}
	return 39 + int(b[38])
}

// clientHello looks for early data, which only TLS 1.3 has, and for a draft.
func (s *TLSSession) clientHello(b []byte) {
	at := helloStart(b)
	if at == 0 || at+2 > len(b) {
		return
	}
	at += 2 + int(binary.BigEndian.Uint16(b[at:]))
	if at >= len(b) {
		return
	}
	at += 1 + int(b[at])
	early := false
	eachExtension(b, at+2, func(kind uint16, data []byte) {
		switch kind {
		case extEarlyData, extTicketEarlyData:
			early = true
		case extVersions:
			for i := 1; i+2 <= len(data); i += 2 {
				if data[i] == 0x7f && data[i+1] > s.draft {
					s.draft = data[i+1]
				}
			}
		}
	})
	if early {
		s.Version = verTLS13
	}
}

// serverHello notes the suite, and how public keys are sent.
func (s *TLSSession) serverHello(b []byte) {
	at := helloStart(b)
	if s.Version == verTLS13 && s.draft > 0 && s.draft < 22 {
		at = 38 // drafts of TLS 1.3 before 22 have no session
	}
	if at == 0 || at+2 > len(b) {
		return
	}
	s.Cipher = binary.BigEndian.Uint16(b[at:])
	eachExtension(b, at+5, func(kind uint16, data []byte) {
		raw := len(data) > 0 && data[0] == 2
		if kind == extCertType || kind == extClientCertType {
			s.rawKey[0] = raw
		}
		if kind == extCertType || kind == extServerCertType {
			s.rawKey[1] = raw
		}
	})
}

// helloRetry is the random of a Server Hello that is a Hello Retry Request
// (RFC 8446 section 4.1.3).
var helloRetry = []byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

// scanServerHello finds the version that a Server Hello, with its header of
// four bytes, settles on, and whether it is a Hello Retry Request.
func scanServerHello(b []byte) (version uint16, retry bool) {
	if len(b) < 6 {
		return 0, false
	}
	version = binary.BigEndian.Uint16(b[4:])
	if version != verTLS12 || len(b) < 50 {
		return version, false
	}
	retry = bytes.Equal(b[6:38], helloRetry)
	if at := helloStart(b); at > 0 {
		found := false
		eachExtension(b, at+5, func(kind uint16, data []byte) {
			if kind == extVersions && len(data) == 2 && !found {
				version, found = binary.BigEndian.Uint16(data), true
			}
		})
	}
	return version, retry
}

// eachExtension calls f for the extensions that stand in b from at on.
func eachExtension(b []byte, at int, f func(kind uint16, data []byte)) {
	for at+4 <= len(b) {
		n := int(binary.BigEndian.Uint16(b[at+2:]))
		if at+4+n > len(b) {
			return
		}
		f(binary.BigEndian.Uint16(b[at:]), b[at+4:at+4+n])
		at += 4 + n
	}
}

// BeginsTLS says whether the payload of a TCP segment on these ports is
// TLS's, as far as it can be known without the segments before it: by the
// ports, or by its looks if no other protocol is at home there.
func BeginsTLS(src, dst uint16, payload []byte) bool {
	for _, port := range [2]uint16{min(src, dst), max(src, dst)} {
		if tlsPort(port) {
			return !tlsDeclines(payload)
		}
		if tcpApplications[port] != nil {
			return false
		}
	}
	return LooksLikeTLS(payload)
}
