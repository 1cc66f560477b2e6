package tui

import (
	"fmt"
	"slices"

	"strata/layers"
	"strata/trace"
)

// do carries out an action on the trace; false: it is not the viewer's.
func (v *viewer) do(a action) bool {
	v.slide = 1
	switch a {
	case nextStep:
		v.move(1)
	case prevStep:
		v.move(-1)
	case nextFrame:
		v.moveFrame(1)
	case prevFrame:
		v.moveFrame(-1)
	case firstStep, lastStep:
		v.end(a == lastStep)
	case faster:
		v.pace = min(v.pace+1, len(paces)-1)
	case slower:
		v.pace = max(v.pace-1, 0)
	case nextPane:
		v.nextFocus(1)
	case prevPane:
		v.nextFocus(-1)
	case zoom:
		v.zoomed = !v.zoomed
	case switchModel:
		v.model = layers.TCPIP - v.model
	case moveLeft, moveRight, moveUp, moveDown, pageUp, pageDown, enter:
		v.arrow(a)
	default:
		return false
	}
	return true
}

func (v *viewer) moveFrame(by int) {
	v.why.first = 0
	s := v.shown()
	n := s.count()
	if n == 0 {
		return
	}
	v.settled = true
	i, there := s.place(v.cursor.frame)
	if !there && by > 0 {
		i-- // the one that stands there now is the next
	}
	if to := min(max(i+by, 0), n-1); to != i || !there {
		v.cursor.goToFrame(s.frame(to))
	}
}

// end goes to the first step or the last; in the list, to the first frame or
// the last that is shown.
func (v *viewer) end(last bool) {
	v.why.first = 0
	switch {
	case v.listing && last:
		v.lastFrame()
	case v.listing && v.shown().count() > 0:
		v.cursor.goToFrame(v.shown().frame(0))
	case last:
		v.cursor.last()
	case !v.listing:
		v.cursor.first()
	}
}

// steps of the arrows: across, and down the screen.
func steps(a action, page int) (dx, dy int) {
	switch a {
	case moveLeft:
		return -1, 0
	case moveRight:
		return 1, 0
	case moveUp:
		return 0, -1
	case moveDown:
		return 0, 1
	case pageUp:
		return 0, -page
	case pageDown:
		return 0, page
	}
	return 0, 0
}

// inspected is the bytes and fields of the cursor's step: a key may come
// before they were drawn.
func (v *viewer) inspected() *inspect {
	if v.t.Events() > 0 {
		v.inspect.follow(v.t, v.cursor.event)
	}
	return &v.inspect
}

// arrow moves in the pane that has the focus.
func (v *viewer) arrow(a action) {
	page := max(v.layout.pane[v.focus].h-2, 1)
	dx, dy := steps(a, page)
	switch v.focus {
	case listPane:
		switch {
		case a == enter:
			v.showList(false)
		case dx != 0:
			v.move(dx)
		default:
			v.moveFrame(dy)
		}
	case bytesPane:
		v.inspected().moveByte(dx, dy, hexPerLine(v.layout.pane[bytesPane].w))
	case fieldsPane:
		switch {
		case a == enter:
			v.inspected().toggle()
		case dx != 0:
			v.inspected().fold(dx > 0)
		default:
			v.inspected().choose(dy)
		}
	case whyPane, statePane:
		if dx != 0 {
			v.move(dx)
		}
		v.scroll(v.focus, dy)
	default:
		if dx != 0 {
			v.move(dx)
		} else if dy != 0 {
			v.moveFrame(dy)
		}
	}
}

// scroll moves the lines of a pane that only shows text.
func (v *viewer) scroll(id paneID, by int) {
	first := &v.why.first
	if id == statePane {
		first = &v.state.first
	}
	*first = max(*first+by, 0)
}

// click chooses what is under the mouse.
func (v *viewer) click(x, y int) {
	if v.layout.overview.has(x, y) && v.t.Frames() > 0 {
		v.cursor.goTo(v.overview.at(v.t, x-v.layout.overview.x, v.layout.overview.w))
		if s := v.shown(); s.count() > 0 {
			v.cursor.goToFrame(s.nearest(v.cursor.frame))
		}
		return
	}
	id, ok := v.paneAt(x, y)
	if !ok {
		return
	}
	v.setFocus(id)
	r := v.layout.pane[id].below(1)
	switch id {
	case listPane:
		if i, ok := v.list.at(y, v.shown()); ok {
			if n := v.shown().frame(i); n != v.cursor.frame {
				v.settled = true
				v.cursor.goToFrame(n)
			} else {
				v.showList(false)
			}
		}
	case stackPane:
		v.clickRow(v.stack.rowAt, x, y)
	case journeyPane:
		v.clickRow(v.journey.rowAt, x, y)
	case bytesPane:
		for _, t := range v.inspect.tabs {
			if t.area.has(x, y) {
				v.inspect.showBuffer(t.in)
			}
		}
		if at, ok := v.inspect.byteAt(x, y); ok {
			v.inspect.chooseByte(at)
		}
	case fieldsPane:
		if i, ok := v.inspect.rowAt(r, y); ok && y >= r.y {
			again := v.inspect.chosen == v.inspect.rows[i].path
			v.inspect.chosen = v.inspect.rows[i].path
			v.inspect.side()
			if again {
				v.inspect.toggle()
			}
		}
	}
}

func (v *viewer) paneAt(x, y int) (paneID, bool) {
	for id := paneID(0); id < paneCount; id++ {
		if v.layout.pane[id].has(x, y) {
			return id, true
		}
	}
	return 0, false
}

func (v *viewer) clickRow(rows []hit, x, y int) {
	for _, h := range rows {
		if h.area.has(x, y) {
			v.cursor.goTo(h.event)
			return
		}
	}
}

// wheel scrolls the pane under the mouse.
func (v *viewer) wheel(x, y, by int) {
	id, ok := v.paneAt(x, y)
	switch {
	case !ok:
		v.moveFrame(by)
	case id == bytesPane:
		v.inspect.moveByte(0, by, hexPerLine(v.layout.pane[bytesPane].w))
	case id == fieldsPane:
		v.inspect.choose(by)
	case id == whyPane || id == statePane:
		v.scroll(id, by)
	case id == listPane:
		v.moveFrame(3 * by)
	case id == stackPane && !v.listing:
		v.move(by)
	default:
		v.moveFrame(by)
	}
}

// words are the glossary words of the cursor's step: its reason's, and those in
// what is told there.
func (v *viewer) words() []string {
	words := slices.Clone(v.t.Event(v.cursor.event).Why.Reason().Words)
	told := v.t.Info().Narration[v.cursor.event]
	for _, w := range allWords() {
		if !slices.Contains(words, w) && speaksOf(told, w) {
			words = append(words, w)
		}
	}
	return words
}

// goWhere carries out what was typed behind ':'.
func (v *viewer) goWhere(to destination) string {
	switch {
	case to.frame > v.t.Frames():
		return fmt.Sprintf("there is no frame %d: the run has %d", to.frame, v.t.Frames())
	case to.frame > 0:
		v.cursor.goToFrame(to.frame - 1)
	case to.step > v.t.Events():
		return fmt.Sprintf("there is no step %d: the run has %d", to.step, v.t.Events())
	case to.step > 0:
		v.cursor.goTo(trace.EventID(to.step))
	default:
		v.cursor.goToTime(to.time)
	}
	v.slide, v.why.first = 1, 0
	return ""
}
