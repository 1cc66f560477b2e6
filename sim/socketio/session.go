package socketio

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"strata/sim/host"
)

// How a session ends.
var (
	errClosed      = errors.New("closed by this side")
	errPeerClosed  = errors.New("closed by the peer")
	errPingTimeout = errors.New("ping timeout")
)

// maxQueue bounds what waits to be sent, in bytes.
const maxQueue = 16 << 20

// transport is how a session's packets travel.
type transport byte

func (t transport) String() string {
	return [...]string{"polling", "changing to WebSocket", "WebSocket"}[t]
}

// note tells of the session, for a table of sessions.
func (s *session) note(field, value string) {
	if s.sid != "" {
		s.h.Note("engine.io session", s.sid, field, value)
	}
}

const (
	polling   transport = iota
	pausing             // a client that changes over: it waits for its last request's answer
	webSocket           //
)

// session is one side of an Engine.IO session: a queue of packets to send, in
// order, whatever they are sent over, and what takes those that come.
//
//	emit ──> queue ──> POST, the answer to a poll, or WebSocket ──>
//	received <── handle <── the same ways back                  <──
type session struct {
	h          host.Host
	client     bool
	sid        string
	interval   time.Duration                                    // between pings
	timeout    time.Duration                                    // for a ping's answer
	maxPayload int                                              // bytes of an HTTP body
	received   func(p packet, arrived func(event []byte)) error // arrived tells of an event that is whole with the packet
	ended      func(error)                                      // told once, when the session ends

	ready [2]host.Signal // for who sends over polling, and over WebSocket: the queue or the state has changed
	beat  host.Signal    // for who watches the heartbeat
	calm  host.Signal    // for who waits until nothing is being sent

	mu       sync.Mutex
	over     transport
	queue    []packet
	queued   int       // bytes of it
	sending  bool      // packets are on their way out
	settled  bool      // client: no poll is under way, and none will be
	leaving  bool      // client: it has said that the session ends
	reason   error     // why it ended; nil: it goes on
	lost     int       // messages that were in the queue when it ended
	waiting  bool      // for a pong
	lastPing time.Time // client: when the server's last ping came
	joined   bool      // server: a namespace has been connected to
	conns    []io.Closer
	socket   *socket // over which it runs; nil: it is still polling
}

func newSession(h host.Host, over transport) *session {
	s := &session{h: h, over: over, beat: h.Signal(), calm: h.Signal()}
	for i := range s.ready {
		s.ready[i] = h.Signal()
	}
	return s
}

// wake lets all who wait look at the session again.
func (s *session) wake() {
	s.ready[0].Notify()
	s.ready[1].Notify()
	s.beat.Notify()
	s.calm.Notify()
}

// send puts packets at the end of the queue.
func (s *session) send(packets ...packet) {
	s.mu.Lock()
	if s.reason != nil {
		s.mu.Unlock()
		return
	}
	for _, p := range packets {
		s.queue = append(s.queue, p)
		s.queued += len(p.data)
	}
	full := s.queued > maxQueue
	s.mu.Unlock()
	if full {
		s.end(fmt.Errorf("the peer takes nothing: %d bytes wait to be sent", maxQueue))
		return
	}
	s.ready[0].Notify()
	s.ready[1].Notify()
}

// take waits for packets to send over a transport, and takes as many as an
// HTTP body may have (0: all); none: another transport has taken over. The
// error is os.ErrDeadlineExceeded, or why the session ended.
func (s *session) take(over transport, limit int, until time.Time) ([]packet, error) {
	for {
		s.mu.Lock()
		switch {
		case s.reason != nil:
			s.mu.Unlock()
			return nil, s.reason
		case s.over == webSocket && over == polling:
			s.mu.Unlock()
			return nil, nil
		case s.over == over && len(s.queue) > 0:
			packets := s.cut(limit)
			s.sending = true
			s.mu.Unlock()
			return packets, nil
		}
		s.mu.Unlock()
		if err := s.ready[min(over, 1)].Wait(until); err != nil {
			return nil, err
		}
	}
}

// cut takes packets from the queue, one at least.
func (s *session) cut(limit int) []packet {
	n, size := 0, 0
	for n < len(s.queue) {
		p := s.queue[n]
		if size += p.textLen() + 1; limit > 0 && n > 0 && size-1 > limit {
			break
		}
		s.queued -= len(p.data)
		n++
	}
	packets := s.queue[:n:n]
	s.queue = s.queue[n:]
	return packets
}

// sent says that what was taken has been sent.
func (s *session) sent() {
	s.mu.Lock()
	s.sending = false
	s.mu.Unlock()
	s.calm.Notify()
}

// flush waits until everything in the queue has been sent, or the session has
// ended.
func (s *session) flush(until time.Time) error {
	for {
		s.mu.Lock()
		done := s.reason != nil || len(s.queue) == 0 && !s.sending
		s.mu.Unlock()
		if done {
			return nil
		}
		if err := s.calm.Wait(until); err != nil {
			return err
		}
	}
}

// state is how packets travel now, and why the session ended.
func (s *session) state() (transport, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over, s.reason
}

// change lets packets travel another way.
func (s *session) change(to transport) {
	s.mu.Lock()
	s.over = to
	s.mu.Unlock()
	s.note("transport", to.String())
	s.wake()
}

// keep remembers a connection that is to be closed with the session. False: it
// has ended, and the connection is closed.
func (s *session) keep(c io.Closer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason != nil {
		c.Close()
		return false
	}
	s.conns = append(s.conns, c)
	return true
}

// forget takes back what keep did.
func (s *session) forget(c io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = slices.DeleteFunc(s.conns, func(k io.Closer) bool { return k == c })
}

// drop forgets a connection, and closes it.
func (s *session) drop(c io.Closer) {
	s.forget(c)
	c.Close()
}

// end ends the session, if it has not ended yet, and its connections.
func (s *session) end(reason error) {
	s.mu.Lock()
	if s.reason != nil {
		s.mu.Unlock()
		return
	}
	s.reason = reason
	for _, p := range s.queue {
		if p.event != nil {
			s.lost++
		}
	}
	conns := s.conns
	s.queue, s.conns = nil, nil
	s.mu.Unlock()
	for _, c := range conns {
		c.Close()
	}
	s.wake()
	s.note("ended", reason.Error())
	s.ended(reason)
}

// endFor ends the session because of what happened to one of its connections.
func (s *session) endFor(what string, err error) {
	s.mu.Lock()
	leaving, ended := s.leaving, s.reason != nil
	s.mu.Unlock()
	if ended {
		return // that is what happened
	}
	if leaving {
		err = errClosed
	}
	var wrong *protocolError
	switch {
	case errors.Is(err, net.ErrClosed), errors.Is(err, errPeerClosed), errors.Is(err, errClosed), errors.As(err, &wrong):
		s.end(err)
	default:
		s.end(fmt.Errorf("%s: %w", what, err))
	}
}

// handle takes a packet that came. An error is to end the session.
func (s *session) handle(p packet, arrived func(event []byte)) error {
	switch p.kind {
	case message:
		return s.received(p, arrived)
	case closing:
		return errPeerClosed
	case noop:
		return nil
	case ping:
		// Only servers ping, since revision 4 of the protocol.
		if !s.client {
			return broken("a ping from the client; pings are the server's")
		}
		s.mu.Lock()
		s.lastPing = s.h.Now()
		s.mu.Unlock()
		s.note("heartbeat", "answered")
		s.send(packet{kind: pong, data: p.data})
		s.beat.Notify()
		return nil
	case pong:
		if s.client {
			return broken("a pong from the server; pongs are the client's")
		}
		s.mu.Lock()
		s.waiting = false
		s.mu.Unlock()
		s.note("heartbeat", "answered")
		s.beat.Notify()
		return nil
	case open:
		return broken("a second open packet")
	}
	return broken("an upgrade packet without a probe before it")
}

// takePayload takes the packets of an HTTP body that came over a connection.
// Those before the first that is wrong count.
func (s *session) takePayload(t *teller, c net.Conn, body []byte) error {
	packets, wrong := readPayload(body)
	left := len(body)
	for _, p := range packets {
		left -= p.textLen()
		if err := s.handle(p, func(event []byte) { t.arrived(c, left, event) }); err != nil {
			return err
		}
		left-- // the separator
	}
	return wrong
}

// joinTime is how long a client may go without connecting to a namespace; it
// is looked at when a ping is due.
const joinTime = 45 * time.Second

// heartbeat is the server's: it pings, and ends the session of a client that
// does not answer in time.
func (s *session) heartbeat() {
	joinBy := s.h.Now().Add(joinTime)
	for s.pause(s.interval, func() bool { return false }) {
		s.mu.Lock()
		idle := !s.joined && s.h.Now().After(joinBy)
		s.waiting = true
		s.mu.Unlock()
		if idle {
			s.end(broken("the client connected to no namespace within %v", joinTime))
			return
		}
		s.note("heartbeat", "pinged")
		s.send(packet{kind: ping})
		if !s.pause(s.timeout, func() bool { return !s.waiting }) {
			return
		}
		s.mu.Lock()
		late := s.waiting
		s.mu.Unlock()
		if late {
			s.end(errPingTimeout)
			return
		}
	}
}

// pause waits for a time, or until a condition holds, which is asked under the
// lock. False: the session has ended.
func (s *session) pause(d time.Duration, holds func() bool) bool {
	until := s.h.Now().Add(d)
	for {
		s.mu.Lock()
		done, ended := holds(), s.reason != nil
		s.mu.Unlock()
		if ended || done {
			return !ended
		}
		if err := s.beat.Wait(until); errors.Is(err, os.ErrDeadlineExceeded) {
			return true
		} else if err != nil {
			s.end(err)
			return false
		}
	}
}

// watch is the client's part of the heartbeat: it ends the session when the
// server's ping does not come in time.
func (s *session) watch() {
	for late := false; !late; {
		s.mu.Lock()
		last := s.lastPing
		s.mu.Unlock()
		due := last.Add(s.interval + s.timeout)
		if !s.pause(due.Sub(s.h.Now()), func() bool { return s.lastPing != last }) {
			return
		}
		s.mu.Lock()
		late = s.lastPing == last
		s.mu.Unlock()
	}
	s.end(errPingTimeout)
}
