package scenarios

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"strata/scenarios/tree"
	"strata/sim"
	"strata/sim/tcp"
	"strata/trace"
)

// builder turns a checked file into the simulator's terms. It notes every
// problem in the names' doc and goes on.
type builder struct {
	*names
	file *File
	used map[netip.Addr]string // addresses and the nodes that have them
}

// config is the network of a file, without its programs.
func (b *builder) config() sim.Config {
	f := b.file
	c := sim.Config{
		Name: f.Name, Title: f.Title, Profile: f.Profile, Seed: f.Seed,
		Until: f.Until, ColdARP: f.ARP == "cold",
	}
	if c.Profile == "" {
		c.Profile = "rfc"
	}
	for i := range f.Nodes {
		c.Nodes = append(c.Nodes, b.node(&f.Nodes[i]))
	}
	for i := range f.Links {
		c.Links = append(c.Links, b.link(&f.Links[i]))
	}
	return c
}

func (b *builder) node(n *Node) sim.Node {
	out := sim.Node{Name: n.Name, Kind: sim.Kind(n.Kind), MACAge: n.MACAge}
	if n.Kind == "" {
		out.Kind = sim.HostNode
	}
	b.onlyFor(out.Kind, sim.SwitchNode, n.MACAge != 0, &n.MACAge, "mac_age")
	b.onlyFor(out.Kind, sim.HostNode, n.TCP != nil, n.TCP, "tcp")
	b.onlyFor(out.Kind, sim.RouterNode, n.Corrupts != nil, &n.Corrupts, "corrupts")
	if out.Kind == sim.SwitchNode && (n.Gateway != "" || n.Routes != nil || n.Addresses != nil || n.Filters != nil) {
		b.doc.Errorf(n, "a switch has no addresses, routes, gateway or filters: it looks at MAC addresses only")
		return out
	}
	b.onlyFor(out.Kind, sim.RouterNode, n.NAT != nil, n.NAT, "nat")
	out.Interfaces = b.interfaces(n, out.Kind)
	out.NAT = b.nat(n)
	if out.Kind != sim.SwitchNode && len(out.Interfaces) == 0 {
		b.doc.Errorf(n, "no link has an endpoint at %s; add one, or delete the node", tree.Quote(n.Name))
	}
	if n.Gateway != "" {
		out.Routes = append(out.Routes, sim.Route{To: netip.MustParsePrefix("0.0.0.0/0"), Via: b.nextHop(n, &n.Gateway)})
	}
	for i := range n.Routes {
		r := &n.Routes[i]
		to, err := netip.ParsePrefix(r.To)
		if err != nil || !to.Addr().Is4() || to.Masked() != to {
			b.doc.Errorf(&r.To, "%s is not a network; write it like 10.0.2.0/24", tree.Quote(r.To))
		}
		out.Routes = append(out.Routes, sim.Route{To: to, Via: b.nextHop(n, &r.Via)})
	}
	if n.TCP != nil {
		out.TCP, out.Backlog = tcpConfig(n.TCP), n.TCP.Backlog
	}
	for i := range n.Filters {
		out.Filters = append(out.Filters, sim.Filter{Match: b.packets(&n.Filters[i])})
	}
	for i := range n.Corrupts {
		out.Corrupts = append(out.Corrupts, b.packets(&n.Corrupts[i]))
	}
	return out
}

func (b *builder) nat(n *Node) *sim.NAT {
	if n.NAT == nil {
		return nil
	}
	for i := range n.NAT.Inside {
		b.needInterface(n, &n.NAT.Inside[i])
		if n.NAT.Inside[i] == n.NAT.Outside {
			b.doc.Errorf(&n.NAT.Inside[i], "%s cannot be inside and outside", tree.Quote(n.NAT.Outside))
		}
	}
	b.needInterface(n, &n.NAT.Outside)
	return &sim.NAT{Inside: n.NAT.Inside, Outside: n.NAT.Outside, UDPTimeout: n.NAT.UDPTimeout, TCPTimeout: n.NAT.TCPTimeout}
}

func (b *builder) needInterface(n *Node, name *string) {
	if !slices.Contains(b.ifs[n.Name], *name) {
		b.doc.Errorf(name, "no link has the endpoint %s", tree.Quote(n.Name+":"+*name))
	}
}

func (b *builder) onlyFor(is, want sim.Kind, given bool, field any, key string) {
	if given && is != want {
		b.doc.Errorf(field, "%s is for a %s only, and this node is a %s", key, want, is)
	}
}

// byDHCP stands for an address that a host has to ask for.
const byDHCP = "dhcp"

// interfaces are a node's, in the links' order, with their addresses.
func (b *builder) interfaces(n *Node, kind sim.Kind) []sim.Interface {
	addrs, dhcp := map[string]netip.Prefix{}, map[string]bool{}
	for i := range n.Addresses {
		a := &n.Addresses[i]
		b.needInterface(n, &a.Interface)
		if addrs[a.Interface].IsValid() {
			b.doc.Errorf(&a.Interface, "%s has two addresses; it may have one", tree.Quote(a.Interface))
		}
		if a.Address == byDHCP && kind == sim.HostNode {
			dhcp[a.Interface] = true
			continue
		}
		addrs[a.Interface] = b.prefix(n, &a.Address)
	}
	var out []sim.Interface
	for _, name := range b.ifs[n.Name] {
		addr, ok := addrs[name]
		if !ok && !dhcp[name] && kind != sim.SwitchNode {
			b.doc.Errorf(n, "%s has no address; add it under addresses, like %s: 10.0.1.2/24", tree.Quote(n.Name+":"+name), name)
		}
		out = append(out, sim.Interface{Name: name, Addr: addr, DHCP: dhcp[name]})
	}
	return out
}

func (b *builder) prefix(n *Node, s *string) netip.Prefix {
	p, err := netip.ParsePrefix(*s)
	switch {
	case err != nil:
		b.doc.Errorf(s, "%s is not an address with its prefix; write it like 10.0.1.2/24", tree.Quote(*s))
	case !p.Addr().Is4():
		b.doc.Errorf(s, "%s is not IPv4; simulated hosts speak IPv4 only", tree.Quote(*s))
	case p.Bits() < 8 || p.Bits() > 30:
		b.doc.Errorf(s, "%s: the prefix must be from 8 to 30 bits", tree.Quote(*s))
	case p.Addr().IsMulticast() || p.Addr().IsLoopback() || p.Addr().IsUnspecified() || p.Addr() == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		b.doc.Errorf(s, "%s is no address that a host can have", tree.Quote(*s))
	case p.Addr() == p.Masked().Addr() || !p.Contains(p.Addr().Next()):
		b.doc.Errorf(s, "%s is the network's own or its broadcast address; choose one between", tree.Quote(*s))
	case b.used[p.Addr()] != "":
		b.doc.Errorf(s, "%s already has the address %s", tree.Quote(b.used[p.Addr()]), p.Addr())
	}
	b.used[p.Addr()] = n.Name
	return p
}

func tcpConfig(t *TCP) tcp.Config {
	return tcp.Config{
		MSS: t.MSS, Timestamps: t.Timestamps, WindowScale: t.WindowScale,
		ReceiveBuffer: int(t.ReceiveBuffer), SendBuffer: int(t.SendBuffer),
		NoDelay: t.NoDelay, NoDelayedAck: t.NoDelayedAck,
		MSL: trace.Time(t.MSL), Congestion: t.Congestion,
	}
}

func (b *builder) link(l *Link) sim.Link {
	out := sim.Link{
		Name: l.Name, Rate: int64(l.Rate), Delay: l.Delay, MTU: l.MTU, Queue: l.Queue,
	}
	for i := range min(2, len(l.Endpoints)) {
		node, port, _ := strings.Cut(l.Endpoints[i], ":")
		out.Ends[i] = sim.Endpoint{Node: node, Interface: port}
	}
	chance := func(kind sim.FaultKind, rate tree.Percent, delay time.Duration) {
		if rate > 0 {
			out.Faults = append(out.Faults, sim.Fault{Kind: kind, Rate: float64(rate), Delay: delay, Bit: -1})
		}
	}
	chance(sim.Lose, l.Loss, 0)
	chance(sim.Corrupt, l.Corrupt, 0)
	chance(sim.Duplicate, l.Duplicate, 0)
	if l.Jitter > 0 {
		chance(sim.Jitter, 1, l.Jitter)
	}
	for i := range l.Faults {
		out.Faults = append(out.Faults, b.fault(l, &l.Faults[i]))
	}
	return out
}

func (b *builder) fault(l *Link, f *Fault) sim.Fault {
	out := sim.Fault{Kind: sim.FaultKind(f.Kind), Rate: 1, Delay: f.Delay, Bit: -1, Match: b.packets(&f.Packets)}
	if f.Rate != nil {
		out.Rate = float64(*f.Rate)
	}
	if f.Bit != nil {
		out.Bit = *f.Bit
		if out.Kind != sim.Corrupt {
			b.doc.Errorf(f.Bit, "bit is for corrupt only")
		}
	}
	delays := out.Kind == sim.Reorder || out.Kind == sim.Jitter
	switch {
	case delays && f.Delay == 0:
		b.doc.Errorf(f, "%s needs a delay: how long frames are held back", f.Kind)
	case !delays && f.Delay != 0:
		b.doc.Errorf(&f.Delay, "delay is for reorder and jitter only; the link has a delay of its own")
	}
	atEnd := func(end string) bool { return strings.HasPrefix(end, f.Out+":") }
	if f.Out != "" && !slices.ContainsFunc(l.Endpoints, atEnd) {
		b.doc.Errorf(&f.Out, "%s is not at an end of link %s", tree.Quote(f.Out), tree.Quote(l.Name))
	}
	return out
}

func (b *builder) packets(p *Packets) sim.Match {
	for _, flags := range []*string{&p.Flags, &p.NoFlags} {
		if strings.Trim(*flags, "FSRPAU") != "" {
			b.doc.Errorf(flags, "%s are not TCP flags; use letters of FSRPAU", tree.Quote(*flags))
		}
	}
	if p.Out != "" {
		b.needNode(&p.Out)
	}
	if p.Before != 0 && p.Before <= p.After {
		b.doc.Errorf(&p.Before, "before is not later than after: nothing can match")
	}
	return sim.Match{
		Proto: p.Proto, From: b.address(&p.From), To: b.address(&p.To), Out: p.Out, Port: uint16(p.Port),
		Flags: p.Flags, NoFlags: p.NoFlags, Data: p.Data, Nth: p.Nth,
		After: p.After, Before: p.Before,
	}
}
