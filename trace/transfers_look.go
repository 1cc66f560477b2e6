package trace

import (
	"cmp"
	"slices"
	"sort"

	"strata/layers"
)

// Transfers are the streams of the connection that an event is about, or the
// packet in fragments.
func (l *Log) Transfers(n EventID) Transfers {
	t := l.transfers()
	e := l.Event(n)
	id := e.PDU
	if out := t.in[id]; out != 0 { // read by the other side's program
		return Transfers{Sent: t.line(out).back, Back: out}
	}
	if e.Kind == Write && e.Why == SocketWrite {
		if s := t.socket(l, n, e.Node, 1); s.Out != 0 {
			return Transfers{Sent: s.Out, Back: t.line(s.Out).back}
		}
	}
	if id == 0 && len(l.wire) > 0 {
		id = l.event(l.wire[l.FrameOf(n)]).PDU
	}
	var one [1]Span
	segment := false
	for depth := 0; id != 0 && depth < 32; depth++ {
		p := l.PDU(id)
		segment = segment || p.Proto == layers.TCP
		if x := t.lines[p.Of]; x != nil && p.Proto == layers.IPv4 && x.packet && x.cut(l, p) {
			return Transfers{Sent: p.Of, Packet: true}
		}
		if x := t.lines[id]; x != nil {
			return Transfers{Sent: id, Back: x.back, Packet: x.packet}
		}
		spans := l.parents(id, &one)
		if len(spans) == 0 {
			break
		}
		id = spans[0].Of
	}
	// An empty segment whose addresses a router changed holds nothing of a
	// stream; what caused it does.
	if x, p := t.root(l, n, Segment); p != nil && segment {
		return Transfers{Sent: l.PDU(l.event(p.sent).PDU).Of, Back: x.back}
	}
	return Transfers{}
}

// cut says whether a packet is one of the fragments, not what was cut.
func (x *line) cut(l *Log, p PDU) bool {
	return slices.ContainsFunc(x.parts, func(q part) bool {
		f := l.PDU(l.event(q.sent).PDU)
		return f.Off == p.Off && f.Len == p.Len
	})
}

// Pieces appends pieces of a transfer to dst.
func (l *Log) Pieces(dst []Piece, of PDUID, off int64, before, after int) []Piece {
	x := l.transfers().lines[of]
	if x == nil {
		return dst
	}
	start := len(dst)
	i := sort.Search(len(x.fresh), func(i int) bool { return x.end(l, x.fresh[i]) > off })
	to := min(i+min(after, MaxPieces), len(x.fresh))
	from := max(i-min(before, MaxPieces), 0)
	low, high := int64(-1), int64(0)
	for _, k := range x.fresh[from:to] {
		p := x.piece(l, k)
		low, high = max(low, p.Off), max(high, p.End())
		if len(dst) == start {
			low = p.Off
		}
		dst = append(dst, p)
	}
	if len(dst) > start {
		low = dst[start].Off
	}
	for _, k := range x.again {
		if len(dst)-start >= 2*MaxPieces {
			break
		}
		if p := l.PDU(l.event(x.parts[k].sent).PDU); p.Off < high && p.Off+int64(p.Len) > low {
			dst = append(dst, x.piece(l, k))
		}
	}
	slices.SortFunc(dst[start:], func(a, b Piece) int { return cmp.Compare(a.Sent, b.Sent) })
	return dst
}

func (x *line) end(l *Log, k uint32) int64 {
	p := l.PDU(l.event(x.parts[k].sent).PDU)
	return p.Off + int64(p.Len)
}

func (x *line) piece(l *Log, k uint32) Piece {
	q := x.parts[k]
	id := l.event(q.sent).PDU
	p := l.PDU(id)
	_, again := slices.BinarySearch(x.again, k)
	return Piece{Off: p.Off, Len: int64(p.Len), PDU: id, Sent: q.sent, Got: q.got, Lost: q.lost, Again: again}
}

// Answers appends the last n segments that the receiver of a stream had sent by
// an event, the latest first.
func (l *Log) Answers(dst []Answer, of PDUID, e EventID, n int) []Answer {
	t := l.transfers()
	x := t.lines[of]
	if x == nil || t.lines[x.back] == nil {
		return dst
	}
	y := t.lines[x.back]
	shift := y.shift
	if x.plain || y.plain { // RFC 7323 sec. 2.2: both sides scale, or none
		shift = 0
	}
	i := sort.Search(len(y.parts), func(i int) bool { return y.parts[i].sent > e })
	for ; i > 0 && n > 0; i, n = i-1, n-1 {
		q := y.parts[i-1]
		id := l.event(q.sent).PDU
		var said Sent
		if !said.Read(l.Append(nil, id, 0, maxTCPHeader), 0) {
			continue
		}
		near := x.before(l, q.sent)
		a, ok := NewAnswer(&said, func(seq uint32) int64 { return Unwrap(x.base, seq, near) }, shift)
		if ok {
			a.PDU, a.Sent, a.Got = id, q.sent, q.got
			dst = append(dst, a)
		}
	}
	return dst
}

// before is up to where a stream had been sent by an event.
func (x *line) before(l *Log, e EventID) int64 {
	i := sort.Search(len(x.fresh), func(i int) bool { return x.parts[x.fresh[i]].sent > e })
	if i == 0 {
		return 0
	}
	return x.end(l, x.fresh[i-1])
}

// Marks are what is known of a transfer's two ends at an event.
func (l *Log) Marks(of PDUID, e EventID) Marks {
	t := l.transfers()
	x := t.lines[of]
	m := Marks{Written: -1, Read: -1, Total: -1}
	if x == nil {
		return m
	}
	if x.packet {
		m.Total = l.Size(of)
		return m
	}
	m.Written, m.Read = l.upTo(x.writes, e), 0
	if y := t.lines[x.back]; y != nil {
		m.Read = l.upTo(y.reads, e)
	}
	var room [8]Answer
	for _, a := range l.Answers(room[:0], of, e, len(room)) {
		m.Next = max(m.Next, a.Ack)
	}
	m.Next = min(m.Next, x.before(l, e)) // a FIN takes a number, too
	return m
}

// upTo is the end of the last of a socket's Write or Read events by an event.
func (l *Log) upTo(events []EventID, e EventID) int64 {
	i := sort.Search(len(events), func(i int) bool { return events[i] > e })
	if i == 0 {
		return 0
	}
	off, n := l.Extent(events[i-1])
	return off + n
}
