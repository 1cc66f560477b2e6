package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
	"strata/tui/tuitest"
)

// screenAt draws a trace at an event; the lines have no trailing blanks.
func screenAt(t trace.Trace, e trace.EventID, w, h int, s Screen, prepare func(*viewer)) *model {
	m := newModel(House{}, Options{Screen: s})
	m.resize(w, h)
	m.show(t)
	m.viewer.At.GoTo(e)
	for m.viewer.overview.Work(t, 1<<16) {
	}
	if prepare != nil {
		prepare(m.viewer)
	}
	m.draw()
	return m
}

// finish carries out what panes have asked for, and all work that follows.
func finish(m *model) {
	var run func(cmd tea.Cmd)
	run = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				run(c)
			}
		case scene.JobMsg:
			_, cmd := m.Update(msg)
			run(cmd)
		}
	}
	run(m.work(m.viewer))
	run(m.wishes())
}

func text(m *model) string { return tuitest.Text(m.canvas) }

// eventOf finds the nth event of a kind.
func eventOf(t trace.Trace, k trace.Kind, nth int) trace.EventID {
	for e := trace.EventID(1); int(e) <= t.Events(); e++ {
		if t.Event(e).Kind == k {
			if nth--; nth == 0 {
				return e
			}
		}
	}
	return 0
}

func TestScreens(t *testing.T) {
	tr := rtoBackoff()
	seg := eventOf(tr, trace.Segment, 4)
	lost := eventOf(tr, trace.Drop, 1)
	resend := eventOf(tr, trace.Segment, 5)
	deliver := eventOf(tr, trace.Deliver, 1)
	forward := eventOf(tr, trace.Forward, 4)
	for _, s := range []struct {
		name    string
		e       trace.EventID
		w, h    int
		s       Screen
		prepare func(*viewer)
	}{
		{"80x24-segment", seg, 80, 24, Screen{}, nil},
		{"80x24-lost-journey", lost, 80, 24, Screen{}, func(v *viewer) { v.focus = journeyPane }},
		{"80x24-fields", seg, 80, 24, Screen{}, func(v *viewer) { v.focus = fieldsPane }},
		{"80x24-ascii", lost, 80, 24, Screen{ASCII: true}, nil},
		{"80x24-tcpip", deliver, 80, 24, Screen{Model: 1}, nil},
		{"80x24-router", forward, 80, 24, Screen{}, nil},
		{"120x40-lost", lost, 120, 40, Screen{}, nil},
		{"120x40-resend", resend, 120, 40, Screen{}, nil},
		{"200x60-deliver", deliver, 200, 60, Screen{}, nil},
		{"200x60-router", forward, 200, 60, Screen{}, nil},
		{"40x12", seg, 40, 12, Screen{}, nil},
		{"120x40-state", resend, 120, 40, Screen{}, func(v *viewer) { v.focus = tablesPane }},
	} {
		m := screenAt(tr, s.e, s.w, s.h, s.s, s.prepare)
		golden.Check(t, s.name+".txt", text(m))
	}
}

// inColours is the picture of a screen as a terminal shows it that can do so
// much.
func inColours(m *model, can colorprofile.Profile) string {
	m.can = can
	m.colours()
	return m.inks.ANSI(m.canvas) + "\n"
}

// looks holds a screen of 80x24 to golden files: in both themes, and without
// colour.
func looks(t *testing.T, name string, tr trace.Trace, e trace.EventID, prepare func(*viewer)) {
	t.Helper()
	for look, s := range map[string]Screen{"dark": {Theme: draw.Dark}, "light": {Theme: draw.Light}, "no-colour": {Plain: true}} {
		golden.Check(t, name+"-"+look+".ansi", inColours(screenAt(tr, e, 80, 24, s, prepare), colorprofile.TrueColor))
	}
}

// TestColouredScreens holds the colours: of the layers, of what is lost, of
// what changed.
func TestColouredScreens(t *testing.T) {
	tr := rtoBackoff()
	for _, s := range []struct {
		name string
		e    trace.EventID
		w, h int
		s    Screen
		can  colorprofile.Profile
	}{
		{"dark", eventOf(tr, trace.Drop, 1), 80, 24, Screen{Theme: draw.Dark}, colorprofile.TrueColor},
		{"light", eventOf(tr, trace.Segment, 5), 120, 40, Screen{Theme: draw.Light}, colorprofile.TrueColor},
		{"sixteen", eventOf(tr, trace.Segment, 4), 80, 24, Screen{Theme: draw.Dark}, colorprofile.ANSI},
		{"no-colour", eventOf(tr, trace.Segment, 4), 80, 24, Screen{Plain: true}, colorprofile.TrueColor},
		{"ascii-200x60", eventOf(tr, trace.Deliver, 1), 200, 60, Screen{ASCII: true, Plain: true}, colorprofile.TrueColor},
	} {
		golden.Check(t, s.name+".ansi", inColours(screenAt(tr, s.e, s.w, s.h, s.s, nil), s.can))
	}
}

// TestStartScreens holds the screens around the viewer.
func TestStartScreens(t *testing.T) {
	m := newModel(house(), Options{})
	m.Update(startMsg{course, house().Files()})
	for _, s := range []struct {
		name string
		w, h int
		over overlay
	}{{"start", 80, 24, noOverlay}, {"start-120x40", 120, 40, noOverlay}, {"help", 80, 60, helpOverlay}, {"words", 80, 24, wordsOverlay}} {
		m.resize(s.w, s.h)
		m.over = s.over
		m.words.open([]string{"frame", "segment", "no such word"})
		m.draw()
		golden.Check(t, s.name+".txt", text(m))
	}
}
