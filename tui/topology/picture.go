package topology

import (
	"fmt"
	"slices"
	"strconv"

	"strata/layers"
	"strata/trace"
	"strata/trace/wire"
	"strata/tui/draw"
	"strata/tui/scene"
)

// mark is what is seen of frames in a cell.
type mark struct {
	frame  int // the cursor's, or the one that left last
	frames int
	flight wire.Flight
	edge   int
	at     int // index into the edge's way
	on     int // 1: from a to b, -1: from b to a
}

const (
	mostLabels = 24 // of frames on their way
	mostLooks  = 64 // frames whose layer is looked at
	leastWord  = 3  // cells for a frame's label
)

// picture draws nodes, links and what is on them.
func (p *Pane) picture(c *draw.Canvas, r draw.Rect) draw.Spot {
	s := p.of
	for at, j := range p.plan.joints {
		c.Sign(r, at.x, at.y, joints[j], draw.Rule)
	}
	p.on.At(s.T, s.At.Event, s.Now())
	var marks []mark
	if p.g.point >= 0 {
		marks = p.passing()
	} else {
		marks = p.flying()
	}
	p.bright(c, r, marks)
	p.links(c, r)
	held := p.drawNodes(c, r)
	if at, ok := p.drawMarks(c, r, marks); ok {
		held = at
	}
	return held
}

// flying puts the frames on their way into cells.
func (p *Pane) flying() (marks []mark) {
	s := p.of
	in := map[cell]int{}
	for _, f := range p.on.Flights {
		m, ok := p.place(f.Frame, f.End, f.Part)
		if !ok {
			continue
		}
		m.flight = f
		at := p.plan.ways[m.edge][m.at]
		i, there := in[at]
		if !there {
			in[at] = len(marks)
			marks = append(marks, m)
			continue
		}
		m.frames = marks[i].frames + 1
		if marks[i].frame == s.At.Frame || marks[i].flight.Lost && m.frame != s.At.Frame {
			marks[i].frames = m.frames
		} else {
			marks[i] = m
		}
	}
	return marks
}

// place finds the cell of a frame that has gone a part of its way.
func (p *Pane) place(frame int, end trace.EndID, part float64) (m mark, ok bool) {
	link := p.of.T.Info().Links[end.Link()]
	from, ok := p.g.at[link.Ends[end.Side()].Node]
	to, there := p.g.at[link.Ends[1-end.Side()].Node]
	if !ok || !there {
		return m, false
	}
	return p.between(frame, from, to, part)
}

func (p *Pane) between(frame, from, to int, part float64) (m mark, ok bool) {
	for i, e := range p.g.edges {
		last := len(p.plan.ways[i]) - 1
		at := int(part*float64(last) + 0.5)
		switch {
		case e.a == from && e.b == to:
			return mark{frame: frame, frames: 1, edge: i, at: at, on: 1}, true
		case e.a == to && e.b == from:
			return mark{frame: frame, frames: 1, edge: i, at: last - at, on: -1}, true
		}
	}
	return m, false
}

// passing is the frame of a capture, which passes the point where it was seen.
func (p *Pane) passing() (marks []mark) {
	s := p.of
	if s.T.Frames() == 0 {
		return nil
	}
	f := s.T.Frame(s.At.Frame)
	if from, ok := p.g.at[f.From]; ok {
		m, _ := p.between(s.At.Frame, from, p.g.point, 0.5)
		marks = append(marks, m)
	}
	if to, ok := p.g.at[f.To]; ok && f.To != f.From {
		m, _ := p.between(s.At.Frame, p.g.point, to, 0.5)
		marks = append(marks, m)
	}
	for i := range marks {
		marks[i].flight.Resent = f.Resent
	}
	return marks
}

// bright draws the way of the cursor's frame in its layer's colour.
func (p *Pane) bright(c *draw.Canvas, r draw.Rect, marks []mark) {
	for _, m := range marks {
		if m.frame != p.of.At.Frame {
			continue
		}
		l := draw.LayerLook(p.of.Glance(m.frame).Layer)
		for _, at := range p.plan.ways[m.edge] {
			c.Sign(r, at.x, at.y, joints[p.plan.joints[at]], l)
		}
	}
}

// drawMarks draws the frames, and as many of their labels as there is room for.
func (p *Pane) drawMarks(c *draw.Canvas, r draw.Rect, marks []mark) (held draw.Spot, ok bool) {
	s := p.of
	slices.SortStableFunc(marks, func(a, b mark) int { // the cursor's first
		return btoi(b.frame == s.At.Frame) - btoi(a.frame == s.At.Frame)
	})
	used := map[cell]bool{}
	for _, m := range marks {
		used[p.plan.ways[m.edge][m.at]] = true
	}
	for i, m := range marks {
		at := p.plan.ways[m.edge][m.at]
		l := draw.Plain
		var g scene.Glance
		if i < mostLooks {
			g = s.Glance(m.frame)
			l = draw.LayerLook(g.Layer)
		}
		if m.flight.Lost {
			l = draw.Bad | draw.Bold
		}
		if m.frame == s.At.Frame {
			l |= draw.Bold
			held, ok = draw.At(r.X+at.x, r.Y+at.y, true), true
		}
		if m.frames > 1 {
			c.Text(r, at.x, at.y, crowd(m.frames), l|draw.Bold)
		} else {
			c.Sign(r, at.x, at.y, p.glyph(m), l)
		}
		area := draw.Box(r.X+at.x, r.Y+at.y, 1, 1)
		if i < mostLabels {
			area = p.label(c, r, m, g, l, used)
		}
		p.hits = append(p.hits, scene.Hit{Area: area, Event: s.T.Frame(m.frame).Transmit})
	}
	return held, ok
}

func btoi(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// crowd is how many frames are in a cell, in one.
func crowd(n int) string {
	if n > 9 {
		return "*"
	}
	return strconv.Itoa(n)
}

// glyph is the sign of a frame on its way.
func (p *Pane) glyph(m mark) rune {
	way := p.plan.ways[m.edge]
	a, b := way[max(m.at-1, 0)], way[min(m.at+1, len(way)-1)]
	dx, dy := (b.x-a.x)*m.on, (b.y-a.y)*m.on
	switch {
	case m.flight.Lost:
		return '✗'
	case m.flight.Resent:
		return '↻'
	case dx > 0:
		return '►'
	case dx < 0:
		return '◄'
	case dy > 0:
		return 'v'
	}
	return '^'
}

// label writes on the line what a frame is, behind it or before it, and gives
// the cells that it and its sign take.
func (p *Pane) label(c *draw.Canvas, r draw.Rect, m mark, g scene.Glance, l draw.Look, used map[cell]bool) draw.Rect {
	way := p.plan.ways[m.edge]
	at := way[m.at]
	none := draw.Box(r.X+at.x, r.Y+at.y, 1, 1)
	text := c.Clean(g.Label)
	if m.frames > 1 {
		return none
	}
	room := func(by int) (n int) {
		for i := m.at + by; i >= 0 && i < len(way) && way[i].y == at.y && !used[way[i]] && n < draw.Width(text); i += by {
			n++
		}
		return n
	}
	by, n := -m.on, room(-m.on)
	if ahead := room(m.on); n < draw.Width(text) && ahead > n {
		by, n = m.on, ahead
	}
	if n < leastWord && n < draw.Width(text) || n == 0 {
		return none
	}
	x := at.x + 1
	if way[m.at+by].x < at.x {
		x = at.x - n
	}
	c.TextTo(r, x, at.y, x+n, text, l)
	for i := range n {
		used[cell{x + i, at.y}] = true
	}
	return draw.Box(r.X+min(x, at.x), r.Y+at.y, n+1, 1)
}

// links writes what each link is, and what waits at its ends.
func (p *Pane) links(c *draw.Canvas, r draw.Rect) {
	info := p.of.T.Info()
	for i, e := range p.g.edges {
		area := p.plan.labels[i]
		text, l := "", draw.Quiet
		for _, k := range p.on.Streaks {
			if slices.Contains(e.links, k.Link) {
				text, l = fmt.Sprintf("✗ lost the last %d", k.Lost), draw.Bad
			}
		}
		if text == "" && p.g.point < 0 {
			text = linkWords(info, e, area.W)
		}
		if w := c.Width(text); w <= area.W {
			c.Text(r, area.X+(area.W-w)/2, area.Y, text, l)
		}
	}
	for _, w := range p.on.Waits {
		m, ok := p.place(w.First, w.End, 0)
		if !ok {
			continue
		}
		side := 0
		if m.on < 0 {
			side = 1
		}
		area := p.plan.ends[m.edge][side]
		text := fmt.Sprintf("%d wait", w.Frames)
		if w.Frames == 1 {
			text = "1 waits"
		}
		c.TextTo(r, area.X, area.Y, area.X+area.W, text, draw.Accent)
		p.hits = append(p.hits, scene.Hit{Area: draw.Box(r.X+area.X, r.Y+area.Y, area.W, 1), Event: p.of.T.Frame(w.First).Transmit})
	}
}

// drawNodes draws the names, and under them what each does; the terminal's
// cursor stands on the node where the cursor's event happened.
func (p *Pane) drawNodes(c *draw.Canvas, r draw.Rect) (held draw.Spot) {
	s := p.of
	here := s.Event().Node
	p.tell()
	for i, n := range p.g.nodes {
		name, note := p.plan.names[i], p.plan.notes[i]
		look := map[string]draw.Look{"switch": draw.LayerLook(layers.DataLink), "router": draw.LayerLook(layers.Network), "point": draw.Quiet}[n.kind] | draw.Bold
		if !n.point && s.HostChosen() && s.Host() == n.id {
			look |= draw.Underline
		}
		if !n.point && n.id == here && p.g.point < 0 {
			look = look&^draw.Roles | draw.Accent
			held = draw.At(r.X+name.X, r.Y+name.Y, true)
		}
		c.TextTo(r, name.X, name.Y, name.X+name.W, n.name, look)
		if n.point {
			continue
		}
		lines := []string{p.words[n.id]}
		if note.H > 1 && n.addr != "" && n.addr != n.name {
			lines = []string{n.addr, p.words[n.id]}
		}
		for k, text := range lines {
			if k >= note.H {
				break
			}
			l := draw.Quiet
			if n.id == here && text == p.words[n.id] {
				l = draw.Accent
			}
			x := note.X
			switch w := min(c.Width(text), note.W); {
			case name.X+name.W == note.X+note.W:
				x += note.W - w
			case name.X > note.X:
				x += (note.W - w) / 2
			}
			c.TextTo(r, x, note.Y+k, note.X+note.W, text, l)
		}
		p.nodes = append(p.nodes,
			nodeHit{draw.Box(r.X+name.X, r.Y+name.Y, name.W, 1), n.id}, nodeHit{draw.Box(r.X+note.X, r.Y+note.Y, note.W, note.H), n.id})
	}
	return held
}
