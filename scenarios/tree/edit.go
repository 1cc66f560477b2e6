package tree

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// Edit writes an override into a file's text, so that the new text means what
// Set makes of the old one. All but what is changed stays as its author wrote
// it: comments, order, layout. Where that cannot be done, as with a value that
// stands in one place and is used in several, the file is written anew, plainly.
// The type is Doc.Type.
func Edit(file string, src []byte, into reflect.Type, path, value string) ([]byte, error) {
	return change(file, src, into, func(d *Doc) (*target, error) { return d.target(path, value) })
}

// Remove takes a list's element or a map's key out of a file's text, with the
// same care as Edit.
func Remove(file string, src []byte, path string) ([]byte, error) {
	return change(file, src, nil, func(d *Doc) (*target, error) { return d.leaving(path) })
}

func change(file string, src []byte, into reflect.Type, find func(*Doc) (*target, error)) ([]byte, error) {
	d, err := Parse(file, src)
	if err != nil {
		return nil, err
	}
	d.Type = into
	t, err := find(d)
	if err != nil {
		return nil, err
	}
	if strings.Contains(strings.ReplaceAll(string(src), "\r\n", ""), "\r") {
		t.put()
		return []byte(d.root.document()), nil // the library ends lines there, editors do not
	}
	p := pageOf(src)
	out, spliced := p.splice(t)
	t.put()
	if spliced && len(out) <= MaxBytes {
		if now, err := Parse(file, out); err == nil && now.root.equal(d.root) {
			return out, nil
		}
	}
	return append(p.preface(), d.root.document()...), nil
}

// page is a file's text, where the library's tokens stand in it.
type page struct {
	src    string
	lines  []int // where each begins
	tokens token.Tokens
	nth    map[Pos]int // the token at a place
}

func pageOf(src []byte) *page {
	p := &page{src: string(src), lines: []int{0}, nth: map[Pos]int{}}
	for i, c := range p.src {
		if c == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	p.tokens = lexer.Tokenize(p.src)
	for i, t := range p.tokens {
		if at := place(t); p.nth[at] == 0 {
			p.nth[at] = i
		}
	}
	return p
}

// offset is where in the text a place is; columns count characters.
func (p *page) offset(at Pos) int {
	if at.Line < 1 || at.Line > len(p.lines) {
		return len(p.src)
	}
	i := p.lines[at.Line-1]
	for col := 1; col < at.Col && i < len(p.src); col++ {
		_, n := utf8.DecodeRuneInString(p.src[i:])
		i += n
	}
	return i
}

// start is where a value's text begins.
func (p *page) start(n ast.Node) int { return p.offset(place(first(n))) }

// end is where a value's text ends: before what comes next, blanks apart.
func (p *page) end(n ast.Node) int {
	t := last(n)
	if t == nil {
		return len(p.src)
	}
	next := len(p.src)
	if i := p.nth[place(t)] + 1; i < len(p.tokens) {
		next = p.offset(place(p.tokens[i]))
	}
	return len(strings.TrimRight(p.src[:next], " \t\r\n"))
}

// first is the token that a value begins with. A block of pairs names its first
// colon; it begins with the key before that.
func first(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return n.GetToken()
}

// last is the token that a value ends with.
func last(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return last(n.Values[len(n.Values)-1])
		}
		return n.End
	case *ast.MappingValueNode:
		return last(n.Value)
	case *ast.SequenceNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return last(n.Values[len(n.Values)-1])
		}
		return n.End
	case *ast.AnchorNode:
		return last(n.Value)
	case *ast.AliasNode:
		return n.Value.GetToken()
	case *ast.LiteralNode:
		return n.Value.GetToken()
	}
	return n.GetToken()
}

// flow says whether a map or list is written in brackets.
func flow(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.IsFlowStyle
	case *ast.SequenceNode:
		return n.IsFlowStyle
	}
	return false
}

// splice writes a target's change into the text; false: it is not for this.
func (p *page) splice(t *target) ([]byte, bool) {
	v := t.value
	switch {
	case t.gone >= 0:
		return p.cut(t)
	case t.slot != nil:
		n := (*t.slot).node
		if n == nil || (*t.slot).kind == null {
			return nil, false
		}
		return p.put(p.start(n), p.end(n), v.inline()), true
	case t.in.node == nil || len(t.in.items) == 0 && !flow(t.in.node):
		return nil, false
	case flow(t.in.node):
		text := v.inline()
		if t.in.kind == mapping {
			text = scalarText(t.key.Name) + ": " + text
		}
		at := p.start(t.in.node) + len("{")
		if len(t.in.items) > 0 {
			at, text = p.end(t.in.items[len(t.in.items)-1].node), ", "+text
		}
		return p.put(at, at, text), true
	}
	at := p.end(t.in.node)
	if i := strings.IndexByte(p.src[at:], '\n'); i >= 0 {
		at += i // a comment behind it stays where it is
	} else {
		at = len(p.src)
	}
	indent, ok := p.indent(t.in)
	if !ok {
		return nil, false
	}
	indent = "\n" + indent
	text := "- " + v.inline()
	if t.in.kind == mapping {
		text = scalarText(t.key.Name) + ": " + v.inline()
		if v.kind == sequence && len(v.items) > 0 && v.items[0].kind == mapping {
			text = scalarText(t.key.Name) + ":"
			for _, item := range v.items {
				text += indent + "  - " + item.inline()
			}
		}
	}
	return p.put(at, at, indent+text), true
}

// cut takes an element and its lines, or in brackets its comma, away.
func (p *page) cut(t *target) ([]byte, bool) {
	n := t.in.items[t.gone].node
	if n == nil || len(t.in.items) == 1 {
		return nil, false
	}
	from, to := p.start(n), p.end(n)
	if t.in.kind == mapping {
		from = p.offset(t.in.keys[t.gone].pos)
	}
	switch {
	case !flow(t.in.node):
		from = strings.LastIndexByte(p.src[:from], '\n') + 1
		if i := strings.IndexByte(p.src[to:], '\n'); i >= 0 {
			to += i + 1
		}
	case t.gone > 0:
		from = p.end(t.in.items[t.gone-1].node)
	default:
		to = p.start(t.in.items[1].node)
		if t.in.kind == mapping {
			to = p.offset(t.in.keys[1].pos)
		}
	}
	return p.put(from, to, ""), true
}

func (p *page) put(from, to int, text string) []byte {
	if to < from {
		to = from
	}
	return []byte(p.src[:from] + text + p.src[to:])
}

// indent is what stands before each key or dash of a block. It is not known
// where the library counts lines that are none, after a lone carriage return.
func (p *page) indent(v *Value) (indent string, ok bool) {
	at := v.pos
	if s, ok := v.node.(*ast.SequenceNode); ok {
		at = place(s.Start)
	}
	if at.Line < 1 || at.Line > len(p.lines) {
		return "", false
	}
	begin, end := p.lines[at.Line-1], p.offset(at)
	if end < begin {
		return "", false
	}
	return strings.Repeat(" ", utf8.RuneCountInString(p.src[begin:end])), true
}

// preface is the comments and blank lines that a file begins with.
func (p *page) preface() []byte {
	end := 0
	for line := range strings.Lines(p.src) {
		if text := strings.TrimSpace(line); text != "" && text[0] != '#' {
			break
		}
		end += len(line)
	}
	return []byte(p.src[:end])
}
