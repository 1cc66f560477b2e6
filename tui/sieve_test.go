package tui

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSieve holds rank and pick to a plain list, at every border of words and
// blocks, while the sieve grows in steps of any size.
func TestSieve(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		s := &sieve{}
		var want []int
		density := rnd.Float64() * rnd.Float64()
		for s.done < 20000 {
			to := s.done + rnd.IntN(9000)
			if rnd.IntN(3) == 0 {
				to = s.done + rnd.IntN(3)
			}
			var hits []int
			for n := s.done; n < to; n++ {
				if rnd.Float64() < density {
					hits = append(hits, n)
				}
			}
			want = append(want, hits...)
			s.grow(to, hits)
			if s.n != len(want) {
				t.Fatalf("%d pass, want %d", s.n, len(want))
			}
		}
		for i, n := range want {
			if got := s.pick(i); got != n {
				t.Fatalf("seed %d: the frame at %d is %d, want %d", seed, i, got, n)
			}
		}
		for n := range s.done + 5 {
			i, there := slices.BinarySearch(want, n)
			if got := s.rank(n); got != i || s.has(n) != there {
				t.Fatalf("seed %d: frame %d stands at %d (%v), want %d (%v)", seed, n, got, s.has(n), i, there)
			}
		}
	}
}

// TestSieveIsSmall: the result for ten million frames, every one of them
// passing.
func TestSieveIsSmall(t *testing.T) {
	s := &sieve{}
	hits := make([]int, 100_000)
	for s.done < 10_000_000 {
		for i := range hits {
			hits[i] = s.done + i
		}
		s.grow(s.done+len(hits), hits)
	}
	if size := 8 * (cap(s.bits) + cap(s.sums)); size > 2_500_000 {
		t.Errorf("%d bytes for ten million frames", size)
	}
	if s.pick(9_999_999) != 9_999_999 || s.rank(5_000_000) != 5_000_000 {
		t.Error("the frames are not in their places")
	}
}
