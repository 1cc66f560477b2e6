package scene

import (
	"sort"

	"strata/trace"
	"strata/trace/seek"
)

// Cursor is the place in the trace that every pane shows: an event, the frame
// that it belongs to, and the frame's layer steps.
type Cursor struct {
	T     trace.Trace
	Event trace.EventID
	Frame int
	Steps []trace.EventID // the frame's layer steps, without states and timers
	Step  int             // the event's index in steps
}

// Attached reports whether events of the kind are no steps of their own: they
// belong to the step before them.
func Attached(k trace.Kind) bool {
	return k == trace.StateChange || k == trace.TimerSet || k == trace.TimerFired
}

// load reads the layer steps of a frame.
func (c *Cursor) load(frame int) {
	c.Frame = frame
	c.Steps = c.Steps[:0]
	for _, e := range c.T.Steps(frame) {
		if !Attached(c.T.Event(e).Kind) {
			c.Steps = append(c.Steps, e)
		}
	}
}

// GoTo puts the cursor on an event, or on the step that the event is attached
// to.
func (c *Cursor) GoTo(e trace.EventID) {
	e = min(max(e, 1), trace.EventID(c.T.Events()))
	c.load(c.T.FrameOf(e))
	after := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i] > e })
	c.at(max(after-1, 0))
	if len(c.Steps) == 0 {
		c.Event = e
	}
}

func (c *Cursor) at(step int) {
	c.Step = step
	if step < len(c.Steps) {
		c.Event = c.Steps[step]
	}
}

// GoToFrame puts the cursor on a frame's transmission: what is there to see
// on the wire.
func (c *Cursor) GoToFrame(frame int) {
	if c.T.Frames() == 0 {
		return
	}
	c.GoTo(c.T.Frame(min(max(frame, 0), c.T.Frames()-1)).Transmit)
}

// Move goes one layer step on or back, over the ends of frames.
func (c *Cursor) Move(by int) bool {
	if next := c.Step + by; next >= 0 && next < len(c.Steps) {
		c.at(next)
		return true
	}
	for f := c.Frame + by; f >= 0 && f < c.T.Frames(); f += by {
		c.load(f)
		if len(c.Steps) == 0 {
			continue
		}
		if by < 0 {
			c.at(len(c.Steps) - 1)
		} else {
			c.at(0)
		}
		return true
	}
	c.GoTo(c.Event)
	return false
}

func (c *Cursor) First() {
	if c.T.Frames() > 0 {
		c.load(0)
		c.at(0)
		return
	}
	c.GoTo(1)
}

func (c *Cursor) Last() {
	if n := c.T.Frames(); n > 0 {
		c.load(n - 1)
		c.at(max(len(c.Steps)-1, 0))
		return
	}
	c.GoTo(trace.EventID(c.T.Events()))
}

// GoToTime puts the cursor on the last event that is not after a time.
func (c *Cursor) GoToTime(at trace.Time) { c.GoTo(seek.At(c.T, at)) }

// Changes are the state changes and timers that belong to the cursor's step.
func (c *Cursor) Changes(limit int) []trace.EventID {
	var out []trace.EventID
	all := c.T.Steps(c.Frame)
	i := sort.Search(len(all), func(i int) bool { return all[i] > c.Event })
	for ; i < len(all) && len(out) < limit && Attached(c.T.Event(all[i]).Kind); i++ {
		out = append(out, all[i])
	}
	return out
}

// Phase says what is happening to the PDU at an event.
type Phase uint8

const (
	Down Phase = iota // a node makes the frame
	Wire              // it is on its way over a link
	Up                // a node takes it apart
)

var PhaseNames = [...]string{Down: "going down", Wire: "on the wire", Up: "going up"}

func PhaseOf(t trace.Trace, e trace.Event) Phase {
	switch {
	case e.Kind >= trace.Send && e.Kind <= trace.Queue:
		return Down
	case e.Kind >= trace.Transmit && e.Kind <= trace.Delay:
		return Wire
	case e.Kind == trace.Drop && e.Cause != 0:
		// A drop belongs to where its cause happened: a full queue refuses
		// what goes down, a link loses what it carries.
		was := t.Event(e.Cause)
		if was.Node == e.Node {
			return PhaseOf(t, was)
		}
	}
	return Up
}
