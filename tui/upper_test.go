package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"strata/layers"
	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/tuitest"
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
		{"demux", eventWith(tr, trace.Decapsulate, layers.TCP, 4), func(v *viewer) { v.focus = tablesPane }},
		{"messages", eventWith(tr, trace.Send, layers.Message, 2), func(v *viewer) { v.visit(messagePane) }},
		{"byte", eventWith(tr, trace.Encode, layers.WebSocket, 1), func(v *viewer) { v.Show(travelPane); v.travel.Follow(v.inspect, v.Scene) }},
	} {
		for _, size := range tuitest.Sizes {
			m := screenAt(tr, s.e, size[0], size[1], Screen{}, s.prepare)
			finish(m)
			m.draw()
			golden.Check(t, fmt.Sprintf("upper-%s-%dx%d.txt", s.name, size[0], size[1]), text(m))
		}
	}
}

// TestMessages: from a message to its journey and back, to and fro among what
// each side said, and to what is looked for.
func TestMessages(t *testing.T) {
	tr := talking()
	d := drive(t, House{}, Options{Trace: tr, Event: eventWith(tr, trace.Deliver, layers.Message, 1)}, 120, 40)
	v := d.m.viewer
	d.press("a")
	d.wants("messages, as the programs saw them")
	d.wants(`["chat","grüße",1]`)
	d.wants("Socket.IO, TLS")
	d.wants("20 B message ► 22 Socket.IO ► 23 Engine.IO ► 29 WebSocket ► 51 TLS ► 71 TCP ► 91 IPv4 ► 109 Ethernet")
	d.wants("▐  30.622ms") // the message of the cursor
	d.press("down", "enter")
	if e := tr.Event(v.At.Event); v.focus != stackPane || v.listing || e.Kind != trace.Send || v.At.Event != eventWith(tr, trace.Send, layers.Message, 2) {
		t.Errorf("Enter goes to event %d, a %s", v.At.Event, e.Kind)
	}
	d.press("esc")
	d.wants("messages, as the programs saw them")
	if rows := strings.Split(d.screen(), "\n"); !strings.HasPrefix(rows[5], "▐") {
		t.Errorf("esc does not come back to the second message, but to\n%s", rows[5])
	}
	d.press("d")
	d.wants("client only")
	d.press("d")
	d.wants("server only")
	d.wants(" 2 ")
	d.press("/", "BYE", "enter", "enter")
	if v.At.Event != eventWith(tr, trace.Send, layers.Message, 3) {
		t.Errorf("what was looked for is not event %d", v.At.Event)
	}
	d.press("esc", "/", "nobody says this", "enter")
	d.wants("no message has")
	d.press("s")
	d.wants("both sides")
	d.press("i")
	d.wants("Nothing that TLS protects is known")
	d.press("i", "esc", "esc")
	if v.focus != stackPane {
		t.Errorf("esc ends at %s", v.focus)
	}
}

// TestNobodyGotIt: a message that never arrives is told so when the run is
// over.
func TestNobodyGotIt(t *testing.T) {
	m := newMaker("lost")
	off, w := m.message(client, request)
	m.send(segment{from: client, flags: ack | psh, seq: isnC + 1, off: off, n: len(request), lostOn: 1, code: "tcp.push"}, w)
	d := drive(t, House{}, Options{Trace: m.Log}, 120, 40)
	d.press("a")
	d.wants("✗ never")
}

// TestInPieces: two messages that are read as one were not lost.
func TestInPieces(t *testing.T) {
	m := newMaker("pieces")
	off, _ := m.message(client, "hello ")
	_, w := m.message(client, "world")
	c := m.send(segment{from: client, flags: ack | psh, seq: isnC + 1, off: off, n: 11, code: "tcp.push"}, w)
	m.deliver(server, off, 11, c)
	d := drive(t, House{}, Options{Trace: m.Log}, 120, 40)
	d.press("a", "g")
	d.wants("not got so: a stream keeps no messages")
	d.press("G")
	d.wants("not sent so: a stream keeps no messages")
	if text := d.screen(); strings.Contains(text, "never") {
		t.Errorf("nothing was lost:\n%s", text)
	}
}

// TestInsideTLS turns between a stream's bytes and what TLS protects of them.
func TestInsideTLS(t *testing.T) {
	tr := &fakeTrace{Trace: incident(), frames: 13, talks: 5}
	tr.said = func(each func(trace.Said) bool) { each(trace.Said{Data: []byte("sealed")}) }
	tr.inside = func(each func(trace.Said) bool) { each(trace.Said{Data: []byte("what was sealed"), Frame: 7}) }
	files := disk{}
	d := drive(t, House{Save: files.save}, Options{Trace: tr}, 120, 30)
	d.press("c", "s")
	d.wants("sealed")
	d.press("i")
	d.wants("inside TLS: text")
	d.wants("what was sealed")
	d.press("/", "WAS", "enter", "S", "enter")
	if got := files["tcp-stream-0-inside.bin"]; got != "what was sealed" {
		t.Errorf("saved is %q", got)
	}
	d.press("i")
	if text := d.screen(); strings.Contains(text, "what was") {
		t.Errorf("i does not turn back:\n%s", text)
	}
}

// TestDemultiplexing finds the socket as a host does: by both ends, else by
// the port that is listened on.
func TestDemultiplexing(t *testing.T) {
	tr := talking()
	for _, c := range []struct {
		e    trace.EventID
		want string
	}{
		{eventWith(tr, trace.Decapsulate, layers.TCP, 1), "✓ listens here"},
		{eventWith(tr, trace.Decapsulate, layers.TCP, 4), "✓ all four fit"},
	} {
		d := drive(t, House{}, Options{Trace: tr, Event: c.e}, 120, 40)
		d.m.viewer.focus = tablesPane
		d.press("z")
		found := ""
		for _, line := range strings.Split(d.screen(), "\n") {
			if strings.HasPrefix(strings.TrimLeft(line, "▐ "), "► tcp") {
				found += line
			}
		}
		if !strings.Contains(found, c.want) {
			t.Errorf("at event %d the socket found is %q, want one that says %q", c.e, found, c.want)
		}
	}
}

// TestFollowAByte follows one from the message down through a mask and a
// cipher, over two hops, and up into the message that is got.
func TestFollowAByte(t *testing.T) {
	tr := talking()
	d := drive(t, House{}, Options{Trace: tr, Event: eventOf(tr, trace.Send, 1)}, 120, 40)
	v := d.m.viewer
	d.press("b")
	d.wants("where it goes")
	d.press("G", "enter")
	if v.focus != stackPane || tr.Event(v.At.Event).Kind != trace.Deliver {
		t.Errorf("Enter goes to a %s", tr.Event(v.At.Event).Kind)
	}
	d.press("esc")
	d.wants("where it goes")
	d.press("esc")
	if v.focus != stackPane {
		t.Error("esc does not go back")
	}
	d.press("b", "g", "enter")
	if e := tr.Event(v.At.Event); e.Kind != trace.Send {
		t.Errorf("from the receiver, it comes from a %s", e.Kind)
	}
}

// upgraded is a connection that becomes a WebSocket, and a message on it.
func upgraded() trace.Trace {
	m := newMaker("upgraded")
	ask := "GET /chat HTTP/1.1\r\nHost: server.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
	off, w := m.message(client, ask)
	c := m.send(segment{from: client, flags: ack | psh, seq: isnC + 1, ack: isnS + 1, off: off, n: len(ask), code: "tcp.push"}, w)
	m.deliver(server, off, len(ask), c)
	off, w = m.message(server, answer)
	c = m.send(segment{from: server, flags: ack | psh, seq: isnS + 1, ack: isnC + 1 + uint32(len(ask)), off: off, n: len(answer), code: "tcp.push"}, w)
	m.deliver(client, off, len(answer), c)
	u, w := m.emit(client, "hello", []made{{proto: layers.WebSocket, head: []byte{0x81, 0x85, 0x6e, 0xb9, 0x76, 0xd4}, change: mixed}})
	c = m.send(segment{from: client, flags: ack | psh, seq: isnC + 1 + uint32(u.off), ack: isnS + 1 + uint32(len(answer)), off: u.off, n: 11, code: "tcp.push"}, w)
	m.take(u, c)
	return m.Log
}

// TestBuffers turns from the frame to what its mask hides and back, by key, by
// mouse, and by choosing a field that lies there.
func TestBuffers(t *testing.T) {
	tr := upgraded()
	e := eventWith(tr, trace.Segment, layers.TCP, 3)
	for _, size := range tuitest.Sizes {
		m := screenAt(tr, e, size[0], size[1], Screen{}, func(v *viewer) {
			v.focus = bytesPane
			v.inspected().Turn()
		})
		golden.Check(t, fmt.Sprintf("upper-tabs-%dx%d.txt", size[0], size[1]), text(m))
	}
	d := drive(t, House{}, Options{Trace: tr, Event: e}, 120, 40)
	v := d.m.viewer
	v.focus = bytesPane
	d.wants("frame │ unmasked")
	d.press("r")
	if got := string(v.inspect.Data()); got != "hello" || v.inspect.In == v.inspect.Home {
		t.Errorf("r turns to %q", got)
	}
	d.wants("r other bytes")
	d.press("r")
	if v.inspect.In != layers.InFrame {
		t.Error("r does not turn back")
	}
	d.screen()
	at := v.inspect.Tabs[1].Area
	d.send(tea.MouseClickMsg{X: at.X, Y: at.Y, Button: tea.MouseLeft})
	if string(v.inspect.Data()) != "hello" {
		t.Error("a click on its name does not turn to it")
	}
	v.focus = fieldsPane
	for range v.inspect.Rows {
		d.press("up")
	}
	d.screen()
	if v.inspect.In != layers.InFrame {
		t.Error("the header's fields do not turn back to the frame")
	}
}
