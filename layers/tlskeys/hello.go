package tlskeys

import (
	"crypto/sha256"
	"encoding/binary"
)

// Handshake messages (RFC 8446 section 4), and extensions.
const (
	msgClientHello         = 1
	msgServerHello         = 2
	msgEndOfEarlyData      = 5
	msgEncryptedExtensions = 8
	msgFinished            = 20
	msgKeyUpdate           = 24

	extALPN           = 16
	extEncryptThenMAC = 22
	extEarlyData      = 42
	extVersions       = 43

	maxHello = 1 << 16 // bytes of a message that is kept until it is whole
)

// helloRetry is the random of a Hello Retry Request (RFC 8446 section 4.1.3).
var helloRetry = sha256.Sum256([]byte("HelloRetryRequest"))

// message is a handshake message; the body of those that nobody here reads is
// left out.
type message struct {
	kind uint8
	body []byte
}

// messages finds the handshake messages in what records carry.
type messages struct {
	head [4]byte // type and length
	got  int     // bytes of the message in hand, with its head
	body []byte
}

// add goes on with b, and calls each with the messages that are whole.
func (m *messages) add(b []byte, each func(message)) {
	for len(b) > 0 {
		if m.got < len(m.head) {
			n := copy(m.head[m.got:], b)
			m.got, b = m.got+n, b[n:]
			if m.got < len(m.head) {
				return
			}
		}
		size := len(m.head) + int(binary.BigEndian.Uint32(m.head[:])&0xffffff)
		n := min(size-m.got, len(b))
		if k := m.head[0]; size <= maxHello && (k == msgClientHello || k == msgServerHello || k == msgEncryptedExtensions) {
			m.body = append(m.body, b[:n]...)
		}
		m.got, b = m.got+n, b[n:]
		if m.got == size {
			done := message{m.head[0], m.body}
			*m = messages{}
			each(done)
		}
	}
}

// hello is what both hellos have.
type hello struct {
	version    uint16
	random     [randomSize]byte
	suite      uint16 // the server's
	suites     []byte // the client's
	extensions []byte // with their length
}

// readHello reads a hello (RFC 8446 sections 4.1.2 and 4.1.3).
func readHello(b []byte, server bool) (h hello, ok bool) {
	if len(b) < 2+randomSize+1 {
		return h, false
	}
	h.version = binary.BigEndian.Uint16(b)
	copy(h.random[:], b[2:])
	if b, ok = after(b[2+randomSize:], 1); !ok { // the session
		return h, false
	}
	if server {
		if len(b) < 3 {
			return h, false
		}
		h.suite, h.extensions = binary.BigEndian.Uint16(b), b[3:]
		return h, true
	}
	rest, ok := after(b, 2)
	if !ok {
		return h, false
	}
	h.suites = b[2 : len(b)-len(rest)]
	h.extensions, ok = after(rest, 1) // the compression methods
	return h, ok
}

// after is what follows a list at the start of b whose length takes size
// bytes.
func after(b []byte, size int) (rest []byte, ok bool) {
	n := 0
	for _, c := range b[:min(size, len(b))] {
		n = n<<8 | int(c)
	}
	if len(b) < size+n {
		return nil, false
	}
	return b[size+n:], true
}

// eachExtension calls f for the extensions in a list with its length before
// it.
func eachExtension(list []byte, f func(kind uint16, b []byte)) {
	if len(list) < 2 {
		return
	}
	for b := list[2:]; len(b) >= 4; {
		n := 4 + int(binary.BigEndian.Uint16(b[2:]))
		if n > len(b) {
			return
		}
		f(binary.BigEndian.Uint16(b), b[4:n])
		b = b[n:]
	}
}
