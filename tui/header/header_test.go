package header

import (
	"testing"

	"strata/capture/capturetest"
	"strata/layers"
	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/inspect"
	"strata/tui/keys"
	"strata/tui/scene"
	"strata/tui/tuitest"
)

// at is a scene at a step of a file's frame that is about a protocol, and the
// pane for it.
func at(t testing.TB, file string, frame int, proto layers.Proto) (*scene.Scene, *Pane) {
	t.Helper()
	f := capturetest.Open(t, "../../testdata/"+file)
	s := scene.New(f, layers.OSI)
	for _, e := range f.Steps(frame) {
		if ev := f.Event(e); ev.Proto == proto && ev.Kind == trace.Decapsulate {
			s.At.GoTo(e)
			return s, &Pane{View: &inspect.View{}}
		}
	}
	s.At.GoToFrame(frame)
	p := &Pane{View: &inspect.View{}}
	p.View.Follow(s)
	for i, part := range p.View.Tree.Parts {
		if part.Proto == proto && p.View.Choose(i, nil) {
			return s, p
		}
	}
	t.Fatalf("%s has no %v in frame %d", file, proto, frame+1)
	return nil, nil
}

func TestScreens(t *testing.T) {
	for _, c := range []struct {
		name  string
		file  string
		frame int
		proto layers.Proto
		w, h  int
		ascii bool
		keys  []keys.Action
	}{
		{"tcp-80x24", "wss.pcapng", 0, layers.TCP, 80, 20, false, []keys.Action{keys.MoveRight}},
		{"tcp-flag-120x40", "wss.pcapng", 0, layers.TCP, 120, 36, false, []keys.Action{keys.MoveDown, keys.MoveDown, keys.MoveDown, keys.MoveDown, keys.MoveRight, keys.MoveRight}},
		{"tcp-200x60", "wss.pcapng", 0, layers.TCP, 200, 56, false, nil},
		{"ip-80x24", "wss.pcapng", 0, layers.IPv4, 80, 20, false, nil},
		{"ip-ascii", "wss.pcapng", 0, layers.IPv4, 80, 20, true, []keys.Action{keys.MoveDown, keys.MoveDown, keys.MoveDown, keys.MoveDown}},
		{"ethernet-80x24", "ping.pcap", 0, layers.Ethernet, 80, 20, false, []keys.Action{keys.MoveRight}},
		{"arp-120x40", "ping.pcap", 0, layers.ARP, 120, 36, false, nil},
		{"websocket-80x24", "ws.pcap", 9, layers.WebSocket, 80, 20, false, nil},
		{"tls-80x24", "wss.pcapng", 3, layers.TLS, 80, 20, false, []keys.Action{keys.MoveRight, keys.MoveRight, keys.MoveRight}},
		{"tcp-40x12", "wss.pcapng", 0, layers.TCP, 40, 8, false, []keys.Action{keys.MoveRight}},
		{"http-80x24", "http.pcap", 3, layers.HTTP, 80, 20, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, p := at(t, c.file, c.frame, c.proto)
			for _, a := range c.keys {
				p.Do(a, s)
			}
			golden.Check(t, c.name+".txt", tuitest.Screen(p, s, c.w, c.h, c.ascii))
		})
	}
}

// TestColours holds the layer's colour, and that the chosen field shows without
// any.
func TestColours(t *testing.T) {
	s, p := at(t, "wss.pcapng", 0, layers.TCP)
	p.Do(keys.MoveRight, s)
	tuitest.Colours(t, "tcp-", tuitest.Draw(p, s, 80, 20, false))
}

// TestChoiceIsShared goes through the fields by keys and clicks: bytes and
// fields have the same one.
func TestChoiceIsShared(t *testing.T) {
	s, p := at(t, "wss.pcapng", 0, layers.TCP)
	chosen := func(want string) {
		t.Helper()
		part, n, ok := p.View.Choice()
		if !ok || n == nil || n.Field.Name != want || p.View.Tree.Parts[part].Proto != layers.TCP {
			t.Fatalf("chosen is %+v, want %s", n, want)
		}
		if from, to := p.View.Lit(); from != n.Pos || to != n.Pos+n.Len {
			t.Errorf("%s: bytes %d to %d are lit", want, from, to)
		}
	}
	for _, step := range []struct {
		key  keys.Action
		want string
	}{
		{keys.MoveRight, "tcp.srcport"}, {keys.MoveRight, "tcp.dstport"}, {keys.MoveDown, "tcp.seq"}, {keys.MoveDown, "tcp.ack"},
		{keys.MoveDown, "tcp.hdr_len"}, {keys.MoveRight, "tcp.flags.res"}, {keys.MoveDown, "tcp.checksum"}, {keys.MoveRight, "tcp.urgent_pointer"},
		{keys.MoveUp, "tcp.window_size_value"}, {keys.MoveLeft, "tcp.flags.fin"}, {keys.MoveLeft, "tcp.flags.syn"},
	} {
		if !p.Do(step.key, s) {
			t.Fatalf("no step to %s", step.want)
		}
		chosen(step.want)
	}
	tuitest.Screen(p, s, 80, 20, false)
	if !p.Click(10, 4, s) {
		t.Error("a click chose nothing")
	}
	chosen("tcp.srcport")
	p.Do(keys.PageUp, s)
	if p.Do(keys.Quit, s) {
		t.Error("it takes the key that quits")
	}
}

func BenchmarkDraw(b *testing.B) {
	s, p := at(b, "wss.pcapng", 3, layers.TLS)
	tuitest.BenchmarkStep(b, p, s, func() { p.Do(keys.MoveRight, s) })
}
