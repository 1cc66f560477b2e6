package capture

import (
	"io"
	"runtime"
	"slices"
	"time"

	"strata/capture/flows"
	"strata/capture/line"
	"strata/capture/source"
	"strata/layers/filter"
	"strata/layers/walk"
)

// Counted are the conversations of a capture.
type Counted struct {
	flows.Counter
	Start  int64 // time of the first frame, nanoseconds since 1970
	Frames int
}

// Hides says of a frame, the next in the file's order, that it is not to be
// counted.
type Hides func(r *source.Record, s *walk.Shape) bool

// Count counts a capture's conversations in one pass, without an index. Hides
// may be nil; watch is told how far it is. The error is what ended the pass too
// early: what was counted before it stands.
func Count(s *source.Source, hides Hides, watch func(done, total int64)) (*Counted, error) {
	c := &Counted{}
	err := pass(s, hides, watch, func(r *source.Record, shape *walk.Shape, hidden bool) {
		if c.Frames == 0 {
			c.Start = r.Time
		}
		c.Count(shape, r.Data, flows.Frame{Number: uint32(c.Frames), Wire: int(r.WireLen), Time: r.Time, Hidden: hidden})
		c.Frames++
	})
	return c, err
}

// Passing lists the frames that are not hidden, in one pass, without an index.
func Passing(s *source.Source, hides Hides, watch func(done, total int64)) (frames []int, err error) {
	n := 0
	err = pass(s, hides, watch, func(_ *source.Record, _ *walk.Shape, hidden bool) {
		if !hidden {
			frames = append(frames, n)
		}
		n++
	})
	return frames, err
}

// pass calls each with every frame in order, never two at once. Goroutines
// read and walk side by side; each of them calls for the frames that it read,
// when it is their turn.
func pass(s *source.Source, hides Hides, watch func(done, total int64), each func(r *source.Record, shape *walk.Shape, hidden bool)) error {
	var turns line.Line
	reader := func() error {
		var b source.Batch
		var shapes []walk.Shape
		for {
			if err := s.Read(&b); err != nil {
				return err
			}
			shapes = walked(shapes, b.Records)
			turns.Enter(b.First)
			for i := range b.Records {
				r, shape := &b.Records[i], &shapes[i]
				each(r, shape, hides != nil && hides(r, shape))
			}
			watch(s.Progress())
			turns.Leave(b.First + len(b.Records))
		}
	}
	// No more than there are cores: one more would fill the time in which
	// another waits for its turn, and push what he has read out of his cache.
	n := min(runtime.GOMAXPROCS(0), maxCores)
	ends := make(chan error, n)
	for range n {
		go func() { ends <- reader() }()
	}
	var end error // the same for all
	for range n {
		end = <-ends
	}
	if end == io.EOF {
		return nil
	}
	return end
}

// maxCores is how many cores are of use: counting goes in turn.
const maxCores = 4

// walked finds the headers of frames.
func walked(shapes []walk.Shape, records []source.Record) []walk.Shape {
	shapes = slices.Grow(shapes[:0], len(records))[:len(records)]
	for i := range records {
		r := &records[i]
		walk.Walk(&shapes[i], r.Data, max(int(r.WireLen), len(r.Data)), r.Iface.Link, r.Iface.FCSLen)
	}
	return shapes
}

// ByHeaders is a filter as Hides, as far as the headers of frames decide it.
// Unsure is set where they do not: then the result means nothing.
func ByHeaders(by *filter.Filter, unsure *bool) Hides {
	var facts filter.Frame
	var first, before time.Time
	return func(r *source.Record, s *walk.Shape) bool {
		at := time.Unix(0, r.Time).UTC()
		if facts.Number == 0 {
			first, before = at, at
		}
		facts.Number++
		facts.Time, facts.SinceFirst, facts.SincePrevious = at, at.Sub(first), at.Sub(before)
		facts.CapLen, facts.Len, facts.Interface = len(r.Data), int(r.WireLen), r.Iface.Name
		before = at
		v := by.Quick(s, r.Data, &facts)
		*unsure = *unsure || v == filter.Unknown
		return v != filter.Yes
	}
}
