package trace

import "strata/layers"

// Conversation is all that two ends said to each other by one protocol.
type Conversation struct {
	Proto  layers.Proto // TCP, UDP, IPv4, IPv6 or Ethernet
	Stream int          // Wireshark's tcp.stream or udp.stream; -1: the protocol has none
	A, B   string       // the ends: "10.0.0.1:49152", "[fe80::1]:53", "10.0.0.1", "02:00:00:00:00:01"
	Frames [2]int       // that carried it, from A to B and from B to A
	Bytes  [2]int64     // of these frames on the wire
	Start  Time         // of its first frame
	End    Time         // of its last
	First  int          // its first frame
}

// Said is a piece of what one side of a conversation sent.
type Said struct {
	Back    bool   // from B to A
	Frame   int    // that carried it
	Data    []byte // as captured
	Missing int    // bytes that were never captured, of which Data is a note; 0: Data was sent
}

// Progress says how much of a trace is there.
type Progress struct {
	Done, Total int64 // bytes read of the file; Total 0: nobody knows how many there are
	Live        bool  // more will come: a file is being indexed, or a pipe is open
	Pipe        bool  // it comes from a pipe
	Damage      error // where and why it cannot be read further; nil: it can
}
