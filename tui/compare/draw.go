package compare

import (
	"fmt"
	"strings"

	"strata/trace"
	"strata/trace/compare"
	"strata/tui/draw"
	"strata/tui/scene"
)

// Draw draws the screen but for its last line, which is the root's. It gives
// the cell for the terminal's cursor.
func (r *Room) Draw(c *draw.Canvas, area draw.Rect) draw.Spot {
	r.drawn = drawn{}
	if r.working {
		done, total := r.c.Progress()
		c.Text(area, 0, 0, "strata", draw.Accent)
		c.Text(area, 2, 2, fmt.Sprintf("comparing: %d %% of the frames", done*100/max(total, 1)), draw.Plain)
		return draw.Spot{}
	}
	r.load()
	r.header(c, area.Top(1))
	r.drawn.overview = draw.Box(area.X, area.Y+1, area.W, 1)
	r.overview(c, r.drawn.overview)
	body := area.Below(2)
	if r.c.Len() == 0 {
		c.Text(body, 2, 1, r.c.Verdict(), draw.Plain)
		return draw.Spot{}
	}
	why := min(max(body.H*3/10, 6), 14)
	middle := draw.Box(body.X, body.Y, body.W, body.H-why)
	below := draw.Box(body.X, body.Y+middle.H, body.W, why)
	var held draw.Spot
	switch {
	case r.view == steps:
		held = r.drawSteps(c, middle)
	case r.view == sums:
		r.numbers(c, middle)
	case middle.H >= 16:
		lists := middle.Top(min(middle.H-min(max(middle.H*4/10, 6), len(r.steps)+1), r.listHeight(area.W)))
		held = r.lists(c, lists)
		r.drawSteps(c, middle.Below(lists.H))
	default:
		held = r.lists(c, middle)
	}
	r.explain(c, below)
	return held
}

// listHeight is how many lines the lists need.
func (r *Room) listHeight(w int) int {
	if w >= stacked {
		return r.c.Len() + 1
	}
	return 2 * (r.c.Len() + 1)
}

// stacked is the width below which A's list stands above B's.
const stacked = 100

// header draws who is compared, and where the cursor is.
func (r *Room) header(c *draw.Canvas, line draw.Rect) {
	x := c.Text(line, 0, 0, "strata", draw.Accent)
	n := r.c.Counts()
	facts := []string{fmt.Sprintf("pair %s/%s", scene.Thousands(r.row+1), scene.Thousands(r.c.Len()))}
	if r.c.Len() == 0 {
		facts[0] = "no frames"
	}
	if d := n.Rows - n.Same; d > 0 {
		facts = append(facts, scene.Thousands(d)+" differ")
	} else {
		facts = append(facts, "all the same")
	}
	at := c.Right(line, x+2, 0, line.W, strings.Join(facts, "  "), draw.Plain)
	names := r.c.Name(compare.A) + "  and  " + r.c.Name(compare.B)
	c.TextTo(line, x+2, 0, at-2, names, draw.Bold)
}

// overview draws all rows on one line: what only one has, what was lost in
// one; the place where they part, and the cursor.
func (r *Room) overview(c *draw.Canvas, line draw.Rect) {
	n := r.c.Len()
	if n == 0 || line.Empty() {
		return
	}
	if len(r.marks) != line.W {
		r.marks = make([]compare.Diff, line.W)
		for i := range n {
			r.marks[i*line.W/n] |= r.c.Differ(i)
		}
	}
	used := min(n, line.W)
	for i := range used {
		x := i * line.W / used
		end := (i + 1) * line.W / used
		var d compare.Diff
		for k := x; k < end; k++ {
			d |= r.marks[k]
		}
		glyph, look := sign(d)
		if d == 0 {
			glyph = '.'
		}
		for ; x < end; x++ {
			c.Sign(line, x, 0, glyph, look)
		}
	}
	at := func(row int) (int, int) { return row * line.W / n, max((row+1)*line.W/n, row*line.W/n+1) }
	if r.parts.Row >= 0 {
		from, _ := at(r.parts.Row)
		c.Sign(line, from, 0, '▐', draw.Accent|draw.Bold)
	}
	from, to := at(r.row)
	c.Mark(line, from, 0, to, draw.Reverse)
}

// sign is the sign between the two sides of a row.
func sign(d compare.Diff) (rune, draw.Look) {
	switch {
	case d&compare.Fate != 0:
		return '✗', draw.Bad | draw.Bold
	case d&(compare.OnlyA|compare.OnlyB) == compare.OnlyA|compare.OnlyB:
		return '⇄', draw.Accent
	case d&compare.OnlyA != 0:
		return '◄', draw.Accent
	case d&compare.OnlyB != 0:
		return '►', draw.Accent
	case d&compare.Again != 0:
		return '↻', draw.Accent
	case d&(compare.Content|compare.Moved) != 0:
		return '*', draw.Accent
	case d != 0:
		return ':', draw.Quiet
	}
	return '=', draw.Rule
}

// lists draws the frames of both sides, beside or above each other.
func (r *Room) lists(c *draw.Canvas, area draw.Rect) draw.Spot {
	if area.H < 2 {
		return draw.Spot{}
	}
	if area.W >= stacked {
		half := (area.W - 3) / 2
		var sides [2]draw.Rect
		_, sides[0] = scene.Title(c, draw.Box(area.X, area.Y, half+3, area.H), r.title(compare.A), true)
		_, sides[1] = scene.Title(c, draw.Box(area.X+half+3, area.Y, area.W-half-3, area.H), r.title(compare.B), true)
		sides[0].W = half
		return r.rows(c, sides, draw.Box(area.X+half, area.Y+1, 3, area.H-1))
	}
	var sides [2]draw.Rect
	h := area.H / 2
	_, sides[0] = scene.Title(c, area.Top(h), r.title(compare.A), true)
	_, sides[1] = scene.Title(c, draw.Box(area.X, area.Y+h, area.W, h), r.title(compare.B), true)
	return r.rows(c, sides, draw.Rect{})
}

func (r *Room) title(s compare.Side) string {
	t := s.String() + ": " + r.c.Name(s)
	if from := r.c.From(s); len(from) > 0 {
		t += ", seen from " + strings.Join(from, ", ")
	}
	return t
}

// rows draws the rows around the cursor: on the sides that have a place, and
// between them what differs.
func (r *Room) rows(c *draw.Canvas, sides [2]draw.Rect, between draw.Rect) (held draw.Spot) {
	h := sides[0].H
	r.drawn.page = h
	first := min(max(r.row-h/2, 0), max(r.c.Len()-h, 0))
	for y := 0; y < h && first+y < r.c.Len(); y++ {
		n := first + y
		row := r.c.Row(n)
		for s, side := range sides {
			r.drawn.rows = append(r.drawn.rows, hit{draw.Box(side.X, side.Y+y, side.W, 1), n})
			if n == r.row {
				c.Sign(side, 0, y, '▐', draw.Accent)
				if s == 0 {
					held = draw.At(side.X+scene.Margin, side.Y+y, true)
				}
			}
			line := draw.Box(side.X, side.Y+y, side.W, 1)
			if between.Empty() { // the sign has no column of its own
				g, l := sign(row.Differ)
				c.Sign(line, line.W-1, 0, g, l)
				line.W -= 2
			}
			r.frame(c, line, compare.Side(s), row)
		}
		if !between.Empty() {
			g, l := sign(row.Differ)
			if n == r.row {
				l |= draw.Reverse
			}
			c.Sign(between, 1, y, g, l)
		}
	}
	return held
}

// frame draws one side of a row.
func (r *Room) frame(c *draw.Canvas, line draw.Rect, s compare.Side, row compare.Row) {
	const number, clock = 9, 20 // where these end
	seen := row.Seen[s]
	if seen.Frame < 0 {
		c.Text(line, number-1, 0, "-", draw.Rule)
		return
	}
	sc := r.scenes[s]
	f, g := sc.T.Frame(seen.Frame), sc.Glance(seen.Frame)
	c.Right(line, scene.Margin, 0, number, scene.Thousands(seen.Frame+1), draw.Quiet)
	c.Right(line, number+1, 0, clock, sc.Moment(seen.Time), draw.Plain)
	nodes := sc.T.Info().Nodes
	way := nodes[f.From].Name + "►" + nodes[f.To].Name
	label := g.Label
	if f.Resent {
		label = "↻" + label
	}
	at := clock + 1 + min(wayWidth, (line.W-clock)*2/5) // the same on every line
	end := line.W
	if note := r.note(s, f); note != "" {
		if at+c.Width(label)+1+c.Width(note) > end {
			note = "✗"
		}
		end = c.Right(line, at, 0, line.W, note, draw.Bad|draw.Bold) - 1
	}
	c.TextTo(line, clock+1, 0, min(at-1, end), way, draw.Quiet)
	c.TextTo(line, at, 0, end, label, draw.LayerLook(g.Layer)|draw.Bold)
}

// wayWidth is how many columns tell who sends to whom, if there is room.
const wayWidth = 18

// note is how a frame fared, if not well.
func (r *Room) note(s compare.Side, f trace.Frame) string {
	t := r.scenes[s].T
	if t.Info().Captured || !scene.Harmed(t, f) {
		return ""
	}
	return "✗ " + scene.FateWords(t.Event(f.Last))
}

// drawSteps draws what made and took apart the chosen pair.
func (r *Room) drawSteps(c *draw.Canvas, area draw.Rect) (held draw.Spot) {
	if area.H < 2 {
		return held
	}
	_, body := scene.Title(c, area, "steps of this pair", false)
	half := (body.W - 3) / 2
	sides := [2]draw.Rect{{X: body.X, Y: body.Y, W: half, H: body.H}, {X: body.X + half + 3, Y: body.Y, W: body.W - half - 3, H: body.H}}
	first := min(max(r.step-body.H/2, 0), max(len(r.steps)-body.H, 0))
	for y := 0; y < body.H && first+y < len(r.steps); y++ {
		n := first + y
		step := r.steps[n]
		for s, side := range sides {
			if n == r.step {
				c.Sign(side, 0, y, '▐', draw.Accent)
				held = draw.At(sides[0].X+scene.Margin, body.Y+y, true)
			}
			r.oneStep(c, draw.Box(side.X, side.Y+y, side.W, 1), compare.Side(s), step)
		}
		g, l := sign(step.Differ &^ (compare.Content | compare.Moved))
		if step.Differ&(compare.OnlyA|compare.OnlyB) != 0 && r.c.Differ(r.row)&(compare.OnlyA|compare.OnlyB) != 0 {
			l = draw.Quiet // all of them are
		}
		c.Sign(draw.Box(body.X+half, body.Y, 3, body.H), 1, y, g, l)
		r.drawn.steps = append(r.drawn.steps, hit{draw.Box(body.X, body.Y+y, body.W, 1), n})
	}
	return held
}

func (r *Room) oneStep(c *draw.Canvas, line draw.Rect, s compare.Side, step compare.Step) {
	id := step.Event[s]
	if id == 0 {
		c.Text(line, scene.Margin, 0, "-", draw.Rule)
		return
	}
	t := r.c.Trace(s)
	e := t.Event(id)
	look := draw.LayerLook(e.Layer)
	x := c.Text(line, scene.Margin, 0, scene.ModelTag(e.Layer, r.Model), look)
	word := e.Proto.String() + " " + e.Kind.String()
	switch {
	case e.Kind == trace.StateChange:
		ch := t.Change(id)
		word = fmt.Sprintf("%s %s: %s, was %s", ch.Slot.Table, ch.Slot.Field, ch.Show(ch.New), ch.Show(ch.Old))
	case e.Kind == trace.Drop:
		look = draw.Bad | draw.Bold
		word = "✗ " + scene.FateWords(e)
	}
	end := c.Right(line, x+1, 0, line.W, t.Info().Nodes[e.Node].Name+" "+r.scenes[s].Moment(e.Time), draw.Quiet)
	c.TextTo(line, x+2, 0, end-1, word, look)
}

// numbers draws what both sides come to.
func (r *Room) numbers(c *draw.Canvas, area draw.Rect) {
	_, body := scene.Title(c, area, "what each comes to", true)
	const first, column = 24, 16
	c.Right(body, first, 0, first+column, "A", draw.Bold)
	c.Right(body, first+column, 0, first+2*column, "B", draw.Bold)
	for y, line := range r.c.Table() {
		look := draw.Plain
		if line.Show[0] != line.Show[1] {
			look = draw.Accent
		}
		c.Text(body, scene.Margin, y+1, line.What, draw.Quiet)
		c.Right(body, first, y+1, first+column, line.Show[0], look)
		c.Right(body, first+column, y+1, first+2*column, line.Show[1], look)
	}
}

// line of the explanation.
type line struct {
	text string
	look draw.Look
}

// explain draws why: of A, of B, and of the difference.
func (r *Room) explain(c *draw.Canvas, area draw.Rect) {
	title := "why"
	if r.row == r.parts.Row {
		title = "why: here they part"
	}
	_, body := scene.Title(c, area, title, false)
	r.drawn.why = body
	var lines []line
	say := func(head, text string, look draw.Look) {
		if text == "" {
			return
		}
		n := c.Width(head)
		for i, part := range draw.Wrap(c.Clean(text), max(body.W-scene.Margin-n-1, 10)) {
			if i > 0 {
				head = strings.Repeat(" ", n)
			}
			lines = append(lines, line{head + part, look})
		}
	}
	said := [2]string{r.says(compare.A), r.says(compare.B)}
	if said[0] == said[1] {
		say("A, B  ", said[0], draw.Plain)
	} else {
		say("A  ", said[0], draw.Plain)
		say("B  ", said[1], draw.Plain)
	}
	if words := r.c.Words(r.row); words != "" {
		say("►  ", words, draw.Accent)
	}
	if r.row == r.parts.Row {
		say("", r.c.Verdict(), draw.Quiet)
		for _, id := range r.parts.Led {
			say("   led there: ", r.c.Trace(r.parts.Of).Text(id), draw.Quiet)
		}
	}
	r.why = max(min(r.why, len(lines)-body.H), 0)
	for y := 0; y < body.H && r.why+y < len(lines); y++ {
		c.Text(body, scene.Margin, y, lines[r.why+y].text, lines[r.why+y].look)
	}
	if r.why+body.H < len(lines) && body.H > 0 {
		c.Text(body, body.W-1, body.H-1, "~", draw.Accent)
	}
}

// says tells of the chosen step on a side: why it happens there; and where it
// does not, what becomes of the frame instead.
func (r *Room) says(s compare.Side) string {
	t := r.c.Trace(s)
	seen := r.c.Row(r.row).Seen[s]
	if seen.Frame < 0 {
		return "there is no such frame"
	}
	if r.step < len(r.steps) {
		if id := r.steps[r.step].Event[s]; id != 0 {
			if text := t.Text(id); text != "" {
				return text
			}
			e := t.Event(id)
			return e.Proto.String() + " " + e.Kind.String()
		}
		if !t.Info().Captured {
			return r.c.Outcome(s, seen.Frame)
		}
	}
	return "nothing of the kind is seen"
}
