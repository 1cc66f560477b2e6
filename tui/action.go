package tui

import (
	"slices"

	"strata/layers"
	"strata/tui/inspect"
	"strata/tui/keys"
)

// do carries out an action on the trace; false: it is not the viewer's.
func (v *viewer) do(a keys.Action) bool {
	v.slide = 1
	switch a {
	case keys.NextStep:
		v.move(1)
	case keys.PrevStep:
		v.move(-1)
	case keys.NextFrame:
		v.MoveFrame(1)
	case keys.PrevFrame:
		v.MoveFrame(-1)
	case keys.FirstStep, keys.LastStep:
		v.end(a == keys.LastStep)
	case keys.Faster:
		v.faster(1)
	case keys.Slower:
		v.faster(-1)
	case keys.NextPane:
		v.nextFocus(1)
	case keys.PrevPane:
		v.nextFocus(-1)
	case keys.Zoom:
		v.Zoomed = !v.Zoomed
	case keys.SwitchModel:
		v.Model = layers.TCPIP - v.Model
	case keys.MoveLeft, keys.MoveRight, keys.MoveUp, keys.MoveDown, keys.PageUp, keys.PageDown, keys.Enter:
		v.arrow(a)
	default:
		return v.arrange(a)
	}
	return true
}

// end goes to the first step or the last; in the list, to the first frame or
// the last that is shown.
func (v *viewer) end(last bool) {
	switch {
	case v.listing && last:
		v.lastFrame()
	case v.listing && v.Shown().Count() > 0:
		v.At.GoToFrame(v.Shown().Frame(0))
	case last:
		v.At.Last()
	case !v.listing:
		v.At.First()
	}
}

// inspected is the bytes and fields of the cursor's step: a key may come
// before they were drawn.
func (v *viewer) inspected() *inspect.View {
	v.inspect.Follow(v.Scene)
	return v.inspect
}

// arrow moves in the pane that has the focus; what means nothing there goes
// by steps and frames.
func (v *viewer) arrow(a keys.Action) {
	page := 1
	for _, p := range v.drawn.panes {
		if p.Name() == v.focus {
			page = max(p.area.H-2, 1)
		}
	}
	switch dx, dy := keys.Steps(a, page); {
	case a == keys.Enter && v.focus == listPane:
		v.showList(false)
	case dx != 0:
		v.move(dx)
	case dy != 0:
		v.MoveFrame(dy)
	}
}

// click chooses what is under the mouse.
func (v *viewer) click(x, y int) {
	if v.drawn.overview.Has(x, y) && v.T.Frames() > 0 {
		v.At.GoTo(v.overview.At(v.T, x-v.drawn.overview.X, v.drawn.overview.W))
		if s := v.Shown(); s.Count() > 0 {
			v.At.GoToFrame(s.Nearest(v.At.Frame))
		}
		return
	}
	p, ok := v.paneAt(x, y)
	if !ok {
		return
	}
	v.setFocus(p.Name())
	if i, there := v.list.Under(y, v.Shown()); !p.Click(x, y, v.Scene) && p.Name() == listPane && there && v.Shown().Frame(i) == v.At.Frame {
		v.showList(false) // clicked again
	}
}

func (v *viewer) paneAt(x, y int) (drawnPane, bool) {
	for _, p := range v.drawn.panes {
		if p.area.Has(x, y) {
			return p, true
		}
	}
	return drawnPane{}, false
}

// wheel scrolls the pane under the mouse.
func (v *viewer) wheel(x, y, by int) {
	if p, ok := v.paneAt(x, y); !ok || !p.Wheel(by, v.Scene) {
		v.MoveFrame(by)
	}
}

// words are the glossary words of the cursor's step: its reason's, and those in
// what is told there.
func (v *viewer) words() []string {
	words := slices.Clone(v.T.Event(v.At.Event).Why.Reason().Words)
	told := v.T.Info().Narration[v.At.Event]
	for _, w := range allWords() {
		if !slices.Contains(words, w) && speaksOf(told, w) {
			words = append(words, w)
		}
	}
	return words
}
