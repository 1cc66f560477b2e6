package tui

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/tuitest"
)

// shownOn is what a terminal shows of a view, line by line.
func shownOn(content string, w, h int) string {
	term := vt.NewEmulator(w, h)
	io.WriteString(term, strings.ReplaceAll(content, "\n", "\r\n")) //nolint:errcheck // an emulator does not fail
	var b strings.Builder
	for y := range h {
		line := ""
		for x := range w {
			if cell := term.CellAt(x, y); cell != nil && cell.Content != "" {
				line += cell.Content
			} else if cell == nil || cell.Width != 0 {
				line += " "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// atPane is the screen with a pane that has it to itself.
func atPane(t *testing.T, name string, w, h int, s Screen, can colorprofile.Profile) *driver {
	tr := rtoBackoff()
	d := drive(t, house(), Options{Trace: tr, Screen: s, Event: eventOf(tr, trace.Segment, 5), NoMotion: true}, w, h)
	d.m.can = can
	d.m.colours()
	d.press(":pane "+name, "enter", "z")
	d.m.View()
	return d
}

// TestPanes: each pane alone, as a terminal of each size shows it.
func TestPanes(t *testing.T) {
	for _, p := range newViewer(rtoBackoff(), 0).panes {
		for _, size := range tuitest.Sizes {
			d := atPane(t, p.Name(), size[0], size[1], Screen{}, colorprofile.TrueColor)
			golden.Check(t, fmt.Sprintf("pane-%s-%dx%d.txt", p.Name(), size[0], size[1]), shownOn(d.m.content, size[0], size[1]))
		}
	}
}

// TestPaneLooks: each pane in the colours of both themes, in sixteen colours,
// in none, and in ASCII.
func TestPaneLooks(t *testing.T) {
	for _, p := range newViewer(rtoBackoff(), 0).panes {
		for _, look := range []struct {
			name string
			s    Screen
			can  colorprofile.Profile
		}{
			{"dark", Screen{Theme: draw.Dark}, colorprofile.TrueColor},
			{"light", Screen{Theme: draw.Light}, colorprofile.TrueColor},
			{"sixteen", Screen{Theme: draw.Dark}, colorprofile.ANSI},
			{"no-colour", Screen{Plain: true}, colorprofile.TrueColor},
			{"ascii", Screen{ASCII: true, Plain: true}, colorprofile.TrueColor},
		} {
			d := atPane(t, p.Name(), 80, 24, look.s, look.can)
			golden.Check(t, fmt.Sprintf("pane-%s-%s.ansi", p.Name(), look.name), d.m.content)
			if look.s.ASCII && strings.ContainsFunc(d.m.content, func(r rune) bool { return r > '~' }) {
				t.Errorf("%s is not in ASCII", p.Name())
			}
		}
	}
}
