package program_test

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"strata/sim/program"
	"strata/sim/realhost"
)

var _ program.Host = (*realhost.Host)(nil)

// machine is a real host under test that says when a server is ready and which
// messages passed.
type machine struct {
	*realhost.Host
	ready chan struct{}
	ended atomic.Int32 // of what Go ran

	mu       sync.Mutex
	messages []realhost.Message
}

func newMachine(t *testing.T) *machine {
	m := &machine{ready: make(chan struct{}, 2)}
	m.Host = realhost.New(1, func(msg realhost.Message) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.messages = append(m.messages, msg)
	})
	stuck := time.AfterFunc(30*time.Second, func() { panic(t.Name() + " hangs") })
	t.Cleanup(func() {
		m.Close()
		stuck.Stop()
	})
	return m
}

func (m *machine) Listen(network, address string) (net.Listener, error) {
	l, err := m.Host.Listen(network, address)
	m.ready <- struct{}{}
	return l, err
}

func (m *machine) ListenPacket(network, address string) (net.PacketConn, error) {
	pc, err := m.Host.ListenPacket(network, address)
	m.ready <- struct{}{}
	return pc, err
}

func (m *machine) Go(f func()) {
	m.Host.Go(func() {
		f()
		m.ended.Add(1)
	})
}

// serve starts a server that opens some sockets, and returns when they are
// open. The result gives the server's error when the machine has been closed.
func (m *machine) serve(t *testing.T, p program.Program, sockets int) (end func() error) {
	t.Helper()
	check(t, p)
	result := make(chan error, 1)
	m.Go(func() { result <- p.Run(m) })
	for range sockets {
		<-m.ready
	}
	return func() error {
		m.Close()
		return <-result
	}
}

func check(t *testing.T, p program.Program) {
	t.Helper()
	if err := program.Check(p); err != nil {
		t.Fatal(err)
	}
}

// count is how many messages were sent, and how many got with the same content.
func (m *machine) count() (sent, same int) {
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

// free is an address of this machine at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	// Free for both TCP and UDP, as a DNS server needs it.
	for range 100 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
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

func mustRun(t *testing.T, m *machine, p program.Program) {
	t.Helper()
	check(t, p)
	if err := p.Run(m); err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

// wantMessages waits until n messages were sent and the same got.
func wantMessages(t *testing.T, m *machine, n int) {
	t.Helper()
	sent, same := m.count()
	for tries := 0; tries < 200 && (sent < n || same < n); tries++ {
		time.Sleep(5 * time.Millisecond)
		sent, same = m.count()
	}
	if sent != n || same != n {
		t.Fatalf("%d messages sent, %d of them got; want %d and %d", sent, same, n, n)
	}
}
