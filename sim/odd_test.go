package sim

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"strata/layers"
	"strata/sim/host"
	"strata/trace"
)

// hello is a program that sends n bytes by TCP and closes.
func hello(to string, n int) run {
	return func(h host.Host) error {
		c, err := h.Dial("tcp", to)
		if err != nil {
			return err
		}
		c.Write(make([]byte, n))
		return c.Close()
	}
}

// keep runs a program and keeps its error.
func keep(err *error, f run) run {
	return func(h host.Host) error {
		*err = f(h)
		return *err
	}
}

func TestConfigsThatCannotBe(t *testing.T) {
	change := map[string]func(*Config){
		`no kind of node is called "hub"`:            func(c *Config) { c.Nodes[0].Kind = "hub" },
		`needs an IPv4 address with its prefix`:      func(c *Config) { c.Nodes[0].Interfaces[0].Addr = netip.Prefix{} },
		`needs an IPv4 address with its prefix, not`: func(c *Config) { c.Nodes[0].Interfaces[0].Addr = netip.MustParsePrefix("fe80::1/64") },
		`no IPv4 network`:                            func(c *Config) { c.Nodes[0].Routes[0].To = netip.MustParsePrefix("::/0") },
		`which is on none of its links`:              func(c *Config) { c.Nodes[0].Routes[0].Via = netip.MustParseAddr("::1") },
		`an MTU of 67 is less`:                       func(c *Config) { c.Links[0].MTU = 67 },
		`an MTU of 65536 is more`:                    func(c *Config) { c.Links[0].MTU = 65536 },
		`a rate of -1 bit/s is negative`:             func(c *Config) { c.Links[0].Rate = -1 },
		`a queue of -1 frames is negative`:           func(c *Config) { c.Links[0].Queue = -1 },
		`a delay of -1ns`:                            func(c *Config) { c.Links[0].Delay = -1 },
		`a delay of 2562047h47m16.854775807s`:        func(c *Config) { c.Links[0].Delay = math.MaxInt64 },
		`fault "loss": a rate of NaN`:                func(c *Config) { c.Links[0].Faults = []Fault{{Kind: Lose, Rate: math.NaN()}} },
		`fault "gremlin"`:                            func(c *Config) { c.Links[0].Faults = []Fault{{Kind: "gremlin"}} },
		`no node "x"`:                                func(c *Config) { c.Links[0].Ends[0].Node = "x" },
		`has a link already`:                         func(c *Config) { c.Links[1].Ends[0] = c.Links[0].Ends[0] },
		`is not a host`:                              func(c *Config) { c.Programs = []Program{{Node: "r1", Run: run(drain)}} },
		`nothing to run`:                             func(c *Config) { c.Programs = []Program{{Node: "client"}} },
		`the name is used twice`:                     func(c *Config) { c.Nodes[0].Name = "r1" },
	}
	for want, f := range change {
		cfg := routed()
		f(&cfg)
		if _, err := New(cfg, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// TestOddButLegal builds networks that nobody would, and expects their
// datagram to arrive.
func TestOddButLegal(t *testing.T) {
	pair := func(a, b string) Config {
		return Config{
			Nodes: []Node{
				{Name: "", Kind: HostNode, Interfaces: []Interface{{Addr: netip.MustParsePrefix(a)}}},
				{Name: "b", Kind: HostNode, Interfaces: ifaces(b)},
			},
			Links: []Link{{Ends: [2]Endpoint{{"", ""}, {"b", "eth0"}}}},
		}
	}
	slow := pair("10.0.0.1/24", "10.0.0.2/24")
	slow.Links[0].Rate = 1
	late := pair("10.0.0.1/24", "10.0.0.2/24")
	late.Links[0].Delay = maxDelay
	late.Links[0].Faults = []Fault{{Kind: Jitter, Rate: 1, Delay: maxDelay}, {Kind: Reorder, Rate: 1, Delay: maxDelay}}
	narrow := pair("10.0.0.1/24", "10.0.0.2/24")
	narrow.Links[0].MTU = 68
	wide := pair("10.0.0.1/24", "10.0.0.2/24")
	wide.Links[0].MTU = 65535
	self := Config{
		Nodes: []Node{{Name: "", Kind: HostNode, Interfaces: ifaces("10.0.0.1/24", "10.0.0.2/24")}},
		Links: []Link{{Ends: [2]Endpoint{{"", "eth0"}, {"", "eth1"}}}},
	}
	for name, x := range map[string]struct {
		cfg  Config
		to   string
		at   string // node
		size int
	}{
		"31 bits":            {pair("10.0.0.0/31", "10.0.0.1/31"), "10.0.0.1", "b", 1},
		"one bit a second":   {slow, "10.0.0.2", "b", 100},
		"a year's delay":     {late, "10.0.0.2", "b", 1},
		"MTU 68":             {narrow, "10.0.0.2", "b", 65507},
		"MTU 65535":          {wide, "10.0.0.2", "b", 65507},
		"empty":              {pair("10.0.0.1/24", "10.0.0.2/24"), "10.0.0.2", "b", 0},
		"to its own far end": {self, "10.0.0.2", "", 1},
		"to itself":          {pair("10.0.0.1/32", "10.0.0.2/24"), "10.0.0.1", "", 1},
		"loopback":           {pair("10.0.0.1/24", "10.0.0.2/24"), "127.0.0.1", "", 70},
		"subnet broadcast":   {pair("10.0.0.1/24", "10.0.0.2/24"), "10.0.0.255", "b", 70},
		"broadcast":          {pair("10.0.0.1/24", "10.0.0.2/24"), "255.255.255.255", "b", 70},
		"no link":            {Config{Nodes: []Node{{Name: "", Kind: HostNode}}}, "127.9.9.9", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			var err error
			x.cfg.Programs = []Program{
				{Node: x.at, Name: "sink", Run: sink(&got, ":9")},
				{Node: "", Name: "send", Run: keep(&err, send(x.to+":9", string(make([]byte, x.size))))},
			}
			l, _ := simulate(t, x.cfg)
			if len(got) != 1 || len(got[0]) != x.size || err != nil {
				t.Errorf("%d datagrams came; %v\n%s", len(got), err, story(l))
			}
		})
	}
}

// TestCallsThatFail asks for what no network can do.
func TestCallsThatFail(t *testing.T) {
	for what, x := range map[string]struct {
		f    run
		want error
	}{
		"TCP to all on the link": {hello("10.0.1.255:9", 1), syscall.ENETUNREACH},
		"TCP to everybody":       {hello("255.255.255.255:9", 1), syscall.ENETUNREACH},
		"TCP to itself":          {hello("10.0.1.2:9", 1), syscall.ECONNREFUSED},
		"TCP to loopback":        {hello("127.0.0.1:9", 1), syscall.ECONNREFUSED},
		"TCP to port 0":          {hello("10.0.2.2:0", 1), syscall.ECONNREFUSED},
		"UDP to port 0":          {send("10.0.2.2:0", "x"), syscall.EINVAL},
		"too long":               {send("10.0.2.2:9", string(make([]byte, 65508))), syscall.EMSGSIZE},
		"loopback, nobody there": {func(h host.Host) error {
			c, err := h.Dial("udp", "127.0.0.1:9")
			if err != nil {
				return err
			}
			c.Write([]byte("x"))
			_, err = c.Read(make([]byte, 1))
			return err
		}, syscall.ECONNREFUSED},
	} {
		var err error
		l, _ := simulate(t, routed(Program{Node: "client", Name: "p", Run: keep(&err, x.f)}))
		if !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v\n%s", what, err, x.want, story(l))
		}
	}
}

// TestPortZeroListensAnywhere: a listener that names no port gets a free one.
func TestPortZeroListensAnywhere(t *testing.T) {
	var port int
	_, _ = simulate(t, routed(Program{Node: "client", Name: "p", Run: run(func(h host.Host) error {
		l, err := h.Listen("tcp", ":0")
		if err == nil {
			port = l.Addr().(*net.TCPAddr).Port
		}
		return err
	})}))
	if port < 49152 {
		t.Errorf("listens at port %d", port)
	}
}

// TestNobodyAnswersBroadcasts: what reaches the router for a network's
// broadcast address is not forwarded (RFC 2644), and draws neither reset nor
// ICMP error (RFC 1122 sections 3.2.2 and 4.2.3.10).
func TestNobodyAnswersBroadcasts(t *testing.T) {
	cfg := routed(
		Program{Node: "client", Name: "tcp", Run: hello("10.0.2.255:9", 1)},
		Program{Node: "client", Name: "udp", Run: send("10.0.2.255:9", "x")})
	cfg.Until = 500 * time.Millisecond
	l, res := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.TCPBroadcast: 1, trace.UDPNoSocket: 1, trace.ICMPUnreachable: 0, trace.TCPRefuse: 0})
	if res.PacketHops != 2 {
		t.Errorf("%d hops", res.PacketHops)
	}
}

// TestQuotesHoldTheFirstFragment: the error about a reassembled datagram
// quotes its first fragment, as it came; bytes and lineage agree.
func TestQuotesHoldTheFirstFragment(t *testing.T) {
	cfg := routed(Program{Node: "client", Name: "send", Run: send("10.0.2.2:9", strings.Repeat("abcd", 500))})
	cfg.Links[1].MTU = 276
	l, _ := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.IPWhole: 2, trace.ICMPUnreachable: 1}) // the error comes in fragments, too
	for i := 1; i <= l.Events(); i++ {
		if e := l.Event(trace.EventID(i)); e.Why == trace.ICMPUnreachable {
			quote := l.Append(nil, e.PDU, layers.ICMPv4Size, 1500)
			if ip := layers.IPv4Header(quote); l.Size(e.PDU) != 8+276 || len(ip) != 276 || ip.TotalLen() != 276 || !ip.MF() || !ip.ChecksumOK() {
				t.Errorf("quotes %d bytes: % x", len(quote), quote)
			}
		}
	}
}

// ring is a host, and two switches with two links between them.
func ring(rate int64, delay time.Duration) Config {
	cfg := Config{Nodes: []Node{
		{Name: "h", Kind: HostNode, Interfaces: ifaces("10.0.0.1/24")},
		{Name: "s", Kind: SwitchNode, Interfaces: []Interface{{Name: "1"}, {Name: "2"}, {Name: "3"}}},
		{Name: "t", Kind: SwitchNode, Interfaces: []Interface{{Name: "1"}, {Name: "2"}, {Name: "3"}, {Name: "4"}}},
	}}
	for _, e := range [][2]Endpoint{{{"h", "eth0"}, {"s", "1"}}, {{"s", "2"}, {"t", "1"}}, {{"s", "3"}, {"t", "2"}}, {{"t", "3"}, {"t", "4"}}} {
		cfg.Links = append(cfg.Links, Link{Ends: e, Rate: rate, Delay: delay})
	}
	cfg.Programs = []Program{{Node: "h", Name: "storm", Run: send("255.255.255.255:9", "x")}}
	return cfg
}

// TestStormsEnd: a frame for everybody runs round a loop of switches, and
// multiplies. Until, the context and the bounds of links end it.
func TestStormsEnd(t *testing.T) {
	run := func(cfg Config, ctx context.Context) (Result, error) {
		n, err := New(cfg, false)
		if err != nil {
			t.Fatal(err)
		}
		return n.Run(ctx)
	}
	cfg := ring(100e6, 0)
	cfg.Until = 100 * time.Millisecond
	if res, err := run(cfg, context.Background()); err != nil || !res.Cut || res.Drops == 0 {
		t.Errorf("%+v, %v", res, err)
	}
	if _, err := run(ring(0, 0), context.Background()); !errors.Is(err, ErrStandstill) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := run(ring(1e6, time.Millisecond), ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// TestBranchesAreForgotten: a server that starts a branch per connection keeps
// none of them, and the connections' answers all arrive.
func TestBranchesAreForgotten(t *testing.T) {
	const n = 300
	ended, answers := 0, 0
	serve := run(func(h host.Host) error {
		l, err := h.Listen("tcp", ":9")
		for err == nil {
			var c net.Conn
			if c, err = l.Accept(); err == nil {
				h.Go(func() {
					io.WriteString(c, "hi")
					c.Close()
					ended++
				})
			}
		}
		return err
	})
	ask := run(func(h host.Host) error {
		for range n {
			c, err := h.Dial("tcp", "10.0.2.2:9")
			if err != nil {
				return err
			}
			b, err := io.ReadAll(c)
			if string(b) == "hi" {
				answers++
			}
			if c.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	_, _ = simulate(t, routed(Program{Node: "server", Name: "serve", Run: serve}, Program{Node: "client", Name: "ask", Run: ask}))
	if ended != n || answers != n {
		t.Errorf("%d branches ended, %d answers came", ended, answers)
	}
}

// TestTracesAreBounded lets a storm go on until its trace is too long.
func TestTracesAreBounded(t *testing.T) {
	n, err := New(ring(0, time.Microsecond), true)
	if err != nil {
		t.Fatal(err)
	}
	n.mostEvents = 100_000
	if _, err := n.Run(t.Context()); !errors.Is(err, ErrTooLong) || n.Trace().Events() > 2*n.mostEvents {
		t.Errorf("%d events, %v", n.Trace().Events(), err)
	}
}

// TestTheEndIsSilent: a run that is cut while a connection stands and sockets
// wait ends with what happened last; that programs wind up is no event, and
// sends nothing.
func TestTheEndIsSilent(t *testing.T) {
	var got []string
	dawdle := run(func(h host.Host) error {
		c, err := h.Dial("tcp", "10.0.2.2:9")
		if err != nil {
			return err
		}
		c.Write([]byte("x"))
		h.Sleep(time.Hour)
		c.Write([]byte("too late"))
		c.Close()
		_, err = h.Dial("udp", "10.0.2.2:9")
		return err
	})
	cfg := routed(
		Program{Node: "server", Name: "drain", Run: run(drain)},
		Program{Node: "server", Name: "sink", Run: sink(&got, ":9")},
		Program{Node: "client", Name: "dawdle", Run: dawdle})
	cfg.Until = time.Second
	l, res := simulate(t, cfg)
	want(t, l, map[trace.Why]int{trace.SocketClose: 0, trace.TCPClose: 0})
	for i := range l.Frames() {
		if f := l.Frame(i); f.Fate != trace.Arrived {
			t.Errorf("frame %d: %+v", i, f)
		}
	}
	if !res.Cut || res.BytesSent != 1 || res.BytesDelivered != 1 {
		t.Errorf("%+v", res)
	}
}
