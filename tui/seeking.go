package tui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/trace"
	"strata/trace/seek"
	"strata/tui/draw"
	"strata/tui/scene"
)

// seeking is what was asked for behind the colon: events of a kind, with a
// reason, at a node, of a layer, or frames. Its hits stand on a line under the
// whole run; n and N go to the next and the last.
type seeking struct {
	search *seek.Search // nil: nothing was asked for
	run    *seek.Run
	job    *scene.Job
	by     int           // where somebody wants to go: 1 or -1; 0: nowhere
	landed trace.EventID // the step that the cursor went to for hit
	hit    trace.EventID
	counts []uint32
}

// seekSlice is how long the loop is kept by a search.
const seekSlice = 3 * time.Millisecond

// seekFor begins to look for something, and goes to what is next.
func seekFor(word string) func(*model, string) (tea.Cmd, error) {
	return func(m *model, arg string) (tea.Cmd, error) {
		v := m.viewer
		if arg == word {
			arg = "" // nothing was typed behind it
		}
		q, err := seek.Parse(v.T, word+" "+arg)
		if err != nil {
			return nil, err
		}
		v.seek.end()
		if v.seek.run == nil {
			v.seek.run = seek.NewRun(v.T)
		}
		v.seek.search = seek.New(v.T, q, v.seek.run)
		return m.seekOn(1), nil
	}
}

// end forgets what was looked for; false: nothing was.
func (s *seeking) end() (was bool) {
	was = s.search != nil
	s.job.Stop()
	*s = seeking{run: s.run}
	return was
}

// seekOn goes to the next hit, or the last.
func (m *model) seekOn(by int) tea.Cmd {
	v := m.viewer
	s := &v.seek
	s.by = by
	m.seekStep()
	if s.job.Running() {
		return nil
	}
	s.job = &scene.Job{Of: v.T, Work: func(time.Duration) func() bool {
		return func() bool {
			more := s.run.Work(seekSlice / 2)
			more = s.search.Work(seekSlice) || more
			m.seekStep()
			return more || s.by != 0
		}
	}}
	return scene.Begin(s.job)
}

// seekStep goes where somebody wants to go, if it is known by now.
func (m *model) seekStep() {
	v := m.viewer
	if v == nil || v.seek.search == nil || v.seek.by == 0 {
		return
	}
	s := &v.seek
	from := v.At.Event
	if from == s.landed {
		from = s.hit
	}
	e, around, answer := s.search.Next(from, s.by)
	switch answer {
	case seek.Looking:
		m.note = "looking for " + s.search.Text + " ... esc stops"
		return
	case seek.None:
		m.note = "nowhere in this trace: " + s.search.Text
	case seek.Found:
		hits, seen, of := s.search.Hits()
		m.note = s.search.Text + ": " + scene.Thousands(hits)
		if hits == 1 {
			m.note += " hit"
		} else {
			m.note += " hits"
		}
		if seen < of {
			m.note += " so far"
		}
		if around {
			m.note += ", past the end of the run and on"
		}
		v.Settled = true
		v.At.GoTo(e)
		s.hit, s.landed = e, v.At.Event
	}
	s.by = 0
}

// hitLines is how many lines the hits take under the whole run.
func (v *viewer) hitLines() int {
	if v.seek.search == nil {
		return 0
	}
	return 1
}

// drawHits marks where in the whole run the hits are.
func (v *viewer) drawHits(c *draw.Canvas, r draw.Rect) {
	s := &v.seek
	hits, seen, of := s.search.Hits()
	says := fmt.Sprintf(" %s: %s", s.search.Text, scene.Thousands(hits))
	if seen < of {
		says += fmt.Sprintf(", %d %% looked at", seen*100/max(of, 1))
	}
	s.counts = s.search.Columns(s.counts, r.W)
	for x, n := range s.counts {
		if n > 0 {
			c.Text(r, x, 0, "^", draw.Accent)
		}
	}
	// The words stand where there are no hits, if there is such a place.
	for x := r.W - c.Width(says); x >= 0; x-- {
		if free(s.counts[x : x+c.Width(says)]) {
			c.Text(r, x, 0, says, draw.Quiet)
			return
		}
	}
}

func free(counts []uint32) bool {
	for _, n := range counts {
		if n > 0 {
			return false
		}
	}
	return true
}

// roundTrip goes to the frame that answers the cursor's, or, from an answer,
// to the next that waits for one.
func (m *model) roundTrip(string) (tea.Cmd, error) {
	v := m.viewer
	x := seek.NewTrip(v.T, v.At.Frame)
	if x == nil {
		return nil, fmt.Errorf("no answer belongs to this frame")
	}
	was := v.At.Frame
	v.seek.job.Stop()
	v.seek.job = &scene.Job{Of: v.T, Work: func(time.Duration) func() bool {
		return func() bool {
			if x.Work(seekSlice) {
				return true
			}
			if n := x.Frame(); n >= 0 {
				v.Settled = true
				v.At.GoToFrame(n)
				m.note = fmt.Sprintf("%s after frame %d", trace.FormatDuration(v.T.Frame(n).Sent-v.T.Frame(was).Sent), was+1)
			} else {
				m.note = fmt.Sprintf("nothing after frame %d answers it", was+1)
			}
			return false
		}
	}}
	return scene.Begin(v.seek.job), nil
}

// seekWords are what could stand behind the words of a search.
func seekWords(word string) func(*model) []string {
	return func(m *model) (out []string) {
		switch word {
		case "kind":
			for k := trace.Send; k.String() != ""; k++ {
				if trace.KindNamed(k.String()) != k {
					break
				}
				out = append(out, k.String())
			}
		case "why":
			for _, w := range trace.Catalogue() {
				out = append(out, w.String())
			}
		case "node":
			nodes := m.viewer.T.Info().Nodes
			for _, n := range nodes[:min(len(nodes), 100)] {
				out = append(out, n.Name)
			}
		case "layer":
			out = []string{"P1", "L2", "N3", "T4", "S5", "P6", "A7"}
		}
		return out
	}
}
