package mqtt

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"strata/sim/host"
	"strata/sim/tls"
)

const clientQueue = 1000 // messages that may wait to be sent, or to be worked on

// client is a Client at work. Its branches: Run connects and reads; one writes,
// for each connection; one works; one publishes, for each list; one kills it at
// times. mu guards all of it, and is never held while something blocks.
type client struct {
	h     host.Host
	set   *Client
	found *ClientFound
	start time.Time

	wake host.Signal   // for the writer
	work host.Signal   // for the worker
	room []host.Signal // for those who publish: of the queue, or of a connection

	mu         sync.Mutex
	flow       flow
	version    Version
	conn       *clientConn // nil: not connected
	sessions   int         // how many began anew
	subscribed bool        // the broker has the subscriptions
	lives      int         // how often it was killed
	dead       bool        // it has been killed, and is not back yet
	over       bool
	publishing int // lists of messages that are not at their end
	jobs       []*job
	seen       map[[sha256.Size]byte]int // how often messages came in
	worked     map[[sha256.Size]byte]int // how often they were worked on
}

// clientConn is a client's connection.
type clientConn struct {
	net     net.Conn
	in      *bufio.Reader
	unread  int
	aliases map[uint16]string // the broker's

	answers  [][]byte
	closing  bool
	pinged   bool              // and not answered yet
	given    map[string]uint16 // topic aliases, for messages to the broker
	room     int               // how many more there may be
	limit    int               // bytes of a packet that the broker takes
	parting  bool              // all is done: DISCONNECT has been sent
	accusing bool              // DISCONNECT tells what the broker did wrong
	lastSent time.Time
	beat     time.Duration
}

// refused is a broker's no.
type refused struct{ reason string }

func (r *refused) Error() string { return "the broker refuses: " + r.reason }

// Run works until all is done, or the host ends.
func (p *Client) Run(h host.Host) error {
	p.Found = ClientFound{}
	c := &client{h: h, set: p, found: &p.Found, start: h.Now(), wake: h.Signal(), work: h.Signal(), version: p.version(),
		flow: flow{limit: clientQueue}, publishing: len(p.Publish), seen: map[[sha256.Size]byte]int{}, worked: map[[sha256.Size]byte]int{}}
	for i := range p.Publish {
		signal := h.Signal()
		c.room = append(c.room, signal)
		h.Go(func() { c.publish(&p.Publish[i], signal) })
	}
	h.Go(c.labour)
	h.Go(c.doom)
	err := c.live()
	c.mu.Lock()
	c.over = true
	c.notifyAll()
	c.mu.Unlock()
	if err != nil {
		return fmt.Errorf("mqtt client: %w", err)
	}
	return nil
}

func (c *client) notifyAll() {
	c.wake.Notify()
	c.work.Notify()
	for _, s := range c.room {
		s.Notify()
	}
}

// live connects, again and again, until all is done.
func (c *client) live() error {
	delay := c.set.Retry
	for {
		before := c.found.Connections
		err := c.session()
		switch {
		case err == nil || errors.Is(err, net.ErrClosed) && c.hostEnded():
			return err
		case isFinal(err), c.set.Retry == 0:
			return err
		}
		if c.found.Connections > before {
			delay = c.set.Retry
		}
		wait := delay
		if delay = min(2*delay, max(c.set.RetryMax, c.set.Retry)); c.rise() {
			wait, delay = c.set.Back, c.set.Retry
		}
		if err := c.h.Sleep(wait); err != nil {
			return err
		}
		c.mu.Lock()
		c.dead = false
		c.mu.Unlock()
	}
}

// hostEnded asks the host whether it has: a socket that is closed is not all.
func (c *client) hostEnded() bool { return c.h.Sleep(0) != nil }

// rise says whether the client was killed, and has to come back.
func (c *client) rise() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dead
}

// isFinal says whether connecting again would not help.
func isFinal(err error) bool {
	var forbidden *Error
	var no *refused
	return errors.As(err, &no) || errors.As(err, &forbidden) && forbidden.Reason != KeepAliveTimeout && forbidden.Reason != ServerShuttingDown && forbidden.Reason != ServerBusy
}

// session is one connection, from its beginning to its end. The error is nil
// when all is done. A connection that is given up is aborted: if TCP went on to
// send what it holds, a CONNECT that comes late could take the session from the
// next connection.
func (c *client) session() error {
	nc, err := c.dial()
	if err != nil {
		return err
	}
	if err := c.speak(nc); err != nil {
		abort(nc)
		return err
	}
	return nc.Close()
}

// dial connects to the broker, within TLS if it is set.
func (c *client) dial() (net.Conn, error) {
	nc, err := c.h.Dial("tcp", c.set.To)
	if err != nil {
		return nil, err
	}
	safe, err := tls.Wrap(c.h, nc, c.set.TLS, false)
	if err != nil {
		abort(nc)
	}
	return safe, err
}

// speak speaks MQTT on a connection.
func (c *client) speak(nc net.Conn) error {
	noDelay(nc)
	k := &clientConn{net: nc, in: bufio.NewReader(nc), beat: c.set.KeepAlive, limit: maxRemaining + 5}
	if c.rise() {
		return errKilled
	}
	if _, err := nc.Write(Append(nil, c.connect(), c.version)); err != nil {
		return err
	}
	k.lastSent = c.h.Now()
	_ = nc.SetReadDeadline(c.h.Now().Add(connectTimeout))
	p, n, err := Read(k.in, c.version, c.set.MaxPacket)
	if err != nil {
		return err
	}
	k.unread = n
	_ = nc.SetReadDeadline(time.Time{})
	switch {
	case p.Type != CONNACK:
		return violation("%v comes before CONNACK (section 3.2)", p.Type)
	case p.Reason == ServerBusy && c.version == V5, p.Reason == refusedUnavailable311 && c.version == V311:
		return errors.New("the broker is busy")
	case p.Reason != Success:
		return &refused{refusalText(c.version, p)}
	}
	if err := c.begin(k, p); err != nil {
		return err
	}
	c.h.Go(func() { c.write(k) })
	err = c.read(k)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
	k.closing = true
	c.note("state", "away")
	c.notifyAll()
	if c.dead {
		return errKilled
	}
	if k.parting {
		return nil
	}
	return err
}

var errKilled = errors.New("it was killed")

func refusalText(v Version, p *Packet) string {
	if v == V5 {
		text := p.Reason.String()
		if why := p.Properties.Text(ReasonString); why != "" {
			text += ", " + strconv.Quote(why)
		}
		return text
	}
	return [...]string{"", "unacceptable protocol version", "identifier rejected", "server unavailable", "bad user name or password", "not authorized"}[p.Reason]
}

// connect is the CONNECT packet.
func (c *client) connect() *Packet {
	s := c.set
	p := &Packet{Type: CONNECT, Connect: &Connect{Version: c.version, Clean: s.Clean, ClientID: s.ID, KeepAlive: uint16(s.KeepAlive / time.Second)}}
	if s.WillTopic != "" {
		p.Connect.Will = &Will{Topic: s.WillTopic, Payload: []byte(s.WillText), QoS: byte(s.WillQoS), Retain: s.WillRetain}
		if s.WillDelay > 0 {
			p.Connect.Will.Properties = Properties{{ID: WillDelay, Num: uint32(s.WillDelay / time.Second)}}
		}
	}
	add := func(id byte, v int) { p.Properties = append(p.Properties, Property{ID: id, Num: uint32(v)}) }
	switch {
	case s.Expiry > 0:
		add(SessionExpiry, int(s.Expiry/time.Second))
	case !s.Clean:
		add(SessionExpiry, 1<<32-1)
	}
	if s.Window < 65535 {
		add(ReceiveMaximum, s.Window)
	}
	add(MaximumPacketSize, s.MaxPacket)
	if s.Aliases {
		add(TopicAliasMaximum, aliasMaximum)
	}
	return p
}

// begin takes CONNACK: what the session and the connection begin with.
func (c *client) begin(k *clientConn, ack *Packet) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead {
		return errKilled
	}
	if ack.SessionPresent && c.set.Clean {
		return violation("a clean session cannot be present (section 3.2.2.1.1)")
	}
	window := int(ack.Properties.Or(ReceiveMaximum, 65535))
	k.limit = int(ack.Properties.Or(MaximumPacketSize, uint32(k.limit)))
	if c.set.Aliases {
		k.room = int(ack.Properties.Or(TopicAliasMaximum, 0))
	}
	if v, ok := ack.Properties.Num(ServerKeepAlive); ok {
		k.beat = time.Duration(v) * time.Second
	}
	c.found.Connections++
	if ack.SessionPresent {
		// The broker sends again what is not acknowledged.
		c.jobs = keepJobs(c.jobs)
	} else {
		c.sessions++
		c.subscribed = false
		var again []*delivery
		for _, d := range c.flow.reset() {
			again = append(again, &delivery{message: d.message, qos: d.qos, retain: d.retain})
		}
		c.flow.queue = append(again, c.flow.queue...)
	}
	c.flow.resume(window)
	c.conn = k
	if len(c.set.Subscribe) > 0 && !c.subscribed {
		sub := &Packet{Type: SUBSCRIBE, ID: c.flow.reserve()}
		for i := range c.set.Subscribe {
			sub.Filters = append(sub.Filters, Subscription{Filter: c.set.Subscribe[i].filter(), QoS: byte(c.set.Subscribe[i].QoS)})
		}
		c.answer(sub)
	}
	c.note("state", "connected")
	c.finish()
	c.notifyAll()
	return nil
}

// note tells of what the client is and has counted.
func (c *client) note(field, value string) { c.h.Note("mqtt client", c.set.name(), field, value) }

// name is what to call a client.
func (p *Client) name() string {
	if p.ID == "" {
		return "client"
	}
	return p.ID
}

// answer queues a packet that goes before messages. The mutex is held.
func (c *client) answer(p *Packet) {
	if p == nil || c.conn == nil || c.conn.closing {
		return
	}
	c.conn.answers = append(c.conn.answers, Append(nil, p, c.version))
	c.wake.Notify()
}

// finish says goodbye when all is done: everything published and
// acknowledged, and as much received as wanted.
func (c *client) finish() {
	k := c.conn
	enough := c.set.Receive > 0 && c.found.Handled+c.found.Skipped >= c.set.Receive
	switch {
	case k == nil || k.parting || c.publishing > 0 || !c.flow.idle() || len(c.flow.taken) > 0:
		return
	case len(c.set.Publish) == 0 && !enough, len(c.set.Subscribe) > 0 && !enough:
		return
	}
	c.answer(&Packet{Type: DISCONNECT})
	k.parting = true
	k.closing = true
	c.wake.Notify()
}

// doom kills the client at the times that are set.
func (c *client) doom() {
	for _, at := range c.set.Restart {
		if c.h.Sleep(c.start.Add(at).Sub(c.h.Now())) != nil {
			return
		}
		c.mu.Lock()
		k := c.kill()
		c.mu.Unlock()
		if k != nil {
			abort(k.net)
		}
	}
}

// kill ends the client's life: what it had in memory is gone, and its
// connection is to be aborted. What is on disk stays: the session, if it is
// to be kept, and which messages were worked on.
func (c *client) kill() *clientConn {
	if c.over || c.dead {
		return nil
	}
	c.dead = true
	c.lives++
	c.jobs = nil
	if c.set.Clean {
		c.flow = flow{limit: clientQueue}
		c.sessions++
	}
	c.note("state", "dead")
	c.notifyAll()
	k := c.conn
	c.conn = nil
	if k != nil {
		k.closing, k.answers = true, nil
	}
	return k
}
