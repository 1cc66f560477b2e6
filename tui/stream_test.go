package tui

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
	"strata/tui/scene"
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

// TestLongStream: of a stream of 40 MB only a part is kept, and every part can
// be gone to.
func TestLongStream(t *testing.T) {
	const pieces, size = 20_000, 2000
	tr := &fakeTrace{Trace: incident(), frames: 100_000, talks: 10}
	tr.said = func(each func(trace.Said) bool) {
		line := make([]byte, size)
		for i := range pieces {
			for k := range line {
				line[k] = byte('a' + i%26)
			}
			copy(line, []byte(strings.Repeat(" ", 0)+"piece "+scene.Thousands(i)+" "))
			line[size-1] = '\n'
			if !each(trace.Said{Back: i%3 == 0, Frame: i, Data: line}) {
				return
			}
		}
	}
	d := drive(t, House{}, Options{Trace: tr}, 100, 30)
	s := &d.m.viewer.stream
	d.press("c", "s")
	d.wants("piece 0 ")
	small := func() {
		t.Helper()
		if s.win.size > windowSize+size || len(s.rows)*12 > 4<<20 {
			t.Errorf("%d bytes are kept, in %d rows", s.win.size, len(s.rows))
		}
	}
	small()
	if !s.whole || s.total[0]+s.total[1] != pieces*size {
		t.Errorf("%d bytes are counted", s.total[0]+s.total[1])
	}
	d.press("G")
	d.wants("piece 19,999 ")
	small()
	d.press("/", "piece 7,777", "enter")
	d.wants("piece 7,777 ")
	small()
	if n, ok := s.frame(); !ok || n != 7777 {
		t.Errorf("its frame is %d", n)
	}
	was := s.pos
	for range 3000 {
		d.press("pgdown")
		d.m.draw()
		if s.pos <= was {
			t.Fatalf("a page down goes from %d to %d", was, s.pos)
		}
		if was = s.pos; was > 8500*size {
			break
		}
	}
	small()
	for range 3000 {
		d.press("pgup")
		d.m.draw()
		if s.pos >= was {
			t.Fatalf("a page up goes from %d to %d", was, s.pos)
		}
		if was = s.pos; was < 7000*size {
			break
		}
	}
	small()
	d.press("N")
	d.screen()
	if n, _ := s.frame(); n != 7777 {
		t.Errorf("N finds frame %d, round the beginning it is 7777", n)
	}
	d.press("g", "d", "d")
	d.screen()
	for _, r := range s.win.runs {
		if !r.back {
			t.Fatal("the client's words are shown")
		}
	}
	d.press("/", "nobody says this", "enter")
	d.wants("nobody said")
}
