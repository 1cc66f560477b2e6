package wire

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"strata/capture"
	"strata/layers"
	"strata/scenarios"
	"strata/sim"
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

func play(t testing.TB, name string) *trace.Log {
	t.Helper()
	s, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	n, err := sim.New(s.Config(), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return n.Trace()
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

// of is the first event of a kind, and of a reason unless that is 0.
func of(t testing.TB, tr trace.Trace, k trace.Kind, why trace.Why) trace.EventID {
	t.Helper()
	for n := trace.EventID(1); int(n) <= tr.Events(); n++ {
		if e := tr.Event(n); e.Kind == k && (why == 0 || e.Why == why) {
			return n
		}
	}
	t.Fatal(k)
	return 0
}

func TestScreens(t *testing.T) {
	one, backoff, flip := play(t, "one-byte-hello"), play(t, "rto-backoff"), play(t, "bit-flip")
	ping, loop := open(t, "ping.pcap"), open(t, "loopback.pcap")
	for _, c := range []struct {
		name  string
		t     trace.Trace
		e     trace.EventID
		w, h  int
		ascii bool
		down  int
	}{
		{"transmit-80x24", one, of(t, one, trace.Transmit, 0), 80, 20, false, 0},
		{"arrive-120x40", backoff, of(t, backoff, trace.Arrive, 0), 120, 36, false, 0},
		{"lost-200x60", backoff, of(t, backoff, trace.Drop, 0), 200, 56, false, 0},
		{"flipped-80x24", flip, of(t, flip, trace.Corrupt, 0), 80, 20, false, 100},
		{"ascii-80x24", one, of(t, one, trace.Arrive, 0), 80, 20, true, 2},
		{"capture-80x24", ping, 1, 80, 20, false, 0},
		{"loopback-80x24", loop, 1, 80, 20, false, 0},
		{"transmit-40x12", one, of(t, one, trace.Transmit, 0), 40, 8, false, 0},
	} {
		s := scene.New(c.t, layers.OSI)
		s.At.GoTo(c.e)
		p := &Pane{View: &inspect.View{}}
		screen(p, s, c.w, c.h, c.ascii)
		for range c.down {
			p.Do(keys.MoveDown, s)
		}
		golden(t, c.name+".txt", screen(p, s, c.w, c.h, c.ascii))
	}
}

// TestColours holds the layers' colours, the flipped bit, and the bits of the
// chosen field.
func TestColours(t *testing.T) {
	log := play(t, "bit-flip")
	s := scene.New(log, layers.OSI)
	s.At.GoTo(of(t, log, trace.Arrive, 0))
	p := &Pane{View: &inspect.View{}}
	p.View.Follow(s)
	for i, n := range p.View.Tree.Parts[0].Fields {
		if n.Field.Name == "eth.src" && !p.View.Choose(0, &p.View.Tree.Parts[0].Fields[i]) {
			t.Fatal("the source address cannot be chosen")
		}
	}
	for name, can := range map[string]colorprofile.Profile{"flipped-dark": colorprofile.TrueColor, "flipped-no-colour": colorprofile.ASCII} {
		c := draw.NewCanvas(120, 36, false)
		p.Draw(c, draw.Box(0, 0, 120, 36), s, true)
		golden(t, name+".ansi", draw.NewInks(&draw.DarkPalette, can).ANSI(c)+"\n")
	}
	if from, to := p.chosen(); from != 14 || to != 20 {
		t.Errorf("bytes %d to %d are lit", from, to)
	}
}

func BenchmarkStep(b *testing.B) {
	log := play(b, "fragment-amplifier")
	s := scene.New(log, layers.OSI)
	s.At.First()
	p, c := &Pane{View: &inspect.View{}}, draw.NewCanvas(200, 60, false)
	for b.Loop() {
		s.MoveFrame(1)
		p.Draw(c, draw.Box(0, 0, 200, 56), s, true)
	}
}
