package tui

import (
	"testing"

	"strata/layers"
	"strata/trace"
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

	now, _ := newPassage(m, seen).here()
	if now.node != client || len(now.rows) != 4 {
		t.Errorf("where it was seen, the stack is node %d's and has %d rows; want the client's with 4", now.node, len(now.rows))
	}
	now, _ = newPassage(m, arrived).here()
	if now.node != server || len(now.rows) != 1 {
		t.Errorf("where it arrived, the stack is node %d's and has %d rows; want the server's with 1", now.node, len(now.rows))
	}
}
