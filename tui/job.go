package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// job is work on a trace in the background, some of it at a time: filtering,
// finding, sorting.
type job struct {
	viewer *viewer
	off    bool   // nobody wants its result any more
	leave  func() // tells what works beside it to end; nil: nothing does

	// work does some of it, for about as long as d, and gives what is to be
	// done with the result; that tells whether some work is left. work may
	// run beside the loop, so it reads nothing but the trace and what belongs
	// to the job; what it gives runs on the loop.
	work func(d time.Duration) (merge func() (more bool))
}

// jobMsg brings what a job has found; merge is nil when the job is still to
// work, on the loop.
type jobMsg struct {
	job   *job
	merge func() bool
}

// beside is how long a job works beside the loop before it shows what it has.
const beside = 40 * time.Millisecond

// begin lets a job go on. A capture can be read beside the loop; a run in
// memory is read by one at a time, so its jobs take slices of the loop.
func begin(j *job) tea.Cmd {
	if j == nil {
		return nil
	}
	if !j.viewer.t.Info().Captured {
		return func() tea.Msg { return jobMsg{j, nil} }
	}
	return func() tea.Msg { return jobMsg{j, j.work(beside)} }
}

// worked takes what a job has found.
func (m *model) worked(msg jobMsg) tea.Cmd {
	j := msg.job
	if j.off || j.viewer != m.viewer {
		return nil
	}
	if msg.merge == nil {
		msg.merge = j.work(slice)
	}
	m.fresh = false
	m.after = nil
	if msg.merge() {
		return tea.Batch(m.after, begin(j))
	}
	j.off = true
	return m.after
}

// stop ends a job, if there is one.
func (j *job) stop() {
	if j.running() {
		j.off = true
		if j.leave != nil {
			j.leave()
		}
	}
}

// running tells whether the job has more to do.
func (j *job) running() bool { return j != nil && !j.off }
