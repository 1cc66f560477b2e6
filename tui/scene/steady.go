package scene

import (
	"cmp"
	"slices"

	"strata/layers"
	"strata/trace"
)

// Steady is a trace that holds still between two looks at it: a file that is
// being indexed, or a pipe, grows while one reads. All panes see the same
// numbers, and a frozen screen stays as it is while reading goes on.
type Steady struct {
	trace.Trace
	frames, events int
	Reading        trace.Progress
	Frozen         bool
	streams        map[trace.PDUID][]trace.Span // a run's streams, and what they were made of
}

func NewSteady(t trace.Trace) *Steady {
	s := &Steady{Trace: t}
	s.Look()
	return s
}

// Frames and Events are the numbers of the last look.
func (s *Steady) Frames() int { return s.frames }
func (s *Steady) Events() int { return s.events }

// Look takes in what has come, and tells whether anything has changed.
func (s *Steady) Look() bool {
	p := s.Trace.Progress() // before the numbers: when it is over, all is there
	was := s.Reading
	changed := p.Done != was.Done || p.Live != was.Live || (p.Damage != nil) != (was.Damage != nil)
	s.Reading = p
	if s.Frozen {
		return changed
	}
	frames := s.Trace.Frames() // before the events: theirs must be there
	events := s.Trace.Events()
	changed = changed || frames != s.frames || events != s.events
	s.frames, s.events = frames, events
	return changed
}

// keptStreams is how many streams' spans are remembered.
const keptStreams = 64

// Parents are in the order of their places. Those of a run's streams may be
// many and are asked for with every step: they are remembered.
func (s *Steady) Parents(id trace.PDUID) []trace.Span {
	if s.Info().Captured || s.PDU(id).Proto != layers.Stream {
		return s.Trace.Parents(id)
	}
	if spans, ok := s.streams[id]; ok {
		return spans
	}
	if s.streams == nil || len(s.streams) >= keptStreams {
		s.streams = map[trace.PDUID][]trace.Span{}
	}
	spans := s.Trace.Parents(id)
	slices.SortStableFunc(spans, func(a, b trace.Span) int { return cmp.Compare(a.At, b.At) })
	s.streams[id] = spans
	return spans
}
