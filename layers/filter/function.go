package filter

import (
	"slices"
	"strings"
)

// function is a row of the table of functions.
type function struct {
	name        string
	least, most int  // how many arguments
	fields      bool // each is a field, nothing worked out
	takes       func(kind) bool
	gives       kind // what it gives, unless it is the same
	same        bool // it gives what it takes
	help        string
	run         func(o *operand, s *scene, dst []value) []value
}

const anyNumber = 100

// functions are the functions by name; made in init, for they come back to
// operands.
var functions map[string]*function

func init() {
	number := func(k kind) bool { return k == kindUint || k == kindInt || k == kindFloat || k == kindSpan }
	value := func(k kind) bool { return k != kindHeading }
	text := func(k kind) bool { return k == kindString }
	shown := func(k kind) bool {
		return k == kindUint || k == kindInt || k == kindFloat || k == kindIPv4 || k == kindIPv6 || k == kindMAC
	}
	rows := []*function{
		{name: "len", least: 1, most: 1, fields: true, takes: value, gives: kindUint, run: runLen, help: "how many bytes a field has"},
		{name: "count", least: 1, most: 1, fields: true, takes: func(kind) bool { return true }, gives: kindUint, run: runCount, help: "how often a field is in the frame"},
		{name: "upper", least: 1, most: 1, fields: true, takes: text, gives: kindString, run: runUpper, help: "a text in capital letters"},
		{name: "lower", least: 1, most: 1, fields: true, takes: text, gives: kindString, run: runLower, help: "a text in small letters"},
		{name: "string", least: 1, most: 1, fields: true, takes: shown, gives: kindString, run: runString, help: "a number or an address as text"},
		{name: "max", least: 1, most: anyNumber, takes: value, same: true, run: runMax, help: "the largest of all values"},
		{name: "min", least: 1, most: anyNumber, takes: value, same: true, run: runMin, help: "the smallest of all values"},
		{name: "abs", least: 1, most: 1, takes: number, same: true, run: runAbs, help: "a number without its sign"},
	}
	functions = make(map[string]*function, len(rows))
	for _, f := range rows {
		functions[f.name] = f
	}
}

func functionNames() string {
	var all []string
	for name := range functions {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// runLen gives lengths. Numbers have that of their field; times and booleans
// have none.
func runLen(o *operand, s *scene, dst []value) []value {
	arg := o.of[0]
	from := len(dst)
	dst = arg.values(s, dst)
	kept := dst[:from]
	for _, v := range dst[from:] {
		n := 0
		switch arg.kind {
		case kindUint, kindInt, kindFloat:
			n = max(1, arg.entry.bits/8)
		case kindBool, kindMoment, kindSpan:
			continue
		default:
			n = len(v.raw(arg.kind))
		}
		kept = append(kept, value{num: uint64(n)})
	}
	return kept
}

func runCount(o *operand, s *scene, dst []value) []value {
	var buf [8]value
	if n := len(o.of[0].values(s, buf[:0])); n > 0 {
		dst = append(dst, value{num: uint64(n)})
	}
	return dst
}

func runUpper(o *operand, s *scene, dst []value) []value {
	return letters(o, s, dst, 'a', 'z')
}

func runLower(o *operand, s *scene, dst []value) []value {
	return letters(o, s, dst, 'A', 'Z')
}

// letters turns the case of a range of ASCII letters, as Wireshark does.
func letters(o *operand, s *scene, dst []value, first, last byte) []value {
	from := len(dst)
	dst = o.of[0].values(s, dst)
	for i := range dst[from:] {
		b := []byte(dst[from+i].text)
		for j, c := range b {
			if c >= first && c <= last {
				b[j] ^= 0x20
			}
		}
		dst[from+i].text = string(b)
	}
	return dst
}

func runString(o *operand, s *scene, dst []value) []value {
	from := len(dst)
	dst = o.of[0].values(s, dst)
	for i := range dst[from:] {
		dst[from+i] = value{text: dst[from+i].string(o.of[0].kind)}
	}
	return dst
}

func runMax(o *operand, s *scene, dst []value) []value { return best(o, s, dst, 1) }
func runMin(o *operand, s *scene, dst []value) []value { return best(o, s, dst, -1) }

// best gives the value that comes last, or with sign -1 first, of all
// arguments.
func best(o *operand, s *scene, dst []value, sign int) []value {
	from := len(dst)
	for _, a := range o.of {
		dst = a.values(s, dst)
	}
	if len(dst) == from {
		return dst
	}
	win := from
	for i := from + 1; i < len(dst); i++ {
		if compare(o.kind, &dst[i], &dst[win])*sign > 0 {
			win = i
		}
	}
	dst[from] = dst[win]
	return dst[:from+1]
}

func runAbs(o *operand, s *scene, dst []value) []value {
	from := len(dst)
	dst = o.of[0].values(s, dst)
	for i := range dst[from:] {
		v := &dst[from+i]
		switch {
		case o.kind == kindFloat:
			v.num &^= 1 << 63
		case v.neg:
			v.num, v.neg = -v.num, false
		}
	}
	return dst
}
