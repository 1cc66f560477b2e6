package streams

import (
	"bytes"
	"slices"
	"sort"

	"strata/layers"
)

// Tale is a unit that is whole, with what is wrapped in it.
type Tale struct {
	Level int     // 0: it lies in the stream itself, 1: in the stream inside, and so on
	Unit  Message // of a part: its place in what the tale around it wraps
	Part  bool    // it is one of the units that an HTTP body consists of
	Bytes []byte  // of the unit; nil: it has no coats, or that of TLS alone, unopened
	Coats []layers.Coat
	// Inside is where what the unit holds begins in the stream inside, if it is
	// a stretch of that; -1 for other units.
	Inside int64
	// Within are the units that became whole with it: of the stream inside, or
	// its parts.
	Within []Tale
	// Fragment is set for a WebSocket frame that brings a part of a message;
	// with the last one, Says is set.
	Fragment bool
	Joined   []byte // of the last fragment: the message that it completes
	// Says is false for a unit that brings no message of a program: it is
	// about the connection, a part of a message, or holds other units.
	Says bool
	// Message is what the unit says, if it does: what is in its coats, or with
	// a last fragment all of it; nil when there are no coats, and with Whole.
	Message []byte
	// Whole is set when the unit says itself, though something is wrapped in
	// it: an HTTP message whose body is packed.
	Whole bool
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

const (
	maxCoated = 1 << 20 // bytes of a unit whose coats are told
	maxTales  = 1024    // units that are told of with one frame
)

// teller tells of the units that became whole with a frame.
type teller struct{ left int }

// Tales tells of units of a line that became whole. What is inside them is
// told of in them, up to a bound.
func Tales(l Line, units []Message) []Tale {
	k := teller{maxTales}
	return k.tales(l, 0, units)
}

func (k *teller) tales(l Line, level int, units []Message) (list []Tale) {
	for _, m := range units {
		if k.left--; k.left < 0 {
			break
		}
		t := Tale{Level: level, Unit: m, Says: true, Inside: -1}
		if m.End-m.Start <= maxCoated {
			k.coat(l, &t)
		}
		list = append(list, t)
	}
	return list
}

// coat finds what a unit consists of.
func (k *teller) coat(l Line, t *Tale) {
	switch t.Unit.Proto {
	case layers.TLS:
		k.record(l, t)
	case layers.HTTP:
		k.http(l, t)
	case layers.MQTT:
		t.Bytes = l.Read(nil, t.Unit.Start, t.Unit.End)
		t.Coats = layers.MQTTCoats(t.Bytes, aboveAt(l, t.Unit.Start).MQTT)
		t.Says, t.Message = len(t.Coats) > 0, t.Inner()
	case layers.WebSocket:
		k.webSocket(l, t)
	}
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

// record tells of a TLS record.
func (k *teller) record(l Line, t *Tale) {
	o, ok := openingAt(l, t.Unit.End)
	t.Says = false
	if !ok || o.Len < 0 { // of the handshake in the clear, or sealed for us, too
		t.Coats = []layers.Coat{{Proto: layers.TLS, Head: tlsHead}}
		return
	}
	t.Bytes = l.Read(nil, t.Unit.Start, t.Unit.End)
	plain := l.Opened(nil, o)
	t.Coats = []layers.Coat{{Proto: layers.TLS, Head: tlsHead, Tail: len(t.Bytes) - tlsHead - len(plain), Inner: plain, Changed: true}}
	k.inside(l, t, o)
}

// inside tells of the units inside that a unit completes: by its end, or with
// that of the stream.
func (k *teller) inside(l Line, t *Tale, o Opening) {
	in := l.Inside()
	switch {
	case in == nil || !o.Carries && o.Type != contentAlert:
		return
	case o.Carries:
		t.Inside = o.Off
	}
	var whole []Message
	end := o.Off + dataLen(o)
	for i := firstEndingAfter(in, o.Off-1); i < in.Messages(); i++ {
		m := in.Message(i)
		if m.Start >= end && !m.Closed {
			break
		}
		if m.Last != o.Frame || m.Lost || m.End > end || m.Closed != !o.Carries || m.End == o.Off && !m.Closed {
			continue
		}
		whole = append(whole, m)
	}
	t.Within = k.tales(in, t.Level+1, whole)
}

// webSocket tells of a frame, and of what the message that it completes is.
func (k *teller) webSocket(l Line, t *Tale) {
	a := aboveAt(l, t.Unit.Start)
	t.Bytes = l.Read(nil, t.Unit.Start, t.Unit.End)
	o, opened := openingAt(l, t.Unit.End)
	opened = opened && o.Len >= 0
	var whole []byte
	if opened && !o.Plain {
		whole = l.Opened(make([]byte, 0, o.Len), o)
	}
	// That it is text is told of the message, as of any other.
	t.Coats = slices.DeleteFunc(layers.WebSocketCoats(t.Bytes, a, whole), func(c layers.Coat) bool { return c.Proto == layers.UTF8 })
	h, ok := layers.WebSocketHeader(t.Bytes)
	t.Says = ok && !h.Control() && h.Fin
	t.Fragment = ok && !h.Control() && (!h.Fin || h.Opcode == layers.WebSocketContinuation)
	switch {
	case a.Carries == layers.MQTT:
		if t.Says = false; opened {
			k.inside(l, t, o)
		}
	case !t.Says || h.Completes(a) && whole == nil:
	default:
		if t.Message = t.Inner(); h.Completes(a) {
			t.Message = whole
		}
		if t.Fragment {
			t.Joined = t.Message
		}
		if a.Carries == layers.EngineIO {
			t.packet(a.Binary(h))
		}
	}
}

// packet goes on with a message that is a packet of Engine.IO.
func (t *Tale) packet(binary bool) {
	t.Says = binary || says(t.Message)
	if coats := layers.EngineIOCoats(t.Message, binary); len(coats) > 0 {
		t.Coats = append(t.Coats, coats...)
		t.Message = t.Inner()
	}
}

// says tells whether an Engine.IO packet brings an event of Socket.IO, or the
// answer to one: types 2, 3, 5 and 6 in a message, which is 4.
func says(packet []byte) bool {
	return len(packet) > 1 && packet[0] == '4' && bytes.IndexByte([]byte("2356"), packet[1]) >= 0
}
