// Package websocket speaks WebSocket (RFC 6455): messages in both directions
// at once, over a connection that began as HTTP.
//
//	Dial   ── HTTP request ──>  Accept
//	  └─ Conn <══ frames ══> Conn ─┘
//	       WriteMessage ─> deflate ─> fragments ─> mask ─┐
//	       ReadMessage <─ inflate <─ UTF-8? <─ unmask <──┘ (the peer's)
//
// Whoever reads never writes, but for the end: what a ping asks for waits its
// turn among what others write. So two sides that both send cannot block each
// other. The frames' form, and the rules for it, are in package layers.
package websocket

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
	"unicode/utf8"

	"strata/layers"
	"strata/sim/host"
)

// What a message is: the opcode of its first frame.
const (
	Text   = layers.WebSocketText
	Binary = layers.WebSocketBinary
)

// Codes that say why a connection is closed (RFC 6455 section 7.4.1).
const (
	Normal        = 1000
	GoingAway     = 1001
	ProtocolError = 1002
	Unsupported   = 1003
	NoStatus      = 1005 // only told: the close frame had no code
	Abnormal      = 1006 // only told: there was no close frame
	BadData       = 1007
	TooBig        = 1009
)

// Conn is one side of a WebSocket connection. One branch may read while others
// write.
type Conn struct {
	Subprotocol string         // what both sides agreed on; "": none
	Deflate     layers.Deflate // how messages are compressed

	host   host.Host
	conn   net.Conn
	server bool
	limit  int           // bytes that a message may have
	only   byte          // the only kind of message that is wanted; 0: both
	wait   time.Duration // for what ends the connection

	in  incoming
	out outgoing

	mu      sync.Mutex // held briefly: never while something blocks
	reading bool       // somebody is in ReadMessage
	sent    bool       // a close frame has been, or is being, sent
	end     error      // why nothing more is to be read; nil: it goes on
	over    host.Signal
}

// incoming is what is known of the frame and the message being read. A read
// that a deadline ends goes on from there.
type incoming struct {
	*bufio.Reader
	above   layers.Above
	frame   layers.WebSocketFrame
	begun   bool   // frame is being read
	at      int    // bytes of its payload that have been read
	control []byte // the payload of a control frame
	message []byte // of a message, as far as it has come
	kind    byte   // the message's opcode
	packed  bool   // the message is compressed
	checked int    // bytes of it that are known to be UTF-8
	counted int    // bytes read since the last message's end
	inflate layers.Inflater
}

func newConn(h host.Host, c net.Conn, r *bufio.Reader, server bool, o *Options) *Conn {
	w := &Conn{host: h, conn: c, server: server, limit: o.MaxMessage, only: o.Only, wait: o.CloseTimeout, over: h.Signal()}
	if w.limit == 0 {
		w.limit = DefaultMaxMessage
	}
	if w.wait == 0 {
		w.wait = DefaultCloseTimeout
	}
	// A message must not wait for the acknowledgment of the one before: like
	// browsers, this does without Nagle's algorithm (RFC 9293 section 3.7.4).
	under := c
	if above, ok := c.(interface{ NetConn() net.Conn }); ok {
		under = above.NetConn()
	}
	if tcp, ok := under.(interface{ SetNoDelay(bool) error }); ok {
		_ = tcp.SetNoDelay(true) // without it, messages come later, but they come
	}
	w.in.Reader = r
	w.in.above.Server = !server // the peer's role
	return w
}

// agreed takes over what the handshake has agreed on.
func (c *Conn) agreed(protocol string, d layers.Deflate) {
	c.Subprotocol, c.Deflate = protocol, d
	c.note("state", "open")
	c.note("subprotocol", protocol)
	c.in.above.Deflate = d.On
	c.out.window, c.out.noContext = d.ClientWindowBits, d.ClientNoContext
	c.in.inflate.NoContext = d.ServerNoContext
	if c.server {
		c.out.window, c.out.noContext = d.ServerWindowBits, d.ServerNoContext
		c.in.inflate.NoContext = d.ClientNoContext
	}
}

// note tells of the session, for a table of sessions.
func (c *Conn) note(field, value string) {
	if value != "" {
		c.host.Note("websocket session", c.conn.LocalAddr().String()+" "+c.conn.RemoteAddr().String(), field, value)
	}
}

// RemoteAddr is the address of the other side.
func (c *Conn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }

// SetReadDeadline lets a read end, with os.ErrDeadlineExceeded; the next one
// goes on where it was.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.conn.SetReadDeadline(t) }

// ReadMessage waits for the next message, and answers pings meanwhile. When
// the other side closes, it is answered, and the error is a *CloseError. When
// the other side breaks the protocol, it is told so, and the error is a
// *Violation. Only one branch may read at a time.
func (c *Conn) ReadMessage() (kind byte, message []byte, err error) {
	c.mu.Lock()
	if err = c.end; err == nil && c.reading {
		err = ErrClosing // by Close, which reads, too
	}
	c.reading = c.reading || err == nil
	c.mu.Unlock()
	if err != nil {
		return 0, nil, err
	}
	kind, message, err = c.read()
	c.mu.Lock()
	c.reading = false
	c.mu.Unlock()
	return kind, message, err
}

// read is ReadMessage for who has claimed it.
func (c *Conn) read() (kind byte, message []byte, err error) {
	for done := false; !done && err == nil; {
		done, err = c.readFrame()
	}
	if ends(err) {
		err = c.ended(err)
	}
	if err != nil {
		return 0, nil, err
	}
	kind, message = c.in.kind, c.in.message
	c.in.message, c.in.checked = nil, 0
	c.host.Got(c.conn, c.in.counted, message)
	c.in.counted = 0
	return kind, message, nil
}

// ends says whether an error is the end of reading: a deadline is not.
func ends(err error) bool {
	var timeout net.Error
	return err != nil && !(errors.As(err, &timeout) && timeout.Timeout())
}

// readFrame reads a frame, or the rest of one; done says that a message is
// whole.
func (c *Conn) readFrame() (done bool, err error) {
	in := &c.in
	if !in.begun {
		if err := c.readHeader(); err != nil {
			return false, err
		}
	}
	to := &in.message
	if in.frame.Control() {
		to = &in.control
	}
	for left := int(in.frame.PayloadLen) - in.at; left > 0; left = int(in.frame.PayloadLen) - in.at {
		if _, err := in.Peek(1); err != nil {
			return false, cut(err)
		}
		old := len(*to)
		*to = append(*to, make([]byte, min(left, in.Buffered()))...)
		n, err := in.Read((*to)[old:])
		*to = (*to)[:old+n]
		if in.frame.Masked {
			layers.WebSocketMask((*to)[old:], in.frame.Key, in.at)
		}
		in.at += n
		in.counted += n
		if err != nil {
			return false, cut(err)
		}
		if err := in.valid(false); err != nil {
			return false, err
		}
	}
	in.begun = false
	in.above = in.above.AfterWebSocket(in.frame)
	if in.frame.Control() {
		return false, c.controlled(in.frame.Opcode, in.control)
	}
	if !in.frame.Fin {
		return false, nil
	}
	return true, c.whole()
}

// cut is the end of the stream where no frame may end it.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readHeader reads the header of the next frame.
func (c *Conn) readHeader() error {
	in := &c.in
	for n := 2; ; {
		b, err := in.Peek(n)
		if err != nil {
			if err == io.EOF && len(b) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		f, ok := layers.WebSocketHeader(b)
		if ok {
			in.frame = f
			break
		}
		n++
	}
	if faults := layers.WebSocketFaults(in.frame, in.above); len(faults) > 0 {
		return &Violation{ProtocolError, fmt.Sprintf("%s (%s)", faults[0].Text, faults[0].RFC)}
	}
	f := in.frame
	if f.Opcode == Text || f.Opcode == Binary {
		in.kind, in.packed = f.Opcode, f.RSV != 0
		if c.only != 0 && in.kind != c.only {
			return &Violation{Unsupported, "This kind of message is not wanted here."}
		}
	}
	if !f.Control() && f.PayloadLen > uint64(c.limit-len(in.message)) {
		return &Violation{TooBig, fmt.Sprintf("A message may have %d bytes at most.", c.limit)}
	}
	if _, err := in.Discard(f.HeaderLen); err != nil {
		return err
	}
	in.counted += f.HeaderLen
	in.begun, in.at, in.control = true, 0, nil
	return nil
}

// valid looks whether a text is UTF-8 as far as it has come; at its end it may
// not stop within a character.
func (in *incoming) valid(end bool) error {
	if in.kind != Text || in.packed && !end || in.frame.Control() {
		return nil
	}
	for in.checked < len(in.message) {
		rest := in.message[in.checked:]
		if !utf8.FullRune(rest) && !end {
			break
		}
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			return &Violation{BadData, "The text is not UTF-8 (RFC 6455 sec. 8.1)."}
		}
		in.checked += n
	}
	return nil
}

// whole finishes the message of which all frames have come.
func (c *Conn) whole() error {
	in := &c.in
	if in.packed {
		plain, err := in.inflate.Message(in.message, c.limit)
		switch {
		case err == layers.ErrInflated:
			return &Violation{TooBig, fmt.Sprintf("A message may have %d bytes at most.", c.limit)}
		case err != nil:
			return &Violation{BadData, "The message cannot be unpacked (RFC 7692 sec. 7.2.2)."}
		}
		in.message = plain
	}
	if in.message == nil {
		in.message = []byte{}
	}
	return in.valid(true)
}

// controlled does what a control frame asks for.
func (c *Conn) controlled(opcode byte, payload []byte) error {
	switch opcode {
	case layers.WebSocketPing:
		c.answer(payload)
	case layers.WebSocketClose:
		if fault := layers.WebSocketCloseFault(payload); fault != nil {
			code := uint16(ProtocolError)
			if len(payload) > 2 && layers.WebSocketCloseFault(payload[:2]) == nil {
				code = BadData // it is the reason that is wrong: not UTF-8
			}
			return &Violation{code, fmt.Sprintf("%s (%s)", fault.Text, fault.RFC)}
		}
		return closeError(payload)
	}
	return nil // a pong: that something came is all that it tells
}
