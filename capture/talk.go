package capture

import (
	"bytes"
	"unicode/utf8"

	"strata/capture/pages"
	"strata/layers"
	"strata/layers/streams"
)

const portDNS = 53

// depth is what is known of a direction beyond its messages; most have none.
type depth struct {
	turns    []streams.Turn
	openings pages.Chain[streams.Opening]
	inside   *inside
}

// inside is what TLS protects in a direction.
type inside struct {
	messages pages.Chain[streams.Message]
	depth
}

// taker takes what the Talk of a connection finds.
type taker struct {
	x *index
	c *conn
}

// assembly is that of a side, which has data.
func (t taker) assembly(side int) *assembly { return t.x.asms.take(int(t.c.sides[side].asm - 1)) }

// depth is what is known of a side at a level, made when first asked for.
func (t taker) depth(level, side int) *depth {
	number := t.c.sides[side].asm - 1
	d := t.x.depths[number]
	if d == nil {
		d = &depth{}
		t.x.depths[number] = d
	}
	if level == 0 {
		return d
	}
	if d.inside == nil {
		d.inside = &inside{}
	}
	return &d.inside.depth
}

func (t taker) Begin(level, side int, m streams.Message) *streams.Message {
	chain := &t.assembly(side).messages
	if level > 0 {
		t.depth(level, side)
		chain = &t.x.depths[t.c.sides[side].asm-1].inside.messages
	}
	chain.Append(m, &t.x.lists.messages)
	return chain.Last()
}

func (t taker) Whole(level, side int, m *streams.Message) {
	if m.Proto == layers.TLS && level == 0 {
		t.x.record(t.c, side, m)
	}
}

func (t taker) Turn(level, side int, turn streams.Turn) {
	if t.c.sides[side].asm == 0 {
		return // the side has said nothing yet: it turns when it does
	}
	d := t.depth(level, side)
	d.turns = append(d.turns, turn)
}

func (t taker) Opened(level, side int, o streams.Opening, data []byte) {
	o.At = t.x.opened.Append(data)
	t.depth(level, side).openings.Append(o, &t.x.lists.openings)
}

func (t taker) Read(level, side int, dst []byte, from, to int64) []byte {
	return t.x.line(t.c.sides[side].asm-1, level).Read(dst, from, to)
}

// line is a direction's stream, or what TLS protects in it.
func (x *index) line(number uint32, level int) streams.Line {
	outer := outerLine{x, x.asms.look(int(number)), x.depths[number]}
	if level == 0 {
		return outer
	}
	return innerLine{x, outer.deep}
}

// outerLine is a TCP stream as a streams.Line.
type outerLine struct {
	x    *index
	a    *assembly
	deep *depth // nil: there is none
}

func (l outerLine) Messages() int                 { return l.a.messages.Len() }
func (l outerLine) Message(i int) streams.Message { return l.a.message(i) }

func (l outerLine) Read(dst []byte, from, to int64) []byte {
	return l.a.append(dst, from, to, l.x.readPiece)
}

func (l outerLine) Turns() []streams.Turn {
	if l.deep == nil {
		return nil
	}
	return l.deep.turns
}

func (l outerLine) Openings() int {
	if l.deep == nil {
		return 0
	}
	return l.deep.openings.Len()
}

func (l outerLine) Opening(i int) streams.Opening { return l.deep.openings.At(i, &l.x.lists.openings) }

func (l outerLine) Opened(dst []byte, o streams.Opening) []byte {
	return l.x.opened.Read(dst, o.At, int(o.Len))
}

func (l outerLine) Inside() streams.Line {
	if l.deep == nil || l.deep.inside == nil {
		return nil
	}
	return innerLine{l.x, l.deep}
}

// innerLine is what TLS protects in a direction, as a streams.Line.
type innerLine struct {
	x     *index
	outer *depth
}

func (l innerLine) Messages() int { return l.outer.inside.messages.Len() }

func (l innerLine) Message(i int) streams.Message {
	return l.outer.inside.messages.At(i, &l.x.lists.messages)
}

func (l innerLine) Turns() []streams.Turn { return l.outer.inside.turns }
func (l innerLine) Openings() int         { return l.outer.inside.openings.Len() }

func (l innerLine) Opening(i int) streams.Opening {
	return l.outer.inside.openings.At(i, &l.x.lists.openings)
}

func (l innerLine) Opened(dst []byte, o streams.Opening) []byte {
	return l.x.opened.Read(dst, o.At, int(o.Len))
}
func (l innerLine) Inside() streams.Line { return nil }

// Read puts the data of records together.
func (l innerLine) Read(dst []byte, from, to int64) []byte {
	records := outerLine{l.x, nil, l.outer}
	return streams.ReadInside(dst, records, from, to)
}

// isText says whether a datagram's payload is text.
func isText(b []byte) bool {
	return len(b) > 0 && bytes.IndexByte(b, 0) < 0 && utf8.Valid(b)
}
