package tui

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"strata/trace"
	"strata/tui/list"
	"strata/tui/menu"
)

var sweep = flag.Int("sweep", 37, "how far the sizes of TestEverySizeFits lie apart; 1: every size")

// TestEverySizeFits draws screens of many sizes, in every pane and overlay:
// exactly as many lines as the screen has, each exactly as wide.
func TestEverySizeFits(t *testing.T) {
	tr, upper := rtoBackoff(), talking()
	m := newModel(House{}, Options{})
	m.Update(startMsg{lessons: course})
	check := func(what string, w, h int) {
		t.Helper()
		m.draw()
		lines := strings.Split(m.inks.ANSI(m.canvas), "\n")
		if len(lines) != h {
			t.Fatalf("%s at %dx%d: %d lines", what, w, h, len(lines))
		}
		for y, l := range lines {
			if n := ansi.StringWidthWc(ansi.Strip(l)); n != w {
				t.Fatalf("%s at %dx%d: line %d is %d wide: %q", what, w, h, y, n, ansi.Strip(l))
			}
		}
	}
	step := *sweep
	for w := minWidth; w <= 300; w += step {
		for h := minHeight; h <= 100; h += step {
			m.resize(w, h)
			m.viewer, m.over = nil, noOverlay
			check("start", w, h)
			m.over = helpOverlay
			check("help", w, h)
			m.over = wordsOverlay
			m.words.open(nil)
			check("words", w, h)
			m.over = changeOverlay
			m.changing.menu = menu.Menu{Title: "change, and run again", Remark: "a name", Head: []menu.Line{{Text: "1  link lan loses the 3rd frame from client"}}}
			m.changing.menu.Set([]menu.Row{{Group: "link lan", Name: "rate", Value: "10Mbit/s", Help: "Bits per second; without it, infinitely fast."}, {Name: "\x1b[2J"}})
			check("changes", w, h)
			for _, prompt := range []string{"", "http.host", "tcp.", "no such field at all, and a long text of it to see where its end goes"} {
				m.show(captured(rtoBackoff().(*trace.Log)))
				m.viewer.focus = m.viewer.panes.names()[(w+h+len(prompt))%len(m.viewer.panes)]
				m.viewer.under = m.viewer.focus
				m.viewer.Zoomed = (w+h)%5 == 0
				m.viewer.list.Times = list.TimeMode((w + h) % int(list.TimeModes))
				if prompt != "" {
					m.ask(m.questions.filter, prompt)
				}
				check("list, filter "+prompt, w, h)
				m.asking = nil
			}
			d := &driver{t, m}
			m.viewer.Zoomed = false
			d.press("c")
			check("conversations", w, h)
			d.press("esc", "s")
			for range 3 {
				d.press("tab")
				check("stream", w, h)
			}
			m.show(upper)
			m.viewer.At.GoTo(trace.EventID((w*7+h*3)%upper.Events() + 1))
			for _, f := range m.viewer.panes.names() {
				m.viewer.focus = f
				m.viewer.Zoomed = (w+h)%2 == 0
				check(fmt.Sprintf("%s at event %d of many coats", f, m.viewer.At.Event), w, h)
			}
			d.press("a")
			check("messages", w, h)
			d.press("esc", "b")
			check("a byte", w, h)
			m.show(newGrowing(0))
			check("nothing yet", w, h)
			m.show(tr)
			e := trace.EventID((w*7+h*3)%tr.Events() + 1)
			m.viewer.At.GoTo(e)
			for _, f := range m.viewer.panes.names() {
				m.viewer.focus = f
				m.viewer.Zoomed = (w+h)%2 == 0
				check(fmt.Sprintf("%s at event %d", f, e), w, h)
			}
		}
	}
}

// TestResizeAtAnyMoment makes the screen any size, absurd ones too.
func TestResizeAtAnyMoment(t *testing.T) {
	m := newModel(House{}, Options{Trace: rtoBackoff()})
	m.Init()
	for _, size := range [][2]int{{80, 24}, {1, 1}, {0, 0}, {39, 11}, {300, 12}, {40, 100}, {500, 200}} {
		m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		v := m.View()
		if got := strings.Count(v.Content, "\n") + 1; size[1] > 0 && got != size[1] {
			t.Errorf("%v: %d lines", size, got)
		}
		m.Update(tea.KeyPressMsg{Code: '.', Text: "."})
	}
}

var course = []Lesson{
	{"Basics", 1, "one-byte-hello", "client, server, encapsulation"},
	{"Basics", 2, "two-tabs", "sockets, ports"},
	{"Basics", 3, "handshake-bytes", "SYN, ISN"},
	{"Basics", 4, "closed-port", "listening"},
	{"Reliable", 17, "rto-backoff", "RTO, Karn"},
	{"Engineer", 30, "fragment-amplifier", "IP fragmentation"},
}
