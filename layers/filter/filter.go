// Package filter is Wireshark's display filter language, as of version 4.0,
// over the tables of package layers.
//
//	text ──Parse──> Filter ──Quick(headers)──> yes, no, or unknown
//	                   └─────Match(tree)─────> yes or no
//
// A filter is conditions, joined by and (&&), or (||) and not (!), which bind
// in the order not, and, or; parentheses change that. The empty filter passes
// every frame. A condition is one of:
//
//	tcp   tcp.port   ip.src[0:2]            there is such a protocol, field or part of one
//	tcp.port == 80                          eq, == : any of the field's values is
//	tcp.port != 80                          ne, != : it has values, and all of them are different
//	tcp.port === 80, tcp.port !== 80        all_eq: all are; any_ne, ~= : any is different
//	ip.ttl < 5                              gt, >   ge, >=   lt, <   le, <=   of any value
//	any ip.addr > 10.0.0.0, all tcp.port < 1024
//	1024 is no left side: tcp.srcport < tcp.dstport < 1024 is a chain of two comparisons
//	tcp.port in {80, 443, 8000..8080}       also: not in; all … in asks for one member that all are in
//	http.host contains "example"            bytes or text, as they are
//	http.host matches "^www\\."             ~ : a regular expression; small and capital letters are alike
//	tcp.flags & 0x12                        a result that is not zero; bitwise_and
//	tcp.len + 40 > 1000                     + - * / % and braces: {tcp.len + 1} * 2 == 8
//
// Values are numbers (80, 0x50, 0b101, 0120, 'P'), True and False, texts in
// double quotes with the escapes of C (or raw: r"\d+"), bytes (00:11:22,
// 00-11-22, 0011.2233, a quoted text), MAC, IPv4 and IPv6 addresses with a
// prefix length or without, times ("2026-01-02 03:04:05.678Z", local without
// a zone), seconds (0.5), and the names of values ("request"), in quotes or,
// of one word, without. A dot before a name makes it a field (.ff), a colon
// before bytes makes them bytes (:ff).
//
// Parts of a field's or a protocol's bytes: [first:length], [first-last],
// [at], [:length], [from:], and several with commas; places below zero count
// from the end. A protocol's bytes are its header's; contains and matches look
// into all that it carries. ip.src#2 is of the second IPv4 header, ip.src#[1-2]
// of both. Functions: len, count, upper, lower, string, max, min, abs.
//
// Regular expressions are RE2's, not PCRE: no looking around, no references
// back, and no pattern that takes long. Numbers are reckoned with signs in 64
// bits. Wireshark's names of values, and ours, are both their numbers.
package filter

import (
	"fmt"

	"strata/layers"
	"strata/layers/walk"
)

// Filter is a display filter, ready to be applied. It may be used by several
// goroutines at once.
type Filter struct {
	root    *test
	streams bool
}

// Error is a mistake in a filter's text.
type Error struct {
	Pos, Len int // where, in bytes of the text; Len 0: at its end
	Text     string
}

func (e *Error) Error() string { return fmt.Sprintf("filter, column %d: %s", e.Pos+1, e.Text) }

// Parse reads a filter. Its errors are of type *Error.
func Parse(text string) (*Filter, error) {
	if len(text) > maxText {
		return nil, &Error{maxText, len(text) - maxText, "a filter may have 65536 bytes at most"}
	}
	p := parser{lexer: lexer{text: text}}
	root, err := p.whole()
	if err == nil {
		err = root.check()
	}
	if err != nil {
		return nil, err
	}
	root.quicken()
	return &Filter{root, root.needsStream()}, nil
}

// Match says whether a frame passes. The tree must have been made with what
// other frames tell where NeedsStream says so.
func (f *Filter) Match(t *layers.Tree, frame *Frame) bool {
	return f.root.match(&scene{t, frame})
}

// Quick judges by a frame's headers alone, without a tree, as far as it can.
// What it says, Match says too. It takes no memory.
func (f *Filter) Quick(shape *walk.Shape, data []byte, frame *Frame) Verdict {
	s := sight{shape: shape, data: data, frame: frame}
	return f.root.judge(&s)
}

// NeedsStream says whether the filter asks for what only other frames can
// tell: stream numbers, relative numbers, tcp.analysis, what is reassembled
// from segments. A frame that completes an IP packet shows what is in it only
// with the packet's other fragments; callers give Match those anyway.
func (f *Filter) NeedsStream() bool { return f.streams }
