package compare

import (
	"hash/maphash"

	"strata/trace"
)

// Step is what both sides have of one event of a row's frames; or what one has
// alone.
type Step struct {
	Event  [2]trace.EventID // 0: this side has none
	Differ Diff
}

// maxSteps is how many steps of a frame are put in pairs; a frame may be the
// cause of very many.
const maxSteps = 1 << 14

// Steps are the steps of a row's frames, in A's order; those that only B
// has stand where they come in B.
func (c *Comparison) Steps(row int) []Step {
	r := c.Row(row)
	var ids [2][]trace.EventID
	for s, x := range c.sides {
		if f := r.Seen[s].Frame; f >= 0 {
			steps := x.t.Steps(f)
			ids[s] = append(ids[s], steps[:min(len(steps), maxSteps)]...)
		}
	}
	return c.pairSteps(ids[A], ids[B])
}

// stepName is what a step is known by, the pair of the same step.
type stepName struct {
	node, end   string
	table       string // with key and field, of a state
	key, field  string
	kind, layer uint8
	proto       uint16
	why         trace.Why
}

func (c *Comparison) pairSteps(a, b []trace.EventID) []Step {
	ofA, ofB := alone(len(a)), alone(len(b))
	var keys [2][]uint64
	for loose := range 2 {
		for s, ids := range [2][]trace.EventID{a, b} {
			keys[s] = make([]uint64, len(ids))
			for i, id := range ids {
				if [2][]int32{ofA, ofB}[s][i] < 0 {
					keys[s][i] = c.stepKey(Side(s), id, loose == 1)
				}
			}
		}
		pair(keys[A], keys[B], ofA, ofB)
	}
	at := func(s Side, id trace.EventID) trace.Time { return c.sides[s].t.Event(id).Time }
	fixed := inOrder(ofA)
	order := merge(ofA, ofB, fixed, func(i, j, from, to int) bool {
		if from < 0 {
			return at(A, a[i]) <= at(B, b[j])+c.shift
		}
		return at(A, a[i])-at(A, a[from]) <= at(B, b[j])-at(B, b[to])
	})
	steps := make([]Step, len(order))
	for n, i := range order {
		switch {
		case i < 0:
			steps[n] = Step{Event: [2]trace.EventID{0, b[^i]}, Differ: OnlyB}
		case ofA[i] < 0:
			steps[n] = Step{Event: [2]trace.EventID{a[i], 0}, Differ: OnlyA}
		default:
			steps[n] = c.step(a[i], b[ofA[i]])
			if !fixed[i] {
				steps[n].Differ |= Moved
			}
		}
	}
	return steps
}

// step says in what two events that are the same differ.
func (c *Comparison) step(m, n trace.EventID) Step {
	s := Step{Event: [2]trace.EventID{m, n}}
	a, b := c.sides[A].t, c.sides[B].t
	e, f := a.Event(m), b.Event(n)
	if by := c.later(e.Time, f.Time); by > c.exactly() || by < -c.exactly() {
		s.Differ |= Time
	}
	if !c.Runs() {
		return s // what a capture's steps say is inferred, and in other words
	}
	if _, d := c.sameEvent(m, n); d != 0 {
		s.Differ |= d
	}
	if e.PDU != 0 && f.PDU != 0 && !c.equal(e.PDU, f.PDU) {
		s.Differ |= Header
	}
	return s
}

// stepKey is what the same step has in common on both sides; loosely, for whatever
// reason it happens. Beside a capture, whose hosts have other names, only
// what happens counts.
func (c *Comparison) stepKey(s Side, id trace.EventID, loose bool) uint64 {
	t := c.sides[s].t
	e := t.Event(id)
	k := stepName{kind: uint8(e.Kind), layer: uint8(e.Layer), proto: uint16(e.Proto)}
	if c.Runs() {
		k.node, k.end = c.node(s, e.Node), c.end(s, e.End)
		if !loose {
			k.why = e.Why
		}
		if e.Kind == trace.StateChange {
			slot := t.Change(id).Slot
			k.table, k.key, k.field = slot.Table, slot.Key, slot.Field
		}
	}
	return maphash.Comparable(c.seed, k) | 1
}
