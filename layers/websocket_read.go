package layers

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"
)

var utf8Line = row(UTF8, Field{Label: "line", Type: TypeString, RFC: "RFC 3629 sec. 3", Help: "A line of text: bytes that stand for characters."})

func init() { carried[WebSocket] = (*dissector).webSocket }

// webSocket reads the frames of a payload, one after the other.
func (d *dissector) webSocket(s span) {
	for s.pos < s.end {
		h, ok := WebSocketHeader(d.data[s.pos:s.end])
		if !ok || !d.within() {
			if d.payload(s); !ok {
				d.short(WebSocket, s)
			}
			return
		}
		s = d.webSocketFrame(s, h)
	}
}

// webSocketUnit is a frame being read.
type webSocketUnit struct {
	*dissector
	WebSocketFrame
	p       *Part  // valid until what the frame carries has a part, too
	at      int    // where the frame begins in the frame or what is reassembled
	message uint8  // the opcode of the message that it belongs to
	opened  Opened // that message, when this frame completes it, or it is a stretch of a stream
	whole   []byte // that message, when this frame completes it; nil: it is not known
	packed  bool   // the message is compressed
	all     bool   // all of the frame's payload is here
}

// webSocketFrame reads one frame, and returns what follows it.
func (d *dissector) webSocketFrame(s span, h WebSocketFrame) span {
	message := d.above.message(h)
	f := webSocketUnit{dissector: d, WebSocketFrame: h, at: s.pos, message: message &^ webSocketPacked, packed: message&webSocketPacked != 0, p: d.part(WebSocket, s.pos, h.HeaderLen)}
	f.header(s)
	for _, fault := range WebSocketFaults(h, d.above) {
		f.wrong(fault.Name, fault.Text, fault.RFC)
	}
	inner := s.from(h.HeaderLen)
	if f.all = uint64(inner.end-inner.pos) >= h.PayloadLen; f.all {
		inner = inner.first(int(h.PayloadLen))
	}
	completes := h.Completes(d.above)
	if f.all && (completes || h.Fin && !h.Control() && d.above.Carries == MQTT) {
		if f.opened = d.nextOpened(WebSocket); completes {
			f.whole = f.opened.Data
		}
	}
	switch d.above = d.above.AfterWebSocket(h); {
	case inner.end == inner.pos && f.whole == nil:
	case h.Masked:
		if inner.end > inner.pos {
			f.add(d.node(webSocketMasked, inner.pos, inner.end-inner.pos))
		}
		bare := slices.Clone(d.data[inner.pos:inner.end])
		WebSocketMask(bare, h.Key, 0)
		d.body(bare, f.payload)
	default:
		f.payload(inner)
	}
	if !f.all {
		d.short(WebSocket, s)
	}
	return span{inner.end, s.end, max(inner.end, s.wire)}
}

func (f *webSocketUnit) add(n Node) { f.p.Fields = append(f.p.Fields, n) }

func (f *webSocketUnit) wrong(name, text, rfc string) {
	f.expert(Error, name, text+" ("+rfc+")", f.at, f.HeaderLen)
}

// header adds the fields before the payload.
func (f *webSocketUnit) header(s span) {
	rows := slices.Concat(webSocketFlags, webSocketSize)
	if f.above.Deflate {
		rows = slices.Concat(webSocketFlags, webSocketPMC, webSocketSize)
	}
	f.p.Fields, _ = f.fixed(f.p.Fields, rows, s.pos, s)
	key := f.HeaderLen
	if f.Masked {
		key -= len(f.Key)
	}
	if long := webSocketLong[key-2]; long != nil {
		f.add(f.node(long, s.pos+2, long.Size))
	}
	if f.Masked {
		f.add(f.node(webSocketKey, s.pos+key, len(f.Key)))
	}
	f.p.Summary = f.summary()
}

func (f *webSocketUnit) summary() string {
	text := webSocketOpcodes[uint64(f.Opcode)]
	if text == "" {
		text = "opcode " + strconv.Itoa(int(f.Opcode))
	}
	text += ", " + strconv.FormatUint(f.PayloadLen, 10) + " bytes"
	if f.Masked {
		text += ", masked"
	}
	if f.WebSocketFrame.packed(f.above) {
		text += ", compressed"
	}
	switch {
	case f.Fin && f.Opcode == WebSocketContinuation:
		text += ", the last fragment"
	case !f.Fin:
		text += ", more fragments follow"
	}
	return text
}

// payload reads what the frame carries, unmasked, in the buffer in hand.
func (f *webSocketUnit) payload(s span) {
	f.add(f.node(webSocketPayload, s.pos, s.end-s.pos))
	n := &f.p.Fields[len(f.p.Fields)-1]
	under := func(row *Field, s span) { n.Children = append(n.Children, f.node(row, s.pos, s.end-s.pos)) }
	switch {
	case !f.all:
	case f.Opcode == WebSocketClose:
		f.closing(n, s)
	case f.Opcode == WebSocketPing:
		under(webSocketPing, s)
	case f.Opcode == WebSocketPong:
		under(webSocketPong, s)
	case webSocketOpcodes[uint64(f.Opcode)] == "":
		under(webSocketUnknown, s)
	case f.whole != nil:
		if f.Opcode == WebSocketContinuation {
			n.Children = append(n.Children, f.valued(webSocketWhole, s.pos, 0, uint64(len(f.whole))))
		}
		f.body(f.whole, func(s span) { f.content(n, s) })
	case f.packed && f.Fin:
		f.wrong("websocket.decompression.failed.expert", "The message is compressed, and cannot be unpacked.", "RFC 7692 sec. 7.2.2")
	case f.Opcode == WebSocketContinuation:
		p := f.part(Data, s.pos, s.end-s.pos)
		p.Fields = append(p.Fields, f.node(webSocketNext, s.pos, s.end-s.pos))
		p.Summary = count(s.end-s.pos, "byte")
	case f.Fin:
		f.content(n, s)
	}
}

// closing reads why the connection is closed.
func (f *webSocketUnit) closing(n *Node, s span) {
	c := f.node(webSocketClose, s.pos, s.end-s.pos)
	if s.end-s.pos >= 2 {
		code := f.node(webSocketCode, s.pos, 2)
		f.p.Summary += ", " + code.Show
		c.Children = append(c.Children, code)
	}
	if s.end-s.pos > 2 {
		c.Children = append(c.Children, f.node(webSocketReason, s.pos+2, s.end-s.pos-2))
	}
	n.Children = append(n.Children, c)
	if fault := WebSocketCloseFault(f.data[s.pos:s.end]); fault != nil {
		f.wrong(fault.Name, fault.Text, fault.RFC)
	}
}

// content reads a whole message, which the buffer in hand has; n is the node
// of the last frame's payload.
func (f *webSocketUnit) content(n *Node, s span) {
	text := f.message == WebSocketText
	if text {
		n.Children = append(n.Children, f.node(webSocketText, s.pos, s.end-s.pos))
		if !utf8.Valid(f.data[s.pos:s.end]) {
			f.wrong("websocket.text.bad_utf8", "The text is not UTF-8.", "RFC 6455 sec. 8.1")
		}
	}
	f.depth++
	defer func() { f.depth-- }()
	switch { // from here on, f.p and n are no longer valid
	case !f.within():
		f.dissector.payload(s)
	case f.above.Carries == EngineIO && text:
		f.engineIO(s)
	case f.above.Carries == EngineIO:
		f.engineIOBinary(s)
	case carried[f.above.Carries] != nil && f.opened.Data != nil:
		f.stretch(&f.opened, s, carried[f.above.Carries])
	case f.above.Carries == MQTT && !wholeMQTT(f.data[s.pos:s.end]): // MQTT 5.0 section 6: packets need not keep to messages
		f.dissector.payload(s)
	case carried[f.above.Carries] != nil:
		carried[f.above.Carries](f.dissector, s)
	case text && f.json(s):
	case text:
		f.lines(s)
	default:
		f.dissector.payload(s)
	}
}

// lines shows a text line by line.
func (d *dissector) lines(s span) {
	p := d.part(UTF8, s.pos, s.end-s.pos)
	for s.pos < s.end {
		n := bytes.IndexByte(d.data[s.pos:s.end], '\n') + 1
		if n == 0 || !d.within() {
			n = s.end - s.pos
		}
		p.Fields = append(p.Fields, d.node(utf8Line, s.pos, n))
		s = s.from(n)
	}
	p.Summary = count(len(p.Fields), "line")
}
