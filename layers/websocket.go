package layers

import (
	"encoding/binary"
	"slices"
)

const (
	rfcWSFrame = "RFC 6455 sec. 5.2"
	rfcWSClose = "RFC 6455 sec. 5.5.1"
)

// The opcodes of WebSocket frames (RFC 6455 section 5.2). From 8 on they are
// control frames.
const (
	WebSocketContinuation = 0
	WebSocketText         = 1
	WebSocketBinary       = 2
	WebSocketClose        = 8
	WebSocketPing         = 9
	WebSocketPong         = 10

	webSocketRSV1    = 4    // of the three reserved bits, the one that RFC 7692 uses
	webSocketPacked  = 0x40 // beside the opcode of a message that goes on: it is compressed
	webSocketControl = 8    // the bit that all control frames' opcodes have
)

var webSocketOpcodes = map[uint64]string{WebSocketContinuation: "continuation", WebSocketText: "text", WebSocketBinary: "binary",
	WebSocketClose: "close", WebSocketPing: "ping", WebSocketPong: "pong"}

// webSocketCodes are the reasons for closing (RFC 6455 section 7.4.1, and
// IANA's registry of them).
var webSocketCodes = map[uint64]string{1000: "normal closure", 1001: "going away", 1002: "protocol error", 1003: "unsupported data", 1005: "no status received",
	1006: "abnormal closure", 1007: "invalid payload data", 1008: "policy violation", 1009: "message too big", 1010: "extension missing", 1011: "internal error",
	1012: "service restart", 1013: "try again later", 1014: "bad gateway", 1015: "TLS handshake failed"}

var (
	webSocketFlags = describe(WebSocket, rfcWSFrame, inWord(0, 1,
		flag(0x80, "websocket.fin", "final", "The message ends with this frame; if not, more fragments follow."),
		&Field{Name: "websocket.rsv", Label: "reserved", Type: TypeHex, Mask: 0x70, Help: "Three bits for extensions; without one they are zero."})...)
	webSocketPMC = describe(WebSocket, "RFC 7692 sec. 6", inWord(0, 1,
		flag(0x40, "websocket.pmc", "compressed", "The message is compressed; only its first frame says so."))...)
	webSocketSize = describe(WebSocket, rfcWSFrame, append(inWord(0, 1,
		named(0x0f, "websocket.opcode", "opcode", webSocketOpcodes, "What the payload is: text, bytes, the next piece of a message, or a word about the connection itself.")), inWord(1, 1,
		flag(0x80, "websocket.mask", "masked", "The payload is mixed with a key; a client must do so, a server must not."),
		part(0x7f, "websocket.payload_length", "payload length", "How many bytes the payload has; 126 and 127 say that a longer number follows."))...)...)
	webSocketLong = map[int]*Field{
		2: describeOne(WebSocket, rfcWSFrame, uintRow(2, 2, "websocket.payload_length_ext_16", "extended length", "How many bytes the payload has, from 126 to 65,535.")),
		8: describeOne(WebSocket, rfcWSFrame, uintRow(2, 8, "websocket.payload_length_ext_64", "extended length", "How many bytes the payload has, from 65,536 on.")),
	}
	webSocketKey = describeOne(WebSocket, "RFC 6455 sec. 5.3", bytesRow(0, 4, "websocket.masking_key", "masking key",
		"Four random bytes, new for each frame: the payload is XORed with them, so that no one can make a client send bytes of his choice through a proxy."))
	webSocketMasked  = describeOne(WebSocket, "RFC 6455 sec. 5.3", bytesRow(0, 0, "websocket.masked_payload", "masked payload", "The payload as it goes over the wire, mixed with the key."))
	webSocketPayload = describeOne(WebSocket, rfcWSFrame, bytesRow(0, 0, "websocket.payload", "payload", "What the frame carries, with the mask taken off."))
	webSocketText    = describeOne(WebSocket, "RFC 6455 sec. 5.6", textRow(0, 0, "websocket.payload.text", "text", "A message of text, in UTF-8."))
	webSocketPing    = describeOne(WebSocket, "RFC 6455 sec. 5.5.2", bytesRow(0, 0, "websocket.payload.ping", "ping", "Asks whether the other side is still there; the answer must repeat these bytes."))
	webSocketPong    = describeOne(WebSocket, "RFC 6455 sec. 5.5.3", bytesRow(0, 0, "websocket.payload.pong", "pong", "The answer to a ping: its bytes."))
	webSocketClose   = describeOne(WebSocket, rfcWSClose, bytesRow(0, 0, "websocket.payload.close", "close", "Its sender says nothing more; it may tell why."))
	webSocketCode    = describeOne(WebSocket, "RFC 6455 sec. 7.4", enumRow(0, 2, "websocket.payload.close.status_code", "status code", webSocketCodes, "Why the connection is closed, as a number."))
	webSocketReason  = describeOne(WebSocket, rfcWSClose, textRow(0, 0, "websocket.payload.close.reason", "reason", "Why the connection is closed, in words; for people who look for a fault."))
	webSocketUnknown = describeOne(WebSocket, rfcWSFrame, bytesRow(0, 0, "websocket.payload.unknown", "unknown", "The payload of a frame whose opcode has no meaning yet."))
	webSocketNext    = describeOne(WebSocket, "RFC 6455 sec. 5.4", bytesRow(0, 0, "websocket.payload.continue", "continuation", "A piece from the middle of a message that comes in fragments."))
	webSocketWhole   = describeOne(WebSocket, "RFC 6455 sec. 5.4", uintRow(0, 0, "websocket.reassembled.length", "reassembled length", "How many bytes the fragments of the message have together."))
)

// WebSocketFrame is the header of a WebSocket frame.
type WebSocketFrame struct {
	Fin        bool
	RSV        uint8 // 4, 2, 1: RSV1, RSV2, RSV3
	Opcode     uint8
	Masked     bool
	Key        [4]byte // when it is masked
	HeaderLen  int     // 2 to 14 bytes
	PayloadLen uint64  // bytes; RFC 6455 allows 63 bits
}

// WebSocketHeader reads the header of the frame at the start of b. It is not
// ok while b is too short for it.
func WebSocketHeader(b []byte) (h WebSocketFrame, ok bool) {
	if len(b) < 2 {
		return h, false
	}
	h = WebSocketFrame{Fin: b[0]&0x80 != 0, RSV: b[0] >> 4 & 7, Opcode: b[0] & 15, Masked: b[1]&0x80 != 0, HeaderLen: 2, PayloadLen: uint64(b[1] & 0x7f)}
	extended := 0
	switch h.PayloadLen {
	case 126:
		extended = 2
	case 127:
		extended = 8
	}
	h.HeaderLen += extended
	if h.Masked {
		h.HeaderLen += len(h.Key)
	}
	if len(b) < h.HeaderLen {
		return h, false
	}
	switch extended {
	case 2:
		h.PayloadLen = uint64(binary.BigEndian.Uint16(b[2:]))
	case 8:
		h.PayloadLen = binary.BigEndian.Uint64(b[2:])
	}
	if h.Masked {
		copy(h.Key[:], b[h.HeaderLen-len(h.Key):])
	}
	return h, true
}

// Control says whether the frame is about the connection, not a message's.
func (h WebSocketFrame) Control() bool { return h.Opcode&webSocketControl != 0 }

// Completes says whether the frame brings the end of a message whose content
// is not its payload, for that came in several frames, or compressed: for each
// such frame Seen.Opened has an entry.
func (h WebSocketFrame) Completes(a Above) bool {
	return h.Fin && !h.Control() && (h.Opcode == WebSocketContinuation || h.packed(a))
}

// packed says whether the frame is the first of a compressed message.
func (h WebSocketFrame) packed(a Above) bool { return a.Deflate && h.RSV&webSocketRSV1 != 0 }

// AfterWebSocket is what the stream carries behind a frame, if it carried a
// WebSocket's frames before it.
func (a Above) AfterWebSocket(h WebSocketFrame) Above {
	switch {
	case h.Control(): // RFC 6455 section 5.4: they may come between fragments
	case h.Fin:
		a.Opcode = 0
	case h.Opcode != WebSocketContinuation:
		if a.Opcode = h.Opcode; h.packed(a) {
			a.Opcode |= webSocketPacked
		}
	}
	return a
}

// WebSocketMask puts the mask on the payload of a frame, or takes it off: b
// begins at byte at of the payload (RFC 6455 section 5.3).
func WebSocketMask(b []byte, key [4]byte, at int) {
	var turned [8]byte // twice the key, from its byte at on
	for i := range turned {
		turned[i] = key[(at+i)&3]
	}
	word := binary.NativeEndian.Uint64(turned[:])
	for ; len(b) >= 8; b = b[8:] {
		binary.NativeEndian.PutUint64(b, binary.NativeEndian.Uint64(b)^word)
	}
	for i := range b {
		b[i] ^= turned[i]
	}
}

// WebSocketCoats lists what is wrapped around the message in b, a whole frame
// of a stream that carries what a says. Whole is what Seen.Opened has for the
// frame, if it completes a message. A piece of a message has only the frame.
func WebSocketCoats(b []byte, a Above, whole []byte) []Coat {
	h, ok := WebSocketHeader(b)
	if !ok || h.PayloadLen != uint64(len(b)-h.HeaderLen) {
		return nil
	}
	inner := b[h.HeaderLen:]
	if h.Masked {
		inner = slices.Clone(inner)
		WebSocketMask(inner, h.Key, 0)
	}
	coats := []Coat{{Proto: WebSocket, Head: h.HeaderLen, Inner: inner, Changed: h.Masked}}
	message := a.message(h)
	switch {
	case h.Control() || !h.Fin:
		return coats
	case h.Completes(a):
		if message&webSocketPacked != 0 && whole != nil {
			coats = append(coats, Coat{Proto: Gzip, Inner: whole, Changed: true})
		}
		inner = whole
	}
	if message&^webSocketPacked == WebSocketText && a.Carries == None && inner != nil {
		coats = append(coats, Coat{Proto: UTF8, Inner: inner})
	}
	return coats
}

// message is the opcode of the message that a data frame belongs to, and
// whether that is compressed.
func (a Above) message(h WebSocketFrame) uint8 {
	switch {
	case h.Opcode == WebSocketContinuation:
		return a.Opcode
	case h.packed(a):
		return h.Opcode | webSocketPacked
	}
	return h.Opcode
}

// Packed says whether a data frame of a stream that carries what a says belongs
// to a compressed message (RFC 7692 section 6).
func (a Above) Packed(h WebSocketFrame) bool { return a.message(h)&webSocketPacked != 0 }

// Binary says whether a data frame of such a stream belongs to a message of
// bytes.
func (a Above) Binary(h WebSocketFrame) bool {
	return a.message(h)&^webSocketPacked == WebSocketBinary
}
