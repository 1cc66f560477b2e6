package capture

import (
	"cmp"
	"slices"
	"sort"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// What travelled in pieces is an assembly here: which frame brought which bytes
// is in the index, so that only acknowledgments are read from the file.

// Transfers are the streams of the TCP connection that an event is about, or
// the packet in fragments.
func (f *File) Transfers(n trace.EventID) (t trace.Transfers) {
	defer f.look()()
	if n == 0 || uint32(n) > f.events {
		return t
	}
	frame, _ := f.frameOf(uint32(n))
	e := f.entry(frame)
	if e.is(flagFragment) {
		return trace.Transfers{Sent: sentPDU(e.flow), Packet: true}
	}
	w := f.ways.at(int(e.flow))
	if w.conn == 0 {
		return t
	}
	for i, sd := range f.conns.look(int(w.conn - 1)).sides {
		switch {
		case sd.asm == 0:
		case i == sideOf(&e):
			t.Sent = sentPDU(sd.asm - 1)
		default:
			t.Back = sentPDU(sd.asm - 1)
		}
	}
	return t
}

// Pieces appends pieces of a transfer to dst.
func (f *File) Pieces(dst []trace.Piece, of trace.PDUID, off int64, before, after int) []trace.Piece {
	defer f.look()()
	a, sent := f.assemblyOf(of)
	if a == nil || !sent {
		return dst
	}
	start := len(dst)
	i := a.find(off)
	from, to := max(i-min(before, trace.MaxPieces), 0), min(i+min(after, trace.MaxPieces), a.pieces())
	low, high := off, int64(1)<<62
	if from < to {
		low = a.from(from)
	}
	if to < a.pieces() {
		high = a.piece(to - 1).end()
	}
	told := make(map[uint32]bool, to-from) // the frames that brought them
	for ; from < to; from++ {
		p := a.piece(from)
		told[p.frame] = true
		dst = append(dst, f.newPiece(p))
	}
	for k := len(a.others) - 1; k >= 0 && len(dst)-start < 2*trace.MaxPieces; k-- {
		if p := a.others[k]; p.off < high && p.end() > low && !told[p.frame] {
			dst = append(dst, f.newPiece(p))
		}
	}
	slices.SortFunc(dst[start:], func(a, b trace.Piece) int { return cmp.Compare(a.Sent, b.Sent) })
	return dst
}

// newPiece is a piece as the trace knows it: its steps stand at fixed places
// among its frame's (see builder.tell).
func (f *File) newPiece(p piece) trace.Piece {
	e := f.entry(int(p.frame))
	first := f.before(int(p.frame))
	sent, got := e.stepsFrom(first)
	return trace.Piece{Off: p.off, Len: p.len(), PDU: trace.PDUID(first) + 1, Sent: sent, Got: got, Again: f.resent(&e)}
}

// stepsFrom are the steps at which a frame's innermost header was made and
// read; first is how many steps go before the frame.
func (e *entry) stepsFrom(first uint32) (made, read trace.EventID) {
	seen := trace.EventID(first) + trace.EventID(e.making) + 1
	n := trace.EventID(e.headers())
	return seen - n, seen + 1 + n
}

// maxBack bounds how many frames of a connection are gone back over, to find
// those of the other side.
const maxBack = 4096

// Answers appends the last n segments that the receiver of a stream had sent
// by an event, the latest first.
func (f *File) Answers(dst []trace.Answer, of trace.PDUID, e trace.EventID, n int) []trace.Answer {
	defer f.look()()
	return f.answers(dst, of, e, n)
}

func (f *File) answers(dst []trace.Answer, of trace.PDUID, id trace.EventID, n int) []trace.Answer {
	a, sent := f.assemblyOf(of)
	if a == nil || !sent || a.proto != layers.Stream || id == 0 || uint32(id) > f.events {
		return dst
	}
	frame, _ := f.frameOf(uint32(id))
	if e := f.entry(frame); e.is(flagFragment) || f.flowAt(&e) != a.flow {
		return dst
	}
	for back := 0; back < maxBack && n > 0; back++ {
		e := f.entry(frame)
		note := f.noteOf(&e)
		if note == nil {
			break
		}
		if uint8(sideOf(&e)) != a.dir {
			if answer, ok := f.answer(a, note, frame, &e); ok && answer.Sent <= id {
				dst = append(dst, answer)
				n--
			}
		}
		if note.found.Previous == 0 {
			break
		}
		frame = int(note.found.Previous) - 1
	}
	return dst
}

// noteOf is the note of a frame's own TCP segment; nil: it has none.
func (f *File) noteOf(e *entry) *note {
	for i := range int(e.noted) {
		n := f.notes.At(int(e.notes) - 1 + i)
		if n.flow == e.flow && n.header&(inWhole|apart) == 0 && f.table.At(n.flow).Proto == layers.TCP {
			return &n
		}
	}
	return nil
}

// answer reads what a frame acknowledges of a stream.
func (f *File) answer(a *assembly, n *note, frame int, e *entry) (trace.Answer, bool) {
	data, _, err := f.data(frame)
	if err != nil {
		return trace.Answer{}, false
	}
	var s walk.Shape
	f.walk(&s, frame, data)
	in := s.Inner()
	var said trace.Sent
	if in.Proto != layers.TCP || !said.Read(data[in.At:in.End], 0) {
		return trace.Answer{}, false
	}
	shift := int(f.explain(n, frame).Shift)
	if shift == unscaled {
		shift = 0
	}
	at := func(seq uint32) int64 { return a.offsetAt(seq, uint32(frame)) }
	answer, ok := trace.NewAnswer(&said, at, shift)
	first := f.before(frame)
	answer.PDU = trace.PDUID(first) + 1
	answer.Sent, answer.Got = e.stepsFrom(first)
	return answer, ok
}

// unscaled is layers.Analysis.Shift of one who does not scale windows.
const unscaled = -2

// Marks are what is known of a transfer's two ends at an event. What a program
// has read is what was whole by then.
func (f *File) Marks(of trace.PDUID, id trace.EventID) trace.Marks {
	defer f.look()()
	m := trace.Marks{Written: -1, Read: -1, Total: -1}
	a, sent := f.assemblyOf(of)
	if a == nil || !sent || id == 0 || uint32(id) > f.events {
		return m
	}
	if a.proto != layers.Stream {
		m.Total = a.total
		return m
	}
	frame, _ := f.frameOf(uint32(id))
	m.Read = f.readUpTo(a, frame, id)
	var room [8]trace.Answer
	said := f.answers(room[:0], of, id, len(room))
	for i := range said {
		m.Next = max(m.Next, said[i].Ack)
	}
	if len(said) == 0 {
		m.Next = a.inOrder(uint32(frame))
	}
	m.Next = min(m.Next, a.high) // a FIN takes a number, too
	return m
}

// readUpTo is the end of the last message that was whole by an event.
func (f *File) readUpTo(a *assembly, frame int, id trace.EventID) int64 {
	const near = 64
	begun := sort.Search(a.messages.Len(), func(i int) bool { return a.message(i).First > uint32(frame) })
	end := int64(0)
	for i := begun - 1; i >= max(begun-near, 0); i-- {
		if m := a.message(i); m.Last < uint32(frame) && !m.Lost {
			end = m.End
			break
		}
	}
	v := f.view(frame)
	for i := range v.events {
		if s := &v.events[i]; s.Kind == trace.Read && trace.EventID(v.before)+trace.EventID(i)+1 <= id && uint8(sideOf(&v.entry)) == a.dir {
			end = max(end, s.off+s.n)
		}
	}
	return end
}

// inOrder is up to where the stream was whole before a frame, for one who sees
// no acknowledgments. Pieces may have overtaken others, by no more than waited.
func (a *assembly) inOrder(frame uint32) int64 {
	i := sort.Search(a.pieces(), func(i int) bool { return a.piece(i).frame >= frame })
	for k := max(i-maxAhead, 0); k < i; k++ {
		if a.piece(k).frame >= frame {
			i = k
			break
		}
	}
	if i == 0 {
		return 0
	}
	return a.piece(i - 1).end()
}
