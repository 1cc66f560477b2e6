package socketio

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"strata/layers"
)

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// keepConnected makes a session, and another one when it is lost, if the client
// wants that.
func (r *run) keepConnected() {
	for failures := 0; ; {
		ended := r.h.Signal()
		s, err := r.p.endpoint().dial(r.h, func(s *session) { r.begin(s, ended.Notify) })
		if err == nil {
			failures = -1
			r.connect(s)
			for err == nil {
				if err = ended.Wait(time.Time{}); err == nil {
					_, err = s.state()
				}
			}
		}
		failures++
		leaving := r.lost(s, err)
		switch {
		case leaving:
			return
		case !r.p.Reconnect, errors.Is(err, net.ErrClosed):
			r.fail(err)
			return
		case r.p.Attempts > 0 && failures >= r.p.Attempts:
			r.fail(fmt.Errorf("given up after %d attempts: %w", failures, err))
			return
		}
		if r.h.Sleep(r.backOff(failures)) != nil {
			return
		}
	}
}

// lost notes that the connection was lost, and what with it; leaving says that
// the client wanted it so.
func (r *run) lost(s *session, err error) (leaving bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s = nil
	for _, n := range r.order {
		if m := r.peers[n]; m.connected {
			m.connected = false
			r.h.Note(clients, layers.Printable(m.sid), "namespace", "")
		}
	}
	if s != nil {
		r.unsent += s.lost
	}
	if !r.leaving && len(r.p.Lost) < maxReceived {
		r.p.Lost = append(r.p.Lost, err)
	}
	return r.leaving
}

// backOff is how long to wait before another attempt: twice as long as before
// the last one, and not the same for all clients that lost a server.
func (r *run) backOff(failures int) time.Duration {
	d := r.p.ReconnectMin
	for range failures - 1 {
		d = min(2*d, r.p.ReconnectMax)
	}
	return min(d/2+time.Duration(r.h.Rand().Int64N(int64(d)+1)), r.p.ReconnectMax)
}

// begin gives a session what takes its messages.
func (r *run) begin(s *session, ended func()) {
	var a assembler
	s.received = func(m packet, arrived func([]byte)) error {
		p, err := a.add(m)
		if err != nil || p == nil {
			return err
		}
		if content := p.content(); content != nil {
			arrived(content)
		}
		return r.take(s, p)
	}
	s.ended = func(error) { ended() }
}

// connect asks to be let into the namespaces.
func (r *run) connect(s *session) {
	r.mu.Lock()
	r.s = s
	r.mu.Unlock()
	for _, n := range r.order {
		hello := Packet{Namespace: n}
		s.send(hello.packets()...)
	}
}

// take takes a packet of a session. An error is to end the session.
func (r *run) take(s *session, p *Packet) error {
	m := r.peers[p.Namespace]
	if m == nil {
		return broken("a packet for the namespace %.100q, which nobody asked for", p.Namespace)
	}
	r.mu.Lock()
	connected := m.connected
	r.mu.Unlock()
	switch {
	case p.Type == layers.SocketIOConnect && !connected:
		return r.connected(s, m, p)
	case p.Type == layers.SocketIOConnectError && !connected:
		r.fail(fmt.Errorf("the namespace %s: %s", p.Namespace, refusal(p.Data)))
	case !connected:
		return broken("a packet for the namespace %.100q before its CONNECT", p.Namespace)
	case p.isEvent():
		r.react(s, p)
	case p.isAnswer():
		m.answer(p)
	case p.Type == layers.SocketIODisconnect:
		r.fail(fmt.Errorf("the server disconnected the client from the namespace %s", p.Namespace))
	default:
		return broken("a second CONNECT for the namespace %.100q", p.Namespace)
	}
	return nil
}

// connected is the server's consent; what was emitted before it is sent now.
func (r *run) connected(s *session, m *member, p *Packet) error {
	var hello struct{ SID string }
	if json.Unmarshal(p.Data, &hello) != nil || hello.SID == "" {
		return broken("a CONNECT without a socket id")
	}
	r.mu.Lock()
	waiting := m.waiting
	m.waiting, m.connected, m.once, m.sid = nil, true, true, hello.SID
	for _, event := range waiting {
		s.send(event.packets()...)
	}
	r.mu.Unlock()
	r.h.Note(clients, layers.Printable(hello.SID), "namespace", m.namespace)
	r.changed.Notify()
	return nil
}

// refusal is why a namespace cannot be connected to.
func refusal(data []byte) string {
	var why struct{ Message string }
	if json.Unmarshal(data, &why) == nil && why.Message != "" {
		return fmt.Sprintf("%.200q", why.Message)
	}
	return fmt.Sprintf("%.200q", data)
}

// react does what is to be done when an event comes.
func (r *run) react(s *session, event *Packet) {
	r.note(event)
	name, _ := event.event()
	for i := range r.p.On {
		re := &r.p.On[i]
		if !re.meets(event.Namespace, name) {
			continue
		}
		carryOut := func() {
			if answer := re.answer(event); answer != nil {
				s.send(answer.packets()...)
			}
			if emission := re.emission(event); emission != nil {
				r.emit(emission, false)
			}
		}
		if re.After == 0 {
			carryOut()
			continue
		}
		r.h.Go(func() {
			if r.h.Sleep(re.After) == nil {
				carryOut()
			}
		})
	}
}
