package capture

import (
	"sort"

	"strata/capture/pages"
	"strata/layers"
	"strata/layers/reassembly"
	"strata/layers/streams"
)

// assembly is what many frames make up together: one direction of a TCP
// connection, or an IP packet that came in fragments. It holds no bytes, only
// which frame brought which of them.
//
//	run     the bytes that are whole, in order; each piece begins where the one
//	        before ends, or later if the capture misses what is between
//	others  pieces that were not next when they came: they waited for a gap
//	        before them to be filled (and are in run since), or still do, or
//	        brought nothing new
type assembly struct {
	run      pages.Chain[piece]
	messages pages.Chain[streams.Message]
	lists    *lists // that run and messages share with all other assemblies
	others   []piece
	high     int64  // end of the highest piece
	total    int64  // a packet's length when it is whole, else -1
	first    uint32 // the frame that opened it
	flow     uint32
	dir      uint8
	proto    layers.Proto // of what it makes up

	// TCP only.
	base  uint32   // sequence number of offset 0
	turns []uint32 // frames at which the stream passed another 2^31 bytes
	*live          // nil: the connection has ended
}

// live is what is needed of a stream while it goes on.
type live struct {
	stream reassembly.Stream[handle]
}

// lists hold the pieces and messages of all assemblies.
type lists struct {
	pieces   pages.List[piece]
	messages pages.List[streams.Message]
	openings pages.List[streams.Opening]
}

// pieces is how many pieces the run has.
func (a *assembly) pieces() int { return a.run.Len() }

// piece is piece i of the run.
func (a *assembly) piece(i int) piece { return a.run.At(i, &a.lists.pieces) }

// message is message i.
func (a *assembly) message(i int) streams.Message { return a.messages.At(i, &a.lists.messages) }

// handle is the frame that brings a piece, and the length of the header that
// goes before its bytes in the PDU that brings them.
type handle struct {
	frame uint32
	head  uint8
}

// ready is a piece that reassembly has put in its place.
type ready = reassembly.Piece[handle]

// piece is the bytes that one frame brings to an assembly.
type piece struct {
	off   int64
	frame uint32
	pack  uint32 // length in bytes << 8 | header length
}

func newPiece(off int64, n int64, from handle) piece {
	return piece{off, from.frame, uint32(n)<<8 | uint32(from.head)}
}

func (p piece) len() int64  { return int64(p.pack >> 8) }
func (p piece) end() int64  { return p.off + p.len() }
func (p piece) head() int64 { return int64(p.pack & 0xff) }

// enter enters what reassembly has put in order. A piece of the run reaches
// from the first byte that its frame brought, so that its frame's PDU can be
// told; what the piece before it has already counts from there.
func (a *assembly) enter(r ready) {
	a.run.Append(newPiece(r.At-r.Off, r.Off+r.Len, r.From), &a.lists.pieces)
}

// from is where the bytes that piece i of the run contributes begin.
func (a *assembly) from(i int) int64 {
	if i == 0 {
		return a.piece(0).off
	}
	return max(a.piece(i).off, a.piece(i-1).end())
}

// size is how much of it is whole, from its beginning.
func (a *assembly) size() int64 {
	if last := a.run.Last(); last != nil {
		return last.end()
	}
	return 0
}

// find is the first piece of the run that ends after off.
func (a *assembly) find(off int64) int {
	return sort.Search(a.pieces(), func(i int) bool { return a.piece(i).end() > off })
}

// maxHole is how many missing bytes are shown as zeros; at a longer hole, as
// only a made sequence number leaves it, append stops.
const maxHole = 1 << 24

// append appends the bytes [off, end) to dst, what still waits included;
// what the capture misses is zero. read appends n bytes from offset at of what a
// piece's frame brings.
func (a *assembly) append(dst []byte, off, end int64, read func(dst []byte, p piece, at, n int64) []byte) []byte {
	take := func(p piece, from int64) {
		if from-off > maxHole {
			end = off
		}
		to := min(end, p.end())
		for ; off < min(from, end); off++ {
			dst = append(dst, 0)
		}
		if off >= from && off < to {
			dst = read(dst, p, off-p.off, to-off)
			off = to
		}
	}
	for i := a.find(off); i < a.pieces() && off < end; i++ {
		take(a.piece(i), a.from(i))
	}
	for i := 0; i < len(a.others) && off < end; i++ {
		if p := a.others[i]; p.off <= off && p.end() > off {
			take(p, p.off)
			i = -1
		}
	}
	for n := min(end-off, maxHole); n > 0; n-- {
		dst = append(dst, 0)
	}
	return dst
}
