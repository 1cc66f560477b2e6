package streams

import (
	"bytes"
	"compress/flate"
	"io"

	"strata/layers"
)

// frames is a direction of a WebSocket: what goes before the frame at hand.
type frames struct {
	head   [14]byte // the longest header
	header layers.WebSocketFrame
	whole  []byte // the message that comes in fragments, as far as it came
	window []byte // the last bytes that were compressed (RFC 7692 section 7.2.3.2)
	fresh  bool   // each message is compressed by itself
	lost   bool   // a part of the message is missing, or it is too long
}

// maxWindow is how far compressed data refer back.
const maxWindow = 1 << 15

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
		if h.PayloadLen > 1<<62 {
			t.lose(l)
			return i + 1
		}
		l.state, l.left, l.sized = inWebSocket, int64(h.PayloadLen), l.frame
		return i + 1
	}
	return len(b)
}

// frameEnds reads a whole frame: what it tells of the next ones, and the
// message that it completes, when that is not its payload as it stands.
func (t *Talk) frameEnds(s Sink, l *line, m *Message) {
	f, h := l.frames, l.frames.header
	if h.Control() {
		return
	}
	was := l.above
	if h.Completes(was) || !h.Fin {
		f.join(s.Read(t.level, l.side, nil, m.End-int64(min(h.PayloadLen, maxOpened+1)), m.End), h)
	}
	if h.Completes(was) {
		o := Opening{End: m.End, Frame: l.frame, Size: int32(min(m.End-m.Start, maxOpened)), Proto: layers.WebSocket, Len: -1}
		whole, ok := f.message(was.Packed(h))
		if ok {
			o.Len = int32(len(whole))
		}
		s.Opened(t.level, l.side, o, whole)
	}
	if h.Fin {
		f.whole, f.lost = nil, false
	}
	l.above = was.AfterWebSocket(h)
}

// join adds a frame's payload to the message.
func (f *frames) join(payload []byte, h layers.WebSocketFrame) {
	if len(f.whole)+len(payload) > maxOpened {
		f.lost = true
		return
	}
	if h.Masked {
		layers.WebSocketMask(payload, h.Key, 0)
	}
	f.whole = append(f.whole, payload...)
}

// message is the message that has been joined.
func (f *frames) message(packed bool) ([]byte, bool) {
	if f.lost || !packed {
		return f.whole, !f.lost
	}
	// RFC 7692 section 7.2.2: the end of the last block was taken off; and for
	// an end to read up to, there is a final block.
	in := io.MultiReader(bytes.NewReader(f.whole), bytes.NewReader([]byte{0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff}))
	r := flate.NewReaderDict(in, f.window)
	out, err := io.ReadAll(io.LimitReader(r, maxOpened+1))
	if err != nil || len(out) > maxOpened {
		return nil, false
	}
	if !f.fresh {
		f.window = append(f.window, out...)
		f.window = bytes.Clone(f.window[max(0, len(f.window)-maxWindow):])
	}
	return out, true
}
