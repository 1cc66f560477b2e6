package connection

import (
	"strata/layers"
	"strata/trace"
)

// place is where a segment stands among its side's numbers.
type place struct {
	side     int
	off, end int64 // of its first number, and after its last
	acks     bool
	ack      int64 // valid iff acks
}

// framesASlice is how many frames are looked at between two looks at the
// clock.
const framesASlice = 1024

// lateFrames is how far the times of a file's frames may be out of order.
const lateFrames = 60 * trace.Second

// frames goes through some frames of a capture.
func (p *pass) frames() {
	c := p.c
	total := c.t.Frames()
	to := min(total, p.next+framesASlice)
	if p.next >= to {
		p.over = true // Grow goes on when more has come
		return
	}
	c.t.Segments(c.talk, p.next, to, func(s *trace.Sent) bool {
		if s.Time > p.until {
			p.over = true
			return false
		}
		p.now = max(p.now, s.Time)
		c.keep(p, s.Frame)
		p.segment(s)
		p.seen++
		return true
	})
	p.next = to
	if p.seen >= c.frames || c.t.Frame(to-1).Sent > c.span[1]+lateFrames {
		p.over = true
	}
}

// segment takes in a segment that passed.
func (p *pass) segment(s *trace.Sent) {
	at := place{}
	if s.Back {
		at.side = 1
	}
	me, peer := &p.ledgers[at.side], &p.ledgers[1-at.side]
	source := uint32(s.Frame + 1)
	p.count(me, peer, s, &at)
	if p.states != nil {
		p.states.segment(s, me, peer, &at, p.now, source)
	}
	if s.Flags&flagSYN != 0 {
		me.scale = s.Scale
	}
	p.bars(s, me, &at, source)
	if at.acks {
		p.answer(s, me, peer, &at, source)
	}
	p.flying(s, me, &at, source)
}

// count finds the segment's relative numbers: they count from the SYN, or from
// before the first byte that was seen, as Wireshark's do.
func (p *pass) count(me, peer *ledger, s *trace.Sent, at *place) {
	me.counts(s.Seen.SeqBase)
	at.off = me.at(s.Seq)
	at.end = at.off + int64(s.Len)
	if s.Flags&(flagSYN|flagFIN) != 0 {
		at.end++
	}
	if at.acks = s.Flags&flagACK != 0; at.acks {
		peer.counts(s.Seen.AckBase)
		at.ack = peer.at(s.Ack)
	}
}

// counts begins the ledger, once more if its side begins elsewhere.
func (l *ledger) counts(base uint32) {
	if !l.based || l.base != base {
		scale := l.scale
		*l = newLedger()
		l.base, l.based, l.scale = base, true, scale
	}
}

// bars draws the segment itself.
func (p *pass) bars(s *trace.Sent, me *ledger, at *place, source uint32) {
	found := s.Seen.Findings
	if at.end > at.off {
		if found&layers.LostSegment != 0 && at.off > me.nxt {
			p.bar(at.side, Missing, me.nxt, at.off, source)
		}
		kind := Data
		if s.Resent {
			kind = Resent
		}
		p.bar(at.side, kind, at.off, at.end, source)
	}
	if found&layers.OutOfOrder != 0 {
		p.sample(at.side, Reordered, at.off, source)
	}
	if s.Seen.RTOFrame != 0 {
		p.sample(at.side, Waited, int64(s.Seen.RTO), source)
	}
	if s.Flags&flagFIN != 0 {
		me.fin = at.end - 1
	}
	me.nxt = max(me.nxt, at.end)
}

// answer takes in what a segment says to the other side about its data.
func (p *pass) answer(s *trace.Sent, me, peer *ledger, at *place, source uint32) {
	d, found := 1-at.side, s.Seen.Findings
	if s.Seen.AckedFrame != 0 {
		p.sample(d, RTT, int64(s.Seen.AckRTT), source)
	}
	if s.Flags&flagRST != 0 {
		return // its window means nothing
	}
	if peer.una = max(peer.una, at.ack); at.ack == peer.una { // an old one says nothing new about the window
		peer.wnd = int64(s.Window) << me.shift(peer, s)
	}
	p.line(d, Acked, peer.una, source)
	p.line(d, Window, peer.wnd, source)
	p.line(d, Edge, peer.una+peer.wnd, source)
	p.sacks(d, s, peer, source)
	if found&layers.DuplicateAck != 0 {
		p.sample(d, DupAck, at.ack, source)
	}
	if found&layers.ZeroWindow != 0 {
		p.sample(d, ZeroWindow, at.ack, source)
	}
	p.line(d, InFlight, peer.flight(), source)
}

// shift is by how much a window that me announces is shifted: both sides must
// have offered it, and that of a SYN never is (RFC 7323 sec. 2.2).
func (me *ledger) shift(peer *ledger, s *trace.Sent) int {
	if s.Flags&flagSYN != 0 || me.scale < 0 || peer.scale == noScale {
		return 0
	}
	return int(me.scale)
}

// sacks draws the blocks that a segment has and the one before it had not.
func (p *pass) sacks(d int, s *trace.Sent, l *ledger, source uint32) {
	l.sacked = 0
	for _, b := range s.SACK[:s.SACKs] {
		lo, hi := l.at(b[0]), l.at(b[1])
		if hi <= lo {
			continue
		}
		if lo >= l.una { // what lies before tells of a duplicate (RFC 2883)
			l.sacked += hi - lo
		}
		if b != l.blocks[0] && b != l.blocks[1] && b != l.blocks[2] && b != l.blocks[3] {
			p.bar(d, SACKed, lo, hi, source)
		}
	}
	l.blocks = [4][2]uint32{}
	copy(l.blocks[:], s.SACK[:s.SACKs])
}

// flying says how much is in flight after a segment: what Wireshark says where
// it does.
func (p *pass) flying(s *trace.Sent, me *ledger, at *place, source uint32) {
	if at.end == at.off {
		return
	}
	v := me.flight()
	if s.Seen.InFlight > 0 {
		v = int64(s.Seen.InFlight)
	}
	p.line(at.side, InFlight, v, source)
}
