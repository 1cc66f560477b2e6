package tui

import (
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
	"strata/trace/compare"
	besides "strata/tui/compare"
	"strata/tui/keys"
)

// beside is two traces side by side, over the whole screen: shown, or left for
// a frame of one of them, to be come back to.
type beside struct {
	room  *besides.Room // shown; nil: it is not
	aside *besides.Room // come back to, once the viewer is left
}

// besideMsg lets the comparison go on, or brings what is to be compared with
// what is shown.
type besideMsg struct {
	room  *besides.Room
	with  *viewer
	name  string
	trace trace.Trace
	err   error
}

// compare shows two traces side by side. What is under it stays, and is there again
// when it is left.
func (m *model) compare(c *compare.Comparison) tea.Cmd {
	m.beside = beside{room: besides.New(c, m.opt.Model)}
	m.over, m.note, m.fresh = noOverlay, "", false
	return m.besideStep(besideMsg{room: m.beside.room})
}

// compareWith lays another trace beside the one that is shown: of a name, or, without
// one, the run of the same scenario before or after its change.
func (m *model) compareWith(name string) (tea.Cmd, error) {
	v := m.viewer
	if name == "compare" { // a command that stands alone has its own name behind it
		name = ""
	}
	switch {
	case v.T.Trace.Progress().Live:
		return nil, errors.New("it is still being read: compare it when all of it is there")
	case name == "" && v.before == nil:
		return nil, errors.New("there is no other run: e changes this one, or :compare NAME opens another")
	case name == "":
		a, b := v, v.before
		if len(a.of.Changes) >= len(b.of.Changes) {
			a, b = b, a
		}
		return m.compare(compare.New(a.T.Trace, b.T.Trace, compare.Options{Names: [2]string{a.called(), b.called()}})), nil
	case m.house.Open == nil:
		return nil, errors.New("nothing else can be opened here")
	}
	m.opening = name
	return func() tea.Msg {
		t, err := m.house.Open(name)
		return besideMsg{with: v, name: name, trace: t, err: err}
	}, nil
}

// called is what a run is called beside another one.
func (v *viewer) called() string {
	said := []string{v.T.Info().Name}
	for _, c := range v.of.Changes {
		said = append(said, c.Says)
	}
	return strings.Join(said, ", ")
}

// besideOpened shows what was opened beside what was shown then.
func (m *model) besideOpened(msg besideMsg) tea.Cmd {
	m.opening, m.fresh = "", false
	switch {
	case msg.err != nil:
		m.note = msg.err.Error()
		return nil
	case m.viewer != msg.with:
		return nil // somebody has gone on to something else
	case msg.trace.Progress().Live:
		return tea.Tick(untilRead, func(time.Time) tea.Msg { return msg })
	}
	o := compare.Options{Names: [2]string{msg.with.called(), msg.name}}
	return m.compare(compare.New(msg.with.T.Trace, msg.trace, o))
}

// untilRead is how often one asks whether all of a capture has been read.
const untilRead = 50 * time.Millisecond

// besideStep goes on with the comparison for a while.
func (m *model) besideStep(msg besideMsg) tea.Cmd {
	if msg.with != nil {
		return m.besideOpened(msg)
	}
	if r := m.beside.room; r == nil || r != msg.room || !r.Working() {
		return nil
	}
	m.fresh = false
	m.beside.room.Work(slice)
	if !m.beside.room.Working() {
		return nil
	}
	return func() tea.Msg { return msg }
}

// besideAction carries out a key of the comparison.
func (m *model) besideAction(a keys.Action) tea.Cmd {
	r := m.beside.room
	switch a {
	case keys.Enter:
		return m.openSide(compare.A)
	case keys.OtherSide:
		return m.openSide(compare.B)
	case keys.SwitchModel:
		m.opt.Model ^= 1
		r.Model = m.opt.Model
	case keys.Words:
		m.openWords()
	case keys.BothRuns:
		m.leaveBeside()
	case keys.TakeBack:
		if m.viewer != nil {
			m.leaveBeside()
			return m.takeBack()
		}
	default:
		r.Do(a)
	}
	return nil
}

// openSide opens one of the two, at the comparison's cursor, as a trace by
// itself.
func (m *model) openSide(s compare.Side) tea.Cmd {
	r := m.beside.room
	t, e := r.Place(s)
	if e == 0 {
		m.note = s.String() + " has no such frame"
		return nil
	}
	if v := m.runOf(t); v != nil {
		m.turnTo(v)
	} else {
		m.show(t)
	}
	m.beside = beside{aside: r}
	m.viewer.At.GoTo(e)
	return tea.Batch(m.work(m.viewer), m.viewer.tickLater())
}

// leaveBeside goes back from the comparison, or to it; false: there is none.
func (m *model) leaveBeside() bool {
	switch {
	case m.beside.room != nil && m.viewer == nil && m.house.Open == nil:
		return true // there is nothing to go back to
	case m.beside.room != nil:
		m.beside = beside{}
		if m.viewer == nil {
			m.after = m.begin
		}
		return true
	}
	return false
}

// comeBack shows the comparison again from which one of the two was opened.
func (m *model) comeBack() {
	if m.viewer.before == nil { // else it is what lies under the comparison
		m.viewer.close()
		m.viewer = nil
	}
	m.beside = beside{room: m.beside.aside}
}
