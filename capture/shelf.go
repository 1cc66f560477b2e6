package capture

import (
	"strata/capture/analysis"
	"strata/capture/pages"
	"strata/layers"
)

// shelf is a list of things of which most come to rest, as connections do
// that have ended: then they are put away as a small record. R holds no
// pointers.
type shelf[T, R any] struct {
	refs   slab[ref[T]]
	away   pages.List[R]
	pack   func(*T) (r R, ok bool) // false: it cannot be put away
	unpack func(R) *T
}

// ref is where a thing is: here, or, if that is nil, away.
type ref[T any] struct {
	here *T
	away uint32
}

// n is how many things there are.
func (s *shelf[T, R]) n() int { return s.refs.n }

// add makes a thing, and gives its number.
func (s *shelf[T, R]) add() (*T, int) {
	r, i := s.refs.add()
	r.here = new(T)
	return r.here, i
}

// take is thing i, to be changed.
func (s *shelf[T, R]) take(i int) *T {
	r := s.refs.at(i)
	if r.here == nil {
		r.here = s.unpack(s.away.At(int(r.away)))
	}
	return r.here
}

// look is thing i, to be looked at only.
func (s *shelf[T, R]) look(i int) *T {
	if r := s.refs.at(i); r.here == nil {
		return s.unpack(s.away.At(int(r.away)))
	}
	return s.refs.at(i).here
}

// rest puts thing i away, if it can be.
func (s *shelf[T, R]) rest(i int) {
	r := s.refs.at(i)
	if r.here == nil {
		return
	}
	if packed, ok := s.pack(r.here); ok {
		r.here, r.away = nil, uint32(s.away.Append(packed))
	}
}

// resting is an assembly that has been put away: short, and without anything
// odd about it.
type resting struct {
	high, total       int64
	run, messages     uint32 // where they begin in the lists
	first, flow, base uint32
	pieces, said      uint8 // how many there are of them
	dir               uint8
	proto             layers.Proto
}

func (x *index) packAssembly(a *assembly) (r resting, ok bool) {
	if a.live != nil || len(a.others) > 0 || len(a.turns) > 0 || !a.run.Short() || !a.messages.Short() {
		return r, false
	}
	return resting{
		high: a.high, total: a.total, first: a.first, flow: a.flow, base: a.base, dir: a.dir, proto: a.proto,
		pieces: uint8(a.run.Len()), said: uint8(a.messages.Len()),
		run: a.run.Put(&x.lists.pieces), messages: a.messages.Put(&x.lists.messages),
	}, true
}

func (x *index) unpackAssembly(r resting) *assembly {
	return &assembly{
		lists: &x.lists, high: r.high, total: r.total, first: r.first, flow: r.flow, base: r.base, dir: r.dir, proto: r.proto,
		run:      pages.Got(&x.lists.pieces, r.run, int(r.pieces)),
		messages: pages.Got(&x.lists.messages, r.messages, int(r.said)),
	}
}

// ended is a connection that has been put away.
type ended struct {
	analysis.Conn
	sides  [2]side
	tunnel bool
}

func packConn(c *conn) (ended, bool) {
	return ended{c.Conn, c.sides, c.tunnel}, c.talk == nil
}

func unpackConn(e ended) *conn {
	return &conn{Conn: e.Conn, sides: e.sides, tunnel: e.tunnel}
}
