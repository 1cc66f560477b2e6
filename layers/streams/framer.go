package streams

import (
	"bytes"
	"strings"

	"strata/layers"
)

// framing is what the next byte of a stream is.
type framing uint8

const (
	betweenMessages framing = iota
	outOfStep               // no message's beginning is known: wait for one
	inHTTPHead
	inHTTPBody
	untilClose // an HTTP body that ends with the connection
	inChunkSize
	inChunk
	inChunkEnd
	inTrailer
	inDNSLength
	inDNS
	inTLSHead
	inTLS
	inMQTTHead
	inMQTT
	inWebSocketHead
	inWebSocket
	opaque // the stream has become something else
)

const (
	maxHTTPHead = 1 << 16
	minDNS      = 12
	portDNS     = 53

	// One frame is said to begin leastTally messages, and with more bytes one
	// for each leastUnit of them, as long as they are not more than mostTally.
	// The rest is only skipped: small units take more room than they have bytes.
	leastTally = 32
	mostTally  = 4096
	leastUnit  = 4
)

// scan reads bytes of one message: how many, and whether they are its last.
func (t *Talk) scan(s Sink, l *line, b []byte) (n int, done bool) {
	switch l.state {
	case inHTTPHead:
		n, blank := l.scanLines(b)
		switch {
		case blank:
			return n, t.endHead(s, l, b[:n])
		case l.pos+int64(n)-l.start > maxHTTPHead:
			t.lose(l)
		}
		return n, false
	case inTrailer:
		return l.scanLines(b)
	case untilClose:
		return len(b), false
	case inChunkSize:
		return t.scanChunkSize(l, b), false
	case inDNSLength:
		return t.scanDNSLength(l, b), false
	case inTLSHead:
		n := t.scanTLSHead(l, b)
		return n, l.state == inTLS && l.left == 0
	case inMQTTHead:
		n := t.scanMQTTHead(l, b)
		return n, l.state == inMQTT && l.left == 0
	case inWebSocketHead:
		n := t.scanWebSocketHead(s, l, b)
		return n, l.state == inWebSocket && l.left == 0
	}
	n = int(min(l.left, int64(len(b))))
	l.left -= int64(n)
	if l.left > 0 {
		return n, false
	}
	switch l.state {
	case inChunk:
		l.state, l.left = inChunkEnd, 2
		return n, false
	case inChunkEnd:
		l.state, l.size = inChunkSize, 0
		return n, false
	}
	return n, true // the last byte of a body of known length
}

// scanLines reads lines up to the empty one that ends them.
func (l *line) scanLines(b []byte) (n int, blank bool) {
	for n < len(b) {
		i := bytes.IndexByte(b[n:], '\n')
		if i < 0 {
			l.size += len(b) - n
			return len(b), false
		}
		// The line's length so far; a lone carriage return counts as empty.
		size := l.size + i
		if size == 0 || size == 1 && (i == 0 || b[n] == '\r') {
			l.size = 0
			return n + i + 1, true
		}
		l.size = 0
		n += i + 1
	}
	return n, false
}

// scanChunkSize reads the line "1a2b[;extension]" of RFC 9112 sec. 7.1.
func (t *Talk) scanChunkSize(l *line, b []byte) int {
	for i, ch := range b {
		switch digit := hexDigit(ch); {
		case ch == '\n':
			l.state = inChunk
			if l.left == 0 {
				l.state = inTrailer
			}
			l.size = 0
			return i + 1
		case digit < 0:
			l.size = -1 // no more digits in this line
		case l.size >= 0:
			if l.left = l.left<<4 | int64(digit); l.left > 1<<40 {
				t.lose(l)
				return i
			}
			l.size++
		}
	}
	return len(b)
}

// hexDigit is the digit's value; less than 0: it is none.
func hexDigit(c byte) int {
	if c >= 'A' && c <= 'F' {
		c |= 0x20
	}
	return strings.IndexByte("0123456789abcdef", c)
}

// scanDNSLength reads the two bytes that go before a DNS message in TCP
// (RFC 1035 sec. 4.2.2). line counts them, left takes their value.
func (t *Talk) scanDNSLength(l *line, b []byte) int {
	for i, ch := range b {
		l.left = l.left<<8 | int64(ch)
		if l.size == 1 {
			l.state, l.sized = inDNS, l.frame
			if l.left < minDNS {
				t.lose(l)
			}
			return i + 1
		}
		l.size = 1
	}
	return len(b)
}

// tlsHead is the size of a record's header: type, version, length (RFC 8446
// sec. 5.1).
const tlsHead = 5

// scanTLSHead reads a TLS record's header. line counts its bytes, left takes
// the last two.
func (t *Talk) scanTLSHead(l *line, b []byte) int {
	for i, ch := range b {
		l.left = l.left<<8&0xffff | int64(ch)
		if l.size == 0 {
			l.kind = ch
		}
		if l.size++; l.size == tlsHead {
			l.state, l.sized = inTLS, l.frame
			return i + 1
		}
	}
	return len(b)
}

// startsTLS says whether bytes begin a TLS record; cut allows for bytes that
// end before its header does.
func startsTLS(b []byte, cut bool) bool {
	if len(b) < tlsHead {
		return cut && b[0] >= contentChangeCipher && b[0] <= contentHeartbeat && (len(b) == 1 || b[1] == 3)
	}
	_, ok := layers.TLSRecordLen(b)
	return ok
}
