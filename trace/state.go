package trace

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"slices"
)

// Absent is the value of a field that does not exist at that time.
const Absent = math.MinInt64

// SlotID names a field of a row of a table at a node.
type SlotID uint32

// Slot is a place that state lives in: client's table "tcp", row
// "10.0.0.1:49152 10.0.0.2:80", field "cwnd".
type Slot struct {
	Node  NodeID
	Table string
	Key   string
	Field string
	Type  ValueType
}

// Change is what a StateChange event did to a slot.
type Change struct {
	Slot     Slot
	ID       SlotID
	Old, New int64 // Absent: not there
	log      *Log
	event    EventID
}

// Args are the arguments of the change's reason; none when it has no reason.
func (c Change) Args() []int64 {
	if c.log == nil {
		return nil
	}
	return c.log.Args(c.event)
}

// Show makes one of the change's values readable.
func (c Change) Show(v int64) string {
	if c.log == nil {
		return "?"
	}
	return FormatValue(c.Slot.Type, v, c.log.text)
}

// State is the value of every slot at one time.
type State struct {
	At     EventID
	values []int64 // by SlotID; short: the rest is Absent
	log    *Log
}

// Get is a slot's value; Absent when it has none.
func (s *State) Get(id SlotID) int64 {
	if int(id) < len(s.values) {
		return s.values[id]
	}
	return Absent
}

// Entry is a slot with its value, made readable.
type Entry struct {
	Slot  Slot
	ID    SlotID
	Value int64
	Show  string
}

// Table lists what a node's table holds, ordered by key and then by the
// order in which the fields first appeared. An empty table name lists all.
func (s *State) Table(node NodeID, table string) []Entry {
	var out []Entry
	for id, v := range s.values {
		if v == Absent {
			continue
		}
		slot := s.log.slots[id]
		if slot.Node == node && (table == "" || slot.Table == table) {
			show := FormatValue(slot.Type, v, s.log.text)
			out = append(out, Entry{Slot: slot, ID: SlotID(id), Value: v, Show: show})
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		if a.Slot.Table != b.Slot.Table {
			return compare(a.Slot.Table, b.Slot.Table)
		}
		return compare(a.Slot.Key, b.Slot.Key)
	})
	return out
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Hash is a digest of all values, equal for equal states.
func (s *State) Hash() uint64 {
	h := fnv.New64a()
	var b [16]byte
	for id, v := range s.values {
		if v == Absent {
			continue
		}
		binary.LittleEndian.PutUint64(b[:], uint64(id))
		binary.LittleEndian.PutUint64(b[8:], uint64(v))
		h.Write(b[:])
	}
	return h.Sum64()
}

func (s *State) set(id SlotID, v int64) {
	for int(id) >= len(s.values) {
		s.values = append(s.values, Absent)
	}
	s.values[id] = v
}

// keyframe is the state after an event, kept so that a jump folds little.
type keyframe struct {
	at     EventID
	values []int64
}

// keyframeEvery is the number of events between keyframes, at least; with a
// large state they lie farther apart, so that keyframes never outweigh events.
const keyframeEvery = 1 << 15

// State folds the state up to an event: from the state last asked for, when
// that is nearer, in either direction; else from a keyframe. The result is
// the log's own and holds until the next call.
func (l *Log) State(n EventID) *State {
	n = min(n, EventID(l.Events()))
	c := &l.cursor
	c.log = l
	k := l.keyframeBefore(n)
	if distance(c.At, n) > distance(k.at, n) {
		c.At = k.at
		c.values = append(c.values[:0], k.values...)
	}
	for c.At < n {
		c.At++
		if l.event(c.At).Kind == StateChange {
			id, _, v := l.change(c.At)
			c.set(id, v)
		}
	}
	for c.At > n {
		if l.event(c.At).Kind == StateChange {
			id, old, _ := l.change(c.At)
			c.set(id, old)
		}
		c.At--
	}
	return c
}

func distance(a, b EventID) EventID {
	if a > b {
		return a - b
	}
	return b - a
}

func (l *Log) keyframeBefore(n EventID) keyframe {
	i, found := slices.BinarySearchFunc(l.keyframes, n, func(k keyframe, n EventID) int { return int(k.at) - int(n) })
	if found {
		return l.keyframes[i]
	}
	if i == 0 {
		return keyframe{}
	}
	return l.keyframes[i-1]
}

func (l *Log) maybeKeyframe() {
	at := EventID(l.n)
	last := EventID(0)
	if k := len(l.keyframes); k > 0 {
		last = l.keyframes[k-1].at
	}
	if at-last < keyframeEvery || int(at-last) < len(l.now) {
		return
	}
	l.keyframes = append(l.keyframes, keyframe{at: at, values: slices.Clone(l.now)})
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
	return Change{Slot: l.slots[id], ID: id, Old: old, New: v, log: l, event: n}
}
