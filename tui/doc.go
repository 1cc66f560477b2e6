// Package tui draws a trace on a terminal: a message on its way through the
// layers, step by step, and why each thing happened.
//
//	keys, mouse, ticks ──> model (root) ──> viewer: one trace, its scene, its panes
//	                         │    ^           │
//	                         │    └── jobs    │ filter, find, order: beside the loop
//	                         v                v
//	                       start          scene.Pane, drawn where layout says
//	                       screen         stack journey why inspect tables list ...
//
//	draw       a grid of clean cells ──> ANSI | SVG | text
//	keys       what keys do
//	layout     who gets which part of the screen
//	menu       a list to choose from, over the whole screen: changes, folders
//	scene      what all panes share: the trace held still, the cursor; Pane
//	ask        the line at the bottom, in which something is typed
//	stack, journey, why, inspect, tables, list, overview,
//	header, wire, reassembly, charts, states, topology,
//	messages, talks, stream, travel    the rooms, one each
//	compare    two traces side by side: a screen of its own (beside.go)
//	quiz       a lesson's cards, questions and score (lesson.go)
//
// A trace may grow while it is looked at, and may have ten million frames:
// Steady holds it still between two looks, the list takes apart what it shows
// and no more, and nothing that a key does grows with the trace.
//
// Above the socket a message wears coats: headers, masks, records. What each
// wraps is the trace's lineage (scene/coats.go); the stack shows them as they
// nest, the bytes in the form before and after.
//
// Only the root handles messages. Every character passes draw.Canvas.Text,
// which lets nothing through that a terminal could take for a command.
package tui
