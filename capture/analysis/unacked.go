package analysis

// unacked is a segment that has not been acknowledged yet.
type unacked struct{ seq, next, frame uint32 }

// maxUnacked bounds the segments of a direction that wait for their
// acknowledgment, as in Wireshark: what is sent beyond it is not remembered.
const maxUnacked = 10000

// list is a direction's unacknowledged segments, oldest first.
type list struct {
	all  []unacked // those before head are gone
	head int
	// sorted says that each segment begins and ends after the one before it,
	// as they do unless something was lost: then the ends tell it all.
	sorted bool
	lo, hi uint32 // of all segments, counted from the base; valid unless stale
	stale  bool
	turned bool // some segment ends beyond 2^32, counted so
}

func (l *list) live() []unacked { return l.all[l.head:] }

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
	firstSize = 16
	keptSize  = 1024 // longer lists are not kept for others
)

// take gives the number of an empty list, from 1.
func (p *Pool) take() uint32 {
	if n := len(p.free); n > 0 {
		i := p.free[n-1]
		p.free = p.free[:n-1]
		if p.lists[i-1].all == nil {
			p.lists[i-1].all = make([]unacked, 0, firstSize)
		}
		return i
	}
	p.lists = append(p.lists, list{all: make([]unacked, 0, firstSize), sorted: true})
	return uint32(len(p.lists))
}

func (p *Pool) release(i uint32) {
	l := &p.lists[i-1]
	*l = list{all: l.all[:0], sorted: true}
	if cap(l.all) > keptSize {
		l.all = nil
	}
	p.free = append(p.free, i)
}

// waiting is how many segments of a side wait for their acknowledgment.
func (p *Pool) waiting(sd *side) int {
	switch {
	case sd.list != 0:
		return len(p.lists[sd.list-1].live())
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
		p.lists[sd.list-1].push(sd.one, sd.start.Seq)
		sd.one = unacked{}
	}
	p.lists[sd.list-1].push(u, sd.start.Seq)
}

func (l *list) push(u unacked, base uint32) {
	if len(l.all) == cap(l.all) && 2*l.head >= len(l.all) { // half of it is gone: move the rest down
		l.all, l.head = l.all[:copy(l.all, l.live())], 0
	}
	lo, hi := u.seq-base, u.next-base
	if live := l.live(); len(live) == 0 {
		l.lo, l.hi, l.stale, l.turned = lo, hi, false, false
	} else {
		l.sorted = l.sorted && u.follows(&live[len(live)-1], base)
		l.lo, l.hi = min(l.lo, lo), max(l.hi, hi)
	}
	l.turned = l.turned || hi < lo
	l.all = append(l.all, u)
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
		frame = l.ackAny(ack, sd.start.Seq)
	}
	if len(l.live()) == 0 {
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
	live := l.live()
	first, last := &live[0], &live[len(live)-1]
	covered := int32(ack-last.next) >= 0
	if last.next-first.seq >= 1<<31 || covered && int32(ack-first.next) < 0 {
		return 0, false
	}
	for i := range live {
		u := &live[i]
		seq := u.seq
		if u.acked(ack, &frame) {
			l.stale = l.stale || u.seq != seq
			break
		}
		l.head++
		l.stale = true
	}
	return frame, true
}

// ackAny looks at every segment, unless it is known that none is covered.
func (l *list) ackAny(ack, base uint32) (frame uint32) {
	if at := ack - base; !l.stale && !l.turned && l.lo >= at && l.hi-at < 1<<31 {
		return 0
	}
	live := l.live()
	kept := 0
	for kept < len(live) && int32(ack-live[kept].next) < 0 && int32(live[kept].seq-ack) >= 0 {
		kept++
	}
	if kept == len(live) {
		return 0
	}
	kept = 0
	l.sorted, l.stale = true, true
	for i := range live {
		u := live[i]
		if !u.acked(ack, &frame) {
			continue
		}
		l.sorted = l.sorted && (kept == 0 || u.follows(&live[kept-1], base))
		live[kept] = u
		kept++
	}
	l.all = l.all[:l.head+kept]
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
	if l.stale {
		l.measure(sd.start.Seq)
	}
	return l.hi - l.lo
}

// measure finds the lowest and the highest sequence number anew.
func (l *list) measure(base uint32) {
	live := l.live()
	l.stale = false
	if l.sorted {
		l.lo, l.hi = live[0].seq-base, live[len(live)-1].next-base
		return
	}
	l.lo, l.hi = live[0].seq-base, live[0].next-base
	for i := range live {
		l.lo, l.hi = min(l.lo, live[i].seq-base), max(l.hi, live[i].next-base)
	}
}

// rebase notes that a side's sequence numbers count from elsewhere.
func (p *Pool) rebase(sd *side) {
	if sd.list != 0 {
		l := &p.lists[sd.list-1]
		l.stale, l.sorted, l.turned = true, false, true
	}
}

// oldest is the frame of the segment that waits longest; 0: none waits.
func (p *Pool) oldest(sd *side) uint32 {
	if sd.list == 0 {
		return sd.one.frame
	}
	return p.lists[sd.list-1].live()[0].frame
}
