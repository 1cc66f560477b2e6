package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"strata/layers"
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
		cmd = m.openTalks()
	case keys.ShowMessages:
		cmd = m.openMessages()
	case keys.ShowTravel:
		cmd = m.followByte()
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
		v.showList(!v.listing || v.page != framesPage)
		v.page, v.cameFrom = framesPage, framesPage
	case keys.FollowStream:
		if v.page == framesPage {
			return m.followFrame(), true
		}
		return nil, false
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
	v.page = framesPage
	v.showList(true)
	v.sift(&scene.Sieve{Text: text, By: by})
	return m.work(v)
}

// thisFilter is the filter for what the cursor is on: a field, a conversation.
func (v *viewer) thisFilter() string {
	switch {
	case v.page == talksPage:
		if i, ok := v.talks.chosen(); ok {
			return filterOf(v.T.Conversation(i))
		}
		return ""
	case v.page == streamPage:
		return filterOf(v.stream.is)
	case v.page == messagesPage || v.page == travelPage:
		return ""
	}
	if v.T.Frames() == 0 {
		return ""
	}
	if v.focus == fieldsPane || v.focus == bytesPane {
		return v.inspected().Filter()
	}
	if w, ok := wantedOf(v, v.At.Frame); ok {
		return w.filter()
	}
	r := v.list.Rows.Of(v.T, v.At.Frame)
	if r.Src == "" || r.Dst == "" {
		return ""
	}
	return addrFilter(r.Src) + " && " + addrFilter(r.Dst)
}

// openTalks shows the conversations, those of the chosen frame's kind first.
func (m *model) openTalks() tea.Cmd {
	v := m.viewer
	v.page, v.zoomed = talksPage, false
	if v.talks.known == 0 {
		return scene.Begin(v.talks.sort(v))
	}
	return scene.Begin(v.talks.update(v))
}

// leavePage goes back from a stream or the conversations.
func (v *viewer) leavePage() {
	switch v.page {
	case streamPage:
		v.stream.job.Stop()
		v.page = v.stream.from
		return
	case messagesPage, travelPage:
		v.messages.job.Stop()
		v.travel.job.Stop()
		v.cameFrom = framesPage
	}
	v.page = framesPage
}

func (m *model) talksAction(a keys.Action) tea.Cmd {
	v := m.viewer
	x := &v.talks
	dx, dy := keys.Steps(a, max(x.area.H-1, 1))
	switch a {
	case keys.FirstStep:
		x.move(-1 << 30)
	case keys.LastStep:
		x.move(1 << 30)
	case keys.NextPane:
		x.turnTab(1)
	case keys.PrevPane:
		x.turnTab(-1)
	case keys.TurnOver:
		x.back = !x.back
		return scene.Begin(x.sort(v))
	case keys.MoveLeft, keys.MoveRight:
		x.by(dx)
		return scene.Begin(x.sort(v))
	case keys.Enter:
		if i, ok := x.chosen(); ok {
			v.goFrame(v.T.Conversation(i).First)
		}
	case keys.FollowStream:
		i, ok := x.chosen()
		if !ok {
			return nil
		}
		if p := v.T.Conversation(i).Proto; p != layers.TCP && p != layers.UDP {
			m.note = "only TCP and UDP conversations can be followed"
			return nil
		}
		j := v.stream.open(v, i, talksPage)
		v.page = streamPage
		return scene.Begin(j)
	case keys.NextHit:
		return m.talkOn(1)
	case keys.PrevHit:
		return m.talkOn(-1)
	default:
		x.move(dy)
	}
	return nil
}

// talkOn looks on among the ends of the conversations.
func (m *model) talkOn(by int) tea.Cmd {
	x := &m.viewer.talks
	return scene.Begin(x.find(m.viewer, by, func(row int) {
		if row < 0 {
			m.note = fmt.Sprintf("no end of a conversation has %q in it", x.typed)
			return
		}
		x.tables[x.tab].at = row
	}))
}

// goFrame shows a frame in the list.
func (v *viewer) goFrame(n int) {
	v.page = framesPage
	v.showList(true)
	v.Settled = true
	v.At.GoToFrame(n)
}

// findText begins to look for something, where one is.
func (m *model) findText(s string) tea.Cmd {
	v := m.viewer
	switch {
	case v.page == streamPage:
		v.stream.typed, v.stream.needle = s, scene.NewNeedle(s)
		return m.seek(1)
	case v.page == talksPage:
		v.talks.typed = s
		return m.talkOn(1)
	case v.page == messagesPage:
		v.messages.typed = s
		return m.messageOn(1)
	case v.listing:
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

// pageMouse takes the mouse on the conversations and on a stream.
func (m *model) pageMouse(x, y, by int) tea.Cmd {
	v := m.viewer
	switch {
	case v.page == messagesPage:
		return m.messagesMouse(y, by)
	case v.page == travelPage:
		m.travelMouse(y, by)
	case v.page == talksPage && by != 0:
		v.talks.move(by)
	case v.page == talksPage:
		return m.talksClick(x, y)
	case by != 0:
		return scene.Begin(v.stream.move(by))
	default:
		s := &v.stream
		if i := s.top + y - s.area.Y; y >= s.area.Y && i < len(s.rows) {
			return scene.Begin(s.move(i - s.at))
		}
	}
	return nil
}

// talksClick chooses a table, a column to order by, or a row; the row that is
// chosen already is opened.
func (m *model) talksClick(x, y int) tea.Cmd {
	v := m.viewer
	for p, r := range v.talks.tabAt {
		if r.Has(x, y) {
			v.talks.tab = p
			return nil
		}
	}
	if by, ok := v.talks.headAt(x, y); ok {
		v.talks.chooseBy(by)
		return scene.Begin(v.talks.sort(v))
	}
	if i, ok := v.talks.rowAt(y); ok {
		tab := &v.talks.tables[v.talks.tab]
		if tab.at == i {
			return m.talksAction(keys.Enter)
		}
		tab.at = i
	}
	return nil
}
