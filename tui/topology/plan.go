package topology

import (
	"cmp"
	"slices"

	"strata/tui/draw"
)

// plan is where all of a picture stands, in cells from the corner of its room.
// It is worked out when the room or the network changes.
type plan struct {
	w, h   int
	names  []draw.Rect // of the nodes, one line each
	notes  []draw.Rect // what stands under a name: up to two lines
	ways   [][]cell    // of the edges, from a to b
	ends   [][2]draw.Rect
	labels []draw.Rect // of the edges: rate, delay, MTU; empty: no room
	joints map[cell]joint
	taken  []bool
}

// cell is a place in the room.
type cell struct{ x, y int }

// joint is which neighbours the line in a cell leads to.
type joint uint8

const (
	toLeft joint = 1 << iota
	toRight
	toAbove
	toBelow
)

var joints = [16]rune{
	0: ' ', toLeft: '─', toRight: '─', toLeft | toRight: '─', toAbove: '│', toBelow: '│', toAbove | toBelow: '│',
	toRight | toBelow: '┌', toLeft | toBelow: '┐', toRight | toAbove: '└', toLeft | toAbove: '┘',
	toAbove | toBelow | toRight: '├', toAbove | toBelow | toLeft: '┤', toLeft | toRight | toBelow: '┬', toLeft | toRight | toAbove: '┴',
	toLeft | toRight | toAbove | toBelow: '┼',
}

const (
	mostName  = 18 // cells of a name
	leastGap  = 5  // between two columns, without the lines that turn there
	usualGap  = 16
	mostGap   = 46
	usualCol  = 18 // what a node does fits under its name
	mostPitch = 8  // lines from one row to the next
	endWidth  = 8  // of what waits at an end of a link: at most, and at least
	leastEnd  = 4
)

// net is the edges of one gap between two columns that meet in one node: they
// share the line that goes up and down.
type net struct {
	hub    int
	edges  []int
	lo, hi int // rows
	left   bool
	track  int
}

// planner is what a plan is made from.
type planner struct {
	*plan
	g     *graph
	at    placement
	nets  [][]net // by gap
	sides [][2]int
	colX  []int
	colW  []int
}

// newPlan finds places for a graph in a room of w by h cells; nil: it is too
// large for it.
func newPlan(g *graph, w, h int) *plan {
	p := &planner{plan: &plan{w: w, h: h, joints: map[cell]joint{}, taken: make([]bool, max(w*h, 0))}, g: g, at: place(g)}
	if len(g.nodes) == 0 || p.at.rows > h {
		return nil
	}
	p.collect()
	if !p.columns() {
		return nil
	}
	p.nodes()
	for i := range g.edges {
		p.way(i)
	}
	p.ends = make([][2]draw.Rect, len(g.edges))
	p.labels = make([]draw.Rect, len(g.edges))
	for i := range g.edges {
		p.edgeNotes(i)
	}
	return p.plan
}

// gapOf is the gap that an edge turns in.
func (p *planner) gapOf(e edge) int {
	a, b := p.at.col[e.a], p.at.col[e.b]
	if a == b {
		return min(a, max(p.at.cols-2, 0))
	}
	return min(a, b)
}

// collect divides the edges of each gap into nets, and gives those that would
// touch different tracks.
func (p *planner) collect() {
	p.nets = make([][]net, max(p.at.cols-1, 1))
	p.sides = make([][2]int, len(p.nets))
	degree := map[[2]int]int{}
	for _, e := range p.g.edges {
		k := p.gapOf(e)
		degree[[2]int{k, e.a}]++
		degree[[2]int{k, e.b}]++
	}
	for i, e := range p.g.edges {
		k := p.gapOf(e)
		hub, other := e.a, e.b
		if degree[[2]int{k, other}] > degree[[2]int{k, hub}] {
			hub, other = other, hub
		}
		lo, hi := min(p.at.row[hub], p.at.row[other]), max(p.at.row[hub], p.at.row[other])
		j := slices.IndexFunc(p.nets[k], func(n net) bool { return n.hub == hub })
		if j < 0 {
			p.nets[k] = append(p.nets[k], net{hub: hub, lo: lo, hi: hi, left: p.at.col[hub] == k})
			j = len(p.nets[k]) - 1
		}
		n := &p.nets[k][j]
		n.edges, n.lo, n.hi = append(n.edges, i), min(n.lo, lo), max(n.hi, hi)
	}
	for k := range p.nets {
		p.tracks(k)
	}
}

func (p *planner) tracks(k int) {
	nets := p.nets[k]
	slices.SortStableFunc(nets, func(a, b net) int { return a.lo - b.lo })
	for i := range nets {
		n := &nets[i]
		if n.lo == n.hi {
			continue
		}
		for j := 0; j < i; j++ {
			if o := nets[j]; o.left == n.left && o.track == n.track && o.lo < o.hi && o.hi >= n.lo {
				n.track++
				j = -1
			}
		}
		side := 1
		if n.left {
			side = 0
		}
		p.sides[k][side] = max(p.sides[k][side], n.track+1)
	}
}

// columns gives each column its place; false: there is no room for them.
func (p *planner) columns() bool {
	n := p.at.cols
	p.colX, p.colW = make([]int, n), make([]int, n)
	gaps := make([]int, max(n-1, 0))
	spare := p.w
	for i, node := range p.g.nodes {
		c := p.at.col[i]
		p.colW[c] = max(p.colW[c], min(draw.Width(draw.Clean(node.name)), mostName))
	}
	for c := range p.colW {
		spare -= p.colW[c]
	}
	for k := range gaps {
		gaps[k] = leastGap + 2*(p.sides[k][0]+p.sides[k][1])
		spare -= gaps[k]
	}
	if spare < 0 {
		return false
	}
	spare = widen(gaps, usualGap, spare)
	spare = widen(p.colW, usualCol, spare)
	spare = widen(gaps, mostGap, spare)
	x := spare / 2
	for c := range p.colX {
		p.colX[c] = x
		x += p.colW[c]
		if c < len(gaps) {
			x += gaps[c]
		}
	}
	return true
}

// widen makes widths larger, all alike, up to most each, and gives what is left
// to spare.
func widen(widths []int, most, spare int) int {
	for grown := true; grown; {
		grown = false
		for i := range widths {
			if spare > 0 && widths[i] < most {
				widths[i]++
				spare--
				grown = true
			}
		}
	}
	return spare
}

// nodes puts the names, and what stands under them.
func (p *planner) nodes() {
	pitch := min(p.h/p.at.rows, mostPitch)
	height := (p.at.rows-1)*pitch + min(pitch, 3)
	top := (p.h - height) / 2
	for i, node := range p.g.nodes {
		c := p.at.col[i]
		w := min(draw.Width(draw.Clean(node.name)), mostName)
		y := top + p.at.row[i]*pitch/2
		name := draw.Box(p.colX[c]+p.aligned(c, w), y, w, 1)
		p.names = append(p.names, name)
		p.notes = append(p.notes, draw.Box(p.colX[c], y+1, p.colW[c], min(pitch-1, 2)))
		p.take(name)
		p.take(p.notes[i])
	}
}

// aligned is where in its column a text begins: towards the lines that lead
// away from it.
func (p *planner) aligned(col, w int) int {
	switch {
	case p.at.cols > 1 && col == 0:
		return p.colW[col] - w
	case p.at.cols > 1 && col == p.at.cols-1:
		return 0
	}
	return (p.colW[col] - w) / 2
}

func (p *planner) take(r draw.Rect) {
	for y := max(r.Y, 0); y < min(r.Y+r.H, p.h); y++ {
		for x := max(r.X, 0); x < min(r.X+r.W, p.w); x++ {
			p.taken[y*p.w+x] = true
		}
	}
}

func (p *planner) free(r draw.Rect) bool {
	if r.X < 0 || r.Y < 0 || r.X+r.W > p.w || r.Y+r.H > p.h || r.Empty() {
		return false
	}
	for y := r.Y; y < r.Y+r.H; y++ {
		for x := r.X; x < r.X+r.W; x++ {
			if p.taken[y*p.w+x] {
				return false
			}
		}
	}
	return true
}

// way lays an edge's line: across from one end, up or down in the gap, across
// to the other.
func (p *planner) way(i int) {
	e := p.g.edges[i]
	k := p.gapOf(e)
	track := 0
	for _, n := range p.nets[k] {
		if !slices.Contains(n.edges, i) {
			continue
		}
		track = p.colX[k] + p.colW[k] + 2 + 2*n.track
		if !n.left && k+1 < len(p.colX) {
			track = p.colX[k+1] - 3 - 2*n.track
		}
	}
	a, b := p.edgeOf(e.a, track), p.edgeOf(e.b, track)
	way := []cell{a}
	for _, to := range []cell{{track, a.y}, {track, b.y}, b} {
		for at := way[len(way)-1]; at != to; {
			at.x, at.y = at.x+cmp.Compare(to.x, at.x), at.y+cmp.Compare(to.y, at.y) // one of the two
			way = append(way, at)
		}
	}
	p.ways = append(p.ways, way)
	for j := 1; j < len(way); j++ {
		p.link(way[j-1], way[j])
	}
}

// edgeOf is the cell beside a node's name where a line to column x begins.
func (p *planner) edgeOf(node, x int) cell {
	name := p.names[node]
	if x > name.X {
		return cell{name.X + name.W + 1, name.Y}
	}
	return cell{name.X - 2, name.Y}
}

// link notes that the line goes on from one cell to the next.
func (p *planner) link(a, b cell) {
	there, back := toRight, toLeft
	switch {
	case b.x < a.x:
		there, back = toLeft, toRight
	case b.y > a.y:
		there, back = toBelow, toAbove
	case b.y < a.y:
		there, back = toAbove, toBelow
	}
	p.joints[a] |= there
	p.joints[b] |= back
	p.taken[a.y*p.w+a.x], p.taken[b.y*p.w+b.x] = true, true
}

// edgeNotes finds room for what waits at an edge's ends, and for what it is.
func (p *planner) edgeNotes(i int) {
	way := p.ways[i]
	w := min(max(len(way)/2, leastEnd), endWidth)
	for end := range p.ends[i] {
		at, on := way[0], way[min(1, len(way)-1)]
		if end == 1 {
			at, on = way[len(way)-1], way[max(len(way)-2, 0)]
		}
		x := at.x
		if on.x < at.x {
			x -= w - 1
		}
		for _, y := range []int{at.y + 1, at.y - 1, at.y} {
			if r := draw.Box(x, y, w, 1); p.free(r) || y == at.y {
				p.ends[i][end] = r
				p.take(r)
				break
			}
		}
	}
	from, to := longest(way)
	for _, y := range []int{way[from].y - 1, way[from].y + 1} {
		left, right := min(way[from].x, way[to].x), max(way[from].x, way[to].x)
		for left < right && !p.free(draw.Box(left, y, 1, 1)) {
			left++
		}
		for left < right && !p.free(draw.Box(right, y, 1, 1)) {
			right--
		}
		if r := draw.Box(left, y, right-left+1, 1); r.W >= leastLabel && p.free(r) {
			p.labels[i] = r
			p.take(r)
			return
		}
	}
}

// leastLabel is the cells in which a link's delay fits.
const leastLabel = 5

// longest is the longest part of a way that goes across: from one of its cells
// to another.
func longest(way []cell) (from, to int) {
	start := 0
	for i := 1; i <= len(way); i++ {
		if i < len(way) && way[i].y == way[start].y {
			continue
		}
		if i-1-start > to-from {
			from, to = start, i-1
		}
		start = i
	}
	return from, to
}
