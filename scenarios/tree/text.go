package tree

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Unsafe says whether a character could do something to a terminal or mislead
// its reader: controls, and marks that turn the direction of writing.
func Unsafe(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) || r == '\u2028' || r == '\u2029'
}

// Clean puts ? for what is unsafe.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if Unsafe(r) {
			return '?'
		}
		return r
	}, s)
}

// Plain makes text from a file fit for one line of an error message.
func Plain(s string) string {
	s = Clean(s)
	const limit = 60
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "~"
	}
	return s
}

// Quote is Plain in quotes.
func Quote(s string) string { return strconv.Quote(Plain(s)) }

// Wrong is the message for a name that is not among those known: it says
// which one was probably meant, or lists them all.
func Wrong(what, got string, known []string) string {
	best := Meant(got, known)
	switch {
	case best != "":
		return fmt.Sprintf("there is no %s %s; did you mean %s?", what, Quote(got), Quote(best))
	case len(known) == 0:
		return fmt.Sprintf("there is no %s %s", what, Quote(got))
	case len(known) > 24:
		return fmt.Sprintf("there is no %s %s; `strata schema` lists all", what, Quote(got))
	}
	return fmt.Sprintf("there is no %s %s; there are: %s", what, Quote(got), strings.Join(known, ", "))
}

// Meant is the one of the known words that was probably meant, or "".
func Meant(got string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := editDistance(got, k); d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	return best
}

// editDistance is the number of single-character edits between two words;
// words that are too long to be a slip of the keyboard are far apart.
func editDistance(a, b string) int {
	const long = 40
	if len(a) > long || len(b) > long {
		return long
	}
	var row [long + 1]int
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := diagonal
			if a[i-1] != b[j-1] {
				change++
			}
			diagonal = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
