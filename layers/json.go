package layers

import (
	"bytes"
	"encoding/json"
)

// Wireshark's names. A member's value has its path beside it, so that a filter
// can ask for one of many.
var (
	jsonObject = jsonRow("json.object", "object", TypeNone, "4", "Members, each a name with a value, in curly brackets.")
	jsonMember = jsonRow("json.member", "member", TypeString, "4", "A name with a value.")
	jsonKey    = jsonRow("json.key", "name", TypeString, "4", "What the member is called.")
	jsonArray  = jsonRow("json.array", "array", TypeNone, "5", "Values, one after the other, in square brackets.")
	jsonString = jsonRow("json.value.string", "text", TypeString, "7", "A text; a backslash before a letter stands for a character that could not be written.")
	jsonNumber = jsonRow("json.value.number", "number", TypeString, "6", "A number, in decimal.")
	jsonTrue   = jsonRow("json.value.true", "true", TypeNone, "3", "Yes.")
	jsonFalse  = jsonRow("json.value.false", "false", TypeNone, "3", "No.")
	jsonNull   = jsonRow("json.value.null", "null", TypeNone, "3", "No value.")
	jsonPath   = jsonRow("json.path", "path", TypeString, "4", "The names of the members that it is in, from the outermost one.")
	jsonAtPath = jsonRow("json.path_with_value", "path with value", TypeString, "4", "The value, with the names of the members that it is in.")
	jsonNamed  = jsonRow("json.member_with_value", "member with value", TypeString, "4", "The value, with the name of its member.")
)

func jsonRow(name, label string, t Type, section, help string) *Field {
	return row(JSON, Field{Name: name, Label: label, Type: t, RFC: "RFC 8259 sec. " + section, Help: help})
}

// maxJSONDepth is how deep values in values are taken apart; a deeper one is
// shown whole.
const maxJSONDepth = 12

// json reads a text that is one value. False: it is none, and nothing was
// shown.
func (d *dissector) json(s span) bool {
	b := d.data[s.pos:s.end]
	if len(b) == 0 || !d.within() || !json.Valid(b) {
		return false
	}
	p := d.part(JSON, s.pos, len(b))
	p.Summary = Printable(string(b))
	j := jsonText{d, b, s.pos}
	if at := jsonSpace(b, 0); b[at] == '{' || b[at] == '[' { // as in Wireshark, another value is not taken apart
		p.Fields = append(p.Fields, j.value(at, "", "", 0)...)
	}
	return true
}

// jsonText is a text that is known to be one value.
type jsonText struct {
	*dissector
	b   []byte
	pos int // where it begins in the buffer
}

// value is the nodes of the value that begins at an offset: an object or an
// array is one, anything else comes with its path.
func (j jsonText) value(at int, path, name string, depth int) []Node {
	end := jsonEnd(j.b, at)
	text := j.b[at:end]
	add := func(f *Field, show string) Node { return j.told(f, j.pos+at, len(text), Printable(show)) }
	if c := text[0]; c == '{' || c == '[' {
		f := jsonObject
		if c == '[' {
			f = jsonArray
		}
		n := add(f, "")
		if depth < maxJSONDepth {
			n.Children = j.items(at, path, depth)
		}
		return []Node{n}
	}
	show, f := string(text), jsonNumber
	switch text[0] {
	case '"':
		f, show = jsonString, jsonUnquote(text)
	case 't':
		f = jsonTrue
	case 'f':
		f = jsonFalse
	case 'n':
		f = jsonNull
	}
	nodes := []Node{add(jsonAtPath, path+":"+show), add(jsonNamed, name+":"+show), add(f, show)}
	if f.Type == TypeNone {
		nodes[2].Show = ""
	}
	return nodes
}

// items is the nodes of what is in an object or an array.
func (j jsonText) items(at int, path string, depth int) (nodes []Node) {
	path += "/"
	for item := range jsonItems(j.b, at) {
		if !j.within() {
			break
		}
		if item.key == nil {
			nodes = append(nodes, j.value(item.at, path+"[]", "[]", depth+1)...)
			continue
		}
		name := jsonUnquote(item.key)
		member := j.told(jsonMember, j.pos+item.keyAt, item.end-item.keyAt, Printable(name))
		key, where := member, member
		key.Field, key.Len = jsonKey, len(item.key)
		where.Field, where.Show = jsonPath, Printable(path+name)
		member.Children = append(j.value(item.at, path+name, name, depth+1), key, where)
		nodes = append(nodes, member)
	}
	return nodes
}

// jsonItem is a member of an object, or an element of an array.
type jsonItem struct {
	key     []byte // with its quotes; nil: it is an element
	keyAt   int
	at, end int // where its value lies
}

// jsonItems goes through what is in the object or array at an offset of a
// valid text.
func jsonItems(b []byte, at int) func(yield func(jsonItem) bool) {
	return func(yield func(jsonItem) bool) {
		object := b[at] == '{'
		for at = jsonSpace(b, at+1); at < len(b) && b[at] != '}' && b[at] != ']'; {
			var item jsonItem
			if object {
				end := jsonEnd(b, at)
				item.key, item.keyAt = b[at:end], at
				at = jsonSpace(b, jsonSpace(b, end)+1) // past the colon
			}
			item.at, item.end = at, jsonEnd(b, at)
			if !yield(item) {
				return
			}
			if at = jsonSpace(b, item.end); at < len(b) && b[at] == ',' {
				at = jsonSpace(b, at+1)
			}
		}
	}
}

// jsonEnd is where the value ends that begins at an offset of a valid text.
func jsonEnd(b []byte, at int) int {
	depth := 0
	for i := at; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return min(i+1, len(b))
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i // after a number or a word
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return len(b)
}

// jsonSpace is where the white space at an offset ends.
func jsonSpace(b []byte, at int) int {
	for at < len(b) && bytes.IndexByte([]byte(" \t\r\n"), b[at]) >= 0 {
		at++
	}
	return at
}

// jsonUnquote is what a text in quotes stands for.
func jsonUnquote(b []byte) (s string) {
	if json.Unmarshal(b, &s) != nil {
		return string(b)
	}
	return s
}
