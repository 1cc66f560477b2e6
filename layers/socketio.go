package layers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Socket.IO, revision 5, has no RFC; its document is the protocol page of
// socket.io.
const socketIODoc = "Socket.IO protocol v5"

var (
	socketIOType = row(SocketIO, Field{Name: "socketio.type", Label: "type", Type: TypeEnum, RFC: socketIODoc, Names: socketIOTypes,
		Help: "What the packet is for: 2 says that something happened, 3 answers such a packet."})
	socketIOAttachments = socketIORow("socketio.attachments", "attachments", TypeUint, "How many binary messages follow that belong to this packet.")
	socketIONamespace   = socketIORow("socketio.namespace", "namespace", TypeString, "Which of the channels that share the connection the packet belongs to; / where none is named.")
	socketIOAck         = socketIORow("socketio.ack_id", "acknowledgment id", TypeUint, "The sender's number for an event that is to be answered; the answer repeats it. It has nothing to do with TCP's acknowledgments.")
	socketIOData        = socketIORow("socketio.data", "data", TypeString, "What the packet carries, as JSON.")
	socketIOEvent       = socketIORow("socketio.event", "event", TypeString, "The event's name: the first of its values.")
	socketIOSID         = socketIORow("socketio.sid", "socket id", TypeString, "The name of this client in this namespace; it is not Engine.IO's session id.")
	socketIOMessage     = socketIORow("socketio.message", "reason", TypeString, "Why the client may not join the namespace.")
)

func socketIORow(name, label string, t Type, help string) *Field {
	return row(SocketIO, Field{Name: name, Label: label, Type: t, RFC: socketIODoc, Help: help})
}

// The types of a Socket.IO packet.
const (
	SocketIOConnect      = 0
	SocketIODisconnect   = 1
	SocketIOEvent        = 2
	SocketIOAck          = 3
	SocketIOConnectError = 4
	SocketIOBinaryEvent  = 5
	SocketIOBinaryAck    = 6
)

var socketIOTypes = map[uint64]string{0: "CONNECT", 1: "DISCONNECT", 2: "EVENT", 3: "ACK", 4: "CONNECT_ERROR", 5: "BINARY_EVENT", 6: "BINARY_ACK"}

// SocketIOReserved says whether no event may have a name: libraries use it for
// what happens to a connection.
func SocketIOReserved(name string) bool {
	return slices.Contains([]string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}, name)
}

// SocketIOHead is what comes before a Socket.IO packet's data:
//
//	type [attachments "-"] [namespace ","] [ack id]
type SocketIOHead struct {
	Type        byte   // 0 to 6
	Attachments int    // 0 where the type has none
	Namespace   string // "/" when none is named
	HasAck      bool
	Ack         uint64
	Len         int // bytes of the head

	attachments, namespace, ack stretch // where they stand
}

type stretch struct{ at, n int }

// SocketIOError says how a packet breaks the protocol.
type SocketIOError struct {
	Name  string // of the expert entry
	Text  string // what is wrong
	At, N int    // the bytes that are
}

func (e *SocketIOError) Error() string { return e.Text }

// digits counts the digits at the start of b.
func digits(b []byte) int {
	n := bytes.IndexFunc(b, func(r rune) bool { return r < '0' || r > '9' })
	if n < 0 {
		return len(b)
	}
	return n
}

// ReadSocketIOHead reads the head of a packet; the error is a *SocketIOError.
// What has been read until then is in the head.
func ReadSocketIOHead(b []byte) (h SocketIOHead, err error) {
	h.Namespace = "/"
	if len(b) == 0 || b[0] < '0' || b[0] > '6' {
		return h, &SocketIOError{"socketio.type.unknown", "A Socket.IO packet begins with its type, a digit from 0 to 6.", 0, min(1, len(b))}
	}
	h.Type, h.Len = b[0]-'0', 1
	if h.Type == SocketIOBinaryEvent || h.Type == SocketIOBinaryAck {
		n := digits(b[1:])
		h.attachments = stretch{1, n}
		count, err := strconv.ParseUint(string(b[1:1+n]), 10, 31)
		if err != nil || count == 0 || 1+n >= len(b) || b[1+n] != '-' {
			return h, &SocketIOError{"socketio.attachments.invalid", "A binary Socket.IO packet tells how many attachments follow: a number from 1 on, and a hyphen.", 1, n}
		}
		h.Attachments, h.Len = int(count), 1+n+1
	}
	if h.Len < len(b) && b[h.Len] == '/' {
		n := bytes.IndexByte(b[h.Len:], ',')
		if n < 0 { // readers accept it where nothing follows
			n = len(b) - h.Len
		}
		h.namespace = stretch{h.Len, n}
		h.Namespace = string(b[h.Len : h.Len+n])
		h.Len = min(h.Len+n+1, len(b))
	}
	if n := digits(b[h.Len:]); n > 0 {
		h.ack = stretch{h.Len, n}
		// Numbers of JavaScript are whole up to 2^53.
		if h.Ack, err = strconv.ParseUint(string(b[h.Len:h.Len+n]), 10, 53); err != nil {
			return h, &SocketIOError{"socketio.ack_id.invalid", "The acknowledgment id is larger than any program can count.", h.Len, n}
		}
		h.HasAck = true
		h.Len += n
	}
	return h, nil
}

// CheckData says whether data may follow the head, which is JSON of a kind
// that the type decides; the error is a *SocketIOError whose place counts in
// data.
func (h *SocketIOHead) CheckData(data []byte) error {
	wrong := func(text string) error {
		return &SocketIOError{"socketio.data.invalid", "The data of Socket.IO's " + socketIOTypes[uint64(h.Type)] + " " + text + ".", 0, len(data)}
	}
	if len(data) > 0 && !json.Valid(data) {
		return wrong("are not valid JSON")
	}
	first := byte(0)
	if at := jsonSpace(data, 0); at < len(data) {
		first = data[at]
	}
	switch h.Type {
	case SocketIOConnect:
		if first != 0 && first != '{' {
			return wrong("are an object, if there are any")
		}
	case SocketIODisconnect:
		if first != 0 {
			return wrong("are none at all")
		}
	case SocketIOConnectError:
		if first != 0 && first != '{' && first != '"' {
			return wrong("are an object or a text, if there are any")
		}
	case SocketIOAck, SocketIOBinaryAck:
		if first != '[' {
			return wrong("are an array")
		}
	default:
		return h.checkEvent(data, first, wrong)
	}
	return nil
}

func (h *SocketIOHead) checkEvent(data []byte, first byte, wrong func(string) error) error {
	if first != '[' {
		return wrong("are an array that begins with the event's name")
	}
	for item := range jsonItems(data, jsonSpace(data, 0)) {
		switch c := data[item.at]; {
		case c == '"':
			if SocketIOReserved(jsonUnquote(data[item.at:item.end])) {
				return &SocketIOError{"socketio.event.reserved", "No event may have the name " + string(data[item.at:item.end]) + ": libraries use it for what happens to the connection.", item.at, item.end - item.at}
			}
			return nil
		case c == '-' || c >= '0' && c <= '9':
			return nil
		}
		break
	}
	return wrong("are an array that begins with the event's name")
}

// socketIO reads one packet. Its data are a part of their own.
func (d *dissector) socketIO(s span) {
	b := d.data[s.pos:s.end]
	h, err := ReadSocketIOHead(b)
	p := d.part(SocketIO, s.pos, h.Len)
	if len(b) > 0 && b[0] >= '0' && b[0] <= '6' {
		p.Fields = append(p.Fields, d.valued(socketIOType, s.pos, 1, uint64(h.Type)))
		p.Summary = socketIOTypes[uint64(h.Type)]
	} else {
		p.Summary = "packet of an unknown type"
	}
	if n := h.attachments.n; n > 0 {
		p.Fields = append(p.Fields, d.valued(socketIOAttachments, s.pos+h.attachments.at, n, uint64(h.Attachments)))
	}
	if p.Summary != "packet of an unknown type" { // the default has no bytes
		p.Fields = append(p.Fields, d.told(socketIONamespace, s.pos+h.namespace.at, h.namespace.n, Printable(h.Namespace)))
	}
	if n := h.ack.n; n > 0 {
		p.Fields = append(p.Fields, d.valued(socketIOAck, s.pos+h.ack.at, n, h.Ack))
	}
	if err != nil {
		p.Len, p.Payload = len(b), s.end
		d.socketIOWrong(s, err)
		return
	}
	d.socketIOData(s.from(h.Len), &h, len(d.tree.Parts)-1)
}

// socketIOWrong tells how a packet breaks the protocol.
func (d *dissector) socketIOWrong(s span, err error) {
	if e, ok := err.(*SocketIOError); ok {
		if !s.whole() {
			d.short(SocketIO, s)
			return
		}
		d.expert(Error, e.Name, Printable(e.Text), s.pos+e.At, e.N)
	}
}

// socketIOData reads what comes after the head; part is the packet's.
func (d *dissector) socketIOData(s span, h *SocketIOHead, part int) {
	data := d.data[s.pos:s.end]
	p := &d.tree.Parts[part]
	err := h.CheckData(data)
	if len(data) > 0 {
		n := d.node(socketIOData, s.pos, len(data))
		if json.Valid(data) {
			n.Children = d.socketIOValues(s, h)
		}
		p.Fields = append(p.Fields, n)
		for _, c := range n.Children {
			p.Summary += " " + c.Show
		}
	}
	if h.Namespace != "/" {
		p.Summary += " in " + Printable(h.Namespace)
	}
	if h.HasAck {
		p.Summary += ", ack id " + strconv.FormatUint(h.Ack, 10)
	}
	if h.Attachments > 0 {
		p.Summary += ", " + count(h.Attachments, "attachment")
		d.socketIOPlaceholders(s, h)
	}
	if (h.Type == SocketIOAck || h.Type == SocketIOBinaryAck) && !h.HasAck {
		d.expert(Warning, "socketio.ack_id.missing", "An answer to an event repeats the event's acknowledgment id, but here is none.", p.Pos, p.Len)
	}
	d.socketIOWrong(s, err)
	if !d.json(s) {
		p.Len, p.Payload = s.end-p.Pos, s.end
	}
}

// socketIOPlaceholders wants as many places for attachments in the data as the
// head tells of.
func (d *dissector) socketIOPlaceholders(s span, h *SocketIOHead) {
	if n := bytes.Count(d.data[s.pos:s.end], []byte(`"_placeholder":true`)); n != h.Attachments && s.whole() {
		d.expert(Warning, "socketio.attachments.count", fmt.Sprintf("The packet has %s, but its data have places for %d.", count(h.Attachments, "attachment"), n), s.pos, s.end-s.pos)
	}
}

// socketIOValues is what of the data has a name in this protocol.
func (d *dissector) socketIOValues(s span, h *SocketIOHead) (nodes []Node) {
	b := d.data[s.pos:s.end]
	at := jsonSpace(b, 0)
	if b[at] != '{' && b[at] != '[' {
		return nil
	}
	for item := range jsonItems(b, at) {
		var f *Field
		switch {
		case h.Type == SocketIOEvent || h.Type == SocketIOBinaryEvent:
			f = socketIOEvent
		case h.Type == SocketIOConnect && bytes.Equal(item.key, []byte(`"sid"`)):
			f = socketIOSID
		case h.Type == SocketIOConnectError && bytes.Equal(item.key, []byte(`"message"`)):
			f = socketIOMessage
		}
		if f != nil {
			n := d.node(f, s.pos+item.at, item.end-item.at)
			if b[item.at] == '"' {
				n.Show = Printable(jsonUnquote(b[item.at:item.end]))
			}
			return append(nodes, n)
		}
		if b[at] == '[' {
			break
		}
	}
	return nodes
}

// SocketIOCoats is what a Socket.IO packet consists of, from outer to inner.
func SocketIOCoats(packet []byte) []Coat {
	h, err := ReadSocketIOHead(packet)
	if err != nil {
		return nil
	}
	data := packet[h.Len:]
	coats := []Coat{{Proto: SocketIO, Head: h.Len, Inner: data}}
	if len(data) > 0 && json.Valid(data) {
		coats = append(coats, Coat{Proto: JSON, Inner: data})
	}
	return coats
}
