package travel

import (
	"fmt"
	"strings"
	"testing"

	"strata/layers"
	"strata/scenarios/scenariotest"
	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/inspect"
	"strata/tui/keys"
	"strata/tui/scene"
	"strata/tui/tuitest"
)

// stand is the pane opened for a field of a frame.
func stand(t testing.TB, log trace.Trace, frame int, field string) (*Pane, *scene.Scene) {
	t.Helper()
	s := scene.New(log, layers.OSI)
	s.At.GoToFrame(frame)
	v := new(inspect.View)
	v.Follow(s)
	var path func(nodes []layers.Node) *layers.Node
	path = func(nodes []layers.Node) *layers.Node {
		for i := range nodes {
			if nodes[i].Field.Name == field {
				return &nodes[i]
			}
			if n := path(nodes[i].Children); n != nil {
				return n
			}
		}
		return nil
	}
	for i := range v.Tree.Parts {
		if n := path(v.Tree.Parts[i].Fields); n != nil {
			if !v.Choose(i, n) {
				t.Fatalf("%s cannot be chosen", field)
			}
			p := new(Pane)
			p.Follow(v, s)
			tuitest.Finish(s)
			return p, s
		}
	}
	t.Fatalf("frame %d has no %s", frame+1, field)
	return nil, nil
}

// TestScreens: a sequence number over two hops with a resend, and an address
// that a table gave, at the three sizes.
func TestScreens(t *testing.T) {
	log := scenariotest.Run(t, "rto-backoff")
	data := 0 // the first frame that carries data
	for n := range log.Frames() {
		if f := log.Frame(n); log.Size(f.PDU) > 80 {
			data = n
			break
		}
	}
	for _, what := range []struct{ name, field string }{{"seq", "tcp.seq"}, {"mac", "eth.dst"}, {"ttl", "ip.ttl"}} {
		for _, size := range [][2]int{{80, 21}, {120, 37}, {200, 57}} {
			p, s := stand(t, log, data, what.field)
			golden.Check(t, fmt.Sprintf("%s-%dx%d.txt", what.name, size[0], size[1]), tuitest.Screen(p, s, size[0], size[1], false))
		}
	}
	p, s := stand(t, log, data, "tcp.seq")
	golden.Check(t, "ascii-80x21.txt", tuitest.Screen(p, s, 80, 21, true))
}

// TestGo: Enter goes to the chosen stop, or to the cause that is chosen.
func TestGo(t *testing.T) {
	log := scenariotest.Run(t, "who-has")
	frame := 0
	for n := range log.Frames() { // the first that carries IP, after ARP
		if b := log.Append(nil, log.Frame(n).PDU, 12, 2); b[0] == 8 && b[1] == 0 {
			frame = n
			break
		}
	}
	p, s := stand(t, log, frame, "eth.dst")
	tuitest.Screen(p, s, 120, 37, false)
	p.Do(keys.FirstStep, s)
	p.Do(keys.Enter, s)
	way, _ := s.Journey()
	if s.At.Event != way.Stops()[0] {
		t.Errorf("Enter goes to event %d, not to %d", s.At.Event, way.Stops()[0])
	}
	p.Do(keys.MoveRight, s)
	for i, l := range p.asked.Links() {
		p.shown[comes].at = i
		was := s.At.Event
		p.Do(keys.Enter, s)
		w := s.TakeWishes()
		switch {
		case l.Event != 0 && s.At.Frame != log.FrameOf(l.Event):
			t.Errorf("%q goes to frame %d", l.Text, s.At.Frame+1)
		case l.Event == 0 && l.Frame >= 0 && s.At.Frame != l.Frame:
			t.Errorf("%q goes to frame %d, not %d", l.Text, s.At.Frame+1, l.Frame+1)
		case l.Event == 0 && l.Frame < 0 && (s.At.Event != was || w.Note == nil):
			t.Errorf("%q goes somewhere", l.Text)
		}
	}
}

// TestSweep: at every size, nothing is drawn outside, and nothing fails.
func TestSweep(t *testing.T) {
	p, s := stand(t, scenariotest.Run(t, "two-tabs"), 6, "tcp.ack")
	tuitest.Fits(t, s, func() scene.Pane {
		p.Click(3, 9, s)
		p.Do(keys.PageDown, s)
		return p
	})
}

// TestLit: what is chosen in one frame is lit in the other hop's, and in the
// message; another choice lights other bytes.
func TestLit(t *testing.T) {
	log := scenariotest.Run(t, "hop-by-hop")
	p, s := stand(t, log, log.Frames()-1, "ip.src")
	way, looking := s.Journey()
	if looking || len(way.Frames()) < 2 {
		t.Errorf("it is lit in the frames %v, still looking: %v", way.Frames(), looking)
	}
	for _, n := range way.Frames() {
		if lit := s.Lit(log.Frame(n).PDU); len(lit) != 1 || lit[0].To-lit[0].From != 4 {
			t.Errorf("frame %d is lit in %v", n+1, lit)
		}
	}
	s.Light(log.Frame(0).PDU, 0, 6)
	tuitest.Screen(p, s, 120, 37, false)
	if pdu, from, to := s.Lighted(); p.pdu != pdu || p.from != from || p.to != to || p.asked.Field().Name != "eth.dst" {
		t.Errorf("after another choice it still tells of %v", p.asked.Field())
	}
	s.Dark()
	if s.Lit(log.Frame(0).PDU) != nil {
		t.Error("it is lit after all was darkened")
	}
	if got := tuitest.Screen(p, s, 80, 20, false); !strings.Contains(got, "press b") {
		t.Errorf("with nothing chosen it shows\n%s", got)
	}
}

// BenchmarkOpen is from the key to the pane with its first answer.
func BenchmarkOpen(b *testing.B) {
	log := scenariotest.Run(b, "bulk")
	p, s := stand(b, log, log.Frames()/2, "tcp.seq")
	pdu, from, to := s.Lighted()
	for b.Loop() {
		s.Dark()
		s.Light(pdu, from, to)
		p.ask("tcp.seq")
		tuitest.Screen(p, s, 200, 57, false)
		s.TakeWishes()
	}
}
