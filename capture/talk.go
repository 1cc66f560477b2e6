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

// inside is the stream inside a direction's: what TLS protects, or WebSocket's
// messages make up.
type inside struct {
	messages pages.Chain[streams.Message]
	depth
}

// taker takes what the Talk of a connection finds.
type taker struct {
	x *index
	c *conn
}

// takes is the index as the Sink of a connection's Talk. There is one for all:
// one made for each segment would cost more than most segments do.
func (x *index) takes(c *conn) *taker {
	x.taker = taker{x, c}
	return &x.taker
}

// assembly is that of a side, which has data.
func (t *taker) assembly(side int) *assembly { return t.x.asms.take(int(t.c.sides[side].asm - 1)) }

// depth is what is known of a side at a level, made when first asked for.
func (t *taker) depth(level, side int) *depth {
	number := t.c.sides[side].asm - 1
	d := t.x.depths[number]
	if d == nil {
		d = &depth{}
		t.x.depths[number] = d
	}
	for range level {
		if d.inside == nil {
			d.inside = &inside{}
		}
		d = &d.inside.depth
	}
	return d
}

func (t *taker) Begin(level, side int, m streams.Message) *streams.Message {
	chain := &t.assembly(side).messages
	if level > 0 {
		outer := t.depth(level-1, side)
		if outer.inside == nil {
			outer.inside = &inside{}
		}
		chain = &outer.inside.messages
	}
	chain.Append(m, &t.x.lists.messages)
	return chain.Last()
}

func (t *taker) Whole(level, side int, m *streams.Message) {
	if m.Proto == layers.TLS && level == 0 {
		t.x.record(t.c, side, m)
	}
}

func (t *taker) Turn(level, side int, turn streams.Turn) {
	if t.c.sides[side].asm == 0 {
		return // the side has said nothing yet: it turns when it does
	}
	d := t.depth(level, side)
	d.turns = append(d.turns, turn)
}

func (t *taker) Opened(level, side int, o streams.Opening, data []byte) {
	o.At = t.x.opened.Append(data)
	t.depth(level, side).openings.Append(o, &t.x.lists.openings)
}

func (t *taker) Read(level, side int, dst []byte, from, to int64) []byte {
	return t.x.line(t.c.sides[side].asm-1, level).Read(dst, from, to)
}

// insides is how long the streams inside a direction's are, from the outermost.
func (x *index) insides(number uint32) (sizes []int64) {
	for d := x.depths[number]; d != nil && d.inside != nil; d = &d.inside.depth {
		size := int64(0)
		if last := d.openings.Last(); last != nil {
			if size = last.Off; last.Carries {
				size += int64(last.Len)
			}
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// line is a direction's stream, or one inside it.
func (x *index) line(number uint32, level int) streams.Line {
	var l streams.Line = &outerLine{x, x.asms.look(int(number)), x.depths[number]}
	for range level {
		l = l.Inside()
	}
	return l
}

// outerLine is a TCP stream as a streams.Line.
type outerLine struct {
	x    *index
	a    *assembly
	deep *depth // nil: there is none
}

func (l *outerLine) Messages() int                 { return l.a.messages.Len() }
func (l *outerLine) Message(i int) streams.Message { return l.a.message(i) }

func (l *outerLine) Read(dst []byte, from, to int64) []byte {
	return l.a.append(dst, from, to, l.x.readPiece)
}

func (l *outerLine) Turns() []streams.Turn {
	if l.deep == nil {
		return nil
	}
	return l.deep.turns
}

func (l *outerLine) Openings() int {
	if l.deep == nil {
		return 0
	}
	return l.deep.openings.Len()
}

func (l *outerLine) Opening(i int) streams.Opening { return l.deep.openings.At(i, &l.x.lists.openings) }

func (l *outerLine) Opened(dst []byte, o streams.Opening) []byte {
	return l.x.opened.Read(dst, o.At, int(o.Len))
}

func (l *outerLine) Inside() streams.Line {
	if l.deep == nil || l.deep.inside == nil {
		return nil
	}
	return &innerLine{l.x, l, l.deep.inside}
}

// innerLine is a stream inside another, as a streams.Line.
type innerLine struct {
	x     *index
	outer streams.Line
	*inside
}

func (l *innerLine) Messages() int { return l.messages.Len() }

func (l *innerLine) Message(i int) streams.Message { return l.messages.At(i, &l.x.lists.messages) }

func (l *innerLine) Turns() []streams.Turn { return l.turns }
func (l *innerLine) Openings() int         { return l.openings.Len() }

func (l *innerLine) Opening(i int) streams.Opening { return l.openings.At(i, &l.x.lists.openings) }

func (l *innerLine) Opened(dst []byte, o streams.Opening) []byte {
	return l.x.opened.Read(dst, o.At, int(o.Len))
}

func (l *innerLine) Inside() streams.Line {
	if l.inside.inside == nil {
		return nil
	}
	return &innerLine{l.x, l, l.inside.inside}
}

// Read puts together what the units of the outer stream hold.
func (l *innerLine) Read(dst []byte, from, to int64) []byte {
	return streams.ReadInside(dst, l.outer, from, to)
}

// isText says whether a datagram's payload is text.
func isText(b []byte) bool {
	return len(b) > 0 && bytes.IndexByte(b, 0) < 0 && utf8.Valid(b)
}
