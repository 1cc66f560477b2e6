// Package menu is a list to choose from, in groups, over the whole screen: what
// can be changed, what lies in a folder.
//
//	title                                               remark
//	─────────────────────────────────────────────────────────
//	  group
//	▐   name        value     what it means
//
// It draws rows and moves among them; what a choice means is the root's.
package menu

import (
	"strings"

	"strata/tui/draw"
	"strata/tui/keys"
)

// Row is something to choose.
type Row struct {
	Group string // rows of a group follow each other
	Name  string
	Value string // what it is now
	Help  string
	Look  draw.Look // of the name
}

// Menu is a list of rows, of which those are shown that hold Query.
type Menu struct {
	Title  string
	Remark string // at the right of the title
	Empty  string // instead of rows, where there is none
	Head   []Line // above the rows
	Query  string
	rows   []Row
	shown  []int // indices of rows
	at     int   // among those shown
	top    int   // the first line drawn
	drawn  []place
	page   int
}

// Line is a line above the rows.
type Line struct {
	Text string
	Look draw.Look
}

// place is where a row was drawn.
type place struct {
	area draw.Rect
	at   int // among those shown
}

// Set gives it other rows; the chosen one is the first.
func (m *Menu) Set(rows []Row) {
	m.rows, m.Query, m.at, m.top = rows, "", 0, 0
	m.Narrow("")
}

// Narrow shows the rows that hold a text in their name, group, value or help.
func (m *Menu) Narrow(query string) {
	m.Query, m.shown = query, m.shown[:0]
	for i, r := range m.rows {
		if strings.Contains(strings.ToLower(r.Group+" "+r.Name+" "+r.Value+" "+r.Help), strings.ToLower(query)) {
			m.shown = append(m.shown, i)
		}
	}
	m.at = max(min(m.at, len(m.shown)-1), 0)
}

// Chosen is the index of the chosen row, of those that were set; false: none is
// shown.
func (m *Menu) Chosen() (i int, ok bool) {
	if len(m.shown) == 0 {
		return 0, false
	}
	return m.shown[m.at], true
}

// Choose chooses the row of a name, if it is shown.
func (m *Menu) Choose(name string) {
	for at, i := range m.shown {
		if m.rows[i].Name == name {
			m.at = at
			return
		}
	}
}

// Do moves among the rows; false: the key means nothing here.
func (m *Menu) Do(a keys.Action) bool {
	_, dy := keys.Steps(a, max(m.page-1, 1))
	switch a {
	case keys.FirstStep:
		dy = -len(m.shown)
	case keys.LastStep:
		dy = len(m.shown)
	case keys.NextPane, keys.PrevPane:
		dy = m.group(a == keys.NextPane)
	}
	if dy == 0 {
		return false
	}
	m.Move(dy)
	return true
}

// Move goes down by rows.
func (m *Menu) Move(by int) { m.at = max(min(m.at+by, len(m.shown)-1), 0) }

// group is how far the first row of the next group is, or of the one before.
func (m *Menu) group(on bool) int {
	first := func(at int) bool {
		return at == 0 || m.rows[m.shown[at]].Group != m.rows[m.shown[at-1]].Group
	}
	by := 1
	if !on {
		by = -1
	}
	for at := m.at + by; at >= 0 && at < len(m.shown); at += by {
		if first(at) {
			return at - m.at
		}
	}
	return by * len(m.shown)
}

// Click chooses the row at a cell; again: it was chosen already.
func (m *Menu) Click(x, y int) (hit, again bool) {
	for _, p := range m.drawn {
		if p.area.Has(x, y) {
			again = m.at == p.at
			m.at = p.at
			return true, again
		}
	}
	return false, false
}

// The columns of a row.
const (
	nameColumn = 4
	gap        = 2
)

// Draw draws it. It gives the cell for the terminal's cursor.
func (m *Menu) Draw(c *draw.Canvas, r draw.Rect) draw.Spot {
	x := c.TextTo(r, 0, 0, r.W, m.Title, draw.Accent)
	if w := c.Width(m.Remark); x+gap+w <= r.W {
		c.Right(r, x+gap, 0, r.W, m.Remark, draw.Quiet)
	}
	c.Line(r, 0, 1, r.W, '─', draw.Rule)
	body := r.Below(2)
	for i, l := range m.Head {
		if i >= body.H/3 {
			c.Text(body, body.W-1, max(i-1, 0), "~", draw.Rule)
			break
		}
		c.Text(body, 2, i, l.Text, l.Look)
	}
	if n := min(len(m.Head), body.H/3); n > 0 {
		body = body.Below(n + 1)
	}
	m.drawn, m.page = m.drawn[:0], body.H
	if len(m.shown) == 0 {
		text := m.Empty
		if m.Query != "" {
			text = "Nothing here has that. esc shows all."
		}
		c.Text(body, 2, 0, text, draw.Quiet)
		return draw.Spot{}
	}
	names, values := m.columns(c, body.W)
	if m.crowded(c, body.W, names, values) && body.H >= 10 {
		said := body.Below(body.H - helpLines)
		body.H -= helpLines + 1
		for i, line := range draw.Wrap(c.Clean(m.rows[m.shown[m.at]].Help), said.W-4) {
			c.Text(said, nameColumn, i, line, draw.Plain)
		}
	}
	return m.drawRows(c, body, names, values)
}

// helpLines is how many lines at the bottom say in full what the chosen row
// means, where it does not fit beside it.
const helpLines = 2

// crowded tells whether some row cannot say all of what it means.
func (m *Menu) crowded(c *draw.Canvas, width, names, values int) bool {
	room := width - 1 - nameColumn - names - gap
	if values > 0 {
		room -= values + gap
	}
	for _, i := range m.shown {
		if c.Width(m.rows[i].Help) > room {
			return true
		}
	}
	return false
}

// drawRows draws the rows that fit, the chosen one among them.
func (m *Menu) drawRows(c *draw.Canvas, r draw.Rect, names, values int) draw.Spot {
	lines := m.lines()
	at := lines[m.at]
	if m.top > at-1 {
		m.top = max(at-1, 0) // with the group's name above it
	}
	m.top = min(max(m.top, at-r.H+1), max(lines[len(lines)-1]-r.H+1, 0))
	for i, row := range m.shown {
		y := lines[i] - m.top
		if i == 0 || m.rows[row].Group != m.rows[m.shown[i-1]].Group {
			if group := y - 1; m.rows[row].Group != "" && group >= 0 && group < r.H {
				c.Text(r, 2, group, m.rows[row].Group, draw.Bold)
			}
		}
		if y < 0 || y >= r.H {
			continue
		}
		m.drawn = append(m.drawn, place{draw.Box(r.X, r.Y+y, r.W, 1), i})
		m.row(c, draw.Box(r.X, r.Y+y, r.W, 1), m.rows[row], i == m.at, names, values)
	}
	if m.top > 0 {
		c.Text(r, r.W-1, 0, "~", draw.Rule)
	}
	if lines[len(lines)-1]-m.top >= r.H {
		c.Text(r, r.W-1, r.H-1, "~", draw.Rule)
	}
	return draw.At(r.X+nameColumn, r.Y+at-m.top, true)
}

// lines gives each row shown its line; a group has its name above it, and a
// blank line before.
func (m *Menu) lines() []int {
	out := make([]int, len(m.shown))
	y := 0
	for i, row := range m.shown {
		switch {
		case m.rows[row].Group == "":
		case i == 0:
			y++
		case m.rows[row].Group != m.rows[m.shown[i-1]].Group:
			y += 2
		}
		out[i] = y
		y++
	}
	return out
}

// columns are how wide names and values are drawn.
func (m *Menu) columns(c *draw.Canvas, width int) (names, values int) {
	for _, i := range m.shown {
		names = max(names, c.Width(m.rows[i].Name))
		values = max(values, c.Width(m.rows[i].Value))
	}
	names = min(names, width/2)
	values = min(values, width/4)
	return names, values
}

func (m *Menu) row(c *draw.Canvas, r draw.Rect, row Row, chosen bool, names, values int) {
	look := row.Look
	if chosen {
		look = draw.Accent
		c.Sign(r, 2, 0, '▐', draw.Accent)
	}
	x := nameColumn
	c.TextTo(r, x, 0, min(x+names, r.W-1), row.Name, look)
	x += names + gap
	if values > 0 {
		c.TextTo(r, x, 0, min(x+values, r.W-1), row.Value, draw.Plain)
		x += values + gap
	}
	c.TextTo(r, x, 0, r.W-1, row.Help, draw.Quiet)
}
