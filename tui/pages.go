package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"strata/layers/filter"
	"strata/tui/keys"
	"strata/tui/list"
	"strata/tui/scene"
)

// anywhere carries out what means the same on all of the viewer's screens.
func (m *model) anywhere(a keys.Action) (cmd tea.Cmd, ok bool) {
	v := m.viewer
	switch a {
	case keys.EditFilter:
		text := ""
		if v.Sieve != nil {
			text = v.Sieve.Text
		}
		m.ask(m.questions.filter, text)
	case keys.FilterThis:
		if text := v.thisFilter(); text != "" {
			m.ask(m.questions.filter, text)
		} else {
			m.note = "there is nothing here to filter by: choose a field, or a frame of a conversation"
		}
	case keys.FilterOff:
		cmd = m.filter("")
	case keys.ShowTalks:
		v.Show(talksPane)
	case keys.ShowMessages:
		v.Show(messagePane)
	case keys.ShowTravel:
		if v.T.Events() > 0 {
			v.travel.Follow(v.inspect, v.Scene)
		}
	case keys.SaveStream:
		m.saveStream()
	case keys.Change:
		cmd = m.openChanges()
	case keys.BothRuns:
		cmd = m.bothRuns()
	case keys.TakeBack:
		cmd = m.takeBack()
	case keys.OtherRun:
		cmd = m.otherRun()
	case keys.Quiz:
		m.quizHere()
	case keys.Copy:
		m.copying = true
	case keys.SetMark, keys.ToMark:
		m.letter = a
	case keys.NextMark, keys.PrevMark:
		m.markBeside(map[keys.Action]int{keys.NextMark: 1, keys.PrevMark: -1}[a])
	case keys.Freeze:
		m.note = v.toggleFreeze()
		cmd = m.work(v)
	case keys.TurnTimes:
		v.list.Times = (v.list.Times + 1) % list.TimeModes
	case keys.ListFrames:
		v.showList(!v.listing || v.Zoomed)
		v.trail = nil
	case keys.FollowStream:
		cmd = m.followFrame()
	default:
		return nil, false
	}
	return cmd, true
}

// filter begins to filter by a text; an empty one shows all frames.
func (m *model) filter(text string) tea.Cmd {
	v := m.viewer
	if text == "" {
		v.sift(nil)
		return nil
	}
	by, err := filter.Parse(text)
	if err != nil {
		m.note = err.Error()
		m.ask(m.questions.filter, text)
		return nil
	}
	v.showList(true)
	v.sift(&scene.Sieve{Text: text, By: by})
	return m.work(v)
}

// thisFilter is the filter for what is chosen: a field, a conversation.
func (v *viewer) thisFilter() string {
	if v.T.Frames() == 0 {
		return ""
	}
	if p, ok := v.panes.named(v.focus).(scene.Filterer); ok {
		return p.Filter(v.Scene)
	}
	return v.FilterFrame(v.At.Frame)
}

// findText begins to look for something, where one is.
func (m *model) findText(s string) tea.Cmd {
	v := m.viewer
	v.seek.end()
	if p, ok := v.panes.named(v.focus).(scene.Finder); ok {
		p.Find(s, 1, v.Scene)
		return nil
	}
	if v.listing {
		v.hunt.typed, v.hunt.needle = s, scene.NewNeedle(s)
		v.Needle = v.hunt.needle
		return m.huntOn(1)
	}
	m.search.begin(s, v.At.Event, 1)
	return m.searchStep()
}

// huntOn looks on in the frames of the list.
func (m *model) huntOn(by int) tea.Cmd {
	v := m.viewer
	if v.hunt.needle.Text == "" {
		m.note = "nothing to find yet: type / and a text, or bytes in hex"
		return nil
	}
	if v.T.Frames() == 0 {
		return nil
	}
	return scene.Begin(v.hunt.begin(v, by, func(frame int) {
		if frame < 0 {
			m.note = fmt.Sprintf("no frame shown has %q in its text or bytes", v.hunt.typed)
			return
		}
		v.Settled = true
		v.At.GoToFrame(frame)
	}))
}
