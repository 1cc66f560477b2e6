package hosttest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"strata/sim"
	"strata/sim/host"
	"strata/trace"
	"testing"
	"time"
)

// noted is a program whose error is kept.
type noted struct {
	host.Program
	err *error
}

func (n noted) Run(h host.Host) error {
	*n.err = n.Program.Run(h)
	return *n.err
}

// Simulated runs programs on two hosts, a router between them. It gives their
// errors and how many messages were sent and, with the same content, delivered.
func Simulated(t *testing.T, client, server []host.Program, faults ...sim.Fault) (errs []error, sent, same int) {
	t.Helper()
	node := func(name, address, router string) sim.Node {
		return sim.Node{Name: name, Kind: sim.HostNode,
			Interfaces: []sim.Interface{{Name: "eth0", Addr: netip.MustParsePrefix(address)}},
			Routes:     []sim.Route{{To: netip.MustParsePrefix("0.0.0.0/0"), Via: netip.MustParseAddr(router)}}}
	}
	cfg := sim.Config{Name: "programs", Seed: 1, Until: 10 * time.Minute,
		Nodes: []sim.Node{
			node("client", "10.0.1.2/24", "10.0.1.1"), node("server", "10.0.2.2/24", "10.0.2.1"),
			{Name: "r1", Kind: sim.RouterNode, Interfaces: []sim.Interface{
				{Name: "eth0", Addr: netip.MustParsePrefix("10.0.1.1/24")}, {Name: "eth1", Addr: netip.MustParsePrefix("10.0.2.1/24")}}},
		},
		Links: []sim.Link{
			{Name: "lan", Ends: [2]sim.Endpoint{{Node: "client", Interface: "eth0"}, {Node: "r1", Interface: "eth0"}}, Rate: 100e6, Delay: 5 * time.Millisecond, Faults: faults},
			{Name: "wan", Ends: [2]sim.Endpoint{{Node: "r1", Interface: "eth1"}, {Node: "server", Interface: "eth0"}}, Rate: 10e6, Delay: 5 * time.Millisecond},
		}}
	errs = make([]error, len(client)+len(server))
	for i, p := range append(server, client...) {
		Check(t, p)
		at, start := "server", time.Duration(0)
		if i >= len(server) {
			at, start = "client", time.Millisecond
		}
		cfg.Programs = append(cfg.Programs, sim.Program{Node: at, Name: fmt.Sprint("p", i), Start: start, Run: noted{p, &errs[i]}})
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

// MustExchange wants that no program fails and that n messages arrive as sent.
func MustExchange(t *testing.T, client, server []host.Program, n int) {
	t.Helper()
	errs, sent, same := Simulated(t, client, server)
	for i, err := range errs {
		if err != nil {
			t.Errorf("program %d: %v", i, err)
		}
	}
	if sent != n || same != n {
		t.Errorf("%d messages sent, %d delivered; want %d", sent, same, n)
	}
}
