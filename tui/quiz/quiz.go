// Package quiz is the page on which a lesson asks, and says what was right. It
// covers the panes, in which one could read the answer.
//
//	Words ──> cards to know before the lesson
//	Ask ────> question: choose, type, fill in, put in order ──> verdict and why
//	Close ──> what to remember, and the score; the wrong ones once more
//
// The questions come from trace/quiz; what follows from an answer is the
// root's, which is told by an Outcome.
package quiz

import (
	tea "charm.land/bubbletea/v2"

	"strata/trace/quiz"
	"strata/tui/draw"
)

// Outcome is what a key led to.
type Outcome uint8

// The outcomes.
const (
	Stay     Outcome = iota
	Answered         // the question has its verdict, which is shown
	Done             // what was shown is read; the lesson goes on
	Skipped          // the question was left out
	Another          // another question about the same step is wanted
)

// shown is what is on the page.
type shown uint8

const (
	words shown = iota
	question
	verdict
	closing
)

// Room is the page. The zero Room shows nothing yet.
type Room struct {
	Score quiz.Score

	shown   shown
	title   string
	q       quiz.Question
	v       quiz.Verdict
	again   []quiz.Question // that are still to come, when the wrong ones are asked once more
	repeats bool            // one of them is asked
	list    []string        // words before, sentences after

	at      int // the chosen choice, the blank, the item of an order
	chosen  bool
	inputs  []draw.Input
	order   []int
	holds   bool   // an item of an order is taken, and moves
	problem string // why the answer could not be read

	top   int // the first line shown
	lines []line
	drawn []place
	tall  int // how many lines there is room for
}

// place is where something was drawn that can be clicked.
type place struct {
	area draw.Rect
	at   int
}

// Words shows the cards of words, before the lesson of a title.
func (r *Room) Words(title string, list []string) {
	r.show(words, title)
	r.list = list
}

// Close shows what to remember, and the score.
func (r *Room) Close(title string, list []string) {
	r.show(closing, title)
	r.list, r.repeats, r.again = list, false, nil
}

// Ask shows a question.
func (r *Room) Ask(title string, q quiz.Question) {
	r.show(question, title)
	r.q, r.v, r.problem, r.holds, r.chosen = q, quiz.Verdict{}, "", false, false
	r.inputs, r.order = nil, nil
	switch q.Kind {
	case quiz.Number:
		r.inputs = make([]draw.Input, 1)
	case quiz.Fill:
		r.inputs = make([]draw.Input, q.Blanks())
	case quiz.Order:
		for i := range q.Items {
			r.order = append(r.order, i)
		}
	}
}

func (r *Room) show(what shown, title string) {
	r.shown, r.title, r.at, r.top = what, title, 0, 0
}

// Question is the one that is asked, and its verdict when it has one.
func (r *Room) Question() (quiz.Question, quiz.Verdict) { return r.q, r.v }

// Asking tells whether a question waits for its answer.
func (r *Room) Asking() bool { return r.shown == question }

// Key takes a key.
func (r *Room) Key(k tea.KeyPressMsg) Outcome {
	name := k.String()
	if r.scroll(name) {
		return Stay
	}
	if r.shown == question {
		return r.answerKey(k)
	}
	switch name {
	case "enter", "esc", "space", " ", ".", "q":
		return r.goOn(name == "esc" || name == "q")
	case "Q", "shift+q":
		if r.more() {
			return Another
		}
	case "r":
		if r.shown == closing && len(r.Score.Again()) > 0 {
			r.again = append(r.again[:0], r.Score.Again()...)
			r.repeats = true
			r.next()
		}
	}
	return Stay
}

// scroll moves what does not fit; while something is chosen by the arrows, the
// page keys do.
func (r *Room) scroll(name string) bool {
	by := map[string]int{"pgdown": r.tall - 1, "pgup": 1 - r.tall}[name]
	if r.shown != question {
		by += map[string]int{"down": 1, "j": 1, "up": -1, "k": -1}[name]
	}
	r.top += by
	return by != 0
}

// goOn leaves what is read. Of the questions that are asked once more, the next
// one comes; behind the last of them, the closing page.
func (r *Room) goOn(leave bool) Outcome {
	if r.repeats && r.shown == verdict && !leave {
		r.next()
		return Stay
	}
	return Done
}

// next asks the next of those that are asked once more.
func (r *Room) next() {
	if len(r.again) == 0 {
		r.repeats = false
		r.show(closing, r.title)
		return
	}
	q := r.again[0]
	r.again = r.again[1:]
	r.Ask("once more", q)
}

// more tells whether another question may follow: not where a lesson's step
// waits for this one.
func (r *Room) more() bool { return r.shown == verdict && !r.repeats && r.q.Name != "prompt" }

// Hint is what can be done now, for the last line of the screen.
func (r *Room) Hint() string {
	switch r.shown {
	case words:
		return "↵ begin  ↑ ↓ scroll"
	case closing:
		if n := len(r.Score.Again()); n > 0 {
			return "r ask again what was wrong  ↵ back to the run"
		}
		return "↵ back to the run"
	case verdict:
		switch {
		case r.repeats:
			return "↵ go on  esc enough"
		case r.more():
			return "↵ go on  Q another question here"
		}
		return "↵ go on"
	}
	switch r.q.Kind {
	case quiz.Choose:
		return "↑ ↓ or a digit choose  ↵ answer  esc leave it out"
	case quiz.Number:
		return "type a number  ↵ answer  esc leave it out"
	case quiz.Fill:
		return "tab next field  ↵ answer  esc leave it out"
	}
	if r.holds {
		return "↑ ↓ move it  space put it down  ↵ answer  esc leave it out"
	}
	return "space take a line  ↑ ↓ choose  ↵ answer  esc leave it out"
}
