package mqtt

import (
	"strings"
)

// take does what a packet of the client asks for. It is done when the client
// says goodbye; the error is what the packet may not.
func (c *conn) take(p *Packet) (done bool, err error) {
	if p.Type == PUBLISH {
		if err := c.unalias(p); err != nil {
			return false, err
		}
		c.b.h.Got(c.net, c.unread, p.Payload)
		c.unread = 0
	}
	b := c.b
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.parted {
		return true, nil // another connection has its session
	}
	switch p.Type {
	case PUBLISH:
		return false, c.takePublish(p)
	case PUBACK, PUBREC, PUBCOMP:
		answer, _, err := c.session.flow.acknowledge(p)
		c.answer(answer)
		b.note(c.session)
		c.wake.Notify() // there may be room for another one
		return false, err
	case PUBREL:
		c.answer(c.session.flow.release(p.ID))
	case SUBSCRIBE:
		c.answer(c.subscribe(p))
	case UNSUBSCRIBE:
		c.answer(c.unsubscribe(p))
	case PINGREQ:
		c.answer(&Packet{Type: PINGRESP})
	case DISCONNECT:
		return true, c.goodbye(p)
	case CONNECT:
		return false, violation("a client must send CONNECT only once (section 3.1)")
	default:
		return false, violation("%v is nothing that a client sends here (section 2.1.2)", p.Type)
	}
	return false, nil
}

// goodbye takes DISCONNECT: the will is dropped, unless the client wants it
// (section 3.14.4).
func (c *conn) goodbye(p *Packet) error {
	if seconds, ok := p.Properties.Num(SessionExpiry); ok {
		if c.session.keep == 0 && seconds > 0 { // section 3.14.2.2.2
			return violation("DISCONNECT must not keep a session that was to end (section 3.14.2.2.2)")
		}
		c.session.keep = keepFor(seconds)
	}
	if p.Reason != DisconnectWithWill {
		c.will = nil
	}
	return nil
}

// unalias puts the topic for a topic alias (section 3.3.2.3.4).
func (c *conn) unalias(p *Packet) error {
	n, ok := p.Properties.Num(TopicAlias)
	if !ok {
		return nil
	}
	if n > aliasMaximum {
		return &Error{TopicAliasInvalid, "the topic alias is greater than the maximum of this side (section 3.3.2.3.4)"}
	}
	if p.Topic == "" {
		if p.Topic = c.aliases[uint16(n)]; p.Topic == "" {
			return violation("the topic alias stands for no topic yet (section 3.3.2.3.4)")
		}
	}
	if c.aliases == nil {
		c.aliases = map[uint16]string{}
	}
	c.aliases[uint16(n)] = p.Topic
	return nil
}

// takePublish takes a message, and owns it: what QoS 1 and 2 demand is
// answered once it is kept.
func (c *conn) takePublish(p *Packet) error {
	b := c.b
	if _, ok := p.Properties.Num(SubscriptionID); ok {
		return violation("a client's PUBLISH must not have a subscription identifier (section 3.3.4)")
	}
	fresh := p.QoS < 2 || c.session.flow.take(p.ID)
	if fresh && c.version == V5 && len(c.session.flow.taken) > receiveMaximum {
		return &Error{ReceiveMaximumExceeded, "more messages are under way than this side takes at once (section 3.3.4)"}
	}
	reason := Success
	if fresh {
		m := &message{topic: p.Topic, payload: p.Payload, qos: p.QoS, retain: p.Retain, from: c.session}
		m.properties, m.expires = b.passedOn(p.Properties)
		b.found.Published++
		if !b.publish(m) {
			reason = NoMatchingSubscribers
		}
	}
	switch p.QoS {
	case 1:
		c.answer(&Packet{Type: PUBACK, ID: p.ID, Reason: reason})
	case 2:
		c.answer(&Packet{Type: PUBREC, ID: p.ID, Reason: reason})
	}
	return nil
}

// subscribe enters the topic filters of SUBSCRIBE, and answers it.
func (c *conn) subscribe(p *Packet) *Packet {
	b, s := c.b, c.session
	id := p.Properties.Or(SubscriptionID, 0)
	ack := &Packet{Type: SUBACK, ID: p.ID}
	now := b.h.Now()
	for _, sub := range p.Filters {
		if len(s.subs) >= maxSubscriptions || strings.Count(sub.Filter, "/") >= maxLevels {
			reason := QuotaExceeded
			if c.version == V311 {
				reason = failure
			}
			ack.Reasons = append(ack.Reasons, reason)
			continue
		}
		isNew := b.subscribe(s, sub, id)
		ack.Reasons = append(ack.Reasons, Reason(sub.QoS))
		share, _ := sharedBy(sub.Filter)
		if share == "" && (sub.RetainHandling == 0 || sub.RetainHandling == 1 && isNew) { // section 3.3.1.3
			b.sendRetained(s, sub, id, now)
		}
	}
	return ack
}

func (c *conn) unsubscribe(p *Packet) *Packet {
	ack := &Packet{Type: UNSUBACK, ID: p.ID}
	for _, sub := range p.Filters {
		reason := NoSubscriptionExisted
		if c.b.unsubscribe(c.session, sub.Filter) {
			reason = Success
		}
		ack.Reasons = append(ack.Reasons, reason)
	}
	return ack
}
