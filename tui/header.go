package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"strata/layers"
	"strata/trace"
)

// drawHeader draws the first line: where the cursor is in the run.
func (v *viewer) drawHeader(c *canvas, r rect) {
	t, cur := v.t, &v.cursor
	e := t.Event(cur.event)
	x := c.text(r, 0, 0, "strata", accent)
	var facts []string
	if n := t.Frames(); n > 0 {
		facts = append(facts, fmt.Sprintf("frame %d/%d", cur.frame+1, n))
		facts = append(facts, v.hopText())
		facts = append(facts, fmt.Sprintf("step %d/%d", cur.step+1, len(cur.steps)))
	}
	facts = append(facts, moment(e.Time))
	if t.Info().Captured {
		facts = append(facts, "capture")
	} else if t.Info().Profile != "" {
		facts = append(facts, t.Info().Profile)
	}
	model := "OSI"
	if v.model == layers.TCPIP {
		model = "TCP/IP"
	}
	facts = append(facts, model)
	if v.playing {
		facts = append(facts, fmt.Sprintf("playing %gx", v.speed()))
	}
	if v.sieve != nil {
		facts = append(facts, "filtered")
	}
	all := strings.Join(facts, "  ")
	at := c.right(r, x+10, 0, r.w, all, plain)
	c.textTo(r, x+2, 0, at-2, t.Info().Name, bold)
}

// drawListHeader draws the first line of the list: how many frames there are,
// how many pass, and by which filter.
func (v *viewer) drawListHeader(c *canvas, r rect) {
	x := c.text(r, 0, 0, "strata", accent)
	facts := v.counts()
	name := max(min(c.width(v.t.Info().Name), r.w/3), 8)
	x = c.textTo(r, x+2, 0, min(x+2+name, r.w), v.t.Info().Name, bold)
	for _, f := range facts {
		if x+3+c.width(f.text) > r.w {
			break
		}
		x = c.text(r, x+3, 0, f.text, f.look)
	}
	switch {
	case v.sieve != nil:
		c.right(r, min(x+3, r.w), 0, r.w, v.sieve.text, good|bold)
	case v.playing:
		c.right(r, min(x+3, r.w), 0, r.w, fmt.Sprintf("playing %gx", v.speed()), plain)
	}
}

// fact is a part of the header.
type fact struct {
	text string
	look look
}

// counts say how much of the trace there is, and how much passes the filter.
func (v *viewer) counts() []fact {
	p, n := v.t.progress, v.t.Frames()
	facts := []fact{{thousands(n) + " frames", plain}}
	if n == 1 {
		facts[0].text = "1 frame"
	}
	if s := v.sieve; s != nil {
		facts[0].text = fmt.Sprintf("%s of %s pass", thousands(v.shown().count()), thousands(n))
		if s.done < n {
			facts[0].text += fmt.Sprintf(", %d %%", int64(s.done)*100/int64(n))
		}
	}
	switch {
	case v.t.frozen:
		facts = append(facts, fact{"held still, " + thousands(v.t.Trace.Frames()) + " read", accent})
	case p.Live && p.Pipe:
		facts = append(facts, fact{"live", good})
	case p.Live && p.Total > 0:
		facts = append(facts, fact{fmt.Sprintf("%d %% indexed", min(p.Done*100/p.Total, 99)), plain})
	case p.Live:
		facts = append(facts, fact{fileSize(p.Done) + " indexed", plain})
	}
	if p.Damage != nil {
		facts = append(facts, fact{"✗ damaged", bad})
	}
	return facts
}

// thousands writes a number as people read it: "1,020,016".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func (v *viewer) hopText() string {
	f := v.t.Frame(v.cursor.frame)
	if n := v.journey.lanes.hops(f, v.glances.of(v.t, v.cursor.frame)); n >= f.Hop {
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
func (v *viewer) drawDiagram(c *canvas, r rect) {
	t := v.t
	e := t.Event(v.cursor.event)
	ph := phaseOf(t, e)
	where := phaseNames[ph] + ", at " + t.Info().Nodes[e.Node].Name
	f := t.Frame(v.cursor.frame)
	g := v.glances.of(t, v.cursor.frame)
	if ph == wire {
		where = fmt.Sprintf("on the wire, %s to %s", t.Info().Nodes[f.From].Name, t.Info().Nodes[f.To].Name)
	}
	end := c.right(r, 0, 0, r.w, where, accent) - 3
	nodes := v.journey.lanes.choose(f, g, max(end/(laneWidth+2), 2))
	xs, ends := v.diagramPlaces(c, nodes, end)
	for i, n := range nodes {
		name, l := t.Info().Nodes[n].Name, plain
		if kind := t.Info().Nodes[n].Kind; kind == "router" || kind == "switch" {
			name = "[" + name + "]"
		}
		if n == e.Node && ph != wire {
			l = accent | underline
		}
		c.textTo(r, xs[i], 0, end, name, l)
	}
	from, to := slices.Index(nodes, f.From), slices.Index(nodes, f.To)
	if from < 0 || to < 0 || t.Frames() == 0 {
		return
	}
	toRight := from < to
	left, right := min(from, to), max(from, to)
	v.diagramArrow(c, rect{r.x + ends[left] + 1, r.y, xs[right] - ends[left] - 2, 1}, f, g, ph, toRight)
}

// diagramPlaces are the columns where the names begin and end.
func (v *viewer) diagramPlaces(c *canvas, nodes []trace.NodeID, end int) (xs, ends []int) {
	used := 0
	for _, n := range nodes {
		used += c.width(v.t.Info().Nodes[n].Name) + 2
	}
	gap := min(max((end-used)/max(len(nodes)-1, 1), 3), 18)
	x := 0
	for _, n := range nodes {
		w := c.width(v.t.Info().Nodes[n].Name)
		if kind := v.t.Info().Nodes[n].Kind; kind == "router" || kind == "switch" {
			w += 2
		}
		xs, ends = append(xs, x), append(ends, x+w)
		x += w + gap
	}
	return xs, ends
}

// diagramArrow draws the frame: before it is sent only its label, then an
// arrow, with a cross where it was lost.
func (v *viewer) diagramArrow(c *canvas, r rect, f trace.Frame, g glance, ph phase, toRight bool) {
	l := layerLook(g.layer)
	label := g.label
	if f.Resent {
		label = "↻" + label
	}
	if ph == down { // not on the wire yet
		if toRight {
			c.text(r, 0, 0, label, l)
		} else {
			c.right(r, 0, 0, r.w, label, l)
		}
		return
	}
	if n := int(float64(r.w) * v.slide); n < r.w { // sliding
		if !toRight {
			r.x += r.w - n
		}
		r.w = n
	}
	if r.w < 3 {
		return
	}
	lost := f.Fate == trace.Lost && v.cursor.event >= f.Last
	tip, head := r.w-1, '►'
	if !toRight {
		tip, head = 0, '◄'
	}
	c.line(r, 0, 0, r.w, '─', l)
	if lost {
		head, l = '✗', bad|bold
	}
	c.sign(r, tip, 0, head, l)
	if room := r.w - 5; room > 2 {
		text := c.clean(label)
		if width(text) > room {
			text = cut(text, room)
		}
		c.text(r, (r.w-width(text))/2, 0, text, layerLook(g.layer)|bold)
	}
}
