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
		m.own(besideMsg{room: m.beside.room})
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
		m.own(besideMsg{room: m.beside.room})
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

// TestCompareCommand opens another trace beside the one that is shown, and lays the
// run before a change beside the changed one.
func TestCompareCommand(t *testing.T) {
	d := drive(t, house(), Options{Trace: rtoBackoff()}, 120, 40)
	ask := func(name string) {
		t.Helper()
		cmd, err := d.m.compareWith(name)
		if err != nil {
			d.m.note = err.Error()
		}
		for cmd != nil {
			msg, ok := cmd().(besideMsg)
			if !ok {
				break
			}
			cmd = d.m.own(msg)
		}
		d.m.fresh = false
	}
	d.press(":")
	d.press("compare")
	d.press("enter")
	d.wants("there is no other run")
	ask("rto-backoff")
	d.wants("all the same")
	d.press("esc")
	d.wants("frame 1/13")
	ask("nothing-of-the-kind")
	d.wants("cannot be opened")

	now := d.m.viewer
	now.before = newViewer(rtoBackoff(), d.m.opt.Model)
	now.of.Changes = []Change{{Says: "a frame is lost"}}
	ask("")
	d.wants("B: rto-backoff, a frame is lost")
}
