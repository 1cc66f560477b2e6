package trace

import "strata/layers"

// Reasons for what layers 5 to 7 wrap around a message, and take off again. m
// is how many bytes there are with the wrapping, n without it.
var (
	TLSSeal       = reason("tls.seal", "TLS seals {n} {n?byte|bytes} into {m}: a record's header of 5 bytes, then what only the other end can read, and a tag that shows any change.", "RFC 9846 sec. 5.2", "TLS", "encryption")
	TLSOpen       = reason("tls.open", "TLS opens the record with the session's keys. Its tag fits, so nobody has changed it: of {m} bytes, {n} are what was sealed.", "RFC 9846 sec. 5.2", "TLS", "encryption")
	TLSRecord     = reason("tls.record", "TLS says in 5 bytes what kind of record this is and how long, {m} bytes with them. The first of a session anyone can read, for two who have no keys yet can only agree on them in the open.", "RFC 9846 sec. 5.1", "TLS", "record")
	TLSSealed     = reason("tls.sealed", "A TLS record of {m} bytes. Its kind and its length can be read; the other {n} only by who has the session's keys, unless it still belongs to the handshake in the open.", "RFC 9846 sec. 5.1", "TLS", "record")
	WebSocketWrap = reason("websocket.frame", "WebSocket puts {m} bytes on the stream for {n}: a header that says how long the frame is, and from a client four bytes of mask, with which the rest is mixed.", "RFC 6455 sec. 5.2", "WebSocket", "frame")
	WebSocketRead = reason("websocket.unframe", "WebSocket's header says where the frame ends in the stream, which knows no messages. With the header and the mask off, {n} of {m} bytes are left.", "RFC 6455 sec. 5.2", "WebSocket", "frame")
	EngineWrap    = reason("engineio.packet", "Engine.IO says in one character what kind of packet this is: {n} {n?byte becomes|bytes become} {m}.", "", "Engine.IO")
	EngineRead    = reason("engineio.unpack", "Engine.IO reads the packet's kind; {n} {n?byte is|bytes are} left for who is above.", "", "Engine.IO")
	SocketIOWrap  = reason("socketio.packet", "Socket.IO puts before the event its kind, its namespace and the number under which an answer is wanted, as far as they are needed: {m} {m?byte|bytes} for {n}.", "", "Socket.IO", "event")
	SocketIORead  = reason("socketio.unpack", "Socket.IO reads the packet's kind and namespace; {n} {n?byte is|bytes are} the event and what belongs to it.", "", "Socket.IO", "event")
	MQTTWrap      = reason("mqtt.publish", "MQTT puts the topic before the message, and a number if it is to be acknowledged: {m} bytes for {n}.", "MQTT 5.0 sec. 3.3", "MQTT", "message queue")
	MQTTRead      = reason("mqtt.unpack", "MQTT reads the topic; {n} of {m} bytes are the message.", "MQTT 5.0 sec. 3.3", "MQTT", "message queue")
	JSONEncode    = reason("json.encode", "JSON writes the values as text: {n} {n?byte|bytes}.", "RFC 8259", "JSON")
	JSONDecode    = reason("json.decode", "{n?This|These} {n} {n?byte is|bytes are} JSON: text that says what are names, numbers and lists.", "RFC 8259", "JSON")
	Base64Encode  = reason("base64.encode", "Only text may pass here, so base64 writes every three bytes as four letters: {n} {n?byte becomes|bytes become} {m}.", "RFC 4648 sec. 4", "base64")
	Base64Decode  = reason("base64.decode", "Base64 is undone: {m} letters are {n} {n?byte|bytes} again.", "RFC 4648 sec. 4", "base64")
	GzipPack      = reason("gzip.pack", "What repeats is said once: {n} {n?byte is|bytes are} packed into {m}.", "RFC 1951", "compression")
	GzipUnpack    = reason("gzip.unpack", "The packed bytes are unpacked: {m} become {n} again.", "RFC 1951", "compression")
	HTTPWrap      = reason("http.message", "HTTP puts a head of text before the {n} {n?byte|bytes} of the body, which says what they are and how they are packed: {m} bytes.", "RFC 9112 sec. 2.1", "HTTP")
	HTTPRead      = reason("http.unpack", "HTTP's head says where the message ends and what its body is. Of {m} bytes, {n} {n?is|are} the body's content.", "RFC 9112 sec. 6.3", "HTTP")
	WebSocketJoin = reason("websocket.join", "That was the last fragment: all {n} bytes of the message are there, in as many frames as its sender liked.", "RFC 6455 sec. 5.4", "WebSocket", "message")
)

var coatReasons = map[layers.Proto][2]Why{
	layers.TLS: {TLSSeal, TLSOpen}, layers.WebSocket: {WebSocketWrap, WebSocketRead}, layers.EngineIO: {EngineWrap, EngineRead},
	layers.SocketIO: {SocketIOWrap, SocketIORead}, layers.MQTT: {MQTTWrap, MQTTRead}, layers.JSON: {JSONEncode, JSONDecode},
	layers.Base64: {Base64Encode, Base64Decode}, layers.Gzip: {GzipPack, GzipUnpack}, layers.HTTP: {HTTPWrap, HTTPRead},
}

// CoatReason is why a wrapping is put on, or taken off. What TLS wraps may stay
// closed.
func CoatReason(p layers.Proto, kind Kind, opened bool) Why {
	switch {
	case !opened && kind == Encode:
		return TLSRecord
	case !opened:
		return TLSSealed
	case kind == Encode:
		return coatReasons[p][0]
	}
	return coatReasons[p][1]
}

// CoatArgs are the arguments of a wrapping's reason: with bytes with it,
// without bytes without it.
func (w Why) CoatArgs(with, without int) []int64 {
	var args []int64
	for _, p := range w.Reason().params {
		if p == "m" {
			args = append(args, int64(with))
		} else {
			args = append(args, int64(without))
		}
	}
	return args
}
