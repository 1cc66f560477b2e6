package layers

import (
	"bytes"
	"strconv"
	"strings"
)

const httpRFC = "RFC 9112 sec. 2.1"

var (
	httpStartLine = row(HTTP, Field{Label: "start line", Type: TypeString, RFC: httpRFC, Help: "The first line: what is asked for, or how it went."})
	httpMethod    = row(HTTP, Field{Name: "http.request.method", Label: "method", Type: TypeString, RFC: "RFC 9110 sec. 9", Help: "What is to be done: GET asks for something, POST sends something."})
	httpURI       = row(HTTP, Field{Name: "http.request.uri", Label: "target", Type: TypeString, RFC: "RFC 9112 sec. 3.2", Help: "What it is to be done to: a path on the server."})
	httpPath      = row(HTTP, Field{Name: "http.request.uri.path", Label: "path", Type: TypeString, RFC: "RFC 3986 sec. 3.3", Help: "The target before the question mark."})
	httpQuery     = row(HTTP, Field{Name: "http.request.uri.query", Label: "query", Type: TypeString, RFC: "RFC 3986 sec. 3.4", Help: "The target after the question mark."})
	httpParameter = row(HTTP, Field{Name: "http.request.uri.query.parameter", Label: "parameter", Type: TypeString, RFC: "RFC 3986 sec. 3.4", Help: "One name and value of the query."})
	httpReqVer    = row(HTTP, Field{Name: "http.request.version", Label: "version", Type: TypeString, RFC: "RFC 9112 sec. 2.3", Help: "The version that the client speaks."})
	httpRespVer   = row(HTTP, Field{Name: "http.response.version", Label: "version", Type: TypeString, RFC: "RFC 9112 sec. 2.3", Help: "The version that the server speaks."})
	httpCode      = row(HTTP, Field{Name: "http.response.code", Label: "status code", Type: TypeString, RFC: "RFC 9110 sec. 15", Help: "How it went: 2xx well, 3xx look elsewhere, 4xx your mistake, 5xx my mistake."})
	httpCodeDesc  = row(HTTP, Field{Name: "http.response.code.desc", Label: "status code in words", Type: TypeString, RFC: "RFC 9110 sec. 15", Hidden: true, Help: "What the code stands for."})
	httpPhrase    = row(HTTP, Field{Name: "http.response.phrase", Label: "phrase", Type: TypeString, RFC: "RFC 9112 sec. 4", Help: "The code in words, for people; programs ignore it."})
	httpReqLine   = row(HTTP, Field{Name: "http.request.line", Label: "header line", Type: TypeString, RFC: "RFC 9112 sec. 5", Help: "A line of the request's header."})
	httpRespLine  = row(HTTP, Field{Name: "http.response.line", Label: "header line", Type: TypeString, RFC: "RFC 9112 sec. 5", Help: "A line of the answer's header."})
	httpBadLine   = row(HTTP, Field{Name: "http.unknown_header", Label: "unknown line", Type: TypeString, RFC: "RFC 9112 sec. 5.1", Help: "A line that is no header."})
	httpLength    = row(HTTP, Field{Name: "http.content_length", Label: "content length", Type: TypeUint, RFC: "RFC 9110 sec. 8.6", Hidden: true, Help: "How many bytes the body has, as a number."})
	httpCookie    = row(HTTP, Field{Name: "http.cookie_pair", Label: "cookie", Type: TypeString, RFC: "RFC 6265 sec. 4.2", Help: "One name and value that the server gave earlier."})
	httpBlank     = row(HTTP, Field{Label: "end of header", Type: TypeBytes, RFC: httpRFC, Help: "An empty line: the header ends, the body begins."})
	httpBody      = row(HTTP, Field{Name: "http.file_data", Label: "body", Type: TypeString, RFC: "RFC 9112 sec. 6", Help: "What the message carries: a page, an image, a form."})
	httpCRLF      = row(HTTP, Field{Label: "empty line before", Type: TypeBytes, RFC: "RFC 9112 sec. 2.2", Help: "A line end too many after the message before; it means nothing."})
	httpChunked   = row(HTTP, Field{Label: "chunked body", Type: TypeNone, RFC: "RFC 9112 sec. 7.1", Help: "The body as it was cut up for the way."})
	httpChunk     = row(HTTP, Field{Label: "chunk", Type: TypeNone, RFC: "RFC 9112 sec. 7.1", Help: "A piece of the body with its size before it."})
	httpChunkSize = row(HTTP, Field{Name: "http.chunk_size", Label: "chunk size", Type: TypeString, RFC: "RFC 9112 sec. 7.1", Help: "How many bytes the chunk has, in hexadecimal; 0 ends the body."})
	httpChunkData = row(HTTP, Field{Name: "http.chunk_data", Label: "chunk data", Type: TypeString, RFC: "RFC 9112 sec. 7.1", Help: "A piece of the body."})
	httpChunkEnd  = row(HTTP, Field{Name: "http.chunk_boundary", Label: "chunk end", Type: TypeBytes, RFC: "RFC 9112 sec. 7.1", Help: "The line end after a chunk."})
	httpEncoded   = row(HTTP, Field{Label: "encoded body", Type: TypeBytes, RFC: "RFC 9110 sec. 8.4", Help: "The body as it was compressed for the way."})
	httpData      = row(HTTP, Field{Name: "data.data", Label: "continued", Type: TypeBytes, Help: "Bytes of a message that began in an earlier segment."})
	httpTrailEnd  = row(HTTP, Field{Label: "end of chunks", Type: TypeBytes, RFC: "RFC 9112 sec. 7.1", Help: "An empty line: the message ends."})
	httpTrailer   = row(HTTP, Field{Name: "http.chunked_trailer_part", Label: "trailer", Type: TypeString, RFC: "RFC 9112 sec. 7.1.2", Help: "Header lines that come after the body."})
)

// httpMessage is a message being read.
type httpMessage struct {
	*dissector
	span
	p        *Part
	line     *Field // the row of a header line that has none of its own
	bodiless bool   // the status code allows no body
	chunked  bool   //
	encoded  bool   // compressed
	length   int64  // Content-Length; -1: none
}

// http reads the messages of a payload, one after the other. What does not
// begin like one goes on with an earlier segment's: with its header, if lines
// look like that, and with its body.
func (d *dissector) http(s span) {
	for s.pos < s.end && d.within() {
		start := s
		if s.end-s.pos > 2 && d.data[s.pos] == '\r' && d.data[s.pos+1] == '\n' {
			s = s.from(2) // an empty line too many after the message before
		}
		if c := d.data[s.pos]; c < ' ' || c > '~' {
			s = start
			p := d.part(HTTP, s.pos, s.end-s.pos)
			p.Fields = []Node{d.node(httpData, s.pos, s.end-s.pos)}
			p.Summary = "continued, " + count(s.end-s.pos, "byte")
			return
		}
		m := httpMessage{dissector: d, span: s, length: -1, p: d.part(HTTP, s.pos, 0)}
		if s.pos > start.pos {
			m.add(d.node(httpCRLF, start.pos, s.pos-start.pos))
		}
		m.read()
		s = m.span
	}
	d.payload(s)
}

var httpMethods = map[string]bool{
	"GET": true, "HEAD": true, "POST": true, "PUT": true, "DELETE": true, "CONNECT": true, "OPTIONS": true, "TRACE": true, "PATCH": true,
	"PROPFIND": true, "PROPPATCH": true, "MKCOL": true, "COPY": true, "MOVE": true, "LOCK": true, "UNLOCK": true, "SEARCH": true, "REPORT": true,
	"NOTIFY": true, "M-SEARCH": true, "SUBSCRIBE": true, "UNSUBSCRIBE": true, "MKCALENDAR": true, "MKACTIVITY": true, "CHECKOUT": true, "MERGE": true,
	"BCOPY": true, "BMOVE": true, "BPROPFIND": true, "BPROPPATCH": true, "BDELETE": true, "POLL": true, "ACL": true, "QUERY": true, "ICY": true,
}

// beginsHTTP says whether a message begins here.
func beginsHTTP(b []byte) bool {
	if bytes.HasPrefix(b, []byte("HTTP/")) {
		return true
	}
	i := bytes.IndexAny(b[:min(len(b), 20)], " \r\n")
	return i > 0 && b[i] == ' ' && httpMethods[string(b[:i])]
}

// looksLikeHTTP says whether a message with a version begins here.
func looksLikeHTTP(b []byte) bool {
	if !beginsHTTP(b) {
		return false
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return bytes.HasPrefix(line, []byte("HTTP/1.")) || bytes.Contains(line, []byte(" HTTP/1."))
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
	m.line = httpBadLine
	if beginsHTTP(m.data[m.pos:m.end]) {
		m.startLine()
	} else {
		m.p.Summary = "continued, " + count(m.end-m.pos, "byte")
	}
	for m.pos < m.end && m.within() {
		text, whole := m.nextLine()
		if text == 0 {
			m.add(m.node(httpBlank, m.pos, whole))
			m.span = m.from(whole)
			break
		}
		if bytes.IndexByte(m.data[m.pos:m.pos+text], ':') < 0 {
			if len(m.p.Fields) > 0 && text == whole && mayBeHeader(m.data[m.pos:m.end]) {
				m.short(HTTP, m.span) // a header that is cut
				m.span = m.from(whole)
			}
			break // no header: the body begins without an empty line
		}
		m.header(text, whole)
	}
	m.p.Len = m.pos - m.p.Pos
	m.p.Payload = m.pos
	switch {
	case m.pos >= m.end || m.bodiless:
	case m.chunked:
		m.chunks()
	default:
		m.body()
	}
}

// mayBeHeader says whether bytes could begin a header's name (RFC 9110 section
// 5.6.2; as Wireshark does, spaces are let pass).
func mayBeHeader(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(httpSeparators, r) }) < 0
}

const httpSeparators = "\"(),/:;<=>?@[\\]{}"

func (m *httpMessage) add(n Node) { m.p.Fields = append(m.p.Fields, n) }

func (m *httpMessage) startLine() {
	text, whole := m.nextLine()
	n := m.node(httpStartLine, m.pos, whole)
	n.Show = Printable(string(m.data[m.pos : m.pos+text]))
	m.p.Summary = n.Show
	response := bytes.HasPrefix(m.data[m.pos:m.end], []byte("HTTP/"))
	words := [3]*Field{httpMethod, httpURI, httpReqVer}
	m.line = httpReqLine
	if response {
		words = [3]*Field{httpRespVer, httpCode, httpPhrase}
		m.line = httpRespLine
	}
	line := m.data[m.pos : m.pos+text]
	at := 0
	for i, f := range words {
		end := bytes.IndexByte(line[at:], ' ')
		if i == 1 && !response { // the version is the last word
			end = bytes.LastIndexByte(line[at:], ' ')
		}
		if end < 0 || i == 2 {
			end = len(line) - at
		}
		if end > 0 {
			n.Children = append(n.Children, m.word(f, m.pos+at, end))
		}
		if f == httpCode && end > 0 {
			n.Children = append(n.Children, m.node(httpCodeDesc, m.pos+at, end))
			code := string(line[at : at+end])
			m.bodiless = strings.HasPrefix(code, "1") || code == "204" || code == "304"
		}
		if at += end + 1; at > len(line) {
			break
		}
	}
	m.add(n)
	m.span = m.from(whole)
}

// word is the node of a part of the start line; a target with a query has
// parts of its own.
func (m *httpMessage) word(f *Field, at, size int) Node {
	n := m.node(f, at, size)
	if f != httpURI {
		return n
	}
	b := m.data[at : at+size]
	q := bytes.IndexByte(b, '?')
	if q < 0 {
		return n
	}
	query := m.node(httpQuery, at+q+1, size-q-1)
	for i := q + 1; i <= size && m.within(); {
		end := bytes.IndexByte(b[i:], '&')
		if end < 0 {
			end = size - i
		}
		if end > 0 {
			query.Children = append(query.Children, m.node(httpParameter, at+i, end))
		}
		i += end + 1
	}
	n.Children = []Node{m.node(httpPath, at, q), query}
	return n
}

// header reads one header line, and the lines that it is folded into.
func (m *httpMessage) header(text, whole int) {
	for at := m.pos + whole; at < m.end && (m.data[at] == ' ' || m.data[at] == '\t'); at = m.pos + whole {
		rest := *m
		rest.pos = at
		t, w := rest.nextLine()
		text, whole = whole+t, whole+w
	}
	line := m.data[m.pos : m.pos+text]
	colon := bytes.IndexByte(line, ':')
	if colon == 0 || bytes.ContainsAny(line[:colon], " \t\"(),/;<=>?@[]{}") {
		m.expert(Warning, "http.bad_header_name", "The line has no proper header name before its colon.", m.pos, whole)
		m.add(m.node(httpBadLine, m.pos, whole))
		m.span = m.from(whole)
		return
	}
	name := strings.ToLower(string(line[:colon]))
	value := strings.TrimSpace(string(line[colon+1:]))
	other := m.node(m.line, m.pos, whole)
	other.Show = Printable(string(line))
	f := httpHeaders[name]
	if f != nil {
		n := m.node(f, m.pos, whole)
		n.Show = Printable(value)
		m.meaning(&n, name, value, colon)
		m.add(n)
		other.Hidden = true
	}
	if f == nil || m.line != httpBadLine {
		m.add(other)
	}
	m.span = m.from(whole)
}

// meaning takes from a header what decides how to go on, and its parts.
func (m *httpMessage) meaning(n *Node, name, value string, colon int) {
	switch name {
	case "content-length":
		v, err := strconv.ParseInt(value, 10, 64)
		if err != nil || v < 0 {
			return
		}
		m.length = v
		c := m.told(httpLength, n.Pos, n.Len, value)
		c.Uint = uint64(v)
		n.Children = append(n.Children, c)
	case "transfer-encoding":
		m.chunked = strings.EqualFold(value, "chunked") || strings.HasSuffix(strings.ToLower(value), ", chunked")
	case "content-encoding":
		m.encoded = !strings.EqualFold(value, "identity")
	case "cookie":
		m.cookies(n, colon)
	}
}

func (m *httpMessage) cookies(n *Node, colon int) {
	at, end := n.Pos+colon+1, n.Pos+n.Len
	for at < end && m.within() {
		for at < end && (m.data[at] == ' ' || m.data[at] == ';') {
			at++
		}
		size := bytes.IndexAny(m.data[at:end], ";\r\n")
		if size < 0 {
			size = end - at
		}
		if size > 0 {
			n.Children = append(n.Children, m.node(httpCookie, at, size))
		}
		if at += size; at < end && m.data[at] != ';' {
			return
		}
	}
}

// body reads a body whose end the length says; without a length, an answer's
// body ends with the connection, and a request has none (RFC 9112 section
// 6.3).
func (m *httpMessage) body() {
	n := m.end - m.pos
	switch {
	case m.length >= 0:
		n = int(min(int64(n), m.length))
	case m.line == httpReqLine:
		n = 0
	}
	if n > 0 {
		m.add(m.node(m.bodyField(), m.pos, n))
		m.span = m.from(n)
	}
}

func (m *httpMessage) bodyField() *Field {
	if m.encoded {
		return httpEncoded
	}
	return httpBody
}
