// Package sim makes traces from a model: a deterministic discrete-event
// simulation on virtual time.
//
//	Config ──New──> Network ──Run──> trace.Log, Result
//
//	engine    virtual time, timers, draws        link     wires, queues, faults
//	frame     what moves                         node     switches, routers, hosts
//	record    what is written to the trace       tcp      TCP, a pure state machine
//	host      what a program sees of its host    realhost the same programs on a real network
//	program   the catalogue of programs, from:   http, dns, dhcp, tls, websocket, socketio, mqtt, media
//
// One seed and one Config give one trace, byte for byte, on every machine.
package sim

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"strata/layers/tlskeys"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/sim/link"
	"strata/sim/node"
	"strata/sim/record"
	"strata/trace"
)

// Defaults of a Config's fields.
const (
	defaultMTU    = 1500
	defaultQueue  = 1000
	defaultMACAge = 300 * time.Second // IEEE 802.1D section 7.9.2
)

// defaultStart is the time 0 of a run that names none: a fixed one, so that
// every run of a scenario gives the same bytes.
var defaultStart = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Network is a Config made ready to run, once.
type Network struct {
	cfg        Config
	clock      engine.Engine
	rec        *record.Recorder
	pool       frame.Pool
	sched      *node.Scheduler
	nodes      []attached
	byName     map[string]int
	stations   []*node.Station // by node; nil for switches
	mostEvents int             // of a trace
}

// attached is a node, to which links are joined.
type attached struct {
	link.Receiver
	ports map[string]int
}

// New builds a network. With record, Run fills a trace; else it only counts.
// The error names what in the Config cannot be.
func New(cfg Config, recording bool) (*Network, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.Start.IsZero() {
		cfg.Start = defaultStart
	}
	n := &Network{cfg: cfg, byName: map[string]int{}, mostEvents: MaxRecorded}
	n.rec = &record.Recorder{Clock: &n.clock}
	n.sched = node.NewScheduler(&n.clock)
	if err := n.describe(recording); err != nil {
		return nil, err
	}
	n.makeNodes()
	if err := n.makeLinks(); err != nil {
		return nil, err
	}
	if err := n.addRoutes(); err != nil {
		return nil, err
	}
	if !cfg.ColdARP {
		n.warmARP()
	}
	return n, n.addPrograms()
}

// describe gives every node and link its number.
func (n *Network) describe(recording bool) error {
	info := trace.Info{Name: n.cfg.Name, Title: n.cfg.Title, Profile: n.cfg.Profile, Seed: n.cfg.Seed, Start: n.cfg.Start}
	for i, x := range n.cfg.Nodes {
		if _, twice := n.byName[x.Name]; twice {
			return fmt.Errorf("node %q: the name is used twice", x.Name)
		}
		n.byName[x.Name] = i
		t := trace.Node{Name: x.Name, Kind: string(x.Kind)}
		for _, p := range x.Interfaces {
			if p.Addr.IsValid() {
				t.Addrs = append(t.Addrs, p.Addr.Addr().String())
			}
		}
		info.Nodes = append(info.Nodes, t)
	}
	for _, l := range n.cfg.Links {
		t := trace.Link{Name: l.Name, Rate: l.Rate, Delay: trace.Time(l.Delay), MTU: mtuOf(l)}
		for side, end := range l.Ends {
			i, p, err := n.interfaceOf(end)
			if err != nil {
				return fmt.Errorf("link %q: %w", l.Name, err)
			}
			t.Ends[side] = trace.End{Node: trace.NodeID(i), If: end.Interface, MAC: n.macOf(i, p)}
			if a := n.cfg.Nodes[i].Interfaces[p].Addr; a.IsValid() {
				t.Ends[side].IP = a.String()
			}
		}
		info.Links = append(info.Links, t)
	}
	if recording {
		info.Secrets = &tlskeys.Log{}
		n.rec.Log = trace.NewLog(info)
	}
	return nil
}

// interfaceOf finds an endpoint's node and interface.
func (n *Network) interfaceOf(e Endpoint) (nodeIndex, port int, err error) {
	i, ok := n.byName[e.Node]
	if !ok {
		return 0, 0, fmt.Errorf("no node %q", e.Node)
	}
	for p, x := range n.cfg.Nodes[i].Interfaces {
		if x.Name == e.Interface {
			return i, p, nil
		}
	}
	return 0, 0, fmt.Errorf("node %q has no interface %q", e.Node, e.Interface)
}

// macOf is an interface's MAC address: its own, or a locally administered one
// made of its numbers.
func (n *Network) macOf(i, p int) [6]byte {
	if m := n.cfg.Nodes[i].Interfaces[p].MAC; m != [6]byte{} {
		return m
	}
	return [6]byte{2, 0, byte((p + 1) >> 8), byte((i + 1) >> 8), byte(i + 1), byte(p + 1)}
}

func mtuOf(l Link) int {
	if l.MTU == 0 {
		return defaultMTU
	}
	return l.MTU
}

func (n *Network) makeNodes() {
	w := node.NewWorld(n.rec, &n.pool, n.sched, n.cfg.Seed, trace.Time(n.cfg.Start.UnixNano()))
	n.stations = make([]*node.Station, len(n.cfg.Nodes))
	for i, x := range n.cfg.Nodes {
		id := trace.NodeID(i)
		if x.Kind == SwitchNode {
			age := x.MACAge
			if age == 0 {
				age = defaultMACAge
			}
			n.nodes = append(n.nodes, attached{node.NewSwitch(n.rec, &n.pool, id, trace.Time(age)), map[string]int{}})
			continue
		}
		cfg := node.StationConfig{ID: id, Name: x.Name, Forwards: x.Kind == RouterNode, TCP: x.TCP, Backlog: x.Backlog, Corrupts: x.Corrupts}
		for _, f := range x.Filters {
			cfg.Filters = append(cfg.Filters, f.Match)
		}
		n.stations[i] = node.NewStation(w, cfg)
		n.nodes = append(n.nodes, attached{n.stations[i], map[string]int{}})
	}
}

// makeLinks joins the nodes. Interfaces are numbered in the links' order, so
// both wires of a link know where they end before either is made.
func (n *Network) makeLinks() error {
	for i, l := range n.cfg.Links {
		if mtuOf(l) < minMTU {
			return fmt.Errorf("link %q: an MTU of %d is less than IPv4's minimum of %d", l.Name, l.MTU, minMTU)
		}
		cfg := link.Config{Rate: l.Rate, Delay: l.Delay, MTU: mtuOf(l), Queue: l.Queue, Faults: l.Faults}
		if cfg.Queue == 0 {
			cfg.Queue = defaultQueue
		}
		for _, e := range l.Ends {
			x := n.nodes[n.byName[e.Node]]
			if _, twice := x.ports[e.Interface]; twice {
				return fmt.Errorf("link %q: %s:%s has a link already", l.Name, e.Node, e.Interface)
			}
			x.ports[e.Interface] = len(x.ports)
		}
		for side, e := range l.Ends {
			far := l.Ends[1-side]
			to := n.nodes[n.byName[far.Node]]
			w := link.NewWire(n.rec, &n.pool, cfg, n.cfg.Seed, link.Side{
				From: trace.NodeID(n.byName[e.Node]), FromName: e.Node, FromIf: e.Interface,
				End: trace.EndID(2*i + side), To: to, Port: to.ports[far.Interface],
			})
			n.attach(e, w)
		}
	}
	return nil
}

func (n *Network) attach(e Endpoint, w *link.Wire) {
	i, p, _ := n.interfaceOf(e)
	switch x := n.nodes[i].Receiver.(type) {
	case *node.Switch:
		x.Attach(w, e.Interface)
	case *node.Station:
		a := n.cfg.Nodes[i].Interfaces[p].Addr
		x.Attach(w, e.Interface, n.macOf(i, p), link.AddrOf(a.Addr()), max(0, a.Bits()))
	}
}

func (n *Network) addRoutes() error {
	for i, x := range n.cfg.Nodes {
		s := n.stations[i]
		if s == nil {
			continue
		}
		if x.NAT != nil {
			if err := s.SetNAT(*x.NAT); err != nil {
				return fmt.Errorf("node %q: nat: %w", x.Name, err)
			}
		}
		for _, r := range x.Routes {
			if !s.AddRoute(link.AddrOf(r.To.Addr()), r.To.Bits(), link.AddrOf(r.Via)) {
				return fmt.Errorf("node %q: the route to %s goes by %s, which is on none of its links", x.Name, r.To, r.Via)
			}
		}
		s.RecordRoutes()
	}
	return nil
}

func (n *Network) addPrograms() error {
	for _, p := range n.cfg.Programs {
		i, ok := n.byName[p.Node]
		if !ok || n.stations[i] == nil || n.cfg.Nodes[i].Kind != HostNode {
			return fmt.Errorf("program %q: %q is not a host", p.Name, p.Node)
		}
		n.stations[i].Start(p.Name, trace.Time(p.Start), p.Run)
	}
	return nil
}

// warmARP lets every station know its neighbors, as after some time of use.
func (n *Network) warmARP() {
	for _, domain := range n.domains() {
		for _, a := range domain {
			for _, b := range domain {
				if a != b && a.addr.Masked() == b.addr.Masked() {
					n.stations[a.node].Know(link.AddrOf(b.addr.Addr()), b.mac)
				}
			}
		}
	}
}

// neighbor is a station's interface on a broadcast domain.
type neighbor struct {
	node int
	mac  [6]byte
	addr netip.Prefix
}

// domains lists the stations' interfaces by broadcast domain: what links and
// switches join without a router between.
func (n *Network) domains() [][]neighbor {
	group := make([]int, len(n.cfg.Links)) // of each link: the first link that it is joined to
	find := func(i int) int {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	through := map[int]int{} // switch: a link of its
	for i, l := range n.cfg.Links {
		group[i] = i
		for _, e := range l.Ends {
			k := n.byName[e.Node]
			if n.cfg.Nodes[k].Kind != SwitchNode {
				continue
			}
			if j, ok := through[k]; ok {
				a, b := find(i), find(j)
				group[max(a, b)] = min(a, b)
			} else {
				through[k] = i
			}
		}
	}
	out := make([][]neighbor, len(group))
	for i, l := range n.cfg.Links {
		for _, e := range l.Ends {
			k, p, _ := n.interfaceOf(e)
			if a := n.cfg.Nodes[k].Interfaces[p].Addr; a.IsValid() {
				d := find(i)
				out[d] = append(out[d], neighbor{k, n.macOf(k, p), a})
			}
		}
	}
	return out
}

// Result is what a run came to.
type Result struct {
	record.Stats
	Ended  trace.Time // virtual time
	Events uint64     // timers that ran
	Cut    bool       // the run reached Until with things left to happen
}

const (
	checkEvery = 4096    // timers that run between two looks at the context
	maxAtOnce  = 1 << 22 // timers of one moment, past which time is taken to stand still
)

// MaxRecorded is how many events a trace may have: some 2.5 GB of them.
const MaxRecorded = 50_000_000

// ErrTooLong says that a run has more to tell than a trace may hold.
var ErrTooLong = fmt.Errorf("the trace is longer than %d events: record less of it with --until, or only count with --stats", MaxRecorded)

// ErrStandstill says that time does not go on: frames run round and round on
// links that take no time, or a program waits for nothing.
var ErrStandstill = fmt.Errorf("time stands still: more than %d things happen at one moment; is there a loop of switches whose links have neither rate nor delay?", maxAtOnce)

// Run runs the network until nothing is left to happen, or until Config.Until.
// It ends early with the context's error, ErrStandstill, or ErrTooLong. All
// programs have stopped when it returns.
func (n *Network) Run(ctx context.Context) (Result, error) {
	var err error
	res := Result{}
	until := trace.Time(horizon)
	if n.cfg.Until > 0 {
		until = min(until, trace.Time(n.cfg.Until))
	}
	atOnce := 0
	for i := 1; err == nil; i++ {
		at, more := n.clock.Next()
		if res.Cut = more && at > until; res.Cut || !more {
			break
		}
		if atOnce++; at > n.clock.Now() {
			atOnce = 0
		}
		n.clock.Step()
		n.sched.Run()
		if atOnce > maxAtOnce {
			err = ErrStandstill
		} else if i%checkEvery == 0 {
			err = ctx.Err()
			if n.rec.On() && n.rec.Log.Events() > n.mostEvents {
				err = ErrTooLong
			}
		}
	}
	n.sched.End()
	res.Stats, res.Ended, res.Events = n.rec.Stats, n.clock.Now(), n.clock.Fired()
	return res, err
}

// Trace is what was recorded; nil when nothing was.
func (n *Network) Trace() *trace.Log { return n.rec.Log }
