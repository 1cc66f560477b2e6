package node

import (
	"slices"

	"strata/trace"
)

// inbox is the stream that a connection receives: what is in order and
// waits to be read, and what lies behind gaps. Payloads are kept where they
// are; the bytes are copied once, by the program's Read.
type inbox struct {
	order []piece // in order, from read on
	first int     // of order; those before it are read
	gaps  []piece // behind gaps, by offset
	read  int64   // offset up to which the program has read
	end   int64   // offset up to which all is in order
}

// piece is a part of the stream and where it came in.
type piece struct {
	off    int64
	data   []byte
	pdu    trace.PDUID // the segment
	pduOff int64       // of data in it
}

func (b *inbox) readable() int64 { return b.end - b.read }

// add keeps a piece; pieces never overlap. It reports what became in order.
func (b *inbox) add(p piece) (joined []piece) {
	if p.off != b.end {
		at, _ := slices.BinarySearchFunc(b.gaps, p.off, func(q piece, off int64) int { return int(q.off - off) })
		b.gaps = slices.Insert(b.gaps, at, p)
		return nil
	}
	start := len(b.order)
	b.push(p)
	k := 0
	for k < len(b.gaps) && b.gaps[k].off == b.end {
		b.push(b.gaps[k])
		k++
	}
	b.gaps = slices.Delete(b.gaps, 0, k)
	return b.order[start:]
}

func (b *inbox) push(p piece) {
	b.order = append(b.order, p)
	b.end += int64(len(p.data))
}

// take copies readable bytes.
func (b *inbox) take(dst []byte) (n int) {
	for n < len(dst) && b.first < len(b.order) {
		p := &b.order[b.first]
		k := copy(dst[n:], p.data)
		n += k
		p.data = p.data[k:]
		if len(p.data) == 0 {
			*p = piece{}
			b.first++
		}
	}
	if b.first == len(b.order) {
		b.order, b.first = b.order[:0], 0
	}
	b.read += int64(n)
	return n
}

// flush throws away what was not read.
func (b *inbox) flush() {
	b.order, b.first, b.gaps = nil, 0, nil
	b.read = b.end
}
