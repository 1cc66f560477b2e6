package tui

import (
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// streamRow is one line of a stream on the screen: some bytes of a run.
type streamRow struct{ run, from, to int32 }

// streamMargin is what goes before the words: the cursor's bar, and whose
// they are.
const streamMargin = 4

// lay divides the window into lines for a width, once.
func (s *stream) lay(w int) {
	w = max(w-streamMargin, 8)
	if !s.stale && s.width == w {
		return
	}
	s.rows, s.width, s.stale = s.rows[:0], w, false
	for i := range s.win.runs {
		data := s.win.runs[i].data
		for from := 0; from < len(data); {
			to := min(from+s.perLine(w), len(data))
			if s.form == asText {
				to = lineEnd(data, from, w)
			}
			s.rows = append(s.rows, streamRow{int32(i), int32(from), int32(to)})
			from = to
		}
	}
	s.at = s.rowOf(s.pos)
}

// perLine is how many bytes a line has that shows them in hex.
func (s *stream) perLine(w int) int {
	if s.form == asRaw {
		return max(w/2, 1)
	}
	if w >= 10+3*16+2+16 {
		return 16
	}
	return 8
}

// lineEnd is where a line of text ends that begins at from: behind its line
// feed, or where w cells are full.
func lineEnd(data []byte, from, w int) int {
	used := 0
	for i := from; i < len(data); {
		if data[i] == '\n' {
			return i + 1
		}
		r, n := utf8.DecodeRune(data[i:])
		c := max(cells(r), 1)
		if r == '\r' && i+1 < len(data) && data[i+1] == '\n' {
			c = 0
		}
		if r == utf8.RuneError {
			n = 1
		}
		if used+c > w {
			return i
		}
		used += c
		i += n
	}
	return len(data)
}

// line is a row's bytes as text: what is no character is a dot, and the end of
// the line is not shown.
func plainText(b []byte) string {
	b = []byte(strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"))
	var out strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError || cells(r) == 0 {
			r = '·'
		}
		out.WriteRune(r)
		b = b[max(n, 1):]
	}
	return out.String()
}

// offset is where a row begins among the bytes of both sides.
func (s *stream) offset(row int) int64 {
	r := s.rows[row]
	return s.win.runs[r.run].offset(int(r.from))
}

// rowOf is the row that has an offset, or the last before it.
func (s *stream) rowOf(at int64) int {
	return max(sort.Search(len(s.rows), func(i int) bool { return s.offset(i) > at })-1, 0)
}

// move moves the choice by rows; beyond the window, that is read anew.
func (s *stream) move(by int) *job {
	if s.stale && s.width > 0 { // keys come faster than screens
		s.lay(s.width + streamMargin)
	}
	to := s.at + by
	s.at = min(max(to, 0), max(len(s.rows)-1, 0))
	if len(s.rows) > 0 {
		s.pos = s.offset(s.at)
	}
	switch {
	case s.job.running() && s.win.size < windowSize:
	case to < 0 && s.win.begin > 0:
		s.pos = s.win.begin - 1
		return s.fetch(max(s.win.begin-windowSize/2, 0))
	case to >= len(s.rows) && !s.win.last && s.win.size > 0:
		s.pos = s.win.end
		return s.fetch(max(s.win.end-windowSize/2, 0))
	}
	return nil
}

// jump chooses the row that has an offset.
func (s *stream) jump(at int64) *job {
	s.pos = at
	if at >= s.win.begin && (at < s.win.end || s.win.last) {
		s.stale = true
		return nil
	}
	return s.fetch(max(at-windowSize/2, 0))
}

// frame is the frame with which the chosen row became whole.
func (s *stream) frame() (n int, ok bool) {
	if s.at >= len(s.rows) {
		return 0, false
	}
	r := s.rows[s.at]
	return s.win.runs[r.run].pieceAt(int(r.from)).frame, true
}

// draw draws who talks and how it is shown, and the lines around the chosen
// one.
func (s *stream) draw(c *canvas, r rect) spot {
	s.lay(r.w)
	c.line(r, 0, 0, r.w, '─', rule)
	x := s.title(c, r)
	if s.job.running() || s.seeker.running() {
		c.right(r, x+1, 0, r.w-1, " reading ", quiet)
	}
	body := r.below(1)
	s.area = body
	s.top = max(min(s.top, s.at, max(len(s.rows)-body.h, 0)), s.at-body.h+1)
	if len(s.rows) == 0 {
		c.text(body, streamMargin, 0, s.nothing(), quiet)
		return spot{}
	}
	for y := 0; y < body.h && s.top+y < len(s.rows); y++ {
		s.row(c, rect{body.x, body.y + y, body.w, 1}, s.rows[s.top+y], s.top+y == s.at)
	}
	return spot{body.x + streamMargin, body.y + s.at - s.top, body.h > 0}
}

func (s *stream) nothing() string {
	switch {
	case s.job.running():
		return "reading what was said"
	case s.total[0]+s.total[1] > 0:
		return "This side said nothing. d shows the other one, too."
	}
	if s.inner {
		return "Nothing that TLS protects is known: there is none here, or its keys are missing. i shows the bytes as they are."
	}
	return "Neither side said anything."
}

// title says which stream it is, how it is shown, how much of it there is, and
// which part of it is here.
func (s *stream) title(c *canvas, r rect) int {
	x := c.text(r, 2, 0, " ", plain)
	x = c.textTo(r, x, 0, r.w-1, s.is.A, asker|bold)
	x = c.text(r, x, 0, " ⇄ ", plain)
	x = c.textTo(r, x, 0, r.w-1, s.is.B, giver|bold)
	x = c.text(r, x, 0, " ", plain)
	what := formNames[s.form]
	if s.inner {
		what = "inside TLS: " + what
	}
	facts := []string{what, sideNames[s.side], fmt.Sprintf("► %s ◄ %s", fileSize(s.total[0]), fileSize(s.total[1]))}
	if s.win.begin > 0 || s.whole && !s.win.last {
		facts = append(facts, fmt.Sprintf("here: bytes %s to %s of %s", thousands(int(s.win.begin)), thousands(int(s.win.end)), thousands(int(s.total[0]+s.total[1]))))
	}
	for _, f := range facts {
		if x+2+c.width(f)+2 > r.w {
			break
		}
		x = c.text(r, x+1, 0, " "+f+" ", accent)
	}
	return x
}

func (s *stream) row(c *canvas, r rect, row streamRow, chosen bool) {
	run := &s.win.runs[row.run]
	b := run.data[row.from:row.to]
	look, sign := asker, '►'
	if run.back {
		look, sign = giver, '◄'
	}
	if chosen {
		c.sign(r, 0, 0, '▐', accent)
	}
	if row.from == 0 {
		c.sign(r, 1, 0, sign, look|bold)
	} else {
		c.sign(r, 1, 0, map[bool]rune{false: '>', true: '<'}[run.back], look)
	}
	x := streamMargin
	switch s.form {
	case asText:
		text := plainText(b)
		c.text(r, x, 0, text, look)
		s.lit(c, r, x, text)
	case asHex:
		s.hexRow(c, r, x, run.off+int64(row.from), b, look)
	case asRaw:
		c.text(r, x, 0, hex.EncodeToString(b), look)
	}
}

func (s *stream) hexRow(c *canvas, r rect, x int, off int64, b []byte, look look) {
	per := s.perLine(s.width)
	c.text(r, x, 0, fmt.Sprintf("%08x", off), quiet)
	x += 10
	for i, v := range b {
		at := x + 3*i
		if i >= per/2 {
			at++
		}
		c.text(r, at, 0, fmt.Sprintf("%02x", v), look)
	}
	text := make([]byte, len(b))
	for i, v := range b {
		if v < ' ' || v > '~' {
			v = '.'
		}
		text[i] = v
	}
	x += 3*per + 2
	c.text(r, x, 0, string(text), look)
	s.lit(c, r, x, string(text))
}

// lit lights what was looked for.
func (s *stream) lit(c *canvas, r rect, x int, text string) {
	if s.needle.text == "" {
		return
	}
	for _, at := range s.needle.in([]byte(text), 20) {
		begin := x + width(text[:at[0]])
		c.mark(r, begin, 0, begin+width(text[at[0]:at[1]]), reverse)
	}
}
