package streams

import (
	"bytes"

	"strata/layers"
)

// Polled tells of the packets of Engine.IO in the body of an HTTP message, each
// a unit of its own: that is how a session goes that polls. A body that is
// packed or in chunks holds them in another form, and is not told of.
func Polled(l Line, http *Tale) (list []Tale) {
	if http.Level > 0 {
		l = l.Inside()
	}
	at := http.Unit.Start
	if l == nil || http.Unit.Proto != layers.HTTP || http.Unit.End-at > maxCoated {
		return nil
	}
	head, body, _ := bytes.Cut(l.Read(nil, at, http.Unit.End), []byte("\r\n\r\n"))
	h := parseHead(head)
	if h.length != int64(len(body)) || aboveAt(l, at).Carries != layers.EngineIO && !layers.EngineIOTarget(h.target) {
		return nil
	}
	at = http.Unit.End - int64(len(body))
	for packet := range bytes.SplitSeq(body, []byte{layers.EngineIOSeparator}) {
		t := Tale{Level: http.Level, Unit: http.Unit, Bytes: packet, Inside: -1, Says: says(packet) || bytes.HasPrefix(packet, []byte("b"))}
		t.Unit.Proto, t.Unit.Start, t.Unit.End = layers.EngineIO, at, at+int64(len(packet))
		at = t.Unit.End + 1
		if len(packet) == 0 || packet[0] != 'b' && (packet[0] < '0' || packet[0] > '6') {
			continue // "ok", the answer to a POST
		}
		t.Coats = layers.EngineIOCoats(packet, false)
		if t.Says {
			t.Message = t.Inner()
		}
		list = append(list, t)
	}
	return list
}
