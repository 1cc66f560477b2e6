package capture

import (
	"io"
	"time"

	"strata/capture/flows"
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

// pass calls each with every frame in order. One goroutine reads and walks,
// another calls.
func pass(s *source.Source, hides Hides, watch func(done, total int64), each func(r *source.Record, shape *walk.Shape, hidden bool)) error {
	free, full := make(chan *walked, batches), make(chan *walked)
	for range batches {
		free <- &walked{}
	}
	go func() {
		defer close(full)
		for w := range free {
			w.err = s.Read(&w.batch)
			w.walk(hides)
			full <- w
			if w.err != nil {
				return
			}
		}
	}()
	for w := range full {
		for i := range w.batch.Records {
			each(&w.batch.Records[i], &w.shapes[i], w.hidden[i])
		}
		watch(s.Progress())
		if w.err != nil && w.err != io.EOF {
			return w.err
		}
		free <- w
	}
	return nil
}

// walked is a batch of frames whose headers were found.
type walked struct {
	batch  source.Batch
	shapes []walk.Shape
	hidden []bool
	err    error
}

func (w *walked) walk(hides Hides) {
	records := w.batch.Records
	for len(w.shapes) < len(records) {
		w.shapes, w.hidden = append(w.shapes, walk.Shape{}), append(w.hidden, false)
	}
	for i := range records {
		r, s := &records[i], &w.shapes[i]
		walk.Walk(s, r.Data, max(int(r.WireLen), len(r.Data)), r.Iface.Link, r.Iface.FCSLen)
		w.hidden[i] = hides != nil && hides(r, s)
	}
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
		facts = filter.Frame{
			Number: facts.Number + 1, Time: at, SinceFirst: at.Sub(first), SincePrevious: at.Sub(before),
			CapLen: len(r.Data), Len: int(r.WireLen), Interface: r.Iface.Name,
		}
		before = at
		v := by.Quick(s, r.Data, &facts)
		*unsure = *unsure || v == filter.Unknown
		return v != filter.Yes
	}
}
