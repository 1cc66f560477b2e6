package messages

import (
	"fmt"

	"strata/tui/keys"
	"strata/tui/scene"
)

// Name is the pane's word.
func (x *Pane) Name() string { return "messages" }

// Update looks at what has come.
func (x *Pane) Update(s *scene.Scene) {
	x.Scene = s
	s.Start(x.update())
}

// Stop leaves the rest for later.
func (x *Pane) Stop() { x.job.Stop() }

// near lets the choice follow the cursor.
func (x *Pane) near() {
	if x.of != x.At.Event {
		x.of, x.want = x.At.Event, x.At.Event
		x.choose()
	}
}

// Do chooses a message, and opens its journey.
func (x *Pane) Do(a keys.Action, s *scene.Scene) bool {
	x.Scene = s
	_, dy := keys.Steps(a, max(x.area.H-1, 1))
	switch a {
	case keys.FirstStep:
		x.move(-1 << 30)
	case keys.LastStep:
		x.move(1 << 30)
	case keys.OtherSide:
		x.turnSide()
	case keys.Enter, keys.MoveRight:
		x.journey()
	case keys.FollowStream: // the root follows the cursor's frame
		if m := x.chosen(); m != nil {
			s.At.GoTo(m.first())
		}
		return false
	default:
		x.move(dy)
		return dy != 0
	}
	return true
}

// journey goes to where the chosen message begins.
func (x *Pane) journey() {
	if m := x.chosen(); m != nil {
		x.Settled = true
		x.At.GoTo(m.first())
		x.of = x.At.Event
		x.Show("stack")
	}
}

// Find looks on among the messages.
func (x *Pane) Find(text string, by int, s *scene.Scene) {
	x.Scene = s
	if text != "" {
		x.typed = text
	}
	if x.typed == "" {
		s.Say("nothing to find yet: type / and a text, or bytes in hex")
		return
	}
	s.Start(x.find(by, func(row int) {
		if row < 0 {
			s.Say(fmt.Sprintf("no message has %q in it", x.typed))
			return
		}
		x.move(row - x.at)
	}))
}

// StopSeeking stops looking for something.
func (x *Pane) StopSeeking() bool {
	was := x.seeker.Running()
	x.seeker.Stop()
	return was
}

// Click chooses a message; the chosen one is opened.
func (x *Pane) Click(cx, cy int, s *scene.Scene) bool {
	i := x.top + cy - x.area.Y
	switch {
	case !x.area.Has(cx, cy) || i >= len(x.shown):
		return false
	case i == x.at:
		x.journey()
	default:
		x.move(i - x.at)
	}
	return true
}

// Wheel goes by messages.
func (x *Pane) Wheel(by int, _ *scene.Scene) bool {
	x.move(3 * by)
	return true
}
