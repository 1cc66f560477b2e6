package websocket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/klauspost/compress/flate"

	"strata/layers"
	"strata/sim/host"
)

// ErrClosing says that a message was not sent, for the connection is closed or
// about to be.
var ErrClosing = errors.New("the connection is being closed")

// outgoing is what waits to be written, and who writes.
type outgoing struct {
	busy    bool          // somebody has the turn
	waiting []host.Signal // who comes next
	pongs   [][]byte      // to be sent as soon as a frame has ended
	err     error         // what went wrong when writing

	window    uint8 // of the compression, as a power of 2; 0: 15
	noContext bool
	packer    *flate.Writer
	packed    bytes.Buffer
}

// frame is a frame to be sent.
type frame struct {
	first   byte // FIN, RSV1 and opcode
	payload []byte
}

const (
	finBit  = 0x80
	packBit = 0x40
)

// WriteMessage sends a message: text, which must be UTF-8, or binary. It
// returns when the message has been taken to be sent. Several branches may
// write at once. When either side has begun to close, the error is ErrClosing:
// who reads learns why.
func (c *Conn) WriteMessage(kind byte, message []byte) error {
	return c.WriteFragments(kind, message, 0)
}

// WriteFragments sends a message in frames of at most size bytes of payload;
// 0: in one.
func (c *Conn) WriteFragments(kind byte, message []byte, size int) error {
	if err := c.turn(); err != nil {
		return err
	}
	defer c.release()
	if c.closing() {
		return ErrClosing
	}
	first, payload := kind, message
	if c.Deflate.On {
		var err error
		if payload, err = c.pack(message); err != nil {
			return err
		}
		first |= packBit
	}
	frames := fragments(first, payload, size)
	n := 0
	for _, f := range frames {
		n += layers.WebSocketHeaderLen(uint64(len(f.payload)), !c.server) + len(f.payload)
	}
	if message == nil {
		message = []byte{}
	}
	c.host.Sending(c.conn, n, message)
	for i, f := range frames {
		// RFC 6455 section 5.4: control frames may come between fragments.
		if i > 0 {
			if err := c.between(); err != nil {
				return err
			}
		}
		if err := c.writeFrame(f); err != nil {
			return err
		}
	}
	return nil
}

// fragments cuts a message up. Only its first frame tells what it is.
func fragments(first byte, payload []byte, size int) (frames []frame) {
	for size > 0 && len(payload) > size {
		frames = append(frames, frame{first, payload[:size]})
		payload, first = payload[size:], layers.WebSocketContinuation
	}
	return append(frames, frame{first | finBit, payload})
}

// Ping asks the other side whether it is there. Of data, 125 bytes are sent at
// most.
func (c *Conn) Ping(data []byte) error {
	if err := c.turn(); err != nil {
		return err
	}
	defer c.release()
	if c.closing() {
		return ErrClosing
	}
	return c.writeFrame(frame{finBit | layers.WebSocketPing, data[:min(len(data), maxControl)]})
}

// closing says whether a close frame has been sent: nothing may follow it (RFC
// 6455 section 5.5.1).
func (c *Conn) closing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent || c.end != nil
}

// maxPongs is how many pings may wait for their answers.
const maxPongs = 100

// answer lets a pong be sent by who writes, or else by a branch of its own. Of
// pings that come faster than pongs can leave, the last ones are answered (RFC
// 6455 section 5.5.3).
func (c *Conn) answer(ping []byte) {
	c.mu.Lock()
	if len(c.out.pongs) == maxPongs {
		c.out.pongs = c.out.pongs[1:]
	}
	c.out.pongs = append(c.out.pongs, ping)
	idle := !c.out.busy
	c.out.busy = true
	c.mu.Unlock()
	if idle {
		c.host.Go(c.release)
	}
}

// turn waits until nobody else writes.
func (c *Conn) turn() error {
	c.mu.Lock()
	if !c.out.busy {
		c.out.busy = true
		c.mu.Unlock()
		return nil
	}
	s := c.host.Signal()
	c.out.waiting = append(c.out.waiting, s)
	c.mu.Unlock()
	return s.Wait(noDeadline)
}

// release sends the pongs that wait, and gives the turn to the next one.
func (c *Conn) release() {
	for {
		_ = c.between() // it is kept in c.out.err
		c.mu.Lock()
		if len(c.out.pongs) > 0 && c.out.err == nil && !c.sent {
			c.mu.Unlock()
			continue // one came just now
		}
		var next host.Signal
		if len(c.out.waiting) > 0 {
			next, c.out.waiting = c.out.waiting[0], c.out.waiting[1:]
		}
		c.out.busy = next != nil
		c.mu.Unlock()
		if next != nil {
			next.Notify()
		}
		return
	}
}

// between sends the pongs that wait; who calls has the turn.
func (c *Conn) between() error {
	c.mu.Lock()
	pongs, sent := c.out.pongs, c.sent
	c.out.pongs = nil
	c.mu.Unlock()
	if sent {
		return ErrClosing
	}
	for _, pong := range pongs {
		if err := c.writeFrame(frame{finBit | layers.WebSocketPong, pong}); err != nil {
			return err
		}
	}
	return nil
}

// writeFrame writes a frame; who calls has the turn.
func (c *Conn) writeFrame(f frame) error {
	c.mu.Lock()
	err := c.out.err
	c.mu.Unlock()
	if err != nil {
		return err
	}
	n := uint64(len(f.payload))
	b := make([]byte, 0, layers.WebSocketHeaderLen(n, true)+len(f.payload))
	mask := byte(0)
	if !c.server {
		mask = 0x80
	}
	switch layers.WebSocketHeaderLen(n, false) {
	case 2:
		b = append(b, f.first, mask|byte(n))
	case 4:
		b = binary.BigEndian.AppendUint16(append(b, f.first, mask|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, f.first, mask|127), n)
	}
	if !c.server {
		var key [4]byte // RFC 6455 section 5.3: a new one for each frame
		binary.BigEndian.PutUint32(key[:], c.host.Rand().Uint32())
		b = append(b, key[:]...)
		b = append(b, f.payload...)
		layers.WebSocketMask(b[len(b)-len(f.payload):], key, 0)
	} else {
		b = append(b, f.payload...)
	}
	if _, err = c.conn.Write(b); err != nil {
		err = fmt.Errorf("sending a frame: %w", err)
		c.mu.Lock()
		c.out.err = err // where the next frame would begin is not known
		c.mu.Unlock()
	}
	return err
}
