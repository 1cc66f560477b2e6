package tui

import (
	"time"

	"strata/tui/scene"
)

// hunt looks for something in the frames that the list shows.
type hunt struct {
	needle scene.Needle
	typed  string
	job    *scene.Job
	seen   int // frames that were passed
}

const huntChunk = 64 // frames that are filtered at once

// begin looks on from a frame, that one not included, forward (by 1) or back,
// round the whole trace; found is called on the loop, with -1 when it is
// nowhere.
func (h *hunt) begin(v *viewer, by int, found func(frame int)) *scene.Job {
	h.job.Stop()
	t, sieve, needle := v.T.Trace, v.Sieve, h.needle
	n := v.T.Frames()
	at, left := v.At.Frame, n
	h.seen = 0
	h.job = &scene.Job{Of: v.T, Work: func(d time.Duration) func() bool {
		hit := -1
		for begin := time.Now(); left > 0 && hit < 0 && time.Since(begin) < d; {
			var from, to int
			if by > 0 {
				from = (at + 1) % n
				to = min(from+min(huntChunk, left), n)
				at = to - 1
			} else {
				to = (at+n-1)%n + 1
				from = max(to-min(huntChunk, left), 0)
				at = from
			}
			left -= to - from
			hit = needle.Among(t, sieve, from, to, by)
		}
		return func() bool {
			h.seen = n - left
			switch {
			case hit >= 0:
				found(hit)
			case left == 0:
				found(-1)
			default:
				return true
			}
			return false
		}
	}}
	return h.job
}
