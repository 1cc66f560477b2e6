package compare

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"strata/capture"
	"strata/trace"
)

func TestPair(t *testing.T) {
	for _, c := range []struct {
		a, b []uint64
		want []int32 // of a
	}{
		{nil, nil, nil},
		{[]uint64{1, 2, 3}, []uint64{1, 2, 3}, []int32{0, 1, 2}},
		{[]uint64{1, 2, 2, 3}, []uint64{2, 1, 3, 2}, []int32{1, 0, 3, 2}},
		{[]uint64{5, 5, 5}, []uint64{5}, []int32{0, -1, -1}}, // sent again in A alone
		{[]uint64{5}, []uint64{4, 5, 5}, []int32{1}},
		{[]uint64{0, 7}, []uint64{0, 7}, []int32{-1, 1}}, // 0 is nobody's
	} {
		ofA, ofB := alone(len(c.a)), alone(len(c.b))
		pair(c.a, c.b, ofA, ofB)
		if !slices.Equal(ofA, c.want) {
			t.Errorf("%v with %v: %v, want %v", c.a, c.b, ofA, c.want)
		}
		for i, j := range ofA {
			if j >= 0 && ofB[j] != int32(i) {
				t.Errorf("%v with %v: %d is the partner of %d, but not the other way", c.a, c.b, j, i)
			}
		}
	}
}

// TestOrder: in random pairings, a longest choice keeps its order, and every
// sight of both has exactly one row, those that keep their order in both orders.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n, m := r.IntN(12), r.IntN(12)
		ofA, ofB := alone(n), alone(m)
		free := r.Perm(m)
		for i := range ofA {
			if len(free) > 0 && r.IntN(3) > 0 {
				ofA[i], ofB[free[0]] = int32(free[0]), int32(i)
				free = free[1:]
			}
		}
		fixed := inOrder(ofA)
		kept, last := 0, int32(-1)
		for i, ok := range fixed {
			if !ok {
				continue
			}
			if ofA[i] <= last {
				t.Fatalf("%v: %v go back", ofA, fixed)
			}
			kept, last = kept+1, ofA[i]
		}
		if want := longest(ofA, -1); kept != want {
			t.Fatalf("%v: %d keep their order, want %d", ofA, kept, want)
		}
		rows := merge(ofA, ofB, fixed, func(i, j, _, _ int) bool { return i <= j })
		nextA, nextB, lastFixed := 0, map[int]bool{}, -1
		for _, x := range rows {
			if x < 0 {
				if j := int(^x); ofB[j] >= 0 || nextB[j] || j < lastFixed {
					t.Fatalf("%v: row of B's %d in %v", ofA, j, rows)
				}
				nextB[int(^x)] = true
				continue
			}
			if int(x) != nextA {
				t.Fatalf("%v: A's rows are %v", ofA, rows)
			}
			if nextA++; fixed[x] {
				lastFixed = int(ofA[x])
			}
			if ofA[x] >= 0 {
				nextB[int(ofA[x])] = true
			}
		}
		if nextA != n || len(nextB) != m {
			t.Fatalf("%v: rows %v for %d and %d", ofA, rows, n, m)
		}
	}
}

// longest is how many of the pairs can keep their order, behind one of B, by
// trying all.
func longest(ofA []int32, behind int32) int {
	if len(ofA) == 0 {
		return 0
	}
	best := longest(ofA[1:], behind)
	if ofA[0] > behind {
		best = max(best, 1+longest(ofA[1:], ofA[0]))
	}
	return best
}

// FuzzCaptures compares a hostile capture with one that has some of the same
// frames; it must come to an end, with every frame in one row.
func FuzzCaptures(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 0x45}, uint16(3))
	syn := []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0}
	f.Add(slices.Repeat(syn, 3), uint16(54))
	f.Fuzz(func(t *testing.T, data []byte, size uint16) {
		n := max(1, int(size))
		var files [2][]byte
		for s := range files {
			files[s] = append(files[s], 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0)
		}
		for i := 0; i*n < len(data) && i < 200; i++ {
			b := data[i*n : min(len(data), (i+1)*n)]
			head := []byte{byte(i), 0, 0, 0, byte(i * 7), 0, 0, 0, byte(len(b)), byte(len(b) >> 8), 0, 0, byte(len(b)), byte(len(b) >> 8), 0, 0}
			files[0] = append(append(files[0], head...), b...)
			if i%3 != 1 {
				files[1] = append(append(files[1], head...), b...)
			}
		}
		var traces [2]trace.Trace
		for s, b := range files {
			c, err := capture.Pipe(bytes.NewReader(b), "fuzz", nil)
			if err != nil {
				t.Skip()
			}
			defer c.Close()
			c.Wait(1 << 30)
			traces[s] = c
		}
		c := New(traces[0], traces[1], Options{})
		for !c.Work(time.Second) {
		}
		var seen [2]int
		for i := range c.Len() {
			r := c.Row(i)
			for s := range seen {
				if f := r.Seen[s].Frame; f >= 0 {
					seen[s]++
					if got := c.RowOf(Side(s), f); got != i {
						t.Fatalf("frame %d of %v is in row %d, not %d", f, Side(s), got, i)
					}
				}
			}
			c.Words(i)
			c.Steps(i)
		}
		if seen[0] != traces[0].Frames() || seen[1] != traces[1].Frames() {
			t.Fatalf("%v rows for %d and %d frames", seen, traces[0].Frames(), traces[1].Frames())
		}
		if c.WriteText(discard{}) != nil || c.WriteJSON(discard{}) != nil {
			t.Fatal("a report fails")
		}
	})
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
