package tui

import (
	"fmt"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"strata/tui/keys"
)

// markable tells whether a rune can be a mark.
func markable(r rune) bool { return r <= '~' && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// lettered takes the letter of a mark.
func (m *model) lettered(k tea.KeyPressMsg) {
	v, a := m.viewer, m.letter
	m.letter = keys.DoNothing
	letter := []rune(k.Text)
	if len(letter) != 1 || !markable(letter[0]) || v.T.Frames() == 0 {
		return
	}
	if a == keys.SetMark {
		if !v.Marks.Set(letter[0], v.At.Frame) {
			m.note = fmt.Sprintf("the mark %c is gone", letter[0])
		}
		return
	}
	n, ok := v.Marks.Frame[letter[0]]
	if !ok {
		m.note = fmt.Sprintf("no frame has the mark %c: m%c sets it", letter[0], letter[0])
		return
	}
	v.goMark(n)
}

func (v *viewer) goMark(n int) {
	v.Settled = true
	v.At.GoToFrame(n)
}

func (m *model) markBeside(by int) {
	v := m.viewer
	if n, ok := v.Marks.Next(v.At.Frame, by); ok {
		v.goMark(n)
		return
	}
	m.note = "no frame further on is marked: m and a letter mark one"
	if by < 0 {
		m.note = "no frame before this one is marked: m and a letter mark one"
	}
}
