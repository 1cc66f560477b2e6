package http

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"net"
	"strata/sim/host"
	"strings"
)

// maxHead bounds the head of an HTTP message, in bytes.
const maxHead = 64 << 10

// httpReader reads the HTTP messages of a connection and counts their bytes.
type httpReader struct {
	*bufio.Reader
	conn  net.Conn
	read  int // bytes read from the connection
	told  int // of these, bytes of messages that are whole
	limit int // read is not to exceed it
}

func newHTTPReader(c net.Conn) *httpReader {
	r := &httpReader{conn: c}
	r.Reader = bufio.NewReader(connReader{r})
	return r
}

// connReader is the connection below the buffer of an httpReader.
type connReader struct{ r *httpReader }

func (c connReader) Read(b []byte) (int, error) {
	if c.r.read >= c.r.limit {
		return 0, fmt.Errorf("the message's head is longer than %d bytes", maxHead)
	}
	n, err := c.r.conn.Read(b)
	c.r.read += n
	return n, err
}

// head prepares for a message's head, of which there is to be no more than
// maxHead.
func (r *httpReader) head() { r.limit = r.read + maxHead }

// body prepares for a message's body, which is not kept, however long.
func (r *httpReader) body() { r.limit = math.MaxInt }

// whole says that all of a message has been read.
func (r *httpReader) whole(h host.Host) {
	n := r.read - r.Buffered() - r.told
	r.told += n
	h.Got(r.conn, n, nil)
}

// httpBody is the content of a request or response.
type httpBody struct {
	host.Payload
	chunk int // bytes of a chunk; 0: not chunked
}

// httpHead is a head with its header fields, which ends with an empty line.
func httpHead(start string, fields ...string) []byte {
	var b bytes.Buffer
	b.WriteString(start + "\r\n")
	for _, f := range fields {
		if f != "" {
			b.WriteString(f + "\r\n")
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// framing is the header field that says where the body ends (RFC 9112 section
// 6).
func (b httpBody) framing() string {
	if b.chunk > 0 {
		return "Transfer-Encoding: chunked"
	}
	return fmt.Sprintf("Content-Length: %d", b.Len())
}

// sendHTTP sends a message: the head and a body of known length in one write,
// chunks each in one of their own, as a server does that is still making them.
func sendHTTP(h host.Host, c net.Conn, head []byte, body *httpBody) error {
	writes := [][]byte{head}
	switch {
	case body == nil:
	case body.chunk == 0:
		writes[0] = append(head, body.Part(0, body.Len())...)
	default:
		for off := 0; off < body.Len(); off += body.chunk {
			n := min(body.chunk, body.Len()-off)
			b := fmt.Appendf(nil, "%x\r\n", n)
			writes = append(writes, append(append(b, body.Part(off, n)...), "\r\n"...))
		}
		writes = append(writes, []byte("0\r\n\r\n"))
	}
	n := 0
	for _, b := range writes {
		n += len(b)
	}
	h.Sending(c, n, nil)
	for _, b := range writes {
		if _, err := c.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// drain reads a body to its end and says how long it was.
func drain(body io.ReadCloser) (int64, error) {
	defer body.Close()
	return io.Copy(io.Discard, body)
}

// isToken says whether s is a method's name (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	return s != "" && strings.Trim(s, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// isLine says whether s can stand in a head: visible ASCII and inner spaces.
func isLine(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}
