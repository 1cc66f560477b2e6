package stream

import (
	"fmt"

	"strata/tui/keys"
	"strata/tui/scene"
)

// Name is the pane's word.
func (s *Pane) Name() string { return "stream" }

// Update reads what the conversation went on with; the first time, it finds
// that of the cursor's frame.
func (s *Pane) Update(sc *scene.Scene) {
	s.Scene = sc
	if s.opened {
		sc.Start(s.update())
		return
	}
	s.opened = true
	sc.Start(sc.Conversation(sc.At.Frame, func(talk int) {
		if talk >= 0 {
			s.Open(talk, sc)
		}
	}))
}

// Stop leaves the rest for later.
func (s *Pane) Stop() { s.job.Stop() }

// Do moves in the stream, and shows it in another form.
func (s *Pane) Do(a keys.Action, sc *scene.Scene) bool {
	s.Scene = sc
	_, dy := keys.Steps(a, max(s.area.H-1, 1))
	switch a {
	case keys.FirstStep:
		sc.Start(s.jump(0))
	case keys.LastStep:
		if !s.whole {
			sc.Say("its end is not known yet: it is still being read")
			return true
		}
		sc.Start(s.jump(max(s.total[0]+s.total[1]-1, 0)))
	case keys.NextPane, keys.PrevPane:
		if !sc.Zoomed {
			return false
		}
		s.turnForm(map[keys.Action]form{keys.NextPane: 1, keys.PrevPane: forms - 1}[a])
	case keys.TurnOver:
		s.turnForm(1)
	case keys.OtherSide:
		s.side = (s.side + 1) % scene.Sides
		sc.Start(s.fetch(max(s.pos-windowSize/2, 0)))
	case keys.InsideTLS:
		sc.Start(s.turnInside())
	case keys.Enter:
		if n, ok := s.frame(); ok {
			sc.Settled = true
			sc.At.GoToFrame(n)
			sc.Show("frames")
		}
	default:
		sc.Start(s.move(dy))
		return dy != 0
	}
	return true
}

func (s *Pane) turnForm(by form) {
	s.form = (s.form + by) % forms
	s.stale = true
}

// File is a name for what is shown, if it is written to a file.
func (s *Pane) File() string {
	name := fmt.Sprintf("%s-stream-%d", s.is.Proto.Filter(), s.is.Stream)
	if s.inner {
		name += "-inside"
	}
	return name + [...]string{"", "-client", "-server"}[s.side] + ".bin"
}

// Filter is the conversation's.
func (s *Pane) Filter(*scene.Scene) string { return scene.FilterOf(s.is) }

// Find looks on in the stream.
func (s *Pane) Find(text string, by int, sc *scene.Scene) {
	s.Scene = sc
	if text != "" {
		s.typed, s.needle = text, scene.NewNeedle(text)
	}
	if s.needle.Text == "" {
		sc.Say("nothing to find yet: type / and a text, or bytes in hex")
		return
	}
	sc.Say("looking for it ... esc stops")
	sc.Start(s.seek(by, func(at int64) {
		if at < 0 {
			sc.Say(fmt.Sprintf("nobody said %q", s.typed))
			return
		}
		sc.Say("")
		sc.Start(s.jump(at))
	}))
}

// StopSeeking stops looking for something.
func (s *Pane) StopSeeking() bool {
	was := s.seeker.Running()
	s.seeker.Stop()
	return was
}

// Click chooses a line.
func (s *Pane) Click(x, y int, sc *scene.Scene) bool {
	i := s.top + y - s.area.Y
	if !s.area.Has(x, y) || i >= len(s.rows) {
		return false
	}
	sc.Start(s.move(i - s.at))
	return true
}

// Wheel goes by lines.
func (s *Pane) Wheel(by int, sc *scene.Scene) bool {
	sc.Start(s.move(3 * by))
	return true
}
