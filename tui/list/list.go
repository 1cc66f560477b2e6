// Package list is the pane of frames as Wireshark lists them.
package list

import (
	"fmt"
	"strings"

	"strata/trace"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane is the list of frames, in Wireshark's columns. It takes apart no
// more frames than it shows.
type Pane struct {
	*scene.Scene
	Times TimeMode
	Rows  scene.Summaries
	Top   int       // the place of the first row shown
	Body  draw.Rect // where the rows were drawn
	ends  [2]int
}

// The columns of the list. Addresses take the room that those seen so far
// need, within bounds.
const (
	leastNumber  = 5
	leastAddress = 11
	mostAddress  = 39 // an IPv6 address, written out
	lengthWidth  = 5
	wideList     = 100
)

// columns is where the list's columns begin, and how wide some are; 0: there
// is no room for it.
type columns struct {
	number, time, src, dst, proto, length, way, info int
	timeWidth, lengthWidth                           int
}

// columns divides a line of w cells; a run of a network also says between
// which nodes a frame goes.
func (l *Pane) columns(w int) columns {
	gap, proto, most := 1, 6, 15
	if w >= wideList {
		gap, proto, most = 2, 9, min(max(w/6, 17), mostAddress) // 17: a MAC address
	}
	number := max(leastNumber, len(fmt.Sprint(l.T.Frames())))
	c := columns{number: 2}
	c.time = c.number + number + gap
	c.src = c.time
	if w >= 56 {
		c.timeWidth = l.Times.Width()
		c.src += c.timeWidth + gap
	}
	c.dst = c.src + min(max(l.ends[0], leastAddress), most) + gap
	c.proto = c.dst + min(max(l.ends[1], leastAddress), most) + gap
	c.length = c.proto + proto + 1
	c.way = c.length
	if w >= 72 {
		c.lengthWidth = lengthWidth
		c.way += lengthWidth + 2
	}
	c.info = c.way
	if w >= wideList && !l.T.Info().Captured {
		c.info += 18
	}
	return c
}

// prepare finds the first row to show, so that the cursor's frame is there,
// and the room that the addresses of all rows shown need.
func (l *Pane) prepare(c *draw.Canvas, h int, s scene.Shown) {
	n := s.Count()
	i, _ := s.Place(l.At.Frame)
	l.Top = max(min(max(l.Top, i-h+1), i, n-h), 0)
	for y := 0; y < h && l.Top+y < n; y++ {
		row := l.Rows.Of(l.T, s.Frame(l.Top+y))
		l.ends[0], l.ends[1] = max(l.ends[0], c.Width(row.Src)), max(l.ends[1], c.Width(row.Dst))
	}
}

// heads draws the columns' names, where other panes have their titles.
func (l *Pane) heads(c *draw.Canvas, r draw.Rect, look draw.Look) {
	at := l.columns(r.W)
	c.Line(r, 0, 0, 2, '─', draw.Rule)
	c.Right(r, at.number, 0, at.time-1, "No.", look)
	c.TextTo(r, at.time+max(at.timeWidth-len(timeHeads[l.Times]), 0), 0, at.time+at.timeWidth, timeHeads[l.Times], look)
	c.TextTo(r, at.src, 0, at.dst-1, "Source", look)
	c.TextTo(r, at.dst, 0, at.proto-1, "Destination", look)
	c.TextTo(r, at.proto, 0, at.length-1, "Proto", look)
	c.Right(r, at.length, 0, at.length+at.lengthWidth, "Len", look)
	if at.way < at.info {
		c.TextTo(r, at.way, 0, at.info-1, "Wire", look)
	}
	x := c.Text(r, at.info, 0, "Info", look)
	c.Line(r, x+1, 0, r.W, '─', draw.Rule)
}

// Name is the pane's word.
func (l *Pane) Name() string { return "frames" }

// Draw draws the columns' names, and the rows around the cursor's frame.
func (l *Pane) Draw(c *draw.Canvas, r draw.Rect, sc *scene.Scene, focus bool) draw.Spot {
	l.Scene = sc
	s := l.Shown()
	heads := draw.Quiet
	if focus {
		heads = draw.Accent
	}
	top := r.Top(1)
	r = l.damage(c, r.Below(1))
	l.prepare(c, r.H, s)
	l.heads(c, top, heads)
	l.Body = r
	n := s.Count()
	_, there := s.Place(l.At.Frame)
	before := -1
	if l.Times == SinceShown && l.Top > 0 && n > 0 {
		before = s.Frame(l.Top - 1)
	}
	held := draw.Spot{}
	for y := 0; y < r.H && l.Top+y < n; y++ {
		frame := s.Frame(l.Top + y)
		chosen := there && frame == l.At.Frame
		l.row(c, draw.Box(r.X, r.Y+y, r.W, 1), frame, before, chosen)
		if chosen {
			held = draw.At(r.X+scene.Margin, r.Y+y, true)
		}
		before = frame
	}
	l.behind(c, r, max(n-l.Top, 0), n, s)
	return held
}

// behind says behind the last row why there are no more.
func (l *Pane) behind(c *draw.Canvas, r draw.Rect, y, n int, s scene.Shown) {
	p := l.T.Reading
	switch {
	case n == 0 && p.Live:
		c.Text(r, scene.Margin, y, waiting(s, p), draw.Quiet)
	case n == 0 && s.Sieve != nil && s.Sieve.Done >= l.T.Frames():
		c.Text(r, scene.Margin, y, "No frame passes this filter. x shows all.", draw.Plain)
	case n == 0 && s.Sieve == nil:
		c.Text(r, scene.Margin, y, "There is no frame in it.", draw.Plain)
	}
}

// damage says at the bottom why the file cannot be read further, and gives
// the room that is left.
func (l *Pane) damage(c *draw.Canvas, r draw.Rect) draw.Rect {
	if l.T.Reading.Damage == nil || r.H < 5 {
		return r
	}
	lines := draw.Wrap(c.Clean("✗ It cannot be read further: "+l.T.Reading.Damage.Error()), max(r.W-scene.Margin, 10))
	lines = lines[:min(len(lines), r.H/3)]
	for i, line := range lines {
		c.Text(r, scene.Margin, r.H-len(lines)+i, line, draw.Bad)
	}
	return r.Top(r.H - len(lines))
}

func waiting(s scene.Shown, p trace.Progress) string {
	switch {
	case s.Sieve != nil && s.T.Frames() > 0:
		return "no frame that came passes this filter; waiting for one that does"
	case p.Pipe:
		return "waiting for the first frame"
	}
	return "reading the file"
}

// row draws one frame's line.
func (l *Pane) row(c *draw.Canvas, r draw.Rect, n, before int, chosen bool) {
	row := l.Rows.Of(l.T, n)
	at := l.columns(r.W)
	look, dim := draw.Plain, draw.Quiet
	if chosen {
		c.Sign(r, 0, 0, '▐', draw.Accent)
		look, dim = draw.Bold, draw.Accent
	}
	if letter := l.Marks.At(n); letter != 0 {
		c.Text(r, 1, 0, string(letter), draw.Accent)
	}
	c.Right(r, at.number, 0, at.time-1, fmt.Sprint(n+1), dim)
	c.Right(r, at.time, 0, at.time+at.timeWidth, l.Times.Text(l.T, n, before), look)
	l.lit(c, r, at.src, at.dst-1, row.Src, look)
	l.lit(c, r, at.dst, at.proto-1, row.Dst, look)
	l.lit(c, r, at.proto, at.length-1, row.Proto, draw.LayerLook(row.Layer)|draw.Bold)
	c.Right(r, at.length, 0, at.length+at.lengthWidth, fmt.Sprint(row.Length), dim)
	if at.way < at.info {
		f := l.T.Frame(n)
		nodes := l.T.Info().Nodes
		c.TextTo(r, at.way, 0, at.info-1, nodes[f.From].Name+" ► "+nodes[f.To].Name, draw.Quiet)
	}
	l.info(c, r, at.info, row, look)
}

// info draws what a frame says: first what is not usual about it.
func (l *Pane) info(c *draw.Canvas, r draw.Rect, x int, row scene.Summary, look draw.Look) {
	told := draw.Accent
	if row.Bad {
		told = draw.Bad | draw.Bold
	}
	if row.Sign != 0 {
		l := told
		if row.Sign == '✗' {
			l = draw.Bad | draw.Bold
		}
		c.Sign(r, x, 0, row.Sign, l)
		x += 2
	}
	if row.Told != "" {
		x = l.lit(c, r, x, r.W, row.Told, told)
		if x+1 < r.W && row.Info != "" {
			x = c.Text(r, x, 0, ": ", told)
		}
	}
	l.lit(c, r, x, r.W, row.Info, look)
}

// lit draws a text, and lights in it what was looked for.
func (l *Pane) lit(c *draw.Canvas, r draw.Rect, x, end int, s string, look draw.Look) int {
	s = c.Clean(s)
	out := c.TextTo(r, x, 0, end, s, look)
	if l.Needle.Text == "" {
		return out
	}
	lower := strings.ToLower(s)
	for from := 0; len(lower) == len(s); {
		i := strings.Index(lower[from:], l.Needle.Text)
		if i < 0 {
			break
		}
		i += from
		begin := x + draw.Width(s[:i])
		c.Mark(r, begin, 0, min(begin+draw.Width(s[i:i+len(l.Needle.Text)]), out), draw.Reverse)
		from = i + len(l.Needle.Text)
	}
	return out
}

// Do has no keys of its own.
func (l *Pane) Do(keys.Action, *scene.Scene) bool { return false }

// Click goes to a frame; false: it is there, or there is none.
func (l *Pane) Click(_, y int, s *scene.Scene) bool {
	i, ok := l.Under(y, s.Shown())
	if !ok {
		return false
	}
	n := s.Shown().Frame(i)
	if n == s.At.Frame {
		return false
	}
	s.Settled = true
	s.At.GoToFrame(n)
	return true
}

// Wheel goes by some frames.
func (l *Pane) Wheel(by int, s *scene.Scene) bool {
	s.MoveFrame(3 * by)
	return true
}

// Under is the place of the list under a line of the screen.
func (l *Pane) Under(y int, s scene.Shown) (i int, ok bool) {
	i = l.Top + y - l.Body.Y
	return i, y >= l.Body.Y && y < l.Body.Y+l.Body.H && i < s.Count()
}
