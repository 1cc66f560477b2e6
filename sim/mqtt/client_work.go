package mqtt

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	"strata/sim/host"
)

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
