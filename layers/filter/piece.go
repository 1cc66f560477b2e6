package filter

import (
	"fmt"
	"strings"
)

// pieces reads the ranges in the brackets that begin at a place, and gives
// where they end. The lexer goes on after them.
func (l *lexer) pieces(at int) ([]piece, int, *Error) {
	end := strings.IndexByte(l.text[at:], ']')
	if end < 0 {
		return nil, 0, &Error{at, len(l.text) - at, `the closing "]" is missing`}
	}
	end += at
	var all []piece
	for from := at + 1; from <= end; {
		to := from + len(l.text[from:end])
		if i := strings.IndexByte(l.text[from:end], ','); i >= 0 {
			to = from + i
		}
		p, text := readPiece(strings.TrimSpace(l.text[from:to]))
		if text != "" {
			return nil, 0, &Error{from, max(1, to-from), text}
		}
		all = append(all, p)
		from = to + 1
	}
	l.at = end + 1
	return all, l.at, nil
}

// readPiece reads [i], [i:n], [i-j], [:n], [i:] or [:].
func readPiece(s string) (piece, string) {
	from, rest, ok := leadingInt(s)
	if !ok {
		if !strings.HasPrefix(s, ":") {
			return piece{}, fmt.Sprintf("%q is no range; write [first:length], [first-last], [first], [:length] or [first:]", s)
		}
		rest = s
	}
	switch {
	case rest == "":
		return piece{from: from, size: 1}, ""
	case rest == ":":
		return piece{from: from}, ""
	case rest[0] == ':':
		n, rest, ok := leadingInt(strings.TrimSpace(rest[1:]))
		if !ok || rest != "" {
			return piece{}, fmt.Sprintf("%q is no range: a length should follow the colon", s)
		}
		if n <= 0 {
			return piece{}, "a length is at least 1"
		}
		return piece{from: from, size: n}, ""
	case rest[0] == '-':
		last, rest, ok := leadingInt(strings.TrimSpace(rest[1:]))
		if !ok || rest != "" {
			return piece{}, fmt.Sprintf("%q is no range: the last place should follow the minus sign", s)
		}
		if (from < 0) != (last < 0) {
			return piece{}, "both ends of a range count from the same side"
		}
		if last <= from {
			return piece{}, fmt.Sprintf("the range ends at %d, before or where it begins", last)
		}
		return piece{from: from, last: last, hasLast: true}, ""
	}
	return piece{}, fmt.Sprintf("%q is no range", s)
}

// leadingInt reads the number that s begins with, which may be negative.
func leadingInt(s string) (n int, rest string, ok bool) {
	i := 0
	if strings.HasPrefix(s, "-") {
		i = 1
	}
	end := i + digits(s[i:], 20, func(c byte) bool { return hexDigit(c) || c|0x20 == 'x' })
	v, err := parseUint(s[i:end])
	if err != nil || v > 1<<30 {
		return 0, s, false
	}
	n = int(v)
	if i > 0 {
		n = -n
	}
	return n, strings.TrimSpace(s[end:]), true
}

// within gives the piece of n bytes, from and to; false when they do not have
// all of it.
func (p piece) within(n int) (from, to int, ok bool) {
	from = p.from
	if from < 0 {
		from += n
	}
	switch {
	case p.hasLast && p.last < 0:
		to = n + p.last + 1
	case p.hasLast:
		to = p.last + 1
	case p.size > 0:
		to = from + p.size
	default:
		to = n
	}
	return from, to, from >= 0 && from < to && to <= n
}

// hasLayer says whether layer i of n, from 1, is among the pieces.
func hasLayer(pieces []piece, i, n int) bool {
	if len(pieces) == 0 {
		return true
	}
	for _, p := range pieces {
		from, to := p.from, p.from+p.size-1
		switch {
		case p.hasLast:
			to = p.last
		case p.size == 0:
			to = n
		}
		if from < 0 {
			from += n + 1
			if to < 0 {
				to += n + 1
			} else if p.size > 0 {
				to = from + p.size - 1
			}
		}
		if i >= from && i <= to {
			return true
		}
	}
	return false
}
