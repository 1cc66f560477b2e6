package filter

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Suggestion is a way to go on with a filter.
type Suggestion struct {
	Text  string // what to write
	Label string // what it is, in a few words
	Help  string // a sentence; may be empty
}

// maxSuggestions bounds a list: who wants more of them writes a letter more.
const maxSuggestions = 300

// Complete lists what could stand in a filter's text at a place, and from
// where on the text before it would be replaced. Fields below a field are
// listed when its name and a dot are written, or nothing else fits.
func Complete(text string, at int) (from int, list []Suggestion) {
	at = max(0, min(at, len(text), maxText))
	before, word, from := tokensBefore(text[:at])
	last := token{kind: tokOp, text: "("}
	if len(before) > 0 {
		last = before[len(before)-1]
	}
	switch {
	case last.kind == tokOp && strings.Contains(" == != === !== > >= < <= & in { , .. ", " "+last.text+" "):
		if e := askedField(before); e != nil {
			return from, append(values(e, word), related(e, word)...)
		}
		return from, nameSuggestions(word)
	case last.kind == tokOp && last.text != ")" && last.text != "]" && last.text != "}":
		if last.text == "contains" || last.text == "~" {
			return from, nil
		}
		return from, nameSuggestions(word)
	}
	return from, operators(before, word)
}

// tokensBefore cuts a text into tokens, and gives the word that it ends in
// with its place.
func tokensBefore(text string) (before []token, word string, from int) {
	l := lexer{text: text}
	for {
		t, err := l.next()
		switch {
		case err != nil && strings.HasPrefix(text[err.Pos:], `"`): // a quoted text that has only begun
			return before, text[err.Pos:], err.Pos
		case err != nil:
			return before, "", len(text)
		case t.kind == tokEnd:
			if n := len(before) - 1; n >= 0 && before[n].to == len(text) {
				if end := before[n]; end.kind == tokWord || end.kind == tokField || end.kind == tokOp && wordByte(text[end.at]) {
					return before[:n], text[end.at:], end.at
				}
			}
			return before, "", len(text)
		}
		if t.kind == tokWord && t.to+1 == len(text) && text[t.to] == '.' { // a dot that no letter follows yet
			return before, text[t.at:], t.at
		}
		before = append(before, t)
	}
}

// nameSuggestions lists names and functions that begin with a word.
func nameSuggestions(word string) (list []Suggestion) {
	prefix := strings.ToLower(word)
	list = below(list, prefix)
	if len(list) == 1 {
		list = below(list, list[0].Text+".")
	}
	if !strings.Contains(prefix, ".") {
		for name, f := range functions {
			if strings.HasPrefix(name, prefix) {
				list = append(list, Suggestion{name + "(", "function", "Gives " + f.help + "."})
			}
		}
		slices.SortStableFunc(list, func(a, b Suggestion) int { return strings.Compare(a.Text, b.Text) })
	}
	return list
}

// below appends the names that begin with a prefix, without those that lie
// below others of them.
func below(list []Suggestion, prefix string) []Suggestion {
	all := names().sorted
	first := sort.Search(len(all), func(i int) bool { return all[i].name >= prefix })
	for _, e := range all[first:] {
		if !strings.HasPrefix(e.name, prefix) || len(list) == maxSuggestions {
			break
		}
		if !covered(e.name, prefix) {
			list = append(list, Suggestion{e.name, e.about(), e.help})
		}
	}
	return list
}

// covered says whether a name lies below another that begins with the prefix.
func covered(name, prefix string) bool {
	for i := len(prefix); i < len(name); i++ {
		if name[i] == '.' && names().byName[name[:i]] != nil {
			return true
		}
	}
	return false
}

// about says what a name is.
func (e *entry) about() string {
	if e.proto {
		return "protocol"
	}
	if e.kind == kindHeading {
		return e.label
	}
	return fmt.Sprintf("%s: %s", e.label, e.kind)
}

// askedField is the field at the left of the last comparison.
func askedField(before []token) *entry {
	for i := len(before) - 1; i >= 0; i-- {
		switch t := before[i]; {
		case t.kind == tokWord || t.kind == tokField:
			if e := lookup(strings.TrimPrefix(t.text, ".")); e != nil {
				return e
			}
		case t.kind == tokOp && (t.text == "&&" || t.text == "||" || t.text == "("):
			return nil
		}
	}
	return nil
}

// values lists the named values of a field that begin with a word.
func values(e *entry, word string) (list []Suggestion) {
	prefix := strings.ToLower(strings.TrimPrefix(word, `"`))
	add := func(text, name, label string) {
		if (strings.HasPrefix(strings.ToLower(name), prefix) || strings.HasPrefix(label, prefix)) && len(list) < maxSuggestions {
			list = append(list, Suggestion{Text: text, Label: label})
		}
	}
	if e.kind == kindBool {
		add("True", "true", "1")
		add("False", "false", "0")
	}
	for _, v := range sortedValues(e.names) {
		add(quote(e.names[v]), e.names[v], fmt.Sprint(v))
	}
	return list
}

// quote writes a text as a filter has it.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// related lists fields that can be compared with one, once a letter of them
// is written.
func related(e *entry, word string) (list []Suggestion) {
	if word == "" || word[0] == '"' {
		return nil
	}
	for _, s := range nameSuggestions(word) {
		if other := names().byName[s.Text]; other != nil && comparable(e.kind, other.kind) {
			list = append(list, s)
		}
	}
	return list
}

// relations are the operators that can follow a field.
var relations = []struct {
	text, label string
	fits        func(kind) bool
}{
	{"==", "is", hasValue}, {"!=", "is not", hasValue},
	{">", "is greater than", ordering}, {"<", "is less than", ordering}, {">=", "is at least", ordering}, {"<=", "is at most", ordering},
	{"contains", "has within it", hasText}, {"matches", "fits a regular expression", hasText},
	{"in", "is one of a set", func(k kind) bool { return hasValue(k) && k != kindProto }},
	{"&", "has any of these bits", func(k kind) bool { return kinds[k].masks }},
	{"&&", "and", func(kind) bool { return true }}, {"||", "or", func(kind) bool { return true }},
}

func hasValue(k kind) bool { return k != kindHeading }
func hasText(k kind) bool  { return kinds[k].text }
func ordering(k kind) bool { return hasValue(k) && k != kindBool && k != kindProto }

// operators lists what can follow a value.
func operators(before []token, word string) (list []Suggestion) {
	fits := func(text string) bool { return text == "&&" || text == "||" }
	last := before[len(before)-1]
	if e := lookup(last.text); e != nil && (last.kind == tokWord || last.kind == tokField) && !compared(before) {
		fits = nil
		last.text = e.name
	}
	for _, r := range relations {
		switch {
		case !strings.HasPrefix(r.text, word):
		case fits != nil && !fits(r.text):
		case fits == nil && !r.fits(names().byName[last.text].kind):
		default:
			list = append(list, Suggestion{Text: r.text, Label: r.label})
		}
	}
	return list
}

// compared says whether the last word is the right side of a comparison.
func compared(before []token) bool {
	return len(before) > 1 && before[len(before)-2].kind == tokOp &&
		strings.Contains(" == != === !== > >= < <= contains ~ ", " "+before[len(before)-2].text+" ")
}
