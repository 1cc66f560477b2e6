package tui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// travel is where a byte goes: from the message that it was written in down
// through every layer, over every hop, sent again where that happened, and up
// into the message that somebody gets.
type travel struct {
	places map[trace.PDUID]int64 // where it is in each PDU that has it
	rows   []stop
	next   int // the first frame that was not looked at
	at     int
	top    int
	area   draw.Rect
	want   trace.EventID
	job    *scene.Job
}

// stop is a step that the byte takes part in.
type stop struct {
	event trace.EventID
	off   int64
	size  int64
	value byte
}

// mostStops bounds the list.
const mostStops = 5000

// open begins to follow the chosen byte.
func (x *travel) open(v *viewer, from trace.Place) *scene.Job {
	x.job.Stop()
	*x = travel{want: v.At.Event, places: map[trace.PDUID]int64{}}
	stream := trace.PDUID(0) // of the socket: TCP cuts its segments from it
	for _, p := range trace.Everywhere(v.T, from) {
		if _, ok := x.places[p.PDU]; ok {
			continue
		}
		x.places[p.PDU] = p.Off
		if pdu := v.T.PDU(p.PDU); stream == 0 && pdu.Proto == layers.TCP && v.T.PDU(pdu.Of).Proto == layers.Stream {
			stream = pdu.Of
		}
	}
	t, places, next, end := v.T.Trace, x.places, 0, v.T.Frames()
	x.job = &scene.Job{Of: v.T, Work: func(d time.Duration) func() bool {
		var found []stop
		for begin := time.Now(); next < end && time.Since(begin) < d; next++ {
			found = stopsOf(t, next, places, stream, found)
		}
		to := next
		return func() bool {
			x.rows = append(x.rows, found...)
			x.rows = x.rows[:min(len(x.rows), mostStops)]
			x.next = to
			for i := range x.rows {
				if x.want != 0 && x.rows[i].event <= x.want {
					x.at = i
				}
			}
			return to < end && len(x.rows) < mostStops
		}
	}}
	return x.job
}

// stopsOf appends the steps of a frame that are about a PDU with the byte.
func stopsOf(t trace.Trace, frame int, places map[trace.PDUID]int64, stream trace.PDUID, dst []stop) []stop {
	for _, id := range t.Steps(frame) {
		e := t.Event(id)
		off, ok := places[e.PDU]
		if !ok || scene.Attached(e.Kind) {
			continue
		}
		s := stop{event: id, off: off, size: t.Size(e.PDU)}
		pdu := e.PDU
		if begin, n := t.Extent(id); (e.Kind == trace.Read || e.Kind == trace.Write) && n > 0 && stream != 0 {
			if off = places[stream]; off < begin || off >= begin+n {
				continue // other bytes of the stream
			}
			pdu, s.off, s.size = stream, off-begin, n
		}
		if b := t.Append(nil, pdu, off, 1); len(b) == 1 {
			s.value = b[0]
			dst = append(dst, s)
		}
	}
	return dst
}

func (x *travel) move(by int) {
	x.want = 0
	x.at = max(min(x.at+by, len(x.rows)-1), 0)
}

// follow opens the page for the byte that is chosen.
func (m *model) followByte() tea.Cmd {
	v := m.viewer
	if v.page != framesPage || v.T.Events() == 0 {
		return nil
	}
	from, ok := v.inspected().Place()
	if !ok {
		m.note = "this byte was made in reading: choose one of the frame (r turns to it)"
		return nil
	}
	v.page, v.zoomed = travelPage, false
	return scene.Begin(v.travel.open(v, from))
}

func (m *model) travelAction(a keys.Action) tea.Cmd {
	x := &m.viewer.travel
	_, dy := keys.Steps(a, max(x.area.H-1, 1))
	switch a {
	case keys.FirstStep:
		x.move(-1 << 30)
	case keys.LastStep:
		x.move(1 << 30)
	case keys.Enter, keys.MoveRight:
		m.openStop()
	default:
		x.move(dy)
	}
	return nil
}

// openStop goes to the chosen step; esc comes back.
func (m *model) openStop() {
	v := m.viewer
	x := &v.travel
	if x.at >= len(x.rows) {
		return
	}
	v.page, v.cameFrom = framesPage, travelPage
	v.showList(false)
	v.Settled, v.slide = true, 1
	v.At.GoTo(x.rows[x.at].event)
}

func (m *model) travelMouse(y, by int) {
	x := &m.viewer.travel
	i := x.top + y - x.area.Y
	switch {
	case by != 0:
		x.move(by)
	case y < x.area.Y || y >= x.area.Y+x.area.H || i >= len(x.rows):
	case i == x.at:
		m.openStop()
	default:
		x.move(i - x.at)
	}
}

// draw draws the stops, one a line, in the colours of their layers.
func (x *travel) draw(c *draw.Canvas, r draw.Rect, v *viewer) draw.Spot {
	c.Line(r, 0, 0, r.W, '─', draw.Rule)
	at := c.TextTo(r, 2, 0, r.W-1, " everywhere this byte goes ", draw.Accent)
	facts := []string{" " + scene.Thousands(len(x.rows)) + " steps "}
	if x.job.Running() {
		facts = append(facts, " reading ")
	}
	for _, f := range facts {
		if at+1+c.Width(f) < r.W {
			at = c.Text(r, at+1, 0, f, draw.Quiet)
		}
	}
	body := r.Below(1)
	x.area = body
	if len(x.rows) == 0 {
		c.Text(body, scene.Margin, 0, "nothing is known of where it goes", draw.Quiet)
		return draw.Spot{}
	}
	x.top = max(min(x.top, x.at, len(x.rows)-body.H), x.at-body.H+1, 0)
	for y := 0; y < body.H && x.top+y < len(x.rows); y++ {
		x.row(c, draw.Box(body.X, body.Y+y, body.W, 1), v, x.top+y)
	}
	if x.top+body.H < len(x.rows) && body.H > 0 {
		c.Text(body, body.W-1, body.H-1, "~", draw.Accent)
	}
	return draw.At(body.X+scene.Margin, body.Y+x.at-x.top, body.H > 0)
}

// The columns of a stop; a narrow screen does without the time and the words.
const (
	stopNode  = 13
	stopLayer = 24
	stopWords = 41
	stopPlace = 60
	wideStops = 74
)

func (x *travel) row(c *draw.Canvas, r draw.Rect, v *viewer, i int) {
	s := x.rows[i]
	e := v.T.Event(s.event)
	l := draw.LayerLook(e.Layer)
	if i == x.at {
		c.Sign(r, 0, 0, '▐', draw.Accent)
		l |= draw.Bold
	}
	node, layer, value := scene.Margin, scene.Margin+10, scene.Margin+27
	if r.W >= wideStops {
		node, layer, value = stopNode, stopLayer, min(stopPlace, r.W-20)
		c.Right(r, scene.Margin, 0, stopNode-1, v.Moment(e.Time), draw.Quiet)
		words, look := e.Kind.String(), l
		switch {
		case e.Kind == trace.Drop:
			words, look = scene.DropWords(e), draw.Bad|draw.Bold
		case e.Kind == trace.Transmit:
			words = fmt.Sprintf("transmit frame %d", v.T.FrameOf(s.event)+1)
		}
		if e.Why.Resend() {
			words = "↻ " + words
		}
		c.TextTo(r, stopWords, 0, value-1, words, look)
	}
	// A byte that looks as it did before is only named again.
	valueLook := l
	if i > 0 && x.rows[i-1].value != s.value {
		valueLook |= draw.Reverse
	}
	c.TextTo(r, node, 0, layer-1, v.T.Info().Nodes[e.Node].Name, draw.Plain)
	c.TextTo(r, layer, 0, layer+2, scene.ModelTag(e.Layer, v.Model), l)
	c.TextTo(r, layer+4, 0, min(stopWords, value)-1, e.Proto.String(), l)
	text := fmt.Sprintf("%02x", s.value)
	if s.value > ' ' && s.value <= '~' {
		text += " " + string(rune(s.value))
	}
	c.TextTo(r, value, 0, value+4, text, valueLook)
	c.Text(r, value+6, 0, fmt.Sprintf("%s of %s", scene.Thousands(int(s.off)+1), scene.Thousands(int(s.size))), l)
}
