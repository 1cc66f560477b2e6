// Package connection tells what one TCP connection did over time: its
// quantities as lines, its segments as tcptrace draws them, and the path that
// each end took through the states of RFC 9293.
//
//	Trace ──Of──> Ref ──Open──> Connection ──Work, slice by slice──┐
//	                                │                              │
//	      charts <── Columns, Value ┤ strips: at most 8192 buckets a kind
//	      states <── Path, States ──┘ marks: where a closer look begins
//
// There are two ways to know a connection. A simulation tells what its hosts
// know, as state events; each direction is seen from the side that sends the
// data. A capture has seen segments at one point: what is in flight, how long
// answers took and which windows were announced follows from these, as
// Wireshark works it out; what a sender thinks (cwnd, ssthresh, its RTO) does
// not, and is not there.
//
// A connection may have millions of segments. A strip keeps of any number of
// samples the least and the greatest in every stretch, so no extreme and no
// resent or lost segment is ever missing from a chart, however small. Where
// somebody looks closer than a strip is fine, the segments of that stretch
// are read again (Focus).
//
//	ref.go     which connection an event belongs to
//	kind.go    what can be asked for
//	strip.go   samples, merged as they grow many
//	pass.go    a way through the trace, in slices
//	run.go     what a simulation's events tell
//	seen.go    what a capture's segments tell
//	state.go   the states; infer.go  what segments tell of them
package connection
