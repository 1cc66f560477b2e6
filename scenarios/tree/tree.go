package tree

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Pos is a place in a file, counted from 1; From, when set, is the override
// that a value came from instead.
type Pos struct {
	Line, Col int
	From      string
}

// kind is the form of a value.
type kind uint8

const (
	null kind = iota
	boolean
	integer
	float
	text
	mapping
	sequence
)

// kindNames are the kinds as an error names them.
var kindNames = [...]string{"nothing", "true or false", "a whole number", "a number", "text", "a map", "a list"}

// Value is a node of the file: a scalar, a map or a list.
type Value struct {
	kind  kind
	pos   Pos
	text  string   // of a scalar, without quotes
	keys  []Key    // of a mapping, in the file's order
	items []*Value // of a sequence, or of a mapping beside its keys
	node  ast.Node // where it is written; nil: nowhere, or where others are, too
}

// Key is a mapping's key.
type Key struct {
	Name string
	pos  Pos
}

// find is the value of a key; nil when there is none.
func (v *Value) find(key string) *Value {
	for i, k := range v.keys {
		if k.Name == key {
			return v.items[i]
		}
	}
	return nil
}

// Problem is one mistake in a file.
type Problem struct {
	File string
	Pos  Pos
	Text string // what is wrong and what to do
}

func problem(file string, p Pos, format string, args ...any) Problem {
	return Problem{file, p, Clean(fmt.Sprintf(format, args...))}
}

// Error is the problem in one line: "file:line:column: text".
func (p Problem) Error() string {
	switch {
	case p.Pos.From != "":
		return fmt.Sprintf("--set %s: %s", p.Pos.From, p.Text)
	case p.Pos.Line == 0:
		return fmt.Sprintf("%s: %s", p.File, p.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Pos.Line, p.Pos.Col, p.Text)
}

// Problems are all the mistakes found, in the file's order.
type Problems []Problem

// Error is one line per problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// maxProblems bounds a report: whoever has made twenty mistakes has made one.
const maxProblems = 20

// Doc is a file as values, with the problems found in it so far.
type Doc struct {
	File     string
	Type     reflect.Type // that it is to be decoded into, for Set; nil: not known
	root     *Value
	problems Problems
	places   map[any]Pos // of decoded fields, by their address
}

// Errorf notes a problem at the place of a decoded field, given by its
// address; nil is the whole file.
func (d *Doc) Errorf(field any, format string, args ...any) {
	d.ErrorAt(d.Pos(field), format, args...)
}

// Pos is where a decoded field stands, given its address.
func (d *Doc) Pos(field any) Pos { return d.places[field] }

// ErrorAt notes a problem at a place. Whatever names from the file are in its
// text, it will be safe to print.
func (d *Doc) ErrorAt(p Pos, format string, args ...any) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, problem(d.File, p, format, args...))
	}
}

// Err is the problems found so far, as Problems; nil when there is none.
func (d *Doc) Err() error {
	if len(d.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Col - b.Pos.Col
	})
	return slices.Compact(d.problems)
}
