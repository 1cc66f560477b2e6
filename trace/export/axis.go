package export

import (
	"slices"

	"strata/trace"
)

// axis maps times to heights: in proportion, but never so near that labels
// cover each other, nor so far that nothing is to be seen; and with room for
// the notes beside it.
type axis struct {
	times []trace.Time
	y     []int
	gaps  []int // indices of times before which time is squeezed
	end   int   // where the last note ends
}

// axisOf makes the axis of some frames, with notes of so many pixels.
func axisOf(t trace.Trace, frames []int, notes []note, tall func(note) int) axis {
	var a axis
	sent := map[trace.Time]bool{}
	for _, n := range frames {
		f := t.Frame(n)
		a.times = append(a.times, f.Sent, arrived(t, n, f))
		sent[f.Sent] = true
	}
	room := map[trace.Time]int{} // for the notes of a moment
	for _, n := range notes {
		a.times = append(a.times, n.at)
		room[n.at] += tall(n)
	}
	slices.Sort(a.times)
	a.times = slices.Compact(a.times)
	scale, y, free := a.scale(), svgHead, 0
	for i, at := range a.times {
		if i > 0 {
			least := svgTick
			if sent[at] {
				least = svgRow
			}
			px := int(float64(at-a.times[i-1]) * scale)
			if px > svgSqueeze {
				px = svgSqueeze
				a.gaps = append(a.gaps, i)
			}
			y += max(px, least)
		}
		if room[at] > 0 {
			y = max(y, free-svgSlack)
			free = max(y, free) + room[at]
		}
		a.y = append(a.y, y)
	}
	a.end = free
	return a
}

// scale is pixels per nanosecond: the median distance becomes a row.
func (a *axis) scale() float64 { return svgRow / float64(max(a.median(), 1)) }

// median is the usual distance between two times that follow each other.
func (a *axis) median() trace.Time {
	var steps []trace.Time
	for i := 1; i < len(a.times); i++ {
		steps = append(steps, a.times[i]-a.times[i-1])
	}
	if len(steps) == 0 {
		return 0
	}
	slices.Sort(steps)
	return steps[len(steps)/2]
}

func (a *axis) of(t trace.Time) int {
	i, _ := slices.BinarySearch(a.times, t)
	return a.y[i]
}

func (a *axis) bottom() int {
	if len(a.y) == 0 {
		return svgHead + svgRow
	}
	return max(a.y[len(a.y)-1]+svgRow, a.end)
}

// arrived is when a frame's last bit arrived, or when it was lost; while it is
// on its way, when it left. What was dropped may have been kept for long before.
func arrived(t trace.Trace, n int, f trace.Frame) trace.Time {
	if f.Fate == trace.Refused {
		for _, s := range t.Steps(n) {
			if e := t.Event(s); e.Kind == trace.Arrive {
				return max(e.Time, f.Sent)
			}
		}
	}
	return max(f.Ended, f.Sent)
}
