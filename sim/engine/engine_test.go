package engine

import (
	"math/rand/v2"
	"slices"
	"testing"

	"strata/trace"
)

// TestTimersRunInOrder sets, moves and stops timers at random, also from their
// own functions, and holds what runs to a plain list of what should.
func TestTimersRunInOrder(t *testing.T) {
	type due struct {
		at    trace.Time
		order int
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var e Engine
	timers := make([]*Timer, 50)
	want := make([]due, len(timers)) // order 0: not set
	order := 0
	change := func() {
		i := rng.IntN(len(timers))
		if rng.IntN(4) == 0 {
			timers[i].Stop()
			want[i] = due{}
			return
		}
		order++
		at := e.Now() + trace.Time(rng.IntN(20)-5)
		timers[i].Set(at)
		want[i] = due{max(at, e.Now()), order}
	}
	ran := 0
	for i := range timers {
		timers[i] = e.NewTimer(func() {
			ran++
			for _, other := range want {
				if other.order > 0 && (other.at < want[i].at || other.at == want[i].at && other.order < want[i].order) {
					t.Fatalf("timer of %v ran before that of %v", want[i], other)
				}
			}
			if want[i].order == 0 || e.Now() != want[i].at || timers[i].IsSet() {
				t.Fatalf("at %d: a timer of %v ran", e.Now(), want[i])
			}
			want[i] = due{}
			for range rng.IntN(3) {
				change()
			}
		})
	}
	for range 20000 {
		change()
		if rng.IntN(2) == 0 {
			e.Step()
		}
		set := slices.ContainsFunc(want, func(d due) bool { return d.order > 0 })
		if _, more := e.Next(); more != set {
			t.Fatalf("more is %v, want %v", more, set)
		}
	}
	if ran < 5000 || e.Fired() != uint64(ran) {
		t.Errorf("%d timers ran, the engine says %d", ran, e.Fired())
	}
}

// TestDrawsAreTheirOwners: draws depend on seed, owner and purpose, are the
// same each time, and are spread evenly.
func TestDrawsAreTheirOwners(t *testing.T) {
	names := [][2]string{{"a", "loss 0"}, {"a", "loss 1"}, {"al", "oss 0"}, {"b", "loss 0"}, {"", ""}}
	seen := map[uint64]bool{}
	for seed := range uint64(3) {
		for _, n := range names {
			d, again := NewDraws(seed, n[0], n[1]), NewDraws(seed, n[0], n[1])
			sum := 0.0
			for range 10000 {
				x := d.Float()
				if sum += x; x < 0 || x >= 1 || x != again.Float() {
					t.Fatalf("%v draws %v", n, x)
				}
			}
			if mean := sum / 10000; mean < 0.48 || mean > 0.52 {
				t.Errorf("%v draws %v on average", n, mean)
			}
			if x := d.Uint64(); seen[x] {
				t.Errorf("%v draws what another did", n)
			} else {
				seen[x] = true
			}
		}
	}
}
