package topology

import (
	"cmp"
	"slices"

	"strata/trace"
	"strata/tui/scene"
)

// node is a place in the picture.
type node struct {
	id     trace.NodeID
	name   string // as drawn
	addr   string // its first address
	kind   string
	point  bool // where a capture was made: no node of the trace
	frames int  // of a capture: how many of those counted were its
}

// edge joins two nodes; links are those of the trace between them.
type edge struct {
	a, b  int // indexes into nodes
	links []int
}

// graph is what the picture shows.
type graph struct {
	nodes  []node
	edges  []edge
	at     map[trace.NodeID]int // index of a node
	more   int                  // nodes that are not shown
	point  int                  // index of the point of observation; -1: there is none
	counts [2]int               // of a capture: the frames that were counted
}

func newGraph() *graph { return &graph{at: map[trace.NodeID]int{}, point: -1} }

func (g *graph) add(n node) int {
	g.nodes = append(g.nodes, n)
	if !n.point {
		g.at[n.id] = len(g.nodes) - 1
	}
	return len(g.nodes) - 1
}

// join adds a link between two nodes; several links between the same two are
// one line.
func (g *graph) join(a, b, link int) {
	if a == b {
		return
	}
	for i := range g.edges {
		if e := &g.edges[i]; e.a == a && e.b == b || e.a == b && e.b == a {
			e.links = append(e.links, link)
			return
		}
	}
	g.edges = append(g.edges, edge{a: a, b: b, links: []int{link}})
}

// neighbours lists, for each node, the nodes that it is joined with, in their
// order.
func (g *graph) neighbours() [][]int {
	next := make([][]int, len(g.nodes))
	for _, e := range g.edges {
		next[e.a] = append(next[e.a], e.b)
		next[e.b] = append(next[e.b], e.a)
	}
	for _, list := range next {
		slices.Sort(list)
	}
	return next
}

// network is the nodes and links of a simulation: all, or the most that are
// nearest to the way of the cursor's conversation.
func network(s *scene.Scene, most int) *graph {
	info := s.T.Info()
	g := newGraph()
	for _, id := range nearest(s, most) {
		n := info.Nodes[id]
		shown := node{id: id, name: nodeName(n), kind: n.Kind}
		if len(n.Addrs) > 0 {
			shown.addr = n.Addrs[0]
		}
		g.add(shown)
	}
	g.more = len(info.Nodes) - len(g.nodes)
	for i, l := range info.Links {
		a, ok := g.at[l.Ends[0].Node]
		b, there := g.at[l.Ends[1].Node]
		if ok && there {
			g.join(a, b, i)
		}
	}
	return g
}

func nodeName(n trace.Node) string {
	if n.Kind == "router" || n.Kind == "switch" {
		return "[" + n.Name + "]"
	}
	return n.Name
}

// nearest are the nodes to show, in the order of the trace: of more than most,
// those fewest links from the way of the cursor's conversation.
func nearest(s *scene.Scene, most int) []trace.NodeID {
	info := s.T.Info()
	all := make([]trace.NodeID, 0, len(info.Nodes))
	if len(info.Nodes) <= most {
		for i := range info.Nodes {
			all = append(all, trace.NodeID(i))
		}
		return all
	}
	next := make([][]trace.NodeID, len(info.Nodes))
	for _, l := range info.Links {
		a, b := l.Ends[0].Node, l.Ends[1].Node
		next[a], next[b] = append(next[a], b), append(next[b], a)
	}
	seen := make([]bool, len(info.Nodes))
	visit := func(n trace.NodeID) {
		if !seen[n] && len(all) < most {
			seen[n] = true
			all = append(all, n)
		}
	}
	visit(s.Event().Node)
	if s.T.Frames() > 0 {
		for _, n := range s.Lanes.Choose(s.T.Frame(s.At.Frame), s.Glance(s.At.Frame), max(most, 2)) {
			visit(n)
		}
	}
	for i := 0; i < len(all); i++ {
		for _, n := range next[all[i]] {
			visit(n)
		}
	}
	for i := range info.Nodes {
		visit(trace.NodeID(i))
	}
	slices.Sort(all)
	return all
}

// blockFrames is how many frames of a capture are counted to find those who
// talk most: the block of so many that the cursor's frame is in.
const blockFrames = 4096

// talkers is a capture's point of observation and who was seen there: those of
// the cursor's frame, and the busiest around it.
func talkers(s *scene.Scene, most int) *graph {
	info := s.T.Info()
	g := newGraph()
	first := s.At.Frame / blockFrames * blockFrames
	last := min(first+blockFrames, s.T.Frames())
	g.counts = [2]int{first, last}
	frames := map[trace.NodeID]int{}
	for n := first; n < last; n++ {
		f := s.T.Frame(n)
		frames[f.From]++
		if f.To != f.From {
			frames[f.To]++
		}
	}
	f := s.T.Frame(s.At.Frame)
	busy := make([]trace.NodeID, 0, len(frames))
	for id := range frames {
		busy = append(busy, id)
	}
	slices.SortFunc(busy, func(a, b trace.NodeID) int {
		ours := func(n trace.NodeID) int { return map[bool]int{true: 0, false: 1}[n == f.From || n == f.To] }
		return cmp.Or(ours(a)-ours(b), frames[b]-frames[a], int(a)-int(b))
	})
	shown := busy[:min(len(busy), max(most-1, 2))]
	g.more = len(busy) - len(shown)
	shown = slices.Clone(shown)
	slices.Sort(shown)
	for _, id := range shown {
		if int(id) < len(info.Nodes) {
			g.add(node{id: id, name: info.Nodes[id].Name, kind: "host", frames: frames[id]})
		}
	}
	g.point = g.add(node{name: "[seen here]", kind: "point", point: true})
	for i := range g.nodes[:g.point] {
		g.join(i, g.point, -1)
	}
	return g
}
