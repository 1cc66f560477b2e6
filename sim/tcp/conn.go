package tcp

import "strata/trace"

// Conn is one connection: RFC 9293's transmission control block.
type Conn struct {
	cfg     Config
	ready   Ready
	now     trace.Time
	state   State
	passive bool // it was a SYN at a listener
	deaf    bool // the program closed: it will read nothing more

	snd    sender
	rcv    receiver
	stamps stamps
	rtt    estimator
	win    window
	cc     control
	rec    recovery

	timer      [timers]trace.Time // when each runs out; 0: off
	ackDue     Reason             // an acknowledgment must leave in this step; Why 0: none
	ackAlone   bool               // and must not wait for data to ride on
	held       trace.Why          // what Held said last
	challenges challengeLimit
	shown      [Fields]int64 // the values that Notes told last
}

// defaultMSS is what a peer that names none can take (RFC 9293 section 3.7.1).
const defaultMSS = 536

// New is a connection that opens actively: Step it with Open.
func New(cfg Config, iss Seq) *Conn {
	c := &Conn{cfg: cfg}
	if c.cfg.MSS == 0 {
		c.cfg.MSS = defaultMSS
	}
	if c.cfg.ReceiveBuffer == 0 {
		c.cfg.ReceiveBuffer = 65535
	}
	if c.cfg.SendBuffer == 0 {
		c.cfg.SendBuffer = 65536
	}
	if c.cfg.MSL == 0 {
		c.cfg.MSL = 120 * trace.Second
	}
	c.snd = sender{iss: iss, una: -1, nxt: -1, resend: -1}
	c.rcv = receiver{buf: c.cfg.ReceiveBuffer, fin: noFIN, nxt: -1}
	if c.cfg.WindowScale {
		c.rcv.scale = scaleFor(c.cfg.ReceiveBuffer)
	}
	c.stamps.offset = uint32(mix(uint64(iss)))
	c.rtt.rto = initialRTO
	c.rec.recover = -1
	c.cc = newControl(cfg.Congestion)
	for f := range c.shown {
		c.shown[f] = trace.Absent
	}
	return c
}

// NewPassive is a connection in LISTEN, for a segment at a listener for
// which Opens is true: Step it with that segment.
func NewPassive(cfg Config, iss Seq) *Conn {
	c := New(cfg, iss)
	c.passive = true
	c.state = Listen
	return c
}

// State is the state now.
func (c *Conn) State() State { return c.state }

// Step takes one input at a time that never goes back.
func (c *Conn) Step(now trace.Time, in Input) *Ready {
	c.begin(now)
	switch in.Kind {
	case Tick:
		c.tick()
	case Arrive:
		c.arrive(in.Segment)
		c.noteChanges()
	case Open:
		c.open()
	case Write:
		c.snd.written += int64(in.N)
	case Consume:
		c.consume(in.N)
	case CloseWrite:
		c.closeWrite()
	case Close:
		c.close()
	case Abort:
		c.abort(Reason{Why: trace.TCPAbort})
	case SetNoDelay:
		c.cfg.NoDelay = in.On
	}
	c.send()
	return c.finish()
}

func (c *Conn) begin(now trace.Time) {
	r := &c.ready
	c.now = now
	r.Drop = Reason{}
	r.Held = Reason{}
	r.Accepted = r.Accepted[:0]
	r.Segments = r.Segments[:0]
	r.Notes = r.Notes[:0]
	r.Flush = false
	r.Reopen = false
	c.ackDue.Why = 0
	c.ackAlone = false
}

// send lets leave what may: an acknowledgment that must stand alone, data,
// and an acknowledgment that no data took along.
func (c *Conn) send() {
	if c.ackDue.Why != 0 && c.ackAlone {
		c.sendAck(c.ackDue)
	}
	c.transmit()
	if c.ackDue.Why != 0 {
		c.sendAck(c.ackDue)
	}
}

func (c *Conn) finish() *Ready {
	r := &c.ready
	r.State = c.state
	r.Readable = c.rcv.readable()
	r.PeerDone = c.rcv.finished()
	r.Acked = c.snd.acked()
	r.Space = 0
	if !c.snd.closed && c.state != Closed {
		r.Space = max(0, c.cfg.SendBuffer-int(c.snd.written-r.Acked))
	}
	r.Wake = 0
	if c.state == Closed {
		r.Done = true
		c.noteGone()
		return r
	}
	for _, at := range c.timer {
		if at != 0 && (r.Wake == 0 || at < r.Wake) {
			r.Wake = at
		}
	}
	c.noteChanges()
	return r
}
