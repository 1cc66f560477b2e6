// Package travel is the pane of where a byte goes.
package travel

import (
	"fmt"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Pane is where a byte goes: from the message that it was written in down
// through every layer, over every hop, sent again where that happened, and up
// into the message that somebody gets.
type Pane struct {
	*scene.Scene
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
func (x *Pane) open(s *scene.Scene, from trace.Place) *scene.Job {
	x.job.Stop()
	*x = Pane{Scene: s, want: s.At.Event, places: map[trace.PDUID]int64{}}
	stream := trace.PDUID(0) // of the socket: TCP cuts its segments from it
	for _, p := range trace.Everywhere(s.T, from) {
		if _, ok := x.places[p.PDU]; ok {
			continue
		}
		x.places[p.PDU] = p.Off
		if pdu := s.T.PDU(p.PDU); stream == 0 && pdu.Proto == layers.TCP && s.T.PDU(pdu.Of).Proto == layers.Stream {
			stream = pdu.Of
		}
	}
	t, places, next, end := s.T.Trace, x.places, 0, s.T.Frames()
	x.job = &scene.Job{Of: s.T, Work: func(d time.Duration) func() bool {
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

func (x *Pane) move(by int) {
	x.want = 0
	x.at = max(min(x.at+by, len(x.rows)-1), 0)
}

// Draw draws the stops, one a line, in the colours of their layers.
func (x *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	x.Scene = s
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
		x.row(c, draw.Box(body.X, body.Y+y, body.W, 1), x.top+y)
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

func (x *Pane) row(c *draw.Canvas, r draw.Rect, i int) {
	s := x.rows[i]
	e := x.T.Event(s.event)
	l := draw.LayerLook(e.Layer)
	if i == x.at {
		c.Sign(r, 0, 0, '▐', draw.Accent)
		l |= draw.Bold
	}
	node, layer, value := scene.Margin, scene.Margin+10, scene.Margin+27
	if r.W >= wideStops {
		node, layer, value = stopNode, stopLayer, min(stopPlace, r.W-20)
		c.Right(r, scene.Margin, 0, stopNode-1, x.Moment(e.Time), draw.Quiet)
		words, look := e.Kind.String(), l
		switch {
		case e.Kind == trace.Drop:
			words, look = scene.DropWords(e), draw.Bad|draw.Bold
		case e.Kind == trace.Transmit:
			words = fmt.Sprintf("transmit frame %d", x.T.FrameOf(s.event)+1)
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
	c.TextTo(r, node, 0, layer-1, x.T.Info().Nodes[e.Node].Name, draw.Plain)
	c.TextTo(r, layer, 0, layer+2, scene.ModelTag(e.Layer, x.Model), l)
	c.TextTo(r, layer+4, 0, min(stopWords, value)-1, e.Proto.String(), l)
	text := fmt.Sprintf("%02x", s.value)
	if s.value > ' ' && s.value <= '~' {
		text += " " + string(rune(s.value))
	}
	c.TextTo(r, value, 0, value+4, text, valueLook)
	c.Text(r, value+6, 0, fmt.Sprintf("%s of %s", scene.Thousands(int(s.off)+1), scene.Thousands(int(s.size))), l)
}
