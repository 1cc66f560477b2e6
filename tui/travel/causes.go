package travel

import (
	"fmt"
	"slices"
	"strings"

	"strata/trace"
	"strata/trace/origin"
	"strata/tui/draw"
	"strata/tui/scene"
)

// cause is a link of the chain, as lines.
type cause struct {
	text  []string
	where string // RFC, frame, how it is known
}

// causeIndent is the columns before a cause's text: the bar, and its number.
const causeIndent = scene.Margin + 3

func (x *Pane) cause(c *draw.Canvas, l *origin.Link, w int) cause {
	out := cause{text: draw.Wrap(c.Clean(x.sentence(l.Text)), max(w-causeIndent, 8))}
	var where []string
	if l.RFC != "" {
		where = append(where, l.RFC)
	}
	if l.Frame >= 0 {
		where = append(where, fmt.Sprintf("frame %d", l.Frame+1))
	}
	if l.Known != origin.Recorded {
		where = append(where, l.Known.String())
	}
	out.where = strings.Join(where, ", ")
	return out
}

// sentence begins with a capital, unless that is a node's name, and ends with
// a full stop.
func (x *Pane) sentence(s string) string {
	word, _, _ := strings.Cut(s, " ")
	name := slices.ContainsFunc(x.T.Info().Nodes, func(n trace.Node) bool { return strings.TrimSuffix(word, "'s") == n.Name })
	if s != "" && !name && s[0] >= 'a' && s[0] <= 'z' {
		s = strings.ToUpper(s[:1]) + s[1:]
	}
	if s != "" && !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

// lines is how many lines a cause takes.
func (a cause) lines() int {
	if a.where == "" {
		return len(a.text)
	}
	return len(a.text) + 1
}

// height is how many lines all causes take at a width.
func (x *Pane) height(c *draw.Canvas, w int) (n int) {
	for i := range x.asked.Links() {
		n += x.cause(c, &x.asked.Links()[i], w).lines()
	}
	return n
}

// drawCauses draws what decided the bytes, the nearest cause first.
func (x *Pane) drawCauses(c *draw.Canvas, r draw.Rect, focus bool) draw.Spot {
	at, body := scene.Title(c, r, "where it comes from", focus)
	state := ""
	if x.asking.Running() {
		state = "looking"
	}
	value := x.asked.Shown()
	if len(value) > 24 || x.field == "" {
		value = ""
	}
	facts(c, r, at, x.what(), value, state)
	links := x.asked.Links()
	l := &x.shown[comes]
	l.n, l.area, l.rowAt = len(links), body, l.rowAt[:0]
	l.at = max(min(l.at, l.n-1), 0)
	causes := make([]cause, len(links))
	for i := range links {
		causes[i] = x.cause(c, &links[i], body.W)
	}
	l.scroll(causes, body.H)
	spot := draw.Spot{}
	y := 0
	for i := l.top; i < len(causes) && y < body.H; i++ {
		if i == l.at {
			spot = draw.At(body.X+scene.Margin, body.Y+y, true)
		}
		y = x.drawCause(c, body, causes[i], i, y, &links[i], i == l.at && focus)
	}
	if y >= body.H && len(causes) > 0 && body.H > 0 && (len(l.rowAt) > 0 && l.rowAt[len(l.rowAt)-1] < len(causes)-1) {
		c.Text(body, body.W-1, body.H-1, "~", draw.Accent)
	}
	return spot
}

// scroll lets the chosen cause be seen, whole if it can.
func (l *column) scroll(causes []cause, h int) {
	l.top = min(l.top, l.at)
	for l.top < l.at {
		n := 0
		for _, a := range causes[l.top : l.at+1] {
			n += a.lines()
		}
		if n <= h {
			break
		}
		l.top++
	}
}

// drawCause draws one from line y on, and gives the line behind it.
func (x *Pane) drawCause(c *draw.Canvas, r draw.Rect, a cause, i, y int, link *origin.Link, chosen bool) int {
	l := &x.shown[comes]
	look := draw.Plain
	if link.Known == origin.Unknown {
		look = draw.Quiet
	}
	for k, text := range a.text {
		if y >= r.H {
			return y
		}
		if chosen {
			c.Sign(r, 0, y, '▐', draw.Accent)
		}
		if k == 0 {
			c.Text(r, scene.Margin, y, fmt.Sprint(i+1), draw.Accent)
		}
		c.TextTo(r, causeIndent, y, r.W, text, look)
		l.rowAt = append(l.rowAt, i)
		y++
	}
	if a.where != "" && y < r.H {
		c.TextTo(r, causeIndent, y, r.W, a.where, draw.Quiet)
		l.rowAt = append(l.rowAt, i)
		y++
	}
	return y
}
