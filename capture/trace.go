package capture

import (
	"strata/layers"
	"strata/trace"
)

// What a Trace can be asked. Each question waits for its turn and is answered
// by the function of the same name in lower case, which others here call.

// Info is what the trace says once.
func (f *File) Info() *trace.Info {
	defer f.look()()
	return f.tell()
}

// Events is how many steps all frames have.
func (f *File) Events() int {
	defer f.look()()
	return int(f.events)
}

// Event is event n; the zero Event when there is none.
func (f *File) Event(n trace.EventID) trace.Event {
	defer f.look()()
	if s, _ := f.step(n); s != nil {
		return s.Event
	}
	return trace.Event{}
}

// Text is the event's why-sentence, filled in.
func (f *File) Text(n trace.EventID) string {
	defer f.look()()
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
	defer f.look()()
	if s, _ := f.step(n); s != nil {
		return s.off, s.n
	}
	return 0, 0
}

// Peers are the two ends of a Send or Deliver event.
func (f *File) Peers(n trace.EventID) (from, to string) {
	defer f.look()()
	if s, _ := f.step(n); s != nil {
		return s.from, s.to
	}
	return "", ""
}

// Frames is how many frames are indexed.
func (f *File) Frames() int {
	defer f.look()()
	return f.n
}

// Frame is frame n.
func (f *File) Frame(n int) trace.Frame {
	defer f.look()()
	return f.frameAt(n)
}

// Steps are the events of frame n.
func (f *File) Steps(n int) []trace.EventID {
	defer f.look()()
	if n < 0 || n >= f.n {
		return nil
	}
	first, e := trace.EventID(f.before(n)), f.entry(n)
	steps := make([]trace.EventID, int(e.steps))
	for i := range steps {
		steps[i] = first + trace.EventID(i) + 1
	}
	return steps
}

// FrameOf is the frame that an event belongs to.
func (f *File) FrameOf(n trace.EventID) int {
	defer f.look()()
	if n == 0 || uint32(n) > f.events {
		return 0
	}
	frame, _ := f.frameOf(uint32(n))
	return frame
}

// PDU is PDU id; the zero PDU when there is none.
func (f *File) PDU(id trace.PDUID) trace.PDU {
	defer f.look()()
	return f.pduOf(id)
}

// Size is the PDU's length in bytes.
func (f *File) Size(id trace.PDUID) int64 {
	defer f.look()()
	return f.sizeOf(id)
}

// Append appends n bytes of a PDU from offset off to dst. Bytes that the
// capture missed in a stream are zero.
func (f *File) Append(dst []byte, id trace.PDUID, off, n int64) []byte {
	defer f.look()()
	return f.append(dst, id, off, n)
}

// Parents are the ranges of other PDUs that a PDU's bytes come from.
func (f *File) Parents(id trace.PDUID) []trace.Span {
	defer f.look()()
	return f.parents(id)
}

// Children are the PDUs that hold bytes of a PDU.
func (f *File) Children(id trace.PDUID) []trace.Child {
	defer f.look()()
	return f.children(id)
}

// State is empty: a capture does not see into hosts.
func (f *File) State(n trace.EventID) *trace.State {
	return &trace.State{At: n}
}

// Tree is frame n taken apart.
func (f *File) Tree(n int) *layers.Tree {
	t, _, err := f.Dissect(n, false)
	if err != nil {
		return nil
	}
	return t
}

// step finds event n; nil when there is none.
func (f *File) step(n trace.EventID) (*step, *view) {
	if n == 0 || uint32(n) > f.events {
		return nil, nil
	}
	frame, before := f.frameOf(uint32(n))
	v := f.view(frame)
	return &v.events[uint32(n)-before-1], v
}

// frameAt is known from the index.
func (f *File) frameAt(n int) trace.Frame {
	if n < 0 || n >= f.n {
		return trace.Frame{}
	}
	e := f.entry(n)
	w := f.ways.at(int(f.flowAt(&e)))
	from, to := w.a, w.b
	if e.is(flagBack) {
		from, to = to, from
	}
	first := trace.EventID(f.before(n))
	seen := first + trace.EventID(int(e.making)) + 1
	at := f.since(&e)
	i := f.ifaces[e.iface]
	return trace.Frame{
		WireLen: int(e.wire), FCS: i.FCSLen, LinkType: int(i.Link), Interface: i.Name,
		Sent: at, Ended: at, From: from, To: to, End: f.endOf(w, e.is(flagBack)),
		PDU: trace.PDUID(first) + trace.PDUID(e.headers()), Transmit: seen, Last: seen + 1,
		Fate: trace.Arrived, Resent: f.resent(&e), Hop: 1,
	}
}

// endOf is the link end that a frame of a flow leaves from.
func (f *File) endOf(w *way, back bool) trace.EndID {
	end := trace.EndID(w.link) * 2
	if (f.info.Links[w.link].Ends[0].Node != w.a) != back {
		end++
	}
	return end
}
