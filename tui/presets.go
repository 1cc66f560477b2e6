package tui

import (
	"strata/tui/inspect"
	"strata/tui/layout"
)

// The smallest screen that is drawn; below it stands one line that says so.
const (
	minWidth  = 40
	minHeight = 12
)

// preset says which of Strata's own layouts is used: one for each size of
// screen, with the list of frames and without.
type preset struct {
	w, h    int // of the panes' part of the screen
	listing bool
	rows    int    // lines that the stack needs
	focus   string // the pane that keys go to
	under   string // of those beneath the list, the one that had them last
}

// size is the name of the size of screen.
func (p preset) size() string {
	switch {
	case p.w >= 180 && p.h >= 42:
		return "large"
	case p.w >= 110 && p.h >= 26:
		return "medium"
	}
	return "small"
}

// name is what a changed layout of this kind is kept under.
func (p preset) name() string {
	if p.listing {
		return "list " + p.size()
	}
	return p.size()
}

func (p preset) tree() *layout.Node {
	tree := map[string]func() *layout.Node{
		"large": p.large, "medium": p.medium, "small": p.small,
		"list large": p.listLarge, "list medium": p.listMedium, "list small": p.listSmall,
	}[p.name()]()
	if p.focus != "" && !tree.Has(p.focus) {
		tree.Put(p.guests(), p.focus)
	}
	return tree
}

// guests is the pane whose place another one takes while it has the focus.
func (p preset) guests() string {
	switch {
	case p.size() == "small" && p.listing:
		return p.under
	case p.size() == "small":
		return stackPane
	case tall[p.focus] && !p.listing:
		return journeyPane
	}
	return fieldsPane
}

// tall are the panes that are pictures, and need room.
var tall = map[string]bool{
	talksPane: true, streamPane: true, messagePane: true, travelPane: true, topologyPane: true,
	headerPane: true, buffersPane: true, wirePane: true, chartsPane: true, statesPane: true,
}

// large: three stacks, then the journey beside why, bytes and fields, and the
// header diagram beside the tables.
func (p preset) large() *layout.Node {
	const diagram = 68 // columns that the 32 bits of a row need
	facts, lines := layout.Place(tablesPane), 12
	if p.w >= 196 && p.h >= 52 {
		facts, lines = layout.Beside(diagram, layout.Place(headerPane), facts), 18
	}
	return layout.Above(p.rows+3, layout.Place(stackPane),
		layout.Beside(78, layout.Place(journeyPane),
			layout.Above(11, layout.Place(whyPane),
				layout.Above(-lines,
					layout.Beside(inspect.HexWidth(16), layout.Place(bytesPane), layout.Place(fieldsPane)),
					facts))))
}

// medium: the journey beside stack and why, bytes and fields beneath.
func (p preset) medium() *layout.Node {
	beneath := max(p.h*2/5, 9)
	left := min(max(p.w*45/100, 46), 76)
	return layout.Above(-beneath,
		layout.Beside(left, layout.Place(journeyPane),
			layout.Above(p.rows+2, layout.Place(stackPane), layout.Place(whyPane))),
		layout.Beside(inspect.HexWidth(16), layout.Place(bytesPane), layout.Place(fieldsPane)))
}

// small: the pane in focus, why under it, and bytes if there is room; the
// stack stays while why or bytes have the focus.
func (p preset) small() *layout.Node {
	why := min(8, p.h/2)
	cramped := p.h < 14 || p.h-p.rows-1 < why+3
	stays := p.focus == stackPane || p.focus == whyPane || p.focus == bytesPane && !cramped
	switch {
	case p.h < 14 && p.focus == whyPane:
		return layout.Place(whyPane)
	case !stays:
		return layout.Above(-why, layout.Place(p.focus), layout.Place(whyPane))
	}
	stack := min(p.rows+1, p.h-min(why, 4))
	if p.h-stack < why+3 {
		return layout.Above(stack, layout.Place(stackPane), layout.Place(whyPane))
	}
	return layout.Above(stack, layout.Place(stackPane),
		layout.Above(why, layout.Place(whyPane), layout.Place(bytesPane)))
}

// listLarge: beneath the list fields, bytes, and stack over why.
func (p preset) listLarge() *layout.Node {
	return layout.Above(p.h*11/20, layout.Place(listPane),
		layout.Beside((p.w-inspect.HexWidth(16)-4)/2, layout.Place(fieldsPane),
			layout.Beside(inspect.HexWidth(16), layout.Place(bytesPane),
				layout.Above(p.rows+2, layout.Place(stackPane), layout.Place(whyPane)))))
}

// listMedium: beneath the list fields, and why over bytes.
func (p preset) listMedium() *layout.Node {
	n := p.h / 2
	left := p.w - inspect.HexWidth(16) - 2
	beside := fieldsPane
	if p.under == stackPane {
		beside, left = stackPane, p.w-inspect.HexWidth(8)-2
	}
	return layout.Above(n, layout.Place(listPane),
		layout.Beside(left, layout.Place(beside),
			layout.Above(min(7, (p.h-n)/2), layout.Place(whyPane), layout.Place(bytesPane))))
}

// listSmall: beneath the list why, and one pane more if there is room.
func (p preset) listSmall() *layout.Node {
	why := 0
	if p.h >= 13 {
		why = 4
	}
	under := p.under
	if under == whyPane && why > 0 {
		under = fieldsPane
	}
	n := max((p.h-why)*11/17, 4)
	if why == 0 {
		return layout.Above(n, layout.Place(listPane), layout.Place(under))
	}
	return layout.Above(n, layout.Place(listPane),
		layout.Above(why, layout.Place(whyPane), layout.Place(under)))
}
