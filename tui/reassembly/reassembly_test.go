package reassembly

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"strata/layers"
	"strata/scenarios"
	"strata/sim"
	"strata/trace"
	"strata/trace/buffers"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// rough is a transfer over a line that loses and reorders.
const rough = `name: rough
title: rough
group: Own
teaches: test
seed: 1
nodes:
  client: {addresses: {eth0: 10.0.1.2/24}, gateway: r1}
  r1: {kind: router, addresses: {eth0: 10.0.1.1/24, eth1: 10.0.2.1/24}}
  server: {addresses: {eth0: 10.0.2.2/24}, gateway: r1}
links:
  a: {endpoints: ["client:eth0", "r1:eth0"], rate: 100Mbit/s, delay: 1ms}
  b:
    endpoints: ["r1:eth1", "server:eth0"]
    rate: 10Mbit/s
    delay: 5ms
    faults:
      - {kind: loss, from: client, data: true, nth: [9, 11]}
      - {kind: loss, from: client, data: true, nth: [14]}
programs:
  sink: {node: server, run: receiver, with: {listen: ":9000"}}
  source: {node: client, run: sender, with: {to: "server:9000", size: 60000}}
`

func play(t testing.TB, text string) *trace.Log {
	t.Helper()
	s, err := scenarios.Parse("test.yaml", []byte(text))
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

// find is the first event that a look at passes.
func find(t testing.TB, log *trace.Log, is func(e trace.Event, l *buffers.Look) bool) trace.EventID {
	t.Helper()
	for n := trace.EventID(1); int(n) <= log.Events(); n++ {
		if l, ok := buffers.Of(log, n, buffers.Main(log, n)); ok && is(log.Event(n), l) {
			return n
		}
	}
	t.Fatal("there is no such event")
	return 0
}

func holes(l *buffers.Look) (n int) {
	for i, r := range l.Ranges {
		if r.State == buffers.Lost && (i == 0 || l.Ranges[i-1].State != buffers.Lost) {
			n++
		}
	}
	return n
}

func TestScreens(t *testing.T) {
	log := play(t, rough)
	three := find(t, log, func(e trace.Event, l *buffers.Look) bool {
		return e.Kind == trace.Decapsulate && e.Proto == layers.TCP && holes(l) == 2
	})
	filled := find(t, log, func(e trace.Event, l *buffers.Look) bool {
		return e.Kind == trace.Decapsulate && e.Proto == layers.TCP && holes(l) == 1 && l.At > three
	})
	src, _ := scenarios.Source("fragment-amplifier")
	fragments := play(t, string(src))
	piece := find(t, fragments, func(e trace.Event, l *buffers.Look) bool { return e.Kind == trace.Hold && len(l.Arrived) == 3 })
	given := find(t, fragments, func(e trace.Event, l *buffers.Look) bool { return e.Why == trace.IPTimeout })
	for _, c := range []struct {
		name  string
		t     trace.Trace
		e     trace.EventID
		w, h  int
		ascii bool
	}{
		{"holes-80x24", log, three, 80, 20, false},
		{"holes-120x40", log, three, 120, 36, false},
		{"holes-200x60", log, three, 200, 56, false},
		{"holes-ascii", log, three, 80, 20, true},
		{"holes-40x12", log, three, 40, 8, false},
		{"filled-80x24", log, filled, 80, 20, false},
		{"fragments-80x24", fragments, piece, 80, 20, false},
		{"given-80x24", fragments, given, 80, 20, false},
		{"nothing-80x24", fragments, 1, 80, 20, false},
	} {
		s := scene.New(c.t, layers.OSI)
		s.At.GoTo(c.e)
		golden(t, c.name+".txt", screen(new(Pane), s, c.w, c.h, c.ascii))
	}
}

// TestColours holds what the step changed, and what is lost.
func TestColours(t *testing.T) {
	log := play(t, rough)
	s := scene.New(log, layers.OSI)
	s.At.GoTo(find(t, log, func(e trace.Event, l *buffers.Look) bool { return e.Kind == trace.Decapsulate && holes(l) == 2 }))
	for name, can := range map[string]colorprofile.Profile{"holes-dark": colorprofile.TrueColor, "holes-no-colour": colorprofile.ASCII} {
		c := draw.NewCanvas(80, 20, false)
		new(Pane).Draw(c, draw.Box(0, 0, 80, 20), s, true)
		golden(t, name+".ansi", draw.NewInks(&draw.DarkPalette, can).ANSI(c)+"\n")
	}
}

// TestKeys goes to the hole, to what fills it, and to the other direction.
func TestKeys(t *testing.T) {
	log := play(t, rough)
	s := scene.New(log, layers.OSI)
	s.At.GoTo(find(t, log, func(e trace.Event, l *buffers.Look) bool { return e.Kind == trace.Decapsulate && holes(l) == 2 }))
	p := new(Pane)
	screen(p, s, 80, 20, false)
	for p.look.Ranges[p.at].State != buffers.Lost {
		if at := p.at; !p.Do(keys.MoveDown, s) || p.at == at {
			t.Fatal("there is no hole")
		}
	}
	hole := p.look.Ranges[p.at]
	if !p.Do(keys.Enter, s) || s.At.Event != hole.Filler.Got {
		t.Fatalf("event %d, the filler comes with %d", s.At.Event, hole.Filler.Got)
	}
	screen(p, s, 80, 20, false)
	if r := p.look.Ranges[p.at]; !r.Lit || r.From != hole.From || !r.State.Here() {
		t.Errorf("the filled range is not chosen: %+v", r)
	}
	of := p.look.Of
	p.Do(keys.TurnOver, s)
	if screen(p, s, 80, 20, false); p.ok && p.look.Of == of {
		t.Error("it is the same direction")
	}
	if p.Do(keys.Quit, s) {
		t.Error("it takes the key that quits")
	}
}

// TestEveryStepFits draws every step of a run, at some sizes.
func TestEveryStepFits(t *testing.T) {
	log := play(t, rough)
	s := scene.New(log, layers.OSI)
	p := new(Pane)
	for n := trace.EventID(1); int(n) <= log.Events(); n += 7 {
		s.At.GoTo(n)
		for _, size := range [][2]int{{10, 3}, {40, 9}, {80, 20}, {300, 90}} {
			screen(p, s, size[0], size[1], n%2 == 0)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	log := play(b, strings.Replace(rough, "60000", "2000000", 1))
	s := scene.New(log, layers.OSI)
	s.At.First()
	p, c := new(Pane), draw.NewCanvas(200, 60, false)
	p.Draw(c, draw.Box(0, 0, 200, 56), s, true)
	for b.Loop() {
		if !s.At.Move(1) {
			s.At.First()
		}
		p.Draw(c, draw.Box(0, 0, 200, 56), s, true)
	}
}
