package capture

import (
	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
)

// ConversationOf is the flow of the innermost TCP or UDP header of frame n,
// or, of one that completes a packet, of what came in it.
func (f *File) ConversationOf(n int) int {
	defer f.look()()
	if n < 0 || n >= f.n {
		return -1
	}
	e := f.entry(n)
	for i := int(e.noted) - 1; i >= 0; i-- {
		if note := f.notes.At(int(e.notes) - 1 + i); note.header&apart == 0 {
			return int(note.flow)
		}
	}
	if e.is(flagFragment) {
		return f.transportOf(f.asms.look(int(e.flow)).flow)
	}
	return f.transportOf(e.flow)
}

// transportOf is a flow, if it is one of TCP or UDP.
func (f *File) transportOf(flow uint32) int {
	if p := f.table.At(flow).Proto; p == layers.TCP || p == layers.UDP {
		return int(flow)
	}
	return -1
}

// Segments gives the TCP segments of a flow: the index names their frames, of
// which only these are read.
func (f *File) Segments(i, from, to int, each func(*trace.Sent) bool) {
	if f.flow(uint32(i)).Proto != layers.TCP {
		return
	}
	var w glimpses
	for from = max(from, 0); w.next(f, from, to); from += len(w.entries) {
		for k := range w.entries {
			note, ok := f.noteIn(&w.entries[k], uint32(i))
			if !ok {
				continue
			}
			s := trace.Sent{Frame: from + k, Back: note.back}
			if f.readSegment(&w, k, &note, &s) && !each(&s) {
				return
			}
		}
	}
}

// noteIn is the note of a whole segment of a flow in a frame.
func (f *File) noteIn(e *entry, flow uint32) (n note, ok bool) {
	if e.noted == 0 || e.noted == 1 && e.flow != flow && !e.is(flagFragment) {
		return n, false // its only note is of its own flow, or quoted
	}
	defer f.look()()
	for i := range int(e.noted) {
		if n = f.notes.At(int(e.notes) - 1 + i); n.flow == flow && n.header&apart == 0 {
			return n, true
		}
	}
	return n, false
}

// readSegment reads the segment that a note is about, from entry k of those
// at hand.
func (f *File) readSegment(w *glimpses, k int, of *note, s *trace.Sent) bool {
	e := &w.entries[k]
	data, ok := w.data(f.source, k)
	if !ok { // the file was changed under us
		return false
	}
	at := w.ifaces[e.iface]
	walk.Walk(&w.shape, data, max(int(e.wire), len(data)), at.Link, at.FCSLen)
	defer f.look()()
	if of.header&inWhole != 0 {
		fragment, a := w.shape, f.asms.look(int(e.flow))
		data = fragment.WalkWhole(&w.shape, data, f.appendAssembly(nil, a, 0, a.size()))
	}
	number := int(of.header & headerMask)
	if number >= w.shape.N {
		return false
	}
	h := &w.shape.Headers[number]
	s.Time, s.Resent = f.since(e), f.resent(e)
	s.Seen = f.explain(of, s.Frame)
	return s.Read(data[h.At:h.End], h.WireEnd-h.At)
}
