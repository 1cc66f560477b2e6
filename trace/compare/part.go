package compare

import (
	"slices"

	"strata/trace"
)

// Parting is a place where two traces differ.
type Parting struct {
	Row    int              // -1: it concerns no frame
	Event  [2]trace.EventID // of two runs, the events that differ; 0: this side has none of the kind
	Differ Diff             // in what they differ; 0: two different things happen
	Turn   bool             // it is a row from which the two go other ways, whatever event may differ first
	Led    []trace.EventID  // the decisions that led there, the earliest first
	Of     Side             // whose events Led are; where the two part for the first time, both have them
}

// Parts is where the two part: of two whole runs, with the first event that
// differs in anything; else, with the first row that is not the same in both
// but for its time and what only numbers it. It reports false when there is none.
func (c *Comparison) Parts() (Parting, bool) {
	if c.byEvent() {
		if c.exact.event == 0 {
			return Parting{Row: -1}, false
		}
		return c.partsAt(c.exact.event), true
	}
	return c.Turns()
}

// Turns is the first row from which the two go other ways: what comes is not
// the same, not only when it comes or what it is numbered.
func (c *Comparison) Turns() (Parting, bool) {
	row := c.Next(-1, 1, course)
	if row < 0 {
		return Parting{Row: -1}, false
	}
	p := Parting{Row: row, Differ: c.diff[row], Turn: true}
	r := c.Row(row)
	for s := range c.sides {
		if r.Seen[s].Frame >= 0 {
			p.Event[s] = r.Seen[s].Event
		}
	}
	if c.Runs() {
		p.Of, p.Led = c.ledTo(row)
	}
	return p, true
}

// ledTo tells what led to what only one side has in a row.
func (c *Comparison) ledTo(row int) (Side, []trace.EventID) {
	var of Side
	var id trace.EventID
	for _, x := range c.Steps(row) {
		s, only := x.Differ.Only()
		if !only {
			continue
		}
		drop := c.sides[s].t.Event(x.Event[s]).Kind == trace.Drop
		if id == 0 || drop {
			of, id = s, x.Event[s]
		}
		if drop {
			break
		}
	}
	if id == 0 {
		return A, nil
	}
	return of, led(c.sides[of].t, id)
}

// Chance says whether where two runs part they differ only in what is drawn by
// chance or counted from there, such as a first sequence number: what comes is
// the same.
func (c *Comparison) Chance(p Parting) bool {
	if !c.Runs() || p.Row < 0 || p.Differ&(OnlyA|OnlyB|Moved|Time) != 0 || c.diff[p.Row] != Header {
		return false
	}
	for _, f := range c.Fields(p.Row) {
		if !f.Numbers {
			return false
		}
	}
	return true
}

// partsAt finds out what differs at event n of two runs, the first that does.
func (c *Comparison) partsAt(n trace.EventID) Parting {
	p := Parting{Row: -1, Event: [2]trace.EventID{n, n}, Differ: c.exact.differ}
	var paired [2]bool
	for s := range c.sides {
		side := Side(s)
		if int(n) > c.sides[s].t.Events() {
			p.Event[s] = 0
			continue
		}
		row := c.RowOf(side, c.sides[s].t.FrameOf(n))
		if row < 0 || p.Differ != 0 {
			p.Row = max(p.Row, row)
			continue
		}
		steps := c.Steps(row)
		i := slices.IndexFunc(steps, func(x Step) bool { return x.Event[s] == n })
		paired[s] = i >= 0 && steps[i].Event[side.Other()] != 0
		if !paired[s] && (p.Row < 0 || paired[A]) {
			p.Row = row
		}
	}
	switch {
	case p.Differ != 0 || p.Event[A] == 0 || p.Event[B] == 0:
	case paired[A] && paired[B]:
		p.Differ = Moved
	case paired[A]: // it comes later in B
		p.Event[A] = 0
	case paired[B]:
		p.Event[B] = 0
	}
	switch {
	case p.Event[A] == 0:
		p.Differ = OnlyB
	case p.Event[B] == 0:
		p.Differ = OnlyA
	}
	side, id := A, p.Event[A]
	if id == 0 {
		side, id = B, p.Event[B]
	}
	p.Of, p.Led = side, led(c.sides[side].t, id)
	return p
}

// maxLed is how many decisions are told of what led to a parting.
const maxLed = 4

// led are the last decisions that an event follows from, back to what a
// program or a timer began.
func led(t trace.Trace, id trace.EventID) []trace.EventID {
	var out []trace.EventID
	last := t.Text(id)
	for id = t.Event(id).Cause; id != 0 && len(out) < maxLed; id = t.Event(id).Cause {
		switch t.Event(id).Kind {
		case trace.Send, trace.Segment, trace.Fragment, trace.Hold, trace.TimerFired, trace.Drop, trace.Deliver:
			if text := t.Text(id); text != "" && text != last {
				out, last = append(out, id), text
			}
		}
		if k := t.Event(id).Kind; k == trace.Send || k == trace.TimerFired {
			break
		}
	}
	slices.Reverse(out)
	return out
}
