package talks

import (
	"fmt"

	"strata/layers"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Name is the pane's word.
func (x *Pane) Name() string { return "conversations" }

// Update puts in order what has come.
func (x *Pane) Update(s *scene.Scene) {
	x.Scene = s
	if x.known == 0 && !x.job.Running() {
		s.Start(x.sort())
		return
	}
	s.Start(x.update())
}

// Stop leaves the rest for later.
func (x *Pane) Stop() { x.job.Stop() }

// Do chooses a row, a table, an order, and opens a conversation.
func (x *Pane) Do(a keys.Action, s *scene.Scene) bool {
	x.Scene = s
	dx, dy := keys.Steps(a, max(x.area.H-1, 1))
	switch a {
	case keys.FirstStep:
		x.move(-1 << 30)
	case keys.LastStep:
		x.move(1 << 30)
	case keys.NextPane, keys.PrevPane:
		if !s.Zoomed {
			return false
		}
		x.turnTab(map[keys.Action]int{keys.NextPane: 1, keys.PrevPane: -1}[a])
	case keys.TurnOver:
		x.back = !x.back
		s.Start(x.sort())
	case keys.MoveLeft, keys.MoveRight:
		x.by(dx)
		s.Start(x.sort())
	case keys.Enter:
		x.open()
	case keys.FollowStream:
		i, ok := x.chosen()
		if !ok {
			return true
		}
		if p := s.T.Conversation(i).Proto; p != layers.TCP && p != layers.UDP {
			s.Say("only TCP and UDP conversations can be followed")
			return true
		}
		s.FollowTalk(i)
	default:
		x.move(dy)
		return dy != 0
	}
	return true
}

// open goes to the first frame of the chosen conversation.
func (x *Pane) open() {
	if i, ok := x.chosen(); ok {
		x.Settled = true
		x.At.GoToFrame(x.T.Conversation(i).First)
		x.Show("frames")
	}
}

// Filter is the chosen conversation's.
func (x *Pane) Filter(s *scene.Scene) string {
	if i, ok := x.chosen(); ok {
		return scene.FilterOf(s.T.Conversation(i))
	}
	return ""
}

// Find looks on among the ends of the conversations.
func (x *Pane) Find(text string, by int, s *scene.Scene) {
	x.Scene = s
	if text != "" {
		x.typed = text
	}
	s.Start(x.find(by, func(row int) {
		if row < 0 {
			s.Say(fmt.Sprintf("no end of a conversation has %q in it", x.typed))
			return
		}
		x.tables[x.tab].at = row
	}))
}

// StopSeeking stops looking for something.
func (x *Pane) StopSeeking() bool {
	was := x.seeker.Running()
	x.seeker.Stop()
	return was
}

// Click chooses a table, a column to order by, or a row; the row that is
// chosen already is opened.
func (x *Pane) Click(cx, cy int, s *scene.Scene) bool {
	for p, r := range x.tabAt {
		if r.Has(cx, cy) {
			x.tab = p
			return true
		}
	}
	if by, ok := x.headAt(cx, cy); ok {
		x.chooseBy(by)
		s.Start(x.sort())
		return true
	}
	i, ok := x.rowAt(cy)
	if !ok {
		return false
	}
	if tab := &x.tables[x.tab]; tab.at != i {
		tab.at = i
	} else {
		x.open()
	}
	return true
}

// Wheel goes by rows.
func (x *Pane) Wheel(by int, _ *scene.Scene) bool {
	x.move(3 * by)
	return true
}
