// Package ask is the line at the bottom in which something is typed: a filter,
// a command, a text to find. It is coloured when what is typed can be used,
// points at what is wrong, lists what could stand at the cursor, and remembers
// what was typed before.
package ask

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
)

// Kind is what is asked for.
type Kind struct {
	Sign string // before the line: "filter", ":"
	Hint string // shown while nothing is typed

	// Offers lists what could stand at byte at of the text; nil: nothing is
	// offered.
	Offers func(text string, at int) []Offer
	// Check finds what is wrong; nil and true: it can be used as it is. A nil
	// Check says nothing about it.
	Check func(text string) (wrong *Wrong, good bool)
}

// Offer is something that could stand at a place of the text: it takes the
// place of the bytes from From up to To.
type Offer struct {
	Text, Help string
	From, To   int
}

// Wrong is what is wrong in a text, and where: Len bytes from Pos.
type Wrong struct {
	Pos, Len int
	Text     string
}

// Line is a line that is typed.
type Line struct {
	kind    *Kind
	input   draw.Input
	good    bool
	wrong   *Wrong
	offers  []Offer
	chosen  int // among the offers; -1: none
	top     int
	history map[*Kind][]string // the newest last
	at      int                // in the history; its length: not there
	draft   string             // what was typed before one went there
}

// shownOffers is how many lines the menu has.
const shownOffers = 8

// Begin asks for something; text stands there already.
func (l *Line) Begin(k *Kind, text string) {
	l.kind = k
	l.input.Set(text)
	l.at = len(l.history[k])
	l.changed()
}

// Text is what is typed.
func (l *Line) Text() string { return l.input.Value() }

// Insert puts a text at the insertion point.
func (l *Line) Insert(text string) {
	l.input.Insert(text)
	l.changed()
}

// changed reads what is typed now.
func (l *Line) changed() {
	l.read()
	l.offers = nil
	if l.kind.Offers != nil {
		l.offers = l.kind.Offers(l.Text(), len(string(l.input.Text[:l.input.At])))
	}
	l.chosen, l.top = -1, 0
}

func (l *Line) read() {
	l.good, l.wrong = false, nil
	if l.kind.Check != nil && l.Text() != "" {
		l.wrong, l.good = l.kind.Check(l.Text())
	}
}

// Key takes a key that is neither enter nor esc.
func (l *Line) Key(k tea.KeyPressMsg) {
	switch k.String() {
	case "tab":
		if len(l.offers) > 0 {
			l.accept(max(l.chosen, 0))
		}
	case "down":
		if l.at < len(l.history[l.kind]) {
			l.recall(1)
		} else if len(l.offers) > 0 {
			l.choose(min(l.chosen+1, len(l.offers)-1))
		}
	case "up":
		if l.chosen >= 0 {
			l.choose(l.chosen - 1)
		} else {
			l.recall(-1)
		}
	default:
		l.input.Key(k)
		l.at = len(l.history[l.kind])
		l.changed()
	}
}

// Enter accepts the offer that is chosen; false: none is, and what is typed is
// what is meant.
func (l *Line) Enter() bool {
	if l.chosen < 0 {
		return false
	}
	l.accept(l.chosen)
	return true
}

func (l *Line) choose(i int) {
	l.chosen = i
	l.top = max(min(l.top, i), i-shownOffers+1, 0)
}

// accept puts an offer in the place of what it completes.
func (l *Line) accept(i int) {
	o := l.offers[i]
	text := l.Text()
	l.input.Set(text[:o.From] + o.Text + text[o.To:])
	l.input.At = len([]rune(text[:o.From] + o.Text))
	l.changed()
}

// recall goes to what was typed before or after.
func (l *Line) recall(by int) {
	old := l.history[l.kind]
	to := l.at + by
	if to < 0 || to > len(old) {
		return
	}
	if l.at == len(old) {
		l.draft = l.Text()
	}
	l.at = to
	if to == len(old) {
		l.input.Set(l.draft)
	} else {
		l.input.Set(old[to])
	}
	l.read()
	l.offers, l.chosen = nil, -1
}

// maxHistory is how many lines of a kind are remembered.
const maxHistory = 100

// Remember keeps a text that was used.
func (l *Line) Remember(k *Kind, text string) {
	if l.history == nil {
		l.history = map[*Kind][]string{}
	}
	old := slices.DeleteFunc(l.history[k], func(s string) bool { return s == text })
	l.history[k] = append(old[max(len(old)-maxHistory+1, 0):], text)
}

// Draw draws the line at the bottom, and over it the offers, or what is wrong
// and where. It gives the place of the insertion point.
func (l *Line) Draw(c *draw.Canvas, r draw.Rect) draw.Spot {
	y := r.H - 1
	c.Line(r, 0, y, r.W, ' ', draw.Plain)
	x := c.Text(r, 0, y, l.kind.Sign, draw.Accent)
	if l.kind.Check != nil {
		x += 3 // a sign whether it can be used
	}
	text := l.Text()
	before := string(l.input.Text[:l.input.At])
	for c.Width(before) > r.W-x-2 && len(before) > 0 { // the end of a long line is shown
		_, text, _ = cutRune(text)
		_, before, _ = cutRune(before)
	}
	shift, told := len(l.Text())-len(text), 0
	switch {
	case l.good:
		c.Sign(r, x-2, y, '✓', draw.Good)
		c.Text(r, x, y, text, draw.Good)
	case l.wrong == nil:
		c.Text(r, x, y, text, draw.Plain)
		if text == "" {
			c.Text(r, x+1, y, l.kind.Hint, draw.Quiet)
		}
	default:
		c.Sign(r, x-2, y, '✗', draw.Bad)
		from := min(max(l.wrong.Pos-shift, 0), len(text))
		to := min(max(l.wrong.Pos+l.wrong.Len-shift, from), len(text))
		at := c.Text(r, x, y, text[:from], draw.Plain)
		end := c.Text(r, at, y, text[from:to], draw.Bad|draw.Underline)
		c.Text(r, end, y, text[to:], draw.Plain)
		told = l.tell(c, r, y-1, at)
	}
	l.menu(c, r, x, y-1-told)
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
func (l *Line) tell(c *draw.Canvas, r draw.Rect, y, at int) int {
	if l.chosen >= 0 {
		return 0
	}
	c.Line(r, 0, y, r.W, ' ', draw.Plain)
	c.Sign(r, min(at, r.W-1), y, '▾', draw.Bad)
	text := c.Clean(l.wrong.Text)
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
func (l *Line) menu(c *draw.Canvas, r draw.Rect, x, y int) {
	n := min(len(l.offers), shownOffers, y-2)
	if n <= 0 {
		return
	}
	names := 0
	for _, o := range l.offers[l.top:min(l.top+n, len(l.offers))] {
		names = max(names, c.Width(o.Text))
	}
	for i := range n {
		o := l.offers[l.top+i]
		row := y - n + 1 + i
		c.Line(r, 0, row, r.W, ' ', draw.Plain)
		look := draw.Plain
		if l.top+i == l.chosen {
			c.Sign(r, max(x-2, 0), row, '▐', draw.Accent)
			look = draw.Accent
		}
		c.TextTo(r, x, row, x+names, o.Text, look)
		c.Text(r, x+names+2, row, o.Help, draw.Quiet)
	}
	if l.top+n < len(l.offers) {
		c.Text(r, r.W-1, y, "~", draw.Accent)
	}
	if top := y - n; top >= 0 {
		c.Line(r, 0, top, r.W, '─', draw.Rule)
	}
}
