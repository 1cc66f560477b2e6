package quiz

// Score is how somebody did, question by question. The zero Score has begun.
type Score struct {
	Asked   int // how many different questions there were
	First   int // how many were right at the first try
	Later   int // how many were right at another one
	Skipped int // how many were left out, and not answered since

	tries map[question]state
	wrong []Question // to be asked again, in the order in which they came
}

// question names a question within a trace.
type question struct {
	event int64
	name  string
}

type state uint8

const (
	skipped state = iota + 1
	missed
	right
)

func (q *Question) id() question { return question{int64(q.Event), q.Name} }

// Answered counts an answer, and keeps a question that was answered wrongly.
func (s *Score) Answered(q Question, ok bool) {
	before := s.meet(q)
	if before == right {
		return // asked once more for practice
	}
	if before == skipped {
		s.Skipped--
	}
	switch {
	case !ok:
		s.set(q, missed)
		if before == 0 {
			s.wrong = append(s.wrong, q)
		}
	case before == missed:
		s.Later++
		s.settle(q)
	default: // what was left out before had no try
		s.First++
		s.settle(q)
	}
}

// Skip counts a question that was left out. It is asked again, too.
func (s *Score) Skip(q Question) {
	if s.meet(q) == 0 {
		s.Skipped++
		s.set(q, skipped)
		s.wrong = append(s.wrong, q)
	}
}

// Again lists the questions that were answered wrongly or left out.
func (s *Score) Again() []Question { return s.wrong }

// Done says whether a question has had its right answer.
func (s *Score) Done(q Question) bool { return s.tries[q.id()] == right }

// Met says whether a question was asked before, whatever became of it.
func (s *Score) Met(q Question) bool { return s.tries[q.id()] != 0 }

// meet gives what became of a question so far; 0: it is new.
func (s *Score) meet(q Question) state {
	before := s.tries[q.id()]
	if before == 0 {
		s.Asked++
	}
	return before
}

func (s *Score) set(q Question, to state) {
	if s.tries == nil {
		s.tries = map[question]state{}
	}
	s.tries[q.id()] = to
}

// settle notes that a question has its right answer.
func (s *Score) settle(q Question) {
	s.set(q, right)
	for i := range s.wrong {
		if s.wrong[i].id() == q.id() {
			s.wrong = append(s.wrong[:i:i], s.wrong[i+1:]...)
			return
		}
	}
}
