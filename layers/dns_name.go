package layers

import (
	"fmt"
	"strings"
)

const (
	maxNamePointers = 255  // pointers followed in one name; more is a loop
	maxNameLabels   = 1024 // labels and pointers of a name behind its first pointer
	maxNameText     = 254  // characters of a name; RFC 1035 allows 255 bytes
)

// domainName is a name as a message has it.
type domainName struct {
	text   string // without the last dot; "<Root>" for the root
	size   int    // bytes that it has where it begins
	broken bool   // the message ends before it does
	open   bool   // it ends there, after a whole label
}

// labels is how many parts between dots the name has.
func (n domainName) labels() int {
	if n.text == "<Root>" || n.text == "" {
		return 0
	}
	return 1 + strings.Count(n.text, ".")
}

// readName reads the name at a place in a buffer. It may end in a pointer to
// an earlier one, which counts from base (RFC 1035 section 4.1.4).
func readName(b []byte, base, at int) domainName {
	var text strings.Builder
	start, size, pointers := at, -1, 0
	for labels := 0; at < len(b); labels++ {
		if size >= 0 && labels > maxNameLabels {
			return domainName{broken: true}
		}
		c := int(b[at])
		at++
		switch {
		case c == 0:
			if size < 0 {
				size = at - start
			}
			return finished(text.String(), size)
		case c < 0x40:
			if text.Len() > 0 && text.Len() <= maxNameText {
				text.WriteByte('.')
			}
			if at+c > len(b) {
				return domainName{broken: true}
			}
			text.Write(b[at : at+min(c, max(0, maxNameText+1-text.Len()))])
			at += c
		case c == 0x41: // RFC 2673 section 3.2: a string of bits
			if at >= len(b) {
				return domainName{broken: true}
			}
			bits := int(b[at])
			n := (bits-1)/8 + 1
			if at+1+n > len(b) {
				return domainName{broken: true}
			}
			if text.Len() > 0 && text.Len() < maxNameText {
				fmt.Fprintf(&text, `\[x%x/%d]`, b[at+1:at+1+n], bits)
			}
			at += 1 + n
		case c < 0x80: // only Wireshark's places: where the name goes on is not known
			return domainName{text: "<unknown extended label>", size: at - start, broken: at-start < 2}
		case c < 0xc0 || at >= len(b):
			return domainName{broken: true}
		default:
			to := base + (c&0x3f)<<8 + int(b[at])
			at++
			if size < 0 {
				size = at - start
			}
			if pointers++; to == at+2 || pointers > maxNamePointers {
				return domainName{text: "<a loop of pointers>", size: size}
			}
			at = to
		}
	}
	open := at == len(b) && size < 0 && at > start
	return domainName{text: text.String(), size: at - start, broken: true, open: open}
}

// finished is a name whose end was found. One without text that has more bytes
// than a pointer is none.
func finished(text string, size int) domainName {
	switch {
	case text == "":
		return domainName{text: "<Root>", size: size, broken: size > 2}
	case len(text) > maxNameText:
		text = "<too long a name>"
	}
	return domainName{text: text, size: size}
}
