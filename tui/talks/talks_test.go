package talks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/trace"
	"strata/tui/keys"
	"strata/tui/scene"
	"strata/tui/tuitest"
)

// crowd is a trace of many conversations.
type crowd struct {
	trace.Trace
	n int
}

func (c crowd) Info() *trace.Info        { return new(trace.Info) }
func (c crowd) Frames() int              { return 1 }
func (c crowd) Events() int              { return 1 }
func (c crowd) Progress() trace.Progress { return trace.Progress{} }
func (c crowd) Conversations() int       { return c.n }

func (c crowd) Conversation(i int) trace.Conversation {
	return trace.Conversation{
		Proto: talkProtos[i%len(talkProtos)], A: fmt.Sprintf("10.0.%d.%d", i>>8&255, i&255), B: "192.0.2.1",
		Frames: [2]int{i * 7919 % 1000, i * 104729 % 1000}, Bytes: [2]int64{int64(i) * 7919 % 1e6, int64(i) * 15485863 % 1e9},
		Start: trace.Time(i) * trace.Millisecond, End: trace.Time(i)*trace.Millisecond + trace.Time(i*31%977)*trace.Second,
	}
}

// TestOrders: the rows are in the order of any column, one way and the other.
func TestOrders(t *testing.T) {
	tr := crowd{n: 60_000}
	s, x := scene.New(tr, layers.OSI), new(Pane)
	x.Update(s)
	tuitest.Finish(s)
	for range sortColumns {
		x.Do(keys.MoveRight, s)
		tuitest.Finish(s)
		rows := x.tables[0].rows
		if len(rows) != tr.n/len(talkProtos) {
			t.Fatalf("%d rows", len(rows))
		}
		if !slices.IsSortedFunc(rows, func(a, b int) int {
			ka, kb := x.order.key(a, tr.Conversation(a)), x.order.key(b, tr.Conversation(b))
			if x.back {
				ka, kb = kb, ka
			}
			if ka.n != kb.n {
				return int(min(max(ka.n-kb.n, -1), 1))
			}
			return strings.Compare(ka.text, kb.text)
		}) {
			t.Errorf("the rows are not ordered by %s", sortNames[x.order])
		}
	}
	first := x.tables[0].rows[0]
	x.Do(keys.TurnOver, s)
	tuitest.Finish(s)
	if rows := x.tables[0].rows; rows[len(rows)-1] != first {
		t.Error("the order is not turned")
	}
}

// BenchmarkSort puts two hundred thousand conversations in order, beside the
// loop.
func BenchmarkSort(b *testing.B) {
	s, x := scene.New(crowd{n: 200_000}, layers.OSI), &Pane{order: byBytes}
	x.Scene = s
	for b.Loop() {
		for j := x.sort(); j.Work(time.Second)(); {
		}
	}
}
