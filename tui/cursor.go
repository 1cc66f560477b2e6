package tui

import (
	"sort"

	"strata/trace"
)

// cursor is the place in the trace that every pane shows: an event, the frame
// that it belongs to, and the frame's layer steps.
type cursor struct {
	t     trace.Trace
	event trace.EventID
	frame int
	steps []trace.EventID // the frame's layer steps, without states and timers
	step  int             // the event's index in steps
}

// attached reports whether events of the kind are no steps of their own: they
// belong to the step before them.
func attached(k trace.Kind) bool {
	return k == trace.StateChange || k == trace.TimerSet || k == trace.TimerFired
}

// load reads the layer steps of a frame.
func (c *cursor) load(frame int) {
	c.frame = frame
	c.steps = c.steps[:0]
	for _, e := range c.t.Steps(frame) {
		if !attached(c.t.Event(e).Kind) {
			c.steps = append(c.steps, e)
		}
	}
}

// goTo puts the cursor on an event, or on the step that the event is attached
// to.
func (c *cursor) goTo(e trace.EventID) {
	e = min(max(e, 1), trace.EventID(c.t.Events()))
	c.load(c.t.FrameOf(e))
	after := sort.Search(len(c.steps), func(i int) bool { return c.steps[i] > e })
	c.at(max(after-1, 0))
	if len(c.steps) == 0 {
		c.event = e
	}
}

func (c *cursor) at(step int) {
	c.step = step
	if step < len(c.steps) {
		c.event = c.steps[step]
	}
}

// goToFrame puts the cursor on a frame's transmission: what is there to see
// on the wire.
func (c *cursor) goToFrame(frame int) {
	if c.t.Frames() == 0 {
		return
	}
	c.goTo(c.t.Frame(min(max(frame, 0), c.t.Frames()-1)).Transmit)
}

// move goes one layer step on or back, over the ends of frames.
func (c *cursor) move(by int) bool {
	if next := c.step + by; next >= 0 && next < len(c.steps) {
		c.at(next)
		return true
	}
	for f := c.frame + by; f >= 0 && f < c.t.Frames(); f += by {
		c.load(f)
		if len(c.steps) == 0 {
			continue
		}
		if by < 0 {
			c.at(len(c.steps) - 1)
		} else {
			c.at(0)
		}
		return true
	}
	c.goTo(c.event)
	return false
}

func (c *cursor) first() {
	if c.t.Frames() > 0 {
		c.load(0)
		c.at(0)
		return
	}
	c.goTo(1)
}

func (c *cursor) last() {
	if n := c.t.Frames(); n > 0 {
		c.load(n - 1)
		c.at(max(len(c.steps)-1, 0))
		return
	}
	c.goTo(trace.EventID(c.t.Events()))
}

// goToTime puts the cursor on the last event that is not after a time.
func (c *cursor) goToTime(at trace.Time) {
	n := sort.Search(c.t.Events(), func(i int) bool { return c.t.Event(trace.EventID(i+1)).Time > at })
	c.goTo(trace.EventID(max(n, 1)))
}

// changes are the state changes and timers that belong to the cursor's step.
func (c *cursor) changes(limit int) []trace.EventID {
	var out []trace.EventID
	all := c.t.Steps(c.frame)
	i := sort.Search(len(all), func(i int) bool { return all[i] > c.event })
	for ; i < len(all) && len(out) < limit && attached(c.t.Event(all[i]).Kind); i++ {
		out = append(out, all[i])
	}
	return out
}

// phase says what is happening to the PDU at an event.
type phase uint8

const (
	down phase = iota // a node makes the frame
	wire              // it is on its way over a link
	up                // a node takes it apart
)

var phaseNames = [...]string{down: "going down", wire: "on the wire", up: "going up"}

func phaseOf(t trace.Trace, e trace.Event) phase {
	switch {
	case e.Kind >= trace.Send && e.Kind <= trace.Queue:
		return down
	case e.Kind >= trace.Transmit && e.Kind <= trace.Delay:
		return wire
	case e.Kind == trace.Drop && e.Cause != 0:
		// A drop belongs to where its cause happened: a full queue refuses
		// what goes down, a link loses what it carries.
		was := t.Event(e.Cause)
		if was.Node == e.Node {
			return phaseOf(t, was)
		}
	}
	return up
}
