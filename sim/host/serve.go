package host

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// Stream is what a Host's TCP connections can do beyond net.Conn, as far as
// programs need it.
type Stream interface {
	net.Conn
	CloseWrite() error
	SetLinger(seconds int) error
}

// Finish ends a stream well: it says that no more will be sent, and waits until
// the peer has said so too. Had it only closed, it would never learn that the
// peer refused what was still on its way.
func Finish(c net.Conn) error {
	if err := c.(Stream).CloseWrite(); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, onlyReader{c}); err != nil {
		return err
	}
	return c.Close()
}

// onlyReader hides a connection's WriteTo, which need not go by its Read.
type onlyReader struct{ io.Reader }

// Failures are what went wrong in the parts of a server. It stays in service,
// and tells of it when it ends.
type Failures struct {
	mu    sync.Mutex
	first error
	more  int
}

// Add notes a failure; the end of the host is none.
func (f *Failures) Add(err error) {
	if err == nil || errors.Is(err, net.ErrClosed) {
		return // ErrClosed: the host ended, which is no failure of a server
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.first == nil {
		f.first = err
	} else {
		f.more++
	}
}

// Err is the first failure, told as the program's.
func (f *Failures) Err(program string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.first == nil:
		return nil
	case f.more > 0:
		return fmt.Errorf("%s: %w (and %d more failures)", program, f.first, f.more)
	}
	return fmt.Errorf("%s: %w", program, f.first)
}

// ServeStreams accepts connections until the host ends, and runs handle beside
// itself for each, which is closed thereafter.
func ServeStreams(h Host, address string, f *Failures, handle func(net.Conn) error) {
	l, err := h.Listen("tcp", address)
	if err != nil {
		f.Add(err)
		return
	}
	defer l.Close()
	for {
		c, err := l.Accept()
		if err != nil {
			f.Add(err)
			return
		}
		h.Go(func() {
			defer c.Close()
			if err := handle(c); err != nil {
				f.Add(fmt.Errorf("connection from %v: %w", c.RemoteAddr(), err))
			}
		})
	}
}

// MaxDatagram is the most that a datagram can carry: 65535 bytes, less the
// smallest headers of IPv4 and UDP.
const MaxDatagram = 65507

// ServeDatagrams takes datagrams until the host ends, and sends what answer
// makes of each back to where it came from; nil: nothing.
func ServeDatagrams(h Host, address string, f *Failures, answer func(b []byte) []byte) {
	pc, err := h.ListenPacket("udp", address)
	if err != nil {
		f.Add(err)
		return
	}
	defer pc.Close()
	buf := make([]byte, MaxDatagram)
	for {
		n, from, err := pc.ReadFrom(buf)
		if err != nil {
			f.Add(err)
			return
		}
		if b := answer(buf[:n]); b != nil {
			if _, err := pc.WriteTo(b, from); err != nil {
				f.Add(fmt.Errorf("datagram to %v: %w", from, err))
			}
		}
	}
}

// UnlessEnd is nil for the end of a stream, where it is no failure.
func UnlessEnd(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// TooSoon tells the end of a stream where more was due.
func TooSoon(err error) error {
	if err == io.EOF {
		return fmt.Errorf("the peer ended the connection first: %w", io.ErrUnexpectedEOF)
	}
	return err
}
