package websocket

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"strata/layers"
)

// DefaultCloseTimeout is how long to wait for the other side when a connection
// is closed.
const DefaultCloseTimeout = 5 * time.Second

var noDeadline time.Time

// CloseError is the end of a connection that the other side closed: the code
// of its close frame (1005: it had none) and the reason in words.
type CloseError struct {
	Code   uint16
	Reason string
}

func (e *CloseError) Error() string {
	text := fmt.Sprintf("the peer closed the connection with code %d", e.Code)
	if e.Reason != "" {
		text += fmt.Sprintf(" (%q)", e.Reason)
	}
	return text
}

// Violation is the end of a connection whose other side broke the protocol. It
// is told so with the code.
type Violation struct {
	Code uint16
	Text string
}

func (e *Violation) Error() string {
	return fmt.Sprintf("the peer broke the protocol, the connection is closed with code %d: %s", e.Code, e.Text)
}

// closeError reads the payload of a close frame, which is right.
func closeError(payload []byte) *CloseError {
	if len(payload) == 0 {
		return &CloseError{Code: NoStatus}
	}
	return &CloseError{binary.BigEndian.Uint16(payload), string(payload[2:])}
}

// Close closes the connection well: it says why, waits until the other side
// says so too, and ends the TCP connection. Messages that come meanwhile are
// lost. Code 1005 sends none. It is an error when the other side does not
// answer in time.
func (c *Conn) Close(code uint16, reason string) error {
	c.mu.Lock()
	end, reading := c.end, c.reading
	c.reading = true
	c.mu.Unlock()
	if end != nil {
		return nil // it has ended already, and who reads knows how
	}
	until := c.host.Now().Add(c.wait)
	if err := c.say(code, reason, until); err != nil {
		return c.abort(fmt.Errorf("closing: %w", err))
	}
	var err error
	if reading {
		err = c.over.Wait(until) // who reads does the rest
	} else {
		if err = c.conn.SetReadDeadline(until); err == nil {
			err = c.untilClosed()
		}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return c.abort(fmt.Errorf("closing: the peer did not answer within %v: %w", c.wait, err))
	}
	var closed *CloseError
	if errors.As(err, &closed) {
		return nil
	}
	return err
}

// untilClosed reads until the other side has closed.
func (c *Conn) untilClosed() (err error) {
	for err == nil {
		_, _, err = c.read()
	}
	return err
}

// abort ends the connection at once.
func (c *Conn) abort(err error) error {
	c.mu.Lock()
	if c.end == nil {
		c.end = err
	}
	c.mu.Unlock()
	c.note("state", "closed")
	_ = c.conn.Close()
	return err
}

// Abort ends the connection without a word.
func (c *Conn) Abort() { _ = c.abort(net.ErrClosed) }

// say sends a close frame, unless one was sent before. What others still write
// may delay it until then.
func (c *Conn) say(code uint16, reason string, until time.Time) error {
	if err := c.conn.SetWriteDeadline(until); err != nil {
		return err
	}
	if err := c.turn(); err != nil {
		return err
	}
	defer c.release()
	c.mu.Lock()
	sent := c.sent
	c.sent = true
	c.mu.Unlock()
	if sent {
		return nil
	}
	var payload []byte
	if code != NoStatus {
		payload = append(binary.BigEndian.AppendUint16(nil, code), reason...)
	}
	return c.writeFrame(frame{finBit | layers.WebSocketClose, payload[:min(len(payload), maxControl)]})
}

// maxControl is the most that a control frame can carry (RFC 6455 section
// 5.5).
const maxControl = 125

// ended does what has to be done when nothing more is to be read, and keeps
// why. Who waits in Close learns of it.
func (c *Conn) ended(err error) error {
	var closed *CloseError
	var wrong *Violation
	until := c.host.Now().Add(c.wait)
	switch {
	case errors.As(err, &closed): // RFC 6455 section 5.5.1: its code is sent back
		if sayErr := c.say(closed.Code, "", until); sayErr == nil {
			c.finish(until)
		}
	case errors.As(err, &wrong): // RFC 6455 section 7.1.7
		if sayErr := c.say(wrong.Code, fit(wrong.Text), until); sayErr == nil {
			c.finish(until)
		}
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		err = fmt.Errorf("the connection ended without a close frame (code %d): %w", Abnormal, io.ErrUnexpectedEOF)
	}
	c.mu.Lock()
	c.end = err
	c.mu.Unlock()
	c.note("state", "closed")
	_ = c.conn.Close()
	c.over.Notify()
	return err
}

// fit shortens a reason to what a close frame can carry.
func fit(text string) string { return text[:min(len(text), maxControl-2)] }

// finish ends the TCP connection. The server does it first, for the one who
// does keeps its port in TIME-WAIT (RFC 6455 section 7.1.1); the client waits
// for it. What the other side still sends is read: otherwise it would be
// answered with a reset, which could take away the close frame.
func (c *Conn) finish(until time.Time) {
	half, ok := c.conn.(interface{ CloseWrite() error })
	if c.server && ok && half.CloseWrite() != nil {
		return
	}
	if c.conn.SetReadDeadline(until) != nil {
		return
	}
	for b := make([]byte, 4096); ; {
		if _, err := c.in.Read(b); err != nil {
			return
		}
	}
}
