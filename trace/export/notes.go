package export

import (
	"cmp"
	"slices"
	"strings"

	"strata/trace"
)

// noteKind is what a note beside a drawing is about.
type noteKind uint8

const (
	again  noteKind = iota // why a frame was sent once more
	harmed                 // why a frame was lost or refused
	said                   // by the scenario's narration
)

// note is a remark at a moment of a drawing, about one of its frames.
type note struct {
	at    trace.Time
	frame int
	kind  noteKind
	text  string
}

// notesOf are a journey's notes in order of time. A resend is explained where
// it is made, not again on each wire of its way.
func notesOf(t trace.Trace, j *journey) []note {
	var all []note
	for _, n := range j.frames {
		f := t.Frame(n)
		if wrong(t, f) {
			all = append(all, note{t.Event(f.Last).Time, n, harmed, t.Text(f.Last)})
		}
		if f.Resent && f.Hop == 1 {
			all = append(all, note{f.Sent, n, again, whyMade(t, f.Transmit)})
		}
		if len(t.Info().Narration) == 0 {
			continue
		}
		for _, s := range t.Steps(n) {
			if text := t.Info().Narration[s]; text != "" {
				all = append(all, note{t.Event(s).Time, n, said, text})
			}
		}
	}
	all = slices.DeleteFunc(all, func(n note) bool { return n.text == "" })
	slices.SortStableFunc(all, func(a, b note) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind)) })
	return all
}

// wrapped breaks a text into lines of at most n characters, where words end.
func wrapped(text string, n int) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		word = clean(word)
		for r := []rune(word); len(r) > n; r = []rune(word) { // no word is as long
			lines, word = append(lines, string(r[:n-1])+"~"), string(r[n-1:])
		}
		last := len(lines) - 1
		if last < 0 || len([]rune(lines[last]))+1+len([]rune(word)) > n {
			lines = append(lines, word)
			continue
		}
		lines[last] += " " + word
	}
	return lines
}
