// Package host is what a program sees of the machine that it runs on, and what
// all programs share. A program is plain sequential code; it cannot tell a
// simulated host from a real one.
//
//	Program.Run(Host) ──> Dial, Listen, ListenPacket ──> net.Conn …
//	                           ▲
//	          node (simulated) ┴ realhost (this machine)
//
// On a simulated host all that a program and its branches do happens on one
// thread: whoever blocks lets the others go on. So nothing may be held locked
// across a call that blocks, and branches wait for each other by Signals.
package host

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
	Signal() Signal
	// Rand is the program's own source of randomness.
	Rand() *rand.Rand

	// Sending says that the next n bytes written to the stream c carry one
	// message: message, or, when it is nil, those bytes themselves. Got says
	// that the next n of the bytes read from c did. Both count on from where
	// the message before ended, so that either may be called for each of
	// several messages that one write or read has. Bytes that carry no
	// message are counted with the message after them, or not at all.
	//
	// c may be a connection that protects another one, which it gives by a
	// method NetConn() net.Conn: n counts what is written to c, then.
	// Datagrams need neither call: each is a message.
	Sending(c net.Conn, n int, message []byte)
	Got(c net.Conn, n int, message []byte)
	// Note tells of a table that the program keeps: what a field of the row key
	// is now; "": nothing any more.
	Note(table, key, field, value string)
	// Secret tells a secret of a TLS session by its label, as a line of a
	// key log does.
	Secret(label string, clientRandom, secret []byte)
}

// Signal is how the branches of a program wait for each other.
type Signal interface {
	// Notify lets the one who waits go on, or else the next one who will.
	Notify()
	// Wait blocks until there is a notification. The error is
	// os.ErrDeadlineExceeded when until has come first (zero: never), or
	// net.ErrClosed when the host has ended.
	Wait(until time.Time) error
}

// Program is a program with its settings, ready to run. Run returns when its
// work is done or failed; a server runs until the host ends.
type Program interface {
	Run(h Host) error
}
