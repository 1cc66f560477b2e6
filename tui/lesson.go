package tui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
	ask "strata/trace/quiz"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/quiz"
)

// lesson is what a scenario wants of the one who looks at it: words before,
// questions on the way, sentences and a score after. Any other trace has
// none of this; questions can be made of its steps all the same.
type lesson struct {
	room     quiz.Room
	gates    []trace.EventID // the steps that wait for an answer
	stations []trace.EventID // these, and those at which something is told
	progress Progress
	to       trace.EventID // where the cursor goes when the question is answered; 0: it stays
	here     trace.EventID // the step of which a question was made last
	nth      int           // which of those that can be made of it
	told     bool          // that the end is reached
}

func newLesson(info *trace.Info) lesson {
	l := lesson{gates: ask.Gates(info)}
	l.stations = slices.Clone(l.gates)
	for id := range info.Narration {
		l.stations = append(l.stations, id)
	}
	slices.Sort(l.stations)
	l.stations = slices.Compact(l.stations)
	l.progress.Stations = len(l.stations)
	return l
}

// visit notes that the cursor has been at a step.
func (l *lesson) visit(id trace.EventID) {
	if i, ok := slices.BinarySearch(l.stations, id); ok && !slices.Contains(l.gates, id) {
		l.progress.Seen = include(l.progress.Seen, i)
	}
}

// answered notes the answer to the question of a gate.
func (l *lesson) answered(id trace.EventID, right bool) {
	i, ok := slices.BinarySearch(l.stations, id)
	switch {
	case !ok:
	case right:
		l.progress.Right = include(l.progress.Right, i)
		l.progress.Wrong = slices.DeleteFunc(l.progress.Wrong, func(n int) bool { return n == i })
	case !slices.Contains(l.progress.Right, i):
		l.progress.Wrong = include(l.progress.Wrong, i)
	}
}

func include(list []int, n int) []int {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}

// standing is where the cursor stood before a key.
type standing struct {
	viewer *viewer
	event  trace.EventID
}

func (m *model) stands() standing {
	if m.viewer == nil {
		return standing{}
	}
	return standing{m.viewer, m.viewer.At.Event}
}

// gate stops the cursor on its way forward at a question that was not asked
// yet. A run that was changed is another one than the lesson is about; and who
// names a step in a command wants to be there.
func (m *model) gate(was standing) {
	defer func() { m.jumped = false }()
	m.catchUp()
	v := m.viewer
	if v == nil || v != was.viewer || v.At.Event == was.event || m.over == lessonOverlay || m.beside.room != nil {
		return
	}
	l := &v.lesson
	l.visit(v.At.Event)
	if len(v.of.Changes) > 0 || m.jumped {
		return
	}
	for i, id := range l.gates {
		if id <= was.event || id > v.At.Event {
			continue
		}
		q, ok := ask.Prompt(v.T, id)
		if !ok || l.room.Score.Met(q) {
			continue
		}
		l.to = v.At.Event
		v.At.GoTo(was.event)
		v.playing, v.slide = false, 1
		l.room.Ask(fmt.Sprintf("question %d of %d", i+1, len(l.gates)), q)
		m.over, m.fresh = lessonOverlay, false
		return
	}
	if info := v.T.Info(); info.After != nil && !l.told && m.atEnd() {
		l.told = true
		m.note = "the end of the lesson: . shows what to remember"
	}
}

// atEnd tells whether there is no step after the cursor's.
func (m *model) atEnd() bool {
	at := m.viewer.At
	at.Steps = slices.Clone(at.Steps)
	return !at.Move(1)
}

// beginLesson shows the words to know before the lesson, and asks what waits at
// its first step.
func (m *model) beginLesson() {
	v := m.viewer
	info := v.T.Info()
	v.lesson.visit(v.At.Event)
	if len(info.Before) == 0 {
		m.gate(standing{v, 0})
		return
	}
	title := info.Title
	if title == "" {
		title = info.Name
	}
	v.lesson.room.Words("before: "+title, info.Before)
	m.over = lessonOverlay
}

// endLesson shows what to remember, when a key would go on behind the last step.
func (m *model) endLesson(a keys.Action, was standing) {
	v := m.viewer
	forward := a == keys.NextStep || a == keys.NextFrame
	if v == nil || v != was.viewer || !forward || v.At.Event != was.event || m.over != noOverlay || !m.atEnd() {
		return
	}
	if info := v.T.Info(); info.After != nil {
		v.lesson.room.Close("what to remember", info.After)
		m.over = lessonOverlay
	}
}

// quizHere makes a question of the cursor's step; pressed again, another one.
func (m *model) quizHere() {
	v := m.viewer
	l := &v.lesson
	if l.here != v.At.Event {
		l.here, l.nth = v.At.Event, 0
	}
	all := ask.Here(v.T, v.At.Event)
	if q, ok := ask.Prompt(v.T, v.At.Event); ok {
		all = append([]ask.Question{q}, all...)
	}
	if len(all) == 0 {
		m.note = "nothing can be asked about this step"
		return
	}
	q := all[l.nth%len(all)]
	l.nth++
	l.room.Ask(fmt.Sprintf("a question about frame %d", v.At.Frame+1), q)
	m.over = lessonOverlay
}

// lessonKey takes a key while the lesson asks or tells.
func (m *model) lessonKey(k tea.KeyPressMsg) tea.Cmd {
	return m.lessonGoesOn(m.viewer.lesson.room.Key(k))
}

func (m *model) lessonGoesOn(o quiz.Outcome) tea.Cmd {
	v := m.viewer
	l := &v.lesson
	switch o {
	case quiz.Answered:
		if q, verdict := l.room.Question(); q.Name == "prompt" {
			l.answered(q.Event, verdict.Right)
			return m.remember()
		}
	case quiz.Another:
		m.quizHere()
	case quiz.Done, quiz.Skipped:
		m.over = noOverlay
		if l.to != 0 {
			v.At.GoTo(l.to)
			l.to = 0
			return nil
		}
		if first := len(l.gates) > 0 && l.room.Score.Asked == 0; first && v.At.Event >= l.gates[0] {
			m.gate(standing{v, 0})
		}
	}
	return nil
}

// drawLesson draws the page in the place of the panes.
func (m *model) drawLesson(c *draw.Canvas, all draw.Rect) {
	m.viewer.drawTop(c, all)
	m.held = m.viewer.lesson.room.Draw(c, draw.Box(all.X, all.Y+2, all.W, all.H-3))
}
