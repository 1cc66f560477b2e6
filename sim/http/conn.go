// Package http speaks HTTP/1.1 (RFC 9112): pages, polling, and the way into the
// protocols that begin as HTTP.
//
//	Client ── Message ──> Conn ══ bytes ══> Conn ──> Serve ──> Handler ──> Answer
//	Browser ┘   <──────── Response ────────────────────┘          └──> Take: an upgrade
//
// The messages' heads are read by net/http; who writes, and when, is decided
// here, so that a simulated run is the same every time.
package http

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"strata/sim/host"
)

// What a message that is read may have, in bytes.
const (
	maxHead = 64 << 10
	maxBody = 4 << 20 // as it travels, and when it is unpacked
)

var errTooLarge = fmt.Errorf("the message's body is longer than %d bytes", maxBody)

// Conn is one side of a connection that carries HTTP messages. It tells the
// host of each, whole, as it is sent and as it was got.
type Conn struct {
	net.Conn
	host  host.Host
	buf   *bufio.Reader
	read  int // bytes read from the connection
	told  int // of these, bytes of messages that are whole
	limit int // read is not to exceed it
}

// NewConn reads and writes HTTP on a connection.
func NewConn(h host.Host, c net.Conn) *Conn {
	r := &Conn{Conn: c, host: h}
	r.buf = bufio.NewReader(below{r})
	return r
}

// below is the connection under the buffer of a Conn.
type below struct{ c *Conn }

func (b below) Read(p []byte) (int, error) {
	if b.c.read >= b.c.limit {
		return 0, fmt.Errorf("the message's head is longer than %d bytes", maxHead)
	}
	n, err := b.c.Conn.Read(p)
	b.c.read += n
	return n, err
}

// Rest is where to read what follows the messages, in another protocol: some
// of it may have come with the last message.
func (c *Conn) Rest() *bufio.Reader {
	c.limit = math.MaxInt
	return c.buf
}

// begin waits for the first byte of a message. The error is io.EOF when the
// stream ends instead.
func (c *Conn) begin() error {
	c.limit = c.read + maxHead
	_, err := c.buf.Peek(1)
	return err
}

// body reads a message's body to its end, and tells of the message.
func (c *Conn) body(from io.ReadCloser) (io.ReadCloser, error) {
	c.limit = math.MaxInt
	b, err := io.ReadAll(io.LimitReader(from, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("after %d bytes of the body: %w", len(b), err)
	}
	if len(b) > maxBody {
		return nil, errTooLarge
	}
	n := c.read - c.buf.Buffered() - c.told
	c.told += n
	c.host.Got(c.Conn, n, nil)
	return io.NopCloser(bytes.NewReader(b)), nil
}

// ReadRequest reads a request, with its body. At the end of the stream the
// error is io.EOF.
func (c *Conn) ReadRequest() (*http.Request, error) {
	if err := c.begin(); err != nil {
		return nil, err
	}
	req, err := http.ReadRequest(c.buf)
	if err != nil {
		return nil, err
	}
	// "100-continue": the client holds its body back until it is asked for it
	// (RFC 9110 section 10.1.1).
	if strings.EqualFold(req.Header.Get("Expect"), "100-continue") && req.ProtoAtLeast(1, 1) {
		if err := c.Send(&Message{Start: "HTTP/1.1 100 Continue"}); err != nil {
			return nil, err
		}
	}
	req.RemoteAddr = c.RemoteAddr().String()
	req.Body, err = c.body(req.Body)
	return req, err
}

// ReadResponse reads the response to a request with that method, with its body.
func (c *Conn) ReadResponse(method string) (*http.Response, error) {
	if err := c.begin(); err != nil {
		return nil, host.TooSoon(err)
	}
	resp, err := http.ReadResponse(c.buf, &http.Request{Method: method})
	if err != nil {
		return nil, err
	}
	resp.Body, err = c.body(resp.Body)
	return resp, err
}

// Exchange sends a request and reads the response that counts: others, with a
// status of 1xx, may come before it (RFC 9110 section 15.2). The status 101
// counts: what follows then is another protocol's, to be read from Rest.
func (c *Conn) Exchange(method string, m *Message) (*http.Response, error) {
	if err := c.Send(m); err != nil {
		return nil, err
	}
	for {
		resp, err := c.ReadResponse(method)
		if err != nil || resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, err
		}
	}
}

// ended says whether the peer has closed a connection between two messages.
func (c *Conn) ended() bool {
	// A moment to look, for what has come already.
	c.SetReadDeadline(c.host.Now().Add(time.Microsecond))
	defer c.SetReadDeadline(time.Time{})
	return !errors.Is(c.begin(), os.ErrDeadlineExceeded)
}

// closedFirst says whether an exchange failed because the peer had closed the
// connection before it saw the request, or could have.
func (c *Conn) closedFirst(err error) bool {
	return err != nil && c.read == c.told && !errors.Is(err, net.ErrClosed)
}
