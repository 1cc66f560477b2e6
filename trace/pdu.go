package trace

import (
	"encoding/binary"
	"hash/crc32"
	"sort"

	"strata/layers"
)

// PDU is one protocol data unit. Its bytes are
//
//	own header ++ a range of another PDU ++ own trailer
//
// so a header is stored once per hop that changes it, and a payload once.
// Some PDUs differ: a Stream stores the bytes written to a socket, or refers
// to the many segments that they came in; a reassembled packet refers to its
// fragments; a corrupted PDU is another one with some bits flipped.
type PDU struct {
	Off   int64  // where the range begins in Of
	own   uint64 // place of the own bytes in the arena
	Of    PDUID  // the PDU that the range lies in; 0: none
	Len   uint32 // length of the range, bytes
	Tail  uint32 // own bytes after the range: padding, FCS
	Head  uint16 // own bytes before the range
	Proto layers.Proto
	form  form
}

// form tells how a PDU's bytes are made.
type form uint8

const (
	plain   form = iota
	sealed       // the last four bytes of Tail are the FCS, the rest zero padding
	patched      // Of with bits flipped; own holds the patch
	joined       // many ranges, in Log.joins
	source       // bytes of its own, growing, in Log.sources
)

// Size is the PDU's length in bytes; for a Stream or a reassembled packet use
// Trace.Size.
func (p PDU) Size() int64 { return int64(p.Head) + int64(p.Len) + int64(p.Tail) }

// Span says: the bytes [At, At+Len) of a PDU are the bytes [Off, Off+Len) of
// the PDU Of; or, when From is not 0, all of them were made of the bytes
// [Off, Off+From), which were encrypted, packed or encoded.
type Span struct {
	At, Off, Len int64
	From         int64
	Of           PDUID
}

// Extent is how many bytes of Of the span is about.
func (s Span) Extent() int64 {
	if s.From != 0 {
		return s.From
	}
	return s.Len
}

// Wrap adds a PDU: a header before the range [off, off+n) of another PDU. Of 0
// and n 0 make a PDU that is its header alone.
func (l *Log) Wrap(p layers.Proto, head []byte, of PDUID, off int64, n int) PDUID {
	return l.addPDU(PDU{Proto: p, own: l.own.put(head), Head: uint16(len(head)), Of: of, Off: off, Len: uint32(n)})
}

// Seal adds an Ethernet frame: header, payload, zero padding to the minimum
// of 60 bytes, and the FCS over all of it.
func (l *Log) Seal(head []byte, of PDUID, n int) PDUID {
	pad := max(0, minFrame-len(head)-n)
	return l.addPDU(PDU{
		Proto: layers.Ethernet, form: sealed, own: l.own.putOnce(head), Head: uint16(len(head)),
		Of: of, Len: uint32(n), Tail: uint32(pad + fcsLen),
	})
}

const (
	minFrame = 60 // IEEE 802.3: 64 with the FCS
	fcsLen   = 4
)

// Part adds a PDU that is the range [off, off+n) of another one, as when a
// header has been taken off a changed packet.
func (l *Log) Part(p layers.Proto, of PDUID, off int64, n int) PDUID {
	return l.addPDU(PDU{Proto: p, Of: of, Off: off, Len: uint32(n)})
}

// Flip adds a copy of a PDU with the bits of mask flipped in the byte at off.
func (l *Log) Flip(of PDUID, off int, mask byte) PDUID {
	var b [5]byte
	binary.LittleEndian.PutUint32(b[:], uint32(off))
	b[4] = mask
	p := l.PDU(of)
	return l.addPDU(PDU{Proto: p.Proto, form: patched, own: l.own.put(b[:]), Of: of, Len: uint32(l.Size(of))})
}

// Join adds a PDU that consists of ranges of others, in order; more ranges can
// be added with Extend.
func (l *Log) Join(p layers.Proto, head []byte, spans ...Span) PDUID {
	id := l.addPDU(PDU{Proto: p, form: joined, own: l.own.put(head), Head: uint16(len(head))})
	for _, s := range spans {
		l.Extend(id, s.Of, s.Off, s.Len)
	}
	return id
}

// Extend appends the range [off, off+n) of a PDU to a joined one.
func (l *Log) Extend(id, of PDUID, off, n int64) {
	l.joins[id] = append(l.joins[id], Span{At: l.Size(id), Of: of, Off: off, Len: n})
}

// Carry says what a PDU with bytes of its own was made of: spans in order.
func (l *Log) Carry(id PDUID, s ...Span) { l.carried[id] = append(l.carried[id], s...) }

// Source adds a PDU with bytes of its own that can grow: what a program
// writes to a stream.
func (l *Log) Source(p layers.Proto) (PDUID, *Source) {
	id := l.addPDU(PDU{Proto: p, form: source})
	s := new(Source)
	l.sources[id] = s
	return id, s
}

func (l *Log) addPDU(p PDU) PDUID {
	if l.npdu%pduChunk == 0 {
		l.pdus = append(l.pdus, make([]PDU, pduChunk))
	}
	l.pdus[l.npdu/pduChunk][l.npdu%pduChunk] = p
	l.npdu++
	return PDUID(l.npdu)
}

// PDU is PDU id; the zero PDU when there is none.
func (l *Log) PDU(id PDUID) PDU {
	if id == 0 || int(id) > l.npdu {
		return PDU{}
	}
	return l.pdus[(id-1)/pduChunk][(id-1)%pduChunk]
}

// Size is the PDU's length in bytes.
func (l *Log) Size(id PDUID) int64 {
	p := l.PDU(id)
	switch p.form {
	case joined:
		n := int64(p.Head)
		if spans := l.joins[id]; len(spans) > 0 {
			last := spans[len(spans)-1]
			n = last.At + last.Len
		}
		return n
	case source:
		return l.sources[id].Len()
	}
	return p.Size()
}

// Append appends n bytes of a PDU from offset off to dst.
func (l *Log) Append(dst []byte, id PDUID, off, n int64) []byte {
	size := l.Size(id)
	if id == 0 || off < 0 || off >= size || n <= 0 {
		return dst
	}
	end := off + min(n, size-off)
	p := l.PDU(id)
	switch p.form {
	case source:
		return l.sources[id].Append(dst, off, end-off)
	case patched:
		start := len(dst)
		dst = l.Append(dst, p.Of, off, end-off)
		patch := l.own.from(p.own)
		if at := int64(binary.LittleEndian.Uint32(patch)); at >= off && at < end {
			dst[start+int(at-off)] ^= patch[4]
		}
		return dst
	}
	if head := int64(p.Head); off < head {
		k := min(end, head)
		dst = append(dst, l.own.from(p.own)[off:k]...)
		off = k
	}
	if off == end {
		return dst
	}
	if p.form == joined {
		return l.appendJoined(dst, id, off, end)
	}
	body := int64(p.Head) + int64(p.Len)
	if off < body {
		k := min(end, body)
		dst = l.Append(dst, p.Of, p.Off+off-int64(p.Head), k-off)
		off = k
	}
	if off < end {
		dst = l.appendTail(dst, id, p, off-body, end-body)
	}
	return dst
}

func (l *Log) appendJoined(dst []byte, id PDUID, off, end int64) []byte {
	spans := l.joins[id]
	first := sort.Search(len(spans), func(i int) bool { return spans[i].At+spans[i].Len > off })
	for _, s := range spans[first:] {
		if s.At >= end {
			break
		}
		from, to := max(off, s.At), min(end, s.At+s.Len)
		dst = l.Append(dst, s.Of, s.Off+from-s.At, to-from)
	}
	return dst
}

// appendTail makes the padding and the FCS, which nobody stores: the FCS is a
// function of the bytes before it.
func (l *Log) appendTail(dst []byte, id PDUID, p PDU, off, end int64) []byte {
	pad := int64(p.Tail) - fcsLen
	for ; off < min(end, pad); off++ {
		dst = append(dst, 0)
	}
	if off >= end {
		return dst
	}
	covered := l.Append(make([]byte, 0, p.Size()), id, 0, p.Size()-fcsLen)
	var fcs [fcsLen]byte
	binary.LittleEndian.PutUint32(fcs[:], crc32.ChecksumIEEE(covered))
	return append(dst, fcs[off-pad:end-pad]...)
}

// Parents are the ranges of other PDUs that a PDU's bytes come from.
func (l *Log) Parents(id PDUID) []Span {
	var one [1]Span
	return append([]Span(nil), l.parents(id, &one)...)
}

// parents is Parents without allocating: one is room for a single span.
func (l *Log) parents(id PDUID, one *[1]Span) []Span {
	p := l.PDU(id)
	switch {
	case p.form == joined:
		return l.joins[id]
	case p.form == source:
		return l.carried[id]
	case p.Of == 0:
		return nil
	}
	one[0] = Span{At: int64(p.Head), Of: p.Of, Off: p.Off, Len: int64(p.Len)}
	return one[:]
}
