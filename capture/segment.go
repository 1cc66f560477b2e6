package capture

import (
	"sort"

	"strata/capture/analysis"
	"strata/layers"
	"strata/layers/streams"
	"strata/trace"
)

// conn is a TCP connection.
type conn struct {
	analysis.Conn
	talk   *streams.Talk // nil: there was no data yet, or it has ended
	tls    *secured
	tunnel bool // it carried a request for a tunnel
	sides  [2]side
}

// side is one direction of a connection.
type side struct {
	base   uint32 // sequence number of the stream's offset 0
	asm    uint32 // index into asms, +1; 0: no data seen
	high   int64  // highest offset seen, SYN and FIN not counted
	acked  int64  // what the other side has acknowledged
	finOff int64
	begun  bool // base is known
	syn    bool // by its SYN
	fin    bool
}

// maxAhead bounds the pieces that wait for gaps in one stream.
const maxAhead = 1024

// addSegment follows a TCP segment: which bytes of its stream it brings, and
// which messages begin and end with them.
func (x *index) addSegment(h layers.TCPHeader, wire int, by handle, e *entry) tally {
	number := int(x.ways.at(int(e.flow)).conn - 1)
	c := x.conns.take(number)
	me, peer := &c.sides[sideOf(e)], &c.sides[1-sideOf(e)]
	synAgain := me.syn && h.Flags()&flagSYN != 0
	off, known := me.offset(h)
	if !known {
		return tally{}
	}
	peer.acknowledge(h)
	end := off + int64(wire)
	defer x.rest(c, number, h)
	if wire == 0 && h.Flags()&(flagSYN|flagFIN) == 0 {
		return x.count(c, sideOf(e))
	}
	if synAgain || wire == 0 && h.Flags()&flagFIN != 0 && me.fin && me.finOff == end {
		e.place |= flagResent
	}
	if h.Flags()&flagFIN != 0 && !me.fin {
		me.fin, me.finOff = true, end
	}
	me.high = max(me.high, end)
	if wire > 0 && off >= 0 {
		a := x.stream(c, me, e)
		x.bring(a, c, me, h, by, e)
		if n := len(x.body); n < wire && a.stream.Next() == off+int64(n) {
			x.skip(a, c, int64(wire-n)) // cut by the snap length
		}
	}
	x.close(c, sideOf(e))
	return x.count(c, sideOf(e))
}

// over says that the side has sent its FIN, and that it was acknowledged.
func (sd *side) over() bool { return sd.fin && sd.acked > sd.finOff }

// rest lets go of what only a connection needs that goes on, and puts away
// what is left, if the segment at hand ends it.
func (x *index) rest(c *conn, number int, h layers.TCPHeader) {
	if h.Flags()&flagRST == 0 && !(c.sides[0].over() && c.sides[1].over()) {
		return
	}
	for i := range c.sides {
		if n := c.sides[i].asm; n > 0 {
			if a := x.asms.take(int(n - 1)); c.talk == nil || !c.talk.Open(i) {
				a.live = nil
				x.asms.rest(int(n - 1))
			}
		}
	}
	if c.talk != nil && !c.talk.Open(0) && !c.talk.Open(1) {
		c.tunnel = c.talk.Tunnel()
		c.talk = nil
	}
	c.tls = nil
	x.conns.rest(number)
}

// offset is the place of a segment's first byte in its stream. The first
// segment seen decides where the stream begins.
func (sd *side) offset(h layers.TCPHeader) (off int64, known bool) {
	seq := h.Seq()
	if h.Flags()&flagSYN != 0 {
		seq++ // RFC 9293 sec. 3.4: the SYN takes the number before the data
		if sd.begun && !sd.syn && sd.base != seq {
			return 0, false
		}
		sd.syn = true
	}
	if !sd.begun {
		sd.begun, sd.base = true, seq
	}
	return trace.Unwrap(sd.base, seq, sd.high), true
}

// stream is the assembly of a direction, made when its first data comes.
func (x *index) stream(c *conn, sd *side, e *entry) *assembly {
	if sd.asm == 0 {
		a, i := x.asms.add()
		*a = assembly{
			lists: &x.lists, flow: e.flow, dir: uint8(sideOf(e)), first: x.frame, base: sd.base, total: -1, proto: layers.Stream,
		}
		sd.asm = uint32(i + 1)
	}
	a := x.asms.take(int(sd.asm - 1))
	if c.talk == nil {
		fl := x.table.At(e.flow)
		c.talk = streams.NewTalk([2]uint16{fl.PortA, fl.PortB}, x.secrets)
	}
	if a.live == nil {
		a.live = &live{}
		a.stream.MaxPieces = maxAhead
		a.stream.Start(sd.base)
		if n := a.size(); n > 0 { // the connection had ended
			a.stream.Add(sd.base, int(n), handle{}, nil)
			c.talk.JoinedLate(sideOf(e), n, x.insides(sd.asm-1))
		} else if !sd.syn {
			c.talk.JoinedLate(sideOf(e), 0, nil)
		}
	}
	return a
}

// bring adds a segment's bytes to a stream, and reads on as far as it is
// whole.
func (x *index) bring(a *assembly, c *conn, me *side, h layers.TCPHeader, from handle, e *entry) {
	b := x.body
	was := a.stream.Next()
	seq := h.Seq()
	if h.Flags()&flagSYN != 0 {
		seq++
	}
	off := a.stream.Offset(seq)
	_, waited := a.stream.Waiting()
	var room [8]ready
	got, err := a.stream.Add(seq, len(b), from, room[:0])
	_, waits := a.stream.Waiting()
	end := off + int64(len(b))
	if len(got) == 0 || got[0].From != from {
		a.others = append(a.others, newPiece(off, int64(len(b)), from))
	}
	a.high = max(a.high, end)
	switch {
	case len(got) > 0:
		if len(got) > 1 {
			e.place |= flagWhole
		}
		x.proceed(a, c, got)
	case err != nil, waits > waited && me.acked >= off:
		// Too much waits, or the receiver has what the capture missed.
		x.proceed(a, c, a.stream.Skip(room[:0]))
	case waits == waited && (len(b) > 1 || end != was || me.acked < was):
		// RFC 9293 sec. 3.8.4: a keep-alive may repeat the last byte, though
		// it has been acknowledged.
		e.place |= flagResent
	}
	x.turn(a, was)
}

// proceed reads on in a stream.
func (x *index) proceed(a *assembly, c *conn, got []ready) {
	for _, r := range got {
		if r.Missing {
			c.talk.Miss(int(a.dir), x.frame, r.Len)
			continue
		}
		a.enter(r)
		p := *a.run.Last()
		var b []byte
		if r.From.frame == x.frame {
			b = x.body[r.Off : r.Off+r.Len]
		} else {
			b = x.readPiece(nil, p, r.Off, r.Len)
		}
		c.talk.Feed(x.takes(c), int(a.dir), x.frame, b)
	}
}

// skip passes over n bytes that a snap length has cut off.
func (x *index) skip(a *assembly, c *conn, n int64) {
	was := a.stream.Next()
	got, _ := a.stream.Add(a.base+uint32(was), int(n), handle{}, nil)
	for i := range got {
		got[i].Missing = got[i].From == handle{}
	}
	x.proceed(a, c, got)
	x.turn(a, was)
}

// turn notes where the stream passes another 2^31 bytes, so that a sequence
// number can be told from the one 2^32 before it.
func (x *index) turn(a *assembly, was int64) {
	for i := was >> 31; i < a.stream.Next()>>31; i++ {
		a.turns = append(a.turns, x.frame)
	}
}

// acknowledge notes up to where a side's stream has been acknowledged by the
// other. What is acknowledged was received, so a gap before it is the
// capture's.
func (sd *side) acknowledge(h layers.TCPHeader) {
	if h.Flags()&flagACK == 0 || !sd.begun {
		return
	}
	sd.acked = max(sd.acked, trace.Unwrap(sd.base, h.Ack(), sd.high))
}

// close completes a message that lasts until the connection's end.
func (x *index) close(c *conn, side int) {
	me := &c.sides[side]
	if !me.fin || me.asm == 0 || c.talk == nil || !c.talk.UntilClose(side) {
		return
	}
	if a := x.asms.take(int(me.asm - 1)); a.live != nil && a.stream.Next() >= me.finOff {
		c.talk.Close(x.takes(c), side, x.frame)
	}
}

// count is what the frame at hand did to a stream's messages; with it the
// frame's part of the stream is settled.
func (x *index) count(c *conn, side int) (n tally) {
	number := c.sides[side].asm
	if number == 0 || c.talk == nil || !c.talk.News(side) {
		return n
	}
	if n, ok := x.countPlain(x.asms.take(int(number - 1))); ok {
		return n
	}
	started, ended, wrapped := uncover(x.line(number-1, 0), x.frame)
	for i := range started {
		n.begins(&started[i])
	}
	for i := range wrapped {
		n.making += wrapped[i].making()
		n.taking += wrapped[i].taking()
	}
	for i := range ended {
		n.ends(&ended[i])
	}
	return n
}

// countPlain is count for a frame in which nothing is wrapped, which most are.
func (x *index) countPlain(a *assembly) (n tally, ok bool) {
	for i := a.messages.Len() - 1; i >= 0; i-- {
		m := a.message(i)
		if m.Last != x.frame && m.First != x.frame && m.Last != streams.NotYet {
			break
		}
		if m.Wraps || !says(&m) {
			return n, false
		}
		if m.First == x.frame {
			n.begins(&m)
		}
		if m.Last == x.frame && !m.Lost {
			n.ends(&m)
		}
	}
	return n, true
}

// begins counts the steps of a message that begins.
func (n *tally) begins(m *streams.Message) { n.making += count(true, says(m), m.StartsText) }

// ends counts those of one that is whole.
func (n *tally) ends(m *streams.Message) { n.taking += count(true, true, m.Text) }

// offsetAt is the place in the stream that a sequence number meant in a frame.
func (a *assembly) offsetAt(seq, frame uint32) int64 {
	turns := sort.Search(len(a.turns), func(i int) bool { return a.turns[i] > frame })
	return trace.Unwrap(a.base, seq, int64(turns)<<31+1<<30)
}
