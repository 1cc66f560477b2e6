package layout

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"strata/tui/draw"
)

var names = []string{"stack", "why", "journey", "bytes", "fields", "tables"}

func usual() *Node {
	return Above(10, Place("stack"), Beside(-30, Place("journey"), Place("why")))
}

// TestSizes: cells are kept, what is left goes to the other part, and nothing
// is drawn over something else.
func TestSizes(t *testing.T) {
	got := map[string]draw.Rect{}
	usual().Arrange(draw.Box(0, 3, 100, 40), func(pane string, r draw.Rect) { got[pane] = r })
	want := map[string]draw.Rect{"stack": draw.Box(0, 3, 100, 10), "journey": draw.Box(0, 13, 68, 30), "why": draw.Box(70, 13, 30, 30)}
	for pane, r := range want {
		if got[pane] != r {
			t.Errorf("%s is at %v, not %v", pane, got[pane], r)
		}
	}
}

// TestChanges makes any changes: each pane keeps one place, within the screen,
// beside the others, and what is written can be read.
func TestChanges(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	body := draw.Box(0, 2, 160, 47)
	for range 500 {
		n := usual().Shares(body)
		for range 12 {
			a, b := names[rng.IntN(len(names))], names[rng.IntN(len(names))]
			switch rng.IntN(4) {
			case 0:
				n.Split(a, rng.IntN(2) == 0, b)
			case 1:
				n.Put(a, b)
			case 2:
				n.Close(a)
			case 3:
				n.Grow(a, rng.IntN(2) == 0, rng.IntN(61)-30)
			}
		}
		seen := make([]bool, body.W*(body.Y+body.H))
		panes := n.Panes()
		slices.Sort(panes)
		if len(panes) == 0 || len(slices.Compact(slices.Clone(panes))) != len(panes) {
			t.Fatalf("the panes are %v", panes)
		}
		n.Arrange(body, func(pane string, r draw.Rect) {
			for y := r.Y; y < r.Y+r.H; y++ {
				for x := r.X; x < r.X+r.W; x++ {
					if !body.Has(x, y) || seen[y*body.W+x] {
						t.Fatalf("%s at %v is outside or over another one", pane, r)
					}
					seen[y*body.W+x] = true
				}
			}
		})
		b, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Read(b, names)
		if err != nil || !slices.Equal(back.Panes(), n.Panes()) {
			t.Fatalf("%s is read as %v, %v", b, back, err)
		}
	}
}

func TestClose(t *testing.T) {
	n := usual().Shares(draw.Box(0, 0, 100, 40))
	n.Close("journey")
	if got := n.Panes(); !slices.Equal(got, []string{"stack", "why"}) {
		t.Errorf("left are %v", got)
	}
	n.Close("stack")
	n.Close("why")
	if got := n.Panes(); !slices.Equal(got, []string{"why"}) {
		t.Errorf("the last pane does not stay: %v", got)
	}
}

// TestReadNonsense: what is no layout is refused.
func TestReadNonsense(t *testing.T) {
	for _, s := range []string{
		``, `7`, `{}`, `{"pane":"nobody"}`,
		`{"share":50,"first":{"pane":"why"},"second":{"pane":"why"}}`,
		`{"share":50,"first":{"pane":"why"}}`,
		`{"share":5,"first":{"pane":"why"},"second":{"pane":"stack"}}`,
	} {
		if n, err := Read([]byte(s), names); err == nil {
			t.Errorf("%s is read as %v", s, n.Panes())
		}
	}
}
