package tui

import (
	"testing"

	"strata/layers"
	"strata/trace"
	"strata/tui/scene"
	"strata/tui/stack"
)

// TestSeenOnTheWay follows a frame to where a capture saw it: that is a point
// between two nodes, and the sender's stack stays in sight.
func TestSeenOnTheWay(t *testing.T) {
	m := newMaker("seen")
	segment := m.ev(trace.Segment, client, layers.TCP, layers.Transport, 0, 0, "capture.segment-empty")
	packet := m.ev(trace.Encapsulate, client, layers.IPv4, layers.Network, 0, segment, "capture.packet")
	frame := m.ev(trace.Encapsulate, client, layers.Ethernet, layers.DataLink, 0, packet, "capture.frame")
	seen := m.ev(trace.Transmit, router, layers.Wire, layers.Physical, 0, frame, "capture.seen")
	arrived := m.ev(trace.Arrive, server, layers.Wire, layers.Physical, 0, seen, "capture.arrive")

	now, _ := stack.NewPassage(m, seen).Here()
	if now.Node != client || len(now.Rows) != 4 {
		t.Errorf("where it was seen, the stack is node %d's and has %d rows; want the client's with 4", now.Node, len(now.Rows))
	}
	now, _ = stack.NewPassage(m, arrived).Here()
	if now.Node != server || len(now.Rows) != 1 {
		t.Errorf("where it arrived, the stack is node %d's and has %d rows; want the server's with 1", now.Node, len(now.Rows))
	}
}

// TestPingNests tells the 8 bytes of ICMP's header from the data behind them,
// though a program or a host makes the message whole.
func TestPingNests(t *testing.T) {
	m := newMaker("ping")
	asked := m.Wrap(layers.ICMPv4, make([]byte, 64), 0, 0, 0)
	answered := m.Wrap(layers.ICMPv4, make([]byte, 8), asked, 8, 56)
	for _, icmp := range []trace.PDUID{asked, answered} {
		n := scene.Nest(m, m.Wrap(layers.IPv4, make([]byte, 20), icmp, 0, 64))
		if len(n.Heads) != 2 || n.Heads[0].N != 20 || n.Heads[1].N != 8 || n.Payload != 56 {
			t.Errorf("a ping's packet nests as %+v; want headers of 20 and 8 bytes, and 56 of data", n)
		}
	}
}
