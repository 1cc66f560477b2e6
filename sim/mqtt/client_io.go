package mqtt

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// write sends what is queued, and pings when there was nothing to send for the
// keep alive, until the connection ends.
func (c *client) write(k *clientConn) {
	for {
		b, until, done := c.next(k)
		if len(b.bytes) > 0 {
			if b.write(c.h, k.net) != nil {
				_ = k.net.Close() // so that the reader ends, too
				return
			}
			continue
		}
		if done {
			if k.parting || k.accusing {
				closeWrite(k.net) // the broker closes when it has read all
			} else {
				_ = k.net.Close()
			}
			return
		}
		err := c.wake.Wait(until)
		if isTimeout(err) && !c.ping(k) {
			_ = k.net.Close()
			return
		}
		if err != nil && !isTimeout(err) {
			return
		}
	}
}

// next is what to write next. When there is nothing, until says when to ping;
// done says that nothing will come.
func (c *client) next(k *clientConn) (b batch, until time.Time, done bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.h.Now()
	for !b.full() {
		for _, answer := range k.answers {
			b.add(answer, nil)
		}
		k.answers = nil
		if k.closing || c.over || c.conn != k {
			done = true
			break
		}
		p, d := c.flow.next(now)
		if p == nil {
			if c.finish(); k.closing {
				continue
			}
			break
		}
		if p.Type == PUBLISH {
			c.alias(k, p)
		}
		packet := Append(nil, p, c.version)
		if len(packet) > k.limit {
			c.flow.discard(d)
			c.found.Lost++
			continue
		}
		b.add(packet, p)
		for _, s := range c.room {
			s.Notify()
		}
	}
	if len(b.bytes) > 0 {
		k.lastSent = now
	}
	if k.beat > 0 {
		until = k.lastSent.Add(k.beat)
	}
	return b, until, done
}

// alias puts a topic alias for a topic (section 3.3.2.3.4).
func (c *client) alias(k *clientConn, p *Packet) {
	n, ok := k.given[p.Topic]
	switch {
	case ok:
		p.Topic = ""
	case k.room == 0:
		return
	default:
		if k.given == nil {
			k.given = map[string]uint16{}
		}
		k.room--
		n = uint16(len(k.given) + 1)
		k.given[p.Topic] = n
	}
	p.Properties = append(p.Properties, Property{ID: TopicAlias, Num: uint32(n)})
}

// ping sends PINGREQ if it is time, and says whether the broker has answered
// the one before (section 3.1.2.10).
func (c *client) ping(k *clientConn) (alive bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.h.Now().Before(k.lastSent.Add(k.beat)) {
		return true
	}
	if k.pinged {
		return false
	}
	k.pinged = true
	c.answer(&Packet{Type: PINGREQ})
	return true
}

// read takes packets until the connection ends.
func (c *client) read(k *clientConn) error {
	for {
		p, n, err := Read(k.in, c.version, c.set.MaxPacket)
		k.unread += n
		if err == nil {
			err = c.take(k, p)
		}
		if forbidden := (*Error)(nil); errors.As(err, &forbidden) && (p == nil || p.Type != DISCONNECT) {
			c.accuse(k, forbidden)
		}
		if err != nil {
			return err
		}
		if err := c.relieve(k); err != nil {
			return err
		}
	}
}

// accuse ends a connection on which the broker did what it may not: it tells a
// broker of MQTT 5 the reason (section 4.13).
func (c *client) accuse(k *clientConn, e *Error) {
	c.mu.Lock()
	if c.version == V5 {
		c.answer(&Packet{Type: DISCONNECT, Reason: mayTell(DISCONNECT, e.Reason), Properties: Properties{{ID: ReasonString, Text: e.Text}}})
	}
	k.closing, k.accusing = true, true
	c.wake.Notify()
	c.mu.Unlock()
	_ = k.net.SetReadDeadline(c.h.Now().Add(connectTimeout))
	_, _ = io.CopyN(io.Discard, k.in, 1<<20) // until the broker has read it
}

// relieve waits while there are too many messages to work on: the broker's
// then wait in TCP, and there.
func (c *client) relieve(k *clientConn) error {
	for {
		c.mu.Lock()
		n, gone := len(c.jobs), c.conn != k
		c.mu.Unlock()
		if n < clientQueue || gone {
			return nil
		}
		if err := c.h.Sleep(100 * time.Millisecond); err != nil {
			return err
		}
	}
}

// take does what a packet of the broker asks for.
func (c *client) take(k *clientConn, p *Packet) error {
	if p.Type == PUBLISH {
		if err := c.unalias(k, p); err != nil {
			return err
		}
		c.h.Got(k.net, k.unread, p.Payload)
		k.unread = 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != k {
		return net.ErrClosed
	}
	switch p.Type {
	case PUBLISH:
		c.receive(k, p)
	case PUBACK, PUBREC, PUBCOMP:
		answer, done, err := c.flow.acknowledge(p)
		if err != nil {
			return err
		}
		c.answer(answer)
		if done != nil {
			c.found.Acknowledged++
			c.note("acknowledged", strconv.Itoa(c.found.Acknowledged))
		}
		c.finish()
		c.wake.Notify()
	case PUBREL:
		c.answer(c.flow.release(p.ID))
		c.finish()
	case SUBACK:
		c.flow.reserved = 0
		for i, r := range p.Reasons {
			if r >= failure && i < len(c.set.Subscribe) {
				return &refused{fmt.Sprintf("subscription to %s: %v", c.set.Subscribe[i].filter(), r)}
			}
		}
		c.subscribed = true
	case PINGRESP:
		k.pinged = false
	case DISCONNECT:
		if c.version == V5 {
			return &Error{p.Reason, "the broker ends the connection: " + strconv.Quote(p.Properties.Text(ReasonString))}
		}
		fallthrough
	default:
		return violation("%v is nothing that a broker sends here (section 2.1.2)", p.Type)
	}
	return nil
}

// unalias puts the topic for a topic alias (section 3.3.2.3.4).
func (c *client) unalias(k *clientConn, p *Packet) error {
	n, ok := p.Properties.Num(TopicAlias)
	if !ok {
		return nil
	}
	if n > aliasMaximum || !c.set.Aliases {
		return &Error{TopicAliasInvalid, "the topic alias is greater than the maximum of this side (section 3.3.2.3.4)"}
	}
	if p.Topic == "" {
		if p.Topic = k.aliases[uint16(n)]; p.Topic == "" {
			return violation("the topic alias stands for no topic yet (section 3.3.2.3.4)")
		}
	}
	if k.aliases == nil {
		k.aliases = map[uint16]string{}
	}
	k.aliases[uint16(n)] = p.Topic
	return nil
}
