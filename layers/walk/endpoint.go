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

// set makes an endpoint of the address that b begins with, in its place: every
// frame has some, and structs that are handed about cost more than all else.
func (e *Endpoint) set(f Family, b []byte) {
	e.Family, e.Port, e.Addr = f, 0, [16]byte{}
	switch f {
	case MACAddress:
		*(*[6]byte)(e.Addr[:]) = [6]byte(b)
	case IPv4Address:
		*(*[4]byte)(e.Addr[:]) = [4]byte(b)
	case IPv6Address:
		e.Addr = [16]byte(b)
	}
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
