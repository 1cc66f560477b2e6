// Package travel follows bytes: a byte, a field, a message, wherever it goes.
//
//	          up, to what they were made of
//	frame ──> packet ──> segment ──> stream ──> record ──> message
//	  │                                                       │
//	  │       down again, to all that was made of that        │
//	  └──< packets, fragments, frames of every hop, resends <─┘
//	                 └──> the receiver's stream ──> its message
//
// Begin says what to follow; Work goes on for as long as a screen can wait, and
// what is found is there at once: which bytes of a PDU are among those followed
// (Lit), which steps are about them (Stops), which frames carry them (Frames).
//
// A byte that is copied or masked is followed as itself. Of what is sealed,
// packed or encoded as a whole, all of the other form is marked. A header that
// a router writes anew is no copy: the same field of the header that it got is
// marked so.
//
// Nothing is looked at but the PDUs that have some of the bytes, so it does not
// matter how long the trace is; and no more is kept than Most of them.
package travel

import (
	"math"
	"slices"
	"sort"
	"time"

	"strata/layers"
	"strata/trace"
)

// Form says how the bytes of a stretch have to do with those followed.
type Form uint8

// The forms, the nearest first.
const (
	Same   Form = iota // each is one of them, or stands for one
	Within             // together they are what some of them were packed, encoded or taken from
	Remade             // the same field, which a node on the way wrote anew
)

// Lit is a stretch of a PDU that is among the bytes followed: from From up to,
// not including, To.
type Lit struct {
	From, To int64
	Form     Form
}

// Most bounds the PDUs that are kept; of a large message's journey it is the
// part that was found first.
const Most = 1 << 15

// mostPieces bounds the stretches of one PDU; more of them become one.
const mostPieces = 64

// Travel is the journey of some bytes, as far as it was found out. It is not
// safe for use by several goroutines at once.
type Travel struct {
	t      trace.Trace
	from   place
	lit    map[trace.PDUID][]Lit
	todo   []place
	queue  []trace.PDUID // whose events are to be looked at
	stops  []trace.EventID
	frames []int
	sorted bool
	more   bool // there was more than Most
}

// place is a stretch of a PDU; up says that its parents are to be looked for.
type place struct {
	pdu trace.PDUID
	Lit
	up bool
}

// Begin is the journey of the bytes of a PDU from from up to, not including,
// to. Nothing is found before Work.
func Begin(t trace.Trace, pdu trace.PDUID, from, to int64) *Travel {
	x := &Travel{t: t, lit: map[trace.PDUID][]Lit{}}
	x.from = place{pdu, Lit{max(from, 0), min(to, t.Size(pdu)), Same}, true}
	x.add(x.from)
	return x
}

// Work goes on for about as long as d, and reports whether there is more to
// find.
func (x *Travel) Work(d time.Duration) bool {
	for begin := time.Now(); ; {
		switch {
		case len(x.todo) > 0:
			p := x.todo[0]
			x.todo = x.todo[1:]
			x.spread(p)
		case len(x.queue) > 0:
			id := x.queue[0]
			x.queue = x.queue[1:]
			x.ask(id)
		default:
			return false
		}
		if time.Since(begin) > d {
			return len(x.todo)+len(x.queue) > 0
		}
	}
}

// From is what is followed: the PDU, and which bytes of it.
func (x *Travel) From() (pdu trace.PDUID, from, to int64) {
	return x.from.pdu, x.from.From, x.from.To
}

// Lit are the stretches of a PDU that are among the bytes followed, in order;
// nil: it has none of them. They hold until the next Work.
func (x *Travel) Lit(pdu trace.PDUID) []Lit {
	if x == nil {
		return nil
	}
	return x.lit[pdu]
}

// PDUs is how many PDUs have some of the bytes, and whether there are more than
// are kept.
func (x *Travel) PDUs() (n int, more bool) { return len(x.lit), x.more }

// Stops are the steps that the bytes take part in, in order.
func (x *Travel) Stops() []trace.EventID {
	x.sort()
	return x.stops
}

// Frames are the frames that carry some of the bytes, in order.
func (x *Travel) Frames() []int {
	x.sort()
	return x.frames
}

func (x *Travel) sort() {
	if x.sorted {
		return
	}
	slices.Sort(x.stops)
	x.stops = slices.Compact(x.stops)
	slices.Sort(x.frames)
	x.frames = slices.Compact(x.frames)
	x.sorted = true
}

// add enters a stretch; what is new of it is to be spread.
func (x *Travel) add(p place) {
	if p.From >= p.To {
		return
	}
	had, known := x.lit[p.pdu]
	if !known && len(x.lit) >= Most {
		x.more = true
		return
	}
	all, grew := merge(had, p.Lit)
	x.lit[p.pdu] = all
	if !known {
		x.queue = append(x.queue, p.pdu)
	}
	if grew {
		x.todo = append(x.todo, p)
	}
}

// spread looks for the bytes in what a PDU was made of, and in what was made of
// it.
func (x *Travel) spread(p place) {
	for _, c := range x.t.ChildrenAt(p.pdu, p.From, p.To-p.From) {
		x.add(place{c.PDU, down(p.Lit, c.Span), false})
	}
	for _, q := range headersAfter(x.t, p) {
		x.add(q)
	}
	if !p.up {
		return
	}
	for _, s := range x.t.ParentsAt(p.pdu, p.From, p.To-p.From) {
		x.add(place{s.Of, up(p.Lit, s), true})
	}
	if q, ok := headerBefore(x.t, p); ok {
		x.add(q)
	}
}

// down is the stretch of a child that the stretch of its parent becomes.
func down(l Lit, s trace.Span) Lit {
	if s.From != 0 {
		whole := l.From <= s.Off && l.To >= s.Off+s.From
		return Lit{s.At, s.At + s.Len, within(l.Form, whole)}
	}
	return Lit{max(l.From, s.Off) - s.Off + s.At, min(l.To, s.Off+s.Len) - s.Off + s.At, l.Form}
}

// up is the stretch of a parent that the stretch of a child was made of.
func up(l Lit, s trace.Span) Lit {
	if s.From != 0 {
		whole := l.From <= s.At && l.To >= s.At+s.Len
		return Lit{s.Off, s.Off + s.From, within(l.Form, whole)}
	}
	return Lit{max(l.From, s.At) - s.At + s.Off, min(l.To, s.At+s.Len) - s.At + s.Off, l.Form}
}

// within is the form of what is made of another as a whole: that of it, if all
// of it is followed.
func within(f Form, whole bool) Form {
	if whole {
		return f
	}
	return max(f, Within)
}

// ask looks for the steps about a PDU.
func (x *Travel) ask(id trace.PDUID) {
	if x.t.PDU(id).Proto == layers.Stream {
		x.passages(id, x.lit[id])
		return
	}
	for _, n := range x.t.About(id) {
		x.stop(n, x.t.Event(n))
	}
}

// stop notes a step. With a frame come the steps about a stream that belong to
// it: those of a whole stream are too many to go through.
func (x *Travel) stop(n trace.EventID, e trace.Event) {
	x.sorted = false
	x.stops = append(x.stops, n)
	if e.Kind != trace.Transmit {
		return
	}
	frame := x.t.FrameOf(n)
	x.frames = append(x.frames, frame)
	for _, n := range x.t.Steps(frame) {
		e := x.t.Event(n)
		if lit := x.lit[e.PDU]; lit == nil || x.t.PDU(e.PDU).Proto != layers.Stream {
			continue
		} else if from, to, is := extent(x.t, n, e); !is || overlaps(lit, from, to) {
			x.stops = append(x.stops, n)
		}
	}
}

// passages notes the writes or reads of a stream that have some of the bytes.
func (x *Travel) passages(stream trace.PDUID, lit []Lit) {
	for _, l := range lit {
		x.sorted = false
		x.stops = append(x.stops, Passages(x.t, stream, l.From, l.To)...)
	}
}

// Passages are the writes of a program to a stream, or its reads from it, that
// have some of the bytes [from, to). They are in order, so the first is found
// by halving.
func Passages(t trace.Trace, stream trace.PDUID, from, to int64) (out []trace.EventID) {
	about := t.About(stream)
	next := func(i int) (at int, from, to int64) { // the first of them from i on
		for ; i < len(about); i++ {
			if from, to, is := extent(t, about[i], t.Event(about[i])); is {
				return i, from, to
			}
		}
		return i, math.MaxInt64, math.MaxInt64
	}
	first := sort.Search(len(about), func(i int) bool { _, _, end := next(i); return end > from })
	for i, begins, _ := next(first); i < len(about) && begins < to; i, begins, _ = next(i + 1) {
		out = append(out, about[i])
	}
	return out
}

// extent is the stretch of a stream that is written or read.
func extent(t trace.Trace, n trace.EventID, e trace.Event) (from, to int64, is bool) {
	if e.Kind != trace.Write && e.Kind != trace.Read {
		return 0, 0, false
	}
	off, size := t.Extent(n)
	return off, off + size, true
}

func overlaps(lit []Lit, from, to int64) bool {
	return slices.ContainsFunc(lit, func(l Lit) bool { return l.From < to && l.To > from })
}
