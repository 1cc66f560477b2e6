package mqtt_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/mqtt"
)

var (
	plans     = flag.Int("plans", 0, "how many random fault plans to try (default 200; with STRATA_LONG 10000)")
	firstPlan = flag.Uint64("plans.first", 1, "seed of the first plan")
)

// network is a line of hosts at one switch: the broker first.
func network(seed uint64, programs ...host.Program) sim.Config {
	cfg := sim.Config{Name: "queue", Seed: seed, Until: time.Hour}
	sw := sim.Node{Name: "sw", Kind: sim.SwitchNode}
	for i, p := range programs {
		name := fmt.Sprintf("h%d", i)
		cfg.Nodes = append(cfg.Nodes, sim.Node{Name: name, Kind: sim.HostNode, Interfaces: []sim.Interface{{Name: "eth0", Addr: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(1 + i)}), 24)}}})
		sw.Interfaces = append(sw.Interfaces, sim.Interface{Name: fmt.Sprintf("p%d", i)})
		cfg.Links = append(cfg.Links, sim.Link{Name: fmt.Sprintf("l%d", i), Rate: 10e6, Delay: 2 * time.Millisecond,
			Ends: [2]sim.Endpoint{{Node: name, Interface: "eth0"}, {Node: "sw", Interface: fmt.Sprintf("p%d", i)}}})
		cfg.Programs = append(cfg.Programs, sim.Program{Node: name, Name: "p", Start: time.Duration(i) * time.Millisecond, Run: p})
	}
	cfg.Nodes = append(cfg.Nodes, sw)
	return cfg
}

// run runs a network to its end.
func run(t testing.TB, cfg sim.Config) {
	t.Helper()
	n, err := sim.New(cfg, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
}

const brokerAt = "10.0.0.1:1883"

// ended is a program whose end is kept.
type ended struct {
	host.Program
	err  error
	done bool
}

func (e *ended) Run(h host.Host) error {
	e.err = e.Program.Run(h)
	e.done = !errors.Is(e.err, net.ErrClosed)
	return e.err
}

// TestRandomPlans: whatever is lost and whoever restarts, a message of QoS 1
// is worked on at least once, one of QoS 2 exactly once, and none that was
// not published; of a publisher, they come in order.
func TestRandomPlans(t *testing.T) {
	n := *plans
	switch {
	case n > 0:
	case os.Getenv("STRATA_LONG") != "":
		n = 10000
	case raceDetector:
		n = 20 // the race detector makes coroutines slow
	default:
		n = 200
	}
	var all tally
	for i := range n {
		seed := *firstPlan + uint64(i)
		if err := all.try(t, seed); err != nil {
			t.Fatalf("plan %d (-plans 1 -plans.first %d): %v", seed, seed, err)
		}
	}
	t.Logf("%d plans: %+v", n, all)
	if n >= 100 && (all.Resent == 0 || all.Twice == 0 || all.BrokerRestarts == 0 || all.ClientRestarts == 0) {
		t.Errorf("the plans try too little: %+v", all)
	}
}

// tally is what the plans went through.
type tally struct {
	Messages, Handled, Twice, Resent, Connections, BrokerRestarts, ClientRestarts int
}

func (all *tally) try(t *testing.T, seed uint64) error {
	r := rand.New(rand.NewPCG(seed, 99))
	broker := mqtt.NewBroker()
	broker.MaxQueue = 10000
	broker.MaxInflight = 1 + r.IntN(20)
	broker.Restart = times(r, 3, 60*time.Second, 5*time.Second)
	broker.Down = time.Duration(r.IntN(4000)) * time.Millisecond
	version := func() string { return []string{"3.1.1", "5"}[r.IntN(2)] }
	client := func(id string) *mqtt.Client {
		c := mqtt.NewClient()
		c.To, c.ID, c.Version, c.Clean = brokerAt, id, version(), false
		c.KeepAlive = time.Duration(1+r.IntN(10)) * time.Second
		c.RetryMax = 5 * time.Second
		c.Restart = times(r, 3, 60*time.Second, time.Second)
		c.Back = time.Duration(r.IntN(3000)) * time.Millisecond
		if window := 1 + r.IntN(30); c.Version == "5" {
			c.Window = window
		}
		c.Aliases = c.Version == "5" && r.IntN(2) == 0
		return c
	}
	sub := client("sub")
	sub.Subscribe = []mqtt.Subscribe{{Filter: "q1/#", QoS: 1}, {Filter: "q2/#", QoS: 2}}
	sub.Work = time.Duration(r.IntN(3)) * time.Duration(r.IntN(300)) * time.Millisecond
	programs := []*ended{{Program: broker}, {Program: sub}}
	want := map[string]int{} // by text, the QoS
	var pubs []*mqtt.Client
	for i := range 1 + r.IntN(2) {
		pub := client(fmt.Sprintf("pub%d", i))
		for q := 1; q <= 2; q++ {
			count := 1 + r.IntN(15)
			pub.Publish = append(pub.Publish, mqtt.Publish{Topic: fmt.Sprintf("q%d/%d", q, i), Text: fmt.Sprintf("q%d p%d m{n} ", q, i), Size: r.IntN(2) * r.IntN(3000), Count: count, QoS: q,
				After: 3 * time.Second, Interval: time.Duration(r.IntN(2000)) * time.Millisecond})
			for n := 1; n <= count; n++ {
				want[fmt.Sprintf("q%d p%d m%d", q, i, n)] = q
			}
		}
		pubs = append(pubs, pub)
		programs = append(programs, &ended{Program: pub})
	}
	var hosts []host.Program
	for _, p := range programs {
		if err := host.Check(p.Program); err != nil {
			return err
		}
		hosts = append(hosts, p)
	}
	cfg := network(seed, hosts...)
	for i := range cfg.Links {
		cfg.Links[i].Faults = faults(r)
	}
	run(t, cfg)
	for i, p := range programs[2:] {
		if !p.done || p.err != nil {
			return fmt.Errorf("publisher %d: done %v, %v; %+v", i, p.done, p.err, pubs[i].Found)
		}
		all.Connections += pubs[i].Found.Connections
		all.ClientRestarts += len(pubs[i].Restart)
	}
	if programs[0].err != nil || programs[1].done {
		return fmt.Errorf("broker: %v; subscriber: %v", programs[0].err, programs[1].err)
	}
	all.Messages += len(want)
	all.Handled += sub.Found.Handled
	all.Twice += sub.Found.HandledTwice
	all.Resent += sub.Found.Redelivered
	all.Connections += sub.Found.Connections
	all.BrokerRestarts += len(broker.Restart)
	all.ClientRestarts += len(sub.Restart)
	return judge(want, sub.Found.Worked)
}

// judge holds the messages that were worked on to what was published.
func judge(want map[string]int, handled []string) error {
	got := map[string]int{}
	last := map[string]int{}
	for _, text := range handled {
		var q, p, n int
		if _, err := fmt.Sscanf(text, "q%d p%d m%d", &q, &p, &n); err != nil || want[fmt.Sprintf("q%d p%d m%d", q, p, n)] == 0 {
			return fmt.Errorf("%.40q was not published", text)
		}
		key := fmt.Sprintf("q%d p%d m%d", q, p, n)
		stream := fmt.Sprintf("q%d p%d", q, p)
		if got[key]++; got[key] == 1 && n != last[stream]+1 {
			return fmt.Errorf("%s comes after message %d", key, last[stream])
		}
		last[stream] = max(last[stream], n)
	}
	for key, q := range want {
		if n := got[key]; n == 0 || q == 2 && n != 1 {
			return fmt.Errorf("%s was worked on %d times", key, n)
		}
	}
	return nil
}

// times are up to n moments between 1 s and most, at least apart.
func times(r *rand.Rand, n int, most, apart time.Duration) (all []time.Duration) {
	at := time.Second
	for range r.IntN(n + 1) {
		at += apart + time.Duration(r.Int64N(int64(most)/int64(n)))
		all = append(all, at)
	}
	return all
}

// faults are what happens on a link, until it is well again.
func faults(r *rand.Rand) (all []sim.Fault) {
	const well = 90 * time.Second
	window := func(f sim.Fault) {
		f.After = time.Second + time.Duration(r.Int64N(int64(well))) // the subscriber is there by then
		f.Before = min(well+time.Second, f.After+time.Duration(r.Int64N(int64(20*time.Second))))
		all = append(all, f)
	}
	for range r.IntN(3) {
		window(sim.Fault{Kind: sim.Lose, Rate: r.Float64()})
	}
	if r.IntN(2) == 0 { // the link is cut
		window(sim.Fault{Kind: sim.Lose, Rate: 1})
	}
	if r.IntN(3) == 0 {
		window(sim.Fault{Kind: sim.Duplicate, Rate: 0.3})
	}
	if r.IntN(3) == 0 {
		window(sim.Fault{Kind: sim.Reorder, Rate: 0.3, Delay: 20 * time.Millisecond})
	}
	return all
}
