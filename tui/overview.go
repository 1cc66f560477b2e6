package tui

import (
	"sort"
	"time"

	"strata/trace"
)

// overview is the whole run on one line: how much was sent when, what was
// lost and what was sent again. It is worked out once, a slice of frames at a
// time, so that no key has to wait for it.
type overview struct {
	next    int        // the first frame not counted yet
	end     trace.Time // of the run, at least 1
	buckets [overviewBuckets]bucket
}

// overviewBuckets is the resolution of the run's time.
const overviewBuckets = 2048

type bucket struct {
	frames       uint32
	lost, resent bool
}

// newOverview begins with an empty count. The run's time ends with its last
// frame: timers may run on for minutes.
func newOverview(t trace.Trace) overview {
	o := overview{end: 1}
	if n := t.Frames(); n > 0 {
		f := t.Frame(n - 1)
		o.end = max(f.Sent, f.Ended, 1)
	}
	return o
}

// work counts up to n more frames and reports whether some are left.
func (o *overview) work(t trace.Trace, n int) bool {
	stop := min(o.next+n, t.Frames())
	for ; o.next < stop; o.next++ {
		f := t.Frame(o.next)
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

func (o *overview) bucket(at trace.Time) int {
	return int(min(max(at, 0), o.end) * (overviewBuckets - 1) / o.end)
}

// draw draws the run; the cursor's time is reversed.
func (o *overview) draw(c *canvas, r rect, cur *cursor) {
	if r.empty() {
		return
	}
	sums := make([]bucket, r.w)
	most := uint32(1)
	for i, b := range o.buckets {
		s := &sums[i*r.w/overviewBuckets]
		s.frames += b.frames
		s.lost, s.resent = s.lost || b.lost, s.resent || b.resent
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
	x := o.column(cur.t.Event(cur.event).Time, r.w)
	c.mark(r, x, 0, x+1, reverse)
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
	return o.bucket(at) * w / overviewBuckets
}

// at is the event that column x of w stands for: the first transmission of
// that time, or the last before it.
func (o *overview) at(t trace.Trace, x, w int) trace.EventID {
	moment := trace.Time(x) * o.end / trace.Time(max(w, 1))
	n := sort.Search(t.Frames(), func(i int) bool { return t.Frame(i).Sent >= moment })
	if n == t.Frames() {
		n = max(n-1, 0)
	}
	return t.Frame(n).Transmit
}
