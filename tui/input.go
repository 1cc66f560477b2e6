package tui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// key takes a key press: into the line that is typed, or as the action that
// it is bound to.
func (m *model) key(k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "ctrl+c" {
		return m.end(tea.Interrupt)
	}
	m.note = ""
	switch {
	case m.asking != nil:
		return m.typed(k)
	case m.letter != keys.DoNothing:
		m.lettered(k)
		return nil
	case m.copying:
		return m.copied(k)
	case m.replace != "":
		return m.mayReplace(k)
	case m.over == lessonOverlay:
		return m.lessonKey(k)
	}
	a := keys.ActionOf(k)
	if a == keys.ChoosePane && m.viewer != nil && m.over == noOverlay && m.beside.room == nil {
		m.viewer.choosePane(int(k.Code - '1'))
		return nil
	}
	was := m.stands()
	cmd := m.act(a)
	m.endLesson(a, was)
	return cmd
}

// act carries out an action.
func (m *model) act(a keys.Action) tea.Cmd {
	switch a {
	case keys.Quit:
		return m.end(tea.Quit)
	case keys.Back:
		m.after = nil
		m.back()
		return m.after
	case keys.Help:
		m.over, m.page = helpOverlay, 0
		return nil
	}
	switch {
	case m.over == changeOverlay:
		return m.changeAction(a)
	case m.over == browseOverlay:
		return m.browseAction(a)
	case m.over != noOverlay:
		m.overAction(a)
		return nil
	}
	if m.beside.room != nil {
		return m.besideAction(a)
	}
	switch a {
	case keys.Find:
		m.ask(m.questions.find, "")
		return nil
	case keys.Command:
		m.ask(m.questions.command, "")
		return nil
	case keys.Words:
		m.openWords()
		return nil
	case keys.SwitchModel:
		m.opt.Model ^= 1
	}
	if m.viewer == nil {
		return m.startAction(a)
	}
	return m.viewerAction(a)
}

// back goes back one thing: an overlay, a search, a page, a zoom, the filter,
// the frame or the list, the viewer.
func (m *model) back() {
	v := m.viewer
	switch {
	case m.changing.stop != nil:
		m.changing.stop()
	case m.overMenu() != nil && m.overMenu().Query != "":
		m.overMenu().Narrow("")
	case m.over != noOverlay:
		m.over = noOverlay
	case v != nil && v.writing != nil && v.writing.job.Running():
		v.writing.job.Stop()
		m.note = "stopped: nothing was written"
	case m.search.on:
		m.search.on = false
	case m.leaveBeside():
	case v == nil:
		m.start.query = ""
		m.start.list()
	case v.stopSeeking():
	case v.Zoomed && !slices.Contains(whole, v.focus):
		v.Zoomed = false
	case v.comeBack():
	case v.Zoomed:
		v.Zoomed = false
	case v.listing && v.Sieve != nil:
		v.sift(nil)
	case v.listing != v.T.Info().Captured:
		v.showList(!v.listing)
	case m.beside.aside != nil:
		m.comeBack()
	case m.house.Open != nil:
		m.after = m.leave()
		v.close()
		m.viewer = nil
	}
}

// openWords opens the cards of the cursor's step; from the help or the start
// screen, all of them.
func (m *model) openWords() {
	var list []string
	if m.viewer != nil && m.over == noOverlay {
		list = m.viewer.words()
	}
	m.words.open(list)
	m.over = wordsOverlay
}

// overAction moves in the help or among the words.
func (m *model) overAction(a keys.Action) {
	if a == keys.Words || a == keys.Enter {
		if m.over == wordsOverlay && !m.words.all {
			m.words.open(nil)
			return
		}
		m.openWords()
		return
	}
	dx, dy := keys.Steps(a, m.h-4)
	switch a {
	case keys.FirstStep:
		dy = -1 << 20
	case keys.LastStep:
		dy = 1 << 20
	}
	if m.over == wordsOverlay {
		m.words.move(dx + dy)
		return
	}
	m.page = max(m.page+dy, 0) // drawHelp knows where its end is
}

func (m *model) startAction(a keys.Action) tea.Cmd {
	switch a {
	case keys.Enter, keys.MoveRight:
		return m.openRow()
	case keys.ShowMessages:
		m.newScenario()
	case keys.FirstStep:
		m.start.at = 0
	case keys.LastStep:
		m.start.move(1 << 20)
	default:
		_, dy := keys.Steps(a, m.h-6)
		m.start.move(dy)
	}
	return nil
}

func (m *model) viewerAction(a keys.Action) tea.Cmd {
	v := m.viewer
	if v.T.Events() > 0 && v.panes.named(v.focus).Do(a, v.Scene) {
		v.slide = 1
		return nil
	}
	if cmd, ok := m.anywhere(a); ok {
		return cmd
	}
	switch a {
	case keys.Play:
		v.playing = !v.playing
		return m.playOn()
	case keys.TurnPlay:
		v.turnTempo()
		return m.playOn()
	case keys.NextHit, keys.PrevHit:
		by := 1
		if a == keys.PrevHit {
			by = -1
		}
		if p, ok := v.panes.named(v.focus).(scene.Finder); ok {
			p.Find("", by, v.Scene)
			return nil
		}
		if v.seek.search != nil {
			return m.seekOn(by)
		}
		if v.listing {
			return m.huntOn(by)
		}
		m.search.again(v.At.Event, v.At.Event == m.search.landed, by)
		return m.searchStep()
	case keys.Enter:
		if v.focus == whyPane {
			m.openWords()
			return nil
		}
	case keys.TurnOver:
		if !v.inspected().Turn() {
			m.note = "nothing was put together, decrypted or unmasked here"
		}
		return nil
	}
	v.do(a)
	return m.slideLater()
}

// mouse takes a click or a turn of the wheel.
func (m *model) mouse(msg tea.MouseMsg) tea.Cmd {
	at := msg.Mouse()
	by := 0
	switch at.Button {
	case tea.MouseWheelUp:
		by = -1
	case tea.MouseWheelDown:
		by = 1
	case tea.MouseLeft:
	default:
		return nil
	}
	m.pressed = draw.At(at.X, at.Y, by == 0)
	if by == 0 && at.Y == m.h-1 && m.over == noOverlay && m.asking == nil {
		for _, h := range m.hinted {
			if h.area.Has(at.X, at.Y) {
				return m.act(h.does)
			}
		}
		return nil
	}
	switch {
	case m.over == lessonOverlay && by == 0:
		return m.lessonGoesOn(m.viewer.lesson.room.Click(at.X, at.Y))
	case m.over == lessonOverlay:
		m.viewer.lesson.room.Wheel(by)
	case m.overMenu() != nil && by == 0:
		return m.menuClick(at.X, at.Y)
	case m.overMenu() != nil:
		m.overMenu().Move(by)
	case m.over == wordsOverlay:
		m.words.move(by)
	case m.over == helpOverlay:
		m.page = max(m.page+by, 0)
	case m.beside.room != nil && by != 0:
		m.beside.room.Wheel(at.X, at.Y, by)
	case m.beside.room != nil:
		m.beside.room.Click(at.X, at.Y)
	case m.viewer == nil && by == 0:
		return m.startClick(at.X, at.Y)
	case m.viewer == nil:
		m.start.move(by)
	case by != 0:
		m.viewer.wheel(at.X, at.Y, by)
	default:
		m.viewer.slide = 1
		m.viewer.click(at.X, at.Y)
	}
	return nil
}

// drag moves the cursor along the run while the mouse is held on it, and what
// stands between two panes.
func (m *model) drag(at tea.MouseMotionMsg) {
	if v := m.viewer; v != nil && m.over == noOverlay && m.beside.room == nil && at.Button == tea.MouseLeft && m.pressed.OK && !v.Zoomed {
		if tree := v.tree(v.body).Shares(v.body); tree.Drag(v.body, m.pressed, draw.At(at.X, at.Y, true)) {
			v.changed[v.preset(v.body).name()] = tree
			m.pressed, m.fresh = draw.At(at.X, at.Y, true), false
			return
		}
	}
	if v := m.viewer; v != nil && m.over == noOverlay && m.beside.room == nil && at.Button == tea.MouseLeft && v.drawn.overview.Has(at.X, at.Y) {
		m.fresh = false
		v.click(at.X, at.Y)
	}
}

// startClick chooses a row; a click on the chosen one opens it.
func (m *model) startClick(x, y int) tea.Cmd {
	for i, r := range m.start.rowAt {
		if !r.Has(x, y) {
			continue
		}
		if m.start.at == i {
			return m.openRow()
		}
		m.start.at = i
	}
	return nil
}

// searchStep looks on for a while.
func (m *model) searchStep() tea.Cmd {
	v := m.viewer
	if v == nil || !m.search.on {
		if v != nil && m.search.query == "" {
			m.note = "nothing to find yet: type / and a text"
		}
		return nil
	}
	m.fresh = false
	switch {
	case m.search.work(v.T, &v.Glances, slice):
		v.At.GoTo(m.search.hit)
		m.search.landed = v.At.Event
		m.note = fmt.Sprintf("found %q: n next hit, N previous hit", m.search.query)
	case m.search.on:
		m.note = "looking for it ... esc stops"
		return func() tea.Msg { return searchMsg{} }
	default:
		m.note = "no sentence, protocol or summary has \"" + m.search.query + "\""
	}
	return nil
}
