package compare

import (
	"strata/trace"
)

// Diff says in what the two sides of a row, or of a step, differ; 0: in
// nothing. Of what only one side has, nothing else is said.
type Diff uint16

// What may differ.
const (
	OnlyA   Diff = 1 << iota // B has none
	OnlyB                    // A has none
	Fate                     // it arrives in one, is lost or refused in the other
	Content                  // what it carries, asks or answers
	Header                   // only bytes that number it or lead it on its way
	Again                    // it is sent again in one, for the first time in the other
	Moved                    // it comes before what it follows in the other
	Time                     // when
	Reason                   // of a step: why, or the numbers in the reason
	Value                    // of a step: what a table's field changes to
)

// course is what makes two traces part, beyond values and times.
const course = OnlyA | OnlyB | Fate | Content | Again | Moved

var diffNames = []string{"only-a", "only-b", "fate", "content", "header", "again", "moved", "time", "reason", "value"}

// Names are the words for what differs.
func (d Diff) Names() []string {
	names := []string{}
	for i, name := range diffNames {
		if d>>i&1 != 0 {
			names = append(names, name)
		}
	}
	return names
}

// Only gives the side that has something alone.
func (d Diff) Only() (Side, bool) {
	switch {
	case d&OnlyA != 0:
		return A, true
	case d&OnlyB != 0:
		return B, true
	}
	return A, false
}

// Seen is one side of a row: a frame, at the event that it left or, where one
// looks from an interface, that it arrived.
type Seen struct {
	Frame int // -1: this side has none
	Event trace.EventID
	Time  trace.Time
}

// Row is what both traces have of one frame at one place; or what one has alone.
type Row struct {
	Seen   [2]Seen
	Differ Diff
	Later  trace.Time // how much later than A's B's is; 0 when one is alone
}

// Len is how many rows there are.
func (c *Comparison) Len() int { return len(c.order) }

// Row is row i, from 0. Rows are in A's order; what only B has stands where it
// comes in B.
func (c *Comparison) Row(i int) Row {
	r := Row{Differ: c.diff[i]}
	for s := range c.sides {
		r.Seen[s] = Seen{Frame: -1}
		if j := c.sight(Side(s), i); j >= 0 {
			x := c.sides[s]
			r.Seen[s] = Seen{Frame: x.frame(j), Event: x.event(j), Time: x.time(j)}
		}
	}
	if r.Differ&(OnlyA|OnlyB) == 0 {
		r.Later = c.later(r.Seen[A].Time, r.Seen[B].Time)
	}
	return r
}

// later is how much later than a time of A's one of B's is.
func (c *Comparison) later(a, b trace.Time) trace.Time { return b + c.shift - a }

// sight is a side's sight in row i; -1: none.
func (c *Comparison) sight(s Side, i int) int {
	x := c.order[i]
	switch {
	case x < 0 && s == B:
		return int(^x)
	case x < 0:
		return -1
	case s == B:
		return int(c.sides[A].partner[x])
	}
	return int(x)
}

// RowOf is the row of a frame, the first where it is seen more than once; -1:
// it is in none.
func (c *Comparison) RowOf(s Side, frame int) int {
	x := c.sides[s]
	lo, hi := 0, x.len()
	for lo < hi {
		if m := (lo + hi) / 2; x.frame(m) < frame {
			lo = m + 1
		} else {
			hi = m
		}
	}
	// Where a frame arrives, later ones may have left before.
	for ; lo < x.len() && lo >= 0; lo++ {
		if x.frame(lo) == frame {
			return int(c.rows[s][lo])
		}
		if x.ends == nil {
			break
		}
	}
	return -1
}

// Next is the first row after i, or with a step of -1 the last before it, that
// differs in any of what; -1: there is none.
func (c *Comparison) Next(i, step int, what Diff) int {
	for i += step; i >= 0 && i < len(c.diff); i += step {
		if c.diff[i]&what != 0 {
			return i
		}
	}
	return -1
}

// Differ is what differs in row i.
func (c *Comparison) Differ(i int) Diff { return c.diff[i] }

// Counts say how many rows there are, and how many differ in what.
type Counts struct {
	Rows, Same, Paired int
	Of                 [16]int    // by bit of Diff
	Latest             trace.Time // the largest Later
	Earliest           trace.Time // the smallest
}

// By is how many rows differ in what, one of the constants.
func (n *Counts) By(what Diff) int {
	for i := range n.Of {
		if what == 1<<i {
			return n.Of[i]
		}
	}
	return 0
}

// Counts are the rows, counted.
func (c *Comparison) Counts() Counts { return c.counts }

// exactly is how much clocks may differ: those of runs not at all, and files
// have often only microseconds.
func (c *Comparison) exactly() trace.Time {
	if c.Runs() {
		return 0
	}
	return trace.Microsecond
}

// judge finds what differs in row i.
func (c *Comparison) judge(i int) {
	a, b := c.sight(A, i), c.sight(B, i)
	switch {
	case a < 0:
		c.diff[i] = OnlyB
	case b < 0:
		c.diff[i] = OnlyA
	default:
		c.diff[i] |= c.differ(a, b)
	}
	n := &c.counts
	n.Rows++
	d := c.diff[i]
	if d == 0 {
		n.Same++
	}
	if d&(OnlyA|OnlyB) == 0 {
		n.Paired++
	}
	for bit := range n.Of {
		n.Of[bit] += int(d >> bit & 1)
	}
}

// differ compares sight i of A with sight j of B.
func (c *Comparison) differ(i, j int) (d Diff) {
	a, b := c.sides[A], c.sides[B]
	x, y := &a.sights[i], &b.sights[j]
	if !c.alike(x, y) {
		d |= Content
	} else if x.whole != y.whole && x.whole != 0 && y.whole != 0 {
		d |= Header
	}
	f, g := a.t.Frame(a.frame(i)), b.t.Frame(b.frame(j))
	if c.Runs() && f.Resent != g.Resent { // what a capture says of it is inferred
		d |= Again
	}
	if c.Runs() && f.Fate != g.Fate {
		d |= Fate
	}
	at, late := a.time(i), b.time(j)
	if by := c.later(at, late); by > c.exactly() || by < -c.exactly() {
		d |= Time
		c.counts.Latest, c.counts.Earliest = max(c.counts.Latest, by), min(c.counts.Earliest, by)
	} else if c.Runs() && f.Ended-f.Sent != g.Ended-g.Sent && f.Fate == g.Fate {
		d |= Time // on its way
	}
	return d
}

// alike says whether two sights mean the same: all but what numbers them.
func (c *Comparison) alike(x, y *sight) bool {
	if x.class != y.class || x.size != y.size || x.flags != y.flags || x.what != y.what && x.what != 0 && y.what != 0 {
		return false
	}
	if x.class != tcp {
		return x.seq == y.seq && x.ack == y.ack
	}
	t, u := &c.sides[A].talks.all[x.conversation()], &c.sides[B].talks.all[y.conversation()]
	p, q := t.way(x.back()), u.way(y.back())
	return x.seq-t.base[p] == y.seq-u.base[q] && (x.flags&ack == 0 || x.ack-t.base[1-p] == y.ack-u.base[1-q])
}
