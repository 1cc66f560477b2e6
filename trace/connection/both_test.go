package connection

import (
	"slices"
	"testing"

	"strata/capture"
	"strata/capture/capturetest"
	"strata/scenarios/scenariotest"
)

// eachEnd visits the ends of the connections of all runs, each with a capture
// made there.
func eachEnd(t *testing.T, visit func(t *testing.T, c *Connection, d int, f *capture.File)) {
	for _, name := range course() {
		t.Run(name, func(t *testing.T) {
			l := scenariotest.Run(t, name, small[name]...)
			for _, c := range connections(l) {
				for d := range c.ends {
					visit(t, c, d, capturetest.Open(t, capturetest.Write(t, seenAt(l, c.ends[d].node))))
				}
			}
		})
	}
}

// TestARunSeenByACapture: a capture made at a host of a run tells of what that
// host sends just what the host itself knows: where each segment began and
// ended, which were sent again, and what was acknowledged.
func TestARunSeenByACapture(t *testing.T) {
	segments := 0
	eachEnd(t, func(t *testing.T, c *Connection, d int, f *capture.File) {
		segments += c.seenFrom(t, d, f)
	})
	if segments < 500 {
		t.Errorf("only %d segments were compared", segments)
	}
}

// seenFrom compares what end d sends with a capture made there.
func (c *Connection) seenFrom(t *testing.T, d int, f *capture.File) (n int) {
	i := slices.IndexFunc(connections(f), func(o *Connection) bool {
		return o.names == c.names || o.names == [2]string{c.names[1], c.names[0]}
	})
	if i < 0 { // behind a NAT the other end has another address
		return 0
	}
	o := connections(f)[i]
	od := slices.Index(o.names[:], c.names[d])
	for _, k := range [...]Kind{Data, Resent} {
		mine, theirs := c.whole.dirs[d][k].all, o.whole.dirs[od][k].all
		if len(mine) != len(theirs) {
			t.Errorf("%v: %d times %v, the capture has %d", c.names[d], len(mine), k, len(theirs))
			return n
		}
		for j := range mine {
			a, b := &mine[j], &theirs[j]
			if a.lo != b.lo || a.hi != b.hi {
				t.Errorf("%v: %v %d from %d to %d, in the capture from %d to %d", c.names[d], k, j, a.lo, a.hi, b.lo, b.hi)
			}
			n++
		}
	}
	for _, b := range c.whole.dirs[d][Acked].all {
		if b.last > 0 && !slices.ContainsFunc(o.whole.dirs[od][Acked].all, func(s bucket) bool { return s.last == b.last }) {
			t.Errorf("%v: the host has %d acknowledged, the capture never", c.names[d], b.last)
		}
	}
	return n
}

// TestStatesSeenByACapture: what segments tell of the states is what the hosts
// went through.
func TestStatesSeenByACapture(t *testing.T) {
	steps := 0
	eachEnd(t, func(t *testing.T, c *Connection, d int, f *capture.File) {
		for _, o := range connections(f) {
			if od := slices.Index(o.names[:], c.names[d]); od >= 0 && slices.Contains(o.names[:], c.names[1-d]) {
				steps += c.sameStates(t, d, o, od)
			}
		}
	})
	if steps < 200 {
		t.Errorf("only %d steps were compared", steps)
	}
}

// sameStates compares the path of an end with what a capture made there tells
// of it. When TIME-WAIT ends cannot be seen, nor that a program gave up.
func (c *Connection) sameStates(t *testing.T, d int, o *Connection, od int) (n int) {
	names := func(c *Connection, d int) (all []string) {
		path, _ := c.Path(d)
		for _, s := range path {
			all = append(all, s.From.String()+" "+s.To.String())
		}
		return all
	}
	host, seen := names(c, d), names(o, od)
	if k := len(host); k > 0 && len(seen) == k-1 {
		if from, to := c.whole.states.paths[d].all[k-1].From, c.whole.states.paths[d].all[k-1].To; to == Closed.only() && from != LastAck.only() {
			host = host[:k-1]
		}
	}
	if len(host) == 0 && len(seen) > 0 { // nobody listened
		host = []string{"CLOSED or LISTEN CLOSED"}
	}
	if !slices.Equal(host, seen) {
		t.Errorf("%v went %q, the capture tells %q", c.names[d], host, seen)
	}
	return len(seen)
}
