package sim

import (
	"bytes"
	"fmt"
	"net"
	"testing"
	"time"

	"strata/sim/host"
	"strata/trace"
)

// count is how many events of a trace have a reason.
func count(l *trace.Log, why trace.Why) (n int) {
	for i := 1; i <= l.Events(); i++ {
		if l.Event(trace.EventID(i)).Why == why {
			n++
		}
	}
	return n
}

// want fails unless each reason occurs as often as said.
func want(t *testing.T, l *trace.Log, counts map[trace.Why]int) {
	t.Helper()
	for why, n := range counts {
		if got := count(l, why); got != n {
			t.Errorf("%s occurs %d times, want %d", why, got, n)
		}
	}
	if t.Failed() {
		t.Log("\n" + story(l))
	}
}

// switched is three hosts on one switch.
func switched(programs ...Program) Config {
	cfg := Config{Nodes: []Node{{Name: "s", Kind: SwitchNode}}, Programs: programs}
	for i, name := range []string{"a", "b", "c"} {
		port := string(rune('1' + i))
		cfg.Nodes[0].Interfaces = append(cfg.Nodes[0].Interfaces, Interface{Name: port})
		cfg.Nodes = append(cfg.Nodes, Node{Name: name, Kind: HostNode, Interfaces: ifaces("10.0.0." + port + "/24")})
		cfg.Links = append(cfg.Links, Link{Name: name, Ends: [2]Endpoint{{name, "eth0"}, {"s", port}}, Rate: 10e6, Delay: time.Millisecond})
	}
	return cfg
}

func TestSwitchFloodsUntilItKnows(t *testing.T) {
	var got []string
	echo := run(func(h host.Host) error {
		c, err := h.ListenPacket("udp", ":7")
		b := make([]byte, 100)
		for err == nil {
			n, from, e := c.ReadFrom(b)
			if err = e; err == nil {
				c.WriteTo(b[:n], from)
			}
		}
		return err
	})
	ask := run(func(h host.Host) error {
		c, err := h.Dial("udp", "10.0.0.2:7")
		b := make([]byte, 100)
		for range 2 {
			c.Write([]byte("hi"))
			n, _ := c.Read(b)
			got = append(got, string(b[:n]))
		}
		return err
	})
	l, _ := simulate(t, switched(Program{Node: "b", Name: "echo", Run: echo}, Program{Node: "a", Name: "ask", Run: ask}))
	if len(got) != 2 {
		t.Fatalf("got %q", got)
	}
	// The first question goes to b and c, the rest where it belongs.
	want(t, l, map[trace.Why]int{trace.SwitchFlood: 2, trace.SwitchKnown: 3, trace.EthNotMine: 1, trace.SwitchLearn: 2})
}

func TestRoutersLetPacketsDie(t *testing.T) {
	cfg := routed(Program{Node: "client", Name: "send", Run: send("10.9.9.9:9", "lost")})
	// r1 and server send each other what is for 10.9.0.0/16.
	cfg.Nodes[1].Routes = defaultVia("10.0.2.2")
	cfg.Nodes[2].Kind = RouterNode
	l, res := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.IPExpired: 1, trace.ICMPExpired: 1, trace.IPForward: 64}) // the error takes one more
	if res.PacketHops < 64 {
		t.Errorf("%d hops", res.PacketHops)
	}
}

func TestNoRouteIsReported(t *testing.T) {
	cfg := routed(Program{Node: "client", Name: "send", Run: send("10.9.9.9:9", "lost")})
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.IPNoRoute: 1, trace.ICMPUnreachable: 1, trace.ICMPDeliver: 1})
}

func TestDamageOnTheWireAndInTheRouter(t *testing.T) {
	var got []string
	cfg := routed(
		Program{Node: "server", Name: "sink", Run: sink(&got, ":9")},
		Program{Node: "client", Name: "send", Run: send("10.0.2.2:9", "first", "second", "third")},
	)
	cfg.Links[0].Faults = []Fault{{Kind: Corrupt, Rate: 1, Bit: 400, Match: Match{Nth: []int{1}}}}
	cfg.Nodes[1].Corrupts = []Match{{Nth: []int{1}}} // of those that reach it: the second
	l, _ := simulate(t, cfg)
	if len(got) != 1 || got[0] != "third" {
		t.Errorf("got %q", got)
	}
	want(t, l, map[trace.Why]int{trace.EthBadFCS: 1, trace.IPDamaged: 1, trace.UDPChecksum: 1})
	// The bytes themselves must say so too: of frames 1 to 5, the FCS of the
	// first fits as it was sent and not as it came.
	for i := 1; i <= l.Events(); i++ {
		e := l.Event(trace.EventID(i))
		if e.Kind == trace.Corrupt && e.Why == trace.WireCorrupt {
			b := l.Append(nil, e.PDU, 0, 2000)
			if b[50]&0x80 == 0 {
				t.Errorf("bit 400 is not flipped in % x", b)
			}
		}
	}
}

func TestFiltersAreSilent(t *testing.T) {
	cfg := routed(Program{Node: "client", Name: "send", Run: send("10.0.2.2:9", "x")})
	cfg.Nodes[1].Filters = []Filter{{Match{Proto: "udp", Port: 9}}}
	l, res := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.IPFiltered: 1, trace.ICMPUnreachable: 0})
	if res.Drops != 1 || res.PacketHops != 1 {
		t.Errorf("%+v", res)
	}
}

// TestFullSizeFramesTakeTheirTime queues 1000 frames of 1500 bytes on a link of
// 10 Mbit/s: 1.2 s of frames, 1.216 s with preamble and gap.
func TestFullSizeFramesTakeTheirTime(t *testing.T) {
	var got []string
	payload := string(bytes.Repeat([]byte{'x'}, 1500-14-20-8-4))
	messages := make([]string, 1000)
	for i := range messages {
		messages[i] = payload
	}
	cfg := Config{
		Nodes: []Node{
			{Name: "a", Kind: HostNode, Interfaces: ifaces("10.0.0.1/24")},
			{Name: "b", Kind: HostNode, Interfaces: ifaces("10.0.0.2/24")},
		},
		Links: []Link{{Name: "ab", Ends: [2]Endpoint{{"a", "eth0"}, {"b", "eth0"}}, Rate: 10e6}},
		Programs: []Program{
			{Node: "b", Name: "sink", Run: sink(&got, ":9")},
			{Node: "a", Name: "send", Run: send("10.0.0.2:9", messages...)},
		},
	}
	l, res := simulate(t, cfg)
	if f := l.Frame(999); len(got) != 1000 || f.Ended != 1216*trace.Millisecond-12*800*trace.Time(1) {
		t.Fatalf("%d datagrams, the last frame came at %v; %+v", len(got), trace.FormatDuration(f.Ended), res)
	}
	if l.Size(l.Frame(0).PDU) != 1500 {
		t.Fatalf("a frame has %d bytes", l.Size(l.Frame(0).PDU))
	}
}

func TestOneSeedOneTrace(t *testing.T) {
	cfg := func(seed uint64) Config {
		c := routed(
			Program{Node: "server", Name: "sink", Run: sink(new([]string), ":9")},
			Program{Node: "client", Name: "send", Run: send("10.0.2.2:9", make([]string, 200)...)},
		)
		c.Seed = seed
		c.Links[1].Faults = []Fault{{Kind: Lose, Rate: 0.3}, {Kind: Jitter, Rate: 1, Delay: time.Millisecond}}
		return c
	}
	a, _ := simulate(t, cfg(1))
	b, _ := simulate(t, cfg(1))
	c, _ := simulate(t, cfg(2))
	if story(a) != story(b) {
		t.Error("one seed gave two stories")
	}
	if story(a) == story(c) {
		t.Error("two seeds gave one story")
	}
}

func TestSwitchForgetsTheSilent(t *testing.T) {
	var got []string
	late := run(func(h host.Host) error {
		h.Sleep(3 * time.Second)
		return send("10.0.0.1:9", "are you there?")(h)
	})
	cfg := switched(
		Program{Node: "a", Name: "sink", Run: sink(&got, ":9")},
		Program{Node: "a", Name: "first", Run: send("10.0.0.2:9", "hi")},
		Program{Node: "b", Name: "late", Run: late},
	)
	cfg.Nodes[0].MACAge = time.Second
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.SwitchAge: 1, trace.SwitchKnown: 1})
}

func TestSwitchKeepsToTheMTU(t *testing.T) {
	cfg := switched(Program{Node: "a", Name: "send", Run: send("10.0.0.2:9", string(make([]byte, 1000)))})
	cfg.Links[1].MTU = 576
	cfg.Links[1].Rate = 0
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.LinkTooLong: 1})
}

func TestHostsDoNotForward(t *testing.T) {
	cfg := switched(Program{Node: "a", Name: "send", Run: send("10.7.0.1:9", "x")})
	cfg.Nodes[1].Routes = defaultVia("10.0.0.2")
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.IPNotMine: 1})
}

func TestARPForgetsAndGivesUp(t *testing.T) {
	twice := run(func(h host.Host) error {
		send("10.0.0.2:9", "one")(h)
		h.Sleep(61 * time.Second)
		return send("10.0.0.2:9", "two")(h)
	})
	cfg := switched(
		Program{Node: "a", Name: "twice", Run: twice},
		Program{Node: "c", Name: "nobody", Run: send("10.0.0.99:9", make([]string, 20)...)},
	)
	cfg.ColdARP = true
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.ARPForget: 1, trace.ARPFull: 4, trace.ARPFailed: 16})
}

func TestErrorsAreRateLimited(t *testing.T) {
	l, _ := simulate(t, routed(Program{Node: "client", Name: "send", Run: run(func(h host.Host) error {
		c, err := h.ListenPacket("udp", ":1000")
		if err != nil {
			return err
		}
		for range 60 {
			c.WriteTo([]byte("x"), &net.UDPAddr{IP: net.IPv4(10, 0, 2, 2), Port: 9})
		}
		return nil
	})}))
	if n := count(l, trace.ICMPQuiet); n == 0 || n+count(l, trace.ICMPUnreachable) != 60 {
		t.Errorf("%d errors were held back", n)
	}
}

func TestSlowReadersLoseDatagrams(t *testing.T) {
	deaf := run(func(h host.Host) error {
		_, err := h.ListenPacket("udp", ":9")
		return err
	})
	messages := make([]string, 22)
	for i := range messages {
		messages[i] = string(make([]byte, 10000))
	}
	l, _ := simulate(t, switched(
		Program{Node: "b", Name: "deaf", Run: deaf}, Program{Node: "a", Name: "send", Run: send("10.0.0.2:9", messages...)}))
	want(t, l, map[trace.Why]int{trace.UDPFull: 1})
}

func TestBacklogIsBounded(t *testing.T) {
	cfg := switched(Program{Node: "b", Name: "listen", Run: run(func(h host.Host) error {
		_, err := h.Listen("tcp", ":80")
		return err
	})})
	for i := range 130 {
		cfg.Programs = append(cfg.Programs, Program{Node: "a", Name: fmt.Sprint(i), Run: run(func(h host.Host) error {
			_, err := h.Dial("tcp", "10.0.0.2:80")
			return err
		})})
	}
	cfg.Until = 500 * time.Millisecond
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.TCPBacklog: 2})
}

func TestQueuesOverflow(t *testing.T) {
	cfg := switched(Program{Node: "a", Name: "send", Run: send("10.0.0.2:9", make([]string, 10)...)})
	cfg.Links[0].Queue = 3
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.LinkFull: 6, trace.LinkQueue: 3 + 3}) // b's longer answers queue, too
}

func TestLinksWithoutARate(t *testing.T) {
	cfg := switched(Program{Node: "a", Name: "send", Run: send("10.0.0.2:9", "a", "b")})
	cfg.Links[0].Rate = 0
	cfg.Links[0].Faults = []Fault{{Kind: Jitter, Rate: 1, Delay: time.Second, Match: Match{Out: "a"}}}
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.WireAtOnce: 2 + 2, trace.WireJitter: 2})
	if a, b := l.Frame(0), l.Frame(1); a.Ended > b.Ended {
		t.Error("jitter must not reorder")
	}
}
