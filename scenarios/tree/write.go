package tree

import (
	"strconv"
	"strings"
)

// inline writes a value in one line, as it may stand in brackets.
func (v *Value) inline() string {
	switch v.kind {
	case mapping:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = scalarText(v.keys[i].Name) + ": " + item.inline()
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case sequence:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = item.inline()
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case text:
		return scalarText(v.text)
	case null:
		return "null"
	}
	return v.text
}

// scalarText writes a text so that it is read as that text, in quotes where it
// must be.
func scalarText(s string) string {
	if plainText(s) {
		return s
	}
	return strconv.Quote(s)
}

// plainText says whether a text can do without quotes, in brackets too.
func plainText(s string) bool {
	if s == "" || strings.ContainsAny(s, ",[]{}#&*!|<>'\"@`\\:?\n\r\t") || strings.TrimSpace(s) != s || s[0] == '-' || s[0] == '=' {
		return false
	}
	d, err := Parse("", []byte(s))
	return err == nil && d.root.kind == text && d.root.text == s
}

// document writes a whole file: what it holds, a line each, and of what that
// holds as well.
func (v *Value) document() string {
	if v.kind != mapping {
		return v.inline() + "\n"
	}
	var b strings.Builder
	for i, item := range v.items {
		b.WriteString(scalarText(v.keys[i].Name) + ":")
		switch {
		case item.kind == mapping && len(item.items) > 0:
			for j, inner := range item.items {
				b.WriteString("\n  " + scalarText(item.keys[j].Name) + ": " + inner.inline())
			}
		case item.kind == sequence && len(item.items) > 0:
			for _, inner := range item.items {
				b.WriteString("\n  - " + inner.inline())
			}
		default:
			b.WriteString(" " + item.inline())
		}
		b.WriteString("\n")
	}
	return b.String()
}
