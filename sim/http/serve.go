package http

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"strata/sim/host"
)

// Handler answers a request, whose body has been read. It may block: the
// client waits (long polling, RFC 6202 section 2.1).
type Handler func(req *http.Request) Answer

// Answer is what a server says to a request.
type Answer struct {
	Status int
	Fields []string // beside Date and what frames the body, like "Content-Type: text/html"
	Body   *Body    // nil: none
	// Take, when there is one, gets the connection instead, and answers
	// itself: the request asked for another protocol (RFC 9110 section 7.8).
	// r holds what has been read ahead; c is to be written to. The connection
	// is closed when Take returns.
	Take func(c net.Conn, r *bufio.Reader) error
}

// plain is an answer that is a line of text.
func plain(status int, text string) Answer {
	return Answer{Status: status, Fields: []string{"Content-Type: text/plain"}, Body: Text([]byte(text))}
}

// Serve answers a connection's requests, one after the other, until either
// side has had enough; that includes a client that is silent for idle (0: no
// limit). Requests that come before their predecessors are answered wait.
func Serve(h host.Host, conn net.Conn, idle time.Duration, handle Handler) error {
	c := NewConn(h, conn)
	for {
		if idle > 0 {
			if err := c.SetReadDeadline(h.Now().Add(idle)); err != nil {
				return err
			}
		}
		req, err := c.ReadRequest()
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return c.linger(idle)
		case err != nil:
			return c.refuse(err)
		}
		a := Answer{}
		last := req.Close || !req.ProtoAtLeast(1, 1)
		if req.ProtoAtLeast(1, 1) && req.Host == "" {
			// RFC 9112 section 3.2.
			a, last = plain(http.StatusBadRequest, "The Host header is missing.\n"), true
		} else {
			a = handle(req)
		}
		if a.Take != nil {
			if err := c.SetReadDeadline(time.Time{}); err != nil {
				return err
			}
			return a.Take(conn, c.Rest())
		}
		if err := c.answer(req, a, last); err != nil {
			return err
		}
		if last {
			// Not closed at once: what the client may still send would be
			// answered with a reset, and that could take away the response
			// (RFC 9112 section 9.6).
			return host.Finish(conn)
		}
	}
}

// linger ends an idle connection. A client that asks at this very moment must
// see that it is closed, not reset, to know that nothing was done; one that
// does not go away then is left.
func (c *Conn) linger(idle time.Duration) error {
	if err := c.SetReadDeadline(c.host.Now().Add(idle)); err != nil {
		return err
	}
	if err := host.Finish(c.Conn); !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return nil
}

// answer sends the answer to a request; req is nil when there was none.
func (c *Conn) answer(req *http.Request, a Answer, last bool) error {
	body := a.Body
	if body == nil && a.Status != http.StatusNoContent && a.Status != http.StatusNotModified {
		body = &Body{} // its length of 0 must be told
	}
	// Chunks are for those who know them: not HTTP/1.0 (RFC 9112 section 6.1).
	if body != nil && req != nil && !req.ProtoAtLeast(1, 1) {
		body = &Body{Payload: body.Payload}
	}
	m := Message{Start: fmt.Sprintf("HTTP/1.1 %d %s", a.Status, http.StatusText(a.Status))}
	m.Fields = append(m.Fields, "Date: "+c.host.Now().UTC().Format(http.TimeFormat))
	m.Fields = append(m.Fields, a.Fields...)
	framing := body.framing()
	if last {
		m.Fields = append(m.Fields, framing)
		framing = "Connection: close"
	}
	if req != nil && req.Method == "HEAD" {
		body = nil // the head alone, as for GET (RFC 9110 section 9.3.2)
	}
	return c.send(m.head(framing), body)
}

// refuse answers what is no request, and ends the connection: where the next
// one would begin is unknown.
func (c *Conn) refuse(err error) error {
	if err == io.ErrUnexpectedEOF {
		return host.TooSoon(io.EOF)
	}
	a := plain(http.StatusBadRequest, "That is not an HTTP request.\n")
	if err == errTooLarge {
		a = plain(http.StatusRequestEntityTooLarge, "That is too much.\n")
	}
	if sendErr := c.answer(nil, a, true); sendErr != nil {
		return sendErr
	}
	_ = host.Finish(c.Conn) // what is wrong is known already
	return fmt.Errorf("not an HTTP request: %w", err)
}
