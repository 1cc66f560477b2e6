package quiz

import (
	"strata/layers"
	"strata/trace"
)

// Kind says how a question is answered.
type Kind uint8

// The kinds.
const (
	Choose Kind = iota + 1 // one of several choices
	Number                 // a number
	Fill                   // the fields of a header that are hidden
	Order                  // a list, put in order
)

var kindNames = [...]string{Choose: "choose", Number: "number", Fill: "fill", Order: "order"}

// String is the kind's name.
func (k Kind) String() string { return kindNames[k] }

// Question is a question about a trace.
type Question struct {
	Kind    Kind
	Event   trace.EventID // that it is about; a prompt waits there for its answer
	Frame   int           // the event's
	Name    string        // what is asked: with Event it tells the question from all others of its trace
	Ask     string
	Choices []string // Choose
	Rows    []Row    // Fill: the headers that have blanks, in the order of their bytes
	Items   []string // Order: as they are offered, which is not their order

	key key
}

// Blanks is how many fields of Rows are to be filled in.
func (q *Question) Blanks() int { return len(q.key.fields) }

// Row is a field of a header that has blanks in it.
type Row struct {
	Proto layers.Proto
	Field *layers.Field
	Show  string // empty: a blank
	Blank bool
}

// Answer is what somebody says. Of its fields, the one for the question's kind
// counts.
type Answer struct {
	Choice int      // Choose: among Choices
	Text   []string // Number: one; Fill: one for each blank, in order
	Order  []int    // Order: indices of Items, the first one first
}

// Verdict is what an answer is worth, and why.
type Verdict struct {
	Right bool // all of it
	Parts []Part
	Why   string
	RFC   string   // that rules it; empty: none does
	Words []string // of the glossary, that explain it
}

// Part is one thing that was to be answered: a blank, a place in the order; the
// whole of a choice or a number.
type Part struct {
	Label string // the field's; empty where there is one part alone
	Given string
	Is    string // what is right
	Right bool
	Note  string // what the field means, or what was mixed up
}

// key is what opens a question. Of its fields, those of the question's kind
// are set.
type key struct {
	choice int
	number number
	fields []blank
	order  []int // indices of Items, in order

	why   string
	rfc   string
	words []string
}
