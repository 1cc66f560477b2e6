// Package record is a simulation's side of the trace: what every node and wire
// writes its events, PDUs and counts to. Without a log it only counts.
package record

import (
	"strata/layers"
	"strata/sim/engine"
	"strata/sim/frame"
	"strata/trace"
)

// Recorder takes events at the engine's time.
type Recorder struct {
	Log   *trace.Log // nil: only count
	Clock *engine.Engine
	Stats Stats
}

// Stats are counts of a run.
type Stats struct {
	PacketHops      int64 // frames put on a link, once per link
	BytesSent       int64 // written to sockets by programs
	BytesDelivered  int64 // read from sockets by programs
	Retransmissions int64
	Drops           int64 // PDUs that ended before their time
}

// On says whether events are recorded.
func (r *Recorder) On() bool { return r.Log != nil }

// Event records an event; 0 when nothing is recorded.
func (r *Recorder) Event(e trace.Event, args ...int64) trace.EventID {
	if r.Log == nil {
		return 0
	}
	e.Time = r.Clock.Now()
	return r.Log.Add(e, args...)
}

// Extent records that n bytes from off enter or leave a socket.
func (r *Recorder) Extent(e trace.Event, off, n int64, args ...int64) trace.EventID {
	if r.Log == nil {
		return 0
	}
	e.Time = r.Clock.Now()
	return r.Log.AddExtent(e, off, n, args...)
}

// Message records that a whole message is sent or delivered.
func (r *Recorder) Message(e trace.Event, from, to string, args ...int64) trace.EventID {
	if r.Log == nil {
		return 0
	}
	e.Time = r.Clock.Now()
	return r.Log.AddMessage(e, from, to, args...)
}

// Drop records that a PDU ends, and counts it.
func (r *Recorder) Drop(e trace.Event, args ...int64) trace.EventID {
	r.Stats.Drops++
	e.Kind = trace.Drop
	return r.Event(e, args...)
}

// Set records a change of state.
func (r *Recorder) Set(e trace.Event, s trace.Slot, v int64, args ...int64) trace.EventID {
	if r.Log == nil {
		return 0
	}
	return r.SetSlot(e, r.Log.Slot(s), v, args...)
}

// SetSlot is Set for a slot whose id is known.
func (r *Recorder) SetSlot(e trace.Event, id trace.SlotID, v int64, args ...int64) trace.EventID {
	if r.Log == nil {
		return 0
	}
	e.Time, e.End = r.Clock.Now(), trace.NoEnd
	return r.Log.Set(e, id, v, args...)
}

// Text is the id of a string, for arguments and values.
func (r *Recorder) Text(s string) int64 {
	if r.Log == nil {
		return 0
	}
	return r.Log.Intern(s)
}

// Wrap records the frame's packet PDU: the IP header before its body.
func (r *Recorder) Wrap(f *frame.Frame) {
	if r.Log != nil {
		f.Packet = r.Log.Wrap(layers.IPv4, f.IP(), f.Body, f.BodyOff, f.BodyLen())
	}
}

// Seal records the frame's PDU: the Ethernet header before its packet.
func (r *Recorder) Seal(f *frame.Frame) {
	if r.Log != nil {
		f.PDU = r.Log.Seal(f.Eth(), f.Packet, f.PacketLen())
	}
}
