package draw

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// line is one line of text that is typed.
type Input struct {
	Text []rune
	At   int // the insertion point
}

func (l *Input) Value() string { return string(l.Text) }

func (l *Input) Set(s string) {
	l.Text = []rune(s)
	l.At = len(l.Text)
}

// maxTyped bounds what can be typed or pasted.
const maxTyped = 1000

func (l *Input) Insert(s string) {
	runes := []rune(s)
	if room := maxTyped - len(l.Text); len(runes) > room {
		runes = runes[:max(room, 0)]
	}
	l.Text = slices.Insert(l.Text, l.At, runes...)
	l.At += len(runes)
}

// Key edits the line as shells do.
func (l *Input) Key(k tea.KeyPressMsg) {
	switch k.String() {
	case "backspace":
		if l.At > 0 {
			l.Text = slices.Delete(l.Text, l.At-1, l.At)
			l.At--
		}
	case "delete":
		if l.At < len(l.Text) {
			l.Text = slices.Delete(l.Text, l.At, l.At+1)
		}
	case "left":
		l.At = max(l.At-1, 0)
	case "right":
		l.At = min(l.At+1, len(l.Text))
	case "home", "ctrl+a":
		l.At = 0
	case "end", "ctrl+e":
		l.At = len(l.Text)
	case "ctrl+u":
		l.Text, l.At = l.Text[l.At:], 0
	default:
		l.Insert(k.Text)
	}
}
