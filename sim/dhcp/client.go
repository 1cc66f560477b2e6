package dhcp

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/google/gopacket/layers"

	"strata/sim/host"
)

// Client gets an address for an interface, keeps it for a while, and may give
// it back.
type Client struct {
	Interface string `yaml:"interface" doc:"The interface to set up (default eth0)."`
	Hostname  string `yaml:"hostname" doc:"The host's name, to be told to the server."`
	Unicast   bool   `yaml:"unicast" doc:"Ask for answers to the new address alone, not to everyone: the broadcast flag is not set."`
	Probe     bool   `yaml:"probe" doc:"Ask by ARP whether anybody has the address before using it, and decline it if so; takes some seconds."`
	Tries     int    `yaml:"tries" range:"1..20" doc:"How often to ask for servers before giving up (default 5)."`
	Renewals  int    `yaml:"renewals" range:"0..100000" doc:"How often to renew the lease before the client ends (default 0); the host keeps the address."`
	Release   bool   `yaml:"release" doc:"Give the address back at the end."`

	// Lease is what the server gave, when Run has returned nil.
	Lease Lease
}

// Lease is an address, for a time.
type Lease struct {
	host.Config
	Server  netip.Addr
	Time    time.Duration // how long the address may be used; 0: for ever
	T1, T2  time.Duration // when to renew it with its server, and with any
	Granted time.Time
}

func (p *Client) Check() error {
	if len(p.Hostname) > 63 {
		return host.Wrong(&p.Hostname, "hostname", "a host's name has at most 63 characters")
	}
	return nil
}

// Times of the protocol.
const (
	firstWait   = 4 * time.Second // RFC 2131 section 4.1
	longestWait = 64 * time.Second
	afterRefuse = 10 * time.Second // after DECLINE: section 3.1, step 5
	leastRenew  = 60 * time.Second // section 4.4.5
	requests    = 4                // sent before starting over
)

var (
	errNobody  = errors.New("no server answers")
	errRefused = errors.New("the server refuses the address")
)

// Run gets the address and sets the interface up.
func (p *Client) Run(h host.Host) error {
	links, ok := h.(host.Links)
	if !ok {
		return errors.New("dhcp client: this host's interfaces cannot be used one by one")
	}
	c := &client{Client: p, host: h}
	c.configurer, _ = h.(host.Configurer)
	err := c.open(links)
	if err == nil {
		defer c.pc.Close()
		err = c.run()
	}
	if err != nil {
		return fmt.Errorf("dhcp client: %w", err)
	}
	return nil
}

// client is a running Client.
type client struct {
	*Client
	host       host.Host
	configurer host.Configurer // nil: leases are only reported
	pc         net.PacketConn
	mac        net.HardwareAddr
	xid        uint32
	start      time.Time // when the client began to ask
	asked      time.Time // when it asked for this lease, from which its time counts
}

func (c *client) open(links host.Links) (err error) {
	if c.mac, err = links.HardwareAddr(c.Interface); err != nil {
		return err
	}
	c.pc, err = links.ListenOn(c.Interface, fmt.Sprint(":", clientPort))
	return err
}

func (c *client) run() error {
	if err := c.acquire(); err != nil {
		return err
	}
	for range c.Renewals {
		err := c.renew()
		if err == errRefused || err == errNobody {
			c.Lease = Lease{}
			if err := c.configure(host.Config{}); err != nil {
				return err
			}
			err = c.acquire()
		}
		if err != nil {
			return err
		}
	}
	if c.Release {
		return c.release()
	}
	return nil
}

// acquire goes from INIT to BOUND (section 4.4.1).
func (c *client) acquire() error {
	for {
		c.start = c.host.Now()
		offer, err := c.discover()
		if err != nil {
			return err
		}
		ack, err := c.request(offer)
		if err == errRefused || err == errNobody {
			continue
		}
		if err != nil {
			return err
		}
		lease := c.lease(ack)
		if taken, err := c.probe(lease); err != nil {
			return err
		} else if taken {
			continue
		}
		return c.bind(lease)
	}
}

// discover finds a server: the first that offers an address.
func (c *client) discover() (message, error) {
	c.xid = c.host.Rand().Uint32()
	wait := firstWait
	for range c.Tries {
		m := c.message(layers.DHCPMsgTypeDiscover)
		c.wishes(m)
		if err := c.send(m, netip.AddrPortFrom(limitedBroadcast, serverPort)); err != nil {
			return message{}, err
		}
		offer, err := c.await(c.later(wait), func(a message) bool {
			return a.typ() == layers.DHCPMsgTypeOffer && a.addr(layers.DHCPOptServerID).IsValid() && usable(ip4(a.YourClientIP))
		})
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return offer, err
		}
		wait = min(2*wait, longestWait)
	}
	return message{}, fmt.Errorf("%w: asked %d times", errNobody, c.Tries)
}

// request takes an offer. Everybody hears it, so that the other servers know
// that theirs were not taken.
func (c *client) request(offer message) (message, error) {
	server := offer.addr(layers.DHCPOptServerID)
	wait := firstWait
	c.asked = c.host.Now()
	for range requests {
		m := c.message(layers.DHCPMsgTypeRequest)
		m.addAddrs(layers.DHCPOptRequestIP, ip4(offer.YourClientIP))
		m.addAddrs(layers.DHCPOptServerID, server)
		c.wishes(m)
		if err := c.send(m, netip.AddrPortFrom(limitedBroadcast, serverPort)); err != nil {
			return message{}, err
		}
		ack, err := c.verdict(c.later(wait), server)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return ack, err
		}
		wait = min(2*wait, longestWait)
	}
	return message{}, errNobody
}

// verdict waits for a server's ACK or NAK; the zero Addr: any server's.
func (c *client) verdict(until time.Time, server netip.Addr) (message, error) {
	a, err := c.await(until, func(a message) bool {
		from := a.addr(layers.DHCPOptServerID)
		ours := !server.IsValid() || from == server
		return ours && (a.typ() == layers.DHCPMsgTypeNak || a.typ() == layers.DHCPMsgTypeAck && usable(ip4(a.YourClientIP)))
	})
	if err == nil && a.typ() == layers.DHCPMsgTypeNak {
		return message{}, errRefused
	}
	return a, err
}

// probe makes sure that nobody has the address; else the server is told that it
// cannot be used (section 4.4.1).
func (c *client) probe(l Lease) (taken bool, err error) {
	if !c.Probe || c.configurer == nil {
		return false, nil
	}
	if err := c.configurer.Claim(c.Interface, l.Address.Addr()); !errors.Is(err, host.ErrInUse) {
		return false, err
	}
	c.xid = c.host.Rand().Uint32()
	m := c.message(layers.DHCPMsgTypeDecline)
	m.addAddrs(layers.DHCPOptRequestIP, l.Address.Addr())
	m.addAddrs(layers.DHCPOptServerID, l.Server)
	if err := c.send(m, netip.AddrPortFrom(limitedBroadcast, serverPort)); err != nil {
		return true, err
	}
	return true, c.host.Sleep(afterRefuse)
}

// renew waits until half of the lease is over, and has it extended: by its own
// server, and, when that is silent, by any (section 4.4.5).
func (c *client) renew() error {
	l := c.Lease
	if l.Time == 0 {
		return c.host.Sleep(1<<63 - 1)
	}
	if err := c.host.Sleep(max(0, l.Granted.Add(l.T1).Sub(c.host.Now()))); err != nil {
		return err
	}
	c.xid, c.start, c.asked = c.host.Rand().Uint32(), c.host.Now(), c.host.Now()
	for _, phase := range []struct {
		to    netip.Addr
		until time.Time
	}{{l.Server, l.Granted.Add(l.T2)}, {limitedBroadcast, l.Granted.Add(l.Time)}} {
		for left := phase.until.Sub(c.host.Now()); left > 0; left = phase.until.Sub(c.host.Now()) {
			m := c.message(layers.DHCPMsgTypeRequest)
			m.ClientIP = l.Address.Addr().AsSlice()
			m.Flags = 0 // the client can be reached now
			c.wishes(m)
			if err := c.send(m, netip.AddrPortFrom(phase.to, serverPort)); err != nil && errors.Is(err, net.ErrClosed) {
				return err
			}
			ack, err := c.verdict(c.host.Now().Add(min(left, max(left/2, leastRenew))), netip.Addr{})
			switch {
			case err == nil && ip4(ack.YourClientIP) == l.Address.Addr():
				return c.bind(c.lease(ack))
			case err != nil && !errors.Is(err, os.ErrDeadlineExceeded):
				return err
			}
		}
	}
	return errNobody
}

// release gives the address back (section 4.4.6).
func (c *client) release() error {
	c.xid = c.host.Rand().Uint32()
	m := c.message(layers.DHCPMsgTypeRelease)
	m.ClientIP, m.Flags = c.Lease.Address.Addr().AsSlice(), 0
	m.addAddrs(layers.DHCPOptServerID, c.Lease.Server)
	if err := c.send(m, netip.AddrPortFrom(c.Lease.Server, serverPort)); err != nil {
		return err
	}
	return c.configure(host.Config{})
}

// bind uses a lease.
func (c *client) bind(l Lease) error {
	c.Lease = l
	return c.configure(l.Config)
}

func (c *client) configure(cfg host.Config) error {
	if c.configurer == nil {
		return nil
	}
	return c.configurer.Configure(c.Interface, cfg)
}

// lease reads what an ACK grants.
func (c *client) lease(ack message) Lease {
	l := Lease{Server: ack.addr(layers.DHCPOptServerID), Granted: c.asked}
	bits := 24
	if mask := ack.get(layers.DHCPOptSubnetMask); len(mask) == 4 {
		if n, _ := net.IPMask(mask).Size(); n > 0 {
			bits = n
		}
	}
	l.Address = netip.PrefixFrom(ip4(ack.YourClientIP), bits)
	if routers := ack.addrs(layers.DHCPOptRouter); len(routers) > 0 {
		l.Router = routers[0]
	}
	l.Nameservers = ack.addrs(layers.DHCPOptDNS)
	if l.Time = ack.time(layers.DHCPOptLeaseTime, time.Hour); l.Time == forever*time.Second {
		l.Time = 0
	}
	l.T2 = ack.time(layers.DHCPOptT2, l.Time*7/8)
	l.T1 = ack.time(layers.DHCPOptT1, l.Time/2)
	if l.T1 > l.T2 || l.T2 > l.Time {
		l.T1, l.T2 = l.Time/2, l.Time*7/8
	}
	return l
}

// message is one of this client's, with what all of them have.
func (c *client) message(typ layers.DHCPMsgType) message {
	m := newMessage(layers.DHCPOpRequest, typ, c.xid, c.mac)
	if typ == layers.DHCPMsgTypeDiscover || typ == layers.DHCPMsgTypeRequest {
		m.Secs = uint16(min(c.host.Now().Sub(c.start)/time.Second, 0xffff))
		if !c.Unicast {
			m.Flags = broadcastFlag
		}
	}
	m.add(layers.DHCPOptClientID, append([]byte{byte(layers.LinkTypeEthernet)}, c.mac...)...)
	return m
}

// wishes adds what the client wants to know, and what it says of itself.
func (c *client) wishes(m message) {
	m.add(layers.DHCPOptParamsRequest, byte(layers.DHCPOptSubnetMask), byte(layers.DHCPOptRouter), byte(layers.DHCPOptDNS),
		byte(layers.DHCPOptLeaseTime), byte(layers.DHCPOptT1), byte(layers.DHCPOptT2))
	if c.Hostname != "" {
		m.add(layers.DHCPOptHostname, []byte(c.Hostname)...)
	}
}

func (c *client) send(m message, to netip.AddrPort) error {
	b, err := m.pack()
	if err != nil {
		return err
	}
	_, err = c.pc.WriteTo(b, net.UDPAddrFromAddrPort(to))
	return err
}

// await reads messages until one is to this client's question and good.
func (c *client) await(until time.Time, good func(message) bool) (message, error) {
	if err := c.pc.SetReadDeadline(until); err != nil {
		return message{}, err
	}
	buf := make([]byte, host.MaxDatagram)
	for {
		n, _, err := c.pc.ReadFrom(buf)
		if err != nil {
			return message{}, err
		}
		m, err := parse(append([]byte(nil), buf[:n]...))
		if err == nil && m.Operation == layers.DHCPOpReply && m.Xid == c.xid && bytes.Equal(m.ClientHWAddr, c.mac) && good(m) {
			return m, nil
		}
	}
}

// later is a time to wait until, a second more or less (section 4.1).
func (c *client) later(wait time.Duration) time.Time {
	jitter := time.Duration(c.host.Rand().Int64N(int64(2*time.Second))) - time.Second
	return c.host.Now().Add(wait + jitter)
}

// usable says whether a host can have an address.
func usable(a netip.Addr) bool {
	return a.Is4() && !a.IsUnspecified() && !a.IsMulticast() && !a.IsLoopback() && a != limitedBroadcast
}
