// Package tui draws a trace on a terminal: a message on its way through the
// layers, step by step, and why each thing happened.
//
//	keys, mouse, ticks ──> model (root) ──> cursor: which event of the trace
//	                                          │
//	             trace.Trace ─────────────────┤
//	                                          v
//	  header, overview, journey, stack, bytes+fields, why   (panes)
//	                                          │ draw into rectangles of
//	                                          v
//	                  canvas: a grid of clean cells ──> ANSI | SVG | text
//
// Only the root handles messages. A pane is a plain struct that draws itself
// into a rectangle from the trace and the cursor, and reads no more of the
// trace than what is visible. Every character passes canvas.text, which lets
// nothing through that a terminal could take for a command.
package tui
