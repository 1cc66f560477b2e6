package http_test

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"strata/sim/host"
	web "strata/sim/http"
	"strata/sim/realhost"
)

// canned brings given bytes, and takes what is written.
type canned struct {
	net.Conn
	in  *bytes.Reader
	out bytes.Buffer
}

func (c *canned) Read(b []byte) (int, error)      { return c.in.Read(b) }
func (c *canned) Write(b []byte) (int, error)     { return c.out.Write(b) }
func (c *canned) Close() error                    { return nil }
func (c *canned) CloseWrite() error               { return nil }
func (c *canned) SetLinger(int) error             { return nil }
func (c *canned) SetReadDeadline(time.Time) error { return nil }
func (c *canned) RemoteAddr() net.Addr            { return &net.TCPAddr{} }

// Whatever a client sends, what the server says is a sequence of responses;
// and whatever a server sends, the client comes to an end.
func FuzzPeer(f *testing.F) {
	for _, s := range []string{
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"GET /packed HTTP/1.0\r\nAccept-Encoding: gzip;q=0.5\r\n\r\n", "HEAD / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
	} {
		f.Add([]byte(s))
	}
	h := realhost.New(1, nil)
	site := web.NewSite(h, []web.Page{{Path: "/", Size: 100, Chunk: 7}, {Path: "/packed", Text: "text", Gzip: true}, {Path: "/box", Mailbox: true}})
	f.Fuzz(func(t *testing.T, b []byte) {
		c := &canned{in: bytes.NewReader(b)}
		web.Serve(h, c, time.Second, site.Answer)
		// Of the first response the method is not known: no body is expected.
		first := web.NewConn(h, &canned{in: bytes.NewReader(c.out.Bytes())})
		if _, err := first.ReadResponse("HEAD"); err != nil && c.out.Len() > 0 {
			t.Fatalf("said %q: %v", c.out.Bytes(), err)
		}
		conn := web.NewConn(h, &canned{in: bytes.NewReader(b)})
		if resp, err := conn.Exchange("GET", &web.Message{Start: "GET / HTTP/1.1"}); err == nil {
			web.Content(resp)
			io.Copy(io.Discard, conn.Rest())
		}
	})
}

var _ host.Stream = (*canned)(nil)
