package layers

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// Engine.IO, revision 4, has no RFC; its document is the protocol page of
// socket.io.
const engineDoc = "Engine.IO protocol v4"

var (
	engineSeparator = engineRow("engineio.separator", "separator", TypeHex, "The byte 1e, which keeps the packets of one HTTP body apart.")
	enginePacket    = engineRow("engineio.packet", "packet", TypeString, "One packet: its type and what it carries. Over WebSocket it is one message, over HTTP a stretch of a body.")
	engineType      = row(EngineIO, Field{Name: "engineio.type", Label: "type", Type: TypeEnum, RFC: engineDoc, Names: engineTypes,
		Help: "What the packet is for: 4 carries a message; the others open, close, upgrade and check the session."})
	engineBinary = engineRow("engineio.binary", "binary mark", TypeString, "The letter b: a message of bytes follows, written as base64, because an HTTP body holds text here.")
	engineData   = engineRow("engineio.data", "data", TypeString, "What the packet carries.")
	engineBytes  = engineRow("engineio.bytes", "binary data", TypeBytes, "A message of bytes: WebSocket marks it as binary, so it needs no type of its own.")

	engineSID      = engineRow("engineio.sid", "session id", TypeString, "The name of the session; each later request repeats it, so that the server knows whose it is.")
	engineUpgrades = engineRow("engineio.upgrades", "upgrades", TypeString, "The better transports that the client may change to.")
	engineInterval = engineRow("engineio.ping_interval", "ping interval", TypeString, "Every how many milliseconds the server pings.")
	engineTimeout  = engineRow("engineio.ping_timeout", "ping timeout", TypeString, "After how many milliseconds without the pong the server gives the session up.")
	engineMax      = engineRow("engineio.max_payload", "largest payload", TypeString, "How many bytes one HTTP body of the client may have, at most.")

	base64Text  = row(Base64, Field{Name: "base64.text", Label: "encoded", Type: TypeString, RFC: "RFC 4648 sec. 4", Help: "Bytes written with 64 harmless characters: four for every three bytes."})
	base64Bytes = row(Base64, Field{Name: "base64.bytes", Label: "decoded", Type: TypeBytes, RFC: "RFC 4648 sec. 4", Help: "The bytes that the characters stand for."})
)

func engineRow(name, label string, t Type, help string) *Field {
	return row(EngineIO, Field{Name: name, Label: label, Type: t, RFC: engineDoc, Help: help})
}

// EngineIOSeparator keeps the packets of one HTTP body apart.
const EngineIOSeparator = 0x1e

var engineTypes = map[uint64]string{0: "open", 1: "close", 2: "ping", 3: "pong", 4: "message", 5: "upgrade", 6: "noop"}

// engineOpen are the members of what opens a session, by their names.
var engineOpen = map[string]*Field{
	"sid": engineSID, "upgrades": engineUpgrades, "pingInterval": engineInterval, "pingTimeout": engineTimeout, "maxPayload": engineMax,
}

// engineIO reads a text message of WebSocket: it is one packet.
func (d *dissector) engineIO(s span) {
	if d.within() {
		d.enginePacket(s, d.part(EngineIO, s.pos, s.end-s.pos), false)
	}
}

// engineIOBinary reads a binary message of WebSocket: all of it is what a
// message packet carries.
func (d *dissector) engineIOBinary(s span) {
	if !d.within() {
		return
	}
	p := d.part(EngineIO, s.pos, s.end-s.pos)
	p.Summary = "binary message, " + count(s.end-s.pos, "byte")
	p.Fields = append(p.Fields, d.node(engineBytes, s.pos, s.end-s.pos))
}

// engineIOPayload reads the body of an HTTP message: packets with separators
// between them.
func (d *dissector) engineIOPayload(s span) {
	for first := true; d.within(); first = false {
		p := d.part(EngineIO, s.pos, 0)
		if !first {
			p.Fields = append(p.Fields, d.node(engineSeparator, s.pos, 1))
			s = s.from(1)
		}
		n := bytes.IndexByte(d.data[s.pos:s.end], EngineIOSeparator)
		if n < 0 {
			d.enginePacket(s, p, true)
			return
		}
		d.enginePacket(s.first(n), p, true)
		s = s.from(n)
	}
	d.payload(s) // there are too many
}

// enginePacket reads one packet into its part; of a body: there, bytes are
// written as base64.
func (d *dissector) enginePacket(s span, p *Part, ofBody bool) {
	n := s.end - s.pos
	p.Len, p.Payload = s.end-p.Pos, s.end
	if n == 0 {
		p.Summary = "no packet"
		if !s.whole() {
			d.short(EngineIO, s)
			return
		}
		d.expert(Error, "engineio.empty", "An Engine.IO packet has at least its type, but here is nothing.", s.pos, 0)
		return
	}
	whole := d.node(enginePacket, s.pos, n)
	c := d.data[s.pos]
	switch {
	case ofBody && c == 'b':
		p.Summary = "binary message"
		whole.Children = append(whole.Children, d.node(engineBinary, s.pos, 1))
		p.Fields = append(p.Fields, whole)
		p.Len, p.Payload = s.pos+1-p.Pos, s.pos+1
		d.base64(s.from(1))
		return
	case c < '0' || c > '6':
		p.Summary = "packet of an unknown type"
		d.expert(Error, "engineio.type.unknown", "An Engine.IO packet begins with its type, a digit from 0 to 6; this begins with "+Printable(string(rune(c)))+".", s.pos, 1)
		p.Fields = append(p.Fields, whole)
		return
	}
	t := uint64(c - '0')
	p.Summary = engineTypes[t]
	whole.Children = append(whole.Children, d.valued(engineType, s.pos, 1, t))
	if n > 1 {
		whole.Children = append(whole.Children, d.node(engineData, s.pos+1, n-1))
	}
	p.Fields = append(p.Fields, whole)
	d.engineDirection(s, t)
	d.engineCarries(s.from(1), p, t)
}

// engineDirection looks whether the side that sent a packet may send such a
// one, where it is known which side it was.
func (d *dissector) engineDirection(s span, t uint64) {
	if d.above.Proto == None {
		return
	}
	trial := string(d.data[s.pos+1:s.end]) == "probe"
	var wrong bool
	switch t {
	case 0, 6:
		wrong = !d.above.Server
	case 5:
		wrong = d.above.Server
	case 2:
		wrong = d.above.Server == trial
	case 3:
		wrong = d.above.Server != trial
	}
	if wrong {
		side := "client"
		if d.above.Server {
			side = "server"
		}
		d.expert(Warning, "engineio.direction", "The "+side+" sends no "+engineTypes[t]+" packet like this: servers open, ping, and answer probes; clients answer pings, and probe.", s.pos, s.end-s.pos)
	}
}

// engineCarries reads what comes after a packet's type.
func (d *dissector) engineCarries(s span, p *Part, t uint64) {
	data := d.data[s.pos:s.end]
	switch t {
	case 0:
		p.Len, p.Payload = s.pos-p.Pos, s.pos
		d.engineSession(s, p)
	case 1, 5, 6:
		if len(data) > 0 {
			d.expert(Warning, "engineio.data.unexpected", "The Engine.IO packet "+p.Summary+" carries nothing, but here something follows.", s.pos, len(data))
		}
	case 2, 3: // "probe" asks over a new transport whether it works
		if len(data) > 0 {
			p.Summary += " " + Printable(string(data))
		}
	case 4:
		p.Len, p.Payload = s.pos-p.Pos, s.pos
		d.engineMessage(s, p)
	}
}

// engineMessage reads what a message packet carries: mostly Socket.IO.
func (d *dissector) engineMessage(s span, p *Part) {
	if s.pos < s.end {
		if c := d.data[s.pos]; c >= '0' && c <= '9' {
			d.socketIO(s)
			return
		}
	}
	p.Len, p.Payload = s.end-p.Pos, s.end // another program's text
	p.Summary += ", " + count(s.end-s.pos, "byte")
	d.expert(Note, "engineio.message.other", "The message is no Socket.IO packet: that would begin with its type, a digit.", s.pos, s.end-s.pos)
}

// engineSession reads what opens a session.
func (d *dissector) engineSession(s span, p *Part) {
	b := d.data[s.pos:s.end]
	at := jsonSpace(b, 0)
	if !json.Valid(b) || b[at] != '{' {
		p.Len, p.Payload = s.end-p.Pos, s.end
		d.expert(Error, "engineio.open.invalid", "A session is opened with a JSON object: its id, and how often the server pings.", s.pos, len(b))
		return
	}
	known := map[*Field]bool{}
	for item := range jsonItems(b, at) {
		f := engineOpen[jsonUnquote(item.key)]
		if f == nil || known[f] {
			continue
		}
		known[f] = true
		n := d.node(f, s.pos+item.at, item.end-item.at)
		if b[item.at] == '"' {
			n.Show = Printable(jsonUnquote(b[item.at:item.end]))
		}
		if f == engineSID {
			p.Summary += ", session " + n.Show
		}
		p.Fields = append(p.Fields, n)
	}
	for _, f := range []*Field{engineSID, engineUpgrades, engineInterval, engineTimeout, engineMax} {
		if !known[f] {
			d.expert(Error, "engineio.open.missing", "What opens a session has a "+f.Label+", but here is none.", s.pos, len(b))
		}
	}
	d.json(s)
}

// base64 reads bytes that are written as base64; what comes out is a buffer of
// its own.
func (d *dissector) base64(s span) {
	text := d.data[s.pos:s.end]
	p := d.part(Base64, s.pos, len(text))
	n := d.node(base64Text, s.pos, len(text))
	plain, err := base64.StdEncoding.DecodeString(string(text))
	switch {
	case err != nil && !s.whole():
		d.short(Base64, s)
	case err != nil:
		p.Summary = "not base64"
		d.expert(Error, "base64.invalid", "This is no base64: characters outside of its alphabet, or not in groups of four.", s.pos, len(text))
	default:
		p.Summary = count(len(text), "character") + " for " + count(len(plain), "byte")
		if len(plain) > 0 && len(d.tree.Bodies) < maxBodies {
			outer, in := d.data, d.in
			d.data, d.in = plain, InBody+Source(len(d.tree.Bodies))
			d.tree.Bodies = append(d.tree.Bodies, plain)
			n.Children = append(n.Children, d.node(base64Bytes, 0, len(plain)))
			d.data, d.in = outer, in
		}
	}
	p.Fields = append(p.Fields, n)
}

// EngineIOCoats is what an Engine.IO packet consists of, from outer to inner: a
// whole message of WebSocket, or what stands between two separators of an HTTP
// body. A binary message of WebSocket, which has no type, is binary.
func EngineIOCoats(packet []byte, binary bool) []Coat {
	switch {
	case binary:
		return []Coat{{Proto: EngineIO, Inner: packet}}
	case len(packet) == 0:
		return nil
	}
	inner := packet[1:]
	coats := []Coat{{Proto: EngineIO, Head: 1, Inner: inner}}
	switch {
	case packet[0] == 'b':
		if plain, err := base64.StdEncoding.DecodeString(string(inner)); err == nil {
			coats = append(coats, Coat{Proto: Base64, Inner: plain, Changed: true})
		}
	case packet[0] == '0' && json.Valid(inner):
		coats = append(coats, Coat{Proto: JSON, Inner: inner})
	case packet[0] == '4':
		coats = append(coats, SocketIOCoats(inner)...)
	}
	return coats
}
