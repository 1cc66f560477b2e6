package dhcp_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/dhcp"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/program"
	"strata/trace"
)

// lan is some hosts on a switch; one whose address is "" has none yet.
type lan struct {
	cfg  sim.Config
	errs map[string]error
}

func newLAN(addresses map[string]string, names ...string) *lan {
	l := &lan{errs: map[string]error{}}
	l.cfg = sim.Config{Name: "lan", Seed: 1, Until: 10 * time.Minute, ColdARP: true, Nodes: []sim.Node{{Name: "sw", Kind: sim.SwitchNode}}}
	for i, name := range names {
		in := sim.Interface{Name: "eth0", DHCP: addresses[name] == ""}
		if !in.DHCP {
			in.Addr = netip.MustParsePrefix(addresses[name])
		}
		port := fmt.Sprint("p", i)
		l.cfg.Nodes = append(l.cfg.Nodes, sim.Node{Name: name, Kind: sim.HostNode, Interfaces: []sim.Interface{in}})
		l.cfg.Nodes[0].Interfaces = append(l.cfg.Nodes[0].Interfaces, sim.Interface{Name: port})
		l.cfg.Links = append(l.cfg.Links, sim.Link{Name: name, Rate: 100e6, Delay: time.Millisecond,
			Ends: [2]sim.Endpoint{{Node: name, Interface: "eth0"}, {Node: "sw", Interface: port}}})
	}
	return l
}

type noted struct {
	host.Program
	keep func(error)
}

func (n noted) Run(h host.Host) error {
	err := n.Program.Run(h)
	n.keep(err)
	return err
}

// run starts a program on a host; its error is kept under its name.
func (l *lan) run(node, name string, start time.Duration, p host.Program) {
	l.cfg.Programs = append(l.cfg.Programs, sim.Program{Node: node, Name: name, Start: start,
		Run: noted{p, func(err error) { l.errs[name] = err }}})
}

func (l *lan) trace(t *testing.T) *trace.Log {
	t.Helper()
	for _, p := range l.cfg.Programs {
		hosttest.Check(t, p.Run.(noted).Program)
	}
	n, err := sim.New(l.cfg, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return n.Trace()
}

func testServer() *dhcp.Server {
	return &dhcp.Server{Interface: "eth0", Self: "10.0.1.1/24", Pool: "10.0.1.100-10.0.1.101", Router: "10.0.1.1", DNS: []string{"10.0.1.1"}, Lease: time.Minute}
}

func testClient() *dhcp.Client { return &dhcp.Client{Interface: "eth0", Tries: 3, Hostname: "laptop"} }

// count is how many events have a reason.
func count(l *trace.Log, why trace.Why) (n int) {
	for i := 1; i <= l.Events(); i++ {
		if l.Event(trace.EventID(i)).Why == why {
			n++
		}
	}
	return n
}

// table shows what a table of a node holds at the end: "key field value".
func table(l *trace.Log, node, name string) (rows []string) {
	id := slices.IndexFunc(l.Info().Nodes, func(n trace.Node) bool { return n.Name == node })
	for _, e := range l.State(trace.EventID(l.Events())).Table(trace.NodeID(id), name) {
		rows = append(rows, e.Slot.Key+" "+e.Slot.Field+" "+e.Show)
	}
	return rows
}

func want(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// An address, and then a packet that needs it, its route and its router.
func TestDiscoverOfferRequestAck(t *testing.T) {
	for _, unicast := range []bool{false, true} {
		t.Run(fmt.Sprint("unicast=", unicast), func(t *testing.T) {
			l := newLAN(map[string]string{"server": "10.0.1.1/24"}, "server", "laptop")
			c := testClient()
			c.Unicast = unicast
			l.run("server", "dhcp", 0, testServer())
			l.run("server", "echo", 0, &program.EchoServer{Listen: ":7", Network: "udp"})
			l.run("laptop", "dhcp-client", time.Millisecond, c)
			l.run("laptop", "client", time.Second, &program.EchoClient{To: "10.0.1.1:7", Network: "udp", Text: "hi", Count: 1, Timeout: time.Second})
			log := l.trace(t)
			if l.errs["dhcp-client"] != nil || l.errs["client"] != nil || l.errs["dhcp"] != nil {
				t.Fatal(l.errs)
			}
			if c.Lease.Address.String() != "10.0.1.100/24" || c.Lease.Time != time.Minute || c.Lease.T1 != 30*time.Second || c.Lease.T2 != 52*time.Second {
				t.Errorf("lease: %+v", c.Lease)
			}
			want(t, "address", table(log, "laptop", "interface"), "eth0 address 10.0.1.100/24")
			want(t, "routes", table(log, "laptop", "route"), "0.0.0.0/0 via 10.0.1.1", "10.0.1.0/24 via on the link")
			want(t, "lease", table(log, "server", "lease"), "10.0.1.100 client 02:00:00:00:03:01", "10.0.1.100 state bound", "10.0.1.100 until 00:01:00")
		})
	}
}

// Two addresses for three hosts: nobody gets another's, the third none, until
// one gives its address back.
func TestPoolRunsOut(t *testing.T) {
	l := newLAN(map[string]string{"server": "10.0.1.1/24"}, "server", "a", "b", "c")
	a, b, c := testClient(), testClient(), testClient()
	a.Renewals, a.Release = 1, true // for a minute
	server := testServer()
	server.Lease = 2 * time.Minute
	c.Tries = 6
	l.run("server", "dhcp", 0, server)
	for name, p := range map[string]*dhcp.Client{"a": a, "b": b, "c": c} {
		l.run(name, name, time.Millisecond, p)
	}
	slices.SortFunc(l.cfg.Programs, func(x, y sim.Program) int { return slices.Compare([]byte(x.Name), []byte(y.Name)) })
	log := l.trace(t)
	if l.errs["a"] != nil || l.errs["b"] != nil || !a.Lease.Address.IsValid() || !b.Lease.Address.IsValid() || a.Lease.Address == b.Lease.Address {
		t.Errorf("%v: %v and %v", l.errs, a.Lease.Address, b.Lease.Address)
	}
	if l.errs["c"] != nil || c.Lease.Address != a.Lease.Address || c.Lease.Granted.Sub(a.Lease.Granted) < 50*time.Second {
		t.Errorf("%v: the third got %v, which %v gave back", l.errs, c.Lease, a.Lease)
	}
	want(t, "addresses", table(log, "a", "interface"))
}

// Renewal by the lease's server; when that is gone, the address is lost in the end.
func TestRenewal(t *testing.T) {
	l := newLAN(map[string]string{"server": "10.0.1.1/24"}, "server", "laptop")
	c := testClient()
	c.Renewals = 3
	l.run("server", "dhcp", 0, testServer())
	l.run("laptop", "c", time.Millisecond, c)
	// All that leaves the server is lost from 80 s on: of the renewals at 30,
	// 60 and 90 s the third fails.
	l.cfg.Links[0].Faults = []sim.Fault{{Kind: sim.Lose, Rate: 1, Match: sim.Match{Out: "server", After: 80 * time.Second}}}
	log := l.trace(t)
	if l.errs["c"] == nil || c.Lease.Address.IsValid() {
		t.Errorf("%v, lease %+v", l.errs, c.Lease)
	}
	want(t, "address", table(log, "laptop", "interface"))
	want(t, "routes", table(log, "laptop", "route"))
	if n, routes := count(log, trace.AddressGone), count(log, trace.RouteGone); n != 1 || routes != 2 {
		t.Errorf("the address was lost %d times, and %d routes", n, routes)
	}
}

// An address that somebody took without asking is declined, and not given again.
func TestDecline(t *testing.T) {
	l := newLAN(map[string]string{"server": "10.0.1.1/24", "squatter": "10.0.1.100/24"}, "server", "squatter", "laptop")
	c := testClient()
	c.Probe = true
	l.run("server", "dhcp", 0, testServer())
	l.run("laptop", "c", time.Millisecond, c)
	log := l.trace(t)
	if l.errs["c"] != nil || c.Lease.Address.String() != "10.0.1.101/24" {
		t.Errorf("%v, lease %+v", l.errs, c.Lease)
	}
	want(t, "leases", table(log, "server", "lease")[:2], "10.0.1.100 state declined", fmt.Sprint("10.0.1.100 until ", "00:10:00"))
	for why, least := range map[trace.Why]int{trace.ARPProbe: 4, trace.ARPConflict: 1, trace.ARPAnnounce: 2, trace.AddressSet: 1} {
		if n := count(log, why); n < least {
			t.Errorf("%v: %d times, want at least %d", why, n, least)
		}
	}
}

// Two servers offer; one is taken, and the other hears so.
func TestTwoServers(t *testing.T) {
	l := newLAN(map[string]string{"one": "10.0.1.1/24", "two": "10.0.1.2/24"}, "one", "two", "laptop")
	two := testServer()
	two.Self, two.Pool = "10.0.1.2/24", "10.0.1.200-10.0.1.201"
	c := testClient()
	l.run("one", "one", 0, testServer())
	l.run("two", "two", 0, two)
	l.run("laptop", "c", time.Millisecond, c)
	log := l.trace(t)
	if l.errs["c"] != nil || c.Lease.Address.String() != "10.0.1.100/24" {
		t.Errorf("%v, lease %+v", l.errs, c.Lease)
	}
	want(t, "the other's", table(log, "two", "lease"))
}

// On a link that loses, doubles and damages, the address comes all the same.
func TestBadLink(t *testing.T) {
	for seed := range uint64(20) {
		l := newLAN(map[string]string{"server": "10.0.1.1/24"}, "server", "a", "b")
		l.cfg.Seed, l.cfg.Until = seed, time.Hour
		a, b := testClient(), testClient()
		a.Tries, b.Tries = 20, 20
		l.run("server", "dhcp", 0, testServer())
		l.run("a", "a", 0, a)
		l.run("b", "b", 0, b)
		for i := range l.cfg.Links {
			l.cfg.Links[i].Faults = []sim.Fault{{Kind: sim.Lose, Rate: 0.2}, {Kind: sim.Duplicate, Rate: 0.2},
				{Kind: sim.Corrupt, Rate: 0.1, Bit: -1}, {Kind: sim.Reorder, Rate: 0.2, Delay: 3 * time.Millisecond}}
		}
		l.trace(t)
		if l.errs["a"] != nil || l.errs["b"] != nil || !a.Lease.Address.IsValid() || a.Lease.Address == b.Lease.Address {
			t.Errorf("seed %d: %v: %v and %v", seed, l.errs, a.Lease.Address, b.Lease.Address)
		}
	}
}
