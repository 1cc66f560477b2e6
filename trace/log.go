package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"strata/layers"
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
	sources map[PDUID]*Source

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

// Slot gives the id of a field of a table's row, to be changed by Set.
func (l *Log) Slot(s Slot) SlotID {
	id, ok := l.slotIDs[s]
	if !ok {
		id = SlotID(len(l.slots))
		l.slots = append(l.slots, s)
		l.now = append(l.now, Absent)
		l.slotIDs[s] = id
	}
	return id
}

// Set appends a StateChange event if the slot's value is not v already. Of e,
// Node and Kind are set here.
func (l *Log) Set(e Event, id SlotID, v int64, args ...int64) EventID {
	old := l.now[id]
	if old == v {
		return 0
	}
	l.now[id] = v
	e.Kind, e.Node = StateChange, l.slots[id].Node
	var all [11]int64
	all[0], all[1], all[2] = int64(id), old, v
	n := copy(all[3:], args)
	return l.Add(e, all[:3+n]...)
}

// change reads a StateChange event without allocating.
func (l *Log) change(n EventID) (id SlotID, old, v int64) {
	b := l.args.from(uint64(l.event(n).args - 1))[1:]
	a, k := binary.Varint(b)
	old, j := binary.Varint(b[k:])
	v, _ = binary.Varint(b[k+j:])
	return SlotID(a), old, v
}

// Change is what a StateChange event changed.
func (l *Log) Change(n EventID) Change {
	if l.Event(n).Kind != StateChange {
		return Change{}
	}
	id, old, v := l.change(n)
	return Change{Slot: l.slots[id], ID: id, Old: old, New: v, log: l}
}

// Footprint is the memory that the log holds, in bytes, and how much of it is
// payload: the messages and streams of programs.
func (l *Log) Footprint() (total, payload int64) {
	total = int64(len(l.events))*eventChunk*32 + int64(len(l.pdus))*pduChunk*32 +
		l.args.footprint() + l.own.footprint() + int64(cap(l.wire))*4
	for _, s := range l.joins {
		total += int64(cap(s)) * 32
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

// store is append-only bytes in chunks, so that growth copies nothing. A
// place is chunk<<storeShift + offset, and one item never straddles chunks
// unless it is longer than a chunk, when it has one of its own.
type store struct {
	chunks [][]byte
	recent [256]uint64 // places of what putOnce put lately, +1, by hash
}

const (
	storeShift = 18
	storeChunk = 1 << storeShift
)

func (s *store) put(b []byte) uint64 {
	i := len(s.chunks) - 1
	if i < 0 || len(s.chunks[i])+len(b) > cap(s.chunks[i]) {
		s.chunks = append(s.chunks, make([]byte, 0, max(storeChunk, len(b))))
		i++
	}
	at := len(s.chunks[i])
	s.chunks[i] = append(s.chunks[i], b...)
	return uint64(i)<<storeShift + uint64(at)
}

// putOnce is put, but what was put lately is found again and stored once:
// frames of one flow repeat arguments and link headers at every hop.
func (s *store) putOnce(b []byte) uint64 {
	h := uint32(2166136261) // FNV-1a
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	recent := &s.recent[h%uint32(len(s.recent))]
	if *recent == 0 || !bytes.HasPrefix(s.from(*recent-1), b) {
		*recent = s.put(b) + 1
	}
	return *recent - 1
}

func (s *store) from(place uint64) []byte {
	return s.chunks[place>>storeShift][place&(storeChunk-1):]
}

func (s *store) footprint() (n int64) {
	for _, c := range s.chunks {
		n += int64(cap(c))
	}
	return n
}

// Wrap adds a PDU: a header before the range [off, off+n) of another PDU. Of 0
// and n 0 make a PDU that is its header alone.
func (l *Log) Wrap(p layers.Proto, head []byte, of PDUID, off int64, n int) PDUID {
	return l.addPDU(PDU{Proto: p, own: l.own.put(head), Head: uint16(len(head)), Of: of, Off: off, Len: uint32(n)})
}

// Seal adds an Ethernet frame: header, payload, zero padding to the minimum
// of 60 bytes, and the FCS over all of it.
func (l *Log) Seal(head []byte, of PDUID, n int) PDUID {
	pad := max(0, minFrame-len(head)-n)
	return l.addPDU(PDU{
		Proto: layers.Ethernet, form: sealed, own: l.own.putOnce(head), Head: uint16(len(head)),
		Of: of, Len: uint32(n), Tail: uint16(pad + fcsLen),
	})
}

const (
	minFrame = 60 // IEEE 802.3: 64 with the FCS
	fcsLen   = 4
)

// Part adds a PDU that is the range [off, off+n) of another one, as when a
// header has been taken off a changed packet.
func (l *Log) Part(p layers.Proto, of PDUID, off int64, n int) PDUID {
	return l.addPDU(PDU{Proto: p, Of: of, Off: off, Len: uint32(n)})
}

// Flip adds a copy of a PDU with the bits of mask flipped in the byte at off.
func (l *Log) Flip(of PDUID, off int, mask byte) PDUID {
	var b [5]byte
	binary.LittleEndian.PutUint32(b[:], uint32(off))
	b[4] = mask
	p := l.PDU(of)
	return l.addPDU(PDU{Proto: p.Proto, form: patched, own: l.own.put(b[:]), Of: of, Len: uint32(l.Size(of))})
}

// Join adds a PDU that consists of ranges of others, in order; more ranges can
// be added with Extend.
func (l *Log) Join(p layers.Proto, head []byte, spans ...Span) PDUID {
	id := l.addPDU(PDU{Proto: p, form: joined, own: l.own.put(head), Head: uint16(len(head))})
	for _, s := range spans {
		l.Extend(id, s.Of, s.Off, s.Len)
	}
	return id
}

// Extend appends the range [off, off+n) of a PDU to a joined one.
func (l *Log) Extend(id, of PDUID, off, n int64) {
	l.joins[id] = append(l.joins[id], Span{At: l.Size(id), Of: of, Off: off, Len: n})
}

// Source adds a PDU with bytes of its own that can grow: what a program
// writes to a stream.
func (l *Log) Source(p layers.Proto) (PDUID, *Source) {
	id := l.addPDU(PDU{Proto: p, form: source})
	s := new(Source)
	l.sources[id] = s
	return id, s
}

func (l *Log) addPDU(p PDU) PDUID {
	if l.npdu%pduChunk == 0 {
		l.pdus = append(l.pdus, make([]PDU, pduChunk))
	}
	l.pdus[l.npdu/pduChunk][l.npdu%pduChunk] = p
	l.npdu++
	return PDUID(l.npdu)
}

// PDU is PDU id; the zero PDU when there is none.
func (l *Log) PDU(id PDUID) PDU {
	if id == 0 || int(id) > l.npdu {
		return PDU{}
	}
	return l.pdus[(id-1)/pduChunk][(id-1)%pduChunk]
}

// Size is the PDU's length in bytes.
func (l *Log) Size(id PDUID) int64 {
	p := l.PDU(id)
	switch p.form {
	case joined:
		n := int64(p.Head)
		if spans := l.joins[id]; len(spans) > 0 {
			last := spans[len(spans)-1]
			n = last.At + last.Len
		}
		return n
	case source:
		return l.sources[id].Len()
	}
	return p.Size()
}

// Append appends n bytes of a PDU from offset off to dst.
func (l *Log) Append(dst []byte, id PDUID, off, n int64) []byte {
	size := l.Size(id)
	if id == 0 || off < 0 || off >= size || n <= 0 {
		return dst
	}
	end := off + min(n, size-off)
	p := l.PDU(id)
	switch p.form {
	case source:
		return l.sources[id].Append(dst, off, end-off)
	case patched:
		start := len(dst)
		dst = l.Append(dst, p.Of, off, end-off)
		patch := l.own.from(p.own)
		if at := int64(binary.LittleEndian.Uint32(patch)); at >= off && at < end {
			dst[start+int(at-off)] ^= patch[4]
		}
		return dst
	}
	if head := int64(p.Head); off < head {
		k := min(end, head)
		dst = append(dst, l.own.from(p.own)[off:k]...)
		off = k
	}
	if off == end {
		return dst
	}
	if p.form == joined {
		return l.appendJoined(dst, id, off, end)
	}
	body := int64(p.Head) + int64(p.Len)
	if off < body {
		k := min(end, body)
		dst = l.Append(dst, p.Of, p.Off+off-int64(p.Head), k-off)
		off = k
	}
	if off < end {
		dst = l.appendTail(dst, id, p, off-body, end-body)
	}
	return dst
}

func (l *Log) appendJoined(dst []byte, id PDUID, off, end int64) []byte {
	for _, s := range l.joins[id] {
		from, to := max(off, s.At), min(end, s.At+s.Len)
		if from < to {
			dst = l.Append(dst, s.Of, s.Off+from-s.At, to-from)
		}
	}
	return dst
}

// appendTail makes the padding and the FCS, which nobody stores: the FCS is a
// function of the bytes before it.
func (l *Log) appendTail(dst []byte, id PDUID, p PDU, off, end int64) []byte {
	pad := int64(p.Tail) - fcsLen
	for ; off < min(end, pad); off++ {
		dst = append(dst, 0)
	}
	if off >= end {
		return dst
	}
	covered := l.Append(make([]byte, 0, p.Size()), id, 0, p.Size()-fcsLen)
	var fcs [fcsLen]byte
	binary.LittleEndian.PutUint32(fcs[:], crc32.ChecksumIEEE(covered))
	return append(dst, fcs[off-pad:end-pad]...)
}

// Parents are the ranges of other PDUs that a PDU's bytes come from.
func (l *Log) Parents(id PDUID) []Span {
	var one [1]Span
	return append([]Span(nil), l.parents(id, &one)...)
}

// parents is Parents without allocating: one is room for a single span.
func (l *Log) parents(id PDUID, one *[1]Span) []Span {
	p := l.PDU(id)
	switch {
	case p.form == joined:
		return l.joins[id]
	case p.Of == 0:
		return nil
	}
	one[0] = Span{At: int64(p.Head), Of: p.Of, Off: p.Off, Len: int64(p.Len)}
	return one[:]
}

// Source is bytes that a program wrote, in chunks, so that growth copies
// nothing and a range is read where it lies.
type Source struct {
	chunks [][]byte
	size   int64
}

const (
	sourceShift = 16
	sourceChunk = 1 << sourceShift
)

// Len is how many bytes were written.
func (s *Source) Len() int64 { return s.size }

// Write appends bytes.
func (s *Source) Write(b []byte) {
	for len(b) > 0 {
		i, at := int(s.size>>sourceShift), int(s.size&(sourceChunk-1))
		switch {
		case i > 0 && i == len(s.chunks):
			s.chunks = append(s.chunks, make([]byte, sourceChunk))
		case i == 0:
			s.first(at + len(b))
		}
		k := copy(s.chunks[i][at:], b)
		s.size += int64(k)
		b = b[k:]
	}
}

// first makes room for n bytes in the first chunk. It grows by doubling: most
// streams are short, and there may be many. Views of the smaller one stay good,
// as bytes never change.
func (s *Source) first(n int) {
	if s.chunks == nil {
		s.chunks = [][]byte{nil}
	}
	if old := s.chunks[0]; n > len(old) && len(old) < sourceChunk {
		s.chunks[0] = make([]byte, min(sourceChunk, max(n, 2*len(old), 256)))
		copy(s.chunks[0], old)
	}
}

// View is the n bytes from offset off, where they lie if they lie in one
// chunk, else a copy. They must have been written and not freed.
func (s *Source) View(off int64, n int) []byte {
	if at := int(off & (sourceChunk - 1)); at+n <= sourceChunk {
		return s.chunks[off>>sourceShift][at : at+n : at+n]
	}
	return s.Append(make([]byte, 0, n), off, int64(n))
}

// Free gives up the bytes below off, for a maker that records nothing.
func (s *Source) Free(off int64) {
	for i := off>>sourceShift - 1; i >= 0 && s.chunks[i] != nil; i-- {
		s.chunks[i] = nil
	}
}

// Append appends n bytes from offset off to dst; off+n must not pass Len.
func (s *Source) Append(dst []byte, off, n int64) []byte {
	for n > 0 {
		c := s.chunks[off>>sourceShift][off&(sourceChunk-1):]
		k := min(n, int64(len(c)))
		dst = append(dst, c[:k]...)
		off, n = off+k, n-k
	}
	return dst
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
