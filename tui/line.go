package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// line is one line of text that is typed.
type line struct {
	text []rune
	at   int // the insertion point
}

func (l *line) value() string { return string(l.text) }

func (l *line) set(s string) {
	l.text = []rune(s)
	l.at = len(l.text)
}

// maxTyped bounds what can be typed or pasted.
const maxTyped = 1000

func (l *line) insert(s string) {
	runes := []rune(s)
	if room := maxTyped - len(l.text); len(runes) > room {
		runes = runes[:max(room, 0)]
	}
	l.text = slices.Insert(l.text, l.at, runes...)
	l.at += len(runes)
}

// key edits the line as shells do.
func (l *line) key(k tea.KeyPressMsg) {
	switch k.String() {
	case "backspace":
		if l.at > 0 {
			l.text = slices.Delete(l.text, l.at-1, l.at)
			l.at--
		}
	case "delete":
		if l.at < len(l.text) {
			l.text = slices.Delete(l.text, l.at, l.at+1)
		}
	case "left":
		l.at = max(l.at-1, 0)
	case "right":
		l.at = min(l.at+1, len(l.text))
	case "home", "ctrl+a":
		l.at = 0
	case "end", "ctrl+e":
		l.at = len(l.text)
	case "ctrl+u":
		l.text, l.at = l.text[l.at:], 0
	default:
		l.insert(k.Text)
	}
}
