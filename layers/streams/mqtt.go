package streams

import "strata/layers"

// scanMQTTHead reads the first byte of a control packet, and the length of the
// rest (MQTT 5.0 section 2.1). size counts the bytes.
func (t *Talk) scanMQTTHead(l *line, b []byte) int {
	for i, c := range b {
		if l.size++; l.size == 1 {
			continue
		}
		l.left |= int64(c&0x7f) << (7 * (l.size - 2))
		switch {
		case c < 0x80:
			l.state, l.sized = inMQTT, l.frame
			return i + 1
		case l.size == 5: // RFC-wise malformed: no more than four bytes
			t.lose(l)
			return i + 1
		}
	}
	return len(b)
}

func startsMQTT(b []byte) bool {
	_, ok := layers.BeginsMQTT(b)
	return ok
}

// mqtt reads the first packet of a connection: CONNECT names the version that
// both sides speak.
func (t *Talk) mqtt(s Sink, l *line, m *Message) {
	if m.End-m.Start > maxOpened {
		return
	}
	level, ok := layers.BeginsMQTT(s.Read(t.level, l.side, nil, m.Start, m.End))
	if !ok {
		return
	}
	for i := range t.lines {
		a := &t.lines[i].above
		a.Proto, a.MQTT, a.Server = layers.MQTT, level, i != l.side
	}
}
