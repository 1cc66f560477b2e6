package tui

import (
	"fmt"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// marks are the frames that have a letter.
type marks struct {
	frame  map[rune]int
	letter map[int]rune
}

// set gives a frame a letter; the same one again takes it away. A letter
// marks one frame, and a frame has one letter.
func (m *marks) set(letter rune, frame int) (on bool) {
	if m.frame == nil {
		m.frame, m.letter = map[rune]int{}, map[int]rune{}
	}
	if m.letter[frame] == letter {
		m.clear(letter)
		return false
	}
	m.clear(letter)
	m.clear(m.letter[frame])
	m.frame[letter], m.letter[frame] = frame, letter
	return true
}

func (m *marks) clear(letter rune) {
	if frame, ok := m.frame[letter]; ok {
		delete(m.frame, letter)
		delete(m.letter, frame)
	}
}

// at is the letter of a frame; 0: it has none.
func (m *marks) at(frame int) rune { return m.letter[frame] }

// next is the nearest marked frame after a frame (by 1) or before it (by -1).
func (m *marks) next(frame, by int) (n int, ok bool) {
	for _, at := range m.frame {
		if (at-frame)*by > 0 && (!ok || (at-n)*by < 0) {
			n, ok = at, true
		}
	}
	return n, ok
}

// markable tells whether a rune can be a mark.
func markable(r rune) bool { return r <= '~' && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// lettered takes the letter of a mark.
func (m *model) lettered(k tea.KeyPressMsg) {
	v, a := m.viewer, m.letter
	m.letter = doNothing
	letter := []rune(k.Text)
	if len(letter) != 1 || !markable(letter[0]) || v.t.Frames() == 0 {
		return
	}
	if a == setMark {
		if !v.marks.set(letter[0], v.cursor.frame) {
			m.note = fmt.Sprintf("the mark %c is gone", letter[0])
		}
		return
	}
	n, ok := v.marks.frame[letter[0]]
	if !ok {
		m.note = fmt.Sprintf("no frame has the mark %c: m%c sets it", letter[0], letter[0])
		return
	}
	v.goMark(n)
}

func (v *viewer) goMark(n int) {
	v.page, v.settled = framesPage, true
	v.cursor.goToFrame(n)
}

func (m *model) markBeside(by int) {
	v := m.viewer
	if n, ok := v.marks.next(v.cursor.frame, by); ok {
		v.goMark(n)
		return
	}
	m.note = "no frame further on is marked: m and a letter mark one"
	if by < 0 {
		m.note = "no frame before this one is marked: m and a letter mark one"
	}
}
