// Package program holds the programs that run on hosts, and the Host that
// they see. A program is plain sequential code; it cannot tell a simulated
// host from a real one.
//
//	Program.Run(Host) ──> Dial, Listen, ListenPacket ──> net.Conn …
//	   ▲
//	   └── Kinds, by name: sender, receiver, echo-client, echo-server, ping,
//	       dns-client, dns-server, http-client, http-server, script
//
// A stream does not keep messages apart, so both sides must know how: by a
// size in the settings, by the stream's end, or by the protocol.
package program

import (
	"math/rand/v2"
	"net"
	"time"
)

// Host is the machine that a program runs on. When a simulated run ends, every
// blocked call returns net.ErrClosed.
type Host interface {
	// Dial opens a connection ("tcp") or a connected datagram socket
	// ("udp") to an address like "10.0.2.2:80". A TCP connection also has
	// the methods CloseWrite, SetLinger and SetNoDelay of net.TCPConn.
	Dial(network, address string) (net.Conn, error)
	// Listen waits for TCP connections at an address like ":80".
	Listen(network, address string) (net.Listener, error)
	// ListenPacket opens a datagram socket: "udp" at an address like ":53",
	// or "ip4:icmp" at "0.0.0.0" for raw ICMP messages.
	ListenPacket(network, address string) (net.PacketConn, error)

	Now() time.Time
	Sleep(d time.Duration) error
	// Go runs f beside the caller; it ends with the host.
	Go(f func())
	// Rand is the program's own source of randomness.
	Rand() *rand.Rand

	// Sending says that the next n bytes written to the stream c are one
	// message; Got says that the next n of the bytes read from c were one.
	// The messages of a stream follow each other without a gap, so that Got
	// may be called for each of several messages that one read brought.
	// Datagrams need neither: each is a message.
	Sending(c net.Conn, n int)
	Got(c net.Conn, n int)
}

// Program is a program with its settings, ready to run. Run returns when its
// work is done or failed; a server runs until the host ends.
type Program interface {
	Run(h Host) error
}
