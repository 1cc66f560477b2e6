// Package trace is the record that makers write and viewers read: an
// append-only, time-ordered list of events, each about one PDU (or one
// connection, table or queue) at one layer of one node.
//
//	sim ─────┐             ┌──> tui
//	         ├──> Trace ───┤
//	capture ─┘             └──> export
//
// Three things hang together by number:
//
//	Event ── PDU ──> the bytes, by lineage: own header + a range of another PDU
//	  │  └── Cause ─> the earlier Event that made it happen
//	  └───── Frame ─> the frame on a wire that the event made or took apart
//
// State (sockets, tables, cwnd …) exists only as state events; folding them up
// to an event gives the state then. A Log is a trace in memory; a capture
// implements Trace over an index into its file.
package trace
