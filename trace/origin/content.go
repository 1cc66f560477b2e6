package origin

import (
	"bytes"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
	"strata/trace/travel"
)

// content tells of what a header carries: down the lineage, from the segment
// or datagram to what a program wrote.
func (q *Asked) content() {
	path := q.at.path
	last := trace.PDUID(0)
	for i, p := range path {
		own := q.t.PDU(p.PDU)
		switch {
		case own.Proto == layers.TCP && i+1 < len(path):
			if q.t.PDU(path[i+1].PDU).Proto == layers.TCP {
				continue // a copy of it
			}
			q.segmented(p.PDU, path[i+1])
		case own.Proto == layers.UDP && i+1 < len(path):
			q.told(q.maker(p.PDU))
		case own.Proto == layers.Stream || own.Proto.Layer() >= layers.Session:
			q.written(p, last)
		}
		last = p.PDU
	}
	q.above(path[len(path)-1])
	q.special()
}

// segmented tells of the segment that the bytes were put in.
func (q *Asked) segmented(seg trace.PDUID, stream trace.Place) {
	made := q.maker(seg)
	p := q.t.PDU(seg)
	l := q.say("TCP on %s put bytes %d to %d of its stream into this segment; this is byte %d of the stream", q.name(q.t.Event(made).Node), p.Off+1, p.Off+int64(p.Len), stream.Off+1)
	l.by("RFC 9293 sec. 3.1").on(made).in(q.t.FrameOf(made)).of(stream.PDU, stream.Off, stream.Off+1)
	if q.t.Event(made).Why.Resend() {
		q.told(made)
	}
}

// written tells of one form of the bytes on their way down: the event that made
// it.
func (q *Asked) written(p trace.Place, outer trace.PDUID) {
	for _, n := range q.t.About(p.PDU) {
		switch e := q.t.Event(n); {
		case e.Kind == trace.Encode && e.Proto != layers.UTF8:
			q.told(n)
			return
		case e.Kind == trace.Send:
			q.sent(n, p)
			return
		}
	}
}

// sent tells of the program that handed the bytes over.
func (q *Asked) sent(n trace.EventID, p trace.Place) {
	e := q.t.Event(n)
	from, to := q.t.Peers(n)
	l := q.say("a program on %s wrote it, for %s: it is byte %d of the %d of its message.", q.name(e.Node), to, p.Off+1, q.t.Size(e.PDU))
	q.step(l, n).of(p.PDU, p.Off, p.Off+1)
	if q.info.Captured {
		return
	}
	root := header{made: n, node: e.Node, pdu: q.socketPDU(p.PDU)}
	if port := portOf(from); port >= 0 && root.pdu != 0 {
		if s, ok := q.socketOf(root, port); ok && s != 0 {
			q.program(s)
		}
	}
}

// socketPDU is a PDU of the transport protocol that carries what was asked
// about.
func (q *Asked) socketPDU(trace.PDUID) trace.PDUID {
	for _, p := range q.at.path {
		if proto := q.t.PDU(p.PDU).Proto; proto == layers.TCP || proto == layers.UDP {
			return p.PDU
		}
	}
	return 0
}

// portOf is the port of "10.0.0.1:80"; -1: it has none.
func portOf(peer string) int {
	port, digits := 0, 0
	for i := len(peer) - 1; i >= 0 && peer[i] != ':'; i-- {
		if peer[i] < '0' || peer[i] > '9' {
			return -1
		}
		digits++
	}
	if digits == 0 || digits == len(peer) || digits > 5 {
		return -1
	}
	for _, c := range peer[len(peer)-digits:] {
		port = port*10 + int(c-'0')
	}
	return port
}

// above goes on from a stream, whose bytes are a program's or those of what
// wraps its messages: to the units that they are a part of.
func (q *Asked) above(p trace.Place) {
	if q.t.PDU(p.PDU).Proto != layers.Stream {
		return
	}
	told := false
	for range 8 {
		next := trace.Place{}
		for _, c := range q.t.ChildrenAt(p.PDU, p.Off, 1) {
			proto := q.t.PDU(c.PDU).Proto
			if proto.Layer() < layers.Session {
				continue
			}
			if told = q.made(trace.Place{PDU: c.PDU, Off: c.Span.At + p.Off - c.Span.Off}); told {
				next = trace.Place{PDU: c.PDU, Off: c.Span.At + min(p.Off-c.Span.Off, c.Span.Len-1)}
				break
			}
		}
		if next.PDU == 0 {
			break
		}
		p = next
	}
	if !told && len(q.links) > 0 && q.t.PDU(p.PDU).Proto == layers.Stream {
		q.passage(p)
	}
}

// made tells of a unit that the sender made: it was sent, or encoded.
func (q *Asked) made(p trace.Place) bool {
	n := len(q.links)
	for _, e := range q.t.About(p.PDU) {
		switch ev := q.t.Event(e); {
		case ev.Kind == trace.Send:
			q.sent(e, p)
		case ev.Kind == trace.Encode && ev.Proto != layers.UTF8:
			q.told(e)
		}
		if len(q.links) > n {
			return true
		}
	}
	return false
}

// passage tells of the write by which bytes came into the stream that no
// message is known for.
func (q *Asked) passage(p trace.Place) {
	if q.info.Captured {
		q.add(Unknown, "which message it belongs to: its beginning was not captured, or no table knows the protocol")
		return
	}
	for _, n := range travel.Passages(q.t, p.PDU, p.Off, p.Off+1) {
		q.told(n)
	}
}

// quoted tells of what an ICMP message quotes: a packet that came before.
func (q *Asked) quoted() bool {
	path := q.at.path
	for i := 0; i+1 < len(path); i++ {
		if q.t.PDU(path[i].PDU).Proto != layers.ICMPv4 {
			continue
		}
		made := q.maker(path[i].PDU)
		e := q.t.Event(made)
		if q.t.PDU(path[i+1].PDU).Proto == layers.IPv4 {
			f := q.firstFrame(path[i+1].PDU, q.frame)
			q.say("the ICMP message quotes the packet that it is about, so that its sender knows which one it was").by("RFC 1812 sec. 4.3.2.3").on(made).in(q.t.FrameOf(made))
			q.shows(f, "frame %d carried that packet: the byte stood there at %d", f+1, path[i+1].Off+1).of(path[i+1].PDU, path[i+1].Off, path[i+1].Off+1)
			q.maybeTold(q.maker(path[i+1].PDU))
			return true
		}
		if e.Why == trace.ICMPEcho {
			q.told(made)
			q.say("the data of an answer are those of the question").by("RFC 792").of(path[i+1].PDU, path[i+1].Off, path[i+1].Off+1).on(made)
			q.writer(path[len(path)-1].PDU, "wrote the question")
			return true
		}
	}
	if own := q.t.PDU(q.at.own().PDU); own.Proto == layers.ICMPv4 && !q.at.head {
		q.say("the data of the ICMP message: of an error, the start of the packet that it is about; of an echo, what its sender chose").by("RFC 792").
			on(q.maker(q.at.own().PDU)).in(q.frame)
		if h := q.bytes(q.at.own().PDU, 0, 8); h[0] == layers.ICMPEchoReply {
			q.icmpAsked(h[4:8])
		} else {
			q.maybeTold(q.maker(q.at.own().PDU))
		}
		return true
	}
	return false
}

// specials say where fields above the socket come from that no program wrote
// as a part of what it says.
var specials = map[string]struct {
	text, rfc string
	drawn     bool // at random
}{
	"websocket.masking_key":      {"drawn at random for this frame alone, so that what stands on the wire cannot be foretold", "RFC 6455 sec. 5.3", true},
	"websocket.masked_payload":   {"the payload, each byte mixed by XOR with a byte of the masking key", "RFC 6455 sec. 5.3", false},
	"websocket.mask":             {"1 in all that a client sends, 0 in all that a server does", "RFC 6455 sec. 5.1", false},
	"websocket.opcode":           {"what the payload is: text, bytes, the rest of a message, or a word about the connection", "RFC 6455 sec. 5.2", false},
	"websocket.payload_length":   {"how many bytes the payload has", "RFC 6455 sec. 5.2", false},
	"dns.id":                     {"drawn at random by the one who asks, and repeated in the answer", "RFC 5452 sec. 9.2", true},
	"dhcp.id":                    {"drawn at random by the client, and repeated in the answers", "RFC 2131 sec. 2", true},
	"tls.handshake.random":       {"drawn at random, for this session alone", "RFC 8446 sec. 4.1.2", true},
	"tls.app_data":               {"sealed: the key comes from the handshake's shared secret, the nonce from the record's number in its direction", "RFC 8446 sec. 5.3", false},
	"tls.record.content_type":    {"what the record holds; of a sealed one it says only \"data\"", "RFC 8446 sec. 5.1", false},
	"tls.record.opaque_type":     {"of a sealed record it says only \"data\": the true type is sealed, too", "RFC 8446 sec. 5.2", false},
	"tls.record.version":         {"the version of old: what is spoken is agreed on in the handshake", "RFC 8446 sec. 5.1", false},
	"tls.record.length":          {"how many bytes of the record follow", "RFC 8446 sec. 5.1", false},
	"http.content_length_header": {"how long the body is, so that the other side finds its end", "RFC 9110 sec. 8.6", false},
	"http.sec_websocket_key":     {"drawn at random: the answer must show that the server has read it", "RFC 6455 sec. 4.1", true},
	"http.sec_websocket_accept":  {"the key of the question with a fixed text, hashed by SHA-1, in base64", "RFC 6455 sec. 4.2.2", false},
	"mqtt.msgid":                 {"the next free number of this session, by which the answer names the packet", "MQTT 5.0 sec. 2.2.1", false},
	"mqtt.len":                   {"how many bytes of the packet follow", "MQTT 5.0 sec. 2.1.4", false},
	"dns.count.answers":          {"how many records of that kind follow", "RFC 1035 sec. 4.1.1", false},
	"dns.flags":                  {"whether it is a question or an answer, and how it is to be treated", "RFC 1035 sec. 4.1.1", false},
	"dhcp.hw.mac_addr":           {"the client's own MAC address, by which the server knows it", "RFC 2131 sec. 4.1", false},
	"dhcp.ip.your":               {"the address that the server offers, out of those that it may lend", "RFC 2131 sec. 4.3.1", false},
	"tls.handshake.session_id":   {"drawn at random; it lets old equipment on the way believe that it knows the protocol", "RFC 8446 sec. D.4", true},
	"tls.handshake.verify_data":  {"a digest of the whole handshake with its keys: who changed it on the way is found out here", "RFC 8446 sec. 4.4.4", false},
	"tls.handshake.ciphersuite":  {"a cipher that the sender can speak, as its program or library was set up", "RFC 8446 sec. 4.1.2", false},
	"tls.handshake.extensions_key_share_key_exchange": {"the public half of a key pair that was drawn at random for this session", "RFC 8446 sec. 4.2.8", true},
}

// repeated are fields of an answer that its question had: where they lie in a
// message, and how many bytes they have.
var repeated = map[string]struct{ at, n int }{"dns.id": {0, 2}, "dhcp.id": {4, 4}}

// special puts what is to be said of a field itself before all else.
func (q *Asked) special() {
	for _, name := range q.at.names {
		s, ok := specials[name]
		if !ok {
			continue
		}
		was := append([]Link(nil), q.links...)
		q.links = q.links[:0]
		q.say("%s", s.text).by(s.rfc).in(q.frame)
		if r, ok := repeated[name]; ok {
			q.question(r.at, r.n)
		}
		if s.drawn && !q.info.Captured {
			q.say("in this run all that is drawn follows from the seed, %d, and the name of who draws: the next run draws the same", q.info.Seed)
		}
		q.links = append(q.links, was...)
		return
	}
}

// question looks for the datagram that had a number first.
func (q *Asked) question(at, n int) {
	b := q.bytes(q.t.Frame(q.frame).PDU, int64(q.at.off), int64(n))
	k, ok := q.before("number", q.frame, func(_ int, s *walk.Shape, data []byte) bool {
		from, to, _ := s.Inner().Body()
		return s.Inner().Proto == layers.UDP && from+at+n <= min(to, len(data)) && bytes.Equal(data[from+at:from+at+n], b)
	})
	switch {
	case !ok:
		q.waits("a message with the same number")
	case k >= 0:
		q.shows(k, "frame %d had the same number: this belongs to it", k+1)
	}
}
