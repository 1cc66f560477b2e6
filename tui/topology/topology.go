// Package topology is the pane of the network: nodes and links laid out on the
// cells, with the frames that are on their way at the moment that is shown,
// what waits before each wire, and what each node does.
//
//	client ──GET 78 B►─────── [r1] ──────◄ACK───── server
//	adds TCP     2 wait                            listens
//
//	graph.go   which nodes and links there are to show; of a capture, the point
//	           where it was made and those who talk most around the cursor
//	place.go   columns and rows          plan.go   cells
//	picture.go the picture               words.go  what a node does, what a link is
//
// A picture is planned when the room or the network changes. What is on the
// wires is found by trace/wire, which looks at a bounded part of the trace.
package topology

import (
	"slices"

	"strata/trace"
	"strata/trace/wire"
	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/scene"
)

// Pane is the picture of the network.
type Pane struct {
	of    *scene.Scene
	g     *graph
	plan  *plan // nil: there is no room for any
	made  made
	on    wire.Look
	nodes []nodeHit
	hits  []scene.Hit
	words map[trace.NodeID]string
	at    trace.EventID // that words are of
}

// made is what a plan was made for.
type made struct {
	w, h         int
	nodes, links int
	from, to     int // of a capture: the frames that were counted
}

// nodeHit is where a node was drawn.
type nodeHit struct {
	area draw.Rect
	node trace.NodeID
}

// mostNodes is how many nodes are tried to be shown; of a larger network those
// nearest to the cursor.
const mostNodes = 96

// Name is the pane's word.
func (p *Pane) Name() string { return "topology" }

// Draw draws the network at the moment that is shown.
func (p *Pane) Draw(c *draw.Canvas, r draw.Rect, s *scene.Scene, focus bool) draw.Spot {
	if p.of != s {
		*p = Pane{of: s}
	}
	p.nodes, p.hits = p.nodes[:0], p.hits[:0]
	title := "topology at " + s.Moment(s.Now())
	if s.HostChosen() {
		title += ", " + s.T.Info().Nodes[s.Host()].Name + " chosen"
	}
	_, r = scene.Title(c, r, title, focus)
	if r.H < 2 || r.W < 8 || s.T.Events() == 0 {
		return draw.Spot{}
	}
	room := r.Top(r.H - min(r.H/4, 2))
	p.fit(room.W, room.H)
	if p.plan == nil {
		c.Text(r, scene.Margin, 0, "there is no room here for the network: z zooms", draw.Quiet)
		return draw.Spot{}
	}
	held := p.picture(c, room)
	p.foot(c, r.Below(room.H))
	return held
}

// fit plans the picture anew if what it was made for has changed.
func (p *Pane) fit(w, h int) {
	s := p.of
	info := s.T.Info()
	is := made{w: w, h: h, nodes: len(info.Nodes), links: len(info.Links)}
	if info.Captured {
		is.from = s.At.Frame / blockFrames * blockFrames
		is.to = min(is.from+blockFrames, s.T.Frames())
		is.nodes, is.links = 0, 0 // only those that were counted matter
	}
	if p.g != nil && is == p.made && (p.g.more == 0 || p.shows()) {
		return
	}
	p.made = is
	for most := mostNodes; most >= 2; most = most * 3 / 4 {
		if info.Captured {
			p.g = talkers(s, most)
		} else {
			p.g = network(s, min(most, max(len(info.Nodes), 2)))
		}
		most = min(most, len(p.g.nodes))
		if p.plan = newPlan(p.g, w, h); p.plan != nil {
			return
		}
	}
}

// shows tells whether the nodes of the cursor's frame are in the picture.
func (p *Pane) shows() bool {
	s := p.of
	if _, ok := p.g.at[s.Event().Node]; !ok && p.g.point < 0 {
		return false
	}
	if s.T.Frames() == 0 {
		return true
	}
	f := s.T.Frame(s.At.Frame)
	_, from := p.g.at[f.From]
	_, to := p.g.at[f.To]
	return from && to
}

// Do chooses a node, or goes to what happens next at the one that is chosen.
func (p *Pane) Do(a keys.Action, s *scene.Scene) bool {
	switch a {
	case keys.MoveLeft:
		s.TurnHost(p.round(s), -1)
	case keys.MoveRight:
		s.TurnHost(p.round(s), 1)
	case keys.Enter:
		p.next(s, s.Host())
	default:
		return false
	}
	return true
}

// round is the nodes in the order in which they stand: columns from the left.
func (p *Pane) round(s *scene.Scene) (out []trace.NodeID) {
	if p.of != s || p.plan == nil { // nothing was drawn yet
		for i := range min(len(s.T.Info().Nodes), mostNodes) {
			out = append(out, trace.NodeID(i))
		}
		return out
	}
	order := make([]int, 0, len(p.g.nodes))
	for i, n := range p.g.nodes {
		if !n.point {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		if x := p.plan.notes[a].X - p.plan.notes[b].X; x != 0 {
			return x
		}
		return p.plan.names[a].Y - p.plan.names[b].Y
	})
	for _, i := range order {
		out = append(out, p.g.nodes[i].id)
	}
	return out
}

// next goes to what happens next at a node.
func (p *Pane) next(s *scene.Scene, n trace.NodeID) {
	if !s.NextAt(n) {
		s.Say("nothing more happens at " + s.T.Info().Nodes[n].Name + " for long")
	}
}

// Click chooses a node, and goes on to what happens next there when it is
// chosen already; or goes to a frame.
func (p *Pane) Click(x, y int, s *scene.Scene) bool {
	if scene.GoWhere(p.hits, x, y, s) {
		return true
	}
	for _, h := range p.nodes {
		if !h.area.Has(x, y) {
			continue
		}
		if s.HostChosen() && s.Host() == h.node {
			p.next(s, h.node)
		}
		s.ChooseHost(h.node)
		return true
	}
	return false
}

// Wheel goes by frames.
func (p *Pane) Wheel(int, *scene.Scene) bool { return false }
