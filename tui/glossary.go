package tui

import (
	"slices"
	"strings"
)

// glossary shows cards: what the words mean that the explanations use.
type glossary struct {
	words []string // in the order shown
	at    int
	all   bool // the whole glossary, not one step's words
}

// allWords lists every card's word, by the alphabet.
func allWords() []string {
	words := make([]string, 0, len(cards))
	for w := range cards {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return words
}

// open shows the cards of words; of all when there are none.
func (g *glossary) open(words []string) {
	g.at, g.words, g.all = 0, nil, false
	for _, w := range words {
		if _, ok := cards[w]; ok {
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
func (g *glossary) draw(c *canvas, r rect) {
	list := rect{r.x, r.y, min(24, r.w/3), r.h}
	top := min(max(g.at-list.h/2, 0), max(len(g.words)-list.h, 0))
	for y := 0; y < list.h && top+y < len(g.words); y++ {
		l := plain
		if top+y == g.at {
			l = accent
			c.sign(list, 0, y, '▐', accent)
		}
		c.text(list, 2, y, g.words[top+y], l)
	}
	if top+list.h < len(g.words) && list.h > 0 {
		c.text(list, list.w-1, list.h-1, "~", rule)
	}
	if len(g.words) == 0 {
		return
	}
	card := r.inset(list.w + 2)
	card.w = min(card.w, 76)
	word := g.words[g.at]
	c.text(card, 0, 0, word, accent)
	for i, line := range wrap(c.clean(cards[word]), card.w) {
		if i+2 == card.h-1 {
			c.text(card, 0, i+2, cut(line+" ~", card.w), plain)
			return
		}
		c.text(card, 0, i+2, line, plain)
	}
}
