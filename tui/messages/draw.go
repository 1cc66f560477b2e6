package messages

import (
	"fmt"
	"strings"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Draw draws the messages, and beneath them the chosen one in whole.
func (x *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	x.Scene = s
	x.near()
	x.title(c, r, focus)
	body := r.Below(1)
	var below draw.Rect
	if n := min(max(body.H/3, body.H-2-len(x.shown)), body.H*2/3); n >= 4 && len(x.shown) > 0 {
		below = body.Below(body.H - n)
		body = body.Top(body.H - n)
	}
	at := messageColumns(body.W)
	x.heads(c, body, at)
	body = body.Below(1)
	x.area = body
	if len(x.shown) == 0 {
		c.Text(body, scene.Margin, 0, x.nothing(), draw.Quiet)
		return draw.Spot{}
	}
	x.top = max(min(x.top, x.at, len(x.shown)-body.H), x.at-body.H+1, 0)
	for y := 0; y < body.H && x.top+y < len(x.shown); y++ {
		m := &x.rows[x.shown[x.top+y]]
		if m.proto == "" {
			m.proto = protoOf(x.T, m)
		}
		x.row(c, draw.Box(body.X, body.Y+y, body.W, 1), at, m, x.top+y == x.at)
	}
	if x.top+body.H < len(x.shown) && body.H > 0 {
		c.Text(body, body.W-1, body.H-1, "~", draw.Rule)
	}
	if m := x.chosen(); !below.Empty() && m != nil {
		x.whole(c, below, m)
	}
	return draw.At(body.X+scene.Margin, body.Y+x.at-x.top, body.H > 0)
}

func (x *Pane) nothing() string {
	switch {
	case x.job.Running():
		return "reading what the programs said"
	case len(x.rows) > 0:
		return "This side said nothing. d shows the other one, too."
	}
	return "No program has handed over a message."
}

func (x *Pane) title(c *draw.Canvas, r draw.Rect, focus bool) {
	c.Line(r, 0, 0, r.W, '─', draw.Rule)
	facts := []string{" messages, as the programs saw them ", " " + scene.Thousands(len(x.shown)) + " ", " " + scene.SideNames[x.side] + " "}
	if x.over {
		facts = append(facts, " there are more ")
	}
	if x.job.Running() {
		facts = append(facts, " reading ")
	}
	if lost := " " + scene.Thousands(x.lost) + " never got there "; x.lost > 0 && x.ended() {
		facts = append(facts, lost)
	}
	at := 2
	for i, f := range facts {
		l := draw.Quiet
		switch {
		case i == 0 && focus:
			l = draw.Accent
		case strings.HasSuffix(f, "got there "):
			l = draw.Bad
		}
		if at+c.Width(f) > r.W-1 {
			break
		}
		at = c.Text(r, at, 0, f, l) + 1
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

func (x *Pane) heads(c *draw.Canvas, r draw.Rect, at messageAt) {
	if at.time > 0 {
		c.Right(r, at.time, 0, at.time+9, "Sent", draw.Quiet)
	}
	if at.took > 0 {
		c.Right(r, at.took, 0, at.left-2, "Took", draw.Quiet)
	}
	c.TextTo(r, at.left, 0, at.sign, "Client", draw.Quiet)
	c.TextTo(r, at.right, 0, max(at.proto, at.text)-1, "Server", draw.Quiet)
	if at.proto > 0 {
		c.TextTo(r, at.proto, 0, at.size-1, "Protocol", draw.Quiet)
		c.Right(r, at.size, 0, at.text-2, "Size", draw.Quiet)
	}
	c.Text(r, at.text, 0, "Message", draw.Quiet)
}

func (x *Pane) row(c *draw.Canvas, r draw.Rect, at messageAt, m *message, chosen bool) {
	look, who, sign := draw.Plain, draw.Asker, '►'
	if m.back {
		who, sign = draw.Giver, '◄'
	}
	if chosen {
		c.Sign(r, 0, 0, '▐', draw.Accent)
		look, who = draw.Bold, who|draw.Bold
	}
	if at.time > 0 {
		c.Right(r, at.time, 0, at.time+9, x.Moment(x.T.Event(m.first()).Time), look)
	}
	text, l := x.took(m)
	if at.took > 0 {
		c.Right(r, at.took, 0, at.left-2, text, l)
	}
	room := 0
	if at.took > 0 {
		room = at.sign - at.left - 1
	}
	left, right := x.ends(c, m, room)
	c.TextTo(r, at.left, 0, at.sign-1, left, who)
	c.Sign(r, at.sign, 0, sign, who)
	end := at.proto
	if end == 0 {
		end = at.text
	}
	c.TextTo(r, at.right, 0, end-1, right, who)
	if at.proto > 0 {
		c.TextTo(r, at.proto, 0, at.size-1, m.proto, draw.LayerLook(layers.Application))
		size := fmt.Sprintf("%d B", m.size)
		if c.Width(size) > at.text-2-at.size {
			number, unit, _ := strings.Cut(scene.FileSize(m.size), ".")
			size = number + unit[min(1, len(unit)):] // "200 kB"
		}
		c.Right(r, at.size, 0, at.text-2, size, look)
	}
	to := at.text
	if at.took == 0 && l == draw.Bad {
		to = c.Text(r, to, 0, "✗ ", draw.Bad)
	}
	c.TextTo(r, to, 0, r.W, scene.Preview(x.start(m, r.W)), draw.LayerLook(layers.Application))
}

// start is the beginning of a message.
func (x *Pane) start(m *message, n int) []byte {
	return x.T.Append(nil, x.T.Event(m.first()).PDU, 0, int64(max(n, 0)))
}

// inPieces says that a stream's bytes were got, but not in the pieces that
// they were sent in.
const inPieces = "pieces"

// took is how long a message was on its way, or what is known of it.
func (x *Pane) took(m *message) (string, draw.Look) {
	switch {
	case x.T.Info().Captured:
		return "", draw.Quiet // it is seen at one point of its way
	case m.sent == 0, m.got == 0 && x.cut[m.to]:
		return inPieces, draw.Quiet
	case m.got != 0:
		return trace.FormatDuration(x.T.Event(m.got).Time - x.T.Event(m.sent).Time), draw.Plain
	case !x.ended():
		return "not yet", draw.Quiet
	}
	return "✗ never", draw.Bad
}

// ended tells whether what was not got until now never will be.
func (x *Pane) ended() bool {
	return x.next >= x.T.Frames() && !x.T.Reading.Live && !x.T.Info().Captured
}

// ends are a message's two ends, the one that was connected to second; by
// their nodes' names where these are known, and with their ports where there
// is room.
func (x *Pane) ends(c *draw.Canvas, m *message, room int) (left, right string) {
	left, right = x.end(c, m.from, m.sent, room), x.end(c, m.to, m.got, room)
	if m.back {
		left, right = right, left
	}
	return left, right
}

func (x *Pane) end(c *draw.Canvas, end string, e trace.EventID, room int) string {
	name, where := end, ""
	if i := strings.LastIndexByte(end, ':'); i > 0 {
		name, where = strings.Trim(end[:i], "[]"), end[i:]
	}
	if n, ok := x.Lanes.Owner(name); ok {
		name = x.T.Info().Nodes[n].Name
	} else if e != 0 && !x.T.Info().Captured {
		name = x.T.Info().Nodes[x.T.Event(e).Node].Name
	}
	if c.Width(name+where) > room {
		return name
	}
	return name + where
}

// whole draws what is known of a message, how it grew on its way down, and its
// text.
func (x *Pane) whole(c *draw.Canvas, r draw.Rect, m *message) {
	c.Line(r, 0, 0, r.W, '─', draw.Rule)
	at := c.Text(r, 2, 0, " "+m.proto+": from "+m.from+" to "+m.to+" ", draw.Quiet)
	text, l := x.took(m)
	switch {
	case text == inPieces && m.sent == 0:
		text = "not sent so: a stream keeps no messages"
	case text == inPieces:
		text = "not got so: a stream keeps no messages"
	case l == draw.Bad:
		text = "✗ never got there"
	case m.got != 0 && text != "":
		text = "there after " + text
	}
	if text != "" && at+c.Width(text)+3 < r.W {
		c.Text(r, at+1, 0, " "+text+" ", l)
	}
	body := draw.Box(r.X+scene.Margin, r.Y+1, r.W-scene.Margin, r.H-1)
	if m.sent != 0 {
		x.growth(c, body, m)
		body = body.Below(1)
	}
	shown := x.start(m, body.W*max(body.H, 0))
	lines := strings.Split(scene.Preview(shown), "\n")
	y := 0
	for _, line := range lines {
		for _, part := range draw.Wrap(c.Clean(strings.TrimRight(line, "\r")), body.W) {
			if y == body.H-1 && (int64(len(shown)) < m.size || len(lines) > body.H) {
				c.Text(body, body.W-1, y, "~", draw.Rule)
			}
			c.TextTo(body, 0, y, body.W-2, part, draw.LayerLook(layers.Application))
			y++
		}
	}
}

// growth says what was wrapped around a message on its way down.
func (x *Pane) growth(c *draw.Canvas, r draw.Rect, m *message) {
	t := x.T
	at := c.Text(r, 0, 0, fmt.Sprintf("%d B", m.size), draw.LayerLook(layers.Application)|draw.Bold)
	at = c.Text(r, at+1, 0, "message", draw.LayerLook(layers.Application))
	grown := coatsOf(t, m)
	for _, id := range scene.Chain(t, t.Frame(t.FrameOf(m.sent)).Transmit) {
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
		if at+len(" ► 65535 WebSocket ~") > r.W {
			c.Text(r, at+1, 0, "~", draw.Quiet)
			return
		}
		at = c.Text(r, at+1, 0, "►", draw.Quiet)
		at = c.Text(r, at+1, 0, fmt.Sprint(w.n), draw.LayerLook(w.proto.Layer())|draw.Bold)
		at = c.Text(r, at+1, 0, w.proto.String(), draw.LayerLook(w.proto.Layer()))
		if w.n < m.size && !several && w.proto != layers.Gzip {
			several = true
			at = c.Text(r, at, 0, ", the first of several", draw.Quiet)
		}
	}
}
