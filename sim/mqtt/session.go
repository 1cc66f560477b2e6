package mqtt

import (
	"slices"
	"strconv"
	"time"

	"strata/layers"
)

// session is what the broker keeps of a client, as long as it may come back
// (section 4.1).
type session struct {
	id    string
	order int // of all sessions, the how manieth
	flow  flow
	subs  []*subscription
	conn  *conn // nil: not connected

	keep   time.Duration // how long it is kept without a connection; forever: -1
	ends   time.Time     // when it is to be forgotten; zero: not
	will   *Will         // of the connection before, to be published at willAt
	willAt time.Time

	told                     []string // what has been noted of it
	notedQueue, notedFlights int      // as they were noted last
}

// forever is a session's keep that never ends (section 3.1.2.11.2).
const forever time.Duration = -1

// subscription is one of a session's.
type subscription struct {
	Subscription
	session *session
	id      uint32 // subscription identifier; 0: none
	share   *share // nil: not a shared one
}

// share is a shared subscription (section 4.8.2): each message goes to one
// of the members.
type share struct {
	key     string // "$share/name/filter"
	members []*subscription
	turn    int // whose turn it is
}

// pick chooses who gets the next message: one after the other, those without a
// connection only if no other can.
func (g *share) pick() *subscription {
	for _, connected := range []bool{true, false} {
		for i := range g.members {
			n := (g.turn + i) % len(g.members)
			if m := g.members[n]; !connected || m.session.conn != nil {
				g.turn = n + 1
				return m
			}
		}
	}
	return nil
}

// subscribe enters a subscription, or changes the one of the same filter.
func (b *broker) subscribe(s *session, sub Subscription, id uint32) (isNew bool) {
	i := slices.IndexFunc(s.subs, func(o *subscription) bool { return o.Filter == sub.Filter })
	if i >= 0 {
		s.subs[i].Subscription, s.subs[i].id = sub, id
		return false
	}
	entry := &subscription{Subscription: sub, session: s, id: id}
	s.subs = append(s.subs, entry)
	name, inner := sharedBy(sub.Filter)
	place := b.topics.at(inner, true)
	if name == "" {
		place.subs = append(place.subs, entry)
		return true
	}
	for _, o := range place.subs {
		if o.share != nil && o.share.key == sub.Filter {
			entry.share = o.share
		}
	}
	if entry.share == nil {
		entry.share = &share{key: sub.Filter}
		place.subs = append(place.subs, &subscription{share: entry.share})
	}
	entry.share.members = append(entry.share.members, entry)
	return true
}

// unsubscribe ends a subscription, and says whether there was one.
func (b *broker) unsubscribe(s *session, filter string) bool {
	i := slices.IndexFunc(s.subs, func(o *subscription) bool { return o.Filter == filter })
	if i < 0 {
		return false
	}
	entry := s.subs[i]
	s.subs = slices.Delete(s.subs, i, i+1)
	_, inner := sharedBy(filter)
	place := b.topics.at(inner, false)
	gone := func(o *subscription) bool { return o == entry }
	if g := entry.share; g != nil {
		g.members = slices.DeleteFunc(g.members, gone)
		gone = func(o *subscription) bool { return o.share == g && len(g.members) == 0 }
	}
	place.subs = slices.DeleteFunc(place.subs, gone)
	b.topics.prune(inner)
	return true
}

// forget ends a session. What of its deliveries is for a share, and is not
// of QoS 2, goes to another member (section 4.8.2).
func (b *broker) forget(s *session) {
	delete(b.sessions, s.id)
	for len(s.subs) > 0 {
		b.unsubscribe(s, s.subs[0].Filter)
	}
	for _, d := range append(s.flow.reset(), s.flow.queue...) {
		if d.share != nil && (d.qos < 2 || d.id == 0) && len(d.share.members) > 0 {
			b.deliver(d.share.pick(), d.message, d.retain)
		}
	}
	s.flow.queue = nil
	for _, field := range s.told {
		b.h.Note("mqtt broker", layers.Printable(s.id), field, "")
	}
	s.told = nil
}

// publish gives a message to all who have subscribed to its topic, and says
// whether anybody has (section 3.3.4). A session with several subscriptions
// that match gets it once, with the best QoS of them.
func (b *broker) publish(m *message) (any_ bool) {
	if m.retain {
		b.retain(m)
	}
	var direct []*subscription
	var shares []*share
	b.topics.match(m.topic, func(s *subscription) {
		switch {
		case s.session == nil:
			shares = append(shares, s.share)
		case !s.NoLocal || s.session != m.from:
			direct = append(direct, s)
		}
	})
	slices.SortStableFunc(direct, func(x, y *subscription) int { return x.session.order - y.session.order })
	for len(direct) > 0 {
		n := 1
		for n < len(direct) && direct[n].session == direct[0].session {
			n++
		}
		b.deliverOnce(direct[:n], m)
		direct, any_ = direct[n:], true
	}
	slices.SortFunc(shares, func(x, y *share) int { return slices.Compare([]byte(x.key), []byte(y.key)) })
	for _, g := range shares {
		b.deliver(g.pick(), m, m.retain)
		any_ = true
	}
	return any_
}

// deliverOnce lets a session have a message that several of its subscriptions
// match.
func (b *broker) deliverOnce(subs []*subscription, m *message) {
	d := &delivery{message: m}
	for _, s := range subs {
		d.qos = max(d.qos, min(m.qos, s.QoS))
		d.retain = d.retain || s.RetainAsPublished && m.retain
		if s.id != 0 {
			d.ids = append(d.ids, s.id)
		}
	}
	b.push(subs[0].session, d)
}

// deliver lets a subscription have a message.
func (b *broker) deliver(s *subscription, m *message, retain bool) {
	d := &delivery{message: m, qos: min(m.qos, s.QoS), share: s.share, retain: retain && s.RetainAsPublished}
	if s.id != 0 {
		d.ids = []uint32{s.id}
	}
	b.push(s.session, d)
}

// push queues a delivery to a session. What is for a client that is not there
// is kept, unless it is of QoS 0; when the queue is full, what comes is lost.
func (b *broker) push(s *session, d *delivery) {
	switch {
	case d.qos == 0 && s.conn == nil:
	case !s.flow.push(d):
		b.found.Dropped++
	case s.conn != nil:
		s.conn.wake.Notify()
	default:
		b.note(s)
	}
}

// note tells how much waits for a client.
func (b *broker) note(s *session) {
	if n := len(s.flow.queue); n != s.notedQueue {
		s.notedQueue = n
		b.tell(s, "waiting", strconv.Itoa(n))
	}
	if n := len(s.flow.flights); n != s.notedFlights {
		s.notedFlights = n
		b.tell(s, "not acknowledged", strconv.Itoa(n))
	}
}

// tell notes something of a session.
func (b *broker) tell(s *session, field, value string) {
	if !slices.Contains(s.told, field) {
		s.told = append(s.told, field)
	}
	b.h.Note("mqtt broker", layers.Printable(s.id), field, value)
}

// retain keeps the last message of a topic for later subscribers; an empty one
// ends that (section 3.3.1.3).
func (b *broker) retain(m *message) {
	i, found := slices.BinarySearchFunc(b.retained, m.topic, func(m *message, topic string) int { return slices.Compare([]byte(m.topic), []byte(topic)) })
	switch {
	case found && len(m.payload) == 0:
		b.retained = slices.Delete(b.retained, i, i+1)
	case len(m.payload) == 0:
		return
	case found:
		b.retained[i] = m
	case len(b.retained) >= maxRetained:
		return
	default:
		b.retained = slices.Insert(b.retained, i, m)
	}
	text := layers.Printable(string(m.payload[:min(len(m.payload), 60)]))
	b.h.Note("mqtt retained", layers.Printable(m.topic), "message", text)
}

// sendRetained gives a new subscription the retained messages that it matches.
func (b *broker) sendRetained(s *session, sub Subscription, id uint32, now time.Time) {
	for _, m := range b.retained {
		if !m.expires.IsZero() && !now.Before(m.expires) || !matches(sub.Filter, m.topic) {
			continue
		}
		d := &delivery{message: m, qos: min(m.qos, sub.QoS), retain: true}
		if id != 0 {
			d.ids = []uint32{id}
		}
		b.push(s, d)
	}
}
