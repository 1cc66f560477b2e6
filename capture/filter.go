package capture

import (
	"time"

	"strata/capture/source"
	"strata/layers"
	"strata/layers/filter"
	"strata/layers/walk"
)

// Select finds the frames that pass a filter: by their headers where these
// decide, else by taking them apart.
func (f *File) Select(dst []int, by *filter.Filter, from, to int) []int {
	return f.pick(dst, by, from, to, false)
}

// pick is Select; with alone set, each frame is read by itself.
func (f *File) pick(dst []int, by *filter.Filter, from, to int, alone bool) []int {
	var w glimpses
	for from = max(from, 0); ; from += len(w.entries) {
		if !w.next(f, from, to) {
			return dst
		}
		for i := range w.entries {
			data, ok := w.data(f.source, i)
			if !ok { // the file was changed under us
				continue
			}
			facts := w.facts(i)
			e := &w.entries[i]
			at := w.ifaces[e.iface]
			walk.Walk(&w.shape, data, max(int(e.wire), len(data)), at.Link, at.FCSLen)
			verdict := by.Quick(&w.shape, data, &facts)
			if verdict == filter.Unknown && f.matches(by, &facts, alone) {
				verdict = filter.Yes
			}
			if verdict == filter.Yes {
				dst = append(dst, from+i)
			}
		}
	}
}

// Scan gives the bytes of frames. One that cannot be read any more is empty.
func (f *File) Scan(from, to int, each func(n int, data []byte) bool) {
	var w glimpses
	for from = max(from, 0); w.next(f, from, to); from += len(w.entries) {
		for i := range w.entries {
			data, _ := w.data(f.source, i)
			if !each(from+i, data) {
				return
			}
		}
	}
}

// matches takes a frame apart to judge it.
func (f *File) matches(by *filter.Filter, facts *filter.Frame, alone bool) bool {
	data, m, o, err := f.ready(facts.Number-1, alone)
	if err != nil {
		return false
	}
	facts.Comments = m.Comments
	return by.Match(layers.Dissect(data, o), facts)
}

// glimpses are frames as a filter looks at them: what the index has of some,
// and a window of the file that holds the bytes of the next of them.
type glimpses struct {
	entries []entry
	ifaces  []*source.Interface
	from    int
	first   int64 // time of the file's first frame
	before  int64 // time of the frame before the first
	shape   walk.Shape
	window  []byte
	at      int64 // where the window begins in the file
}

const (
	glimpsed    = 256
	windowBytes = 256 << 10 // as much as the largest frame
)

// next takes what the index has of frames from from on, before to; false:
// there are none.
func (g *glimpses) next(f *File, from, to int) bool {
	defer f.look()()
	to = min(to, f.n, from+glimpsed)
	g.entries, g.from, g.first, g.ifaces = g.entries[:0], from, f.first, f.ifaces
	if from >= to {
		return false
	}
	before := f.entry(max(from-1, 0))
	g.before = before.time
	for n := from; n < to; n++ {
		g.entries = append(g.entries, f.entry(n))
	}
	return true
}

// data is the bytes of frame i; they hold until the next call.
func (g *glimpses) data(s *source.Source, i int) ([]byte, bool) {
	e := &g.entries[i]
	at, n := e.at()+int64(e.head), int64(e.capLen)
	if at < g.at || at+n > g.at+int64(len(g.window)) {
		if g.window == nil {
			g.window = make([]byte, 0, windowBytes)
		}
		// Frames follow each other in the file: the window holds many.
		last := &g.entries[len(g.entries)-1]
		all := last.at() + int64(last.head) + int64(last.capLen) - at
		g.window = g.window[:min(max(all, n), int64(cap(g.window)))]
		got, err := s.Bytes(g.window, at)
		g.at, g.window = at, g.window[:got]
		if err != nil || int64(got) < n {
			return nil, false
		}
	}
	return g.window[at-g.at:][:n:n], true
}

// facts is what filters may ask of frame i beside its fields, but for its
// comments.
func (g *glimpses) facts(i int) filter.Frame {
	e := &g.entries[i]
	before := g.before
	if i > 0 {
		before = g.entries[i-1].time
	}
	return filter.Frame{
		Number: g.from + i + 1, Time: time.Unix(0, e.time).UTC(),
		SinceFirst: time.Duration(e.time - g.first), SincePrevious: time.Duration(e.time - before),
		CapLen: int(e.capLen), Len: int(e.wire), Interface: g.ifaces[e.iface].Name,
	}
}

// Facts is what is known of frame n beside its bytes.
func (f *File) Facts(n int) *filter.Frame {
	var g glimpses
	if n < 0 || !g.next(f, n, n+1) {
		return &filter.Frame{}
	}
	facts := g.facts(0)
	if _, m, err := f.Data(n); err == nil {
		facts.Comments = m.Comments
	}
	return &facts
}
