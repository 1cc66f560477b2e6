package tui

// rect is a part of the screen, in cells.
type rect struct{ x, y, w, h int }

func (r rect) empty() bool { return r.w <= 0 || r.h <= 0 }

func (r rect) has(x, y int) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }

// inset is r without n columns at the left.
func (r rect) inset(n int) rect { return rect{r.x + n, r.y, r.w - n, r.h} }

// top and below cut a rectangle into its first n lines and the rest.
func (r rect) top(n int) rect {
	n = min(max(n, 0), max(r.h, 0))
	return rect{r.x, r.y, r.w, n}
}

func (r rect) below(n int) rect {
	n = min(max(n, 0), max(r.h, 0))
	return rect{r.x, r.y + n, r.w, r.h - n}
}

// cell is one place on the screen. The second cell of a wide character holds
// the rune 0.
type cell struct {
	r    rune
	look look
}

// canvas is the screen that panes draw on. What is drawn is clipped to a
// rectangle; what does not fit ends in '~'.
type canvas struct {
	w, h  int
	cells []cell
	ascii bool
}

func newCanvas(w, h int, ascii bool) *canvas {
	c := &canvas{ascii: ascii}
	c.resize(w, h)
	return c
}

// resize makes the canvas blank, with a new size.
func (c *canvas) resize(w, h int) {
	c.w, c.h = max(w, 0), max(h, 0)
	if n := c.w * c.h; cap(c.cells) >= n {
		c.cells = c.cells[:n]
	} else {
		c.cells = make([]cell, n)
	}
	for i := range c.cells {
		c.cells[i] = cell{r: ' '}
	}
}

// clean is the string as text draws it.
func (c *canvas) clean(s string) string {
	s = clean(s)
	if c.ascii {
		s = toASCII(s)
	}
	return s
}

// width is how many cells text takes for a string.
func (c *canvas) width(s string) int { return width(c.clean(s)) }

// width is the number of cells of a clean string.
func width(s string) int {
	if plainASCII(s) {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += cells(r)
	}
	return n
}

// text draws a string at column x of line y of a rectangle, up to its right
// edge, and gives the column after it. It is the only way onto the canvas
// for anything that is not Strata's own.
func (c *canvas) text(r rect, x, y int, s string, l look) int {
	return c.textTo(r, x, y, r.w, s, l)
}

// textTo is text that ends before column end.
func (c *canvas) textTo(r rect, x, y, end int, s string, l look) int {
	s = c.clean(s)
	end = min(end, r.w)
	if y < 0 || y >= r.h || x >= end {
		return x
	}
	if x+width(s) > end {
		s = cut(s, end-x)
	}
	for _, ch := range s {
		n := cells(ch)
		c.put(r.x+x, r.y+y, ch, l)
		if n == 2 {
			c.put(r.x+x+1, r.y+y, 0, l)
		}
		x += n
	}
	return x
}

// right draws a string so that it ends before column end, no further left
// than column from, and gives the column where it begins.
func (c *canvas) right(r rect, from, y, end int, s string, l look) int {
	x := max(from, min(end, r.w)-c.width(s))
	c.textTo(r, x, y, end, s, l)
	return x
}

// put sets one cell; r must take exactly the cells that the caller counts.
func (c *canvas) put(x, y int, r rune, l look) {
	if x < 0 || y < 0 || x >= c.w || y >= c.h {
		return
	}
	at := &c.cells[y*c.w+x]
	c.unpair(x, y, at.r)
	*at = cell{r, l}
}

// unpair blanks the other half of a wide character that is drawn over.
func (c *canvas) unpair(x, y int, old rune) {
	switch {
	case old == 0 && x > 0:
		if left := &c.cells[y*c.w+x-1]; cells(left.r) == 2 {
			left.r = ' '
		}
	case old > '~' && cells(old) == 2 && x+1 < c.w:
		if next := &c.cells[y*c.w+x+1]; next.r == 0 {
			next.r = ' '
		}
	}
}

// sign draws one of Strata's own glyphs; in ASCII, the first character of its
// sign.
func (c *canvas) sign(r rect, x, y int, glyph rune, l look) {
	if x < 0 || x >= r.w || y < 0 || y >= r.h {
		return
	}
	if c.ascii && glyph > '~' {
		glyph = rune(asciiSigns[glyph][0])
	}
	c.put(r.x+x, r.y+y, glyph, l)
}

// line draws a glyph from column x up to column end.
func (c *canvas) line(r rect, x, y, end int, glyph rune, l look) {
	for ; x < min(end, r.w); x++ {
		c.sign(r, x, y, glyph, l)
	}
}

// mark adds to the looks of what is drawn already.
func (c *canvas) mark(r rect, x, y, end int, add look) {
	if y < 0 || y >= r.h || r.y+y < 0 || r.y+y >= c.h {
		return
	}
	for x = max(x, 0); x < min(end, r.w); x++ {
		if r.x+x < c.w {
			c.cells[(r.y+y)*c.w+r.x+x].look |= add
		}
	}
}

// cut shortens a clean string to n cells, the last of them '~'.
func cut(s string, n int) string {
	if n <= 0 {
		return ""
	}
	at := 0
	for i, r := range s {
		if at+cells(r) > n-1 {
			return s[:i] + "~"
		}
		at += cells(r)
	}
	return s
}

// wrap breaks a clean string into lines of at most n cells, at spaces where
// it can.
func wrap(s string, n int) []string {
	var lines []string
	n = max(n, 2)
	for width(s) > n {
		at, space, end := 0, -1, len(s)
		for i, r := range s {
			if at+cells(r) > n {
				end = i
				break
			}
			at += cells(r)
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
