package scenarios

import (
	"maps"
	"slices"

	"strata/layers"
	"strata/scenarios/tree"
	"strata/trace"
	"strata/trace/glossary"
	"strata/trace/quiz"
)

// lesson checks what a file says about its run: narration, questions, claims.
func (b *builder) lesson() {
	f := b.file
	for _, text := range []*string{&f.Title, &f.Teaches} {
		b.plain(*text, text)
	}
	for i := range f.Narration {
		n := &f.Narration[i]
		b.match(&n.On)
		b.plain(n.Say, &n.Say)
	}
	for i := range f.Prompts {
		b.prompt(&f.Prompts[i])
	}
	for i := range f.Before {
		if glossary.Cards[f.Before[i]] == "" {
			b.doc.Errorf(&f.Before[i], "%s", tree.Wrong("word in the glossary:", f.Before[i], slices.Sorted(maps.Keys(glossary.Cards))))
		}
	}
	for i := range f.After {
		b.plain(f.After[i], &f.After[i])
	}
	for i := range f.Expect {
		b.expectation(&f.Expect[i])
	}
}

// plain refuses what could act on a terminal. Lines may end: what shows the
// text breaks it anew anyway.
func (b *builder) plain(s string, place any) {
	for _, r := range s {
		if r != '\n' && tree.Unsafe(r) {
			b.doc.Errorf(place, "the text holds the control character %U; delete it", r)
			return
		}
	}
}

func (b *builder) prompt(p *PromptOn) {
	b.match(&p.On)
	b.plain(p.Ask, &p.Ask)
	b.plain(p.Why, &p.Why)
	b.plain(string(p.Answer), &p.Answer)
	for i := range p.Choices {
		b.plain(string(p.Choices[i]), &p.Choices[i])
		if slices.Index(p.Choices, p.Choices[i]) != i {
			b.doc.Errorf(&p.Choices[i], "%s is offered twice", tree.Quote(string(p.Choices[i])))
		}
	}
	for i := range p.Fill {
		b.headerField(&p.Fill[i])
	}
	for i := range p.Order {
		b.match(&p.Order[i])
	}
	b.kindOfPrompt(p)
}

// kindOfPrompt notes what does not fit together in a prompt.
func (b *builder) kindOfPrompt(p *PromptOn) {
	kinds := 0
	for _, given := range []bool{p.Choices != nil, p.Fill != nil, p.Order != nil} {
		if given {
			kinds++
		}
	}
	free := p.Fill != nil || p.Order != nil
	switch {
	case kinds > 1:
		b.doc.Errorf(p, "a question has choices, or fill, or order: one of them")
	case free && p.Answer != "":
		b.doc.Errorf(&p.Answer, "the run tells what is right; delete the answer")
	case free:
	case p.Answer == "":
		b.doc.Errorf(p, "\"answer\" is missing")
	case len(p.Choices) == 1:
		b.doc.Errorf(&p.Choices, "one choice is no choice; offer two to six, or none to ask for a number")
	case p.Choices != nil && !slices.Contains(p.Choices, p.Answer):
		b.doc.Errorf(&p.Answer, "the answer %s is not among the choices", tree.Quote(string(p.Answer)))
	case p.Choices == nil && !quiz.IsNumber(string(p.Answer)):
		b.doc.Errorf(&p.Answer, "without choices the answer must be a number, not %s", tree.Quote(string(p.Answer)))
	}
}

func (b *builder) expectation(x *Expectation) {
	b.plain(x.That, &x.That)
	for _, m := range []*Match{&x.Match, x.SameAs, x.Before} {
		if m != nil {
			b.match(m)
		}
	}
	if x.Share != nil {
		b.match(&x.Share.Of)
	}
	for i := range x.Nodes {
		b.needNode(&x.Nodes[i])
	}
	for i := range x.Values {
		b.headerField(&x.Values[i].Name)
	}
	for i := range x.Rises {
		b.headerField(&x.Rises[i].Name)
	}
	for _, names := range [][]string{x.Same, x.Differ} {
		for i := range names {
			b.headerField(&names[i])
		}
	}
	for i := range x.State {
		b.needNode(&x.State[i].Node)
	}
	if len(claimsOf(x)) == 0 {
		b.doc.Errorf(x, "nothing is claimed; say count, at, payload or another of `strata schema`")
	}
}

// match notes what in a Match names nothing.
func (b *builder) match(m *Match) {
	for i := range m.Kind {
		if trace.KindNamed(m.Kind[i]) == 0 {
			b.doc.Errorf(&m.Kind[i], "%s", tree.Wrong("kind of event", m.Kind[i], kindWords()))
		}
	}
	for i := range m.Why {
		if trace.WhyNamed(m.Why[i]) == 0 {
			b.doc.Errorf(&m.Why[i], "%s", tree.Wrong("reason", m.Why[i], reasonCodes()))
		}
	}
	for i := range m.Proto {
		if protoNamed(m.Proto[i]) == layers.None {
			b.doc.Errorf(&m.Proto[i], "%s", tree.Wrong("protocol", m.Proto[i], protoWords()))
		}
	}
	for i := range m.Node {
		b.needNode(&m.Node[i])
	}
	if m.Link != "" && !b.links[m.Link] {
		b.doc.Errorf(&m.Link, "%s", tree.Wrong("link", m.Link, sortedKeys(b.links)))
	}
	for i := range m.Fields {
		b.headerField(&m.Fields[i].Name)
	}
	for i := range m.Nth {
		if m.Nth[i] == 0 {
			b.doc.Errorf(&m.Nth[i], "nth counts from 1; -1 is the last")
		}
	}
}

func (b *builder) headerField(name *string) {
	if layers.FieldNamed(*name) == nil {
		b.doc.Errorf(name, "%s", tree.Wrong("header field", *name, fieldNames()))
	}
}

// The words that a Match may use, for messages.

func kindWords() (words []string) {
	for k := trace.Kind(1); k.String() != ""; k++ {
		words = append(words, k.String())
	}
	return words
}

func reasonCodes() (codes []string) {
	for _, w := range trace.Catalogue() {
		codes = append(codes, w.String())
	}
	return codes
}

func protoWords() (words []string) {
	for p := layers.Proto(1); p.Filter() != ""; p++ {
		words = append(words, p.Filter())
	}
	return words
}

func protoNamed(word string) layers.Proto {
	return layers.Proto(slices.Index(protoWords(), word) + 1)
}

func fieldNames() (names []string) {
	for p := layers.Proto(1); p.Filter() != ""; p++ {
		for _, f := range layers.Fields(p) {
			names = append(names, f.Name)
		}
	}
	return names
}
