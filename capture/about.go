package capture

import (
	"maps"
	"slices"
	"sort"

	"strata/layers"
	"strata/layers/streams"
	"strata/trace"
)

// Questions about a range of a PDU: of a download's stream, with its millions
// of pieces, only what is asked for is looked at.

// About are the events about a PDU of a frame, in order.
func (f *File) About(id trace.PDUID) (out []trace.EventID) {
	defer f.look()()
	p, v, _ := f.find(id)
	if p == nil {
		return nil
	}
	for i := range v.events {
		if v.events[i].PDU == id {
			out = append(out, trace.EventID(v.before)+trace.EventID(i)+1)
		}
	}
	return out
}

// ParentsAt are the ranges of other PDUs that some bytes of a PDU come from.
func (f *File) ParentsAt(id trace.PDUID, off, n int64) (out []trace.Span) {
	defer f.look()()
	if a, sent := f.assemblyOf(id); a != nil && !sent {
		return f.assemblyParents(a, off, n)
	}
	for _, s := range f.parents(id) {
		if s.At < off+n && s.At+s.Len > off {
			out = append(out, s)
		}
	}
	return out
}

// assemblyParents are what bytes of what was received come from.
func (f *File) assemblyParents(a *assembly, off, n int64) (out []trace.Span) {
	for i := a.find(off); i < a.pieces() && a.from(i) < off+n && len(out) < maxSpans; i++ {
		out = append(out, f.span(a, i))
	}
	return out
}

// ChildrenAt are the PDUs that hold some bytes of a PDU.
func (f *File) ChildrenAt(id trace.PDUID, off, n int64) (out []trace.Child) {
	defer f.look()()
	if a, sent := f.assemblyOf(id); a != nil {
		return f.assemblyChildren(a, id, sent, off, n)
	}
	for _, c := range f.children(id) {
		if c.Span.Off < off+n && c.Span.Off+c.Span.Extent() > off {
			out = append(out, c)
		}
	}
	return out
}

// assemblyChildren are, of bytes of what was sent, the segments or fragments
// that carried them, resends included, and the messages in them; of what was
// received, the messages.
func (f *File) assemblyChildren(a *assembly, id trace.PDUID, sent bool, off, n int64) (out []trace.Child) {
	if sent {
		for i := a.find(off); i < a.pieces() && a.piece(i).off < off+n && len(out) < maxSpans; i++ {
			out = append(out, f.carrier(a.piece(i), id))
		}
		for _, p := range a.others {
			if p.end() <= off || p.off >= off+n || len(out) >= 2*maxSpans {
				continue
			}
			// What waited is in the run; what comes again need not be the same.
			if _, ok := a.pieceOf(p.off, int(p.len()), p.frame); !ok && f.pduOf(f.bringer(p)).Of == id {
				out = append(out, f.carrier(p, id))
			}
		}
	}
	for _, frame := range f.tellers(a, sent, off, n) {
		v := f.view(int(frame))
		for i := range v.pdus[v.shape.N:] {
			q := &v.pdus[v.shape.N+i]
			if c := child(v.id(v.shape.N+i), q); q.Of == id && c.Span.Off < off+n && c.Span.Off+c.Span.Extent() > off {
				out = append(out, c)
			}
		}
	}
	return out
}

// carrier is a segment or fragment as a child of what was sent.
func (f *File) carrier(p piece, of trace.PDUID) trace.Child {
	return trace.Child{PDU: f.bringer(p), Span: trace.Span{At: p.head(), Of: of, Off: p.off, Len: p.len()}}
}

// tellers are the frames that tell what bytes of an assembly say: in which the
// messages in what was received end, and in what was sent begin or end.
func (f *File) tellers(a *assembly, sent bool, off, n int64) []uint32 {
	frames := map[uint32]bool{}
	first := sort.Search(a.messages.Len(), func(i int) bool { return a.message(i).End > off })
	for i := first; i < a.messages.Len() && i-first < maxSpans; i++ {
		m := a.message(i)
		if m.Start >= off+n {
			break
		}
		if sent {
			frames[m.First] = true
		}
		if m.Last != streams.NotYet && !m.Lost {
			frames[m.Last] = true
		}
	}
	if a.proto == layers.UDP {
		for _, p := range a.others {
			frames[p.frame] = true
		}
	}
	return slices.Sorted(maps.Keys(frames))
}
