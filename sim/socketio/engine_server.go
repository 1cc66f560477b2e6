package socketio

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"strata/layers"
	"strata/sim/host"
	strata "strata/sim/http"
)

// What a server says no to, as it tells it.
const (
	noTransport = iota
	noSession
	noMethod
	noRequest
	_
	noVersion
)

var refusals = [...]string{noTransport: "Transport unknown", noSession: "Session ID unknown", noMethod: "Bad handshake method", noRequest: "Bad request", noVersion: "Unsupported protocol version"}

// engine is an Engine.IO server: sessions, each over whatever HTTP requests or
// WebSocket name it.
type engine struct {
	h          host.Host
	path       string
	interval   time.Duration
	timeout    time.Duration
	maxPayload int
	upgrades   bool
	begin      func(*session) // gives a new session what takes its messages and its end

	mu       sync.Mutex
	sessions map[string]*served
}

// served is a session at the server.
type served struct {
	*session
	polled, posted bool // a request of this kind is being answered
	probed         bool // a WebSocket is being tried
}

// start makes a session whose first packet is in its queue.
func (e *engine) start(over transport) *served {
	id := make([]byte, 15)
	for i := range id {
		id[i] = byte(e.h.Rand().Uint32())
	}
	s := &served{session: newSession(e.h, over)}
	s.sid = base64.RawURLEncoding.EncodeToString(id)
	s.interval, s.timeout, s.maxPayload = e.interval, e.timeout, e.maxPayload
	e.begin(s.session)
	ended := s.ended
	s.ended = func(reason error) {
		e.mu.Lock()
		delete(e.sessions, s.sid)
		e.mu.Unlock()
		ended(reason)
	}
	e.mu.Lock()
	e.sessions[s.sid] = s
	e.mu.Unlock()
	upgrades := []string{}
	if over == polling && e.upgrades {
		upgrades = append(upgrades, "websocket")
	}
	hello, _ := json.Marshal(handshake{s.sid, upgrades, e.interval.Milliseconds(), e.timeout.Milliseconds(), e.maxPayload})
	s.note("transport", over.String())
	s.send(packet{kind: open, data: hello})
	e.h.Go(s.heartbeat)
	return s
}

// handshake is what an open packet carries; times are in milliseconds.
type handshake struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int64    `json:"pingInterval"`
	PingTimeout  int64    `json:"pingTimeout"`
	MaxPayload   int      `json:"maxPayload"`
}

// serve answers the requests of a connection.
func (e *engine) serve(c net.Conn) error {
	t := &teller{Host: e.h}
	return strata.Serve(t, c, 0, func(req *http.Request) strata.Answer { return e.answer(t, c, req) })
}

func (e *engine) answer(t *teller, c net.Conn, req *http.Request) strata.Answer {
	q := req.URL.Query()
	if strings.TrimSuffix(req.URL.Path, "/") != strings.TrimSuffix(e.path, "/") {
		return strata.Answer{Status: http.StatusNotFound, Fields: []string{"Content-Type: text/plain"}, Body: strata.Text([]byte("There is no such page.\n"))}
	}
	e.mu.Lock()
	s := e.sessions[q.Get("sid")]
	e.mu.Unlock()
	over := q.Get("transport")
	switch {
	case q.Get("EIO") != "4":
		return refuse(noVersion)
	case over != "polling" && over != "websocket":
		return refuse(noTransport)
	case q.Get("sid") != "" && s == nil:
		return refuse(noSession)
	case s == nil && req.Method != "GET":
		return refuse(noMethod)
	case over == "websocket":
		return e.webSocket(t, req, s)
	case s == nil:
		return e.poll(t, e.start(polling))
	}
	if now, _ := s.state(); now != polling {
		return refuse(noRequest)
	}
	switch req.Method {
	case "GET":
		return e.poll(t, s)
	case "POST":
		return e.post(t, c, req, s)
	}
	return refuse(noRequest)
}

func refuse(code int) strata.Answer {
	body := fmt.Sprintf(`{"code":%d,"message":%q}`, code, refusals[code])
	return strata.Answer{Status: http.StatusBadRequest, Fields: []string{"Content-Type: application/json"}, Body: strata.Text([]byte(body))}
}

// claim marks that a request of one kind is being answered; false: another is.
func (s *served) claim(what *bool, on bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := *what
	*what = on
	return was != on
}

// poll waits until there are packets for the client: long polling.
func (e *engine) poll(t *teller, s *served) strata.Answer {
	if !s.claim(&s.polled, true) {
		s.end(broken("a poll while another one waits"))
		return refuse(noRequest)
	}
	defer s.claim(&s.polled, false)
	packets, err := s.take(polling, s.maxPayload, time.Time{})
	switch {
	case err == errPeerClosed || err == nil && packets == nil: // it said so itself, or has gone over to WebSocket
		packets = []packet{{kind: noop}}
	case err != nil:
		packets = []packet{{kind: closing}}
	}
	s.sent()
	body, marks := payload(packets)
	t.out = marks
	return strata.Answer{Status: http.StatusOK, Fields: []string{"Content-Type: text/plain; charset=UTF-8", "Cache-Control: no-store"}, Body: strata.Text(body)}
}

// payload is an HTTP body of packets, with the events in it.
func payload(packets []packet) (body []byte, marks []mark) {
	for i, p := range packets {
		if i > 0 {
			body = append(body, layers.EngineIOSeparator)
		}
		body = p.appendText(body)
		if p.event != nil {
			marks = append(marks, mark{len(body), p.event})
		}
	}
	for i := range marks {
		marks[i].left = len(body) - marks[i].left
	}
	return body, marks
}

// post takes the packets that a client sends.
func (e *engine) post(t *teller, c net.Conn, req *http.Request, s *served) strata.Answer {
	body, _ := io.ReadAll(req.Body) // it has been read already
	if !s.claim(&s.posted, true) {
		s.end(broken("a POST while another one is being answered"))
		return refuse(noRequest)
	}
	defer s.claim(&s.posted, false)
	if len(body) > e.maxPayload {
		s.end(broken("a body of %d bytes; at most %d are allowed", len(body), e.maxPayload))
		return strata.Answer{Status: http.StatusRequestEntityTooLarge}
	}
	if err := s.takePayload(t, c, body); err != nil {
		s.end(err)
		if err != errPeerClosed {
			return refuse(noRequest)
		}
	}
	return strata.Answer{Status: http.StatusOK, Fields: []string{"Content-Type: text/html", "Cache-Control: no-store"}, Body: strata.Text([]byte("ok"))}
}

// upgradeTime is how long a client may take to change over to WebSocket.
const upgradeTime = 10 * time.Second

// webSocket begins a session over WebSocket, or lets one change over to it.
func (e *engine) webSocket(t *teller, req *http.Request, s *served) strata.Answer {
	if s != nil {
		if now, _ := s.state(); now != polling || !e.upgrades || !s.claim(&s.probed, true) {
			return refuse(noRequest)
		}
	}
	return strata.Answer{Take: func(c net.Conn, r *bufio.Reader) error {
		w, err := acceptSocket(t, c, req, r, e.maxPayload)
		if err != nil {
			if s != nil {
				s.claim(&s.probed, false)
			}
			return err
		}
		defer w.Close()
		if s == nil {
			s = e.start(webSocket)
		} else if err := e.upgrade(w, s); err != nil {
			return nil // the session goes on as it was
		}
		if s.keep(w) {
			s.h.Go(func() { s.writeSocket(w) })
			s.readSocket(w)
		}
		return nil
	}}
}

// upgrade answers the probe of a new WebSocket, and waits until the client has
// finished with polling. Meanwhile nothing is sent there.
func (e *engine) upgrade(w *socket, s *served) error {
	defer s.claim(&s.probed, false)
	w.SetReadDeadline(e.h.Now().Add(upgradeTime))
	p, err := w.read()
	if err != nil || p.kind != ping || string(p.data) != probe {
		return broken("a WebSocket for an upgrade that begins without a probe")
	}
	if err := w.write(packet{kind: pong, data: []byte(probe)}); err != nil {
		return err
	}
	e.h.Go(s.hurry)
	if p, err = w.read(); err != nil || p.kind != upgraded {
		return broken("no upgrade packet after the probe")
	}
	w.SetReadDeadline(time.Time{})
	s.change(webSocket)
	return nil
}

// hurry gives a poll that waits something to be answered with, while a client
// wants to change over: it must have its answer first.
func (s *served) hurry() {
	for s.h.Sleep(100*time.Millisecond) == nil {
		s.mu.Lock()
		waits := s.polled && len(s.queue) == 0
		over := !s.probed || s.reason != nil
		s.mu.Unlock()
		if over {
			return
		}
		if waits {
			s.send(packet{kind: noop})
		}
	}
}
