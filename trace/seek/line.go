package seek

import "strata/trace"

// line counts hits over the run's time, in a bounded number of buckets: when
// the run grows past the last of them, each becomes twice as long.
type line struct {
	unit    trace.Time // of one bucket; 0: the run's end is not known yet
	end     trace.Time
	buckets [buckets]uint32
}

const buckets = 2048

// reach makes the line as long as a trace is now: it ends with its last frame,
// as timers may run on for minutes.
func (l *line) reach(t trace.Trace) {
	if n := t.Frames(); n > 0 {
		f := t.Frame(n - 1)
		l.end = max(l.end, f.Sent, f.Ended)
	}
	if l.unit == 0 {
		l.unit = l.end/buckets + 1
	}
	for l.end/l.unit >= buckets {
		for i := range buckets / 2 {
			l.buckets[i] = l.buckets[2*i] + l.buckets[2*i+1]
		}
		clear(l.buckets[buckets/2:])
		l.unit *= 2
	}
}

func (l *line) add(at trace.Time) {
	l.buckets[min(max(at, 0), l.end)/l.unit]++
}

// columns sums the buckets up for a line of some columns.
func (l *line) columns(dst []uint32, columns int) []uint32 {
	dst = append(dst[:0], make([]uint32, max(columns, 0))...)
	if l.unit == 0 || columns <= 0 {
		return dst
	}
	used := int(l.end/l.unit) + 1
	for i, n := range l.buckets[:used] {
		dst[i*columns/used] += n
	}
	return dst
}
