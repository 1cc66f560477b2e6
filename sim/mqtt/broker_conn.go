package mqtt

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"strata/sim/host"
)

// connectTimeout is how long a connection may take to send its CONNECT packet
// (section 3.1), and how long one that is closed may take to read why.
const connectTimeout = 10 * time.Second

// errCut ends connections whose broker went away.
var errCut = errors.New("mqtt: the broker restarts")

// conn is a client's connection, as the broker sees it: a branch reads from
// it, another one writes to it.
type conn struct {
	b        *broker
	net      net.Conn
	in       *bufio.Reader
	version  Version
	session  *session
	will     *Will
	patience time.Duration // how long the client may be silent; 0: forever
	limit    int           // bytes of a packet that the client takes
	unread   int           // bytes of packets that came in since the last message
	aliases  map[uint16]string

	// Guarded by the broker's mutex.
	wake    host.Signal
	answers [][]byte          // to be sent before any message
	closing bool              // when they are sent, the connection is to be closed
	parted  bool              // it has no session any more
	given   map[string]uint16 // topic aliases for messages to the client
	room    int               // how many more there may be
}

// serve speaks MQTT on a connection until it ends.
func (b *broker) serve(nc net.Conn) {
	noDelay(nc)
	c := &conn{b: b, net: nc, in: bufio.NewReader(nc), wake: b.h.Signal(), limit: maxRemaining + 5}
	_ = nc.SetReadDeadline(b.h.Now().Add(connectTimeout))
	b.mu.Lock()
	b.conns = append(b.conns, c)
	b.mu.Unlock()
	defer b.leave(c)
	p, n, err := Read(c.in, 0, b.set.MaxPacket)
	c.unread = n
	if err == nil {
		err = c.connect(p)
	}
	if err != nil {
		c.blame(err)
		if refusal := refusal(p, err); refusal != nil {
			_, _ = nc.Write(refusal)
			closeWrite(nc)
			c.drain()
		}
		return
	}
	b.h.Go(c.write)
	err = c.read()
	c.blame(err)
	b.mu.Lock()
	b.part(c, err)
	b.mu.Unlock()
	c.drain()
}

func (b *broker) leave(c *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conns = slices.DeleteFunc(b.conns, func(o *conn) bool { return o == c })
}

// blame notes what a client did that is forbidden. That a connection breaks is
// not.
func (c *conn) blame(err error) {
	if e := (*Error)(nil); errors.As(err, &e) && e.Reason != SessionTakenOver && e.Reason != KeepAliveTimeout {
		c.b.failures.Add(fmt.Errorf("connection from %v: %w", c.net.RemoteAddr(), err))
	}
}

// drain reads what still comes, until the client has closed too or has had
// time to: had bytes been left unread, closing would reset the connection, and
// the client might never see why it ended.
func (c *conn) drain() {
	_ = c.net.SetReadDeadline(c.b.h.Now().Add(connectTimeout))
	_, _ = io.CopyN(io.Discard, c.in, 1<<20)
}

// closeWrite says that no more will be sent.
func closeWrite(c net.Conn) {
	if s, ok := c.(interface{ CloseWrite() error }); ok {
		_ = s.CloseWrite()
	} else {
		_ = c.Close()
	}
}

// refusal is the CONNACK for a CONNECT that is not taken; nil: there is none.
func refusal(p *Packet, err error) []byte {
	var e *Error
	if p == nil || p.Connect == nil || !errors.As(err, &e) {
		return nil
	}
	ack := &Packet{Type: CONNACK, Reason: mayTell(CONNACK, e.Reason)}
	if p.Connect.Version == V5 {
		ack.Properties = Properties{{ID: ReasonString, Text: e.Text}}
		return Append(nil, ack, V5)
	}
	switch e.Reason { // 3.1.1 section 3.2.2.3
	case UnsupportedVersion:
		ack.Reason = refusedVersion311
	case ClientIDNotValid:
		ack.Reason = refusedIdentifier311
	case ServerBusy:
		ack.Reason = refusedUnavailable311
	default:
		return nil // 3.1.1 section 4.8: a malformed packet is not answered
	}
	return Append(nil, ack, V311)
}

// connect takes a CONNECT packet, and answers it.
func (c *conn) connect(p *Packet) error {
	con := p.Connect
	c.version = con.Version
	switch {
	case con.ClientID == "" && !con.Clean && con.Version == V311:
		return &Error{ClientIDNotValid, "a client without an identifier must ask for a clean session (3.1.1 section 3.1.3.1)"}
	case p.Properties.Text(AuthMethod) != "":
		return &Error{BadAuthMethod, "there is no enhanced authentication here (section 4.12)"}
	}
	if con.KeepAlive > 0 { // section 3.1.2.10
		c.patience = time.Duration(con.KeepAlive) * time.Second * 3 / 2
	}
	c.limit = int(p.Properties.Or(MaximumPacketSize, uint32(c.limit)))
	c.room = min(aliasMaximum, int(p.Properties.Or(TopicAliasMaximum, 0)))
	o, err := c.b.open(c, p)
	if err != nil {
		return err
	}
	ack := &Packet{Type: CONNACK, SessionPresent: o.present}
	if c.version == V5 {
		ack.Properties = append(o.props, Property{ID: ReceiveMaximum, Num: receiveMaximum}, Property{ID: TopicAliasMaximum, Num: aliasMaximum},
			Property{ID: MaximumPacketSize, Num: uint32(c.b.set.MaxPacket)})
	}
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	c.answer(ack)
	return nil
}

// answer queues a packet that goes before messages. The broker's mutex is held.
func (c *conn) answer(p *Packet) {
	if p == nil || c.closing {
		return
	}
	if b := Append(nil, p, c.version); len(b) <= c.limit {
		c.answers = append(c.answers, b)
		c.wake.Notify()
	}
}

// close lets the connection end when what is queued has been sent; err says
// why, to a client of MQTT 5. The broker's mutex is held.
func (c *conn) close(err error) {
	if e := (*Error)(nil); errors.As(err, &e) && c.version == V5 {
		c.answer(&Packet{Type: DISCONNECT, Reason: mayTell(DISCONNECT, e.Reason), Properties: Properties{{ID: ReasonString, Text: e.Text}}})
	}
	c.closing = true
	c.wake.Notify()
	if err != nil { // the reader need not wait for more
		_ = c.net.SetReadDeadline(c.b.h.Now().Add(connectTimeout))
	}
}

// mayTell is a reason as a packet may have it.
func mayTell(t Type, r Reason) Reason {
	if strings.IndexByte(mayHave[t], byte(r)) < 0 {
		return UnspecifiedError
	}
	return r
}

// write sends what is queued, until the connection closes or breaks.
func (c *conn) write() {
	for {
		b, done := c.next()
		switch {
		case len(b.bytes) > 0:
			if b.write(c.b.h, c.net) != nil {
				c.broken()
				return
			}
		case done:
			closeWrite(c.net)
			return
		case c.wake.Wait(time.Time{}) != nil:
			return
		}
	}
}

// broken ends a connection that nothing can be written to.
func (c *conn) broken() {
	_ = c.net.Close() // so that the reader ends, too
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	c.closing, c.answers = true, nil
}

// next is what to write next; done says that nothing will come after it.
func (c *conn) next() (b batch, done bool) {
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	for _, answer := range c.answers {
		b.add(answer, nil)
	}
	c.answers = nil
	if c.closing {
		return b, true
	}
	for !b.full() {
		p, d := c.session.flow.next(c.b.h.Now())
		if p == nil {
			break
		}
		if p.Type == PUBLISH && c.version == V5 {
			c.alias(p)
		}
		packet := Append(nil, p, c.version)
		if len(packet) > c.limit { // section 3.1.2.11.4: as if it had been delivered
			c.b.found.Dropped++
			c.session.flow.discard(d)
			continue
		}
		b.add(packet, p)
	}
	c.b.note(c.session)
	return b, false
}

// alias puts a topic alias for a topic, as far as the client takes them
// (section 3.3.2.3.4): the first time with the topic, then instead of it.
func (c *conn) alias(p *Packet) {
	n, ok := c.given[p.Topic]
	switch {
	case ok:
		p.Topic = ""
	case c.room == 0:
		return
	default:
		if c.given == nil {
			c.given = map[string]uint16{}
		}
		c.room--
		n = uint16(len(c.given) + 1)
		c.given[p.Topic] = n
	}
	p.Properties = append(p.Properties, Property{ID: TopicAlias, Num: uint32(n)})
}

// read takes packets until the connection ends. The error is nil when the
// client has said goodbye.
func (c *conn) read() error {
	for {
		deadline := time.Time{}
		if c.patience > 0 {
			deadline = c.b.h.Now().Add(c.patience)
		}
		if c.isClosing() {
			return io.EOF
		}
		_ = c.net.SetReadDeadline(deadline)
		p, n, err := Read(c.in, c.version, c.b.set.MaxPacket)
		c.unread += n
		switch {
		case err == nil:
		case c.isClosing():
			return io.EOF
		case isTimeout(err):
			return &Error{KeepAliveTimeout, "nothing came within one and a half times the keep alive (section 3.1.2.10)"}
		default:
			return err
		}
		if done, err := c.take(p); done || err != nil {
			return err
		}
		if err := c.relieve(); err != nil {
			return err
		}
	}
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

func (c *conn) isClosing() bool {
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	return c.closing
}

// relieve waits while the client takes no answers but asks for more.
func (c *conn) relieve() error {
	for {
		c.b.mu.Lock()
		n := len(c.answers)
		c.b.mu.Unlock()
		if n < maxAnswers {
			return nil
		}
		if err := c.b.h.Sleep(100 * time.Millisecond); err != nil {
			return err
		}
	}
}
