package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Some terminals draw the glyphs of frames and sparklines two cells wide, as
// East Asian fonts have them. One is written at the beginning of the second
// line, and the terminal asked where its cursor is then; the cursor goes back
// to where it was.
const measure = "\x1b7\x1b[2;1H─\x1b[6n\x1b8"

// measureLater asks once, when the screen has been drawn. A terminal that does
// not answer is taken to be narrow.
func (m *model) measureLater() tea.Cmd {
	if m.asked || m.opt.ASCII {
		return nil
	}
	m.asked = true
	return tea.Tick(100*time.Millisecond, func(time.Time) tea.Msg { return measureMsg{} })
}

// measured takes the answer: where the glyph took two cells, signs of ASCII
// stand for it. The line it was written on is drawn anew.
func (m *model) measured(at tea.CursorPositionMsg) tea.Cmd {
	if at.X == 2 {
		m.opt.ASCII, m.canvas.ASCII = true, true
		m.fresh = false
	}
	return tea.ClearScreen
}
