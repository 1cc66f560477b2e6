package capture

import (
	"io"
	"time"

	"strata/capture/flows"
	"strata/capture/source"
	"strata/layers"
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
			r := &w.batch.Records[i]
			if c.Frames == 0 {
				c.Start = r.Time
			}
			c.Count(&w.shapes[i], r.Data, flows.Frame{Number: uint32(c.Frames), Wire: int(r.WireLen), Time: r.Time, Hidden: w.hidden[i]})
			c.Frames++
		}
		watch(s.Progress())
		if w.err != nil && w.err != io.EOF {
			return c, w.err
		}
		free <- w
	}
	return c, nil
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

// Alone is a filter that asks for nothing that only other frames tell, as
// Hides: by a frame's headers where these decide, else by taking it apart.
func Alone(by *filter.Filter) Hides {
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
		if v == filter.Unknown {
			t := layers.Dissect(r.Data, layers.Options{
				WireLen: max(int(r.WireLen), len(r.Data)), FCSLen: r.Iface.FCSLen, First: layers.LinkProto(int(r.Iface.Link)), Time: at.UnixNano(),
			})
			if by.Match(t, &facts) {
				v = filter.Yes
			}
		}
		return v != filter.Yes
	}
}
