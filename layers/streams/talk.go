package streams

import (
	"strata/layers"
	"strata/layers/tlskeys"
)

// Talk follows the two streams of a connection: at level 0 TCP's, at level 1
// what TLS protects in them.
type Talk struct {
	// Side 0 opened the connection, or was seen first.
	ports    [2]uint16
	web      bool // one of them is HTTP's
	level    int
	lines    [2]line
	requests []request       // of HTTP, without a response yet
	tunnel   bool            // CONNECT was asked for
	secrets  *tlskeys.Log    // nil: there are none
	opener   *tlskeys.Opener // nil: there was no TLS record yet
	client   int             // the side that is TLS's client
	inside   *Talk           // what TLS protects, or WebSocket's messages make up
	late     [2][]int64      // how long the streams inside were before: the next one, the one in that, and so on
}

// line is one direction.
type line struct {
	state  framing
	side   int
	above  layers.Above // what it carries from the next message on
	told   layers.Above // what the sink was told of that
	frames *frames      // of a WebSocket
	begun  *Message     // the message that began last
	left   int64        // bytes that are left of a body, chunk or length prefix
	size   int          // bytes in the header or chunk line so far
	pos    int64        // offset of the next byte
	start  int64        // offset of the message at hand
	frame  uint32       // the frame at hand
	sized  uint32       // the frame in which the length of the message at hand became known
	tally  int          // messages that began in the frame at hand
	fed    int          // bytes of the frame
	news   bool         // some began or ended in it
	kind   byte         // of a TLS record: its content type
	pieces [][]byte     // of a TLS handshake message that goes on with the next record
	turns  int          // how often there were such pieces
	chars  text
}

// NewTalk begins to follow a connection between two ports. With secrets, what
// TLS protects is followed, too.
func NewTalk(ports [2]uint16, secrets *tlskeys.Log) *Talk {
	t := &Talk{ports: ports, secrets: secrets, web: layers.HTTPPort(ports[0]) || layers.HTTPPort(ports[1])}
	for i := range t.lines {
		t.lines[i].side = i
	}
	return t
}

// JoinedLate says that the beginning of a side's stream, up to an offset, was
// not seen, nor that of the streams inside: wait until some message begins.
func (t *Talk) JoinedLate(side int, off int64, inside []int64) {
	l := &t.lines[side]
	if l.pos = off; l.above.Proto != layers.MQTT || l.begun != nil { // a server's answers begin after CONNECT
		l.state = outOfStep
	}
	t.late[side] = inside
	if t.inside != nil && len(inside) > 0 {
		t.inside.JoinedLate(side, inside[0], inside[1:])
	}
}

// Open says that a side's message has begun and not ended, here or inside.
func (t *Talk) Open(side int) bool {
	return t.lines[side].open() != nil || t.inside != nil && t.inside.Open(side)
}

// Tunnel says that one side asked for a tunnel through the other.
func (t *Talk) Tunnel() bool { return t.tunnel }

// UntilClose says that a side's message lasts until its stream ends.
func (t *Talk) UntilClose(side int) bool { return t.lines[side].state == untilClose }

// Close says that a side's stream has ended with a message that lasts so long.
func (t *Talk) Close(s Sink, side int, frame uint32) {
	l := &t.lines[side]
	l.frame = frame
	if m := l.open(); m != nil && l.state == untilClose {
		m.Closed = true
		t.complete(s, l)
	}
	l.state = outOfStep
}

// News says whether a side's messages began or ended since it was asked last;
// with it a frame is done with.
func (t *Talk) News(side int) bool {
	l := &t.lines[side]
	news := l.news
	l.news, l.tally, l.fed = false, 0, 0
	if m := l.open(); news && m != nil && m.First == l.frame {
		m.StartsText = m.Proto == layers.HTTP && !l.chars.bad
	}
	return news
}

// Lose says that a side's stream cannot be followed here: bytes are missing,
// or are no message. The open message will never be whole.
func (t *Talk) lose(l *line) {
	inHead := l.state == inHTTPHead
	if l.state != opaque {
		l.state = outOfStep
	}
	if m := l.open(); m != nil {
		m.Last, m.Lost, m.Sized = l.frame, true, !inHead
	}
}

// Miss says that n bytes of a side's stream are missing. A body of known
// length can be followed across the gap, though its message will never be
// whole.
func (t *Talk) Miss(side int, frame uint32, n int64) {
	l := &t.lines[side]
	l.frame = frame
	switch m := l.open(); {
	case m == nil:
		t.lose(l)
	case l.state == untilClose:
		m.Lost = true
	case n < l.left && (l.state == inHTTPBody || l.state == inChunk || l.state == inDNS || l.state == inTLS || l.state == inMQTT || l.state == inWebSocket):
		m.Lost = true
		l.left -= n
	default:
		t.lose(l)
	}
	l.pos += n
}

// open is the message that has begun and not ended.
func (l *line) open() *Message {
	if l.begun != nil && l.begun.Last == NotYet {
		return l.begun
	}
	return nil
}

// Feed takes the next bytes of a side's stream, which begin where a segment
// does, and came in a frame.
func (t *Talk) Feed(s Sink, side int, frame uint32, b []byte) {
	l := &t.lines[side]
	l.frame = frame
	l.fed += len(b)
	if l.state == outOfStep && (t.startsHTTP(b, false) || startsTLS(b, false) || startsMQTT(b)) {
		l.state = betweenMessages
	}
	for len(b) > 0 && l.state != opaque && l.state != outOfStep {
		if l.state == betweenMessages && !t.begin(s, l, b) {
			break
		}
		n, done := t.scan(s, l, b)
		if m := l.open(); m != nil {
			if m.Proto == layers.HTTP {
				l.chars.feed(b[:n])
			}
			m.End = l.pos + int64(n)
		}
		l.pos += int64(n)
		b = b[n:]
		if done {
			t.complete(s, l)
		}
	}
	l.pos += int64(len(b))
}

// begin opens a message if one begins here.
func (t *Talk) begin(s Sink, l *line, b []byte) bool {
	m := Message{Start: l.pos, End: l.pos, First: l.frame, Last: NotYet}
	m.Proto = t.next(l, b)
	l.size = 0
	switch m.Proto {
	case layers.DNS:
		l.state, l.left = inDNSLength, 0
	case layers.HTTP:
		l.state = inHTTPHead
		l.above = t.aboveHTTP(l, b)
	case layers.TLS:
		l.state, l.left = inTLSHead, 0
	case layers.MQTT:
		l.state, l.left = inMQTTHead, 0
	case layers.WebSocket:
		l.state = inWebSocketHead
	default:
		l.state = outOfStep
		return false
	}
	l.chars, l.start, l.sized = text{}, l.pos, NotYet
	l.news = true
	l.tally++
	if l.above != l.told || l.pieces != nil {
		l.told = l.above
		s.Turn(t.level, l.side, Turn{Off: l.pos, Above: l.above, Begun: l.pieces})
		if l.pieces != nil {
			l.pieces, l.turns = nil, l.turns+1
		}
	}
	if l.tally <= min(max(leastTally, l.fed/leastUnit), mostTally) {
		l.begun = s.Begin(t.level, l.side, m)
	}
	return true
}

// went says that the message before was of a protocol: then a few bytes are
// enough to know the next one by.
func (l *line) went(p layers.Proto) bool { return l.begun != nil && l.begun.Proto == p }

// next is the protocol of the message that begins with b.
func (t *Talk) next(l *line, b []byte) layers.Proto {
	switch l.above.Proto {
	case layers.WebSocket, layers.MQTT:
		return l.above.Proto
	}
	switch {
	case t.level == 0 && (t.ports[0] == portDNS || t.ports[1] == portDNS):
		return layers.DNS
	case t.startsHTTP(b, l.went(layers.HTTP)):
		return layers.HTTP
	case startsTLS(b, l.went(layers.TLS)):
		return layers.TLS
	case t.ports[0] == layers.MQTTPort || t.ports[1] == layers.MQTTPort:
		return layers.MQTT
	}
	if startsMQTT(b) {
		return layers.MQTT
	}
	return layers.None
}

// complete closes the open message, whose last byte was just seen.
func (t *Talk) complete(s Sink, l *line) {
	if m := l.open(); m != nil {
		l.news = true
		m.Last = l.frame
		m.End = l.pos
		m.Sized = l.sized < l.frame
		m.Text = m.Proto == layers.HTTP && l.chars.whole()
		if m.First == l.frame {
			m.StartsText = m.Text
		}
		if m.Lost {
			t.lookLost(s, l, m)
		} else {
			s.Whole(t.level, l.side, m)
			t.look(s, l, m)
		}
	}
	if l.state != opaque {
		l.state = betweenMessages
	}
}

// look reads what a whole message tells of those after it, and what it holds.
func (t *Talk) look(s Sink, l *line, m *Message) {
	switch m.Proto {
	case layers.TLS:
		t.record(s, l, m)
	case layers.MQTT:
		if l.above.Proto != layers.MQTT || l.above.MQTT == 0 {
			t.mqtt(s, l, m)
		}
	case layers.WebSocket:
		t.frameEnds(s, l, m)
	}
}

// lookLost takes note of a message of which a part is missing.
func (t *Talk) lookLost(s Sink, l *line, m *Message) {
	switch {
	case m.Proto == layers.TLS:
		t.record(s, l, m) // it counts, though it cannot be opened
	case m.Proto == layers.WebSocket:
		l.frames.lostFrame()
		l.above = l.above.AfterWebSocket(l.frames.header)
		if t.inside != nil {
			t.inside.loseSide(l.side, l.frame)
		}
	}
}

func (t *Talk) loseSide(side int, frame uint32) {
	l := &t.lines[side]
	l.frame = frame
	t.lose(l)
}

const (
	maxOpened = 16 << 20 // bytes of a unit that is opened
	maxUnit   = 1 << 62  // bytes of one that can be followed
	maxBegun  = 64       // handshake messages over several records, of a side
)

// record opens a TLS record, and follows what it protects. Without secrets,
// only the handshake in the open is read.
func (t *Talk) record(s Sink, l *line, m *Message) {
	if t.secrets == nil && l.kind != contentHandshake && l.kind != contentChangeCipher {
		return
	}
	if t.opener == nil {
		t.opener = tlskeys.NewOpener(t.secrets)
	}
	record := s.Read(t.level, l.side, nil, m.Start, m.End)
	opened, protected := t.opener.Record(nil, t.role(l, record), record)
	if l.pieces = t.opener.Begun(l.side ^ t.client); len(l.pieces) == 0 || l.turns > maxBegun {
		l.pieces = nil
	}
	if !protected || t.secrets == nil {
		return
	}
	o := Opening{End: m.End, Frame: l.frame, Size: int32(m.End - m.Start), Proto: layers.TLS, Type: opened.Type, Len: int32(len(opened.Data))}
	if opened.Data == nil {
		o.Len = -1
	}
	if o.Carries = o.Data(); o.Carries && t.inside == nil {
		t.within()
	}
	t.open(s, l, o, opened.Data)
	if opened.Type == contentAlert && len(opened.Data) == 2 && opened.Data[1] == closeNotify && t.inside != nil {
		t.inside.Close(s, l.side, l.frame)
		l.news = t.inside.News(l.side) || l.news
	}
}

// within begins to follow the stream inside.
func (t *Talk) within() {
	t.inside = &Talk{level: t.level + 1, ports: t.ports}
	t.inside.lines[1].side = 1
	for side, from := range t.late {
		if len(from) > 0 {
			t.inside.JoinedLate(side, from[0], from[1:])
		}
	}
}

// open tells of what a unit holds, and follows the stream that it is a stretch
// of.
func (t *Talk) open(s Sink, l *line, o Opening, data []byte) {
	if t.inside != nil {
		o.Off = t.inside.lines[l.side].pos
	} else if from := t.late[l.side]; len(from) > 0 {
		o.Off = from[0]
	}
	s.Opened(t.level, l.side, o, data)
	switch {
	case o.Carries:
		t.inside.Feed(s, l.side, l.frame, data)
		l.news = t.inside.News(l.side) || l.news
	case o.Len < 0 && o.Type != contentHandshake && t.inside != nil: // there may have been data
		t.inside.loseSide(l.side, l.frame)
	}
}

// role is which side of a TLS session a line's records come from: the client
// is who sends a Client Hello.
func (t *Talk) role(l *line, record []byte) int {
	if len(record) > 5 && record[0] == contentHandshake && record[5] == clientHello {
		t.client = l.side
	}
	return l.side ^ t.client
}

// TLS's numbers (RFC 9846 sections 4 and 5.1).
const (
	contentAlert        = 21
	contentChangeCipher = 20
	contentHandshake    = 22
	contentData         = 23
	contentHeartbeat    = 24
	clientHello         = 1
	closeNotify         = 0 // an alert
)
