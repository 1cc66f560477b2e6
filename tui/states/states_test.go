package states

import (
	"testing"

	"strata/capture/capturetest"
	"strata/scenarios/scenariotest"
	"strata/testdata/golden"
	"strata/trace"
	"strata/trace/connection"
	"strata/tui/keys"
	"strata/tui/scene"
	"strata/tui/tuitest"
)

// lossy is a download with losses of many kinds.
func lossy(t testing.TB) *trace.Log { return scenariotest.Run(t, "../tuitest/testdata/lossy.yaml") }

func anew() scene.Pane { return new(Pane) }

// TestScreens holds the states of a run and of a capture.
func TestScreens(t *testing.T) {
	run := tuitest.AtTime(lossy(t), 700*trace.Millisecond)
	captured := tuitest.AtTime(capturetest.Open(t, "../../testdata/http.pcap"), 5830*trace.Microsecond)
	tuitest.Room(t, run, captured, anew)
	golden.Check(t, "small.txt", tuitest.Screen(new(Pane), tuitest.AtTime(lossy(t), 0), 60, 12, false))
}

// TestStepsAreGoneTo: enter, and a click in the list or on a number in a
// diagram, go to the change that the step is.
func TestStepsAreGoneTo(t *testing.T) {
	run := lossy(t)
	s := tuitest.AtTime(run, 0)
	p := new(Pane)
	tuitest.Draw(p, s, 120, 40, false)
	for i := range p.steps.all {
		p.steps.at, p.steps.chosen = i, true
		step := p.steps.all[i]
		if !p.Do(keys.Enter, s) {
			t.Fatalf("step %d cannot be gone to", i)
		}
		if want := there(run, step); s.At.Event != want {
			t.Errorf("step %d at %d: the cursor is at event %d, not %d", i, step.Time, s.At.Event, want)
		}
	}
	s.At.Last()
	tuitest.Draw(p, s, 120, 40, false)
	if len(p.hits) <= len(p.steps.all) {
		t.Fatalf("%d places to click for %d steps", len(p.hits), len(p.steps.all))
	}
	for _, h := range append([]hit(nil), p.hits...) {
		want := there(run, p.steps.all[h.step])
		if !p.Click(h.area.X, h.area.Y, s) || s.At.Event != want {
			t.Errorf("a click at %v goes to %d, not to %d", h.area, s.At.Event, want)
		}
	}
}

// there is where the cursor is when it has gone to the change that a step is:
// changes belong to the event before them.
func there(run trace.Trace, st step) trace.EventID {
	s := tuitest.AtTime(run, 0)
	for n := trace.EventID(1); int(n) <= run.Events(); n++ {
		c := run.Change(n)
		to := c.New != trace.Absent && c.Show(c.New) == st.To.String() || c.New == trace.Absent && st.To.Has(connection.Closed)
		if run.Event(n).Time == st.Time && c.Slot.Table == "tcp" && c.Slot.Field == "state" && to {
			s.At.GoTo(n)
			break
		}
	}
	return s.At.Event
}

// TestChosenFollowsTheCursor: until somebody chooses a step, it is the last
// one that has happened.
func TestChosenFollowsTheCursor(t *testing.T) {
	run := lossy(t)
	s := tuitest.AtTime(run, 0)
	p := new(Pane)
	s.At.Last()
	tuitest.Draw(p, s, 80, 24, false)
	last := p.steps.at
	if last < 5 || !p.steps.all[last].From.Has(connection.LastAck) {
		t.Errorf("at the end step %d is chosen: %v", last, p.steps.all[last].From)
	}
	p.Do(keys.MoveUp, s)
	tuitest.Draw(p, s, 80, 24, false)
	if p.steps.at != last-1 {
		t.Errorf("one up from %d is step %d", last, p.steps.at)
	}
	s.At.First()
	tuitest.Draw(p, s, 80, 24, false)
	if p.steps.at > 0 {
		t.Errorf("at the beginning step %d is chosen", p.steps.at)
	}
}

// TestDiagramHasRoom: no way and no name of the diagram leaves its rectangle,
// and no name is drawn over by a way.
func TestDiagramHasRoom(t *testing.T) {
	names := map[[2]int]bool{}
	for _, b := range boxes {
		for i := range b.state.String() {
			if b.x+i >= diagramWidth || b.y >= diagramHeight || names[[2]int{b.x + i, b.y}] {
				t.Errorf("%v at %d, %d", b.state, b.x, b.y)
			}
			names[[2]int{b.x + i, b.y}] = true
		}
	}
	for _, e := range edges {
		for _, at := range e.cells {
			if at.x >= diagramWidth || at.y >= diagramHeight || names[[2]int{at.x, at.y}] {
				t.Errorf("%v to %v passes %d, %d", e.from, e.to, at.x, at.y)
			}
		}
	}
}

func TestEverySize(t *testing.T) {
	for _, tr := range []trace.Trace{lossy(t), capturetest.Open(t, "../../testdata/http.pcap"), scenariotest.Run(t, "one-byte-hello")} {
		tuitest.Fits(t, tuitest.AtTime(tr, 0), anew)
	}
}

func BenchmarkDraw(b *testing.B) {
	s := tuitest.AtTime(scenariotest.Run(b, "bulk"), 400*trace.Millisecond)
	tuitest.BenchmarkStep(b, new(Pane), s, func() { s.At.Move(1) })
}
