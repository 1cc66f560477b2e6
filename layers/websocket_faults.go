package layers

import (
	"encoding/binary"
	"unicode/utf8"
)

// WebSocketFault is a rule of the protocol that a frame breaks. Who receives
// such a frame must close the connection (RFC 6455 section 7.1.7).
type WebSocketFault struct {
	Name string // of the expert entry
	Text string // what is wrong, one sentence
	RFC  string // the section that says so
}

const (
	maxControl    = 125 // bytes of a control frame's payload
	largestLength = 1<<63 - 1
)

// webSocketRules are the rules for a frame's header, as what is broken.
var webSocketRules = []struct {
	WebSocketFault
	broken func(h WebSocketFrame, a Above) bool
}{
	{WebSocketFault{"websocket.rsv.set", "A reserved bit is set, but no extension gives it a meaning.", "RFC 6455 sec. 5.2"},
		func(h WebSocketFrame, a Above) bool { return h.RSV&^webSocketRSV1 != 0 || h.RSV != 0 && !a.Deflate }},
	{WebSocketFault{"websocket.pmc.misplaced", "Only the first frame of a message may say that it is compressed.", "RFC 7692 sec. 6.1"},
		func(h WebSocketFrame, a Above) bool {
			return h.packed(a) && (h.Control() || h.Opcode == WebSocketContinuation)
		}},
	{WebSocketFault{"websocket.opcode.reserved", "The opcode is reserved: it has no meaning yet.", "RFC 6455 sec. 5.2"},
		func(h WebSocketFrame, _ Above) bool { return webSocketOpcodes[uint64(h.Opcode)] == "" }},
	{WebSocketFault{"websocket.control.fragmented", "A control frame must not be fragmented.", "RFC 6455 sec. 5.5"},
		func(h WebSocketFrame, _ Above) bool { return h.Control() && !h.Fin }},
	{WebSocketFault{"websocket.control.too_long", "A control frame must not have more than 125 bytes of payload.", "RFC 6455 sec. 5.5"},
		func(h WebSocketFrame, _ Above) bool { return h.Control() && h.PayloadLen > maxControl }},
	{WebSocketFault{"websocket.continuation.unexpected", "There is no message that could go on.", "RFC 6455 sec. 5.4"},
		func(h WebSocketFrame, a Above) bool { return h.Opcode == WebSocketContinuation && a.Opcode == 0 }},
	{WebSocketFault{"websocket.message.unfinished", "A new message begins before the last fragment of the one before.", "RFC 6455 sec. 5.4"},
		func(h WebSocketFrame, a Above) bool {
			return !h.Control() && h.Opcode != WebSocketContinuation && a.Opcode != 0
		}},
	{WebSocketFault{"websocket.mask.missing", "A client must mask what it sends.", "RFC 6455 sec. 5.1"},
		func(h WebSocketFrame, a Above) bool { return !h.Masked && !a.Server }},
	{WebSocketFault{"websocket.mask.present", "A server must not mask what it sends.", "RFC 6455 sec. 5.1"},
		func(h WebSocketFrame, a Above) bool { return h.Masked && a.Server }},
	{WebSocketFault{"websocket.length.not_minimal", "The length is written in more bytes than it needs.", "RFC 6455 sec. 5.2"},
		func(h WebSocketFrame, _ Above) bool { return h.HeaderLen > WebSocketHeaderLen(h.PayloadLen, h.Masked) }},
	{WebSocketFault{"websocket.length.too_large", "The highest bit of the length must be zero.", "RFC 6455 sec. 5.2"},
		func(h WebSocketFrame, _ Above) bool { return h.PayloadLen > largestLength }},
}

// WebSocketFaults lists what is wrong with the header of a frame, in a stream
// that carries what a says before it. Most have nothing: nil.
func WebSocketFaults(h WebSocketFrame, a Above) (faults []WebSocketFault) {
	for i := range webSocketRules {
		if webSocketRules[i].broken(h, a) {
			faults = append(faults, webSocketRules[i].WebSocketFault)
		}
	}
	return faults
}

// WebSocketHeaderLen is the length of a frame's header, in bytes, when the
// payload's length is written as short as it can be.
func WebSocketHeaderLen(payload uint64, masked bool) int {
	n := 2
	switch {
	case payload > 0xffff:
		n += 8
	case payload > maxControl:
		n += 2
	}
	if masked {
		n += 4
	}
	return n
}

var (
	webSocketShortClose = &WebSocketFault{"websocket.close.too_short", "A close frame with a payload begins with a code of two bytes.", rfcWSClose}
	webSocketBadReason  = &WebSocketFault{"websocket.close.bad_utf8", "The reason for closing is not UTF-8.", rfcWSClose}
	webSocketBadCode    = &WebSocketFault{"websocket.close.bad_code", "The code must not be sent: it is reserved, or nobody has defined it.", "RFC 6455 sec. 7.4"}
)

// WebSocketCloseFault is what is wrong with the payload of a close frame; nil:
// nothing.
func WebSocketCloseFault(payload []byte) *WebSocketFault {
	switch {
	case len(payload) == 0:
		return nil
	case len(payload) == 1:
		return webSocketShortClose
	case !WebSocketCloseCode(binary.BigEndian.Uint16(payload)):
		return webSocketBadCode
	case !utf8.Valid(payload[2:]):
		return webSocketBadReason
	}
	return nil
}

// WebSocketCloseCode says whether a code may stand in a close frame: 1005,
// 1006 and 1015 only tell programs what happened (RFC 6455 section 7.4.1), and
// those below 3000 that are not registered are reserved (section 7.4.2).
func WebSocketCloseCode(code uint16) bool {
	switch code {
	case 1004, 1005, 1006, 1015:
		return false
	}
	return code >= 1000 && code <= 1014 || code >= 3000 && code <= 4999
}
