// Package tls is TLS 1.3 (RFC 9846, before it RFC 8446), client and server: a
// net.Conn over a net.Conn. What a program writes goes into records, encrypted;
// what comes in records is opened and given to the program.
//
//	program ── Write, Read ── Conn ── records ── net.Conn (TCP)
//	                           │
//	                  handshake: keys, certificate, protocol (ALPN)
//
// Everything random comes from Config.Rand, so a simulated run is the same each
// time, byte for byte: for that reason crypto/tls cannot be used. It is built on
// the standard library's ciphers, and not made to withstand attacks that
// measure time.
//
// Simulated hosts need no files to trust each other: they all know one
// authority, whose key is made from bytes that stand in this package. Authority
// issues a certificate for whatever name or address a server has, and
// Setting.Wrap makes client and server use it. Nobody else should trust it.
package tls

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"strata/layers/tlskeys"
)

// Conn is a TLS session over a connection. Besides one Read, one Write may be
// under way; Close may come at any time. The handshake is done by the first of
// Handshake, Read and Write, which must not run beside each other.
type Conn struct {
	under  net.Conn
	cfg    *Config
	client bool

	in      input
	plain   []byte // what was opened and not read yet
	begun   []byte // a handshake message that is not whole yet
	inErr   error  // why nothing more can be read
	done    bool   // the handshake
	failure error  // of the handshake

	suite    tlskeys.Suite
	protocol string
	name     string

	mu      sync.Mutex // of what follows; never held while something blocks
	keys    *tlskeys.Traffic
	writing bool   // somebody is sending
	queue   []byte // what is to be sent after that
	buf     []byte // what is being sent
	update  bool   // the peer has asked for new keys
	ended   bool   // close_notify was sent, or an alert that ends all
	outErr  error  // why nothing more can be sent
	abort   bool   // Close resets
}

// Client is the side that begins.
func Client(under net.Conn, cfg *Config) *Conn { return newConn(under, cfg, true) }

// Server is the side that answers. Cfg needs certificates.
func Server(under net.Conn, cfg *Config) *Conn { return newConn(under, cfg, false) }

func newConn(under net.Conn, cfg *Config, client bool) *Conn {
	return &Conn{under: under, cfg: cfg, client: client, in: input{r: under}}
}

// NetConn is the connection that the session is over.
func (c *Conn) NetConn() net.Conn { return c.under }

// Protocol is what both sides agreed to speak within the session (RFC 7301);
// "": nothing was agreed on.
func (c *Conn) Protocol() string { return c.protocol }

// ServerName is the name that the client asked for; "": none.
func (c *Conn) ServerName() string { return c.name }

// Suite is the number of the cipher suite: 0x1301 for
// TLS_AES_128_GCM_SHA256. It is known after the handshake.
func (c *Conn) Suite() uint16 { return c.suite.ID }

// Handshake agrees on keys, and checks who the server is. It need not be
// called; a second call gives what the first one gave.
func (c *Conn) Handshake() error {
	if c.done || c.failure != nil {
		return c.failure
	}
	h := handshake{Conn: c}
	var err error
	if c.client {
		err = h.asClient()
	} else {
		err = h.asServer()
	}
	c.in.shake, c.in.early = false, 0
	if err != nil {
		c.tell(err)
		c.failure = err
		return err
	}
	c.mu.Lock() // for Close
	c.done = true
	c.mu.Unlock()
	return nil
}

// Read gives what the peer has written. At its end, which the peer must have
// said, the error is io.EOF.
func (c *Conn) Read(b []byte) (int, error) {
	if err := c.Handshake(); err != nil {
		return 0, err
	}
	if len(b) == 0 {
		return 0, nil
	}
	for len(c.plain) == 0 {
		if c.inErr != nil {
			return 0, c.inErr
		}
		kind, content, err := c.in.record()
		if err == nil {
			err = c.take(kind, content)
		}
		if err != nil {
			if temporary(err) {
				return 0, err
			}
			c.tell(err)
			c.inErr = err
		}
	}
	n := copy(b, c.plain)
	c.plain = c.plain[n:]
	return n, nil
}

// temporary says whether it can be gone on with after an error: a deadline
// that has passed is no fault of the session.
func temporary(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// take reads what a record carries, after the handshake.
func (c *Conn) take(kind uint8, content []byte) error {
	if len(c.begun) > 0 && kind != typeHandshake { // RFC 8446 section 5.1
		return fail(UnexpectedMessage, "a handshake message is interrupted")
	}
	switch kind {
	case typeAppData:
		c.plain = content
		return nil
	case typeAlert:
		return peerAlert(content)
	case typeHandshake:
		c.begun = append(c.begun, content...)
		return c.later()
	}
	return fail(UnexpectedMessage, "a record of type %d", kind)
}

// peerAlert is the error that an alert of the peer's means; nil: none.
func peerAlert(b []byte) error {
	if len(b) != 2 {
		return fail(DecodeError, "an alert of %d bytes", len(b))
	}
	switch a := Alert(b[1]); a {
	case CloseNotify:
		return io.EOF
	case userCanceled: // a close_notify follows
		return nil
	default:
		return &Error{Alert: a, Peer: true}
	}
}

// later takes the handshake messages that may come after the handshake (RFC
// 8446 section 4.6).
func (c *Conn) later() error {
	for {
		kind, body, whole, err := nextMessage(&c.begun)
		if err != nil || !whole {
			return err
		}
		switch {
		case kind == msgNewTicket && c.client: // no session is resumed here
			if !validTicket(body) {
				return fail(DecodeError, "a session ticket that is none")
			}
		case kind != msgKeyUpdate:
			return fail(UnexpectedMessage, "a handshake message of type %d after the handshake", kind)
		case len(body) != 1:
			return fail(DecodeError, "a key update of %d bytes", len(body))
		case body[0] > 1:
			return fail(IllegalParameter, "a key update that asks for %d", body[0])
		case len(c.begun) > 0: // RFC 8446 section 5.1
			return fail(UnexpectedMessage, "a record goes on after its keys were changed")
		default:
			c.in.keys.Update()
			c.mu.Lock()
			c.update = c.update || body[0] == 1 // answered with the next write: RFC 8446 section 4.6.3
			c.mu.Unlock()
		}
	}
}

// Write sends b, all its records in one write to the connection below. An
// error, be it only a deadline, ends what can be written.
func (c *Conn) Write(b []byte) (int, error) {
	if err := c.Handshake(); err != nil {
		return 0, err
	}
	if err := c.send(typeAppData, b); err != nil {
		return 0, err
	}
	return len(b), nil
}

// UpdateKeys goes over to new keys for all that is written from here on; with
// ask, the peer is to do so, too.
func (c *Conn) UpdateKeys(ask bool) error {
	if err := c.Handshake(); err != nil {
		return err
	}
	request := byte(0)
	if ask {
		request = 1
	}
	return c.send(typeHandshake, []byte{msgKeyUpdate, 0, 0, 1, request})
}

// send sends records that carry b. After a key update, the keys are new.
func (c *Conn) send(kind uint8, b []byte) error {
	c.mu.Lock()
	if c.ended || c.outErr != nil {
		err := c.outErr
		c.mu.Unlock()
		if err == nil {
			err = net.ErrClosed
		}
		return err
	}
	if len(b) == 0 {
		c.mu.Unlock()
		return nil
	}
	out := c.buf[:0]
	if c.writing {
		out = c.queue
	}
	if c.update && kind == typeAppData {
		c.update = false
		out = sealed(out, c.keys, typeHandshake, []byte{msgKeyUpdate, 0, 0, 1, 0})
		c.keys.Update()
	}
	out = sealed(out, c.keys, kind, b)
	if kind == typeHandshake && c.done {
		c.keys.Update()
	}
	c.ended = kind == typeAlert
	return c.flush(out)
}

// flush sends out, or leaves it to who is sending. It unlocks.
func (c *Conn) flush(out []byte) error {
	if c.writing {
		c.queue = out
		c.mu.Unlock()
		return nil
	}
	c.writing = true
	for len(out) > 0 && c.outErr == nil {
		c.mu.Unlock()
		_, err := c.under.Write(out)
		c.mu.Lock()
		c.outErr = err
		c.buf, out, c.queue = out, c.queue, nil
	}
	if cap(c.buf) > 4*maxSealed {
		c.buf = nil // a large write is no reason to hold so much for ever
	}
	c.writing = false
	err := c.outErr
	c.mu.Unlock()
	return err
}

// tell tells the peer of an error, if it is one of the session's.
func (c *Conn) tell(err error) {
	if alert, ok := alertOf(err); ok {
		_ = c.send(typeAlert, []byte{2, byte(alert)})
	}
}

// CloseWrite says goodbye: nothing more will be written. What the peer writes
// can still be read.
func (c *Conn) CloseWrite() error {
	if err := c.Handshake(); err != nil {
		return err
	}
	if err := c.send(typeAlert, []byte{1, byte(CloseNotify)}); err != nil {
		return err
	}
	if s, ok := c.under.(interface{ CloseWrite() error }); ok {
		return s.CloseWrite()
	}
	return nil
}

// maxGoodbye is how long Close may wait until its goodbye is taken.
const maxGoodbye = 5 * time.Second

// Close says goodbye, if that was not done, and closes the connection.
func (c *Conn) Close() error {
	c.mu.Lock()
	goodbye := c.done && !c.abort && !c.ended
	c.mu.Unlock()
	if goodbye {
		_ = c.under.SetWriteDeadline(c.cfg.Time().Add(maxGoodbye))
		_ = c.send(typeAlert, []byte{1, byte(CloseNotify)})
	}
	return c.under.Close()
}

// SetLinger 0 makes Close reset the connection (net.TCPConn), without a
// goodbye.
func (c *Conn) SetLinger(seconds int) error {
	s, ok := c.under.(interface{ SetLinger(int) error })
	if !ok {
		return errors.ErrUnsupported
	}
	c.mu.Lock()
	c.abort = seconds == 0
	c.mu.Unlock()
	return s.SetLinger(seconds)
}

// SetNoDelay turns Nagle's algorithm off or on (net.TCPConn).
func (c *Conn) SetNoDelay(on bool) error {
	s, ok := c.under.(interface{ SetNoDelay(bool) error })
	if !ok {
		return errors.ErrUnsupported
	}
	return s.SetNoDelay(on)
}

// LocalAddr is this side's address.
func (c *Conn) LocalAddr() net.Addr { return c.under.LocalAddr() }

// RemoteAddr is the peer's address.
func (c *Conn) RemoteAddr() net.Addr { return c.under.RemoteAddr() }

// SetDeadline is net.Conn's.
func (c *Conn) SetDeadline(t time.Time) error { return c.under.SetDeadline(t) }

// SetReadDeadline is net.Conn's.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.under.SetReadDeadline(t) }

// SetWriteDeadline is net.Conn's.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.under.SetWriteDeadline(t) }
