// Package overview is the whole run on one line.
package overview

import (
	"sort"
	"time"

	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Line is the whole run on one line: how much was sent when, what was
// lost and what was sent again. It is worked out once, a slice of frames at a
// time, so that no key has to wait for it; what a growing trace adds later is
// counted when it comes, and the time that a bucket stands for doubles when
// the buckets no longer reach.
type Line struct {
	Next    int        // the first frame not counted yet
	Unit    trace.Time // of one bucket, at least 1
	end     trace.Time // of the run so far
	Buckets [overviewBuckets]bucket
}

// overviewBuckets is the resolution of the run's time.
const overviewBuckets = 2048

type bucket struct {
	Frames       uint32
	lost, resent bool
}

func (b bucket) and(c bucket) bucket {
	return bucket{b.Frames + c.Frames, b.lost || c.lost, b.resent || c.resent}
}

// New begins with an empty count. The run's time ends with its last
// frame: timers may run on for minutes.
func New(t trace.Trace) Line {
	o := Line{Unit: 1}
	if n := t.Frames(); n > 0 {
		o.reach(t.Frame(n - 1))
	}
	return o
}

// reach makes the run's time long enough for a frame.
func (o *Line) reach(f trace.Frame) {
	o.end = max(o.end, f.Sent, f.Ended)
	if o.Next == 0 {
		o.Unit = o.end/overviewBuckets + 1
		return
	}
	for o.end/o.Unit >= overviewBuckets {
		for i := range overviewBuckets / 2 {
			o.Buckets[i] = o.Buckets[2*i].and(o.Buckets[2*i+1])
		}
		clear(o.Buckets[overviewBuckets/2:])
		o.Unit *= 2
	}
}

// Work counts up to n more frames and reports whether some are left.
func (o *Line) Work(t trace.Trace, n int) bool {
	stop := min(o.Next+n, t.Frames())
	for ; o.Next < stop; o.Next++ {
		f := t.Frame(o.Next)
		o.reach(f)
		b := &o.Buckets[o.bucket(f.Sent)]
		b.Frames++
		b.resent = b.resent || f.Resent
		if scene.Harmed(t, f) {
			o.Buckets[o.bucket(f.Ended)].lost = true
		}
	}
	return o.Next < t.Frames()
}

// WorkFor counts for about as long as d.
func (o *Line) WorkFor(t trace.Trace, d time.Duration) bool {
	for begin := time.Now(); time.Since(begin) < d; {
		if !o.Work(t, 256) {
			return false
		}
	}
	return true
}

func (o *Line) bucket(at trace.Time) int { return int(min(max(at, 0), o.end) / o.Unit) }

// Draw draws the run; the cursor's time is reversed.
func (o *Line) Draw(c *draw.Canvas, r draw.Rect, cur *scene.Cursor) {
	if r.Empty() {
		return
	}
	sums := make([]bucket, r.W)
	most := uint32(1)
	used := o.bucket(o.end) + 1
	for i, b := range o.Buckets[:used] {
		s := &sums[i*r.W/used]
		*s = s.and(b)
		most = max(most, s.Frames)
	}
	for x, s := range sums {
		glyph, l := rateGlyph(s.Frames, most)
		switch {
		case s.lost:
			glyph, l = '✗', draw.Bad|draw.Bold
		case s.resent:
			glyph, l = '↻', draw.Accent
		}
		c.Sign(r, x, 0, glyph, l)
	}
	if cur.Event != 0 {
		x := o.column(cur.T.Event(cur.Event).Time, r.W)
		c.Mark(r, x, 0, x+1, draw.Reverse)
	}
}

func rateGlyph(n, most uint32) (rune, draw.Look) {
	switch {
	case n == 0:
		return '.', draw.Rule
	case n*3 > most*2:
		return '|', draw.Plain
	case n*3 > most:
		return ':', draw.Plain
	}
	return '.', draw.Plain
}

// column is where a time stands on a line of w cells.
func (o *Line) column(at trace.Time, w int) int {
	return o.bucket(at) * w / (o.bucket(o.end) + 1)
}

// At is the event that column x of w stands for: the first transmission of
// that time, or the last before it.
func (o *Line) At(t trace.Trace, x, w int) trace.EventID {
	cells := trace.Time(max(w, 1))
	moment := o.end/cells*trace.Time(x) + o.end%cells*trace.Time(x)/cells
	n := sort.Search(t.Frames(), func(i int) bool { return t.Frame(i).Sent >= moment })
	if n == t.Frames() {
		n = max(n-1, 0)
	}
	return t.Frame(n).Transmit
}
