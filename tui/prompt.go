package tui

import (
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/layers/filter"
)

// filterPrompt is the line in which a filter is typed: coloured when it is
// one, with what could stand at the cursor, and what was typed before.
type filterPrompt struct {
	input   *line
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
	p.input.set(text)
	p.at = len(p.history)
	p.changed()
}

// changed reads what is typed now.
func (p *filterPrompt) changed() {
	p.read()
	p.offers = completions(p.input.value(), len(string(p.input.text[:p.input.at])))
	p.chosen, p.top = -1, 0
}

func (p *filterPrompt) read() {
	p.by, p.wrong = nil, nil
	text := p.input.value()
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
		p.input.key(k)
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
	text := p.input.value()
	p.input.set(text[:o.from] + o.text + text[o.to:])
	p.input.at = len([]rune(text[:o.from] + o.text))
	p.changed()
}

// recall goes to the filter typed before or after.
func (p *filterPrompt) recall(by int) {
	to := p.at + by
	if to < 0 || to > len(p.history) {
		return
	}
	if p.at == len(p.history) {
		p.draft = p.input.value()
	}
	p.at = to
	if to == len(p.history) {
		p.input.set(p.draft)
	} else {
		p.input.set(p.history[to])
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
func (p *filterPrompt) draw(c *canvas, r rect) spot {
	y := r.h - 1
	x := c.text(r, 0, y, promptSign, accent)
	text := p.input.value()
	before := string(p.input.text[:p.input.at])
	for c.width(before) > r.w-x-2 && len(before) > 0 { // the end of a long line is shown
		_, text, _ = cutRune(text)
		_, before, _ = cutRune(before)
	}
	shift, told := len(p.input.value())-len(text), 0
	switch {
	case p.by != nil:
		c.sign(r, x-2, y, '✓', good)
		c.text(r, x, y, text, good)
	case p.wrong == nil:
		c.text(r, x, y, text, plain)
		if text == "" {
			c.text(r, x+1, y, "such as  tcp.port == 80  or  dns  or  ip.addr == 10.0.0.0/8", quiet)
		}
	default:
		c.sign(r, x-2, y, '✗', bad)
		from := min(max(p.wrong.Pos-shift, 0), len(text))
		to := min(max(p.wrong.Pos+p.wrong.Len-shift, from), len(text))
		at := c.text(r, x, y, text[:from], plain)
		end := c.text(r, at, y, text[from:to], bad|underline)
		c.text(r, end, y, text[to:], plain)
		told = p.tell(c, r, y-1, at)
	}
	p.menu(c, r, y-1-told)
	return spot{min(x+c.width(before), r.w-1), r.y + y, true}
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
func (p *filterPrompt) tell(c *canvas, r rect, y, at int) int {
	if p.chosen >= 0 {
		return 0
	}
	c.line(r, 0, y, r.w, ' ', plain)
	c.sign(r, min(at, r.w-1), y, '▾', bad)
	text := c.clean(p.wrong.Text)
	if at+2+width(text) <= r.w {
		c.text(r, at+2, y, text, bad)
		return 1
	}
	if width(text) < at {
		c.right(r, 0, y, at-1, text, bad)
		return 1
	}
	lines := wrap(text, r.w-2)
	lines = lines[:min(len(lines), 3)]
	for i, line := range lines {
		row := y - len(lines) + i
		c.line(r, 0, row, r.w, ' ', plain)
		c.text(r, 2, row, line, bad)
	}
	return 1 + len(lines)
}

// menu lists the offers over the line and over what is wrong.
func (p *filterPrompt) menu(c *canvas, r rect, y int) {
	n := min(len(p.offers), shownOffers, y-2)
	if n <= 0 {
		return
	}
	names := 0
	for _, o := range p.offers[p.top:min(p.top+n, len(p.offers))] {
		names = max(names, c.width(o.text))
	}
	for i := range n {
		o := p.offers[p.top+i]
		row := y - n + 1 + i
		c.line(r, 0, row, r.w, ' ', plain)
		l := plain
		if p.top+i == p.chosen {
			c.sign(r, len(promptSign)-2, row, '▐', accent)
			l = accent
		}
		x := len(promptSign)
		c.textTo(r, x, row, x+names, o.text, l)
		c.text(r, x+names+2, row, o.help, quiet)
	}
	if p.top+n < len(p.offers) {
		c.text(r, r.w-1, y, "~", accent)
	}
	if top := y - n; top >= 0 {
		c.line(r, 0, top, r.w, '─', rule)
	}
}
