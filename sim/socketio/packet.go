package socketio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"strata/layers"
)

// maxAttachments bounds the binary attachments of one event.
const maxAttachments = 10

// Packet is a Socket.IO packet.
type Packet struct {
	Type      byte   // layers.SocketIOConnect, …; those with attachments have the binary type
	Namespace string // "/", "/chat"
	HasID     bool   // an event wants an answer, or it is one
	ID        uint64
	Data      []byte   // JSON; nil: none
	Attached  [][]byte // what the placeholders in the data stand for
}

// withAttachments says whether the type is one of an event or answer with bytes.
func (p *Packet) withAttachments() bool {
	return p.Type == layers.SocketIOBinaryEvent || p.Type == layers.SocketIOBinaryAck
}

// isEvent says whether the packet tells that something happened.
func (p *Packet) isEvent() bool {
	return p.Type == layers.SocketIOEvent || p.Type == layers.SocketIOBinaryEvent
}

// isAnswer says whether the packet answers an event.
func (p *Packet) isAnswer() bool {
	return p.Type == layers.SocketIOAck || p.Type == layers.SocketIOBinaryAck
}

// head is what comes before the data.
func (p *Packet) head() []byte {
	b := []byte{'0' + p.Type}
	if p.withAttachments() {
		b = append(strconv.AppendInt(b, int64(len(p.Attached)), 10), '-')
	}
	if p.Namespace != "/" {
		b = append(append(b, p.Namespace...), ',')
	}
	if p.HasID {
		b = strconv.AppendUint(b, p.ID, 10)
	}
	return b
}

// content is what an event brings, as it is to arrive: its JSON, then its
// attachments; nil for other packets.
func (p *Packet) content() []byte {
	if !p.isEvent() && !p.isAnswer() {
		return nil
	}
	return append(bytes.Clone(p.Data), bytes.Join(p.Attached, nil)...)
}

// packets are the Engine.IO messages that the packet consists of: its text,
// then each attachment.
func (p *Packet) packets() []packet {
	all := []packet{{kind: message, data: append(p.head(), p.Data...)}}
	for _, b := range p.Attached {
		all = append(all, packet{kind: message, binary: true, data: b})
	}
	all[0].parts = len(all)
	all[len(all)-1].event = p.content()
	return all
}

// assembler puts packets together from Engine.IO's messages.
type assembler struct {
	open  *Packet // its attachments are still to come
	lacks int
}

// add takes a message, and gives the packet that is whole with it; nil: more
// messages belong to it.
func (a *assembler) add(m packet) (*Packet, error) {
	if m.binary {
		if a.open == nil {
			return nil, broken("a binary message that belongs to no Socket.IO packet")
		}
		a.open.Attached = append(a.open.Attached, m.data)
		if a.lacks--; a.lacks > 0 {
			return nil, nil
		}
		p := a.open
		a.open = nil
		return p, nil
	}
	if a.open != nil {
		return nil, broken("a text message, but %d attachments of a Socket.IO packet are still to come", a.lacks)
	}
	h, err := layers.ReadSocketIOHead(m.data)
	if err != nil {
		return nil, broken("%v", err)
	}
	data := m.data[h.Len:]
	if err := h.CheckData(data); err != nil {
		return nil, broken("%v", err)
	}
	p := &Packet{Type: h.Type, Namespace: h.Namespace, HasID: h.HasAck, ID: h.Ack}
	if len(data) > 0 {
		p.Data = bytes.Clone(data)
	}
	switch {
	case p.isAnswer() && !p.HasID:
		return nil, broken("an answer without the id of its event")
	case h.Attachments > maxAttachments:
		return nil, broken("a Socket.IO packet with %d attachments; %d are allowed", h.Attachments, maxAttachments)
	case h.Attachments > 0:
		a.open, a.lacks = p, h.Attachments
		return nil, nil
	}
	return p, nil
}

// newEvent is an event with values, each a JSON text, some of which may be
// placeholders for what is attached.
func newEvent(namespace, name string, values []json.RawMessage, attached [][]byte) *Packet {
	quoted, _ := json.Marshal(name)
	p := &Packet{Type: layers.SocketIOEvent, Namespace: namespace, Attached: attached}
	p.Data = array(append([]json.RawMessage{quoted}, values...))
	if len(attached) > 0 {
		p.Type = layers.SocketIOBinaryEvent
	}
	return p
}

// newAnswer is the answer to an event.
func newAnswer(to *Packet, values []json.RawMessage, attached [][]byte) *Packet {
	p := &Packet{Type: layers.SocketIOAck, Namespace: to.Namespace, HasID: true, ID: to.ID, Data: array(values), Attached: attached}
	if len(attached) > 0 {
		p.Type = layers.SocketIOBinaryAck
	}
	return p
}

// array is a JSON array.
func array(values []json.RawMessage) []byte {
	b := []byte{'['}
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, v...)
	}
	return append(b, ']')
}

// placeholder is the value that stands for an attachment, counted from 0.
func placeholder(n int) json.RawMessage {
	return fmt.Appendf(nil, `{"_placeholder":true,"num":%d}`, n)
}

// event is the name of an event and its values, and of an answer its values.
func (p *Packet) event() (name string, values []json.RawMessage) {
	if json.Unmarshal(p.Data, &values) != nil || !p.isEvent() {
		return "", values
	}
	if json.Unmarshal(values[0], &name) != nil { // a number may stand for a name
		name = string(values[0])
	}
	return name, values[1:]
}
