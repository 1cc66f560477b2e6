package scene

import (
	"slices"

	"strata/trace"
)

// Lanes chooses which nodes the journey shows, in which order: all of a small
// network, of a large one the way between the two ends of the cursor's
// conversation.
type Lanes struct {
	info  *trace.Info
	all   []trace.NodeID // every node, along the links
	owner map[string]trace.NodeID
	next  [][]trace.NodeID // neighbours
	links int              // of the network
	many  bool             // too many hosts to lay them out
	place []int            // of each node in all

	from, to trace.NodeID // of the path that is kept
	path     []trace.NodeID
}

// fewNodes is how many hosts of a capture are laid out side by side; of more,
// a frame's own two are shown, and nothing needs to be worked out as more and
// more of them are seen.
const fewNodes = 16

func NewLanes(info *trace.Info) *Lanes {
	if info.Captured && len(info.Nodes) > fewNodes {
		return &Lanes{info: info, many: true}
	}
	l := &Lanes{info: info, owner: map[string]trace.NodeID{}, next: make([][]trace.NodeID, len(info.Nodes)), links: len(info.Links)}
	for i, n := range info.Nodes {
		for _, a := range n.Addrs {
			l.owner[a] = trace.NodeID(i)
		}
	}
	for _, link := range info.Links {
		a, b := link.Ends[0].Node, link.Ends[1].Node
		if int(a) < len(l.next) && int(b) < len(l.next) {
			l.next[a] = append(l.next[a], b)
			l.next[b] = append(l.next[b], a)
		}
	}
	seen := make([]bool, len(info.Nodes))
	for i := range info.Nodes {
		l.visit(trace.NodeID(i), seen)
	}
	l.place = make([]int, len(info.Nodes))
	for i, n := range l.all {
		l.place[n] = i
	}
	return l
}

// Outgrown tells whether there are nodes or links that it does not know.
func (l *Lanes) Outgrown(info *trace.Info) bool {
	return !l.many && (len(info.Nodes) != len(l.next) || len(info.Links) != l.links)
}

// Owner is the node that has an address.
func (l *Lanes) Owner(addr string) (n trace.NodeID, ok bool) {
	n, ok = l.owner[addr]
	return n, ok
}

// visit walks along the links, so that neighbours stand side by side.
func (l *Lanes) visit(n trace.NodeID, seen []bool) {
	if seen[n] {
		return
	}
	stack := []trace.NodeID{n}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		if len(l.next[n]) > 0 || len(l.info.Links) == 0 {
			l.all = append(l.all, n) // a point of observation has no links
		}
		for _, m := range slices.Backward(l.next[n]) {
			stack = append(stack, m)
		}
	}
}

// way is the shortest path between two nodes, both included; nil when there
// is none.
func (l *Lanes) way(from, to trace.NodeID) []trace.NodeID {
	if l.path != nil && l.from == from && l.to == to {
		return l.path
	}
	before := map[trace.NodeID]trace.NodeID{from: from}
	queue := []trace.NodeID{from}
	for i := 0; i < len(queue) && queue[i] != to; i++ {
		for _, m := range l.next[queue[i]] {
			if _, ok := before[m]; !ok {
				before[m] = queue[i]
				queue = append(queue, m)
			}
		}
	}
	if _, ok := before[to]; !ok {
		return nil
	}
	path := []trace.NodeID{to}
	for n := to; n != from; {
		n = before[n]
		path = append(path, n)
	}
	slices.Reverse(path)
	l.from, l.to, l.path = from, to, path
	return path
}

// ends are the nodes at the two ends of a frame's conversation: by its IP
// addresses, or where those are not known, the frame's own. They come in the
// same order whichever way the frame goes.
func (l *Lanes) ends(f trace.Frame, g Glance) (a, b trace.NodeID) {
	a, b = f.From, f.To
	if n, ok := l.owner[g.Src.String()]; ok {
		a = n
	}
	if n, ok := l.owner[g.Dst.String()]; ok {
		b = n
	}
	if l.place[a] > l.place[b] {
		a, b = b, a
	}
	return a, b
}

// Choose gives the nodes to show if at most most fit.
func (l *Lanes) Choose(f trace.Frame, g Glance, most int) []trace.NodeID {
	if l.many {
		if f.From == f.To {
			return []trace.NodeID{f.From}
		}
		return []trace.NodeID{min(f.From, f.To), max(f.From, f.To)}
	}
	if len(l.all) <= most {
		return l.all
	}
	path := l.way(l.ends(f, g))
	if !slices.Contains(path, f.From) && !slices.Contains(path, f.To) {
		path = []trace.NodeID{f.From, f.To}
	}
	if len(path) <= most {
		return path
	}
	i := min(max(slices.Index(path, f.From), 0), max(slices.Index(path, f.To), 0))
	i = min(max(i-(most-2)/2, 0), len(path)-most)
	return path[i : i+most]
}

// Hops is how many wires lie between the ends of a frame's conversation; 0:
// not known.
func (l *Lanes) Hops(f trace.Frame, g Glance) int {
	if !g.Routed() || l.many {
		return 0
	}
	return max(len(l.way(l.ends(f, g)))-1, 0)
}
