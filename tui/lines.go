package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/layout"
)

// For screen readers there are lines instead of panes: nothing on the screen
// moves or is written over. The same keys do the same things, and after each
// one those lines are written that tell something new: of the pane in focus,
// of why, and what is chosen.
type speaker struct {
	said   map[string]bool // the lines drawn last; true: it was chosen
	unsaid []string
	busy   bool // something is being written
}

// spokenMsg tells that what was to be written is written.
type spokenMsg struct{}

// linesHeight is how many lines there are of what is told at once.
const linesHeight = 44

// speaks reports whether a message can bring something to tell. What only
// moves, or counts, is told with the next key.
func speaks(msg tea.Msg) bool {
	switch msg.(type) {
	case tickMsg, slideMsg, countMsg, measureMsg, tea.ColorProfileMsg, tea.BackgroundColorMsg, tea.CursorPositionMsg, tea.KeyReleaseMsg:
		return false
	}
	return true
}

// speak writes what is new since the last time.
func (m *model) speak(msg tea.Msg) tea.Cmd {
	s := &m.speaker
	if _, ok := msg.(spokenMsg); ok {
		s.busy = false
	} else if speaks(msg) && !m.fresh && m.w > 0 {
		m.fresh = true
		s.unsaid = append(s.unsaid, s.news(m.told())...)
	}
	if s.busy || len(s.unsaid) == 0 {
		return nil
	}
	text := strings.Join(s.unsaid, "\n")
	s.unsaid, s.busy = nil, true
	return tea.Sequence(tea.Println(text), func() tea.Msg { return spokenMsg{} })
}

// told are the lines of what would be on the screen.
func (m *model) told() []string {
	w, h := m.w, m.h
	m.w, m.h = min(max(w-1, minWidth), 100), linesHeight
	m.draw()
	m.w, m.h = w, h
	lines := m.canvas.Lines()
	if m.viewer != nil && (m.over == noOverlay || m.over == lessonOverlay) {
		lines[1] = "" // the run as a picture
	}
	if m.note == "" && m.asking == nil && m.over != lessonOverlay {
		lines[len(lines)-1] = "" // the hints: the help has all keys
	}
	return lines
}

// news are the lines that were not told the last time, or are chosen only now.
func (s *speaker) news(lines []string) (out []string) {
	was := s.said
	s.said = map[string]bool{}
	bar := draw.ToASCII("▐")
	for _, line := range lines {
		text, chosen := strings.CutPrefix(line, bar)
		text = strings.TrimSpace(text)
		if strings.Trim(text, "-| ") == "" {
			continue
		}
		old, told := was[text]
		s.said[text] = chosen
		switch {
		case chosen && !old:
			out = append(out, "> "+text)
		case !told:
			if strings.HasPrefix(line, "--") { // a title
				line = strings.Trim(line, "- ")
			}
			out = append(out, strings.TrimRight(strings.TrimPrefix(line, bar), " "))
		}
	}
	return out
}

// linesTree is the pane in focus over the explanation. Of a picture there is
// the list of what it shows.
func (v *viewer) linesTree() *layout.Node {
	if v.focus == journeyPane {
		return layout.Above(-12, layout.Place(listPane), layout.Place(whyPane))
	}
	if v.focus == whyPane || v.Zoomed {
		return layout.Place(v.focus)
	}
	return layout.Above(-12, layout.Place(v.focus), layout.Place(whyPane))
}

// linesView shows nothing but what is being typed.
func (m *model) linesView() tea.View {
	text := ""
	if m.asking != nil {
		text = m.asking.Sign + m.line.Text()
	}
	v := tea.NewView(draw.ToASCII(draw.Clean(text)))
	v.WindowTitle = "strata"
	return v
}
