package travel

import (
	"math/rand/v2"
	"testing"
)

// TestMerge: whatever stretches come in whatever order, each byte has the
// nearest form that was said of it, and the stretches stay in order and apart.
func TestMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var all []Lit
		want := map[int64]Form{}
		for range 1 + rng.IntN(12) {
			from := int64(rng.IntN(40))
			l := Lit{from, from + 1 + int64(rng.IntN(12)), Form(rng.IntN(3))}
			was := len(want)
			better := false
			for b := l.From; b < l.To; b++ {
				if f, ok := want[b]; !ok || l.Form < f {
					better = better || ok
					want[b] = l.Form
				}
			}
			var grew bool
			if all, grew = merge(all, l); grew != (better || len(want) > was) {
				t.Fatalf("%v into %v: grew is %v", l, all, grew)
			}
		}
		got := map[int64]Form{}
		for i, l := range all {
			if l.From >= l.To || i > 0 && (l.From < all[i-1].To || l.From == all[i-1].To && l.Form == all[i-1].Form) {
				t.Fatalf("%v", all)
			}
			for b := l.From; b < l.To; b++ {
				got[b] = l.Form
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%v is not %v", all, want)
		}
		for b, f := range want {
			if got[b] != f {
				t.Fatalf("byte %d is %d in %v, not %d", b, got[b], all, f)
			}
		}
	}
}
