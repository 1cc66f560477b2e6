package socketio

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"strata/layers"
	"strata/sim/host"
	"strata/sim/tls"
)

// Client is a Socket.IO client: it connects to namespaces, emits events, and
// reacts to the server's.
type Client struct {
	To         string        `yaml:"to" need:"true" doc:"Address and port of the server, like 10.0.2.2:80."`
	Host       string        `yaml:"host" doc:"The Host header: the site's name, when it is not the address."`
	TLS        *tls.Setting  `yaml:"tls" doc:"Talk within TLS sessions (https, wss); {} is enough."`
	Path       string        `yaml:"path" doc:"What the requests ask for (default /socket.io/)."`
	Namespaces []string      `yaml:"namespaces" max:"100" doc:"The namespaces to connect to (default only /)."`
	Transport  string        `yaml:"transport" oneof:"polling websocket upgrade" doc:"How to talk: polling, websocket, or upgrade: from the first to the second (default)."`
	Emits      []Emit        `yaml:"emits" max:"100" doc:"Events to emit, each at its time since the namespaces were connected to."`
	On         []Reaction    `yaml:"on" max:"100" doc:"What to do when events come; everything that fits is done, in this order."`
	Patience   time.Duration `yaml:"patience" doc:"Time to wait for the answers that were asked for (default 10s)."`
	Stay       time.Duration `yaml:"stay" doc:"Time to stay connected after the last event and its answer (default 1s)."`

	Reconnect    bool          `yaml:"reconnect" doc:"Connect again when the connection was lost or could not be made."`
	ReconnectMin time.Duration `yaml:"reconnect_delay" doc:"Time before the first new attempt, give or take a half; each further one waits twice as long (default 1s)."`
	ReconnectMax time.Duration `yaml:"reconnect_delay_max" doc:"Time between attempts, at most (default 5s)."`
	Attempts     int           `yaml:"attempts" range:"0..1000" doc:"How often to try before giving up (default 0: for ever)."`

	// Received are the events that came, and the answers, in their order.
	Received []Received
	// Lost is why connections were lost.
	Lost []error
}

// NewClient is a client with the settings that hold unless others are given.
func NewClient() *Client {
	return &Client{Path: "/socket.io/", Transport: "upgrade", Patience: 10 * time.Second, Stay: time.Second, ReconnectMin: time.Second, ReconnectMax: 5 * time.Second}
}

// Check finds what is wrong with the settings.
func (p *Client) Check() error {
	switch {
	case !isURLPath(p.Path):
		return host.Wrong(&p.Path, "path", fmt.Sprintf("%q is not a path; write /socket.io/", p.Path))
	case strings.ContainsAny(p.Host, " /") || strings.IndexFunc(p.Host, func(r rune) bool { return r < ' ' || r > '~' }) >= 0:
		return host.Wrong(&p.Host, "host", fmt.Sprintf("%q is not a host's name; write www.example", p.Host))
	case p.Reconnect && (p.ReconnectMin <= 0 || p.ReconnectMax < p.ReconnectMin):
		return host.Wrong(&p.ReconnectMin, "reconnect_delay", "the time before a new attempt is more than 0s, and no more than reconnect_delay_max")
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
		if err := p.On[i].check(fmt.Sprintf("on[%d]", i), false); err != nil {
			return err
		}
	}
	for i := range p.Emits {
		if err := p.Emits[i].check(fmt.Sprintf("emits[%d]", i), false); err != nil {
			return err
		}
		if !p.names(namespace(p.Emits[i].Namespace)) {
			return host.Wrong(&p.Emits[i].Namespace, fmt.Sprintf("emits[%d]: namespace", i), "the client does not connect to that namespace; add it to namespaces")
		}
	}
	return host.CheckRemote(&p.To, "to")
}

// spaces are the namespaces that the client connects to.
func (p *Client) spaces() []string {
	if len(p.Namespaces) == 0 {
		return []string{"/"}
	}
	return p.Namespaces
}

func (p *Client) names(namespace string) bool {
	for _, n := range p.spaces() {
		if n == namespace {
			return true
		}
	}
	return false
}

// Run connects, emits, waits for what was asked for, and takes its leave.
func (p *Client) Run(h host.Host) error {
	p.Received, p.Lost = nil, nil
	r := &run{p: p, h: h, changed: h.Signal(), peers: map[string]*member{}}
	for _, n := range p.spaces() {
		if r.peers[n] == nil {
			r.peers[n] = &member{peer: peer{namespace: n}}
			r.order = append(r.order, n)
		}
	}
	h.Go(r.keepConnected)
	err := r.work()
	if closed := r.close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("socketio client: %w", err)
	}
	return nil
}

// endpoint is where the sessions go.
func (p *Client) endpoint() *endpoint {
	e := &endpoint{to: p.To, name: p.Host, path: p.Path, over: p.Transport, tls: p.TLS}
	if e.name == "" {
		usual := ":80"
		if p.TLS != nil {
			usual = ":443"
		}
		e.name = strings.TrimSuffix(p.To, usual)
	}
	return e
}

// run is a client at work.
type run struct {
	p       *Client
	h       host.Host
	changed host.Signal // something has happened that work waits for
	order   []string    // of the namespaces

	mu      sync.Mutex
	peers   map[string]*member
	s       *session // nil: there is none now
	failed  error
	leaving bool
	awaited int // answers that are still to come
	unsent  int // events that were emitted, but not sent when the connection was lost
}

// member is the client's side of a namespace.
type member struct {
	peer
	connected bool
	once      bool      // it has been connected
	waiting   []*Packet // events that were emitted while it was not
}

// wait waits until a condition, asked under the lock, holds, or a time has
// come (zero: never). The error is why the client failed, if it did.
func (r *run) wait(until time.Time, holds func() bool) error {
	for {
		r.mu.Lock()
		done, failed := holds(), r.failed
		r.mu.Unlock()
		if done || failed != nil {
			return failed
		}
		if err := r.changed.Wait(until); err != nil {
			return err
		}
	}
}

func never() bool { return false }

// pause waits, unless the client fails.
func (r *run) pause(until time.Time) error {
	if err := r.wait(until, never); !isTimeout(err) {
		return err
	}
	return nil
}

func (r *run) fail(err error) {
	r.mu.Lock()
	if r.failed == nil {
		r.failed = err
	}
	r.mu.Unlock()
	r.changed.Notify()
}

// work emits what is to be emitted, and waits for the answers.
func (r *run) work() error {
	err := r.wait(time.Time{}, func() bool {
		for _, m := range r.peers {
			if !m.once {
				return false
			}
		}
		return true
	})
	if err != nil {
		return err
	}
	start := r.h.Now()
	schedule(r.p.Emits, func(at time.Duration) bool {
		err = r.pause(start.Add(at))
		return err == nil
	}, func(e *Emit, n int) bool {
		r.emit(e.packet(n), e.Ack)
		return true
	})
	if err != nil {
		return err
	}
	if err := r.wait(r.h.Now().Add(r.p.Patience), func() bool { return r.awaited == 0 }); isTimeout(err) {
		return fmt.Errorf("%d answers did not come within %v", r.awaited, r.p.Patience)
	} else if err != nil {
		return err
	}
	return r.pause(r.h.Now().Add(r.p.Stay))
}

// emit sends an event, or keeps it until the namespace is connected to.
func (r *run) emit(event *Packet, ask bool) {
	m := r.peers[event.Namespace]
	if ask {
		r.mu.Lock()
		r.awaited++
		r.mu.Unlock()
		m.ask(event, func(answer *Packet) {
			r.note(answer)
			r.mu.Lock()
			r.awaited--
			r.mu.Unlock()
			r.changed.Notify()
		})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !m.connected {
		m.waiting = append(m.waiting, event)
		return
	}
	r.s.send(event.packets()...)
}

// note remembers what came.
func (r *run) note(what *Packet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.p.Received) < maxReceived {
		r.p.Received = append(r.p.Received, received(what))
	}
}

// close takes leave of the server: of each namespace, then of the session.
func (r *run) close() error {
	r.mu.Lock()
	r.leaving = true
	s := r.s
	unsent := r.unsent
	for _, n := range r.order {
		unsent += len(r.peers[n].waiting)
		if r.peers[n].connected {
			bye := Packet{Type: layers.SocketIODisconnect, Namespace: n}
			s.send(bye.packets()...)
		}
	}
	r.mu.Unlock()
	if s != nil {
		s.close(r.h.Now().Add(r.p.Patience))
		if _, reason := s.state(); !errors.Is(reason, errClosed) && !errors.Is(reason, errPeerClosed) {
			return reason
		}
	}
	if unsent > 0 {
		return fmt.Errorf("%d events were not sent before the connection was lost", unsent)
	}
	return nil
}
