package tlskeys

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
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

	maxHello  = 1 << 16 // bytes of a message that are kept until it is whole
	maxPieces = 1 << 10 // and records that bring them
)

// helloRetry is the random of a Hello Retry Request (RFC 8446 section 4.1.3).
var helloRetry = sha256.Sum256([]byte("HelloRetryRequest"))

// message is a handshake message.
type message struct {
	kind uint8
	body []byte // nil: it was too long to be kept
}

// messages finds the handshake messages in what records carry.
type messages struct {
	head   [4]byte  // type and length
	got    int      // bytes of the message in hand, with its head
	pieces [][]byte // what earlier records brought of it
	long   bool     // it is too long to be kept
}

// add goes on with what a record carries, and calls each with the messages
// that are whole.
func (m *messages) add(b []byte, each func(message)) {
	for len(b) > 0 {
		piece := b[:m.take(b)]
		b = b[len(piece):]
		if m.got < m.size() {
			m.keep(piece)
			return
		}
		done := message{kind: m.head[0]}
		if !m.long {
			done.body = slices.Concat(append(m.pieces, piece)...)[len(m.head):]
		}
		*m = messages{}
		each(done)
	}
}

// take goes on with the message in hand; it says how many of the bytes belong
// to it.
func (m *messages) take(b []byte) (n int) {
	if m.got < len(m.head) {
		n = copy(m.head[m.got:], b)
		m.got += n
	}
	more := min(m.size()-m.got, len(b)-n)
	m.got += more
	return n + more
}

// size is that of the message in hand, as far as it is known.
func (m *messages) size() int {
	if m.got < len(m.head) {
		return len(m.head)
	}
	return len(m.head) + int(binary.BigEndian.Uint32(m.head[:])&0xffffff)
}

// keep keeps a piece of a message that goes on in another record.
func (m *messages) keep(piece []byte) {
	if m.long = m.long || m.size() > maxHello || len(m.pieces) == maxPieces; m.long {
		m.pieces = nil
	} else {
		m.pieces = append(m.pieces, slices.Clone(piece))
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
