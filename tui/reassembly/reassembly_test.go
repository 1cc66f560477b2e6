package reassembly

import (
	"testing"

	"strata/layers"
	"strata/scenarios/scenariotest"
	"strata/testdata/golden"
	"strata/trace"
	"strata/trace/buffers"
	"strata/tui/keys"
	"strata/tui/scene"
	"strata/tui/tuitest"
)

const rough = "testdata/rough.yaml"

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
	log := scenariotest.Run(t, rough)
	three := find(t, log, func(e trace.Event, l *buffers.Look) bool {
		return e.Kind == trace.Decapsulate && e.Proto == layers.TCP && holes(l) == 2
	})
	filled := find(t, log, func(e trace.Event, l *buffers.Look) bool {
		return e.Kind == trace.Decapsulate && e.Proto == layers.TCP && holes(l) == 1 && l.At > three
	})
	fragments := scenariotest.Run(t, "fragment-amplifier")
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
		s := tuitest.At(c.t, c.e)
		golden.Check(t, c.name+".txt", tuitest.Screen(new(Pane), s, c.w, c.h, c.ascii))
	}
}

// TestColours holds what the step changed, and what is lost.
func TestColours(t *testing.T) {
	log := scenariotest.Run(t, rough)
	s := tuitest.At(log, find(t, log, func(e trace.Event, l *buffers.Look) bool { return e.Kind == trace.Decapsulate && holes(l) == 2 }))
	tuitest.Colours(t, "holes-", tuitest.Draw(new(Pane), s, 80, 20, false))
}

// TestKeys goes to the hole, to what fills it, and to the other direction.
func TestKeys(t *testing.T) {
	log := scenariotest.Run(t, rough)
	s := tuitest.At(log, find(t, log, func(e trace.Event, l *buffers.Look) bool { return e.Kind == trace.Decapsulate && holes(l) == 2 }))
	p := new(Pane)
	tuitest.Screen(p, s, 80, 20, false)
	for p.look.Ranges[p.at].State != buffers.Lost {
		if at := p.at; !p.Do(keys.MoveDown, s) || p.at == at {
			t.Fatal("there is no hole")
		}
	}
	hole := p.look.Ranges[p.at]
	if !p.Do(keys.Enter, s) || s.At.Event != hole.Filler.Got {
		t.Fatalf("event %d, the filler comes with %d", s.At.Event, hole.Filler.Got)
	}
	tuitest.Screen(p, s, 80, 20, false)
	if r := p.look.Ranges[p.at]; !r.Lit || r.From != hole.From || !r.State.Here() {
		t.Errorf("the filled range is not chosen: %+v", r)
	}
	of := p.look.Of
	p.Do(keys.TurnOver, s)
	if tuitest.Screen(p, s, 80, 20, false); p.ok && p.look.Of == of {
		t.Error("it is the same direction")
	}
	if p.Do(keys.Quit, s) {
		t.Error("it takes the key that quits")
	}
}

// TestEveryStepFits draws every step of a run, at some sizes.
func TestEveryStepFits(t *testing.T) {
	log := scenariotest.Run(t, rough)
	s := scene.New(log, layers.OSI)
	p := new(Pane)
	for n := trace.EventID(1); int(n) <= log.Events(); n += 7 {
		s.At.GoTo(n)
		for _, size := range [][2]int{{10, 3}, {40, 9}, {80, 20}, {300, 90}} {
			tuitest.Screen(p, s, size[0], size[1], n%2 == 0)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	s := tuitest.At(scenariotest.Run(b, rough, "programs.source.with.size=2000000"), 1)
	tuitest.BenchmarkStep(b, new(Pane), s, func() {
		if !s.At.Move(1) {
			s.At.First()
		}
	})
}
