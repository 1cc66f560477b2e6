package analysis

// unacked is a segment that has not been acknowledged yet.
type unacked struct{ seq, next, frame uint32 }

// maxUnacked bounds the segments of a direction that wait for their
// acknowledgment, as in Wireshark: what is sent beyond it is not remembered.
const maxUnacked = 10000

// list is a direction's unacknowledged segments, oldest first: a ring. Its
// size is a power of two.
type list struct {
	ring    []unacked
	head, n int
	// sorted says that each segment begins and ends after the one before it,
	// as they do unless something was lost: then the ends tell it all.
	sorted bool
	lo, hi uint32 // of all segments, counted from the base; valid unless stale
	stale  bool
}

func (l *list) at(i int) *unacked { return &l.ring[(l.head+i)&(len(l.ring)-1)] }

// Pool keeps the lists of the connections that have more than one segment
// under way: the others hold theirs themselves. The zero Pool is ready.
//
// A frame adds at most one segment of 12 bytes, so a hostile file cannot make
// it larger than twice that per frame; lists that empty are used again.
type Pool struct {
	lists []list
	free  []uint32
}

const (
	firstRing = 16
	keptRing  = 1024 // larger rings are not kept for others
)

// take gives the number of an empty list, from 1.
func (p *Pool) take() uint32 {
	if n := len(p.free); n > 0 {
		i := p.free[n-1]
		p.free = p.free[:n-1]
		if p.lists[i-1].ring == nil {
			p.lists[i-1].ring = make([]unacked, firstRing)
		}
		return i
	}
	p.lists = append(p.lists, list{ring: make([]unacked, firstRing), sorted: true})
	return uint32(len(p.lists))
}

func (p *Pool) release(i uint32) {
	l := &p.lists[i-1]
	l.head, l.n, l.sorted, l.stale = 0, 0, true, false
	if len(l.ring) > keptRing {
		l.ring = nil
	}
	p.free = append(p.free, i)
}

// waiting is how many segments of a side wait for their acknowledgment.
func (p *Pool) waiting(sd *side) int {
	switch {
	case sd.list != 0:
		return p.lists[sd.list-1].n
	case sd.one.frame != 0:
		return 1
	}
	return 0
}

// push adds a segment to a side's list.
func (p *Pool) push(sd *side, u unacked) {
	if sd.list == 0 {
		if sd.one.frame == 0 {
			sd.one = u
			return
		}
		sd.list = p.take()
		p.lists[sd.list-1].push(sd.one, sd.base)
		sd.one = unacked{}
	}
	p.lists[sd.list-1].push(u, sd.base)
}

func (l *list) push(u unacked, base uint32) {
	if l.n == len(l.ring) {
		grown := make([]unacked, 2*l.n)
		for i := range l.n {
			grown[i] = *l.at(i)
		}
		l.ring, l.head = grown, 0
	}
	lo, hi := u.seq-base, u.next-base
	if l.n == 0 {
		l.lo, l.hi, l.stale = lo, hi, false
	} else {
		l.sorted = l.sorted && u.follows(l.at(l.n-1), base)
		l.lo, l.hi = min(l.lo, lo), max(l.hi, hi)
	}
	l.n++
	*l.at(l.n - 1) = u
}

// ack removes what an acknowledgment covers, and gives the frame of the
// oldest segment that ends right there; 0: none does.
func (p *Pool) ack(sd *side, ack uint32) (frame uint32) {
	if sd.list == 0 {
		if sd.one.frame == 0 {
			return 0
		}
		keep := sd.one.acked(ack, &frame)
		if !keep {
			sd.one = unacked{}
		}
		return frame
	}
	l := &p.lists[sd.list-1]
	ok := false
	if l.sorted {
		frame, ok = l.ackSorted(ack)
	}
	if !ok {
		frame = l.ackAny(ack, sd.base)
	}
	if l.n == 0 {
		p.release(sd.list)
		sd.list = 0
	}
	return frame
}

// acked cuts off what an acknowledgment covers; it reports false when nothing
// is left. When it ends right there, frame is set, unless an older one did.
func (u *unacked) acked(ack uint32, frame *uint32) bool {
	if u.next == ack && *frame == 0 {
		*frame = u.frame
	}
	if int32(ack-u.next) >= 0 {
		return false
	}
	if int32(u.seq-ack) < 0 {
		u.seq = ack
	}
	return true
}

// ackSorted takes covered segments from the front, where all of them are
// unless the acknowledgment is from far away: then it reports that with ok.
func (l *list) ackSorted(ack uint32) (frame uint32, ok bool) {
	first, last := l.at(0), l.at(l.n-1)
	covered := int32(ack-last.next) >= 0
	if last.next-first.seq >= 1<<31 || covered && int32(ack-first.next) < 0 {
		return 0, false
	}
	for l.n > 0 {
		u := l.at(0)
		seq := u.seq
		if u.acked(ack, &frame) {
			l.stale = l.stale || u.seq != seq
			break
		}
		l.head = (l.head + 1) & (len(l.ring) - 1)
		l.n--
		l.stale = true
	}
	return frame, true
}

func (l *list) ackAny(ack, base uint32) (frame uint32) {
	kept := 0
	l.sorted, l.stale = true, true
	for i := range l.n {
		u := *l.at(i)
		if !u.acked(ack, &frame) {
			continue
		}
		l.sorted = l.sorted && (kept == 0 || u.follows(l.at(kept-1), base))
		*l.at(kept) = u
		kept++
	}
	l.n = kept
	return frame
}

// follows says whether a segment begins where another ends, or later, and
// that neither turns over the base.
func (u *unacked) follows(before *unacked, base uint32) bool {
	return u.seq-base >= before.next-base && u.next-base >= u.seq-base && before.next-base >= before.seq-base
}

// span is how many sequence numbers lie between the lowest and the highest of
// the segments that wait.
func (p *Pool) span(sd *side) uint32 {
	if sd.list == 0 {
		return sd.one.next - sd.one.seq
	}
	l := &p.lists[sd.list-1]
	switch {
	case !l.stale:
	case l.sorted:
		l.lo, l.hi, l.stale = l.at(0).seq-sd.base, l.at(l.n-1).next-sd.base, false
	default:
		l.lo, l.hi, l.stale = l.at(0).seq-sd.base, l.at(0).next-sd.base, false
		for i := 1; i < l.n; i++ {
			u := l.at(i)
			l.lo, l.hi = min(l.lo, u.seq-sd.base), max(l.hi, u.next-sd.base)
		}
	}
	return l.hi - l.lo
}

// rebase notes that a side's sequence numbers count from elsewhere.
func (p *Pool) rebase(sd *side) {
	if sd.list != 0 {
		l := &p.lists[sd.list-1]
		l.stale, l.sorted = true, false
	}
}

// oldest is the frame of the segment that waits longest; 0: none waits.
func (p *Pool) oldest(sd *side) uint32 {
	if sd.list == 0 {
		return sd.one.frame
	}
	return p.lists[sd.list-1].at(0).frame
}
