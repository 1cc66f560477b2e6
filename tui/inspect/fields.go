package inspect

import (
	"fmt"
	"strings"

	"strata/layers"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Fields draws the field tree, and beneath it what the chosen field means
// and where that is written.
type Fields struct{ *View }

// Name is the pane's word.
func (v Fields) Name() string { return "fields" }

// Draw draws the fields of the cursor's step.
func (v Fields) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	v.Follow(s)
	_, v.fieldArea = scene.Title(c, r, "fields", focus)
	return v.drawFields(c, v.fieldArea)
}

// Do goes from row to row, and opens and closes them.
func (v Fields) Do(a keys.Action, s *scene.Scene) bool {
	v.Follow(s)
	dx, dy := keys.Steps(a, max(v.fieldArea.H-1, 1))
	switch {
	case a == keys.Enter:
		v.toggle()
	case dx != 0:
		v.fold(dx > 0)
	case dy != 0:
		v.choose(dy)
	default:
		return false
	}
	v.light()
	return true
}

// Click chooses a row; the chosen one opens or closes.
func (v Fields) Click(_, y int, _ *scene.Scene) bool {
	i, ok := v.rowAt(v.fieldArea, y)
	if !ok || y < v.fieldArea.Y {
		return false
	}
	again := v.Chosen == v.Rows[i].Path
	v.Chosen = v.Rows[i].Path
	v.side()
	if again {
		v.toggle()
	}
	v.light()
	return true
}

// Wheel goes from row to row.
func (v Fields) Wheel(by int, s *scene.Scene) bool {
	v.Follow(s)
	v.choose(by)
	v.light()
	return true
}

// drawFields gives the place of the chosen row.
func (v *View) drawFields(c *draw.Canvas, r draw.Rect) draw.Spot {
	helpLines := v.help(c, r)
	body := r
	if n := len(helpLines); n > 0 && r.H >= n+4 {
		body.H -= n + 1
		for i, s := range helpLines {
			l := draw.Plain
			if i == n-1 && strings.HasPrefix(s, "RFC") {
				l = draw.Quiet
			}
			c.Text(r, scene.Margin, r.H-n+i, s, l)
		}
	}
	at := v.row()
	if at < v.top {
		v.top = at
	}
	if at >= v.top+body.H {
		v.top = at - body.H + 1
	}
	v.top = max(min(v.top, len(v.Rows)-body.H), 0)
	for i := 0; i < body.H && v.top+i < len(v.Rows); i++ {
		v.fieldLine(c, body, i, v.Rows[v.top+i], v.top+i == at)
	}
	if len(v.Rows)-v.top > body.H && body.H > 0 {
		c.Text(body, body.W-1, body.H-1, "~", draw.Rule)
	}
	return draw.At(r.X+scene.Margin, r.Y+at-v.top, len(v.Rows) > 0 && at-v.top < body.H)
}

func (v *View) fieldLine(c *draw.Canvas, r draw.Rect, y int, row fieldRow, chosen bool) {
	l := draw.LayerLook(row.part.Proto.Layer())
	x := scene.Margin + 2*row.depth
	if chosen {
		c.Sign(r, 0, y, '▐', draw.Accent)
	}
	switch {
	case row.open:
		c.Sign(r, x, y, '▾', l)
	case row.folds:
		c.Sign(r, x, y, '▸', l)
	}
	if row.Node == nil {
		if chosen {
			l |= draw.Underline
		}
		end := c.Text(r, x+2, y, row.part.Proto.String(), l|draw.Bold)
		c.Text(r, end+2, y, row.part.Summary, l&^draw.Underline)
		return
	}
	label, value := row.Node.Field.Label, v.value(row.Node)
	if label == "" {
		label = row.Node.Field.Name
	}
	column := max(min(scene.Margin+2+26, r.W*60/100), x+8)
	look := draw.Quiet
	if chosen {
		look = draw.Plain | draw.Bold | draw.Underline
	}
	c.TextTo(r, x+2, y, column-1, label, look)
	c.Text(r, column, y, value, l)
}

// value is a field's value for people: of a number that counts from its
// connection's start, also the bytes that stand there.
func (v *View) value(n *layers.Node) string {
	data := v.Tree.Buffer(n.In)
	if count, ok := strings.CutSuffix(n.Show, " (relative)"); ok && n.Len > 0 && n.Pos+n.Len <= len(data) {
		return fmt.Sprintf("%s (%x)", count, data[n.Pos:n.Pos+n.Len])
	}
	return n.Show
}

// help is what the chosen row means.
func (v *View) help(c *draw.Canvas, r draw.Rect) []string {
	if len(v.Rows) == 0 {
		return nil
	}
	row := v.Rows[v.row()]
	if row.Node == nil || row.Node.Field.Help == "" {
		return nil
	}
	lines := draw.Wrap(c.Clean(row.Node.Field.Help), r.W-scene.Margin)
	if len(lines) > 3 {
		lines = append(lines[:2:2], draw.Cut(lines[2]+" "+lines[3], r.W-scene.Margin))
	}
	note := row.Node.Field.RFC
	if note == "" {
		return lines
	}
	return append(lines, note)
}

// rowAt is the row under a line of the pane.
func (v *View) rowAt(r draw.Rect, y int) (i int, ok bool) {
	i = v.top + y - r.Y
	return i, i >= 0 && i < len(v.Rows)
}
