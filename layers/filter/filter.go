// Package filter is Wireshark's display filter language over the tables of
// package layers.
//
//	text ──Parse──> Filter ──Quick(shape)──> yes, no, or unknown
//	                   └─────Match(tree)───> yes or no
package filter

import (
	"fmt"
	"strings"
	"time"

	"strata/layers"
	"strata/layers/walk"
)

// Filter is a display filter, ready to be applied. It may be used by several
// goroutines at once.
type Filter struct{ name string }

// Error is a mistake in a filter's text.
type Error struct {
	Pos, Len int // where, in bytes of the text
	Text     string
}

func (e *Error) Error() string { return fmt.Sprintf("filter, column %d: %s", e.Pos+1, e.Text) }

// Frame is what is known of a frame beside its bytes: the fields of "frame".
type Frame struct {
	Number        int       // from 1
	Time          time.Time //
	SinceFirst    time.Duration
	SincePrevious time.Duration // the frame before it in the file
	CapLen, Len   int
	Interface     string
	Comments      []string
	Marked        bool
}

// Parse reads a filter. Its errors are of type *Error.
func Parse(text string) (*Filter, error) {
	name := strings.TrimSpace(text)
	if layers.FieldNamed(name) == nil {
		return nil, &Error{Len: len(text), Text: fmt.Sprintf("there is no field %q", name)}
	}
	return &Filter{name}, nil
}

// Match says whether a frame passes.
func (f *Filter) Match(t *layers.Tree, _ *Frame) bool {
	for _, p := range t.Parts {
		if has(p.Fields, f.name) {
			return true
		}
	}
	return false
}

func has(nodes []layers.Node, name string) bool {
	for i := range nodes {
		if nodes[i].Field.Name == name || has(nodes[i].Children, name) {
			return true
		}
	}
	return false
}

// Verdict is what a quick look at a frame tells.
type Verdict uint8

// The verdicts.
const (
	Unknown Verdict = iota // only Match can tell
	Yes
	No
)

// Quick judges by a frame's headers alone, without a tree, as far as it can.
// What it says, Match says too.
func (f *Filter) Quick(*walk.Shape, []byte, *Frame) Verdict { return Unknown }

// NeedsStream says whether the filter asks for what only other frames can
// tell: stream numbers, tcp.analysis, reassembled messages.
func (f *Filter) NeedsStream() bool { return true }
