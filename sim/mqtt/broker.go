package mqtt

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"strata/sim/host"
)

// Bounds of what clients may make a broker keep.
const (
	maxSessions      = 10000
	maxSubscriptions = 1000 // of a session
	maxRetained      = 10000
	maxLevels        = 200 // of a topic filter
	maxAnswers       = 1000
	receiveMaximum   = 100 // messages of QoS 2 that a client of MQTT 5 may have under way
	aliasMaximum     = 16  // topic aliases of each direction of a connection
)

// broker is what a Broker keeps: sessions and retained messages survive its
// restarts if it is told so; connections do not. mu guards all of it, and is
// never held while something blocks.
type broker struct {
	h     host.Host
	set   *Broker
	found *BrokerFound
	due   host.Signal // something has a new time at which it is due

	failures host.Failures // what clients did that is forbidden

	mu       sync.Mutex
	sessions map[string]*session
	order    int
	topics   topicTree
	retained []*message // by topic
	conns    []*conn    // that are served
	named    int        // clients without an identifier of their own
}

func newBroker(h host.Host, set *Broker) *broker {
	return &broker{h: h, set: set, found: &set.Found, due: h.Signal(), sessions: map[string]*session{}}
}

// opened is what connecting found.
type opened struct {
	present bool // the session was there
	props   Properties
}

// open gives a connection its session (section 3.1.2.4), and takes it from the
// connection that had it.
func (b *broker) open(c *conn, p *Packet) (o opened, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	con := p.Connect
	id := con.ClientID
	if id == "" {
		b.named++
		id = fmt.Sprintf("auto-%d", b.named)
		for b.sessions[id] != nil {
			b.named++
			id = fmt.Sprintf("auto-%d", b.named)
		}
		o.props = append(o.props, Property{ID: AssignedClientID, Text: id})
	}
	s := b.sessions[id]
	if s != nil && s.conn != nil {
		b.part(s.conn, &Error{SessionTakenOver, "another connection uses this client identifier (section 3.1.4)"})
		s = b.sessions[id] // it may have ended with its connection
	}
	if s != nil && con.Clean {
		b.end(s)
		s = nil
	}
	if o.present = s != nil; s == nil {
		if len(b.sessions) >= maxSessions {
			return o, &Error{ServerBusy, "the broker has as many sessions as it can keep"}
		}
		b.order++
		s = &session{id: id, order: b.order, flow: flow{limit: b.set.MaxQueue}}
		b.sessions[id] = s
	}
	s.ends, s.will, s.willAt = time.Time{}, nil, time.Time{} // a will that waited is not published (section 3.1.3.2.2)
	s.keep = keepOf(p)
	s.conn, c.session, c.will = c, s, con.Will
	window := b.set.MaxInflight
	if c.version == V5 {
		window = min(window, int(p.Properties.Or(ReceiveMaximum, 65535)))
	}
	s.flow.resume(window)
	b.found.Connections++
	b.tell(s, "state", "connected")
	return o, nil
}

// keepOf is how long a session is to be kept after its connection.
func keepOf(p *Packet) time.Duration {
	if p.Connect.Version == V311 {
		if p.Connect.Clean {
			return 0
		}
		return forever
	}
	return keepFor(p.Properties.Or(SessionExpiry, 0))
}

func keepFor(seconds uint32) time.Duration {
	if seconds == 1<<32-1 {
		return forever
	}
	return time.Duration(seconds) * time.Second
}

// part ends a connection's time with its session: because the client said so
// (err nil), or because the connection broke, or is to. What it leaves behind
// is its will, and the session if that is to be kept.
func (b *broker) part(c *conn, err error) {
	if c.parted {
		return
	}
	c.parted = true
	c.close(err)
	s := c.session
	s.conn = nil
	b.tell(s, "state", "away")
	now := b.h.Now()
	switch s.keep {
	case forever:
	case 0:
	default:
		s.ends = now.Add(s.keep)
	}
	if w := c.will; w != nil {
		s.will, s.willAt = w, now.Add(time.Duration(w.Properties.Or(WillDelay, 0))*time.Second)
		if !s.willAt.After(now) {
			b.publishWill(s)
		}
	}
	if s.keep == 0 {
		b.end(s)
	}
	b.due.Notify()
}

// end forgets a session for good; a will that waited is published then
// (section 3.1.2.5).
func (b *broker) end(s *session) {
	b.publishWill(s)
	b.forget(s)
}

func (b *broker) publishWill(s *session) {
	w := s.will
	if w == nil {
		return
	}
	s.will = nil
	m := &message{topic: w.Topic, payload: w.Payload, qos: w.QoS, retain: w.Retain, from: s}
	m.properties, m.expires = b.passedOn(w.Properties)
	b.publish(m)
}

// passedOn are the properties of a message that go with it to subscribers
// (section 3.3.2.3), and when it expires.
func (b *broker) passedOn(all Properties) (ps Properties, expires time.Time) {
	for _, p := range all {
		switch p.ID {
		case MessageExpiry:
			expires = b.h.Now().Add(time.Duration(p.Num) * time.Second)
		case PayloadFormat, ContentType, ResponseTopic, CorrelationData, UserProperty:
			ps = append(ps, p)
		}
	}
	return ps, expires
}

// watch publishes wills that wait, and forgets sessions, when their time has
// come. It ends with the host.
func (b *broker) watch() {
	for {
		if err := b.due.Wait(b.overdue()); err != nil && !isTimeout(err) {
			return
		}
	}
}

// overdue does what is due, and says when the next will be; zero: never.
func (b *broker) overdue() (next time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.h.Now()
	all := make([]*session, 0, len(b.sessions))
	for _, s := range b.sessions {
		if s.conn == nil {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(x, y *session) int { return x.order - y.order })
	later := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, s := range all {
		if s.will != nil && !s.willAt.After(now) {
			b.publishWill(s)
		}
		if !s.ends.IsZero() && !s.ends.After(now) {
			b.end(s)
			continue
		}
		if s.will != nil {
			later(s.willAt)
		}
		later(s.ends)
	}
	return next
}

// cut breaks all connections, as the end of the broker's process does.
func (b *broker) cut() {
	b.mu.Lock()
	conns := slices.Clone(b.conns)
	for _, c := range conns {
		if c.session != nil {
			b.part(c, errCut)
		}
	}
	b.mu.Unlock()
	for _, c := range conns {
		abort(c.net)
	}
}

// lose forgets all that was kept in memory only.
func (b *broker) lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sessions, b.topics, b.retained = map[string]*session{}, topicTree{}, nil
}
