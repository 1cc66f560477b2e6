package socketio

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"strata/sim/host"
	"strata/sim/tls"
)

// Server is a Socket.IO server, over HTTP long polling and WebSocket.
type Server struct {
	Listen       string        `yaml:"listen" doc:"Port to listen at (default :80)."`
	TLS          *tls.Setting  `yaml:"tls" doc:"Serve within TLS sessions (https, wss); {} is enough, and a port like :443."`
	Path         string        `yaml:"path" doc:"What the requests ask for (default /socket.io/)."`
	Namespaces   []string      `yaml:"namespaces" max:"100" doc:"The namespaces that clients may connect to (default only /)."`
	PingInterval time.Duration `yaml:"ping_interval" doc:"Time between the server's pings (default 25s)."`
	PingTimeout  time.Duration `yaml:"ping_timeout" doc:"Time to wait for the pong; then the client is given up (default 20s)."`
	MaxPayload   int           `yaml:"max_payload" range:"100..4000000" doc:"Bytes that a body or a message from a client may have (default 1000000)."`
	NoUpgrade    bool          `yaml:"no_upgrade" doc:"Don't offer WebSocket to clients that poll."`
	On           []Reaction    `yaml:"on" max:"100" doc:"What to do when events come; everything that fits is done, in this order."`
	Emits        []Emit        `yaml:"emits" max:"100" doc:"Events to emit by itself, to every client of the namespace."`

	mu sync.Mutex
	// Received are the events that came, and the answers.
	Received []Received

	hub *hub
}

// NewServer is a server with the settings that hold unless others are given.
func NewServer() *Server {
	return &Server{Listen: ":80", Path: "/socket.io/", PingInterval: 25 * time.Second, PingTimeout: 20 * time.Second, MaxPayload: 1_000_000}
}

// Check finds what is wrong with the settings.
func (p *Server) Check() error {
	if !isURLPath(p.Path) {
		return host.Wrong(&p.Path, "path", fmt.Sprintf("%q is not a path; write /socket.io/", p.Path))
	}
	if p.PingInterval < time.Millisecond {
		return host.Wrong(&p.PingInterval, "ping_interval", "the time between pings is at least 1ms")
	}
	if p.PingTimeout < time.Millisecond {
		return host.Wrong(&p.PingTimeout, "ping_timeout", "the time to wait for a pong is at least 1ms")
	}
	if p.TLS != nil {
		if err := p.TLS.Check("tls"); err != nil {
			return err
		}
	}
	if err := checkNamespaces(p.Namespaces); err != nil {
		return err
	}
	for i := range p.On {
		if err := p.On[i].check(fmt.Sprintf("on[%d]", i), true); err != nil {
			return err
		}
	}
	for i := range p.Emits {
		if err := p.Emits[i].check(fmt.Sprintf("emits[%d]", i), true); err != nil {
			return err
		}
	}
	return host.CheckLocal(&p.Listen, "listen")
}

// isURLPath says whether s can be the path of a request's target.
func isURLPath(s string) bool {
	return strings.HasPrefix(s, "/") && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '?' || r == '#' || r == '%' }) < 0
}

func checkNamespaces(names []string) error {
	for i := range names {
		name := fmt.Sprintf("namespaces[%d]", i)
		if names[i] == "" {
			return host.Wrong(&names[i], name, `"" is not a namespace; write /chat`)
		}
		if err := checkNamespace(&names[i], name); err != nil {
			return err
		}
	}
	return nil
}

// Run serves until the host ends.
func (p *Server) Run(h host.Host) error {
	var f host.Failures
	p.Received = nil
	p.hub = &hub{h: h, spaces: map[string][]*client{}, connect: func(c *client) { p.react(h, c, nil) }, event: func(c *client, e *Packet) { p.react(h, c, e) }}
	if p.hub.names = p.Namespaces; len(p.hub.names) == 0 {
		p.hub.names = []string{"/"}
	}
	for _, name := range p.hub.names {
		p.hub.spaces[name] = []*client{}
	}
	e := &engine{h: h, path: p.Path, interval: p.PingInterval, timeout: p.PingTimeout, maxPayload: p.MaxPayload, upgrades: !p.NoUpgrade, sessions: map[string]*served{}}
	e.begin = func(s *session) {
		p.hub.begin(s, func(reason error) {
			if !errors.Is(reason, errPeerClosed) {
				f.Add(fmt.Errorf("session %s: %w", s.sid, reason))
			}
		})
	}
	if len(p.Emits) > 0 {
		h.Go(func() { p.emitAll(h) })
	}
	host.ServeStreams(h, p.Listen, &f, func(c net.Conn) error {
		protected, err := tls.Wrap(h, c, p.TLS, true)
		if err != nil {
			return err
		}
		defer protected.Close()
		return e.serve(protected)
	})
	return f.Err("socketio server")
}

// emitAll emits the server's own events.
func (p *Server) emitAll(h host.Host) {
	start := h.Now()
	schedule(p.Emits, func(at time.Duration) bool { return h.Sleep(start.Add(at).Sub(h.Now())) == nil }, func(e *Emit, n int) bool {
		for _, c := range p.hub.members(namespace(e.Namespace), e.Room, nil) {
			p.emit(c, e.packet(n), e.Ack)
		}
		return true
	})
}

// emit sends an event to one client: broadcasting is that, for each.
func (p *Server) emit(c *client, event *Packet, ask bool) {
	if ask {
		c.ask(event, p.note)
	}
	c.s.send(event.packets()...)
}

// note remembers what came.
func (p *Server) note(what *Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.Received) < maxReceived {
		p.Received = append(p.Received, received(what))
	}
}

// react does what is to be done when an event comes; nil: when the client has
// connected.
func (p *Server) react(h host.Host, c *client, event *Packet) {
	name, what := "connect", &Packet{Namespace: c.namespace}
	if event != nil {
		p.note(event)
		name, _ = event.event()
		what = event
	}
	for i := range p.On {
		r := &p.On[i]
		if !r.meets(c.namespace, name) {
			continue
		}
		if r.After > 0 {
			h.Go(func() {
				if h.Sleep(r.After) == nil {
					p.carryOut(r, c, what)
				}
			})
			continue
		}
		p.carryOut(r, c, what)
	}
}

func (p *Server) carryOut(r *Reaction, c *client, event *Packet) {
	if r.Join != "" {
		p.hub.enter(c, room(r.Join, event), true)
	}
	if r.Leave != "" {
		p.hub.enter(c, room(r.Leave, event), false)
	}
	if answer := r.answer(event); answer != nil {
		c.s.send(answer.packets()...)
	}
	emission := r.emission(event)
	if emission == nil {
		return
	}
	to := []*client{c}
	switch r.Whom {
	case "all":
		to = p.hub.members(c.namespace, room(r.Room, event), nil)
	case "others":
		to = p.hub.members(c.namespace, room(r.Room, event), c)
	}
	for _, c := range to {
		c.s.send(emission.packets()...)
	}
}

// room is the name of a room, where {0} stands for the event's first value.
func room(name string, event *Packet) string {
	_, all := event.event()
	first := ""
	if len(all) > 0 && json.Unmarshal(all[0], &first) != nil {
		first = string(all[0])
	}
	return strings.ReplaceAll(name, "{0}", first)
}
