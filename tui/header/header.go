// Package header is the pane of the header diagram: a protocol's header in the
// rows of 32 bits in which its RFC draws it, filled with this packet's values.
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	─────────────────────────────────────────────────────────────────
//	│source port                    │destination port               │
//	│49152                          │80                             │
//
// layers/diagram lays it out; the choice is the one that bytes and fields show,
// too (inspect.View).
package header

import (
	"fmt"

	"strata/layers"
	"strata/layers/diagram"
	"strata/tui/draw"
	"strata/tui/inspect"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane draws the header of the chosen protocol.
type Pane struct {
	View *inspect.View

	tree    *layers.Tree // whose header it is
	part    int
	diagram *diagram.Diagram
	why     string // there is none
	top     int    // the first row shown
	told    bool   // the help has more room
	drawn   []spot
}

// spot is where a field's cell was drawn.
type spot struct {
	area draw.Rect
	node *layers.Node
}

// Name is the pane's word.
func (p *Pane) Name() string { return "header" }

// follow lays out the header of the chosen row's protocol, once.
func (p *Pane) follow(s *scene.Scene) (n *layers.Node, ok bool) {
	if s.T.Events() == 0 {
		return nil, false
	}
	p.View.Follow(s)
	part, n, ok := p.View.Choice()
	if !ok {
		p.diagram, p.why = nil, "There are no bytes here."
		p.tree = nil
		return nil, false
	}
	if p.tree != p.View.Tree || p.part != part {
		p.tree, p.part, p.top = p.View.Tree, part, 0
		p.diagram, p.why = diagram.Of(p.tree, part)
	}
	return n, p.diagram != nil
}

// Draw draws the rows, as many as there is room for, and beneath them what the
// chosen field means.
func (p *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	n, ok := p.follow(s)
	title := "header"
	if p.tree != nil {
		title += ": " + p.tree.Parts[p.part].Proto.String()
	}
	_, r = scene.Title(c, r, title, focus)
	p.drawn = p.drawn[:0]
	if !ok {
		scene.Words(c, r, 0, r.H, draw.Quiet, p.why)
		return draw.Spot{}
	}
	g := newGrid(c, r, p, p.chosen(n))
	if n := p.explain(c, r, g.owner); n > 0 {
		g.r.H -= n
	}
	return g.draw()
}

// chosen is the field whose cells are lit: the chosen one, or, if it is drawn by
// its parts or as a part of another, the first cell's that shares its bytes.
func (p *Pane) chosen(n *layers.Node) *layers.Node {
	if n == nil {
		return nil
	}
	var near *layers.Node
	for _, row := range p.diagram.Rows {
		for _, cell := range row.Cells {
			q := cell.Node
			if q == n {
				return n
			}
			if near == nil && q != nil && q.Pos < n.Pos+n.Len && n.Pos < q.Pos+q.Len {
				near = q
			}
		}
	}
	return near
}

// explain says what the chosen field means, and gives how many lines that took.
func (p *Pane) explain(c *draw.Canvas, r draw.Rect, n *layers.Node) int {
	least := 14
	if p.told {
		least = 8
	}
	switch {
	case r.H < least:
		return 0
	case n == nil:
		c.Text(r, scene.Margin, r.H-1, "the arrows choose a field, PgUp and PgDn a protocol; ↵ says more of it", draw.Quiet)
		return 2
	}
	label := n.Field.Label
	if label == "" {
		label = n.Field.Name
	}
	lines := []string{fmt.Sprintf("%s: %s", label, value(p.tree, n))}
	if n.Field.Help != "" {
		lines = append(lines, draw.Wrap(c.Clean(n.Field.Help), max(r.W-scene.Margin, 2))...)
	}
	if most := 3; len(lines) > most && !p.told {
		lines = append(lines[:most-1], draw.Cut(lines[most-1]+" "+lines[most], r.W-scene.Margin))
	}
	note := n.Field.RFC
	if n.Field.Name != "" {
		if note != "" {
			note += "   "
		}
		note += n.Field.Name
	}
	if note != "" {
		lines = append(lines, note)
	}
	lines = lines[:min(len(lines), r.H/2)]
	y := r.H - len(lines)
	for i, l := range lines {
		look := draw.Plain
		switch {
		case i == 0:
			look = draw.Bold
		case i == len(lines)-1:
			look = draw.Quiet
		}
		c.Text(r, scene.Margin, y+i, l, look)
	}
	return len(lines) + 1
}

// Do goes from field to field: across in their order, up and down by rows; by
// pages from protocol to protocol. Enter gives the explanation more room.
func (p *Pane) Do(a keys.Action, s *scene.Scene) bool {
	n, ok := p.follow(s)
	dx, dy := keys.Steps(a, 1)
	switch {
	case a == keys.Enter:
		p.told = !p.told
	case a == keys.PageUp || a == keys.PageDown:
		p.turn(dy)
	case !ok || dx == 0 && dy == 0:
		return false
	case dx != 0:
		p.along(p.chosen(n), dx)
	default:
		p.across(p.chosen(n), dy)
	}
	return true
}

// turn goes to the next protocol that the step's bytes hold.
func (p *Pane) turn(by int) {
	if p.tree == nil {
		return
	}
	for i := p.part + by; i >= 0 && i < len(p.tree.Parts); i += by {
		if p.View.Choose(i, nil) {
			return
		}
	}
}

// along goes to the next field, or the one before.
func (p *Pane) along(n *layers.Node, by int) {
	all := p.fields()
	for i, q := range all {
		if q == n {
			p.View.Choose(p.part, all[min(max(i+by, 0), len(all)-1)])
			return
		}
	}
	if len(all) > 0 {
		p.View.Choose(p.part, all[0])
	}
}

// fields are the diagram's, in order.
func (p *Pane) fields() (all []*layers.Node) {
	seen := map[*layers.Node]bool{}
	for _, row := range p.diagram.Rows {
		for _, cell := range row.Cells {
			if n := cell.Node; n != nil && !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	return all
}

// across goes to the field above or below.
func (p *Pane) across(n *layers.Node, by int) {
	rows := p.diagram.Rows
	at, bit := -1, 0
	for i, row := range rows {
		for _, cell := range row.Cells {
			// Downwards from its last row, upwards from its first.
			if cell.Node == n && n != nil && (at < 0 || by > 0) {
				at, bit = i, cell.Bit
			}
		}
	}
	if at < 0 {
		p.along(nil, by)
		return
	}
	for i := at + by; i >= 0 && i < len(rows); i += by {
		for k := len(rows[i].Cells) - 1; k >= 0; k-- {
			if cell := rows[i].Cells[k]; cell.Node != nil && (cell.Bit <= bit || k == 0) {
				p.View.Choose(p.part, cell.Node)
				return
			}
		}
	}
}

// Click chooses a field.
func (p *Pane) Click(x, y int, s *scene.Scene) bool {
	if _, ok := p.follow(s); !ok {
		return false
	}
	for _, d := range p.drawn {
		if d.area.Has(x, y) {
			return d.node != nil && p.View.Choose(p.part, d.node)
		}
	}
	return false
}

// Wheel scrolls the rows by choosing the field above or below.
func (p *Pane) Wheel(by int, s *scene.Scene) bool {
	n, ok := p.follow(s)
	if ok && by != 0 {
		p.across(p.chosen(n), by/max(by, -by))
	}
	return true
}
