package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/scene"
)

// A trace that grows is looked at some times a second; between two looks all
// holds still, however fast frames come.
const tickTime = 100 * time.Millisecond

type tickMsg struct{ viewer *viewer }

// tickLater asks for the next look, as long as more may come.
func (v *viewer) tickLater() tea.Cmd {
	if v.ticking || !v.T.Reading.Live {
		return nil
	}
	v.ticking = true
	return tea.Tick(tickTime, func(time.Time) tea.Msg { return tickMsg{v} })
}

// tick looks at what has come.
func (m *model) tick(v *viewer) tea.Cmd {
	v.ticking = false
	if v != m.viewer {
		return nil
	}
	m.look(v)
	return tea.Batch(m.work(v), v.tickLater())
}

// look takes in what has come.
func (m *model) look(v *viewer) {
	damaged := v.T.Reading.Damage != nil
	if v.grow() || v.T.Frozen {
		m.fresh = false
	}
	if p := v.T.Reading; p.Damage != nil && !damaged {
		m.note = "it cannot be read further: " + p.Damage.Error()
	}
}

// work lets go on in the background what has something to do.
func (m *model) work(v *viewer) tea.Cmd {
	var cmds []tea.Cmd
	if v.overview.Next < v.T.Frames() && !v.counting {
		v.counting = true
		cmds = append(cmds, count(v))
	}
	if s := v.Sieve; s != nil && s.Done < v.T.Frames() && !v.sifting.Running() {
		v.sifting = v.siftJob(s)
		cmds = append(cmds, scene.Begin(v.sifting))
	}
	v.update()
	return tea.Batch(cmds...)
}

// update lets the panes that are shown begin what there is to do.
func (v *viewer) update() {
	for _, p := range v.panes {
		if u, ok := p.(scene.Updater); ok && v.shows(p.Name()) && !v.T.Frozen {
			u.Update(v.Scene)
		}
	}
}

// shows tells whether a pane is on the screen.
func (v *viewer) shows(name string) bool {
	return v.focus == name || slices.ContainsFunc(v.drawn.panes, func(p drawnPane) bool { return p.Name() == name })
}

// wishes carries out what panes have asked for.
func (m *model) wishes() tea.Cmd {
	if m.viewer == nil {
		return nil
	}
	v := m.viewer
	v.update()
	w := v.TakeWishes()
	if w.Note != nil {
		m.note, m.fresh = *w.Note, false
	}
	var cmds []tea.Cmd
	for _, j := range w.Jobs {
		cmds = append(cmds, scene.Begin(j))
	}
	if w.Talk != nil {
		v.stream.Open(*w.Talk, v.Scene)
		w.Pane = streamPane
	}
	if w.Pane != "" {
		m.fresh = false
		v.visit(w.Pane)
		cmds = append(cmds, m.work(v), m.wishes())
	}
	return tea.Batch(cmds...)
}

// grow takes in what has come. From a pipe, a cursor on the newest frame of
// the list stays with the newest.
func (v *viewer) grow() bool {
	was, first := v.T.Frames(), v.T.Frames() == 0
	newest := v.newest()
	changed := v.T.Look()
	if v.T.Frames() == was {
		return changed
	}
	if info := v.T.Info(); v.Lanes.Outgrown(info) {
		v.Lanes = scene.NewLanes(info)
	}
	switch {
	case first:
		v.begin()
		if v.T.Reading.Pipe {
			v.lastFrame()
		}
	case newest:
		v.lastFrame()
	}
	return true
}

// newest tells whether the cursor is to stay with the newest frame.
func (v *viewer) newest() bool {
	s := v.Shown()
	n := s.Count()
	return v.listing && v.T.Reading.Live && v.T.Reading.Pipe && n > 0 && v.At.Frame >= s.Frame(n-1)
}

// lastFrame goes to the last frame of the list.
func (v *viewer) lastFrame() {
	if s := v.Shown(); s.Count() > 0 {
		v.At.GoToFrame(s.Frame(s.Count() - 1))
	}
}

// toggleFreeze holds the screen still, or lets it go on.
func (v *viewer) toggleFreeze() string {
	p := v.T.Reading
	if !p.Live && !v.T.Frozen {
		return "nothing comes any more: there is nothing to hold still"
	}
	v.T.Frozen = !v.T.Frozen
	if v.T.Frozen {
		return "held still; reading goes on. p goes on"
	}
	return ""
}

// sift begins to filter; an empty text shows all frames again. The cursor
// keeps its frame if it passes.
func (v *viewer) sift(s *scene.Sieve) {
	v.sifting.Stop()
	v.hunt.job.Stop()
	v.Sieve, v.Settled = s, s == nil
	v.list.Top = v.At.Frame
	if s != nil {
		v.list.Top = 0
	}
}

// settle puts the cursor on its frame's place among those that pass, or on
// the nearest, as soon as it is known; then more may still come.
func (v *viewer) settle() {
	s := v.Sieve
	at := v.At.Frame
	if v.Settled || s == nil || s.Done <= at || s.N == 0 {
		return
	}
	if !s.Has(at) && s.Rank(at) == s.N && s.Done < v.T.Frames() {
		return // the next that passes may be nearer
	}
	v.Settled = true
	if !s.Has(at) && v.Shown().Count() > 0 {
		v.At.GoToFrame(v.Shown().Nearest(at))
	}
}

// close ends what works in the background for the viewer.
func (v *viewer) close() {
	v.sifting.Stop()
	v.stopSeeking()
	for _, p := range v.panes {
		if p, ok := p.(scene.Stopper); ok {
			p.Stop()
		}
	}
	if v.writing != nil {
		v.writing.job.Stop()
	}
}

// siftJob lets a sieve look at the frames that are left.
func (v *viewer) siftJob(s *scene.Sieve) *scene.Job {
	t := v.T.Trace
	return &scene.Job{Of: v.T, Work: func(d time.Duration) func() bool {
		take := s.Look(t, d)
		return func() bool {
			take()
			v.settle()
			return s.Done < v.T.Frames()
		}
	}}
}

// worked takes what a job has found.
func (m *model) worked(msg scene.JobMsg) tea.Cmd {
	j := msg.Job
	if j.Off || m.viewer == nil || j.Of != m.viewer.T {
		return nil
	}
	if msg.Merge == nil {
		msg.Merge = j.Work(slice)
	}
	m.fresh = false
	m.after = nil
	if msg.Merge() {
		return tea.Batch(m.after, scene.Begin(j))
	}
	j.Off = true
	return m.after
}
