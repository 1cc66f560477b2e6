package compare

import (
	"hash/maphash"

	"strata/trace"
)

// side is one trace, and its sights: for each a frame, and an event of it,
// that it left or, where one looks from an interface, that it arrived.
type side struct {
	t        trace.Trace
	captured bool
	keep     func(frame int) bool // nil: all
	ends     []bool               // by EndID: what is seen there; nil: each frame once, as it left
	waits    bool                 // where one looks from is not decided yet

	list    []uint32 // the sights: frames; with ends set, events
	sights  []sight  // what each is known by
	scanned int      // frames or events so far
	talks   talks
	places  []string // where frames are seen, by number; 0: nobody says
	number  map[string]uint16
	byEnd   []uint16 // the places of a simulation
	partner []int32  // by sight; -1: none
	talk    []uint32 // by sight, once all are judged, its conversation and direction
	seen    Numbers  // from outside
	begun   trace.Time
	hash    maphash.Hash
}

func newSide(t trace.Trace, ends []trace.EndID, keep func(int) bool, seed maphash.Seed) *side {
	s := &side{t: t, captured: t.Info().Captured, keep: keep, places: []string{""}, number: map[string]uint16{"": 0}}
	s.hash.SetSeed(seed)
	s.talks.number = map[talkKey]uint32{}
	if s.captured {
		return s
	}
	info := t.Info()
	for e := range trace.EndID(2 * len(info.Links)) {
		s.byEnd = append(s.byEnd, s.place(info.EndName(e)))
	}
	if len(ends) > 0 {
		s.look(ends)
	}
	return s
}

func (s *side) look(ends []trace.EndID) {
	s.ends = make([]bool, 2*len(s.t.Info().Links))
	for _, e := range ends {
		if int(e) < len(s.ends) {
			s.ends[e] = true
		}
	}
}

// lookFrom decides where one looks from at a simulation beside a capture: at
// the interfaces that the capture names; if it names none of these, where the first
// frame left.
func (s *side) lookFrom(capture *side) {
	s.waits = false
	info := s.t.Info()
	var ends []trace.EndID
	for e := range trace.EndID(2 * len(info.Links)) {
		if n := capture.number[info.EndName(e)]; n != 0 {
			ends = append(ends, e)
		}
	}
	if len(ends) == 0 && s.t.Frames() > 0 {
		ends = []trace.EndID{s.t.Frame(0).End}
	}
	s.look(ends)
}

// From are the names of the interfaces that one looks at a simulation from;
// none: from above, where each frame is seen once, as it leaves.
func (c *Comparison) From(s Side) (names []string) {
	info := c.sides[s].t.Info()
	for e, seen := range c.sides[s].ends {
		if seen {
			names = append(names, info.EndName(trace.EndID(e)))
		}
	}
	return names
}

// total is how many frames, or events, there are to look at.
func (s *side) total() int {
	if s.ends != nil {
		return s.t.Events()
	}
	return min(s.t.Frames(), Limit)
}

// len is how many sights there are.
func (s *side) len() int { return len(s.list) }

// frame is the frame of sight i.
func (s *side) frame(i int) int {
	if s.ends != nil {
		return s.t.FrameOf(trace.EventID(s.list[i]))
	}
	return int(s.list[i])
}

// event is that sight i left, or arrived.
func (s *side) event(i int) trace.EventID {
	if s.ends != nil {
		return trace.EventID(s.list[i])
	}
	return s.t.Frame(s.frame(i)).Transmit
}

// time is when sight i was seen.
func (s *side) time(i int) trace.Time {
	if s.ends != nil {
		return s.t.Event(trace.EventID(s.list[i])).Time
	}
	return s.t.Frame(s.frame(i)).Sent
}

// scan looks at n frames or events more; true: there are no more.
func (s *side) scan(n int) (done bool) {
	from, to := s.scanned, min(s.scanned+n, s.total())
	if s.ends != nil {
		s.scanEvents(from, to)
	} else {
		s.t.Scan(from, to, func(n int, data []byte) bool {
			if s.keep == nil || s.keep(n) {
				f := s.t.Frame(n)
				s.take(n, &f, f.Sent, data, s.placeOf(&f))
			}
			return true
		})
	}
	s.scanned = to
	return to == s.total()
}

// scanEvents finds what is seen at the chosen ends. What arrived may be
// damaged, so that its bytes are others than those that left.
func (s *side) scanEvents(from, to int) {
	var data []byte
	for n := trace.EventID(from + 1); int(n) <= to && len(s.list) < Limit; n++ {
		e := s.t.Event(n)
		if e.Kind != trace.Transmit && e.Kind != trace.Arrive || int(e.End) >= len(s.ends) || !s.ends[e.End] {
			continue
		}
		frame := s.t.FrameOf(n)
		if s.keep != nil && !s.keep(frame) {
			continue
		}
		f := s.t.Frame(frame)
		data = s.t.Append(data[:0], e.PDU, 0, s.t.Size(e.PDU))
		s.take(int(n), &f, e.Time, data, s.byEnd[e.End])
	}
}

// placeOf is where a frame was seen: the end that it left from, or the
// interface that the file names.
func (s *side) placeOf(f *trace.Frame) uint16 {
	if s.captured {
		return s.place(f.Interface)
	}
	return s.byEnd[f.End]
}

// place numbers a name of a place.
func (s *side) place(name string) uint16 {
	n, ok := s.number[name]
	if !ok && len(s.places) < maxPlaces {
		n = uint16(len(s.places))
		s.places, s.number[name] = append(s.places, name), n
	}
	return n
}

// maxPlaces is how many places are told apart; a file may name more.
const maxPlaces = 1 << 14
