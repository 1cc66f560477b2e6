package tui

import "strata/trace"

// steady is a trace that holds still between two looks at it: a file that is
// being indexed, or a pipe, grows while one reads. All panes see the same
// numbers, and a frozen screen stays as it is while reading goes on.
type steady struct {
	trace.Trace
	frames, events int
	progress       trace.Progress
	frozen         bool
}

func newSteady(t trace.Trace) *steady {
	s := &steady{Trace: t}
	s.look()
	return s
}

// Frames and Events are the numbers of the last look.
func (s *steady) Frames() int { return s.frames }
func (s *steady) Events() int { return s.events }

// look takes in what has come, and tells whether anything has changed.
func (s *steady) look() bool {
	p := s.Trace.Progress() // before the numbers: when it is over, all is there
	was := s.progress
	changed := p.Done != was.Done || p.Live != was.Live || (p.Damage != nil) != (was.Damage != nil)
	s.progress = p
	if s.frozen {
		return changed
	}
	frames := s.Trace.Frames() // before the events: theirs must be there
	events := s.Trace.Events()
	changed = changed || frames != s.frames || events != s.events
	s.frames, s.events = frames, events
	return changed
}
