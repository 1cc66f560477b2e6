package tui

// The smallest screen that is drawn; below it stands one line that says so.
const (
	minWidth  = 40
	minHeight = 12
)

// paneID names a pane that can have the focus.
type paneID uint8

const (
	stackPane paneID = iota
	whyPane
	journeyPane
	bytesPane
	fieldsPane
	statePane
	listPane
	paneCount
)

var paneNames = [paneCount]string{"stack", "why", "journey", "bytes", "fields", "tables", "frames"}

// The panes that tab goes round, in a frame and in the list.
var (
	framePanes = []paneID{stackPane, whyPane, journeyPane, bytesPane, fieldsPane, statePane}
	listPanes  = []paneID{listPane, whyPane, fieldsPane, bytesPane, stackPane}
)

// layout is the place of everything on the viewer's screen. A rectangle that
// is empty is not shown; a pane's first line is its title.
type layout struct {
	header, overview, diagram, foot rect
	pane                            [paneCount]rect
	wide                            bool // three stacks side by side
}

// newListLayout divides a screen that shows the list of frames, and of the
// chosen one what there is room for; under is the pane that had the focus
// last, of those beneath the list.
func newListLayout(w, h, rows int, focus, under paneID, zoomed bool) layout {
	l := layout{header: rect{0, 0, w, 1}, overview: rect{0, 1, w, 1}, foot: rect{0, h - 1, w, 1}}
	body := rect{0, 2, w, h - 3}
	switch {
	case zoomed:
		l.pane[focus] = body
	case w >= 180 && h >= 46:
		l.listLarge(body, rows)
	case w >= 110 && h >= 30:
		l.listMedium(body, under)
	default:
		l.listSmall(body, under)
	}
	return l
}

// listLarge: beneath the list fields, bytes, and stack over why.
func (l *layout) listLarge(body rect, rows int) {
	n := body.h * 11 / 20
	l.pane[listPane], body = body.top(n), body.below(n)
	rest := body.w - hexWidth(16) - 4
	l.pane[fieldsPane] = rect{body.x, body.y, rest / 2, body.h}
	body = body.inset(rest/2 + 2)
	l.pane[bytesPane] = rect{body.x, body.y, hexWidth(16), body.h}
	body = body.inset(hexWidth(16) + 2)
	l.pane[stackPane], l.pane[whyPane] = body.top(rows+2), body.below(rows+2)
}

// listMedium: beneath the list fields, and why over bytes; the stack takes
// the fields' place while it has the focus.
func (l *layout) listMedium(body rect, under paneID) {
	n := body.h / 2
	l.pane[listPane], body = body.top(n), body.below(n)
	left := body.w - hexWidth(16) - 2
	beside := fieldsPane
	if under == stackPane {
		beside, left = stackPane, body.w-hexWidth(8)-2
	}
	l.pane[beside] = rect{body.x, body.y, left, body.h}
	right := body.inset(left + 2)
	why := min(7, body.h/2)
	l.pane[whyPane], l.pane[bytesPane] = right.top(why), right.below(why)
}

// listSmall: beneath the list why, and one pane more if there is room.
func (l *layout) listSmall(body rect, under paneID) {
	why := 0
	if body.h >= 13 {
		why = 4
	}
	n := max((body.h-why)*11/17, 4)
	if under == whyPane {
		under = fieldsPane
		if why == 0 {
			under = whyPane
		}
	}
	l.pane[listPane], body = body.top(n), body.below(n)
	if why > 0 {
		l.pane[whyPane], body = body.top(why), body.below(why)
	}
	l.pane[under] = body
}

// newLayout divides a screen. rows is how many lines the stack needs.
func newLayout(w, h, rows int, focus paneID, zoomed bool) layout {
	all := rect{0, 0, w, h}
	l := layout{header: all.top(1), overview: rect{0, 1, w, 1}, foot: rect{0, h - 1, w, 1}}
	body := rect{0, 2, w, h - 3}
	if h >= 16 {
		l.diagram, body = body.top(1), body.below(1)
	}
	switch {
	case zoomed:
		l.pane[focus] = body
	case w >= 180 && h >= 46:
		l.large(body, rows)
	case w >= 110 && h >= 30:
		l.medium(body, rows, focus)
	default:
		l.small(body, rows, focus)
	}
	return l
}

// large: three stacks, then the journey beside why, bytes, fields and state.
func (l *layout) large(body rect, rows int) {
	l.wide = true
	l.pane[stackPane], body = body.top(rows+3), body.below(rows+3)
	const left = 78
	l.pane[journeyPane] = rect{body.x, body.y, left, body.h}
	right := rect{body.x + left + 2, body.y, body.w - left - 2, body.h}
	l.pane[whyPane], right = right.top(11), right.below(11)
	l.pane[statePane], right = right.below(right.h-12), right.top(right.h-12)
	l.pane[bytesPane] = rect{right.x, right.y, hexWidth(16), right.h}
	l.pane[fieldsPane] = right.inset(hexWidth(16) + 2)
}

// medium: the journey beside stack and why, bytes and fields beneath; state
// takes the fields' place while it has the focus.
func (l *layout) medium(body rect, rows int, focus paneID) {
	beneath := max(body.h*2/5, 9)
	over := body.top(body.h - beneath)
	left := min(max(body.w*45/100, 46), 76)
	l.pane[journeyPane] = rect{over.x, over.y, left, over.h}
	right := over.inset(left + 2)
	l.pane[stackPane], l.pane[whyPane] = right.top(rows+2), right.below(rows+2)
	under := body.below(body.h - beneath)
	l.pane[bytesPane] = rect{under.x, under.y, hexWidth(16), under.h}
	beside := fieldsPane
	if focus == statePane {
		beside = statePane
	}
	l.pane[beside] = under.inset(hexWidth(16) + 2)
}

// small: the pane in focus, why under it, and bytes if there is room; the
// stack stays while why or bytes have the focus.
func (l *layout) small(body rect, rows int, focus paneID) {
	why := min(8, body.h/2)
	cramped := body.h < 14 || body.h-rows-1 < why+3
	if focus == journeyPane || focus == fieldsPane || focus == statePane || cramped && focus == bytesPane {
		l.pane[focus] = body.top(body.h - why)
		l.pane[whyPane] = body.below(body.h - why)
		return
	}
	if body.h < 14 && focus == whyPane {
		l.pane[whyPane] = body
		return
	}
	stack := min(rows+1, body.h-min(why, 4))
	l.pane[stackPane], body = body.top(stack), body.below(stack)
	if body.h < why+3 {
		l.pane[whyPane] = body
		return
	}
	l.pane[whyPane], l.pane[bytesPane] = body.top(why), body.below(why)
}

// hexWidth is the width of the hex dump with n bytes a line: tag, offset,
// bytes in two halves, text.
func hexWidth(n int) int { return 4 + 5 + 1 + 3*n + 1 + n + 1 }

// hexPerLine is how many bytes fit into a line of a width.
func hexPerLine(w int) int {
	if w >= hexWidth(16) {
		return 16
	}
	if w >= hexWidth(8) {
		return 8
	}
	return 4
}
