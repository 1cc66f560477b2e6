package tui

import (
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/layers/filter"
	"strata/tui/draw"
)

// filterPrompt is the line in which a filter is typed: coloured when it is
// one, with what could stand at the cursor, and what was typed before.
type filterPrompt struct {
	input   *draw.Input
	by      *filter.Filter // nil: it is no filter yet
	wrong   *filter.Error
	offers  []offer
	chosen  int // among the offers; -1: none
	top     int
	history []string // the newest last
	at      int      // in the history; its length: not there
	draft   string   // what was typed before one went there
}

// shownOffers is how many lines the menu has.
const shownOffers = 8

func (p *filterPrompt) begin(text string) {
	p.input.Set(text)
	p.at = len(p.history)
	p.changed()
}

// changed reads what is typed now.
func (p *filterPrompt) changed() {
	p.read()
	p.offers = completions(p.input.Value(), len(string(p.input.Text[:p.input.At])))
	p.chosen, p.top = -1, 0
}

func (p *filterPrompt) read() {
	p.by, p.wrong = nil, nil
	text := p.input.Value()
	if text == "" {
		return
	}
	by, err := filter.Parse(text)
	if err == nil {
		p.by = by
	} else if !errors.As(err, &p.wrong) {
		p.wrong = &filter.Error{Len: len(text), Text: err.Error()}
	}
}

// key takes a key that is neither enter nor esc.
func (p *filterPrompt) key(k tea.KeyPressMsg) {
	switch k.String() {
	case "tab":
		if len(p.offers) > 0 {
			p.accept(max(p.chosen, 0))
		}
	case "down":
		if p.at < len(p.history) {
			p.recall(1)
		} else if len(p.offers) > 0 {
			p.choose(min(p.chosen+1, len(p.offers)-1))
		}
	case "up":
		if p.chosen >= 0 {
			p.choose(p.chosen - 1)
		} else {
			p.recall(-1)
		}
	default:
		p.input.Key(k)
		p.at = len(p.history)
		p.changed()
	}
}

func (p *filterPrompt) choose(i int) {
	p.chosen = i
	p.top = max(min(p.top, i), i-shownOffers+1, 0)
}

// accept puts an offer in the place of what it completes.
func (p *filterPrompt) accept(i int) {
	o := p.offers[i]
	text := p.input.Value()
	p.input.Set(text[:o.from] + o.text + text[o.to:])
	p.input.At = len([]rune(text[:o.from] + o.text))
	p.changed()
}

// recall goes to the filter typed before or after.
func (p *filterPrompt) recall(by int) {
	to := p.at + by
	if to < 0 || to > len(p.history) {
		return
	}
	if p.at == len(p.history) {
		p.draft = p.input.Value()
	}
	p.at = to
	if to == len(p.history) {
		p.input.Set(p.draft)
	} else {
		p.input.Set(p.history[to])
	}
	p.read()
	p.offers, p.chosen = nil, -1
}

// remember keeps a filter that was applied.
func (p *filterPrompt) remember(text string) {
	if i := slices.Index(p.history, text); i >= 0 {
		p.history = slices.Delete(p.history, i, i+1)
	}
	p.history = append(p.history, text)
}

const promptSign = "filter   " // with room for the sign whether it is one

// draw draws the line at the bottom, and over it the offers, or what is wrong
// and where. It gives the place of the insertion point.
func (p *filterPrompt) draw(c *draw.Canvas, r draw.Rect) draw.Spot {
	y := r.H - 1
	x := c.Text(r, 0, y, promptSign, draw.Accent)
	text := p.input.Value()
	before := string(p.input.Text[:p.input.At])
	for c.Width(before) > r.W-x-2 && len(before) > 0 { // the end of a long line is shown
		_, text, _ = cutRune(text)
		_, before, _ = cutRune(before)
	}
	shift, told := len(p.input.Value())-len(text), 0
	switch {
	case p.by != nil:
		c.Sign(r, x-2, y, '✓', draw.Good)
		c.Text(r, x, y, text, draw.Good)
	case p.wrong == nil:
		c.Text(r, x, y, text, draw.Plain)
		if text == "" {
			c.Text(r, x+1, y, "such as  tcp.port == 80  or  dns  or  ip.addr == 10.0.0.0/8", draw.Quiet)
		}
	default:
		c.Sign(r, x-2, y, '✗', draw.Bad)
		from := min(max(p.wrong.Pos-shift, 0), len(text))
		to := min(max(p.wrong.Pos+p.wrong.Len-shift, from), len(text))
		at := c.Text(r, x, y, text[:from], draw.Plain)
		end := c.Text(r, at, y, text[from:to], draw.Bad|draw.Underline)
		c.Text(r, end, y, text[to:], draw.Plain)
		told = p.tell(c, r, y-1, at)
	}
	p.menu(c, r, y-1-told)
	return draw.At(min(x+c.Width(before), r.W-1), r.Y+y, true)
}

func cutRune(s string) (first rune, rest string, ok bool) {
	for i, r := range s {
		if i > 0 {
			return first, s[i:], true
		}
		first = r
	}
	return first, "", s != ""
}

// tell says over the line what is wrong, with a sign over the place; where it
// does not fit beside the sign, above it. It gives how many lines it took.
func (p *filterPrompt) tell(c *draw.Canvas, r draw.Rect, y, at int) int {
	if p.chosen >= 0 {
		return 0
	}
	c.Line(r, 0, y, r.W, ' ', draw.Plain)
	c.Sign(r, min(at, r.W-1), y, '▾', draw.Bad)
	text := c.Clean(p.wrong.Text)
	if at+2+draw.Width(text) <= r.W {
		c.Text(r, at+2, y, text, draw.Bad)
		return 1
	}
	if draw.Width(text) < at {
		c.Right(r, 0, y, at-1, text, draw.Bad)
		return 1
	}
	lines := draw.Wrap(text, r.W-2)
	lines = lines[:min(len(lines), 3)]
	for i, line := range lines {
		row := y - len(lines) + i
		c.Line(r, 0, row, r.W, ' ', draw.Plain)
		c.Text(r, 2, row, line, draw.Bad)
	}
	return 1 + len(lines)
}

// menu lists the offers over the line and over what is wrong.
func (p *filterPrompt) menu(c *draw.Canvas, r draw.Rect, y int) {
	n := min(len(p.offers), shownOffers, y-2)
	if n <= 0 {
		return
	}
	names := 0
	for _, o := range p.offers[p.top:min(p.top+n, len(p.offers))] {
		names = max(names, c.Width(o.text))
	}
	for i := range n {
		o := p.offers[p.top+i]
		row := y - n + 1 + i
		c.Line(r, 0, row, r.W, ' ', draw.Plain)
		l := draw.Plain
		if p.top+i == p.chosen {
			c.Sign(r, len(promptSign)-2, row, '▐', draw.Accent)
			l = draw.Accent
		}
		x := len(promptSign)
		c.TextTo(r, x, row, x+names, o.text, l)
		c.Text(r, x+names+2, row, o.help, draw.Quiet)
	}
	if p.top+n < len(p.offers) {
		c.Text(r, r.W-1, y, "~", draw.Accent)
	}
	if top := y - n; top >= 0 {
		c.Line(r, 0, top, r.W, '─', draw.Rule)
	}
}
