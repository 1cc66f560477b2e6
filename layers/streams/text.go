package streams

import (
	"bytes"
	"unicode/utf8"
)

// text tells whether bytes that come in pieces are UTF-8 text.
type text struct {
	bad  bool
	rest [utf8.UTFMax]byte // the beginning of a character
	n    int
}

func (t *text) feed(b []byte) {
	for t.n > 0 && len(b) > 0 && !t.bad {
		t.rest[t.n] = b[0]
		t.n++
		b = b[1:]
		if utf8.FullRune(t.rest[:t.n]) {
			t.bad = !utf8.Valid(t.rest[:t.n])
			t.n = 0
		}
	}
	if t.bad || len(b) == 0 {
		return
	}
	cut := len(b)
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				cut = len(b) - i
			}
			break
		}
	}
	t.n = copy(t.rest[:], b[cut:])
	t.bad = !utf8.Valid(b[:cut]) || bytes.IndexByte(b, 0) >= 0
}

// whole says that all bytes so far are text, and no character is cut off.
func (t *text) whole() bool { return !t.bad && t.n == 0 }
