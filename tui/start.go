package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/scene"
)

// start is the first screen: the course, and the files here.
type start struct {
	lessons []Lesson
	files   []File
	query   string // shown are the rows that hold it
	at      int    // among the rows shown
	top     int
	rowAt   []draw.Rect // of the rows drawn
	shown   []startRow
	learned Learned
}

// startRow is a lesson or a file.
type startRow struct {
	group, name, text, open string // without open: other folders
	number                  int
	done                    string // how far one got
	whole                   bool   // to the end
	last                    Last   // where to go on; zero: at the beginning
}

func (s *start) list() {
	s.shown = s.shown[:0]
	add := func(r startRow) {
		if s.query == "" || strings.Contains(strings.ToLower(r.group+" "+r.name+" "+r.text), strings.ToLower(s.query)) {
			s.shown = append(s.shown, r)
		}
	}
	if s.learned.Last.Open != "" {
		add(s.learned.Last.row())
	}
	for _, l := range s.lessons {
		done, whole := s.learned.far(l.Name)
		add(startRow{group: l.Group, name: l.Name, text: l.Teaches, open: l.Name, number: l.Number, done: done, whole: whole})
	}
	for _, f := range s.files {
		add(startRow{group: "Files here", name: f.Path, text: f.What + ", " + scene.FileSize(f.Size), open: f.Path})
	}
	if len(s.lessons) > 0 {
		add(startRow{group: "Files here", name: "browse~", text: "other folders"})
	}
	s.at = min(max(s.at, 0), max(len(s.shown)-1, 0))
}

// has tells whether a file of a name lies here.
func (s *start) has(name string) bool {
	return slices.ContainsFunc(s.files, func(f File) bool { return f.Path == name })
}

// openRow opens what is chosen on the start screen.
func (m *model) openRow() tea.Cmd {
	if len(m.start.shown) == 0 {
		return nil
	}
	if row := m.start.shown[m.start.at]; row.open != "" {
		m.resuming = row.last
		return m.open(row.open)
	}
	return m.browse("")
}

func (s *start) move(by int) { s.at = min(max(s.at+by, 0), max(len(s.shown)-1, 0)) }

// draw draws the list; groups have their name at their first row, and a blank
// line between them.
func (s *start) draw(c *draw.Canvas, r draw.Rect) (held draw.Spot) {
	s.rowAt = s.rowAt[:0]
	x := c.Text(r, 0, 0, "strata", draw.Accent)
	c.Right(r, x+2, 0, r.W, "a message, layer by layer", draw.Plain)
	s.strata(c, draw.Box(r.X, r.Y+1, r.W, 1))
	body := r.Below(3)
	body.H--
	if s.learned.none() && len(s.lessons) > 0 && body.H > 12 {
		c.Text(body, 2, 0, "New here? ↵ opens the first lesson; there . steps on, and ? shows the keys.", draw.Plain)
		body = body.Below(2)
	}
	if len(s.shown) == 0 {
		if s.query == "" {
			return draw.Spot{} // the list is on its way
		}
		c.Text(body, 2, 0, "Nothing here has that in its name or text. esc shows all.", draw.Quiet)
		return draw.Spot{}
	}
	lines := s.lines()
	at := lines[s.at]
	s.top = min(s.top, max(at-1, 0))
	s.top = max(s.top, at-body.H+2)
	for i, row := range s.shown {
		y := lines[i] - s.top
		if y < 0 || y >= body.H {
			s.rowAt = append(s.rowAt, draw.Rect{})
			continue
		}
		s.rowAt = append(s.rowAt, draw.Box(body.X, body.Y+y, body.W, 1))
		s.row(c, body, y, row, i == s.at, i == 0 || s.shown[i-1].group != row.group || y == 0)
	}
	if lines[len(lines)-1]-s.top >= body.H {
		c.Text(body, body.W-1, body.H-1, "~", draw.Rule)
	}
	return draw.At(body.X+nameColumn, body.Y+at-s.top, true)
}

// lines gives each row its line in the whole list.
func (s *start) lines() []int {
	out := make([]int, len(s.shown))
	y := 0
	for i, row := range s.shown {
		if i > 0 && row.group != s.shown[i-1].group {
			y++
		}
		out[i] = y
		y++
	}
	return out
}

// The columns of the start screen's rows.
const (
	groupColumn  = 2
	numberColumn = 14
	nameColumn   = 19
	textColumn   = 43
)

func (s *start) row(c *draw.Canvas, r draw.Rect, y int, row startRow, chosen, first bool) {
	if first {
		c.TextTo(r, groupColumn, y, numberColumn-1, row.group, draw.Quiet)
	}
	l := draw.Plain
	if chosen {
		l = draw.Accent
		c.Sign(r, numberColumn-2, y, '▐', draw.Accent)
	}
	if row.number > 0 {
		c.Right(r, numberColumn, y, numberColumn+2, fmt.Sprint(row.number), draw.Quiet)
	}
	x := c.TextTo(r, nameColumn, y, min(textColumn-2, r.W), row.name, l)
	end := r.W
	if row.done != "" {
		end = r.W - doneWidth
		look := draw.Quiet
		if row.whole {
			look = draw.Good
			c.Sign(r, end+1, y, '✓', look)
		}
		c.Text(r, end+3, y, row.done, look)
	}
	c.TextTo(r, max(textColumn, x+2), y, end, row.text, draw.Plain)
}

// doneWidth is the room for how far one got in a lesson: "✓ 12/12".
const doneWidth = 10

// strata draws the seven layers as one line of their colours: the name is the
// picture.
func (s *start) strata(c *draw.Canvas, r draw.Rect) {
	for i := 0; i < 7; i++ {
		from, to := r.W*i/7, r.W*(i+1)/7
		c.Line(r, from, 0, to, '─', draw.Look(7-i))
	}
}
