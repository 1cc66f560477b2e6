package tui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"strata/capture"
	"strata/trace"
)

// TestCorpus shows the captures of a folder (STRATA_CORPUS) on every screen:
// whatever is in a file, the screen is drawn, cell by cell as the canvas has
// it.
func TestCorpus(t *testing.T) {
	root := os.Getenv("STRATA_CORPUS")
	if root == "" {
		t.Skip("STRATA_CORPUS names no folder of captures")
	}
	some := 3 // frames of each file
	if os.Getenv("STRATA_LONG") != "" {
		some = 40
	}
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if f, err := capture.Open(path, nil); err == nil { // else it says so
			showAll(t, path, f, some)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// showAll goes through the screens of a capture.
func showAll(t *testing.T, path string, tr trace.Trace, some int) {
	for tr.Progress().Live {
		time.Sleep(time.Millisecond)
	}
	d := drive(t, House{}, Options{Trace: tr}, 120, 40)
	v := d.m.viewer
	show := func(keys ...string) {
		t.Helper()
		d.press(keys...)
		d.m.draw()
		onTerminal(t, path, d.m.canvas)
	}
	for n := 0; n < tr.Frames(); n += max(tr.Frames()/some, 1) {
		v.showList(true)
		v.At.GoToFrame(n)
		show()
		show("enter")
		show(".", ".", ".", ".", ".", ".", ".", ".", ".", ".")
		show("r", "tab", "tab", "tab", "right", "tab", "down", "enter", "esc")
		show("s")
		show("tab")
		show("i")
		show("b")
		show("enter")
		show("a")
	}
	show("c", "down", "tab")
	show("enter")
	for _, name := range v.panes.names() {
		v.focus, v.Zoomed, v.listing = name, true, false
		show()
	}
}
