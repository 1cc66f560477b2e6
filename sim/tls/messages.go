package tls

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"golang.org/x/crypto/cryptobyte"
)

// Handshake messages (RFC 8446 section 4).
const (
	msgClientHello         = 1
	msgServerHello         = 2
	msgNewTicket           = 4
	msgEncryptedExtensions = 8
	msgCertificate         = 11
	msgCertificateRequest  = 13
	msgCertificateVerify   = 15
	msgFinished            = 20
	msgKeyUpdate           = 24
	msgMessageHash         = 254
)

// Extensions (RFC 8446 section 4.2).
const (
	extServerName        = 0
	extGroups            = 10
	extSignatures        = 13
	extALPN              = 16
	extEarlyData         = 42
	extSupportedVersions = 43
	extCookie            = 44
	extKeyShare          = 51
)

const (
	version12  = 0x0303
	version13  = 0x0304
	randomSize = 32
	maxCookie  = 1 << 12
)

// helloRetry is the random of a Hello Retry Request (RFC 8446 section 4.1.3).
var helloRetry = sha256.Sum256([]byte("HelloRetryRequest"))

// nextMessage takes the next handshake message from the bytes that records
// carried; whole is false when it is not all there.
func nextMessage(b *[]byte) (kind uint8, body []byte, whole bool, err error) {
	if len(*b) < 4 {
		return 0, nil, false, nil
	}
	n := 4 + int(binary.BigEndian.Uint32(*b)&0xffffff)
	if n > maxMessage {
		return 0, nil, false, fail(DecodeError, "a handshake message of %d bytes", n)
	}
	if len(*b) < n {
		return 0, nil, false, nil
	}
	kind, body = (*b)[0], (*b)[4:n:n]
	*b = (*b)[n:]
	return kind, body, true, nil
}

// message makes a handshake message of a type.
func message(kind uint8, body func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	b.AddUint8(kind)
	b.AddUint24LengthPrefixed(body)
	return b.BytesOrPanic()
}

// keyShare is one side's public key for a group.
type keyShare struct {
	group uint16
	key   []byte
}

// hello is a Client Hello, a Server Hello, or a Hello Retry Request, as far as
// it matters here. A server's has one suite, version, and group or share.
type hello struct {
	random     []byte
	session    []byte
	suites     []uint16
	versions   []uint16
	groups     []uint16
	signatures []uint16
	shares     []keyShare
	cookie     []byte
	name       string
	protocols  []string
	early      bool
	extensions []uint16 // those that are there
	methods    []byte   // of compression
}

func (h *hello) has(extension uint16) bool { return slices.Contains(h.extensions, extension) }

// share finds the key for a group; nil: there is none.
func (h *hello) share(group uint16) []byte {
	for _, s := range h.shares {
		if s.group == group {
			return s.key
		}
	}
	return nil
}

func addList(b *cryptobyte.Builder, list []uint16) {
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, v := range list {
			b.AddUint16(v)
		}
	})
}

func addExtension(b *cryptobyte.Builder, kind uint16, body func(*cryptobyte.Builder)) {
	b.AddUint16(kind)
	b.AddUint16LengthPrefixed(body)
}

func addProtocols(b *cryptobyte.Builder, names []string) {
	addExtension(b, extALPN, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			for _, name := range names {
				b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(name)) })
			}
		})
	})
}

func addShare(b *cryptobyte.Builder, s keyShare) {
	b.AddUint16(s.group)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(s.key) })
}

// begin writes what both hellos begin with.
func (h *hello) begin(b *cryptobyte.Builder) {
	b.AddUint16(version12) // RFC 8446 section 4.1.2: it is said in an extension which version is meant
	b.AddBytes(h.random)
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(h.session) })
}

// clientHello writes a Client Hello (RFC 8446 section 4.1.2).
func (h *hello) clientHello() []byte {
	return message(msgClientHello, func(b *cryptobyte.Builder) {
		h.begin(b)
		addList(b, h.suites)
		b.AddBytes([]byte{1, 0}) // no compression
		b.AddUint16LengthPrefixed(h.clientExtensions)
	})
}

func (h *hello) clientExtensions(b *cryptobyte.Builder) {
	if h.name != "" {
		addExtension(b, extServerName, func(b *cryptobyte.Builder) { // RFC 6066 section 3
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				b.AddUint8(0)
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(h.name)) })
			})
		})
	}
	addExtension(b, extGroups, func(b *cryptobyte.Builder) { addList(b, h.groups) })
	addExtension(b, extSignatures, func(b *cryptobyte.Builder) { addList(b, h.signatures) })
	if len(h.protocols) > 0 {
		addProtocols(b, h.protocols)
	}
	addExtension(b, extSupportedVersions, func(b *cryptobyte.Builder) {
		b.AddUint8(uint8(2 * len(h.versions)))
		for _, v := range h.versions {
			b.AddUint16(v)
		}
	})
	if h.cookie != nil {
		addExtension(b, extCookie, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(h.cookie) })
		})
	}
	addExtension(b, extKeyShare, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			for _, s := range h.shares {
				addShare(b, s)
			}
		})
	})
}

// serverHello writes a Server Hello, or, with a group and no share, a Hello
// Retry Request (RFC 8446 sections 4.1.3 and 4.1.4).
func (h *hello) serverHello() []byte {
	return message(msgServerHello, func(b *cryptobyte.Builder) {
		h.begin(b)
		b.AddUint16(h.suites[0])
		b.AddUint8(0)
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			addExtension(b, extSupportedVersions, func(b *cryptobyte.Builder) { b.AddUint16(version13) })
			addExtension(b, extKeyShare, func(b *cryptobyte.Builder) {
				if len(h.shares) > 0 {
					addShare(b, h.shares[0])
				} else {
					b.AddUint16(h.groups[0])
				}
			})
		})
	})
}

// readStart reads what both hellos begin with.
func (h *hello) readStart(s *cryptobyte.String) bool {
	var version uint16
	return s.ReadUint16(&version) && s.ReadBytes(&h.random, randomSize) &&
		s.ReadUint8LengthPrefixed((*cryptobyte.String)(&h.session)) && len(h.session) <= 32
}

// readClientHello reads a Client Hello; false: it is broken.
func readClientHello(b []byte) (h hello, ok bool) {
	s := cryptobyte.String(b)
	var suites cryptobyte.String
	if !h.readStart(&s) || !s.ReadUint16LengthPrefixed(&suites) || !readList(&suites, &h.suites) || !s.ReadUint8LengthPrefixed((*cryptobyte.String)(&h.methods)) {
		return h, false
	}
	if s.Empty() { // of an older version
		return h, true
	}
	return h, h.eachExtension(&s, h.clientExtension) && s.Empty()
}

// readServerHello reads a Server Hello or a Hello Retry Request.
func readServerHello(b []byte) (h hello, ok bool) {
	s := cryptobyte.String(b)
	var suite uint16
	var method uint8
	if !h.readStart(&s) || !s.ReadUint16(&suite) || !s.ReadUint8(&method) || method != 0 {
		return h, false
	}
	h.suites = []uint16{suite}
	if s.Empty() {
		return h, true
	}
	return h, h.eachExtension(&s, h.serverExtension) && s.Empty()
}

// readList reads numbers to the end; there must be one at least.
func readList(s *cryptobyte.String, list *[]uint16) bool {
	for !s.Empty() {
		var v uint16
		if !s.ReadUint16(&v) {
			return false
		}
		*list = append(*list, v)
	}
	return len(*list) > 0
}

// eachExtension calls f for every extension of a list, which it must read to
// the end. None may come twice (RFC 8446 section 4.2).
func (h *hello) eachExtension(s *cryptobyte.String, f func(kind uint16, s *cryptobyte.String) bool) bool {
	var list cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		var kind uint16
		var body cryptobyte.String
		if !list.ReadUint16(&kind) || !list.ReadUint16LengthPrefixed(&body) || h.has(kind) {
			return false
		}
		h.extensions = append(h.extensions, kind)
		if !f(kind, &body) || !body.Empty() {
			return false
		}
	}
	return true
}

func (h *hello) clientExtension(kind uint16, s *cryptobyte.String) bool {
	var list cryptobyte.String
	switch kind {
	case extServerName:
		return h.readName(s)
	case extGroups:
		return s.ReadUint16LengthPrefixed(&list) && readList(&list, &h.groups)
	case extSignatures:
		return s.ReadUint16LengthPrefixed(&list) && readList(&list, &h.signatures)
	case extALPN:
		return readProtocols(s, &h.protocols)
	case extSupportedVersions:
		return s.ReadUint8LengthPrefixed(&list) && readList(&list, &h.versions)
	case extCookie:
		return readCookie(s, &h.cookie)
	case extKeyShare:
		if !s.ReadUint16LengthPrefixed(&list) {
			return false
		}
		for !list.Empty() {
			if !h.readShare(&list) {
				return false
			}
		}
		return true
	case extEarlyData:
		h.early = true
		return true
	}
	return s.Skip(len(*s))
}

func (h *hello) serverExtension(kind uint16, s *cryptobyte.String) bool {
	switch kind {
	case extSupportedVersions:
		h.versions = make([]uint16, 1)
		return s.ReadUint16(&h.versions[0])
	case extCookie:
		return readCookie(s, &h.cookie)
	case extKeyShare:
		if bytes.Equal(h.random, helloRetry[:]) {
			h.groups = make([]uint16, 1)
			return s.ReadUint16(&h.groups[0])
		}
		return h.readShare(s)
	}
	return s.Skip(len(*s))
}

func (h *hello) readShare(s *cryptobyte.String) bool {
	var share keyShare
	if !s.ReadUint16(&share.group) || !s.ReadUint16LengthPrefixed((*cryptobyte.String)(&share.key)) || len(share.key) == 0 {
		return false
	}
	h.shares = append(h.shares, share)
	return true
}

// readName reads the name of the server that the client wants (RFC 6066
// section 3).
func (h *hello) readName(s *cryptobyte.String) bool {
	var list, name cryptobyte.String
	var kind uint8
	if !s.ReadUint16LengthPrefixed(&list) || !list.ReadUint8(&kind) || !list.ReadUint16LengthPrefixed(&name) || len(name) == 0 {
		return false
	}
	if kind == 0 {
		h.name = string(name)
	}
	return true
}

func readCookie(s *cryptobyte.String, cookie *[]byte) bool {
	return s.ReadUint16LengthPrefixed((*cryptobyte.String)(cookie)) && len(*cookie) > 0 && len(*cookie) <= maxCookie
}

// readProtocols reads names of protocols (RFC 7301 section 3.1).
func readProtocols(s *cryptobyte.String, names *[]string) bool {
	var list, name cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		if !list.ReadUint8LengthPrefixed(&name) || len(name) == 0 {
			return false
		}
		*names = append(*names, string(name))
	}
	return len(*names) > 0
}

// validTicket says whether a New Session Ticket is one (RFC 8446 section
// 4.6.1).
func validTicket(b []byte) bool {
	s := cryptobyte.String(b)
	var nonce, ticket cryptobyte.String
	var h hello
	return s.Skip(8) && s.ReadUint8LengthPrefixed(&nonce) && s.ReadUint16LengthPrefixed(&ticket) && len(ticket) > 0 &&
		h.eachExtension(&s, func(_ uint16, s *cryptobyte.String) bool { return s.Skip(len(*s)) }) && s.Empty()
}
