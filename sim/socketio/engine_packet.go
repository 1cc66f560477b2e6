package socketio

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"unicode/utf8"

	"strata/layers"
)

// kind is the type of an Engine.IO packet.
type kind byte

const (
	open kind = iota
	closing
	ping
	pong
	message
	upgraded // it completes the change to another transport
	noop
)

// packet is an Engine.IO packet.
type packet struct {
	kind   kind
	binary bool // a message of bytes
	data   []byte

	// event is the application's message that is whole with this packet; nil:
	// it is no event, or more packets of it follow.
	event []byte
	parts int // how many packets belong together, told by the first of them
}

// probe is what a ping and its pong carry that try a new transport.
const probe = "probe"

// protocolError says how a peer broke the protocol.
type protocolError struct{ text string }

func (e *protocolError) Error() string { return "protocol error: " + e.text }

func broken(format string, args ...any) error {
	return &protocolError{fmt.Sprintf(format, args...)}
}

// appendText adds the packet as a text: a message of WebSocket, or one of the
// packets of an HTTP body, where bytes are written as base64.
func (p packet) appendText(b []byte) []byte {
	if p.binary {
		return base64.StdEncoding.AppendEncode(append(b, 'b'), p.data)
	}
	return append(append(b, '0'+byte(p.kind)), p.data...)
}

// textLen is how many bytes appendText adds.
func (p packet) textLen() int {
	if p.binary {
		return 1 + base64.StdEncoding.EncodedLen(len(p.data))
	}
	return 1 + len(p.data)
}

// readPacket reads a text message of WebSocket.
func readPacket(b []byte) (packet, error) {
	switch {
	case len(b) == 0:
		return packet{}, broken("an empty message is no Engine.IO packet")
	case b[0] < '0' || b[0] > '6':
		return packet{}, broken("unknown Engine.IO packet type %q", rune(b[0]))
	case !utf8.Valid(b):
		return packet{}, broken("an Engine.IO packet is not valid UTF-8")
	}
	return packet{kind: kind(b[0] - '0'), data: b[1:]}, nil
}

// readPayload reads the packets of an HTTP body. Those before the first that
// is wrong come with the error.
func readPayload(body []byte) (packets []packet, err error) {
	for text := range bytes.SplitSeq(body, []byte{layers.EngineIOSeparator}) {
		var p packet
		if len(text) > 0 && text[0] == 'b' {
			p.kind, p.binary = message, true
			if p.data, err = base64.StdEncoding.DecodeString(string(text[1:])); err != nil {
				return packets, broken("a binary message is not valid base64")
			}
		} else if p, err = readPacket(text); err != nil {
			return packets, err
		}
		packets = append(packets, p)
	}
	return packets, nil
}
