package tui

import (
	"fmt"
	"testing"

	"strata/layers"
	"strata/trace"
)

// TestUpperScreens holds what the screen says of layers 5 to 7: a message that
// grows and shrinks, the forms of its bytes, tables, and the messages as the
// programs saw them.
func TestUpperScreens(t *testing.T) {
	tr := talking()
	for _, s := range []struct {
		name    string
		e       trace.EventID
		prepare func(*viewer)
	}{
		{"mask", eventWith(tr, trace.Encode, layers.WebSocket, 1), func(v *viewer) { v.focus = bytesPane }},
		{"grown", eventOf(tr, trace.Transmit, 7), nil},
		{"unseal", eventWith(tr, trace.Decode, layers.TLS, 1), func(v *viewer) { v.focus = bytesPane }},
		{"shrunk", eventWith(tr, trace.Deliver, layers.Message, 1), nil},
		{"two-units", eventOf(tr, trace.Segment, 5), nil},
		{"demux", eventWith(tr, trace.Decapsulate, layers.TCP, 4), func(v *viewer) { v.focus = statePane }},
		{"messages", eventWith(tr, trace.Send, layers.Message, 2), func(v *viewer) { v.page = messagesPage }},
	} {
		for _, size := range sizes {
			m := screenAt(tr, s.e, size[0], size[1], Screen{}, s.prepare)
			if m.viewer.page == messagesPage {
				j := m.viewer.messages.open(m.viewer)
				for j.work(slice)() {
				}
				j.stop()
				m.draw()
			}
			golden(t, fmt.Sprintf("upper-%s-%dx%d.txt", s.name, size[0], size[1]), text(m))
		}
	}
}
