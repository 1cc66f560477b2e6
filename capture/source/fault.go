package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// Fault is a place from which a capture cannot be read further. The frames
// before it have been given.
type Fault struct {
	File   string // its name, without control characters
	Packet int    // which frame could not be read, from 1; 0: it is not about a frame
	At     int64  // bytes from the file's start, unpacked
	What   string // what is wrong there
}

// Error gives file, frame, place and cause.
func (f *Fault) Error() string {
	if f.Packet == 0 {
		return fmt.Sprintf("%s: byte %d: %s", f.File, f.At, f.What)
	}
	return fmt.Sprintf("%s: packet %d at byte %d: %s", f.File, f.Packet, f.At, f.What)
}

// inFrame marks a fault as one of the frame that is read; Source fills in its
// number.
const inFrame = -1

func faultf(at int64, format string, args ...any) *Fault {
	return &Fault{At: at, What: fmt.Sprintf(format, args...)}
}

// frameFault is a fault of a frame.
func frameFault(at int64, format string, args ...any) *Fault {
	return &Fault{Packet: inFrame, At: at, What: fmt.Sprintf(format, args...)}
}

// clean replaces what must not reach a terminal. A line's end becomes a space,
// and a zero ends the text, as some writers close theirs.
func clean(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case !unicode.IsPrint(r):
			return '.'
		}
		return r
	}, strings.ToValidUTF8(string(b), "."))
}
