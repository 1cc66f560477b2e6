package changes

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"strata/layers"
	"strata/trace"
)

// run is n events, most of them changes of a hundred cells.
func run(n int) *trace.Log {
	l := trace.NewLog(trace.Info{Nodes: []trace.Node{{Name: "a"}}})
	r := rand.New(rand.NewPCG(3, 4))
	var slots []trace.SlotID
	for i := range 100 {
		slots = append(slots, l.Slot(trace.Slot{Table: "t", Key: fmt.Sprint(i / 10), Field: fmt.Sprint(i % 10)}))
	}
	for i := range n {
		e := trace.Event{Time: trace.Time(i), Layer: layers.Transport, End: trace.NoEnd}
		if i%3 == 0 {
			e.Kind = trace.TimerSet
			l.Add(e)
			continue
		}
		l.Set(e, slots[r.IntN(1+i*len(slots)/n)], int64(i))
	}
	return l
}

// TestAt compares with a look at all events before, forwards, backwards and
// anywhere.
func TestAt(t *testing.T) {
	l := run(60_000)
	x := New(l)
	if x.Knows(1) {
		t.Error("it knows what it did not read")
	}
	for x.Work(time.Second) {
	}
	r := rand.New(rand.NewPCG(5, 6))
	e := trace.EventID(1)
	for i := range 60 {
		switch i % 3 {
		case 0:
			e = trace.EventID(1 + r.IntN(l.Events()))
		case 1:
			e = min(e+trace.EventID(r.IntN(50)), trace.EventID(l.Events()))
		default:
			e = max(e-trace.EventID(r.IntN(50)), 1)
		}
		want := map[trace.SlotID]trace.EventID{}
		for n := trace.EventID(1); n <= e; n++ {
			if l.Event(n).Kind == trace.StateChange {
				want[l.Change(n).ID] = n
			}
		}
		for id, got := range x.At(e) {
			if got != want[trace.SlotID(id)] {
				t.Fatalf("at %d cell %d last changed at %d, want %d", e, id, got, want[trace.SlotID(id)])
			}
		}
	}
}

// TestBounded: what is kept does not outgrow its bound.
func TestBounded(t *testing.T) {
	l := trace.NewLog(trace.Info{Nodes: []trace.Node{{Name: "a"}}})
	for i := range 100_000 {
		id := l.Slot(trace.Slot{Table: "t", Key: fmt.Sprint(i), Field: "f"})
		l.Set(trace.Event{Layer: layers.Transport, End: trace.NoEnd}, id, 1)
	}
	x := New(l)
	x.every = 64
	for x.Work(time.Second) {
	}
	if x.size > MostKept {
		t.Errorf("%d numbers are kept, at most %d may be", x.size, MostKept)
	}
	if got := x.At(70_000)[69_999]; got != 70_000 {
		t.Errorf("cell 69999 last changed at %d, want 70000", got)
	}
}

func BenchmarkJump(b *testing.B) {
	l := run(1_000_000)
	x := New(l)
	for x.Work(time.Second) {
	}
	i := 0
	for b.Loop() {
		i++
		x.At(trace.EventID(1 + i*654_321%l.Events()))
	}
}

func BenchmarkWork(b *testing.B) {
	l := run(1_000_000)
	for b.Loop() {
		x := New(l)
		for x.Work(time.Second) {
		}
	}
}
