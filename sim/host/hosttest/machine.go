// Package hosttest runs programs in tests: on this machine, over loopback, and
// on a simulated network.
package hosttest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/realhost"
)

var _ host.Host = (*realhost.Host)(nil)

// Machine is a real host under test that says when a server is ready and which
// messages passed.
type Machine struct {
	*realhost.Host
	Ready chan struct{} // one for each socket that was opened
	Ended atomic.Int32  // how much of what Go ran

	t        *testing.T
	mu       sync.Mutex
	messages []realhost.Message
}

// New makes a machine, which is closed at the test's end.
func New(t *testing.T) *Machine {
	m := &Machine{Ready: make(chan struct{}, 2), t: t}
	m.Host = realhost.New(1, func(msg realhost.Message) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.messages = append(m.messages, msg)
	})
	t.Cleanup(m.Close)
	return m
}

// Listen notes that the socket is open.
func (m *Machine) Listen(network, address string) (net.Listener, error) {
	l, err := open(m, func() (net.Listener, error) { return m.Host.Listen(network, address) })
	m.Ready <- struct{}{}
	return l, err
}

// ListenPacket notes that the socket is open.
func (m *Machine) ListenPacket(network, address string) (net.PacketConn, error) {
	pc, err := open(m, func() (net.PacketConn, error) { return m.Host.ListenPacket(network, address) })
	m.Ready <- struct{}{}
	return pc, err
}

// open opens a socket, which must not fail. Where another test starts a
// program, the new process holds this one's sockets until it runs that program,
// even those that are closed meanwhile: an address may be in use a little
// longer than it seems.
func open[S any](m *Machine, listen func() (S, error)) (s S, err error) {
	for range 6000 {
		if s, err = listen(); !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		m.t.Errorf("listening: %v", err)
	}
	return s, err
}

// Go notes its end.
func (m *Machine) Go(f func()) {
	m.Host.Go(func() {
		f()
		m.Ended.Add(1)
	})
}

// Serve starts a server that opens some sockets, and returns when they are
// open. The result gives the server's error when the machine has been closed.
func (m *Machine) Serve(t *testing.T, p host.Program, sockets int) (end func() error) {
	t.Helper()
	Check(t, p)
	result := make(chan error, 1)
	m.Go(func() { result <- p.Run(m) })
	for range sockets {
		<-m.Ready
	}
	return func() error {
		m.Close()
		return <-result
	}
}

// Check wants settings that are good.
func Check(t *testing.T, p host.Program) {
	t.Helper()
	if err := host.Check(p); err != nil {
		t.Fatal(err)
	}
}

// Count is how many messages were sent, and how many got with the same content.
func (m *Machine) Count() (sent, same int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	got := map[string]int{}
	key := func(msg realhost.Message) string { return fmt.Sprintf("%d %x", msg.Bytes, msg.SHA256) }
	for _, msg := range m.messages {
		if !msg.Sent {
			got[key(msg)]++
		}
	}
	for _, msg := range m.messages {
		if msg.Sent {
			sent++
			if got[key(msg)] > 0 {
				got[key(msg)]--
				same++
			}
		}
	}
	return sent, same
}

// Free is an address of this machine at which nobody listens.
func Free(t *testing.T) string {
	t.Helper()
	for range 100 {
		// Below the ephemeral ports (Linux gives 32768 to 60999): one of those
		// may be another test's by the time it is used here.
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(22_000)))
		if err != nil {
			continue
		}
		// Free for both TCP and UDP, as a DNS server needs it.
		pc, err := net.ListenPacket("udp", l.Addr().String())
		l.Close()
		if err == nil {
			pc.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free for TCP and UDP")
	return ""
}

// MustRun runs a program that must not fail.
func MustRun(t *testing.T, m *Machine, p host.Program) {
	t.Helper()
	Check(t, p)
	if err := p.Run(m); err != nil {
		t.Fatal(err)
	}
}

// WantError wants an error of a kind.
func WantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

// WantMessages waits until n messages were sent and the same got.
func WantMessages(t *testing.T, m *Machine, n int) {
	t.Helper()
	sent, same := m.Count()
	for tries := 0; tries < 12_000 && (sent < n || same < n); tries++ {
		time.Sleep(5 * time.Millisecond)
		sent, same = m.Count()
	}
	if sent != n || same != n {
		t.Fatalf("%d messages sent, %d of them got; want %d and %d", sent, same, n, n)
	}
}
