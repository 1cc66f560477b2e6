package tree

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Set overrides a value before decoding. The path goes down by keys, and into
// lists by an element's name or its number from 0: "links.wan.loss"; the
// element + is a new one at the list's end: "links.wan.faults.+". The value is
// YAML. The last key may be new; so may those before it that Type knows.
func (d *Doc) Set(path, value string) error {
	t, err := d.target(path, value)
	if err != nil {
		return err
	}
	t.put()
	return nil
}

// Value is what lies at a path, in one line of YAML; "" where there is nothing.
func (d *Doc) Value(path string) string {
	at := d.root
	for _, step := range strings.Split(path, ".") {
		next := at.child(step)
		if next == nil {
			return ""
		}
		at = *next
	}
	return at.inline()
}

// SplitSet takes "path=value" apart.
func SplitSet(s string) (path, value string, err error) {
	path, value, ok := strings.Cut(s, "=")
	if !ok || path == "" || value == "" {
		return "", "", fmt.Errorf("--set %s: write it as PATH=VALUE, like links.wan.loss=2%%", Plain(s))
	}
	return path, value, nil
}

// target is where a change is made: in the place of a value, or in a map or
// list, into which something new goes, or out of which something is taken.
type target struct {
	slot  **Value // the value that is there; nil: there is none yet
	in    *Value  // else the map or list that it goes into,
	key   Key     // and in a map its key
	gone  int     // or which element of in is taken; -1: none
	value *Value
}

func (t *target) put() {
	switch {
	case t.gone >= 0:
		if t.in.kind == mapping {
			t.in.keys = slices.Delete(t.in.keys, t.gone, t.gone+1)
		}
		t.in.items = slices.Delete(t.in.items, t.gone, t.gone+1)
	case t.slot != nil:
		*t.slot = t.value
	default:
		if t.in.kind == mapping {
			t.in.keys = append(t.in.keys, t.key)
		}
		t.in.items = append(t.in.items, t.value)
	}
}

// newElement is the step of a path that names none of a list's elements, but
// one more.
const newElement = "+"

// target goes down the path as far as there is something, and makes the value
// to put there.
func (d *Doc) target(path, value string) (*target, error) {
	from := Plain(path + "=" + value)
	fail := func(format string, args ...any) (*target, error) {
		return nil, problem(d.File, Pos{From: from}, format, args...)
	}
	if !utf8.ValidString(path) {
		return fail("the path is not UTF-8 text")
	}
	parsed, err := Parse("", []byte(value))
	if err != nil {
		return fail("%s is not a value: %v", Quote(value), err.(Problems)[0].Text)
	}
	steps := strings.Split(path, ".")
	slot, shape := &d.root, d.Type
	for len(steps) > 0 {
		next := (*slot).child(steps[0])
		if next == nil {
			break
		}
		slot, shape, steps = next, within(shape, steps[0]), steps[1:]
	}
	v := parsed.root
	if len(steps) > 0 {
		for i := len(steps) - 1; i > 0; i-- {
			v = wrapped(steps[i], v)
		}
	}
	v.setPos(Pos{From: from})
	at := *slot
	switch {
	case len(steps) == 0:
		return &target{slot: slot, gone: -1, value: v}, nil
	case at.kind == sequence && steps[0] == newElement && len(steps) == 1:
		return &target{in: at, gone: -1, value: v}, nil
	case at.kind == mapping && steps[0] != "" && (len(steps) == 1 || knows(shape, steps)):
		return &target{in: at, key: Key{Name: steps[0], pos: Pos{From: from}}, gone: -1, value: v}, nil
	case len(steps) == 1 && at.kind != mapping:
		return fail("%s", Wrong("element", steps[0], at.childNames()))
	}
	return fail("%s", Wrong("key", steps[0], at.childNames()))
}

// leaving is what is taken away: the last step of the path.
func (d *Doc) leaving(path string) (*target, error) {
	var in *Value
	at, step := d.root, ""
	for _, step = range strings.Split(path, ".") {
		next := at.child(step)
		if next == nil {
			return nil, problem(d.File, at.pos, "%s", Wrong("key", step, at.childNames()))
		}
		in, at = at, *next
	}
	return &target{in: in, gone: slices.Index(in.items, at)}, nil
}

// wrapped is a map or list that holds nothing but v.
func wrapped(step string, v *Value) *Value {
	if step == newElement {
		return &Value{kind: sequence, items: []*Value{v}}
	}
	return &Value{kind: mapping, keys: []Key{{Name: step}}, items: []*Value{v}}
}

// within is the type of what a step leads to, in a value that is to be decoded
// into a type; nil where that is not known.
func within(t reflect.Type, step string) reflect.Type {
	t = plainType(t)
	switch {
	case t == nil:
	case t.Kind() == reflect.Slice:
		return t.Elem()
	case t.Kind() == reflect.Struct:
		for _, f := range fieldsOf(t) {
			if f.Tag.Get("yaml") == step {
				return f.Type
			}
		}
	}
	return nil
}

// knows says whether a type has a field for the first of some steps, which
// holds something for the others. The names of a list's elements are the
// file's to give: a new one is more likely a slip.
func knows(t reflect.Type, steps []string) bool {
	if p := plainType(t); p == nil || p.Kind() == reflect.Slice {
		return false
	}
	for i, step := range steps[:len(steps)-1] {
		if t = within(t, step); t == nil {
			return i > 0
		}
		list, element := plainType(t).Kind() == reflect.Slice, steps[i+1] == newElement
		if list != element {
			return false
		}
	}
	return true
}

// plainType is what a pointer points to.
func plainType(t reflect.Type) reflect.Type {
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func (v *Value) setPos(p Pos) {
	v.pos = p
	for i := range v.keys {
		v.keys[i].pos = p
	}
	for _, item := range v.items {
		item.setPos(p)
	}
}

// child is where the value of a step lies; nil when there is none.
func (v *Value) child(step string) **Value {
	for i, k := range v.keys {
		if k.Name == step {
			return &v.items[i]
		}
	}
	if v.kind != sequence {
		return nil
	}
	for i, item := range v.items {
		if name := item.find("name"); name != nil && name.text == step {
			return &v.items[i]
		}
	}
	if n, err := strconv.Atoi(step); err == nil && step != "" && step[0] != newElement[0] && n >= 0 && n < len(v.items) {
		return &v.items[n]
	}
	return nil
}

// childNames are the steps that child knows.
func (v *Value) childNames() []string {
	var names []string
	for _, k := range v.keys {
		names = append(names, k.Name)
	}
	if v.kind == sequence {
		for i, item := range v.items {
			name := strconv.Itoa(i)
			if n := item.find("name"); n != nil {
				name = n.text
			}
			names = append(names, Plain(name))
		}
	}
	return names
}

// equal says whether two values are the same, wherever they stand.
func (v *Value) equal(w *Value) bool {
	return v.kind == w.kind && (v.text == w.text || v.kind == null) && // "~" is null, too
		slices.EqualFunc(v.keys, w.keys, func(a, b Key) bool { return a.Name == b.Name }) &&
		slices.EqualFunc(v.items, w.items, (*Value).equal)
}
