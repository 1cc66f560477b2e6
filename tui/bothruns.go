package tui

import (
	tea "charm.land/bubbletea/v2"

	"strata/trace"
)

// A run that was changed and the one before it stand for each other: the
// viewer of each knows the other's, and where the two part.

// mostCompared is how many events are looked at for where two runs part.
const mostCompared = 1 << 20

// parting is the first event in which two runs of a scenario are not the same;
// 0: there is none, or it is too far on.
func parting(a, b trace.Trace) trace.EventID {
	n := min(a.Events(), b.Events(), mostCompared)
	for e := trace.EventID(1); int(e) <= n; e++ {
		if a.Event(e) != b.Event(e) {
			return e
		}
	}
	if a.Events() == b.Events() || n == mostCompared {
		return 0
	}
	return trace.EventID(max(n, 1))
}

// otherRun turns between the run and the one before it was changed, at the same
// moment of both.
func (m *model) otherRun() tea.Cmd {
	v := m.viewer
	if v.before == nil {
		m.note = "there is no other run: e changes this one"
		return nil
	}
	to := v.before
	v.sameMoment(to)
	m.turnTo(to)
	switch more := len(to.of.Changes) - len(v.of.Changes); {
	case more > 0:
		m.note = "the run with: " + m.lastChange(to)
	case more < 0:
		m.note = "the run without: " + m.lastChange(v)
	default:
		m.note = "the other run of the two"
	}
	return tea.Batch(m.work(to), to.tickLater())
}

// bothRuns shows the run before the change and the one with it side by side.
func (m *model) bothRuns() tea.Cmd {
	cmd, err := m.compareWith("")
	if err != nil {
		m.note = err.Error()
	}
	return cmd
}

// runOf is the viewer that a trace has already; nil: none.
func (m *model) runOf(t trace.Trace) *viewer {
	if v := m.viewer; v != nil && v.T.Trace == t {
		return v
	} else if v != nil && v.before != nil && v.before.T.Trace == t {
		return v.before
	}
	return nil
}

// sameMoment goes to the same step in another run; from where they part on, to
// the same time.
func (v *viewer) sameMoment(to *viewer) {
	if at := v.At.Event; to.parted == 0 || at <= to.parted {
		to.At.GoTo(at)
		return
	}
	to.At.GoToTime(v.Event().Time)
}

// lastChange says in which change a run differs from the other one.
func (m *model) lastChange(v *viewer) string {
	if n := len(v.of.Changes); n > 0 {
		return v.of.Changes[n-1].Says
	}
	return "nothing"
}

// turnTo shows another run in the place of this one.
func (m *model) turnTo(v *viewer) {
	v.listing, v.focus, v.under, v.Zoomed = m.viewer.listing, m.viewer.focus, m.viewer.under, m.viewer.Zoomed
	m.viewer.close()
	m.viewer = v
	m.fresh = false
}
