package compare

import (
	"strconv"

	"strata/trace"
)

// Unknown is a number that cannot be seen from where one looks.
const Unknown = -1

// Numbers are what a trace comes to. Two runs have them from what happened in
// their hosts; if either trace is seen from outside only, both have what
// is seen there.
type Numbers struct {
	Duration  trace.Time // to the last event; seen from outside, from the first frame to the last
	LastFrame trace.Time // when the last frame left
	Frames    int        // on a wire, each hop by itself; or as often as they were seen
	Bytes     int64      // of these
	Drops     int        // PDUs that ended before their goal, or Unknown
	Resent    int        // segments that were sent again
	Delivered int64      // bytes that programs read; seen from outside: what streams and datagrams carried, each byte once
	Messages  int        // that programs were delivered, or Unknown
}

// Numbers are what both sides come to.
func (c *Comparison) Numbers() [2]Numbers { return c.numbers }

// outside says whether the numbers are what is seen from outside.
func (c *Comparison) outside() bool {
	return !c.Runs() || c.sides[A].ends != nil || c.sides[B].ends != nil
}

// see adds a frame to what is seen from outside.
func (s *side) see(f *trace.Frame, at trace.Time, wire int, x *sight) {
	n := &s.seen
	if n.Frames == 0 {
		s.begun = at
	}
	n.Frames++
	n.Bytes += int64(wire)
	n.Duration, n.LastFrame = max(n.Duration, at-s.begun), max(n.LastFrame, at)
	if f.Resent {
		n.Resent++
	}
	n.Delivered += int64(s.talks.news(x))
}

// news is how many bytes a sight brings that its conversation had not
// brought before.
func (t *talks) news(x *sight) uint32 {
	switch x.class {
	case udp:
		return x.size
	case tcp:
		k, dir := &t.all[x.conversation()], x.back()
		first := x.seq
		if x.flags&syn != 0 {
			first++
		}
		if k.begun[dir] == unseen {
			return 0
		}
		if !k.counts[dir] {
			k.counts[dir], k.top[dir] = true, first
		}
		if n := int32(first + x.size - k.top[dir]); n > 0 {
			k.top[dir] += uint32(n)
			return min(uint32(n), x.size)
		}
	}
	return 0
}

// count goes through the events of two runs for their numbers; true: done.
func (c *Comparison) count() (done bool) {
	if c.outside() {
		for s, x := range c.sides {
			c.numbers[s] = x.seen
			c.numbers[s].Drops, c.numbers[s].Messages = Unknown, Unknown
		}
		return true
	}
	done = true
	for s, x := range c.sides {
		to := min(c.at+slice, x.t.Events())
		for n := c.at + 1; n <= to; n++ {
			if x.keep == nil || x.keep(x.t.FrameOf(trace.EventID(n))) {
				c.numbers[s].add(x.t, trace.EventID(n))
			}
		}
		done = done && to == x.t.Events()
	}
	c.at += slice
	return done
}

func (n *Numbers) add(t trace.Trace, id trace.EventID) {
	e := t.Event(id)
	n.Duration = e.Time
	switch e.Kind {
	case trace.Transmit:
		n.Frames++
		n.Bytes += t.Size(e.PDU)
		n.LastFrame = e.Time
	case trace.Drop:
		if e.Why.Reason().Bad { // not what was somebody else's
			n.Drops++
		}
	case trace.Read:
		_, size := t.Extent(id)
		n.Delivered += size
	case trace.Deliver:
		n.Messages++
	case trace.Segment, trace.Encapsulate:
		if e.Why.Resend() {
			n.Resent++
		}
	}
}

// Number is one of the Numbers of both sides, in words.
type Number struct {
	What string
	Show [2]string
}

// Table is the Numbers of both sides for people.
func (c *Comparison) Table() []Number {
	a, b := &c.numbers[A], &c.numbers[B]
	whole := func(n int64) string {
		if n == Unknown {
			return "not known"
		}
		return strconv.FormatInt(n, 10)
	}
	return []Number{
		{"duration", [2]string{clock(a.Duration), clock(b.Duration)}},
		{"last frame at", [2]string{clock(a.LastFrame), clock(b.LastFrame)}},
		{"frames", [2]string{whole(int64(a.Frames)), whole(int64(b.Frames))}},
		{"bytes of frames", [2]string{whole(a.Bytes), whole(b.Bytes)}},
		{"drops", [2]string{whole(int64(a.Drops)), whole(int64(b.Drops))}},
		{"sent again", [2]string{whole(int64(a.Resent)), whole(int64(b.Resent))}},
		{"bytes delivered", [2]string{whole(a.Delivered), whole(b.Delivered)}},
		{"messages delivered", [2]string{whole(int64(a.Messages)), whole(int64(b.Messages))}},
	}
}
