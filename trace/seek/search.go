package seek

import (
	"slices"
	"time"

	"strata/trace"
)

// How many events, or frames, are looked at at once. A frame may have to be
// taken apart.
const (
	block      = 256
	frameBlock = 32
)

// Search looks for a query in a trace. It is not safe for use by several
// goroutines at once.
type Search struct {
	Query
	t     trace.Trace
	run   *Run
	found set
	seen  set // by block
	n     int // how many events or frames there are
	hits  int
	size  int // of a block
	next  int // the block to be looked at next, when nobody wants another
	want  int // the block that somebody wants to know of; -1: none
	buf   []int
	line  line
}

// New is a search in a trace, which nothing was looked at of yet. run, if it is
// not nil, says where no look is needed.
func New(t trace.Trace, q Query, run *Run) *Search {
	s := &Search{Query: q, t: t, run: run, want: -1, size: frameBlock}
	if s.events() {
		s.size = block
	}
	s.grow()
	return s
}

// events says whether events are looked through, and not frames: in a capture
// these are worked out frame by frame.
func (s *Search) events() bool { return s.ofEvents() && !s.t.Info().Captured }

// grow takes in what the trace has now. A block that was not full is to be
// looked at again.
func (s *Search) grow() {
	n := s.t.Frames()
	if s.events() {
		n = s.t.Events()
	}
	if n == s.n {
		return
	}
	if last := s.n / s.size; s.n%s.size != 0 && s.seen.has(last) {
		s.seen.drop(last)
		s.next = min(s.next, last)
	}
	s.n = n
	s.line.reach(s.t)
}

// Answer says how far a question was answered.
type Answer uint8

// The answers.
const (
	Looking Answer = iota // not yet: ask again after Work
	Found
	None // it is nowhere
)

// Next is the nearest hit after an event (by is 1), or before it (-1); past an
// end of the trace it goes on from the other. around says that it did.
func (s *Search) Next(from trace.EventID, by int) (e trace.EventID, around bool, a Answer) {
	s.grow()
	if s.n == 0 {
		return 0, false, None
	}
	at := min(max(s.place(from), 0), s.n-1)
	first, last := 0, s.n-1
	if by < 0 {
		first, last = last, first
	}
	if at != last {
		hit, a := s.leg(at+by, last, by)
		if a != None {
			return s.eventOf(hit), false, a
		}
	}
	hit, a := s.leg(first, at, by)
	return s.eventOf(hit), true, a
}

// leg looks for a hit from one place to another, both included, in a
// direction.
func (s *Search) leg(from, to, by int) (hit int, a Answer) {
	for i := from; (to-i)*by >= 0; {
		b := i / s.size
		if !s.seen.has(b) && s.run.maybe(s, b) {
			s.want = b
			return -1, Looking
		}
		end := min((b+1)*s.size-1, s.n-1)
		if by < 0 {
			end = b * s.size
		}
		if (to-end)*by < 0 {
			end = to
		}
		if hit := s.found.next(i, end, by); hit >= 0 {
			return hit, Found
		}
		i = end + by
	}
	return -1, None
}

// place is which event or frame an event is, from 0.
func (s *Search) place(e trace.EventID) int {
	if s.events() {
		return int(e) - 1
	}
	return s.t.FrameOf(e)
}

// eventOf is the event to go to for a hit; 0: there is none.
func (s *Search) eventOf(hit int) trace.EventID {
	switch {
	case hit < 0:
		return 0
	case s.events():
		return trace.EventID(hit + 1)
	case s.ofEvents():
		for _, n := range s.t.Steps(hit) {
			if s.passes(s.t.Event(n)) {
				return n
			}
		}
	}
	return s.t.Frame(hit).Transmit
}

// Work looks for about as long as d, first where somebody wants to go, then
// everywhere, and reports whether something was not looked at yet.
func (s *Search) Work(d time.Duration) bool {
	s.grow()
	for begin := time.Now(); time.Since(begin) < d; {
		b := s.want
		if b < 0 || s.seen.has(b) {
			for b = s.next; s.seen.has(b); b++ {
			}
			s.next = b
		}
		s.want = -1
		if b*s.size >= s.n {
			return false
		}
		s.look(b)
	}
	return s.next*s.size < s.n
}

// look looks at a block.
func (s *Search) look(b int) {
	from, to := b*s.size, min((b+1)*s.size, s.n)
	s.seen.add(b)
	if !s.run.maybe(s, b) {
		return
	}
	s.buf = s.match(s.buf[:0], from, to)
	for _, i := range s.buf {
		if s.found.has(i) { // a block that has grown is looked at again
			continue
		}
		s.found.add(i)
		s.hits++
		s.line.add(s.timeOf(i))
	}
}

func (s *Search) timeOf(i int) trace.Time {
	if s.events() {
		return s.t.Event(trace.EventID(i + 1)).Time
	}
	return s.t.Frame(i).Sent
}

// match appends those from from up to, but not including, to that are looked
// for.
func (s *Search) match(dst []int, from, to int) []int {
	switch {
	case s.Filter != nil:
		return s.t.Select(dst, s.Filter, from, to)
	case s.Bytes != nil:
		s.t.Scan(from, to, func(n int, data []byte) bool {
			if s.has(data) {
				dst = append(dst, n)
			}
			return true
		})
		return dst
	case s.Flow != 0:
		for n := from; n < to; n++ {
			if s.t.ConversationOf(n) == s.Flow-1 {
				dst = append(dst, n)
			}
		}
		return dst
	}
	for i := from; i < to; i++ {
		if s.events() && s.passes(s.t.Event(trace.EventID(i+1))) || !s.events() && s.frame(i) {
			dst = append(dst, i)
		}
	}
	return dst
}

// frame says whether one of a frame's steps passes. What the index of a capture
// says of the frame is asked first: steps have to be worked out.
func (s *Search) frame(n int) bool {
	f := s.t.Frame(n)
	if s.Kind == trace.Drop || s.Kind >= trace.StateChange || len(s.Reasons) > 0 && s.resends() && !f.Resent {
		return false // there are none in a capture
	}
	return slices.ContainsFunc(s.t.Steps(n), func(e trace.EventID) bool { return s.passes(s.t.Event(e)) })
}

// resends says whether all reasons looked for are those of sending again.
func (s *Search) resends() bool {
	return !slices.ContainsFunc(s.Reasons, func(w trace.Why) bool { return !w.Resend() })
}

// Hits is how many were found so far, and how many events or frames were
// looked at, of how many.
func (s *Search) Hits() (hits, seen, of int) {
	return s.hits, min(s.seen.count()*s.size, s.n), s.n
}

// Columns counts the hits along the run's time in columns of a line, which
// ends where the run does.
func (s *Search) Columns(dst []uint32, columns int) []uint32 { return s.line.columns(dst, columns) }
