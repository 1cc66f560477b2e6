package node

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"

	"strata/layers"
	"strata/sim/host"
	"strata/trace"
)

// A simulated host's interfaces can be set up by its programs.
var (
	_ host.Links      = (*machine)(nil)
	_ host.Configurer = (*machine)(nil)
)

// interfaceNamed finds an interface.
func (s *Station) interfaceNamed(name string) (*port, error) {
	for _, p := range s.ports {
		if p.name == name {
			return p, nil
		}
	}
	return nil, &net.OpError{Op: "route", Net: "ip", Err: &net.AddrError{Err: "no such network interface", Addr: name}}
}

func (h *machine) HardwareAddr(iface string) (net.HardwareAddr, error) {
	p, err := h.s.interfaceNamed(iface)
	if err != nil {
		return nil, err
	}
	return net.HardwareAddr(p.mac[:]), nil
}

func (h *machine) ListenOn(iface, address string) (net.PacketConn, error) {
	p, err := h.s.interfaceNamed(iface)
	if err != nil {
		return nil, err
	}
	ip, port, err := h.s.localAddress(address)
	taken := func(c *packetConn) bool { return c.on == nil || c.on == p }
	switch {
	case err != nil:
	case h.s.over():
		err = net.ErrClosed
	case port == 0:
		port, err = h.s.udpPort(0)
	case slices.ContainsFunc(h.s.udp[port], taken):
		err = syscall.EADDRINUSE
	}
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: "udp", Err: err}
	}
	c := &packetConn{s: h.s, program: h.program, ip: ip, port: port, on: p}
	c.open(trace.SocketOpen)
	return c, nil
}

// Configure sets an interface up (host.Configurer).
func (h *machine) Configure(iface string, c host.Config) error {
	s := h.s
	p, err := s.interfaceNamed(iface)
	if err != nil {
		return err
	}
	if c.Address.IsValid() && !c.Address.Addr().Is4() || c.Router.IsValid() && !c.Router.Is4() {
		return &net.AddrError{Err: "not an IPv4 address", Addr: c.Address.String()}
	}
	s.nameservers[p] = c.Nameservers
	if ip := uint32(0); c.Address.IsValid() {
		ip = be32(c.Address.Addr().AsSlice())
		if ip == p.addr && c.Address.Bits() == p.bits {
			return nil // renewed
		}
	}
	s.release(p)
	if !c.Address.IsValid() {
		return nil
	}
	p.addr, p.bits = be32(c.Address.Addr().AsSlice()), c.Address.Bits()
	s.noteAddress(p, p.addr, trace.AddressSet)
	own := route{net: p.addr & mask(p.bits), bits: p.bits, port: slices.Index(s.ports, p)}
	s.routes.add(own)
	s.noteRoute(own, s.cause())
	if c.Router.IsValid() {
		away := route{port: own.port, via: be32(c.Router.AsSlice())}
		s.routes.add(away)
		s.noteRoute(away, s.cause())
	}
	s.announce(p)
	return nil
}

// release takes an interface's address, and the routes that need it.
func (s *Station) release(p *port) {
	if p.addr == 0 {
		return
	}
	n := slices.Index(s.ports, p)
	for _, r := range s.routes {
		if r.port == n {
			s.noteRouteGone(r)
		}
	}
	s.routes = slices.DeleteFunc(s.routes, func(r route) bool { return r.port == n })
	s.noteAddress(p, p.addr, trace.AddressGone)
	p.addr, p.bits = 0, 0
}

func (s *Station) noteAddress(p *port, ip uint32, why trace.Why) {
	if !s.Rec.On() || s.Sched.ended {
		return
	}
	slot := trace.Slot{Node: s.id, Table: "interface", Key: p.name, Field: "address", Type: trace.Text}
	e := trace.Event{Cause: s.cause(), Layer: layers.Network, Proto: layers.IPv4, Why: why}
	v := s.Rec.Text(ipText(ip) + "/" + strconv.Itoa(p.bits))
	if why == trace.AddressGone {
		v = trace.Absent
	}
	s.Rec.Set(e, slot, v, s.Rec.Text(p.name), int64(ip), int64(p.bits))
}

func (h *machine) Nameservers() []netip.Addr {
	var all []netip.Addr
	for _, p := range h.s.ports {
		all = append(all, h.s.nameservers[p]...)
	}
	return all
}

func (h *machine) Neighbor(iface string, a netip.Addr, mac net.HardwareAddr) error {
	p, err := h.s.interfaceNamed(iface)
	if err != nil {
		return err
	}
	if !a.Is4() || len(mac) != len(p.mac) {
		return &net.AddrError{Err: "not an IPv4 and a MAC address", Addr: a.String()}
	}
	s, ip := h.s, be32(a.AsSlice())
	n := s.arp[ip]
	if n != nil && n.out == nil {
		n.out = p
	}
	s.learn(n, ip, [6]byte(mac), s.cause())
	s.arp[ip].out = p
	return nil
}

// claim is an address that a program wants to use.
type claim struct {
	ip       uint32
	out      *port
	contest  bool
	answered waiters
}

// How carefully an address is asked for (RFC 5227 section 1.1).
const (
	probeWait        = time.Second // at most, before the first probe
	probes           = 3
	probeMin         = time.Second
	probeMax         = 2 * time.Second
	announceWait     = 2 * time.Second
	announceInterval = 2 * trace.Second
)

// Claim probes an address (host.Configurer).
func (h *machine) Claim(iface string, a netip.Addr) error {
	s := h.s
	p, err := s.interfaceNamed(iface)
	if err != nil {
		return err
	}
	if !a.Is4() {
		return &net.AddrError{Err: "not an IPv4 address", Addr: a.String()}
	}
	c := &claim{ip: be32(a.AsSlice()), out: p}
	s.claims = append(s.claims, c)
	defer func() {
		s.claims = slices.DeleteFunc(s.claims, func(x *claim) bool { return x == c })
	}()
	wait := time.Duration(h.rand.Int64N(int64(probeWait)))
	for i := range probes + 1 {
		until := s.Rec.Clock.Now() + max(1, trace.Time(wait))
		for !c.contest && s.Rec.Clock.Now() < until {
			if !s.Sched.wait(&c.answered, until) {
				return net.ErrClosed
			}
		}
		if c.contest {
			return host.ErrInUse
		}
		switch wait = probeMin + time.Duration(h.rand.Int64N(int64(probeMax-probeMin))); i {
		case probes:
			return nil
		case probes - 1:
			wait = announceWait
		}
		s.sendARP(p, layers.Broadcast, s.cause(), trace.ARPProbe, int64(c.ip), func(q layers.ARPPacket) {
			q.Put(layers.ARPRequest, p.mac, 0, [6]byte{}, c.ip)
		})
	}
	return nil
}

// contest looks whether an ARP packet shows that somebody has, or wants, an
// address that this station wants (RFC 5227 section 2.1.1).
func (s *Station) contest(in *port, p layers.ARPPacket, cause trace.EventID) {
	for _, c := range s.claims {
		has := p.SenderIP() == c.ip
		wants := p.SenderIP() == 0 && p.TargetIP() == c.ip && p.SenderHW() != in.mac
		if c.out == in && (has || wants) {
			c.contest = true
			s.event(trace.Decapsulate, layers.ARP, 0, cause, trace.ARPConflict, macNumber(p.SenderHW()), int64(c.ip))
			s.Sched.wakeAll(&c.answered, cause)
		}
	}
}

// announce tells the link of an interface's new address, twice (RFC 5227
// section 2.3).
func (s *Station) announce(p *port) {
	ip := p.addr
	tell := func(cause trace.EventID) {
		s.sendARP(p, layers.Broadcast, cause, trace.ARPAnnounce, int64(ip), func(q layers.ARPPacket) {
			q.Put(layers.ARPRequest, p.mac, ip, [6]byte{}, ip)
		})
	}
	tell(s.cause())
	again := s.Rec.Clock.NewTimer(func() {
		if p.addr == ip {
			tell(0)
		}
	})
	again.Set(s.Rec.Clock.Now() + announceInterval)
}
