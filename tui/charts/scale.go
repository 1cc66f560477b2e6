package charts

import (
	"math"
	"strconv"
	"strings"

	"strata/trace"
	"strata/trace/connection"
	"strata/tui/scene"
)

// scale puts values at heights: 0 at the bottom, 1 at the top.
type scale struct {
	lo, hi float64
	log    bool // each tenfold step takes as much room
}

// tenfold is from how many times between the least and the greatest on each
// tenfold step takes the same room: small values would lie flat else.
const tenfold = 10

// newScale makes room for values from lo to hi. Bytes begin at 0.
func newScale(lo, hi int64, unit connection.Unit) scale {
	s := scale{lo: float64(lo), hi: float64(hi)}
	switch unit {
	case connection.Bytes:
		s.lo = 0
	case connection.Nanos:
		s.log = lo > 0 && s.hi/s.lo >= tenfold
		if !s.log {
			s.lo = 0
		}
	}
	if s.log {
		s.lo, s.hi = s.lo/1.3, s.hi*1.3
	} else {
		s.hi += (s.hi - s.lo) / 20
	}
	if s.hi <= s.lo {
		s.hi = s.lo + 1
	}
	return s
}

// height is where a value stands; over 1 is above the chart.
func (s scale) height(v int64) float64 {
	if s.log {
		return math.Log(math.Max(float64(v), 1)/s.lo) / math.Log(s.hi/s.lo)
	}
	return (float64(v) - s.lo) / (s.hi - s.lo)
}

// ticks are round values from bottom to top, about so many at most.
func (s scale) ticks(most int) (all []int64) {
	if most < 1 {
		return nil
	}
	if s.log {
		for _, by := range []int{1, 10, 100} {
			all = all[:0]
			for v := math.Pow(10, math.Ceil(math.Log10(s.lo))); v <= s.hi; v *= 10 * float64(by) {
				all = append(all, int64(math.Round(v)))
			}
			if len(all) <= most {
				break
			}
		}
		return all[:min(len(all), most)]
	}
	step := niceStep((s.hi - s.lo) / (float64(most) + 0.5))
	for v := math.Ceil(s.lo/step) * step; v <= s.hi && len(all) <= most; v += step {
		all = append(all, int64(math.Round(v)))
	}
	return all
}

// niceStep is the least of 1, 2, 5, 10, 20, 50 ... that is not below v.
func niceStep(v float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(math.Max(v, 1))))
	for _, by := range []float64{1, 2, 5} {
		if by*ten >= v {
			return by * ten
		}
	}
	return 10 * ten
}

// value writes a value in full.
func value(v int64, unit connection.Unit) string {
	switch unit {
	case connection.Nanos:
		return trace.FormatDuration(trace.Time(v))
	case connection.Sequence:
		return scene.Thousands(int(v))
	}
	return scene.Thousands(int(v)) + " B"
}

// tick writes a round value for the axis, short.
func tick(v int64, unit connection.Unit) string {
	if unit == connection.Nanos {
		return trace.FormatDuration(trace.Time(v))
	}
	f := float64(v)
	for _, u := range []string{"", "k", "M"} {
		if math.Abs(f) < 1000 {
			return short(f, u, unit)
		}
		f /= 1000
	}
	return short(f, "G", unit)
}

func short(f float64, prefix string, unit connection.Unit) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if unit == connection.Bytes {
		return text + " " + prefix + "B"
	}
	return strings.TrimSpace(text + " " + prefix)
}
