package trace

import (
	"encoding/binary"
	"fmt"
)

// Log is a trace in memory. A maker appends to it; then it is read as a Trace.
// It is not safe for use by several goroutines at once.
type Log struct {
	info Info

	events [][]Event // chunks of eventChunk
	n      int
	args   store // arguments of events, as varints
	wire   []EventID

	pdus [][]PDU // chunks of pduChunk
	npdu int
	own  store // headers, messages, patches

	joins   map[PDUID][]Span
	carried map[PDUID][]Span // what sources were made of
	sources map[PDUID]*Source
	sockets []Socket

	strings []string
	ids     map[string]int64

	slots     []Slot
	slotIDs   map[Slot]SlotID
	now       []int64 // by SlotID
	keyframes []keyframe
	cursor    State

	index *index // made when first read
}

const (
	eventChunk = 1 << 13
	pduChunk   = 1 << 12
)

// NewLog gives an empty log.
func NewLog(info Info) *Log {
	return &Log{
		info:    info,
		joins:   map[PDUID][]Span{},
		carried: map[PDUID][]Span{},
		sources: map[PDUID]*Source{},
		strings: []string{""},
		ids:     map[string]int64{"": 0},
		slotIDs: map[Slot]SlotID{},
	}
}

// Info is what the trace says once; the maker may add to it.
func (l *Log) Info() *Info { return &l.info }

// Events is how many events there are.
func (l *Log) Events() int { return l.n }

func (l *Log) event(n EventID) *Event {
	i := int(n) - 1
	return &l.events[i/eventChunk][i%eventChunk]
}

// Event is event n; the zero Event when there is none.
func (l *Log) Event(n EventID) Event {
	if n == 0 || int(n) > l.n {
		return Event{}
	}
	return *l.event(n)
}

// Add appends an event with the arguments of its reason, and gives its
// number. Events must come in order of time.
func (l *Log) Add(e Event, args ...int64) EventID {
	if len(args) > 0 {
		e.args = l.putArgs(args)
	}
	if l.n%eventChunk == 0 {
		l.events = append(l.events, make([]Event, eventChunk))
	}
	l.events[l.n/eventChunk][l.n%eventChunk] = e
	l.n++
	if e.Kind == Transmit {
		l.wire = append(l.wire, EventID(l.n))
	}
	if l.n%keyframeEvery == 0 {
		l.maybeKeyframe()
	}
	return EventID(l.n)
}

// AddExtent appends a Write or Read event of n bytes at an offset of the
// socket's stream.
func (l *Log) AddExtent(e Event, off, n int64, args ...int64) EventID {
	return l.addWith(e, [2]int64{off, n}, args)
}

// AddMessage appends a Send or Deliver event between two peers, each written
// as "10.0.0.1:49152".
func (l *Log) AddMessage(e Event, from, to string, args ...int64) EventID {
	return l.addWith(e, [2]int64{l.Intern(from), l.Intern(to)}, args)
}

// addWith puts the two numbers that belong to the event's kind behind its
// reason's arguments.
func (l *Log) addWith(e Event, two [2]int64, args []int64) EventID {
	var all [10]int64
	n := copy(all[:8], args)
	all[n], all[n+1] = two[0], two[1]
	return l.Add(e, all[:n+2]...)
}

// Extent is the offset and length of a Write or Read event.
func (l *Log) Extent(n EventID) (off, size int64) { return l.lastTwo(n, Write, Read) }

// Peers are the two ends of a Send or Deliver event.
func (l *Log) Peers(n EventID) (from, to string) {
	a, b := l.lastTwo(n, Send, Deliver)
	return l.text(a), l.text(b)
}

func (l *Log) lastTwo(n EventID, a, b Kind) (int64, int64) {
	e := l.Event(n)
	if args := l.Args(n); (e.Kind == a || e.Kind == b) && len(args) >= 2 {
		return args[len(args)-2], args[len(args)-1]
	}
	return 0, 0
}

func (l *Log) putArgs(args []int64) uint32 {
	var b [10 * binary.MaxVarintLen64]byte
	n := 1
	b[0] = byte(len(args))
	for _, v := range args {
		n += binary.PutVarint(b[n:], v)
	}
	return uint32(l.args.putOnce(b[:n])) + 1
}

// Args are the arguments of an event's reason.
func (l *Log) Args(n EventID) []int64 {
	e := l.Event(n)
	if e.args == 0 {
		return nil
	}
	b := l.args.from(uint64(e.args - 1))
	args := make([]int64, b[0])
	b = b[1:]
	for i := range args {
		v, k := binary.Varint(b)
		args[i] = v
		b = b[k:]
	}
	if e.Kind == StateChange {
		return args[3:] // behind slot, old and new
	}
	return args
}

// Text is the event's why-sentence, filled in.
func (l *Log) Text(n EventID) string {
	return l.Event(n).Why.Sentence(l.Args(n), l.text)
}

// Intern gives a string's id, for arguments and values of type Text.
func (l *Log) Intern(s string) int64 {
	id, ok := l.ids[s]
	if !ok {
		id = int64(len(l.strings))
		l.strings = append(l.strings, s)
		l.ids[s] = id
	}
	return id
}

func (l *Log) text(id int64) string {
	if id < 0 || id >= int64(len(l.strings)) {
		return "?"
	}
	return l.strings[id]
}

// Footprint is the memory that the log holds, in bytes, and how much of it is
// payload: the messages and streams of programs.
func (l *Log) Footprint() (total, payload int64) {
	total = int64(len(l.events))*eventChunk*32 + int64(len(l.pdus))*pduChunk*32 +
		l.args.footprint() + l.own.footprint() + int64(cap(l.wire))*4
	for _, s := range l.joins {
		total += int64(cap(s)) * 32
	}
	for _, s := range l.carried {
		total += int64(cap(s)) * 40
	}
	for _, s := range l.sources {
		for _, c := range s.chunks {
			payload += int64(len(c))
		}
	}
	for _, k := range l.keyframes {
		total += int64(len(k.values)) * 8
	}
	return total + payload, payload
}

// Check says whether the numbers of an event hang together; tests use it on every
// event of a maker.
func (l *Log) Check(n EventID) error {
	e := l.Event(n)
	switch {
	case e.Cause >= n:
		return fmt.Errorf("event %d: cause %d is not earlier", n, e.Cause)
	case int(e.PDU) > l.npdu:
		return fmt.Errorf("event %d: no PDU %d", n, e.PDU)
	case n > 1 && e.Time < l.event(n-1).Time:
		return fmt.Errorf("event %d: time %d goes back", n, e.Time)
	case int(e.Node) >= len(l.info.Nodes):
		return fmt.Errorf("event %d: no node %d", n, e.Node)
	case e.Layer == 0:
		return fmt.Errorf("event %d: no layer", n)
	}
	return nil
}
