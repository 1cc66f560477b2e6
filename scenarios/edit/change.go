package edit

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"strata/scenarios"
	"strata/scenarios/tree"
	"strata/trace"
)

// Change is an override of a scenario's file: what `--set PATH=VALUE` does.
type Change struct{ Path, Value string }

// String is the change as it is typed.
func (c Change) String() string { return c.Path + "=" + c.Value }

// Parse reads a change as it is typed.
func Parse(s string) (Change, error) {
	path, value, ok := strings.Cut(s, "=")
	path, value = strings.TrimSpace(path), strings.TrimSpace(value)
	if !ok || path == "" || value == "" {
		return Change{}, errors.New("write it as PATH=VALUE, like links.wan.loss=2%")
	}
	return Change{path, value}, nil
}

// Apply is a scenario, built-in or in a file, with changes made to it in their
// order. An error about a change is a Mistake.
func Apply(nameOrPath string, changes []Change) (*scenarios.Scenario, error) {
	sets := make([]string, len(changes))
	for i, c := range changes {
		sets[i] = c.String()
	}
	s, err := scenarios.Open(nameOrPath, sets...)
	return s, mistaken(err)
}

// Mistake is what is wrong with a change.
type Mistake struct {
	Change string // as it is typed
	Text   string // what is wrong and what to do
}

// Error is the mistake alone: who asked for the change knows which it is.
func (m Mistake) Error() string { return m.Text }

// mistaken makes a Mistake of the first problem that a change has; of others,
// nothing else.
func mistaken(err error) error {
	var all tree.Problems
	var one tree.Problem
	if errors.As(err, &one) {
		all = tree.Problems{one}
	} else if !errors.As(err, &all) {
		return err
	}
	for _, p := range all {
		if p.Pos.From != "" {
			return Mistake{p.Pos.From, p.Text}
		}
	}
	return err
}

// Struck is a frame that a change may strike: the nth that a node puts on a
// link, from 1.
type Struck struct {
	Link, Node string
	Nth        int
}

// FrameOf finds which frame of its link frame n of a run is. It counts those
// before it: not for a key that is held.
func FrameOf(t trace.Trace, n int) (Struck, error) {
	info := t.Info()
	if info.Captured {
		return Struck{}, errors.New("a capture is what has happened: only a scenario's run can be changed")
	}
	if n < 0 || n >= t.Frames() {
		return Struck{}, errors.New("there is no such frame")
	}
	end := t.Frame(n).End
	link := &info.Links[end.Link()]
	s := Struck{Link: link.Name, Node: info.Nodes[link.Ends[end.Side()].Node].Name}
	for i := range n + 1 {
		if t.Frame(i).End == end {
			s.Nth++
		}
	}
	return s, nil
}

// fault is a change that adds a fault to a link.
func fault(link, format string, args ...any) Change {
	return Change{"links." + link + ".faults.+", "{" + fmt.Sprintf(format, args...) + "}"}
}

// Lose loses the frame on its link.
func (s Struck) Lose() Change {
	return fault(s.Link, "kind: loss, out: %s, nth: %d", s.Node, s.Nth)
}

// Delay holds the frame back, while others pass it.
func (s Struck) Delay(by time.Duration) Change {
	return fault(s.Link, "kind: reorder, out: %s, nth: %d, delay: %s", s.Node, s.Nth, by)
}

// Duplicate lets a copy of the frame arrive after it.
func (s Struck) Duplicate() Change {
	return fault(s.Link, "kind: duplicate, out: %s, nth: %d", s.Node, s.Nth)
}

// Corrupt flips a bit of the frame, counted from 0; -1: a random one.
func (s Struck) Corrupt(bit int) Change {
	if bit < 0 {
		return fault(s.Link, "kind: corrupt, out: %s, nth: %d", s.Node, s.Nth)
	}
	return fault(s.Link, "kind: corrupt, out: %s, nth: %d, bit: %d", s.Node, s.Nth, bit)
}

// Cut lets nothing through a link from a time on, until another; 0: for good.
// What is on its way already arrives.
func Cut(link string, from, until time.Duration) Change {
	switch {
	case until > 0:
		return fault(link, "kind: loss, after: %s, before: %s", from, until)
	}
	return fault(link, "kind: loss, after: %s", from)
}
