// Package link is what lies between two nodes: a wire for each direction, with
// a queue before it, and the faults that strike what passes.
//
//	Send ─> queue ─> Transmit ─> faults ─> in flight ─> Receiver.Receive
package link

import (
	"strconv"
	"time"

	"strata/layers"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/sim/record"
	"strata/trace"
)

// Config is a link's properties, the same in both directions.
type Config struct {
	Rate   int64         // bits per second; 0: infinitely fast
	Delay  time.Duration // propagation, one way
	MTU    int           // bytes of a packet
	Queue  int           // frames that may wait before each wire
	Faults []Fault
}

// Receiver is a node, as a wire sees it. It owns the frame that it is handed.
type Receiver interface {
	Receive(port int, f *frame.Frame)
}

// Wire is one direction of a link.
type Wire struct {
	rec     *record.Recorder
	pool    *frame.Pool
	cfg     Config
	from    trace.NodeID
	end     trace.EndID
	to      Receiver
	port    int
	busy    trace.Time // until then the wire is taken by earlier frames
	queue   ring[*frame.Frame]
	backlog trace.Time // that the queue will take
	flight  ring[arrival]
	aloft   int           // frames in flight, those out of order included
	turn    *engine.Timer // of the first in the queue
	arrive  *engine.Timer // of the first in flight
	faults  []fault
	length  trace.SlotID // state: frames waiting
}

type arrival struct {
	at   trace.Time
	sent trace.Time
	f    *frame.Frame
}

// Side says where a wire begins and ends.
type Side struct {
	From     trace.NodeID
	FromName string
	FromIf   string
	End      trace.EndID // the end that it begins at
	To       Receiver
	Port     int // number of To's interface
}

// NewWire makes one direction of a link.
func NewWire(rec *record.Recorder, pool *frame.Pool, cfg Config, seed uint64, s Side) *Wire {
	w := &Wire{rec: rec, pool: pool, cfg: cfg, from: s.From, end: s.End, to: s.To, port: s.Port}
	w.turn = rec.Clock.NewTimer(w.next)
	w.arrive = rec.Clock.NewTimer(w.land)
	for i, f := range cfg.Faults {
		if f.Out != "" && f.Out != s.FromName {
			continue
		}
		// Numbered among its kind, so that a fault of another kind changes
		// nothing for it.
		nth := 0
		for _, earlier := range cfg.Faults[:i] {
			if earlier.Kind == f.Kind {
				nth++
			}
		}
		owner, purpose := s.FromName+":"+s.FromIf, string(f.Kind)+" "+strconv.Itoa(nth)
		w.faults = append(w.faults, fault{
			Fault: f, matcher: NewMatcher(f.Match),
			strikes: engine.NewDraws(seed, owner, purpose),
			detail:  engine.NewDraws(seed, owner, purpose+" detail"),
		})
	}
	if rec.On() {
		w.length = rec.Log.Slot(trace.Slot{Node: s.From, Table: "queue", Key: s.FromIf, Field: "frames"})
	}
	return w
}

// MTU is the largest packet that the wire takes, bytes.
func (w *Wire) MTU() int { return w.cfg.MTU }

// End is the link end that the wire begins at.
func (w *Wire) End() trace.EndID { return w.end }

func (w *Wire) event(k trace.Kind, f *frame.Frame, why trace.Why, args ...int64) trace.EventID {
	return w.rec.Event(trace.Event{
		Kind: k, PDU: f.PDU, Cause: f.Cause, Node: w.from, End: w.end,
		Layer: layers.Physical, Proto: layers.Wire, Why: why,
	}, args...)
}

// maxAloft is how many frames a wire carries at most. Without a rate nothing
// else would bound a broadcast storm; it is far more than any sender's window.
const maxAloft = 1 << 16

// Send puts a frame on the wire, or in the queue before it while the wire is
// busy; when the queue is full, the frame is dropped.
func (w *Wire) Send(f *frame.Frame) {
	now := w.rec.Clock.Now()
	e := trace.Event{
		Kind: trace.Queue, PDU: f.PDU, Cause: f.Cause, Node: w.from, End: w.end,
		Layer: layers.DataLink, Proto: layers.Ethernet, Why: trace.LinkQueue,
	}
	if n := f.PacketLen(); n > w.cfg.MTU {
		w.refuse(f, e, trace.LinkTooLong, int64(n), int64(w.cfg.MTU))
		return
	}
	if w.aloft >= maxAloft {
		w.refuse(f, e, trace.LinkFull, int64(w.aloft))
		return
	}
	if now >= w.busy && w.queue.n == 0 {
		w.transmit(f)
		return
	}
	if w.queue.n >= w.cfg.Queue {
		w.refuse(f, e, trace.LinkFull, int64(w.queue.n))
		return
	}
	if w.rec.On() {
		f.Cause = w.rec.Event(e, int64(w.queue.n), int64(w.busy-now+w.backlog))
	}
	w.queue.push(f)
	w.backlog += w.takes(f.Len() + layers.EthernetOverhead)
	w.note(f.Cause)
	if w.queue.n == 1 {
		w.turn.Set(w.busy)
	}
}

// refuse drops a frame that never gets onto the wire.
func (w *Wire) refuse(f *frame.Frame, e trace.Event, why trace.Why, args ...int64) {
	e.Why = why
	w.rec.Drop(e, args...)
	w.pool.Put(f)
}

// note records the length of the queue.
func (w *Wire) note(cause trace.EventID) {
	if w.rec.On() {
		e := trace.Event{Cause: cause, Layer: layers.DataLink, Proto: layers.Ethernet, Why: trace.StatQueue}
		w.rec.SetSlot(e, w.length, int64(w.queue.n))
	}
}

func (w *Wire) next() {
	f := w.queue.pop()
	w.backlog -= w.takes(f.Len() + layers.EthernetOverhead)
	w.transmit(f)
	if w.queue.n > 0 {
		w.turn.Set(w.busy)
	}
}

// takes is the time that n bytes need to leave, ns.
func (w *Wire) takes(n int) trace.Time {
	if w.cfg.Rate == 0 {
		return 0
	}
	return trace.Time(int64(n) * 8 * int64(time.Second) / w.cfg.Rate)
}

// preamble and start delimiter go before a frame; the gap comes after it
// (IEEE 802.3): the wire is busy for all three.
const preamble = 8

func (w *Wire) transmit(f *frame.Frame) {
	now := w.rec.Clock.Now()
	n := f.Len()
	w.busy = now + w.takes(n+layers.EthernetOverhead)
	w.rec.Stats.PacketHops++
	if w.rec.On() {
		waited := w.rec.Log.Event(f.Cause).Kind == trace.Queue
		if w.cfg.Rate == 0 {
			f.Cause = w.event(trace.Transmit, f, trace.WireAtOnce, int64(n), int64(w.cfg.Delay))
		} else {
			f.Cause = w.event(trace.Transmit, f, trace.WireSend, int64(n), int64(w.takes(n)), w.cfg.Rate, int64(w.cfg.Delay))
		}
		if waited {
			w.note(f.Cause)
		}
	}
	o := outcome{}
	if len(w.faults) > 0 {
		o = w.strike(f)
	}
	if o.lost {
		return
	}
	at := now + w.takes(n+preamble) + trace.Time(w.cfg.Delay)
	var twin *frame.Frame
	if o.twice {
		twin = w.pool.Copy(f)
	}
	w.launch(f, at, now, o)
	if twin != nil {
		w.launch(twin, at+w.takes(n+layers.EthernetOverhead), now, o)
	}
}

func (w *Wire) launch(f *frame.Frame, at, sent trace.Time, o outcome) {
	w.aloft++
	a := arrival{at: at + o.jitter, sent: sent, f: f}
	if o.late > 0 {
		a.at += o.late
		w.stray(a)
		return
	}
	if w.flight.n > 0 {
		a.at = max(a.at, w.flight.last().at)
	}
	w.flight.push(a)
	if w.flight.n == 1 {
		w.arrive.Set(a.at)
	}
}

// stray lets a frame arrive out of order. It is a function of its own so that
// only here an arrival is kept for later, and costs an allocation.
func (w *Wire) stray(a arrival) {
	w.rec.Clock.NewTimer(func() { w.hand(a) }).Set(a.at)
}

func (w *Wire) land() {
	a := w.flight.pop()
	if w.flight.n > 0 {
		w.arrive.Set(w.flight.first().at)
	}
	w.hand(a)
}

func (w *Wire) hand(a arrival) {
	w.aloft--
	f := a.f
	if w.rec.On() {
		peer := w.end.Peer()
		f.Cause = w.rec.Event(trace.Event{
			Kind: trace.Arrive, PDU: f.PDU, Cause: f.Cause, Node: w.rec.Log.Info().Links[peer.Link()].Ends[peer.Side()].Node,
			End: peer, Layer: layers.Physical, Proto: layers.Wire, Why: trace.WireArrive,
		}, int64(a.at-a.sent))
	}
	w.to.Receive(w.port, f)
}
