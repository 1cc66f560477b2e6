package tui

import (
	"crypto/sha256"

	"strata/layers"
	"strata/trace"
)

// made is a coat that a message gets.
type made struct {
	proto      layers.Proto
	head, tail []byte
	change     func([]byte) []byte // nil: the bytes stay as they are
}

// mixed is what a WebSocket client does to a message.
func mixed(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = b[i] ^ []byte{0x6e, 0xb9, 0x76, 0xd4}[i%4]
	}
	return out
}

// scrambled stands for a cipher: bytes that nobody can read.
func scrambled(b []byte) []byte {
	var out []byte
	for seed := sha256.Sum256(b); len(out) < len(b); seed = sha256.Sum256(seed[:]) {
		out = append(out, seed[:]...)
	}
	return out[:len(b)]
}

// socketIO are the coats of an event that a browser emits over a WebSocket; of
// a size below 126.
func socketIO(size int, over ...made) []made {
	return append([]made{
		{proto: layers.JSON}, {proto: layers.SocketIO, head: []byte("20")}, {proto: layers.EngineIO, head: []byte("4")},
		{proto: layers.WebSocket, head: []byte{0x81, 0x80 | byte(size+3), 0x6e, 0xb9, 0x76, 0xd4}, change: mixed},
	}, over...)
}

// record is a TLS record, with the type and the tag behind what it holds.
func record(size int) made {
	return made{proto: layers.TLS, head: []byte{23, 3, 3, 0, byte(size + 17)}, tail: scrambled([]byte("seventeen bytes.."))[:17], change: scrambled}
}

// unit is a message with its coats, on its way: where it lies in its stream,
// and the PDU of each coat, the outermost last.
type unit struct {
	from    trace.NodeID
	message []byte
	coats   []made
	bytes   [][]byte
	off     int
}

// emit hands a message to a socket through its coats, and gives the last event.
func (m *maker) emit(from trace.NodeID, text string, coats []made) (u unit, c trace.EventID) {
	u = unit{from: from, message: []byte(text), coats: coats}
	id, source := m.Source(layers.Message)
	source.Write(u.message)
	message, size := id, int64(len(text))
	e := trace.Event{Time: m.now, Kind: trace.Send, Node: from, End: trace.NoEnd, Proto: layers.Message, Layer: layers.Application, PDU: id, Why: trace.ProgramSend}
	c = m.AddMessage(e, addrs[from], addrs[other(from)], size)
	c = m.ev(trace.Encode, from, layers.UTF8, layers.Presentation, id, c, "text.utf8", size, size)
	in := u.message
	for _, k := range coats {
		body := in
		if k.change != nil {
			body = k.change(in)
		}
		whole := append(append(append([]byte(nil), k.head...), body...), k.tail...)
		if len(whole) != len(in) || k.change != nil {
			outer, source := m.Source(k.proto)
			source.Write(whole)
			s := trace.Span{At: int64(len(k.head)), Len: int64(len(body)), Of: id}
			if len(body) != len(in) {
				s.From = int64(len(in))
			}
			m.Carry(outer, s)
			id = outer
		}
		why := trace.CoatReason(k.proto, trace.Encode, true)
		c = m.ev(trace.Encode, from, k.proto, k.proto.Layer(), id, c, why.String(), why.CoatArgs(len(whole), len(in))...)
		u.bytes = append(u.bytes, whole)
		in = whole
	}
	stream := m.source[sideOf(from)]
	u.off = int(stream.Len())
	stream.Write(in)
	m.Carry(m.streams[sideOf(from)], trace.Span{At: int64(u.off), Of: id, Len: int64(len(in))})
	e.Kind, e.Proto, e.Layer, e.PDU, e.Cause, e.Why = trace.Write, layers.Connection, layers.Session, message, c, trace.SocketWrite
	return u, m.AddExtent(e, int64(u.off), int64(len(in)), int64(len(in)), m.Intern(addrs[from]+" ⇄ "+addrs[other(from)]))
}

// take reads a unit from the other side's socket, and takes off its coats.
func (m *maker) take(u unit, c trace.EventID) {
	at := other(u.from)
	outermost := u.bytes[len(u.bytes)-1]
	stream := m.streams[sideOf(u.from)]
	e := trace.Event{Time: m.now, Kind: trace.Read, Node: at, End: trace.NoEnd, Proto: layers.Connection, Layer: layers.Session, PDU: stream, Cause: c, Why: trace.SocketRead}
	c = m.AddExtent(e, int64(u.off), int64(len(outermost)), int64(len(outermost)), m.Intern(addrs[at]+" ⇄ "+addrs[u.from]))
	id := m.Part(u.coats[len(u.coats)-1].proto, stream, int64(u.off), len(outermost))
	for i := len(u.coats) - 1; i >= 0; i-- {
		k, in, proto := u.coats[i], u.message, layers.Message
		if i > 0 {
			in, proto = u.bytes[i-1], u.coats[i-1].proto
		}
		why := trace.CoatReason(k.proto, trace.Decode, true)
		c = m.ev(trace.Decode, at, k.proto, k.proto.Layer(), id, c, why.String(), why.CoatArgs(len(u.bytes[i]), len(in))...)
		switch body := len(u.bytes[i]) - len(k.head) - len(k.tail); {
		case k.change != nil:
			inner, source := m.Source(proto)
			source.Write(in)
			s := trace.Span{Len: int64(len(in)), Of: id, Off: int64(len(k.head))}
			if body != len(in) {
				s.From = int64(body)
			}
			m.Carry(inner, s)
			id = inner
		case len(in) != len(u.bytes[i]):
			id = m.Part(proto, id, int64(len(k.head)), len(in))
		}
	}
	size := int64(len(u.message))
	c = m.ev(trace.Decode, at, layers.UTF8, layers.Presentation, id, c, "text.decode", size, size)
	e.Kind, e.Proto, e.Layer, e.PDU, e.Cause, e.Why = trace.Deliver, layers.Message, layers.Application, id, c, trace.ProgramDeliver
	m.AddMessage(e, addrs[u.from], addrs[at], size)
}

// slot sets a field of a table, as what a step led to.
func (m *maker) slot(n trace.NodeID, table, key, field string, typ trace.ValueType, v int64, cause trace.EventID) {
	m.Set(trace.Event{Time: m.now, Cause: cause, Layer: layers.Session, Proto: layers.Connection, End: trace.NoEnd},
		m.Slot(trace.Slot{Node: n, Table: table, Key: key, Field: field, Type: typ}), v)
}

// socket sets what is known of a socket.
func (m *maker) socket(n trace.NodeID, key, state, program string, cause trace.EventID) {
	m.slot(n, "socket", key, "state", trace.Text, m.Intern(state), cause)
	m.slot(n, "socket", key, "program", trace.Text, m.Intern(program), cause)
}

// talking is a browser that emits an event, and a server that answers with
// two at once: Socket.IO over a WebSocket, whose frames TLS protects. The
// records cannot be opened but by the trace itself.
func talking() trace.Trace {
	m := newMaker("emit-both-ways")
	key := func(n trace.NodeID) string { return "tcp " + addrs[n] + " " + addrs[other(n)] }
	m.socket(server, "tcp 0.0.0.0:80 *", "LISTEN", "chat", 0)
	m.socket(server, "tcp 10.0.2.2:80 10.0.1.2:49153", "ESTABLISHED", "chat", 0)
	m.slot(server, "arp", "10.0.2.1", "mac", trace.MAC, 0x020000000201, 0)
	m.slot(server, "route", "10.0.2.0/24", "via", trace.Text, m.Intern("on the link"), 0)
	m.socket(client, key(client), "SYN-SENT", "tab-1", 0)
	c := m.send(segment{from: client, flags: syn, seq: isnC, code: "tcp.syn"}, 0)
	m.socket(server, key(server), "SYN-RECEIVED", "chat", c)
	c = m.send(segment{from: server, flags: syn | ack, seq: isnS, ack: isnC + 1, code: "tcp.syn-ack"}, c)
	c = m.send(segment{from: client, flags: ack, seq: isnC + 1, ack: isnS + 1, code: "tcp.ack"}, c)
	m.socket(client, key(client), "ESTABLISHED", "tab-1", c)
	m.socket(server, key(server), "ESTABLISHED", "chat", c)
	m.slot(server, "engine.io session", "aUQ2TzxQJF3SXOiERR7z", "transport", trace.Text, m.Intern("WebSocket"), c)
	m.slot(server, "socket.io client", "HGqhxTjlQ2oGwaA2QR6N", "namespace", trace.Text, m.Intern("/"), c)
	m.now += 400 * trace.Microsecond
	hello := `["chat","grüße",1]`
	sent := 0
	say := func(from trace.NodeID, units ...[]made) {
		texts := []string{hello, `["news","hello"]`, `["news","bye"]`}[sent:]
		var all []unit
		var w trace.EventID
		for i, coats := range units {
			var u unit
			u, w = m.emit(from, texts[i], coats)
			all = append(all, u)
		}
		sent += len(units)
		last := all[len(all)-1]
		n := last.off + len(last.bytes[len(last.bytes)-1]) - all[0].off
		c = m.send(segment{from: from, flags: ack | psh, seq: isnC + 1 + uint32(all[0].off), ack: isnS + 1, off: all[0].off, n: n, code: "tcp.push"}, w)
		for _, u := range all {
			m.take(u, c)
		}
	}
	size := len(hello)
	say(client, socketIO(size, record(size+9)))
	plain := func(text string) []made {
		all := socketIO(len(text), record(len(text)+5))
		all[3] = made{proto: layers.WebSocket, head: []byte{0x81, byte(len(text) + 3)}}
		return all
	}
	say(server, plain(`["news","hello"]`), plain(`["news","bye"]`))
	return m.Log
}

// eventWith finds the nth event of a kind with a protocol.
func eventWith(t trace.Trace, k trace.Kind, p layers.Proto, nth int) trace.EventID {
	for e := trace.EventID(1); int(e) <= t.Events(); e++ {
		if ev := t.Event(e); ev.Kind == k && ev.Proto == p {
			if nth--; nth == 0 {
				return e
			}
		}
	}
	return 0
}
