package tui

import (
	"strings"
	"testing"

	"strata/trace/compare"
)

// TestBeside: two runs side by side; a frame of one of them is opened and left
// again, and then there is nothing to go back to but the start.
func TestBeside(t *testing.T) {
	c := compare.New(rtoBackoff(), talking(), compare.Options{Names: [2]string{"this one", "that one"}})
	m := newModel(House{}, Options{Beside: c})
	m.resize(120, 40)
	for cmd := m.Init(); m.beside.room.Working(); {
		_ = cmd
		m.own(besideMsg{m.beside.room})
	}
	m.asked = true
	d := &driver{t, m}
	see := func(what string, want ...string) {
		t.Helper()
		m.draw()
		got := text(m)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is not on the screen:\n%s", what, w, got)
			}
		}
	}
	see("first", "A: this one", "B: that one", "here they part", "next difference")
	d.press("?")
	see("help", "play, pause")
	d.press("esc", ">", "<", "n", "N", ".", ",", "z", "z")
	see("sums", "what each comes to", "bytes delivered")
	d.press("z", "p", "enter")
	if m.viewer == nil || m.beside.room != nil {
		t.Fatal("enter opens no frame")
	}
	see("a frame", "rto-backoff")
	d.press("esc")
	if m.viewer != nil || m.beside.room == nil {
		t.Fatal("esc does not come back")
	}
	see("again", "A: this one", "here they part")
	d.press("d")
	if m.viewer == nil {
		t.Fatal("d opens nothing")
	}
	d.press("esc", "esc")
	if m.beside.room == nil {
		t.Error("where there is nothing under it, esc leaves it")
	}
	d.press("x", "f", ":", "v", "c", "a")
	see("keys that mean nothing here", "A: this one")
}

// TestBesideOverAViewer goes back to what was there before.
func TestBesideOverAViewer(t *testing.T) {
	m := newModel(House{}, Options{})
	m.resize(80, 24)
	m.show(rtoBackoff())
	was := m.viewer
	m.compare(compare.New(rtoBackoff(), rtoBackoff(), compare.Options{}))
	for m.beside.room.Working() {
		m.own(besideMsg{m.beside.room})
	}
	m.asked = true
	d := &driver{t, m}
	m.draw()
	if got := text(m); !strings.Contains(got, "all the same") {
		t.Errorf("the screen is\n%s", got)
	}
	d.press("esc")
	if m.beside.room != nil || m.viewer != was {
		t.Error("esc does not go back to the trace that was there")
	}
}
