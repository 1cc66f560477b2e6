package scene

import "strata/trace"

// late is a moment after an event, and before the next.
type late struct {
	of trace.EventID
	by trace.Time
}

// Now is the moment that is shown: that of the cursor's event, or, while the
// run is played in its own time, a later one at which nothing new has happened.
func (s *Scene) Now() trace.Time {
	if s.late.of == s.At.Event {
		return s.Event().Time + s.late.by
	}
	return s.Event().Time
}

// SetNow lets the moment be a later one, until the cursor moves.
func (s *Scene) SetNow(t trace.Time) {
	s.late = late{s.At.Event, max(t-s.Event().Time, 0)}
}
