package walk

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"strconv"
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
func (e Endpoint) String() string { return string(e.Append(nil)) }

// Append appends the address.
func (e Endpoint) Append(dst []byte) []byte {
	switch e.Family {
	case MACAddress:
		for i, b := range e.Addr[:6] {
			if i > 0 {
				dst = append(dst, ':')
			}
			dst = hex.AppendEncode(dst, []byte{b})
		}
		return dst
	case IPv4Address:
		return netip.AddrFrom4([4]byte(e.Addr[:4])).AppendTo(dst)
	case IPv6Address:
		return netip.AddrFrom16(e.Addr).AppendTo(dst)
	}
	return append(dst, "unknown"...)
}

// Peer is the address with its port.
func (e Endpoint) Peer() string { return string(e.AppendPeer(nil)) }

// AppendPeer appends the address with its port.
func (e Endpoint) AppendPeer(dst []byte) []byte {
	if e.Family == IPv6Address {
		dst = append(e.Append(append(dst, '[')), ']')
	} else {
		dst = e.Append(dst)
	}
	return strconv.AppendUint(append(dst, ':'), uint64(e.Port), 10)
}

// After orders endpoints: whether a comes after b.
func After(a, b *Endpoint) bool {
	c := bytes.Compare(a.Addr[:], b.Addr[:])
	return c > 0 || c == 0 && (a.Port > b.Port || a.Port == b.Port && a.Family > b.Family)
}
