package topology

import "slices"

// Where nodes stand: columns by how far they are from the middle of the
// network, rows so that no line crosses another where there is no way round.
//
//	tree: the longest way lies across; what hangs on its left half goes left
//
//	   a1 ──┐                ┌── b1
//	   a2 ──┼── [r1] ── [r2] ┼── b2
//	   a3 ──┘                └── b3
//
//	ring: columns by the distance from one end

// placement is the columns and rows of a graph's nodes. Rows are in halves.
type placement struct {
	col, row   []int
	cols, rows int // how many; rows in whole ones
}

// placer places one part of a network after the other.
type placer struct {
	next [][]int
	col  []int
	row  []int // -1: not placed yet
	slot int   // the next free row
	cols int
}

// place gives each node a column and a row.
func place(g *graph) placement {
	n := len(g.nodes)
	p := &placer{next: g.neighbours(), col: make([]int, n), row: make([]int, n)}
	for i := range p.row {
		p.row[i] = -1
	}
	for i := range g.nodes {
		if p.row[i] >= 0 {
			continue
		}
		all := p.part(i)
		links := 0
		for _, m := range all {
			links += len(p.next[m])
		}
		if links/2 == len(all)-1 {
			p.tree(all)
		} else {
			p.mesh(all)
		}
		low := p.col[all[0]]
		for _, m := range all {
			low = min(low, p.col[m])
		}
		for _, m := range all {
			p.col[m] -= low
			p.cols = max(p.cols, p.col[m]+1)
		}
	}
	return placement{p.col, p.row, p.cols, p.slot}
}

// part is the nodes that can be reached from one, nearest first.
func (p *placer) part(from int) []int {
	all, _ := p.distances(from, nil)
	return all
}

// distances lists what can be reached from a node, nearest first, and how far
// it is; before is where each was reached from.
func (p *placer) distances(from int, before []int) (all []int, far map[int]int) {
	far = map[int]int{from: 0}
	all = []int{from}
	for i := 0; i < len(all); i++ {
		for _, m := range p.next[all[i]] {
			if _, ok := far[m]; !ok {
				far[m] = far[all[i]] + 1
				if before != nil {
					before[m] = all[i]
				}
				all = append(all, m)
			}
		}
	}
	return all, far
}

// ends are two nodes as far from each other as a look from each finds them;
// the left one comes first in the trace, if that can be.
func (p *placer) ends(all []int) (left, right int) {
	farthest := func(from int, last bool) int {
		reached, far := p.distances(from, nil)
		slices.Sort(reached)
		best := from
		for _, m := range reached {
			if far[m] > far[best] || last && far[m] == far[best] && far[m] > 0 {
				best = m
			}
		}
		return best
	}
	right = farthest(slices.Min(all), true)
	left = farthest(right, false)
	if left > right {
		left, right = right, left
	}
	return left, right
}

// tree places a part without a way round: the longest way across, all else to
// the side that it hangs on.
func (p *placer) tree(all []int) {
	left, right := p.ends(all)
	before := make([]int, len(p.next))
	p.distances(left, before)
	way := []int{right}
	for m := right; m != left; {
		m = before[m]
		way = append(way, m)
	}
	slices.Reverse(way)
	k := len(way) / 2
	sides, parents, cols := [2][]int{{way[max(k-1, 0)]}, {way[k]}}, [2]int{way[k], way[max(k-1, 0)]}, [2]int{-1, 0}
	middle := way[k]
	odd := len(way)%2 == 1
	if odd {
		sides, parents, cols = p.share(middle, way), [2]int{middle, middle}, [2]int{-1, 1}
	}
	from := p.slot
	var used [2]int
	for side, roots := range sides {
		p.slot = from
		for _, r := range roots {
			p.hang(r, parents[side], cols[side], [2]int{-1, 1}[side])
		}
		used[side] = p.slot - from
	}
	p.slot = from + max(used[0], used[1], 1)
	for side, roots := range sides {
		for _, r := range roots {
			p.shift(r, parents[side], p.slot-from-used[side])
		}
	}
	if odd {
		p.col[middle], p.row[middle] = 0, from+p.slot-1
	}
}

// share divides what hangs on the middle node between left and right, so that
// both sides are about equally high.
func (p *placer) share(middle int, way []int) (sides [2][]int) {
	var high [2]int
	k := len(way) / 2
	put := func(side, root int) {
		sides[side] = append(sides[side], root)
		high[side] += p.leaves(root, middle)
	}
	if len(way) == 1 {
		return sides
	}
	put(0, way[k-1])
	put(1, way[k+1])
	for _, m := range p.next[middle] {
		if m == way[k-1] || m == way[k+1] {
			continue
		}
		side := 0
		if high[1] < high[0] {
			side = 1
		}
		put(side, m)
	}
	slices.Sort(sides[0])
	slices.Sort(sides[1])
	return sides
}

// leaves is how many rows a branch takes.
func (p *placer) leaves(root, parent int) (n int) {
	for _, m := range p.next[root] {
		if m != parent {
			n += p.leaves(m, root)
		}
	}
	return max(n, 1)
}

// hang places a branch: each leaf has a row of its own, and what it hangs on
// stands before the middle.
func (p *placer) hang(root, parent, col, by int) {
	first, last := -1, -1
	for _, m := range p.next[root] {
		if m == parent {
			continue
		}
		p.hang(m, root, col+by, by)
		if last = p.row[m]; first < 0 {
			first = last
		}
	}
	p.col[root] = col
	if first >= 0 {
		p.row[root] = (first + last) / 2
		return
	}
	p.row[root] = 2 * p.slot
	p.slot++
}

// shift moves a branch down by half rows.
func (p *placer) shift(root, parent, by int) {
	p.row[root] += by
	for _, m := range p.next[root] {
		if m != parent {
			p.shift(m, root, by)
		}
	}
}

// mesh places a part that has ways round: columns by the distance from one
// end, rows along the shortest ways.
func (p *placer) mesh(all []int) {
	left, _ := p.ends(all)
	before := make([]int, len(p.next))
	reached, far := p.distances(left, before)
	children := make([][]int, len(p.next))
	for _, m := range reached[1:] {
		children[before[m]] = append(children[before[m]], m)
	}
	var hang func(root int)
	hang = func(root int) {
		p.col[root] = far[root]
		for _, m := range children[root] {
			hang(m)
		}
		if kids := children[root]; len(kids) > 0 {
			p.row[root] = (p.row[kids[0]] + p.row[kids[len(kids)-1]]) / 2
			return
		}
		p.row[root] = 2 * p.slot
		p.slot++
	}
	hang(left)
	p.between(reached, far, children)
}

// between moves nodes that several ways lead to between those, if nothing
// stands in the way there.
func (p *placer) between(reached []int, far map[int]int, children [][]int) {
	for _, m := range reached {
		sum, n := 0, 0
		for _, k := range p.next[m] {
			if far[k] < far[m] {
				sum += p.row[k]
				n++
			}
		}
		if n < 2 {
			continue
		}
		var branch []int
		for branch = []int{m}; ; {
			kids := children[branch[len(branch)-1]]
			if len(kids) != 1 {
				break
			}
			branch = append(branch, kids[0])
		}
		by := sum/n - p.row[m]
		free := len(children[branch[len(branch)-1]]) == 0
		for _, b := range branch {
			for _, o := range reached {
				if p.col[o] == p.col[b] && !slices.Contains(branch, o) && p.row[o]-p.row[b]-by < 2 && p.row[b]+by-p.row[o] < 2 {
					free = false
				}
			}
		}
		for _, b := range branch {
			if free {
				p.row[b] += by
			}
		}
	}
}
