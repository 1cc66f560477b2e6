// Package reassembly puts together what was cut: IPv4 packets from their
// fragments (RFC 815), TCP streams from their segments. It knows ranges, not
// bytes: every range carries a handle of the caller's, so that nothing is
// copied, and simulation and capture use the same code.
//
//	fragment: offset, length, more, handle ──Fragments──> pieces of a packet
//	segment: sequence number, length, handle ──Stream──> pieces in order
//
// Memory is bounded whatever arrives. Where ranges overlap, what came first
// stays. Nothing here reads a clock; time is nanoseconds given by the caller.
package reassembly

import "sort"

// Piece is a range of a whole: the Len bytes at offset At are those at
// offset Off of what the handle From names. A Missing piece has no source:
// its bytes never came.
type Piece[H any] struct {
	At, Off int64
	Len     int64
	From    H
	Missing bool
}

// End is the offset after the piece's last byte.
func (p Piece[H]) End() int64 { return p.At + p.Len }

// pieces are in order and do not overlap; the spaces between them are RFC
// 815's holes.
type pieces[H any] []Piece[H]

// insert adds what is new of the range [at, at+n), whose first byte is at off
// in its source, and gives the number of bytes that were.
func (ps *pieces[H]) insert(at, n, off int64, from H) (added int64) {
	end := at + n
	start := at
	i := len(*ps)
	if i > 0 && (*ps)[i-1].End() > at {
		i = sort.Search(len(*ps), func(k int) bool { return (*ps)[k].End() > at })
	}
	for at < end {
		hole := end
		if i < len(*ps) {
			hole = min(end, (*ps)[i].At)
		}
		if at < hole {
			*ps = append(*ps, Piece[H]{})
			copy((*ps)[i+1:], (*ps)[i:])
			(*ps)[i] = Piece[H]{At: at, Off: off + at - start, Len: hole - at, From: from}
			added += hole - at
			i++
		}
		if i == len(*ps) {
			break
		}
		at = max(hole, (*ps)[i].End())
		i++
	}
	return added
}
