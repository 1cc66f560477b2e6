package buffers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"strata/scenarios/scenariotest"
	"strata/trace"
	"strata/trace/buffers"
)

// rough is a transfer over a line that does all that lines do.
func rough(t testing.TB, seed, mtu int) *trace.Log {
	t.Helper()
	return scenariotest.Run(t, "testdata/rough.yaml", fmt.Sprint("seed=", seed), fmt.Sprint("links.b.mtu=", mtu))
}

// TestLooksAgreeWithTCP holds what a look finds in the segments to what the
// simulated TCP notes of itself, at every change of its variables.
func TestLooksAgreeWithTCP(t *testing.T) {
	logs := map[string]*trace.Log{}
	for seed := range 4 {
		logs[fmt.Sprint("rough ", seed)] = rough(t, seed, 1500)
	}
	logs["rough, in fragments"] = rough(t, 7, 700)
	for _, name := range []string{"rto-backoff", "reorder-duplicate", "half-close", "two-tabs", "sealed-envelope", "mask-direction", "nat-rebinding"} {
		logs[name] = scenariotest.Run(t, name)
	}
	for name, log := range logs {
		agreed := map[string]int{}
		first := map[trace.SlotID]int64{}
		for n := trace.EventID(1); int(n) <= log.Events(); n++ {
			c := log.Change(n)
			if c.Slot.Table != "tcp" || c.New == trace.Absent {
				continue
			}
			if _, ok := first[c.ID]; !ok {
				first[c.ID] = c.New
				continue
			}
			if check(t, name, log, n, c, c.New-first[c.ID]) {
				agreed[c.Slot.Field]++
			}
		}
		for _, field := range []string{"snd.una", "snd.nxt", "rcv.nxt"} {
			if agreed[field] < 2 {
				t.Errorf("%s: %s was compared %d times", name, field, agreed[field])
			}
		}
	}
}

// check compares one variable. A SYN and a FIN take a number each.
func check(t *testing.T, name string, log *trace.Log, n trace.EventID, c trace.Change, v int64) bool {
	t.Helper()
	step := n
	for log.Event(step).Kind == trace.StateChange && log.Event(step).Cause != 0 {
		step = log.Event(step).Cause
	}
	e := log.Event(step)
	if e.Kind != trace.Segment && (e.Kind != trace.Decapsulate || e.Proto.String() != "TCP") {
		return false // a program or a timer did it
	}
	back := c.Slot.Field != "rcv.nxt"
	if e.Kind == trace.Segment {
		back = !back
	}
	if e.Kind == trace.Segment && c.Slot.Field != "snd.nxt" {
		return false
	}
	x := log.Transfers(step)
	of := x.Sent
	if back {
		of = x.Back
	}
	l, ok := buffers.Of(log, n, of == log.Transfers(n).Back)
	if !ok || l.Of != of {
		return false
	}
	var got, low int64
	switch c.Slot.Field {
	case "snd.una":
		got, low = l.Acked, v-2
	case "snd.nxt":
		got, low = l.High, v-2
	case "rcv.nxt":
		got, low = l.Next, v-1
	default:
		return false
	}
	if got < low || got > v {
		t.Errorf("%s: at event %d (%s) %s went to %d, a look says %d", name, n, c.Slot.Key, c.Slot.Field, v, got)
	}
	sound(t, name, l)
	return true
}

// sound checks what must be true of every look.
func sound(t testing.TB, name string, l *buffers.Look) {
	t.Helper()
	at := l.Start
	for i, r := range l.Ranges {
		if r.From != at || r.To <= r.From {
			t.Errorf("%s: at event %d range %d is %d to %d, the one before ends at %d", name, l.At, i, r.From, r.To, at)
		}
		at = r.To
		switch r.State {
		case buffers.Read:
			if r.To > l.Read {
				t.Errorf("%s: at event %d up to %d is read, not %d", name, l.At, l.Read, r.To)
			}
		case buffers.Ready:
			if r.From < l.Read || r.To > l.Next {
				t.Errorf("%s: at event %d bytes %d to %d are ready, but %d is read and %d is missing", name, l.At, r.From, r.To, l.Read, l.Next)
			}
		case buffers.Unseen:
			if !l.Inferred {
				t.Errorf("%s: at event %d bytes %d to %d were never seen", name, l.At, r.From, r.To)
			}
		default:
			if r.To > l.Next && r.From < l.Next || r.State != buffers.Held && r.From < l.Next {
				t.Errorf("%s: at event %d bytes %d to %d: %v, but %d is the first that is missing", name, l.At, r.From, r.To, r.State, l.Next)
			}
		}
	}
	if len(l.Ranges) > buffers.MaxRanges || len(l.Arrived) > buffers.MaxArrivals {
		t.Errorf("%s: at event %d there are %d ranges, %d arrivals", name, l.At, len(l.Ranges), len(l.Arrived))
	}
}

// tell is a look as text.
func tell(log trace.Trace, l *buffers.Look) string {
	var b strings.Builder
	fmt.Fprintf(&b, "read %d next %d edge %d acked %d high %d written %d", l.Read, l.Next, l.Edge, l.Acked, l.High, l.Written)
	for _, r := range l.Ranges {
		fmt.Fprintf(&b, "\n  %d-%d %v", r.From, r.To, r.State)
		if r.Pieces > 0 {
			fmt.Fprintf(&b, ", frame %d", log.FrameOf(r.Piece.Sent)+1)
		}
		if r.Filler.PDU != 0 {
			fmt.Fprintf(&b, ", frame %d will bring it", log.FrameOf(r.Filler.Got)+1)
		}
		if r.Acked {
			b.WriteString(", acked")
		}
		if r.Lit {
			b.WriteString(" *")
		}
	}
	return b.String()
}

// story tells what the events of a direction change, one line for each.
func story(log trace.Trace, most int) string {
	var b strings.Builder
	for n := trace.EventID(1); int(n) <= log.Events() && most > 0; n++ {
		l, ok := buffers.Of(log, n, false)
		if !ok || buffers.Main(log, n) || !slices.ContainsFunc(l.Ranges, func(r buffers.Range) bool { return r.Lit }) {
			continue
		}
		most--
		fmt.Fprintf(&b, "%v:", log.Event(n).Kind)
		for _, r := range l.Ranges {
			lit := ""
			if r.Lit {
				lit = "*"
			}
			fmt.Fprintf(&b, " %s%d-%d %v", lit, r.From, r.To, r.State)
			if r.Pieces > 0 {
				fmt.Fprintf(&b, " (%d)", log.FrameOf(r.Piece.Sent)+1)
			}
			if r.Filler.PDU != 0 {
				fmt.Fprintf(&b, " (%d to come)", log.FrameOf(r.Filler.Got)+1)
			}
			b.WriteString(";")
		}
		if l.Deadline != 0 {
			fmt.Fprintf(&b, " until %d", l.Deadline-log.Event(n).Time)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestHoleOfTheCourse tells the story of the segment that is lost three times.
func TestHoleOfTheCourse(t *testing.T) {
	const want = `write: *0-75 not sent yet;
segment: *0-75 on its way (6) (11 to come);
drop: *0-75 lost (6) (11 to come);
segment: *0-75 on its way (8) (11 to come);
drop: *0-75 lost (8) (11 to come);
segment: *0-75 on its way (9) (11 to come);
drop: *0-75 lost (9) (11 to come);
segment: *0-75 on its way (10) (11 to come);
decapsulate: *0-75 in order, waits to be read (10);
read: *0-75 read by the program (10);
`
	if got := story(scenariotest.Run(t, "rto-backoff"), 10); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestFragmentsOfTheCourse tells how six fragments become a datagram, and how
// five of six are given up.
func TestFragmentsOfTheCourse(t *testing.T) {
	log := scenariotest.Run(t, "fragment-amplifier")
	const want = "fragment: *0-1480 on its way (1) (1 to come); 1480-2960 not sent yet (2 to come); 2960-4440 not sent yet (3 to come); " +
		"4440-5920 not sent yet (4 to come); 5920-7400 not sent yet (5 to come); 7400-8200 not sent yet (6 to come);\n" +
		"fragment: 0-1480 on its way (1) (1 to come); *1480-2960 on its way (2) (2 to come); 2960-4440 not sent yet (3 to come); " +
		"4440-5920 not sent yet (4 to come); 5920-7400 not sent yet (5 to come); 7400-8200 not sent yet (6 to come);\n"
	if got := story(log, 2); got != want {
		t.Errorf("got\n%s", got)
	}
	const hold = "\nhold: 0-1480 in order, waits to be read (1); *1480-2960 in order, waits to be read (2); 2960-4440 on its way (3) (3 to come); " +
		"4440-5920 on its way (4) (4 to come); 5920-7400 on its way (5) (5 to come); 7400-8200 on its way (6) (6 to come); until 59999987696\n"
	if got := story(log, 20); !strings.Contains(got, hold) {
		t.Errorf("got\n%s", got)
	}
	given := 0
	for n := trace.EventID(1); int(n) <= log.Events(); n++ {
		if log.Event(n).Why != trace.IPTimeout {
			continue
		}
		l, ok := buffers.Of(log, n, false)
		if !ok || l.Given == 0 || l.Whole != 0 || !l.Packet {
			t.Fatalf("event %d: %+v", n, l)
		}
		given++
	}
	if given == 0 {
		t.Error("none was given up")
	}
}
