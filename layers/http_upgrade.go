package layers

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"iter"
	"strconv"
	"strings"
)

// UpgradeRequest is what the head of an HTTP request says about what comes
// after it on its connection. It is small and can be compared.
type UpgradeRequest struct {
	WebSocket bool            // it asks for a change to WebSocket (RFC 6455 section 4.1)
	Accept    WebSocketAccept // what the answer must have in Sec-WebSocket-Accept; zero: the request has no key
	EngineIO  uint8           // the version of Engine.IO in its target (EIO=4); 0: it has none
}

// WebSocketAccept is the proof that a server understood the request for a
// WebSocket, as it stands in Sec-WebSocket-Accept.
type WebSocketAccept [28]byte

// webSocketGUID is mixed with the client's key (RFC 6455 section 1.3).
const webSocketGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// WebSocketAcceptFor is the answer to a request's Sec-WebSocket-Key.
func WebSocketAcceptFor(key []byte) (a WebSocketAccept) {
	var buf [64]byte
	sum := sha1.Sum(append(append(buf[:0], key...), webSocketGUID...))
	base64.StdEncoding.Encode(a[:], sum[:])
	return a
}

// Upgrade is what a request and the answer to it agree on.
type Upgrade struct {
	Deflate   Deflate // how messages may be compressed
	Carries   Proto   // what the messages are, by the subprotocol or the target: EngineIO, MQTT; None: not known
	AcceptBad bool    // Sec-WebSocket-Accept does not answer the request's key: a client must close the connection (RFC 6455 section 4.1)
}

// HTTPUpgradeRequest reads the head of a request, up to its empty line.
func HTTPUpgradeRequest(head []byte) (r UpgradeRequest) {
	line, fields, _ := bytes.Cut(head, []byte("\n"))
	r.EngineIO = engineVersion(line)
	if !hasToken(fields, "upgrade", "websocket") || !hasToken(fields, "connection", "upgrade") {
		return r
	}
	r.WebSocket = true
	if key := headerValue(fields, "sec-websocket-key"); key != nil {
		r.Accept = WebSocketAcceptFor(key)
	}
	return r
}

// Agreed reads the head of the answer. It is not ok unless the connection goes
// on as WebSocket. The zero request is one that nobody has seen.
func (r UpgradeRequest) Agreed(head []byte) (u Upgrade, ok bool) {
	line, fields, _ := bytes.Cut(head, []byte("\n"))
	_, code, _ := bytes.Cut(line, []byte(" "))
	if !bytes.HasPrefix(line, []byte("HTTP/1.")) || !bytes.HasPrefix(code, []byte("101")) || !hasToken(fields, "upgrade", "websocket") {
		return u, false
	}
	u.AcceptBad = r.Accept != WebSocketAccept{} && !bytes.Equal(headerValue(fields, "sec-websocket-accept"), r.Accept[:])
	if r.EngineIO != 0 {
		u.Carries = EngineIO
	}
	// "mqttv3.1" is what clients of MQTT 3.1 ask for.
	if p := headerValue(fields, "sec-websocket-protocol"); bytes.Equal(p, []byte("mqtt")) || bytes.Equal(p, []byte("mqttv3.1")) {
		u.Carries = MQTT
	}
	for value := range headerValues(fields, "sec-websocket-extensions") {
		for name, parameters := range Extensions(string(value)) {
			if name == "permessage-deflate" {
				u.Deflate, _ = ParseDeflate(parameters)
				u.Deflate.On = true // as far as it can be understood
			}
		}
	}
	return u, true
}

// Above is what the stream of one side carries after an upgrade.
func (u Upgrade) Above(server bool) Above {
	return Above{Proto: WebSocket, Server: server, Carries: u.Carries, Deflate: u.Deflate.On}
}

// upgraded says whether a message is an answer after which its sender goes on
// with WebSocket's frames. What they carry may be known from the request.
func (d *dissector) upgraded(message []byte) bool {
	u, ok := UpgradeRequest{}.Agreed(message)
	if !ok {
		return false
	}
	if u.Carries == None {
		u.Carries = d.above.Carries
	}
	d.above = u.Above(true)
	return true
}

// engineVersion is the version of Engine.IO that a request line's query names
// beside a transport; 0: none.
func engineVersion(line []byte) (version uint8) {
	_, query, _ := bytes.Cut(line, []byte("?"))
	query, _, _ = bytes.Cut(query, []byte(" "))
	transport := false
	for p := range bytes.SplitSeq(query, []byte("&")) {
		switch name, value, _ := bytes.Cut(p, []byte("=")); {
		case string(name) == "transport":
			transport = string(value) == "polling" || string(value) == "websocket"
		case string(name) == "EIO" && len(value) == 1 && value[0] >= '1' && value[0] <= '9':
			version = value[0] - '0'
		}
	}
	if !transport {
		return 0
	}
	return version
}

// headerValues gives the values of the header lines of a name, in lower case,
// without the spaces around them.
func headerValues(fields []byte, name string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for line := range bytes.SplitSeq(fields, []byte("\n")) {
			n, value, ok := bytes.Cut(line, []byte(":"))
			if ok && strings.EqualFold(string(n), name) && !yield(bytes.TrimSpace(value)) {
				return
			}
		}
	}
}

// headerValue is the first of them; nil: there is none.
func headerValue(fields []byte, name string) []byte {
	for value := range headerValues(fields, name) {
		return value
	}
	return nil
}

// hasToken says whether a header is a list with a token, in lower case, in it.
func hasToken(fields []byte, name, token string) bool {
	for value := range headerValues(fields, name) {
		for item := range bytes.SplitSeq(value, []byte(",")) {
			if strings.EqualFold(string(bytes.TrimSpace(item)), token) {
				return true
			}
		}
	}
	return false
}

// Deflate is how permessage-deflate compresses a connection's messages (RFC
// 7692 section 7.1), as one side offers it or as both have agreed.
type Deflate struct {
	On               bool  // it is offered, or agreed on
	ServerNoContext  bool  // the server begins each message without what it remembers of those before
	ClientNoContext  bool  // so does the client
	ServerWindowBits uint8 // the server remembers at most 1<<8 to 1<<15 bytes; 0: it was not told, which is 15
	ClientWindowBits uint8 // so does the client; 0: 15; in an offer AnyWindow: as the server wants
}

// AnyWindow is the window of a client that offers to take any.
const AnyWindow = 255

// ParseDeflate reads the parameters of permessage-deflate. It is not ok when
// one of them is unknown, comes twice, or has no proper value: such an offer
// must be declined, and such an agreement ends the connection.
func ParseDeflate(parameters string) (d Deflate, ok bool) {
	d.On = true
	if strings.TrimSpace(parameters) == "" {
		return d, true
	}
	seen := map[string]bool{}
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, valued := strings.Cut(p, "=")
		if name = strings.ToLower(strings.TrimSpace(name)); seen[name] {
			return Deflate{}, false
		}
		seen[name] = true
		bits := windowBits(value)
		switch {
		case name == "server_no_context_takeover" && !valued:
			d.ServerNoContext = true
		case name == "client_no_context_takeover" && !valued:
			d.ClientNoContext = true
		case name == "server_max_window_bits" && bits > 0:
			d.ServerWindowBits = bits
		case name == "client_max_window_bits" && bits > 0:
			d.ClientWindowBits = bits
		case name == "client_max_window_bits" && !valued:
			d.ClientWindowBits = AnyWindow
		default:
			return Deflate{}, false
		}
	}
	return d, true
}

// windowBits reads a number from 8 to 15, without a leading zero, maybe in
// quotes (RFC 7692 section 7.1.2); 0: it is none.
func windowBits(value string) uint8 {
	value = strings.TrimSpace(value)
	if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
		value = value[1 : n-1]
	}
	n, err := strconv.ParseUint(value, 10, 8)
	if err != nil || n < 8 || n > 15 || value[0] == '0' {
		return 0
	}
	return uint8(n)
}

// Extensions splits the value of Sec-WebSocket-Extensions: each extension's
// name, in lower case, and its parameters (RFC 6455 section 9.1).
func Extensions(value string) iter.Seq2[string, string] {
	return func(yield func(name, parameters string) bool) {
		for value != "" {
			n, quoted := 0, false
			for ; n < len(value) && (quoted || value[n] != ','); n++ {
				quoted = quoted != (value[n] == '"')
			}
			name, parameters, _ := strings.Cut(value[:n], ";")
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !yield(name, parameters) {
				return
			}
			value = value[min(n+1, len(value)):]
		}
	}
}
