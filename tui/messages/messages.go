// Package messages is the application's pane: the messages as the programs saw
// them, both directions, in order.
package messages

import (
	"bytes"
	"slices"
	"sort"
	"strings"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/inspect"
	"strata/tui/scene"
)

// Pane is what the programs handed over and got, both directions, in
// order: the application's view of a run. It is found by going through the
// events, in the background.
type Pane struct {
	*scene.Scene
	rows   []message
	shown  []int           // of rows: those of the side shown
	lost   int             // of these: how many nobody got so far
	cut    map[string]bool // ends that got what nobody sent so: a stream keeps no messages
	at     int             // the chosen one of those shown
	top    int
	side   scene.Side
	next   int // the first frame that was not looked at
	over   bool
	want   trace.EventID // the step that the choice is to be near; 0: it was moved
	of     trace.EventID // the cursor's when it was last looked at
	job    *scene.Job
	area   draw.Rect
	typed  string
	seeker *scene.Job
}

// message is one message: where it was handed over, where it was got.
type message struct {
	sent, got trace.EventID // 0: not seen
	from, to  string        // "10.0.0.1:49152"
	back      bool          // from the side that was connected to
	size      int64
	proto     string // "Socket.IO, TLS"; worked out when it is drawn
}

// first is the event that comes first of a message.
func (m *message) first() trace.EventID {
	if m.sent != 0 {
		return m.sent
	}
	return m.got
}

// mostMessages is how many messages are listed.
const mostMessages = 100_000

// update looks at what has come; nil when there is nothing to look at.
func (x *Pane) update() *scene.Job {
	if x.job.Running() || x.next >= x.T.Frames() || x.over || x.T.Frozen {
		return nil
	}
	t, next, end := x.T.Trace, x.next, x.T.Frames()
	x.job = &scene.Job{Of: x.T, Work: func(d time.Duration) func() bool {
		var found []message
		for begin := time.Now(); next < end && time.Since(begin) < d; next++ {
			found = messagesOf(t, next, found)
		}
		to := next
		return func() bool {
			for i := range found {
				x.add(t, &found[i])
			}
			x.next = to
			x.list()
			return to < end && !x.over
		}
	}}
	return x.job
}

// messagesOf appends the messages that are handed over or got in the steps of
// a frame.
func messagesOf(t trace.Trace, frame int, dst []message) []message {
	for _, id := range t.Steps(frame) {
		e := t.Event(id)
		if e.Kind != trace.Send && e.Kind != trace.Deliver {
			continue
		}
		m := message{size: t.Size(e.PDU)}
		m.from, m.to = t.Peers(id)
		m.back = port(m.from) < port(m.to)
		if e.Kind == trace.Send {
			m.sent = id
		} else {
			m.got = id
		}
		dst = append(dst, m)
	}
	return dst
}

// port is the port of an end: who has the lower one was connected to.
func port(end string) (n int) {
	for _, d := range end[strings.LastIndexByte(end, ':')+1:] {
		if d >= '0' && d <= '9' && n < 1<<16 {
			n = n*10 + int(d-'0')
		}
	}
	return n
}

// lookBack is how many messages back the one is looked for that was got.
const lookBack = 512

// add lists a message: its sending and its getting are one row. Frames are
// looked at in order, and what a frame's steps tell may be older or younger
// than what others do.
func (x *Pane) add(t trace.Trace, m *message) {
	if i := x.other(t, m); i >= 0 {
		was := x.rows[i]
		if m.sent == 0 {
			x.rows[i].got = m.got
			return
		}
		x.rows = slices.Delete(x.rows, i, i+1)
		m.got = was.got
	}
	if len(x.rows) == mostMessages {
		x.over = true
		return
	}
	i := sort.Search(len(x.rows), func(i int) bool { return x.rows[i].first() > m.first() })
	x.rows = slices.Insert(x.rows, i, *m)
}

// other is the row that has the other half of a message: the oldest of those
// between the same ends that have none yet, and that has the same bytes; -1:
// none. A router on the way may have changed an end.
func (x *Pane) other(t trace.Trace, m *message) int {
	for _, same := range []bool{true, false} {
		for i := max(len(x.rows)-lookBack, 0); i < len(x.rows); i++ {
			was := &x.rows[i]
			ends := was.from == m.from && was.to == m.to
			if !same {
				ends = was.from == m.from || was.to == m.to
			}
			sent, got := max(was.sent, m.sent), max(was.got, m.got)
			halves := (was.sent == 0) != (m.sent == 0) && (was.got == 0) != (m.got == 0)
			if halves && sent < got && was.size == m.size && ends && sameBytes(t, sent, got) {
				return i
			}
		}
	}
	return -1
}

func sameBytes(t trace.Trace, a, b trace.EventID) bool {
	const enough = 4096
	return bytes.Equal(t.Append(nil, t.Event(a).PDU, 0, enough), t.Append(nil, t.Event(b).PDU, 0, enough))
}

// list finds the rows of the side shown.
func (x *Pane) list() {
	x.shown = x.shown[:0]
	x.lost, x.cut = 0, map[string]bool{}
	for i := range x.rows {
		if m := &x.rows[i]; m.sent == 0 {
			x.cut[m.to] = true
		}
	}
	for i := range x.rows {
		if m := &x.rows[i]; x.side.Has(m.back) {
			x.shown = append(x.shown, i)
			if m.got == 0 && !x.cut[m.to] {
				x.lost++
			}
		}
	}
	x.choose()
}

// choose chooses the message near a step: the last that began before it.
func (x *Pane) choose() {
	if x.want != 0 {
		x.at = sort.Search(len(x.shown), func(i int) bool { return x.rows[x.shown[i]].first() > x.want }) - 1
	}
	x.at = max(min(x.at, len(x.shown)-1), 0)
}

// move moves the choice by rows.
func (x *Pane) move(by int) {
	x.want = 0
	x.at = max(min(x.at+by, len(x.shown)-1), 0)
}

// turnSide shows both sides, or one.
func (x *Pane) turnSide() {
	if x.at < len(x.shown) {
		x.want = x.rows[x.shown[x.at]].first()
	}
	x.side = (x.side + 1) % scene.Sides
	x.list()
}

// chosen is the chosen message; nil: there is none.
func (x *Pane) chosen() *message {
	if x.at >= len(x.shown) {
		return nil
	}
	return &x.rows[x.shown[x.at]]
}

// find looks for a message with what was looked for in it, on from the chosen
// one or back; found is called on the loop, with -1 when there is none.
func (x *Pane) find(by int, found func(row int)) *scene.Job {
	x.seeker.Stop()
	t, needle := x.T.Trace, scene.NewNeedle(x.typed)
	events := make([]trace.EventID, len(x.shown))
	for i, row := range x.shown {
		events[i] = x.rows[row].first()
	}
	x.seeker = scene.SeekRow(x.T, len(events), x.at, by, func(row int) bool {
		return needle.In(t.Append(nil, t.Event(events[row]).PDU, 0, inspect.MaxInspected), 1) != nil
	}, found)
	return x.seeker
}

// protoOf names what carries a message: its own protocol, and TLS if that
// protects it.
func protoOf(t trace.Trace, m *message) string {
	id := t.Event(m.first()).PDU
	coats := coatsOf(t, m)
	name := ""
	start := t.Append(nil, id, 0, 64)
	switch {
	case has(coats, layers.SocketIO), has(coats, layers.EngineIO):
		name = layers.SocketIO.String()
	case has(coats, layers.MQTT):
		name = layers.MQTT.String()
	case has(coats, layers.WebSocket):
		name = layers.WebSocket.String()
	case t.PDU(id).Proto.Layer() == layers.Application && t.PDU(id).Proto != layers.Message && t.PDU(id).Proto != layers.Data:
		name = t.PDU(id).Proto.String()
	case inspect.IsHTTP(start):
		name = layers.HTTP.String()
	case port(m.from) == 53 || port(m.to) == 53:
		name = layers.DNS.String()
	case scene.Readable(start):
		name = "text"
	default:
		name = "bytes"
	}
	if has(coats, layers.TLS) {
		name += ", TLS"
	}
	return name
}

// sized is a protocol's PDU on a message's way.
type sized struct {
	proto layers.Proto
	n     int64
}

func has(all []sized, p layers.Proto) bool {
	return slices.ContainsFunc(all, func(w sized) bool { return w.proto == p })
}

// coatsOf are the coats of a message, from the inside out. A capture has them
// as the steps of the frame that completes it.
func coatsOf(t trace.Trace, m *message) (coats []sized) {
	if !t.Info().Captured {
		return wornBy(t, t.Event(m.first()).PDU, m.sent != 0)
	}
	if m.got == 0 {
		return nil
	}
	steps := t.Steps(t.FrameOf(m.got))
	i, _ := slices.BinarySearch(steps, m.got)
	for i--; i >= 0; i-- {
		switch e := t.Event(steps[i]); {
		case e.Kind == trace.Read:
			return coats
		case e.Kind == trace.Decode && (scene.IsCoat(e.Proto) || e.Proto == layers.HTTP) && !has(coats, e.Proto):
			coats = append(coats, sized{e.Proto, t.Size(e.PDU)})
		}
	}
	return coats
}

// wornBy are the coats of a message, from the inside out: those that it was
// wrapped in, or those that it was taken out of.
func wornBy(t trace.Trace, id trace.PDUID, made bool) (coats []sized) {
	off := int64(0)
	for range 2 * scene.MaxCoats {
		next := trace.PDUID(0)
		switch p := t.PDU(id); {
		case made && p.Proto == layers.Message && t.PDU(p.Of).Proto == layers.Stream:
			next, off = p.Of, p.Off+off // its bytes stand in the stream as they are
		case made:
			next, off = wrapperOf(t, id, off)
		default:
			if spans := t.Parents(id); len(spans) > 0 {
				next = spans[0].Of
			}
		}
		p := t.PDU(next).Proto
		if next == 0 || p.Layer() <= layers.Transport && p != layers.Stream {
			break
		}
		if scene.IsCoat(p) || p == layers.HTTP {
			coats = append(coats, sized{p, t.Size(next)})
		}
		id = next
	}
	return coats
}

// wrapperOf is what a byte of a PDU was wrapped in, and where it is there; of
// a stream, the TLS record that took it in.
func wrapperOf(t trace.Trace, id trace.PDUID, off int64) (trace.PDUID, int64) {
	kids := t.Children(id)
	after := sort.Search(len(kids), func(i int) bool { return kids[i].Span.Off > off })
	for i := after - 1; i >= max(after-8, 0); i-- {
		k, p := kids[i], t.PDU(kids[i].PDU)
		if off >= k.Span.Off+k.Span.Extent() {
			continue
		}
		inStream := t.PDU(id).Proto == layers.Stream && t.PDU(id).Of == 0
		if inStream && p.Proto == layers.Stream || !inStream && (scene.IsCoat(p.Proto) || p.Proto == layers.Stream || p.Proto == layers.HTTP || p.Proto == layers.Data || p.Proto == layers.Message) {
			return k.PDU, k.Span.At + off - k.Span.Off
		}
	}
	return 0, 0
}
