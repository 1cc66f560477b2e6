package sim

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"strata/layers"
	"strata/sim/host"
	"strata/testdata/need"
	"strata/trace"
)

// home is two hosts, a and b, behind a router that translates, and a server
// and another one out in the world.
func home(programs ...Program) Config {
	link := func(name, a, b string) Link {
		split := func(s string) Endpoint { n, i, _ := strings.Cut(s, ":"); return Endpoint{n, i} }
		return Link{Name: name, Ends: [2]Endpoint{split(a), split(b)}, Rate: 10e6, Delay: time.Millisecond}
	}
	return Config{
		Name: "home",
		Nodes: []Node{
			{Name: "a", Kind: HostNode, Interfaces: ifaces("192.168.1.2/24"), Routes: defaultVia("192.168.1.1")},
			{Name: "b", Kind: HostNode, Interfaces: ifaces("192.168.2.2/24"), Routes: defaultVia("192.168.2.1")},
			{Name: "nat", Kind: RouterNode, Interfaces: ifaces("192.168.1.1/24", "192.168.2.1/24", "203.0.113.1/24"), Routes: defaultVia("203.0.113.2"),
				NAT: &NAT{Inside: []string{"eth0", "eth1"}, Outside: "eth2", UDPTimeout: 30 * time.Second}},
			{Name: "isp", Kind: RouterNode, Interfaces: ifaces("203.0.113.2/24", "198.51.100.1/24", "192.0.2.1/24")},
			{Name: "server", Kind: HostNode, Interfaces: ifaces("198.51.100.2/24"), Routes: defaultVia("198.51.100.1")},
			{Name: "other", Kind: HostNode, Interfaces: ifaces("192.0.2.2/24"), Routes: defaultVia("192.0.2.1")},
		},
		Links: []Link{link("a", "a:eth0", "nat:eth0"), link("b", "b:eth0", "nat:eth1"), link("wan", "nat:eth2", "isp:eth0"),
			link("s", "isp:eth1", "server:eth0"), link("o", "isp:eth2", "other:eth0")},
		Programs: programs,
		Until:    5 * time.Minute,
	}
}

// goodForTshark wants all checksums right, of quoted headers, too.
func goodForTshark(t *testing.T, l *trace.Log) {
	t.Helper()
	for _, r := range askTshark(t, need.Tool(t, "tshark"), l, true) {
		if r.bad || r.malformed {
			t.Errorf("frame %d: %+v", r.number, r)
		}
	}
}

// why counts the events with a reason.
func why(l *trace.Log, w trace.Why) (n int) {
	for i := 1; i <= l.Events(); i++ {
		if l.Event(trace.EventID(i)).Why == w {
			n++
		}
	}
	return n
}

// talk sends some bytes by TCP and wants them back.
func talk(to string, n int) run {
	return func(h host.Host) error {
		c, err := h.Dial("tcp", to)
		if err != nil {
			return err
		}
		defer c.Close()
		text := []byte(strings.Repeat("0123456789", n/10))
		h.Go(func() {
			c.Write(text)
			c.(interface{ CloseWrite() error }).CloseWrite()
		})
		if b, err := io.ReadAll(c); err != nil || string(b) != string(text) {
			return errors.Join(err, errors.New("what came back is not what was sent"))
		}
		return nil
	}
}

// parrot sends back what comes on its port, and notes from where it came.
func parrot(peers *[]string) run {
	return func(h host.Host) error {
		l, err := h.Listen("tcp", ":7")
		if err != nil {
			return err
		}
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			*peers = append(*peers, c.RemoteAddr().String())
			h.Go(func() { io.Copy(struct{ io.Writer }{c}, struct{ io.Reader }{c}); c.Close() })
		}
	}
}

// Two hosts, each with the same port: outside they share an address, and one
// of them gets another port. The streams come through whole.
func TestNATStreams(t *testing.T) {
	var peers []string
	errs := make([]error, 2)
	cfg := home(Program{Node: "server", Name: "echo", Run: parrot(&peers)},
		Program{Node: "a", Name: "a", Run: keep(&errs[0], talk("198.51.100.2:7", 20_000))},
		Program{Node: "b", Name: "b", Start: time.Millisecond, Run: keep(&errs[1], talk("198.51.100.2:7", 20_000))})
	for i := range cfg.Links {
		cfg.Links[i].Faults = []Fault{{Kind: Lose, Rate: 0.02}, {Kind: Reorder, Rate: 0.02, Delay: 5 * time.Millisecond}, {Kind: Duplicate, Rate: 0.02}}
	}
	l, _ := simulate(t, cfg)
	if errs[0] != nil || errs[1] != nil {
		t.Errorf("%v\n%s", errs, story(l))
	}
	if want := []string{"203.0.113.1:49152", "203.0.113.1:49154"}; !slices.Equal(peers, want) {
		t.Errorf("the server saw %v, want %v", peers, want)
	}
	var rows []string
	for _, e := range l.State(trace.EventID(l.Events())).Table(2, "nat") {
		rows = append(rows, e.Slot.Key+" "+e.Slot.Field+" "+e.Show)
	}
	if want := []string{
		"tcp 192.168.1.2:49152 outside 203.0.113.1:49152", "tcp 192.168.1.2:49152 peer 198.51.100.2", "tcp 192.168.1.2:49152 timeout 240 s",
		"tcp 192.168.2.2:49152 outside 203.0.113.1:49154", "tcp 192.168.2.2:49152 peer 198.51.100.2", "tcp 192.168.2.2:49152 timeout 240 s",
	}; !slices.Equal(rows, want) {
		t.Errorf("the table: %q", rows)
	}
	if n := why(l, trace.NATState); n != 3*2 { // opening, established, closing
		t.Errorf("the time-out changed %d times", n)
	}
	goodForTshark(t, l)
}

// The bytes of a message can be followed through the translation to its end.
func TestNATKeepsLineage(t *testing.T) {
	var got []string
	l, _ := simulate(t, home(Program{Node: "server", Name: "sink", Run: sink(&got, ":9")}, Program{Node: "a", Name: "a", Run: send("198.51.100.2:9", "hello")}))
	var sent, delivered trace.PDUID
	for i := 1; i <= l.Events(); i++ {
		switch e := l.Event(trace.EventID(i)); e.Kind {
		case trace.Send:
			sent = e.PDU
		case trace.Deliver:
			delivered = e.PDU
		}
	}
	if len(got) != 1 || sent == 0 || sent != delivered {
		t.Errorf("got %q; PDU %d was sent, %d delivered", got, sent, delivered)
	}
}

// A mapping lasts as long as packets go out; only whom they went to may answer.
func TestNATForgets(t *testing.T) {
	for _, keepalive := range []bool{false, true} {
		var heard []string
		client := run(func(h host.Host) error {
			c, err := h.Dial("udp", "198.51.100.2:9")
			if err != nil {
				return err
			}
			c.Write([]byte("subscribe"))
			if keepalive {
				h.Go(func() {
					for h.Sleep(20*time.Second) == nil {
						c.Write([]byte{0})
					}
				})
			}
			b := make([]byte, 100)
			for {
				n, err := c.Read(b)
				if err != nil {
					return err
				}
				heard = append(heard, string(b[:n]))
			}
		})
		server := run(func(h host.Host) error {
			c, err := h.ListenPacket("udp", ":9")
			if err != nil {
				return err
			}
			_, from, err := c.ReadFrom(make([]byte, 100))
			for _, at := range []time.Duration{25 * time.Second, 10 * time.Second, 30 * time.Second} {
				if err := h.Sleep(at); err != nil {
					return err
				}
				c.WriteTo([]byte("news"), from)
			}
			return err
		})
		stranger := run(func(h host.Host) error {
			h.Sleep(10 * time.Second)
			return send("203.0.113.1:49152", "spam")(h)
		})
		cfg := home(Program{Node: "server", Name: "s", Run: server}, Program{Node: "a", Name: "c", Run: client}, Program{Node: "other", Name: "o", Run: stranger})
		cfg.Until = 80 * time.Second
		l, _ := simulate(t, cfg)
		want := map[bool][3]int{false: {1, 1, 2}, true: {3, 0, 0}}[keepalive] // got, forgotten, unknown
		// Each forgotten mapping is three fields of a row.
		if got := [3]int{len(heard), why(l, trace.NATExpired) / 3, why(l, trace.NATUnknown)}; got != want || why(l, trace.NATFiltered) != 1 {
			t.Errorf("keepalive %v: heard, forgotten, unknown %v, want %v; filtered %d\n%s", keepalive, got, want, why(l, trace.NATFiltered), story(l))
		}
		goodForTshark(t, l)
	}
}

// ping sends an echo request with an identifier and waits for its reply.
func ping(to string, id byte) run {
	return func(h host.Host) error {
		c, err := h.ListenPacket("ip4:icmp", "0.0.0.0")
		if err != nil {
			return err
		}
		m := layers.ICMPv4Header{layers.ICMPEcho, 0, 0, 0, 0, id, 0, 1}
		m.Put(layers.ICMPEcho, 0, m.Rest(), 0)
		c.WriteTo(m, &net.IPAddr{IP: netip.MustParseAddr(to).AsSlice()})
		c.SetReadDeadline(h.Now().Add(time.Second))
		b := make([]byte, 100)
		for { // a raw socket hears all ICMP
			n, from, err := c.ReadFrom(b)
			if err != nil || n == 8 && b[0] == layers.ICMPEchoReply && b[5] == id && from.String() == to {
				return err
			}
		}
	}
}

// Two pings with one identifier are told apart; the router's own address
// answers itself; an error quotes what its receiver sent.
func TestNATICMP(t *testing.T) {
	errs := make([]error, 6)
	refused := run(func(h host.Host) error {
		c, err := h.Dial("udp", "198.51.100.2:99")
		if err != nil {
			return err
		}
		c.Write([]byte("anybody?"))
		c.SetReadDeadline(h.Now().Add(time.Second))
		_, err = c.Read(make([]byte, 1))
		return err
	})
	lost := run(func(h host.Host) error {
		c, err := h.Dial("udp", "8.8.8.8:99") // the provider has no route there
		if err != nil {
			return err
		}
		c.Write([]byte("anybody?"))
		c.SetReadDeadline(h.Now().Add(time.Second))
		_, err = c.Read(make([]byte, 1))
		return err
	})
	l, _ := simulate(t, home(
		Program{Node: "a", Name: "p1", Run: keep(&errs[0], ping("198.51.100.2", 7))}, Program{Node: "b", Name: "p2", Run: keep(&errs[1], ping("198.51.100.2", 7))},
		Program{Node: "server", Name: "p3", Run: keep(&errs[2], ping("203.0.113.1", 8))}, Program{Node: "server", Name: "p4", Run: keep(&errs[3], ping("192.168.1.2", 9))},
		Program{Node: "a", Name: "u1", Start: 3 * time.Second, Run: keep(&errs[4], refused)}, Program{Node: "b", Name: "u2", Start: 3 * time.Second, Run: keep(&errs[5], lost)}))
	for i, want := range []error{nil, nil, nil, os.ErrDeadlineExceeded, syscall.ECONNREFUSED, syscall.ENETUNREACH} {
		if !errors.Is(errs[i], want) {
			t.Errorf("program %d: %v, want %v", i, errs[i], want)
		}
	}
	if n := why(l, trace.NATQuote); n != 2 {
		t.Errorf("%d quotes were translated", n)
	}
	goodForTshark(t, l)
	if t.Failed() {
		t.Log(story(l))
	}
}

// An error from inside leaves with the outside address only, in its quote, too.
func TestNATErrorsGoOut(t *testing.T) {
	var got []byte
	server := run(func(h host.Host) error {
		raw, err := h.ListenPacket("ip4:icmp", "0.0.0.0")
		if err != nil {
			return err
		}
		c, err := h.ListenPacket("udp", ":9")
		if err != nil {
			return err
		}
		_, from, err := c.ReadFrom(make([]byte, 100))
		if err != nil {
			return err
		}
		h.Sleep(time.Second) // the client has closed its socket
		c.WriteTo([]byte("too late"), from)
		b := make([]byte, 600)
		n, sender, err := raw.ReadFrom(b)
		if err == nil && sender.String() == "203.0.113.1" {
			got = b[:n]
		}
		return err
	})
	l, _ := simulate(t, home(Program{Node: "server", Name: "s", Run: server}, Program{Node: "a", Name: "a", Run: send("198.51.100.2:9", "hello")}))
	if len(got) != 8+20+8+8 || got[0] != layers.ICMPDestinationUnreachable || got[1] != layers.ICMPPortUnreachable {
		t.Fatalf("the server was told %x\n%s", got, story(l))
	}
	ip, udp := layers.IPv4Header(got[8:28]), layers.UDPHeader(got[28:36])
	if ip.Src() != 198<<24|51<<16|100<<8|2 || ip.Dst() != 203<<24|113<<8|1 || !ip.ChecksumOK() || udp.SrcPort() != 9 || udp.DstPort() != 49152 ||
		!udp.ChecksumOK(layers.PseudoHeader(ip.Src(), ip.Dst(), layers.ProtocolUDP, 16)+layers.Sum(got[36:], 0)) {
		t.Errorf("the quote: %x %x", ip, udp)
	}
	goodForTshark(t, l)
}

// Packets in fragments are put together to be translated, both ways.
func TestNATFragments(t *testing.T) {
	var got []string
	long := strings.Repeat("fragment ", 500)
	echo := run(func(h host.Host) error {
		c, err := h.ListenPacket("udp", ":9")
		if err != nil {
			return err
		}
		b := make([]byte, 65536)
		n, from, err := c.ReadFrom(b)
		c.WriteTo(b[:n], from)
		return err
	})
	client := run(func(h host.Host) error {
		c, err := h.Dial("udp", "198.51.100.2:9")
		if err != nil {
			return err
		}
		c.Write([]byte(long))
		b := make([]byte, 65536)
		n, err := c.Read(b)
		got = append(got, string(b[:n]))
		return err
	})
	l, _ := simulate(t, home(Program{Node: "server", Name: "s", Run: echo}, Program{Node: "a", Name: "c", Run: client}))
	if len(got) != 1 || got[0] != long {
		t.Errorf("got %d messages\n%s", len(got), story(l))
	}
	goodForTshark(t, l)
}

// Damage that happened before stays to be found after the translation.
func TestNATHidesNoDamage(t *testing.T) {
	var got []string
	cfg := home(Program{Node: "server", Name: "s", Run: sink(&got, ":9")}, Program{Node: "a", Name: "a", Run: send("198.51.100.2:9", "one", "two")})
	// A router of a's own, which damages its first datagram.
	cfg.Nodes = append(cfg.Nodes, Node{Name: "bad", Kind: RouterNode, Interfaces: ifaces("192.168.1.1/24", "192.168.9.1/24"), Routes: defaultVia("192.168.9.2"), Corrupts: []Match{{Proto: "udp", Nth: []int{1}}}})
	cfg.Nodes[2].Interfaces[0].Addr = netip.MustParsePrefix("192.168.9.2/24")
	cfg.Nodes[2].Routes = append(cfg.Nodes[2].Routes, Route{netip.MustParsePrefix("192.168.1.0/24"), netip.MustParseAddr("192.168.9.1")})
	cfg.Links[0].Ends[1] = Endpoint{"bad", "eth0"}
	cfg.Links = append(cfg.Links, Link{Name: "own", Ends: [2]Endpoint{{"bad", "eth1"}, {"nat", "eth0"}}})
	l, _ := simulate(t, cfg)
	if !slices.Equal(got, []string{"two"}) || why(l, trace.UDPChecksum) != 1 {
		t.Errorf("got %q\n%s", got, story(l))
	}
}

func TestNATConfigsThatCannotBe(t *testing.T) {
	cfg := home()
	cfg.Nodes[2].NAT.Outside = "eth7"
	if _, err := New(cfg, true); err == nil || !strings.Contains(err.Error(), "eth7") {
		t.Error(err)
	}
}
