// Package capture makes traces from capture files: an index is made in the
// background, and a frame's steps are worked out when somebody looks at it.
//
//	source ──records──> walk ──> flows ──> analysis ──> streams ──> messages
//	 (files,             │       (who with  (what TCP    (which frame brings
//	  pipes)             │        whom)      did)         which byte of what)
//	    │                └──> index: 48 bytes a frame, in pages
//	    │                          │
//	  Frame ──> gopacket ──> view of one frame: events, PDUs ──> Trace
//	                               │
//	                         layers.Dissect ──> Tree ──> WriteJSON, Select
//
// Its rooms: source reads the bytes of files and pipes, pages keeps long lists
// out of memory, flows numbers and counts conversations, analysis is what
// segments tell of each other, line lets several take turns. Count counts
// conversations without an index. What streams carry is found by
// layers/streams; what it opens (TLS, with a key log or the file's own secrets;
// packed WebSocket messages) goes to a file without a name, too, so that any
// frame can be looked at without reading its connection again.
//
// A capture sees frames at one point of a network. That a frame passed there
// is observed; how its sender made it and what its receiver does with it is
// inferred, and every event says which. What cannot be known from a capture
// (congestion windows, timers, what a host dropped) is absent.
//
// Files are hostile. Lengths are checked before anything is allocated; what
// could be read before a damaged place is kept, and Progress says what is wrong
// and where. Memory stays small whatever the file: the index goes to files
// without names, and connections that have ended are put away there.
//
// One goroutine reads, another enters frames into the index; whoever asks a
// question goes before it (turns). While it grows, nothing that has a number
// changes it: a File's event numbers are sequential over the frames: the index
// holds how many steps each frame has, and every 64th running total. A PDU's
// number is its frame's first event number plus its place in the frame, since a
// frame has at least one event for each PDU that it brings. Streams and packets
// that many frames make up are numbered downwards from the top.
package capture
