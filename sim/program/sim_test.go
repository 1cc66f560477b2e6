package program_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"reflect"
	"syscall"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/program"
	"strata/trace"
)

// noted is a program whose error is kept.
type noted struct {
	program.Program
	err *error
}

func (n noted) Run(h program.Host) error {
	*n.err = n.Program.Run(h)
	return *n.err
}

// simulated runs programs on two hosts, a router between them. It gives their
// errors and how many messages were sent and, with the same content, delivered.
func simulated(t *testing.T, client, server []program.Program, faults ...sim.Fault) (errs []error, sent, same int) {
	t.Helper()
	host := func(name, address, router string) sim.Node {
		return sim.Node{Name: name, Kind: sim.HostNode,
			Interfaces: []sim.Interface{{Name: "eth0", Addr: netip.MustParsePrefix(address)}},
			Routes:     []sim.Route{{To: netip.MustParsePrefix("0.0.0.0/0"), Via: netip.MustParseAddr(router)}}}
	}
	cfg := sim.Config{Name: "programs", Seed: 1, Until: 10 * time.Minute,
		Nodes: []sim.Node{
			host("client", "10.0.1.2/24", "10.0.1.1"), host("server", "10.0.2.2/24", "10.0.2.1"),
			{Name: "r1", Kind: sim.RouterNode, Interfaces: []sim.Interface{
				{Name: "eth0", Addr: netip.MustParsePrefix("10.0.1.1/24")}, {Name: "eth1", Addr: netip.MustParsePrefix("10.0.2.1/24")}}},
		},
		Links: []sim.Link{
			{Name: "lan", Ends: [2]sim.Endpoint{{Node: "client", Interface: "eth0"}, {Node: "r1", Interface: "eth0"}}, Rate: 100e6, Delay: 5 * time.Millisecond, Faults: faults},
			{Name: "wan", Ends: [2]sim.Endpoint{{Node: "r1", Interface: "eth1"}, {Node: "server", Interface: "eth0"}}, Rate: 10e6, Delay: 5 * time.Millisecond},
		}}
	errs = make([]error, len(client)+len(server))
	for i, p := range append(server, client...) {
		check(t, p)
		node, start := "server", time.Duration(0)
		if i >= len(server) {
			node, start = "client", time.Millisecond
		}
		cfg.Programs = append(cfg.Programs, sim.Program{Node: node, Name: fmt.Sprint("p", i), Start: start, Run: noted{p, &errs[i]}})
	}
	n, err := sim.New(cfg, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	sent, same = exchanged(n.Trace())
	return errs, sent, same
}

// exchanged counts the messages of a trace.
func exchanged(l *trace.Log) (sent, same int) {
	content := func(e trace.Event) [sha256.Size]byte {
		return sha256.Sum256(l.Append(nil, e.PDU, 0, l.Size(e.PDU)))
	}
	delivered := map[[sha256.Size]byte]int{}
	for i := 1; i <= l.Events(); i++ {
		if e := l.Event(trace.EventID(i)); e.Kind == trace.Deliver {
			delivered[content(e)]++
		}
	}
	for i := 1; i <= l.Events(); i++ {
		if e := l.Event(trace.EventID(i)); e.Kind == trace.Send {
			sent++
			if sum := content(e); delivered[sum] > 0 {
				delivered[sum]--
				same++
			}
		}
	}
	return sent, same
}

func list(p ...program.Program) []program.Program { return p }

func dnsClient(name, network string) *program.DNSClient {
	return &program.DNSClient{Server: "10.0.2.2:53", Name: name, Type: "A", Network: network, Timeout: time.Second, Tries: 3}
}

// The programs that use datagrams, against each other on the simulated network.
func TestSimulatedDatagrams(t *testing.T) {
	for name, c := range map[string]struct {
		client, server []program.Program
		messages       int
	}{
		"datagrams": {list(&program.Sender{To: "10.0.2.2:9", Network: "udp", Text: "no. {n}", Count: 5, Interval: time.Millisecond}),
			list(&program.Receiver{Listen: ":9", Network: "udp"}), 5},
		"datagram in fragments": {list(&program.Sender{To: "10.0.2.2:9", Network: "udp", Size: 8192, Count: 1}),
			list(&program.Receiver{Listen: ":9", Network: "udp"}), 1},
		"UDP echo": {list(&program.EchoClient{To: "10.0.2.2:7", Network: "udp", Text: "hello {n}", Count: 3, Timeout: time.Second}),
			list(&program.EchoServer{Listen: ":7", Network: "udp"}), 6},
		"DNS over UDP": {list(dnsClient("www.example", "udp")), list(testZone(":53")), 2},
	} {
		t.Run(name, func(t *testing.T) { mustExchange(t, c.client, c.server, c.messages) })
	}
}

// mustExchange wants that no program fails and that n messages arrive as sent.
func mustExchange(t *testing.T, client, server []program.Program, n int) {
	t.Helper()
	errs, sent, same := simulated(t, client, server)
	for i, err := range errs {
		if err != nil {
			t.Errorf("program %d: %v", i, err)
		}
	}
	if sent != n || same != n {
		t.Errorf("%d messages sent, %d delivered; want %d", sent, same, n)
	}
}

func TestSimulatedPing(t *testing.T) {
	p := &program.Ping{To: "10.0.2.2", Count: 3, Size: 56, Interval: time.Second, Timeout: time.Second}
	errs, _, _ := simulated(t, list(p), nil)
	// 20 ms of propagation there and back; and preamble, frame and FCS, 8 + 98
	// + 4 bytes, onto links of 100 Mbit/s and 10 Mbit/s, twice.
	rtt := 20*time.Millisecond + 2*(8800+88000)*time.Nanosecond
	if errs[0] != nil || !reflect.DeepEqual(p.RTTs, []time.Duration{rtt, rtt, rtt}) {
		t.Errorf("%v, %v; want thrice %v", errs[0], p.RTTs, rtt)
	}
	p = &program.Ping{To: "10.0.9.9", Count: 1, Size: 56, Interval: time.Second, Timeout: time.Second}
	errs, _, _ = simulated(t, list(p), nil)
	if errs[0] == nil || errs[0].Error() != "ping 10.0.9.9: 1 of 1 requests without a reply: 10.0.1.1 answers: network unreachable" {
		t.Errorf("to no network: %v", errs[0])
	}
}

func TestSimulatedRefusal(t *testing.T) {
	p := &program.EchoClient{To: "10.0.2.2:7", Network: "udp", Text: "x", Count: 1, Timeout: time.Second}
	errs, _, _ := simulated(t, list(p), nil)
	wantError(t, errs[0], syscall.ECONNREFUSED)
}
