package tui

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
	"strata/tui/layout"
)

// Learned is what is remembered from one use of the program to the next.
type Learned struct {
	Lessons map[string]Progress // by the name that House.Open takes
	Last    Last
	Layout  []byte // of the panes; nil: the usual one
}

// Progress is how far somebody got in a lesson, whose stations, the steps at
// which it says or asks something, are numbered from 0.
type Progress struct {
	Stations int
	Seen     []int // of what it says
	Right    []int // questions that were answered rightly
	Wrong    []int // questions that were answered, but not yet rightly
}

// Done is how many stations are behind one.
func (p *Progress) Done() int {
	all := slices.Concat(p.Seen, p.Right)
	slices.Sort(all)
	return len(slices.Compact(all))
}

// none tells whether nobody has learned anything here yet.
func (l *Learned) none() bool { return len(l.Lessons) == 0 && l.Last.Open == "" }

// Last is what was looked at last, and where.
type Last struct {
	Open  string // what House.Open takes; empty: nothing was
	Frame int    // from 0
	Event trace.EventID
}

// learnedMsg is what was remembered.
type learnedMsg struct{ learned Learned }

// recall finds what is remembered, beside the loop.
func (m *model) recall() tea.Msg {
	if m.house.Recall == nil {
		return nil
	}
	return learnedMsg{m.house.Recall()}
}

// recalled takes it in.
func (m *model) recalled(l Learned) {
	m.start.learned, m.recollected = l, true
	m.start.list()
	m.fresh = false
	m.furnish()
}

// furnish gives the viewer the layouts that were remembered, unless one has
// been changed since. What is no layout of this program's is left out.
func (m *model) furnish() {
	v := m.viewer
	if v == nil || len(v.changed) > 0 || !m.recollected {
		return
	}
	if m.layouts == nil {
		m.layouts = map[string]*layout.Node{}
		var all map[string]json.RawMessage
		if json.Unmarshal(m.start.learned.Layout, &all) != nil {
			all = nil
		}
		for name, raw := range all {
			if n, err := layout.Read(raw, v.panes.names()); err == nil {
				m.layouts[name] = n
			}
		}
	}
	v.changed = m.layouts
}

// leave keeps how far one got, and finds what the start screen lists.
func (m *model) leave() tea.Cmd {
	if m.house.Remember == nil {
		return m.begin
	}
	return tea.Sequence(m.remember(), tea.Batch(m.begin, m.recall))
}

// end keeps how far one got, and ends the program by how.
func (m *model) end(how tea.Cmd) tea.Cmd {
	if m.house.Remember == nil || m.viewer == nil {
		return how
	}
	return tea.Sequence(m.remember(), how)
}

// remember keeps how far one got, beside the loop.
func (m *model) remember() tea.Cmd {
	v := m.viewer
	if m.house.Remember == nil || v == nil {
		return nil
	}
	news := Learned{Last: Last{Open: v.opened, Frame: v.At.Frame, Event: v.At.Event}}
	if b, err := json.Marshal(v.changed); err == nil && m.recollected {
		news.Layout = b
	}
	if p := v.lesson.progress; v.of.Name != "" && len(v.of.Changes) == 0 && p.Stations > 0 {
		p.Seen, p.Right, p.Wrong = slices.Clone(p.Seen), slices.Clone(p.Right), slices.Clone(p.Wrong)
		news.Lessons = map[string]Progress{v.of.Name: p}
	}
	return func() tea.Msg {
		m.house.Remember(news) //nolint:errcheck // nothing depends on it, and nothing can be done
		return nil
	}
}

// resume goes to where one was last time, if that is what was opened.
func (m *model) resume(opened string) bool {
	last, v := m.resuming, m.viewer
	switch {
	case last.Open == "" || last.Open != opened:
		m.resuming = Last{}
		return false
	case v.T.Info().Captured:
		m.catchUp()
	default:
		m.resuming = Last{}
		v.At.GoTo(min(last.Event, trace.EventID(v.T.Events())))
	}
	return true
}

// catchUp goes to where one was in a capture, as soon as that has been read;
// unless one has gone elsewhere by then.
func (m *model) catchUp() {
	v, last := m.viewer, m.resuming
	if last.Open == "" || v == nil || v.opened != last.Open {
		return
	}
	switch {
	case v.At.Frame != 0:
		m.resuming = Last{}
	case v.T.Frames() > last.Frame:
		m.resuming = Last{}
		v.At.GoToFrame(last.Frame)
	}
}

// row is the start screen's row for what was looked at last.
func (l *Last) row() startRow {
	return startRow{group: "Continue", name: filepath.Base(l.Open), text: fmt.Sprintf("frame %d", l.Frame+1), open: l.Open, last: *l}
}

// far is a lesson's progress in the start screen's last column, and whether it
// is whole.
func (l *Learned) far(name string) (text string, whole bool) {
	p, ok := l.Lessons[name]
	if !ok || p.Done() == 0 {
		return "", false
	}
	return fmt.Sprintf("%d/%d", p.Done(), p.Stations), p.Done() == p.Stations
}
