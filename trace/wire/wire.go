// Package wire tells what is on the wires of a network at one moment: which
// frames are on their way and how far they have come, how many wait for each
// wire, and which links have lost all that was sent lately.
//
//	 waits │ on its way                 │ arrived
//	───────┼────────────────────────────┼────────
//	     Sent         Part 0 to 1     Ended
//
// Frames are found by their numbers: those sent last before the moment, and
// those that leave next. No more than MaxFrames are looked at in either
// direction, however long the trace is. Of a capture nothing is known but that
// a frame passed the place where it was seen: nothing is on its way there.
package wire

import (
	"sort"

	"strata/layers"
	"strata/trace"
)

// MaxFrames is how many frames before a moment, and how many after it, are
// looked at.
const MaxFrames = 4096

// Flight is a frame on its way.
type Flight struct {
	Frame  int
	End    trace.EndID // that it left from
	Part   float64     // of its way: 0 as it leaves, 1 as its last bit arrives
	Lost   bool        // here it is lost
	Resent bool
}

// Wait is what waits at an end for its wire.
type Wait struct {
	End    trace.EndID
	Frames int
	First  int // the frame that leaves next
}

// Streak is how many frames on a link were lost one after the other, the last
// of them lately: the link may be down.
type Streak struct {
	Link, Lost int
	open       bool
}

// Look is what is on the wires. It can be used for one moment after another.
type Look struct {
	Flights []Flight // in the order in which they left
	Waits   []Wait
	Streaks []Streak
	More    bool // MaxFrames were not enough: others may be on their way
}

// lostAt is how far a lost frame comes in the picture: a trace says only that
// it did not arrive.
const lostAt = 0.5

// downAfter is how many frames in a row make a streak.
const downAfter = 2

// At looks at the moment now, which is an event's time, or later and before
// the time of what follows it.
func (l *Look) At(t trace.Trace, e trace.EventID, now trace.Time) {
	l.Flights, l.Waits, l.Streaks, l.More = l.Flights[:0], l.Waits[:0], l.Streaks[:0], false
	if t.Info().Captured {
		return
	}
	next := sort.Search(t.Frames(), func(i int) bool { return t.Frame(i).Transmit > e })
	first := max(next-MaxFrames, 0)
	for n := next - 1; n >= first; n-- {
		f := t.Frame(n)
		l.streak(f, e)
		if p, ok := flight(t, f, e, now); ok {
			p.Frame = n
			l.Flights = append(l.Flights, p)
			l.More = n == first && first > 0
		}
	}
	for i, j := 0, len(l.Flights)-1; i < j; i, j = i+1, j-1 {
		l.Flights[i], l.Flights[j] = l.Flights[j], l.Flights[i]
	}
	l.keepStreaks()
	for n := next; n < min(next+MaxFrames, t.Frames()); n++ {
		f := t.Frame(n)
		cause := t.Event(f.Transmit).Cause
		if cause <= e && t.Event(cause).Kind == trace.Queue {
			l.wait(f.End, n)
		}
	}
}

// flight tells whether a frame is on its way, and how far it has come.
func flight(t trace.Trace, f trace.Frame, e trace.EventID, now trace.Time) (p Flight, ok bool) {
	p = Flight{End: f.End, Resent: f.Resent}
	end := f.Ended
	if f.Fate == trace.Lost || f.Fate == trace.OnTheWay {
		link := t.Info().Links[f.End.Link()]
		end = f.Sent + Takes(link.Rate, t.Size(f.PDU)+preamble) + link.Delay
	}
	over := f.Last != 0 && f.Last <= e
	switch {
	case f.Fate == trace.Refused:
		over = now >= end
	case f.Fate == trace.Lost:
		p.Lost, over = over, over && f.Last != e && now >= end
	}
	if over || f.Fate == trace.OnTheWay && now >= end {
		return p, false
	}
	p.Part = 1
	if end > f.Sent {
		p.Part = min(float64(now-f.Sent)/float64(end-f.Sent), 1)
	}
	if p.Lost = p.Lost && (p.Part >= lostAt || f.Last == e); p.Lost {
		p.Part = lostAt
	}
	return p, true
}

// preamble is what goes before a frame, with the start delimiter, bytes (IEEE
// 802.3).
const preamble = 8

// Takes is the time in which n bytes leave at a rate in bits per second; 0: at
// once.
func Takes(rate, n int64) trace.Time {
	if rate <= 0 {
		return 0
	}
	return trace.Time(n * 8 * int64(trace.Second) / rate)
}

// Leaves is until when a frame keeps its wire busy: until then its sender
// sends it.
func Leaves(t trace.Trace, f trace.Frame) trace.Time {
	return f.Sent + Takes(t.Info().Links[f.End.Link()].Rate, t.Size(f.PDU)+layers.EthernetOverhead)
}

// streak counts a frame that was lost by e, from the last one back, as long as
// no other on its link arrived.
func (l *Look) streak(f trace.Frame, e trace.EventID) {
	if f.Last == 0 || f.Last > e {
		return
	}
	for i := range l.Streaks {
		s := &l.Streaks[i]
		if s.Link != f.End.Link() {
			continue
		}
		if s.open = s.open && f.Fate == trace.Lost; s.open {
			s.Lost++
		}
		return
	}
	s := Streak{Link: f.End.Link(), open: f.Fate == trace.Lost}
	if s.open {
		s.Lost = 1
	}
	l.Streaks = append(l.Streaks, s)
}

func (l *Look) keepStreaks() {
	kept := l.Streaks[:0]
	for _, s := range l.Streaks {
		if s.Lost >= downAfter {
			kept = append(kept, s)
		}
	}
	l.Streaks = kept
}

func (l *Look) wait(end trace.EndID, frame int) {
	for i := range l.Waits {
		if l.Waits[i].End == end {
			l.Waits[i].Frames++
			return
		}
	}
	l.Waits = append(l.Waits, Wait{End: end, Frames: 1, First: frame})
}
