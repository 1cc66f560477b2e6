package tree

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What a file may cost. An alias stands for its whole value each time, so a
// small file can mean a huge one: values are counted as they are unfolded.
const (
	MaxBytes  = 64 << 10 // the library takes time in the square of it: under a second
	maxDepth  = 48
	maxValues = 100_000
)

// Parse reads a YAML file. On error the Doc is nil.
func Parse(file string, src []byte) (*Doc, error) {
	d := &Doc{File: file, places: map[any]Pos{}}
	switch {
	case len(src) > MaxBytes:
		d.ErrorAt(Pos{}, "the file has more than %d bytes; a scenario may not", MaxBytes)
		return nil, d.Err()
	case !utf8.Valid(src):
		d.ErrorAt(placeOf(src, invalidUTF8(src)), "this is not UTF-8 text; save the file as UTF-8")
		return nil, d.Err()
	case bytes.IndexByte(src, 0) >= 0:
		d.ErrorAt(placeOf(src, bytes.IndexByte(src, 0)), "a zero byte; a scenario is a text file")
		return nil, d.Err()
	}
	if d.root = d.parse(src); d.Err() != nil {
		return nil, d.Err()
	}
	return d, nil
}

// parse has the library build its tree, and turns that into ours. The
// library's parser recurses and has crashed on malformed files before: nesting
// is bounded before it starts, and a panic is a syntax error.
func (d *Doc) parse(src []byte) (root *Value) {
	defer func() {
		if r := recover(); r != nil {
			d.ErrorAt(Pos{}, "this is not valid YAML; check its indentation and quotes")
		}
	}()
	tokens := lexer.Tokenize(string(src))
	if t := tooDeep(tokens); t != nil {
		d.ErrorAt(place(t), "this nests deeper than %d levels", maxDepth)
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.syntaxError(err)
		return nil
	}
	if len(file.Docs) > 1 {
		d.ErrorAt(place(file.Docs[1].GetToken()), "a second document begins here; a scenario file holds one")
		return nil
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		d.ErrorAt(Pos{1, 1, ""}, "the file is empty; see `strata show one-byte-hello` for an example")
		return nil
	}
	u := unfolder{doc: d, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	return u.value(file.Docs[0].Body, 0)
}

func (d *Doc) syntaxError(err error) {
	pos := Pos{}
	var y yaml.Error
	message := err.Error()
	if errors.As(err, &y) {
		message = y.GetMessage()
		if t := y.GetToken(); t != nil {
			pos = place(t)
		}
	}
	message, _, _ = strings.Cut(message, "\n")
	d.ErrorAt(pos, "not valid YAML: %s", Plain(message))
}

// tooDeep finds the token at which nesting passes maxDepth. Indented blocks
// open a level per token kind below; brackets also close.
func tooDeep(tokens token.Tokens) *token.Token {
	flow, line, inLine := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, inLine = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			inLine++
		case token.MappingValueType:
			if flow == 0 {
				inLine++
			}
		}
		if flow > maxDepth || inLine > maxDepth || t.Position.IndentNum > 16*maxDepth {
			return t
		}
	}
	return nil
}

func place(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{}
	}
	return Pos{Line: t.Position.Line, Col: t.Position.Column}
}

func placeOf(src []byte, at int) Pos {
	before := src[:at]
	begin := bytes.LastIndexByte(before, '\n') + 1
	return Pos{Line: bytes.Count(before, []byte("\n")) + 1, Col: utf8.RuneCount(before[begin:]) + 1}
}

func invalidUTF8(src []byte) int {
	at := 0
	for at < len(src) {
		r, n := utf8.DecodeRune(src[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return at
}

// unfolder turns the library's nodes into values, aliases replaced by what
// they stand for.
type unfolder struct {
	doc     *Doc
	anchors map[string]ast.Node
	open    map[string]bool // aliases being unfolded
	count   int
	full    bool // the budget is spent, and that was said
}

func (u *unfolder) value(n ast.Node, depth int) *Value {
	v := u.unfold(n, depth)
	if v.node == nil && len(u.open) == 0 {
		v.node = n
	}
	return v
}

func (u *unfolder) unfold(n ast.Node, depth int) *Value {
	u.count++
	if n == nil {
		return &Value{}
	}
	pos := place(n.GetToken())
	if u.count > maxValues || depth > 2*maxDepth {
		if !u.full {
			u.doc.ErrorAt(pos, "the file unfolds to more than %d values or %d levels; use fewer aliases", maxValues, 2*maxDepth)
		}
		u.full = true
		return &Value{pos: pos}
	}
	switch n := n.(type) {
	case *ast.AnchorNode:
		u.anchors[n.Name.GetToken().Value] = n.Value
		return u.value(n.Value, depth+1)
	case *ast.AliasNode:
		return u.alias(n, pos, depth)
	case *ast.TagNode:
		u.doc.ErrorAt(pos, "tags like %s are not used in scenarios; delete it", Plain(n.Start.Value))
		return &Value{pos: pos}
	case *ast.MappingNode:
		return u.pairs(pos, n.Values, depth)
	case *ast.MappingValueNode:
		return u.pairs(pos, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		v := &Value{kind: sequence, pos: pos}
		for _, item := range n.Values {
			v.items = append(v.items, u.value(item, depth+1))
		}
		return v
	}
	return u.scalar(n, pos)
}

func (u *unfolder) scalar(n ast.Node, pos Pos) *Value {
	v := &Value{pos: pos, text: n.GetToken().Value}
	switch n := n.(type) {
	case *ast.StringNode:
		v.kind, v.text = text, n.Value
	case *ast.LiteralNode:
		v.kind, v.text = text, n.Value.Value
	case *ast.IntegerNode:
		v.kind, v.text = integer, fmt.Sprint(n.Value)
	case *ast.FloatNode:
		v.kind = float
	case *ast.BoolNode:
		v.kind, v.text = boolean, fmt.Sprint(n.Value)
	case *ast.NullNode:
		v.kind = null
	default:
		v.kind = text
	}
	return v
}

// pairs are a mapping's keys and values. Keys that are there twice are refused
// here and not by the library, which would stop at the first.
func (u *unfolder) pairs(pos Pos, pairs []*ast.MappingValueNode, depth int) *Value {
	v := &Value{kind: mapping, pos: pos}
	lines := map[string]int{}
	for _, pair := range pairs {
		if pair.Key == nil || pair.Key.GetToken() == nil {
			continue
		}
		k := Key{Name: pair.Key.GetToken().Value, pos: place(pair.Key.GetToken())}
		_, scalar := pair.Key.(ast.ScalarNode)
		switch line := lines[k.Name]; {
		case pair.Key.IsMergeKey():
			u.doc.ErrorAt(k.pos, "<< is not used in scenarios; write the keys out, or use an alias for a whole value")
		case !scalar:
			u.doc.ErrorAt(k.pos, "a key must be plain text")
		case line > 0:
			u.doc.ErrorAt(k.pos, "%s is here twice (first in line %d); keep one", Quote(k.Name), line)
		default:
			lines[k.Name] = k.pos.Line
			item := u.value(pair.Value, depth+1)
			if item.kind == null {
				item.pos = k.pos // the library puts what is not there anywhere
			}
			v.keys, v.items = append(v.keys, k), append(v.items, item)
		}
	}
	if len(v.keys) > 0 {
		v.pos = v.keys[0].pos
	}
	return v
}

func (u *unfolder) alias(n *ast.AliasNode, pos Pos, depth int) *Value {
	name := n.Value.GetToken().Value
	target, ok := u.anchors[name]
	switch {
	case !ok:
		u.doc.ErrorAt(pos, "there is no anchor &%s before this", Plain(name))
		return &Value{pos: pos}
	case u.open[name]:
		u.doc.ErrorAt(pos, "*%s contains itself", Plain(name))
		return &Value{pos: pos}
	}
	u.open[name] = true
	defer delete(u.open, name)
	return u.value(target, depth+1)
}
