// Package compare lays two traces side by side: which frame, and which step, of
// the one is the same as which of the other, where they part, and why.
//
//	A ──scan──> sights ─┐                          ┌──> Row, Steps, Fields
//	                    ├──match──> partners ──order──> rows ──judge──> Diff
//	B ──scan──> sights ─┘                          └──> Parting, Numbers
//
// A sight is one frame at one place. What pairs two of them is what does not
// depend on chance or on the clock: the conversation (by its ends, else by the
// order in which they begin), the direction, where on its way it was seen, the
// kind, the sequence number counted from the conversation's first, the length, or
// what is in it. Of several alike, the first pairs with the first: so a
// segment that was lost here and sent again is still the same segment there.
//
//	doc.go, compare.go  the work, in slices
//	sight.go, view.go   what a frame is known by, and where one looks from
//	talk.go             the conversations of both, and which is which
//	match.go, order.go  pairing, and the order of the rows
//	row.go              what is the same, and what differs
//	steps.go, fields.go, content.go
//	                    inside a row: steps in pairs, fields and bytes that differ
//	event.go, part.go   two simulations event by event, and where they part
//	numbers.go          what each comes to
//	text.go, jsonl.go   the report
//
// Two runs of one scenario are the same, event for event, up to the one at which
// they part: no chance in one depends on what happened to others. Captures have
// no such order; they are compared frame by frame alone.
//
// The work takes one look at every frame of both, and holds less than 100 bytes
// for each while it lasts, then 24; at most Limit frames of a trace are looked at. What
// Row, Steps and Fields give is worked out when they are asked.
package compare
