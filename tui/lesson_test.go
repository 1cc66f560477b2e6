package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"strata/testdata/golden"
	"strata/trace"
	"strata/tui/draw"
)

// taught is a run with a lesson: a question of each kind, words before, and
// sentences after.
func taught() trace.Trace {
	t := rtoBackoff()
	info := t.Info()
	info.Title = "A page over a bad line"
	info.Before = []string{"segment", "RTO", "retransmission"}
	info.After = []string{"What is lost is sent again when the timer runs out.", "Each time the timer is twice as long: 1, 2, 4 seconds."}
	info.Narration[eventOf(t, trace.Send, 1)] = "The page is asked for."
	info.Prompts[eventOf(t, trace.Segment, 2)] = trace.Prompt{Question: "What does the server answer a SYN with?",
		Choices: []string{"a SYN of its own, with ACK", "an ACK", "nothing"}, Answer: "a SYN of its own, with ACK", Why: "Both directions must be opened."}
	info.Prompts[eventOf(t, trace.Segment, 4)] = trace.Prompt{Question: "Fill in what the header of the request says.",
		Fill: []string{"tcp.dstport", "tcp.flags.push"}, Why: "The page's server waits at port 80."}
	info.Prompts[eventOf(t, trace.Segment, 5)] = trace.Prompt{Question: "After how many seconds is it sent again?", Answer: "1", Why: "That is the shortest RTO."}
	info.Prompts[eventOf(t, trace.Deliver, 1)] = trace.Prompt{Question: "In which order did these leave?",
		Order: []int{0, 2, 4, 6}, Why: "A connection comes first."}
	return t
}

func lessonHouse(kept *[]Learned) House {
	h := house()
	h.Open = func(name string) (trace.Trace, error) { return taught(), nil }
	h.Recall = func() Learned {
		return Learned{Lessons: map[string]Progress{"two-tabs": {Stations: 6, Seen: []int{0, 1, 4}}, "rto-backoff": {Stations: 2, Seen: []int{0}, Right: []int{1}}},
			Last: Last{Open: "two-tabs", Frame: 16, Event: 40}}
	}
	h.Remember = func(l Learned) error {
		*kept = append(*kept, l)
		return nil
	}
	return h
}

// learner opens the lesson and reads the words before it.
func learner(t *testing.T, w, h int) (*driver, *[]Learned) {
	kept := new([]Learned)
	d := drive(t, lessonHouse(kept), Options{Trace: taught(), Scenario: Scenario{Name: "rto-backoff"}, Opened: "rto-backoff"}, w, h)
	d.wants("before: A page over a bad line")
	d.wants("retransmission")
	return d, kept
}

// TestLesson goes through a lesson as somebody does who knows some of it.
func TestLesson(t *testing.T) {
	d, kept := learner(t, 80, 24)
	d.press("enter")
	d.wants("frame 1/13")
	d.press("G")
	d.wants("question 1 of 4")
	d.wants("frame 1/13") // nothing of what lies ahead is shown
	d.press("enter")
	d.wants("choose one first")
	d.press("2")
	d.press("enter")
	d.wants("✗  2  an ACK")
	d.wants("✓  1  a SYN of its own, with ACK")
	d.wants("Both directions must be opened.")
	d.press("enter")
	d.wants("question 2 of 4")
	d.press(".", ".", "81", "tab", "maybe", "enter") // who steps on quickly types points
	d.wants(`"maybe" is neither: write 1 or 0`)
	d.press("backspace", "backspace", "backspace", "backspace", "backspace", "1", "enter")
	d.wants("80, not 81")
	d.wants("1 of 2 right.")
	d.press("enter")
	d.wants("question 3 of 4")
	d.press("soon", "enter")
	d.wants(`"soon" is not a number`)
	d.press("backspace", "backspace", "backspace", "backspace", "1000 ms", "enter")
	d.wants("Right.")
	d.press("enter")
	d.wants("question 4 of 4")
	d.press("esc")
	d.wants("frame 13/13")
	d.press(".")
	d.wants("what to remember")
	d.wants("1 of 4 questions right at the first try, 2 wrong, 1 left out.")
	d.press("r")
	d.wants("once more")
	d.press("1", "enter")
	d.wants("Right.")
	d.press("enter")
	d.press("80", "enter", "1", "enter")
	d.wants("Right.")
	d.press("enter")
	d.wants("In which order did these leave?")
	d.press("esc")
	d.wants("1 of 4 questions right at the first try, 2 at another one, 1 left out.")
	d.press("enter")
	d.wants("frame 13/13")
	d.press(",,,..")
	if d.m.over != noOverlay {
		t.Error("a question is asked twice on the way")
	}
	last := (*kept)[len(*kept)-1].Lessons["rto-backoff"]
	if last.Stations != 6 || len(last.Right)+len(last.Wrong) != 3 {
		t.Errorf("remembered is %+v", last)
	}
}

// TestGateHoldsEveryWayForward: whatever moves the cursor past a question, it
// is asked first; what moves back is free.
func TestGateHoldsEveryWayForward(t *testing.T) {
	for _, keys := range [][]string{{"G"}, {">", ">", ">"}, {"/", "lost", "enter"}} {
		d, _ := learner(t, 80, 24)
		d.press("enter")
		before := d.m.viewer.At.Event
		d.press(keys...)
		if d.m.over != lessonOverlay {
			t.Errorf("%v: no question", keys)
			continue
		}
		if d.m.viewer.At.Event < before || d.m.viewer.At.Event >= d.m.viewer.lesson.gates[0] {
			t.Errorf("%v: while it asks, the cursor is at %d", keys, d.m.viewer.At.Event)
		}
		d.press("esc", "esc", "esc", "esc")
		d.press("g")
		if d.m.over != noOverlay {
			t.Errorf("%v: going back asks", keys)
		}
	}
	d, _ := learner(t, 80, 24)
	d.press("enter", ":", "frame 9", "enter")
	d.wants("frame 9/13") // who says where to wants to be there
	d.press("g")
	v := d.m.viewer
	v.playing = true
	for range 200 {
		d.m.Update(playMsg{v, v.round}) // without the wait that it asks for
	}
	if d.m.over != lessonOverlay || v.playing {
		t.Error("the player does not stop at a question")
	}
}

// TestChangedRunAsksNothing: it is another run than the lesson is about.
func TestChangedRunAsksNothing(t *testing.T) {
	d, _ := learner(t, 80, 24)
	d.press("enter")
	d.m.viewer.of.Changes = []Change{{Path: "links.x.loss", Value: "1%"}}
	d.press("G")
	d.wants("frame 13/13")
}

// TestOrder moves lines by keys and by the mouse.
func TestOrder(t *testing.T) {
	d, _ := learner(t, 80, 24)
	d.press("enter", "G", "esc", "esc", "esc")
	d.wants("question 4 of 4")
	room := &d.m.viewer.lesson.room
	q, _ := room.Question()
	want := []string{}
	for _, p := range q.Solution().Parts {
		want = append(want, p.Is)
	}
	for place, item := range want { // each line to its place
		for at, l := range shownItems(d.screen(), q.Items) {
			if l == item && at >= place {
				d.press(fmt.Sprint(at+1), " ")
				for range at - place {
					d.press("up")
				}
				d.press(" ")
				break
			}
		}
	}
	d.press("enter")
	d.wants("Right.")
}

// shownItems are the items as they stand on the screen.
func shownItems(screen string, items []string) (out []string) {
	for line := range strings.Lines(screen) {
		for _, item := range items {
			if strings.Contains(line, "  "+item) && strings.HasSuffix(strings.TrimRight(line, " \n"), item) {
				out = append(out, item)
			}
		}
	}
	return out
}

func TestMouseAnswers(t *testing.T) {
	d, _ := learner(t, 80, 24)
	d.press("enter", "G")
	for y, line := range strings.Split(d.screen(), "\n") {
		if strings.Contains(line, "a SYN of its own") {
			d.send(tea.MouseClickMsg{X: 10, Y: y, Button: tea.MouseLeft})
			d.send(tea.MouseClickMsg{X: 10, Y: y, Button: tea.MouseLeft})
			break
		}
	}
	d.wants("Right.")
}

// TestQuizHere asks about a step of a run without a lesson, and of a capture.
func TestQuizHere(t *testing.T) {
	for _, tr := range []trace.Trace{rtoBackoff(), incident()} {
		d := drive(t, House{}, Options{Trace: tr, Event: eventOf(tr, trace.Segment, 4)}, 120, 40)
		first := ""
		for i := range 4 {
			d.press("Q")
			d.wants("a question about frame")
			q, _ := d.m.viewer.lesson.room.Question()
			if i == 0 {
				first = q.Name
			} else if q.Name == first {
				t.Error("the same question comes again at once")
			}
			d.press("esc")
			if d.m.over != noOverlay {
				t.Fatal("esc does not leave the question out")
			}
		}
	}
}

// TestContinue goes on where one was; the start screen says how far one got.
func TestContinue(t *testing.T) {
	kept := new([]Learned)
	d := drive(t, lessonHouse(kept), Options{}, 80, 24)
	d.wants("Continue")
	d.wants("two-tabs                frame 17")
	d.wants("✓ 2/2")
	d.wants("3/6")
	golden.Check(t, "start-learned-80x24.txt", d.screen())
	d.press("enter")
	if d.m.over == lessonOverlay || d.m.viewer == nil || d.m.viewer.At.Event < 38 {
		t.Errorf("it goes on at event %d", d.m.viewer.At.Event)
	}
	d.press("esc", "esc", "down", "enter")
	d.wants("before: A page over a bad line")
}

// lessonScreens are all that a lesson can show.
var lessonScreens = []struct {
	name string
	keys []string
}{
	{"words", nil},
	{"choose", []string{"enter", "G", "2"}},
	{"chosen", []string{"enter", "G", "2", "enter"}},
	{"fill", []string{"enter", "G", "esc", "8"}},
	{"filled", []string{"enter", "G", "esc", "81", "enter", "1", "enter"}},
	{"number", []string{"enter", "G", "esc", "esc", "1 apple", "enter"}},
	{"order", []string{"enter", "G", "esc", "esc", "esc", "2", " "}},
	{"ordered", []string{"enter", "G", "esc", "esc", "esc", "enter"}},
	{"closing", []string{"enter", "G", "esc", "esc", "esc", "esc", "."}},
}

func TestLessonScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, s := range lessonScreens {
			d, _ := learner(t, size[0], size[1])
			d.press(s.keys...)
			if size[0] == 80 || s.name == "filled" {
				golden.Check(t, fmt.Sprintf("lesson-%s-%dx%d.txt", s.name, size[0], size[1]), d.screen())
			}
		}
	}
	d, _ := learner(t, 80, 24)
	d.m.canvas.ASCII = true
	d.press("enter", "G", "esc", "81", "enter", "1", "enter")
	golden.Check(t, "lesson-filled-ascii.txt", d.screen())
}

// TestLessonFits draws all that a lesson can show at many sizes.
func TestLessonFits(t *testing.T) {
	for _, s := range lessonScreens {
		d, _ := learner(t, 80, 24)
		d.press(s.keys...)
		for w := minWidth; w <= 300; w += *sweep {
			for h := minHeight; h <= 100; h += *sweep {
				d.m.resize(w, h)
				d.m.draw()
				lines := strings.Split(d.m.inks.ANSI(d.m.canvas), "\n")
				if len(lines) != h {
					t.Fatalf("%s at %dx%d: %d lines", s.name, w, h, len(lines))
				}
				for _, l := range lines {
					if n := ansi.StringWidthWc(ansi.Strip(l)); n != w {
						t.Fatalf("%s at %dx%d: a line is %d wide", s.name, w, h, n)
					}
				}
			}
		}
	}
}

// TestHostileLesson: what a scenario's author wrote can only be read.
func TestHostileLesson(t *testing.T) {
	const evil = "a\x1b[31mb\u202ec\u200bd\x00\xff\ne"
	tr := taught()
	info := tr.Info()
	info.Title, info.After = evil, []string{evil}
	for id, p := range info.Prompts {
		p.Question, p.Why = evil, evil
		if p.Choices != nil {
			p.Choices, p.Answer = []string{evil, evil + "2", "x"}, "x"
		}
		info.Prompts[id] = p
	}
	d := drive(t, House{}, Options{Trace: tr}, 80, 24)
	for _, keys := range [][]string{nil, {"enter"}, {"G"}, {"1", "enter"}, {"enter"}, {evil, "enter"}, {"esc"}, {evil, "enter"}, {"esc"}, {"enter"}, {"enter"}, {"."}} {
		d.press(keys...)
		d.m.View()
		for _, l := range d.m.canvas.Lines() {
			for _, r := range l {
				if draw.Cells(r) == 0 {
					t.Fatalf("after %q the screen has %q in %q", keys, r, l)
				}
			}
		}
	}
	d.wants("what to remember")
}
