package layout

import (
	"encoding/json"
	"errors"
	"slices"

	"strata/tui/draw"
)

// Shares is a copy of the tree that keeps its proportions in a rectangle, so
// that it can be changed, and used at another size.
func (n *Node) Shares(r draw.Rect) *Node {
	out := *n
	if n.First == nil {
		return &out
	}
	first, second := n.cut(r)
	size, all := first.H, r.H
	if n.Across {
		size, all = first.W, r.W-gap
	}
	out.Cells, out.Share = 0, share((size*100+all/2)/max(all, 1))
	out.First, out.Second = n.First.Shares(first), n.Second.Shares(second)
	return &out
}

// share keeps a part from vanishing.
func share(percent int) int { return min(max(percent, 10), 90) }

// Split divides a pane's place, and puts another one beside or beneath it.
func (n *Node) Split(pane string, across bool, other string) {
	if at := n.leaf(pane); at != nil && !n.Has(other) {
		*at = Node{Across: across, Share: 50, First: Place(pane), Second: Place(other)}
	}
}

// Put gives a pane's place to another one; if that one has a place, the two
// change places.
func (n *Node) Put(pane, other string) {
	at, to := n.leaf(pane), n.leaf(other)
	if at == nil {
		return
	}
	at.Pane = other
	if to != nil {
		to.Pane = pane
	}
}

// Close takes a pane away; what was beside it gets its room. The last one
// stays.
func (n *Node) Close(pane string) {
	if n.First == nil {
		return
	}
	for i, part := range []*Node{n.First, n.Second} {
		if part.First == nil && part.Pane == pane {
			*n = *[]*Node{n.Second, n.First}[i]
			return
		}
	}
	n.First.Close(pane)
	n.Second.Close(pane)
}

// Grow gives the innermost part with a pane that is divided in a direction
// some percent more.
func (n *Node) Grow(pane string, across bool, percent int) bool {
	if n.First == nil {
		return false
	}
	in, by := n.First, percent
	if !in.Has(pane) {
		in, by = n.Second, -percent
	}
	if !in.Has(pane) {
		return false
	}
	if in.Grow(pane, across, percent) {
		return true
	}
	if n.Across == across {
		n.Share = share(n.Share + by)
	}
	return n.Across == across
}

// Drag moves what stands between two parts: the blank columns, or the first
// line of the lower one, from one cell to another. It tells whether anything
// stands there.
func (n *Node) Drag(r draw.Rect, from, to draw.Spot) bool {
	if n.First == nil || !r.Has(from.X, from.Y) {
		return false
	}
	first, second := n.cut(r)
	switch {
	case n.Across && from.X >= first.X+first.W && from.X < second.X:
		n.Share = share((to.X - r.X) * 100 / max(r.W-gap, 1))
		return true
	case !n.Across && from.Y == second.Y && from.Y > r.Y:
		n.Share = share((to.Y - r.Y) * 100 / max(r.H, 1))
		return true
	}
	return n.First.Drag(first, from, to) || n.Second.Drag(second, from, to)
}

// maxPlaces bounds a tree that was read.
const maxPlaces = 32

// Read reads a tree that was written as JSON; panes are those that there are.
func Read(b []byte, panes []string) (*Node, error) {
	n := new(Node)
	if err := json.Unmarshal(b, n); err != nil {
		return nil, err
	}
	places := 0
	seen := map[string]bool{}
	if !n.sound(panes, seen, &places) {
		return nil, errors.New("the layout is not one of this program's")
	}
	return n, nil
}

// sound tells whether all parts of a tree are there, each pane once.
func (n *Node) sound(panes []string, seen map[string]bool, places *int) bool {
	if *places++; *places > 2*maxPlaces {
		return false
	}
	if n.First == nil && n.Second == nil {
		was := seen[n.Pane]
		seen[n.Pane] = true
		return !was && slices.Contains(panes, n.Pane)
	}
	if n.First == nil || n.Second == nil || n.Share < 10 || n.Share > 90 || n.Cells != 0 {
		return false
	}
	return n.First.sound(panes, seen, places) && n.Second.sound(panes, seen, places)
}
