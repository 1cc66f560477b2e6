package travel

import (
	"strata/tui/inspect"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Name is the pane's word.
func (x *Pane) Name() string { return "travel" }

// Follow begins to follow the byte that is chosen.
func (x *Pane) Follow(v *inspect.View, s *scene.Scene) {
	v.Follow(s)
	from, ok := v.Place()
	if !ok {
		s.Say("this byte was made in reading: choose one of the frame (r turns to it)")
		return
	}
	s.Start(x.open(s, from))
	s.Show(x.Name())
}

// Do chooses a stop, and goes there.
func (x *Pane) Do(a keys.Action, s *scene.Scene) bool {
	x.Scene = s
	_, dy := keys.Steps(a, max(x.area.H-1, 1))
	switch a {
	case keys.FirstStep:
		x.move(-1 << 30)
	case keys.LastStep:
		x.move(1 << 30)
	case keys.Enter, keys.MoveRight:
		x.visit()
	default:
		x.move(dy)
		return dy != 0
	}
	return true
}

// visit goes to the chosen step.
func (x *Pane) visit() {
	if x.at < len(x.rows) {
		x.Settled = true
		x.At.GoTo(x.rows[x.at].event)
		x.Show("stack")
	}
}

// Click chooses a stop; the chosen one is gone to.
func (x *Pane) Click(cx, cy int, _ *scene.Scene) bool {
	i := x.top + cy - x.area.Y
	switch {
	case !x.area.Has(cx, cy) || i >= len(x.rows):
		return false
	case i == x.at:
		x.visit()
	default:
		x.move(i - x.at)
	}
	return true
}

// Wheel goes by stops.
func (x *Pane) Wheel(by int, _ *scene.Scene) bool {
	x.move(3 * by)
	return true
}
