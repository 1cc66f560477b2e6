package header

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"strata/capture"
	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/inspect"
	"strata/tui/keys"
	"strata/tui/scene"
)

var update = flag.Bool("update", false, "write the golden screens anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs (write it anew with -update):\n%s", path, got)
	}
}

// screen draws the pane alone.
func screen(p *Pane, s *scene.Scene, w, h int, ascii bool) string {
	c := draw.NewCanvas(w, h, ascii)
	p.Draw(c, draw.Box(0, 0, w, h), s, true)
	var b strings.Builder
	for _, l := range c.Lines() {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	return b.String()
}

func open(t testing.TB, name string) *capture.File {
	t.Helper()
	f, err := capture.Open(filepath.Join("../../testdata", name), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(1 << 40)
	return f
}

// at is a scene at a step of a file's frame that is about a protocol, and the
// pane for it.
func at(t testing.TB, file string, frame int, proto layers.Proto) (*scene.Scene, *Pane) {
	t.Helper()
	f := open(t, file)
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
			golden(t, c.name+".txt", screen(p, s, c.w, c.h, c.ascii))
		})
	}
}

// TestColours holds the layer's colour, and that the chosen field shows without
// any.
func TestColours(t *testing.T) {
	s, p := at(t, "wss.pcapng", 0, layers.TCP)
	p.Do(keys.MoveRight, s)
	for name, can := range map[string]colorprofile.Profile{"tcp-dark": colorprofile.TrueColor, "tcp-no-colour": colorprofile.ASCII} {
		c := draw.NewCanvas(80, 20, false)
		p.Draw(c, draw.Box(0, 0, 80, 20), s, true)
		golden(t, name+".ansi", draw.NewInks(&draw.DarkPalette, can).ANSI(c)+"\n")
	}
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
	screen(p, s, 80, 20, false)
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
	c := draw.NewCanvas(200, 60, false)
	for b.Loop() {
		p.Do(keys.MoveRight, s)
		p.Draw(c, draw.Box(0, 0, 200, 56), s, true)
	}
}
