package compare

import (
	"hash/maphash"
	"time"

	"strata/trace"
)

// Side is one of the two traces.
type Side int

// The sides. What is listed by Side has A's first.
const (
	A Side = iota
	B
)

// String is the side's letter.
func (s Side) String() string { return [2]string{"A", "B"}[s] }

// Other is the other side.
func (s Side) Other() Side { return 1 - s }

// Limit is how many frames of a trace are compared, the first ones.
const Limit = 1 << 22

// Options say what of the two traces is compared. The zero Options are all of
// two runs, or of two captures; of a run beside a capture it is what passes
// at the interfaces that the capture names, or at the end that the first frame left from.
type Options struct {
	Ends   [2][]trace.EndID        // of a simulation: what is seen at these ends, leaving and arriving
	Frames [2]func(frame int) bool // which frames; nil: all
	Names  [2]string               // how reports call the two; empty: by the trace's name
}

// Comparison is two traces side by side. It must be worked out by Work before
// anything else is asked. It is used by one goroutine at a time, and
// uses the traces then.
type Comparison struct {
	names [2]string
	sides [2]*side
	seed  maphash.Seed
	stage stage
	at    int // how far the stage is

	shift  trace.Time // what is added to B's times where their clocks differ
	order  []int32    // the rows: a sight of A, or ^ a sight of B that has no partner
	rows   [2][]int32 // by sight, its row
	diff   []Diff     // by row
	counts Counts

	exact   exact
	numbers [2]Numbers
}

// stage is a part of the work.
type stage int

const (
	scanning stage = iota // the sights of both sides
	matching
	judging // what differs in each row
	walking // two simulations, event by event
	counting
	finished
)

// New prepares the comparison of two traces, which must be whole.
func New(a, b trace.Trace, o Options) *Comparison {
	c := &Comparison{seed: maphash.MakeSeed()}
	for s, t := range [2]trace.Trace{a, b} {
		c.sides[s] = newSide(t, o.Ends[s], o.Frames[s], c.seed)
		if c.names[s] = o.Names[s]; c.names[s] == "" {
			c.names[s] = t.Info().Name
		}
	}
	if c.oneCaptured() {
		c.sides[c.simulated()].waits = len(o.Ends[c.simulated()]) == 0
	}
	return c
}

// Trace is the trace of a side.
func (c *Comparison) Trace(s Side) trace.Trace { return c.sides[s].t }

// Name is how reports call a side.
func (c *Comparison) Name(s Side) string { return c.names[s] }

// Runs says whether both are simulations, whose steps are all known.
func (c *Comparison) Runs() bool { return !c.sides[A].captured && !c.sides[B].captured }

// byEvent says whether all of two runs is compared, so that their events can be
// walked through in step.
func (c *Comparison) byEvent() bool {
	for _, s := range c.sides {
		if s.captured || s.ends != nil || s.keep != nil {
			return false
		}
	}
	return true
}

func (c *Comparison) oneCaptured() bool { return c.sides[A].captured != c.sides[B].captured }

// simulated is the side that is a simulation, where one is.
func (c *Comparison) simulated() Side {
	if c.sides[A].captured {
		return B
	}
	return A
}

// slice is how many frames, rows or events are worked on before the clock is
// looked at.
const slice = 1 << 9

// Work goes on for about as long as the budget, and reports true once all is
// done. The pairing itself is one piece; it takes 0.2 s for a million frames.
func (c *Comparison) Work(budget time.Duration) (done bool) {
	for begun := time.Now(); c.stage != finished; {
		c.work()
		if time.Since(begun) >= budget {
			break
		}
	}
	return c.stage == finished
}

// Progress says how much of the work is done.
func (c *Comparison) Progress() (done, total int64) {
	for _, s := range c.sides {
		done += int64(s.scanned)
		total += int64(s.total())
	}
	if total == 0 || c.stage == finished {
		return 1, 1
	}
	return done + int64(c.stage)*total/4, total + int64(finished)*total/4
}

// work does a slice.
func (c *Comparison) work() {
	switch c.stage {
	case scanning:
		c.scan()
	case matching:
		c.match()
		c.next()
	case judging:
		to := min(c.at+slice, len(c.order))
		for ; c.at < to; c.at++ {
			c.judge(c.at)
		}
		if c.at == len(c.order) {
			c.release()
			c.next()
		}
	case walking:
		if !c.byEvent() || c.walk() {
			c.next()
		}
	case counting:
		if c.count() {
			c.next()
		}
	}
}

func (c *Comparison) next() { c.stage, c.at = c.stage+1, 0 }

// scan takes a slice of the sights: of a capture first, which says where one
// looks at the simulation beside it.
func (c *Comparison) scan() {
	first := A
	if c.oneCaptured() {
		first = c.simulated().Other()
	}
	for _, s := range [2]Side{first, first.Other()} {
		if c.sides[s].waits {
			c.sides[s].lookFrom(c.sides[s.Other()])
		}
		if !c.sides[s].scan(slice) {
			return
		}
	}
	c.next()
}

// release lets go of what only the pairing needs.
func (c *Comparison) release() {
	for _, s := range c.sides {
		s.talk = make([]uint32, len(s.sights))
		for i := range s.sights {
			s.talk[i] = s.sights[i].talk
		}
		s.sights, s.talks = nil, talks{all: s.talks.all}
	}
}
