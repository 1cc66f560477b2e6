package tui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/layers"
	"strata/trace"
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
	area   rect
	want   trace.EventID
	job    *job
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

// place is the chosen byte, as a byte of a PDU; false: it is known in no PDU.
// While no field is chosen, it is the first byte behind the headers.
func (v *inspect) place() (p trace.Place, ok bool) {
	at, to := v.held()
	if to <= at {
		at = v.base
	}
	if len(v.rows) > 0 && v.rows[v.row()].node == nil && v.in == v.home {
		at = v.base + v.message()
	}
	switch {
	case v.tree == nil || at >= v.end:
		return p, false
	case v.in == layers.InFrame && v.tree == v.whole:
		return trace.Place{PDU: v.t.Frame(v.frame).PDU, Off: int64(at)}, true
	case v.in == v.home:
		return trace.Place{PDU: v.about.pdu, Off: v.about.off + int64(at-v.base)}, true
	}
	return p, false
}

// message is where in the bytes shown the message begins that they carry.
func (v *inspect) message() int {
	ev := v.t.Event(v.event)
	var n nesting
	switch a := v.about; {
	case ev.Kind == trace.Write && v.t.PDU(a.pdu).Proto == layers.Stream:
		n = nesting{origin: a.pdu, at: a.off, payload: a.n}
		n.fill(v.t, v.t.Parents(a.pdu))
	case ev.Layer >= layers.Session:
		n, _ = worn(v.t, a.pdu, ev.Kind == trace.Encode)
	default:
		n = nest(v.t, a.pdu)
	}
	at := int64(0)
	for _, b := range n.heads {
		at += b.n
	}
	if n.payload <= 0 || int(at) >= v.end-v.base {
		return 0
	}
	return int(at)
}

// open begins to follow the chosen byte.
func (x *travel) open(v *viewer, from trace.Place) *job {
	x.job.stop()
	*x = travel{want: v.cursor.event, places: map[trace.PDUID]int64{}}
	stream := trace.PDUID(0) // of the socket: TCP cuts its segments from it
	for _, p := range trace.Everywhere(v.t, from) {
		if _, ok := x.places[p.PDU]; ok {
			continue
		}
		x.places[p.PDU] = p.Off
		if pdu := v.t.PDU(p.PDU); stream == 0 && pdu.Proto == layers.TCP && v.t.PDU(pdu.Of).Proto == layers.Stream {
			stream = pdu.Of
		}
	}
	t, places, next, end := v.t.Trace, x.places, 0, v.t.Frames()
	x.job = &job{viewer: v, work: func(d time.Duration) func() bool {
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
		if !ok || attached(e.Kind) {
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
	if v.page != framesPage || v.t.Events() == 0 {
		return nil
	}
	from, ok := v.inspected().place()
	if !ok {
		m.note = "this byte was made in reading: choose one of the frame (r turns to it)"
		return nil
	}
	v.page, v.zoomed = travelPage, false
	return begin(v.travel.open(v, from))
}

func (m *model) travelAction(a action) tea.Cmd {
	x := &m.viewer.travel
	_, dy := steps(a, max(x.area.h-1, 1))
	switch a {
	case firstStep:
		x.move(-1 << 30)
	case lastStep:
		x.move(1 << 30)
	case enter, moveRight:
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
	v.settled, v.slide, v.why.first = true, 1, 0
	v.cursor.goTo(x.rows[x.at].event)
}

func (m *model) travelMouse(y, by int) {
	x := &m.viewer.travel
	i := x.top + y - x.area.y
	switch {
	case by != 0:
		x.move(by)
	case y < x.area.y || y >= x.area.y+x.area.h || i >= len(x.rows):
	case i == x.at:
		m.openStop()
	default:
		x.move(i - x.at)
	}
}

// draw draws the stops, one a line, in the colours of their layers.
func (x *travel) draw(c *canvas, r rect, v *viewer) spot {
	c.line(r, 0, 0, r.w, '─', rule)
	at := c.textTo(r, 2, 0, r.w-1, " everywhere this byte goes ", accent)
	facts := []string{" " + thousands(len(x.rows)) + " steps "}
	if x.job.running() {
		facts = append(facts, " reading ")
	}
	for _, f := range facts {
		if at+1+c.width(f) < r.w {
			at = c.text(r, at+1, 0, f, quiet)
		}
	}
	body := r.below(1)
	x.area = body
	if len(x.rows) == 0 {
		c.text(body, tagColumn, 0, "nothing is known of where it goes", quiet)
		return spot{}
	}
	x.top = max(min(x.top, x.at, len(x.rows)-body.h), x.at-body.h+1, 0)
	for y := 0; y < body.h && x.top+y < len(x.rows); y++ {
		x.row(c, rect{body.x, body.y + y, body.w, 1}, v, x.top+y)
	}
	if x.top+body.h < len(x.rows) && body.h > 0 {
		c.text(body, body.w-1, body.h-1, "~", accent)
	}
	return spot{body.x + tagColumn, body.y + x.at - x.top, body.h > 0}
}

// The columns of a stop; a narrow screen does without the time and the words.
const (
	stopNode  = 13
	stopLayer = 24
	stopWords = 41
	stopPlace = 60
	wideStops = 74
)

func (x *travel) row(c *canvas, r rect, v *viewer, i int) {
	s := x.rows[i]
	e := v.t.Event(s.event)
	l := layerLook(e.Layer)
	if i == x.at {
		c.sign(r, 0, 0, '▐', accent)
		l |= bold
	}
	node, layer, value := tagColumn, tagColumn+10, tagColumn+27
	if r.w >= wideStops {
		node, layer, value = stopNode, stopLayer, min(stopPlace, r.w-20)
		c.right(r, tagColumn, 0, stopNode-1, v.journey.time(e.Time), quiet)
		words, look := e.Kind.String(), l
		switch {
		case e.Kind == trace.Drop:
			words, look = dropWords(e), bad|bold
		case e.Kind == trace.Transmit:
			words = fmt.Sprintf("transmit frame %d", v.t.FrameOf(s.event)+1)
		}
		if e.Why.Resend() {
			words = "↻ " + words
		}
		c.textTo(r, stopWords, 0, value-1, words, look)
	}
	// A byte that looks as it did before is only named again.
	valueLook := l
	if i > 0 && x.rows[i-1].value != s.value {
		valueLook |= reverse
	}
	c.textTo(r, node, 0, layer-1, v.t.Info().Nodes[e.Node].Name, plain)
	c.textTo(r, layer, 0, layer+2, modelTag(e.Layer, v.model), l)
	c.textTo(r, layer+4, 0, min(stopWords, value)-1, e.Proto.String(), l)
	text := fmt.Sprintf("%02x", s.value)
	if s.value > ' ' && s.value <= '~' {
		text += " " + string(rune(s.value))
	}
	c.textTo(r, value, 0, value+4, text, valueLook)
	c.text(r, value+6, 0, fmt.Sprintf("%s of %s", thousands(int(s.off)+1), thousands(int(s.size))), l)
}
