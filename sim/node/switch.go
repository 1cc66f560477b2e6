package node

import (
	"strata/layers"
	"strata/sim/frame"
	"strata/sim/link"
	"strata/sim/record"
	"strata/trace"
)

// Switch is a learning bridge (IEEE 802.1D): it remembers which port a MAC
// address sends from, forwards to that port, floods what it does not know, and
// forgets who is silent.
type Switch struct {
	rec   *record.Recorder
	pool  *frame.Pool
	id    trace.NodeID
	age   trace.Time
	ports []switchPort
	table map[[6]byte]location
}

type switchPort struct {
	wire *link.Wire
	name string
}

type location struct {
	port int
	seen trace.Time
}

// maxLearned bounds the table, as a real switch's memory does: past it,
// unknown addresses are flooded and not learned.
const maxLearned = 8192

// NewSwitch is a switch whose table forgets addresses after age.
func NewSwitch(rec *record.Recorder, pool *frame.Pool, id trace.NodeID, age trace.Time) *Switch {
	return &Switch{rec: rec, pool: pool, id: id, age: age, table: map[[6]byte]location{}}
}

// Attach adds a port, numbered from 0 in the order of the calls.
func (s *Switch) Attach(w *link.Wire, name string) {
	s.ports = append(s.ports, switchPort{w, name})
}

// Receive takes a frame from a port.
func (s *Switch) Receive(port int, f *frame.Frame) {
	e := trace.Event{
		PDU: f.PDU, Cause: f.Cause, Node: s.id, End: s.ports[port].wire.End(),
		Layer: layers.DataLink, Proto: layers.Ethernet,
	}
	if f.Damaged {
		e.Why = trace.EthBadFCS
		s.rec.Drop(e)
		s.pool.Put(f)
		return
	}
	now := s.rec.Clock.Now()
	s.learn(f.Eth().Src(), port, now, f.Cause)
	dst := f.Eth().Dst()
	at, known := s.table[dst]
	if known && now-at.seen >= s.age {
		s.forget(dst, at, f.Cause)
		known = false
	}
	e.Kind = trace.Forward
	switch {
	case dst[0]&1 != 0:
		e.Why = trace.SwitchAll
	case !known:
		e.Why = trace.SwitchFlood
	case at.port == port:
		e.Kind, e.Why = trace.Drop, trace.SwitchSame
		s.rec.Event(e, macNumber(dst))
		s.pool.Put(f)
		return
	default:
		e.Why = trace.SwitchKnown
		s.forward(at.port, f, e)
		return
	}
	s.flood(port, f, e)
}

// learn remembers where an address sends from (section 7.8).
func (s *Switch) learn(src [6]byte, port int, now trace.Time, cause trace.EventID) {
	was, known := s.table[src]
	if src[0]&1 != 0 || !known && len(s.table) >= maxLearned {
		return
	}
	s.table[src] = location{port, now}
	if s.rec.On() && (!known || was.port != port) {
		s.note(src, s.rec.Text(s.ports[port].name), trace.SwitchLearn, cause)
	}
}

// forget drops an address that was silent too long (section 7.9). The table is
// looked at only when a frame asks for the address.
func (s *Switch) forget(mac [6]byte, at location, cause trace.EventID) {
	delete(s.table, mac)
	s.note(mac, trace.Absent, trace.SwitchAge, cause, int64(s.rec.Clock.Now()-at.seen))
}

func (s *Switch) note(mac [6]byte, v int64, why trace.Why, cause trace.EventID, args ...int64) {
	if !s.rec.On() {
		return
	}
	slot := trace.Slot{Node: s.id, Table: "mac", Key: macText(mac), Field: "port", Type: trace.Text}
	e := trace.Event{Cause: cause, Layer: layers.DataLink, Proto: layers.Ethernet, Why: why}
	s.rec.Set(e, slot, v, append([]int64{macNumber(mac)}, args...)...)
}

func (s *Switch) flood(in int, f *frame.Frame, e trace.Event) {
	for port := range s.ports {
		if port != in {
			s.forward(port, s.pool.Copy(f), e)
		}
	}
	s.pool.Put(f)
}

func (s *Switch) forward(port int, f *frame.Frame, e trace.Event) {
	w := s.ports[port].wire
	e.End = w.End()
	if s.rec.On() {
		f.Cause = s.rec.Event(e, macNumber(f.Eth().Dst()))
	}
	w.Send(f)
}
