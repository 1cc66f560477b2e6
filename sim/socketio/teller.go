package socketio

import (
	"net"

	"strata/sim/host"
)

// teller is the host of one connection, as those see it who send and read what
// Engine.IO's packets travel in. They tell it of HTTP messages and of
// WebSocket's; it tells the host of the events in them, instead.
type teller struct {
	host.Host
	out []mark // events in what is sent next
	got int    // bytes that were read since the last event's end
}

// mark is an event that is sent, and where it ends: so many bytes before the
// end of what is sent next (less than 0: after it).
type mark struct {
	left  int
	event []byte
}

// Sending tells of the events in the next n bytes.
func (t *teller) Sending(c net.Conn, n int, _ []byte) {
	done := 0
	for _, m := range t.out {
		t.Host.Sending(c, n-m.left-done, m.event)
		done = n - m.left
	}
	t.out = nil
}

// Got counts what has been read.
func (t *teller) Got(_ net.Conn, n int, _ []byte) { t.got += n }

// arrived tells of an event that what has been read brought, all but left bytes
// of it.
func (t *teller) arrived(c net.Conn, left int, event []byte) {
	t.Host.Got(c, t.got-left, event)
	t.got = left
}
