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
//
// # The journey of a message, as events
//
// Each line is one event: kind, layer, protocol, and its PDU. Going down at a
// host (over UDP, Send is followed by Encode and Write, then Encapsulate T4):
//
//	Send        A7 Message    the message; with Peers
//	Encode      P6 UTF8       the message; only when it is text
//	Encode      …             what a protocol above the socket makes of it: one
//	                          step for each wrapping, from the inside out: JSON,
//	                          Socket.IO, Engine.IO, WebSocket, MQTT, gzip, TLS
//	Write       S5 Connection the message, with its Extent in the stream
//	Segment     T4 TCP        the segment; its header holds a range of the Stream
//	Encapsulate N3 IPv4       the packet
//	Fragment    N3 IPv4       one fragment of the packet, when it is cut
//	Hold        N3 ARP        the packet, while the next hop's MAC is asked for
//	Encapsulate L2 Ethernet   the frame
//	Queue       L2 Ethernet   the frame, when it must wait for the wire
//	Transmit    P1 Wire       the frame, at the sending node and link end
//
// on the wire, at the sending node and link end (Corrupt: the damaged copy):
//
//	Corrupt, Duplicate, Delay, Drop    P1 Wire
//
// at a switch (Forward once per link end that the frame goes out of):
//
//	Arrive P1, Forward L2 Ethernet, [Queue], Transmit P1
//
// at a router (Forward and what follows have the changed packet):
//
//	Arrive P1, Decapsulate L2, Forward N3, Encapsulate L2, [Queue], Transmit P1
//
// and going up at a host, where Decapsulate's PDU is the one whose header is
// read; a PDU that ends here has a Drop at the layer that refused it:
//
//	Arrive P1, Decapsulate L2, Decapsulate N3, [Reassemble N3], Decapsulate T4,
//	[Reassemble T4: a gap in the stream has been filled],
//	Read S5, [Decode …, from the outside in], [Reassemble S5: the last fragment
//	of a WebSocket message], [Decode P6 UTF8], Deliver A7
//
// What wraps a message above the socket is found in the bytes of the stream, by
// layers/streams, alike in a simulation and in a capture. A protocol's own
// bytes that carry no message (a handshake, a ping, an acknowledgment) have
// their Encode and Decode steps, but no Send and no Deliver. In a capture, what
// a TLS record, WebSocket frame or MQTT packet of several segments holds is
// known with the last of them: Write comes with the first, Send and Encode come
// with that one.
//
// The cause of each is the one before it; of a segment sent because a timer
// ran out, the TimerFired; of one sent because an acknowledgment came, that
// one's Decapsulate T4.
//
// # The tables, as state
//
//	socket  key "tcp 10.0.1.2:49152 10.0.2.2:80"   state, program, error, unread, unsent (bytes);
//	        "tcp 0.0.0.0:80 *"               backlog, of one that listens
//	tcp     same key: state, snd.una, snd.nxt, snd.wnd, rcv.nxt, rcv.wnd, cwnd, ssthresh, srtt, rttvar, rto, dupacks
//	arp     key "10.0.1.1"                mac
//	mac     key "02:00:00:00:01:01"       port     (switches)
//	route   key "10.0.2.0/24"             via
//	program key its name                  result   (once it has ended)
//	interface key "eth0"                  address  (that a program set up)
//	nat     key "udp 192.168.1.2:5000"    outside, peer, timeout
//	queue   key "eth0"                    frames   (what waits for the wire)
//
// and what programs note of their own: sessions, topics, leases, names.
package trace
