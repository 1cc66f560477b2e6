package streams

import "strata/layers"

// Memory keeps what a Talk finds, in memory: a Sink, and the Lines of both
// sides. It is made for simulations, whose streams are in memory anyway.
type Memory struct {
	// Bytes appends the bytes [from, to) of a side's stream.
	Bytes func(side int, dst []byte, from, to int64) []byte
	// Secured, if it is set, hears of a TLS record that is whole.
	Secured func(side int, m *Message)

	sides [2]memory
}

// memory is what is known of one direction.
type memory struct {
	messages []*Message
	turns    []Turn
	openings []Opening
	data     []byte // what the openings hold
	inside   *memory
	read     func(dst []byte, from, to int64) []byte
}

func (k *Memory) at(level, side int) *memory {
	m := &k.sides[side]
	if m.read == nil {
		m.read = func(dst []byte, from, to int64) []byte { return k.Bytes(side, dst, from, to) }
	}
	for range level {
		if outer := m; outer.inside == nil {
			outer.inside = &memory{read: func(dst []byte, from, to int64) []byte { return ReadInside(dst, outer, from, to) }}
		}
		m = m.inside
	}
	return m
}

// Line is a side's stream.
func (k *Memory) Line(side int) Line { return k.at(0, side) }

// Begin is a Sink's.
func (k *Memory) Begin(level, side int, m Message) *Message {
	at := k.at(level, side)
	at.messages = append(at.messages, &m)
	return &m
}

// Whole is a Sink's.
func (k *Memory) Whole(level, side int, m *Message) {
	if k.Secured != nil && level == 0 && m.Proto == layers.TLS {
		k.Secured(side, m)
	}
}

// Turn is a Sink's.
func (k *Memory) Turn(level, side int, t Turn) {
	at := k.at(level, side)
	at.turns = append(at.turns, t)
}

// Opened is a Sink's.
func (k *Memory) Opened(level, side int, o Opening, data []byte) {
	at := k.at(level, side)
	o.At = int64(len(at.data))
	at.data = append(at.data, data...)
	at.openings = append(at.openings, o)
	if o.Carries {
		k.at(level+1, side)
	}
}

// Read is a Sink's.
func (k *Memory) Read(level, side int, dst []byte, from, to int64) []byte {
	return k.at(level, side).read(dst, from, to)
}

func (m *memory) Messages() int         { return len(m.messages) }
func (m *memory) Message(i int) Message { return *m.messages[i] }
func (m *memory) Turns() []Turn         { return m.turns }
func (m *memory) Openings() int         { return len(m.openings) }
func (m *memory) Opening(i int) Opening { return m.openings[i] }

func (m *memory) Opened(dst []byte, o Opening) []byte {
	return append(dst, m.data[o.At:o.At+int64(max(o.Len, 0))]...)
}

func (m *memory) Read(dst []byte, from, to int64) []byte { return m.read(dst, from, to) }

func (m *memory) Inside() Line {
	if m.inside == nil {
		return nil
	}
	return m.inside
}
