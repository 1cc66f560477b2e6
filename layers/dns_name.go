package layers

import (
	"fmt"
	"strings"
)

const (
	maxNamePointers = 10   // pointers followed in one name; more is a loop
	maxNameText     = 1024 // bytes of a name as text; RFC 1035 allows 255
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
	done := func(s string) domainName {
		if size < 0 {
			size = at - start
		}
		return domainName{text: s, size: size}
	}
	for at < len(b) {
		c := int(b[at])
		at++
		switch {
		case c == 0:
			n := done(text.String())
			if n.text == "" {
				n.text = "<Root>"
				n.broken = n.size > 1 // a pointer to the root is not told from a loop
			}
			return n
		case c < 0x40:
			if text.Len() > 0 && text.Len() < maxNameText {
				text.WriteByte('.')
			}
			if at+c > len(b) {
				return domainName{broken: true}
			}
			text.Write(b[at : at+min(c, max(0, maxNameText-text.Len()))])
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
		case c < 0x80:
			return done("<unknown extended label>")
		case c < 0xc0:
			return done("<unknown label type>")
		default:
			if at >= len(b) {
				return domainName{broken: true}
			}
			to := base + (c&0x3f)<<8 + int(b[at])
			at++
			if size < 0 {
				size = at - start
			}
			if pointers++; to == at-2 || pointers > maxNamePointers {
				return done("<a loop of pointers>")
			}
			at = to
		}
	}
	open := at == len(b) && size < 0 && at > start
	return domainName{text: text.String(), size: at - start, broken: true, open: open}
}
