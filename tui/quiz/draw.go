package quiz

import (
	"fmt"
	"slices"
	"strings"

	"strata/trace/glossary"
	"strata/trace/quiz"
	"strata/tui/draw"
	"strata/tui/scene"
)

// line is one line of the page.
type line struct {
	sign  rune // in the margin; 0: none
	look  draw.Look
	label string // before the text, in a column of its own
	text  string
	tone  draw.Look // of the text
	input int       // the blank that is typed here, from 1; 0: none
	hit   int       // what a click here chooses, from 1; 0: nothing
	held  bool      // it must be seen
}

// The columns of the page, and how wide its text is at most.
const (
	margin   = 3
	widest   = 80
	labelled = 30 // where what follows a label begins
)

// Draw draws the page. It gives the cell for the terminal's cursor.
func (r *Room) Draw(c *draw.Canvas, area draw.Rect) (spot draw.Spot) {
	_, inner := scene.Title(c, area, r.title, true)
	r.lines, r.drawn = r.lines[:0], r.drawn[:0]
	r.compose(c, min(inner.W-2*margin, widest))
	r.tall = max(inner.H-1, 1)
	r.keepInView()
	for y := 0; y < min(inner.H-1, len(r.lines)-r.top); y++ {
		if s := r.line(c, inner, y+1, &r.lines[r.top+y]); s.OK {
			spot = s
		}
	}
	if r.top+r.tall < len(r.lines) {
		c.Text(inner, inner.W-1, inner.H-1, "~", draw.Rule)
	}
	if r.top > 0 {
		c.Text(inner, inner.W-1, 1, "~", draw.Rule)
	}
	return spot
}

// keepInView scrolls so far that what is chosen is on the page.
func (r *Room) keepInView() {
	for i := range r.lines {
		if r.lines[i].held && r.shown == question {
			r.top = max(min(r.top, i), i-r.tall+1)
		}
	}
	r.top = max(min(r.top, len(r.lines)-r.tall), 0)
}

// line draws one line.
func (r *Room) line(c *draw.Canvas, area draw.Rect, y int, l *line) (spot draw.Spot) {
	x := margin
	if l.sign != 0 {
		c.Sign(area, 0, y, l.sign, l.look)
	}
	if l.hit != 0 {
		r.drawn = append(r.drawn, place{draw.Box(area.X, area.Y+y, area.W, 1), l.hit - 1})
	}
	if l.label != "" {
		at := min(labelled, area.W/2)
		c.TextTo(area, x, y, at-1, l.label, draw.Quiet)
		x = at
	}
	if l.input == 0 {
		end := c.Text(area, x, y, l.text, l.tone)
		return draw.At(area.X+end, area.Y+y, false)
	}
	return r.field(c, area, x, y, l)
}

// field draws a line that is typed: its end, where it is too long.
func (r *Room) field(c *draw.Canvas, area draw.Rect, x, y int, l *line) draw.Spot {
	in := &r.inputs[l.input-1]
	const least = 20
	w := min(max(least, c.Width(in.Value())+1), area.W-x-3)
	x = c.Text(area, x, y, "[", l.tone)
	before := string(in.Text[:in.At])
	text := in.Value()
	for c.Width(before) > w-1 && len(before) > 0 {
		_, size := firstRune(before)
		before, text = before[size:], text[size:]
	}
	c.TextTo(area, x, y, x+w, text, draw.Plain)
	c.Line(area, x+c.Width(text), y, x+w, '_', draw.Rule)
	c.Text(area, x+w, y, "]", l.tone)
	return draw.At(area.X+x+c.Width(before), area.Y+y, l.input-1 == r.at)
}

func firstRune(s string) (rune, int) {
	for i, ch := range s {
		if i > 0 {
			return ch, i
		}
	}
	return 0, len(s)
}

// say adds text, broken into lines of w cells.
func (r *Room) say(c *draw.Canvas, w int, text string, tone draw.Look) {
	for _, s := range draw.Wrap(c.Clean(text), w) {
		r.lines = append(r.lines, line{text: s, tone: tone})
	}
}

func (r *Room) gap() { r.lines = append(r.lines, line{}) }

// compose makes the page's lines, of w cells at most.
func (r *Room) compose(c *draw.Canvas, w int) {
	switch r.shown {
	case words:
		r.composeWords(c, w)
		return
	case closing:
		r.composeClosing(c, w)
		return
	}
	r.say(c, w, r.q.Ask, draw.Bold)
	r.gap()
	long := r.q.Kind == quiz.Fill || r.q.Kind == quiz.Order // what is said of it must not be below the screen
	if r.shown == verdict && long {
		r.composeVerdict(c, w)
		r.gap()
	}
	switch r.q.Kind {
	case quiz.Choose:
		r.composeChoices(c, w)
	case quiz.Number:
		r.composeNumber()
	case quiz.Fill:
		r.composeFields(c, w)
	case quiz.Order:
		r.composeOrder(c, w)
	}
	r.gap()
	if r.problem != "" && r.q.Kind != quiz.Fill {
		r.complain(c, w, "")
	}
	if r.shown == verdict && !long {
		r.composeVerdict(c, w)
	}
}

func (r *Room) composeWords(c *draw.Canvas, w int) {
	for _, word := range r.list {
		r.say(c, w, word, draw.Accent)
		r.say(c, w, glossary.Cards[word], draw.Plain)
		r.gap()
	}
}

func (r *Room) composeClosing(c *draw.Canvas, w int) {
	for _, s := range r.list {
		for i, part := range draw.Wrap(c.Clean(s), w-2) {
			l := line{text: part}
			if i == 0 {
				l.sign, l.look = '·', draw.Accent
			}
			r.lines = append(r.lines, l)
		}
		r.gap()
	}
	if r.Score.Asked == 0 {
		return
	}
	s := &r.Score
	text := fmt.Sprintf("%d of %s right at the first try", s.First, countOf(s.Asked, "question"))
	if s.Later > 0 {
		text += fmt.Sprintf(", %d at another one", s.Later)
	}
	if wrong := s.Asked - s.First - s.Later - s.Skipped; wrong > 0 {
		text += fmt.Sprintf(", %d wrong", wrong)
	}
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d left out", s.Skipped)
	}
	tone := draw.Plain
	if s.First == s.Asked {
		tone = draw.Good
	}
	r.say(c, w, text+".", tone)
}

func countOf(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// composeChoices lists the choices; behind the answer, which is right, and
// which was taken for it.
func (r *Room) composeChoices(c *draw.Canvas, w int) {
	for i, choice := range r.q.Choices {
		for j, part := range draw.Wrap(c.Clean(choice), w-3) {
			l := line{text: "   " + part, hit: i + 1, held: r.at == i && r.chosen}
			if j == 0 {
				l.text = fmt.Sprintf("%d  %s", i+1, part)
			}
			if l.held {
				l.tone = draw.Accent
			}
			switch {
			case j > 0:
			case r.shown == verdict && choice == r.v.Parts[0].Is:
				l.sign, l.look = '✓', draw.Good
			case r.shown == verdict && l.held:
				l.sign, l.look = '✗', draw.Bad
			case l.held:
				l.sign, l.look = '▐', draw.Accent
			}
			r.lines = append(r.lines, l)
		}
	}
}

func (r *Room) composeNumber() {
	if r.shown == question {
		r.lines = append(r.lines, line{input: 1, hit: 1, tone: draw.Accent, held: true})
		return
	}
	r.lines = append(r.lines, mark(line{text: r.v.Parts[0].Given}, r.v.Parts[0].Right))
}

// mark puts the sign of right or wrong before a line.
func mark(l line, right bool) line {
	l.sign, l.look = '✗', draw.Bad
	if right {
		l.sign, l.look = '✓', draw.Good
	}
	return l
}

// composeFields lists the headers' fields with their blanks.
func (r *Room) composeFields(c *draw.Canvas, w int) {
	blank, proto := 0, ""
	for _, row := range r.q.Rows {
		if name := row.Proto.String(); name != proto {
			proto = name
			r.lines = append(r.lines, line{text: name, tone: draw.LayerLook(row.Proto.Layer())})
		}
		l := line{label: "  " + row.Field.Label, text: row.Show}
		if row.Blank {
			blank++
			if r.shown == verdict {
				r.filled(c, w, l, &r.v.Parts[blank-1])
				continue
			}
			l.input, l.hit, l.held, l.tone = blank, blank, r.at == blank-1, draw.Rule
			if l.held {
				l.tone, l.sign, l.look = draw.Accent, '▐', draw.Accent
			}
		}
		r.lines = append(r.lines, l)
		if r.problem != "" && l.held {
			r.complain(c, w, "    ")
		}
	}
}

// complain says why the answer could not be read.
func (r *Room) complain(c *draw.Canvas, w int, indent string) {
	for _, s := range draw.Wrap(c.Clean(r.problem), max(w-len(indent), 10)) {
		r.lines = append(r.lines, line{text: indent + s, tone: draw.Bad, held: true})
	}
}

// filled is a field that was filled in: what is right, and where that is not
// what was said, what the field means.
func (r *Room) filled(c *draw.Canvas, w int, l line, p *quiz.Part) {
	l.text, l.tone = p.Is, draw.Good
	if !p.Right {
		given := p.Given
		if given == "" {
			given = "nothing"
		}
		l.text = fmt.Sprintf("%s, not %s", p.Is, given)
		l.tone = draw.Bad
	}
	r.lines = append(r.lines, mark(l, p.Right))
	if !p.Right && p.Note != "" {
		for _, s := range draw.Wrap(c.Clean(p.Note), max(w-4, 10)) {
			r.lines = append(r.lines, line{text: "    " + s, tone: draw.Quiet})
		}
	}
}

// composeOrder lists the items as they stand; behind the answer, as they must
// stand.
func (r *Room) composeOrder(c *draw.Canvas, w int) {
	if r.shown == verdict {
		for i, p := range r.v.Parts {
			text := fmt.Sprintf("%d  %s", i+1, p.Is)
			if !p.Right {
				text += "   (you: " + p.Given + ")"
			}
			for j, s := range draw.Wrap(c.Clean(text), w) {
				if j == 0 {
					r.lines = append(r.lines, mark(line{text: s}, p.Right))
					continue
				}
				r.lines = append(r.lines, line{text: "   " + s})
			}
		}
		return
	}
	for i, item := range r.order {
		l := line{text: fmt.Sprintf("%d  %s", i+1, r.q.Items[item]), hit: i + 1, held: i == r.at}
		if l.held {
			l.sign, l.look, l.tone = '▐', draw.Accent, draw.Accent
		}
		if l.held && r.holds {
			l.sign, l.tone = '►', draw.Accent|draw.Reverse
		}
		r.lines = append(r.lines, l)
	}
}

func (r *Room) composeVerdict(c *draw.Canvas, w int) {
	switch {
	case r.v.Right:
		r.say(c, w, "Right.", draw.Good)
	case len(r.v.Parts) == 1:
		r.say(c, w, "No: "+r.v.Parts[0].Is+".", draw.Bad)
		if r.q.Kind == quiz.Number && r.v.Parts[0].Note != "" {
			r.say(c, w, r.v.Parts[0].Note+".", draw.Plain)
		}
	default:
		n := 0
		for _, p := range r.v.Parts {
			if p.Right {
				n++
			}
		}
		r.say(c, w, fmt.Sprintf("%d of %d right.", n, len(r.v.Parts)), draw.Bad)
	}
	r.say(c, w, r.v.Why, draw.Plain)
	notes := slices.Clone(r.v.Words)
	if r.v.RFC != "" {
		notes = slices.Insert(notes, 0, r.v.RFC)
	}
	if len(notes) > 0 {
		r.gap()
		r.say(c, w, strings.Join(notes, "   "), draw.Quiet)
	}
}
