package socketio

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"strata/sim/host"
	"strata/sim/http"
	"strata/sim/tls"
	"strata/sim/websocket"
)

// endpoint is where a client's sessions go.
type endpoint struct {
	to   string // address and port
	name string // of the host
	path string
	over string // "polling", "websocket", "upgrade": from the one to the other
	tls  *tls.Setting
}

// connect opens a connection for a session, which keeps it.
func (e *endpoint) connect(s *session) (net.Conn, error) {
	c, err := s.h.Dial("tcp", e.to)
	if err != nil {
		return nil, err
	}
	if !s.keep(c) { // the session can end during a handshake
		return nil, net.ErrClosed
	}
	protected, err := tls.Wrap(s.h, c, e.tls, false)
	s.forget(c)
	if err != nil {
		c.Close()
		return nil, err
	}
	if !s.keep(protected) {
		return nil, net.ErrClosed
	}
	return protected, nil
}

// target is what the session's requests ask for.
func (e *endpoint) target(over, sid string) string {
	target := e.path + "?EIO=4&transport=" + over
	if sid != "" {
		target += "&sid=" + sid
	}
	return target
}

// dial begins a session. What it receives before dial returns goes to received,
// too.
func (e *endpoint) dial(h host.Host, begin func(*session)) (*session, error) {
	s := newSession(h, polling)
	s.client = true
	begin(s)
	var err error
	if e.over == "websocket" {
		err = e.dialSocket(s)
	} else {
		err = e.dialPolling(s)
	}
	if err != nil {
		s.ended = func(error) {}
		s.end(err)
		return nil, err
	}
	h.Go(s.watch)
	return s, nil
}

// greet takes the packet that opens a session.
func (s *session) greet(p packet) (upgrades []string, err error) {
	var hello handshake
	if p.kind != open {
		return nil, broken("a session that does not begin with an open packet")
	}
	if err := json.Unmarshal(p.data, &hello); err != nil || !isID(hello.SID) || hello.PingInterval <= 0 || hello.PingTimeout <= 0 {
		return nil, broken("an open packet without session id, ping interval or ping timeout")
	}
	const most = 24 * 60 * 60 * 1000
	s.mu.Lock()
	s.sid, s.maxPayload, s.lastPing = hello.SID, hello.MaxPayload, s.h.Now()
	s.interval = time.Duration(min(hello.PingInterval, most)) * time.Millisecond
	s.timeout = time.Duration(min(hello.PingTimeout, most)) * time.Millisecond
	s.mu.Unlock()
	s.note("transport", s.over.String())
	return hello.Upgrades, nil
}

// isID says whether s can be a session's name, which stands in requests.
func isID(s string) bool {
	return s != "" && len(s) <= 200 && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '&' || r == '#' || r == '%' || r == '+' }) < 0
}

// caller makes HTTP requests, one after the other, over one connection as long
// as the server keeps it.
type caller struct {
	*endpoint
	s    *session
	t    *teller
	conn *http.Conn // on a connection that the session keeps
	old  time.Time  // when the server may close the connection; zero: never
}

func (e *endpoint) caller(s *session) *caller {
	return &caller{endpoint: e, s: s, t: &teller{Host: s.h}}
}

// ready opens a connection, unless there is one that can be used.
func (c *caller) ready() error {
	if c.conn != nil && (c.old.IsZero() || c.s.h.Now().Before(c.old)) {
		return nil
	}
	if c.conn != nil {
		c.s.drop(c.conn.Conn)
		c.conn = nil
	}
	conn, err := c.connect(c.s)
	if err != nil {
		return err
	}
	c.t.got = 0
	c.conn = http.NewConn(c.t, conn)
	return nil
}

// exchange makes a request, with a body for POST, and gives the answer's body.
func (c *caller) exchange(method string, packets []packet) ([]byte, error) {
	if err := c.ready(); err != nil {
		return nil, err
	}
	m := &http.Message{Start: method + " " + c.target("polling", c.s.sid) + " HTTP/1.1", Fields: []string{"Host: " + c.name, "User-Agent: strata", "Accept: */*"}}
	if packets != nil {
		body, marks := payload(packets)
		c.t.out = marks
		m.Fields = append(m.Fields, "Content-Type: text/plain;charset=UTF-8")
		m.Body = http.Text(body)
	}
	resp, err := c.conn.Exchange(method, m)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != 200 {
		return nil, broken("the server answers %s with %d: %.100q", method, resp.StatusCode, content)
	}
	c.old = time.Time{}
	for _, field := range strings.Split(resp.Header.Get("Keep-Alive"), ",") {
		// A server that names a time closes idle connections after it; a
		// request that is on its way then would be lost.
		seconds, ok := strings.CutPrefix(strings.TrimSpace(field), "timeout=")
		if n, err := strconv.Atoi(seconds); ok && err == nil {
			c.old = c.s.h.Now().Add(time.Duration(n-1) * time.Second)
		}
	}
	if resp.Close {
		c.old = c.s.h.Now()
	}
	return content, nil
}

// dialPolling begins a session over polling, and lets it change over to
// WebSocket.
func (e *endpoint) dialPolling(s *session) error {
	c := e.caller(s)
	body, err := c.exchange("GET", nil)
	if err != nil {
		return err
	}
	packets, err := readPayload(body)
	if err != nil {
		return err
	}
	upgrades, err := s.greet(packets[0])
	if err != nil {
		return err
	}
	rest := body[packets[0].textLen():]
	s.h.Go(func() {
		if len(rest) > 1 {
			if err := s.takePayload(c.t, c.conn.Conn, rest[1:]); err != nil {
				s.endFor("polling", err)
				return
			}
		}
		c.pollAll()
	})
	s.h.Go(e.caller(s).postAll)
	for _, u := range upgrades {
		if u == "websocket" && e.over == "upgrade" {
			s.h.Go(func() { e.upgrade(s) })
		}
	}
	return nil
}

// pollAll asks for packets again and again, as long as the session is not on
// its way to WebSocket.
func (c *caller) pollAll() {
	for c.s.polls() {
		body, err := c.exchange("GET", nil)
		if err == nil {
			err = c.s.takePayload(c.t, c.conn.Conn, body)
		}
		if err != nil {
			c.s.endFor("polling", err)
			break
		}
	}
	c.s.mu.Lock()
	c.s.settled = true
	c.s.mu.Unlock()
	c.s.calm.Notify()
	c.leave()
}

// polls says whether another poll is to be made.
func (s *session) polls() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason == nil && s.over == polling && !s.leaving
}

// leave gives the connection back.
func (c *caller) leave() {
	if c.conn != nil {
		c.s.drop(c.conn.Conn)
	}
}

// postAll sends what is in the queue, as long as the session is not over
// WebSocket.
func (c *caller) postAll() {
	defer c.leave()
	for {
		packets, err := c.s.take(polling, c.s.maxPayload, time.Time{})
		if err != nil || packets == nil {
			return
		}
		body, err := c.exchange("POST", packets)
		if err == nil && string(body) != "ok" {
			err = broken("the server answers a POST with %.100q", body)
		}
		if err != nil {
			c.s.endFor("polling", err)
			return
		}
		c.s.sent()
	}
}

// upgrade changes the session over to WebSocket. What tries it, without success,
// leaves the session as it is: that goes on polling.
func (e *endpoint) upgrade(s *session) {
	w, err := e.socket(s)
	if err != nil {
		return
	}
	w.SetReadDeadline(s.h.Now().Add(upgradeTime))
	if err := w.write(packet{kind: ping, data: []byte(probe)}); err != nil {
		s.drop(w)
		return
	}
	p, err := w.read()
	if err != nil || p.kind != pong || string(p.data) != probe {
		s.drop(w)
		return
	}
	w.SetReadDeadline(time.Time{})
	// From here on nothing is sent until the last requests have their
	// answers: so nothing can overtake what they carry.
	s.change(pausing)
	if s.quiet() != nil {
		return
	}
	if err := w.write(packet{kind: upgraded}); err != nil {
		s.endFor("WebSocket", err)
		return
	}
	s.change(webSocket)
	s.run(w)
}

// quiet waits until the client's requests have been answered.
func (s *session) quiet() error {
	for {
		s.mu.Lock()
		done, reason := s.settled && !s.sending, s.reason
		s.mu.Unlock()
		if done || reason != nil {
			return reason
		}
		if err := s.calm.Wait(time.Time{}); err != nil {
			return err
		}
	}
}

// close ends the session well: what waits is sent, and then that it ends.
func (s *session) close(until time.Time) {
	err := s.flush(until)
	s.mu.Lock()
	s.leaving = true
	w := s.socket
	s.mu.Unlock()
	switch {
	case err != nil:
	case w != nil:
		err = w.Conn.Close(websocket.Normal, "")
	default:
		s.send(packet{kind: closing})
		err = s.flush(until)
	}
	if err != nil {
		s.end(fmt.Errorf("closing: %w", err))
		return
	}
	s.end(errClosed)
}
