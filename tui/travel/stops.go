package travel

import (
	"bytes"
	"fmt"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// stop is a step that the bytes take part in.
type stop struct {
	event trace.EventID
	off   int64 // of the first of them in what the step is about
	size  int64 // of that
	n     int64 // how many of them
	value []byte
}

// shownBytes is how many bytes a stop shows at most.
const shownBytes = 4

// stop reads one; stream is what the sender's TCP cuts its segments from.
func (x *Pane) stop(n trace.EventID, stream trace.PDUID) (s stop) {
	e := x.T.Event(n)
	s = stop{event: n, size: x.T.Size(e.PDU)}
	pdu := e.PDU
	off, size := x.T.Extent(n)
	if size > 0 && x.T.PDU(pdu).Proto != layers.Stream && stream != 0 {
		pdu = stream // a message is written as what the stream has of it
	}
	lit := x.Lit(pdu)
	if size > 0 && x.T.PDU(pdu).Proto == layers.Stream {
		s.size = size
		for _, l := range lit {
			if l.From < off+size && l.To > off {
				from, to := max(l.From, off), min(l.To, off+size)
				s.off, s.n = from-off, to-from
				s.value = x.T.Append(nil, pdu, from, min(s.n, shownBytes))
				return s
			}
		}
		return s
	}
	if len(lit) > 0 {
		s.off, s.n = lit[0].From, lit[0].To-lit[0].From
		s.value = x.T.Append(nil, pdu, s.off, min(s.n, shownBytes))
	}
	return s
}

// stream is what the first segment on the way was cut from; 0: there is none.
func (x *Pane) stream(stops []trace.EventID) trace.PDUID {
	for _, n := range stops[:min(len(stops), mostBefore)] {
		if e := x.T.Event(n); e.Kind == trace.Segment {
			if of := x.T.PDU(e.PDU).Of; x.T.PDU(of).Proto == layers.Stream {
				return of
			}
		}
	}
	return 0
}

// mostBefore bounds the steps before the first segment: a message's coats.
const mostBefore = 64

// drawStops draws the stops, one a line, in the colours of their layers.
func (x *Pane) drawStops(c *draw.Canvas, r draw.Rect, focus bool) draw.Spot {
	way, looking := x.Journey()
	stops := way.Stops()
	at, body := scene.Title(c, r, "where it goes", focus)
	state := ""
	if looking {
		state = "looking"
	}
	if _, more := way.PDUs(); more {
		state = "and more"
	}
	facts(c, r, at, count(len(stops), "step")+", "+count(len(way.Frames()), "frame"), state)
	l := &x.shown[goes]
	l.n, l.area, l.rowAt = len(stops), body, l.rowAt[:0]
	if len(stops) == 0 {
		c.Text(body, scene.Margin, 0, "nothing is known of where it goes", draw.Quiet)
		return draw.Spot{}
	}
	if x.opening { // on the step that one came from
		for i, n := range stops {
			if n <= x.At.Event {
				l.at = i
			}
		}
		x.opening = looking
	}
	l.at = min(l.at, l.n-1)
	l.top = max(min(l.top, l.at, l.n-body.H), l.at-body.H+1, 0)
	stream := x.stream(stops)
	var before stop
	if l.top > 0 {
		before = x.stop(stops[l.top-1], stream)
	}
	for y := 0; y < body.H && l.top+y < l.n; y++ {
		s := x.stop(stops[l.top+y], stream)
		x.drawStop(c, draw.Box(body.X, body.Y+y, body.W, 1), s, l.top+y == l.at, l.top+y > 0 && !bytes.Equal(before.value, s.value))
		l.rowAt = append(l.rowAt, l.top+y)
		before = s
	}
	if l.top+body.H < l.n && body.H > 0 {
		c.Text(body, body.W-1, body.H-1, "~", draw.Accent)
	}
	return draw.At(body.X+scene.Margin, body.Y+l.at-l.top, body.H > 0)
}

// places are the columns of a stop; 0: there is no room for it.
type places struct{ time, node, layer, words, value int }

// valueRoom is the columns of a value: "47 45 54 20~".
const valueRoom = 13

// placesIn are the columns for a width: a narrow screen does without the time,
// and then without the words.
func placesIn(w int) places {
	switch {
	case w >= 80:
		return places{scene.Margin, 13, 24, 41, min(60, w-valueRoom-12)}
	case w >= 60:
		return places{0, scene.Margin, 12, 28, 41}
	}
	return places{0, scene.Margin, 12, 0, 29}
}

// drawStop draws a stop; changed says that the bytes look otherwise than they
// did before.
func (x *Pane) drawStop(c *draw.Canvas, r draw.Rect, s stop, chosen, changed bool) {
	e := x.T.Event(s.event)
	l := draw.LayerLook(e.Layer)
	if chosen {
		c.Sign(r, 0, 0, '▐', draw.Accent)
		l |= draw.Bold
	}
	p := placesIn(r.W)
	if p.time > 0 {
		c.Right(r, p.time, 0, p.node-1, x.Moment(e.Time), draw.Quiet)
	}
	if p.words > 0 {
		words, look := e.Kind.String(), l
		switch {
		case e.Kind == trace.Drop:
			words, look = scene.DropWords(e), draw.Bad|draw.Bold
		case e.Kind == trace.Transmit:
			words = fmt.Sprintf("frame %d", x.T.FrameOf(s.event)+1)
		}
		if e.Why.Resend() {
			words = "↻ " + words
		}
		c.TextTo(r, p.words, 0, p.value-1, words, look)
	}
	valueLook := l
	if changed {
		valueLook |= draw.Reverse
	}
	c.TextTo(r, p.node, 0, p.layer-1, x.T.Info().Nodes[e.Node].Name, draw.Plain)
	c.TextTo(r, p.layer, 0, p.layer+2, scene.ModelTag(e.Layer, x.Model), l)
	c.TextTo(r, p.layer+4, 0, max(p.words, 28)-1, e.Proto.String(), l)
	c.TextTo(r, p.value, 0, p.value+valueRoom-1, shown(s), valueLook)
	c.Text(r, p.value+valueRoom, 0, fmt.Sprintf("%s of %s", scene.Thousands(int(s.off)+1), scene.Thousands(int(s.size))), l)
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return scene.Thousands(n) + " " + what
}

// shown is the first bytes of a stop; of one byte, its sign, too.
func shown(s stop) string {
	text := fmt.Sprintf("% x", s.value)
	switch b := s.value; {
	case len(b) == 1 && b[0] > ' ' && b[0] <= '~':
		text += " " + string(rune(b[0]))
	case s.n > int64(len(b)):
		text += "~"
	}
	return text
}
