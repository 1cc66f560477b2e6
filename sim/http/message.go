package http

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"

	"strata/sim/host"
)

// Message is a request or a response to be sent.
type Message struct {
	Start  string   // "GET / HTTP/1.1", "HTTP/1.1 200 OK"
	Fields []string // of the head, like "Host: www.example"; an empty one is left out
	Body   *Body    // nil: no body, and no field that frames one
}

// Body is the content of a message.
type Body struct {
	host.Payload
	Chunk int // bytes of a chunk; 0: sent with its length
}

// Text is a body of its own bytes.
func Text(b []byte) *Body { return &Body{Payload: host.Payload{Text: string(b)}} }

// framing is the header field that says where the body ends (RFC 9112 section
// 6).
func (b *Body) framing() string {
	switch {
	case b == nil:
		return ""
	case b.Chunk > 0:
		return "Transfer-Encoding: chunked"
	}
	return fmt.Sprintf("Content-Length: %d", b.Len())
}

// head is the message's head, with fields before its own; it ends with an
// empty line.
func (m *Message) head(framing string) []byte {
	var b bytes.Buffer
	b.WriteString(m.Start + "\r\n")
	for _, f := range append(m.Fields, framing) {
		if f != "" {
			b.WriteString(f + "\r\n")
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// Send sends a message: the head and a body of known length in one write,
// chunks each in one of their own, as a server does that is still making them.
func (c *Conn) Send(m *Message) error { return c.send(m.head(m.Body.framing()), m.Body) }

func (c *Conn) send(head []byte, body *Body) error {
	writes := [][]byte{head}
	switch {
	case body == nil:
	case body.Chunk == 0:
		writes[0] = append(head, body.all()...)
	default:
		for off := 0; off < body.Len(); off += body.Chunk {
			n := min(body.Chunk, body.Len()-off)
			b := fmt.Appendf(nil, "%x\r\n", n)
			writes = append(writes, append(append(b, body.Part(off, n)...), "\r\n"...))
		}
		writes = append(writes, []byte("0\r\n\r\n"))
	}
	n := 0
	for _, b := range writes {
		n += len(b)
	}
	c.host.Sending(c.Conn, n, nil)
	for _, b := range writes {
		if _, err := c.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// all is the whole content.
func (b *Body) all() []byte {
	if b.Size <= len(b.Text) {
		return []byte(b.Text)
	}
	return b.Part(0, b.Len())
}

// packed is the body in gzip's form (RFC 9110 section 8.4.1.3).
func (b *Body) packed() *Body {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b.all()) // a buffer takes everything
	w.Close()
	return &Body{host.Payload{Text: out.String()}, b.Chunk}
}

// Content is a response's body, unpacked when it came packed.
func Content(resp *http.Response) ([]byte, error) {
	switch coding := resp.Header.Get("Content-Encoding"); {
	case coding == "" || strings.EqualFold(coding, "identity"):
		return io.ReadAll(resp.Body)
	case !strings.EqualFold(coding, "gzip") && !strings.EqualFold(coding, "x-gzip"):
		return nil, fmt.Errorf("the body's coding %q was not asked for", coding)
	}
	packed, err := io.ReadAll(resp.Body)
	if err != nil || len(packed) == 0 {
		return nil, err // to HEAD, say
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpacking the body: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("unpacking the body: %w", err)
	case len(b) > maxBody:
		return nil, errTooLarge
	}
	return b, nil
}

// takesGzip says whether a request's sender can unpack gzip (RFC 9110 section
// 12.5.3): it names it, or anything, and not with the weight 0.
func takesGzip(req *http.Request) bool {
	takes := false
	for _, line := range req.Header.Values("Accept-Encoding") {
		for item := range strings.SplitSeq(line, ",") {
			coding, weight, _ := strings.Cut(item, ";")
			coding = strings.ToLower(strings.TrimSpace(coding))
			_, q, _ := strings.Cut(weight, "=")
			refused := strings.Trim(strings.TrimSpace(q), "0.") == "" && strings.TrimSpace(q) != ""
			if coding == "gzip" {
				return !refused
			}
			takes = takes || coding == "*" && !refused
		}
	}
	return takes
}

// isToken says whether s is a method's name (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	return s != "" && strings.Trim(s, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// isLine says whether s can stand in a head: visible ASCII and inner spaces.
func isLine(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// isField says whether s is a header field, as "Name: value".
func isField(s string) bool {
	name, _, ok := strings.Cut(s, ":")
	return ok && isToken(name) && isLine(s)
}

// isPath says whether s can be a request's target.
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") && isLine(s) && !strings.Contains(s, " ")
}
