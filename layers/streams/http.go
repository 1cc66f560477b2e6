package streams

import (
	"bytes"
	"strconv"
	"strings"

	"strata/layers"
)

// httpHead is what decides how an HTTP message goes on.
type httpHead struct {
	head    bool  // it asks with HEAD
	connect bool  // or with CONNECT
	status  int   // 0: a request
	length  int64 // -1: not said
	chunked bool
	noBody  bool
	coding  string // Content-Encoding, in lower case
	text    bool   // its type is text/plain, as that of Engine.IO's packets is
}

// request is what a request tells of its response.
type request struct {
	head bool // the response has no body
	asks layers.UpgradeRequest
}

// maxRequests bounds the requests that wait for their responses.
const maxRequests = 256

// endHead reads the head that ends with b, and decides how the body goes on;
// true: there is none.
func (t *Talk) endHead(s Sink, l *line, b []byte) bool {
	head := b
	if l.start < l.pos {
		head = s.Read(t.level, l.side, nil, l.start, l.pos)
		head = append(head, b...)
	}
	h := parseHead(head)
	if m := l.open(); m != nil {
		m.Wraps = h.coding != "" || h.text && h.engine(head, l.above)
	}
	if h.status == 0 {
		t.ask(&h, head)
	} else {
		t.answer(&h)
		switch {
		case h.status == 101:
			t.change(l, head)
			return true
		case t.tunnel && h.status/100 == 2:
			// What follows in both directions is another protocol.
			t.lines[0].state, t.lines[1].state = opaque, opaque
			return true
		}
	}
	switch {
	case h.noBody:
		return true
	case h.chunked:
		l.state, l.size, l.left = inChunkSize, 0, 0
	case h.length > 0:
		l.state, l.left, l.sized = inHTTPBody, h.length, l.frame
	case h.length == 0:
		return true
	default:
		l.state = untilClose
	}
	return false
}

// engine says whether a message is one of Engine.IO's, which asks for it in the
// request; a is what the stream carries where it begins.
func (h *httpHead) engine(head []byte, a layers.Above) bool {
	if h.status == 0 {
		return layers.HTTPUpgradeRequest(head).EngineIO != 0
	}
	return a.Carries == layers.EngineIO
}

// ask notes what a request tells of its response.
func (t *Talk) ask(h *httpHead, head []byte) {
	h.noBody = !h.chunked && h.length <= 0
	if len(t.requests) < maxRequests {
		t.requests = append(t.requests, request{h.head, layers.HTTPUpgradeRequest(head)})
	}
	t.tunnel = h.connect
}

// answer pairs a response with its request: RFC 9112 sec. 6.3 makes the body
// depend on both.
func (t *Talk) answer(h *httpHead) {
	h.noBody = h.status/100 == 1 || h.status == 204 || h.status == 304
	if h.status/100 == 1 || len(t.requests) == 0 {
		return
	}
	h.noBody = h.noBody || t.requests[0].head
	t.requests = t.requests[1:]
}

// aboveHTTP is what a line carries where an HTTP message begins: of a response,
// what its request asked for.
func (t *Talk) aboveHTTP(l *line, b []byte) layers.Above {
	a := layers.Above{Proto: l.above.Proto, Server: l.above.Server}
	if bytes.HasPrefix(b, []byte("HTTP/")) && len(t.requests) > 0 && t.requests[0].asks.EngineIO != 0 {
		a.Carries = layers.EngineIO
	}
	return a
}

// change makes the connection what a 101 response says: both sides go on with
// WebSocket, or with something unknown.
func (t *Talk) change(l *line, head []byte) {
	other := &t.lines[1-l.side]
	var asks layers.UpgradeRequest
	if len(t.requests) > 0 {
		asks = t.requests[0].asks
	}
	agreed, ok := asks.Agreed(head)
	if !ok {
		l.state, other.state = opaque, opaque
		return
	}
	l.above, other.above = agreed.Above(true), agreed.Above(false)
	l.frames = &frames{inflater: layers.Inflater{NoContext: agreed.Deflate.ServerNoContext}}
	other.frames = &frames{inflater: layers.Inflater{NoContext: agreed.Deflate.ClientNoContext}}
	if agreed.Carries == layers.MQTT { // MQTT 5.0 section 6: a stream, whose packets need not keep to messages
		t.within()
		for i := range t.inside.lines {
			t.inside.lines[i].above = layers.Above{Proto: layers.MQTT, Server: i == l.side}
		}
	}
}

// parseHead reads a head. Most are read once for each message of a capture: so
// it makes no strings of what it looks at.
func parseHead(b []byte) httpHead {
	h := httpHead{length: -1}
	first, rest, _ := bytes.Cut(b, []byte("\n"))
	word, after, _ := bytes.Cut(first, []byte(" "))
	if bytes.HasPrefix(word, []byte("HTTP/")) {
		h.status = max(1, number(bytes.TrimSpace(after[:min(len(after), 3)])))
	} else {
		h.head, h.connect = string(word) == "HEAD", string(word) == "CONNECT"
	}
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		name, value, _ := bytes.Cut(line, []byte(":"))
		is := func(want string) bool { return len(name) == len(want) && strings.EqualFold(string(name), want) }
		value = bytes.TrimSpace(value)
		switch {
		case is("content-length"):
			if n, err := strconv.ParseInt(string(value), 10, 64); err == nil && n >= 0 {
				h.length = n
			}
		case is("transfer-encoding"):
			n := len(value) - len("chunked")
			h.chunked = n >= 0 && strings.EqualFold(string(value[n:]), "chunked")
		case is("content-encoding"):
			h.coding = strings.ToLower(string(value))
		case is("content-type"):
			kind, _, _ := bytes.Cut(value, []byte(";"))
			h.text = strings.EqualFold(string(bytes.TrimSpace(kind)), "text/plain")
		}
	}
	return h
}

// number reads a number of a few digits; 0: it is none.
func number(b []byte) (n int) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

var httpWords = []string{
	"HTTP/1.", "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ",
}

// startsHTTP says whether bytes begin an HTTP message; cut allows for bytes
// that end before its first word does. Words of other methods and versions are
// told from what else begins so by the port.
func (t *Talk) startsHTTP(b []byte, cut bool) bool {
	if t.web && (layers.HTTPMethod(b) || bytes.HasPrefix(b, []byte("HTTP/"))) {
		return true
	}
	for _, w := range httpWords {
		if n := min(len(b), len(w)); string(b[:n]) == w[:n] && (n == len(w) || cut) {
			return true
		}
	}
	return false
}
