package origin

import (
	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// find looks back for the last thing that passes, some at a time. What was
// found stays, so that rules may be applied again and again.
type find struct {
	done  bool
	event trace.EventID // found; 0: nothing
	frame int           // found; -1: nothing
	next  int           // the next event to look at, or one past the next frame
	left  int           // how many more may be looked at

	isEvent func(trace.EventID, trace.Event) bool // nil: frames are looked for
	isFrame func(frame int, s *walk.Shape, data []byte) bool
	shape   walk.Shape
	buf     []byte
}

// How far back is looked, and how many at once.
const (
	mostEvents  = 1 << 25
	mostFrames  = 1 << 22
	eventsAtOne = 1 << 10
	framesAtOne = 1 << 8
)

// look looks at some more, and reports whether it may go on.
func (f *find) look(t trace.Trace) bool {
	if f.isEvent != nil {
		f.events(t)
	} else {
		f.frames(t)
	}
	f.done = f.done || f.next <= 0 || f.left <= 0
	return !f.done
}

func (f *find) events(t trace.Trace) {
	for n := 0; n < eventsAtOne && f.next > 0; n++ {
		id := trace.EventID(f.next)
		f.next--
		if f.isEvent(id, t.Event(id)) {
			f.event, f.done = id, true
			return
		}
	}
	f.left -= eventsAtOne
}

// frames looks at a stretch of frames; of those that pass, the last counts.
func (f *find) frames(t trace.Trace) {
	from := max(f.next-framesAtOne, 0)
	if t.Info().Captured {
		t.Scan(from, f.next, func(n int, data []byte) bool {
			g := t.Frame(n)
			f.see(n, data, max(g.WireLen, len(data)), uint16(g.LinkType), g.FCS)
			return true
		})
	} else {
		for n := f.next - 1; n >= from && !f.done; n-- {
			// Nobody needs the end of a frame, or its check sequence.
			id := t.Frame(n).PDU
			f.buf = t.Append(f.buf[:0], id, 0, mostHead)
			f.see(n, f.buf, int(t.Size(id)), walk.LinkEthernet, layers.FCSSize)
		}
	}
	f.left -= f.next - from
	f.next = from
}

// mostHead is how much of a frame is looked at: its headers, and the most that
// a DNS message without extensions has (RFC 1035 section 4.2.1).
const mostHead = 14 + 20 + 60 + 512

func (f *find) see(n int, data []byte, wire int, link uint16, fcs int) {
	walk.Walk(&f.shape, data, wire, link, fcs)
	if f.isFrame(n, &f.shape, data) {
		f.frame, f.done = n, true
	}
}

// event gives the last event up to one, that one included, that passes. ok is
// false while it is being looked for. Of a capture's events, which are worked
// out one frame at a time, none is looked for.
func (q *Asked) event(key string, upTo trace.EventID, is func(trace.EventID, trace.Event) bool) (id trace.EventID, ok bool) {
	f := q.finds[key]
	if f == nil {
		f = &find{frame: -1, next: int(upTo), left: mostEvents, isEvent: is, done: q.info.Captured}
		q.finds[key] = f
		f.start(q.t)
	}
	q.open = q.open || !f.done
	return f.event, f.done
}

// before gives the last frame before one that passes; -1: there is none. ok is
// false while it is being looked for.
func (q *Asked) before(key string, frame int, is func(n int, s *walk.Shape, data []byte) bool) (n int, ok bool) {
	f := q.finds[key]
	if f == nil {
		f = &find{frame: -1, next: frame, left: mostFrames, isFrame: is}
		q.finds[key] = f
		f.start(q.t)
	}
	q.open = q.open || !f.done
	return f.frame, f.done
}

// start looks at the nearest at once: mostly that is enough.
func (f *find) start(t trace.Trace) {
	if !f.done {
		f.look(t)
	}
}

// change gives the last change of a field of a node's table up to an event.
func (q *Asked) change(node trace.NodeID, table, key, field string, upTo trace.EventID) (id trace.EventID, ok bool) {
	return q.event("change "+table+key+field, upTo, func(n trace.EventID, e trace.Event) bool {
		if e.Kind != trace.StateChange || e.Node != node {
			return false
		}
		s := q.t.Change(n).Slot
		return s.Table == table && s.Field == field && s.Key == key
	})
}
