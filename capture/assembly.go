package capture

import (
	"slices"
	"sort"

	"strata/layers"
)

// assembly is what many frames make up together: one direction of a TCP
// connection, or an IP packet that came in fragments. It holds no bytes, only
// which frame brought which of them.
//
//	run    the bytes that are whole, in order; each piece begins where the one
//	       before ends, or later if the capture misses what is between
//	ahead  pieces that wait for a gap before them to be filled
//	again  pieces that brought nothing new
type assembly struct {
	run, ahead, again []piece
	next              int64 // offset up to which all is there
	high              int64 // end of the highest piece, as on the wire
	total             int64 // length when known, else -1
	messages          []message
	first             uint32 // the frame that opened it
	flow              uint32
	dir               uint8
	proto             layers.Proto // of what it makes up

	// TCP only.
	base  uint32   // sequence number of offset 0
	turns []uint32 // frames at which next passed another 2^31 bytes
	framer
}

// piece is the bytes that one frame brings to an assembly.
type piece struct {
	off   int64
	frame uint32
	pack  uint32 // length in bytes << 8 | header length in words of 4 bytes
}

func newPiece(off int64, frame uint32, n, head int) piece {
	return piece{off, frame, uint32(n)<<8 | uint32(head/4)}
}

func (p piece) len() int64 { return int64(p.pack >> 8) }
func (p piece) end() int64 { return p.off + p.len() }

// head is the length of the header that goes before the bytes in the PDU that
// brings them.
func (p piece) head() int64 { return int64(p.pack&0xff) * 4 }

// message is a whole message of a program in a stream, or the beginning of
// one whose end the capture does not have.
type message struct {
	start, end  int64  // end: so far, while last is notYet
	first, last uint32 // the frames in which it was seen to begin and to end
	proto       layers.Proto
	startsText  bool // its bytes in the first frame are text
	text        bool // all of it is
	lost        bool // it will never be whole: last is where that was found
}

const notYet = ^uint32(0)

// maxAhead bounds the pieces that wait for one gap.
const maxAhead = 1024

// place says what a piece did to an assembly.
type place uint8

const (
	placedNext  place = iota // in order
	placedAhead              // a gap is before it
	placedAgain              // nothing new
)

// add puts a piece in its place. Of two pieces with the same bytes the first
// counts.
func (a *assembly) add(p piece) place {
	switch {
	case p.end() <= a.next || p.len() == 0:
		a.again = append(a.again, p)
		return placedAgain
	case p.off <= a.next:
		a.run = append(a.run, p)
		a.next = p.end()
		return placedNext
	}
	i := sort.Search(len(a.ahead), func(i int) bool { return a.ahead[i].off > p.off })
	if i > 0 && a.ahead[i-1].end() >= p.end() {
		a.again = append(a.again, p)
		return placedAgain
	}
	a.ahead = append(a.ahead, piece{})
	copy(a.ahead[i+1:], a.ahead[i:])
	a.ahead[i] = p
	return placedAhead
}

// take moves the first waiting piece to the run if no gap is left before it.
func (a *assembly) take() (p piece, ok bool) {
	for len(a.ahead) > 0 && a.ahead[0].off <= a.next {
		p = a.ahead[0]
		a.ahead = a.ahead[1:]
		if p.end() > a.next {
			a.run = append(a.run, p)
			a.next = p.end()
			return p, true
		}
		a.again = append(a.again, p)
	}
	if len(a.ahead) == 0 {
		a.ahead = nil
	}
	return piece{}, false
}

// from is where the bytes that piece i of the run contributes begin.
func (a *assembly) from(i int) int64 {
	if i == 0 {
		return a.run[0].off
	}
	return max(a.run[i].off, a.run[i-1].end())
}

// size is how much of it is whole, from its beginning.
func (a *assembly) size() int64 {
	if a.total >= 0 && len(a.ahead) == 0 {
		return a.total
	}
	return a.next
}

// sentSize is how much was sent, as far as it was seen.
func (a *assembly) sentSize() int64 {
	size := a.size()
	for i := range a.ahead {
		size = max(size, a.ahead[i].end())
	}
	return size
}

// find is the first piece of the run that ends after off.
func (a *assembly) find(off int64) int {
	return sort.Search(len(a.run), func(i int) bool { return a.run[i].end() > off })
}

// append appends the bytes [off, end) to dst, what waits included; what the
// capture misses is zero. read appends n bytes from offset at of what a
// piece's frame brings.
func (a *assembly) append(dst []byte, off, end int64, read func(dst []byte, p piece, at, n int64) []byte) []byte {
	take := func(p piece, from int64) {
		to := min(end, p.end())
		for ; off < min(from, end); off++ {
			dst = append(dst, 0)
		}
		if off >= from && off < to {
			dst = read(dst, p, off-p.off, to-off)
			off = to
		}
	}
	for i := a.find(off); i < len(a.run) && off < end; i++ {
		take(a.run[i], a.from(i))
	}
	for i := range a.ahead {
		take(a.ahead[i], a.ahead[i].off)
	}
	for ; off < end; off++ {
		dst = append(dst, 0)
	}
	return dst
}

// startedIn are the messages that were seen to begin in a frame.
func (a *assembly) startedIn(frame uint32) []message {
	return within(a.messages, func(m *message) uint32 { return m.first }, frame)
}

// endedIn are the messages that a frame completed.
func (a *assembly) endedIn(frame uint32) []message {
	ended := within(a.messages, func(m *message) uint32 { return m.last }, frame)
	lost := func(m message) bool { return m.lost }
	if slices.ContainsFunc(ended, lost) {
		ended = slices.DeleteFunc(slices.Clone(ended), lost)
	}
	return ended
}

// within finds the messages whose frame, by which they are in order, is frame.
func within(all []message, of func(*message) uint32, frame uint32) []message {
	i := sort.Search(len(all), func(i int) bool { return of(&all[i]) >= frame })
	j := i
	for j < len(all) && of(&all[j]) == frame {
		j++
	}
	return all[i:j]
}
