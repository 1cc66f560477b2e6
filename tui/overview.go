package tui

import (
	"sort"
	"time"

	"strata/trace"
)

// overview is the whole run on one line: how much was sent when, what was
// lost and what was sent again. It is worked out once, a slice of frames at a
// time, so that no key has to wait for it; what a growing trace adds later is
// counted when it comes, and the time that a bucket stands for doubles when
// the buckets no longer reach.
type overview struct {
	next    int        // the first frame not counted yet
	unit    trace.Time // of one bucket, at least 1
	end     trace.Time // of the run so far
	buckets [overviewBuckets]bucket
}

// overviewBuckets is the resolution of the run's time.
const overviewBuckets = 2048

type bucket struct {
	frames       uint32
	lost, resent bool
}

func (b bucket) and(c bucket) bucket {
	return bucket{b.frames + c.frames, b.lost || c.lost, b.resent || c.resent}
}

// newOverview begins with an empty count. The run's time ends with its last
// frame: timers may run on for minutes.
func newOverview(t trace.Trace) overview {
	o := overview{unit: 1}
	if n := t.Frames(); n > 0 {
		o.reach(t.Frame(n - 1))
	}
	return o
}

// reach makes the run's time long enough for a frame.
func (o *overview) reach(f trace.Frame) {
	o.end = max(o.end, f.Sent, f.Ended)
	if o.next == 0 {
		o.unit = o.end/overviewBuckets + 1
		return
	}
	for o.end/o.unit >= overviewBuckets {
		for i := range overviewBuckets / 2 {
			o.buckets[i] = o.buckets[2*i].and(o.buckets[2*i+1])
		}
		clear(o.buckets[overviewBuckets/2:])
		o.unit *= 2
	}
}

// work counts up to n more frames and reports whether some are left.
func (o *overview) work(t trace.Trace, n int) bool {
	stop := min(o.next+n, t.Frames())
	for ; o.next < stop; o.next++ {
		f := t.Frame(o.next)
		o.reach(f)
		b := &o.buckets[o.bucket(f.Sent)]
		b.frames++
		b.resent = b.resent || f.Resent
		if harmed(t, f) {
			o.buckets[o.bucket(f.Ended)].lost = true
		}
	}
	return o.next < t.Frames()
}

// workFor counts for about as long as d.
func (o *overview) workFor(t trace.Trace, d time.Duration) bool {
	for begin := time.Now(); time.Since(begin) < d; {
		if !o.work(t, 256) {
			return false
		}
	}
	return true
}

func (o *overview) bucket(at trace.Time) int { return int(min(max(at, 0), o.end) / o.unit) }

// draw draws the run; the cursor's time is reversed.
func (o *overview) draw(c *canvas, r rect, cur *cursor) {
	if r.empty() {
		return
	}
	sums := make([]bucket, r.w)
	most := uint32(1)
	used := o.bucket(o.end) + 1
	for i, b := range o.buckets[:used] {
		s := &sums[i*r.w/used]
		*s = s.and(b)
		most = max(most, s.frames)
	}
	for x, s := range sums {
		glyph, l := rateGlyph(s.frames, most)
		switch {
		case s.lost:
			glyph, l = '✗', bad|bold
		case s.resent:
			glyph, l = '↻', accent
		}
		c.sign(r, x, 0, glyph, l)
	}
	if cur.event != 0 {
		x := o.column(cur.t.Event(cur.event).Time, r.w)
		c.mark(r, x, 0, x+1, reverse)
	}
}

func rateGlyph(n, most uint32) (rune, look) {
	switch {
	case n == 0:
		return '.', rule
	case n*3 > most*2:
		return '|', plain
	case n*3 > most:
		return ':', plain
	}
	return '.', plain
}

// column is where a time stands on a line of w cells.
func (o *overview) column(at trace.Time, w int) int {
	return o.bucket(at) * w / (o.bucket(o.end) + 1)
}

// at is the event that column x of w stands for: the first transmission of
// that time, or the last before it.
func (o *overview) at(t trace.Trace, x, w int) trace.EventID {
	cells := trace.Time(max(w, 1))
	moment := o.end/cells*trace.Time(x) + o.end%cells*trace.Time(x)/cells
	n := sort.Search(t.Frames(), func(i int) bool { return t.Frame(i).Sent >= moment })
	if n == t.Frames() {
		n = max(n-1, 0)
	}
	return t.Frame(n).Transmit
}
