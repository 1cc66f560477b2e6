package sim

import (
	"bytes"
	"testing"
	"time"

	"strata/sim/program"
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
	echo := run(func(h program.Host) error {
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
	ask := run(func(h program.Host) error {
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
