package capture

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"strata/layers"
)

// framer finds where messages begin and end in a stream, from its bytes in
// order. It keeps no bytes: what it needs again is read from the file again.
type framer struct {
	state framing
	left  int64  // bytes that are left of a body, chunk or length prefix
	line  int    // bytes in the header or chunk line so far
	pos   int64  // offset of the next byte
	start int64  // offset of the message at hand
	sized uint32 // the frame in which the length of the message at hand became known
	tally int    // messages that began in the frame at hand
	news  bool   // some began or ended in it
	chars text
}

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
	opaque // the stream has become something else
)

const (
	maxHTTPHead = 1 << 16
	minDNS      = 12
	portDNS     = 53

	// maxTally bounds the messages that one frame is said to begin, and those
	// that it ends. The rest is only skipped.
	maxTally = 32
)

// connection is what the two framers of a connection know together.
type connection struct {
	isHead []bool // of the requests without a response yet: was it HEAD
	tunnel bool   // CONNECT was asked for
	tls    *secured
}

// maxRequests bounds the requests that wait for their responses.
const maxRequests = 256

// lose says that the stream cannot be followed here: bytes are missing, or
// are no message. The open message will never be whole.
func (x *index) lose(a *assembly) {
	if a.state != opaque {
		a.state = outOfStep
	}
	if m := a.open(); m != nil {
		m.last, m.lost = x.frame, true
	}
}

// miss says that n bytes of the stream are missing. A body of known length
// can be followed across the gap, though its message will never be whole.
func (x *index) miss(a *assembly, n int64) {
	switch m := a.open(); {
	case m == nil:
		x.lose(a)
	case a.state == untilClose:
		m.lost = true
	case n < a.left && (a.state == inHTTPBody || a.state == inChunk || a.state == inDNS || a.state == inTLS):
		m.lost = true
		a.left -= n
	default:
		x.lose(a)
	}
	a.pos += n
}

// open is the message that has begun and not ended.
func (a *assembly) open() *message {
	if m := a.messages.Last(); m != nil && m.last == notYet {
		return m
	}
	return nil
}

// feed takes the next bytes of the stream, which begin where a segment does.
func (x *index) feed(a *assembly, c *connection, b []byte) {
	if a.state == outOfStep && (startsHTTP(b) || startsTLS(b)) {
		a.state = betweenMessages
	}
	for len(b) > 0 && a.state != opaque && a.state != outOfStep {
		if a.state == betweenMessages && !x.begin(a, b) {
			break
		}
		n, done := x.scan(a, c, b)
		if m := a.open(); m != nil {
			a.chars.feed(b[:n])
			m.end = a.pos + int64(n)
		}
		a.pos += int64(n)
		b = b[n:]
		if done {
			x.complete(a)
		}
	}
	a.pos += int64(len(b))
}

// begin opens a message if one begins here.
func (x *index) begin(a *assembly, b []byte) bool {
	f := x.table.At(a.flow)
	m := message{start: a.pos, end: a.pos, first: x.frame, last: notYet}
	switch {
	case f.PortA == portDNS || f.PortB == portDNS:
		a.state, a.left, a.line, m.proto = inDNSLength, 0, 0, layers.DNS
	case startsHTTP(b):
		a.state, a.line, m.proto = inHTTPHead, 0, layers.HTTP
	case startsTLS(b):
		a.state, a.left, a.line, m.proto = inTLSHead, 0, 0, layers.TLS
	default:
		a.state = outOfStep
		return false
	}
	a.chars, a.start, a.sized = text{}, a.pos, notYet
	a.news = true
	a.tally++
	if a.tally <= maxTally {
		a.messages.Append(m, &a.lists.messages)
	}
	return true
}

// complete closes the open message, whose last byte was just seen.
func (x *index) complete(a *assembly) {
	if m := a.open(); m != nil {
		a.news = true
		m.last = x.frame
		m.end = a.pos
		if m.proto == layers.TLS && !m.lost {
			x.record(a, m)
		}
		m.sized = a.sized < x.frame
		m.text = m.proto == layers.HTTP && a.chars.whole()
		if m.first == x.frame {
			m.startsText = m.text
		}
	}
	if a.state != opaque {
		a.state = betweenMessages
	}
}

// scan reads bytes of one message: how many, and whether they are its last.
func (x *index) scan(a *assembly, c *connection, b []byte) (n int, done bool) {
	switch a.state {
	case inHTTPHead:
		n, blank := a.scanLines(b)
		switch {
		case blank:
			return n, x.endHead(a, c, b[:n])
		case a.pos+int64(n)-a.start > maxHTTPHead:
			x.lose(a)
		}
		return n, false
	case inTrailer:
		return a.scanLines(b)
	case untilClose:
		return len(b), false
	case inChunkSize:
		return x.scanChunkSize(a, b), false
	case inDNSLength:
		return x.scanDNSLength(a, b), false
	case inTLSHead:
		n := x.scanTLSHead(a, b)
		return n, a.state == inTLS && a.left == 0
	}
	n = int(min(a.left, int64(len(b))))
	a.left -= int64(n)
	if a.left > 0 {
		return n, false
	}
	switch a.state {
	case inChunk:
		a.state, a.left = inChunkEnd, 2
		return n, false
	case inChunkEnd:
		a.state, a.line = inChunkSize, 0
		return n, false
	}
	return n, true // inHTTPBody, inDNS, inTLS
}

// scanLines reads lines up to the empty one that ends them.
func (a *assembly) scanLines(b []byte) (n int, blank bool) {
	for n < len(b) {
		i := bytes.IndexByte(b[n:], '\n')
		if i < 0 {
			a.line += len(b) - n
			return len(b), false
		}
		// The line's length so far; a lone carriage return counts as empty.
		size := a.line + i
		if size == 0 || size == 1 && (i == 0 || b[n] == '\r') {
			a.line = 0
			return n + i + 1, true
		}
		a.line = 0
		n += i + 1
	}
	return n, false
}

// endHead reads the head that ends with b, and decides how the body goes on;
// true: there is none.
func (x *index) endHead(a *assembly, c *connection, b []byte) bool {
	head := b
	if a.start < a.pos {
		head = a.append(nil, a.start, a.pos, x.readPiece)
		head = append(head, b...)
	}
	h := parseHead(head)
	if h.status == 0 {
		h.noBody = !h.chunked && h.length <= 0
		if len(c.isHead) < maxRequests {
			c.isHead = append(c.isHead, h.method == "HEAD")
		}
		c.tunnel = h.method == "CONNECT"
	} else {
		c.answer(&h)
		if h.status == 101 || c.tunnel && h.status/100 == 2 {
			// What follows in both directions is another protocol.
			for _, side := range x.conns.take(int(x.ways.at(int(a.flow)).conn - 1)).sides {
				if side.asm == 0 {
					continue
				}
				if other := x.asms.take(int(side.asm - 1)); other.live != nil {
					other.state = opaque
				}
			}
			return true
		}
	}
	switch {
	case h.noBody:
		return true
	case h.chunked:
		a.state, a.line, a.left = inChunkSize, 0, 0
	case h.length > 0:
		a.state, a.left, a.sized = inHTTPBody, h.length, x.frame
	case h.length == 0:
		return true
	default:
		a.state = untilClose
	}
	return false
}

// answer pairs a response with its request: RFC 9112 sec. 6.3 makes the body
// depend on both.
func (c *connection) answer(h *httpHead) {
	h.noBody = h.status/100 == 1 || h.status == 204 || h.status == 304
	if h.status/100 == 1 || len(c.isHead) == 0 {
		return
	}
	h.noBody = h.noBody || c.isHead[0]
	c.isHead = c.isHead[1:]
}

// scanChunkSize reads the line "1a2b[;extension]" of RFC 9112 sec. 7.1.
func (x *index) scanChunkSize(a *assembly, b []byte) int {
	for i, ch := range b {
		switch digit := hexDigit(ch); {
		case ch == '\n':
			a.state = inChunk
			if a.left == 0 {
				a.state = inTrailer
			}
			a.line = 0
			return i + 1
		case digit < 0:
			a.line = -1 // no more digits in this line
		case a.line >= 0:
			if a.left = a.left<<4 | int64(digit); a.left > 1<<40 {
				x.lose(a)
				return i
			}
			a.line++
		}
	}
	return len(b)
}

func hexDigit(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }

// scanDNSLength reads the two bytes that go before a DNS message in TCP
// (RFC 1035 sec. 4.2.2). line counts them, left takes their value.
func (x *index) scanDNSLength(a *assembly, b []byte) int {
	for i, ch := range b {
		a.left = a.left<<8 | int64(ch)
		if a.line == 1 {
			a.state, a.sized = inDNS, x.frame
			if a.left < minDNS {
				x.lose(a)
			}
			return i + 1
		}
		a.line = 1
	}
	return len(b)
}

// tlsHead is the size of a record's header: type, version, length (RFC 8446
// sec. 5.1).
const tlsHead = 5

// scanTLSHead reads a TLS record's header. line counts its bytes, left takes
// the last two.
func (x *index) scanTLSHead(a *assembly, b []byte) int {
	for i, ch := range b {
		a.left = a.left<<8&0xffff | int64(ch)
		if a.line++; a.line == tlsHead {
			a.state, a.sized = inTLS, x.frame
			return i + 1
		}
	}
	return len(b)
}

// startsTLS says whether bytes begin a TLS record, whose header may be cut.
func startsTLS(b []byte) bool {
	if len(b) < tlsHead {
		return false
	}
	_, ok := layers.TLSRecordLen(b)
	return ok
}

// httpHead is what decides the length of an HTTP message.
type httpHead struct {
	method  string
	status  int   // 0: a request
	length  int64 // -1: not said
	chunked bool
	noBody  bool
}

func parseHead(b []byte) httpHead {
	h := httpHead{length: -1}
	first, rest, _ := bytes.Cut(b, []byte("\n"))
	word, after, _ := strings.Cut(string(first), " ")
	if strings.HasPrefix(word, "HTTP/") {
		h.status, _ = strconv.Atoi(strings.TrimSpace(after[:min(len(after), 3)]))
		h.status = max(h.status, 1)
	} else {
		h.method = word
	}
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		name, value, _ := bytes.Cut(line, []byte(":"))
		v := strings.TrimSpace(string(value))
		switch strings.ToLower(string(name)) {
		case "content-length":
			if n, err := strconv.ParseInt(v, 10, 64); err == nil && n >= 0 {
				h.length = n
			}
		case "transfer-encoding":
			h.chunked = strings.HasSuffix(strings.ToLower(v), "chunked")
		}
	}
	return h
}

var httpWords = []string{
	"HTTP/1.", "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ",
}

// startsHTTP says whether bytes begin an HTTP message.
func startsHTTP(b []byte) bool {
	for _, w := range httpWords {
		if len(b) >= len(w) && string(b[:len(w)]) == w {
			return true
		}
	}
	return false
}

// text tells whether bytes that come in pieces are UTF-8 text.
type text struct {
	bad  bool
	rest [utf8.UTFMax]byte // the beginning of a character
	n    int
}

func (t *text) feed(b []byte) {
	for t.n > 0 && len(b) > 0 && !t.bad {
		t.rest[t.n] = b[0]
		t.n++
		b = b[1:]
		if utf8.FullRune(t.rest[:t.n]) {
			t.bad = !utf8.Valid(t.rest[:t.n])
			t.n = 0
		}
	}
	if t.bad || len(b) == 0 {
		return
	}
	cut := len(b)
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				cut = len(b) - i
			}
			break
		}
	}
	t.n = copy(t.rest[:], b[cut:])
	t.bad = !utf8.Valid(b[:cut]) || bytes.IndexByte(b, 0) >= 0
}

// whole says that all bytes so far are text, and no character is cut off.
func (t *text) whole() bool { return !t.bad && t.n == 0 }

// isText says whether a datagram's payload is text.
func isText(b []byte) bool {
	return len(b) > 0 && bytes.IndexByte(b, 0) < 0 && utf8.Valid(b)
}
