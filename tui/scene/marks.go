package scene

// Marks are the frames that have a letter.
type Marks struct {
	Frame  map[rune]int
	letter map[int]rune
}

// Set gives a frame a letter; the same one again takes it away. A letter
// marks one frame, and a frame has one letter.
func (m *Marks) Set(letter rune, frame int) (on bool) {
	if m.Frame == nil {
		m.Frame, m.letter = map[rune]int{}, map[int]rune{}
	}
	if m.letter[frame] == letter {
		m.clear(letter)
		return false
	}
	m.clear(letter)
	m.clear(m.letter[frame])
	m.Frame[letter], m.letter[frame] = frame, letter
	return true
}

func (m *Marks) clear(letter rune) {
	if frame, ok := m.Frame[letter]; ok {
		delete(m.Frame, letter)
		delete(m.letter, frame)
	}
}

// At is the letter of a frame; 0: it has none.
func (m *Marks) At(frame int) rune { return m.letter[frame] }

// Next is the nearest marked frame after a frame (by 1) or before it (by -1).
func (m *Marks) Next(frame, by int) (n int, ok bool) {
	for _, at := range m.Frame {
		if (at-frame)*by > 0 && (!ok || (at-n)*by < 0) {
			n, ok = at, true
		}
	}
	return n, ok
}
