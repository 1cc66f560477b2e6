package realhost

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"net"
	"sync"
)

// Message is one application message, as a program framed it.
type Message struct {
	Sent   bool // by a program of this host; else one got it
	From   net.Addr
	To     net.Addr
	Bytes  int
	SHA256 [sha256.Size]byte
}

func (h *Host) tell(m Message) {
	h.reporting.Lock()
	defer h.reporting.Unlock()
	h.report(m)
}

// streamConn is a TCP connection that watches the messages pass.
type streamConn struct {
	net.Conn // without the TCP connection's ReadFrom and WriteTo, which would pass bytes by
	tcp      *net.TCPConn
	host     *Host

	mu   sync.Mutex
	size int       // of the message being written, bytes
	left int       // of these, still to be written
	sum  hash.Hash // over those written
	in   []byte    // read, and no message made of it yet

	above bool // messages are counted in the bytes of a connection above this one
}

// sending begins a message of n bytes, counted in this connection's own (plain)
// or in one's above it. One without data of its own above is not told of: its
// bytes are not seen here.
func (c *streamConn) sending(n int, data []byte, plain bool) {
	if c.host.report == nil {
		return
	}
	if data != nil {
		c.host.tell(Message{Sent: true, From: c.LocalAddr(), To: c.RemoteAddr(), Bytes: len(data), SHA256: sha256.Sum256(data)})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left > 0 {
		panic(fmt.Sprintf("a message of %d bytes begins while %d of another are to be written", n, c.left))
	}
	if data == nil && plain {
		c.size, c.left, c.sum = n, n, sha256.New()
	}
}

func (c *streamConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	part := b[:min(n, c.left)]
	if len(part) == 0 {
		return n, c.host.orEnded(err)
	}
	c.sum.Write(part)
	if c.left -= len(part); c.left == 0 {
		m := Message{Sent: true, From: c.LocalAddr(), To: c.RemoteAddr(), Bytes: c.size}
		c.sum.Sum(m.SHA256[:0])
		c.host.tell(m)
	}
	return n, c.host.orEnded(err)
}

func (c *streamConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.host.report != nil && n > 0 {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.above {
			c.in = append(c.in, b[:n]...)
		}
	}
	return n, c.host.orEnded(err)
}

// got ends a message of n bytes, counted as sending counts them.
func (c *streamConn) got(n int, data []byte, plain bool) {
	if c.host.report == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !plain {
		c.above, c.in = true, nil
	}
	if plain && n > len(c.in) {
		panic(fmt.Sprintf("a message of %d bytes, but only %d were read", n, len(c.in)))
	}
	if plain {
		if data == nil {
			data = c.in[:n]
		}
		c.in = c.in[n:]
	}
	if data != nil {
		c.host.tell(Message{From: c.RemoteAddr(), To: c.LocalAddr(), Bytes: len(data), SHA256: sha256.Sum256(data)})
	}
}

func (c *streamConn) Close() error {
	c.host.forget(c.tcp)
	return c.Conn.Close()
}

// CloseWrite says that no more will be sent.
func (c *streamConn) CloseWrite() error { return c.tcp.CloseWrite() }

// SetLinger decides what Close does with what is not sent yet; see net.TCPConn.
func (c *streamConn) SetLinger(seconds int) error { return c.tcp.SetLinger(seconds) }

// SetNoDelay switches Nagle's algorithm off, or on.
func (c *streamConn) SetNoDelay(on bool) error { return c.tcp.SetNoDelay(on) }

// listener gives connections of its host.
type listener struct {
	net.Listener
	host *Host
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, l.host.orEnded(err)
	}
	return l.host.wrap(c)
}

func (l *listener) Close() error {
	l.host.forget(l.Listener)
	return l.Listener.Close()
}

// datagramConn is a connected datagram socket: each datagram is a message.
type datagramConn struct {
	net.Conn
	host *Host
}

func (c *datagramConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if err == nil {
		c.host.tellDatagram(b, true, c.LocalAddr(), c.RemoteAddr())
	}
	return n, c.host.orEnded(err)
}

func (c *datagramConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err == nil {
		c.host.tellDatagram(b[:n], false, c.RemoteAddr(), c.LocalAddr())
	}
	return n, c.host.orEnded(err)
}

func (c *datagramConn) Close() error {
	c.host.forget(c.Conn)
	return c.Conn.Close()
}

// packetConn is a datagram socket that is not connected.
type packetConn struct {
	net.PacketConn
	host *Host
}

func (c *packetConn) WriteTo(b []byte, to net.Addr) (int, error) {
	n, err := c.PacketConn.WriteTo(b, to)
	if err == nil {
		c.host.tellDatagram(b, true, c.LocalAddr(), to)
	}
	return n, c.host.orEnded(err)
}

func (c *packetConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.PacketConn.ReadFrom(b)
	if err == nil {
		c.host.tellDatagram(b[:n], false, from, c.LocalAddr())
	}
	return n, from, c.host.orEnded(err)
}

func (c *packetConn) Close() error {
	c.host.forget(c.PacketConn)
	return c.PacketConn.Close()
}

func (h *Host) tellDatagram(b []byte, sent bool, from, to net.Addr) {
	if h.report != nil {
		h.tell(Message{Sent: sent, From: from, To: to, Bytes: len(b), SHA256: sha256.Sum256(b)})
	}
}
