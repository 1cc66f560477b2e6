package mqtt

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"strata/sim/host"
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
			if k.parting {
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
		var forbidden *Error
		if errors.As(err, &forbidden) {
			c.mu.Lock()
			if c.version == V5 && p != nil && p.Type != DISCONNECT {
				c.answer(&Packet{Type: DISCONNECT, Reason: mayTell(DISCONNECT, forbidden.Reason), Properties: Properties{{ID: ReasonString, Text: forbidden.Text}}})
			}
			k.closing = true
			c.wake.Notify()
			c.mu.Unlock()
		}
		if err != nil {
			return err
		}
		if err := c.relieve(k); err != nil {
			return err
		}
	}
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

// maxWorked is of how many messages the beginning is kept.
const maxWorked = 100000

// job is a message to work on.
type job struct {
	*Packet
	conn    *clientConn // that it came on
	session int         // that it belongs to
	key     [sha256.Size]byte
}

// keepJobs are the jobs that nobody will send again.
func keepJobs(jobs []*job) (kept []*job) {
	for _, j := range jobs {
		if j.QoS == 0 {
			kept = append(kept, j)
		}
	}
	return kept
}

// receive takes a message: the worker will work on it.
func (c *client) receive(k *clientConn, p *Packet) {
	j := &job{Packet: p, conn: k, session: c.sessions, key: sha256.Sum256([]byte(p.Topic + "\x00" + string(p.Payload)))}
	c.found.Received++
	c.note("received", strconv.Itoa(c.found.Received))
	if p.Dup {
		c.found.Redelivered++
	}
	if c.seen[j.key]++; c.seen[j.key] > 1 {
		c.found.Duplicates++
		c.note("duplicates", strconv.Itoa(c.found.Duplicates))
	}
	c.jobs = append(c.jobs, j)
	c.work.Notify()
}

// labour works on messages, one after the other, and acknowledges each when it
// is done, so that they are acknowledged in the order in which they came
// (section 4.6).
func (c *client) labour() {
	for {
		c.mu.Lock()
		if c.over {
			c.mu.Unlock()
			return
		}
		var j *job
		life := c.lives
		if len(c.jobs) > 0 {
			j = c.jobs[0]
			c.jobs = c.jobs[1:]
		}
		fresh := j != nil && c.fresh(j)
		c.mu.Unlock()
		switch {
		case j == nil:
			if c.work.Wait(time.Time{}) != nil {
				return
			}
			continue
		case fresh && c.set.Work > 0:
			if c.h.Sleep(c.set.Work) != nil {
				return
			}
		}
		c.mu.Lock()
		k := c.done(j, fresh, life)
		c.mu.Unlock()
		if k != nil {
			abort(k.net)
		}
	}
}

// fresh says whether a message is to be worked on: one of QoS 2 that is
// redelivered is not, and an idempotent client knows what it has done.
func (c *client) fresh(j *job) bool {
	if j.QoS == 2 && j.session == c.sessions && c.flow.taken[j.ID] {
		return false
	}
	if c.set.Idempotent && c.worked[j.key] > 0 {
		c.found.Skipped++
		c.note("skipped", strconv.Itoa(c.found.Skipped))
		return false
	}
	return true
}

// done ends the work on a message: it is counted and acknowledged, unless the
// client was killed meanwhile, or dies now. It gives the connection to abort.
func (c *client) done(j *job, fresh bool, life int) *clientConn {
	if c.lives != life {
		return nil // nobody knows of the work
	}
	if fresh {
		c.found.Handled++
		if len(c.found.Worked) < maxWorked {
			c.found.Worked = append(c.found.Worked, string(j.Payload[:min(len(j.Payload), 60)]))
		}
		c.note("handled", strconv.Itoa(c.found.Handled))
		if c.worked[j.key]++; c.worked[j.key] > 1 {
			c.found.HandledTwice++
			c.note("handled twice", strconv.Itoa(c.found.HandledTwice))
		}
		if c.found.Handled == c.set.CrashAfter {
			return c.kill()
		}
	}
	if j.QoS == 2 && j.session == c.sessions {
		c.flow.take(j.ID)
	}
	if j.conn == c.conn {
		switch j.QoS {
		case 1:
			c.answer(&Packet{Type: PUBACK, ID: j.ID})
		case 2:
			c.answer(&Packet{Type: PUBREC, ID: j.ID})
		}
	}
	c.finish()
	return nil
}

// publish publishes a list of messages.
func (c *client) publish(e *Publish, room host.Signal) {
	first := true
	for n := 1; n <= max(1, e.Count); n++ {
		if !c.await(room, n == 1) {
			return
		}
		wait := e.Interval
		if first {
			wait, first = e.After, false
		}
		if wait > 0 {
			if c.h.Sleep(wait) != nil || !c.await(room, false) {
				return
			}
		}
		c.mu.Lock()
		c.submit(e, n)
		if n == max(1, e.Count) {
			c.publishing--
		}
		c.finish()
		c.mu.Unlock()
	}
}

// await waits until a message may be published: the client is alive, has been
// connected once, and its queue is not full. False: it is over.
func (c *client) await(room host.Signal, connected bool) bool {
	for {
		c.mu.Lock()
		ok := !c.dead && len(c.flow.queue) < clientQueue && c.found.Connections > 0 && (c.conn != nil || !connected)
		over := c.over
		c.mu.Unlock()
		if ok || over {
			return !over
		}
		if room.Wait(time.Time{}) != nil {
			return false
		}
	}
}

// submit hands a message to the flow.
func (c *client) submit(e *Publish, n int) {
	payload := host.Numbered(e.Text, e.Size, n)
	d := &delivery{qos: byte(e.QoS), retain: e.Retain, message: &message{
		topic: strings.ReplaceAll(e.Topic, "{n}", strconv.Itoa(n)), payload: payload.Part(0, payload.Len()), qos: byte(e.QoS)}}
	if e.Expiry > 0 {
		d.expires = c.h.Now().Add(e.Expiry)
	}
	c.found.Published++
	c.note("published", strconv.Itoa(c.found.Published))
	if e.QoS == 0 && c.conn == nil || !c.flow.push(d) {
		c.found.Lost++
		c.note("lost", strconv.Itoa(c.found.Lost))
		return
	}
	c.wake.Notify()
}
