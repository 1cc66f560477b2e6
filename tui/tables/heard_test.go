package tables

import (
	"strings"
	"testing"
	"time"

	"strata/capture/capturetest"
	"strata/tui/draw"
	"strata/tui/scene"
)

// TestReadBesideTheLoop draws while a job reads what was heard: nothing is
// entered twice, and what is missing is said.
func TestReadBesideTheLoop(t *testing.T) {
	f := capturetest.Open(t, "../../testdata/dns.pcapng")
	s := scene.New(f, 0)
	s.At.GoToFrame(f.Frames() - 1)
	p := new(Pane)
	screen := func() string {
		c := draw.NewCanvas(100, 60, false)
		p.Draw(c, draw.Box(0, 0, 100, 60), s, true)
		return strings.Join(c.Lines(), "\n")
	}
	p.Update(s)
	jobs := s.TakeWishes().Jobs
	if len(jobs) != 1 {
		t.Fatalf("%d jobs begin", len(jobs))
	}
	merge := jobs[0].Work(time.Second)
	if got := screen(); !strings.Contains(got, "are still read") {
		t.Errorf("while frames are read:\n%s", got)
	}
	if p.Update(s); len(s.TakeWishes().Jobs) != 0 {
		t.Error("a second job begins")
	}
	if merge() {
		t.Error("there is more to read")
	}
	jobs[0].Off = true
	beside := screen()
	if strings.Contains(beside, "are still read") || !strings.Contains(beside, "holds for") {
		t.Errorf("when all is read:\n%s", beside)
	}
	*p = Pane{}
	if at := screen(); at != beside {
		t.Errorf("read at once:\n%s\nread by a job:\n%s", at, beside)
	}
}
