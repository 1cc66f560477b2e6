package quiz

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"strata/trace/quiz"
)

// answerKey takes a key while a question waits.
func (r *Room) answerKey(k tea.KeyPressMsg) Outcome {
	r.problem = ""
	switch name := k.String(); name {
	case "esc":
		return r.skip()
	case "enter":
		return r.enter()
	case "up", "shift+tab":
		r.move(-1)
	case "down", "tab":
		r.move(1)
	default:
		r.letter(name, k)
	}
	return Stay
}

// skip leaves the question out.
func (r *Room) skip() Outcome {
	r.Score.Skip(r.q)
	if r.repeats {
		r.next()
		return Stay
	}
	return Skipped
}

// letter takes what is typed: into a line, or to choose.
func (r *Room) letter(name string, k tea.KeyPressMsg) {
	if in := r.inputs; in != nil {
		// No answer begins with a point; but whoever steps on quickly types some.
		if name != "." || in[r.at].At > 0 {
			in[r.at].Key(k)
		}
		return
	}
	switch name {
	case "k":
		r.move(-1)
	case "j":
		r.move(1)
	case "space", " ":
		r.holds = r.q.Kind == quiz.Order && !r.holds
		r.chosen = true
	}
	if len(name) == 1 && name[0] >= '1' && name[0] <= '9' {
		r.to(int(name[0] - '1'))
	}
}

// count is how many things there are to choose among.
func (r *Room) count() int { return max(len(r.q.Choices), len(r.inputs), len(r.order)) }

// move goes to the next choice, blank or item, round at the end of blanks; an
// item that is held goes along.
func (r *Room) move(by int) {
	n := r.count()
	if r.q.Kind == quiz.Fill {
		r.at = (r.at + by + n) % n
		return
	}
	first := r.q.Kind == quiz.Choose && !r.chosen // the first key only shows where one is
	if first && by > 0 {
		by = 0
	}
	r.to(r.at + by)
}

// to goes to a choice or an item. One that is held is put there.
func (r *Room) to(at int) {
	if at < 0 || at >= r.count() {
		return
	}
	r.chosen = true
	if r.holds {
		item := r.order[r.at]
		r.order = append(r.order[:r.at], r.order[r.at+1:]...)
		r.order = append(r.order[:at], append([]int{item}, r.order[at:]...)...)
	}
	r.at = at
}

// enter answers; in a header that has empty fields, it goes to the next of them.
func (r *Room) enter() Outcome {
	switch {
	case r.q.Kind == quiz.Choose && !r.chosen:
		r.problem = "choose one first"
		return Stay
	case r.q.Kind == quiz.Fill && r.inputs[r.at].Value() != "":
		for i := range r.inputs {
			if r.inputs[i].Value() == "" {
				r.at = i
				return Stay
			}
		}
	}
	v, err := r.q.Check(r.answer())
	if err != nil {
		r.problem = err.Error()
		if field := (*quiz.FieldError)(nil); errors.As(err, &field) {
			r.at = field.Blank
		}
		return Stay
	}
	r.v = v
	r.Score.Answered(r.q, v.Right)
	r.shown, r.top, r.holds = verdict, 0, false
	return Answered
}

// answer is what is said so far.
func (r *Room) answer() quiz.Answer {
	a := quiz.Answer{Choice: r.at, Order: r.order}
	for i := range r.inputs {
		a.Text = append(a.Text, r.inputs[i].Value())
	}
	return a
}

// Paste puts text into the line that is typed.
func (r *Room) Paste(text string) {
	if r.shown == question && r.inputs != nil {
		r.inputs[r.at].Insert(text)
	}
}

// Click chooses what lies at a cell; a choice that was chosen already is the
// answer, and an item of an order is taken, or put there.
func (r *Room) Click(x, y int) Outcome {
	for _, p := range r.drawn {
		if !p.area.Has(x, y) || r.shown != question {
			continue
		}
		switch r.q.Kind {
		case quiz.Choose:
			if again := r.chosen && r.at == p.at; again {
				return r.enter()
			}
			r.to(p.at)
		case quiz.Order:
			held := r.holds
			r.to(p.at)
			r.holds = !held
		default:
			r.at = p.at
		}
	}
	return Stay
}

// Wheel scrolls.
func (r *Room) Wheel(by int) { r.top += by }
