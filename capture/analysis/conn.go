package analysis

// Conn is what is known of a connection, of both its directions: one
// tcp.stream of Wireshark's. The zero Conn is ready. It has no pointers, and
// what does not fit into it is in the Pool.
type Conn struct {
	opened int64  // when its latest SYN was seen, ns; 0: none was
	rtt    int64  // from that SYN to the first acknowledgment, ns: the initial round trip; 0: not known
	first  uint32 // frame
	latest uint32 // frame
	seen   uint8  // the bits of tcp.completeness
	offers uint8
	paths  uint8 // what multipath options have been about, a bit per subtype
	sides  [2]side
}

// The bits of tcp.completeness.
const (
	sawSYN = 1 << iota
	sawSYNACK
	sawACK
	sawData
	sawFIN
	sawRST
)

// What a connection's segments have offered each other.
const (
	ecnSYN    = 1 << iota // a SYN that asks for accurate ECN (RFC 9768 sec. 3.1.1)
	ecnSYNACK             // the answer to it
	ecnOption
	manyPaths // it is one of a multipath connection
	openData  // a SYN with a cookie of Fast Open and data (RFC 7413 sec. 4.2)
)

// side is one direction of a connection.
type side struct {
	topTime int64 // when top was reached
	ackTime int64 // when the last segment was sent

	start  Start
	top    uint32 // the highest next sequence number; 0: none seen
	topAt  uint32 // the frame that reached it
	expect uint32 // up to where the other side may acknowledge; 0: not known
	ack    uint32 // of the last segment
	dups   uint32 // duplicate acknowledgments in a row, or unseen
	dupOf  uint32 // the frame that they repeat
	pushed uint32 // bytes since the last PSH
	sacked uint32 // bytes that the last segment's SACK covers

	one  unacked // what waits for its acknowledgment, when it is one segment
	list uint32  // when there are more: their list in the Pool, from 1

	win   uint16 // of the last segment, not scaled; valid with isSeen
	flags uint16
	paths uint8 // the connection's when the last segment was sent
	scale int8  // what the window is shifted by, plus 1; 0: not known; unscaled: none
}

const unscaled = -1

// unseen takes the place of a side's count of duplicates when the other side
// has acknowledged data of it that was not seen. For Wireshark that is more
// than two duplicates: it takes what is sent again then for fast.
const unseen = 1<<32 - 1

// The flags of a side.
const (
	isSeen    = 1 << iota // it has sent a segment
	inGap                 // a segment before the last one was not seen: what is in flight cannot be told
	pushLast              // its last segment with data had PSH
	firstAck              // it has sent a SYN and no acknowledgment since: its window is not scaled yet
	probed                // its last segment was a zero window probe
	keptAlive             // its last segment was a keep-alive
	closes                // it sent its FIN first
)

func (sd *side) is(flag uint16) bool { return sd.flags&flag != 0 }

func (sd *side) set(flag uint16, on bool) {
	sd.flags &^= flag
	if on {
		sd.flags |= flag
	}
}

// window is what the last segment offered, not scaled. Before there was one
// it is Wireshark's largest number, which no segment fills.
func (sd *side) window() uint32 {
	if !sd.is(isSeen) {
		return 1<<32 - 1
	}
	return uint32(sd.win)
}

// shift is what the side's window is shifted by: -1 unknown, -2 not at all.
func (sd *side) shift() int8 {
	if sd.scale == unscaled {
		return -2
	}
	return sd.scale - 1
}

func (s *Segment) side() int {
	if s.Back {
		return 1
	}
	return 0
}

// Add enters the next segment of a connection, and gives what must be kept
// to explain it later.
func (p *Pool) Add(c *Conn, s *Segment) Note {
	fwd, rev := &c.sides[s.side()], &c.sides[1-s.side()]
	found := c.first != 0 || s.Reused
	if c.first == 0 {
		c.first = s.Frame
	}
	w := work{p: p, c: c, s: s, fwd: fwd, rev: rev}
	w.handshake()
	n := Note{Previous: c.latest, bits: uint32(c.seen)<<seenAt | uint32(fwd.shift()+2)<<shiftAt}
	c.latest = s.Frame
	fwd.sacked = 0
	if !s.NoLength {
		n.seqBase = fwd.start.Seq
		w.analyze(&n)
	}
	n.ackBase = rev.start.Seq
	if s.Bogus {
		return n
	}
	c.complete(s, found)
	w.after(&n)
	if s.EmptySACK && w.failsAtSACK() {
		w.agree(&s.early, true)
		return n
	}
	if !s.Broken {
		w.tell(&n)
	}
	w.agree(&s.options, s.Broken)
	return n
}

// work is a segment in the making of its note.
type work struct {
	p        *Pool
	c        *Conn
	s        *Segment
	fwd, rev *side

	found    uint32 // layers.Findings
	any      bool   // Wireshark has something to say, though it may be no finding
	acked    uint32
	inFlight uint32
	pushed   uint32
	dups     uint32
	since    uint32 // the frame that a duplicate repeats, or that a retransmission is timed from
}

func (w *work) find(finding uint32) { w.found |= finding; w.any = true }

// handshake looks at SYNs between ports that have spoken before.
func (w *work) handshake() {
	s, fwd, c := w.s, w.fwd, w.c
	known := fwd.start.Known
	again := Begin(&fwd.start, &w.rev.start, s.Flags, s.Seq, s.Ack, !s.NoLength)
	switch {
	case s.opens():
		if s.Reused {
			w.find(reusedPorts)
			c.seen = sawSYN
		} else if known { // RFC 9293 sec. 3.5.3: perhaps after a reset with a number of its own
			fwd.top, w.any = fwd.expect, true
		}
		c.offer(ecnSYN, s.has(flagAE|flagCWR|flagECE))
	case s.accepts():
		if again {
			w.p.rebase(fwd)
			w.find(reusedPorts)
		}
		c.offer(ecnSYNACK, s.Flags&(flagAE|flagCWR) == flagCWR || s.Flags&(flagAE|flagECE) == flagAE)
	}
}

func (c *Conn) offer(what uint8, on bool) {
	c.offers &^= what
	if on {
		c.offers |= what
	}
}

// complete notes which parts of a conversation have been seen. The first
// segment counts only when it is a SYN.
func (c *Conn) complete(s *Segment, found bool) {
	if !found {
		if s.opens() {
			c.seen = sawSYN
			if s.Len > 0 {
				c.seen |= sawData
			}
		}
		return
	}
	if s.accepts() {
		c.seen |= sawSYNACK
	}
	if s.acks() {
		if s.Len > 0 {
			c.seen |= sawData
		} else {
			c.seen |= sawACK
		}
	}
	if s.has(flagFIN | flagACK) {
		c.seen |= sawFIN
	}
	if s.has(flagRST) {
		c.seen |= sawRST
	}
}

// after follows the handshake's times and the end, when the segment's
// numbers have been judged.
func (w *work) after(n *Note) {
	s, c, fwd := w.s, w.c, w.fwd
	if s.none(flagSYN) && (c.offers&(ecnSYN|ecnSYNACK) == ecnSYN|ecnSYNACK || c.offers&ecnOption != 0) {
		n.bits |= noteACE
	}
	if s.accepts() && c.offers&openData != 0 {
		n.bits |= noteOpenData
	}
	if s.opens() {
		c.opened = s.Time
	}
	if s.has(flagSYN) {
		fwd.flags |= firstAck
	}
	if s.has(flagFIN) {
		if w.rev.is(closes) {
			n.bits |= notePassive
		} else {
			fwd.flags |= closes
		}
	}
	if s.acks() {
		if c.opened != 0 && c.rtt == 0 {
			c.rtt = s.Time - c.opened
		}
		fwd.flags &^= firstAck
	}
}

// failsAtSACK says whether Wireshark stops at a SACK option without a block:
// it takes 0 for the first block's end, finds that acknowledged, and so reads
// the block as a duplicate's (RFC 2883 section 4), which is not there.
func (w *work) failsAtSACK() bool {
	ack := w.s.Ack
	if !w.s.NoLength && w.s.has(flagACK) {
		ack -= w.rev.start.Seq
	}
	return int32(0-ack) <= 0
}

// agree takes in what the segment's options say (RFC 7323 section 2.2).
func (w *work) agree(o *options, broken bool) {
	s, fwd, rev, c := w.s, w.fwd, w.rev, w.c
	fwd.sacked = o.sacked
	if o.shift >= 0 {
		fwd.scale = o.shift + 1
	}
	if o.accECN {
		c.offers |= ecnOption
	}
	if o.fastOpen && s.opens() && s.Len > 0 {
		c.offers |= openData
	}
	if o.multipath&multipathKnown != 0 {
		c.offers |= manyPaths
	}
	if broken {
		return
	}
	if o.multipath != 0 && c.offers&manyPaths != 0 {
		c.paths |= uint8(o.multipath)
	}
	if s.none(flagSYN) {
		return
	}
	switch {
	case fwd.scale == 0: // none here, so there is none there
		fwd.scale, rev.scale = unscaled, unscaled
	case s.has(flagACK) && rev.scale == unscaled: // it was not asked for
		fwd.scale = unscaled
	}
}
