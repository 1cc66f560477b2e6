package topology

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"strata/tui/draw"
)

// netOf is a network of a shape: names of nodes, and who is joined with whom.
func netOf(names int, joins ...[2]int) *graph {
	g := newGraph()
	for i := range names {
		g.add(node{name: fmt.Sprintf("n%d", i)})
	}
	for i, j := range joins {
		g.join(j[0], j[1], i)
	}
	return g
}

func line(n int) (joins [][2]int) {
	for i := range n - 1 {
		joins = append(joins, [2]int{i, i + 1})
	}
	return joins
}

func star(n int) (joins [][2]int) {
	for i := 1; i < n; i++ {
		joins = append(joins, [2]int{0, i})
	}
	return joins
}

func ring(n int) [][2]int { return append(line(n), [2]int{n - 1, 0}) }

func dumbbell(n int) [][2]int {
	joins := [][2]int{{0, 1}}
	for i := range n {
		joins = append(joins, [2]int{0, 2 + i}, [2]int{1, 2 + n + i})
	}
	return joins
}

// TestShapes holds where the nodes of simple networks stand: column and row,
// in halves.
func TestShapes(t *testing.T) {
	for _, s := range []struct {
		name     string
		g        *graph
		col, row []int
	}{
		{"one", netOf(1), []int{0}, []int{0}},
		{"line", netOf(4, line(4)...), []int{0, 1, 2, 3}, []int{0, 0, 0, 0}},
		{"star", netOf(5, star(5)...), []int{1, 0, 0, 2, 2}, []int{1, 0, 2, 0, 2}},
		{"dumbbell", netOf(6, dumbbell(2)...), []int{1, 2, 0, 0, 3, 3}, []int{1, 1, 0, 2, 0, 2}},
		{"ring", netOf(4, ring(4)...), []int{0, 1, 2, 1}, []int{1, 0, 1, 2}},
		{"two", netOf(4, [2]int{0, 1}, [2]int{2, 3}), []int{0, 1, 0, 1}, []int{0, 0, 2, 2}},
	} {
		if p := place(s.g); !slices.Equal(p.col, s.col) || !slices.Equal(p.row, s.row) {
			t.Errorf("%s: columns %v, rows %v; want %v, %v", s.name, p.col, p.row, s.col, s.row)
		}
	}
}

// TestNothingOverlaps plans networks of all shapes in rooms of all sizes: no
// two texts share a cell, no line passes a name, nothing is outside, and every
// way leads in single steps from one node to the other.
func TestNothingOverlaps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	planned := 0
	for range 1000 {
		n := 1 + r.IntN(24)
		var joins [][2]int
		switch r.IntN(6) {
		case 0:
			joins = line(n)
		case 1:
			joins = star(n)
		case 2:
			joins = ring(n)
		case 3:
			n = 2 + 2*(n/2)
			joins = dumbbell(n/2 - 1)
		case 4: // a tree
			for i := 1; i < n; i++ {
				joins = append(joins, [2]int{r.IntN(i), i})
			}
		default:
			for range r.IntN(2 * n) {
				joins = append(joins, [2]int{r.IntN(n), r.IntN(n)})
			}
		}
		g := netOf(n, joins...)
		w, h := 20+r.IntN(190), 3+r.IntN(60)
		p := newPlan(g, w, h)
		if p == nil {
			continue
		}
		planned++
		if err := sound(g, p, forest(g)); err != "" {
			t.Fatalf("%d nodes, %v, in %dx%d: %s", n, joins, w, h, err)
		}
	}
	if planned < 500 {
		t.Errorf("only %d of 1000 networks found room", planned)
	}
}

// sound says what is wrong with a plan. Where there is no way round, lines share
// cells only where they meet in a node.
func sound(g *graph, p *plan, tree bool) string {
	if tree {
		lines := map[cell]int{}
		for i, way := range p.ways {
			for _, at := range way {
				j, there := lines[at]
				if e, o := g.edges[i], g.edges[j]; there && e.a != o.a && e.a != o.b && e.b != o.a && e.b != o.b {
					return fmt.Sprintf("ways %d and %d share %v", i, j, at)
				}
				lines[at] = i
			}
		}
	}
	owner := map[cell]string{}
	put := func(what string, r draw.Rect) string {
		for y := r.Y; y < r.Y+r.H; y++ {
			for x := r.X; x < r.X+r.W; x++ {
				if x < 0 || y < 0 || x >= p.w || y >= p.h {
					return what + " is outside"
				}
				if was := owner[cell{x, y}]; was != "" {
					return what + " lies over " + was
				}
				owner[cell{x, y}] = what
			}
		}
		return ""
	}
	for i := range g.nodes {
		if err := put(g.nodes[i].name, p.names[i]); err != "" {
			return err
		}
	}
	for i := range g.nodes {
		if err := put("the note of "+g.nodes[i].name, p.notes[i]); err != "" {
			return err
		}
	}
	for i, way := range p.ways {
		for k, at := range way {
			if was := owner[at]; was != "" {
				return fmt.Sprintf("way %d runs over %s", i, was)
			}
			if k > 0 && max(at.x-way[k-1].x, way[k-1].x-at.x)+max(at.y-way[k-1].y, way[k-1].y-at.y) != 1 {
				return fmt.Sprintf("way %d jumps from %v to %v", i, way[k-1], at)
			}
		}
		for side, n := range []int{g.edges[i].a, g.edges[i].b} {
			at := way[side*(len(way)-1)]
			if name := p.names[n]; at.y != name.Y || at.x != name.X-2 && at.x != name.X+name.W+1 {
				return fmt.Sprintf("way %d ends at %v, not at %s", i, at, g.nodes[n].name)
			}
		}
	}
	for at := range p.joints {
		owner[at] = "a line"
	}
	for i, r := range p.labels {
		if err := put(fmt.Sprintf("label %d", i), r); err != "" {
			return err
		}
	}
	return ""
}

// forest tells whether a network has no way round: it has no more links than
// what it takes to join its nodes.
func forest(g *graph) bool {
	p := &placer{next: g.neighbours()}
	seen, parts := map[int]bool{}, 0
	for i := range g.nodes {
		if !seen[i] {
			parts++
		}
		for _, m := range p.part(i) {
			seen[m] = true
		}
	}
	return len(g.edges) == len(g.nodes)-parts
}
