package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"strata/tui/keys"
	"strata/tui/scene"
)

// openMessages shows the messages, the one of the cursor's step chosen.
func (m *model) openMessages() tea.Cmd {
	v := m.viewer
	if v.page == messagesPage {
		return nil
	}
	v.page, v.zoomed = messagesPage, false
	return scene.Begin(v.messages.open(v))
}

func (m *model) messagesAction(a keys.Action) tea.Cmd {
	v := m.viewer
	x := &v.messages
	_, dy := keys.Steps(a, max(x.area.H-1, 1))
	switch a {
	case keys.FirstStep:
		x.move(-1 << 30)
	case keys.LastStep:
		x.move(1 << 30)
	case keys.OtherSide:
		x.turnSide()
	case keys.Enter, keys.MoveRight:
		m.openJourney()
	case keys.FollowStream:
		if msg := x.chosen(); msg != nil {
			v.At.GoTo(msg.first())
			return m.followFrame()
		}
	case keys.NextHit:
		return m.messageOn(1)
	case keys.PrevHit:
		return m.messageOn(-1)
	default:
		x.move(dy)
	}
	return nil
}

// openJourney goes to where the chosen message begins; esc comes back.
func (m *model) openJourney() {
	v := m.viewer
	msg := v.messages.chosen()
	if msg == nil {
		return
	}
	v.messages.job.Stop()
	v.page, v.cameFrom = framesPage, messagesPage
	v.showList(false)
	v.Settled, v.slide = true, 1
	v.At.GoTo(msg.first())
}

// messageOn looks on among the messages.
func (m *model) messageOn(by int) tea.Cmd {
	x := &m.viewer.messages
	if x.typed == "" {
		m.note = "nothing to find yet: type / and a text, or bytes in hex"
		return nil
	}
	return scene.Begin(x.find(m.viewer, by, func(row int) {
		if row < 0 {
			m.note = fmt.Sprintf("no message has %q in it", x.typed)
			return
		}
		x.move(row - x.at)
	}))
}

// messagesMouse takes the mouse: the chosen row is opened.
func (m *model) messagesMouse(y, by int) tea.Cmd {
	x := &m.viewer.messages
	i := x.top + y - x.area.Y
	switch {
	case by != 0:
		x.move(by)
	case y < x.area.Y || y >= x.area.Y+x.area.H || i >= len(x.shown):
	case i == x.at:
		m.openJourney()
	default:
		x.move(i - x.at)
	}
	return nil
}
