package program_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/program"
)

func TestEcho(t *testing.T) {
	for name, c := range map[string]struct {
		c    program.EchoClient
		size int // what the server takes for a message
	}{
		"tcp":           {program.EchoClient{Network: "tcp", Text: "hello", Count: 3}, 5},
		"large tcp":     {program.EchoClient{Network: "tcp", Text: "large ", Size: 3_000_000, Count: 2}, 3_000_000},
		"udp":           {program.EchoClient{Network: "udp", Text: "hello {n}", Count: 3, Timeout: time.Minute}, 0},
		"udp, in pause": {program.EchoClient{Network: "udp", Size: 3000, Count: 2, Interval: 5 * time.Millisecond, Timeout: time.Minute}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := hosttest.New(t)
			c.c.To = hosttest.Free(t)
			end := m.Serve(t, &program.EchoServer{Listen: c.c.To, Network: c.c.Network, Size: c.size}, 1)
			hosttest.MustRun(t, m, &c.c)
			hosttest.WantMessages(t, m, 2*c.c.Count)
			if err := end(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestEchoServerForOthers(t *testing.T) {
	m := hosttest.New(t)
	addr := hosttest.Free(t)
	end := m.Serve(t, &program.EchoServer{Listen: addr, Network: "tcp", Size: 4}, 1)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// Two messages and a half in one write: the half never comes back.
	if _, err := c.Write([]byte("ping" + "pong" + "pi")); err != nil {
		t.Fatal(err)
	}
	c.(*net.TCPConn).CloseWrite()
	b, err := io.ReadAll(c)
	if err != nil || string(b) != "pingpong" {
		t.Fatalf("got %q, %v", b, err)
	}
	hosttest.WantError(t, end(), io.ErrUnexpectedEOF)
}

// A server that answers wrongly, late or not at all is found out.
func TestEchoClientIsNotFooled(t *testing.T) {
	addr := hosttest.Free(t)
	for name, c := range map[string]struct {
		server host.Program
		want   string
	}{
		"wrong": {&program.Script{Steps: []program.Step{{Listen: addr}, {Accept: true}, {Receive: 5}, {Write: "hallo"}}}, "not what was sent"},
		"none":  {&program.Script{Steps: []program.Step{{Listen: addr}, {Accept: true}, {Receive: 5}, {Close: true}}}, "ended the connection first"},
		"half":  {&program.Script{Steps: []program.Step{{Listen: addr}, {Accept: true}, {Receive: 5}, {Write: "he"}}}, "after 2 of the message's 5 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			m := hosttest.New(t)
			m.Serve(t, c.server, 1)
			err := (&program.EchoClient{To: addr, Network: "tcp", Text: "hello", Count: 1}).Run(m)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
	m := hosttest.New(t)
	m.Serve(t, &program.Receiver{Listen: addr, Network: "udp"}, 1)
	err := (&program.EchoClient{To: addr, Network: "udp", Text: "hello", Count: 2, Timeout: 10 * time.Millisecond}).Run(m)
	if err == nil || !strings.Contains(err.Error(), "2 of 2 messages") {
		t.Fatal(err)
	}
}
