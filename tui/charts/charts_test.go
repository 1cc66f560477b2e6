package charts

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"strata/capture/capturetest"
	"strata/scenarios/scenariotest"
	"strata/testdata/golden"
	"strata/trace"
	"strata/trace/connection"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
	"strata/tui/tuitest"
)

// lossy is a download with losses of many kinds.
func lossy(t testing.TB) *trace.Log { return scenariotest.Run(t, "../tuitest/testdata/lossy.yaml") }

func anew() scene.Pane { return new(Pane) }

// TestScreens holds the charts of a run and of a capture.
func TestScreens(t *testing.T) {
	run := tuitest.AtTime(lossy(t), 700*trace.Millisecond)
	captured := tuitest.AtTime(capturetest.Open(t, "../../testdata/http.pcap"), 5830*trace.Microsecond)
	tuitest.Room(t, run, captured, anew)
}

// TestCharts holds each chart alone, and a closer look.
func TestCharts(t *testing.T) {
	s := tuitest.AtTime(lossy(t), 300*trace.Millisecond)
	p := new(Pane)
	for _, name := range []string{"cwnd", "rtt", "sequence"} {
		golden.Check(t, name+".txt", tuitest.Screen(p, s, 80, 24, false))
		p.Do(keys.TurnOver, s)
	}
	p.Do(keys.MoveUp, s)
	for range 4 {
		p.Do(keys.Faster, s)
	}
	golden.Check(t, "sequence-closer.txt", tuitest.Screen(p, s, 80, 24, false))
	if p.from > 300*trace.Millisecond || p.to < 300*trace.Millisecond {
		t.Errorf("the cursor is not in what is shown, %d to %d", p.from, p.to)
	}
	for range 9 {
		p.Do(keys.Slower, s)
	}
	if p.zoom != 0 {
		t.Errorf("as far away as it goes is %d", p.zoom)
	}
}

// TestClick: a click on a sign goes to the event that it stands for.
func TestClick(t *testing.T) {
	run := lossy(t)
	s := tuitest.AtTime(run, 0)
	p := &Pane{which: 2}
	c := tuitest.Draw(p, s, 120, 24, false)
	found := map[string]bool{}
	for y, line := range c.Lines() {
		for x, r := range []rune(line) {
			if area := p.plots[0].area; !area.Has(x, y) || r != '↻' && r != '✗' {
				continue
			}
			if !p.Click(x, y, s) {
				t.Fatalf("nothing is chosen at %d, %d", x, y)
			}
			e := run.Event(s.At.Event)
			switch {
			case r == '✗' && e.Kind == trace.Drop, r == '↻' && e.Why.Resend():
				found[string(r)] = true
			default:
				t.Logf("at %c: event %d, %v %v", r, s.At.Event, e.Kind, e.Why)
			}
		}
	}
	if len(found) != 2 {
		t.Errorf("clicks went to %v", found)
	}
}

// TestZoomedFollows: as the cursor goes on, so does what is shown.
func TestZoomedFollows(t *testing.T) {
	run := lossy(t)
	s := tuitest.AtTime(run, 100*trace.Millisecond)
	p := &Pane{zoom: 5}
	c := draw.NewCanvas(80, 24, false)
	for i := range 400 {
		s.At.Move(1)
		c.Resize(80, 24)
		p.Draw(c, draw.Box(0, 0, 80, 24), s, true)
		p.zoom = 5
		if at := s.Event().Time; i > 0 && (at < p.from || at > p.to) {
			t.Fatalf("the cursor at %d is not in %d to %d", at, p.from, p.to)
		}
	}
}

// TestDrawnWhileItIsRead: the pane can be drawn while a job beside the loop
// reads the connection.
func TestDrawnWhileItIsRead(t *testing.T) {
	f := capturetest.Open(t, largeCapture(t, 30_000))
	s := tuitest.AtTime(f, 0)
	c := draw.NewCanvas(120, 40, false)
	p := new(Pane)
	j := s.ReadConnection()
	if j == nil {
		t.Fatal("it was read at once: the capture is too small")
	}
	done := make(chan bool)
	go func() {
		for j.Work(time.Millisecond)() {
		}
		close(done)
	}()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		c.Resize(120, 40)
		p.Draw(c, draw.Box(0, 0, 120, 40), s, true)
	}
	if lines := tuitest.Text(c); strings.Contains(lines, "reading the connection") || !strings.Contains(lines, "segment") {
		t.Errorf("when it was read, the charts are:\n%s", lines)
	}
}

// largeCapture is a capture of data and acknowledgments in turn.
func largeCapture(t *testing.T, n int) string {
	be := binary.BigEndian
	var all []capturetest.Frame
	for i := range n {
		f := make([]byte, 154)
		f[12], f[14], f[22], f[23], f[46], f[47] = 8, 0x45, 64, 6, 0x50, 0x10
		f[29], f[33], f[35], f[37] = 1, 2, 80, 90
		be.PutUint32(f[38:], uint32(1+i/2*100))
		be.PutUint32(f[42:], 1)
		if i%2 == 1 {
			f = f[:54]
			f[29], f[33], f[35], f[37] = 2, 1, 90, 80
			be.PutUint32(f[38:], 1)
			be.PutUint32(f[42:], uint32(101+i/2*100))
		}
		be.PutUint16(f[16:], uint16(len(f)-14))
		be.PutUint16(f[48:], 60000)
		all = append(all, capturetest.Frame{At: trace.Time(i) * trace.Millisecond, Data: f})
	}
	return capturetest.Write(t, all)
}

// TestScales: ticks are round, within the scale, and few.
func TestScales(t *testing.T) {
	for _, s := range []struct {
		lo, hi int64
		unit   int
		want   string
	}{
		{0, 14600, 0, "0 B, 5 kB, 10 kB, 15 kB"},
		{1460, 2_118_460, 0, "0 B, 500 kB, 1 MB, 1.5 MB, 2 MB"},
		{20e6, 21e6, 1, "0 ns, 5 ms, 10 ms, 15 ms, 20 ms"},
		{1e6, 3e9, 1, "1 ms, 10 ms, 100 ms, 1 s"},
		{1, 78, 2, "20, 40, 60, 80"},
		{5, 5, 2, "5, 6"},
	} {
		sc := newScale(s.lo, s.hi, connection.Unit(s.unit))
		var got []string
		for _, v := range sc.ticks(4) {
			got = append(got, tick(v, connection.Unit(s.unit)))
			if h := sc.height(v); h < -0.01 || h > 1.01 {
				t.Errorf("%d of %d to %d stands at %.2f", v, s.lo, s.hi, h)
			}
		}
		if text := strings.Join(got, ", "); text != s.want {
			t.Errorf("%d to %d: %s, want %s", s.lo, s.hi, text, s.want)
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
