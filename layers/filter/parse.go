package filter

import (
	"fmt"
	"strconv"
	"strings"
)

// Bounds of a filter's text, against those made to be expensive.
const (
	maxText  = 1 << 16
	maxDepth = 100 // brackets and operators within each other
)

// parser reads a filter by its grammar:
//
//	or      = and { "||" and }
//	and     = not { "&&" not }
//	not     = "!" not | "(" or ")" | test
//	test    = [ "any" | "all" ] sum [ compare sum { compare sum } | "contains" entity | "~" string | [ "!" ] "in" set ]
//	sum     = terms joined by & at last, then + and -, * / and % first
//	entity  = ( field | constant | call ) { "[" range { "," range } "]" }
type parser struct {
	lexer lexer
	tok   token
	depth int
}

func (p *parser) advance() (err *Error) {
	p.tok, err = p.lexer.next()
	return err
}

// is says whether the next token is an operator.
func (p *parser) is(op string) bool { return p.tok.kind == tokOp && p.tok.text == op }

func (p *parser) take(op string) (bool, *Error) {
	if !p.is(op) {
		return false, nil
	}
	return true, p.advance()
}

// expect takes an operator that must come next.
func (p *parser) expect(op, why string) *Error {
	if !p.is(op) {
		return p.unexpected(why)
	}
	return p.advance()
}

func (p *parser) unexpected(wanted string) *Error {
	t := p.tok
	if t.kind == tokEnd {
		return &Error{t.at, 0, "the filter ends here, but " + wanted + " should follow"}
	}
	text := fmt.Sprintf("%s does not fit here; %s should follow", p.lexer.text[t.at:t.to], wanted)
	if t.kind == tokWord && keywords[strings.ToLower(t.text)] != "" {
		text = fmt.Sprintf("operators are written in small letters: %s", strings.ToLower(t.text))
	}
	return &Error{t.at, t.to - t.at, text}
}

func (p *parser) deeper() *Error {
	if p.depth++; p.depth > maxDepth {
		return &Error{p.tok.at, p.tok.to - p.tok.at, fmt.Sprintf("more than %d brackets and operators within each other", maxDepth)}
	}
	return nil
}

// whole reads all of a filter.
func (p *parser) whole() (*test, *Error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokEnd {
		return &test{op: testAll}, nil
	}
	t, err := p.or()
	if err == nil && p.tok.kind != tokEnd {
		err = p.unexpected(`an operator such as "&&", or the end,`)
	}
	return t, err
}

// joined reads conditions joined by an operator, as a tree of low height.
func (p *parser) joined(op string, join testOp, part func() (*test, *Error)) (*test, *Error) {
	var parts []*test
	for {
		t, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, t)
		more, err := p.take(op)
		if err != nil {
			return nil, err
		}
		if !more {
			return balance(join, parts), nil
		}
	}
}

// balance joins tests, in their order.
func balance(op testOp, parts []*test) *test {
	if len(parts) == 1 {
		return parts[0]
	}
	mid := len(parts) / 2
	return &test{op: op, a: balance(op, parts[:mid]), b: balance(op, parts[mid:])}
}

func (p *parser) or() (*test, *Error)  { return p.joined("||", testOr, p.and) }
func (p *parser) and() (*test, *Error) { return p.joined("&&", testAnd, p.not) }

func (p *parser) not() (*test, *Error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	switch {
	case p.is("!"):
		if err := p.advance(); err != nil {
			return nil, err
		}
		t, err := p.not()
		return &test{op: testNot, a: t}, err
	case p.is("("):
		if err := p.advance(); err != nil {
			return nil, err
		}
		t, err := p.or()
		if err != nil {
			return nil, err
		}
		return t, p.expect(")", `")"`)
	}
	return p.test()
}

// test reads one condition.
func (p *parser) test() (*test, *Error) {
	every, any := p.is("all"), p.is("any")
	if every || any {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	left, err := p.sum(0)
	if err != nil {
		return nil, err
	}
	op := ""
	if p.tok.kind == tokOp {
		op = p.tok.text
	}
	t := &test{left: left}
	switch op {
	case "==", "!=", "===", "!==", ">", ">=", "<", "<=":
		t, err = p.compare(left)
	case "contains", "~":
		t.op = testContains
		if op == "~" {
			t.op = testMatches
		}
		if err = p.entityBefore(left); err == nil {
			err = p.advance()
		}
		if err == nil {
			t.right, err = p.entity()
		}
	case "in", "!":
		t, err = p.in(t)
	default:
		t.op = testExists
		if every || any {
			return nil, p.unexpected("a comparison")
		}
	}
	if err == nil && (every || any) {
		t.quantify(every)
	}
	return t, err
}

// quantify makes a condition ask for all values, or for any.
func (t *test) quantify(every bool) {
	switch t.op {
	case testAnd: // of a chain of comparisons
		t.a.quantify(every)
		t.b.quantify(every)
	case testNot:
		t.a.quantify(every)
	}
	t.every = every
}

// entityBefore says that an operator takes no sum at its left.
func (p *parser) entityBefore(left *operand) *Error {
	if left.form == formSum || left.form == formNegate {
		return p.unexpected("a comparison, for the left side is worked out; it")
	}
	return nil
}

// compare reads a comparison, or a chain of them: a < b < c.
func (p *parser) compare(left *operand) (*test, *Error) {
	var links []*test
	for {
		t := &test{op: testCompare, left: left, relation: p.tok.text}
		switch t.relation { // Wireshark 4: "!=" asks it of all values, "==" of any
		case "!=":
			t.every = true
		case "===":
			t.every, t.relation = true, "=="
		case "!==":
			t.relation = "!="
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		right, err := p.sum(0)
		if err != nil {
			return nil, err
		}
		t.right = right
		links = append(links, t)
		if p.tok.kind != tokOp || strings.IndexByte("=!<>", p.tok.text[0]) < 0 || p.tok.text == "!" {
			return balance(testAnd, links), nil
		}
		left = right
	}
}

// in reads "in {…}" and "not in {…}".
func (p *parser) in(t *test) (*test, *Error) {
	t.op = testIn
	not, err := p.take("!")
	if err != nil {
		return nil, err
	}
	if !p.is("in") {
		return nil, p.unexpected(`an operator such as "&&", or "in"`)
	}
	if err := p.entityBefore(t.left); err != nil {
		return nil, err
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect("{", `a set in braces, such as {80, 443},`); err != nil {
		return nil, err
	}
	for {
		var m member
		if m.low, err = p.element(); err != nil {
			return nil, err
		}
		ranged, err := p.take("..")
		if err == nil && ranged {
			m.high, err = p.element()
		}
		if err != nil {
			return nil, err
		}
		t.set = append(t.set, m)
		if more, err := p.take(","); err != nil || !more {
			if err == nil {
				err = p.expect("}", `"," or "}"`)
			}
			if not {
				t = &test{op: testNot, a: t}
			}
			return t, err
		}
	}
}

// element reads a value of a set, which may have a sign.
func (p *parser) element() (*operand, *Error) { return p.signed(p.entity) }

// signed reads an entity with a sign before it, or without.
func (p *parser) signed(entity func() (*operand, *Error)) (*operand, *Error) {
	at := p.tok.at
	minus := p.is("-")
	if minus || p.is("+") {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	o, err := entity()
	if err != nil || !minus {
		return o, err
	}
	return &operand{form: formNegate, of: []*operand{o}, at: at, to: o.to}, nil
}

// levels are the operators of arithmetic, those that bind least first.
var levels = []string{"&", "+-", "*/%"}

// sum reads an operand with arithmetic.
func (p *parser) sum(level int) (*operand, *Error) {
	if level == len(levels) {
		return p.term()
	}
	left, err := p.sum(level + 1)
	for err == nil && p.tok.kind == tokOp && len(p.tok.text) == 1 && strings.Contains(levels[level], p.tok.text) {
		if err := p.deeper(); err != nil { // every sum lies within the next
			return nil, err
		}
		defer func() { p.depth-- }()
		sign := p.tok.text[0]
		if err := p.advance(); err != nil {
			return nil, err
		}
		right, err := p.sum(level + 1)
		if err != nil {
			return nil, err
		}
		left = &operand{form: formSum, sign: sign, of: []*operand{left, right}, at: left.at, to: right.to}
	}
	return left, err
}

// term reads an entity with its sign, or a sum in braces.
func (p *parser) term() (*operand, *Error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if braces, err := p.take("{"); err != nil || !braces {
		if err != nil {
			return nil, err
		}
		return p.signed(p.entity)
	}
	o, err := p.sum(0)
	if err != nil {
		return nil, err
	}
	return o, p.expect("}", `"}"`)
}

// entity reads a field, a constant or a call, and slices of it.
func (p *parser) entity() (*operand, *Error) {
	o, err := p.bare()
	for n := 0; err == nil && p.is("["); n++ {
		if n == maxDepth {
			return nil, &Error{p.tok.at, 1, "too many slices of slices"}
		}
		pieces, to, err := p.lexer.pieces(p.tok.at)
		if err != nil {
			return nil, err
		}
		o = &operand{form: formSlice, of: []*operand{o}, pieces: pieces, at: o.at, to: to}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	return o, err
}

func (p *parser) bare() (*operand, *Error) {
	t := p.tok
	switch t.kind {
	case tokEnd, tokOp:
		return nil, p.unexpected("a field or a value")
	}
	o := &operand{form: formConstant, token: t, at: t.at, to: t.to}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if t.kind == tokWord || t.kind == tokField {
		if p.is("(") && t.kind == tokWord {
			return p.arguments(o)
		}
		if o.entry = lookup(t.text); o.entry != nil {
			o.form, o.kind = formField, o.entry.kind
			return o, p.layers(o)
		}
		if t.kind == tokField || p.is("#") {
			return nil, unknown(t, "")
		}
	}
	return o, nil
}

// layers reads the layers that a field is looked for in: #1, #[1-2].
func (p *parser) layers(o *operand) *Error {
	if !p.is("#") {
		return nil
	}
	at := p.tok.to
	n := digits(p.lexer.text[at:], 10, decimal)
	switch {
	case n > 0:
		i, err := strconv.Atoi(p.lexer.text[at : at+n])
		if err != nil || i > 1<<30 {
			return &Error{at, n, "there are not so many layers"}
		}
		o.layers, o.to = []piece{{from: i, size: 1}}, at+n
		p.lexer.at = at + n
	case strings.HasPrefix(p.lexer.text[at:], "["):
		var err *Error
		if o.layers, o.to, err = p.lexer.pieces(at); err != nil {
			return err
		}
	default:
		return &Error{p.tok.at, 1, `a layer's number should follow "#", as ip.src#2, or a range: ip.src#[1-2]`}
	}
	return p.advance()
}

// arguments reads a call's arguments.
func (p *parser) arguments(o *operand) (*operand, *Error) {
	o.form, o.call = formCall, functions[o.token.text]
	if o.call == nil {
		return nil, &Error{o.at, o.to - o.at, fmt.Sprintf("there is no function %q; there are %s", o.token.text, functionNames())}
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	for !p.is(")") {
		a, err := p.sum(0)
		if err != nil {
			return nil, err
		}
		o.of = append(o.of, a)
		if more, err := p.take(","); err != nil || !more {
			if err != nil {
				return nil, err
			}
			break
		}
	}
	o.to = p.tok.to
	return o, p.expect(")", `"," or ")"`)
}
