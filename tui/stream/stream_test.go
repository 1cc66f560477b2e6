package stream

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// talkative is a capture of one conversation, of as many pieces as one likes.
type talkative struct {
	trace.Trace
	pieces int
	piece  func(i int) trace.Said
	frames int
}

func (t *talkative) Info() *trace.Info { return &trace.Info{Captured: true} }
func (t *talkative) Frames() int       { return t.frames }
func (t *talkative) Events() int       { return t.frames * 4 }
func (t *talkative) Progress() trace.Progress {
	return trace.Progress{Live: true}
}

func (t *talkative) Conversation(int) trace.Conversation {
	return trace.Conversation{Proto: layers.TCP, Frames: [2]int{t.pieces, 0}}
}

func (t *talkative) Follow(_ int, each func(trace.Said) bool) {
	for i := range t.pieces {
		if !each(t.piece(i)) {
			return
		}
	}
}

// seat is a pane with a canvas, and all work done that it asks for.
type seat struct {
	t *testing.T
	*Pane
	s *scene.Scene
	c *draw.Canvas
}

func sit(t *testing.T, tr trace.Trace) *seat {
	s := &seat{t, new(Pane), scene.New(tr, layers.OSI), draw.NewCanvas(100, 28, false)}
	s.Open(0, s.s)
	s.work()
	return s
}

func (s *seat) work() {
	for _, j := range s.s.TakeWishes().Jobs {
		for !j.Off && j.Work(time.Millisecond)() {
		}
		j.Off = true
	}
	s.c.Resize(100, 28)
	s.Draw(s.c, draw.Box(0, 0, 100, 28), s.s, true)
}

func (s *seat) do(a keys.Action) {
	s.Do(a, s.s)
	s.work()
	s.work() // what was found is gone to
}

func (s *seat) find(text string, by int) {
	s.Find(text, by, s.s)
	s.work()
	s.work()
}

func (s *seat) wants(text string) {
	s.t.Helper()
	if all := strings.Join(s.c.Lines(), "\n"); !strings.Contains(all, text) {
		s.t.Errorf("%q is not shown:\n%s", text, all)
	}
}

// TestLong: of a stream of 40 MB only a part is kept, and every part can be
// gone to.
func TestLong(t *testing.T) {
	const pieces, size = 20_000, 2000
	s := sit(t, &talkative{pieces: pieces, frames: pieces, piece: func(i int) trace.Said {
		line := []byte(strings.Repeat(string(rune('a'+i%26)), size))
		copy(line, fmt.Sprintf("piece %d ", i))
		line[size-1] = '\n'
		return trace.Said{Back: i%3 == 0, Frame: i, Data: line}
	}})
	small := func() {
		t.Helper()
		if s.win.size > windowSize+size || len(s.rows)*12 > 4<<20 {
			t.Errorf("%d bytes are kept, in %d rows", s.win.size, len(s.rows))
		}
	}
	s.wants("piece 0 ")
	small()
	if !s.whole || s.total[0]+s.total[1] != pieces*size {
		t.Errorf("%d bytes are counted", s.total[0]+s.total[1])
	}
	s.do(keys.LastStep)
	s.wants("piece 19999 ")
	small()
	s.find("piece 7777", 1)
	s.wants("piece 7777 ")
	small()
	if n, ok := s.frame(); !ok || n != 7777 {
		t.Errorf("its frame is %d", n)
	}
	was := s.pos
	for range 300 {
		s.do(keys.PageDown)
		if s.pos <= was {
			t.Fatalf("a page down goes from %d to %d", was, s.pos)
		}
		was = s.pos
	}
	for range 600 {
		s.do(keys.PageUp)
		if s.pos >= was {
			t.Fatalf("a page up goes from %d to %d", was, s.pos)
		}
		was = s.pos
	}
	small()
	s.find("", 1)
	if n, _ := s.frame(); n != 7777 {
		t.Errorf("looking on finds frame %d", n)
	}
	s.do(keys.FirstStep)
	s.do(keys.OtherSide)
	s.do(keys.OtherSide)
	for _, r := range s.win.runs {
		if !r.back {
			t.Fatal("the client's words are shown")
		}
	}
	s.Find("nobody says this", 1, s.s)
	for _, j := range s.s.TakeWishes().Jobs {
		for j.Work(time.Millisecond)() {
		}
	}
	if w := s.s.TakeWishes(); w.Note == nil || !strings.Contains(*w.Note, "nobody said") {
		t.Error("it is not said that nobody said so")
	}
}

// TestGrows: what is said while one looks is shown, too, and the choice stays.
func TestGrows(t *testing.T) {
	tr := &talkative{pieces: 10, frames: 10, piece: func(i int) trace.Said {
		return trace.Said{Frame: i, Data: fmt.Appendf(nil, "line %d\n", i)}
	}}
	s := sit(t, tr)
	s.wants("line 9")
	for range 3 {
		s.do(keys.MoveDown)
	}
	tr.pieces, tr.frames = 20, 20
	s.s.T.Look()
	s.read = time.Time{}
	s.Update(s.s)
	s.work()
	s.wants("line 19")
	if n, _ := s.frame(); n != 3 {
		t.Errorf("the choice is on the line of frame %d, not 3", n)
	}
}
