package connection

import (
	"math"

	"strata/trace"
)

// never is a time that nothing happens at.
const never = trace.Time(math.MaxInt64)

// ledger is what is known of one direction's sequence numbers: of what one
// side sends, and of what the other says to it.
type ledger struct {
	base   uint32 // what relative numbers count from: the SYN's number
	based  bool
	una    int64 // the next byte that the receiver expects
	nxt    int64 // the highest number that was sent, plus one
	fin    int64 // the number of the FIN; -1: none was sent
	wnd    int64 // what the receiver announced last, bytes; -1: nothing
	sacked int64 // bytes beyond una that the receiver said it has
	scale  int8  // of the sender's own windows; noScale, or unseen
	blocks [4][2]uint32
}

// What a ledger's scale can be beside a shift.
const (
	noScale = -1 // its SYN had none
	unseen  = -2 // its SYN was not seen
)

func newLedger() ledger { return ledger{fin: -1, wnd: -1, scale: unseen} }

// at is a sequence number, relative; the one nearest to what was sent last.
func (l *ledger) at(seq uint32) int64 {
	return trace.Unwrap(l.base, seq, max(l.nxt, l.una, 0))
}

// flight is how many bytes are sent and not acknowledged. SYN and FIN are no
// bytes.
func (l *ledger) flight() int64 {
	end := l.nxt
	if l.fin >= 0 && end > l.fin {
		end = l.fin
	}
	return max(0, end-max(l.una, 1)-l.sacked)
}

// lines are the strips of one direction.
type lines [Kinds]strip

// mark is a place in the trace from which a pass can go on.
type mark struct {
	next    int // frame, or event, that comes next
	at      trace.Time
	ledgers [2]ledger
}

// pass goes through the trace, all of it or a stretch, and fills strips.
type pass struct {
	c     *Connection
	until trace.Time // after which it stops
	now   trace.Time
	seen  int // segments of a capture
	mark
	dirs   [2]lines
	states *inferred // nil: it is none of this pass's business
	buf    []byte
	over   bool
}

func newPass(c *Connection, m mark) *pass {
	return &pass{c: c, mark: m, until: never, now: m.at}
}

// line enters what holds from now on, if it is new.
func (p *pass) line(d int, k Kind, v int64, source uint32) {
	s := &p.dirs[d][k]
	if n := len(s.all); n > 0 && s.all[n-1].last == v {
		return
	}
	s.add(bucket{from: p.now, to: p.now, lo: v, hi: v, last: v, first: source})
}

// sample enters a value of this moment, and bar a stretch.
func (p *pass) sample(d int, k Kind, v int64, source uint32) { p.bar(d, k, v, v, source) }

func (p *pass) bar(d int, k Kind, lo, hi int64, source uint32) {
	p.dirs[d][k].add(bucket{from: p.now, to: p.now, lo: lo, hi: hi, last: hi, first: source})
}
