// Package tui draws a trace on a terminal: a message on its way through the
// layers, step by step, and why each thing happened.
//
//	keys, mouse, ticks ──> model (root) ──> cursor: which event of the trace
//	                         │    ^             │
//	                         │    └── jobs ─────┤   filter, find, order: beside the loop
//	                         v                  v
//	  trace.Trace ──> steady ──> list, overview, journey, stack, bytes+fields,
//	                             why, tables                        (panes)
//	                             conversations, stream, messages,
//	                             where a byte goes                  (pages)
//	                                          │ draw into rectangles of
//	                                          v
//	                  canvas: a grid of clean cells ──> ANSI | SVG | text
//
// A trace may grow while it is looked at, and may have ten million frames:
// steady holds it still between two looks, the list takes apart what it shows
// and no more, and nothing that a key does grows with the trace.
//
// Above the socket a message wears coats: headers, masks, records. What each
// wraps is the trace's lineage (coats.go); the stack shows them as they nest,
// the bytes in the form before and after.
//
// Only the root handles messages. A pane is a plain struct that draws itself
// into a rectangle from the trace and the cursor, and reads no more of the
// trace than what is visible. Every character passes canvas.text, which lets
// nothing through that a terminal could take for a command.
package tui
