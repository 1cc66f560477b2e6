package tui

import (
	"fmt"
	"strings"

	"strata/layers"
)

// drawFields draws the field tree, and beneath it what the chosen field means
// and where that is written. It gives the place of the chosen row.
func (v *inspect) drawFields(c *canvas, r rect) (x, y int, ok bool) {
	helpLines := v.help(c, r)
	body := r
	if n := len(helpLines); n > 0 && r.h >= n+4 {
		body.h -= n + 1
		for i, s := range helpLines {
			l := plain
			if i == n-1 && strings.HasPrefix(s, "RFC") {
				l = quiet
			}
			c.text(r, tagColumn, r.h-n+i, s, l)
		}
	}
	at := v.row()
	if at < v.top {
		v.top = at
	}
	if at >= v.top+body.h {
		v.top = at - body.h + 1
	}
	v.top = max(min(v.top, len(v.rows)-body.h), 0)
	for i := 0; i < body.h && v.top+i < len(v.rows); i++ {
		v.fieldLine(c, body, i, v.rows[v.top+i], v.top+i == at)
	}
	if len(v.rows)-v.top > body.h && body.h > 0 {
		c.text(body, body.w-1, body.h-1, "~", rule)
	}
	return r.x + tagColumn, r.y + at - v.top, len(v.rows) > 0 && at-v.top < body.h
}

func (v *inspect) fieldLine(c *canvas, r rect, y int, row fieldRow, chosen bool) {
	l := layerLook(row.part.Proto.Layer())
	x := tagColumn + 2*row.depth
	if chosen {
		c.sign(r, 0, y, '▐', accent)
	}
	switch {
	case row.open:
		c.sign(r, x, y, '▾', l)
	case row.folds:
		c.sign(r, x, y, '▸', l)
	}
	if row.node == nil {
		if chosen {
			l |= underline
		}
		end := c.text(r, x+2, y, row.part.Proto.String(), l|bold)
		c.text(r, end+2, y, row.part.Summary, l&^underline)
		return
	}
	label, value := row.node.Field.Label, v.value(row.node)
	if label == "" {
		label = row.node.Field.Name
	}
	column := max(min(tagColumn+2+26, r.w*60/100), x+8)
	look := quiet
	if chosen {
		look = plain | bold | underline
	}
	c.textTo(r, x+2, y, column-1, label, look)
	c.text(r, column, y, value, l)
}

// value is a field's value for people: of a number that counts from its
// connection's start, also the bytes that stand there.
func (v *inspect) value(n *layers.Node) string {
	data := v.tree.Buffer(n.In)
	if count, ok := strings.CutSuffix(n.Show, " (relative)"); ok && n.Len > 0 && n.Pos+n.Len <= len(data) {
		return fmt.Sprintf("%s (%x)", count, data[n.Pos:n.Pos+n.Len])
	}
	return n.Show
}

// help is what the chosen row means.
func (v *inspect) help(c *canvas, r rect) []string {
	if len(v.rows) == 0 {
		return nil
	}
	row := v.rows[v.row()]
	if row.node == nil || row.node.Field.Help == "" {
		return nil
	}
	lines := wrap(c.clean(row.node.Field.Help), r.w-tagColumn)
	if len(lines) > 3 {
		lines = append(lines[:2:2], cut(lines[2]+" "+lines[3], r.w-tagColumn))
	}
	note := row.node.Field.RFC
	if note == "" {
		return lines
	}
	return append(lines, note)
}

// rowAt is the row under a line of the pane.
func (v *inspect) rowAt(r rect, y int) (i int, ok bool) {
	i = v.top + y - r.y
	return i, i >= 0 && i < len(v.rows)
}
