package socketio

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"strata/layers"
	"strata/sim/host"
)

// hub is a Socket.IO server's clients: in namespaces, and there in rooms.
//
//	session ──┬── client in /       ──> rooms
//	          └── client in /chat   ──> rooms
type hub struct {
	h       host.Host
	connect func(*client)          // a client has come
	event   func(*client, *Packet) // an event has come

	names []string // of the namespaces

	mu     sync.Mutex
	spaces map[string][]*client // by namespace, in the order in which they came
}

// client is a client in one namespace.
type client struct {
	peer
	s     *session
	rooms []string // guarded by the hub's lock
}

// begin gives a session what takes its messages.
func (b *hub) begin(s *session, ended func(error)) {
	var a assembler
	joined := map[string]*client{} // only the session's reader looks at it
	s.received = func(m packet, arrived func([]byte)) error {
		p, err := a.add(m)
		if err != nil || p == nil {
			return err
		}
		if content := p.content(); content != nil {
			arrived(content)
		}
		return b.take(s, joined, p)
	}
	s.ended = func(reason error) {
		var gone []*client
		b.mu.Lock()
		for _, name := range b.names {
			for _, c := range b.spaces[name] {
				if c.s == s {
					gone = append(gone, c)
				}
			}
		}
		b.mu.Unlock()
		for _, c := range gone {
			b.leave(c)
		}
		ended(reason)
	}
}

// take takes a packet of a session. An error is to end the session.
func (b *hub) take(s *session, joined map[string]*client, p *Packet) error {
	c := joined[p.Namespace]
	switch {
	case p.Type == layers.SocketIOConnect && c == nil:
		if c = b.join(s, p.Namespace); c != nil {
			joined[p.Namespace] = c
			b.connect(c)
		}
		return nil
	case c == nil:
		return broken("a packet for the namespace %.100q, which the client has not connected to", p.Namespace)
	case p.isEvent():
		b.event(c, p)
	case p.isAnswer():
		c.answer(p)
	case p.Type == layers.SocketIODisconnect:
		delete(joined, p.Namespace)
		b.leave(c)
	case p.Type == layers.SocketIOConnect:
		return broken("a second CONNECT to the namespace %.100q", p.Namespace)
	default:
		return broken("a CONNECT_ERROR from the client")
	}
	return nil
}

// join lets a session into a namespace, or tells it why not: nil.
func (b *hub) join(s *session, namespace string) *client {
	id := make([]byte, 15)
	for i := range id {
		id[i] = byte(b.h.Rand().Uint32())
	}
	c := &client{s: s, peer: peer{namespace: namespace, sid: base64.RawURLEncoding.EncodeToString(id)}}
	b.mu.Lock()
	all, ok := b.spaces[namespace]
	if ok {
		b.spaces[namespace] = append(all, c)
	}
	b.mu.Unlock()
	if !ok {
		refusal := Packet{Type: layers.SocketIOConnectError, Namespace: namespace, Data: []byte(`{"message":"Invalid namespace"}`)}
		s.send(refusal.packets()...)
		return nil
	}
	s.mu.Lock()
	s.joined = true
	s.mu.Unlock()
	hello, _ := json.Marshal(struct {
		SID string `json:"sid"`
	}{c.sid})
	b.h.Note(clients, c.sid, "namespace", namespace)
	connect := Packet{Namespace: namespace, Data: hello}
	s.send(connect.packets()...)
	return c
}

func (b *hub) leave(c *client) {
	b.mu.Lock()
	b.spaces[c.namespace] = slices.DeleteFunc(b.spaces[c.namespace], func(k *client) bool { return k == c })
	b.mu.Unlock()
	b.h.Note(clients, c.sid, "namespace", "")
	b.h.Note(clients, c.sid, "rooms", "")
}

// clients is the table of who is connected to a namespace.
const clients = "socket.io client"

// enter puts a client in a room, or takes it out.
func (b *hub) enter(c *client, room string, in bool) {
	b.mu.Lock()
	c.rooms = slices.DeleteFunc(c.rooms, func(r string) bool { return r == room })
	if in && len(c.rooms) < maxRooms {
		c.rooms = append(c.rooms, room)
	}
	rooms := layers.Printable(strings.Join(c.rooms, ", "))
	b.mu.Unlock()
	b.h.Note(clients, c.sid, "rooms", rooms)
}

// maxRooms bounds the rooms of one client.
const maxRooms = 1000

// members are the clients of a namespace, but for one, that are in a room
// (empty: all).
func (b *hub) members(namespace, room string, but *client) (all []*client) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.spaces[namespace] {
		if c != but && (room == "" || slices.Contains(c.rooms, room)) {
			all = append(all, c)
		}
	}
	return all
}
