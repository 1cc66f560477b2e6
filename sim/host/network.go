package host

import (
	"errors"
	"net"
	"net/netip"
)

// Links is a Host whose programs may use one of its interfaces on its own, as
// they must before it has an address.
type Links interface {
	// HardwareAddr is the MAC address of an interface, like "eth0".
	HardwareAddr(iface string) (net.HardwareAddr, error)
	// ListenOn is ListenPacket("udp", address) for one interface only: what is
	// sent to 255.255.255.255 leaves there, and only what came in there is
	// read. Several interfaces may each have a socket on one port.
	ListenOn(iface, address string) (net.PacketConn, error)
}

// Config is how an interface is set up. The zero Config takes everything away.
type Config struct {
	Address     netip.Prefix // with the network's prefix length
	Router      netip.Addr   // for all other networks; the zero Addr: none
	Nameservers []netip.Addr
}

// ErrInUse says that another host has the address.
var ErrInUse = errors.New("another host uses that address")

// Configurer is a Host whose interfaces programs may set up.
type Configurer interface {
	Configure(iface string, c Config) error
	// Claim asks on the link, for some seconds, whether anybody has an
	// address (RFC 5227 section 2.1). The error is ErrInUse if so.
	Claim(iface string, a netip.Addr) error
	// Neighbor says where on the link an address is, which could not
	// answer when asked: its host does not know yet that it has it.
	Neighbor(iface string, a netip.Addr, mac net.HardwareAddr) error
	// Nameservers are those of all interfaces.
	Nameservers() []netip.Addr
}
