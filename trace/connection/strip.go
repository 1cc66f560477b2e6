package connection

import (
	"sort"

	"strata/trace"
)

// bucket is one sample, or several neighbours of which the extremes are kept.
type bucket struct {
	from, to trace.Time
	lo, hi   int64  // the least and the greatest; of an empty stretch of a line, trace.Absent
	last     int64  // of a line: what holds after it; trace.Absent: nothing any more
	n        uint32 // samples
	first    uint32 // where the first of them came from: an event, or a frame from 1
}

// maxBuckets bounds a strip: 400 KB. It is far more than a screen has columns.
const maxBuckets = 1 << 13

// strip is the samples of one kind, in order of time. When there are too
// many, neighbours are merged two by two, and from then on twice as many go
// into each bucket.
type strip struct {
	all []bucket
	per uint32 // samples that go into a bucket; 0 is 1
}

// add enters a sample; its time must not go back.
func (s *strip) add(b bucket) {
	b.n = 1
	if n := len(s.all); n > 0 && s.all[n-1].n < s.per {
		s.all[n-1].merge(&b)
		return
	}
	if len(s.all) == maxBuckets {
		s.halve()
	}
	s.all = append(s.all, b)
}

func (s *strip) halve() {
	for i := 0; i < maxBuckets; i += 2 {
		s.all[i].merge(&s.all[i+1])
		s.all[i/2] = s.all[i]
	}
	s.all = s.all[:maxBuckets/2]
	s.per = 2 * max(s.per, 1)
}

// insert enters a sample of a time that may lie a little before the last.
// Where buckets are merged it takes that of the last.
func (s *strip) insert(b bucket) {
	if n := len(s.all); s.per > 1 && n > 0 {
		b.from = max(b.from, s.all[n-1].to)
		b.to = b.from
	}
	s.add(b)
	for i := len(s.all) - 1; i > 0 && s.all[i].n == 1 && s.all[i-1].from > s.all[i].from; i-- {
		s.all[i-1], s.all[i] = s.all[i], s.all[i-1]
	}
}

// merge takes in the samples of the next bucket.
func (b *bucket) merge(next *bucket) {
	b.from, b.to = min(b.from, next.from), max(b.to, next.to)
	b.n += next.n
	b.last = next.last
	switch {
	case next.lo == trace.Absent:
	case b.lo == trace.Absent:
		b.lo, b.hi = next.lo, next.hi
	default:
		b.lo, b.hi = min(b.lo, next.lo), max(b.hi, next.hi)
	}
}

// Column is what a chart shows in one column, a stretch of time.
type Column struct {
	Lo, Hi int64  // the least and the greatest value there; valid iff Has
	Last   int64  // of a line: the value at its end; trace.Absent: none
	N      int    // how many samples begin in it; 0: the line goes on as it was
	Has    bool   // there is a value
	first  uint32 // where the first sample came from; 0: there is none
}

func (c *Column) take(lo, hi int64) {
	if lo == trace.Absent {
		return
	}
	if !c.Has {
		c.Lo, c.Hi, c.Has = lo, hi, true
		return
	}
	c.Lo, c.Hi = min(c.Lo, lo), max(c.Hi, hi)
}

// columns cuts the time from from up to to into as many columns as dst has,
// and fills them. The last one includes to. A merged bucket counts in each
// column that it reaches into.
func (s *strip) columns(dst []Column, from, to trace.Time, line bool) {
	clear(dst)
	if len(dst) == 0 || to < from {
		return
	}
	cut := cutter{from, float64(to-from) / float64(len(dst)), len(dst)}
	i := sort.Search(len(s.all), func(i int) bool { return s.all[i].to >= from })
	held := int64(trace.Absent)
	if i > 0 {
		held = s.all[i-1].last
	}
	begin := i
	for ; i < len(s.all) && s.all[i].from <= to; i++ {
		b := &s.all[i]
		a, z := cut.column(max(b.from, from)), cut.column(min(b.to, to))
		for c := a; c <= z; c++ {
			dst[c].take(b.lo, b.hi)
		}
		if b.from >= from {
			dst[a].begin(b)
		}
	}
	if line {
		s.hold(dst, begin, i, held, cut)
	}
}

func (c *Column) begin(b *bucket) {
	if c.first == 0 {
		c.first = b.first
	}
	c.N += int(b.n)
}

// hold adds to each column of a line the value that it began with, and says
// with which it ends.
func (s *strip) hold(dst []Column, i, end int, held int64, cut cutter) {
	for c := range dst {
		dst[c].take(held, held)
		for ; i < end && cut.column(s.all[i].to) <= c; i++ {
			held = s.all[i].last
		}
		dst[c].Last = held
	}
}

// cutter cuts time into n columns.
type cutter struct {
	from trace.Time
	each float64
	n    int
}

func (c cutter) column(t trace.Time) int {
	if c.each <= 0 {
		return 0
	}
	return max(0, min(c.n-1, int(float64(t-c.from)/c.each)))
}

// value is that of a line after what came from a place; ok is false where it
// has none.
func (s *strip) value(at uint32) (v int64, ok bool) {
	i := sort.Search(len(s.all), func(i int) bool { return s.all[i].first > at })
	if i == 0 {
		return 0, false
	}
	v = s.all[i-1].last
	return v, v != trace.Absent
}
