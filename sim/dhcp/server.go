package dhcp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/google/gopacket/layers"

	"strata/sim/host"
)

// Server gives addresses to the hosts of one link.
type Server struct {
	Interface string        `yaml:"interface" doc:"The interface to serve (default eth0)."`
	Self      string        `yaml:"self" need:"true" doc:"The server's own address there, with its network's prefix, like 10.0.1.1/24."`
	Pool      string        `yaml:"pool" need:"true" doc:"The addresses to give, the first and the last, like 10.0.1.100-10.0.1.199."`
	Router    string        `yaml:"router" doc:"Address of the router to tell."`
	DNS       []string      `yaml:"dns" single:"true" max:"10" doc:"Addresses of the DNS servers to tell."`
	Lease     time.Duration `yaml:"lease" doc:"How long an address is given for (default 1h)."`
}

// maxPool bounds how many addresses a server gives.
const maxPool = 1 << 16

func (p *Server) Check() error {
	own, err := netip.ParsePrefix(p.Self)
	if err != nil || !own.Addr().Is4() {
		return host.Wrong(&p.Self, "self", fmt.Sprintf("%q is not an address with its prefix; write 10.0.1.1/24", p.Self))
	}
	first, last, err := poolOf(p.Pool)
	switch {
	case err != nil:
		return host.Wrong(&p.Pool, "pool", err.Error())
	case !own.Contains(first) || !own.Contains(last):
		return host.Wrong(&p.Pool, "pool", fmt.Sprintf("%s is not within the network of %s", p.Pool, p.Self))
	}
	for _, x := range append([]string{p.Router}, p.DNS...) {
		if a, err := netip.ParseAddr(x); x != "" && (err != nil || !a.Is4()) {
			if x == p.Router {
				return host.Wrong(&p.Router, "router", fmt.Sprintf("%q is not an address; write 10.0.1.1", x))
			}
			return host.Wrong(&p.DNS, "dns", fmt.Sprintf("%q is not an address; write 10.0.1.53", x))
		}
	}
	if p.Lease < time.Second {
		return host.Wrong(&p.Lease, "lease", "an address is given for a second at least; write 1h")
	}
	return nil
}

// poolOf reads the first and the last address of a pool.
func poolOf(s string) (first, last netip.Addr, err error) {
	a, b, _ := strings.Cut(s, "-")
	first, err1 := netip.ParseAddr(strings.TrimSpace(a))
	last, err2 := netip.ParseAddr(strings.TrimSpace(b))
	if err1 != nil || err2 != nil || !first.Is4() || !last.Is4() || last.Less(first) {
		return first, last, fmt.Errorf("%q is not a first and a last address; write 10.0.1.100-10.0.1.199", s)
	}
	n := 0
	for x := first; x != last; x = x.Next() {
		if n++; n >= maxPool {
			return first, last, fmt.Errorf("%q has more than %d addresses", s, maxPool)
		}
	}
	return first, last, nil
}

// Run serves until the host ends.
func (p *Server) Run(h host.Host) error {
	links, ok := h.(host.Links)
	if !ok {
		return errors.New("dhcp server: this host's interfaces cannot be used one by one")
	}
	s := &server{Server: p, host: h, leases: newLeases(h, p)}
	s.configurer, _ = h.(host.Configurer)
	s.own = netip.MustParsePrefix(p.Self)
	pc, err := links.ListenOn(p.Interface, fmt.Sprint(":", serverPort))
	if err != nil {
		return fmt.Errorf("dhcp server: %w", err)
	}
	defer pc.Close()
	var f host.Failures
	buf := make([]byte, host.MaxDatagram)
	for {
		n, _, err := pc.ReadFrom(buf)
		if err != nil {
			f.Add(err)
			return f.Err("dhcp server")
		}
		m, err := parse(append([]byte(nil), buf[:n]...))
		if err != nil || m.Operation != layers.DHCPOpRequest || ip4(m.RelayAgentIP) != netip.IPv4Unspecified() {
			continue // nonsense, an answer, or for another link
		}
		if a, ok := s.answer(m); ok {
			f.Add(s.send(pc, m, a))
		}
	}
}

// server is a running Server.
type server struct {
	*Server
	host       host.Host
	configurer host.Configurer // nil: every answer without an address to go to is broadcast
	own        netip.Prefix
	leases     *leases
}

// answer is what to say to a client; false: nothing.
func (s *server) answer(m message) (message, bool) {
	switch m.typ() {
	case layers.DHCPMsgTypeDiscover:
		if a, ok := s.leases.offer(m.client(), m.addr(layers.DHCPOptRequestIP)); ok {
			return s.grant(m, layers.DHCPMsgTypeOffer, a), true
		}
	case layers.DHCPMsgTypeRequest:
		return s.request(m)
	case layers.DHCPMsgTypeDecline:
		if m.addr(layers.DHCPOptServerID) == s.own.Addr() {
			s.leases.decline(m.client(), m.addr(layers.DHCPOptRequestIP))
		}
	case layers.DHCPMsgTypeRelease:
		s.leases.release(m.client(), ip4(m.ClientIP))
	case layers.DHCPMsgTypeInform:
		// It has an address; it wants the rest (RFC 2131 section 4.3.5).
		if usable(ip4(m.ClientIP)) {
			return s.grant(m, layers.DHCPMsgTypeAck, netip.IPv4Unspecified()), true
		}
	}
	return message{}, false
}

// request answers a REQUEST (section 4.3.2): of a client that takes an offer
// names the server, of one that remembers an address asks for that, of one that
// renews has it.
func (s *server) request(m message) (message, bool) {
	server, wanted := m.addr(layers.DHCPOptServerID), m.addr(layers.DHCPOptRequestIP)
	if server.IsValid() && server != s.own.Addr() {
		s.leases.forgo(m.client())
		return message{}, false
	}
	if held := ip4(m.ClientIP); !wanted.IsValid() {
		wanted = held
	}
	if !usable(wanted) {
		return message{}, false
	}
	have, known := s.leases.of(m.client())
	switch {
	case known && have == wanted:
		s.leases.bind(m.client())
		return s.grant(m, layers.DHCPMsgTypeAck, have), true
	case !server.IsValid() && !known && s.own.Contains(wanted):
		return message{}, false // another server's client: not for us to say
	}
	nak := s.reply(m, layers.DHCPMsgTypeNak)
	nak.Flags |= broadcastFlag
	return nak, true
}

// reply is an answer to a message.
func (s *server) reply(m message, typ layers.DHCPMsgType) message {
	a := newMessage(layers.DHCPOpReply, typ, m.Xid, m.ClientHWAddr)
	a.Flags = m.Flags
	a.addAddrs(layers.DHCPOptServerID, s.own.Addr())
	return a
}

// grant gives an address, or tells the rest to who has one.
func (s *server) grant(m message, typ layers.DHCPMsgType, address netip.Addr) message {
	a := s.reply(m, typ)
	a.YourClientIP = address.AsSlice()
	if typ == layers.DHCPMsgTypeAck {
		a.ClientIP = m.ClientIP // section 4.3.1, table 3
	}
	if usable(address) {
		a.addTime(layers.DHCPOptLeaseTime, s.Lease)
		a.addTime(layers.DHCPOptT1, s.Lease/2)
		a.addTime(layers.DHCPOptT2, s.Lease*7/8)
	}
	a.add(layers.DHCPOptSubnetMask, net.CIDRMask(s.own.Bits(), 32)...)
	if r, err := netip.ParseAddr(s.Router); err == nil {
		a.addAddrs(layers.DHCPOptRouter, r)
	}
	var dns []netip.Addr
	for _, x := range s.DNS {
		dns = append(dns, netip.MustParseAddr(x))
	}
	a.addAddrs(layers.DHCPOptDNS, dns...)
	return a
}

// send sends an answer to where it can be received (section 4.1): at the
// address that the client has; at everybody's when it wants that or is
// refused; else at the address that it will have.
func (s *server) send(pc net.PacketConn, m, a message) error {
	to := limitedBroadcast
	switch held, given := ip4(m.ClientIP), ip4(a.YourClientIP); {
	case a.typ() == layers.DHCPMsgTypeNak:
	case usable(held):
		to = held
	case a.Flags&broadcastFlag == 0 && s.configurer != nil && usable(given):
		to = given
		if err := s.configurer.Neighbor(s.Interface, given, m.ClientHWAddr); err != nil {
			return err
		}
	}
	b, err := a.pack()
	if err != nil {
		return err
	}
	_, err = pc.WriteTo(b, net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, clientPort)))
	return err
}
