package connection

import (
	"sort"

	"strata/trace"
)

// keep notes, now and then, a place from which the whole pass could go on.
func (c *Connection) keep(p *pass, next int) {
	if p != c.whole {
		return
	}
	if c.since--; c.since >= 0 {
		return
	}
	if len(c.marks) == maxMarks {
		for i := 0; i < maxMarks; i += 2 {
			c.marks[i/2] = c.marks[i]
		}
		c.marks = c.marks[:maxMarks/2]
		c.every *= 2
	}
	c.since = c.every - 1
	c.marks = append(c.marks, mark{next: next, at: p.now, ledgers: p.ledgers})
}

// Ready says whether all that the trace has so far is taken in.
func (c *Connection) Ready() bool { return c.pairing == 0 && c.whole.over }

// More says whether Work has something to do.
func (c *Connection) More() bool {
	return !c.Ready() || c.zoom != nil && !c.zoom.over
}

// Done is how far Work has come, from 0 to 1.
func (c *Connection) Done() float64 {
	switch {
	case c.pairing > 0:
		return 0
	case c.whole.over:
		return 1
	case c.captured:
		return min(1, float64(c.whole.seen)/float64(max(c.frames, 1)))
	}
	return float64(c.whole.next) / float64(c.t.Events()+1)
}

// Grow goes on where the trace has grown since the pass came to its end.
func (c *Connection) Grow() {
	if !c.captured || !c.whole.over {
		return
	}
	talk := c.t.Conversation(c.talk)
	if n := talk.Frames[0] + talk.Frames[1]; n > c.frames {
		c.frames, c.span[1], c.whole.over = n, talk.End, false
	}
}

// Captured says whether it is known from a capture.
func (c *Connection) Captured() bool { return c.captured }

// Name is an end's address: of 0, who opened it, or of a capture, who was
// seen first.
func (c *Connection) Name(side int) string { return c.names[side] }

// Span is the time that a chart of all of it covers: from the first segment to
// the last, as far as they are known, and what came of it.
func (c *Connection) Span() (from, to trace.Time) {
	if c.pairing > 0 {
		return 0, 0
	}
	from = never
	for d := range c.whole.dirs {
		for _, k := range [...]Kind{Data, Resent, Acked} {
			all := c.whole.dirs[d][k].all
			for n := len(all); n > 0; n-- {
				if all[n-1].last != trace.Absent { // the control block is gone long after the last segment
					from, to = min(from, all[0].from), max(to, all[n-1].to)
					break
				}
			}
		}
	}
	return min(from, to), to
}

// Known says whether a kind can be known at all; if not, why.
func (c *Connection) Known(k Kind) (ok bool, why string) {
	i := &kindInfos[k]
	if c.captured {
		return i.unknown == "", i.unknown
	}
	return i.run, ""
}

// strip is the best there is for a stretch of time: what a closer look found,
// where the strip of all of it had to merge samples.
func (c *Connection) strip(side int, k Kind, from, to trace.Time) *strip {
	s := &c.whole.dirs[side][k]
	if s.per > 1 && c.zoom != nil && c.zoom.over && from >= c.zoomed[0] && to <= c.zoomed[1] {
		return &c.zoom.dirs[side][k]
	}
	return s
}

// Columns cuts the time from from to to into as many columns as dst has, and
// says what a kind does in each: of the data that a side sends.
func (c *Connection) Columns(dst []Column, side int, k Kind, from, to trace.Time) {
	if c.pairing > 0 {
		clear(dst)
		return
	}
	c.strip(side, k, from, to).columns(dst, from, to, k.Line())
}

// Value is a line's value after an event; ok is false where it has none.
func (c *Connection) Value(side int, k Kind, at trace.EventID) (v int64, ok bool) {
	if c.pairing > 0 {
		return 0, false
	}
	t := c.t.Event(at).Time
	return c.strip(side, k, t, t).value(c.source(at))
}

// Any says whether there is anything of a kind.
func (c *Connection) Any(side int, k Kind) bool {
	return c.pairing == 0 && len(c.whole.dirs[side][k].all) > 0
}

// Sent is how far a side has come in its sequence numbers, as far as is known.
func (c *Connection) Sent(side int) int64 {
	if c.pairing > 0 {
		return 0
	}
	return c.whole.ledgers[side].nxt
}

// Event is where a column's first sample came from; 0: it has none.
func (c *Connection) Event(col *Column) trace.EventID { return c.event(col.first) }

// source is an event as strips know it.
func (c *Connection) source(at trace.EventID) uint32 {
	if c.captured {
		return uint32(c.t.FrameOf(at) + 1)
	}
	return uint32(at)
}

func (c *Connection) event(source uint32) trace.EventID {
	switch {
	case source == 0:
		return 0
	case c.captured:
		return c.t.Frame(int(source - 1)).Transmit
	}
	return trace.EventID(source)
}

// Focus says that the time from from to to is looked at in so many columns.
// Where the strips are too coarse for that, Work reads that stretch again;
// until it has, Columns tells what is known.
func (c *Connection) Focus(from, to trace.Time, columns int) {
	if c.pairing > 0 || !c.whole.over || !c.coarse(from, to, columns) {
		return
	}
	if c.zoom != nil && from >= c.zoomed[0] && to <= c.zoomed[1] && (!c.zoom.over || !c.zoom.coarse(from, to, columns)) {
		return
	}
	// Some on either side, so that small moves need nothing new.
	around := (to - from) / 4
	c.zoomed = [2]trace.Time{from - around, to + around}
	i := sort.Search(len(c.marks), func(i int) bool { return c.marks[i].at >= c.zoomed[0] })
	m := c.marks[max(0, i-1)]
	c.zoom = newPass(c, m)
	c.zoom.until = c.zoomed[1]
	c.zoom.carry(c.whole)
}

// carry takes over what lines held where the pass begins.
func (p *pass) carry(whole *pass) {
	for d := range whole.dirs {
		for k := range Kinds {
			all := whole.dirs[d][k].all
			i := sort.Search(len(all), func(i int) bool { return all[i].to > p.now })
			if k.Line() && i > 0 {
				b := all[i-1]
				p.dirs[d][k].add(bucket{from: b.to, to: b.to, lo: b.last, hi: b.last, last: b.last, first: b.first})
			}
		}
	}
}

func (c *Connection) coarse(from, to trace.Time, columns int) bool {
	return c.whole.coarse(from, to, columns)
}

// coarse says whether some strip has fewer buckets in a stretch than there
// are columns, because it merged them.
func (p *pass) coarse(from, to trace.Time, columns int) bool {
	for d := range p.dirs {
		for k := range Kinds {
			s := &p.dirs[d][k]
			if s.per <= 1 {
				continue
			}
			i := sort.Search(len(s.all), func(i int) bool { return s.all[i].to >= from })
			j := sort.Search(len(s.all), func(i int) bool { return s.all[i].from > to })
			if j-i < columns {
				return true
			}
		}
	}
	return false
}

// Path is the way of an end through the states so far, and how many more
// steps there were than are told. Where Event is 0 nothing shows the step.
func (c *Connection) Path(side int) (steps []Transition, more int) {
	if c.pairing > 0 || c.whole.states == nil {
		return nil, 0
	}
	p := &c.whole.states.paths[side]
	return p.all, p.dropped
}

// Step is the event of a transition.
func (c *Connection) Step(t *Transition) trace.EventID { return c.event(t.source) }

// At is how many of an end's transitions have happened when an event has, and
// what states it may be in then.
func (c *Connection) At(side int, at trace.EventID) (taken int, now States) {
	steps, _ := c.Path(side)
	source := c.source(at)
	taken = sort.Search(len(steps), func(i int) bool { return steps[i].source > source })
	switch {
	case taken > 0:
		now = steps[taken-1].To
	case len(steps) > 0:
		now = steps[0].From
	case c.captured:
		now = anyState
	default:
		now = Closed.only()
	}
	return taken, now
}

// Near says which end a capture was made near to: the one whose answers come
// much sooner; -1: neither, or it cannot be known. Answers are the quickest
// that were seen of each end; -1: none was.
func (c *Connection) Near() (side int, answers [2]trace.Time) {
	answers = [2]trace.Time{-1, -1}
	for d := range answers {
		for i := range c.whole.dirs[d][RTT].all {
			// What side d sent was answered by the other one.
			if v := trace.Time(c.whole.dirs[d][RTT].all[i].lo); answers[1-d] < 0 || v < answers[1-d] {
				answers[1-d] = v
			}
		}
	}
	const (
		much = 4
		far  = trace.Millisecond // what is nearer may be in the same house
	)
	switch {
	case !c.captured || answers[0] < 0 || answers[1] < 0 || max(answers[0], answers[1]) < far:
		return -1, answers
	case answers[0]*much < answers[1]:
		return 0, answers
	case answers[1]*much < answers[0]:
		return 1, answers
	}
	return -1, answers
}
