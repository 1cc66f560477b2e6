package scene

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Job is work on a trace in the background, some of it at a time: filtering,
// finding, sorting.
type Job struct {
	Of    *Steady // the trace that it works on
	Off   bool    // nobody wants its result any more
	Leave func()  // tells what works beside it to end; nil: nothing does

	// Work does some of it, for about as long as d, and gives what is to be
	// done with the result; that tells whether some work is left. work may
	// run beside the loop, so it reads nothing but the trace and what belongs
	// to the job; what it gives runs on the loop.
	Work func(d time.Duration) (merge func() (more bool))
}

// JobMsg brings what a job has found; merge is nil when the job is still to
// work, on the loop.
type JobMsg struct {
	Job   *Job
	Merge func() bool
}

// beside is how long a job works beside the loop before it shows what it has.
const beside = 40 * time.Millisecond

// Begin lets a job go on. A capture can be read beside the loop; a run in
// memory is read by one at a time, so its jobs take slices of the loop.
func Begin(j *Job) tea.Cmd {
	if j == nil {
		return nil
	}
	if !j.Of.Info().Captured {
		return func() tea.Msg { return JobMsg{j, nil} }
	}
	return func() tea.Msg { return JobMsg{j, j.Work(beside)} }
}

// Stop ends a job, if there is one.
func (j *Job) Stop() {
	if j.Running() {
		j.Off = true
		if j.Leave != nil {
			j.Leave()
		}
	}
}

// Running tells whether the job has more to do.
func (j *Job) Running() bool { return j != nil && !j.Off }

// SeekRow is the job of looking through n rows for one that passes, on from row
// at (by 1) or back (by -1), round the ends. passes may run beside the loop;
// found is called on it, with -1 when there is none.
func SeekRow(t *Steady, n, at, by int, passes func(row int) bool, found func(row int)) *Job {
	seen := 0
	return &Job{Of: t, Work: func(d time.Duration) func() bool {
		hit := -1
		for begin := time.Now(); seen < n && hit < 0 && time.Since(begin) < d; seen++ {
			at = (at + by + n) % n
			if passes(at) {
				hit = at
			}
		}
		return func() bool {
			if hit < 0 && seen < n {
				return true
			}
			found(hit)
			return false
		}
	}}
}

// Rest is how long what was worked out of a growing trace holds before it is
// worked out anew.
const Rest = 2 * time.Second
