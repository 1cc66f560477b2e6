package connection

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"strata/trace"
)

// TestNoExtremeIsLost: however many samples there are and however they are cut
// into columns, each sample lies between the least and the greatest of the
// column of its time, nothing is shown that no sample has, and none is counted
// twice.
func TestNoExtremeIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3*maxBuckets).Draw(t, "samples")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		line := rapid.Bool().Draw(t, "line")
		var s strip
		times, values := make([]trace.Time, n), make([]int64, n)
		now := trace.Time(0)
		for i := range n {
			now += trace.Time(r.IntN(3) * r.IntN(1000))
			times[i], values[i] = now, int64(r.IntN(1000))
			s.add(bucket{from: now, to: now, lo: values[i], hi: values[i], last: values[i], first: uint32(i + 1)})
		}
		if len(s.all) > maxBuckets {
			t.Fatalf("%d buckets", len(s.all))
		}
		from := trace.Time(rapid.Int64Range(0, int64(now)).Draw(t, "from"))
		to := trace.Time(rapid.Int64Range(int64(from), int64(now)).Draw(t, "to"))
		cols := make([]Column, rapid.IntRange(1, 400).Draw(t, "columns"))
		s.columns(cols, from, to, line)
		cut := cutter{from, float64(to-from) / float64(len(cols)), len(cols)}
		inside, counted := 0, 0
		for i := range n {
			if times[i] < from || times[i] > to {
				continue
			}
			inside++
			if c := cols[cut.column(times[i])]; !c.Has || c.Lo > values[i] || c.Hi < values[i] {
				t.Fatalf("sample %d of value %d is not within column %+v", i, values[i], c)
			}
		}
		for i, c := range cols {
			counted += c.N
			if line && c.Has && c.Last != trace.Absent && (c.Last < c.Lo || c.Last > c.Hi) {
				t.Fatalf("column %d ends with %d, outside of %d to %d", i, c.Last, c.Lo, c.Hi)
			}
		}
		if slack := int(2 * max(s.per, 1)); counted > inside+slack || counted < inside-slack {
			t.Fatalf("%d samples are counted, %d are there", counted, inside)
		}
	})
}

// TestFewSamplesAreExact: while nothing had to be merged, columns say exactly
// what the samples say.
func TestFewSamplesAreExact(t *testing.T) {
	var s strip
	for i, v := range []int64{10, 30, 20, trace.Absent} {
		at := trace.Time(i * 100)
		s.add(bucket{from: at, to: at, lo: v, hi: v, last: v, first: uint32(i + 1)})
	}
	cols := make([]Column, 5)
	s.columns(cols, 50, 550, true)
	want := []Column{
		{Lo: 10, Hi: 30, Last: 30, N: 1, Has: true, first: 2}, // 50 to 150: 10, then 30
		{Lo: 20, Hi: 30, Last: 20, N: 1, Has: true, first: 3},
		{Lo: 20, Hi: 20, Last: trace.Absent, N: 1, Has: true, first: 4},
		{Last: trace.Absent},
		{Last: trace.Absent},
	}
	for i := range want {
		if cols[i] != want[i] {
			t.Errorf("column %d is %+v, want %+v", i, cols[i], want[i])
		}
	}
	for at, want := range map[uint32]int64{1: 10, 2: 30, 3: 20} {
		if v, ok := s.value(at); !ok || v != want {
			t.Errorf("after %d: %d %v", at, v, ok)
		}
	}
	if _, ok := s.value(4); ok {
		t.Error("there is a value after the end")
	}
}

// TestInsertKeepsOrder: what comes a little late stands where it belongs.
func TestInsertKeepsOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var s strip
	for i := range 3 * maxBuckets {
		at := trace.Time(i*10 - r.IntN(60))
		s.insert(bucket{from: at, to: at, lo: 1, hi: 1})
		if s.per <= 1 && i > 0 && s.all[len(s.all)-1].from < s.all[len(s.all)-2].from {
			t.Fatalf("after %d samples the last is not the latest", i)
		}
	}
	for i := 1; i < len(s.all); i++ {
		if s.all[i].to < s.all[i-1].to {
			t.Fatalf("bucket %d ends before bucket %d", i, i-1)
		}
	}
}
