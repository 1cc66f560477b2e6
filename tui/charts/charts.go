// Package charts is the pane of what a TCP connection did over time: how much
// may be on its way and is, how long answers take, and its sequence numbers as
// tcptrace draws them. It follows the cursor's connection.
//
//	charts.go  the pane: which chart, which stretch of time, keys and clicks
//	chart.go   what each chart shows, with which letters and signs
//	plot.go    one chart in its rectangle
//	dots.go    lines as dots, four times two to a cell; in ASCII as letters
//	scale.go   from values to cells; what stands at the axes
//
// Each line has a letter, each mark a sign: they can be told apart without
// colour. What a capture cannot know is named, and that it cannot be known.
package charts

import (
	"fmt"

	"strata/trace"
	"strata/trace/connection"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane draws the charts.
type Pane struct {
	which int  // the chart that is shown where there is room for one
	other bool // the data of the side that tells less
	zoom  int  // the stretch shown is 2^zoom times shorter than the whole

	of       *connection.Connection
	from, to trace.Time // what is shown
	plots    []plot     // as drawn last
	cols     []connection.Column
	fits     int // how many charts had room
}

// maxZoom keeps a column from being shorter than anything happens in.
const maxZoom = 24

// Name is the pane's word.
func (p *Pane) Name() string { return "charts" }

// Update reads on what the connection did.
func (p *Pane) Update(s *scene.Scene) { s.Start(s.ReadConnection()) }

// rowsEach is how many lines a chart needs beside another one, title, legend
// and axis included.
const rowsEach = 14

// Draw draws as many charts as have room, above each other, over the same
// time.
func (p *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	conn, done := s.Connection()
	defer done()
	p.plots = p.plots[:0]
	if conn == nil {
		_, r = scene.Title(c, r, "charts", focus)
		c.Text(r, scene.Margin, 0, "no TCP connection here: go to a frame of one", draw.Quiet)
		return draw.Spot{}
	}
	side := p.side(conn)
	at := s.Now()
	p.window(conn, at)
	name := fmt.Sprintf("charts: data of %s ► %s", conn.Name(side), conn.Name(1-side))
	if p.zoom > 0 {
		name += fmt.Sprintf(", %s of %s", trace.FormatDuration(p.to-p.from), p.whole(conn))
	}
	_, r = scene.Title(c, r, name, focus)
	if !conn.Ready() {
		c.Text(r, scene.Margin, 0, fmt.Sprintf("reading the connection: %.0f %%", 100*conn.Done()), draw.Accent)
		r = r.Below(1)
	} else if note := place(conn); note != "" && r.H > 2*rowsEach {
		c.Text(r, scene.Margin, 0, note, draw.Quiet)
		r = r.Below(1)
	}
	conn.Focus(p.from, p.to, r.W)
	p.fits = max(1, min(r.H/rowsEach, len(kinds)))
	for i := range p.fits {
		which := (p.which + i) % len(kinds)
		rows := r.H / (p.fits - i)
		last := i == p.fits-1
		pl := plot{conn: conn, s: s, side: side, chart: &kinds[which], from: p.from, to: p.to, at: at, now: s.After(), times: last}
		p.cols = pl.draw(c, r.Top(rows), p.cols)
		p.plots = append(p.plots, pl)
		r = r.Below(rows)
	}
	return p.plots[0].held
}

// side is whose data are shown: of who had to send some again, else of who
// sends more; or the other's.
func (p *Pane) side(c *connection.Connection) int {
	side := 0
	if a, b := c.Any(0, connection.Resent), c.Any(1, connection.Resent); b && !a || a == b && c.Sent(1) > c.Sent(0) {
		side = 1
	}
	if p.other {
		return 1 - side
	}
	return side
}

func (p *Pane) whole(c *connection.Connection) string {
	from, to := c.Span()
	return trace.FormatDuration(to - from)
}

// window is the stretch of time that is shown: all of it, or one that the
// cursor is in.
func (p *Pane) window(c *connection.Connection, at trace.Time) {
	from, to := c.Span()
	if p.of != c {
		p.of, p.zoom = c, 0
	}
	wide := max((to-from)>>p.zoom, 1)
	if p.zoom == 0 {
		p.from, p.to = from, max(to, from+1)
		return
	}
	if edge := wide / 10; p.to-p.from != wide || at < p.from+edge || at > p.to-edge {
		p.from = at - wide/2
	}
	p.from = max(from, min(p.from, to-wide))
	p.to = p.from + wide
}

// place says where a capture was made, as far as it is known: that decides
// what it shows of round trips and of what is in flight.
func place(c *connection.Connection) string {
	if !c.Captured() {
		return ""
	}
	side, answers := c.Near()
	words := func(d int) string {
		if answers[d] < 0 {
			return c.Name(d) + " was not heard to answer"
		}
		return c.Name(d) + " answers within " + trace.FormatDuration(answers[d])
	}
	head := "where it was captured cannot be known: "
	if side >= 0 {
		head = "captured near " + c.Name(side) + ": "
	}
	return head + words(0) + ", " + words(1)
}

// Do turns to another chart or side, and looks closer or at more.
func (p *Pane) Do(a keys.Action, s *scene.Scene) bool {
	_, dy := keys.Steps(a, 1)
	switch {
	case a == keys.Faster:
		p.zoom = min(p.zoom+1, maxZoom)
	case a == keys.Slower:
		p.zoom = max(p.zoom-1, 0)
	case a == keys.OtherSide:
		p.other = !p.other
	case a == keys.TurnOver || a == keys.MoveDown:
		p.which = (p.which + 1) % len(kinds)
	case dy < 0 && a == keys.MoveUp:
		p.which = (p.which + len(kinds) - 1) % len(kinds)
	default:
		return false
	}
	return true
}

// Click goes to what is at a cell: what a sign there stands for, else to its
// time.
func (p *Pane) Click(x, y int, s *scene.Scene) bool {
	conn, done := s.Connection()
	defer done()
	for i := range p.plots {
		pl := &p.plots[i]
		if !pl.area.Has(x, y) || pl.conn != conn {
			continue
		}
		e := pl.under(x - pl.area.X)
		if e == 0 {
			s.At.GoToTime(pl.time(x - pl.area.X))
			return true
		}
		s.At.GoTo(e)
		return true
	}
	return false
}

// Wheel looks closer, or at more.
func (p *Pane) Wheel(by int, _ *scene.Scene) bool {
	p.zoom = max(0, min(p.zoom-by, maxZoom))
	return true
}
