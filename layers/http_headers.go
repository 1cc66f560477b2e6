package layers

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
)

// httpHeaders are the headers that have a field of their own, by their names
// in lower case.
var httpHeaders = headerFields(
	"host", "The server's name, for many servers share one address.", "RFC 9110 sec. 7.2",
	"user-agent", "The program that asks.", "RFC 9110 sec. 10.1.5",
	"accept", "Which kinds of content are welcome.", "RFC 9110 sec. 12.5.1",
	"accept-language", "Which languages are welcome.", "RFC 9110 sec. 12.5.4",
	"accept-encoding", "Which compressions are welcome.", "RFC 9110 sec. 12.5.3",
	"referer", "The page that led here.", "RFC 9110 sec. 10.1.3",
	"cookie", "What the server asked the client to remember.", "RFC 6265 sec. 4.2",
	"authorization", "Who the client says it is.", "RFC 9110 sec. 11.6.2",
	"proxy-authorization", "Who the client says it is, to a proxy.", "RFC 9110 sec. 11.7.2",
	"http2-settings", "Settings for a change to HTTP/2.", "RFC 7540 sec. 3.2.1",
	"x-forwarded-for", "Whom a proxy asks for.", "RFC 7239 sec. 7.4",
	"connection", "Whether the connection stays open afterwards.", "RFC 9110 sec. 7.6.1",
	"upgrade", "Another protocol that the connection should go on with.", "RFC 9110 sec. 7.8",
	"cache-control", "Who may keep a copy, and for how long.", "RFC 9111 sec. 5.2",
	"date", "When the message was made.", "RFC 9110 sec. 6.6.1",
	"server", "The program that answers.", "RFC 9110 sec. 10.2.4",
	"location", "Where to look instead.", "RFC 9110 sec. 10.2.2",
	"set-cookie", "What the client should remember, and send back.", "RFC 6265 sec. 4.1",
	"last-modified", "When the content last changed.", "RFC 9110 sec. 8.8.2",
	"www-authenticate", "How the client may say who it is.", "RFC 9110 sec. 11.6.1",
	"proxy-authenticate", "How the client may say who it is, to a proxy.", "RFC 9110 sec. 11.7.1",
	"content-type", "What kind of content the body is.", "RFC 9110 sec. 8.3",
	"content-length", "How many bytes the body has: this is how its end is found.", "RFC 9110 sec. 8.6",
	"content-encoding", "How the body is compressed.", "RFC 9110 sec. 8.4",
	"transfer-encoding", "How the body is cut up: chunked has each piece's size before it.", "RFC 9112 sec. 6.1",
	"sec-websocket-accept", "Proves that the server understood the request for a WebSocket.", "RFC 6455 sec. 11.3.3",
	"sec-websocket-extensions", "Extensions of the WebSocket.", "RFC 6455 sec. 11.3.2",
	"sec-websocket-key", "A random value that the server must answer to.", "RFC 6455 sec. 11.3.1",
	"sec-websocket-protocol", "The protocol that runs inside the WebSocket.", "RFC 6455 sec. 11.3.4",
	"sec-websocket-version", "The version of WebSocket: 13.", "RFC 6455 sec. 11.3.5",
)

// headerFields makes rows of triples: name, help, RFC section.
func headerFields(triples ...string) map[string]*Field {
	fields := make(map[string]*Field, len(triples)/3)
	for i := 0; i < len(triples); i += 3 {
		name := triples[i]
		f := row(HTTP, Field{Name: "http." + strings.ReplaceAll(name, "-", "_"), Label: name, Type: TypeString, Help: triples[i+1], RFC: triples[i+2]})
		fields[name] = f
	}
	// Wireshark gives this name's plain form to the number.
	fields["content-length"].Name = "http.content_length_header"
	return fields
}

// httpTokens are the bytes that a header's name may have, to Wireshark.
const httpTokens = "!#$%&\\*+-.^_`|~" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// header reads one header line.
func (m *httpMessage) header(text, whole, colon int) {
	line := m.data[m.pos : m.pos+text]
	other := m.node(m.line, m.pos, whole)
	other.Show = Printable(string(line))
	if name := bytes.TrimLeft(line[:colon], httpTokens); colon == 0 || len(name) > 0 {
		m.expert(Warning, "http.bad_header_name", "The line has no proper header name before its colon.", m.pos, whole)
		m.add(other)
		m.span = m.from(whole)
		return
	}
	name := strings.ToLower(string(line[:colon]))
	value := strings.TrimLeft(string(line[colon+1:]), " \t")
	f := httpHeaders[name]
	if f != nil {
		n := m.node(f, m.pos, whole)
		n.Show = Printable(value)
		m.meaning(&n, name, value, m.pos+text-len(value))
		m.add(n)
		other.Hidden = true
	}
	if f == nil || m.line != httpBadLine {
		m.add(other)
	}
	m.span = m.from(whole)
}

// meaning takes from a header what decides how to go on, and its parts. Its
// value begins at a place.
func (m *httpMessage) meaning(n *Node, name, value string, at int) {
	switch name {
	case "content-length":
		m.length = -1
		first, _, _ := strings.Cut(strings.Map(spaces, value), " ")
		v, err := strconv.ParseInt(first, 10, 64)
		if err != nil || v < 0 {
			return
		}
		m.length = v
		c := m.told(httpLength, n.Pos, n.Len, first)
		c.Uint = uint64(v)
		n.Children = append(n.Children, c)
	case "transfer-encoding":
		m.transfer = true
		for coding := range strings.SplitSeq(value, ",") {
			coding = strings.TrimLeft(coding, " \t")
			if strings.HasPrefix(coding, "chunked") {
				m.chunked = true
			}
			for _, packed := range []string{"compress", "deflate", "gzip", "x-compress", "x-gzip"} {
				m.compressed = m.compressed || strings.HasPrefix(coding, packed)
			}
		}
	case "content-type":
		m.typed = true
	case "content-encoding":
		m.encoding = strings.ToLower(value)
	case "cookie":
		m.cookies(n, value, at)
	case "authorization", "proxy-authorization":
		m.authorization(n, value, at)
	case "http2-settings":
		m.settings(n, value)
	}
}

// spaces makes all kinds of white space the same.
func spaces(r rune) rune {
	if r >= '\t' && r <= '\r' {
		return ' '
	}
	return r
}

func (m *httpMessage) cookies(n *Node, value string, at int) {
	for value != "" && m.within() {
		rest := strings.TrimLeft(value, "; \t\v\f")
		at += len(value) - len(rest)
		size := strings.IndexByte(rest, ';')
		if size < 0 {
			size = len(rest)
		}
		if size > 0 {
			n.Children = append(n.Children, m.node(httpCookie, at, size))
		}
		value, at = rest[size:], at+size
	}
}

// authorization reads who the client says it is.
func (m *httpMessage) authorization(n *Node, value string, at int) {
	switch {
	case strings.HasPrefix(value, "Basic "):
		text := strings.TrimSpace(value[6:])
		if plain, err := base64.StdEncoding.DecodeString(text); err == nil {
			text = string(plain)
		}
		n.Children = append(n.Children, m.told(httpBasic, n.Pos, 0, Printable(text)))
	case strings.HasPrefix(value, "CitrixAGBasic "):
		// Wireshark's place: as if the header were "Authorization: ".
		m.citrix(n, value[14:], n.Pos+29)
	case strings.HasPrefix(value, "Digest"):
		m.digest(n, len(value)-21, n.Pos+21)
	}
}

// digest lists the parameters that have a comma after them, where Wireshark
// looks for them.
func (m *httpMessage) digest(n *Node, left, at int) {
	for left > 0 && m.within() {
		end := min(at+left, m.end)
		size := bytes.IndexByte(m.data[min(at, end):end], ',')
		if size < 0 {
			return
		}
		if size > 0 {
			n.Children = append(n.Children, m.node(httpDigest, at, size))
		}
		left, at = left-size, at+size+1
	}
}

var citrixRows = []struct {
	begin string
	field *Field
}{
	{`username="`, row(HTTP, Field{Name: "http.authcitrix.user", Label: "user", Type: TypeString, Help: "A name for a Citrix gateway."})},
	{`; domain="`, row(HTTP, Field{Name: "http.authcitrix.domain", Label: "domain", Type: TypeString, Help: "The user's domain."})},
	{`; password="`, row(HTTP, Field{Name: "http.authcitrix.password", Label: "password", Type: TypeString, Help: "The user's password; who listens can read it."})},
	{`; AGESessionId="`, row(HTTP, Field{Name: "http.authcitrix.session", Label: "session", Type: TypeString, Help: "The session at the gateway."})},
}

func (m *httpMessage) citrix(n *Node, value string, at int) {
	for _, r := range citrixRows {
		rest, ok := strings.CutPrefix(value, r.begin)
		size := strings.IndexByte(rest, '"')
		if !ok || size < 0 {
			continue
		}
		at += len(r.begin)
		if size > 0 && at+size <= m.end {
			c := m.node(r.field, at, size)
			if plain, err := base64.StdEncoding.DecodeString(rest[:size]); err == nil {
				c.Show = Printable(string(plain))
			}
			n.Children = append(n.Children, c)
		}
		value, at = rest[size+1:], at+size+1
	}
}

const rfcH2 = "RFC 9113 sec. 6.5.1"

var (
	httpSetting   = row(HTTP, Field{Name: "http2.settings", Label: "setting", Type: TypeNone, RFC: rfcH2, Help: "One setting for HTTP/2."})
	httpSettingID = row(HTTP, Field{Name: "http2.settings.id", Label: "which", Type: TypeUint, RFC: rfcH2, Help: "Which setting it is."})
	httpSettings  = map[uint64]*Field{
		1: row(HTTP, Field{Name: "http2.settings.header_table_size", Label: "header table", Type: TypeUint, RFC: rfcH2, Help: "How many bytes of headers are remembered, to name them briefly."}),
		2: row(HTTP, Field{Name: "http2.settings.enable_push", Label: "push", Type: TypeUint, RFC: rfcH2, Help: "Whether the server may send what was not asked for."}),
		3: row(HTTP, Field{Name: "http2.settings.max_concurrent_streams", Label: "streams", Type: TypeUint, RFC: rfcH2, Help: "How many requests may be open at once."}),
		4: row(HTTP, Field{Name: "http2.settings.initial_window_size", Label: "window", Type: TypeUint, RFC: rfcH2, Help: "How many bytes may be on the way at first."}),
		5: row(HTTP, Field{Name: "http2.settings.max_frame_size", Label: "frame size", Type: TypeUint, RFC: rfcH2, Help: "How large a frame may be."}),
		6: row(HTTP, Field{Name: "http2.settings.max_header_list_size", Label: "header size", Type: TypeUint, RFC: rfcH2, Help: "How many bytes of headers are accepted."}),
		8: row(HTTP, Field{Name: "http2.settings.extended_connect", Label: "extended CONNECT", Type: TypeUint, RFC: "RFC 8441 sec. 3", Help: "Whether CONNECT may name a protocol."}),
	}
)

// settings reads the settings for a change to HTTP/2, which are a frame's
// content in letters.
func (m *httpMessage) settings(n *Node, value string) {
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(value, "= \t"))
	data = data[:len(data)/6*6]
	if err != nil || len(data) == 0 || len(m.tree.Bodies) >= maxBodies {
		return
	}
	d := m.dissector
	outer, in := d.data, d.in
	d.data, d.in = data, InBody+Source(len(d.tree.Bodies))
	d.tree.Bodies = append(d.tree.Bodies, data)
	for at := 0; at+6 <= len(data) && d.within(); at += 6 {
		s := d.node(httpSetting, at, 6)
		id := d.node(httpSettingID, at, 2)
		s.Children = append(s.Children, id)
		if f := httpSettings[id.Uint]; f != nil {
			v := d.node(f, at+2, 4)
			s.Children = append(s.Children, v)
			s.Show = f.Label + " " + v.Show
		}
		n.Children = append(n.Children, s)
	}
	d.data, d.in = outer, in
}
