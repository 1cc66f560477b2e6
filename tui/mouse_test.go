package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestFooterIsClicked: a click on a hint is its key.
func TestFooterIsClicked(t *testing.T) {
	d := drive(t, house(), Options{Trace: rtoBackoff()}, 120, 40)
	d.screen()
	x := strings.Index(strings.Split(d.screen(), "\n")[39], "frame")
	was := d.m.viewer.At.Frame
	d.send(tea.MouseClickMsg{X: x, Y: 39, Button: tea.MouseLeft})
	if d.m.viewer.At.Frame != was+1 {
		t.Errorf("a click on the hint of the next frame goes from frame %d to %d", was, d.m.viewer.At.Frame)
	}
}

// TestPanesAreDragged: what stands between two panes follows the mouse.
func TestPanesAreDragged(t *testing.T) {
	d := drive(t, house(), Options{Trace: rtoBackoff()}, 120, 40)
	d.screen()
	v := d.m.viewer
	place := func(name string) (x, y, w, h int) {
		for _, p := range v.drawn.panes {
			if p.Name() == name {
				return p.area.X, p.area.Y, p.area.W, p.area.H
			}
		}
		t.Fatalf("%s is not shown", name)
		return 0, 0, 0, 0
	}
	x, y, w, _ := place(journeyPane)
	d.send(tea.MouseClickMsg{X: x + w, Y: y + 3, Button: tea.MouseLeft})
	for i := range 10 {
		d.send(tea.MouseMotionMsg{X: x + w + i + 1, Y: y + 3, Button: tea.MouseLeft})
		d.screen()
	}
	if _, _, now, _ := place(journeyPane); now < w+8 || now > w+11 {
		t.Errorf("the journey had %d columns, and has %d; want about %d", w, now, w+10)
	}
	_, y, _, h := place(bytesPane)
	d.send(tea.MouseClickMsg{X: 10, Y: y, Button: tea.MouseLeft})
	d.send(tea.MouseMotionMsg{X: 10, Y: y - 5, Button: tea.MouseLeft})
	d.screen()
	if _, _, _, now := place(bytesPane); now < h+4 || now > h+6 {
		t.Errorf("the bytes had %d lines, and have %d; want about %d", h, now, h+5)
	}
}
