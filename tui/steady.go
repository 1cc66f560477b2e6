package tui

import (
	"cmp"
	"slices"

	"strata/layers"
	"strata/trace"
)

// steady is a trace that holds still between two looks at it: a file that is
// being indexed, or a pipe, grows while one reads. All panes see the same
// numbers, and a frozen screen stays as it is while reading goes on.
type steady struct {
	trace.Trace
	frames, events int
	progress       trace.Progress
	frozen         bool
	streams        map[trace.PDUID][]trace.Span // a run's streams, and what they were made of
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

// keptStreams is how many streams' spans are remembered.
const keptStreams = 64

// Parents are in the order of their places. Those of a run's streams may be
// many and are asked for with every step: they are remembered.
func (s *steady) Parents(id trace.PDUID) []trace.Span {
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
