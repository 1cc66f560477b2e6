package tui

import "testing"

func TestSpeaksOf(t *testing.T) {
	for _, c := range []struct {
		text, word string
		want       bool
	}{
		{"They are called namespaces.", "namespace", true}, {"QoS 1, at least once", "QoS", true}, {"no such topical word", "topic", false},
		{"subtopics, then topics", "topic", true}, {"", "topic", false}, {"Head-of-line blocking.", "head-of-line blocking", true},
	} {
		if got := speaksOf(c.text, c.word); got != c.want {
			t.Errorf("speaksOf(%q, %q) = %v", c.text, c.word, got)
		}
	}
}
