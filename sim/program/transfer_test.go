package program_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/program"
)

func TestTransfer(t *testing.T) {
	for name, c := range map[string]struct {
		s    program.Sender
		r    program.Receiver
		want int // messages
	}{
		"one byte over UDP":      {program.Sender{Network: "udp", Text: "A", Count: 1}, program.Receiver{Network: "udp"}, 1},
		"numbered over UDP":      {program.Sender{Network: "udp", Text: "no. {n}", Count: 5, Interval: time.Millisecond}, program.Receiver{Network: "udp"}, 5},
		"empty datagram":         {program.Sender{Network: "udp", Count: 1}, program.Receiver{Network: "udp"}, 1},
		"largest datagram":       {program.Sender{Network: "udp", Size: 65507, Count: 1}, program.Receiver{Network: "udp"}, 1},
		"bulk":                   {program.Sender{Network: "tcp", Size: 3_000_001, Count: 1, Write: 65536}, program.Receiver{Network: "tcp"}, 1},
		"bulk in huge writes":    {program.Sender{Network: "tcp", Size: 2_500_000, Count: 2, Write: 1_000_000}, program.Receiver{Network: "tcp", Size: 2_500_000}, 2},
		"numbered over TCP":      {program.Sender{Network: "tcp", Text: "no. {n}", Count: 9, Write: 65536}, program.Receiver{Network: "tcp", Size: 5}, 9},
		"text and pattern":       {program.Sender{Network: "tcp", Text: "no. {n} ", Size: 70_000, Count: 3, Write: 7}, program.Receiver{Network: "tcp", Size: 70_000}, 3},
		"writes of a byte":       {program.Sender{Network: "tcp", Text: "hello", Count: 1, Write: 1}, program.Receiver{Network: "tcp", Size: 5}, 1},
		"text longer than write": {program.Sender{Network: "tcp", Text: strings.Repeat("x", 100), Size: 3, Count: 1, Write: 33}, program.Receiver{Network: "tcp"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := hosttest.New(t)
			c.s.To = hosttest.Free(t)
			c.r.Listen = c.s.To
			end := m.Serve(t, &c.r, 1)
			hosttest.MustRun(t, m, &c.s)
			hosttest.WantMessages(t, m, c.want)
			if err := end(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// What the sender sends, as a peer of another make sees it.
func TestSenderBytes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m := hosttest.New(t)
	result := make(chan error, 1)
	m.Go(func() {
		p := &program.Sender{To: l.Addr().String(), Network: "tcp", Text: "{n}: ", Size: 30, Count: 2, Write: 11}
		result <- p.Run(m)
	})
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(c)
	c.Close()
	// Each eighth byte of a message begins its own offset.
	const want = "1: 0000 0000008 0000016 000002" + "2: 0000 0000008 0000016 000002"
	if err != nil || string(b) != want {
		t.Fatalf("got %q, %v; want %q", b, err, want)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func TestReceiverMissesTheRest(t *testing.T) {
	m := hosttest.New(t)
	addr := hosttest.Free(t)
	end := m.Serve(t, &program.Receiver{Listen: addr, Network: "tcp", Size: 10}, 1)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	c.Write([]byte("hello"))
	c.(*net.TCPConn).CloseWrite()
	io.ReadAll(c) // until the receiver has closed
	c.Close()
	err = end()
	hosttest.WantError(t, err, io.ErrUnexpectedEOF)
	if !strings.Contains(err.Error(), "after 5 of the message's 10 bytes") {
		t.Fatal(err)
	}
}

// A receiver that is reset stays in service, and says so at its end.
func TestReceiverReset(t *testing.T) {
	m := hosttest.New(t)
	addr := hosttest.Free(t)
	end := m.Serve(t, &program.Receiver{Listen: addr, Network: "tcp"}, 1)
	abort := &program.Script{Steps: []program.Step{{Dial: addr}, {Write: "half"}, {Abort: true}}}
	hosttest.MustRun(t, m, abort)
	hosttest.MustRun(t, m, &program.Sender{To: addr, Network: "tcp", Text: "whole", Count: 1, Write: 99})
	for m.Ended.Load() < 2 { // both connections
		time.Sleep(time.Millisecond)
	}
	hosttest.WantError(t, end(), syscall.ECONNRESET)
}

func TestSenderReset(t *testing.T) {
	m := hosttest.New(t)
	addr := hosttest.Free(t)
	m.Serve(t, &program.Script{Steps: []program.Step{{Listen: addr}, {Accept: true}, {Read: 1}, {Abort: true}}}, 1)
	err := (&program.Sender{To: addr, Network: "tcp", Size: 30_000_000, Count: 1, Write: 65536}).Run(m)
	if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
		t.Fatalf("got error %v, want a reset", err)
	}
}

func TestRefused(t *testing.T) {
	m := hosttest.New(t)
	addr := hosttest.Free(t)
	hosttest.WantError(t, (&program.Sender{To: addr, Network: "tcp", Text: "x", Count: 1, Write: 1}).Run(m), syscall.ECONNREFUSED)
	// Over UDP the refusal comes by ICMP, when a reply is waited for.
	hosttest.WantError(t, (&program.EchoClient{To: addr, Network: "udp", Text: "x", Count: 1, Timeout: time.Minute}).Run(m), syscall.ECONNREFUSED)
}

// When the host ends, every blocked call returns net.ErrClosed, and a server
// has not failed.
func TestHostEnds(t *testing.T) {
	addr := hosttest.Free(t)
	for name, p := range map[string]host.Program{
		"sleep":  &program.Script{Steps: []program.Step{{Sleep: time.Hour}}},
		"read":   &program.Script{Steps: []program.Step{{Dial: addr}, {Read: 1}}},
		"write":  &program.Sender{To: addr, Network: "tcp", Size: 100_000_000, Count: 1, Write: 65536},
		"accept": &program.Script{Steps: []program.Step{{Listen: hosttest.Free(t)}, {Accept: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", addr) // its backlog takes connections
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			m := hosttest.New(t)
			result := make(chan error, 1)
			m.Go(func() { result <- p.Run(m) })
			time.Sleep(20 * time.Millisecond)
			m.Close()
			hosttest.WantError(t, <-result, net.ErrClosed)
		})
	}
	m := hosttest.New(t)
	if err := m.Serve(t, &program.EchoServer{Listen: addr, Network: "udp"}, 1)(); err != nil {
		t.Fatal(err)
	}
}
