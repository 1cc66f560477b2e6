package node

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"strata/sim/tcp"
	"strata/trace"
)

// fourTuple names a TCP connection at a station.
type fourTuple struct {
	localIP, remoteIP     uint32
	localPort, remotePort uint16
}

func (k fourTuple) local() netip.AddrPort  { return netip.AddrPortFrom(addr(k.localIP), k.localPort) }
func (k fourTuple) remote() netip.AddrPort { return netip.AddrPortFrom(addr(k.remoteIP), k.remotePort) }

func tcpAddr(a netip.AddrPort) net.Addr { return net.TCPAddrFromAddrPort(a) }

// conn is a TCP socket: a tcp.Conn with its two streams of bytes, as a
// net.Conn. The stack's side of it is in conn_stack.go.
type conn struct {
	s        *Station
	key      fourTuple
	tcp      *tcp.Conn
	program  string
	listener *listener // until the connection is established
	wakeup   *wakeup

	out      *trace.Source // bytes written
	outPDU   trace.PDUID
	messages []message // announced by Sending, not begun
	space    int       // bytes that may be written now
	sent     int64     // up to where the stream has been sent
	queues   queues

	in      inbox
	gotUpTo int64 // end of the last message that the program had
	above   *overheard
	passive bool // the other side opened it

	state    tcp.State
	err      error // how the connection failed
	peerDone bool
	closed   bool // by the program
	noLinger bool // Close resets
	wroteEnd bool // CloseWrite was called
	endRead  bool // the program knows that the stream has ended

	readers, writers, openers   waiters
	readDeadline, writeDeadline trace.Time
	names                       names
}

// message is a range of the stream that the program calls one message.
type message struct {
	off   int64
	n     int
	data  []byte // what it is, when it is not the range's bytes
	above bool   // the range lies in what TLS protects
}

func (s *Station) dialTCP(program string, src, dst uint32, port uint16) (net.Conn, error) {
	k := fourTuple{localIP: src, remoteIP: dst, remotePort: port}
	if s.isBroadcast(dst) { // RFC 9293 section 3.9.2.3 (MUST-46)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: tcpAddr(k.remote()), Err: syscall.ENETUNREACH}
	}
	taken := func(p uint16) bool {
		k.localPort = p
		return s.conns[k] != nil || s.listeners[p] != nil
	}
	var err error
	if k.localPort, err = s.nextPort(taken); err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: tcpAddr(k.remote()), Err: err}
	}
	iss := tcp.ISN(s.Rec.Clock.Now(), k.local(), k.remote(), s.isnKey)
	c := s.newConn(k, tcp.New(s.config(dst), iss), program, nil)
	c.step(tcp.Input{Kind: tcp.Open}, nil, s.cause())
	for c.state < tcp.Established && c.err == nil {
		if !s.Sched.wait(&c.openers, 0) {
			return nil, c.opError("dial", net.ErrClosed)
		}
	}
	if c.err != nil && c.state < tcp.Established {
		return nil, c.opError("dial", c.err)
	}
	return c, nil
}

// Read waits for bytes of the stream (net.Conn).
func (c *conn) Read(b []byte) (int, error) {
	for {
		switch {
		case c.s.over() || c.closed:
			return 0, c.opError("read", net.ErrClosed)
		case c.readDeadline != 0 && c.s.Rec.Clock.Now() >= c.readDeadline:
			return 0, c.opError("read", os.ErrDeadlineExceeded)
		case c.in.readable() > 0 || len(b) == 0:
			return c.take(b), nil
		case c.err != nil:
			return 0, c.opError("read", c.err)
		case c.peerDone:
			c.readEnd()
			return 0, io.EOF
		}
		if !c.s.Sched.wait(&c.readers, c.readDeadline) {
			return 0, c.opError("read", net.ErrClosed)
		}
	}
}

// take moves bytes that are in order to the program.
func (c *conn) take(b []byte) int {
	off := c.in.read
	n := c.in.take(b)
	if n == 0 {
		return 0
	}
	c.s.Rec.Stats.BytesDelivered += int64(n)
	cause := c.recordRead(off, b[:n])
	c.step(tcp.Input{Kind: tcp.Consume, N: n}, nil, cause)
	return n
}

// Write hands bytes to the stream; it waits while the send buffer is full
// (net.Conn).
func (c *conn) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		switch {
		case c.s.over() || c.closed:
			return n, c.opError("write", net.ErrClosed)
		case c.err != nil:
			return n, c.opError("write", c.err)
		case c.wroteEnd:
			return n, c.opError("write", syscall.EPIPE)
		case c.writeDeadline != 0 && c.s.Rec.Clock.Now() >= c.writeDeadline:
			return n, c.opError("write", os.ErrDeadlineExceeded)
		case c.space == 0:
			if !c.s.Sched.wait(&c.writers, c.writeDeadline) {
				return n, c.opError("write", net.ErrClosed)
			}
			continue
		}
		k := min(c.space, len(b))
		c.out.Write(b[:k])
		cause := c.recordWrite(b[:k])
		c.s.Rec.Stats.BytesSent += int64(k)
		c.step(tcp.Input{Kind: tcp.Write, N: k}, nil, cause)
		n, b = n+k, b[k:]
	}
	return n, nil
}

// CloseWrite ends the stream that this side sends.
func (c *conn) CloseWrite() error {
	if c.closed || c.wroteEnd {
		return c.opError("close", net.ErrClosed)
	}
	c.wroteEnd = true
	if c.err == nil && c.state != tcp.Closed {
		c.step(tcp.Input{Kind: tcp.CloseWrite}, nil, c.s.cause())
	}
	return nil
}

// Close gives the socket back. What was written is still sent, unless
// SetLinger(0) asked for a reset.
func (c *conn) Close() error {
	if c.closed {
		return c.opError("close", net.ErrClosed)
	}
	if c.noLinger {
		c.abort(c.s.cause())
		return nil
	}
	c.closed = true
	if c.state != tcp.Closed {
		c.step(tcp.Input{Kind: tcp.Close}, nil, c.s.cause())
	}
	c.wake(c.s.cause())
	return nil
}

func (c *conn) abort(cause trace.EventID) {
	c.closed = true
	if c.state != tcp.Closed {
		c.step(tcp.Input{Kind: tcp.Abort}, nil, cause)
	}
	c.wake(cause)
}

// wake lets every blocked call look again.
func (c *conn) wake(cause trace.EventID) {
	c.s.Sched.wakeAll(&c.readers, cause)
	c.s.Sched.wakeAll(&c.writers, cause)
	c.s.Sched.wakeAll(&c.openers, cause)
}

// SetLinger 0 makes Close reset the connection (net.TCPConn).
func (c *conn) SetLinger(sec int) error {
	c.noLinger = sec == 0
	return nil
}

// SetNoDelay turns Nagle's algorithm off or on (net.TCPConn).
func (c *conn) SetNoDelay(on bool) error {
	if c.state != tcp.Closed {
		c.step(tcp.Input{Kind: tcp.SetNoDelay, On: on}, nil, c.s.cause())
	}
	return nil
}

// LocalAddr is this side's address.
func (c *conn) LocalAddr() net.Addr { return tcpAddr(c.key.local()) }

// RemoteAddr is the peer's address.
func (c *conn) RemoteAddr() net.Addr { return tcpAddr(c.key.remote()) }

// SetDeadline bounds the waits of Read and Write.
func (c *conn) SetDeadline(t time.Time) error {
	c.readDeadline, c.writeDeadline = c.s.deadline(t), c.s.deadline(t)
	c.wake(0)
	return nil
}

// SetReadDeadline bounds the wait of Read.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.readDeadline = c.s.deadline(t)
	c.s.Sched.wakeAll(&c.readers, 0)
	return nil
}

// SetWriteDeadline bounds the wait of Write.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.writeDeadline = c.s.deadline(t)
	c.s.Sched.wakeAll(&c.writers, 0)
	return nil
}

func (c *conn) opError(op string, err error) error {
	for _, known := range []struct {
		is    error
		errno syscall.Errno
	}{
		{tcp.ErrRefused, syscall.ECONNREFUSED}, {tcp.ErrReset, syscall.ECONNRESET},
		{tcp.ErrTimedOut, syscall.ETIMEDOUT}, {tcp.ErrAborted, syscall.ECONNABORTED},
	} {
		if errors.Is(err, known.is) {
			err = known.errno
		}
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}
