package buffers

import (
	"cmp"
	"slices"

	"strata/trace"
)

// State says what a range is at its receiver, at the event.
type State uint8

// The states. The bytes of the last three are missing.
const (
	Read     State = iota // handed to the program
	Ready                 // in order, not read yet
	Held                  // came before something that goes before it
	Unseen                // acknowledged, but never seen: the capture missed it
	OnTheWay              // sent, and neither arrived nor lost yet
	Lost                  // sent, and lost each time so far
	Unsent                // not sent yet
)

// String is the state in a few words.
func (s State) String() string {
	return [...]string{
		"read by the program", "in order, waits to be read", "waits for what is missing before it",
		"acknowledged, never seen here", "on its way", "lost", "not sent yet",
	}[s]
}

// Here says whether the receiver has the bytes.
func (s State) Here() bool { return s <= Unseen }

// Range is a run of bytes that are in one state at both ends.
type Range struct {
	trace.Range
	State State
	Acked bool // the sender knows that all up to its end is there
	SACK  bool // the sender was told that just this is there
	// Piece brought the range, or, of what is missing, was the last to carry
	// it; its zero value: none did. Pieces is how many there are, more than one
	// where ranges were merged.
	Piece  trace.Piece
	Pieces int
	Copies int         // how often the bytes had been sent by the event
	Filler trace.Piece // of what is missing: the piece that will bring it; zero: none does
	Lit    bool        // the event changed it
}

// Look is what the buffers of a transfer hold at an event.
type Look struct {
	At       trace.EventID
	Of       trace.PDUID
	Packet   bool // a packet in fragments, not a stream
	Inferred bool // from a capture

	From, To string // the nodes that send and receive; "": not known

	Ranges  []Range // from Start on, in order, each beginning where the one before ends
	Start   int64   // all before it has been read, long ago
	Merged  int     // how many pieces share a range with others
	Cut     bool    // it goes on: there are more ranges than are kept
	Arrived []Arrival

	Next    int64 // the first byte that is missing
	Read    int64 // up to where the program has read; -1: not known
	Edge    int64 // up to where the receiver has said that there is room; -1: not known
	Acked   int64 // up to where the sender knows that all is there
	High    int64 // up to where it has been sent
	Written int64 // up to where the program has written; -1: not known
	Total   int64 // a packet's length; -1: not known, or a stream

	// Deadline is when a packet is given up that is not whole (RFC 1122 sec.
	// 3.3.2); 0: it is whole, or nothing of it is there. Given is the event
	// that gave it up, if it was by then; Whole that which completed it.
	Deadline     trace.Time
	Given, Whole trace.EventID
}

// Arrival is a piece that has come, and what it brought that was not there.
type Arrival struct {
	trace.Piece
	New     int64 // bytes; less than Len: the others came before
	Refused bool
}

// The bounds of a look.
const (
	MaxRanges   = 256 // ranges
	MaxArrivals = 64  // the last ones
	before      = 64  // pieces that came before the first missing byte
	after       = 1024
	answers     = 64
)

// Of is the look at an event's own transfer. back asks for that of the other
// direction of its TCP connection. ok is false where there is none.
func Of(t trace.Trace, e trace.EventID, back bool) (l *Look, ok bool) {
	x := t.Transfers(e)
	of := x.Sent
	if back {
		of = x.Back
	}
	if of == 0 {
		return nil, false
	}
	w := work{t: t, of: of, cut: x.Packet}
	w.fetch(e)
	l = w.at(e)
	if e > 1 {
		l.light(w.at(e - 1))
	}
	return l, true
}

// Main says whether the step of an event changes what comes back, not what is
// sent: a segment without data that acknowledges. It is what a viewer shows
// first.
func Main(t trace.Trace, e trace.EventID) (back bool) {
	x := t.Transfers(e)
	switch {
	case x.Sent == 0:
		return x.Back != 0
	case x.Back == 0 || x.Packet:
		return false
	}
	return !carries(t, t.Frame(t.FrameOf(e)).PDU, x.Sent)
}

// carries says whether a frame has bytes of a stream.
func carries(t trace.Trace, id, of trace.PDUID) bool {
	for range 16 {
		spans := t.Parents(id)
		if len(spans) == 0 || spans[0].Len == 0 {
			return false
		}
		if id = spans[0].Of; id == of {
			return true
		}
	}
	return false
}

// work is a look in the making.
type work struct {
	*Look
	t       trace.Trace
	of      trace.PDUID
	cut     bool // it is a packet
	pieces  []trace.Piece
	answers []trace.Answer
	sacked  []trace.Range
	here    []Range // what has come, in order of place
}

// fetch gets what is known around an event.
func (w *work) fetch(e trace.EventID) {
	w.pieces = w.t.Pieces(nil, w.of, w.t.Marks(w.of, e).Next, before, after)
	if w.cut {
		w.give()
		return
	}
	w.answers = w.t.Answers(nil, w.of, e, answers)
	if w.t.Info().Captured {
		w.doubt()
	}
}

// give makes the fragments of a packet end together, as they do when it is
// given up.
func (w *work) give() {
	first := trace.EventID(0)
	for i := range w.pieces {
		if p := &w.pieces[i]; p.Got != 0 && p.Lost > p.Got && (first == 0 || p.Lost < first) {
			first = p.Lost
		}
	}
	for i := range w.pieces {
		if p := &w.pieces[i]; p.Got != 0 && p.Lost > p.Got {
			p.Lost = first
		}
	}
}

// at looks without a light, at the event or the one before it.
func (w *work) at(e trace.EventID) *Look {
	m := w.t.Marks(w.of, e)
	w.Look = &Look{
		At: e, Of: w.of, Packet: w.cut, Inferred: w.t.Info().Captured,
		Next: m.Next, Read: m.Read, Written: m.Written, Total: m.Total, Edge: -1,
	}
	w.From, w.To = w.ends()
	w.sacked, w.here = w.sacked[:0], w.here[:0]
	w.hear()
	w.sent()
	w.arrive()
	if w.cut {
		w.packet()
	}
	w.divide()
	w.merge()
	return w.Look
}

// ends names the two nodes.
func (w *work) ends() (from, to string) {
	node := func(e trace.EventID) string { return w.t.Info().Nodes[w.t.Event(e).Node].Name }
	for i := range w.pieces {
		p := &w.pieces[i]
		if from == "" {
			from = node(p.Sent)
		}
		if to == "" && p.Got != 0 {
			to = node(p.Got)
		}
	}
	if to == "" && len(w.answers) > 0 {
		to = node(w.answers[0].Sent)
	}
	return from, to
}

// hear takes in what the sender had been told by the event, and what the
// receiver had said.
func (w *work) hear() {
	first := true
	for _, a := range w.answers {
		if first && a.Edge >= 0 && a.Sent <= w.At {
			w.Edge, first = a.Edge, false
		}
		if a.Got != 0 && a.Got <= w.At {
			w.Acked = max(w.Acked, a.Ack)
		}
	}
	for _, a := range w.answers {
		if a.Got == 0 || a.Got > w.At {
			continue
		}
		for _, r := range a.SACK[:a.Blocks] {
			if r.To > w.Acked {
				w.sacked = append(w.sacked, r)
			}
		}
	}
}

// sent finds up to where it had been sent. What passed a capture had been.
func (w *work) sent() {
	for i := range w.pieces {
		if p := &w.pieces[i]; p.Sent <= w.At {
			w.High = max(w.High, p.End())
		}
	}
	w.High = max(w.High, w.Next)
	w.Acked = min(w.Acked, w.High) // a FIN takes a number, too
	if w.Written >= 0 {
		w.Written = max(w.Written, w.High)
	}
	w.Start = w.Next
	for i := range w.pieces {
		w.Start = min(w.Start, w.pieces[i].Off)
	}
}

// came says whether a piece is in the buffer at the event.
func (w *work) came(p *trace.Piece) bool {
	if p.Got == 0 || p.Got > w.At {
		return false
	}
	return p.Lost < p.Got || p.Lost > w.At // not refused, or given up
}

// arrive puts what has come in its place, in the order in which it came: what
// came first stays.
func (w *work) arrive() {
	var came []trace.Piece
	for i := range w.pieces {
		if p := &w.pieces[i]; p.Got != 0 && p.Got <= w.At {
			came = append(came, *p)
		}
	}
	slices.SortStableFunc(came, func(a, b trace.Piece) int { return cmp.Compare(a.Got, b.Got) })
	for i := range came {
		a := Arrival{Piece: came[i], Refused: !w.came(&came[i])}
		if !a.Refused {
			a.New = w.insert(&came[i])
		}
		w.Arrived = append(w.Arrived, a)
	}
	if n := len(w.Arrived); n > MaxArrivals {
		w.Arrived = w.Arrived[n-MaxArrivals:]
	}
	for i := range w.here {
		if w.here[i].From > w.Next {
			break
		}
		w.Next = max(w.Next, w.here[i].To)
	}
	if w.Read >= 0 {
		w.Read = min(w.Read, w.Next)
	}
}

// insert adds what is new of a piece.
func (w *work) insert(p *trace.Piece) (added int64) {
	from, to := p.Off, p.End()
	i, _ := slices.BinarySearchFunc(w.here, from, func(r Range, at int64) int { return cmp.Compare(r.To, at+1) })
	for from < to {
		hole := to
		if i < len(w.here) {
			hole = min(to, w.here[i].From)
		}
		if from < hole {
			w.here = slices.Insert(w.here, i, Range{Range: trace.Range{From: from, To: hole}, Piece: *p, Pieces: 1})
			added += hole - from
			i++
		}
		if i == len(w.here) {
			break
		}
		from = max(hole, w.here[i].To)
		i++
	}
	return added
}

// packet finds when what is there of a packet is given up.
func (w *work) packet() {
	first := trace.EventID(0)
	for i := range w.pieces {
		p := &w.pieces[i]
		if p.Got != 0 && p.Got <= w.At && (first == 0 || p.Got < first) {
			first = p.Got
		}
		if p.Lost > p.Got && p.Got != 0 && p.Lost <= w.At {
			w.Given = max(w.Given, p.Lost)
		}
	}
	if w.Total >= 0 && w.Next >= w.Total {
		for _, a := range w.Arrived {
			if a.New > 0 {
				w.Whole = a.Got
			}
		}
	}
	if first != 0 && w.Whole == 0 && w.Given == 0 {
		w.Deadline = w.t.Event(first).Time + Patience
	}
}

// Patience is how long the fragments of a packet are kept in a simulation, and
// are taken to be kept in a capture: the least that RFC 1122 sec. 3.3.2 allows.
const Patience = 60 * trace.Second
