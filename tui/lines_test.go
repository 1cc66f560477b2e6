package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// hear presses keys on a screen of lines, and gives what is written.
func hear(t *testing.T, d *driver, keys ...string) string {
	t.Helper()
	d.m.speaker.busy = true // what is to be written waits here
	d.m.speaker.unsaid = nil
	d.press(keys...)
	return strings.Join(d.m.speaker.unsaid, "\n")
}

// TestLines: each key tells what is new, and nothing twice.
func TestLines(t *testing.T) {
	d := drive(t, house(), Options{Trace: rtoBackoff(), Lines: true}, 80, 24)
	wants := func(got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if strings.Count(got, w) != 1 {
				t.Errorf("%q is told %d times in\n%s", w, strings.Count(got, w), got)
			}
		}
	}
	wants(hear(t, d, ">"), "frame 2/13", "# P1  wire", "why: put the frame on the wire", "After a preamble of 8 bytes")
	wants(hear(t, d, "."), "step 3/6", "> P1  wire", "why: the frame arrives")
	if got := hear(t, d, "g", "g"); strings.Count(got, "frame 1/13") != 1 {
		t.Errorf("what does not change is told again:\n%s", got)
	}
	wants(hear(t, d, "5"), "fields", "> v TCP")
	wants(hear(t, d, "down"), "> source port", "The program's port")
	wants(hear(t, d, "?"), "next layer step")
	hear(t, d, "esc")
	wants(hear(t, d, ":nonsense", "enter"), `there is no command "nonsense"`)
}

// TestLinesView: the screen itself stays the terminal's, and shows what is
// typed.
func TestLinesView(t *testing.T) {
	d := drive(t, house(), Options{Trace: rtoBackoff(), Lines: true}, 80, 24)
	d.press(":fra")
	if v := d.m.View(); v.AltScreen || v.MouseMode != tea.MouseModeNone || v.Content != ":fra" {
		t.Errorf("the view is %+v", v)
	}
}
