package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"strata/testdata/golden"
	"strata/trace"
	"strata/trace/seek"
	"strata/tui/draw"
	"strata/tui/tuitest"
)

// TestSeek: behind the colon one goes to the next event of a kind, with a
// reason, of a node or a layer, or to frames; n and N go on; esc forgets it.
func TestSeek(t *testing.T) {
	tr := rtoBackoff()
	d := drive(t, House{}, Options{Trace: tr}, 120, 40)
	v := d.m.viewer
	at := func() trace.Event { return tr.Event(v.At.Event) }
	for _, c := range []struct {
		line string
		is   func(e trace.Event) bool
	}{
		{"kind drop", func(e trace.Event) bool { return e.Kind == trace.Drop }},
		{"kind forward node r1", func(e trace.Event) bool { return e.Kind == trace.Forward }},
		{"layer N3", func(e trace.Event) bool { return e.Layer == 3 }},
	} {
		line, is := c.line, c.is
		v.At.First()
		d.run(d.m.command(line))
		if !is(at()) {
			t.Errorf(":%s goes to a %v", line, at().Kind)
		}
		was := v.At.Event
		d.press("n")
		if alone := line == "kind drop"; !is(at()) || v.At.Event < was || v.At.Event == was != alone {
			t.Errorf(":%s, n: from %d to %d, a %v", line, was, v.At.Event, at().Kind)
		}
		d.press("N")
		if v.At.Event != was {
			t.Errorf(":%s, n, N: from %d to %d", line, was, v.At.Event)
		}
		d.wants(line + ": ")
	}
	d.wants("^")
	d.press("esc")
	if s := d.screen(); strings.Contains(strings.Join(strings.Split(s, "\n")[:4], ""), "^") {
		t.Errorf("after esc its hits are still there:\n%s", s)
	}
	for _, line := range []string{"kind", "kind lunch", "node mars", "flow 99", "why no.such", "hex zz", "where tcp ==="} {
		d.run(d.m.command(line))
		if d.m.note == "" {
			t.Errorf(":%s says nothing", line)
		}
	}
}

// TestRoundTrip: from data to its ACK.
func TestRoundTrip(t *testing.T) {
	tr := rtoBackoff()
	d := drive(t, House{}, Options{Trace: tr}, 120, 40)
	v := d.m.viewer
	was := tr.Frame(v.At.Frame)
	d.run(d.m.command("rtt"))
	is := tr.Frame(v.At.Frame)
	if is.From == was.From || !strings.Contains(d.m.note, "after frame 1") {
		t.Errorf(":rtt goes to a frame of node %d: %s", is.From, d.m.note)
	}
}

// TestChosenIsLit: a field that is chosen is lit in the journey and the stack,
// and b tells where it goes and where it comes from.
func TestChosenIsLit(t *testing.T) {
	tr := rtoBackoff()
	d := drive(t, House{}, Options{Trace: tr, Event: eventOf(tr, trace.Transmit, 6)}, 200, 60)
	v := d.m.viewer
	if strings.Contains(d.screen(), "├─*") {
		t.Error("something is lit, and nothing was chosen")
	}
	v.setFocus(bytesPane)
	d.press("right", "right", "right", "right")
	if _, from, to := v.Lighted(); to <= from {
		t.Fatal("nothing is lit")
	}
	d.wants("├─*")
	d.press("b")
	d.wants("where it goes")
	d.wants("where it comes from")
}

// BenchmarkLight is from a key in bytes, which lights another field, to the
// finished View, in ten million events.
func BenchmarkLight(b *testing.B) {
	m := longModel(b, 200, 60)
	m.viewer.setFocus(bytesPane)
	m.View()
	i := 0
	for b.Loop() {
		k := tea.KeyPressMsg{Code: tea.KeyRight}
		if i++; i%20 >= 10 {
			k = tea.KeyPressMsg{Code: tea.KeyLeft}
		}
		m.Update(k)
		m.View()
	}
}

// BenchmarkTravel is a key in the pane of where bytes go, in ten million
// events.
func BenchmarkTravel(b *testing.B) {
	m := longModel(b, 200, 60)
	m.viewer.setFocus(bytesPane)
	m.View()
	m.Update(tea.KeyPressMsg{Code: tea.KeyRight})
	m.Update(tea.KeyPressMsg{Code: 'b', Text: "b"})
	m.View()
	for b.Loop() {
		m.Update(tea.KeyPressMsg{Code: tea.KeyDown})
		m.View()
	}
}

// BenchmarkSeek is n, to the next of ten thousand drops, with all hits along
// the run.
func BenchmarkSeek(b *testing.B) {
	m := longModel(b, 200, 60)
	v := m.viewer
	q, err := seek.Parse(v.T, "kind drop")
	if err != nil {
		b.Fatal(err)
	}
	v.seek.run = seek.NewRun(v.T)
	v.seek.search = seek.New(v.T, q, v.seek.run)
	for v.seek.run.Work(seekSlice) || v.seek.search.Work(seekSlice) {
	}
	for b.Loop() {
		m.Update(tea.KeyPressMsg{Code: 'n', Text: "n"})
		m.View()
	}
}

// TestHitsAreDrawn: the line of hits stands at every size, and nothing leaves
// the screen.
func TestHitsAreDrawn(t *testing.T) {
	tr := rtoBackoff()
	for _, size := range tuitest.Sizes {
		m := screenAt(tr, eventOf(tr, trace.Transmit, 6), size[0], size[1], Screen{}, nil)
		if m.command("kind drop") == nil {
			t.Fatal("nothing was begun")
		}
		finish(m)
		for m.viewer.seek.search.Work(seekSlice) {
		}
		m.seekStep()
		m.draw()
		top := strings.SplitAfterN(text(m), "\n", 5)[:4]
		golden.Check(t, fmt.Sprintf("hits-%dx%d.txt", size[0], size[1]), strings.Join(top, ""))
	}
	c := draw.NewCanvas(40, 1, true)
	m := screenAt(tr, 1, 40, 12, Screen{}, nil)
	m.command("layer 1")
	m.viewer.seek.search.Work(seekSlice)
	m.viewer.drawHits(c, draw.Box(0, 0, 40, 1))
}
