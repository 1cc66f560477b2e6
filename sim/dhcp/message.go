// Package dhcp gives hosts their addresses: the protocol of RFC 2131, client
// and server. gopacket encodes its messages.
//
//	Client ── DISCOVER ──> everybody          Server: pool, leases
//	       <── OFFER ────
//	       ── REQUEST ───> everybody
//	       <── ACK ──────  ──> host.Configurer: address, router, name servers
package dhcp

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// Ports of servers and clients (RFC 2131 section 4.1).
const (
	serverPort = 67
	clientPort = 68
)

var limitedBroadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// message is a DHCP message that is well formed.
type message struct{ *layers.DHCPv4 }

const (
	minMessage    = 240 // up to the magic cookie
	minSent       = 300 // what a BOOTP relay may want (RFC 1542 section 2.1)
	broadcastFlag = 0x8000
	ethernet      = 6 // length of a MAC address
)

// parse reads a message. It must be about an Ethernet interface, and say what
// type it is.
func parse(b []byte) (message, error) {
	if len(b) < minMessage || b[2] != ethernet {
		return message{}, errors.New("not a DHCP message of an Ethernet host")
	}
	m := message{new(layers.DHCPv4)}
	if err := m.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		return message{}, err
	}
	if m.HardwareType != layers.LinkTypeEthernet || m.typ() == 0 {
		return message{}, errors.New("not a DHCP message of an Ethernet host")
	}
	return m, nil
}

// pack is the message's bytes.
func (m message) pack() ([]byte, error) {
	b := gopacket.NewSerializeBuffer()
	if err := m.SerializeTo(b, gopacket.SerializeOptions{FixLengths: true}); err != nil {
		return nil, err
	}
	out := slices.Clone(b.Bytes())
	return append(out, make([]byte, max(0, minSent-len(out)))...), nil
}

// newMessage is a message without options but its type, and the client's
// hardware address.
func newMessage(op layers.DHCPOp, typ layers.DHCPMsgType, xid uint32, mac net.HardwareAddr) message {
	zero := net.IPv4zero.To4()
	m := message{&layers.DHCPv4{
		Operation: op, HardwareType: layers.LinkTypeEthernet, HardwareLen: ethernet, Xid: xid, ClientHWAddr: mac,
		ClientIP: zero, YourClientIP: zero, NextServerIP: zero, RelayAgentIP: zero,
	}}
	m.add(layers.DHCPOptMessageType, byte(typ))
	return m
}

func (m message) add(opt layers.DHCPOpt, data ...byte) {
	m.Options = append(m.Options, layers.NewDHCPOption(opt, data))
}

func (m message) addAddrs(opt layers.DHCPOpt, addrs ...netip.Addr) {
	var b []byte
	for _, a := range addrs {
		b = append(b, a.AsSlice()...)
	}
	if len(b) > 0 {
		m.add(opt, b...)
	}
}

func (m message) addTime(opt layers.DHCPOpt, d time.Duration) {
	m.add(opt, binary.BigEndian.AppendUint32(nil, uint32(d/time.Second))...)
}

// get is an option's data; nil: not there. One that is there several times is
// in parts (RFC 3396 section 7).
func (m message) get(opt layers.DHCPOpt) (data []byte) {
	for _, o := range m.Options {
		if o.Type == opt {
			data = append(data, o.Data...)
		}
	}
	return data
}

// typ is the message's type; 0 when it does not say.
func (m message) typ() layers.DHCPMsgType {
	if b := m.get(layers.DHCPOptMessageType); len(b) == 1 {
		return layers.DHCPMsgType(b[0])
	}
	return 0
}

// addr is an option that is one address; the zero Addr when there is none.
func (m message) addr(opt layers.DHCPOpt) netip.Addr {
	if b := m.get(opt); len(b) == 4 {
		return ip4(b)
	}
	return netip.Addr{}
}

// addrs is an option that is a list of addresses.
func (m message) addrs(opt layers.DHCPOpt) (all []netip.Addr) {
	for b := m.get(opt); len(b) >= 4; b = b[4:] {
		all = append(all, ip4(b[:4]))
	}
	return all
}

// forever is the lease that does not end (RFC 2131 section 3.3).
const forever = 0xffffffff

// time is an option that is a duration, or else another one.
func (m message) time(opt layers.DHCPOpt, or time.Duration) time.Duration {
	if b := m.get(opt); len(b) == 4 {
		return time.Duration(binary.BigEndian.Uint32(b)) * time.Second
	}
	return or
}

// client names the client: by its identifier, or its hardware address (RFC
// 2131 section 4.2).
func (m message) client() string {
	if id := m.get(layers.DHCPOptClientID); len(id) > 1 {
		return string(id)
	}
	return "\x01" + string(m.ClientHWAddr)
}

func ip4(b net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a.Unmap()
}
