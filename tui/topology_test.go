package tui

import (
	"testing"

	"strata/testdata/golden"
	"strata/trace"
)

// TestTopologyScreens holds the picture of the network: zoomed and in its
// place, while a frame is on its way, lost, resent, and of a capture.
func TestTopologyScreens(t *testing.T) {
	tr := rtoBackoff()
	zoom := func(v *viewer) { v.focus, v.Zoomed = topologyPane, true }
	beside := func(v *viewer) { v.focus = topologyPane }
	halfway := func(v *viewer) {
		beside(v)
		f := tr.Frame(v.At.Frame)
		v.SetNow((f.Sent + f.Ended) / 2)
	}
	sent := eventOf(tr, trace.Transmit, 3)
	lost := eventOf(tr, trace.Drop, 1)
	resend := eventOf(tr, trace.Transmit, 8)
	for _, s := range []struct {
		name    string
		t       trace.Trace
		e       trace.EventID
		w, h    int
		s       Screen
		prepare func(*viewer)
	}{
		{"80x24", tr, sent, 80, 24, Screen{}, halfway},
		{"80x24-lost", tr, lost, 80, 24, Screen{}, zoom},
		{"80x24-ascii", tr, lost, 80, 24, Screen{ASCII: true}, zoom},
		{"120x40", tr, resend, 120, 40, Screen{}, halfway},
		{"200x60", tr, sent, 200, 60, Screen{}, halfway},
		{"200x60-zoomed", tr, sent, 200, 60, Screen{}, func(v *viewer) { halfway(v); v.Zoomed = true; v.ChooseHost(server) }},
		{"capture-120x40", captured(rtoBackoff().(*trace.Log)), sent, 120, 40, Screen{}, func(v *viewer) { zoom(v); v.listing = false }},
	} {
		m := screenAt(s.t, s.e, s.w, s.h, s.s, s.prepare)
		golden.Check(t, "topology-"+s.name+".txt", text(m))
	}
	looks(t, "topology", tr, lost, zoom)
}

// TestTopologyKeys chooses a node, and goes to what happens next there.
func TestTopologyKeys(t *testing.T) {
	tr := rtoBackoff()
	d := drive(t, House{}, Options{Trace: tr}, 120, 40)
	v := d.m.viewer
	v.focus = topologyPane
	for i, want := range []trace.NodeID{client, router, server} {
		d.press("right")
		if !v.HostChosen() || v.Host() != want {
			t.Errorf("%d times right: %d is chosen, want %d", i+1, v.Host(), want)
		}
	}
	for range 3 {
		was := v.At.Event
		d.press("enter")
		if e := v.Event(); e.Node != server || v.At.Event <= was {
			t.Errorf("from %d to %d, at node %d", was, v.At.Event, e.Node)
		}
	}
	d.press("right")
	if v.HostChosen() {
		t.Error("beyond the last node one is still chosen")
	}
}

// TestTopologyMouse: a click on a node chooses it, one on a frame goes to it.
func TestTopologyMouse(t *testing.T) {
	tr := rtoBackoff()
	m := screenAt(tr, eventOf(tr, trace.Transmit, 3), 120, 40, Screen{}, func(v *viewer) { v.focus, v.Zoomed = topologyPane, true })
	v := m.viewer
	click := func(word string) bool {
		for y, l := range m.canvas.Lines() {
			if y < 4 {
				continue // the diagram of the frame
			}
			for x := range []rune(l) {
				if string([]rune(l)[x:min(x+len([]rune(word)), len([]rune(l)))]) == word {
					v.click(x, y)
					return true
				}
			}
		}
		return false
	}
	if !click("server") || v.Host() != server {
		t.Errorf("after a click on the server %d is chosen", v.Host())
	}
	v.At.GoTo(eventOf(tr, trace.Drop, 1))
	m.draw()
	if f := tr.Frame(v.At.Frame); !click("✗") || v.At.Event != f.Transmit {
		t.Errorf("a click on the lost frame goes to %d, want %d", v.At.Event, f.Transmit)
	}
}
