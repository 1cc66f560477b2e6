package walk

import (
	"bytes"
	"fmt"
	"net/netip"
)

// Endpoint is an address, with a port where there are ports.
type Endpoint struct {
	Addr   [16]byte
	Family Family
	Port   uint16
}

// Family says what kind of address an Endpoint has.
type Family uint8

// The families.
const (
	NoAddress Family = iota
	MACAddress
	IPv4Address
	IPv6Address
)

func macEnd(mac [6]byte) Endpoint {
	e := Endpoint{Family: MACAddress}
	copy(e.Addr[:], mac[:])
	return e
}

func ipv4End(b []byte) Endpoint {
	e := Endpoint{Family: IPv4Address}
	copy(e.Addr[:4], b)
	return e
}

func ipv6End(b []byte) Endpoint {
	e := Endpoint{Family: IPv6Address}
	copy(e.Addr[:], b)
	return e
}

// String is the address, without the port.
func (e Endpoint) String() string {
	switch e.Family {
	case MACAddress:
		m := e.Addr
		return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
	case IPv4Address:
		return netip.AddrFrom4([4]byte(e.Addr[:4])).String()
	case IPv6Address:
		return netip.AddrFrom16(e.Addr).String()
	}
	return "unknown"
}

// Peer is the address with its port.
func (e Endpoint) Peer() string {
	if e.Family == IPv6Address {
		return fmt.Sprintf("[%v]:%d", e, e.Port)
	}
	return fmt.Sprintf("%v:%d", e, e.Port)
}

// After orders endpoints: whether a comes after b.
func After(a, b *Endpoint) bool {
	c := bytes.Compare(a.Addr[:], b.Addr[:])
	return c > 0 || c == 0 && (a.Port > b.Port || a.Port == b.Port && a.Family > b.Family)
}
