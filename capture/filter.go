package capture

import (
	"time"

	"strata/layers"
	"strata/layers/filter"
	"strata/layers/walk"
)

// Select finds the frames that pass a filter: by their headers where these
// decide, else by taking them apart.
func (f *File) Select(dst []int, by *filter.Filter, from, to int) []int {
	var s walk.Shape
	for n := max(from, 0); n < to; n++ {
		pass, ok := f.passes(by, n, false, &s)
		if !ok {
			return dst
		}
		if pass {
			dst = append(dst, n)
		}
	}
	return dst
}

// passes says whether frame n passes a filter, read by itself if alone is set; ok is false when there is no
// such frame.
func (f *File) passes(by *filter.Filter, n int, alone bool, s *walk.Shape) (pass, ok bool) {
	data, facts, ok := f.facts(n, s)
	if !ok {
		return false, false
	}
	switch by.Quick(s, data, &facts) {
	case filter.Yes:
		return true, true
	case filter.No:
		return false, true
	}
	data, _, o, err := f.ready(n, alone)
	if err != nil {
		return false, true
	}
	return by.Match(layers.Dissect(data, o), &facts), true
}

// Facts is what is known of frame n beside its bytes.
func (f *File) Facts(n int) *filter.Frame {
	var s walk.Shape
	_, facts, _ := f.facts(n, &s)
	return &facts
}

// facts is what filters may ask of frame n beside its fields.
func (f *File) facts(n int, s *walk.Shape) ([]byte, filter.Frame, bool) {
	defer f.look()()
	if n < 0 || n >= f.n {
		return nil, filter.Frame{}, false
	}
	e := f.entry(n)
	data, m, err := f.data(n)
	if err != nil { // the file was changed under us
		data = make([]byte, e.capLen)
	}
	f.walk(s, n, data)
	facts := filter.Frame{
		Number: n + 1, Time: m.Time, SinceFirst: time.Duration(f.since(&e)),
		CapLen: int(e.capLen), Len: int(e.wire), Interface: m.Interface, Comments: m.Comments,
	}
	if n > 0 {
		before := f.entry(n - 1)
		facts.SincePrevious = time.Duration(e.time - before.time)
	}
	return data, facts, true
}
