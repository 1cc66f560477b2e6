package tree

import (
	"fmt"
	"strconv"
	"strings"
)

// Set overrides a value before decoding. The path goes down by keys, and into
// lists by an element's name or its number from 0: "links.wan.loss". The value
// is YAML. The last key may be new.
func (d *Doc) Set(path, value string) error {
	from := Plain(path + "=" + value)
	fail := func(format string, args ...any) error {
		return problem(d.File, Pos{From: from}, format, args...)
	}
	parsed, err := Parse("", []byte(value))
	if err != nil {
		return fail("%s is not a value: %v", Quote(value), err.(Problems)[0].Text)
	}
	parsed.root.setPos(Pos{From: from})
	steps := strings.Split(path, ".")
	at := d.root
	for _, step := range steps[:len(steps)-1] {
		next := at.child(step)
		if next == nil {
			return fail("%s", Wrong("key", step, at.childNames()))
		}
		at = *next
	}
	last := steps[len(steps)-1]
	switch slot := at.child(last); {
	case slot != nil:
		*slot = parsed.root
	case at.kind == mapping && last != "":
		at.keys = append(at.keys, Key{Name: last, pos: Pos{From: from}})
		at.items = append(at.items, parsed.root)
	default:
		return fail("%s", Wrong("element", last, at.childNames()))
	}
	return nil
}

// SplitSet takes "path=value" apart.
func SplitSet(s string) (path, value string, err error) {
	path, value, ok := strings.Cut(s, "=")
	if !ok || path == "" || value == "" {
		return "", "", fmt.Errorf("--set %s: write it as PATH=VALUE, like links.wan.loss=2%%", Plain(s))
	}
	return path, value, nil
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
	if n, err := strconv.Atoi(step); err == nil && n >= 0 && n < len(v.items) {
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
