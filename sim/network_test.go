package sim

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"strata/layers"
	"strata/sim/host"
	"strata/trace"
	"strata/trace/tracetest"
)

// run is a program made of a function.
type run func(h host.Host) error

func (f run) Run(h host.Host) error { return f(h) }

// routed is client ── r1 ── server, 10 ms each way and link.
func routed(programs ...Program) Config {
	return Config{
		Name: "routed",
		Nodes: []Node{
			{Name: "client", Kind: HostNode, Interfaces: ifaces("10.0.1.2/24"), Routes: defaultVia("10.0.1.1")},
			{Name: "r1", Kind: RouterNode, Interfaces: ifaces("10.0.1.1/24", "10.0.2.1/24")},
			{Name: "server", Kind: HostNode, Interfaces: ifaces("10.0.2.2/24"), Routes: defaultVia("10.0.2.1")},
		},
		Links: []Link{
			{Name: "lan", Ends: [2]Endpoint{{"client", "eth0"}, {"r1", "eth0"}}, Rate: 10e6, Delay: 10 * time.Millisecond},
			{Name: "wan", Ends: [2]Endpoint{{"r1", "eth1"}, {"server", "eth0"}}, Rate: 10e6, Delay: 10 * time.Millisecond},
		},
		Programs: programs,
	}
}

func ifaces(addrs ...string) (out []Interface) {
	for i, a := range addrs {
		out = append(out, Interface{Name: fmt.Sprintf("eth%d", i), Addr: netip.MustParsePrefix(a)})
	}
	return out
}

func defaultVia(a string) []Route {
	return []Route{{To: netip.MustParsePrefix("0.0.0.0/0"), Via: netip.MustParseAddr(a)}}
}

// simulate runs a network and checks every event of its trace.
func simulate(t *testing.T, cfg Config) (*trace.Log, Result) {
	t.Helper()
	n, err := New(cfg, true)
	if err != nil {
		t.Fatal(err)
	}
	res, err := n.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	l := n.Trace()
	for i := 1; i <= l.Events(); i++ {
		if err := l.Check(trace.EventID(i)); err != nil {
			t.Fatal(err)
		}
	}
	return l, res
}

// story writes a trace as lines, for a test to show when it fails.
func story(l *trace.Log) string {
	var b bytes.Buffer
	for i := 1; i <= l.Events(); i++ {
		n := trace.EventID(i)
		e := l.Event(n)
		fmt.Fprintf(&b, "%4d %12s %-8s %s %-12s %-9s frame %d  %s\n", i, trace.FormatDuration(e.Time),
			l.Info().Nodes[e.Node].Name, e.Layer.Tag(), e.Kind, e.Proto, l.FrameOf(n)+1, l.Text(n))
	}
	return b.String()
}

func send(to string, messages ...string) run {
	return func(h host.Host) error {
		c, err := h.Dial("udp", to)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if _, err := c.Write([]byte(m)); err != nil {
				return err
			}
		}
		return c.Close()
	}
}

func sink(got *[]string, at string) run {
	return func(h host.Host) error {
		c, err := h.ListenPacket("udp", at)
		if err != nil {
			return err
		}
		b := make([]byte, 65536)
		for {
			n, _, err := c.ReadFrom(b)
			if err != nil {
				return err
			}
			*got = append(*got, string(b[:n]))
		}
	}
}

func TestUDPCrossesARouter(t *testing.T) {
	var got []string
	l, res := simulate(t, routed(
		Program{Node: "server", Name: "sink", Run: sink(&got, ":9")},
		Program{Node: "client", Name: "send", Run: send("10.0.2.2:9", "x")},
	))
	t.Log("\n" + story(l))
	if len(got) != 1 || got[0] != "x" || res.BytesDelivered != 1 || res.PacketHops != 2 || l.Frames() != 2 {
		t.Fatalf("got %q, %+v, %d frames", got, res, l.Frames())
	}
	first := l.Frame(0)
	b := l.Append(nil, first.PDU, 0, 100)
	if len(b) != 64 || first.Hop != 1 || l.Frame(1).Hop != 2 {
		t.Fatalf("frame of %d bytes, hops %d and %d", len(b), first.Hop, l.Frame(1).Hop)
	}
	if c := layers.FCS(0, b[:60]); b[60] != byte(c) || b[63] != byte(c>>24) {
		t.Fatal("the FCS does not fit")
	}
	// The datagram's byte leads back to the message, and to both frames.
	at := trace.Origins(l, trace.Place{PDU: first.PDU, Off: 14 + 20 + 8})
	if last := at[len(at)-1]; l.PDU(last.PDU).Proto != layers.Message || last.Off != 0 {
		t.Fatalf("the byte's origin is %+v", at)
	}
	frames := 0
	for _, p := range tracetest.Everywhere(l, at[0]) {
		if l.PDU(p.PDU).Proto == layers.Ethernet {
			frames++
		}
	}
	if frames != 2 {
		t.Fatalf("the byte was in %d frames", frames)
	}
}

func TestNobodyListens(t *testing.T) {
	var err error
	l, _ := simulate(t, routed(Program{Node: "client", Name: "ask", Run: run(func(h host.Host) error {
		c, e := h.Dial("udp", "10.0.2.2:7")
		if e != nil {
			return e
		}
		c.Write([]byte("anybody?"))
		_, err = c.Read(make([]byte, 10))
		return nil
	})}))
	if err == nil || err.Error() != "read udp 10.0.1.2:49152->10.0.2.2:7: connection refused" {
		t.Fatalf("%v\n%s", err, story(l))
	}
}

func TestFragmentsComeTogether(t *testing.T) {
	var got []string
	cfg := routed(
		Program{Node: "server", Name: "sink", Run: sink(&got, ":9")},
		Program{Node: "client", Name: "send", Run: send("10.0.2.2:9", string(bytes.Repeat([]byte("abcdefgh"), 1024)))},
	)
	cfg.Links[1].MTU = 576
	l, res := simulate(t, cfg)
	if len(got) != 1 || len(got[0]) != 8192 || res.PacketHops != 6+5*3+2 {
		t.Fatalf("%d messages, %d hops\n%s", len(got), res.PacketHops, story(l))
	}
}

func TestARPAsksFirst(t *testing.T) {
	var got []string
	cfg := routed(
		Program{Node: "server", Name: "sink", Run: sink(&got, ":9")},
		Program{Node: "client", Name: "send", Run: send("10.0.2.2:9", "one", "two")},
	)
	cfg.ColdARP = true
	l, _ := simulate(t, cfg)
	if len(got) != 2 || got[0] != "one" || l.Frames() != 8 {
		t.Fatalf("%q, %d frames\n%s", got, l.Frames(), story(l))
	}
}

func TestProgramsStop(t *testing.T) {
	stopped := 0
	loop := run(func(h host.Host) error {
		defer func() { stopped++ }()
		h.Go(func() {
			defer func() { stopped++ }()
			for {
				h.Sleep(time.Second) // goes on, whatever happens
			}
		})
		l, err := h.Listen("tcp", ":80")
		if err != nil {
			return err
		}
		_, err = l.Accept()
		if !isClosed(err) {
			t.Errorf("Accept ended with %v", err)
		}
		return err
	})
	cfg := routed(Program{Node: "server", Name: "loop", Run: loop})
	cfg.Until = 5 * time.Second
	_, res := simulate(t, cfg)
	if stopped != 2 || !res.Cut {
		t.Fatalf("%d of 2 stopped, %+v", stopped, res)
	}
}

func isClosed(err error) bool {
	op, ok := err.(*net.OpError)
	return ok && op.Err == net.ErrClosed
}
