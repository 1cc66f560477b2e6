package quiz

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// number is a number that is to be answered.
type number struct {
	value float64
	unit  unit
	words string // the question: what it counts may stand behind the number
	seq   bool   // a sequence number, which may also be counted from base
	base  uint32
}

// unit is what a number counts. The zero unit counts things.
type unit struct {
	kind  string // "time"; units of one kind can be compared
	name  string // as it is shown
	scale float64
}

var units = map[string]unit{
	"ns": {"time", "ns", 1e-9}, "us": {"time", "µs", 1e-6}, "µs": {"time", "µs", 1e-6}, "μs": {"time", "µs", 1e-6},
	"ms": {"time", "ms", 1e-3}, "s": {"time", "s", 1}, "min": {"time", "min", 60}, "h": {"time", "h", 3600},
	"B": {"size", "bytes", 1}, "kB": {"size", "kB", 1e3}, "KB": {"size", "kB", 1e3}, "MB": {"size", "MB", 1e6}, "GB": {"size", "GB", 1e9},
	"KiB": {"size", "KiB", 1 << 10}, "MiB": {"size", "MiB", 1 << 20}, "GiB": {"size", "GiB", 1 << 30},
	"bit/s": {"rate", "bit/s", 1}, "kbit/s": {"rate", "kbit/s", 1e3}, "Mbit/s": {"rate", "Mbit/s", 1e6}, "Gbit/s": {"rate", "Gbit/s", 1e9},
	"%": {"share", "%", 1},
}

// unitWords are units written out.
var unitWords = map[string]string{
	"nanosecond": "ns", "microsecond": "us", "millisecond": "ms", "msec": "ms", "second": "s", "sec": "s", "minute": "min", "hour": "h",
	"byte": "B", "octet": "B", "percent": "%", "bps": "bit/s", "kbps": "kbit/s", "mbps": "Mbit/s", "gbps": "Gbit/s",
}

func unitNamed(word string) (unit, bool) {
	if u, ok := units[word]; ok {
		return u, true
	}
	u, ok := units[unitWords[strings.TrimSuffix(strings.ToLower(word), "s")]]
	if !ok {
		u, ok = units[unitWords[strings.ToLower(word)]]
	}
	return u, ok
}

var howMany = regexp.MustCompile(`(?i)how many ([^ ?.,]+)`)

// newNumber reads an author's number, as "2", "200 ms" or "0x10". One without a
// unit has that of which the question asks how many there are. It reports
// false for what is no number.
func newNumber(text, question string) (number, bool) {
	v, word, ok := scan(text)
	n := number{value: v, words: question}
	if !ok {
		return n, false
	}
	if word == "" {
		if m := howMany.FindStringSubmatch(question); m != nil {
			n.unit, _ = unitNamed(m[1])
		}
		return n, true
	}
	n.unit, ok = unitNamed(word)
	return n, ok
}

// IsNumber says whether text can be the answer to a question for a number.
func IsNumber(text string) bool {
	_, ok := newNumber(text, "")
	return ok
}

var (
	numberForm = regexp.MustCompile(`^([+-]?)(0[xX][0-9a-fA-F]+|[0-9][0-9_]*(?:[.,][0-9]+)*) *(.*)$`)
	grouped    = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)
)

// scan reads a number and what stands behind it.
func scan(text string) (v float64, word string, ok bool) {
	m := numberForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, "", false
	}
	digits := strings.ReplaceAll(m[2], "_", "")
	var err error
	switch {
	case len(digits) > 2 && (digits[1] == 'x' || digits[1] == 'X'):
		var u uint64
		u, err = strconv.ParseUint(digits[2:], 16, 64)
		v = float64(u)
	case grouped.MatchString(digits): // 1,460
		v, err = strconv.ParseFloat(strings.ReplaceAll(digits, ",", ""), 64)
	default: // 1.5, or 1,5 where people write it so
		v, err = strconv.ParseFloat(strings.Replace(digits, ",", ".", 1), 64)
	}
	if m[1] == "-" {
		v = -v
	}
	return v, strings.TrimSpace(m[3]), err == nil && !math.IsInf(v, 0)
}

// fits compares what was written with the number. The error says how to write
// one; the note says what was mixed up.
func (n *number) fits(text string) (right bool, note string, err error) {
	v, word, ok := scan(text)
	if !ok {
		return false, "", fmt.Errorf("%q is not a number: write %s", short(text), n.like())
	}
	u := n.unit
	if word != "" {
		if u, ok = unitNamed(word); !ok {
			if !n.counts(word) {
				return false, "", fmt.Errorf("%q is no unit that is known here: write %s", short(word), n.like())
			}
			u = n.unit
		}
	}
	if u.kind != n.unit.kind && !(n.unit.kind == "" && n.counts(word)) {
		return false, "this is another kind of quantity than was asked for", nil
	}
	if u.kind == "" || n.unit.kind == "" {
		u, n = unit{scale: 1}, &number{value: n.value, unit: unit{scale: 1}, seq: n.seq, base: n.base}
	}
	if n.seq {
		return v == n.value || v == float64(uint32(n.value)-n.base), n.near(v), nil
	}
	return same(v*u.scale, n.value*n.unit.scale), "", nil
}

// counts says whether a word behind a number is one that the question uses for
// what is counted.
func (n *number) counts(word string) bool {
	stem := strings.TrimSuffix(strings.ToLower(word), "s")
	return len(stem) > 1 && strings.Contains(strings.ToLower(n.words), stem)
}

// near says of a wrong sequence number what was probably forgotten.
func (n *number) near(v float64) string {
	for _, is := range []float64{n.value, float64(uint32(n.value) - n.base)} {
		switch v - is {
		case 1:
			return "one too many: only bytes of data, SYN and FIN take a number"
		case -1:
			return "one too few: SYN and FIN take a number each, as a byte does"
		}
	}
	return ""
}

// same compares two quantities. Whole numbers must be equal; of others the
// third digit may be rounded.
func same(a, b float64) bool {
	if a == b {
		return true
	}
	close := math.Abs(a-b) <= 1e-9*math.Abs(b)
	if b != math.Trunc(b) {
		close = math.Abs(a-b) <= 0.005*math.Abs(b)
	}
	return close
}

// like is how an answer may look, which does not tell what it is.
func (n *number) like() string {
	switch n.unit.kind {
	case "time":
		return "20, 20 ms or 0.02 s"
	case "size":
		return "1460, 0x5b4 or 1460 bytes"
	case "rate":
		return "10, 10 Mbit/s or 64 kbit/s"
	case "share":
		return "6 or 6 %"
	}
	return "1460 or 0x5b4"
}

// String is the number with its unit.
func (n *number) String() string {
	text := strconv.FormatFloat(n.value, 'f', -1, 64)
	switch {
	case n.seq && n.base != 0:
		return seqText(uint32(n.value), n.base)
	case n.unit.name == "":
		return text
	case n.unit.name == "bytes" && n.value == 1:
		return "1 byte"
	}
	return text + " " + n.unit.name
}

// seqText shows a sequence number as it stands in the header, and counted from
// its connection's start where that is known.
func seqText(raw, base uint32) string {
	if base == 0 {
		return strconv.FormatUint(uint64(raw), 10)
	}
	return fmt.Sprintf("%d (relative %d)", raw, raw-base)
}

// short makes what somebody typed fit into a message.
func short(s string) string {
	const limit = 24
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "~"
	}
	return s
}
