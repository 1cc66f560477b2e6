package tui

import (
	tea "charm.land/bubbletea/v2"

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

// besideMsg lets the comparison go on.
type besideMsg struct{ room *besides.Room }

// compare shows two traces side by side. What is under it stays, and is there again
// when it is left.
func (m *model) compare(c *compare.Comparison) tea.Cmd {
	m.beside = beside{room: besides.New(c, m.opt.Model)}
	m.over, m.note, m.fresh = noOverlay, "", false
	return m.besideStep(besideMsg{m.beside.room})
}

// besideStep goes on with the comparison for a while.
func (m *model) besideStep(msg besideMsg) tea.Cmd {
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
	m.show(t)
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
	m.viewer.close()
	m.viewer = nil
	m.beside = beside{room: m.beside.aside}
}
