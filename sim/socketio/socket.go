package socketio

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"time"

	"strata/layers"
	"strata/sim/websocket"
)

// socket is a WebSocket whose messages are a session's packets.
type socket struct {
	*websocket.Conn
	t    *teller
	conn net.Conn // below
	mask bool     // what is sent is masked: this side is the client
}

// Close ends the connection at once, when the session has ended.
func (w *socket) Close() error {
	w.Abort()
	return nil
}

// closeTime is how long to wait for the other side's close frame.
const closeTime = 30 * time.Second

func acceptSocket(t *teller, c net.Conn, req *http.Request, r *bufio.Reader, most int) (*socket, error) {
	w, err := websocket.Accept(t, c, req, r, &websocket.Options{MaxMessage: most, CloseTimeout: closeTime})
	if err != nil {
		return nil, err
	}
	return &socket{Conn: w, t: t, conn: c}, nil
}

// socket opens a WebSocket for a session, which keeps it.
func (e *endpoint) socket(s *session) (*socket, error) {
	c, err := e.connect(s)
	if err != nil {
		return nil, err
	}
	t := &teller{Host: s.h}
	w, err := websocket.Open(t, c, e.name, e.target("websocket", s.sid), &websocket.Options{CloseTimeout: closeTime})
	s.forget(c)
	if err != nil {
		c.Close()
		return nil, err
	}
	k := &socket{Conn: w, t: t, conn: c, mask: true}
	if !s.keep(k) {
		return nil, net.ErrClosed
	}
	return k, nil
}

// read waits for the next packet.
func (w *socket) read() (packet, error) {
	kind, b, err := w.ReadMessage()
	if err != nil {
		return packet{}, err
	}
	if kind == websocket.Binary {
		return packet{kind: message, binary: true, data: b}, nil
	}
	return readPacket(b)
}

func (w *socket) write(p packet) error {
	if p.binary {
		return w.WriteMessage(websocket.Binary, p.data)
	}
	return w.WriteMessage(websocket.Text, p.appendText(nil))
}

// size is how many bytes a packet's frame has.
func (w *socket) size(p packet) int {
	n := len(p.data)
	if !p.binary {
		n++
	}
	return layers.WebSocketHeaderLen(uint64(n), w.mask) + n
}

// writeAll sends packets. An event is told of before the first one of it.
func (w *socket) writeAll(packets []packet) error {
	told := -1 // the last packet of the events that have been told of
	for i, p := range packets {
		last := i + max(p.parts, 1) - 1
		if last > told && last < len(packets) && packets[last].event != nil {
			after := 0
			for _, p := range packets[i+1 : last+1] {
				after += w.size(p)
			}
			w.t.out = []mark{{-after, packets[last].event}}
			told = last
		}
		if err := w.write(p); err != nil {
			return err
		}
	}
	return nil
}

// dialSocket begins a session over WebSocket.
func (e *endpoint) dialSocket(s *session) error {
	s.over = webSocket
	w, err := e.socket(s)
	if err != nil {
		return err
	}
	w.SetReadDeadline(s.h.Now().Add(upgradeTime))
	p, err := w.read()
	if err != nil {
		return err
	}
	w.SetReadDeadline(time.Time{})
	if _, err := s.greet(p); err != nil {
		return err
	}
	s.run(w)
	return nil
}

// run sends and takes the session's packets over a WebSocket, beside the
// caller.
func (s *session) run(w *socket) {
	s.mu.Lock()
	s.socket = w
	s.mu.Unlock()
	s.h.Go(func() { s.writeSocket(w) })
	s.h.Go(func() { s.readSocket(w) })
}

// writeSocket sends what is in the queue until the session ends.
func (s *session) writeSocket(w *socket) {
	for {
		packets, err := s.take(webSocket, 0, time.Time{})
		if err != nil {
			return
		}
		if err := w.writeAll(packets); errors.Is(err, websocket.ErrClosing) {
			return // who reads learns why
		} else if err != nil {
			s.endFor("WebSocket", err)
			return
		}
		s.sent()
	}
}

// readSocket takes what comes until the session ends.
func (s *session) readSocket(w *socket) {
	for {
		p, err := w.read()
		if err == nil {
			err = s.handle(p, func(event []byte) { w.t.arrived(w.conn, 0, event) })
		}
		if err == nil {
			continue
		}
		var closed *websocket.CloseError
		var wrong *protocolError
		switch {
		case errors.As(err, &closed) && closed.Code <= websocket.GoingAway || errors.As(err, &closed) && closed.Code == websocket.NoStatus:
			err = errPeerClosed
		case errors.As(err, &wrong): // the other side is told; how that goes is of no interest any more
			s.forget(w)
			defer w.Conn.Close(websocket.ProtocolError, "")
		}
		s.endFor("WebSocket", err)
		return
	}
}
