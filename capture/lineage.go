package capture

import (
	"math"
	"slices"

	"strata/trace"
)

// An assembly is two PDUs, numbered downwards from the top: what was sent,
// which the segments or fragments carry ranges of, and what was received,
// which consists of ranges of these.
const topPDU = ^trace.PDUID(0)

func sentPDU(assembly uint32) trace.PDUID     { return topPDU - trace.PDUID(assembly)*2 }
func receivedPDU(assembly uint32) trace.PDUID { return sentPDU(assembly) - 1 }

// assemblyOf is the assembly that a PDU is one side of; nil: it is none.
func (f *File) assemblyOf(id trace.PDUID) (a *assembly, sent bool) {
	if i := int(topPDU-id) / 2; i < f.asms.n() {
		return f.asms.look(i), (topPDU-id)%2 == 0
	}
	return nil, false
}

// find is the PDU of a frame that a number means; nil when there is none.
func (f *File) find(id trace.PDUID) (*pdu, *view, int) {
	if id == 0 || uint32(id) > f.events {
		return nil, nil, 0
	}
	frame, before := f.frameOf(uint32(id))
	v := f.view(frame)
	place := int(uint32(id) - before - 1)
	if place >= len(v.pdus) {
		return nil, nil, 0
	}
	return &v.pdus[place], v, place
}

// pduOf is PDU id; the zero PDU when there is none.
func (f *File) pduOf(id trace.PDUID) trace.PDU {
	if a, _ := f.assemblyOf(id); a != nil {
		return trace.PDU{Proto: a.proto, Len: uint32(min(f.sizeOf(id), 1<<32-1))}
	}
	if p, _, _ := f.find(id); p != nil {
		return p.PDU
	}
	return trace.PDU{}
}

// sizeOf is the PDU's length in bytes.
func (f *File) sizeOf(id trace.PDUID) int64 {
	if a, sent := f.assemblyOf(id); a != nil && sent {
		return a.high
	} else if a != nil {
		return a.size()
	}
	return f.pduOf(id).Size()
}

// append appends n bytes of a PDU from offset off to dst. Bytes that the
// capture missed in a stream are zero.
func (f *File) append(dst []byte, id trace.PDUID, off, n int64) []byte {
	size := f.sizeOf(id)
	if off < 0 || off >= size || n <= 0 {
		return dst
	}
	end := off + min(n, size-off)
	if a, _ := f.assemblyOf(id); a != nil {
		return f.appendAssembly(dst, a, off, end)
	}
	p, v, _ := f.find(id)
	if p.bytes != nil {
		return append(dst, p.bytes[off:end]...)
	}
	if p.at < 0 {
		return f.append(dst, p.Of, p.Off+off, end-off)
	}
	return append(dst, v.data[p.at+int(off):p.at+int(end)]...)
}

func (f *File) appendAssembly(dst []byte, a *assembly, off, end int64) []byte {
	return a.append(dst, off, end, f.readPiece)
}

// maxSpans bounds the ranges that are listed of one stream, those of its
// beginning: of a download there are millions.
const maxSpans = 1 << 14

// parents are the ranges of other PDUs that a PDU's bytes come from.
func (f *File) parents(id trace.PDUID) []trace.Span {
	if a, sent := f.assemblyOf(id); a != nil {
		if sent {
			return nil
		}
		return f.assemblyParents(a, 0, math.MaxInt64)
	}
	p, _, _ := f.find(id)
	if p == nil || p.Of == 0 {
		return nil
	}
	return []trace.Span{{At: int64(p.Head), Of: p.Of, Off: p.Off, Len: int64(p.Len), From: p.from}}
}

// span is what piece i of a run contributes.
func (f *File) span(a *assembly, i int) trace.Span {
	p, from := a.piece(i), a.from(i)
	return trace.Span{At: from, Of: f.bringer(p), Off: p.head() + from - p.off, Len: p.end() - from}
}

// bringer is the PDU that brings a piece: the first of its frame.
func (f *File) bringer(p piece) trace.PDUID { return trace.PDUID(f.before(int(p.frame))) + 1 }

// children are the PDUs that hold bytes of a PDU.
func (f *File) children(id trace.PDUID) []trace.Child {
	if a, sent := f.assemblyOf(id); a != nil {
		return f.assemblyChildren(a, id, sent, 0, math.MaxInt64)
	}
	p, v, place := f.find(id)
	if p == nil {
		return nil
	}
	var out []trace.Child
	for i := range v.pdus {
		if q := &v.pdus[i]; q.Of == id {
			out = append(out, child(v.id(i), q))
		}
	}
	if a, number := f.assemblyAt(&v.entry); a != nil && place == 0 {
		if i, ok := a.pieceOf(v.off, int(p.Len), uint32(v.frame)); ok {
			s := f.span(a, i)
			out = append(out, trace.Child{PDU: receivedPDU(number), Span: s})
		}
	}
	return out
}

func child(id trace.PDUID, p *pdu) trace.Child {
	return trace.Child{PDU: id, Span: trace.Span{At: int64(p.Head), Of: p.Of, Off: p.Off, Len: int64(p.Len), From: p.from}}
}

// pieceOf finds the piece of the run that a frame brought, of n bytes from
// off on.
func (a *assembly) pieceOf(off int64, n int, frame uint32) (int, bool) {
	for i := a.find(off); i < a.pieces() && a.from(i) < off+int64(n); i++ {
		if a.piece(i).frame == frame {
			return i, true
		}
	}
	return 0, false
}

// brought says whether a frame brought a piece that was not next.
func (a *assembly) brought(frame uint32) bool {
	return slices.ContainsFunc(a.others, func(p piece) bool { return p.frame == frame })
}
