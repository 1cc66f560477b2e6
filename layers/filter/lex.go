package filter

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokenKind says what a token is.
type tokenKind uint8

const (
	tokEnd    tokenKind = iota
	tokOp               // an operator, a bracket, a word of the language
	tokWord             // a name, or a value without quotes
	tokField            // a name that began with a dot: a field, never a value
	tokValue            // what can only be a value: 00:11:22, 10.0.0.0/8, ::1
	tokString           // "text"; token.text is without quotes and escapes
	tokChar             // 'c'
)

// token is a piece of a filter's text.
type token struct {
	kind   tokenKind
	text   string
	at, to int // where it is, bytes
}

// keywords are the words that are not names, and the operators that they stand
// for.
var keywords = map[string]string{
	"and": "&&", "or": "||", "not": "!", "in": "in", "any": "any", "all": "all", "contains": "contains", "matches": "~",
	"eq": "==", "any_eq": "==", "ne": "!=", "all_ne": "!=", "all_eq": "===", "any_ne": "!==",
	"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "bitwise_and": "&",
}

// symbols are the operators, longer ones before their beginnings.
var symbols = []struct{ text, op string }{
	{"===", "==="}, {"!==", "!=="}, {"==", "=="}, {"!=", "!="}, {"~=", "!=="}, {">=", ">="}, {"<=", "<="}, {"&&", "&&"},
	{"||", "||"}, {"..", ".."}, {">", ">"}, {"<", "<"}, {"!", "!"}, {"~", "~"}, {"&", "&"}, {"+", "+"}, {"-", "-"},
	{"*", "*"}, {"/", "/"}, {"%", "%"}, {"(", "("}, {")", ")"}, {"{", "{"}, {"}", "}"}, {"[", "["}, {"]", "]"}, {",", ","}, {"#", "#"},
}

// lexer cuts a filter's text into tokens.
type lexer struct {
	text string
	at   int
}

// next gives the next token. Of all that could begin here the longest wins.
func (l *lexer) next() (token, *Error) {
	for l.at < len(l.text) && strings.IndexByte(" \t\r\n", l.text[l.at]) >= 0 {
		l.at++
	}
	rest := l.text[l.at:]
	if rest == "" {
		return token{tokEnd, "", l.at, l.at}, nil
	}
	switch c := rest[0]; {
	case c == '"':
		return l.quoted(1, '"', false)
	case (c == 'r' || c == 'R') && len(rest) > 1 && rest[1] == '"':
		return l.quoted(2, '"', true)
	case c == '\'':
		return l.quoted(1, '\'', false)
	}
	word, value := wordLen(rest), valueLen(rest)
	switch {
	case value > word:
		return l.take(tokValue, value), nil
	case word > 0:
		t := l.take(tokWord, word)
		if op, ok := keywords[t.text]; ok {
			t.kind, t.text = tokOp, op
		}
		return t, nil
	case rest[0] == '.' && !strings.HasPrefix(rest, "..") && wordLen(rest[1:]) > 0:
		l.at++
		t := l.take(tokField, wordLen(rest[1:]))
		t.at--
		return t, nil
	}
	for _, s := range symbols {
		if strings.HasPrefix(rest, s.text) {
			t := l.take(tokOp, len(s.text))
			t.text = s.op
			return t, nil
		}
	}
	return token{}, l.strange(rest)
}

// strange is the error about what no token begins with.
func (l *lexer) strange(rest string) *Error {
	_, n := utf8.DecodeRuneInString(rest)
	text := strconv.Quote(rest[:n]) + " has no meaning here"
	switch {
	case rest[0] == '=':
		text = `one "=" is no operator; write "==" to compare`
	case rest[0] == '$':
		text = "fields of a selected frame, ${…}, are not known here; write the value itself"
	case rest[0] == '|':
		text = `one "|" is no operator; write "||" for "or"`
	case rest[0] >= utf8.RuneSelf:
		text = "letters beyond ASCII can only stand in double quotes"
	}
	return &Error{l.at, n, text}
}

func (l *lexer) take(kind tokenKind, n int) token {
	t := token{kind, l.text[l.at : l.at+n], l.at, l.at + n}
	l.at += n
	return t
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

// wordLen is the length of the name or number that s begins with. Minus signs
// and single dots may stand within it: mac-lte, ip.src, 1.5, 00-11.
func wordLen(s string) int {
	if s == "" || !wordByte(s[0]) {
		return 0
	}
	n := 1
	for n < len(s) {
		switch {
		case wordByte(s[n]) || s[n] == '-':
		case s[n] == '.' && n+1 < len(s) && (wordByte(s[n+1]) || s[n+1] == '-'):
		default:
			return n
		}
		n++
	}
	return n
}

// valueLen is the length of the bytes or the address that s begins with, where
// they have a sign that no name has: a colon, or a prefix length.
func valueLen(s string) int {
	return max(bytesLen(s), addressLen(s))
}

// bytesLen is the length of 00:11:22, or of a value marked by a colon before it.
func bytesLen(s string) int {
	if s[0] == ':' {
		if n := bytesLen1(s[1:]); n > 0 {
			return 1 + max(n, wordLen(s[1:]))
		}
		return 0
	}
	if n := bytesLen1(s); n > 2 {
		return n
	}
	return 0
}

// bytesLen1 is the length of pairs of hex digits with colons between them; of
// one digit too, when it is alone.
func bytesLen1(s string) int {
	if len(s) == 0 || !hexDigit(s[0]) {
		return 0
	}
	if len(s) == 1 || !hexDigit(s[1]) {
		return 1
	}
	n := 2
	for n+2 < len(s) && s[n] == ':' && hexDigit(s[n+1]) && hexDigit(s[n+2]) {
		n += 3
	}
	return n
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// addressLen is the length of the IP address that s begins with, with its
// prefix length; 0 where a word says as much.
func addressLen(s string) int {
	const longest = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")
	n, colon := 0, false
	for n < len(s) && n < longest && (hexDigit(s[n]) || s[n] == ':' || s[n] == '.') {
		colon = colon || s[n] == ':'
		n++
	}
	if !colon {
		n = wordLen(s)
		if _, err := netip.ParseAddr(s[:n]); err != nil {
			return 0
		}
		return n + prefixLen(s[n:], 2)
	}
	for ; n >= len("::"); n-- {
		if a, err := netip.ParseAddr(s[:n]); err == nil && a.Is6() {
			return n + prefixLen(s[n:], 3)
		}
	}
	return 0
}

// prefixLen is the length of a slash and up to so many digits.
func prefixLen(s string, digits int) int {
	if s == "" || s[0] != '/' {
		return 0
	}
	n := 1
	for n < len(s) && n <= digits && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n == 1 {
		return 0
	}
	return n
}

// quoted reads a text in quotes, which begins after the first bytes.
func (l *lexer) quoted(first int, quote byte, raw bool) (token, *Error) {
	at := l.at
	var b strings.Builder
	for i := at + first; i < len(l.text); {
		c := l.text[i]
		switch {
		case c == quote:
			l.at = i + 1
			t := token{tokString, b.String(), at, l.at}
			if quote == '\'' {
				t.kind = tokChar
				if len(t.text) != 1 {
					return t, &Error{at, l.at - at, "a character constant is one character; write a text in double quotes"}
				}
			}
			return t, nil
		case c != '\\':
			b.WriteByte(c)
			i++
		case raw:
			n := min(2, len(l.text)-i)
			b.WriteString(l.text[i : i+n])
			i += n
		default:
			n, err := l.escape(&b, i)
			if err != nil {
				return token{}, err
			}
			i += n
		}
	}
	return token{}, &Error{at, len(l.text) - at, "the closing quote is missing"}
}

// plainEscapes are the letters after a backslash that stand for one byte.
var plainEscapes = map[byte]byte{
	'\'': '\'', '"': '"', '\\': '\\', 'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
}

// escape reads what begins with the backslash at i, and gives its length.
func (l *lexer) escape(b *strings.Builder, i int) (int, *Error) {
	s := l.text[i:]
	if len(s) < 2 {
		return len(s), nil // the quote that is missing is the mistake
	}
	if c, ok := plainEscapes[s[1]]; ok {
		b.WriteByte(c)
		return 2, nil
	}
	switch c := s[1]; {
	case c >= '0' && c <= '7':
		n := digits(s[1:], 3, func(c byte) bool { return c >= '0' && c <= '7' })
		v, err := strconv.ParseUint(s[1:1+n], 8, 8)
		if err != nil {
			return 0, &Error{i, 1 + n, s[:1+n] + ` is larger than \377, the largest byte`}
		}
		b.WriteByte(byte(v))
		return 1 + n, nil
	case c == 'x':
		if n := digits(s[2:], 2, hexDigit); n > 0 {
			v, _ := strconv.ParseUint(s[2:2+n], 16, 8)
			b.WriteByte(byte(v))
			return 2 + n, nil
		}
	case c == 'u' || c == 'U':
		want := map[byte]int{'u': 4, 'U': 8}[c]
		n := digits(s[2:], want, hexDigit)
		v, _ := strconv.ParseUint(s[2:2+n], 16, 32)
		if n < want || !utf8.ValidRune(rune(v)) {
			return 0, &Error{i, 2 + n, s[:2+n] + ` is no character; write \uNNNN or \UNNNNNNNN in hex`}
		}
		b.WriteRune(rune(v))
		return 2 + n, nil
	}
	return 0, &Error{i, 2, s[:2] + ` is no escape; write \\ for a backslash, or a raw string: r"…"`}
}

// digits counts the digits that s begins with, up to most.
func digits(s string, most int, is func(byte) bool) int {
	n := 0
	for n < len(s) && n < most && is(s[n]) {
		n++
	}
	return n
}
