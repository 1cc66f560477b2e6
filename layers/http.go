package layers

import (
	"bytes"
	"strconv"
	"strings"
)

const httpRFC = "RFC 9112 sec. 2.1"

var (
	httpStartLine      = row(HTTP, Field{Label: "start line", Type: TypeString, RFC: httpRFC, Help: "The first line: what is asked for, or how it went."})
	httpMethod         = row(HTTP, Field{Name: "http.request.method", Label: "method", Type: TypeString, RFC: "RFC 9110 sec. 9", Help: "What is to be done: GET asks for something, POST sends something."})
	httpURI            = row(HTTP, Field{Name: "http.request.uri", Label: "target", Type: TypeString, RFC: "RFC 9112 sec. 3.2", Help: "What it is to be done to: a path on the server."})
	httpPath           = row(HTTP, Field{Name: "http.request.uri.path", Label: "path", Type: TypeString, RFC: "RFC 3986 sec. 3.3", Help: "The target before the question mark."})
	httpQuery          = row(HTTP, Field{Name: "http.request.uri.query", Label: "query", Type: TypeString, RFC: "RFC 3986 sec. 3.4", Help: "The target after the question mark."})
	httpParameter      = row(HTTP, Field{Name: "http.request.uri.query.parameter", Label: "parameter", Type: TypeString, RFC: "RFC 3986 sec. 3.4", Help: "One name and value of the query."})
	httpReqVer         = row(HTTP, Field{Name: "http.request.version", Label: "version", Type: TypeString, RFC: "RFC 9112 sec. 2.3", Help: "The version that the client speaks."})
	httpRespVer        = row(HTTP, Field{Name: "http.response.version", Label: "version", Type: TypeString, RFC: "RFC 9112 sec. 2.3", Help: "The version that the server speaks."})
	httpCode           = row(HTTP, Field{Name: "http.response.code", Label: "status code", Type: TypeUint, RFC: "RFC 9110 sec. 15", Help: "How it went: 2xx well, 3xx look elsewhere, 4xx your mistake, 5xx my mistake."})
	httpCodeDesc       = row(HTTP, Field{Name: "http.response.code.desc", Label: "status code in words", Type: TypeString, RFC: "RFC 9110 sec. 15", Hidden: true, Help: "What the code stands for."})
	httpPhrase         = row(HTTP, Field{Name: "http.response.phrase", Label: "phrase", Type: TypeString, RFC: "RFC 9112 sec. 4", Help: "The code in words, for people; programs ignore it."})
	httpIsRequest      = row(HTTP, Field{Name: "http.request", Label: "request", Type: TypeBool, RFC: "RFC 9112 sec. 3", Hidden: true, Help: "The message asks for something."})
	httpIsResponse     = row(HTTP, Field{Name: "http.response", Label: "response", Type: TypeBool, RFC: "RFC 9112 sec. 4", Hidden: true, Help: "The message answers a request."})
	httpIsNotification = row(HTTP, Field{Name: "http.notification", Label: "notification", Type: TypeBool, RFC: "RFC 9112 sec. 3", Hidden: true, Help: "The message tells of something that happened."})
	httpFullURI        = row(HTTP, Field{Name: "http.request.full_uri", Label: "full target", Type: TypeString, RFC: "RFC 9110 sec. 7.1", Help: "The target with the server's name: what a browser shows."})
	httpReqLine        = row(HTTP, Field{Name: "http.request.line", Label: "header line", Type: TypeString, RFC: "RFC 9112 sec. 5", Help: "A line of the request's header."})
	httpRespLine       = row(HTTP, Field{Name: "http.response.line", Label: "header line", Type: TypeString, RFC: "RFC 9112 sec. 5", Help: "A line of the answer's header."})
	httpBadLine        = row(HTTP, Field{Name: "http.unknown_header", Label: "unknown line", Type: TypeString, RFC: "RFC 9112 sec. 5.1", Help: "A line that is no header."})
	httpLength         = row(HTTP, Field{Name: "http.content_length", Label: "content length", Type: TypeUint, RFC: "RFC 9110 sec. 8.6", Hidden: true, Help: "How many bytes the body has, as a number."})
	httpCookie         = row(HTTP, Field{Name: "http.cookie_pair", Label: "cookie", Type: TypeString, RFC: "RFC 6265 sec. 4.2", Help: "One name and value that the server gave earlier."})
	httpBlank          = row(HTTP, Field{Label: "end of header", Type: TypeBytes, RFC: httpRFC, Help: "An empty line: the header ends, the body begins."})
	httpBody           = row(HTTP, Field{Name: "http.file_data", Label: "body", Type: TypeString, RFC: "RFC 9112 sec. 6", Help: "What the message carries: a page, an image, a form."})
	httpCRLF           = row(HTTP, Field{Label: "empty line before", Type: TypeBytes, RFC: "RFC 9112 sec. 2.2", Help: "A line end too many after the message before; it means nothing."})
	httpChunked        = row(HTTP, Field{Label: "chunked body", Type: TypeNone, RFC: "RFC 9112 sec. 7.1", Help: "The body as it was cut up for the way."})
	httpChunk          = row(HTTP, Field{Label: "chunk", Type: TypeNone, RFC: "RFC 9112 sec. 7.1", Help: "A piece of the body with its size before it."})
	httpChunkSize      = row(HTTP, Field{Name: "http.chunk_size", Label: "chunk size", Type: TypeString, RFC: "RFC 9112 sec. 7.1", Help: "How many bytes the chunk has, in hexadecimal; 0 ends the body."})
	httpChunkData      = row(HTTP, Field{Name: "http.chunk_data", Label: "chunk data", Type: TypeString, RFC: "RFC 9112 sec. 7.1", Help: "A piece of the body."})
	httpChunkEnd       = row(HTTP, Field{Name: "http.chunk_boundary", Label: "chunk end", Type: TypeBytes, RFC: "RFC 9112 sec. 7.1", Help: "The line end after a chunk."})
	httpEncoded        = row(HTTP, Field{Label: "encoded body", Type: TypeBytes, RFC: "RFC 9110 sec. 8.4", Help: "The body as it was compressed for the way."})
	httpData           = row(HTTP, Field{Name: "data.data", Label: "continued", Type: TypeBytes, Help: "Bytes of a message that began in an earlier segment."})
	httpUntyped        = row(HTTP, Field{Name: "data.data", Label: "body of no known kind", Type: TypeBytes, Help: "The body as bytes: no header says what it is."})
	httpTrailEnd       = row(HTTP, Field{Label: "end of chunks", Type: TypeBytes, RFC: "RFC 9112 sec. 7.1", Help: "An empty line: the message ends."})
	httpBasic          = row(HTTP, Field{Name: "http.authbasic", Label: "credentials", Type: TypeString, RFC: "RFC 7617 sec. 2", Help: "A name and a password; who listens can read them."})
	httpDigest         = row(HTTP, Field{Label: "parameter", Type: TypeString, RFC: "RFC 7616 sec. 3.4", Help: "A part of the proof that the client knows the password."})
	httpTrailer        = row(HTTP, Field{Name: "http.chunked_trailer_part", Label: "trailer", Type: TypeString, RFC: "RFC 9112 sec. 7.1.2", Help: "Header lines that come after the body."})
)

// The kinds of a message.
const (
	httpContinued = iota // it began in an earlier segment
	httpRequest
	httpResponse
	httpNotification
)

// httpMessage is a message being read.
type httpMessage struct {
	*dissector
	span
	p          *Part
	kind       int
	line       *Field // the row of a header line that has none of its own
	status     string // code of an answer
	uri        string // target of a request
	length     int64  // Content-Length; -1: none
	transfer   bool   // there is a Transfer-Encoding
	chunked    bool
	typed      bool   // there is a Content-Type
	compressed bool   // for the way, which is read no further
	encoding   string // Content-Encoding, in lower case; "identity": none
}

// http reads the messages of a payload, one after the other. What does not
// begin like one goes on with an earlier segment's: with its header, if lines
// look like that, and with its body.
func (d *dissector) http(s span) {
	if d.spoken == HTTPNever && d.in == InFrame && !beginsLikeHTTP(d.data[s.pos:s.end]) {
		d.payload(s)
		return
	}
	for s.pos < s.end && d.within() {
		rest := d.httpMessage(HTTP, s)
		if rest.pos < rest.end && d.upgraded(d.data[s.pos:rest.pos]) {
			d.webSocket(rest)
			return
		}
		s = rest
	}
}

// httpMessage reads one message, and returns what follows it.
func (d *dissector) httpMessage(proto Proto, s span) span {
	start := s.pos
	if s.end-s.pos > 3 && d.data[s.pos] == '\r' && d.data[s.pos+1] == '\n' {
		s = s.from(2) // an empty line too many after the message before
	}
	m := httpMessage{dissector: d, span: s, length: -1, line: httpBadLine, encoding: "identity", p: d.part(proto, s.pos, s.end-s.pos)}
	if c := d.data[s.pos]; c < ' ' || c > '~' {
		m.add(d.node(httpData, start, s.end-start))
		m.p.Summary = "continued, " + count(s.end-s.pos, "byte")
		return s.from(s.end - s.pos)
	}
	if s.pos > start {
		m.add(d.node(httpCRLF, start, s.pos-start))
		m.expert(Error, "http.leading_crlf", "An empty line goes before: the message before it ended with one too many (RFC 9112 section 2.2).", start, s.pos-start)
	}
	m.read()
	return m.span
}

// nextLine is the length of the line at the start of s: its text, and with
// its end. A line without an end reaches to the end of s.
func (m *httpMessage) nextLine() (text, whole int) {
	b := m.data[m.pos:m.end]
	i := bytes.IndexAny(b, "\r\n")
	switch {
	case i < 0:
		return len(b), len(b)
	case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
		return i, i + 2
	}
	return i, i + 1
}

func (m *httpMessage) read() {
	for m.pos < m.end && m.within() {
		text, whole := m.nextLine()
		line := m.data[m.pos : m.pos+text]
		if kind := startsHTTP(line); kind != httpContinued {
			m.kind = kind
			m.startLine(text, whole)
			continue
		}
		if text == 0 {
			m.add(m.node(httpBlank, m.pos, whole))
			m.span = m.from(whole)
			break
		}
		colon := bytes.IndexByte(line, ':')
		if colon >= 0 {
			m.header(text, whole, colon)
			continue
		}
		if len(m.p.Fields) > 0 && text == whole && mayBeHeader(m.data[m.pos:m.end]) {
			m.short(m.p.Proto, m.span) // a header that is cut
			m.span = m.from(whole)
		}
		break // no header: the body begins without an empty line
	}
	if m.kind == httpContinued {
		m.p.Summary = "continued, " + count(m.end-m.p.Pos, "byte")
	}
	m.p.Len = m.pos - m.p.Pos
	m.p.Payload = m.pos
	m.whole()
	m.body()
}

// whole adds what filters ask of a message: which kind it is, and what a
// request asks for with the server's name.
func (m *httpMessage) whole() {
	switch m.kind {
	case httpResponse:
		m.add(m.valued(httpIsResponse, m.p.Pos, 0, 1))
	case httpNotification:
		m.add(m.valued(httpIsNotification, m.p.Pos, 0, 1))
	case httpRequest:
		m.add(m.valued(httpIsRequest, m.p.Pos, 0, 1))
		host := find(m.p.Fields, "http.host")
		switch {
		case strings.Contains(m.uri, "://"):
			m.add(m.told(httpFullURI, m.p.Pos, 0, Printable(m.uri)))
		case host != nil && m.uri != "":
			scheme := "http://"
			if m.inTLS {
				scheme = "https://"
			}
			m.add(m.told(httpFullURI, m.p.Pos, 0, Printable(scheme+host.Show+m.uri)))
		}
	}
}

// mayBeHeader says whether bytes could begin a header's name (RFC 9110 section
// 5.6.2; as Wireshark does, spaces are let pass).
func mayBeHeader(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(httpSeparators, r) }) < 0
}

const httpSeparators = "\"(),/:;<=>?@[\\]{}"

func (m *httpMessage) add(n Node) { m.p.Fields = append(m.p.Fields, n) }

// startLine reads a line that says what is asked for, or how it went.
func (m *httpMessage) startLine(text, whole int) {
	n := m.node(httpStartLine, m.pos, whole)
	line := m.data[m.pos : m.pos+text]
	n.Show = Printable(string(line))
	if m.p.Summary == "" {
		m.p.Summary = n.Show
	}
	switch m.kind {
	case httpResponse:
		m.line = httpRespLine
		n.Children = m.statusLine(line)
	case httpRequest:
		m.line = httpReqLine
		fallthrough
	default:
		n.Children = m.requestLine(line)
	}
	m.expert(Chat, "http.chat", n.Show, m.pos, whole)
	m.add(n)
	m.span = m.from(whole)
}

// firstWord is how long the word at the start of a line is, and where the next one
// begins.
func firstWord(line []byte) (n, next int) {
	if n = bytes.IndexByte(line, ' '); n < 0 {
		return len(line), len(line)
	}
	return n, len(line) - len(bytes.TrimLeft(line[n:], " "))
}

func (m *httpMessage) requestLine(line []byte) (nodes []Node) {
	add := func(f *Field, at, n int) *Node {
		if n > 0 {
			nodes = append(nodes, m.node(f, m.pos+at, n))
			return &nodes[len(nodes)-1]
		}
		return &Node{}
	}
	n, at := firstWord(line)
	add(httpMethod, 0, n)
	if at-n > 1 {
		at-- // two spaces: there is no target
	}
	n, next := firstWord(line[at:])
	m.uri = string(line[at : at+n])
	m.target(add(httpURI, at, n), line[at:at+n])
	add(httpReqVer, at+next, len(line)-at-next)
	return nodes
}

// target reads the parts of a target with a query.
func (m *httpMessage) target(n *Node, b []byte) {
	q := bytes.IndexByte(b, '?')
	if q < 0 || q == len(b)-1 {
		return
	}
	at := n.Pos + q + 1
	query := m.node(httpQuery, at, len(b)-q-1)
	if q > 0 {
		n.Children = append(n.Children, m.node(httpPath, n.Pos, q))
	}
	// As in Wireshark, an empty parameter moves the places of those after it.
	for p := range bytes.SplitSeq(b[q+1:], []byte("&")) {
		if len(p) > 0 && m.within() {
			parameter := m.node(httpParameter, at, len(p))
			parameter.Show = Printable(string(p))
			query.Children = append(query.Children, parameter)
			at += len(p) + 1
		}
	}
	n.Children = append(n.Children, query)
}

func (m *httpMessage) statusLine(line []byte) (nodes []Node) {
	n, at := firstWord(line)
	if n == 0 {
		return nil
	}
	nodes = append(nodes, m.node(httpRespVer, m.pos, n))
	n, next := firstWord(line[at:])
	if n < 3 {
		return nodes
	}
	m.status = string(line[at : at+3])
	code, _ := strconv.ParseUint(m.status, 10, 64)
	nodes = append(nodes, m.valued(httpCode, m.pos+at, 3, code), m.node(httpCodeDesc, m.pos+at, 3))
	if at += next; at < len(line) {
		nodes = append(nodes, m.node(httpPhrase, m.pos+at, len(line)-at))
	}
	return nodes
}

// body reads what follows the header, as far as it belongs to the message (RFC
// 9112 section 6.3).
func (m *httpMessage) body() {
	n := m.end - m.pos
	switch {
	case m.length >= 0 && !m.transfer:
		n = int(min(int64(n), m.length))
	case m.kind == httpRequest && !m.transfer, m.kind == httpResponse && (strings.HasPrefix(m.status, "1") || m.status == "204" || m.status == "304"):
		n = 0
	}
	if m.kind == httpContinued && len(m.p.Fields) == 0 && m.p.Proto == SSDP {
		m.span = m.from(n) // a datagram is no rest of another one
		return
	}
	if n == 0 || !m.within() {
		return
	}
	data := m.data[m.pos : m.pos+n]
	own := false // whether it has a buffer of its own
	if m.chunked {
		if data = m.chunks(); data == nil {
			return
		}
		own = true
	} else {
		defer func() { m.span = m.from(n) }()
	}
	switch {
	case m.compressed:
		m.carried(httpData, data, own)
	case m.encoding != "identity":
		m.carried(httpEncoded, data, own)
		if plain := m.unpack(data); plain != nil {
			m.carried(httpBody, plain, true)
		}
	default:
		m.carried(httpBody, data, own)
		if !m.typed && !own {
			m.carried(httpUntyped, data, own)
		}
	}
}

// carried adds a node for what the message carries, which is in a buffer of
// its own or next in the payload.
func (m *httpMessage) carried(f *Field, data []byte, own bool) {
	switch {
	case len(data) == 0:
	case !own:
		m.add(m.node(f, m.pos, len(data)))
		if f == httpBody {
			m.content(m.first(len(data)))
		}
	case len(m.tree.Bodies) < maxBodies:
		d := m.dissector
		outer, in := d.data, d.in
		d.data, d.in = data, InBody+Source(len(d.tree.Bodies))
		d.tree.Bodies = append(d.tree.Bodies, data)
		m.add(d.node(f, 0, len(data)))
		if f == httpBody {
			m.content(span{0, len(data), len(data)})
		}
		d.data, d.in = outer, in
	}
}
