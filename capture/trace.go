package capture

import "strata/trace"

// Info is what the trace says once.
func (f *File) Info() *trace.Info { return &f.info }

// Events is how many steps all frames have.
func (f *File) Events() int { return int(f.events) }

// step finds event n; nil when there is none.
func (f *File) step(n trace.EventID) (*step, *view) {
	if n == 0 || uint32(n) > f.events {
		return nil, nil
	}
	frame, before := f.frameOf(uint32(n))
	v := f.look(frame)
	return &v.events[uint32(n)-before-1], v
}

// Event is event n; the zero Event when there is none.
func (f *File) Event(n trace.EventID) trace.Event {
	if s, _ := f.step(n); s != nil {
		return s.Event
	}
	return trace.Event{}
}

// Text is the event's why-sentence, filled in.
func (f *File) Text(n trace.EventID) string {
	s, v := f.step(n)
	if s == nil {
		return ""
	}
	return s.Why.Sentence(s.args, func(id int64) string { return v.texts[id] })
}

// Change is the zero Change: what changed in a host's tables cannot be seen.
func (f *File) Change(trace.EventID) trace.Change { return trace.Change{} }

// Extent is the place in the stream of a Write or Read event.
func (f *File) Extent(n trace.EventID) (off, size int64) {
	if s, _ := f.step(n); s != nil {
		return s.off, s.n
	}
	return 0, 0
}

// Peers are the two ends of a Send or Deliver event.
func (f *File) Peers(n trace.EventID) (from, to string) {
	if s, _ := f.step(n); s != nil {
		return s.from, s.to
	}
	return "", ""
}

// Frames is how many frames the file holds, as far as it can be read.
func (f *File) Frames() int { return f.n }

// Frame is frame n. It is known from the index, and from the record's header
// in the file.
func (f *File) Frame(n int) trace.Frame {
	if n < 0 || n >= f.n {
		return trace.Frame{}
	}
	e := f.entry(n)
	fl := f.flowAt(e)
	from, to := fl.na, fl.nb
	if e.is(flagBack) {
		from, to = to, from
	}
	first := trace.EventID(f.before(n))
	seen := first + trace.EventID(e.making()) + 1
	at := f.since(e)
	m, err := f.kind.describe(e.at())
	if err != nil { // the file was changed under us
		m = Meta{iface: &iface{}}
	}
	return trace.Frame{
		WireLen: m.WireLen, FCS: m.FCSLen, LinkType: int(m.iface.link), Interface: m.iface.name,
		Sent: at, Ended: at, From: from, To: to, End: f.endOf(fl, e.is(flagBack)),
		PDU: trace.PDUID(first) + trace.PDUID(e.headers()), Transmit: seen, Last: seen + 1,
		Fate: trace.Arrived, Resent: e.is(flagResent), Hop: 1,
	}
}

// endOf is the link end that a frame of a flow leaves from.
func (f *File) endOf(fl *flow, back bool) trace.EndID {
	end := trace.EndID(fl.link) * 2
	if (f.info.Links[fl.link].Ends[0].Node != fl.na) != back {
		end++
	}
	return end
}

// Steps are the events of frame n. They hold until the next call.
func (f *File) Steps(n int) []trace.EventID {
	f.steps = f.steps[:0]
	if n < 0 || n >= f.n {
		return f.steps
	}
	first := trace.EventID(f.before(n))
	for i := range f.entry(n).steps() {
		f.steps = append(f.steps, first+trace.EventID(i)+1)
	}
	return f.steps
}

// FrameOf is the frame that an event belongs to.
func (f *File) FrameOf(n trace.EventID) int {
	if n == 0 || uint32(n) > f.events {
		return 0
	}
	frame, _ := f.frameOf(uint32(n))
	return frame
}

// State is empty: a capture does not see into hosts.
func (f *File) State(n trace.EventID) *trace.State {
	return &trace.State{At: min(n, trace.EventID(f.events))}
}
