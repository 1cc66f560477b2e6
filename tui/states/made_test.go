package states

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"

	"strata/capture"
	"strata/scenarios"
	"strata/sim"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// lossy is a download in which single segments are lost, and once a whole
// window's end, so that a fast retransmit and a timeout happen.
const lossy = `
name: lossy
title: A download with losses
nodes:
  client: {addresses: {eth0: 10.0.1.2/24}, gateway: r1}
  r1: {kind: router, addresses: {eth0: 10.0.1.1/24, eth1: 10.0.2.1/24}}
  server: {addresses: {eth0: 10.0.2.2/24}, gateway: r1}
links:
  lan: {endpoints: ["client:eth0", "r1:eth0"], rate: 10Mbit/s, delay: 5ms}
  wan:
    endpoints: ["r1:eth1", "server:eth0"]
    rate: 10Mbit/s
    delay: 15ms
    faults:
      - {kind: loss, from: server, data: true, nth: [40, 110, 111, 112, 113, 114, 115, 116]}
programs:
  sink: {node: client, run: receiver, with: {listen: ":9000"}}
  source: {node: server, run: sender, with: {to: "client:9000", size: 400000}}
`

func run(t testing.TB, s *scenarios.Scenario, err error) trace.Trace {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	n, err := sim.New(s.Config(), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n.Trace()
}

func lossyRun(t testing.TB) trace.Trace {
	t.Helper()
	s, err := scenarios.Parse("lossy.yaml", []byte(lossy))
	return run(t, s, err)
}

func runOf(t testing.TB, name string) trace.Trace {
	t.Helper()
	s, err := scenarios.Open(name)
	return run(t, s, err)
}

func openFile(t testing.TB, path string) trace.Trace {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(1 << 40)
	return f
}

// sceneAt is the scene of a trace at a time.
func sceneAt(t trace.Trace, at trace.Time) *scene.Scene {
	s := scene.New(t, 0)
	s.At.GoToTime(at)
	return s
}

// read lets the background work be done.
func read(s *scene.Scene) {
	for j := s.ReadConnection(); j != nil; j = s.ReadConnection() {
		for j.Work(time.Second)() {
		}
		j.Off = true
	}
}

// show draws the pane, with all known that it asks for.
func show(p *Pane, s *scene.Scene, w, h int, ascii bool) *draw.Canvas {
	c := draw.NewCanvas(w, h, ascii)
	for range 2 {
		c.Resize(w, h)
		p.Draw(c, draw.Box(0, 0, w, h), s, true)
		read(s)
	}
	return c
}

func text(c *draw.Canvas) string {
	var b strings.Builder
	for _, l := range c.Lines() {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	return b.String()
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

var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

// TestColours holds the looks, and that without colour nothing is lost.
func TestColours(t *testing.T) {
	s := sceneAt(lossyRun(t), 700*trace.Millisecond)
	for name, can := range map[string]colorprofile.Profile{"dark": colorprofile.TrueColor, "no-colour": colorprofile.ASCII} {
		c := show(new(Pane), s, 120, 40, false)
		golden(t, name+".ansi", draw.NewInks(draw.Dark.Palette(), can).ANSI(c)+"\n")
	}
}

// TestEverySize: at no size anything is drawn outside, and nothing breaks.
func TestEverySize(t *testing.T) {
	for _, tr := range []trace.Trace{lossyRun(t), openFile(t, "../../testdata/http.pcap"), runOf(t, "one-byte-hello")} {
		s := sceneAt(tr, 0)
		for w := 1; w <= 300; w += 7 {
			for h := 1; h <= 100; h += 3 {
				c := draw.NewCanvas(w+4, h+4, w%2 == 0)
				new(Pane).Draw(c, draw.Box(2, 2, w, h), s, true)
				for i, line := range c.Lines() {
					r := []rune(line)
					if inside := i >= 2 && i < h+2; strings.TrimSpace(string(r[:2])+string(r[w+2:])) != "" || !inside && strings.TrimSpace(line) != "" {
						t.Fatalf("%dx%d: line %d is drawn outside: %q", w, h, i, line)
					}
				}
			}
		}
	}
}

// BenchmarkDraw is the whole pane, zoomed.
func BenchmarkDraw(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			s := sceneAt(runOf(b, "bulk"), 400*trace.Millisecond)
			p := new(Pane)
			c := show(p, s, size[0], size[1], false)
			b.ReportAllocs()
			for b.Loop() {
				s.At.Move(1)
				c.Resize(size[0], size[1])
				p.Draw(c, draw.Box(0, 0, size[0], size[1]), s, true)
			}
		})
	}
}
