package filter

import (
	"bytes"
	"math"
	"math/bits"
	"strings"

	"strata/layers"
)

// maxValues bounds what arithmetic over fields that come many times makes.
const maxValues = 4096

// scene is a frame taken apart, as tests look at it.
type scene struct {
	tree  *layers.Tree
	frame *Frame
}

// match says whether a frame passes a test.
func (t *test) match(s *scene) bool {
	switch t.op {
	case testAll:
		return true
	case testAnd:
		return t.a.match(s) && t.b.match(s)
	case testOr:
		return t.a.match(s) || t.b.match(s)
	case testNot:
		return !t.a.match(s)
	}
	var buf [4]value
	left := t.left.values(s, buf[:0])
	if len(left) == 0 {
		return false
	}
	switch t.op {
	case testExists:
		if t.left.form == formSlice {
			return quantified(left, false, func(v *value) bool { return len(v.bytes) > 0 })
		}
		return t.left.form == formField || anyNonzero(t.left.kind, left)
	case testMatches:
		return quantified(left, t.every, func(v *value) bool { return t.pattern.match(v, t.left.kind) })
	case testIn:
		return t.matchIn(s, left)
	}
	var buf2 [4]value
	right := t.right.values(s, buf2[:0])
	if len(right) == 0 {
		return false
	}
	if t.op == testContains {
		return pairs(left, right, t.every, func(a, b *value) bool { return contains(t.left.kind, a, b) })
	}
	return pairs(left, right, t.every, func(a, b *value) bool { return holds(t.relation, compare(t.left.kind, a, b)) })
}

// quantified says whether every value passes, or any.
func quantified(values []value, every bool, pass func(*value) bool) bool {
	for i := range values {
		if pass(&values[i]) != every {
			return !every
		}
	}
	return every
}

// pairs says whether every pair of values passes, or any.
func pairs(left, right []value, every bool, pass func(a, b *value) bool) bool {
	return quantified(left, every, func(a *value) bool {
		return quantified(right, every, func(b *value) bool { return pass(a, b) })
	})
}

// holds says whether a relation is what an order makes of it.
func holds(relation string, c int) bool {
	switch relation {
	case "==":
		return c == 0
	case "!=":
		return c != 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "<":
		return c < 0
	}
	return c <= 0
}

// matchIn says whether a value is in a set. As Wireshark 4.0 has it, "all"
// asks for one member of the set that all values are in.
func (t *test) matchIn(s *scene, left []value) bool {
	k := t.left.kind
	var buf, buf2 [4]value
	for _, m := range t.set {
		low := m.low.values(s, buf[:0])
		if m.high == nil {
			if len(low) > 0 && pairs(left, low, t.every, func(a, b *value) bool { return compare(k, a, b) == 0 }) {
				return true
			}
			continue
		}
		high := m.high.values(s, buf2[:0])
		if len(low) > 0 && len(high) > 0 && quantified(left, t.every, func(v *value) bool {
			return pairs([]value{*v}, low, t.every, func(a, b *value) bool { return compare(k, a, b) >= 0 }) &&
				pairs([]value{*v}, high, t.every, func(a, b *value) bool { return compare(k, a, b) <= 0 })
		}) {
			return true
		}
	}
	return false
}

func contains(k kind, a, b *value) bool {
	switch {
	case k == kindString:
		return b.text != "" && strings.Contains(a.text, b.text)
	case k == kindProto:
		return len(b.bytes) > 0 && bytes.Contains(a.wide, b.bytes)
	}
	return len(b.bytes) > 0 && bytes.Contains(a.bytes, b.bytes)
}

func anyNonzero(k kind, values []value) bool {
	return quantified(values, false, func(v *value) bool {
		switch k {
		case kindBytes, kindMAC:
			return len(bytes.Trim(v.bytes, "\x00")) > 0
		case kindFloat:
			return math.Float64frombits(v.num) != 0
		}
		return v.num|v.low != 0
	})
}

// values appends the operand's values in a frame. A constant needs none.
func (o *operand) values(s *scene, dst []value) []value {
	if o.fixed {
		return append(dst, o.value)
	}
	switch o.form {
	case formField:
		return o.fieldValues(s, dst)
	case formSlice:
		from := len(dst)
		dst = o.of[0].values(s, dst)
		for i := from; i < len(dst); i++ { // pieces that are not there are no bytes, which compare, too
			b := slice(dst[i].raw(o.of[0].kind), o.pieces)
			dst[i] = value{bytes: b, wide: b}
		}
		return dst
	case formCall:
		return o.call.run(o, s, dst)
	}
	return o.sumValues(s, dst)
}

// slice cuts pieces out of b; nil when it has none of them whole.
func slice(b []byte, pieces []piece) []byte {
	if len(pieces) == 1 {
		if from, to, ok := pieces[0].within(len(b)); ok {
			return b[from:to]
		}
		return nil
	}
	var out []byte
	for _, p := range pieces {
		if from, to, ok := p.within(len(b)); ok {
			out = append(out, b[from:to]...)
		}
	}
	return out
}

func (o *operand) sumValues(s *scene, dst []value) []value {
	var buf, buf2 [4]value
	left := o.of[0].values(s, buf[:0])
	if o.form == formNegate {
		for i := range left {
			if v, ok := combine('-', o.kind, &value{}, &left[i]); ok {
				dst = append(dst, v)
			}
		}
		return dst
	}
	right := o.of[1].values(s, buf2[:0])
	from := len(dst)
	for i := range left {
		for j := range right {
			if len(dst)-from == maxValues {
				return dst
			}
			if v, ok := combine(o.sign, o.kind, &left[i], &right[j]); ok {
				dst = append(dst, v)
			}
		}
	}
	return dst
}

// combine works out a sum. It is not ok where there is no result: a division
// by zero, a number beyond 64 bits.
func combine(sign byte, k kind, a, b *value) (value, bool) {
	switch {
	case sign == '&':
		return mask(k, a, b), true
	case k == kindFloat:
		f, ok := combineFloats(sign, math.Float64frombits(a.num), math.Float64frombits(b.num))
		return value{num: math.Float64bits(f)}, ok
	}
	if !a.neg && a.num > math.MaxInt64 || !b.neg && b.num > math.MaxInt64 {
		return value{}, false
	}
	x, y := int64(a.num), int64(b.num)
	switch sign {
	case '+':
		sum := x + y
		return signed(sum), (sum > x) == (y > 0)
	case '-':
		left := x - y
		return signed(left), (left < x) == (y > 0)
	case '*':
		high, low := bits.Mul64(magnitude(x), magnitude(y))
		return signed(x * y), high == 0 && low <= math.MaxInt64
	}
	if y == 0 || y == -1 && x == math.MinInt64 {
		return value{}, false
	}
	if sign == '/' {
		return signed(x / y), true
	}
	return signed(x % y), true
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func combineFloats(sign byte, x, y float64) (float64, bool) {
	switch sign {
	case '+':
		return x + y, true
	case '-':
		return x - y, true
	case '*':
		return x * y, true
	case '/':
		return x / y, y != 0
	}
	return math.Mod(x, y), y != 0
}

// mask takes the bits that both values have; of bytes, as many as the shorter
// has.
func mask(k kind, a, b *value) value {
	if k != kindBytes && k != kindMAC {
		return value{num: a.num & b.num, low: a.low & b.low}
	}
	out := make([]byte, min(len(a.bytes), len(b.bytes)))
	for i := range out {
		out[i] = a.bytes[i] & b.bytes[i]
	}
	return value{bytes: out, wide: out}
}
