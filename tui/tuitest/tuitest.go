// Package tuitest draws rooms of the screen in their tests, each alone on a
// canvas, and holds what they show to golden files.
package tuitest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"

	"strata/layers"
	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Sizes are the screens that pictures are kept of: of the smallest terminal,
// of a usual one, of a large one.
var Sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

// At is a scene with the cursor at an event.
func At(t trace.Trace, e trace.EventID) *scene.Scene {
	s := scene.New(t, layers.OSI)
	s.At.GoTo(e)
	return s
}

// AtTime is a scene with the cursor at a time.
func AtTime(t trace.Trace, at trace.Time) *scene.Scene {
	s := scene.New(t, layers.OSI)
	s.At.GoToTime(at)
	return s
}

// Finish carries out what was asked for in the background.
func Finish(s *scene.Scene) {
	for _, j := range s.TakeWishes().Jobs {
		for !j.Off && j.Work(time.Second)() {
		}
		j.Off = true
	}
}

// Draw draws a pane alone. One that reads more than it shows is let to have
// read it.
func Draw(p scene.Pane, s *scene.Scene, w, h int, ascii bool) *draw.Canvas {
	c := draw.NewCanvas(w, h, ascii)
	p.Draw(c, draw.Box(0, 0, w, h), s, true)
	if u, reads := p.(scene.Updater); reads {
		u.Update(s)
		Finish(s)
		c.Resize(w, h)
		p.Draw(c, draw.Box(0, 0, w, h), s, true)
	}
	return c
}

// Text is what a canvas shows; its lines have no trailing blanks.
func Text(c *draw.Canvas) string {
	var b strings.Builder
	for _, l := range c.Lines() {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	return b.String()
}

// Screen is the text of a pane alone.
func Screen(p scene.Pane, s *scene.Scene, w, h int, ascii bool) string {
	return Text(Draw(p, s, w, h, ascii))
}

// Room holds what new panes show of a run and of a capture to golden files, at
// all Sizes; and of the run in ASCII, in colours, and with them taken away.
func Room(t *testing.T, run, captured *scene.Scene, pane func() scene.Pane) {
	t.Helper()
	for _, size := range Sizes {
		w, h := size[0], size[1]
		name := fmt.Sprintf("-%dx%d.txt", w, h)
		golden.Check(t, "run"+name, Screen(pane(), run, w, h, false))
		golden.Check(t, "ascii"+name, Screen(pane(), run, w, h, true))
		golden.Check(t, "capture"+name, Screen(pane(), captured, w, h, false))
	}
	Colours(t, "", Draw(pane(), run, 120, 40, false))
}

// Colours holds the colours of a canvas to golden files, and what is left of
// them without any.
func Colours(t *testing.T, name string, c *draw.Canvas) {
	t.Helper()
	for look, can := range map[string]colorprofile.Profile{"dark": colorprofile.TrueColor, "no-colour": colorprofile.ASCII} {
		golden.Check(t, name+look+".ansi", draw.NewInks(draw.Dark.Palette(), can).ANSI(c)+"\n")
	}
}

// Fits draws a pane at many sizes: nothing stands outside its rectangle. The
// pane is asked for anew with each size.
func Fits(t *testing.T, s *scene.Scene, pane func() scene.Pane) {
	t.Helper()
	const edge = 2
	for w := 1; w <= 300; w += 7 {
		for h := 1; h <= 100; h += 3 {
			c := draw.NewCanvas(w+2*edge, h+2*edge, w%2 == 0)
			r := draw.Box(edge, edge, w, h)
			pane().Draw(c, r, s, true)
			for y, line := range c.Lines() {
				for x, sign := range []rune(line) {
					if sign != ' ' && !r.Has(x, y) {
						t.Fatalf("%dx%d: %q stands at column %d of line %d: %q", w, h, sign, x, y, line)
					}
				}
			}
		}
	}
}

// BenchmarkStep measures a step and the drawing of a pane after it.
func BenchmarkStep(b *testing.B, p scene.Pane, s *scene.Scene, step func()) {
	for _, size := range Sizes {
		w, h := size[0], size[1]
		b.Run(fmt.Sprintf("%dx%d", w, h), func(b *testing.B) {
			c := Draw(p, s, w, h, false)
			b.ReportAllocs()
			for b.Loop() {
				step()
				c.Resize(w, h)
				p.Draw(c, draw.Box(0, 0, w, h), s, true)
			}
		})
	}
}
