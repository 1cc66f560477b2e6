package tui

import (
	"fmt"
	"strings"

	"strata/layers"
	"strata/trace"
)

// draw draws the messages, and beneath them the chosen one in whole.
func (x *messages) draw(c *canvas, r rect, v *viewer) spot {
	x.title(c, r, v)
	body := r.below(1)
	var below rect
	if n := min(max(body.h/3, body.h-2-len(x.shown)), body.h*2/3); n >= 4 && len(x.shown) > 0 {
		below = body.below(body.h - n)
		body = body.top(body.h - n)
	}
	at := messageColumns(body.w)
	x.heads(c, body, at)
	body = body.below(1)
	x.area = body
	if len(x.shown) == 0 {
		c.text(body, tagColumn, 0, x.nothing(), quiet)
		return spot{}
	}
	x.top = max(min(x.top, x.at, len(x.shown)-body.h), x.at-body.h+1, 0)
	for y := 0; y < body.h && x.top+y < len(x.shown); y++ {
		m := &x.rows[x.shown[x.top+y]]
		if m.proto == "" {
			m.proto = protoOf(v.t, m)
		}
		x.row(c, rect{body.x, body.y + y, body.w, 1}, v, at, m, x.top+y == x.at)
	}
	if x.top+body.h < len(x.shown) && body.h > 0 {
		c.text(body, body.w-1, body.h-1, "~", rule)
	}
	if m := x.chosen(); !below.empty() && m != nil {
		x.whole(c, below, v, m)
	}
	return spot{body.x + tagColumn, body.y + x.at - x.top, body.h > 0}
}

func (x *messages) nothing() string {
	switch {
	case x.job.running():
		return "reading what the programs said"
	case len(x.rows) > 0:
		return "This side said nothing. d shows the other one, too."
	}
	return "No program has handed over a message."
}

func (x *messages) title(c *canvas, r rect, v *viewer) {
	c.line(r, 0, 0, r.w, '─', rule)
	facts := []string{" messages, as the programs saw them ", " " + thousands(len(x.shown)) + " ", " " + sideNames[x.side] + " "}
	if x.over {
		facts = append(facts, " there are more ")
	}
	if x.job.running() {
		facts = append(facts, " reading ")
	}
	if lost := " " + thousands(x.lost) + " never got there "; x.lost > 0 && x.ended(v) {
		facts = append(facts, lost)
	}
	at := 2
	for i, f := range facts {
		l := quiet
		switch {
		case i == 0:
			l = accent
		case strings.HasSuffix(f, "got there "):
			l = bad
		}
		if at+c.width(f) > r.w-1 {
			break
		}
		at = c.text(r, at, 0, f, l) + 1
	}
}

// messageAt is where the columns begin; 0: there is no room for one.
type messageAt struct{ time, took, left, sign, right, proto, size, text int }

func messageColumns(w int) messageAt {
	switch {
	case w >= 130:
		return messageAt{time: 2, took: 14, left: 25, sign: 46, right: 48, proto: 70, size: 86, text: 96}
	case w >= 100:
		return messageAt{time: 2, took: 13, left: 23, sign: 36, right: 38, proto: 51, size: 66, text: 75}
	case w >= 70:
		return messageAt{time: 2, left: 13, sign: 22, right: 24, proto: 33, size: 48, text: 57}
	}
	return messageAt{left: 2, sign: 10, right: 12, text: 20}
}

func (x *messages) heads(c *canvas, r rect, at messageAt) {
	if at.time > 0 {
		c.right(r, at.time, 0, at.time+9, "Sent", quiet)
	}
	if at.took > 0 {
		c.right(r, at.took, 0, at.left-2, "Took", quiet)
	}
	c.textTo(r, at.left, 0, at.sign, "Client", quiet)
	c.textTo(r, at.right, 0, max(at.proto, at.text)-1, "Server", quiet)
	if at.proto > 0 {
		c.textTo(r, at.proto, 0, at.size-1, "Protocol", quiet)
		c.right(r, at.size, 0, at.text-2, "Size", quiet)
	}
	c.text(r, at.text, 0, "Message", quiet)
}

func (x *messages) row(c *canvas, r rect, v *viewer, at messageAt, m *message, chosen bool) {
	look, who, sign := plain, asker, '►'
	if m.back {
		who, sign = giver, '◄'
	}
	if chosen {
		c.sign(r, 0, 0, '▐', accent)
		look, who = bold, who|bold
	}
	if at.time > 0 {
		c.right(r, at.time, 0, at.time+9, v.journey.time(v.t.Event(m.first()).Time), look)
	}
	text, l := x.took(v, m)
	if at.took > 0 {
		c.right(r, at.took, 0, at.left-2, text, l)
	}
	room := 0
	if at.took > 0 {
		room = at.sign - at.left - 1
	}
	left, right := x.ends(c, v, m, room)
	c.textTo(r, at.left, 0, at.sign-1, left, who)
	c.sign(r, at.sign, 0, sign, who)
	end := at.proto
	if end == 0 {
		end = at.text
	}
	c.textTo(r, at.right, 0, end-1, right, who)
	if at.proto > 0 {
		c.textTo(r, at.proto, 0, at.size-1, m.proto, layerLook(layers.Application))
		size := fmt.Sprintf("%d B", m.size)
		if c.width(size) > at.text-2-at.size {
			number, unit, _ := strings.Cut(fileSize(m.size), ".")
			size = number + unit[min(1, len(unit)):] // "200 kB"
		}
		c.right(r, at.size, 0, at.text-2, size, look)
	}
	to := at.text
	if at.took == 0 && l == bad {
		to = c.text(r, to, 0, "✗ ", bad)
	}
	c.textTo(r, to, 0, r.w, preview(x.start(v, m, r.w)), layerLook(layers.Application))
}

// start is the beginning of a message.
func (x *messages) start(v *viewer, m *message, n int) []byte {
	return v.t.Append(nil, v.t.Event(m.first()).PDU, 0, int64(max(n, 0)))
}

// inPieces says that a stream's bytes were got, but not in the pieces that
// they were sent in.
const inPieces = "pieces"

// took is how long a message was on its way, or what is known of it.
func (x *messages) took(v *viewer, m *message) (string, look) {
	switch {
	case v.t.Info().Captured:
		return "", quiet // it is seen at one point of its way
	case m.sent == 0, m.got == 0 && x.cut[m.to]:
		return inPieces, quiet
	case m.got != 0:
		return trace.FormatDuration(v.t.Event(m.got).Time - v.t.Event(m.sent).Time), plain
	case !x.ended(v):
		return "not yet", quiet
	}
	return "✗ never", bad
}

// ended tells whether what was not got until now never will be.
func (x *messages) ended(v *viewer) bool {
	return x.next >= v.t.Frames() && !v.t.progress.Live && !v.t.Info().Captured
}

// ends are a message's two ends, the one that was connected to second; by
// their nodes' names where these are known, and with their ports where there
// is room.
func (x *messages) ends(c *canvas, v *viewer, m *message, room int) (left, right string) {
	left, right = x.end(c, v, m.from, m.sent, room), x.end(c, v, m.to, m.got, room)
	if m.back {
		left, right = right, left
	}
	return left, right
}

func (x *messages) end(c *canvas, v *viewer, end string, e trace.EventID, room int) string {
	name, where := end, ""
	if i := strings.LastIndexByte(end, ':'); i > 0 {
		name, where = strings.Trim(end[:i], "[]"), end[i:]
	}
	if n, ok := v.journey.lanes.owner[name]; ok {
		name = v.t.Info().Nodes[n].Name
	} else if e != 0 && !v.t.Info().Captured {
		name = v.t.Info().Nodes[v.t.Event(e).Node].Name
	}
	if c.width(name+where) > room {
		return name
	}
	return name + where
}

// whole draws what is known of a message, how it grew on its way down, and its
// text.
func (x *messages) whole(c *canvas, r rect, v *viewer, m *message) {
	c.line(r, 0, 0, r.w, '─', rule)
	at := c.text(r, 2, 0, " "+m.proto+": from "+m.from+" to "+m.to+" ", quiet)
	text, l := x.took(v, m)
	switch {
	case text == inPieces && m.sent == 0:
		text = "not sent so: a stream keeps no messages"
	case text == inPieces:
		text = "not got so: a stream keeps no messages"
	case l == bad:
		text = "✗ never got there"
	case m.got != 0 && text != "":
		text = "there after " + text
	}
	if text != "" && at+c.width(text)+3 < r.w {
		c.text(r, at+1, 0, " "+text+" ", l)
	}
	body := rect{r.x + tagColumn, r.y + 1, r.w - tagColumn, r.h - 1}
	if m.sent != 0 {
		x.growth(c, body, v, m)
		body = body.below(1)
	}
	shown := x.start(v, m, body.w*max(body.h, 0))
	lines := strings.Split(preview(shown), "\n")
	y := 0
	for _, line := range lines {
		for _, part := range wrap(c.clean(strings.TrimRight(line, "\r")), body.w) {
			if y == body.h-1 && (int64(len(shown)) < m.size || len(lines) > body.h) {
				c.text(body, body.w-1, y, "~", rule)
			}
			c.textTo(body, 0, y, body.w-2, part, layerLook(layers.Application))
			y++
		}
	}
}

// growth says what was wrapped around a message on its way down.
func (x *messages) growth(c *canvas, r rect, v *viewer, m *message) {
	t := v.t
	at := c.text(r, 0, 0, fmt.Sprintf("%d B", m.size), layerLook(layers.Application)|bold)
	at = c.text(r, at+1, 0, "message", layerLook(layers.Application))
	grown := coatsOf(t, m)
	for _, id := range chain(t, t.Frame(t.FrameOf(m.sent)).Transmit) {
		if e := t.Event(id); e.PDU != 0 && e.Layer <= layers.Transport && e.Layer > layers.Physical {
			grown = append(grown, sized{e.Proto, t.Size(e.PDU)})
		}
	}
	was, several := m.size, false
	for _, w := range grown {
		if w.n == was {
			continue
		}
		was = w.n
		if at+len(" ► 65535 WebSocket ~") > r.w {
			c.text(r, at+1, 0, "~", quiet)
			return
		}
		at = c.text(r, at+1, 0, "►", quiet)
		at = c.text(r, at+1, 0, fmt.Sprint(w.n), layerLook(w.proto.Layer())|bold)
		at = c.text(r, at+1, 0, w.proto.String(), layerLook(w.proto.Layer()))
		if w.n < m.size && !several && w.proto != layers.Gzip {
			several = true
			at = c.text(r, at, 0, ", the first of several", quiet)
		}
	}
}
