package tui

import (
	"fmt"
	"slices"
	"strings"

	"strata/layers"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/journey"
	"strata/tui/scene"
)

// drawHeader draws the first line: where the cursor is in the run.
func (v *viewer) drawHeader(c *draw.Canvas, r draw.Rect) {
	t, cur := v.T, &v.At
	x := c.Text(r, 0, 0, "strata", draw.Accent)
	var facts []string
	if n := t.Frames(); n > 0 {
		facts = append(facts, fmt.Sprintf("frame %d/%d", cur.Frame+1, n))
		facts = append(facts, v.hopText())
		facts = append(facts, fmt.Sprintf("step %d/%d", cur.Step+1, len(cur.Steps)))
	}
	facts = append(facts, moment(v.Now()))
	if t.Info().Captured {
		facts = append(facts, "capture")
	} else if t.Info().Profile != "" {
		facts = append(facts, t.Info().Profile)
	}
	model := "OSI"
	if v.Model == layers.TCPIP {
		model = "TCP/IP"
	}
	facts = append(facts, model)
	if v.playing {
		facts = append(facts, "playing "+v.tempoWords())
	}
	if v.Sieve != nil {
		facts = append(facts, "filtered")
	}
	all := strings.Join(facts, "  ")
	at := c.Right(r, x+10, 0, r.W, all, draw.Plain)
	x = c.TextTo(r, x+2, 0, at-2, t.Info().Name, draw.Bold)
	if n := len(v.of.Changes); n > 0 && x+9 < at {
		c.TextTo(r, x, 0, at-2, fmt.Sprintf(" +%d changed", n), draw.Good)
	}
}

// drawListHeader draws the first line of the list: how many frames there are,
// how many pass, and by which filter.
func (v *viewer) drawListHeader(c *draw.Canvas, r draw.Rect) {
	x := c.Text(r, 0, 0, "strata", draw.Accent)
	facts := v.counts()
	name := max(min(c.Width(v.T.Info().Name), r.W/3), 8)
	x = c.TextTo(r, x+2, 0, min(x+2+name, r.W), v.T.Info().Name, draw.Bold)
	for _, f := range facts {
		if x+3+c.Width(f.text) > r.W {
			break
		}
		x = c.Text(r, x+3, 0, f.text, f.look)
	}
	switch {
	case v.Sieve != nil:
		c.Right(r, min(x+3, r.W), 0, r.W, v.Sieve.Text, draw.Good|draw.Bold)
	case v.playing:
		c.Right(r, min(x+3, r.W), 0, r.W, "playing "+v.tempoWords(), draw.Plain)
	}
}

// fact is a part of the header.
type fact struct {
	text string
	look draw.Look
}

// counts say how much of the trace there is, and how much passes the filter.
func (v *viewer) counts() []fact {
	p, n := v.T.Reading, v.T.Frames()
	facts := []fact{{scene.Thousands(n) + " frames", draw.Plain}}
	if n == 1 {
		facts[0].text = "1 frame"
	}
	if s := v.Sieve; s != nil {
		facts[0].text = fmt.Sprintf("%s of %s pass", scene.Thousands(v.Shown().Count()), scene.Thousands(n))
		if s.Done < n {
			facts[0].text += fmt.Sprintf(", %d %%", int64(s.Done)*100/int64(n))
		}
	}
	switch {
	case v.T.Frozen:
		facts = append(facts, fact{"held still, " + scene.Thousands(v.T.Trace.Frames()) + " read", draw.Accent})
	case p.Live && p.Pipe:
		facts = append(facts, fact{"live", draw.Good})
	case p.Live && p.Total > 0:
		facts = append(facts, fact{fmt.Sprintf("%d %% indexed", min(p.Done*100/p.Total, 99)), draw.Plain})
	case p.Live:
		facts = append(facts, fact{scene.FileSize(p.Done) + " indexed", draw.Plain})
	}
	if p.Damage != nil {
		facts = append(facts, fact{"✗ damaged", draw.Bad})
	}
	return facts
}

func (v *viewer) hopText() string {
	f := v.T.Frame(v.At.Frame)
	if n := v.Lanes.Hops(f, v.Glance(v.At.Frame)); n >= f.Hop {
		return fmt.Sprintf("hop %d/%d", f.Hop, n)
	}
	return fmt.Sprintf("hop %d", f.Hop)
}

// moment is a time in the run.
func moment(t trace.Time) string {
	if t < 10*trace.Second {
		return fmt.Sprintf("%.4g ms", float64(t)/float64(trace.Millisecond))
	}
	return fmt.Sprintf("%.3f s", t.Seconds())
}

// drawDiagram draws the third line: the nodes in a row, the frame between the
// two that it goes between, and what is happening where.
func (v *viewer) drawDiagram(c *draw.Canvas, r draw.Rect) {
	t := v.T
	e := t.Event(v.At.Event)
	ph := scene.PhaseOf(t, e)
	where := scene.PhaseNames[ph] + ", at " + t.Info().Nodes[e.Node].Name
	f := t.Frame(v.At.Frame)
	g := v.Glance(v.At.Frame)
	if ph == scene.Wire {
		where = fmt.Sprintf("on the wire, %s to %s", t.Info().Nodes[f.From].Name, t.Info().Nodes[f.To].Name)
	}
	end := c.Right(r, 0, 0, r.W, where, draw.Accent) - 3
	nodes := v.Lanes.Choose(f, g, max(end/(journey.LaneWidth+2), 2))
	xs, ends := v.diagramPlaces(c, nodes, end)
	for i, n := range nodes {
		name, l := t.Info().Nodes[n].Name, draw.Plain
		if kind := t.Info().Nodes[n].Kind; kind == "router" || kind == "switch" {
			name = "[" + name + "]"
		}
		if n == e.Node && ph != scene.Wire {
			l = draw.Accent | draw.Underline
		}
		c.TextTo(r, xs[i], 0, end, name, l)
	}
	from, to := slices.Index(nodes, f.From), slices.Index(nodes, f.To)
	if from < 0 || to < 0 || t.Frames() == 0 {
		return
	}
	toRight := from < to
	left, right := min(from, to), max(from, to)
	v.diagramArrow(c, draw.Box(r.X+ends[left]+1, r.Y, xs[right]-ends[left]-2, 1), f, g, ph, toRight)
}

// diagramPlaces are the columns where the names begin and end.
func (v *viewer) diagramPlaces(c *draw.Canvas, nodes []trace.NodeID, end int) (xs, ends []int) {
	used := 0
	for _, n := range nodes {
		used += c.Width(v.T.Info().Nodes[n].Name) + 2
	}
	gap := min(max((end-used)/max(len(nodes)-1, 1), 3), 18)
	x := 0
	for _, n := range nodes {
		w := c.Width(v.T.Info().Nodes[n].Name)
		if kind := v.T.Info().Nodes[n].Kind; kind == "router" || kind == "switch" {
			w += 2
		}
		xs, ends = append(xs, x), append(ends, x+w)
		x += w + gap
	}
	return xs, ends
}

// diagramArrow draws the frame: before it is sent only its label, then an
// arrow, with a cross where it was lost.
func (v *viewer) diagramArrow(c *draw.Canvas, r draw.Rect, f trace.Frame, g scene.Glance, ph scene.Phase, toRight bool) {
	l := draw.LayerLook(g.Layer)
	label := g.Label
	if f.Resent {
		label = "↻" + label
	}
	if ph == scene.Down { // not on the wire yet
		if toRight {
			c.Text(r, 0, 0, label, l)
		} else {
			c.Right(r, 0, 0, r.W, label, l)
		}
		return
	}
	if n := int(float64(r.W) * v.slide); n < r.W { // sliding
		if !toRight {
			r.X += r.W - n
		}
		r.W = n
	}
	if r.W < 3 {
		return
	}
	lost := f.Fate == trace.Lost && v.At.Event >= f.Last
	tip, head := r.W-1, '►'
	if !toRight {
		tip, head = 0, '◄'
	}
	c.Line(r, 0, 0, r.W, '─', l)
	if lost {
		head, l = '✗', draw.Bad|draw.Bold
	}
	c.Sign(r, tip, 0, head, l)
	if room := r.W - 5; room > 2 {
		text := c.Clean(label)
		if draw.Width(text) > room {
			text = draw.Cut(text, room)
		}
		c.Text(r, (r.W-draw.Width(text))/2, 0, text, draw.LayerLook(g.Layer)|draw.Bold)
	}
}
