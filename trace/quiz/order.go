package quiz

import (
	"slices"

	"strata/trace"
)

// A list to put in order has so many frames at most, and at least.
const (
	mostOrdered  = 6
	leastOrdered = 4
)

// askOrder asks for the order of the frames that follow from this one.
func (s *scene) askOrder(q *Question) bool {
	frames := s.chain()
	if len(frames) < leastOrdered {
		return false
	}
	q.Ask = "These frames follow from each other. In which order do they leave?"
	if s.seg != nil {
		q.Ask = "These segments are one conversation. In which order do they leave?"
	}
	q.because("Each of them answers to the one before it, or goes on where that ended.", "", "handshake", "acknowledgment")
	if s.seg == nil {
		q.because("Each of them can only be sent when the one before it has arrived.", "", "ARP", "ping")
	}
	return q.order(s.t, frames)
}

// chain lists frames from this one on whose order could be no other: each
// follows from the one before. Frames that read alike do not come twice.
func (s *scene) chain() []int {
	if s.f.Hop > 1 || s.info.Captured && s.seg == nil {
		return nil // what a capture saw beside TCP does not say what it followed from
	}
	frames, lines := []int{s.n}, []string{line(s.t, s.n)}
	last := s.n
	for n := s.n + 1; n < min(s.t.Frames(), s.n+1+ahead/4) && len(frames) < mostOrdered; n++ {
		f := s.t.Frame(n)
		if f.Hop > 1 || f.Resent || !s.follows(last, n) {
			continue
		}
		if text := line(s.t, n); !slices.Contains(lines, text) {
			frames, lines = append(frames, n), append(lines, text)
		}
		last = n
	}
	return frames
}

// follows says whether frame n could leave only after frame m.
func (s *scene) follows(m, n int) bool {
	a, isA := segmentAt(s.t, m)
	b, isB := segmentAt(s.t, n)
	if isA && isB {
		return a.before(&b)
	}
	return causedBy(s.t, s.t.Frame(n).Transmit, m) || m != s.n && s.held(n)
}

// held says whether the packet in frame n is one that had to wait for the answer
// to this frame.
func (s *scene) held(n int) bool {
	parents := s.t.Parents(s.t.Frame(n).PDU)
	return len(parents) == 1 && s.stepOf(func(e trace.Event) bool { return e.Kind == trace.Hold && e.PDU == parents[0].Of }) != 0
}

// before says whether the numbers of two segments leave no doubt that a is the
// earlier one. Of an acknowledgment without data that can only be said at the
// handshake, which it ends.
func (a *segment) before(b *segment) bool {
	newer := func(x, y uint32) bool { return int32(x-y) > 0 }
	ahead := a.src == b.src && a.dst == b.dst
	switch {
	case a.flags&rst != 0 || b.flags&rst != 0 || !ahead && !b.answers(a):
		return false
	case b.numbers() == 0:
		return a.flags&(syn|ack) == syn|ack && !ahead && b.ack == a.seq+1
	case a.numbers() == 0:
		return ahead && b.seq == a.seq || !ahead && !newer(a.ack, b.seq)
	case ahead:
		return !newer(a.seq+a.numbers(), b.seq)
	}
	return b.flags&ack != 0 && !newer(a.seq+a.numbers(), b.ack)
}
