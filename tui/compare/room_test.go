package compare

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/colorprofile"

	"strata/layers"
	"strata/scenarios/scenariotest"
	"strata/testdata/golden"
	"strata/trace"
	"strata/trace/compare"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/tuitest"
)

// room compares two runs of a scenario, the second with a change.
func room(t testing.TB, name, set string) *Room {
	r := New(compare.New(scenariotest.Run(t, name), scenariotest.Run(t, name, set), compare.Options{Names: [2]string{name, name + " --set " + set}}), layers.OSI)
	for r.Working() {
		r.Work(time.Second)
	}
	return r
}

func screen(r *Room, w, h int, ascii bool) string {
	c := draw.NewCanvas(w, h, ascii)
	r.Draw(c, draw.Box(0, 0, w, h-1))
	return tuitest.Text(c)
}

// TestEverySizeFits draws every view at many sizes: nothing outside the rectangle,
// and nothing that panics.
func TestEverySizeFits(t *testing.T) {
	rooms := []*Room{room(t, "rto-backoff", "links.lan.faults=[]"), room(t, "one-byte-hello", "seed=1")}
	for w := 40; w <= 300; w += 13 {
		for h := 12; h <= 100; h += 11 {
			for i, r := range rooms {
				for v := range views {
					r.view = v
					r.goTo((w + h) % max(r.c.Len(), 1))
					c := draw.NewCanvas(w, h, w%2 == 0)
					c.Resize(w, h)
					held := r.Draw(c, draw.Box(0, 0, w, h-1))
					if held.OK && (held.X < 0 || held.X >= w || held.Y < 2 || held.Y >= h-1) {
						t.Fatalf("room %d, view %d at %dx%d: the cursor is at %d, %d", i, v, w, h, held.X, held.Y)
					}
					if last := strings.TrimSpace(c.Lines()[h-1]); last != "" {
						t.Fatalf("room %d, view %d at %dx%d: the footer's line has %q", i, v, w, h, last)
					}
				}
			}
		}
	}
}

func TestKeys(t *testing.T) {
	r := room(t, "rto-backoff", "links.lan.faults=[]")
	parting := r.row
	if f := r.c.Row(parting).Seen[compare.A].Frame; f != 5 || r.event(r.steps[r.step]).Kind != trace.Drop {
		t.Fatalf("it begins at frame %d, step %d", f+1, r.step)
	}
	screen(r, 120, 40, false)
	do := func(a keys.Action, row int) {
		t.Helper()
		if !r.Do(a) || r.row != row {
			t.Errorf("action %d leads to row %d, want %d", a, r.row, row)
		}
	}
	do(keys.NextFrame, 6)
	do(keys.PrevFrame, 5)
	do(keys.NextHit, 7)
	do(keys.PrevHit, 5)
	do(keys.LastStep, r.c.Len()-1)
	do(keys.NextFrame, r.c.Len()-1)
	do(keys.FirstStep, 0)
	do(keys.PrevFrame, 0)
	do(keys.Freeze, parting)
	for range 500 {
		r.Do(keys.NextStep)
	}
	if r.row != r.c.Len()-1 || r.step != len(r.steps)-1 {
		t.Errorf("steps end at row %d, step %d", r.row, r.step)
	}
	for range 500 {
		r.Do(keys.PrevStep)
	}
	if r.row != 0 || r.step != 0 {
		t.Errorf("steps begin at row %d, step %d", r.row, r.step)
	}
	if r.Do(keys.Quit) {
		t.Error("quitting is the root's")
	}
	screen(r, 120, 40, false)
	if h := r.drawn.rows[8]; !r.Click(h.area.X+4, h.area.Y) || r.row != h.n {
		t.Errorf("a click leads to row %d", r.row)
	}
	if o := r.drawn.overview; !r.Click(o.X+o.W-1, o.Y) || r.row != (o.W-1)*r.c.Len()/o.W {
		t.Errorf("a click in the overview leads to row %d", r.row)
	}
	if !r.Wheel(5, 5, -1) {
		t.Error("the wheel does nothing")
	}
}

// TestPlace is what the root opens of either side.
func TestPlace(t *testing.T) {
	r := room(t, "rto-backoff", "links.lan.faults=[]")
	tr, e := r.Place(compare.A)
	if tr.Event(e).Kind != trace.Drop {
		t.Errorf("A's event is %v", tr.Event(e))
	}
	if tr, e = r.Place(compare.B); tr.Event(e).Kind != trace.Transmit {
		t.Errorf("B's event is %v", tr.Event(e))
	}
	r.Do(keys.NextHit)
	if _, e = r.Place(compare.B); e != 0 {
		t.Errorf("B has event %d of a frame that only A has", e)
	}
}

// TestColours: the looks of every theme, and of none.
func TestColours(t *testing.T) {
	r := room(t, "rto-backoff", "links.lan.faults=[]")
	c := draw.NewCanvas(80, 24, false)
	c.Resize(80, 24)
	r.Draw(c, draw.Box(0, 0, 80, 23))
	for name, inks := range map[string]*draw.Inks{
		"dark":      draw.NewInks(draw.Dark.Palette(), colorprofile.TrueColor),
		"light":     draw.NewInks(draw.Light.Palette(), colorprofile.TrueColor),
		"no-colour": draw.NewInks(draw.Dark.Palette(), colorprofile.ASCII),
	} {
		golden.Check(t, name+".ansi", inks.ANSI(c))
	}
}

// TestHostileNames come onto the screen as harmless signs.
func TestHostileNames(t *testing.T) {
	tr := scenariotest.Run(t, "one-byte-hello")
	evil := "evil\x1b[2J\u202e\u200b\xff\r\n"
	r := New(compare.New(tr, tr, compare.Options{Names: [2]string{evil, evil}}), layers.OSI)
	for r.Working() {
		r.Work(time.Second)
	}
	for i, x := range screen(r, 200, 60, false) {
		if x != '\n' && !unicode.IsPrint(x) || x == unicode.ReplacementChar {
			t.Errorf("%U at byte %d", x, i)
		}
	}
}

// BenchmarkStep is a key and the screen after it.
func BenchmarkStep(b *testing.B) {
	r := room(b, "dumbbell", "links.bottleneck.loss=1%")
	c := draw.NewCanvas(200, 60, false)
	inks := draw.NewInks(draw.Dark.Palette(), colorprofile.TrueColor)
	i := 0
	step := func() {
		r.Do([]keys.Action{keys.NextStep, keys.NextFrame, keys.NextHit, keys.PageDown}[i%4])
		c.Resize(200, 60)
		r.Draw(c, draw.Box(0, 0, 200, 59))
		inks.ANSI(c)
		i++
	}
	for range 400 {
		step() // what is worked out once for a whole conversation
	}
	b.ResetTimer()
	for b.Loop() {
		step()
	}
}

func TestScreens(t *testing.T) {
	for _, size := range tuitest.Sizes {
		w, h := size[0], size[1]
		name := fmt.Sprintf("%dx%d", w, h)
		r := room(t, "rto-backoff", "links.lan.faults=[]")
		golden.Check(t, name+"-parting.txt", screen(r, w, h, false))
		r.Do(keys.NextHit)
		golden.Check(t, name+"-resent.txt", screen(r, w, h, false))
		r.Do(keys.Zoom)
		golden.Check(t, name+"-steps.txt", screen(r, w, h, true))
		r.Do(keys.Zoom)
		golden.Check(t, name+"-sums.txt", screen(r, w, h, false))
	}
}
