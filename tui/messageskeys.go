package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// openMessages shows the messages, the one of the cursor's step chosen.
func (m *model) openMessages() tea.Cmd {
	v := m.viewer
	if v.page == messagesPage {
		return nil
	}
	v.page, v.zoomed = messagesPage, false
	return begin(v.messages.open(v))
}

func (m *model) messagesAction(a action) tea.Cmd {
	v := m.viewer
	x := &v.messages
	_, dy := steps(a, max(x.area.h-1, 1))
	switch a {
	case firstStep:
		x.move(-1 << 30)
	case lastStep:
		x.move(1 << 30)
	case otherSide:
		x.turnSide()
	case enter, moveRight:
		m.openJourney()
	case followStream:
		if msg := x.chosen(); msg != nil {
			v.cursor.goTo(msg.first())
			return m.followFrame()
		}
	case nextHit:
		return m.messageOn(1)
	case prevHit:
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
	v.messages.job.stop()
	v.page, v.cameFrom = framesPage, messagesPage
	v.showList(false)
	v.settled, v.slide, v.why.first = true, 1, 0
	v.cursor.goTo(msg.first())
}

// messageOn looks on among the messages.
func (m *model) messageOn(by int) tea.Cmd {
	x := &m.viewer.messages
	if x.typed == "" {
		m.note = "nothing to find yet: type / and a text, or bytes in hex"
		return nil
	}
	return begin(x.find(m.viewer, by, func(row int) {
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
	i := x.top + y - x.area.y
	switch {
	case by != 0:
		x.move(by)
	case y < x.area.y || y >= x.area.y+x.area.h || i >= len(x.shown):
	case i == x.at:
		m.openJourney()
	default:
		x.move(i - x.at)
	}
	return nil
}
