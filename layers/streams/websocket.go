package streams

import "strata/layers"

// frames is a direction of a WebSocket: what goes before the frame at hand.
type frames struct {
	head     [14]byte // the longest header
	header   layers.WebSocketFrame
	whole    []byte // the message that comes in fragments, as far as it came
	inflater layers.Inflater
	lost     bool // a part of the message is missing, or it is too long
	unread   bool // the messages that are compressed cannot be read any more
	credit   int  // bytes that may be unpacked
}

const (
	maxPacked = 100     // how much larger than what came unpacked messages may be, by and large
	firstMay  = 1 << 20 // bytes that may be more
)

// scanWebSocketHead reads the header of a frame. size counts its bytes.
func (t *Talk) scanWebSocketHead(s Sink, l *line, b []byte) int {
	f := l.frames
	for i, c := range b {
		f.head[l.size] = c
		l.size++
		h, ok := layers.WebSocketHeader(f.head[:l.size])
		if !ok {
			continue
		}
		f.header = h
		if h.PayloadLen > maxUnit {
			t.lose(l)
			return i + 1
		}
		l.state, l.left, l.sized = inWebSocket, int64(h.PayloadLen), l.frame
		return i + 1
	}
	return len(b)
}

// frameEnds reads a whole frame: what it tells of the next ones, and the
// message that it completes, when that is not its payload as it stands, or is a
// stretch of a stream.
func (t *Talk) frameEnds(s Sink, l *line, m *Message) {
	f, h := l.frames, l.frames.header
	if h.Control() {
		return
	}
	was := l.above
	completes := h.Completes(was)
	f.credit = min(f.credit+int(min(h.PayloadLen, maxOpened))*maxPacked, maxOpened)
	if completes || !h.Fin || t.inside != nil {
		f.join(s.Read(t.level, l.side, nil, m.End-int64(min(h.PayloadLen, maxOpened+1)), m.End), h)
	}
	if completes || h.Fin && t.inside != nil {
		t.message(s, l, m, completes, was.Packed(h))
	}
	if h.Fin {
		f.whole, f.lost = nil, false
	}
	l.above = was.AfterWebSocket(h)
}

// message takes what a frame completes.
func (t *Talk) message(s Sink, l *line, m *Message, completes, packed bool) {
	o := Opening{End: m.End, Frame: l.frame, Size: int32(min(m.End-m.Start, maxOpened)), Proto: layers.WebSocket, Len: -1, Plain: !completes}
	whole, ok := l.frames.message(packed)
	if ok {
		o.Len, o.Carries = int32(len(whole)), t.inside != nil
	}
	t.open(s, l, o, whole)
}

// lostFrame says that a part of a frame is missing, and with it of the message.
func (f *frames) lostFrame() {
	h := f.header
	if h.Control() {
		return
	}
	f.lost = !h.Fin
	f.unread = f.unread || !f.inflater.NoContext
	f.whole = nil
}

// join adds a frame's payload to the message.
func (f *frames) join(payload []byte, h layers.WebSocketFrame) {
	if f.lost || len(f.whole)+len(payload) > maxOpened {
		f.whole, f.lost = nil, true
		return
	}
	if h.Masked {
		layers.WebSocketMask(payload, h.Key, 0)
	}
	f.whole = append(f.whole, payload...)
}

// message is the message that has been joined.
func (f *frames) message(packed bool) ([]byte, bool) {
	if f.lost {
		f.unread = f.unread || packed && !f.inflater.NoContext
		return nil, false
	}
	if !packed {
		return f.whole, true
	}
	if f.unread {
		return nil, false
	}
	plain, err := f.inflater.Message(f.whole, min(maxOpened, firstMay+f.credit))
	if err != nil {
		f.unread = !f.inflater.NoContext
		return nil, false
	}
	f.credit = max(f.credit-len(plain), 1-firstMay)
	return plain, true
}
