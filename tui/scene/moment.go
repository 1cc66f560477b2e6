package scene

import (
	"fmt"
	"slices"
	"strconv"

	"strata/trace"
)

// Moment is a time as margins have it: "20.4ms", "3.021s"; in a network
// where frames follow each other quickly "20.412ms", "3.021412s".
func (s *Scene) Moment(t trace.Time) string {
	ms := float64(t) / float64(trace.Millisecond)
	switch {
	case t >= 1000*trace.Second:
		return strconv.FormatFloat(t.Seconds(), 'f', 2, 64) + "s"
	case s.fine && t >= trace.Second:
		return fmt.Sprintf("%.5fs", t.Seconds())
	case s.fine:
		return fmt.Sprintf("%.3fms", ms)
	case t >= 10*trace.Second:
		return fmt.Sprintf("%.3fs", t.Seconds())
	}
	return fmt.Sprintf("%.1fms", ms)
}

// quick reports whether frames can follow each other in a small part of a
// millisecond.
func quick(info *trace.Info) bool {
	return info.Captured || slices.ContainsFunc(info.Links, func(l trace.Link) bool {
		return l.Rate >= 100e6 || l.Delay < trace.Millisecond
	})
}
