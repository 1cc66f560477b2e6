// Package layout divides the screen among panes.
//
// A layout is a tree: a leaf is a place for a pane, a node two parts beside or
// above each other.
//
//	Above(10, stack, Beside(40, journey, why))     ┌───────────────┐
//	                                               │     stack     │ 10 lines
//	                                               ├───────┬───────┤
//	                                               │journey│  why  │
//	                                               └───────┴───────┘
//
// Strata's own layouts give sizes in cells; those that a user has changed keep
// shares of what there is, and can be written down and read again.
package layout

import "strata/tui/draw"

// Node is a place for a pane, or two parts.
type Node struct {
	Pane string `json:"pane,omitempty"` // of a leaf

	// Of two parts: First is left of Second, or above it. Cells is how many
	// columns or lines First gets, if it is over 0; if it is below, how many
	// Second gets. When it is 0, First gets Share percent.
	Across bool  `json:"across,omitempty"`
	Cells  int   `json:"cells,omitempty"`
	Share  int   `json:"share,omitempty"`
	First  *Node `json:"first,omitempty"`
	Second *Node `json:"second,omitempty"`
}

// gap is the blank columns between two parts side by side.
const gap = 2

// Place is the leaf of a pane.
func Place(pane string) *Node { return &Node{Pane: pane} }

// Above puts one part above another; n is as Node.Cells.
func Above(n int, first, second *Node) *Node {
	return &Node{Cells: n, First: first, Second: second}
}

// Beside puts one part left of another; n is as Node.Cells.
func Beside(n int, first, second *Node) *Node {
	return &Node{Across: true, Cells: n, First: first, Second: second}
}

// Arrange gives each pane of the tree its rectangle, in the order of the
// tree, as far as there is room.
func (n *Node) Arrange(r draw.Rect, each func(pane string, r draw.Rect)) {
	if n.First == nil {
		each(n.Pane, r)
		return
	}
	first, second := n.cut(r)
	n.First.Arrange(first, each)
	n.Second.Arrange(second, each)
}

// cut divides a rectangle between the two parts.
func (n *Node) cut(r draw.Rect) (first, second draw.Rect) {
	all := r.H
	if n.Across {
		all = max(r.W-gap, 0)
	}
	size := n.Cells
	switch {
	case size == 0:
		size = (all*n.Share + 50) / 100
	case size < 0:
		size += all
	}
	size = min(max(size, 0), all)
	if n.Across {
		return draw.Box(r.X, r.Y, size, r.H), draw.Box(r.X+size+gap, r.Y, all-size, r.H)
	}
	return r.Top(size), r.Below(size)
}

// Panes lists the panes in the order of the tree.
func (n *Node) Panes() (out []string) {
	n.Arrange(draw.Rect{}, func(pane string, _ draw.Rect) { out = append(out, pane) })
	return out
}

// leaf is the place of a pane; nil: it has none.
func (n *Node) leaf(pane string) *Node {
	if n.First == nil {
		if n.Pane == pane {
			return n
		}
		return nil
	}
	if at := n.First.leaf(pane); at != nil {
		return at
	}
	return n.Second.leaf(pane)
}

// Has tells whether a pane has a place.
func (n *Node) Has(pane string) bool { return n.leaf(pane) != nil }
