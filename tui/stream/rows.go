package stream

import (
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"strata/tui/draw"
	"strata/tui/scene"
)

// streamRow is one line of a stream on the screen: some bytes of a run.
type streamRow struct{ run, from, to int32 }

// streamMargin is what goes before the words: the cursor's bar, and whose
// they are.
const streamMargin = 4

// lay divides the window into lines for a width, once.
func (s *Pane) lay(w int) {
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
func (s *Pane) perLine(w int) int {
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
		c := max(draw.Cells(r), 1)
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
		if r == utf8.RuneError || draw.Cells(r) == 0 {
			r = '·'
		}
		out.WriteRune(r)
		b = b[max(n, 1):]
	}
	return out.String()
}

// offset is where a row begins among the bytes of both sides.
func (s *Pane) offset(row int) int64 {
	r := s.rows[row]
	return s.win.runs[r.run].offset(int(r.from))
}

// rowOf is the row that has an offset, or the last before it.
func (s *Pane) rowOf(at int64) int {
	return max(sort.Search(len(s.rows), func(i int) bool { return s.offset(i) > at })-1, 0)
}

// move moves the choice by rows; beyond the window, that is read anew.
func (s *Pane) move(by int) *scene.Job {
	if s.stale && s.width > 0 { // keys come faster than screens
		s.lay(s.width + streamMargin)
	}
	to := s.at + by
	s.at = min(max(to, 0), max(len(s.rows)-1, 0))
	if len(s.rows) > 0 {
		s.pos = s.offset(s.at)
	}
	switch {
	case s.job.Running() && s.win.size < windowSize:
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
func (s *Pane) jump(at int64) *scene.Job {
	s.pos = at
	if at >= s.win.begin && (at < s.win.end || s.win.last) {
		s.stale = true
		return nil
	}
	return s.fetch(max(at-windowSize/2, 0))
}

// frame is the frame with which the chosen row became whole.
func (s *Pane) frame() (n int, ok bool) {
	if s.at >= len(s.rows) {
		return 0, false
	}
	r := s.rows[s.at]
	return s.win.runs[r.run].pieceAt(int(r.from)).frame, true
}

// draw draws who talks and how it is shown, and the lines around the chosen
// one.
func (s *Pane) Draw(c *draw.Canvas, r draw.Rect, sc *scene.Scene, focus bool) draw.Spot {
	s.Scene = sc
	s.lay(r.W)
	c.Line(r, 0, 0, r.W, '─', draw.Rule)
	x := s.title(c, r)
	if s.job.Running() || s.seeker.Running() {
		c.Right(r, x+1, 0, r.W-1, " reading ", draw.Quiet)
	}
	body := r.Below(1)
	s.area = body
	s.top = max(min(s.top, s.at, max(len(s.rows)-body.H, 0)), s.at-body.H+1)
	if len(s.rows) == 0 {
		c.Text(body, streamMargin, 0, s.nothing(), draw.Quiet)
		return draw.Spot{}
	}
	for y := 0; y < body.H && s.top+y < len(s.rows); y++ {
		s.row(c, draw.Box(body.X, body.Y+y, body.W, 1), s.rows[s.top+y], s.top+y == s.at)
	}
	return draw.At(body.X+streamMargin, body.Y+s.at-s.top, body.H > 0)
}

func (s *Pane) nothing() string {
	switch {
	case s.job.Running():
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
func (s *Pane) title(c *draw.Canvas, r draw.Rect) int {
	x := c.Text(r, 2, 0, " ", draw.Plain)
	x = c.TextTo(r, x, 0, r.W-1, s.is.A, draw.Asker|draw.Bold)
	x = c.Text(r, x, 0, " ⇄ ", draw.Plain)
	x = c.TextTo(r, x, 0, r.W-1, s.is.B, draw.Giver|draw.Bold)
	x = c.Text(r, x, 0, " ", draw.Plain)
	what := formNames[s.form]
	if s.inner {
		what = "inside TLS: " + what
	}
	facts := []string{what, scene.SideNames[s.side], fmt.Sprintf("► %s ◄ %s", scene.FileSize(s.total[0]), scene.FileSize(s.total[1]))}
	if s.win.begin > 0 || s.whole && !s.win.last {
		facts = append(facts, fmt.Sprintf("here: bytes %s to %s of %s", scene.Thousands(int(s.win.begin)), scene.Thousands(int(s.win.end)), scene.Thousands(int(s.total[0]+s.total[1]))))
	}
	for _, f := range facts {
		if x+2+c.Width(f)+2 > r.W {
			break
		}
		x = c.Text(r, x+1, 0, " "+f+" ", draw.Accent)
	}
	return x
}

func (s *Pane) row(c *draw.Canvas, r draw.Rect, row streamRow, chosen bool) {
	run := &s.win.runs[row.run]
	b := run.data[row.from:row.to]
	look, sign := draw.Asker, '►'
	if run.back {
		look, sign = draw.Giver, '◄'
	}
	if chosen {
		c.Sign(r, 0, 0, '▐', draw.Accent)
	}
	if row.from == 0 {
		c.Sign(r, 1, 0, sign, look|draw.Bold)
	} else {
		c.Sign(r, 1, 0, map[bool]rune{false: '>', true: '<'}[run.back], look)
	}
	x := streamMargin
	switch s.form {
	case asText:
		text := plainText(b)
		c.Text(r, x, 0, text, look)
		s.lit(c, r, x, text)
	case asHex:
		s.hexRow(c, r, x, run.off+int64(row.from), b, look)
	case asRaw:
		c.Text(r, x, 0, hex.EncodeToString(b), look)
	}
}

func (s *Pane) hexRow(c *draw.Canvas, r draw.Rect, x int, off int64, b []byte, look draw.Look) {
	per := s.perLine(s.width)
	c.Text(r, x, 0, fmt.Sprintf("%08x", off), draw.Quiet)
	x += 10
	for i, v := range b {
		at := x + 3*i
		if i >= per/2 {
			at++
		}
		c.Text(r, at, 0, fmt.Sprintf("%02x", v), look)
	}
	text := make([]byte, len(b))
	for i, v := range b {
		if v < ' ' || v > '~' {
			v = '.'
		}
		text[i] = v
	}
	x += 3*per + 2
	c.Text(r, x, 0, string(text), look)
	s.lit(c, r, x, string(text))
}

// lit lights what was looked for.
func (s *Pane) lit(c *draw.Canvas, r draw.Rect, x int, text string) {
	if s.needle.Text == "" {
		return
	}
	for _, at := range s.needle.In([]byte(text), 20) {
		begin := x + draw.Width(text[:at[0]])
		c.Mark(r, begin, 0, begin+draw.Width(text[at[0]:at[1]]), draw.Reverse)
	}
}
