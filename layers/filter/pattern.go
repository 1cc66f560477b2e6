package filter

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"
)

// pattern is a regular expression over bytes, where letters match in both
// cases. It takes each byte for the character of that number, as Wireshark
// does, for a frame's bytes need not be UTF-8.
type pattern struct{ re *regexp.Regexp }

// Bounds of a pattern's text and of what its repetitions make of it, and so
// of the memory and the time that it takes.
const (
	maxPattern = 2048
	maxStates  = 10000
)

// states is about how many states a pattern's machine has.
func states(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n += states(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(1, re.Min, re.Max)
	}
	return min(n, maxStates+1)
}

func compilePattern(text string) (*pattern, string) {
	if len(text) > maxPattern {
		return nil, "a regular expression may have 2048 bytes at most"
	}
	text = "(?i)" + string(latin(nil, text))
	tree, err := syntax.Parse(text, syntax.Perl)
	if err == nil && states(tree) > maxStates {
		return nil, "this regular expression repeats too much"
	}
	var re *regexp.Regexp
	if err == nil {
		re, err = regexp.Compile(text)
	}
	if err != nil {
		why := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		if strings.Contains(why, "(?") || strings.Contains(why, "escape sequence") {
			why += " (there is no looking around and no reference back here: patterns are RE2's, which never take long)"
		}
		return nil, "this is no regular expression: " + why
	}
	return &pattern{re}, ""
}

// latin writes each byte as the UTF-8 of the character of its number.
func latin[T string | []byte](dst []byte, s T) []byte {
	for i := range len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, c)
		} else {
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}

var latinBuffers = sync.Pool{New: func() any { return new([]byte) }}

// match says whether a value matches.
func (p *pattern) match(v *value, k kind) bool {
	buf := latinBuffers.Get().(*[]byte)
	defer latinBuffers.Put(buf)
	switch k {
	case kindString:
		*buf = latin((*buf)[:0], v.text)
	case kindProto:
		*buf = latin((*buf)[:0], v.wide)
	default:
		*buf = latin((*buf)[:0], v.bytes)
	}
	return (k == kindString || len(*buf) > 0) && p.re.Match(*buf) // as in Wireshark, no bytes match nothing
}
