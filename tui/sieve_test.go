package tui

import (
	"math/rand/v2"
	"slices"
	"testing"

	"strata/tui/scene"
)

// TestSieve holds rank and pick to a plain list, at every border of words and
// blocks, while the sieve grows in steps of any size.
func TestSieve(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		s := &scene.Sieve{}
		var want []int
		density := rnd.Float64() * rnd.Float64()
		for s.Done < 20000 {
			to := s.Done + rnd.IntN(9000)
			if rnd.IntN(3) == 0 {
				to = s.Done + rnd.IntN(3)
			}
			var hits []int
			for n := s.Done; n < to; n++ {
				if rnd.Float64() < density {
					hits = append(hits, n)
				}
			}
			want = append(want, hits...)
			s.Grow(to, hits)
			if s.N != len(want) {
				t.Fatalf("%d pass, want %d", s.N, len(want))
			}
		}
		for i, n := range want {
			if got := s.Pick(i); got != n {
				t.Fatalf("seed %d: the frame at %d is %d, want %d", seed, i, got, n)
			}
		}
		for n := range s.Done + 5 {
			i, there := slices.BinarySearch(want, n)
			if got := s.Rank(n); got != i || s.Has(n) != there {
				t.Fatalf("seed %d: frame %d stands at %d (%v), want %d (%v)", seed, n, got, s.Has(n), i, there)
			}
		}
	}
}

// TestSieveIsSmall: the result for ten million frames, every one of them
// passing.
func TestSieveIsSmall(t *testing.T) {
	s := &scene.Sieve{}
	hits := make([]int, 100_000)
	for s.Done < 10_000_000 {
		for i := range hits {
			hits[i] = s.Done + i
		}
		s.Grow(s.Done+len(hits), hits)
	}
	if size := 8 * (cap(s.Bits) + cap(s.Sums)); size > 2_500_000 {
		t.Errorf("%d bytes for ten million frames", size)
	}
	if s.Pick(9_999_999) != 9_999_999 || s.Rank(5_000_000) != 5_000_000 {
		t.Error("the frames are not in their places")
	}
}
