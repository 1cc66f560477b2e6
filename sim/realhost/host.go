// Package realhost is a program's Host on the real network, so that a program
// of the simulation can be tried against real peers.
//
//	Program.Run(Host) ──> realhost.Host ──> package net ──> the kernel's TCP, UDP, ICMP
//	                           └──> Message: what was sent and what was got
//
// Here, and nowhere else in sim, time is the wall's and things run side by side.
package realhost

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strata/sim/host"
	"sync"
	"time"
)

// Host is this machine, as a program sees it.
type Host struct {
	report    func(Message)
	reporting sync.Mutex // held while report runs
	rand      *rand.Rand
	ctx       context.Context // done when the host has ended
	end       context.CancelFunc
	beside    sync.WaitGroup // what Go runs

	mu    sync.Mutex
	ended bool
	open  map[io.Closer]bool // connections, listeners and sockets
}

// New makes a host. Its programs' randomness comes from seed alone. Every whole
// message that they send or get goes to report, by one caller at a time; nil:
// nobody wants to know.
func New(seed uint64, report func(Message)) *Host {
	h := &Host{report: report, open: map[io.Closer]bool{}}
	h.rand = rand.New(&lockedSource{src: rand.NewPCG(seed, 0)})
	h.ctx, h.end = context.WithCancel(context.Background())
	return h
}

// Close ends the host: every call that blocks returns net.ErrClosed, and when
// Close returns, everything that Go ran has stopped.
func (h *Host) Close() {
	h.end()
	h.mu.Lock()
	h.ended = true
	for c := range h.open {
		c.Close()
	}
	clear(h.open)
	h.mu.Unlock()
	h.beside.Wait()
}

// keep remembers what is to be closed at the end.
func (h *Host) keep(c io.Closer) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		c.Close()
		return h.orEnded(net.ErrClosed)
	}
	h.open[c] = true
	return nil
}

func (h *Host) forget(c io.Closer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.open, c)
}

// Dial opens a connection; see host.Host.
func (h *Host) Dial(network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(h.ctx, network, address)
	if err != nil {
		return nil, h.orEnded(err)
	}
	return h.wrap(c)
}

// orEnded is net.ErrClosed for whatever went wrong because the host ended: of
// two ends that it closes, one may see the other go first.
func (h *Host) orEnded(err error) error {
	if err != nil && h.ctx.Err() != nil {
		return fmt.Errorf("the host ended: %w", net.ErrClosed)
	}
	return err
}

func (h *Host) wrap(c net.Conn) (net.Conn, error) {
	if err := h.keep(c); err != nil {
		return nil, err
	}
	if t, ok := c.(*net.TCPConn); ok {
		return &streamConn{Conn: t, tcp: t, host: h}, nil
	}
	return &datagramConn{Conn: c, host: h}, nil
}

// Listen waits for TCP connections; see host.Host.
func (h *Host) Listen(network, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(h.ctx, network, address)
	if err != nil {
		return nil, h.orEnded(err)
	}
	if err := h.keep(l); err != nil {
		return nil, err
	}
	return &listener{l, h}, nil
}

// ListenPacket opens a datagram socket; see host.Host. "ip4:icmp" needs
// privileges.
func (h *Host) ListenPacket(network, address string) (net.PacketConn, error) {
	pc, err := new(net.ListenConfig).ListenPacket(h.ctx, network, address)
	if err != nil {
		return nil, h.orEnded(err)
	}
	if err := h.keep(pc); err != nil {
		return nil, err
	}
	return &packetConn{pc, h}, nil
}

// Now is the wall's time.
func (h *Host) Now() time.Time { return time.Now() }

// Sleep waits; it ends early, with net.ErrClosed, when the host does.
func (h *Host) Sleep(d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-h.ctx.Done():
		return h.orEnded(h.ctx.Err())
	}
}

// Go runs f beside the caller.
func (h *Host) Go(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.ended {
		h.beside.Go(f)
	}
}

// Rand is the host's randomness. It may be used by several at once.
func (h *Host) Rand() *rand.Rand { return h.rand }

// Sending tells of a message that is about to be written to c.
func (h *Host) Sending(c net.Conn, n int, message []byte) {
	if own, plain := base(c); own != nil {
		own.sending(n, message, plain)
	}
}

// Got tells of a message that has been read from c.
func (h *Host) Got(c net.Conn, n int, message []byte) {
	if own, plain := base(c); own != nil {
		own.got(n, message, plain)
	}
}

// base is the host's own connection under c; plain says that it is c itself.
func base(c net.Conn) (own *streamConn, plain bool) {
	for plain = true; ; plain = false {
		if own, ok := c.(*streamConn); ok {
			return own, plain
		}
		wrapper, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return nil, false
		}
		c = wrapper.NetConn()
	}
}

// Secret takes a secret of a TLS session, which nobody wants here.
func (h *Host) Secret(string, []byte, []byte) {}

// Note takes what a program notes, which nobody wants here.
func (h *Host) Note(table, key, field, value string) {}

// Signal makes something to wait for.
func (h *Host) Signal() host.Signal { return &signal{make(chan struct{}, 1), h} }

// signal is a channel that holds one notification.
type signal struct {
	c    chan struct{}
	host *Host
}

func (s *signal) Notify() {
	select {
	case s.c <- struct{}{}:
	default:
	}
}

func (s *signal) Wait(until time.Time) error {
	ctx := s.host.ctx
	if !until.IsZero() {
		limited, cancel := context.WithDeadline(ctx, until)
		defer cancel()
		ctx = limited
	}
	select {
	case <-s.c:
		return nil
	case <-ctx.Done():
		if s.host.ctx.Err() == nil {
			return os.ErrDeadlineExceeded
		}
		return s.host.orEnded(net.ErrClosed)
	}
}

// lockedSource is a source of randomness for several users.
type lockedSource struct {
	mu  sync.Mutex
	src rand.Source
}

func (s *lockedSource) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.src.Uint64()
}
