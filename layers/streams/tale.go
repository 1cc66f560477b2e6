package streams

import (
	"bytes"
	"slices"
	"sort"

	"strata/layers"
)

// Tale is a unit that is whole, with what is wrapped in it.
type Tale struct {
	Level int // 0: it lies in the stream itself, 1: in what TLS protects
	Unit  Message
	Bytes []byte        // of the unit; nil: it has no coats, or that of TLS alone, unopened
	Coats []layers.Coat // from outer to inner
	// Inside is where the data of a TLS record begin in the stream inside; -1
	// for other units.
	Inside int64
	// Fragment is set for a WebSocket frame that brings a part of a message;
	// with the last one, Says is set.
	Fragment bool
	// Message is what the unit says, if it does: what is in its coats, or with
	// a last fragment all of it.
	Message []byte
	// Says is false for a unit that brings no message of a program: it is
	// about the connection, a part of a message, or holds other units.
	Says bool
}

// Opened says whether what coat k wraps is there.
func (t *Tale) Opened(k int) bool { return t.Coats[k].Proto != layers.TLS || t.Bytes != nil }

// Sizes are how many bytes there are with coat k and without it.
func (t *Tale) Sizes(k int) (with, without int) {
	with = int(t.Unit.End - t.Unit.Start)
	if k > 0 {
		with = len(t.Coats[k-1].Inner)
	}
	if !t.Opened(k) {
		return with, with - t.Coats[k].Head
	}
	return with, len(t.Coats[k].Inner)
}

// Inner is what the coats are wrapped around; nil when there are none.
func (t *Tale) Inner() []byte {
	if len(t.Coats) == 0 {
		return nil
	}
	return t.Coats[len(t.Coats)-1].Inner
}

// maxCoated bounds a unit whose coats are told, in bytes.
const maxCoated = 1 << 20

// Groups gives each unit of the stream with those inside it; level is an
// element's Level.
func Groups[T any](all []T, level func(*T) int) (list [][]T) {
	for len(all) > 0 {
		n := 1
		for n < len(all) && level(&all[n]) > 0 {
			n++
		}
		list = append(list, all[:n])
		all = all[n:]
	}
	return list
}

// Tales tells of units of a line that became whole, those inside TLS records
// after their record.
func Tales(l Line, units []Message) (list []Tale) {
	for _, m := range units {
		t := Tale{Unit: m, Says: true, Inside: -1}
		if m.End-m.Start > maxCoated {
			list = append(list, t)
			continue
		}
		switch m.Proto {
		case layers.TLS:
			list = append(list, recordTales(l, t)...)
			continue
		default:
			t.coat(l)
		}
		list = append(list, t)
	}
	return list
}

// openingAt is the opening of the unit that ends at an offset.
func openingAt(l Line, end int64) (o Opening, ok bool) {
	i := sort.Search(l.Openings(), func(i int) bool { return l.Opening(i).End >= end })
	if i < l.Openings() {
		if o = l.Opening(i); o.End == end {
			return o, true
		}
	}
	return o, false
}

// recordTales tells of a TLS record and of the units that are whole with it.
func recordTales(l Line, t Tale) []Tale {
	o, ok := openingAt(l, t.Unit.End)
	t.Says = false
	if !ok || o.Len < 0 { // of the handshake in the clear, or sealed for us, too
		t.Coats = []layers.Coat{{Proto: layers.TLS, Head: tlsHead}}
		return []Tale{t}
	}
	t.Bytes = l.Read(nil, t.Unit.Start, t.Unit.End)
	plain := l.Opened(nil, o)
	t.Coats = []layers.Coat{{Proto: layers.TLS, Head: tlsHead, Tail: len(t.Bytes) - tlsHead - len(plain), Inner: plain, Changed: true}}
	list := []Tale{t}
	in := l.Inside()
	if in == nil || !o.Data() {
		return list
	}
	list[0].Inside = o.Off
	var whole []Message
	for i := firstEndingAfter(in, o.Off); i < in.Messages(); i++ {
		m := in.Message(i)
		if m.Start >= o.Off+int64(o.Len) {
			break
		}
		if m.Last != NotYet && !m.Lost && m.End <= o.Off+int64(o.Len) {
			whole = append(whole, m)
		}
	}
	for _, inner := range Tales(in, whole) {
		inner.Level++
		list = append(list, inner)
	}
	return list
}

// coat finds what a unit consists of.
func (t *Tale) coat(l Line) {
	a := aboveAt(l, t.Unit.Start)
	read := func() { t.Bytes = l.Read(nil, t.Unit.Start, t.Unit.End) }
	switch t.Unit.Proto {
	case layers.MQTT:
		read()
		t.Coats = layers.MQTTCoats(t.Bytes, a.MQTT)
		t.Says, t.Message = len(t.Coats) > 0, t.Inner()
	case layers.WebSocket:
		read()
		var whole []byte
		if o, ok := openingAt(l, t.Unit.End); ok && o.Len >= 0 {
			whole = l.Opened(make([]byte, 0, o.Len), o)
		}
		t.Coats = layers.WebSocketCoats(t.Bytes, a, whole)
		t.carried(a, whole)
	}
}

// carried goes on with what a WebSocket message is.
func (t *Tale) carried(a layers.Above, whole []byte) {
	// That it is text is told of the message, as of any other.
	t.Coats = slices.DeleteFunc(t.Coats, func(c layers.Coat) bool { return c.Proto == layers.UTF8 })
	h, ok := layers.WebSocketHeader(t.Bytes)
	t.Says = ok && !h.Control() && h.Fin
	t.Fragment = ok && !h.Control() && (!h.Fin || h.Opcode == layers.WebSocketContinuation)
	if !t.Says || h.Completes(a) && whole == nil {
		return
	}
	t.Message = t.Inner()
	if h.Completes(a) {
		t.Message = whole
	}
	var coats []layers.Coat
	switch a.Carries {
	case layers.EngineIO:
		coats = layers.EngineIOCoats(t.Message, a.Binary(h))
		t.Says = a.Binary(h) || says(t.Message)
	case layers.MQTT:
		coats = layers.MQTTCoats(t.Message, a.MQTT)
		t.Says = len(coats) > 0
	}
	if len(coats) > 0 {
		t.Coats = append(t.Coats, coats...)
		t.Message = t.Inner()
	}
}

// says tells whether an Engine.IO packet brings an event of Socket.IO, or the
// answer to one: types 2, 3, 5 and 6 in a message, which is 4.
func says(packet []byte) bool {
	return len(packet) > 1 && packet[0] == '4' && bytes.IndexByte([]byte("2356"), packet[1]) >= 0
}
