package tui

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
)

// evils are strings that a file, a payload or a scenario may hold.
var evils = []string{
	"\x1b[2J\x1b[31mred", "\x1b]0;title\a", "\x9b2J", "\r\nGET", "a\tb\bc\x7f", "\x00\x01",
	"right \u202e to left \u2066x\u2069", "zero\u200bwidth\u200d\ufeff", "e\u0301\u0301\u0301 marks",
	"\xff\xfe\xc3(", "\xc0\x80", "你好，世界", "한국어", "full ＡＢ", "👋🏽 family 👨‍👩‍👧", "שלום", "مرحبا", "ﷺ",
	"\u2028\u2029\u0085", "\U000e0041tag", "\ufff9x\ufffb", "braille \u2800 blank", "ᅟ jamo ᄀ", "½ ± café €",
}

// TestCleanCells: what clean lets through takes exactly the cells that it
// counts, and moves nothing else.
func TestCleanCells(t *testing.T) {
	for _, s := range evils {
		for _, ascii := range []bool{false, true} {
			c := draw.NewCanvas(60, 3, ascii)
			c.Text(draw.Box(0, 1, 60, 1), 2, 0, s, draw.Plain)
			c.Text(draw.Box(0, 1, 60, 1), 58, 0, "|", draw.Plain)
			onTerminal(t, s, c)
		}
	}
}

// onTerminal plays a canvas to a terminal emulator and compares every cell.
func onTerminal(t *testing.T, what string, c *draw.Canvas) {
	t.Helper()
	term := vt.NewEmulator(c.W, c.H)
	out := draw.NewInks(&draw.DarkPalette, 5).ANSI(c)
	io.WriteString(term, strings.ReplaceAll(out, "\n", "\r\n")) //nolint:errcheck // an emulator does not fail
	for y := 0; y < c.H; y++ {
		for x := 0; x < c.W; x++ {
			want := c.Cells[y*c.W+x].R
			if want == 0 {
				continue // the second half of a wide character
			}
			got := " "
			if cell := term.CellAt(x, y); cell != nil && cell.Content != "" {
				got = cell.Content
			}
			if got != string(want) {
				t.Fatalf("%q at %d,%d: the terminal shows %q, the canvas has %q", what, x, y, got, string(want))
			}
		}
	}
}

// FuzzClean: any string becomes one that the terminal takes cell by cell.
func FuzzClean(f *testing.F) {
	for _, s := range evils {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 {
			return
		}
		for _, r := range draw.Clean(s) {
			if draw.Cells(r) == 0 {
				t.Fatalf("%q lets %U through", s, r)
			}
		}
		c := draw.NewCanvas(80, 2, false)
		c.Text(draw.Box(0, 0, 80, 1), 0, 0, s, draw.Plain)
		onTerminal(t, s, c)
		for _, line := range draw.Wrap(draw.Clean(s), 10) {
			if draw.Width(line) > 10 {
				t.Fatalf("%q wraps to %q, wider than 10", s, line)
			}
		}
		if got := draw.Cut(draw.Clean(s), 7); draw.Width(got) > 7 {
			t.Fatalf("%q is cut to %q", s, got)
		}
	})
}

// evilTrace is a run whose every text is hostile.
func evilTrace(evil string) trace.Trace {
	m := newMaker("name " + evil)
	info := m.Info()
	info.Profile = evil
	for i := range info.Nodes {
		info.Nodes[i].Name = evil
	}
	off, w := m.message(client, evil+" and more")
	info.Narration[w] = evil
	info.Prompts[w] = trace.Prompt{Question: evil, Choices: []string{evil, evil}}
	m.Set(trace.Event{Time: m.now, Cause: w, Layer: layers.Transport, End: trace.NoEnd},
		m.Slot(trace.Slot{Node: client, Table: evil, Key: evil, Field: evil, Type: trace.Text}), m.Intern(evil))
	c := m.send(segment{from: client, flags: ack | psh, seq: isnC + 1, n: len(evil) + 9, off: off, code: "tcp.to-socket", args: []int64{m.Intern(evil), 1}}, w)
	m.deliver(server, off, len(evil)+9, c)
	return m.Log
}

// TestHostileScreens draws whole screens of hostile runs and files, and plays
// them to a terminal.
func TestHostileScreens(t *testing.T) {
	for i, evil := range evils {
		tr := evilTrace(evil)
		for e := trace.EventID(1); int(e) <= tr.Events(); e += 3 {
			w, h := 80+(i%3)*50, 24+(i%3)*16
			m := screenAt(tr, e, w, h, Screen{ASCII: i%2 == 0}, func(v *viewer) { v.focus = v.panes.names()[int(e)%len(v.panes)] })
			onTerminal(t, evil, m.canvas)
		}
		hostileCoats(t, evil, 80+(i%3)*50, 24+(i%3)*16)
		hostileCapture(t, evil, 80+(i%3)*50, 24+(i%3)*16)
		m := newModel(House{}, Options{})
		m.resize(80, 24)
		m.Update(startMsg{[]Lesson{{evil, 1, evil, evil}}, []File{{Path: evil, What: evil}}})
		m.Update(openedMsg{err: fmt.Errorf("cannot open %s", evil)})
		m.draw()
		onTerminal(t, evil, m.canvas)
		b, err := RenderSVG(tr, 1, 80, 24, Screen{})
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(b, new(struct{})); err != nil {
			t.Errorf("%q: the SVG is no XML: %v", evil, err)
		}
	}
}

// hostileCapture draws the list, the conversations, a stream and the filter
// line of a capture full of hostile text.
func hostileCapture(t *testing.T, evil string, w, h int) {
	t.Helper()
	d := drive(t, House{}, Options{Trace: captured(evilTrace(evil).(*trace.Log)), Screen: Screen{ASCII: w == 80}}, w, h)
	look := func() {
		t.Helper()
		d.m.draw()
		onTerminal(t, evil, d.m.canvas)
	}
	look()
	d.press("s")
	for range 3 {
		look()
		d.press("tab")
	}
	d.press("esc", "c")
	look()
	d.press("esc")
	d.m.ask(d.m.questions.filter, evil)
	look()
	d.press("esc")
	d.m.findText(evil)
	look()
}

// hostileCoats shows a hostile message in all its coats, on every page.
func hostileCoats(t *testing.T, evil string, w, h int) {
	t.Helper()
	m := newMaker("name " + evil)
	u, c := m.emit(client, evil, socketIO(len(evil), record(len(evil)+9)))
	m.socket(client, "tcp "+evil+" "+evil, evil, evil, c)
	m.slot(client, "session "+evil, evil, evil, trace.Text, m.Intern(evil), c)
	n := len(u.bytes[len(u.bytes)-1])
	m.take(u, m.send(segment{from: client, flags: ack | psh, seq: isnC + 1, n: n, code: "tcp.push"}, c))
	d := drive(t, House{}, Options{Trace: m.Log}, w, h)
	show := func(keys ...string) {
		t.Helper()
		d.press(keys...)
		d.m.draw()
		onTerminal(t, evil, d.m.canvas)
	}
	for range m.Events() / 5 {
		show(".", ".", ".", ".", ".")
	}
	d.m.viewer.focus = tablesPane
	show("z")
	show("a")
	show("enter", "b")
	show("enter", "s", "i")
}
