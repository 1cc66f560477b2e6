package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"strata/layers"
	"strata/layers/filter"
)

// anywhere carries out what means the same on all of the viewer's screens.
func (m *model) anywhere(a action) (cmd tea.Cmd, ok bool) {
	v := m.viewer
	switch a {
	case editFilter:
		text := ""
		if v.sieve != nil {
			text = v.sieve.text
		}
		m.ask(typeFilter, text)
	case filterThis:
		if text := v.thisFilter(); text != "" {
			m.ask(typeFilter, text)
		} else {
			m.note = "there is nothing here to filter by: choose a field, or a frame of a conversation"
		}
	case filterOff:
		cmd = m.filter("")
	case showTalks:
		cmd = m.openTalks()
	case showMessages:
		cmd = m.openMessages()
	case showTravel:
		cmd = m.followByte()
	case setMark, toMark:
		m.letter = a
	case nextMark, prevMark:
		m.markBeside(map[action]int{nextMark: 1, prevMark: -1}[a])
	case freeze:
		m.note = v.toggleFreeze()
		cmd = m.work(v)
	case turnTimes:
		v.list.times = (v.list.times + 1) % timeModes
	case listFrames:
		v.showList(!v.listing || v.page != framesPage)
		v.page, v.cameFrom = framesPage, framesPage
	case followStream:
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
		m.ask(typeFilter, text)
		return nil
	}
	m.prompt.remember(text)
	v.page = framesPage
	v.showList(true)
	v.sift(&sieve{text: text, by: by})
	return m.work(v)
}

// thisFilter is the filter for what the cursor is on: a field, a conversation.
func (v *viewer) thisFilter() string {
	switch {
	case v.page == talksPage:
		if i, ok := v.talks.chosen(); ok {
			return filterOf(v.t.Conversation(i))
		}
		return ""
	case v.page == streamPage:
		return filterOf(v.stream.is)
	case v.page == messagesPage || v.page == travelPage:
		return ""
	}
	if v.t.Frames() == 0 {
		return ""
	}
	if v.focus == fieldsPane || v.focus == bytesPane {
		return v.inspected().filter()
	}
	if w, ok := wantedOf(v, v.cursor.frame); ok {
		return w.filter()
	}
	r := v.list.rows.of(v.t, v.cursor.frame)
	if r.src == "" || r.dst == "" {
		return ""
	}
	return addrFilter(r.src) + " && " + addrFilter(r.dst)
}

// openTalks shows the conversations, those of the chosen frame's kind first.
func (m *model) openTalks() tea.Cmd {
	v := m.viewer
	v.page, v.zoomed = talksPage, false
	if v.talks.known == 0 {
		return begin(v.talks.sort(v))
	}
	return begin(v.talks.update(v))
}

// leavePage goes back from a stream or the conversations.
func (v *viewer) leavePage() {
	switch v.page {
	case streamPage:
		v.stream.job.stop()
		v.page = v.stream.from
		return
	case messagesPage, travelPage:
		v.messages.job.stop()
		v.travel.job.stop()
		v.cameFrom = framesPage
	}
	v.page = framesPage
}

func (m *model) talksAction(a action) tea.Cmd {
	v := m.viewer
	x := &v.talks
	dx, dy := steps(a, max(x.area.h-1, 1))
	switch a {
	case firstStep:
		x.move(-1 << 30)
	case lastStep:
		x.move(1 << 30)
	case nextPane:
		x.turnTab(1)
	case prevPane:
		x.turnTab(-1)
	case turnOver:
		x.back = !x.back
		return begin(x.sort(v))
	case moveLeft, moveRight:
		x.by(dx)
		return begin(x.sort(v))
	case enter:
		if i, ok := x.chosen(); ok {
			v.goFrame(v.t.Conversation(i).First)
		}
	case followStream:
		i, ok := x.chosen()
		if !ok {
			return nil
		}
		if p := v.t.Conversation(i).Proto; p != layers.TCP && p != layers.UDP {
			m.note = "only TCP and UDP conversations can be followed"
			return nil
		}
		j := v.stream.open(v, i, talksPage)
		v.page = streamPage
		return begin(j)
	case nextHit:
		return m.talkOn(1)
	case prevHit:
		return m.talkOn(-1)
	default:
		x.move(dy)
	}
	return nil
}

// talkOn looks on among the ends of the conversations.
func (m *model) talkOn(by int) tea.Cmd {
	x := &m.viewer.talks
	return begin(x.find(m.viewer, by, func(row int) {
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
	v.settled = true
	v.cursor.goToFrame(n)
}

// findText begins to look for something, where one is.
func (m *model) findText(s string) tea.Cmd {
	v := m.viewer
	switch {
	case v.page == streamPage:
		v.stream.typed, v.stream.needle = s, newNeedle(s)
		return m.seek(1)
	case v.page == talksPage:
		v.talks.typed = s
		return m.talkOn(1)
	case v.page == messagesPage:
		v.messages.typed = s
		return m.messageOn(1)
	case v.listing:
		v.hunt.typed, v.hunt.needle = s, newNeedle(s)
		v.list.hit, v.inspect.needle = v.hunt.needle.text, v.hunt.needle
		return m.huntOn(1)
	}
	m.search.begin(s, v.cursor.event, 1)
	return m.searchStep()
}

// huntOn looks on in the frames of the list.
func (m *model) huntOn(by int) tea.Cmd {
	v := m.viewer
	if v.hunt.needle.text == "" {
		m.note = "nothing to find yet: type / and a text, or bytes in hex"
		return nil
	}
	if v.t.Frames() == 0 {
		return nil
	}
	return begin(v.hunt.begin(v, by, func(frame int) {
		if frame < 0 {
			m.note = fmt.Sprintf("no frame shown has %q in its text or bytes", v.hunt.typed)
			return
		}
		v.settled, v.why.first = true, 0
		v.cursor.goToFrame(frame)
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
		return begin(v.stream.move(by))
	default:
		s := &v.stream
		if i := s.top + y - s.area.y; y >= s.area.y && i < len(s.rows) {
			return begin(s.move(i - s.at))
		}
	}
	return nil
}

// talksClick chooses a table, a column to order by, or a row; the row that is
// chosen already is opened.
func (m *model) talksClick(x, y int) tea.Cmd {
	v := m.viewer
	for p, r := range v.talks.tabAt {
		if r.has(x, y) {
			v.talks.tab = p
			return nil
		}
	}
	if by, ok := v.talks.headAt(x, y); ok {
		v.talks.chooseBy(by)
		return begin(v.talks.sort(v))
	}
	if i, ok := v.talks.rowAt(y); ok {
		tab := &v.talks.tables[v.talks.tab]
		if tab.at == i {
			return m.talksAction(enter)
		}
		tab.at = i
	}
	return nil
}
