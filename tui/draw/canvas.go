package draw

import "unicode/utf8"

// Rect is a part of the screen, in cells.
type Rect struct{ X, Y, W, H int }

func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

func (r Rect) Has(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }

// Inset is r without n columns at the left.
func (r Rect) Inset(n int) Rect { return Rect{r.X + n, r.Y, r.W - n, r.H} }

// Top and Below cut a rectangle into its first n lines and the rest.
func (r Rect) Top(n int) Rect {
	n = min(max(n, 0), max(r.H, 0))
	return Rect{r.X, r.Y, r.W, n}
}

func (r Rect) Below(n int) Rect {
	n = min(max(n, 0), max(r.H, 0))
	return Rect{r.X, r.Y + n, r.W, r.H - n}
}

// Box is the rectangle of w by h cells at column x of line y.
func Box(x, y, w, h int) Rect { return Rect{x, y, w, h} }

// Spot is a cell that may be there.
type Spot struct {
	X, Y int
	OK   bool
}

// At is the cell at column x of line y, if it is there.
func At(x, y int, ok bool) Spot { return Spot{x, y, ok} }

// cell is one place on the screen. The second cell of a wide character holds
// the rune 0.
type cell struct {
	R    rune
	look Look
}

// Canvas is the screen that panes draw on. What is drawn is clipped to a
// rectangle; what does not fit ends in '~'.
type Canvas struct {
	W, H  int
	Cells []cell
	ASCII bool
}

func NewCanvas(w, h int, ascii bool) *Canvas {
	c := &Canvas{ASCII: ascii}
	c.Resize(w, h)
	return c
}

// Resize makes the canvas blank, with a new size.
func (c *Canvas) Resize(w, h int) {
	c.W, c.H = max(w, 0), max(h, 0)
	if n := c.W * c.H; cap(c.Cells) >= n {
		c.Cells = c.Cells[:n]
	} else {
		c.Cells = make([]cell, n)
	}
	for i := range c.Cells {
		c.Cells[i] = cell{R: ' '}
	}
}

// Clean is the string as text draws it.
func (c *Canvas) Clean(s string) string {
	s = Clean(s)
	if c.ASCII {
		s = ToASCII(s)
	}
	return s
}

// Width is how many cells text takes for a string.
func (c *Canvas) Width(s string) int { return Width(c.Clean(s)) }

// Width is the number of cells of a clean string.
func Width(s string) int {
	if plainASCII(s) {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += Cells(r)
	}
	return n
}

// Text draws a string at column x of line y of a rectangle, up to its right
// edge, and gives the column after it. It is the only way onto the canvas
// for anything that is not Strata's own.
func (c *Canvas) Text(r Rect, x, y int, s string, l Look) int {
	return c.TextTo(r, x, y, r.W, s, l)
}

// TextTo is text that ends before column end.
func (c *Canvas) TextTo(r Rect, x, y, end int, s string, l Look) int {
	s = c.Clean(s)
	end = min(end, r.W)
	if y < 0 || y >= r.H || x >= end {
		return x
	}
	if x+Width(s) > end {
		s = Cut(s, end-x)
	}
	for _, ch := range s {
		n := Cells(ch)
		c.Put(r.X+x, r.Y+y, ch, l)
		if n == 2 {
			c.Put(r.X+x+1, r.Y+y, 0, l)
		}
		x += n
	}
	return x
}

// Right draws a string so that it ends before column end, no further left
// than column from, and gives the column where it begins.
func (c *Canvas) Right(r Rect, from, y, end int, s string, l Look) int {
	x := max(from, min(end, r.W)-c.Width(s))
	c.TextTo(r, x, y, end, s, l)
	return x
}

// Put sets one cell; r must take exactly the cells that the caller counts.
func (c *Canvas) Put(x, y int, r rune, l Look) {
	if x < 0 || y < 0 || x >= c.W || y >= c.H {
		return
	}
	at := &c.Cells[y*c.W+x]
	c.unpair(x, y, at.R)
	*at = cell{r, l}
}

// unpair blanks the other half of a wide character that is drawn over.
func (c *Canvas) unpair(x, y int, old rune) {
	switch {
	case old == 0 && x > 0:
		if left := &c.Cells[y*c.W+x-1]; Cells(left.R) == 2 {
			left.R = ' '
		}
	case old > '~' && Cells(old) == 2 && x+1 < c.W:
		if next := &c.Cells[y*c.W+x+1]; next.R == 0 {
			next.R = ' '
		}
	}
}

// Sign draws one of Strata's own glyphs; in ASCII, the first character of its
// sign.
func (c *Canvas) Sign(r Rect, x, y int, glyph rune, l Look) {
	if x < 0 || x >= r.W || y < 0 || y >= r.H {
		return
	}
	if c.ASCII && glyph > '~' {
		glyph = rune(asciiSigns[glyph][0])
	}
	c.Put(r.X+x, r.Y+y, glyph, l)
}

// Line draws a glyph from column x up to column end.
func (c *Canvas) Line(r Rect, x, y, end int, glyph rune, l Look) {
	for ; x < min(end, r.W); x++ {
		c.Sign(r, x, y, glyph, l)
	}
}

// Mark adds to the looks of what is drawn already.
func (c *Canvas) Mark(r Rect, x, y, end int, add Look) {
	if y < 0 || y >= r.H || r.Y+y < 0 || r.Y+y >= c.H {
		return
	}
	for x = max(x, 0); x < min(end, r.W); x++ {
		if r.X+x < c.W {
			c.Cells[(r.Y+y)*c.W+r.X+x].look |= add
		}
	}
}

// Cut shortens a clean string to n cells, the last of them '~'.
func Cut(s string, n int) string {
	if n <= 0 {
		return ""
	}
	at := 0
	for i, r := range s {
		if at+Cells(r) > n-1 {
			return s[:i] + "~"
		}
		at += Cells(r)
	}
	return s
}

// Wrap breaks a clean string into lines of at most n cells, at spaces where
// it can.
func Wrap(s string, n int) []string {
	var lines []string
	n = max(n, 2)
	for Width(s) > n {
		at, space, end := 0, -1, len(s)
		for i, r := range s {
			if at+Cells(r) > n {
				end = i
				break
			}
			at += Cells(r)
			if r == ' ' {
				space = i
			}
		}
		if s[end] == ' ' {
			space = end
		}
		if space > 0 {
			lines, s = append(lines, s[:space]), s[space+1:]
		} else {
			lines, s = append(lines, s[:end]), s[end:]
		}
	}
	return append(lines, s)
}

// Lines gives the canvas as text, without looks.
func (c *Canvas) Lines() []string {
	out := make([]string, c.H)
	buf := make([]byte, 0, c.W*2)
	for y := range out {
		buf = buf[:0]
		for _, at := range c.Cells[y*c.W : (y+1)*c.W] {
			if at.R != 0 {
				buf = utf8.AppendRune(buf, at.R)
			}
		}
		out[y] = string(buf)
	}
	return out
}
