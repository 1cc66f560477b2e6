// Package capture makes traces from capture files: an index is made in one
// pass, and a frame's steps are worked out when somebody looks at it.
//
//	file ──pcap, pcapng──> record ──walk──> flow ──> stream ──> message
//	 │                       └──> index: 24 bytes a frame      (where each
//	 │                              │                           one lies)
//	 └── ReadAt ──> gopacket ──> view of one frame: events, PDUs ──> Trace
//	                                │
//	                          layers.Dissect ──> Tree ──> WriteJSON
//
// A capture sees frames at one point of a network. That a frame passed there
// is observed; how its sender made it and what its receiver does with it is
// inferred, and every event says which. What cannot be known from a capture
// (congestion windows, timers, what a host dropped) is absent.
//
// Files are hostile. Lengths are checked before anything is allocated; what
// could be read before a damaged place is kept, and Damage says what is wrong
// and where.
//
// A File's event numbers are sequential over the frames: the index holds how
// many steps each frame has, and every 64th running total. A PDU's number is
// its frame's first event number plus its place in the frame, since a frame
// has at least one event for each PDU that it brings. Streams and datagrams
// that many frames make up are numbered downwards from the top.
package capture
