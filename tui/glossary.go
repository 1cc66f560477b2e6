package tui

import (
	"slices"
	"strings"

	book "strata/trace/glossary"
	"strata/tui/draw"
)

// glossary shows cards: what the words mean that the explanations use.
type glossary struct {
	words []string // in the order shown
	at    int
	all   bool // the whole glossary, not one step's words
}

// allWords lists every card's word, by the alphabet.
func allWords() []string {
	words := make([]string, 0, len(book.Cards))
	for w := range book.Cards {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return words
}

// open shows the cards of words; of all when there are none.
func (g *glossary) open(words []string) {
	g.at, g.words, g.all = 0, nil, false
	for _, w := range words {
		if _, ok := book.Cards[w]; ok {
			g.words = append(g.words, w)
		}
	}
	if len(g.words) == 0 {
		g.words, g.all = allWords(), true
	}
}

// speaksOf says whether a word occurs in a text, or its plural.
func speaksOf(text, word string) bool {
	letter := func(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
	text, word = strings.ToLower(text), strings.ToLower(word)
	for {
		i := strings.Index(text, word)
		if i < 0 {
			return false
		}
		rest := strings.TrimPrefix(text[i+len(word):], "s")
		if (i == 0 || !letter(text[i-1])) && (rest == "" || !letter(rest[0])) {
			return true
		}
		text = text[i+len(word):]
	}
}

func (g *glossary) move(by int) { g.at = min(max(g.at+by, 0), len(g.words)-1) }

// draw draws the list of words, and the chosen word's card beside it.
func (g *glossary) draw(c *draw.Canvas, r draw.Rect) {
	list := draw.Box(r.X, r.Y, min(24, r.W/3), r.H)
	top := min(max(g.at-list.H/2, 0), max(len(g.words)-list.H, 0))
	for y := 0; y < list.H && top+y < len(g.words); y++ {
		l := draw.Plain
		if top+y == g.at {
			l = draw.Accent
			c.Sign(list, 0, y, '▐', draw.Accent)
		}
		c.Text(list, 2, y, g.words[top+y], l)
	}
	if top+list.H < len(g.words) && list.H > 0 {
		c.Text(list, list.W-1, list.H-1, "~", draw.Rule)
	}
	if len(g.words) == 0 {
		return
	}
	card := r.Inset(list.W + 2)
	card.W = min(card.W, 76)
	word := g.words[g.at]
	c.Text(card, 0, 0, word, draw.Accent)
	for i, line := range draw.Wrap(c.Clean(book.Cards[word]), card.W) {
		if i+2 == card.H-1 {
			c.Text(card, 0, i+2, draw.Cut(line+" ~", card.W), draw.Plain)
			return
		}
		c.Text(card, 0, i+2, line, draw.Plain)
	}
}
