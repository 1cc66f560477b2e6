package wire

import (
	"testing"

	"strata/capture/capturetest"
	"strata/scenarios/scenariotest"
	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/inspect"
	"strata/tui/keys"
	"strata/tui/tuitest"
)

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
	one, backoff, flip := scenariotest.Run(t, "one-byte-hello"), scenariotest.Run(t, "rto-backoff"), scenariotest.Run(t, "bit-flip")
	ping, loop := capturetest.Open(t, "../../testdata/ping.pcap"), capturetest.Open(t, "../../testdata/loopback.pcap")
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
		s := tuitest.At(c.t, c.e)
		p := &Pane{View: &inspect.View{}}
		tuitest.Screen(p, s, c.w, c.h, c.ascii)
		for range c.down {
			p.Do(keys.MoveDown, s)
		}
		golden.Check(t, c.name+".txt", tuitest.Screen(p, s, c.w, c.h, c.ascii))
	}
}

// TestColours holds the layers' colours, the flipped bit, and the bits of the
// chosen field.
func TestColours(t *testing.T) {
	log := scenariotest.Run(t, "bit-flip")
	s := tuitest.At(log, of(t, log, trace.Arrive, 0))
	p := &Pane{View: &inspect.View{}}
	p.View.Follow(s)
	for i, n := range p.View.Tree.Parts[0].Fields {
		if n.Field.Name == "eth.src" && !p.View.Choose(0, &p.View.Tree.Parts[0].Fields[i]) {
			t.Fatal("the source address cannot be chosen")
		}
	}
	tuitest.Colours(t, "flipped-", tuitest.Draw(p, s, 120, 36, false))
	if from, to := p.chosen(); from != 14 || to != 20 {
		t.Errorf("bytes %d to %d are lit", from, to)
	}
}

func BenchmarkStep(b *testing.B) {
	s := tuitest.At(scenariotest.Run(b, "fragment-amplifier"), 1)
	tuitest.BenchmarkStep(b, &Pane{View: &inspect.View{}}, s, func() { s.MoveFrame(1) })
}
