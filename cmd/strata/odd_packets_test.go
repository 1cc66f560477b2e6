package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// ip6 makes a packet between two hosts of 2001:db8::/32.
func ip6(next byte, src, dst byte, payload ...byte) []byte {
	b := []byte{0x60, 0, 0, 0, 0, 0, next, 64}
	binary.BigEndian.PutUint16(b[4:], uint16(len(payload)))
	return append(append(append(b, host6(src)...), host6(dst)...), payload...)
}

func host6(n byte) []byte { return []byte{0x20, 1, 0xd, 0xb8, 15: n} }

// ip4 makes a packet from 192.0.2.1 to 192.0.2.2, with options. Fragment is its
// flags and offset.
func ip4(protocol byte, fragment uint16, options []byte, payload ...byte) []byte {
	b := []byte{0x45 + byte(len(options)/4), 0, 0, 0, 0, 7, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)+len(options)+len(payload)))
	binary.BigEndian.PutUint16(b[6:], fragment)
	return append(append(b, options...), payload...)
}

// datagram is one from a port to 9999.
func datagram(port uint16, payload ...byte) []byte {
	b := []byte{0, 0, 0x27, 0x0f, 0, byte(8 + len(payload)), 0x12, 0x34}
	binary.BigEndian.PutUint16(b, port)
	return append(b, payload...)
}

// segment is one from a port to 9999; length is its header's, in words.
func segment(port uint16, seq, ack uint32, length, flags byte, rest ...byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, port)
	b = binary.BigEndian.AppendUint32(append(b, 0x27, 0x0f), seq)
	b = binary.BigEndian.AppendUint32(b, ack)
	return append(append(b, length<<4, flags, 16, 0, 0x12, 0x34, 0, 0), rest...)
}

// extension is a header of IPv6 in units of 8 bytes.
func extension(next byte, rest ...byte) []byte {
	return append([]byte{next, byte((2+len(rest))/8 - 1)}, rest...)
}

func joined(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// oddPackets are packets of which it takes some care to say between whom they
// go, or whether they count.
func oddPackets() (packets [][]byte) {
	const udp, tcp, icmp, routing, fragment, destination = 17, 6, 1, 43, 44, 60
	home := func(next byte, n byte) []byte {
		return extension(next, joined([]byte{1, 2, 0, 0, 0xc9, 16}, host6(n))...)
	}
	route := func(kind, left byte, stations ...byte) []byte {
		b := []byte{kind, left, 0, 0, 0, 0}
		for _, n := range stations {
			b = append(b, host6(n)...)
		}
		return extension(udp, b...)
	}
	part := func(offset, more, id byte) []byte { return []byte{udp, 0, 0, offset | more, 0, 0, 0, id} }
	to := func(next byte, parts ...[]byte) { packets = append(packets, ip6(next, 1, 2, joined(parts...)...)) }
	long := datagram(1100, make([]byte, 64)...)
	to(routing, route(0, 2, 10, 11), datagram(1000, 'a'))
	to(routing, route(2, 1, 12), datagram(1001, 'b'))
	to(routing, route(2, 0, 12), datagram(1002, 'c'))
	to(routing, route(4, 1, 13, 14), datagram(1003, 'd'))
	to(routing, extension(udp, 3, 2, 0xff, 0x60, 0, 0, 0x55, 0x56, 0, 0, 0, 0, 0, 0), datagram(1004, 'e'))
	to(destination, home(udp, 15), datagram(1005, 'f'))
	to(destination, home(fragment, 16), part(0, 1, 1), long[:40])
	to(destination, home(fragment, 16), part(40, 0, 1), long[40:])
	to(fragment, part(0, 1, 2), long[:40])                              // never complete
	to(destination, extension(udp, 0x1e, 200, 0, 0, 0, 0), datagram(1)) // the option is longer than the packet
	to(destination, []byte{udp, 9, 1, 0})
	packets = append(packets,
		ip4(udp, 0, []byte{131, 7, 4, 192, 0, 2, 99, 0}, datagram(1200, 'g')...), // a station is left
		ip4(udp, 0, []byte{131, 7, 8, 192, 0, 2, 98, 0}, datagram(1201, 'h')...),
		ip4(udp, 0, nil, 4, 0xb3, 0x27, 0x0f, 0, 3, 0, 0, 'i'), // the length is impossible
		ip4(tcp, 0, nil, segment(1300, 5, 6, 2, 16)...),        // the header's, too
		ip4(tcp, 0, nil, segment(1301, 5, 6, 10, 16)...),       // it ends before its options
		ip4(tcp, 0, nil, segment(1302, 5, 6, 5, 16)[:15]...),   // too little to be numbered
		ip4(icmp, 0, nil, joined([]byte{11, 0, 0, 0, 0, 0, 0, 0}, ip4(tcp, 0, nil, segment(1303, 5, 6, 5, 16)[:8]...))...),
		ip4(tcp, 0, nil, segment(1304, 5, 6, 5, 16, 'j')...),
		ip4(tcp, 0, nil, joined([]byte{0x27, 0x0f, 5, 0x18}, segment(0, 70, 900, 5, 18)[4:])...), // its SYN tells of other numbers
		ip4(tcp, 0, nil, segment(1304, 899, 0, 5, 2)...),
		ip4(tcp, 0, nil, segment(1304, 800, 0, 5, 2)...),
		ip4(udp, 0x2000, nil, joined(datagram(1202, 'k'), make([]byte, 15))...)[:40]) // a first part that is not whole
	return packets
}

// writeOdd writes the odd packets as a capture.
func writeOdd(t *testing.T) string {
	t.Helper()
	le := binary.LittleEndian
	b := []byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 16: 0, 0, 4, 0, 101, 0, 0, 0}
	for i, p := range oddPackets() {
		for _, v := range []int{1000 + i, 0, len(p), len(p)} {
			b = le.AppendUint32(b, uint32(v))
		}
		b = append(b, p...)
	}
	path := filepath.Join(t.TempDir(), "odd.pcap")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
