package tui

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// disk is where a test's screen saves.
type disk map[string]string

func (d disk) save(name string, replace bool, write func(io.Writer) error) error {
	if _, ok := d[name]; ok && !replace {
		return &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
	}
	if name == "full" {
		return errors.New("no space left")
	}
	var b strings.Builder
	if err := write(&b); err != nil {
		return err
	}
	d[name] = b.String()
	return nil
}

// TestSaveStream saves what is shown, and asks before it replaces a file.
func TestSaveStream(t *testing.T) {
	files := disk{}
	d := drive(t, House{Save: files.save}, Options{Trace: incident()}, 80, 24)
	d.press(":frame 8", "enter", "s", "S", "enter")
	d.wants("127 bytes are in tcp-stream-0.bin")
	answer := "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
	if got := files["tcp-stream-0.bin"]; got != request+answer {
		t.Errorf("saved is %q", got)
	}
	files["tcp-stream-0-server.bin"] = "old"
	d.press("d", "d", "S", "enter")
	d.wants("is there already")
	d.press("n")
	if files["tcp-stream-0-server.bin"] != "old" {
		t.Error("the file is replaced without leave")
	}
	d.press("S", "enter", "y")
	if got := files["tcp-stream-0-server.bin"]; got != answer {
		t.Errorf("saved is %q", got)
	}
	d.press("S")
	d.send(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	d.press("full", "enter")
	d.wants("not saved: no space left")
	d.press("enter")
	d.wants("Source")
	if n := d.m.viewer.At.Frame; n != 9 {
		t.Errorf("the answer's first piece came with frame 9, the cursor is on %d", n)
	}
}
