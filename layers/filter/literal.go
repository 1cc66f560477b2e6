package filter

import (
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// constant reads a literal as a value that can stand beside values of a kind;
// what is the field whose values they are, nil for other operands. Partial
// allows bytes of an address, to look for within it.
func constant(t token, k kind, what *entry, partial bool) (value, *Error) {
	v, text := literal(t, k, what, partial)
	if text == "" {
		return v, nil
	}
	return v, &Error{t.at, t.to - t.at, text}
}

// literal is constant, with the mistake as text.
func literal(t token, k kind, what *entry, partial bool) (value, string) {
	if k == kindString {
		return value{text: t.text}, ""
	}
	if k == kindProto || k == kindBytes || partial && k == kindMAC {
		return bytesLiteral(t)
	}
	if t.kind == tokChar {
		switch k {
		case kindUint, kindInt:
			return value{num: uint64(t.text[0])}, ""
		case kindBool:
			return value{num: min(1, uint64(t.text[0]))}, ""
		}
		return value{}, unfit(t, k, what)
	}
	switch k {
	case kindUint, kindInt:
		return number(t, k, what)
	case kindBool:
		return truth(t, what)
	case kindFloat:
		if f, err := strconv.ParseFloat(t.text, 64); err == nil && t.kind != tokString {
			return value{num: math.Float64bits(f)}, ""
		}
	case kindMAC:
		if b, ok := hexBytes(t.text); ok && t.kind != tokString {
			if len(b) != 6 {
				return value{}, fmt.Sprintf("a MAC address has 6 bytes, not %d; to compare a part of it write %s[0:%d]", len(b), nameOf(what, "eth.src"), len(b))
			}
			return value{bytes: b}, ""
		}
	case kindIPv4, kindIPv6:
		return address(t, k, what)
	case kindMoment:
		return moment(t, what)
	case kindSpan:
		if ns, ok := seconds(t.text); ok && t.kind != tokString {
			return signed(ns), ""
		}
	case kindHeading:
		return value{}, nameOf(what, "it") + " has no value to compare; write the name alone to see the frames that have it"
	}
	return value{}, unfit(t, k, what)
}

func nameOf(what *entry, otherwise string) string {
	if what == nil {
		return otherwise
	}
	return what.name
}

// unfit says that a literal is nothing of the kind.
func unfit(t token, k kind, what *entry) string {
	shown := strconv.Quote(t.text)
	text := nameOf(what, "this") + " is " + kinds[k].name + "; " + shown + " is not one"
	if t.kind == tokString {
		if _, bad := literal(token{kind: tokWord, text: t.text}, k, what, false); bad == "" {
			return nameOf(what, "this") + " is " + kinds[k].name + "; write " + t.text + " without the quotes"
		}
	}
	return text + " (such as " + kinds[k].example + ")"
}

// number reads an unsigned number: decimal, 0x…, 0b…, 0… octal, or the name
// of one of the field's values.
func number(t token, k kind, what *entry) (value, string) {
	if t.kind != tokString {
		v, err := parseUint(t.text)
		bits := 64
		if what != nil && what.bits > 0 {
			bits = what.bits
		}
		if k == kindInt {
			bits--
		}
		if err == nil && bits < 64 && v>>bits != 0 || err != nil && isRange(err) {
			return value{}, fmt.Sprintf("%s is too large for %s, whose largest value is %d", t.text, nameOf(what, "the field"), uint64(1)<<bits-1)
		}
		if err == nil {
			return value{num: v}, ""
		}
	}
	if what == nil {
		return value{}, unfit(t, k, what)
	}
	for _, v := range sortedValues(what.names) {
		if strings.EqualFold(what.names[v], t.text) {
			return value{num: v}, ""
		}
	}
	if len(what.names) > 0 {
		return value{}, fmt.Sprintf("%s has no value named %q; write its number, or a name in quotes, such as %q", what.name, t.text, what.names[sortedValues(what.names)[0]])
	}
	return value{}, unfit(t, k, what)
}

func isRange(err error) bool {
	n, ok := err.(*strconv.NumError)
	return ok && n.Err == strconv.ErrRange
}

// parseUint reads a number in the bases that C has, and 0b.
func parseUint(s string) (uint64, error) {
	base, digits := 10, s
	switch {
	case len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x':
		base, digits = 16, s[2:]
	case len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'b':
		base, digits = 2, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, digits = 8, s[1:]
	}
	return strconv.ParseUint(digits, base, 64)
}

// truth reads a boolean.
func truth(t token, what *entry) (value, string) {
	switch t.text {
	case "True", "TRUE":
		if t.kind != tokString {
			return value{num: 1}, ""
		}
	case "False", "FALSE":
		if t.kind != tokString {
			return value{}, ""
		}
	}
	switch {
	case strings.EqualFold(t.text, "set"):
		return value{num: 1}, ""
	case strings.EqualFold(t.text, "not set"):
		return value{}, ""
	}
	if v, err := parseUint(t.text); err == nil && t.kind != tokString {
		return value{num: min(v, 1)}, ""
	}
	return value{}, unfit(t, kindBool, what)
}

// address reads an IP address, with a prefix length or without.
func address(t token, k kind, what *entry) (value, string) {
	text, prefix, cut := strings.Cut(t.text, "/")
	a, err := netip.ParseAddr(text)
	if err != nil || a.Is4() != (k == kindIPv4) || t.kind == tokString {
		return value{}, unfit(t, k, what)
	}
	v := fromAddr(a)
	if cut {
		n, err := strconv.Atoi(prefix)
		if err != nil || n > a.BitLen() {
			return v, fmt.Sprintf("the prefix of %s has at most %d bits, not %s", kinds[k].name, a.BitLen(), prefix)
		}
		v.host = uint8(a.BitLen() - n)
	}
	return v, ""
}

// bytesLiteral reads bytes: a quoted text, a character, or hex.
func bytesLiteral(t token) (value, string) {
	switch t.kind {
	case tokString, tokChar:
		return value{bytes: []byte(t.text)}, ""
	}
	if len(t.text) > 2 && t.text[0] == '0' && t.text[1]|0x20 == 'x' {
		n, err := strconv.ParseUint(t.text[2:], 16, 8)
		if err != nil || len(t.text) > 4 {
			return value{}, t.text + " is not one byte; write more of them with colons: 00:11:22"
		}
		return value{bytes: []byte{byte(n)}}, ""
	}
	if b, ok := hexBytes(t.text); ok {
		return value{bytes: b}, ""
	}
	return value{}, fmt.Sprintf("%q are no bytes; write them as 00:11:22, or a text in double quotes", t.text)
}

// hexBytes reads hex digits in pairs, with one kind of sign between groups of
// one, two or four bytes, or with none. A single digit at a group's end is a
// byte too. It is ok with one sign throughout.
func hexBytes(s string) ([]byte, bool) {
	s = strings.TrimPrefix(s, ":")
	var sign byte
	var out []byte
	group := 0 // digits so far
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case hexDigit(c):
			n := digits(s[i:], 2, hexDigit)
			b, err := hex.DecodeString(strings.Repeat("0", 2-n) + s[i:i+n])
			if err != nil {
				return nil, false
			}
			out = append(out, b...)
			i += n
			group += n
		case strings.IndexByte(":-.", c) >= 0 && group > 0 && (sign == 0 || sign == c) && i+1 < len(s):
			sign, group = c, 0
			i++
		default:
			return nil, false
		}
	}
	return out, len(out) > 0
}

// seconds reads a stretch of time: seconds, with up to nine places.
func seconds(s string) (int64, bool) {
	whole, part, dot := strings.Cut(s, ".")
	if len(part) > 9 || dot && part == "" || whole == "" || digits(whole, len(whole), decimal) != len(whole) || digits(part, len(part), decimal) != len(part) {
		return 0, false
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > math.MaxInt64/int64(time.Second)-1 {
		return 0, false
	}
	ns, _ := strconv.ParseInt(part+strings.Repeat("0", 9-len(part)), 10, 64)
	return n*int64(time.Second) + ns, true
}

func decimal(c byte) bool { return c >= '0' && c <= '9' }

// moment reads a date and time: ISO 8601, or as Wireshark writes it. Without
// a zone it is local time.
func moment(t token, what *entry) (value, string) {
	text := strings.Join(strings.Fields(t.text), " ")
	zone := time.Local
	if bare, ok := strings.CutSuffix(text, " UTC"); ok {
		text, zone = bare, time.UTC
	}
	text, frac := cutFraction(text)
	for _, layout := range momentLayouts {
		at, err := time.ParseInLocation(layout, text, zone)
		if err != nil {
			continue
		}
		at = at.Add(frac)
		if y := at.Year(); y < 1678 || y > 2261 { // beyond nanoseconds in 64 bits
			break
		}
		return signed(at.UnixNano()), ""
	}
	return value{}, fmt.Sprintf("%q is no date and time; write %q, with Z at its end for UTC", t.text, "2026-01-02 03:04:05.678")
}

var momentLayouts = []string{
	"2006-01-02", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02T15:04:05Z0700",
	"2006-01-02 15:04:05Z07", "2006-01-02T15:04:05Z07", "Jan 2, 2006 15:04:05",
}

// cutFraction takes the fraction of a second out of a time of day; what is
// beyond nanoseconds is dropped.
func cutFraction(s string) (string, time.Duration) {
	i := strings.IndexByte(s, '.')
	if i < 0 {
		return s, 0
	}
	n := digits(s[i+1:], len(s), decimal)
	if n == 0 {
		return s, 0
	}
	part := (s[i+1:i+1+n] + "000000000")[:9]
	ns, _ := strconv.Atoi(part)
	return s[:i] + s[i+1+n:], time.Duration(ns)
}

func macText(b []byte) string {
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = hex.EncodeToString([]byte{c})
	}
	return strings.Join(parts, ":")
}

func floatText(bits uint64) string {
	return strconv.FormatFloat(math.Float64frombits(bits), 'g', -1, 64)
}

func intText(v *value) string {
	if v.neg {
		return strconv.FormatInt(int64(v.num), 10)
	}
	return strconv.FormatUint(v.num, 10)
}
