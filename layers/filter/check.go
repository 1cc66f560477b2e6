package filter

import (
	"fmt"
	"strings"
)

// hint is what the values of an operand will be held against: constants are
// read by it.
type hint struct {
	known bool
	kind  kind
	entry *entry // the field; nil for what is worked out
}

func (o *operand) hint() hint { return hint{true, o.kind, o.entry} }

func (o *operand) mistake(format string, args ...any) *Error {
	return &Error{o.at, o.to - o.at, fmt.Sprintf(format, args...)}
}

// check gives every operand of a test its kind, and says what does not fit.
func (t *test) check() *Error {
	switch t.op {
	case testAll:
		return nil
	case testAnd, testOr:
		if err := t.a.check(); err != nil {
			return err
		}
		return t.b.check()
	case testNot:
		return t.a.check()
	case testExists:
		return t.checkExists()
	}
	if err := t.left.resolve(hint{}); err != nil {
		return err
	}
	switch t.op {
	case testCompare:
		return t.checkCompare()
	case testContains:
		return t.checkContains()
	case testMatches:
		return t.checkMatches()
	}
	return t.checkIn()
}

func (t *test) checkExists() *Error {
	switch l := t.left; {
	case l.form == formConstant && l.token.kind == tokWord:
		return unknown(l.token, "")
	case l.form == formConstant:
		return l.mistake("a value alone is no condition; write a field and an operator before it")
	case l.form == formCall:
		return l.mistake("%s(…) always has a value; compare it with something", l.call.name)
	}
	return t.left.resolve(hint{})
}

// unknown is the error about a name that is none.
func unknown(t token, or string) *Error {
	name := strings.TrimPrefix(t.text, ".")
	text := fmt.Sprintf("there is no field or protocol %q%s", name, or)
	if best := near(name); len(best) > 0 {
		text += "; did you mean " + strings.Join(best, " or ") + "?"
	}
	return &Error{t.at, t.to - t.at, text}
}

func (t *test) checkCompare() *Error {
	if t.left.kind == kindHeading {
		return t.left.mistake("%s has no value to compare; write the name alone to see the frames that have it", t.left.entry.name)
	}
	if err := t.right.resolve(t.left.hint()); err != nil {
		return err
	}
	return fit(t.left, t.right)
}

// fit says whether the values of two operands can be compared.
func fit(a, b *operand) *Error {
	if comparable(a.kind, b.kind) {
		return nil
	}
	text := fmt.Sprintf("%s and %s cannot be compared", a.kind, b.kind)
	switch {
	case b.form == formField && b.entry.proto:
		text += fmt.Sprintf("; %s is a protocol here: write %q in double quotes for the value of that name", b.entry.name, b.entry.name)
	case a.kind == kindIPv4 && b.kind == kindIPv6 || a.kind == kindIPv6 && b.kind == kindIPv4:
		text += "; ip.* fields are IPv4, ipv6.* fields IPv6"
	}
	return b.mistake("%s", text)
}

// comparable says whether values of kind b may stand at the right of those of
// kind a.
func comparable(a, b kind) bool {
	number := func(k kind) bool { return k == kindUint || k == kindInt }
	bytes := func(k kind) bool { return k == kindBytes || k == kindMAC }
	switch {
	case a == b:
		return a != kindHeading
	case number(a):
		return number(b) || b == kindBool
	case bytes(a):
		return bytes(b)
	}
	return false
}

func (t *test) checkContains() *Error {
	if !kinds[t.left.kind].text {
		return t.left.mistake("%s has no text or bytes to look into; write string(%s) for its digits", t.left.kind, t.left.describe())
	}
	if t.right.form == formConstant {
		v, err := constant(t.right.token, t.left.kind, t.left.entry, true)
		t.right.value, t.right.kind, t.right.fixed = v, t.left.kind, true
		return err
	}
	if err := t.right.resolve(t.left.hint()); err != nil {
		return err
	}
	return fit(t.left, t.right)
}

func (o *operand) describe() string {
	if o.entry != nil {
		return o.entry.name
	}
	return "…"
}

func (t *test) checkMatches() *Error {
	if !kinds[t.left.kind].text {
		return t.left.mistake("%s has no text to match; write string(%s) for its digits", t.left.kind, t.left.describe())
	}
	r := t.right
	if r.form != formConstant || r.token.kind != tokString {
		return r.mistake(`a regular expression stands in double quotes: matches "^GET"`)
	}
	var text string
	if t.pattern, text = compilePattern(r.token.text); text != "" {
		return r.mistake("%s", text)
	}
	return nil
}

func (t *test) checkIn() *Error {
	if t.left.form != formField {
		return t.left.mistake(`only a field can be looked for in a set; write comparisons joined by "or"`)
	}
	if t.left.kind == kindHeading {
		return t.left.mistake("%s has no value to look for", t.left.entry.name)
	}
	for _, m := range t.set {
		for _, o := range []*operand{m.low, m.high} {
			if o == nil {
				continue
			}
			if err := o.resolve(t.left.hint()); err != nil {
				return err
			}
			if err := fit(t.left, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// resolve gives an operand its kind, and constants their values.
func (o *operand) resolve(h hint) *Error {
	switch o.form {
	case formConstant:
		return o.resolveConstant(h)
	case formSlice:
		of := o.of[0]
		if of.form == formConstant {
			return of.mistake("only a field can be sliced")
		}
		if err := of.resolve(hint{}); err != nil {
			return err
		}
		if !kinds[of.kind].sliced {
			return o.mistake("%s is %s, which has no bytes to cut out; compare it, or take bits with &", of.describe(), of.kind)
		}
		o.kind = kindBytes
	case formCall:
		return o.resolveCall()
	case formNegate:
		return o.resolveSum(h, '-')
	case formSum:
		return o.resolveSum(h, o.sign)
	}
	return nil
}

func (o *operand) resolveConstant(h hint) *Error {
	if !h.known {
		if o.token.kind == tokWord && strings.Contains(o.token.text, ".") {
			return unknown(o.token, ", and a comparison begins with a field")
		}
		return o.mistake("a field or a function should stand here, with the value %s after the operator", o.token.text)
	}
	v, err := constant(o.token, h.kind, h.entry, false)
	if err != nil && o.token.kind == tokWord && strings.Count(o.token.text, ".") > 0 && strings.IndexByte("0123456789", o.token.text[0]) < 0 {
		if best := near(o.token.text); len(best) > 0 {
			err.Text += "; did you mean the field " + strings.Join(best, " or ") + "?"
		}
	}
	o.value, o.kind, o.fixed = v, h.kind, true
	return err
}

// resolveSum checks arithmetic. A constant in it is read as what stands beside
// it.
func (o *operand) resolveSum(h hint, sign byte) *Error {
	for i, side := range o.of {
		if i == 0 && side.form == formConstant && !h.known && !strings.Contains(side.token.text, ".") {
			return side.mistake("a sum that is compared begins with a field; write the constant after it")
		}
		if err := side.resolve(h); err != nil {
			return err
		}
		k := kinds[side.kind]
		if ok := sign == '&' && k.masks || (sign == '+' || sign == '-') && k.adds || strings.IndexByte("*/%", sign) >= 0 && k.scales; !ok {
			return side.mistake("%s has no %q", side.kind, sign)
		}
		if i == 0 {
			h = hint{true, side.kind, side.entry}
		}
	}
	o.kind = o.of[0].kind
	if len(o.of) == 2 {
		a, b := o.of[0], o.of[1]
		if !comparable(a.kind, b.kind) {
			return o.mistake("%s and %s do not go together in arithmetic", a.kind, b.kind)
		}
		if b.kind == kindInt {
			o.kind = kindInt
		}
	}
	for _, side := range o.of {
		if !side.fixed {
			return nil
		}
	}
	if v := o.values(nil, nil); len(v) == 1 {
		o.value, o.fixed = v[0], true
	}
	return nil
}

// resolveCall checks a call by its function's row.
func (o *operand) resolveCall() *Error {
	f := o.call
	if n := len(o.of); n < f.least || n > f.most {
		switch {
		case f.most == 1:
			return o.mistake("%s() takes one field", f.name)
		}
		return o.mistake("%s() takes at least one field", f.name)
	}
	var h hint
	for i, a := range o.of {
		if f.fields && a.form != formField {
			return a.mistake("%s() takes a field", f.name)
		}
		if i == 0 && a.form == formConstant {
			return a.mistake("%s() begins with a field; write the constant after it", f.name)
		}
		if err := a.resolve(h); err != nil {
			return err
		}
		if !f.takes(a.kind) {
			return a.mistake("%s() does not take %s", f.name, a.kind)
		}
		if i == 0 {
			h = a.hint()
		} else if first := o.of[0]; a.kind != first.kind || a.entry != nil && first.entry != nil && a.entry.bits > 0 && first.entry.bits > 0 && a.entry.bits != first.entry.bits {
			return a.mistake("all that %s() chooses from has the same type and size", f.name)
		}
	}
	o.kind = f.gives
	if f.same {
		o.kind = o.of[0].kind
	}
	return nil
}
