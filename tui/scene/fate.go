package scene

import (
	"strings"

	"strata/trace"
)

// DropWords say why a PDU ended, in a few words from its reason's code: "✗
// lost (fault)", "✗ dropped (ttl expired)"; what nobody misses is ignored.
func DropWords(e trace.Event) string {
	words := FateWords(e)
	switch {
	case strings.HasPrefix(words, "lost"):
		return "✗ " + words
	case !e.Why.Reason().Bad:
		return "ignored (" + words + ")"
	}
	return "✗ dropped (" + words + ")"
}

// FateWords are the same for one who sees the ✗ already: "lost (fault)", "ttl
// expired".
func FateWords(e trace.Event) string {
	kind, code, _ := strings.Cut(e.Why.String(), ".")
	switch {
	case code == "":
		return "lost"
	case kind == "fault":
		return "lost (fault)"
	}
	return strings.ReplaceAll(strings.TrimPrefix(code, "drop-"), "-", " ")
}

// Harmed reports whether a frame was lost on its way, or refused for a reason
// that is no good one. A frame for somebody else is not harmed.
func Harmed(t trace.Trace, f trace.Frame) bool {
	return f.Fate == trace.Lost || f.Fate == trace.Refused && t.Event(f.Last).Why.Reason().Bad
}
