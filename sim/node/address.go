package node

import (
	"fmt"
	"net"
	"net/netip"
)

// macNumber is a MAC address as an argument of a reason.
func macNumber(m [6]byte) int64 {
	return int64(m[0])<<40 | int64(m[1])<<32 | int64(m[2])<<24 | int64(m[3])<<16 | int64(m[4])<<8 | int64(m[5])
}

func macText(m [6]byte) string { return net.HardwareAddr(m[:]).String() }

func addr(ip uint32) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)})
}

func ipText(ip uint32) string { return addr(ip).String() }

func portText(ip uint32, port uint16) string { return fmt.Sprintf("%s:%d", ipText(ip), port) }

// portName is portText, made once per address and port.
func (w *World) portName(ip uint32, port uint16) string {
	k := uint64(ip)<<16 | uint64(port)
	name, ok := w.portNames[k]
	if !ok {
		name = portText(ip, port)
		w.portNames[k] = name
	}
	return name
}

// mask is the network mask of a prefix length.
func mask(bits int) uint32 { return uint32(uint64(0xffffffff) << (32 - bits)) }
