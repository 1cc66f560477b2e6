package capture

import (
	"sort"

	"strata/layers"
	"strata/layers/walk"
)

// maxAhead bounds the pieces that wait for gaps in one stream.
const maxAhead = 1024

// addSegment follows a TCP segment: which bytes of its stream it brings, and
// which messages begin and end with them.
func (x *index) addSegment(s *walk.Shape, e *entry, data []byte) tally {
	in := s.Inner()
	h := layers.TCPHeader(data[in.At:in.End])
	from, to, wire := in.Body()
	c := &x.conns[x.flows[e.flow].conn-1]
	me, peer := &c.sides[sideOf(e)], &c.sides[1-sideOf(e)]
	synAgain := me.syn && h.Flags()&flagSYN != 0
	off, known := me.offset(h)
	if !known {
		return tally{}
	}
	x.acknowledge(c, peer, h)
	end := off + int64(wire)
	if wire == 0 && h.Flags()&(flagSYN|flagFIN) == 0 {
		return x.count(me)
	}
	if synAgain || wire == 0 && h.Flags()&flagFIN != 0 && me.fin && me.finOff == end {
		e.place |= flagResent
	}
	if h.Flags()&flagFIN != 0 && !me.fin {
		me.fin, me.finOff = true, end
	}
	me.high = max(me.high, end)
	if wire > 0 && off >= 0 {
		a := x.stream(me, e)
		x.bring(a, c, me, data[from:to], h, e)
		if to-from < wire && a.stream.Next() == off+int64(to-from) {
			x.skip(a, c, int64(wire-(to-from))) // cut by the snap length
		}
	}
	x.close(me)
	return x.count(me)
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
	return unwrap(sd.base, seq, sd.high), true
}

// unwrap is the offset nearest to near that seq can mean.
func unwrap(base, seq uint32, near int64) int64 {
	return near + int64(int32(seq-base-uint32(near)))
}

// stream is the assembly of a direction, made when its first data comes.
func (x *index) stream(sd *side, e *entry) *assembly {
	if sd.asm == 0 {
		a := &assembly{flow: e.flow, dir: uint8(sideOf(e)), first: x.frame, base: sd.base, total: -1, proto: layers.Stream}
		if !sd.syn {
			a.state = outOfStep
		}
		a.stream.Start(sd.base)
		a.stream.MaxPieces = maxAhead
		x.asms = append(x.asms, a)
		sd.asm = uint32(len(x.asms))
	}
	return x.asms[sd.asm-1]
}

// bring adds a segment's bytes to a stream, and reads on as far as it is
// whole.
func (x *index) bring(a *assembly, c *conn, me *side, b []byte, h layers.TCPHeader, e *entry) {
	from := handle{x.frame, uint8(h.HeaderLen())}
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
			x.miss(a, r.Len)
			continue
		}
		a.enter(r)
		p := a.run[len(a.run)-1]
		var b []byte
		if r.From.frame == x.frame {
			b = x.body[r.Off : r.Off+r.Len]
		} else {
			b = x.readPiece(nil, p, r.Off, r.Len)
		}
		x.feed(a, &c.connection, b)
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

// acknowledge notes what the peer's stream has been acknowledged up to. What
// is acknowledged was received, so a gap before it is the capture's.
func (x *index) acknowledge(c *conn, peer *side, h layers.TCPHeader) {
	if h.Flags()&flagACK == 0 || !peer.begun {
		return
	}
	peer.acked = max(peer.acked, unwrap(peer.base, h.Ack(), peer.high))
}

// close completes a message that lasts until the connection's end.
func (x *index) close(me *side) {
	if !me.fin || me.asm == 0 {
		return
	}
	if a := x.asms[me.asm-1]; a.state == untilClose && a.stream.Next() >= me.finOff {
		x.complete(a)
		a.state = outOfStep
	}
}

// count is what the frame at hand did to a stream's messages; with it the
// frame's part of the stream is settled.
func (x *index) count(me *side) (n tally) {
	if me.asm == 0 {
		return n
	}
	a := x.asms[me.asm-1]
	a.framer.tally = 0
	if m := a.open(); m != nil && m.first == x.frame {
		m.startsText = m.proto == layers.HTTP && !a.chars.bad
	}
	for _, m := range a.startedIn(x.frame) {
		n.started++
		if m.startsText {
			n.startedText++
		}
	}
	for _, m := range a.endedIn(x.frame) {
		n.ended++
		if m.text {
			n.endedText++
		}
	}
	return n
}

// offsetAt is the place in the stream that a sequence number meant in a frame.
func (a *assembly) offsetAt(seq, frame uint32) int64 {
	turns := sort.Search(len(a.turns), func(i int) bool { return a.turns[i] > frame })
	return unwrap(a.base, seq, int64(turns)<<31+1<<30)
}
