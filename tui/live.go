package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// A trace that grows is looked at some times a second; between two looks all
// holds still, however fast frames come.
const tickTime = 100 * time.Millisecond

type tickMsg struct{ viewer *viewer }

// tickLater asks for the next look, as long as more may come.
func (v *viewer) tickLater() tea.Cmd {
	if v.ticking || !v.t.progress.Live {
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
	damaged := v.t.progress.Damage != nil
	if v.grow() || v.t.frozen {
		m.fresh = false
	}
	if p := v.t.progress; p.Damage != nil && !damaged {
		m.note = "it cannot be read further: " + p.Damage.Error()
	}
}

// work lets go on in the background what has something to do.
func (m *model) work(v *viewer) tea.Cmd {
	var cmds []tea.Cmd
	if v.overview.next < v.t.Frames() && !v.counting {
		v.counting = true
		cmds = append(cmds, count(v))
	}
	if s := v.sieve; s != nil && s.done < v.t.Frames() && !v.sifting.running() {
		v.sifting = s.job(v, v.settle)
		cmds = append(cmds, begin(v.sifting))
	}
	switch v.page {
	case talksPage:
		cmds = append(cmds, begin(v.talks.update(v)))
	case messagesPage:
		cmds = append(cmds, begin(v.messages.update(v)))
	case streamPage:
		cmds = append(cmds, begin(v.stream.update()))
	}
	return tea.Batch(cmds...)
}

// grow takes in what has come. From a pipe, a cursor on the newest frame of
// the list stays with the newest.
func (v *viewer) grow() bool {
	was, first := v.t.Frames(), v.t.Frames() == 0
	newest := v.newest()
	changed := v.t.look()
	if v.t.Frames() == was {
		return changed
	}
	if l, info := v.journey.lanes, v.t.Info(); !l.many && (len(info.Nodes) != len(l.next) || len(info.Links) != l.links) {
		v.journey.lanes = newLanes(info)
	}
	switch {
	case first:
		v.begin()
		if v.t.progress.Pipe {
			v.lastFrame()
		}
	case newest:
		v.lastFrame()
	}
	return true
}

// newest tells whether the cursor is to stay with the newest frame.
func (v *viewer) newest() bool {
	s := v.shown()
	n := s.count()
	return v.listing && v.t.progress.Live && v.t.progress.Pipe && n > 0 && v.cursor.frame >= s.frame(n-1)
}

// lastFrame goes to the last frame of the list.
func (v *viewer) lastFrame() {
	if s := v.shown(); s.count() > 0 {
		v.cursor.goToFrame(s.frame(s.count() - 1))
	}
}

// toggleFreeze holds the screen still, or lets it go on.
func (v *viewer) toggleFreeze() string {
	p := v.t.progress
	if !p.Live && !v.t.frozen {
		return "nothing comes any more: there is nothing to hold still"
	}
	v.t.frozen = !v.t.frozen
	if v.t.frozen {
		return "held still; reading goes on. p goes on"
	}
	return ""
}

// sift begins to filter; an empty text shows all frames again. The cursor
// keeps its frame if it passes.
func (v *viewer) sift(s *sieve) {
	v.sifting.stop()
	v.hunt.job.stop()
	v.sieve, v.settled = s, s == nil
	v.list.top = v.cursor.frame
	if s != nil {
		v.list.top = 0
	}
}

// settle puts the cursor on its frame's place among those that pass, or on
// the nearest, as soon as it is known; then more may still come.
func (v *viewer) settle() {
	s := v.sieve
	at := v.cursor.frame
	if v.settled || s == nil || s.done <= at || s.n == 0 {
		return
	}
	if !s.has(at) && s.rank(at) == s.n && s.done < v.t.Frames() {
		return // the next that passes may be nearer
	}
	v.settled = true
	if !s.has(at) && v.shown().count() > 0 {
		v.cursor.goToFrame(v.shown().nearest(at))
	}
}

// close ends what works in the background for the viewer.
func (v *viewer) close() {
	for _, j := range []*job{v.sifting, v.hunt.job, v.talks.job, v.talks.seeker, v.stream.job, v.stream.seeker, v.messages.job, v.messages.seeker, v.travel.job} {
		j.stop()
	}
}
