// Package seek finds places in a trace, however long it is: the next event of a
// kind or with a reason, a node's, a conversation's, a layer's; frames that pass
// a display filter, or that have some bytes; the answer to a frame; a moment.
//
//	Parse ("kind drop") ──> Query ──New──> Search ── Next, Work ──> an event
//	                                          │
//	                                          └── Columns ──> hits along a timeline
//
//	Run     what is where in a whole run, block by block, so that blocks
//	        without a hit need no look
//	Trip    the frame that answers a frame, and the next round trip
//	At      a moment
//
// A Search remembers, one bit each, what it has looked at and what it found. It
// looks first where somebody wants to go, and then everywhere, a block at a
// time; nothing that a key asks for takes longer than it takes to look at one
// block. What it keeps is a few bits an event, or a frame.
package seek

import (
	"bytes"
	"slices"
	"strings"

	"strata/layers"
	"strata/layers/filter"
	"strata/trace"
)

// Query is what is looked for: events that pass, or frames.
type Query struct {
	Text string // as it was asked for: "kind drop"

	// Of events; all that are set must fit.
	Kind    trace.Kind
	Layer   layers.Layer
	Node    int // an index into Info.Nodes, +1; 0: any
	Reasons []trace.Why

	// Of frames; one at most is set.
	Flow   int // a conversation, +1; 0: none
	Filter *filter.Filter
	Bytes  []byte // in lower case, when Fold is set
	Fold   bool   // letters of ASCII are the same in upper and lower case
}

// ofEvents says whether events are looked for, and not frames.
func (q *Query) ofEvents() bool {
	return q.Flow == 0 && q.Filter == nil && q.Bytes == nil
}

// passes says whether an event is looked for.
func (q *Query) passes(e trace.Event) bool {
	switch {
	case q.Kind != 0 && e.Kind != q.Kind,
		q.Layer != 0 && e.Layer != q.Layer,
		q.Node != 0 && int(e.Node) != q.Node-1,
		len(q.Reasons) > 0 && !slices.Contains(q.Reasons, e.Why):
		return false
	}
	return true
}

// has says whether a frame's bytes have those looked for.
func (q *Query) has(data []byte) bool {
	if !q.Fold {
		return bytes.Contains(data, q.Bytes)
	}
	first := q.Bytes[0]
	for from := 0; from+len(q.Bytes) <= len(data); from++ {
		i := bytes.IndexByte(data[from:], first)
		if j := indexUpper(data[from:], first); i < 0 || j >= 0 && j < i {
			i = j
		}
		if i < 0 || from+i+len(q.Bytes) > len(data) {
			return false
		}
		if from += i; equalFold(data[from:from+len(q.Bytes)], q.Bytes) {
			return true
		}
	}
	return false
}

// indexUpper is the first capital of a letter.
func indexUpper(data []byte, letter byte) int {
	if letter < 'a' || letter > 'z' {
		return -1
	}
	return bytes.IndexByte(data, letter-'a'+'A')
}

// equalFold compares with what is in lower case.
func equalFold(data, lower []byte) bool {
	for i, c := range lower {
		d := data[i]
		if d >= 'A' && d <= 'Z' {
			d += 'a' - 'A'
		}
		if c != d {
			return false
		}
	}
	return true
}

// reasonsOf are the codes of a name, or of all names that begin with it:
// "tcp.rto" is tcp.rto-fired, too.
func reasonsOf(name string) (out []trace.Why) {
	name = strings.TrimSuffix(name, "*")
	for _, w := range trace.Catalogue() {
		if strings.HasPrefix(w.String(), name) {
			out = append(out, w)
		}
	}
	return out
}
