package tui

import "unicode"

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
