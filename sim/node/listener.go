package node

import (
	"net"
	"net/netip"

	"strata/layers"
	"strata/sim/tcp"
	"strata/trace"
)

// listener waits for connections on a port.
type listener struct {
	s         *Station
	program   string
	ip        uint32 // 0: any
	port      uint16
	pending   int // connections that are not accepted yet
	accepted  []*conn
	acceptors waiters
	closed    bool
}

// defaultBacklog is how many connections may wait to be accepted, handshakes
// included.
const defaultBacklog = 128

func (s *Station) listenTCP(program string, ip uint32, port uint16) *listener {
	l := &listener{s: s, program: program, ip: ip, port: port}
	s.listeners[port] = l
	l.note("state", "LISTEN", trace.SocketOpen)
	l.note("program", program, trace.SocketOpen)
	return l
}

func (l *listener) key() string { return "tcp " + portText(l.ip, l.port) + " *" }

func (l *listener) note(field, v string, why trace.Why) {
	if !l.s.Rec.On() {
		return
	}
	slot := trace.Slot{Node: l.s.id, Table: "socket", Key: l.key(), Field: field, Type: trace.Text}
	e := trace.Event{Cause: l.s.cause(), Layer: layers.Session, Proto: layers.Connection, Why: why}
	value := int64(trace.Absent)
	if v != "" {
		value = l.s.Rec.Text(v)
	}
	l.s.Rec.Set(e, slot, value)
}

// incoming makes the connection that a SYN to this listener opens; nil when
// the backlog is full.
func (l *listener) incoming(k fourTuple, cause trace.EventID) *conn {
	if l.pending >= l.s.backlog {
		return nil
	}
	l.pending++
	l.noteBacklog(cause)
	s := l.s
	iss := tcp.ISN(s.Rec.Clock.Now(), k.local(), k.remote(), s.isnKey)
	c := s.newConn(k, tcp.NewPassive(s.config(k.remoteIP), iss), l.program, l)
	return c
}

// established hands a connection over to Accept.
func (l *listener) established(c *conn, cause trace.EventID) {
	if l.closed {
		c.abort(cause)
		return
	}
	l.accepted = append(l.accepted, c)
	l.s.Sched.wakeAll(&l.acceptors, cause)
}

// Accept waits for a connection (net.Listener).
func (l *listener) Accept() (net.Conn, error) {
	for len(l.accepted) == 0 {
		if l.closed || !l.s.Sched.wait(&l.acceptors, 0) {
			return nil, &net.OpError{Op: "accept", Net: "tcp", Source: l.Addr(), Err: net.ErrClosed}
		}
	}
	c := l.accepted[0]
	l.accepted = l.accepted[1:]
	l.pending--
	l.noteBacklog(l.s.cause())
	return c, nil
}

// Close stops listening; connections that nobody accepted are reset, also
// those whose handshake ends later.
func (l *listener) Close() error {
	if l.closed {
		return &net.OpError{Op: "close", Net: "tcp", Source: l.Addr(), Err: net.ErrClosed}
	}
	l.closed = true
	if l.s.Sched.ended {
		return nil
	}
	delete(l.s.listeners, l.port)
	l.note("state", "", trace.SocketClose)
	l.note("program", "", trace.SocketClose)
	l.noteBacklog(l.s.cause())
	for _, c := range l.accepted {
		c.abort(l.s.cause())
	}
	l.accepted = nil
	l.s.Sched.wakeAll(&l.acceptors, 0)
	return nil
}

// Addr is where it listens.
func (l *listener) Addr() net.Addr { return tcpAddr(netip.AddrPortFrom(addr(l.ip), l.port)) }
