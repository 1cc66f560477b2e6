package tui

import (
	"math"
	"strings"
	"testing"
	"time"

	"strata/trace"
)

// TestOwnTime lets the run's clock go on: at any moment all that has happened
// has happened, nothing else has, and the frame on the wire is where it is then.
func TestOwnTime(t *testing.T) {
	tr := rtoBackoff()
	d := drive(t, House{}, Options{Trace: tr}, 120, 40)
	v := d.m.viewer
	v.own, v.rate, v.playing = true, 0.01, true
	last, part, moved := trace.Time(0), 0.0, 0
	for i := 1; v.advance(33*time.Millisecond, true); i++ {
		now := v.Now()
		if want := trace.Time(i) * 330 * trace.Microsecond; now != want || now <= last {
			t.Fatalf("after %d ticks it is %d, want %d", i, now, want)
		}
		last = now
		if n := int(v.reached); tr.Event(v.reached).Time > now || n < tr.Events() && tr.Event(trace.EventID(n+1)).Time <= now {
			t.Fatalf("at %d event %d has happened last", now, v.reached)
		}
		f := tr.Frame(v.At.Frame)
		if f.Sent <= now && now < f.Ended {
			if want := float64(now-f.Sent) / float64(f.Ended-f.Sent); math.Abs(v.slide-want) > 1e-9 {
				t.Fatalf("at %d the frame has gone %v of its way, want %v", now, v.slide, want)
			}
			if v.slide > part {
				moved++
			}
		}
		part = v.slide
	}
	if moved < 50 {
		t.Errorf("frames moved on %d ticks", moved)
	}
	if int(v.reached) != tr.Events() {
		t.Errorf("it ended at event %d of %d", v.reached, tr.Events())
	}
}

// TestOwnTimeGoesOnFromTheCursor: whoever moves the cursor moves the clock.
func TestOwnTimeGoesOnFromTheCursor(t *testing.T) {
	tr := rtoBackoff()
	d := drive(t, House{}, Options{Trace: tr}, 120, 40)
	v := d.m.viewer
	v.own, v.rate = true, 0.001
	v.advance(time.Second, true)
	v.At.GoTo(eventOf(tr, trace.Drop, 1))
	at := v.Event().Time
	v.advance(time.Millisecond, true)
	if want := at + trace.Microsecond; v.Now() != want {
		t.Errorf("it is %d, want %d", v.Now(), want)
	}
	v.advance(time.Millisecond, false)
	if v.Now() > at+trace.Microsecond {
		t.Errorf("without motion the moment is %d, between events", v.Now())
	}
}

// TestOwnTimeStops at a question, however far a tick goes.
func TestOwnTimeStops(t *testing.T) {
	tr := rtoBackoff().(*trace.Log)
	asked := eventOf(tr, trace.Segment, 4)
	tr.Info().Prompts[asked] = trace.Prompt{Question: "how many?", Answer: "1"}
	v := newViewer(tr, 0)
	v.own, v.rate = true, 1
	if v.advance(10*time.Second, true) || v.At.Event != asked {
		t.Errorf("it goes on to event %d, not to %d", v.At.Event, asked)
	}
	if !v.advance(500*time.Millisecond, true) {
		t.Error("it does not go on behind the question")
	}
}

func TestTempo(t *testing.T) {
	d := drive(t, House{}, Options{Trace: rtoBackoff()}, 120, 40)
	v := d.m.viewer
	v.turnTempo()
	for _, s := range []struct {
		by   int
		want string
	}{{0, "at 1/200 of real time"}, {1, "at 1/100 of real time"}, {1, "at 1/50 of real time"}, {-2, "at 1/200 of real time"}, {-1, "at 1/500 of real time"}, {9, "at 2 x real time"}, {1, "at 5 x real time"}} {
		for range max(s.by, -s.by) {
			v.faster(s.by / max(s.by, -s.by))
		}
		if got := v.tempoWords(); got != s.want {
			t.Errorf("%+d: %s, want %s", s.by, got, s.want)
		}
	}
	for text, want := range map[string]float64{"1/100": 0.01, "0.5": 0.5, "2": 2, "1 / 4": 0.25, "0": 0, "1/0": 0, "x": 0, "-1": 0, "1e9": 0, "NaN": 0} {
		if got, err := parseRate(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// TestPlayCommand plays by a command, shows how fast, and turns by a key.
func TestPlayCommand(t *testing.T) {
	d := drive(t, House{}, Options{Trace: rtoBackoff()}, 120, 40)
	v := d.m.viewer
	d.m.command("play 1/1000")
	if !v.playing || !v.own || !strings.Contains(d.screen(), "playing at 1/1000 of real time") {
		t.Errorf("playing %v, own %v:\n%s", v.playing, v.own, d.screen())
	}
	d.m.command("play steps")
	if !v.playing || v.own {
		t.Error("it does not play by steps")
	}
	d.press("P")
	if !v.own {
		t.Error("P does not turn")
	}
	d.m.command("play fast")
	if !strings.Contains(d.m.note, "no tempo") {
		t.Errorf("it says %q", d.m.note)
	}
}

// BenchmarkTickOfOwnTime is a tick of the player in a run of ten million events.
func BenchmarkTickOfOwnTime(b *testing.B) {
	m := longModel(b, 200, 60)
	v := m.viewer
	v.own, v.rate, v.focus = true, 0.1, topologyPane
	for b.Loop() {
		if !v.advance(33*time.Millisecond, true) {
			v.At.GoTo(longEvents / 2)
		}
		m.fresh = false
		m.View()
	}
}
