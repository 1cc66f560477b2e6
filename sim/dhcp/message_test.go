package dhcp

import (
	"bytes"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"strata/sim/host"
	"strata/sim/realhost"
)

var testMAC = net.HardwareAddr{2, 0, 0, 0, 0, 1}

// The server's side of RFC 2131 section 4.3, message by message.
func TestServerAnswers(t *testing.T) {
	p := &Server{Interface: "eth0", Self: "10.0.1.1/24", Pool: "10.0.1.100-10.0.1.102", Router: "10.0.1.1", DNS: []string{"10.0.1.53", "10.0.1.54"}, Lease: time.Hour}
	h := realhost.New(1, nil)
	s := &server{Server: p, host: h, leases: newLeases(h, p), own: netip.MustParsePrefix(p.Self)}
	addr := netip.MustParseAddr
	const (
		discover, request, decline, release, inform = layers.DHCPMsgTypeDiscover, layers.DHCPMsgTypeRequest, layers.DHCPMsgTypeDecline, layers.DHCPMsgTypeRelease, layers.DHCPMsgTypeInform
		offer, ack, nak                             = layers.DHCPMsgTypeOffer, layers.DHCPMsgTypeAck, layers.DHCPMsgTypeNak
	)
	for i, step := range []struct {
		client         byte
		typ            layers.DHCPMsgType
		server, wanted string
		has            string
		want           layers.DHCPMsgType // 0: silence
		given          string
	}{
		{1, discover, "", "", "", offer, "10.0.1.100"},
		{1, discover, "", "", "", offer, "10.0.1.100"},           // asked again
		{2, discover, "", "10.0.1.100", "", offer, "10.0.1.101"}, // what it wishes is not free
		{3, discover, "", "10.0.1.102", "", offer, "10.0.1.102"},
		{4, discover, "", "", "", 0, ""},
		{1, request, "10.0.1.1", "10.0.1.100", "", ack, "10.0.1.100"},
		{2, request, "10.0.1.1", "10.0.1.100", "", nak, ""}, // another's
		{2, request, "10.0.1.1", "10.0.1.101", "", ack, "10.0.1.101"},
		{3, request, "10.0.1.2", "10.0.1.250", "", 0, ""}, // takes another server's
		{4, discover, "", "", "", offer, "10.0.1.102"},
		{4, request, "", "10.0.1.102", "", ack, "10.0.1.102"}, // as after a restart
		{1, request, "", "", "10.0.1.100", ack, "10.0.1.100"}, // renews
		{1, request, "", "", "10.0.1.101", nak, ""},
		{5, request, "", "10.0.1.100", "", 0, ""},    // unknown here
		{5, request, "", "192.168.7.7", "", nak, ""}, // from another network
		{5, request, "", "", "", 0, ""},
		{2, decline, "10.0.1.2", "10.0.1.101", "", 0, ""}, // not to this server
		{5, decline, "10.0.1.1", "10.0.1.100", "", 0, ""}, // not his
		{2, decline, "10.0.1.1", "10.0.1.101", "", 0, ""},
		{2, discover, "", "10.0.1.101", "", 0, ""}, // all taken or spoiled
		{5, release, "10.0.1.1", "", "10.0.1.100", 0, ""},
		{1, release, "10.0.1.1", "", "10.0.1.100", 0, ""},
		{2, discover, "", "", "", offer, "10.0.1.100"},
		{6, inform, "", "", "10.0.1.77", ack, "0.0.0.0"},
		{6, layers.DHCPMsgTypeOffer, "", "", "", 0, ""},
	} {
		m := newMessage(layers.DHCPOpRequest, step.typ, uint32(i), net.HardwareAddr{2, 0, 0, 0, 0, step.client})
		if step.server != "" {
			m.addAddrs(layers.DHCPOptServerID, addr(step.server))
		}
		if step.wanted != "" {
			m.addAddrs(layers.DHCPOptRequestIP, addr(step.wanted))
		}
		if step.has != "" {
			m.ClientIP = addr(step.has).AsSlice()
		}
		a, ok := s.answer(m)
		if !ok {
			if step.want != 0 {
				t.Errorf("step %d: silence, want %v", i, step.want)
			}
			continue
		}
		b, err := a.pack()
		if err != nil {
			t.Fatal(err)
		}
		if a, err = parse(b); err != nil {
			t.Fatal(err)
		}
		given := ""
		if a.typ() != nak {
			given = ip4(a.YourClientIP).String()
		}
		if a.typ() != step.want || given != step.given || a.Xid != uint32(i) || a.addr(layers.DHCPOptServerID) != addr("10.0.1.1") {
			t.Errorf("step %d: %v %s, want %v %s", i, a.typ(), given, step.want, step.given)
		}
		if timed := a.get(layers.DHCPOptLeaseTime) != nil; timed != (step.want != nak && step.typ != inform) {
			t.Errorf("step %d: a lease time: %v", i, timed)
		}
		if dns := a.addrs(layers.DHCPOptDNS); a.typ() != nak && !slices.Equal(dns, []netip.Addr{addr("10.0.1.53"), addr("10.0.1.54")}) {
			t.Errorf("step %d: DNS %v", i, dns)
		}
	}
}

func TestCheck(t *testing.T) {
	for want, p := range map[string]host.Program{
		"self: ":   &Server{Self: "10.0.1.1", Pool: "10.0.1.2-10.0.1.3", Lease: time.Hour},
		"pool: ":   &Server{Self: "10.0.1.1/24", Pool: "10.0.1.3-10.0.1.2", Lease: time.Hour},
		"network":  &Server{Self: "10.0.1.1/24", Pool: "10.0.1.3-10.0.2.3", Lease: time.Hour},
		"more":     &Server{Self: "10.0.1.1/8", Pool: "10.0.0.0-10.255.0.0", Lease: time.Hour},
		"router: ": &Server{Self: "10.0.1.1/24", Pool: "10.0.1.2-10.0.1.3", Router: "r1", Lease: time.Hour},
		"dns: ":    &Server{Self: "10.0.1.1/24", Pool: "10.0.1.2-10.0.1.3", DNS: []string{"ns"}, Lease: time.Hour},
		"lease: ":  &Server{Self: "10.0.1.1/24", Pool: "10.0.1.2-10.0.1.3"},
		"hostname": &Client{Hostname: strings.Repeat("x", 64)},
	} {
		if err := host.Check(p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Whatever comes, reading it ends, and what is answered can be read.
func FuzzMessage(f *testing.F) {
	for _, typ := range []layers.DHCPMsgType{1, 3, 4, 7, 8} {
		m := newMessage(layers.DHCPOpRequest, typ, 1, testMAC)
		m.addAddrs(layers.DHCPOptServerID, netip.MustParseAddr("10.0.1.1"))
		m.addAddrs(layers.DHCPOptRequestIP, netip.MustParseAddr("10.0.1.100"))
		m.ClientIP = net.IP{10, 0, 1, 100}
		b, _ := m.pack()
		f.Add(b)
		f.Add(b[:241])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parse(b)
		if err != nil {
			return
		}
		c := &client{Client: &Client{}, host: realhost.New(1, nil)}
		if l := c.lease(m); l.T1 > l.T2 || l.T2 > l.Time || l.Address.Bits() < 1 {
			t.Fatalf("lease %+v of %x", l, b)
		}
		p := &Server{Self: "10.0.1.1/24", Pool: "10.0.1.100-10.0.1.101", Lease: time.Hour}
		s := &server{Server: p, host: c.host, leases: newLeases(c.host, p), own: netip.MustParsePrefix(p.Self)}
		s.leases.offer("\x01"+string(testMAC), netip.Addr{})
		if a, ok := s.answer(m); ok {
			packed, err := a.pack()
			if err != nil {
				t.Fatal(err)
			}
			if again, err := parse(packed); err != nil || again.typ() != a.typ() || !bytes.Equal(again.ClientHWAddr, m.ClientHWAddr) {
				t.Fatalf("answer %x: %v", packed, err)
			}
		}
	})
}
