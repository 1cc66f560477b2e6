package node

import (
	"errors"

	"strata/layers"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/sim/tcp"
	"strata/trace"
)

// wakeup is a connection's one timer. A later time only moves the mark: when
// the timer runs too early, it is set again, so that the many times that an
// acknowledgment moves the retransmission time cost nothing.
type wakeup struct {
	timer *engine.Timer
	at    trace.Time // 0: not wanted
}

func (w *wakeup) want(at trace.Time) {
	w.at = at
	if at != 0 && (!w.timer.IsSet() || at < w.timer.At()) {
		w.timer.Set(at)
	}
}

// names are what the trace calls a connection and its fields.
type names struct {
	key    int64  // text of the 4-tuple
	socket string // key in the tables
	local  string
	remote string
	inPDU  trace.PDUID
	slots  [tcp.Fields]trace.SlotID
	state  trace.SlotID // of the socket table
}

func (s *Station) newConn(k fourTuple, t *tcp.Conn, program string, l *listener) *conn {
	c := &conn{s: s, key: k, tcp: t, program: program, out: new(trace.Source), listener: l, passive: l != nil}
	c.wakeup = &wakeup{}
	c.wakeup.timer = s.Rec.Clock.NewTimer(c.tick)
	s.conns[k] = c
	if s.Rec.On() {
		c.name()
	}
	return c
}

func (c *conn) name() {
	log := c.s.Rec.Log
	n := &c.names
	n.local, n.remote = c.key.local().String(), c.key.remote().String()
	n.socket = "tcp " + n.local + " " + n.remote
	n.key = log.Intern(n.local + " ⇄ " + n.remote)
	c.outPDU, c.out = log.Source(layers.Stream)
	n.inPDU = log.Join(layers.Stream, nil)
	log.Socket(trace.Socket{Node: c.s.id, Name: n.key, Out: c.outPDU, In: n.inPDU})
	slot := trace.Slot{Node: c.s.id, Table: "tcp", Key: n.socket}
	for f := range n.slots {
		slot.Field, slot.Type = tcp.Field(f).String(), tcp.Field(f).Type()
		n.slots[f] = log.Slot(slot)
	}
	slot = trace.Slot{Node: c.s.id, Table: "socket", Key: n.socket, Field: "state", Type: trace.Text}
	n.state = log.Slot(slot)
	why, port := c.openedWhy()
	c.noteSocket("program", log.Intern(c.program), why, c.s.cause(), port)
}

func (c *conn) noteSocket(field string, v int64, why trace.Why, cause trace.EventID, args ...int64) {
	if !c.s.Rec.On() {
		return
	}
	slot := trace.Slot{Node: c.s.id, Table: "socket", Key: c.names.socket, Field: field, Type: trace.Text}
	c.s.Rec.Set(trace.Event{Cause: cause, Layer: layers.Session, Proto: layers.Connection, Why: why}, slot, v, args...)
}

func (c *conn) tick() {
	switch {
	case c.wakeup.at == 0:
	case c.s.Rec.Clock.Now() < c.wakeup.at:
		c.wakeup.timer.Set(c.wakeup.at)
	default:
		c.step(tcp.Input{Kind: tcp.Tick}, nil, 0)
	}
}

// step gives the state machine an input and does what follows from it. A
// segment that arrived comes with its frame f.
func (c *conn) step(in tcp.Input, f *frame.Frame, cause trace.EventID) *tcp.Ready {
	if c.s.Sched.ended {
		return &tcp.Ready{} // what programs do to wind up happens to nobody
	}
	r := c.tcp.Step(c.s.Rec.Clock.Now(), in)
	if !c.s.Rec.On() {
		c.out.Free(r.Acked)
	}
	if r.Drop.Why != 0 {
		c.s.Rec.Drop(c.s.about(trace.Drop, layers.TCP, f.Body, cause, r.Drop.Why), r.Drop.Args[:]...)
	}
	for _, p := range r.Accepted {
		c.keep(f, p)
	}
	if r.Held.Why != 0 {
		c.s.event(trace.Hold, layers.TCP, c.outPDU, cause, r.Held.Why, r.Held.Args[:]...)
	}
	notes, cause := c.tell(r.Notes, 0, cause)
	for i := range r.Segments {
		out := c.segment(&r.Segments[i], cause)
		// What sending it changes belongs to this step, before IP has its turn.
		notes, _ = c.tell(notes, i+1, out.Cause)
		c.s.send(out, header{src: c.key.localIP, dst: c.key.remoteIP, protocol: layers.ProtocolTCP})
	}
	c.space = r.Space
	c.wakeup.want(r.Wake)
	c.follow(r, cause)
	return r
}

// tell records the notes up to a place between the segments; the result is
// those that are left, and what causes what follows.
func (c *conn) tell(notes []tcp.Note, at int, cause trace.EventID) ([]tcp.Note, trace.EventID) {
	for len(notes) > 0 && notes[0].At <= at {
		cause = c.note(&notes[0], cause)
		notes = notes[1:]
	}
	return notes, cause
}

// note records a change or a timer; the result is what causes what follows.
func (c *conn) note(n *tcp.Note, cause trace.EventID) trace.EventID {
	if !c.s.Rec.On() {
		return cause
	}
	e := c.s.about(trace.StateChange, layers.TCP, 0, cause, n.Why)
	switch n.Kind {
	case tcp.TimerSet:
		e.Kind = trace.TimerSet
		c.s.Rec.Event(e, n.Args[:]...)
	case tcp.TimerFired:
		e.Kind = trace.TimerFired
		return c.s.Rec.Event(e, n.Args[:]...)
	case tcp.Changed:
		v := n.New
		if n.Field == tcp.FieldState && v != trace.Absent {
			v = c.s.Rec.Text(tcp.State(v).String())
			c.s.Rec.SetSlot(c.s.about(0, layers.Connection, 0, cause, trace.SocketState), c.names.state, v)
		}
		c.s.Rec.SetSlot(e, c.names.slots[n.Field], v, n.Args[:]...)
	}
	return cause
}

// follow lets the program see what changed.
func (c *conn) follow(r *tcp.Ready, cause trace.EventID) {
	was := c.state
	c.state = r.State
	if was < tcp.Established && r.State >= tcp.Established && c.listener != nil {
		c.listener.established(c, cause)
		c.listener = nil
	}
	if r.Err != nil && c.err == nil {
		c.err = r.Err
		if !errors.Is(r.Err, tcp.ErrAborted) { // an abort is the program's own wish
			text := c.s.Rec.Text(c.opError("connection", r.Err).Error())
			c.noteSocket("error", text, trace.SocketError, cause, text)
		}
		c.wake(cause)
	}
	if r.Flush {
		c.in.flush()
	}
	if r.PeerDone && !c.peerDone {
		c.peerDone = true
		c.s.Sched.wakeAll(&c.readers, cause)
	}
	awaited := len(c.readers) > 0
	if c.in.readable() > 0 {
		c.s.Sched.wakeAll(&c.readers, cause)
	}
	if c.space > 0 {
		c.s.Sched.wakeAll(&c.writers, cause)
	}
	if r.State != was {
		c.s.Sched.wakeAll(&c.openers, cause)
	}
	c.noteQueues(awaited, cause)
	if r.Done {
		c.remove(cause)
	}
}

// remove forgets the connection: its 4-tuple is free.
func (c *conn) remove(cause trace.EventID) {
	if c.listener != nil {
		c.listener.pending--
		c.listener.noteBacklog(cause)
		c.listener = nil
	}
	c.state = tcp.Closed
	c.wakeup.want(0)
	c.wakeup.timer.Stop()
	if c.s.conns[c.key] == c {
		delete(c.s.conns, c.key)
	}
	c.queues.drop(c.s, cause)
	c.noteSocket("state", trace.Absent, trace.SocketClose, cause)
	c.noteSocket("program", trace.Absent, trace.SocketClose, cause)
	c.wake(cause)
}

// segment makes a segment's bytes.
func (c *conn) segment(seg *tcp.Segment, cause trace.EventID) *frame.Frame {
	s := c.s
	f := s.Pool.Get()
	if seg.Len > 0 {
		c.sent = max(c.sent, seg.Off+int64(seg.Len))
		f.Payload = c.out.View(seg.Off, seg.Len)
		f.Sum = layers.Sum(f.Payload, 0)
	}
	if seg.Why.Resend() {
		s.Rec.Stats.Retransmissions++
	}
	s.putSegment(f, c.key, seg)
	if s.Rec.On() {
		f.Body = s.Rec.Log.Wrap(layers.TCP, f.L4(), c.outPDU, seg.Off, seg.Len) // an empty one is the stream's, too
		f.Cause = s.event(trace.Segment, layers.TCP, f.Body, cause, seg.Why, seg.Args[:]...)
	}
	return f
}

// putSegment writes the TCP header before the frame's payload.
func (s *Station) putSegment(f *frame.Frame, k fourTuple, seg *tcp.Segment) {
	h := layers.TCPHeader(f.SetL4(60))
	n := layers.TCPMinSize + tcp.PutOptions(h[layers.TCPMinSize:], seg.Options)
	h = f.SetL4(n)
	h.Put(&layers.TCPFields{
		SrcPort: k.localPort, DstPort: k.remotePort, Seq: uint32(seg.Seq), Ack: uint32(seg.Ack),
		HeaderLen: n, Flags: uint8(seg.Flags), Window: seg.Window, Urgent: seg.Urgent,
	})
	h.SetChecksum(layers.PseudoHeader(k.localIP, k.remoteIP, layers.ProtocolTCP, n+len(f.Payload)) + f.Sum)
}

// receiveTCP finds the connection that a segment belongs to, or the listener
// that it opens one at; a segment for nobody is answered with a reset.
func (s *Station) receiveTCP(f *frame.Frame) {
	h, ip := layers.TCPHeader(f.L4()), f.IP()
	if !h.Valid() {
		s.drop(f, layers.TCP, f.Body, trace.TCPMalformed)
		return
	}
	sum := layers.PseudoHeader(ip.Src(), ip.Dst(), layers.ProtocolTCP, f.BodyLen()) + f.Sum
	if !h.ChecksumOK(sum) {
		want := h.Checksum()
		h.SetChecksum(sum)
		s.drop(f, layers.TCP, f.Body, trace.TCPChecksum, int64(want), int64(h.Checksum()))
		return
	}
	seg := &s.segment
	*seg = tcp.Segment{
		Seq: tcp.Seq(h.Seq()), Ack: tcp.Seq(h.Ack()), Flags: tcp.Flags(h.Flags()),
		Window: h.Window(), Urgent: h.Urgent(), Len: len(f.Payload),
	}
	if len(h) > layers.TCPMinSize {
		seg.Options, _ = tcp.ParseOptions(h.Options()) // what came before a malformed option counts
	}
	k := fourTuple{ip.Dst(), ip.Src(), h.DstPort(), h.SrcPort()}
	in := tcp.Input{Kind: tcp.Arrive, Segment: seg}
	reopen := true
	if c := s.conns[k]; c != nil {
		if s.Rec.On() {
			f.Cause = s.event(trace.Decapsulate, layers.TCP, f.Body, f.Cause, trace.TCPToSocket, c.names.key, int64(seg.Len))
		}
		reopen = c.step(in, f, f.Cause).Reopen
	}
	if reopen {
		if c := s.open(f, k, seg); c != nil {
			c.step(in, f, f.Cause)
		}
	}
	s.Pool.Put(f)
}

// open makes a connection for a SYN at a listener; nil: the segment was
// refused.
func (s *Station) open(f *frame.Frame, k fourTuple, seg *tcp.Segment) *conn {
	l := s.listeners[k.localPort]
	if l != nil && l.ip != 0 && l.ip != k.localIP {
		l = nil
	}
	if l == nil {
		f.Cause = s.Rec.Drop(s.about(trace.Drop, layers.TCP, f.Body, f.Cause, trace.TCPNobody), int64(k.localPort))
		s.reset(f, k, seg, false)
		return nil
	}
	f.Cause = s.event(trace.Decapsulate, layers.TCP, f.Body, f.Cause, trace.TCPToListen, int64(k.localPort))
	if !tcp.Opens(seg) {
		f.Cause = s.Rec.Drop(s.about(trace.Drop, layers.TCP, f.Body, f.Cause, trace.TCPNotOpening))
		s.reset(f, k, seg, true)
		return nil
	}
	c := l.incoming(k, f.Cause)
	if c == nil {
		s.Rec.Drop(s.about(trace.Drop, layers.TCP, f.Body, f.Cause, trace.TCPBacklog), int64(l.pending))
	}
	return c
}

// reset answers a segment that belongs to no connection.
func (s *Station) reset(f *frame.Frame, k fourTuple, seg *tcp.Segment, listening bool) {
	rst, due := tcp.Reset(seg, listening)
	if !due {
		return
	}
	a := s.Pool.Get()
	s.putSegment(a, k, &rst)
	if s.Rec.On() {
		a.Body = s.Rec.Log.Wrap(layers.TCP, a.L4(), 0, 0, 0)
		a.Cause = s.event(trace.Segment, layers.TCP, a.Body, f.Cause, trace.TCPRefuse)
	}
	s.send(a, header{src: k.localIP, dst: k.remoteIP, protocol: layers.ProtocolTCP})
}

// keep stores an accepted part of a frame's payload, where it lies.
func (c *conn) keep(f *frame.Frame, p tcp.Piece) {
	joined := c.in.add(piece{
		off: p.Off, data: f.Payload[p.Skip : p.Skip+p.Len],
		pdu: f.Body, pduOff: int64(len(f.L4()) + p.Skip),
	})
	if !c.s.Rec.On() {
		return
	}
	for _, q := range joined {
		c.s.Rec.Log.Extend(c.names.inPDU, q.pdu, q.pduOff, int64(len(q.data)))
	}
	if len(joined) > 1 {
		c.s.event(trace.Reassemble, layers.TCP, c.names.inPDU, f.Cause, trace.TCPGapFilled, c.in.readable())
	}
}
